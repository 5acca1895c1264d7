"""A running site for tests: started as a user starts it, asked over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Live:
    """A site in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process, self.address = process, address
        self.port = urlsplit(address).port or 0

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, timeout: float = 90, **headers: str) -> Reply:
        """One request on a connection of its own; header names are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def query(self, text: str, accept: str = "application/sparql-results+json, text/turtle", **more: str) -> Reply:
        """A query by POST, as `application/sparql-query`."""
        extra = "&".join(f"{k.replace('_', '-')}={quote(v, safe='')}" for k, v in more.items())
        return self.ask(
            "/sparql" + (f"?{extra}" if extra else ""),
            "POST",
            text.encode("utf-8", "surrogatepass"),
            Content_Type="application/sparql-query",
            Accept=accept,
        )

    def workers(self) -> list[int]:
        """The processes of the query workers, oldest first."""
        found = []
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if (
                    folder.name.isdigit()
                    and f"PPid:\t{self.process.pid}\n" in (folder / "status").read_text()
                    and b"gpsa_graph.serve.worker" in (folder / "cmdline").read_bytes()
                ):
                    found.append(int(folder.name))
        return sorted(found)


@contextlib.contextmanager
def live(*options: str) -> Iterator[Live]:
    """Start `gpsa serve` on a free port, and end it with Ctrl-C."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gpsa_graph", "serve", "--port", "0", "--no-open", "--no-warm", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ.copy(),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line.startswith("http://"), f"gpsa serve did not start: {line} {process.stderr.read() if process.stderr else ''}"
        site = Live(process, line.rstrip("/"))
        for _ in range(600):
            with contextlib.suppress(OSError):
                if site.ask("/health").status == 200:
                    break
            time.sleep(0.1)
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
