"""The answer as text for a terminal and as Markdown, with numbered sources."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence

from gpsa_graph.patterns.alike.answer import Alike, Answer
from gpsa_graph.patterns.alike.counts import InUse
from gpsa_graph.patterns.alike.told import Item
from gpsa_graph.patterns.findings import listed
from gpsa_graph.patterns.writing import safe

__all__ = ["COUNTED", "ITEMS", "REASONS", "as_markdown", "as_text", "said_body", "said_challenge", "said_lesson", "said_result"]

#: Of each part, so many lines are shown; the rest is counted.
REASONS, ITEMS, COUNTED = 6, 6, 8
_FOUND = {"positive": "found", "not-assessed": "told, not tested", "mixed": "mixed", "none": "looked for, not found", "negative": "harm"}

#: A line of the answer: its kind (title, head, sub, item, text, proof or row) and what stands in it.
Line = tuple[str, str]


def as_text(answer: Answer, *, width: int = 100, proofs: bool = False) -> str:
    """The answer as plain text, wrapped at `width`; with `proofs`, the SPARQL that proves it below each line.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns import like
    >>> as_text(like(load(), "mwi-mejn")).splitlines()[0]
    'What was reported for a case like Social Accountability Strengthening Project (mwi-mejn)?'
    """
    lines: list[str] = []
    for kind, said in _lines(answer, proofs):
        if kind == "title":
            lines += _wrapped("", said, width)
        elif kind == "head":
            lines += ["", *_wrapped("", said, width)]
        elif kind == "sub":
            lines.append(f"   {said}")
        elif kind == "item":
            lines += _wrapped("     - ", said, width)
        elif kind == "proof":
            lines.append(f"       {said}")
        elif kind == "row":
            lines.append(said)
        else:
            lines += _wrapped("  ", said, width)
    return "\n".join(lines)


def as_markdown(answer: Answer, *, proofs: bool = False) -> str:
    """The same as Markdown.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns import like
    >>> as_markdown(like(load(), "mwi-mejn")).splitlines()[0]
    '# What was reported for a case like Social Accountability Strengthening Project (mwi-mejn)?'
    """
    lines: list[str] = []
    before = ""
    for kind, said in _lines(answer, proofs):
        mark = {"title": "# ", "head": "## ", "sub": "**", "item": "- ", "text": "", "proof": "  `", "row": ""}[kind]
        end = {"sub": "**", "proof": "`"}.get(kind, "")
        if before and kind != "proof" and (kind != before or kind == "text") and not (kind == "item" and before == "proof"):
            lines.append("")
        if kind == "row" and before != "row":
            lines.append("```text")
        if before == "row" and kind != "row":
            lines[-1:] = ["```", ""]
        lines.append(f"{mark}{said if kind in ('row', 'proof') else safe(said)}{end}")
        before = kind
    return "\n".join([*lines, *(["```"] if before == "row" else [])])


def _wrapped(head: str, text: str, width: int) -> list[str]:
    room = max(width - len(head), 20)
    parts = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    return [head + parts[0], *(" " * len(head) + part for part in parts[1:])]


def _lines(answer: Answer, proofs: bool) -> Iterable[Line]:
    cited = answer.citations()
    number = {name: i for i, (name, _) in enumerate(cited, 1)}

    def marks(sources: Sequence[str]) -> str:
        return "".join(f" [{n}]" for n in sorted(number[s] for s in sources if s in number))

    yield "title", answer.asked
    if answer.nothing is not None:
        yield "text", answer.nothing.sentence
        yield "head", "What would have to be known"
        yield from (("item", said) for said in answer.nothing.needed)
        return
    shown = len(answer.cases) + len(answer.also)
    yield "text", (f"{answer.close} of {answer.of} cases are close enough; "
                   + (f"the {shown} nearest follow, {len(answer.cases)} of them in full." if shown < answer.close or answer.also
                      else "all follow."))
    for place, case in enumerate(answer.cases, 1):
        yield from _case(answer, place, case, marks, proofs)
    if answer.also:
        yield "head", "Also alike"
        for place, other in enumerate(answer.also, len(answer.cases) + 1):
            why = listed([r.labels[0] if r.facet != "problem" else "words of the problem" for r in other.reasons])
            yield "item", f"{place}. {other.title} ({_id(other.case, other.where)}), score {other.score:.2f}: shares {why}."
    yield from _counts(answer, "mechanism", answer.mechanisms)
    yield from _counts(answer, "form of collaboration", answer.forms)
    yield "head", "Contrary cases: looked for, and found mixed, absent or negative"
    if not answer.contrary:
        yield "text", (f"None of the {answer.close} cases that are close enough tells of any. That says what was looked for and written "
                       "down, not that nothing went wrong.")
    for contrary in answer.contrary:
        yield "sub", f"{contrary.title} ({_id(contrary.case, contrary.where)}), score {contrary.score:.2f}"
        yield from (("item", said_result(answer, item) + marks(item.sources)) for item in contrary.found[:ITEMS])
        if len(contrary.found) > ITEMS:
            yield "item", f"and {len(contrary.found) - ITEMS} more"
    yield "head", "How to read it"
    yield from (("item", said) for said in answer.caveats)
    yield "head", "Sources"
    yield from (("item", f"[{i}] {said}") for i, (_, said) in enumerate(cited, 1))


def _id(case: str, where: Sequence[str]) -> str:
    return ", ".join([case.partition(":")[2], *where])


def _case(answer: Answer, place: int, case: Alike, marks: Callable[[Sequence[str]], str], proofs: bool) -> Iterable[Line]:
    name = case.case.partition(":")[2]
    yield "head", f"{place}. {case.title} ({_id(case.case, case.where)}), score {case.score:.2f}"
    yield "sub", "Alike"
    for reason in case.reasons[:None if proofs else REASONS]:
        yield "item", reason.sentence + marks(reason.sources)
        if proofs:
            yield "proof", reason.ask.splitlines()[-1]
    if not proofs and len(case.reasons) > REASONS:
        yield "item", f"and {len(case.reasons) - REASONS} weaker reasons"
    if case.differences:
        yield "sub", "Different, or not known"
        for difference in case.differences:
            yield "item", difference.sentence + marks(difference.sources)
            if proofs:
                yield "proof", difference.ask.splitlines()[-1]
    for head, items, said, none in (
        (f"Was reported there (n = {len(case.results)})", case.results, said_result, "states a result"),
        ("What stood in the way", case.challenges, said_challenge, "states a challenge"),
        ("What was drawn from it", case.lessons, said_lesson, "states a lesson"),
        ("What public bodies did and put in", case.bodies, said_body, "names a public body"),
    ):
        yield "sub", head
        if not items:
            yield "item", f"No source that was read {none}."
        yield from (("item", said(answer, item) + marks(item.sources)) for item in items[:ITEMS])
        if len(items) > ITEMS:
            yield "item", f"and {len(items) - ITEMS} more (gpsa show {name})"


def said_result(answer: Answer, item: Item) -> str:
    """A result as a sentence: its kind, what was found, and its number."""
    kind = listed([answer.labels.get(c, c) for c in item.of("result-kind")])
    found = _FOUND.get(item.finding.partition(":")[2], "")
    return f"{kind[:1].upper()}{kind[1:]}, {found}: {item.text.rstrip('.')}" + (f" ({item.figure})" if item.figure else "") + "."


def said_challenge(answer: Answer, item: Item) -> str:
    """A challenge as a sentence, with its kinds."""
    kinds = [answer.labels.get(c, c) for c in item.of("challenge-kind")]
    return item.text.rstrip(".") + (f" ({listed(kinds)})" if kinds else "") + "."


def said_lesson(answer: Answer, item: Item) -> str:
    """A lesson as a sentence, with what it is on."""
    on = [answer.labels.get(c, c) for c in (*item.of("challenge-kind"), *item.of("mechanism"))]
    return item.text.rstrip(".") + (f" (on {listed(on)})" if on else "") + "."


def said_body(answer: Answer, item: Item) -> str:
    """A public body, what it is classed as, and its part in words."""
    classed = [answer.labels.get(c, c) for scheme in ("government-level", "collaboration-form", "government-role", "collaboration-depth")
               for c in item.of(scheme)]
    return item.label + (f" ({'; '.join(classed)})" if classed else "") + (f": {item.text}" if item.text else "")


def _counts(answer: Answer, what: str, counted: Sequence[InUse]) -> Iterable[Line]:
    if not counted:
        return
    yield "head", f"In use among these {counted[0].of} cases: {what}"
    wide = max(len(c.label) for c in counted[:COUNTED]) + 8
    yield "row", f"  {'':<{wide}}{'cases':>6}{'with a result':>15}{'contrary':>10}{'no result stated':>18}"
    for c in counted[:COUNTED]:
        label = f"{c.label}{' (yours)' if c.yours else ''}"
        yield "row", f"  {label:<{wide}}{len(c.cases):>6}{len(c.reported):>15}{len(c.against):>10}{len(c.silent):>18}"
    if len(counted) > COUNTED:
        most = max(len(c.cases) for c in counted[COUNTED:])
        yield "row", f"  and {len(counted) - COUNTED} more, none of them in more than {most} of the cases"
