"""The limits of the site: each a setting with a number, shown at `/limits` and in the service description."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


def _limit(default: float, unit: str, about: str, past: str) -> Any:
    return field(default=default, metadata={"unit": unit, "about": about, "past": past})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one asker may use. `gpsa serve` has an option for each.

    >>> Limits(seconds=2).seconds
    2
    """

    seconds: float = _limit(
        10.0, "s", "time a query may run; an asker may lower it with timeout=, never raise it", "503, and the query is stopped"
    )
    memory: int = _limit(1024, "MB", "memory a query may use", "503, and the query is stopped")
    rows: int = _limit(10_000, "rows", "rows or triples in an answer", "200 with the header X-Truncated; with strict=true 413")
    megabytes: int = _limit(20, "MB", "size of an answer", "200 with the header X-Truncated; with strict=true 413")
    query: int = _limit(64, "kB", "length of a query text", "413, and the query is not run")
    nesting: int = _limit(128, "levels", "brackets, groups or signs within each other", "400 with the position")
    body: int = _limit(1024, "kB", "length of a request body", "413, and the connection is closed")
    workers: int = _limit(2, "processes", "queries answered at the same time", "others wait")
    queue: int = _limit(16, "queries", "queries that may wait", "503 with Retry-After")
    wait: float = _limit(5.0, "s", "time a query waits for its turn", "503 with Retry-After")
    idle: int = _limit(10, "s", "time for the head of a request, and between two requests of a connection", "the connection is closed")
    connections: int = _limit(256, "connections", "connections at the same time", "503, and none waits")
    cache: int = _limit(32, "MB", "answers kept to be given again; 0 keeps none", "the oldest are forgotten")

    def listed(self) -> list[dict[str, Any]]:
        """Name, value, unit, meaning and what happens past it, of each limit, in order."""
        return [{"name": f.name, "value": getattr(self, f.name), **f.metadata} for f in fields(self)]
