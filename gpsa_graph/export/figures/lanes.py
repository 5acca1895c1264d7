"""Figures over time: cases as bars in lanes of regions, and results by year and kind."""

from __future__ import annotations

from gpsa_graph.errors import ParameterError
from gpsa_graph.export.choice import Choice
from gpsa_graph.export.content import Case, Content
from gpsa_graph.export.figures.frame import Drawing, Key, plural
from gpsa_graph.export.figures.page import Page, width_of, wrapped
from gpsa_graph.export.palette import FINDINGS, GREYS, INK, THINGS
from gpsa_graph.graph.rows import Rows

__all__ = ["swimlane", "timeline"]

_GPSA, _OTHER = THINGS["case"].colour, THINGS["society"].colour
_LEFT = 92.0
_NAMED = 24


def _axis(page: Page, top: float, bottom: float, first: int, last: int, x_of: float, step: float) -> None:
    every = next(n for n in (1, 2, 5, 10, 20) if step * n >= 24)
    for year in range(first, last + 2):
        if year % every == 0:
            x = x_of + (year - first) * step
            page.line([(x, top), (x, bottom)], colour=GREYS[2], line=0.5, above=0.5)
            if x + 9 < page.width:
                page.text(x, top - 11, str(year), size=7, colour=GREYS[0], align="center")


def swimlane(content: Content, choice: Choice) -> Drawing:
    """A bar for each case from start to end, in lanes of World Bank regions; cases without a year are counted, not drawn."""
    drawn = [c for c in choice.cases if c.years[0] is not None]
    if not drawn:
        raise ParameterError(f"no case that matches {choice.text} states a year; leave a filter out")
    first = min(c.years[0] for c in drawn if c.years[0])
    last = max(max(c.years[1] or 0, c.years[0] or 0) for c in drawn)
    named = len(drawn) <= _NAMED
    lanes: dict[str, list[Case]] = {}
    for case in sorted(drawn, key=lambda c: (c.years[0] or 0, c.years[1] or 9999, c.id)):
        regions = content.region(case)
        lane = content.label(regions[0]) if len(regions) == 1 else "Several regions" if regions else "No country stated"
        lanes.setdefault(lane, []).append(case)
    gpsa = {c.id for c in drawn if "programme:gpsa" in c.names("gpsa:programme")}

    def body(page: Page, y: float) -> float:
        step = (page.width - _LEFT - 6) / (last + 1 - first)
        y += 12
        top = y
        for name in sorted(lanes):
            heads = wrapped(name, _LEFT - 10, 7.5)
            begin, tall = y, y + 2
            page.text(0, y + 2, heads, size=7.5, bold=True)
            ends: list[float] = []
            for case in lanes[name]:
                start, end = case.years[0] or first, case.years[1]
                x, x2 = _LEFT + (start - first) * step, _LEFT + ((end if end is not None else start) + 1 - first) * step
                colour = _GPSA if case.id in gpsa else _OTHER
                if named:
                    lines = wrapped(case.title, page.width - _LEFT - 8, 7)
                    wide = max(width_of(line, 7) for line in lines)
                    left = min(x, page.width - wide - 6)
                    page.rect(left - 1, tall + 1, wide + 2, 9.3 * len(lines), fill="white", above=1.2)
                    bar = page.text(left, tall, lines, size=7) + 1.5
                    tall = bar + 12
                else:
                    codes = sorted(c.partition(":")[2] for c in case.names("gpsa:country"))
                    label = " ".join(codes) if len(codes) < 3 else f"{len(codes)} countries"
                    wide = width_of(label, 6)
                    inside = end is not None and x2 - x - 4 >= wide
                    before = not inside and x2 + wide + 2 > page.width
                    span = (x - wide - 2 if before else x, x2 if inside or before else x2 + wide + 2)
                    row = next((i for i, to in enumerate(ends) if to <= span[0] - 1.5), len(ends))
                    ends[row : row + 1] = [span[1]]
                    bar = y + 2 + row * 10
                    tall = max(tall, bar + 10)
                    at, ink = (x + 2, "white") if inside else (span[0], INK) if before else (x2 + 1.5, INK)
                    page.text(at, bar - 0.6, label, size=6, colour=ink)
                page.rect(x + 0.5, bar, x2 - x - 1, 7.6, fill=colour if end is not None else "white", edge=colour, line=0.8)
            y = max(tall + 2, begin + 6 + 10 * len(heads)) + 3
            page.line([(0, y - 2), (page.width, y - 2)], colour=GREYS[1], line=0.4)
        _axis(page, top, y - 2, first, last, _LEFT, step)
        return y

    without = len(choice.cases) - len(drawn)
    open_ = sum(c.years[1] is None for c in drawn)
    caption = (
        f"n = {plural(len(drawn), 'case')}"
        + (
            f"; {plural(without, 'more case')} that {'matches' if without == 1 else 'match'} state{'s' * (without == 1)} no year of "
            f"a start and "
            f"{'is' if without == 1 else 'are'} not drawn"
            if without
            else ""
        )
        + ". A bar begins with the year of the start, or else of the approval or announcement, and ends with that of "
        "the closing"
        + (f"; {plural(open_, 'bar')} without a stated end {'is' if open_ == 1 else 'are'} hollow and one year long" if open_ else "")
        + "."
        + ("" if named else " Letters are ISO codes of countries.")
    )
    rows = Rows(
        ["case", "title", "region", "from", "to", "src"],
        [(c.id, c.title, lane, c.years[0], c.years[1], " ".join(_dating(c))) for lane in sorted(lanes) for c in lanes[lane]],
        title="When did cases run?",
        cite=content.kg.citations if content.kg else None,
    )
    keys = (
        [Key("box", _GPSA, f"cases of the GPSA ({len(gpsa)})")] * bool(gpsa)
        + [Key("box", _OTHER, f"other cases ({len(drawn) - len(gpsa)})")] * (len(drawn) > len(gpsa))
        + [Key("box", "white", "no end stated")] * bool(open_)
    )
    cited = sorted({s for c in drawn for s in _dating(c)})
    return Drawing("When the cases ran, by region", choice.text, body, caption, rows, list(content.sources(cited).values()), keys)


