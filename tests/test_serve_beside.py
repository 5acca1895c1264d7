"""The 34 W3C protocol tests sent to our endpoint and to Oxigraph's own server: what differs is listed here, with the reason."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.serve_live import Live
from tests.test_serve_protocol import ASKED, BAD, w3c, w3c_store

__all__ = ["w3c", "w3c_store"]

FORMS = {
    "query_content_type_select": "SELECT (1 AS ?value) {}",
    "query_content_type_ask": "ASK {}",
    "query_content_type_describe": "DESCRIBE <http://example.org/>",
    "query_content_type_construct": "CONSTRUCT { <a:s> <a:p> 1 } WHERE {}",
}
REQUESTS: dict[str, tuple[str, str, str | bytes | None, str | None]] = {
    **ASKED,
    **{name: ("GET", f"/sparql?query={quote(text)}", None, None) for name, text in FORMS.items()},
    **{name: (method, path, body, kind) for name, (method, path, body, kind, _) in BAD.items()},
}
#: Status and content type where the two differ, ours first. Every error of ours is problem details in JSON, theirs a line of text.
OURS_READ_ONLY = "one address for all: a query endpoint that refuses an update says that it takes none (400), or none of this type (415)"
NO_TYPE = "what is missing is the type of the content, and 415 says so"
TURTLE = "without Accept a graph comes as Turtle, which the W3C test names; N-Quads it does not name"
DEPARTURES: dict[str, tuple[tuple[int, str], tuple[int, str], str]] = {
    "query_content_type_describe": ((200, "text/turtle"), (200, "application/n-quads"), TURTLE),
    "query_content_type_construct": ((200, "text/turtle"), (200, "application/n-quads"), TURTLE),
    "bad_query_method": ((405, "problem"), (404, "text/plain"), "405 names the methods that are taken, in Allow; the address is there"),
    "bad_query_missing_form_type": ((415, "problem"), (400, "text/plain"), NO_TYPE),
    "bad_query_missing_direct_type": ((415, "problem"), (400, "text/plain"), NO_TYPE),
    "bad_query_non_utf8": ((415, "problem"), (400, "text/plain"), "the charset that the asker names is not taken"),
    **{name: ((BAD[name][4], "problem"), (403, "text/plain"), OURS_READ_ONLY) for name in BAD if "update" in name},
}


class Answered(NamedTuple):
    """What came back: status, kind of content, and the result as a value."""

    status: int
    kind: str
    result: Any


@pytest.fixture(scope="module")
def peer(w3c_store: Path) -> Iterator[int]:
    """Oxigraph's own server over the same graphs, on a free port."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    command = [binary, "serve-read-only", "--location", str(w3c_store), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(port: int, method: str, path: str, body: str | bytes | None, kind: str | None) -> Answered:
    """One request, sent as it stands."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body.encode() if isinstance(body, str) else body, {"Content-Type": kind} if kind else {})
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    media = str(answer.getheader("Content-Type")).partition(";")[0]
    shown = "problem" if media == "application/problem+json" else media
    result: Any = None
    if answer.status == 200 and media == "application/sparql-results+json":
        result = json.loads(content)
    elif answer.status == 200:
        form = ox.RdfFormat.from_media_type(media)
        assert form is not None
        result = {str(quad.triple) for quad in ox.parse(content, format=form)}
    return Answered(answer.status, shown, result)


@pytest.mark.parametrize("name", REQUESTS)
def test_both_answer_alike(w3c: Live, peer: int, name: str) -> None:
    """The same class of status and the same result; the status and the type of the content too, but for the departures above."""
    method, path, body, kind = REQUESTS[name]
    theirs_at = "/update" if "update" in name else "/query"
    ours = ask(w3c.port, method, path, body, kind)
    theirs = ask(peer, method, theirs_at + path.removeprefix("/sparql").removeprefix("/"), body, kind)
    assert ours.status // 100 == theirs.status // 100
    assert ours.result == theirs.result
    if name in DEPARTURES:
        assert (ours[:2], theirs[:2]) == DEPARTURES[name][:2]
        assert ours[:2] != theirs[:2]
    else:
        error = ours.status >= 400
        assert (ours.status, "text/plain" if error and ours.kind == "problem" else ours.kind) == theirs[:2]


def test_there_are_34_of_them() -> None:
    assert len(REQUESTS) == 34
    assert DEPARTURES.keys() < REQUESTS.keys()
