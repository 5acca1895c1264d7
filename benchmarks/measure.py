"""CPU seconds of child processes, as the operating system accounts them."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence


def child_cpu(command: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[float, float]:
    """User and system CPU seconds and peak memory (MB) of one run; the run must succeed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **(env or {})})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    problem = process.stderr.read().decode() if process.stderr else ""
    if process.stderr:
        process.stderr.close()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {problem}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def interleaved(ways: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """Run each way in turn, `runs` times, after one warm-up each; CPU seconds by way."""
    for way in ways.values():
        way()
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, way in ways.items():
            found[name].append(way())
    return found


def table(found: Mapping[str, Sequence[float]], base: str) -> str:
    """Median milliseconds of each way and the median of its ratio, pair by pair, to `base`."""
    lines = [f"{'way':<46} {'median ms':>10} {'ratio to ' + base:>24}"]
    for name, times in found.items():
        ratio = statistics.median(t / b for t, b in zip(times, found[base], strict=True))
        lines.append(f"{name:<46} {statistics.median(times) * 1000:>10.1f} {ratio:>24.2f}")
    return "\n".join(lines)