def _dating(case: Case) -> list[str]:
    relations = ("gpsa:startDate", "gpsa:approvalDate", "gpsa:announcementDate", "gpsa:closingDate", "gpsa:country", "gpsa:programme")
    return sorted({s for r in relations for said in case.every(r) for s in said.sources})


def timeline(content: Content, choice: Choice) -> Drawing:
    """Results by year, a lane for each kind of result, stacked by what was found; results without a year stand apart."""
    found: dict[str, dict[int | None, dict[str, int]]] = {}
    src: dict[tuple[str, int | None, str], set[str]] = {}
    cases, total = set(), 0
    for case in choice.cases:
        for result in case.results:
            total += 1
            cases.add(case.id)
            year = result.props.get("gpsa:year", (None,))[0]
            year = year if isinstance(year, int) else None
            finding = result.one("gpsa:finding").partition(":")[2] or "not-assessed"
            for kind in result.every("gpsa:resultKind"):
                by = found.setdefault(kind, {}).setdefault(year, {})
                by[finding] = by.get(finding, 0) + 1
                src.setdefault((kind, year, finding), set()).update(result.sources)
    years = [y for by in found.values() for y in by if y is not None]
    if not years:
        raise ParameterError(f"no result of the cases that match {choice.text} states a year; leave a filter out")
    first, last = min(years), max(years)
    kinds = sorted(found, key=lambda k: (-sum(sum(f.values()) for f in found[k].values()), k))
    most = max(sum(by.values()) for k in kinds for y, by in found[k].items() if y is not None)
    order = [f for f in FINDINGS if any(f in by for k in kinds for by in found[k].values())]

    def body(page: Page, y: float) -> float:
        left, right, high = 104.0, 44.0, 34.0
        step = (page.width - left - right) / (last + 1 - first)
        unit = (high - 9) / most
        page.text(page.width - right + 8, y + 1, ["no year", "stated"], size=6.5, colour=GREYS[0], leading=1.15)
        y += 20
        top = y
        for kind in kinds:
            base = y + high
            name = wrapped(content.label(kind), left - 10, 7.5)
            page.text(0, base - 10 * len(name), name, size=7.5)
            for year in range(first, last + 1):
                by, at = found[kind].get(year, {}), base
                x = left + (year - first) * step
                for finding in order:
                    if n := by.get(finding, 0):
                        page.rect(x + step * 0.1, at - n * unit, step * 0.8, n * unit, fill=FINDINGS[finding].colour)
                        at -= n * unit
                if by:
                    page.text(x + step / 2, at - 8.6, str(sum(by.values())), size=6, align="center", colour=GREYS[0])
            undated = sum(found[kind].get(None, {}).values())
            page.text(page.width - right + 8, base - 10, str(undated), size=7.5, colour=GREYS[0])
            page.line([(left, base), (page.width - right, base)], colour=GREYS[1], line=0.5)
            y = base + 4
        _axis(page, top, y - 4, first, last, left, step)
        return y

    dated = sum(n for k in kinds for y, by in found[k].items() if y is not None for n in by.values())
    caption = (
        f"n = {plural(total, 'result')} in {plural(len(cases), 'case')} of the {len(choice.cases)} chosen; {dated} with a year. Figures "
        "count results that sources report, not their size. Years in which more was written about more cases show more results."
    )
    rows = Rows(
        ["result_kind", "year", "finding", "results", "src"],
        [
            (k, y, f"finding:{f}", found[k][y][f], " ".join(sorted(src[k, y, f])))
            for k in kinds
            for y in sorted(found[k], key=lambda y: (y is None, y or 0))
            for f in sorted(found[k][y])
        ],
        title="Which results were reported when?",
        cite=content.kg.citations if content.kg else None,
    )
    keys = [Key("box", FINDINGS[f].colour, FINDINGS[f].name) for f in order]
    cited = sorted({s for names in src.values() for s in names})
    return Drawing("Results by year and kind", choice.text, body, caption, rows, list(content.sources(cited).values()), keys)
