"""Words for values: years, money, numbers of results, and what a case states, in plain sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from gpsa_graph.export.content import Case, Content, Part

__all__ = ["FINDING_WORDS", "counted", "dated", "measured", "money", "share", "top", "years"]

FINDING_WORDS = {
    "positive": "found positive by an assessment",
    "not-assessed": "reported, not assessed",
    "mixed": "mixed",
    "none": "looked for and not found",
    "negative": "harm or backlash",
}



def counted(n: int, one: str, many: str = "") -> str:
    """A number with its word; small numbers in letters.

    >>> counted(1, "case"), counted(3, "case"), counted(12, "body", "bodies")
    ('one case', 'three cases', '12 bodies')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return f"{words[n] if n < len(words) else f'{n:,}'} {one if n == 1 else many or one + 's'}"


def share(n: int, of: int) -> str:
    """A count with its denominator; a percentage only where the denominator is over ten.

    >>> share(3, 12), share(2, 3), share(0, 0)
    ('3 of 12 (25%)', '2 of 3', 'no data')
    """
    if not of:
        return "no data"
    return f"{n:,} of {of:,}" + (f" ({100 * n / of:.0f}%)" if of > 10 else "")


def years(case: Case) -> str:
    """The years of a case, in which what is not stated is said."""
    start, end = case.years
    if start and end:
        return f"{start}\u2013{end}" if end != start else str(start)
    return f"from {start}" if start else f"until {end}" if end else "not stated"


def money(case: Case) -> str:
    """The amount of a case in US dollars, or nothing."""
    for said in case.every("gpsa:amount"):
        return f"US$ {said.value:,}" if isinstance(said.value, (int, float)) else f"US$ {said.value}"
    return ""


def measured(part: Part) -> str:
    """The number of a result as its source prints it, with what was before and the unit; nothing where no number is stated."""
    printed, unit, before = part.one("gpsa:printed"), part.one("gpsa:unit"), part.one("gpsa:baseline")
    if not printed:
        return ""
    if printed.isdigit() and len(printed) > 4:
        printed = f"{int(printed):,}"
    shown = printed if unit and unit.lower() in printed.lower() else f"{printed} {unit}".strip()
    return f"{shown} (before: {before})" if before else shown


def dated(part: Part) -> str:
    """The year of a result, or that none is stated."""
    return part.one("gpsa:year") or "not stated"


def top(content: Content, names: Iterable[str], most: int = 3) -> list[tuple[str, int]]:
    """The labels that occur most, with how often; ties by name."""
    counts = Counter(names)
    found = sorted(((content.label(n), k) for n, k in counts.items()), key=lambda i: (-i[1], i[0].casefold()))
    return found[:most]
