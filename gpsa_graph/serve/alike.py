"""Cases like a case: a few of them on its page, and the whole comparison, with a case or a sketch of one, at `/like`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, ParameterError, UnknownName
from gpsa_graph.serve.names import page
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.sheet import Fact, Section, Sheet, Value
from gpsa_graph.serve.things import alternates, cite, rows_response

if TYPE_CHECKING:
    from gpsa_graph.patterns.alike import Alike, Answer, InUse, Item
    from gpsa_graph.serve.build import Builder
    from gpsa_graph.serve.site import Site

#: Parameter -> the kind of thing that fills it, as on the command line.
SKETCH = {
    "country": "country",
    "region": "region",
    "sector": "sector",
    "challenge": "challenge-kind",
    "mechanism": "mechanism",
    "body-kind": "actor",
    "level": "government-level",
}
#: Every case is compared with every other; in a larger graph that is for the command line.
MOST_CASES = 2_000
#: In a graph of at most so many cases that is done at the start; in a larger one when a page is asked for.
_WARMED = 400
#: Of so many cases all is told, and so many are ranked and counted.
_FULL, _RANKED = 3, 10
_TITLE = "What was reported for a case like mine?"


def like_section(builder: Builder, name: str) -> list[Section]:
    """The section of a case page: the nearest cases and what the sources of both state."""
    if builder.cases > MOST_CASES:
        return []
    from gpsa_graph.patterns.alike import nearest

    near = builder.near.get(name)
    if near is None:
        near = nearest(builder.kg, name)
        builder.near.put(name, near, 1)
    rows = [
        [
            [Value(a.title, a.case)],
            [Value(", ".join(a.where))],
            [Value(r.sentence, sources=r.sources) for r in a.reasons],
        ]
        for a in near.cases
    ]
    note = (
        f"{near.close} of {near.of} other cases are close enough by what sources state; the rarer a shared feature, the more it counts."
        if rows
        else f"None of the {near.of} other cases is close enough by what sources state."
    )
    if any("yours" in r.sentence for a in near.cases for r in a.reasons):
        note += " “Yours” is the case of this page."
    links = ((f"/like?case={name.partition(':')[2]}", "Compare in full: what differs, what was reported there, what stands against it"),)
    return [Section("like", "Cases like this", note, columns=("case", "country", "what it shares"), rows=rows, links=links)]


def like(site: Site, request: Request) -> Response:
    """The comparison with a case or a sketch: a form, and the answer with numbered sources; `.json` and `.csv` beside it."""
    ending = request.path_params.get("ending", "")
    if ending not in ("", "json", "csv"):
        raise Trouble(404, "missing", "there is no such page")
    given = _given(request)
    if site.builder.cases > MOST_CASES:
        raise Trouble(503, "engine", f"more than {MOST_CASES:,} cases are compared on the command line only: gpsa like")
    answer, trouble = None, None
    try:
        answer = site.kg.like(given.get("case", [""])[0], problem=" ".join(given.get("problem", ())), within=given.get("in", ()),
                              most=_RANKED, full=_FULL, **_sketched(given)) if given else None
    except (UnknownName, ParameterError) as error:
        if ending:
            raise Trouble(400, "parameter", str(error)) from None
        trouble = str(error)
    except GpsaError as error:
        raise Trouble(503, "engine", str(error)) from None
    if ending:
        if answer is None:
            raise Trouble(400, "parameter", f"nothing to compare with; give case=, or any of {', '.join(SKETCH)} or problem")
        if ending == "csv":
            rows = answer.rows()
            return rows_response(rows.columns, list(rows), "csv")
        body = json.dumps(answer.to_dict(), ensure_ascii=False, indent=1).encode("utf-8", "replace")
        return Response(body, media_type="application/json", headers={"Access-Control-Allow-Origin": "*"})
    return _page(site, given, answer, trouble)


def _given(request: Request) -> dict[str, list[str]]:
    """The parameters that are filled in; Trouble for one that is not known."""
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in (*SKETCH, "case", "problem", "in"):
            raise Trouble(400, "parameter", f"'{name[:40]}' is no parameter; there are case, {', '.join(SKETCH)}, problem and in")
        if value.strip():
            found.setdefault(name, []).append(value.strip()[:500])
    return found


def _sketched(given: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name.replace("-", "_"): given[name] for name in SKETCH if name in given}


def _page(site: Site, given: dict[str, list[str]], answer: Answer | None, trouble: str | None) -> Response:
    query = urlencode([(name, value) for name, values in given.items() for value in values])
    sheet = sheet_of(site, answer) if answer else None
    body = site.render(
        "like.html",
        title=sheet.title if sheet else _TITLE,
        here="/like",
        sheet=sheet,
        answer=answer,
        numbers=sheet.for_a_reader() if sheet else {},
        trouble=trouble,
        chosen={name: values[0] for name, values in given.items()},
        options={name: site.kg.options(kind) for name, kind in SKETCH.items()},
        cases=site.kg.options("case"),
        alternates=alternates("/like", ("json", "csv"), query) if answer else (),
        citation=cite(site, sheet.title if sheet else _TITLE, f"{vocab.BASE}like" + (f"?{query}" if query else "")),
    )
    return Response(body, media_type="text/html", status_code=400 if trouble else 200)


def sheet_of(site: Site, answer: Answer) -> Sheet:
    """The answer as sections with numbered sources."""
    sections = [_full(answer, place, case) for place, case in enumerate(answer.cases, 1)]
    if answer.nothing is not None:
        needed = [Value(said) for said in answer.nothing.needed]
        sections.append(Section("nothing", "Nothing close enough", answer.nothing.sentence,
                                facts=[Fact("what would have to be known", needed)]))
    if answer.also:
        rows = [[[Value(a.title, a.case, page(a.case))], [Value(", ".join(a.where))], [Value(f"{a.score:.2f}")],
                 [Value(r.sentence) for r in a.reasons]] for a in answer.also]
        sections.append(Section("also", "Also alike", columns=("case", "country", "score", "what it shares"), rows=rows))
    for id_, what, counted in (("mechanisms", "Mechanisms", answer.mechanisms), ("forms", "Forms of collaboration", answer.forms)):
        if counted:
            sections.append(_counts(id_, what, counted))
    if answer.nothing is None:
        sections.append(_contrary(answer))
        sections.append(Section("reading", "How to read it", facts=[Fact("bear in mind", [Value(said) for said in answer.caveats])]))
    title = answer.asked.replace(f" ({answer.mine.partition(':')[2]})", "")  # the id stands in the address of the page
    sheet = Sheet("", "", "like", title, sections=sections)
    sheet.sources = site.builder.names.sources(answer.sources())
    return sheet


def _full(answer: Answer, place: int, case: Alike) -> Section:
    from gpsa_graph.patterns.alike.writing import REASONS, said_body, said_challenge, said_lesson, said_result

    weaker = len(case.reasons) - REASONS
    alike = [Value(r.sentence, sources=r.sources) for r in case.reasons[:REASONS]]
    alike += [Value(f"and {weaker} weaker reason{'s' * (weaker > 1)}")] if weaker > 0 else []
    parts: tuple[tuple[str, Sequence[Item], Callable[[Answer, Item], str], str], ...] = (
        (f"was reported there (n = {len(case.results)})", case.results, said_result, "states a result"),
        ("what stood in the way", case.challenges, said_challenge, "states a challenge"),
        ("what was drawn from it", case.lessons, said_lesson, "states a lesson"),
        ("what public bodies did and put in", case.bodies, said_body, "names a public body"),
    )
    facts = [Fact("alike", alike)]
    if case.differences:
        facts.append(Fact("different, or not known", [Value(d.sentence, sources=d.sources) for d in case.differences]))
    facts += [Fact(label, _told(answer, case, items, said, none)) for label, items, said, none in parts]
    links = ((page(case.case), "This case with all its facts"),)
    where = f" ({', '.join(case.where)})" if case.where and not all(name in case.title for name in case.where) else ""
    short = f"{place}. {', '.join(case.where) or case.title}"
    return Section(f"case-{place}", f"{place}. {case.title}{where}", f"Score {case.score:.2f}.", short=short, facts=facts, links=links)


def _told(answer: Answer, case: Alike, items: Sequence[Item], said: Callable[[Answer, Item], str], none: str) -> list[Value]:
    from gpsa_graph.patterns.alike.writing import ITEMS

    if not items:
        return [Value(f"No source that was read {none}.")]
    found = [Value(said(answer, item), sources=item.sources) for item in items[:ITEMS]]
    if len(items) > ITEMS:
        found.append(Value(f"and {len(items) - ITEMS} more", case.case, page(case.case)))
    return found


def _counts(id_: str, title: str, counted: Sequence[InUse]) -> Section:
    from gpsa_graph.patterns.alike.writing import COUNTED

    rows = [
        [[Value(c.label, c.value, page(c.value), ("yours too",) if c.yours else ())],
         *([Value(str(len(found)))] for found in (c.cases, c.reported, c.against, c.silent))]
        for c in counted[:COUNTED]
    ]
    note = f"Cases of {counted[0].of}; a case can stand both under “with a result” and under “contrary”."
    if rest := counted[COUNTED:]:
        note += f" {len(rest)} more stand in at most {max(len(c.cases) for c in rest)} of them."
    columns = (title.lower(), "cases", "with a result", "contrary", "no result stated")
    return Section(id_, f"{title} in use among these cases", note, short=title, columns=columns, rows=rows)


def _contrary(answer: Answer) -> Section:
    from gpsa_graph.patterns.alike.writing import ITEMS, said_result

    note = "Looked for, and found mixed, absent or negative."
    if not answer.contrary:
        note = (f"None of the {answer.close} cases that are close enough tells of any. That says what was looked for and written down, "
                "not that nothing went wrong.")
    rows = []
    for one in answer.contrary:
        found = [Value(said_result(answer, item), sources=item.sources) for item in one.found[:ITEMS]]
        found += [Value(f"and {len(one.found) - ITEMS} more", one.case, page(one.case))] if len(one.found) > ITEMS else []
        rows.append([[Value(one.title, one.case, page(one.case))], [Value(", ".join(one.where))], found])
    return Section("contrary", "Contrary cases", note, columns=("case", "country", "what was found"), rows=rows)


def warm(site: Site) -> None:
    """Find the nearest cases of each case, one after the other and with pauses, so that no reader has to wait for it."""
    from gpsa_graph.patterns.alike import read_catalogue

    if site.builder.cases > _WARMED:
        return
    try:
        for name in read_catalogue(site.kg).cases:
            like_section(site.builder, name)
            time.sleep(0.01)
    except GpsaError:
        return  # a reader who comes to such a page hears of it
