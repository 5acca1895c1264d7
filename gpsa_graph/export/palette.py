"""Colours and shapes of things, the same in every network file and figure.

The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008), but for results, whose dark
grey was chosen so that every two colours of `THINGS` stay apart under the three colour vision deficiencies (tested with the
model of Machado, Oliveira and Fernandes, 2009).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["FINDINGS", "GREYS", "INK", "THINGS", "Look", "contrast", "ink_on", "thing_of"]


class Look(NamedTuple):
    """How a kind of thing is drawn: the name in a legend, a colour, a shape."""

    name: str
    colour: str
    shape: str


#: Kind of thing -> name, colour and shape.
THINGS: Mapping[str, Look] = {
    "case": Look("case", "#0072B2", "disc"),
    "society": Look("civil society", "#009E73", "triangle"),
    "state": Look("public body", "#D55E00", "square"),
    "other": Look("funder, research body or company", "#E69F00", "diamond"),
    "mechanism": Look("mechanism", "#56B4E9", "star"),
    "result": Look("kind of result", "#3B4048", "down"),
    "challenge": Look("challenge or lesson", "#CC79A7", "hexagon"),
}
#: What was found -> name in a legend, colour and the sign drawn with it.
FINDINGS: Mapping[str, Look] = {
    "positive": Look("found positive by an assessment", "#0072B2", "disc"),
    "not-assessed": Look("reported, not assessed", "#56B4E9", "ring"),
    "mixed": Look("mixed", "#E69F00", "half"),
    "none": Look("looked for and not found", "#3B4048", "cross"),
    "negative": Look("harm or backlash", "#D55E00", "down"),
}
INK = "#1D2126"
GREYS = ("#5B6068", "#9AA0A8", "#D9DBDE", "#F1F1EF")
_BY_PREFIX = {
    "case": "case",
    "mechanism": "mechanism",
    "result": "result",
    "result-kind": "result",
    "challenge": "challenge",
    "challenge-kind": "challenge",
    "lesson": "challenge",
}
_BY_FAMILY = {"actor:civil-society-actor": "society", "actor:citizen-group": "society", "actor:state-actor": "state"}


def thing_of(name: str, kind: str = "", families: Mapping[str, str] | None = None) -> str:
    """The kind of thing that a name stands for, one of `THINGS`; organisations by the family of their `kind`.

    >>> thing_of("mechanism:advocacy"), thing_of("organisation:x", "actor:ministry", {"actor:ministry": "actor:state-actor"})
    ('mechanism', 'state')
    """
    prefix = name.partition(":")[0]
    return _BY_PREFIX.get(prefix) or _BY_FAMILY.get((families or {}).get(kind, ""), "other")


def contrast(one: str, other: str) -> float:
    """How far apart two colours are in lightness, from 1 to 21 (contrast ratio of WCAG 2.2).

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    light, dark = sorted(map(_luminance, (one, other)), reverse=True)
    return round((light + 0.05) / (dark + 0.05), 2)


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on a colour.

    >>> ink_on("#ffffff"), ink_on("#0072b2")
    ('#000000', '#ffffff')
    """
    return max("#000000", "#ffffff", key=lambda ink: contrast(ink, colour))


def _luminance(colour: str) -> float:
    parts = (int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
