"""Publishing the graph to a SPARQL 1.1 service, in batches that can be gone on with after an interruption.

Protocols: SPARQL 1.1 Update (`INSERT DATA`) and SPARQL 1.1 Graph Store HTTP Protocol (`POST`, W3C 2013). Triples are a set, so a
batch that is sent twice counts once; blank nodes become IRIs first (skolemisation, RDF 1.1 Concepts section 3.5).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.service import Service
from gpsa_graph.graph.wire import Wire
from gpsa_graph.resources import cache_folder

PROTOCOLS = ("update", "graph-store")
#: Triples of one batch: services limit the length of an update, hardly that of a file.
BATCH = {"update": 1_000, "graph-store": 50_000}
_READ = {"update": "query", "store": "query", "data": "query", "statements": "",
         "sparql-auth": "sparql", "sparql-graph-crud-auth": "sparql"}


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did: triples of the graph, of them sent now, and in the service before and after."""

    triples: int
    sent: int
    before: int
    after: int


def push(kg: KnowledgeGraph, url: str, *, graph: str = "", protocol: str = "update", check: str = "", batch: int = 0,
         told: Callable[[int], None] = lambda _: None) -> Pushed:
    """Add every triple of a graph to a service at its update address (or graph store address), and count them there.

    `graph` is the IRI of the graph to add to, the default graph where it is empty; `check` the address that counts, guessed
    from `url` where it is empty. After an interruption the same call goes on behind the last batch that was confirmed. Raises
    GpsaError or QueryError where the service cannot be reached, refuses a batch, or holds another number of triples at the end.
    """
    if graph and (any(c in graph for c in '<>"{}|^`\\ \n') or not urlsplit(graph).scheme):
        raise GpsaError(f"'{graph[:80]}' is no IRI for a graph; write it whole, such as https://example.org/graph")
    wire, reader = Wire(url), Service(check or _reading(url))
    size = batch or BATCH[protocol]
    note = _Note(vocab.digest("push", url, graph, protocol, str(size)))
    before = note.before if note.before is not None else _count(reader, graph)
    note.begin(before)
    total = sent = number = 0
    running = blake2b(digest_size=16)
    confirmed = note.digest
    for number, lines in enumerate(_batches(kg, size), 1):
        total += len(lines)
        content = "".join(lines)
        running.update(content.encode())
        if number < note.batches or (number == note.batches and running.hexdigest() == confirmed):
            continue
        if number == note.batches:  # the graph is another one than last time: begin at its first batch
            note.forget()
            return push(kg, url, graph=graph, protocol=protocol, check=check, batch=batch, told=told)
        _send(wire, protocol, graph, content)
        sent += len(lines)
        note.confirm(number, running.hexdigest())
        told(total)
    if number < note.batches:
        note.forget()
        return push(kg, url, graph=graph, protocol=protocol, check=check, batch=batch, told=told)
    after = _count(reader, graph)
    if after < max(before, total) or (before == 0 and after != total):
        note.forget()
        raise GpsaError(f"{url} was sent {total} triples and holds {after} (before: {before}); look at its log and push again")
    note.forget()
    return Pushed(total, sent, before, after)


def _send(wire: Wire, protocol: str, graph: str, content: str) -> None:
    if protocol == "update":
        inside = f"GRAPH <{graph}> {{\n{content}}}" if graph else f"\n{content}"
        wire.send("POST", content=f"INSERT DATA {{ {inside} }}".encode(), headers={"Content-Type": "application/sparql-update"}).close()
    else:
        parts = urlsplit(wire.url)
        named = urlencode({"graph": graph}) if graph else "default"
        where = urlunsplit(parts._replace(query=f"{parts.query}&{named}" if parts.query else named))
        wire.send("POST", url=where, content=content.encode(), headers={"Content-Type": "application/n-triples"}).close()


def _batches(kg: KnowledgeGraph, size: int) -> Iterator[list[str]]:
    """The triples as lines, in the order of the store, `size` at a time."""
    lines: list[str] = []
    for quad in kg.triples():
        lines.append(f"{_iri(quad.subject)} {quad.predicate} {_iri(quad.object)} .\n")
        if len(lines) == size:
            yield lines
            lines = []
    if lines:
        yield lines


def _iri(term: Any) -> str:
    return vocab.skolem(term.value) if isinstance(term, ox.BlankNode) else str(term)


def _reading(url: str) -> str:
    """The address that usually answers queries beside an update or graph store address."""
    parts = urlsplit(url)
    head, _, last = parts.path.rstrip("/").rpartition("/")
    return urlunsplit(parts._replace(path=f"{head}/{_READ[last]}".rstrip("/"), query="")) if last in _READ else url


def _count(reader: Service, graph: str) -> int:
    pattern = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
    (row,) = reader.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    return int(row[0].value)


class _Note:
    """How far a push has come, in the cache folder: batches that were confirmed, and a digest of what was in them."""

    def __init__(self, name: str) -> None:
        self._path = cache_folder() / f"push-{name}.json"
        self.batches, self.digest, self.before = 0, "", None
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(self._path.read_text("utf-8"))
            self.batches, self.digest, self.before = int(kept["batches"]), str(kept["digest"]), int(kept["before"])

    def begin(self, before: int) -> None:
        self.before = before
        self._write()

    def confirm(self, batches: int, digest: str) -> None:
        self.batches, self.digest = batches, digest
        self._write()

    def _write(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = Path(f"{self._path}.{os.getpid()}")
            new.write_text(json.dumps({"batches": self.batches, "digest": self.digest, "before": self.before}), "utf-8")
            os.replace(new, self._path)
        except OSError as error:
            raise OutputError(f"'{self._path.parent}' cannot be written: {(error.strerror or str(error)).lower()}; "
                              "set GPSA_CACHE to a folder that can") from None

    def forget(self) -> None:
        with suppress(OSError):
            self._path.unlink()
