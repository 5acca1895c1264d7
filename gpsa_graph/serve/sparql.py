"""The SPARQL 1.1 Protocol, query side: GET, POST form, POST direct, datasets, forms of answers, errors with their place.

Source: W3C Recommendation "SPARQL 1.1 Protocol" (2013). Updates are refused. Every query runs in a worker (pool.py).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import unquote_to_bytes

from gpsa_graph.serve.clock import Clock
from gpsa_graph.serve.negotiate import Malformed, media_type, prefers_page, wanted
from gpsa_graph.serve.pool import Stopped
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.query_page import query_page
from gpsa_graph.serve.reasons import trouble_in_words, trouble_of
from gpsa_graph.serve.scan import scan

if TYPE_CHECKING:
    from gpsa_graph.serve.site import Site

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
CORS = ((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"X-Truncated, ETag, Retry-After"))
_PREFLIGHT = (
    *CORS,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"allow", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"86400"),
)
_NEVER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_BAD_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_PATIENCE, _FIELDS = 0.1, 200


class Left(Exception):
    """The asker has gone; there is nobody to answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as it was asked for: text, dataset, acceptable forms, and what the asker says of limits."""

    query: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    rows: str = "json"
    graph: str = "ttl"
    seconds: float = 0.0
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: its format, its form (select, ask, graph), its bytes, and the number of rows it was cut to (-1: whole)."""

    format: str
    form: str
    body: bytes
    cut: int = -1

    @property
    def etag(self) -> str:
        return f'"{blake2b(self.body, digest_size=8).hexdigest()}-{self.format}"'


