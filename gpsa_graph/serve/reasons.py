"""Why a query came to no answer, in words: the limit it met and how to narrow it, or its fault and where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gpsa_graph.serve.problems import Trouble

if TYPE_CHECKING:
    from gpsa_graph.serve.limits import Limits


def trouble_of(kind: str, seconds: float, limits: Limits) -> Trouble:
    """The trouble of a query that was stopped: time, memory, queue, wait, closing or crash."""
    if kind == "time":
        return Trouble(
            503,
            "time",
            f"the query was stopped after {seconds:g} s; narrow it (fewer open patterns, a LIMIT, one country or mechanism)",
            limit="seconds",
            value=seconds,
        )
    if kind == "memory":
        return Trouble(
            503,
            "memory",
            f"the query was stopped at {limits.memory} MB of memory; narrow it or sort and join less",
            limit="memory",
            value=limits.memory,
        )
    if kind in ("queue", "wait"):
        detail = (
            f"{limits.queue} queries wait already; ask again in a few seconds"
            if kind == "queue"
            else f"the query waited {limits.wait:g} s for its turn; ask again in a few seconds"
        )
        return Trouble(503, kind, detail, limit=kind, headers={"Retry-After": "5"})
    if kind == "closing":
        return Trouble(503, "closing", "the site is closing; ask again when it is back", headers={"Retry-After": "10"})
    return Trouble(
        503,
        "crash",
        "the process that answered this query ended before it had an answer; ask again, or write the query another way",
        headers={"Retry-After": "1"},
    )


def trouble_in_words(about: Mapping[str, Any], limits: Limits) -> Trouble:
    """What a worker says of a query that has no answer."""
    message = str(about["message"])
    if about["error"] == "memory":
        return trouble_of("memory", 0, limits)
    if about["error"] == "form":
        form = "Turtle, N-Triples, JSON-LD or RDF/XML" if message == "graph" else "SPARQL results in JSON, XML, CSV or TSV"
        return Trouble(406, "accept", f"the answer to this query comes as {form}")
    if "os error 13" in message:
        return Trouble(400, "service", "SERVICE is refused: this endpoint makes no request to any other")
    where = re.match(r"(?:error at )?(\d+):(\d+): ", message)
    plain = " ".join(message[where.end() :].split() if where else message.split())
    if plain.startswith("expected "):  # the engine lists its grammar; a reader needs the place, and the plain words among them
        found = [w for w in re.findall(r'"([^"\s]{1,9})"|\b([A-Z]{3,})\b', plain) if any(w)]
        words = list(dict.fromkeys(a or b for a, b in found))[:6]
        plain = "the query does not go on here as SPARQL does" + (f"; what may follow begins {', '.join(words)}" if words else "")
    if len(plain) > 200:
        plain = plain[:197] + "..."
    line, column = (int(where[1]), int(where[2])) if where else (None, None)
    if about["error"] == "syntax":
        return Trouble(400, "syntax", plain or "the query is empty", line=line or 1, column=column or 1)
    return Trouble(400, "engine", plain)
