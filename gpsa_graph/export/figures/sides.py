"""Civil society on one side, the state on the other, and between them the cases in which both took part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gpsa_graph.errors import ParameterError
from gpsa_graph.export.choice import Choice
from gpsa_graph.export.content import Content
from gpsa_graph.export.figures.frame import Drawing, Key, plural
from gpsa_graph.export.figures.page import Page, wrapped
from gpsa_graph.export.palette import GREYS, THINGS
from gpsa_graph.graph.rows import Rows

__all__ = ["two_column"]

_MOST_CASES = 14


def two_column(content: Content, choice: Choice, *, most: int = 14) -> Drawing:
    """Left: civil society organisations; right: public bodies; a line leads from each to every case in which it took part.

    At most so many a side are drawn: those with a part in most of the cases, then by name; the caption says how many are left
    out. The order on each side is that of the middle of its cases, which leaves few crossings (K. Sugiyama, S. Tagawa and
    M. Toda, 1981).
    """
    parts: dict[str, dict[str, dict[str, set[str]]]] = {"society": {}, "state": {}}
    groups = 0
    for case in choice.cases:
        for p in case.of("participation"):
            side = content.side(p)
            if side not in parts:
                continue
            name = p.one("gpsa:organisation")
            if not name:
                groups += 1
                continue
            parts[side].setdefault(name, {}).setdefault(case.id, set()).update(p.sources)
    if not parts["society"] or not parts["state"]:
        missing = "civil society organisation" if not parts["society"] else "public body"
        raise ParameterError(f"no case that matches {choice.text} names a {missing}; leave a filter out")
    both = {c for on in parts["society"].values() for c in on} & {c for on in parts["state"].values() for c in on}
    kept = {
        side: sorted((n for n, on in found.items() if set(on) & both), key=lambda n: (-len(set(found[n]) & both), content.label(n)))[:most]
        for side, found in parts.items()
    }
    shown = sorted(
        {c for side in kept for n in kept[side] for c in parts[side][n]} & both,
        key=lambda c: (-sum(c in parts[s][n] for s in kept for n in kept[s]), c),
    )
    shown = [c for c in shown if all(any(c in parts[s][n] for n in kept[s]) for s in kept)][:_MOST_CASES]
    kept = {s: [n for n in names if set(parts[s][n]) & set(shown)] for s, names in kept.items()}
    if not shown:
        raise ParameterError(f"no case that matches {choice.text} names a civil society organisation and a public body; leave a filter out")
    cases = _ordered(shown, parts, kept, content)

    def body(page: Page, y: float) -> float:
        edge, gap = 156.0, 5.0
        middle = page.width / 2
        texts = {s: [wrapped(content.label(n), edge - 12, 7.5) for n in kept[s]] for s in kept}
        heights = {s: [10.0 * len(t) + gap for t in texts[s]] for s in kept}
        tall = max(sum(heights["society"]), sum(heights["state"]), len(cases) * 20.0)
        page.text(edge, y, "Civil society", size=8, bold=True, align="right", colour=THINGS["society"].colour)
        page.text(middle, y, "Cases", size=8, bold=True, align="center", colour=THINGS["case"].colour)
        page.text(page.width - edge, y, "Public bodies", size=8, bold=True, colour=THINGS["state"].colour)
        y += 16
        at = {c: y + tall * (i + 0.5) / len(cases) for i, c in enumerate(cases)}
        for side in ("society", "state"):
            spare = (tall - sum(heights[side])) / max(len(kept[side]), 1)
            here = y
            for name, text, high in zip(kept[side], texts[side], heights[side], strict=True):
                high += spare
                centre = here + high / 2
                x = edge if side == "society" else page.width - edge
                page.text(
                    x - 8 if side == "society" else x + 8,
                    centre - 5 * len(text),
                    text,
                    size=7.5,
                    align="right" if side == "society" else "left",
                )
                page.mark(x, centre, THINGS[side].shape, THINGS[side].colour, size=6.5)
                for case in cases:
                    if case in parts[side][name]:
                        page.curve((x, centre), (middle, at[case]), colour=GREYS[1], line=0.9, alpha=0.9)
                here += high
        for i, case in enumerate(cases, 1):
            page.mark(middle, at[case], "disc", THINGS["case"].colour, size=14)
            page.text(middle, at[case] - 5.2, str(i), size=7.5, bold=True, align="center", colour="white")
        y += tall + 8
        for i, case in enumerate(cases, 1):
            page.text(14, y, f"{i}", size=7, bold=True, align="right", colour=THINGS["case"].colour)
            countries = ", ".join(content.labels_of(content.cases[case].names("gpsa:country")))
            y = (
                page.text(
                    19, y, wrapped(f"{content.label(case)} ({countries})" if countries else content.label(case), page.width - 19, 7), size=7
                )
                + 1
            )
        return y

    left_out = [
        f"{total - len(kept[s])} of {total} {word}"
        for s, word in (("society", "civil society organisations"), ("state", "public bodies"))
        if (total := len(parts[s])) > len(kept[s])
    ]
    left_out += [f"{plural(groups, 'group')} without a name of their own"] if groups else []
    caption = (
        f"n = {plural(len(cases), 'case')} of the {len(choice.cases)} chosen. A line is a participation that a source names; it "
        f"says nothing of how "
        "close the work was." + (f" Not drawn: {'; '.join(left_out)}." if left_out else "")
    )
    rows = Rows(
        ["side", "organisation", "label", "case", "src"],
        [
            (s, n, content.label(n), c, " ".join(sorted(parts[s][n][c])))
            for s in ("society", "state")
            for n in kept[s]
            for c in cases
            if c in parts[s][n]
        ],
        title="Who took part in which case?",
        cite=content.kg.citations if content.kg else None,
    )
    cited = sorted({x for row in rows for x in str(row[-1]).split()})
    keys = [Key(THINGS[k].shape, THINGS[k].colour, THINGS[k].name) for k in ("society", "case", "state")]
    return Drawing(
        "Who from civil society and who from the state took part in the same cases",
        choice.text,
        body,
        caption,
        rows,
        list(content.sources(cited).values()),
        keys,
    )


def _ordered(
    shown: Sequence[str], parts: Mapping[str, Mapping[str, Mapping[str, set[str]]]], kept: dict[str, list[str]], content: Content
) -> list[str]:
    """The cases in an order with few crossings; orders both sides in place."""
    cases = list(shown)
    for _ in range(12):
        at = {c: i for i, c in enumerate(cases)}
        for side in ("society", "state"):
            kept[side].sort(key=lambda n, side=side, at=at: (_mean([at[c] for c in parts[side][n] if c in at]), content.label(n)))  # type: ignore[misc]
        place = {(s, n): i / max(len(kept[s]) - 1, 1) for s in kept for i, n in enumerate(kept[s])}
        cases.sort(key=lambda c: (_mean([place[s, n] for s in kept for n in kept[s] if c in parts[s][n]]), c))
    return cases


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
