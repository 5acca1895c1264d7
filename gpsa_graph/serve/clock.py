"""Alarms that hardly ever ring: four are set and taken back for each query, so all of them share one timer of the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

#: Seconds between two looks; an alarm rings so much late at most, while the loop runs freely.
TICK = 0.02


class Alarm:
    """Something to be called once its time has come, unless it is cancelled before."""

    __slots__ = ("_all", "at", "call")

    def __init__(self, at: float, call: Callable[[], object], all_: set[Alarm]) -> None:
        self.at, self.call, self._all = at, call, all_

    def cancel(self) -> None:
        """Take it back; nothing happens where it has rung."""
        self._all.discard(self)


class Clock:
    """The alarms of one event loop. The timer runs only while any is set: an idle site does nothing.

    >>> async def main():
    ...     clock, rung = Clock(), asyncio.Event()
    ...     clock.later(10, lambda: print("never")).cancel()
    ...     clock.later(0.01, rung.set)
    ...     await rung.wait()
    ...     return "rung"
    >>> asyncio.run(main())
    'rung'
    """

    def __init__(self) -> None:
        self._alarms: set[Alarm] = set()
        self._ticking = False

    def later(self, seconds: float, call: Callable[[], object]) -> Alarm:
        """Call something in so many seconds."""
        alarm = Alarm(time.monotonic() + seconds, call, self._alarms)
        self._alarms.add(alarm)
        if not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)
        return alarm

    def _tick(self) -> None:
        now = time.monotonic()
        due = sorted((a for a in self._alarms if a.at <= now), key=lambda a: a.at)
        self._ticking = False
        for alarm in due:
            if alarm in self._alarms:  # one that rang before it may have taken it back
                self._alarms.discard(alarm)
                alarm.call()
        if self._alarms and not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)
