"""A query worker: a process of its own that holds the graph and answers one query after another.

It holds the graph in memory where the triples lie packed beside the store (which asks a quarter of the time or less), and reads
the read-only store on disk otherwise.

It reads a request from its socket (a length, then JSON), answers it and writes two lengths, what is to be known (JSON) and the
answer (bytes).
Before it takes the first query the kernel shields are up and a thread with a deep stack runs; a query that breaks it ends
this process and no other. Started as `python -m gpsa_graph.serve.worker DESCRIPTOR STORE MEMORY`.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.graph.compiled import in_memory
from gpsa_graph.serve import sandbox

STACK = 256 * 1_048_576
#: Seconds after which a query may have left much memory in use.
_LONG = 0.05
#: What is nearly always all that is to be known of an answer.
_USUAL = {"format", "form"}
#: What may be a prefix, whole: linear in the length of the text.
_NAMED = re.compile(r"(?<![a-z-])([a-z-]++):")
REQUEST, ANSWER = struct.Struct("!I"), struct.Struct("!II")
ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML}
#: For each format, what ends a row (at most: texts may hold it too) and the pattern that skips texts to find the true ends.
_ENDS = {
    "json": (b"},{", re.compile(rb'"(?:[^"\\]|\\.)*+"|(\},)\{', re.DOTALL), b"}]}}"),
    "xml": (b"</result>", re.compile(rb"(</result>)"), b"</results></sparql>"),
    "csv": (b"\r\n", re.compile(rb'"(?:[^"]|"")*+"|(\r\n)'), b""),
    "tsv": (b"\n", re.compile(rb"(\n)"), b""),
}


class _Enough(Exception):
    """The answer has grown past its limits."""


class Sink:
    """Collects an answer of rows until it holds more rows or bytes than it may; the engine writes to it in large pieces."""

    def __init__(self, fmt: str, rows: int, most: int) -> None:
        self.content = bytearray()
        self._end, self._true, self._close = _ENDS[fmt]
        self._heads = 1 if fmt in ("csv", "tsv") else 0
        self._rows, self._most, self._seen, self._spare = rows, most, 0, rows + 1 + self._heads
        self._json = fmt == "json"

    def flush(self) -> None:
        """Nothing is held back."""

    def write(self, chunk: Any) -> int:
        start = max(0, len(self.content) - len(self._end) + 1)
        self.content += chunk
        self._seen += self.content.count(self._end, start)
        if len(self.content) > self._most:
            raise _Enough
        if self._seen > self._spare:
            true = sum(1 for m in self._true.finditer(self.content) if m[1])
            if true > self._spare:
                raise _Enough
            self._spare += self._seen - true
        return len(chunk)

    def past(self) -> bool:
        """Whether there are perhaps more rows, or more bytes, than there may be."""
        return self._seen > self._rows or len(self.content) > self._most

    def surely_whole(self) -> bool:
        """Whether nothing needs to be cut, as a count shows without looking at texts."""
        return self._seen < self._rows and len(self.content) <= self._most

    def cut(self) -> tuple[bytes, int]:
        """The whole rows that fit, closed as the format asks, and their number; all of them with -1 where nothing is cut."""
        wanted = self._rows + self._heads
        ends = [m.end(1) for m in islice((m for m in self._true.finditer(self.content) if m[1]), wanted + 1)]
        fits = [e for e in ends[:wanted] if e <= self._most]
        if len(self.content) <= self._most and len(ends) <= wanted - (1 if self._json else 0):
            return bytes(self.content), -1
        at = fits[-1] if fits else 0
        if self._json:
            head = bytes(self.content[: at - 1]) if fits else bytes(self.content[: self.content.index(b'"bindings":[') + 12])
            return head + b"]}}", len(fits)
        return bytes(self.content[:at]) + self._close, max(0, len(fits) - self._heads)


def answer(store: ox.Store, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Answer one request: what is to be known about the answer, and its bytes."""
    try:
        return _answer(store, asked)
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error)}, b""
    except MemoryError:
        return {"error": "memory", "message": ""}, b""
    except (ValueError, RuntimeError, OSError) as error:
        return {"error": "engine", "message": " ".join(str(error).split())[:300]}, b""


