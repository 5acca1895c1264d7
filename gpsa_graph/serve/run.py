"""Runs the site on a port: loopback unless asked, slow connections closed, Ctrl-C ends it cleanly."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import uvicorn

from gpsa_graph.errors import GpsaError
from gpsa_graph.serve import sandbox
from gpsa_graph.serve.alike import warm as warm_up
from gpsa_graph.serve.app import make_app
from gpsa_graph.serve.clock import Clock
from gpsa_graph.serve.extra import start_explorer
from gpsa_graph.serve.site import Site


class _Loop:
    """What uvicorn's protocol asks the event loop for: tasks, and a timer after each answer, which is an alarm here."""

    def __init__(self, loop: asyncio.AbstractEventLoop, clock: Clock) -> None:
        self.create_task, self.call_later = loop.create_task, clock.later


def _patient(idle: int) -> Any:
    """uvicorn's HTTP protocol, which closes a connection that sends no whole request head in time."""
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as Protocol
    except ImportError:
        from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol  # type: ignore[assignment]

    clock = Clock()

    class Patient(Protocol):  # type: ignore[misc, valid-type]
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop: Any = _Loop(self.loop, clock)
            self._last = id(None)
            self._clock = asyncio.get_running_loop().call_later(idle, self._look)

        def _look(self) -> None:
            if self.transport.is_closing():
                return
            if self.cycle is None or self.cycle.response_complete:
                if self._last == id(self.cycle):
                    self.transport.close()
                    return
                self._last = id(self.cycle)
            self._clock = asyncio.get_running_loop().call_later(idle, self._look)

        def connection_lost(self, error: Exception | None) -> None:
            self._clock.cancel()
            super().connection_lost(error)

    return Patient


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; GpsaError where the port is taken or the name is not of this machine. Port 0 is any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen()  # who asks between now and the start of the server waits, and is not refused
    except OSError as error:
        door.close()
        raise GpsaError(
            f"{host}:{port} cannot be used: {error.strerror or error}; choose another with --port (0 is any free one)"
        ) from None
    return door


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    return host in ("localhost", "::1") or host.startswith("127.")


def check_shields(host: str) -> None:
    """GpsaError where strangers could reach a site whose queries the kernel does not hold."""
    if not is_loopback(host) and not sandbox.available():
        raise GpsaError("queries cannot be shut in on this system (Linux on x86-64 or 64-bit ARM is needed); serve on 127.0.0.1 only")


def run(site: Site, door: socket.socket, *, warm: bool = False) -> None:
    """Serve until interrupted; `warm` begins to make the explorer at once."""
    limits = site.limits
    config = uvicorn.Config(
        make_app(site),
        http=_patient(limits.idle),
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=limits.idle,
        limit_concurrency=limits.connections,
        h11_max_incomplete_event_size=65_536,
        timeout_graceful_shutdown=2,
        ws="none",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    if warm:
        start_explorer(site)
        threading.Thread(target=warm_up, args=(site,), daemon=True).start()
    try:
        server.run(sockets=[door])
    except KeyboardInterrupt:
        pass
    finally:
        site.close()
