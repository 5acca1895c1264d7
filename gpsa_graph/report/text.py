"""Cards, claims and paths as plain text with numbered sources."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence

from gpsa_graph.graph.claims import Claim, Source
from gpsa_graph.graph.look import Card, Hop

_TITLES = {
    "participation": "Who took part", "result": "Results", "challenge": "Challenges", "lesson": "Lessons", "gap": "What is missing",
    "person": "People named in an office", "session": "Sessions", "appearance": "Named at the event", "figure": "Figures",
    "contribution": "Contributions", "opt-in": "Opted-in countries", "seat": "Seats and posts", "review": "Reviews",
}


class _Numbers:
    """Gives each source a number when it is first cited."""

    def __init__(self) -> None:
        self.cited: dict[str, Source] = {}

    def marks(self, sources: Sequence[Source]) -> str:
        for source in sources:
            self.cited.setdefault(source.name, source)
        order = list(self.cited)
        return " ".join(f"[{order.index(s.name) + 1}]" for s in sources)

    def lines(self, width: int) -> list[str]:
        lines = ["Sources"]
        for number, source in enumerate(self.cited.values(), 1):
            lines += _wrapped(f"[{number}] ", str(source), width)
        return lines


def _width() -> int:
    return max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))


def _wrapped(head: str, text: str, width: int) -> list[str]:
    room = max(width - len(head), 20)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    return [head + lines[0], *(" " * len(head) + line for line in lines[1:])]


def card_text(card: Card) -> str:
    """A card as text: claims with numbered sources, then the parts, then the sources.

    >>> import gpsa_graph
    >>> card_text(gpsa_graph.load().show("mwi-mejn")).splitlines()[0]
    'Social Accountability Strengthening Project'
    """
    width, numbers = _width(), _Numbers()
    lines = [card.label, f"{card.kind} {card.id}", ""]
    lines += [f"  {name}: {said}" for name, said in card.facts]
    for claim in card.claims:
        shown = claim.label or str(claim.value)
        called = f" (called {', '.join(claim.as_called)})" if claim.as_called else ""
        marks = " (inferred)" if claim.basis == "inferred" else ""
        marks += "" if claim.preferred else " (another value is preferred)"
        lines += _wrapped("  ", f"{_plain(claim.relation)}: {shown}{called}{marks} {numbers.marks(claim.sources)}", width)
    for kind in dict.fromkeys(p.kind for p in card.parts):
        lines += ["", _TITLES.get(kind, kind)]
        for part in (p for p in card.parts if p.kind == kind):
            facts = "; ".join(f"{name}: {said}" for name, said in part.facts)
            lines += _wrapped("  - ", f"{part.text}{f' ({facts})' if facts else ''} {numbers.marks(part.sources)}", width)
    pointing = [link for link in card.linked if not link[1].startswith(tuple(f"{p.kind}:" for p in card.parts))]
    if pointing:
        lines += ["", "Linked from"]
        lines += [line for relation, name, label in pointing for line in _wrapped("  - ", f"{label} ({name}, {_plain(relation)})", width)]
    if numbers.cited:
        lines += ["", *numbers.lines(width)]
    return "\n".join(lines)


def claims_text(claims: Sequence[Claim]) -> str:
    """Claims as text, each with its sources below it."""
    width = _width()
    lines = [claims[0].subject] if claims else ["nothing is claimed about this"]
    for claim in claims:
        lines += ["", *_wrapped("", str(claim), width)]
        for note in claim.notes:
            lines += _wrapped("  note: ", note, width)
        for source in claim.sources:
            lines += _wrapped("  - ", str(source), width)
    return "\n".join(lines)


def hops_text(hops: Sequence[Hop], *, concepts: bool = False) -> str:
    """A path as numbered sentences with their sources."""
    if not hops:
        hint = "" if concepts else "; --concepts also looks through sectors, mechanisms and places"
        return f"no chain of cases and actors joins them{hint}"
    width, numbers = _width(), _Numbers()
    lines = []
    for step, hop in enumerate(hops, 1):
        lines += _wrapped(f"{step}. ", f"{hop.sentence} {numbers.marks(hop.sources)}", width)
    return "\n".join([*lines, "", *numbers.lines(width)])


def _plain(relation: str) -> str:
    """`gpsa:usesMechanism` as `uses mechanism`."""
    name = relation.partition(":")[2] or relation
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name)