def _answer(store: ox.Store, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    graphs = [ox.NamedNode(g) for g in asked.get("default", ())]
    named = [ox.NamedNode(g) for g in asked.get("named", ())]
    dataset = {"default_graph": graphs, "named_graphs": named} if graphs or named else {}
    text = asked["query"]
    prefixes = {name: vocab.PREFIXES[name] for name in set(_NAMED.findall(text)) if name in vocab.PREFIXES}
    found = store.query(text, prefixes=prefixes, **dataset)  # type: ignore[arg-type]
    return graph_answer(found, asked) if isinstance(found, ox.QueryTriples) else rows_answer(found, asked)


def rows_answer(found: Any, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Solutions or a boolean in the format that is asked for, cut to the rows and bytes that there may be."""
    fmt = asked["rows"]
    if not fmt:
        return {"error": "form", "message": "rows"}, b""
    if isinstance(found, ox.QueryBoolean):
        body = found.serialize(format=ROWS[fmt])
        assert body is not None
        return {"format": fmt, "form": "ask"}, body
    sink = Sink(fmt, asked["most_rows"], asked["most_bytes"])
    try:
        found.serialize(output=sink, format=ROWS[fmt])  # type: ignore[arg-type]
    except (_Enough, OSError, ValueError):
        if not sink.past():
            raise
    if sink.surely_whole():
        return {"format": fmt, "form": "select"}, bytes(sink.content)
    body, rows = sink.cut()
    if rows < 0:
        return {"format": fmt, "form": "select"}, body
    return {"format": fmt, "form": "select", "cut": rows}, body


def graph_answer(triples: Iterable[ox.Triple], asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Triples in the format that is asked for, sorted, cut to the number and bytes that there may be."""
    fmt = asked["graph"]
    if not fmt:
        return {"error": "form", "message": "graph"}, b""
    kept = list(islice(triples, asked["most_rows"] + 1))
    about: dict[str, Any] = {"format": fmt, "form": "graph"}
    if len(kept) > asked["most_rows"]:
        kept.pop()
        about["cut"] = len(kept)
    ordered = sorted(set(kept), key=str)
    body = ox.serialize(ordered, format=GRAPHS[fmt], prefixes=_used(ordered) if fmt in ("ttl", "rdf") else None)
    assert body is not None
    if len(body) > asked["most_bytes"]:
        share = asked["most_bytes"] / len(body) * 0.9
        about["cut"] = int(len(ordered) * share)
        body = ox.serialize(ordered[: about["cut"]], format=GRAPHS[fmt], prefixes=vocab.PREFIXES if fmt in ("ttl", "rdf") else None)
        assert body is not None
    return about, body


def _used(triples: list[ox.Triple]) -> dict[str, str]:
    """The prefixes that the triples need."""
    iris = {t.value for triple in triples for t in (triple.subject, triple.predicate, triple.object) if isinstance(t, ox.NamedNode)}
    iris |= {t.object.datatype.value for t in triples if isinstance(t.object, ox.Literal)}
    names = {vocab.shorten(iri).partition(":")[0] for iri in iris}
    return {n: start for n, start in vocab.PREFIXES.items() if n in names}


def requests(door: socket.socket) -> Iterator[dict[str, Any]]:
    """The requests that come through the door, until the other side hangs up."""
    content, part = bytearray(), memoryview(bytearray(1 << 16))  # a new piece of memory for each would cost a call of the kernel
    while size := door.recv_into(part):
        content += part[:size]
        while len(content) >= REQUEST.size and len(content) >= (end := REQUEST.size + REQUEST.unpack_from(content)[0]):
            yield json.loads(content[REQUEST.size : end])
            del content[:end]


@lru_cache
def _told(format: str, form: str) -> bytes:
    return json.dumps({"format": format, "form": form}).encode()


def run(door: socket.socket, store: ox.Store, memory: int) -> None:
    """Answer requests until the other side hangs up."""
    for asked in requests(door):
        began = time.perf_counter()
        about, body = answer(store, asked)
        if time.perf_counter() - began > _LONG:
            about["tired"] = sandbox.memory_in_use() > memory // 2
        known = _told(**about) if about.keys() == _USUAL else json.dumps(about).encode()
        head = ANSWER.pack(len(known), len(body)) + known
        if len(body) < 1 << 17:
            door.sendall(head + body)
        else:
            door.sendall(head)
            door.sendall(body)


def opened(folder: Path) -> ox.Store:
    """The store in a folder: in memory, where its packed triples lie beside it."""
    return in_memory(folder.parent) or ox.Store.read_only(str(folder))


def main() -> None:
    descriptor, folder, memory = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    door = socket.socket(fileno=descriptor)
    if sandbox.available():
        sandbox.end_with_parent()
    store = opened(Path(folder))
    bool(store.query("ASK { ?s ?p ?o }"))
    threading.stack_size(STACK)
    ready = threading.Event()

    def work() -> None:
        ready.wait()
        try:
            run(door, store, memory)
        except (OSError, ValueError):
            os._exit(1)
        os._exit(0)

    thread = threading.Thread(target=work)
    if sandbox.available():
        sandbox.refuse_network()
        sandbox.limit_memory(memory + STACK // 1_048_576)
    thread.start()
    door.sendall(ANSWER.pack(2, 0) + b"{}")
    ready.set()
    thread.join()


if __name__ == "__main__":
    main()
