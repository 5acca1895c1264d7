"""Import into a store: 100,000 IATI activities and 25,000 rows of the World Bank's list; rate, memory, and an interrupted run.

Goal: under 500 MB at any number of records; an import that is killed and run again gives the same triples as one that is not.
Run: python benchmarks/bench_intake.py [ACTIVITIES [ROWS]]
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import child_cpu
from outside import bank_file, iati_file

GPSA = [sys.executable, "-m", "gpsa_graph"]
COUNT = "import sys, pyoxigraph as ox; print(len(ox.Store.read_only(sys.argv[1])))"


def triples(store: Path) -> int:
    return int(subprocess.run([sys.executable, "-c", COUNT, str(store)], capture_output=True, text=True, check=True).stdout)


def measured(kind: str, file: Path, records: int, store: Path) -> None:
    """One import from nothing: rate by CPU and by clock, peak memory."""
    begun = time.monotonic()
    cpu, peak = child_cpu([*GPSA, "import", kind, str(file), "--store", str(store)])
    took = time.monotonic() - begun
    size = sum(f.stat().st_size for f in store.rglob("*") if f.is_file()) / 1e6
    print(
        f"{kind:<10} {records:>8} {file.stat().st_size / 1e6:>9.0f} {triples(store):>11} {cpu:>8.0f} {took:>8.0f} {records / cpu:>12.0f} "
        f"{records / took:>12.0f} {peak:>8.0f} {size:>9.0f}",
        flush=True,
    )


def interrupted(kind: str, file: Path, store: Path, whole: int) -> None:
    """Kill an import in the middle of its loading, run it again, compare the number of triples."""
    process = subprocess.Popen(
        [*GPSA, "import", kind, str(file), "--store", str(store)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    journal = store / "intake" / "journal.jsonl"
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") >= 3):
        time.sleep(0.1)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = journal.read_bytes().count(b"\n")
    subprocess.run(
        [*GPSA, "import", kind, str(file), "--store", str(store)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after = triples(store)
    print(
        f"{kind}: killed after {before} batches, run again: {after} triples, {'as many as' if after == whole else 'NOT as many as'} "
        f"without the kill ({whole})",
        flush=True,
    )


def main() -> None:
    activities, rows = (int(a) for a in (sys.argv[1:] + ["100000", "25000"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(
            f"{'kind':<10} {'records':>8} {'file MB':>9} {'triples':>11} {'CPU s':>8} {'clock s':>8} {'a CPU s':>12} {'a clock s':>12} "
            f"{'peak MB':>8} {'store MB':>9}",
            flush=True,
        )
        measured("worldbank", bank_file(folder / "projects.xlsx", rows), rows, folder / "bank")
        measured("iati", iati_file(folder / "activities.xml", activities), activities, folder / "iati")
        small = min(activities, 3000)
        file = iati_file(folder / "small.xml", small, seed=3)
        subprocess.run(
            [*GPSA, "import", "iati", str(file), "--store", str(folder / "once")],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        interrupted("iati", file, folder / "again", triples(folder / "once"))


if __name__ == "__main__":
    main()