class Endpoint:
    """The ASGI application at `/sparql`."""

    def __init__(self, site: Site) -> None:
        self.site, self.clock = site, Clock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        try:
            await self._serve(scope, headers, accept, receive, send)
        except Left:
            return
        except Trouble as trouble:
            page = scope["method"] in ("GET", "HEAD") and prefers_page(accept)
            body = self.site.page_of_trouble(trouble) if page else trouble.body()
            kind = b"text/html; charset=utf-8" if page else b"application/problem+json"
            extra = [(k.lower().encode(), v.encode()) for k, v in trouble.headers.items()]
            await _send(send, scope, trouble.status, body, kind, [*CORS, *extra])

    async def _serve(self, scope: Scope, headers: dict[bytes, bytes], accept: str, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method == "OPTIONS":
            await _send(send, scope, 204, b"", b"", list(_PREFLIGHT))
            return
        if method not in ("GET", "HEAD", "POST"):
            raise Trouble(405, "method", f"{method[:20]} is not taken; ask with GET or POST", headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        given = _pairs(scope["query_string"])
        text: str | None = None
        if method == "POST":
            kind = _content_type(headers.get(b"content-type", b"").decode("latin-1"))
            body = await read_body(receive, headers, self.site.limits.body * 1024, self.site.limits.idle)
            if kind == FORM:
                given += _pairs(body)
            else:
                text = _decoded(body)
        elif not given:
            await self._front(scope, accept, send)
            return
        page = method != "POST" and prefers_page(accept) and not any(k == "format" for k, _ in given)
        if page:
            status, content = await query_page(self, given, lambda asked: self._watched(asked, receive))
            await _send(send, scope, status, content, b"text/html; charset=utf-8", [(b"vary", b"Accept")])
            return
        asked = self.asked(given, accept, text)
        answer = await self._watched(asked, receive)
        await self._reply(scope, headers, answer, send)

    async def _front(self, scope: Scope, accept: str, send: Send) -> None:
        """Nothing is asked: the form for a reader, the service description for a machine."""
        if prefers_page(accept):
            await _send(
                send,
                scope,
                200,
                (await query_page(self, [], self.answer))[1],
                b"text/html; charset=utf-8",
                [(b"vary", b"Accept")],
            )
            return
        try:
            name = wanted(accept, "")[1]
        except Malformed as error:
            raise Trouble(400, "request", str(error)) from None
        if not name:
            raise Trouble(406, "accept", "the service description comes as Turtle, N-Triples, JSON-LD or RDF/XML")
        body = self.site.service_description(name)
        await _send(send, scope, 200, body, media_type(name).encode(), [*CORS, (b"vary", b"Accept")])

    def asked(self, given: list[tuple[str, str]], accept: str, text: str | None = None) -> Asked:
        """Read what is asked for; Trouble where it cannot be."""
        found: dict[str, list[str]] = {}
        for key, value in given:
            found.setdefault(key, []).append(value)
        if "update" in found or "using-graph-uri" in found or "using-named-graph-uri" in found:
            raise Trouble(400, "update", "this endpoint answers queries and takes no updates")
        for key in ("query", "timeout", "format", "strict"):
            if len(found.get(key, ())) > 1 or (key == "query" and text is not None and key in found):
                raise Trouble(400, "request", f"'{key}' is given twice")
        query = text if text is not None else found.get("query", [None])[0]
        if query is None:
            raise Trouble(400, "request", "no query is given: send query=...")
        limits = self.site.limits
        if len(query.encode("utf-8", "replace")) > limits.query * 1024:
            raise Trouble(413, "length", f"the query is longer than {limits.query} kB", limit="query")
        if bad := _NEVER.search(query):
            raise Trouble(
                400,
                "request",
                f"the query holds the character U+{ord(bad[0]):04X}, which no query may hold",
                line=query.count("\n", 0, bad.start()) + 1,
                column=bad.start() - query.rfind("\n", 0, bad.start()),
            )
        graphs = {name: tuple(found.get(f"{name}-graph-uri", ())) for name in ("default", "named")}
        for iri in (*graphs["default"], *graphs["named"]):
            if _BAD_IRI.search(iri) or ":" not in iri:
                raise Trouble(400, "parameter", "a graph is named by an absolute IRI")
        try:
            rows, graph = wanted(accept, found.get("format", [""])[0])
        except Malformed as error:
            raise Trouble(400, "request", str(error)) from None
        if not rows and not graph:
            raise Trouble(
                406,
                "accept",
                "answers come as SPARQL results in JSON, XML, CSV or TSV, or as Turtle, N-Triples, JSON-LD or RDF/XML",
            )
        return Asked(
            query.removeprefix("\ufeff"),
            graphs["default"],
            graphs["named"],
            rows,
            graph,
            _seconds(found.get("timeout", [""])[0], limits.seconds),
            found.get("strict", [""])[0].lower() in ("true", "1", "yes"),
        )

    async def answer(self, asked: Asked) -> Answer:
        """Answer a query from what is kept or by a worker; Trouble where it comes to none."""
        site, limits = self.site, self.site.limits
        looked = scan(asked.query, limits.nesting)
        if looked.fault:
            raise Trouble(
                400,
                looked.kind,
                looked.fault,
                line=looked.line,
                column=looked.column,
                limit="nesting" if looked.kind == "nesting" else None,
            )
        key = (asked.query, asked.default, asked.named, asked.rows, asked.graph)
        kept: Answer | None = site.answers.get(key)
        if kept is None:
            kept = await self._work(asked)
            if looked.lasting:
                site.answers.put(key, kept, len(kept.body) + len(asked.query) + 200)
        if kept.cut >= 0 and asked.strict:
            raise Trouble(
                413,
                "rows",
                f"the answer has more than {limits.rows} rows or {limits.megabytes} MB; narrow the query or use LIMIT",
                limit="rows",
            )
        return kept

    async def _work(self, asked: Asked) -> Answer:
        limits = self.site.limits
        request = {
            "query": asked.query,
            "default": asked.default,
            "named": asked.named,
            "rows": asked.rows,
            "graph": asked.graph,
            "most_rows": limits.rows,
            "most_bytes": limits.megabytes * 1_000_000,
        }
        try:
            about, body = await self.site.pool.ask(request, asked.seconds)
        except Stopped as stopped:
            raise trouble_of(stopped.kind, asked.seconds, self.site.limits) from None
        if "error" in about:
            raise trouble_in_words(about, limits)
        return Answer(about["format"], about["form"], body, about.get("cut", -1))

    async def _watched(self, asked: Asked, receive: Receive) -> Answer:
        """Answer; and where that takes a while, notice when the asker leaves, and stop."""
        task = asyncio.current_task()
        assert task is not None
        watcher: list[asyncio.Task[None]] = []
        gone = False

        async def watch() -> None:
            nonlocal gone
            while (await receive())["type"] != "http.disconnect":
                pass
            gone = True
            task.cancel()

        later = self.clock.later(_PATIENCE, lambda: watcher.append(asyncio.create_task(watch())))
        try:
            return await self.answer(asked)
        except asyncio.CancelledError:
            if not gone:
                raise
            task.uncancel()
            raise Left from None
        finally:
            later.cancel()
            for started in watcher:
                started.cancel()

    async def _reply(self, scope: Scope, headers: dict[bytes, bytes], answer: Answer, send: Send) -> None:
        etag = answer.etag.encode()
        more = [*CORS, (b"etag", etag), (b"vary", b"Accept"), (b"cache-control", b"no-cache")]
        if answer.cut >= 0:
            more.append((b"x-truncated", f"rows={answer.cut}".encode()))
        said = headers.get(b"if-none-match", b"")
        if said and (said.strip() == b"*" or etag in said):
            await _send(send, scope, 304, b"", b"", more)
            return
        await _send(send, scope, 200, marked(answer), media_type(answer.format).encode(), more)


def marked(answer: Answer) -> bytes:
    """The bytes of an answer; JSON rows that were cut say so in a member of their own."""
    if answer.cut >= 0 and answer.format == "json":
        return (
            b'{"truncated":{"rows":%d,"why":"the answer has more rows than one answer may have; see /limits"},' % answer.cut
            + answer.body[1:]
        )
    return answer.body


def _seconds(said: str, most: float) -> float:
    if not said:
        return most
    try:
        seconds = float(said)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise Trouble(400, "parameter", "timeout is a number of seconds above 0")
    return min(seconds, most)


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    """Names and values of a query string or form, decoded once; Trouble where they are not UTF-8."""
    try:
        parts = raw.decode("ascii").replace("+", " ").split("&")
        if len(parts) > _FIELDS:
            raise Trouble(400, "request", "there are too many parameters")
        pairs = (part.partition("=") for part in parts if part)
        return [(unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode()) for name, _, value in pairs]
    except UnicodeDecodeError:
        raise Trouble(400, "request", "the parameters are not percent-encoded UTF-8") from None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Trouble(400, "request", f"the query is not UTF-8 (byte {error.start})") from None


def _content_type(said: str) -> str:
    kind, _, rest = said.partition(";")
    kind = kind.strip().lower()
    if kind not in (FORM, DIRECT):
        update = " (updates are refused)" if kind == "application/sparql-update" else ""
        raise Trouble(415, "media", f"a query is sent as {FORM} or {DIRECT}, not as '{kind[:60]}'{update}")
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", rest, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Trouble(415, "media", f"a query is sent as UTF-8, not as {charset[1][:20]}")
    return kind


async def read_body(receive: Receive, headers: dict[bytes, bytes], most: int, patience: float) -> bytes:
    said = headers.get(b"content-length", b"0")
    if said.isdigit() and int(said) > most:
        raise Trouble(413, "length", f"a request is at most {most // 1024} kB long", limit="body", headers={"Connection": "close"})
    content = bytearray()
    while True:
        try:
            message = await asyncio.wait_for(receive(), patience)
        except TimeoutError:
            raise Trouble(408, "request", "the request did not arrive in time", headers={"Connection": "close"}) from None
        if message["type"] == "http.disconnect":
            raise Left
        content += message.get("body", b"")
        if len(content) > most:
            raise Trouble(413, "length", f"a request is at most {most // 1024} kB long", limit="body", headers={"Connection": "close"})
        if not message.get("more_body"):
            return bytes(content)


async def _send(send: Send, scope: Scope, status: int, body: bytes, kind: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    if kind:
        headers = [(b"content-type", kind), *headers]
    if status not in (204, 304):
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
