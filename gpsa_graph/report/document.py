"""A document as blocks, before it becomes HTML, DOCX, Markdown or PDF; sources are numbered where they are first cited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpsa_graph.export.figures import Made
    from gpsa_graph.graph.claims import Source

__all__ = ["Block", "Cite", "Document", "Figure", "Heading", "Items", "Para", "References", "Run", "Strong", "Table", "marks"]


@dataclass(frozen=True, slots=True)
class Cite:
    """Numbers of sources, sorted."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    text: str


Run = str | Cite | Strong
Text = Sequence[Run]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `quiet` ones are notes in smaller type."""

    text: Text
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list with bullets."""

    items: Sequence[Text]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. `widths` are shares of the width; columns in `right` hold numbers."""

    caption: str
    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[Text]]
    right: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its caption as text."""

    made: Made
    caption: str


Block = Heading | Para | Items | Table | Figure


@dataclass(frozen=True)
class Document:
    """A dossier: title, lines below it, blocks, and its sources in the order of their numbers."""

    title: str
    lines: Sequence[str]
    blocks: Sequence[Block]
    sources: Sequence[Source]
    foot: str
    day: str


@dataclass
class References:
    """Gives each source a number when it is first cited."""

    numbers: dict[str, int] = field(default_factory=dict)

    def cite(self, names: Iterable[str]) -> Cite:
        """The numbers of these sources.

        >>> refs = References()
        >>> refs.cite(["source:b", "source:a"]).numbers, refs.cite(["source:b"]).numbers
        ((1, 2), (1,))
        """
        return Cite(tuple(sorted({self.numbers.setdefault(name, len(self.numbers) + 1) for name in names})))


def marks(cite: Cite) -> list[tuple[str, int]]:
    """The pieces of a mark such as `[1, 3-5]`: text, and the number of the source it leads to (0 for none).

    >>> "".join(text for text, _ in marks(Cite((1, 3, 4, 5))))
    '[1, 3\u20135]'
    """
    if not cite.numbers:
        return []
    runs: list[list[int]] = []
    for number in cite.numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    pieces: list[tuple[str, int]] = [("[", 0)]
    for i, run in enumerate(runs):
        pieces += [(", ", 0)] if i else []
        if len(run) > 2:
            pieces += [(str(run[0]), run[0]), ("\u2013", 0), (str(run[-1]), run[-1])]
        else:
            for j, number in enumerate(run):
                pieces += [(", ", 0)] if j else []
                pieces.append((str(number), number))
    return [*pieces, ("]", 0)]
