"""Rows: what a question or query gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from gpsa_graph import vocab

if TYPE_CHECKING:
    import pandas

    from gpsa_graph.graph.claims import Source

_XSD = vocab.PREFIXES["xsd"]
_INTEGER, _DECIMAL, _DOUBLE, _BOOLEAN, _FLOAT = (_XSD + n for n in ("integer", "decimal", "double", "boolean", "float"))


class Name(str):
    """A prefixed name such as `case:idn-wahana-visi`; `.iri` is the whole IRI."""

    __slots__ = ()

    @property
    def iri(self) -> str:
        return vocab.expand(self)


Value = str | int | float | bool | None


@lru_cache(8192)  # the same relations and concepts come in nearly every row
def _name(iri: str) -> Name:
    if iri.startswith(vocab.BASE):
        kind, _, local = iri[len(vocab.BASE):].partition("/")
        if local and kind in vocab.PREFIXES and "/" not in local:
            return Name(f"{kind}:{local}")
    return Name(vocab.shorten(iri))


def value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Value:
    """A term as a Python value: names, text, whole numbers, decimals as float (or int where whole), booleans."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return _name(term.value)
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        try:
            if kind == _INTEGER:
                return int(term.value)
            if kind in (_DECIMAL, _DOUBLE, _FLOAT):
                number = float(term.value)
                return int(number) if kind == _DECIMAL and number.is_integer() else number
        except (ValueError, OverflowError):
            return term.value
        return term.value in ("true", "1") if kind == _BOOLEAN else term.value
    return str(term)


def names(text: str) -> str | None:
    """A cell that lists IRIs of the graph, joined by blanks, as sorted prefixed names; None where it is empty.

    Engines join the parts of a GROUP_CONCAT in any order. Any other text comes back as it is.

    >>> names("https://w3id.org/gpsa-graph/source/b https://w3id.org/gpsa-graph/source/a")
    'source:a source:b'
    """
    if not text:
        return None
    parts = set(text.split())
    if not all(part.startswith(vocab.BASE) for part in parts):
        return text
    found = []
    for part in parts:
        kind, _, local = part[len(vocab.BASE):].partition("/")
        found.append(f"{kind}:{local}" if local and kind in vocab.PREFIXES and "/" not in local else vocab.shorten(part))
    return " ".join(sorted(found))


class Solutions:
    """The solutions of a query, read as they are asked for. `refusal` makes an error of this package where the engine gives up."""

    def __init__(self, solutions: Any, refusal: Callable[[Exception], Exception]) -> None:
        self.variables: list[ox.Variable] = solutions.variables
        self._solutions, self._refusal = solutions, refusal

    def __iter__(self) -> Iterator[Any]:
        try:
            yield from self._solutions
        except (ValueError, RuntimeError, OSError) as error:
            raise self._refusal(error) from None


class Rows(Sequence[tuple[Value, ...]]):
    """The answer to a question or SELECT query: named columns and rows of plain values.

    A column `src` holds the sources of its row, as prefixed names joined by blanks; `title` is that of the question.
    Rows compare equal when columns and values do.

    >>> rows = Rows(["case", "n"], [("case:a", 1)])
    >>> rows.to_dicts()
    [{'case': 'case:a', 'n': 1}]
    """

    def __init__(self, columns: Sequence[str], rows: Sequence[tuple[Value, ...]], *, title: str = "",
                 coverage: str | Callable[[], str] = "", query: str = "",
                 cite: Callable[[Sequence[str]], dict[str, str]] | None = None,
                 works: Callable[[Sequence[str]], list[Source]] | None = None) -> None:
        self.columns, self._rows = tuple(columns), list(rows)
        self.title, self.query, self._coverage = title, query, coverage
        self._cite, self._works = cite, works

    @classmethod
    def of(cls, solutions: Solutions | ox.QuerySolutions, *, lists: bool = False, **about: Any) -> Rows:
        """Rows of an engine's solutions. Cells of a column `src` are read as `names`; with `lists` those of every column."""
        columns = [v.value for v in solutions.variables]
        rows = [tuple(map(value, solution)) for solution in solutions]
        listed = {i for i, name in enumerate(columns) if lists or name == "src"}
        if listed:
            rows = [tuple(names(v) if i in listed and type(v) is str else v for i, v in enumerate(row)) for row in rows]
        return cls(columns, rows, **about)

    @property
    def coverage(self) -> str:
        """Of how many cases the fields that are counted are stated, as a sentence; asked of the graph when it is first read."""
        if callable(self._coverage):
            self._coverage = self._coverage()
        return self._coverage

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: Any) -> Any:
        return self._rows[index]

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rows) and (self.columns, self._rows) == (other.columns, other._rows)

    def __repr__(self) -> str:
        return f"<Rows: {len(self)} x ({', '.join(self.columns)})>"

    def column(self, name: str) -> list[Value]:
        """The values of one column."""
        index = self.columns.index(name)
        return [row[index] for row in self._rows]

    def to_dicts(self) -> list[dict[str, Value]]:
        """A dictionary for each row."""
        return [dict(zip(self.columns, row, strict=True)) for row in self._rows]

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas DataFrame (needs pandas)."""
        try:
            import pandas
        except ImportError:
            from gpsa_graph.errors import GpsaError

            raise GpsaError("this needs pandas: pip install pandas") from None
        return pandas.DataFrame(self._rows, columns=list(self.columns))

    def sources(self) -> list[str]:
        """The names of the sources in the `src` column, once each, in order of appearance."""
        if "src" not in self.columns:
            return []
        found: dict[str, None] = {}
        for cell in self.column("src"):
            for name in str(cell or "").split():
                found[name] = None
        return list(found)

    def cited(self) -> list[tuple[tuple[Value, ...], list[str]]]:
        """Each row with the citations of its sources.

        >>> rows = Rows(["case", "src"], [("case:a", "source:x source:y")])
        >>> rows.cited()
        [(('case:a', 'source:x source:y'), ['source:x', 'source:y'])]
        """
        known = self.citations()
        where = self.columns.index("src") if "src" in self.columns else -1
        return [(row, [known[name] for name in str(row[where] or "").split() if name in known] if where >= 0 else []) for row in self._rows]

    def citations(self) -> dict[str, str]:
        """Name -> citation of every source in the `src` column."""
        return self._cite(self.sources()) if self._cite else {name: name for name in self.sources()}

    def works(self) -> list[Source]:
        """The sources of the `src` column as values, in order of appearance; empty where the rows come from no graph."""
        return self._works(self.sources()) if self._works else []

    def _repr_html_(self) -> str:
        """A table with numbered sources below it, for notebooks. Everything is escaped."""
        from html import escape

        citations = self.citations()
        numbers = {name: i for i, name in enumerate(citations, 1)}

        def cell(name: str, shown: Value) -> str:
            if name == "src":
                return " ".join(f"[{numbers[s]}]" for s in str(shown or "").split())
            return escape("" if shown is None else str(shown))

        head = "".join(f"<th>{escape(c)}</th>" for c in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{cell(c, v)}</td>" for c, v in zip(self.columns, row, strict=True)) + "</tr>"
                       for row in self._rows[:200])
        more = f"<p>{len(self) - 200} more rows.</p>" if len(self) > 200 else ""
        notes = "".join(f"<li>{escape(citations[name])} <code>{escape(name)}</code></li>" for name in numbers)
        coverage = f"<p>{escape(self.coverage)}</p>" if self.coverage else ""
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        listed = f"<ol>{notes}</ol>" if notes else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}{coverage}{listed}"
