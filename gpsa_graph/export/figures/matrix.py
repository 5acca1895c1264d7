"""Which mechanism goes with which kind of result: counts of cases in a grid."""

from __future__ import annotations

from gpsa_graph.errors import ParameterError
from gpsa_graph.export.choice import Choice
from gpsa_graph.export.content import Content
from gpsa_graph.export.figures.frame import Drawing, Key, plural
from gpsa_graph.export.figures.page import Page, wrapped
from gpsa_graph.export.palette import GREYS, ink_on
from gpsa_graph.graph.rows import Rows

__all__ = ["matrix"]

_REPORTED = ("finding:positive", "finding:not-assessed")
_OTHER = "#E69F00"


def shade(n: int, most: int) -> str:
    """A blue between white and the blue of cases, by the square root of the share.

    >>> shade(0, 10), shade(10, 10)
    ('#ffffff', '#0072b2')
    """
    part = (n / most) ** 0.5 if most else 0
    return "#" + "".join(f"{round(255 + (full - 255) * part):02x}" for full in (0x00, 0x72, 0xB2))


def matrix(content: Content, choice: Choice, *, at_least: int = 0, most: int = 26) -> Drawing:
    """Rows are the mechanisms used most (at most `most`, in at least `at_least` cases), columns kinds of result.

    `at_least` 0 stands for three cases, or for as many as the mechanism used most has.

    A cell counts the cases that report it, and with a sign those in which something was found mixed, absent or negative.
    """
    using: dict[str, set[str]] = {}
    told: dict[tuple[str, str], set[str]] = {}
    other: dict[tuple[str, str], set[str]] = {}
    src: dict[tuple[str, str], set[str]] = {}
    for case in choice.cases:
        for said in case.every("gpsa:usesMechanism"):
            using.setdefault(said.name, set()).add(case.id)
            for result in case.results:
                for kind in result.every("gpsa:resultKind"):
                    at = said.name, kind
                    (told if result.one("gpsa:finding") in _REPORTED else other).setdefault(at, set()).add(case.id)
                    src.setdefault(at, set()).update(said.sources, result.sources)
    at_least = at_least or min(3, max(map(len, using.values()), default=1))
    rows = sorted((m for m, cases in using.items() if len(cases) >= at_least), key=lambda m: (-len(using[m]), content.label(m)))[:most]
    if not rows:
        raise ParameterError(
            f"no mechanism is used in {plural(at_least, 'case')} that match {choice.text}; leave a filter out or lower --at-least"
        )
    kinds = {k for m, k in src if m in rows}
    columns = sorted(kinds, key=lambda k: (-sum(len(told.get((m, k), ())) for m in rows), k))
    peak = max([len(told.get((m, k), ())) for m in rows for k in columns], default=1)
    stating = sum(1 for c in choice.cases if c.results)

    def body(page: Page, y: float) -> float:
        left, count, tall = 158.0, 26.0, 17.0
        wide = (page.width - left - count) / max(len(columns), 1)
        wide = min(wide, 30)
        heads = [wrapped(content.label(k), 82, 7.5) for k in columns]
        page.text(left + count - 5, y + 70, "cases", size=7, colour=GREYS[0], align="right")
        for i, lines in enumerate(heads):
            page.text(left + count + i * wide + wide / 2 - len(lines) * 4.6, y + 84, lines, size=7.5, turned=True, leading=1.2)
        y += 88
        for m in rows:
            n = len(using[m])
            name = wrapped(content.label(m), left - 8, 7.5)
            high = max(tall, 10.5 * len(name))
            page.text(left - 6, y + (high - 9.9 * len(name)) / 2, name, size=7.5, align="right")
            page.text(left + count - 5, y + (high - 9.9) / 2, str(n), size=7.5, align="right", colour=GREYS[0])
            for i, k in enumerate(columns):
                x, hits, others = left + count + i * wide, len(told.get((m, k), ())), len(other.get((m, k), ()))
                fill = shade(hits, peak) if hits else GREYS[3]
                page.rect(x, y, wide - 1, high - 1, fill=fill)
                if hits:
                    page.text(
                        x + (wide - 1) / 2 - (3.5 if others else 0),
                        y + (high - 10.5) / 2,
                        str(hits),
                        size=7.5,
                        align="center",
                        colour=ink_on(fill),
                    )
                if others:
                    page.mark(x + wide - 5.2, y + 4.6, "diamond", _OTHER, size=4.6)
                    page.text(x + wide - 5.2, y + high - 9.4, str(others), size=5.5, align="center", colour=ink_on(fill))
            y += high
        return y

    keys = [
        Key("box", shade(peak, peak), f"cases that use the mechanism and report the result (darkest: {peak})"),
        Key("box", GREYS[3], "none reports it"),
        Key("diamond", _OTHER, "cases with a mixed, absent or negative finding"),
    ]
    caption = (
        f"n = {plural(len(choice.cases), 'case')} of {choice.of}; {stating} of them state a result. {len(rows)} of "
        f"{len(using)} mechanisms are shown, those used in most cases, each in at least {at_least}. A case can stand in several "
        f"cells. That a mechanism and a result were reported in the "
        "same case does not say that one brought about the other; an empty cell says only that no source that was read reports it."
    )
    data = Rows(
        ["mechanism", "result_kind", "cases_using", "cases_reporting", "cases_mixed_absent_negative", "src"],
        [
            (m, k, len(using[m]), len(told.get((m, k), ())), len(other.get((m, k), ())), " ".join(sorted(src[m, k])))
            for m in rows
            for k in columns
            if (m, k) in src
        ],
        title="Which mechanism goes with which kind of result?",
        cite=content.kg.citations if content.kg else None,
    )
    cited = sorted({s for m in rows for k in columns for s in src.get((m, k), ())})
    return Drawing(
        "Which results were reported in cases that use a mechanism",
        choice.text,
        body,
        caption,
        data,
        list(content.sources(cited).values()),
        keys,
    )
