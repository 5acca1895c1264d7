"""One case as cards: who took part, by which mechanisms, with which results, each with numbered sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gpsa_graph.errors import ParameterError
from gpsa_graph.export.choice import Choice
from gpsa_graph.export.content import Content, Part
from gpsa_graph.export.figures.frame import Drawing, Key, plural
from gpsa_graph.export.figures.page import Page, wrapped
from gpsa_graph.export.palette import FINDINGS, GREYS, THINGS
from gpsa_graph.graph.rows import Rows

__all__ = ["ego"]

_PARTS = {"part:grantee": "Lead organisation", "part:partner": "Partner", "part:public-body": "Public body"}
_WIDE, _MIDDLE = 136.0, 128.0


@dataclass(frozen=True, slots=True)
class _Card:
    thing: str
    head: str
    name: str
    more: tuple[str, ...]
    src: tuple[str, ...]


def ego(content: Content, choice: Choice, *, numbers: dict[str, int] | None = None) -> Drawing:
    """The card picture of the one case that is chosen; `numbers` are those that sources have already in a document.

    Raises ParameterError where several cases match.
    """
    if len(choice.cases) != 1:
        raise ParameterError(f"{len(choice.cases)} cases match {choice.text}; name one with --case")
    case = choice.cases[0]
    numbers = {} if numbers is None else numbers

    def cite(src: Sequence[str]) -> str:
        return "".join(f"[{n}]" for n in sorted(numbers.setdefault(s, len(numbers) + 1) for s in src))

    cards: dict[str, list[_Card]] = {"left": [], "right": []}
    order = list(_PARTS)
    for p in sorted(
        case.of("participation"), key=lambda p: (order.index(p.one("gpsa:part")), bool(p.props.get("gpsa:group")), content.who(p))
    ):
        side = content.side(p)
        classed = tuple(content.labels_of([*p.every("gpsa:governmentRole"), *p.every("gpsa:collaborationForm"), *p.every("gpsa:depth")]))
        kind = content.label(content.actor(p, "gpsa:kind")) if content.actor(p, "gpsa:kind") else ""
        cards["right" if side == "state" else "left"].append(
            _Card(side, _PARTS[p.one("gpsa:part")] + (f", {kind}" if kind else ""), content.who(p), classed, p.sources)
        )
    facts = _facts(content, case.id, choice)
    results: dict[str, list[Part]] = {}
    for r in case.results:
        for k in r.every("gpsa:resultKind"):
            results.setdefault(k, []).append(r)

    def body(page: Page, y: float) -> float:
        top = y
        centre = (page.width - _MIDDLE) / 2
        heights = {s: [_card(Page(), 0, 0, _WIDE, c, "[88]" * len(c.src)) for c in cards[s]] for s in cards}
        inner = _middle(Page(), 0, 0, case.title, facts, content, results, case.every("gpsa:usesMechanism"), lambda s: "[88]" * len(s))
        tall = max(sum(h + 6 for h in heights["left"]), sum(h + 6 for h in heights["right"]), inner)
        start = top + (tall - inner) / 2 if inner < tall * 0.6 else top
        start = min(start, top + 60)
        bottom = _middle(page, centre, start, case.title, facts, content, results, case.every("gpsa:usesMechanism"), cite)
        for side, x in (("left", 0.0), ("right", page.width - _WIDE)):
            here = top
            for card, high in zip(cards[side], heights[side], strict=True):
                end = min(max(here + high / 2, start + 8), start + 40)
                a = (x + _WIDE, here + high / 2) if side == "left" else (x, here + high / 2)
                b = (centre, end) if side == "left" else (centre + _MIDDLE, end)
                page.curve(a, b, colour=THINGS[card.thing].colour, line=1.0, alpha=0.8)
                _card(page, x, here, _WIDE, card, cite(card.src))
                here += high + 6
        return max(bottom, top + tall)

    rows = Rows(
        ["what", "label", "classed", "src"],
        [
            *((c.head, c.name, "; ".join(c.more), " ".join(c.src)) for s in cards for c in cards[s]),
            *(("mechanism", content.label(s.name), "; ".join(s.called), " ".join(s.sources)) for s in case.every("gpsa:usesMechanism")),
            *(
                (f"result: {content.label(k)}", r.one("gpsa:text"), r.one("gpsa:finding").partition(":")[2], " ".join(r.sources))
                for k in sorted(results)
                for r in results[k]
            ),
            *((head, text, "", " ".join(src)) for head, text, src in facts),
        ],
        title=case.title,
        cite=content.kg.citations if content.kg else None,
    )
    body(Page(), 0)
    caption = (
        f"One case ({case.id.partition(':')[2]}): {plural(sum(map(len, cards.values())), 'participation')}, "
        f"{plural(len(case.every('gpsa:usesMechanism')), 'mechanism')}, "
        f"{plural(len(case.results), 'result')}. Kinds, roles, forms and findings are classed here from what the sources say; a "
        f"line is a participation that a "
        "source names."
    )
    used = [k for k in ("society", "state", "other") if any(c.thing == k for s in cards for c in cards[s])]
    keys = [Key("box", THINGS[k].colour, THINGS[k].name) for k in ("case", *used, "mechanism", "result")]
    return Drawing(case.title, choice.text, body, caption, rows, list(content.sources(list(numbers)).values()), keys, numbered=True)


def _facts(content: Content, name: str, choice: Choice) -> list[tuple[str, str, tuple[str, ...]]]:
    case = choice.cases[0]
    found = []
    for head, relation in (("Country", "gpsa:country"), ("Sector", "gpsa:sector"), ("Programme", "gpsa:programme")):
        if said := case.every(relation):
            found.append((head, ", ".join(content.labels_of(s.name for s in said)), tuple(sorted({x for s in said for x in s.sources}))))
    for head, relation in (
        ("Approved", "gpsa:approvalDate"),
        ("Started", "gpsa:startDate"),
        ("Closed", "gpsa:closingDate"),
        ("Amount", "gpsa:amount"),
    ):
        for said_ in case.every(relation)[:1]:
            shown = f"US$ {said_.value:,}" if isinstance(said_.value, (int, float)) else str(said_.value)
            found.append((head, shown, said_.sources))
    return found


def _card(page: Page, x: float, y: float, wide: float, card: _Card, marks: str) -> float:
    """Draw a card and give its height."""
    look = THINGS[card.thing]
    head, name = wrapped(card.head, wide - 14, 6), wrapped(card.name, wide - 14, 7.5, bold=True)
    more = [line for m in card.more for line in wrapped(f"· {m}", wide - 14, 6.5)]
    cited = wrapped(marks.replace("][", "] ["), wide - 14, 6)
    high = 5 + 7.9 * len(head) + 9.9 * len(name) + 8.6 * len(more) + 7.9 * len(cited) + 4
    page.rect(x, y, wide, high, fill="white", edge=GREYS[1], line=0.6)
    page.rect(x, y, 4, high, fill=look.colour)
    at = page.text(x + 9, y + 3, head, size=6, colour=GREYS[0])
    at = page.text(x + 9, at, name, size=7.5, bold=True)
    at = page.text(x + 9, at, more, size=6.5) if more else at
    page.text(x + 9, at, cited, size=6, colour=GREYS[0])
    return high


def _middle(page: Page, x: float, y: float, title: str, facts, content, results, mechanisms, cite) -> float:  # type: ignore[no-untyped-def]
    """The card of the case with its facts, mechanisms and results; gives the y below it."""
    wide, pad = _MIDDLE, 7.0
    begin = y
    y = page.text(x + pad, y + 9, wrapped(title, wide - 2 * pad, 8, bold=True), size=8, bold=True) + 3
    for head, text, src in facts:
        y = page.text(x + pad, y, wrapped(f"{head}: {text} {cite(src).replace('][', '] [')}", wide - 2 * pad, 6.8), size=6.8) + 1
    end = y + 4
    page.rect(x, begin, wide, end - begin, fill="#F4F8FB", edge=THINGS["case"].colour, line=1.0)
    page.rect(x, begin, wide, 5, fill=THINGS["case"].colour)
    y = end + 8
    for look, head, items in (
        (THINGS["mechanism"], "Mechanisms", [(content.label(s.name), cite(s.sources)) for s in mechanisms]),
        (
            THINGS["result"],
            "Results reported",
            [
                (_result(content, k, found), cite(sorted({s for r in found for s in r.sources})))
                for k, found in sorted(results.items(), key=lambda i: (-len(i[1]), i[0]))
            ],
        ),
    ):
        begin = y
        y = page.text(x + pad, y + 6, head if items else f"{head}: none stated", size=7.5, bold=True) + 1
        for text, marks in items:
            y = page.text(x + pad, y, wrapped(f"{text} {marks.replace('][', '] [')}", wide - 2 * pad, 6.8), size=6.8) + 1.5
        page.line([(x + wide / 2, begin - 8), (x + wide / 2, begin)], colour=GREYS[1], line=1.0)
        page.rect(x, begin, wide, y + 3 - begin, fill="white", edge=look.colour, line=0.8)
        page.rect(x, begin, wide, 3, fill=look.colour)
        y += 11
    return y


def _result(content: Content, kind: str, found: Sequence[Part]) -> str:
    by: dict[str, int] = {}
    for r in found:
        finding = r.one("gpsa:finding").partition(":")[2] or "not-assessed"
        by[finding] = by.get(finding, 0) + 1
    told = ", ".join(
        f"{n} {'not assessed' if f == 'not-assessed' else f}" for f, n in sorted(by.items(), key=lambda i: list(FINDINGS).index(i[0]))
    )
    return f"{content.label(kind)}: {told}"
