"""The guard before every request: known hosts only, no odd paths, and the headers that every answer carries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.sparql import Message, Receive, Scope, Send

PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
_FOR_PAGES, _FOR_FILES = (
    (b"content-security-policy", PAGE_POLICY),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_PATH = re.compile(r"[^\x00-\x1f\x7f\\]*\Z")
_LONGEST = 8_192
#: Longest query string: a query of its own limit, percent-encoded.
_QUERY = 3 * 65_536 + 4_096


class Guard:
    """The outermost ASGI application: `direct` maps paths to applications that need no routing, all else goes to `app`."""

    def __init__(self, app: Any, hosts: frozenset[str], direct: Mapping[str, Any]) -> None:
        self.app, self.hosts, self.direct = app, hosts, direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                names = dict(headers)
                if b"content-security-policy" in names or message["status"] == 304:  # what is kept keeps its policy
                    message["headers"] = [*headers, *_ALWAYS]
                else:
                    page = names.get(b"content-type", b"").startswith(b"text/html")
                    message["headers"] = [*headers, *_ALWAYS, _FOR_PAGES if page else _FOR_FILES]
            await send(message)

        trouble = self._trouble(scope)
        if trouble is not None:
            body = trouble.body()
            await safe(
                {
                    "type": "http.response.start",
                    "status": trouble.status,
                    "headers": [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())],
                }
            )
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
            return
        await self.direct.get(scope["path"], self.app)(scope, receive, safe)

    def _trouble(self, scope: Scope) -> Trouble | None:
        hosts = [v for k, v in scope["headers"] if k == b"host"]
        if len(hosts) != 1 or _name(hosts[0].decode("latin-1")) not in self.hosts:
            return Trouble(421, "host", "this address is not served here; `gpsa serve --allow-host NAME` adds a name")
        path = scope["path"]
        if path.startswith("//") or not _PATH.match(path) or any(p in ("..", "..;") for p in path.split("/")):
            return Trouble(404, "missing", "there is no such page")
        if len(path) > _LONGEST or len(scope["query_string"]) > _QUERY:
            return Trouble(414, "length", "the address is too long; send the query by POST")
        return None


def _name(host: str) -> str:
    """A host without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()
