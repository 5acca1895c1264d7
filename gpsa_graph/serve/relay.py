"""Queries of a site over a remote service: passed on to that one address, within the site's own limits of time, rows and bytes.

The service holds the graph and keeps its own guard; what a query may reach there is for the service to say. Nothing else is ever
asked, and a redirect is not followed.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, MissingExtra
from gpsa_graph.serve.limits import Limits
from gpsa_graph.serve.pool import Stopped
from gpsa_graph.serve.worker import graph_answer, rows_answer

if TYPE_CHECKING:
    import httpx

_ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, text/turtle;q=0.8"


class Relay:
    """Stands where the pool of workers stands."""

    def __init__(self, url: str, limits: Limits) -> None:
        try:
            import httpx  # noqa: F401
        except ImportError:
            raise MissingExtra("remote") from None
        self.url, self.limits = url, limits
        self._client: httpx.AsyncClient | None = None
        self._busy = self._waiting = 0
        self._turn = asyncio.Semaphore(limits.workers)

    async def open(self) -> None:
        """Get ready; GpsaError where the service does not answer."""
        import httpx

        self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=httpx.Timeout(self.limits.seconds, connect=5.0))
        try:
            await self.ask({"query": "ASK {}", "rows": "json", "graph": "nt", "most_rows": 1, "most_bytes": 10_000}, self.limits.seconds)
        except Stopped as stopped:
            raise GpsaError(f"{self.url} does not answer queries ({stopped.kind})") from None

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            await self._client.aclose()

    def state(self) -> dict[str, Any]:
        """Numbers for `/health`."""
        return {"workers": self.limits.workers, "busy": self._busy, "starting": 0, "waiting": self._waiting, "troubled": False}

    async def ask(self, request: dict[str, Any], seconds: float) -> tuple[dict[str, Any], bytes]:
        """Answer a request within `seconds`. Raises Stopped as the pool does."""
        if self._turn.locked() and self._waiting >= self.limits.queue:
            raise Stopped("queue")
        self._waiting += 1
        try:
            await asyncio.wait_for(self._turn.acquire(), self.limits.wait)
        except TimeoutError:
            raise Stopped("wait") from None
        finally:
            self._waiting -= 1
        self._busy += 1
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(request)
        except TimeoutError:
            raise Stopped("time") from None
        finally:
            self._busy -= 1
            self._turn.release()

    async def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        import httpx

        assert self._client is not None
        given = {"query": _declared(request["query"])}
        graphs = {f"{n}-graph-uri": list(request[n]) for n in ("default", "named") if request.get(n)}
        most = 3 * request["most_bytes"] + 1_000_000
        content = bytearray()
        try:
            async with self._client.stream("POST", self.url, data={**given, **graphs}, headers={"Accept": _ACCEPT}) as reply:
                status, kind = reply.status_code, reply.headers.get("content-type", "").partition(";")[0].strip().lower()
                async for part in reply.aiter_bytes():
                    content += part
                    if len(content) > most:
                        raise Stopped("memory")
        except httpx.TimeoutException:
            raise Stopped("time") from None
        except httpx.HTTPError:
            raise Stopped("crash") from None
        if status != 200:
            return _refusal(status, bytes(content)), b""
        return await asyncio.to_thread(_read, kind, bytes(content), request)


def _declared(text: str) -> str:
    """The query with the prefixes that it uses and does not declare, on a line of their own before it."""
    lines = [
        f"PREFIX {p}: <{start}>"
        for p, start in vocab.PREFIXES.items()
        if f"{p}:" in text and not re.search(rf"PREFIX\s+{p}\s*:", text, re.IGNORECASE)
    ]
    return " ".join([*lines, text])


def _refusal(status: int, content: bytes) -> dict[str, Any]:
    """What the service says against a query, in one line."""
    said = " ".join(re.sub(r"<[^>]*>", " ", content[:2_000].decode("utf-8", "replace")).split())[:300]
    if status == 400:
        return {"error": "engine", "message": f"the service refuses the query: {said}"}
    return {"error": "engine", "message": f"the service answers with status {status}: {said}"}


def _read(kind: str, content: bytes, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """An answer of the service in the form and within the limits of the request."""
    try:
        if "json" in kind and "ld+json" not in kind:
            return rows_answer(ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON), request)
        form = ox.RdfFormat.from_media_type(kind)
        if form is not None:
            return graph_answer((q.triple for q in ox.parse(content, format=form)), request)
    except (SyntaxError, ValueError) as error:
        return {"error": "engine", "message": f"the answer of the service cannot be read: {' '.join(str(error).split())[:200]}"}, b""
    return {"error": "engine", "message": f"the service answers with {kind or 'something unnamed'}, not with SPARQL results"}, b""
