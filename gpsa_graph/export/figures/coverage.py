"""How much of the chosen cases is known: for each thing asked of a case, how many cases state it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gpsa_graph.export.choice import Choice
from gpsa_graph.export.content import Case, Content
from gpsa_graph.export.figures.frame import Drawing, Key, plural
from gpsa_graph.export.figures.page import Page
from gpsa_graph.export.palette import GREYS, THINGS
from gpsa_graph.graph.rows import Rows

__all__ = ["ASKED", "coverage"]

Stated = Callable[[Case], Iterable[tuple[str, ...]]]


def _said(*relations: str) -> Stated:
    return lambda case: (s.sources for r in relations for s in case.every(r))


def _parts(kind: str, *having: str, part: str = "") -> Stated:
    return lambda case: (
        p.sources
        for p in case.of(kind)
        if all(p.props.get(h) for h in having) and (not part or p.one("gpsa:part") == part) and not p.props.get("gpsa:background")
    )


#: What is asked of a case, and where a case states it.
ASKED: dict[str, Stated] = {
    "a lead organisation": _parts("participation", part="part:grantee"),
    "a named public body": _parts("participation", "gpsa:organisation", part="part:public-body"),
    "the role of a public body": _parts("participation", "gpsa:governmentRole", part="part:public-body"),
    "a form of collaboration": lambda case: (
        *_said("gpsa:collaborationForm")(case),
        *_parts("participation", "gpsa:collaborationForm")(case),
    ),
    "a mechanism": _said("gpsa:usesMechanism"),
    "a sector": _said("gpsa:sector"),
    "a named place": _said("gpsa:place"),
    "a date of start or approval": _said("gpsa:startDate", "gpsa:approvalDate", "gpsa:announcementDate"),
    "a closing date": _said("gpsa:closingDate"),
    "an amount of money": _said("gpsa:amount"),
    "a result": _parts("result"),
    "a result with a number": _parts("result", "gpsa:value"),
    "a result with a year": _parts("result", "gpsa:year"),
    "a challenge": _parts("challenge"),
    "a lesson": _parts("lesson"),
}


def coverage(content: Content, choice: Choice) -> Drawing:
    """A bar for each thing asked of a case: how many of the cases state it, in what was read."""
    counts: dict[str, int] = {}
    src: dict[str, set[str]] = {}
    for name, stated in ASKED.items():
        hits = [list(stated(case)) for case in choice.cases]
        counts[name] = sum(bool(h) for h in hits)
        src[name] = {s for h in hits for names in h for s in names}
    n = len(choice.cases)
    looked = sum(len(c.of("gap")) for c in choice.cases)

    def body(page: Page, y: float) -> float:
        left, right = 126.0, 68.0
        wide = page.width - left - right
        for name, hits in counts.items():
            page.text(left - 6, y + 1.5, name, size=7.5, align="right")
            page.rect(left, y + 2, wide, 9, fill=GREYS[3])
            if hits:
                page.rect(left, y + 2, wide * hits / n, 9, fill=THINGS["case"].colour)
            page.text(page.width, y + 1.5, f"{hits} of {n}" + (f" ({100 * hits / n:.0f}%)" if n > 10 else ""), size=7.5, align="right")
            y += 14
        return y

    caption = f"n = {plural(n, 'case')} of {choice.of}. Not stated means that no source that was read states it; it never means zero. " + (
        f"For {plural(looked, 'field')} a source was searched and did not state it; the others were not looked for one by one."
        if looked
        else ""
    )
    rows = Rows(
        ["asked", "cases_stating", "of", "src"],
        [(name, counts[name], n, " ".join(sorted(src[name]))) for name in counts],
        title="What do the cases state?",
        cite=content.kg.citations if content.kg else None,
    )
    cited = sorted({s for names in src.values() for s in names})
    keys = [Key("box", THINGS["case"].colour, "cases that state it"), Key("box", GREYS[3], "not stated in what was read")]
    return Drawing("What the sources state about the cases", choice.text, body, caption, rows, list(content.sources(cited).values()), keys)
