"""A SPARQL 1.1 service, asked like a store: streamed answers, and pages by key where a service caps its rows."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from gpsa_graph.errors import GpsaError, QueryError
from gpsa_graph.graph.wire import Body, Wire

if TYPE_CHECKING:
    import httpx

_MASK = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|' r"'''(?:[^'\\]|\\.|'(?!''))*'''|" r'"(?:[^"\\\n]|\\.)*"|' r"'(?:[^'\\\n]|\\.)*'|"
    r'<[^<>"{}|^`\\\s]*>|#[^\n]*', re.DOTALL)
#: An open parameter of a stored question: it narrows nothing, and Virtuoso 7 takes it for a value.
_OPEN = re.compile(r"(?m)^[ \t]*VALUES \?\w+ \{ UNDEF \}[ \t]*\.?")
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(LIMIT|OFFSET|VALUES)\b", re.IGNORECASE)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ROWS = "application/sparql-results+json"
_TRIPLES = "application/n-triples, text/turtle;q=0.5"
_KEY, _BETWEEN = "gpsaKey", "\\u0001"
#: An answer of a round number of rows may have been cut in silence; then the service is asked how many there are.
_ROUND = 1_000


class Found:
    """The solutions of a query that are all here."""

    def __init__(self, variables: Sequence[ox.Variable], rows: Iterable[Sequence[Any]]) -> None:
        self.variables, self._rows = list(variables), rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)


class Service:
    """A SPARQL 1.1 service at an address, with the part of a store's interface that asking needs.

    `rows` is the most rows that the service gives at once; it is also read from `GPSA_ENDPOINT_ROWS` and from the header
    `X-SPARQL-MaxRows` of its answers. Larger answers are fetched in pages by key: by a hash of the whole row, which every
    service can order and compare, never by counting off rows. An answer that was cut in silence is an error, never a result.
    """

    def __init__(self, url: str, *, timeout: float | None = None, rows: int | None = None) -> None:
        self.wire = Wire(url, timeout=timeout)
        self.rows = rows if rows is not None else _rows_given()
        self._here, self._fetched = ox.Store(), set[str]()

    def stored(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> Any:
        """Ask one of the stored questions: the same rows from every service.

        Virtuoso up to version 7 refuses some of them and answers others wrongly (docs/scale.md). There the triples of the
        relations that a question names are fetched, once each, and the question is answered here.
        """
        if not self.wire.server:
            self.query("ASK { }")
        if not self._wrong():
            return self.query(query, prefixes=prefixes)
        named = {iri for iri in re.findall(r"<([^<>\s]*)>", query) if not iri.endswith(("/", "#"))}
        used = {f"{head}{local}" for name, head in re.findall(r"(?i)PREFIX\s+([\w-]*):\s*<([^<>\s]*)>", query)
                for local in re.findall(rf"(?<![\w-]){name}:([\w-]+)", mask(query))}
        types = {ox.NamedNode(f"{_RDF}type").value} if re.search(r"\s a\s|\sa\s", mask(query)) else set()
        for relation in sorted((named | used | types) - self._fetched):
            pairs = self.query(f"SELECT ?s ?o WHERE {{ ?s <{relation}> ?o }}")
            self._here.bulk_extend(ox.Quad(s, ox.NamedNode(relation), _true(o)) for s, o in pairs)
            self._fetched.add(relation)
        return self._here.query(query, prefixes=dict(prefixes or {}))

    def _wrong(self) -> bool:
        """Whether the service is one that is known to answer some stored questions wrongly."""
        return re.match(r"Virtuoso/0?[1-7]\b", self.wire.server) is not None

    def query(self, query: str, *, prefixes: Mapping[str, str] | None = None) -> Any:
        """Ask. Gives solutions (SELECT), a QueryBoolean (ASK) or triples (CONSTRUCT, DESCRIBE), as a store does.

        Raises QueryError where the service refuses the query, GpsaError where it cannot be reached or breaks off.
        """
        query = _OPEN.sub("", query)
        masked = mask(query)
        form = _FORM.search(masked)
        if form is None:
            raise QueryError("it is no SELECT, ASK, CONSTRUCT or DESCRIBE")
        head = _prologue(masked, prefixes or {})
        if form[1].upper() in ("CONSTRUCT", "DESCRIBE"):
            return self._triples(head + query)
        response = self._post(head + query, _ROWS)
        cap = self._cap(response)
        answer = self._parsed(response)
        if isinstance(answer, ox.QueryBoolean):
            response.close()
            return answer
        select = _Select(head, query, masked, form.start())
        if cap is None:
            return Found(answer.variables, self._streamed(answer, response, select))
        first = list(self._streamed(answer, response, None))
        if len(first) < cap:
            return Found(answer.variables, first)
        return select.ordered(answer.variables, list(self._pages(select, answer.variables, cap)))

    def __len__(self) -> int:
        return self._count("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")

    def __iter__(self) -> Iterator[ox.Quad]:
        for s, p, o in self.query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }"):
            yield ox.Quad(s, p, o)

    def dump(self, **_: Any) -> bytes:
        """Every triple as N-Triples."""
        return "".join(f"{q.subject} {q.predicate} {q.object} .\n" for q in self).encode()

    def _post(self, query: str, accept: str) -> httpx.Response:
        return self.wire.send("POST", data={"query": query}, headers={"Accept": accept})

    def _cap(self, response: httpx.Response) -> int | None:
        """The most rows of one answer, where that is known. An answer that is partial by its own word is refused."""
        if response.headers.get("x-sql-state") == "S1TAT":
            response.close()
            raise QueryError(f"{self.wire.url} ran out of its own time and answered in part; ask for less, or raise its limit")
        said = response.headers.get("x-sparql-maxrows", "")
        if said.isdigit() and int(said) > 0:
            self.rows = min(int(said), self.rows or int(said))
        return self.rows

    def _parsed(self, response: httpx.Response) -> Any:
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if "json" not in kind:
            response.close()
            raise GpsaError(f"{self.wire.url} answers with {kind or 'something unnamed'}, not with SPARQL results; "
                            "name the address of the SPARQL endpoint itself")
        try:
            return ox.parse_query_results(io.BufferedReader(Body(response), 1 << 16), ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError, OSError) as error:
            response.close()
            raise self._broken(error, 0) from None

    def _broken(self, error: Exception, rows: int) -> GpsaError:
        why = " ".join(str(error).split())[:160]
        return GpsaError(f"the answer of {self.wire.url} broke off after {rows} rows and was not used: {why}; ask again")

    def _streamed(self, answer: ox.QuerySolutions, response: httpx.Response, select: _Select | None) -> Iterator[Any]:
        """The rows as they come; with `select`, an answer of a suspiciously round number of rows is counted again."""
        rows = 0
        try:
            for row in answer:
                rows += 1
                yield row
        except (SyntaxError, ValueError, OSError) as error:
            raise self._broken(error, rows) from None
        finally:
            response.close()
        if select is not None and rows and rows % _ROUND == 0 and (whole := self._count(select.count())) > rows:
            raise GpsaError(f"{self.wire.url} gave {rows} of {whole} rows and did not say so; "
                            f"set GPSA_ENDPOINT_ROWS={rows}, so that the rest is fetched in pages")

    def _count(self, query: str) -> int:
        response = self._post(query, _ROWS)
        (row,) = self._streamed(self._parsed(response), response, None)
        return int(row[0].value)

    def _triples(self, query: str) -> Iterator[Any]:
        response = self._post(query, _TRIPLES)
        self._cap(response)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        form = ox.RdfFormat.from_media_type(kind)
        if form is None:
            response.close()
            raise GpsaError(f"{self.wire.url} answers with {kind or 'something unnamed'}, not with triples; "
                            "name the address of the SPARQL endpoint itself")
        triples = 0
        try:
            for triple in ox.parse(io.BufferedReader(Body(response), 1 << 16), form):
                triples += 1
                yield triple
        except (SyntaxError, ValueError, OSError) as error:
            raise self._broken(error, triples) from None
        finally:
            response.close()

    def _pages(self, select: _Select, variables: Sequence[ox.Variable], cap: int) -> Iterator[tuple[Any, ...]]:
        """Every row of a query that has more than `cap`, in the order of its key."""
        after, seen, total = "", Counter[str](), 0
        while True:
            response = self._post(select.page(variables, after, cap), _ROWS)
            page = [tuple(row) for row in self._streamed(self._parsed(response), response, None)]
            known, fresh = seen.copy(), 0
            for *cells, key in page:
                said, row = key.value, tuple(cells)
                name = " ".join(map(str, row))
                if said == after and known[name]:
                    known[name] -= 1
                    continue
                if said != after:
                    after, seen = said, Counter()
                seen[name] += 1
                fresh += 1
                yield row
            total += fresh
            if len(page) < cap:
                break
            if not fresh:
                if self._count(select.count()) == total:  # the last page was full to the last row
                    return
                raise GpsaError(f"{self.wire.url} gives {cap} rows at once, and more than that are alike; ask with DISTINCT")
        if (whole := self._count(select.count())) != total:
            raise GpsaError(f"{self.wire.url} has {whole} rows, but its pages held {total}; it changed meanwhile, so ask again")


class _Select:
    """The text of a SELECT query, taken apart as far as pages need it."""

    def __init__(self, head: str, query: str, masked: str, start: int) -> None:
        self.head, self.query, self.masked, self.start = head, query, masked, start

    def _inner(self) -> tuple[str, str]:
        if re.search(r"\bFROM\b", self.masked[self.start:], re.IGNORECASE):
            raise GpsaError("the service cuts this answer, and a query with FROM cannot be asked in pages; "
                            "leave FROM out and add ?default-graph-uri=... to the address")
        return f"{self.head}{self.query[:self.start]}", f"{{ {self.query[self.start:]}\n}}"

    def count(self) -> str:
        prologue, inner = self._inner()
        return f"{prologue} SELECT (COUNT(*) AS ?n) WHERE {{ {inner} }}"

    def page(self, variables: Sequence[ox.Variable], after: str, cap: int) -> str:
        prologue, inner = self._inner()
        parts = f', "{_BETWEEN}", '.join(f'IF(BOUND(?{v.value}), STR(?{v.value}), "")' for v in variables) + ', ""'
        names = " ".join(f"?{v.value}" for v in variables)
        rest = f"FILTER(?{_KEY} >= \"{after}\")" if after else ""
        return (f"{prologue} SELECT {names} ?{_KEY} WHERE {{ {{ SELECT {names} (MD5(CONCAT({parts})) AS ?{_KEY}) WHERE {{ {inner} }} }} "
                f"{rest} }} ORDER BY ?{_KEY} LIMIT {cap}")

    def ordered(self, variables: Sequence[ox.Variable], rows: list[tuple[Any, ...]]) -> Found | ox.QuerySolutions:
        """The rows in the order that the query asks for, as the embedded engine sorts; in that of their text where it asks for none."""
        order = self._order()
        names = [v.value for v in variables]
        wanted = set(re.findall(r"[?$](\w+)", mask(order)))
        if not order or not wanted <= set(names) or any(isinstance(cell, (ox.BlankNode, ox.Triple)) for row in rows for cell in row):
            return Found(variables, rows)
        listed = " ".join(f"?{name}" for name in names)
        values = "\n".join("(" + " ".join("UNDEF" if cell is None else str(cell) for cell in row) + ")" for row in rows)
        text = f"{self.head}{self.query[:self.start]} SELECT {listed} WHERE {{ VALUES ({listed}) {{ {values} }} }} {order}"
        return ox.Store().query(text)  # type: ignore[return-value]

    def _order(self) -> str:
        """`ORDER BY ...` of the query itself, or nothing."""
        depth, last = 0, None
        for match in re.finditer(r"[{}]|\bORDER\s+BY\b", self.masked, re.IGNORECASE):
            if match[0] in "{}":
                depth += 1 if match[0] == "{" else -1
            elif depth == 0:
                last = match.start()
        if last is None:
            return ""
        end = _AFTER.search(self.masked, last)
        return self.query[last:end.start() if end else None]


def _true(term: Any) -> Any:
    """Virtuoso gives a boolean back as 1 or 0."""
    if isinstance(term, ox.Literal) and term.value in ("0", "1") and term.datatype.value.endswith("#boolean"):
        return ox.Literal(term.value == "1")
    return term


def mask(query: str) -> str:
    """The query with its texts, IRIs and remarks blanked, each letter in its place.

    >>> mask('ASK { ?s <http://a> "SELECT" } # why')
    'ASK { ?s            "      " }      '
    """
    def blank(match: re.Match[str]) -> str:
        said = match[0]
        if said[0] in "<#":
            return "".join("\n" if c == "\n" else " " for c in said)
        return said[0] + "".join("\n" if c == "\n" else " " for c in said[1:-1]) + said[-1]

    return _MASK.sub(blank, query)


def _prologue(masked: str, prefixes: Mapping[str, str]) -> str:
    """Declarations of the known prefixes that a query uses, on one line, so that its own lines keep their numbers."""
    used = set(re.findall(r"([A-Za-z][\w-]*):", masked))
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used & set(prefixes)))


def _rows_given() -> int | None:
    said = os.environ.get("GPSA_ENDPOINT_ROWS", "")
    if said and not (said.isdigit() and int(said) > 0):
        raise GpsaError(f"GPSA_ENDPOINT_ROWS is '{said}'; give the most rows that the service returns at once")
    return int(said) if said else None
