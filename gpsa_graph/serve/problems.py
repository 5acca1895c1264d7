"""Errors as answers: problem details in JSON (RFC 9457), or a page for a reader."""

from __future__ import annotations

import json
from typing import Any

from gpsa_graph import vocab

_TITLES = {
    "syntax": "The query does not parse",
    "service": "No requests to other services",
    "update": "Read-only",
    "nesting": "The query nests too deeply",
    "time": "The query took too long",
    "memory": "The query used too much memory",
    "crash": "The query was stopped",
    "queue": "Too many queries wait",
    "wait": "The query waited too long",
    "closing": "The site is closing",
    "length": "Too long",
    "media": "This media type is not taken",
    "accept": "No acceptable form",
    "request": "The request is not right",
    "rows": "The answer is too large",
    "missing": "Not here",
    "method": "This method is not taken",
    "engine": "The query cannot be answered",
    "host": "This name is not served here",
    "failure": "The site failed",
    "parameter": "A parameter is not right",
}


class Trouble(Exception):
    """Something that ends a request with an error. `status` is that of HTTP; `kind` a short name from the table above."""

    def __init__(self, status: int, kind: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail, self.more = status, kind, detail, more
        self.headers = headers or {}

    @property
    def title(self) -> str:
        return _TITLES[self.kind]

    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        return {
            "type": f"{vocab.BASE}limits#{self.kind}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            **{k: v for k, v in self.more.items() if v is not None},
        }

    def body(self) -> bytes:
        return json.dumps(self.document(), ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
