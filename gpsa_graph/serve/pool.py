"""The pool: keeps query workers ready, gives each query to one, and ends a worker that takes too much.

One event loop owns it; nothing here is shared between threads. A worker that is stopped or dies costs its asker a clear
sentence and nobody else anything: shortly before a query reaches its time limit a successor is started, so that the next
query finds a worker ready.
"""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from gpsa_graph.serve.clock import Clock
from gpsa_graph.serve.limits import Limits
from gpsa_graph.serve.worker import ANSWER, REQUEST

_MINUTE, _DEATHS, _PAUSE, _HEADSTART, _AT_ONCE = 60.0, 5, 5.0, 1.5, 0.05


class Stopped(Exception):
    """A query came to no answer. `kind` is time, memory, crash, queue, wait or closing."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@lru_cache(256)  # what is to be known is nearly always one of a few things
def _known(text: bytes) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(text))


class Worker:
    """One process and the socket to it."""

    def __init__(self, store: str, memory: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gpsa_graph.serve.worker", str(theirs.fileno()), store, str(memory)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.setblocking(False)
        self.door, self.reason = ours, ""
        self._loop = asyncio.get_running_loop()
        self._part, self._read = memoryview(bytearray(1 << 18)), bytearray()
        self.waiting: asyncio.Future[tuple[Mapping[str, Any], bytes]] | None = self._loop.create_future()
        self.ended = self._loop.create_future()
        self._loop.add_reader(ours.fileno(), self._readable)

    def _readable(self) -> None:
        try:
            size = self.door.recv_into(self._part)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            size = 0
        if not size:
            self._gone()
            return
        self._read += self._part[:size]
        if len(self._read) < ANSWER.size:
            return
        known, body = ANSWER.unpack_from(self._read)
        if len(self._read) < ANSWER.size + known + body:
            return
        content = self._read
        self._read = bytearray()
        if self.waiting is not None and not self.waiting.done():
            at = ANSWER.size + known
            self.waiting.set_result((_known(bytes(content[ANSWER.size : at])), bytes(memoryview(content)[at:])))

    def _gone(self) -> None:
        if self.door.fileno() >= 0:
            self._loop.remove_reader(self.door.fileno())
            self.door.close()
        if not self.ended.done():
            self.ended.set_result(None)
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Stopped(self.reason or "crash"))
            self.waiting.exception()

    async def ask(self, request: bytes) -> tuple[Mapping[str, Any], bytes]:
        """Send a request and wait for its answer; Stopped when the worker ends."""
        self.waiting = self._loop.create_future()
        frame = REQUEST.pack(len(request)) + request
        try:
            sent = self.door.send(frame)
            if sent < len(frame):
                await self._loop.sock_sendall(self.door, frame[sent:])
        except BlockingIOError:
            await self._loop.sock_sendall(self.door, frame)
        except OSError:
            self._gone()
        return await self.waiting

    def stop(self, reason: str) -> None:
        """End the process at once; whoever waits for it hears the reason."""
        self.reason = self.reason or reason
        self.process.kill()
        self._gone()

    def code(self) -> int:
        """Wait for the process to be gone, and how it ended (blocks; for a thread)."""
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class Pool:
    """Workers, the queue before them, and the answers that are kept."""

    def __init__(self, store: str, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self._idle: deque[Worker] = deque()
        self._all: set[Worker] = set()
        self._starting: set[Worker] = set()
        self._heirs: deque[Worker] = deque()
        self._queue: deque[asyncio.Future[Worker]] = deque()
        self._deaths: deque[float] = deque(maxlen=_DEATHS)
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self.clock = Clock()

    async def open(self) -> None:
        """Start the workers and wait until they are ready."""
        await asyncio.gather(*(self._add() for _ in range(self.limits.workers)))
        if not self._all:
            raise RuntimeError("no query worker starts")

    async def close(self) -> None:
        """End every worker and wait for it."""
        self._closing = True
        for worker in [*self._all, *self._heirs]:
            worker.stop("closing")
        for waiter in self._queue:
            if not waiter.done():
                waiter.set_exception(Stopped("closing"))
        everyone = [*self._all, *self._heirs]
        await asyncio.gather(*(asyncio.to_thread(w.code) for w in everyone))
        for task in list(self._tasks):
            task.cancel()

    def state(self) -> dict[str, Any]:
        """Numbers for `/health`: workers, how many of them answer or start, queries that wait, and whether workers die too often."""
        return {
            "workers": len(self._all),
            "busy": len(self._all) - len(self._idle) - len(self._starting),
            "starting": len(self._starting),
            "waiting": len(self._queue),
            "troubled": self._troubled(),
        }

    def _troubled(self) -> bool:
        return len(self._deaths) == _DEATHS and time.monotonic() - self._deaths[0] < _MINUTE

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _add(self, worker: Worker | None = None) -> None:
        """Take a worker (or a new one) into service when it is ready."""
        worker = worker or Worker(self.store, self.limits.memory)
        self._all.add(worker)
        self._starting.add(worker)
        try:
            assert worker.waiting is not None
            await worker.waiting
        except Stopped:
            self._starting.discard(worker)
            self._lost(worker)
            return
        self._starting.discard(worker)
        worker.waiting = None
        self._later(self._watch(worker))
        self._free(worker)

    async def _watch(self, worker: Worker) -> None:
        """A worker that ends while nobody asks it anything is replaced too."""
        await worker.ended
        if worker in self._idle:
            self._idle.remove(worker)
            self._lost(worker)

    def _free(self, worker: Worker) -> None:
        while self._queue:
            waiter = self._queue.popleft()
            if not waiter.done():
                waiter.set_result(worker)
                return
        self._idle.append(worker)

    def _lost(self, worker: Worker, *, ours: bool = False) -> None:
        """Forget a worker that has ended and put another in its place."""
        self._all.discard(worker)
        if self._closing:
            return
        self._later(self._bury(worker))
        if not ours:
            self._deaths.append(time.monotonic())
            if self._troubled():
                print(
                    f"gpsa serve: {_DEATHS} query workers ended within a minute; the next starts in {_PAUSE:.0f} s",
                    file=sys.stderr,
                )
        self._later(self._replace(0.0 if ours or not self._troubled() else _PAUSE))

    async def _bury(self, worker: Worker) -> None:
        await asyncio.to_thread(worker.code)

    async def _replace(self, pause: float) -> None:
        if pause:
            await asyncio.sleep(pause)
        if not self._closing:
            await self._add(self._heirs.popleft() if self._heirs else None)

    async def _get(self) -> Worker:
        while self._idle:
            worker = self._idle.pop()  # the one that worked last, whose memory the processor still has at hand
            if not worker.ended.done():
                return worker
            self._lost(worker)
        if len(self._queue) >= self.limits.queue:
            raise Stopped("queue")
        waiter: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._queue.append(waiter)

        def give_up() -> None:
            if not waiter.done():
                waiter.set_exception(Stopped("wait"))

        end = self.clock.later(self.limits.wait, give_up)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                self._free(waiter.result())
            raise
        finally:
            end.cancel()
            if waiter in self._queue:
                self._queue.remove(waiter)

    async def ask(self, request: dict[str, Any], seconds: float) -> tuple[Mapping[str, Any], bytes]:
        """Answer a request within `seconds` of work. Raises Stopped. Cancelled (the asker left), it ends the worker.

        A worker that turns out to have ended before it could begin is no answer: the request goes to another one, once.
        """
        content = json.dumps(request).encode()
        began = time.monotonic()
        try:
            return await self._ask(content, seconds)
        except Stopped as stopped:
            if stopped.kind != "crash" or time.monotonic() - began > _AT_ONCE:
                raise
        return await self._ask(content, seconds)

    async def _ask(self, content: bytes, seconds: float) -> tuple[Mapping[str, Any], bytes]:
        worker = await self._get()
        soon = self.clock.later(max(seconds - _HEADSTART, seconds / 2), self._prepare)
        end = self.clock.later(seconds, lambda: worker.stop("time"))
        served = False
        try:
            about, body = await worker.ask(content)
            served = True
        except Stopped as stopped:
            if stopped.kind == "crash" and await asyncio.to_thread(worker.code) == -signal.SIGABRT:
                raise Stopped("memory") from None
            raise
        except asyncio.CancelledError:
            worker.stop("left")
            raise
        finally:
            soon.cancel()
            end.cancel()
            if served and not worker.ended.done():
                self._free_or_retire(worker, bool(about.get("tired")))
            else:
                self._lost(worker, ours=worker.reason in ("time", "left"))
        return about, body

    def _free_or_retire(self, worker: Worker, tired: bool) -> None:
        if tired:
            worker.stop("tired")
            self._lost(worker, ours=True)
        else:
            worker.waiting = None
            self._free(worker)

    def _prepare(self) -> None:
        """Start a successor for a worker that is about to reach its time limit."""
        if not self._closing and len(self._heirs) < self.limits.workers:
            self._heirs.append(Worker(self.store, self.limits.memory))
