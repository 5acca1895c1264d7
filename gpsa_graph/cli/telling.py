"""What a command says while it works: one line on stderr, on a terminal only, from the second second on."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """One line of progress that replaces the last; `clear` takes it away. Nothing is written where stderr is no terminal.

    >>> line = Line()
    >>> line("1,000 triples")
    >>> line.clear()
    """

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()
        self._on = sys.stderr.isatty()
        self._shown = False

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if self._on and now - self._last >= 0.2 and now - self._start >= 1:
            self._last, self._shown = now, True
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Says what is worked at, and for how many seconds, while a block runs that cannot tell how far it is.

    >>> with waiting("drawing"):
    ...     pass
    """
    line, over, start = Line(), threading.Event(), time.monotonic()

    def tick() -> None:
        while not over.wait(1):
            line(f"{what} ... {time.monotonic() - start:.0f} s")

    teller = threading.Thread(target=tick, daemon=True)
    if sys.stderr.isatty():
        teller.start()
    try:
        yield
    finally:
        over.set()
        if teller.ident is not None:
            teller.join()
        line.clear()
