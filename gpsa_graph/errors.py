"""The errors that this package raises on purpose, drawn as a tree.

* GpsaError                anything below; catch this one to catch them all
  + DataError              files under data/ say something that cannot be accepted; has .problems
  + UnknownName            no such case, question, parameter, relation ...; has .kind, .name, .near
  + QueryError             the SPARQL does not parse or cannot be answered; has .line and .column where known
  + ParameterError         a value for a parameter of a question has the wrong form
  + ReadOnlyError          the shared graph was about to be changed
  + IntakeError            a file from outside has faults; nothing was written
  + OutputError            a file cannot be written; the old one is whole
  + MissingExtra           an optional part is not installed; says the pip line
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class GpsaError(Exception):
    """Base of every error of this package; its text is one sentence for a person."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in a data file or in the graph: where it is, what it is and what to do.

    >>> print(Problem("data/cases/a.yaml", 41, "unknown mechanism 'score card'", "Did you mean 'community-scorecard'?"))
    data/cases/a.yaml:41: unknown mechanism 'score card'
      Did you mean 'community-scorecard'?
    """

    path: str
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.message}" + (f"\n  {self.fix}" if self.fix else "")


class DataError(GpsaError):
    """Data files have faults. All of them are in `.problems`, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class UnknownName(GpsaError):
    """A name leads nowhere; `.near` holds the names that look like it.

    >>> raise UnknownName("question", "who-worked-with-whom", near=["who-works-with-whom"])
    Traceback (most recent call last):
    gpsa_graph.errors.UnknownName: no question called 'who-worked-with-whom'; did you mean 'who-works-with-whom'?
    """

    def __init__(self, kind: str, name: str, *, near: Sequence[str] = (), hint: str = "") -> None:
        self.kind, self.name, self.near = kind, name, tuple(near)
        shown = name if len(name) <= 80 else name[:77] + "..."
        text = f"no {kind} called '{shown}'"
        if near:
            text += "; did you mean " + " or ".join(f"'{n}'" for n in near[:3]) + "?"
        if hint:
            text += f" ({hint})" if near else f"; {hint}"
        super().__init__(text)


class QueryError(GpsaError):
    """A SPARQL text was refused by the engine. `.line` and `.column` count from 1, or are None."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        where = f" (line {line}, column {column})" if line else ""
        super().__init__(f"the query cannot be answered{where}: {message}")


class ParameterError(GpsaError):
    """A parameter of a question got a value of the wrong form."""


class ReadOnlyError(GpsaError):
    """The shared graph cannot be changed; `kg.copy()` gives one that can."""


class OutputError(GpsaError):
    """A file or folder cannot be written. Nothing was changed."""


class IntakeError(GpsaError):
    """A file from outside has faults and was not imported. They are in `.problems`, `.more` says how many there are beyond them."""

    def __init__(self, problems: Iterable[Problem], *, more: int = 0, hint: str = "nothing was written") -> None:
        self.problems: tuple[Problem, ...] = tuple(dict.fromkeys(problems))
        self.more = more
        count = len(self.problems) + more
        shown = "\n".join(map(str, self.problems)) + (f"\nand {more:,} more" if more else "")
        super().__init__(f"{count:,} fault{'s' * (count != 1)}; {hint}:\n{shown}")


class MissingExtra(GpsaError):
    """An optional part of the package is not installed."""

    def __init__(self, extra: str) -> None:
        self.extra = extra
        super().__init__(f"this needs an optional part: pip install 'gpsa-graph[{extra}]'")
