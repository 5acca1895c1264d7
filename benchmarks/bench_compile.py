"""Compile time and memory at 60, 1,000 and 10,000 synthetic cases: reading the files, making triples, loading the store.

Goal: linear; 1,000 cases compiled and loaded in under 10 s of CPU.
Run: python benchmarks/bench_compile.py [SIZE ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measure import child_cpu
from synthetic import synthetic_data

COMPILE = '''
import sys, time
from pathlib import Path
from gpsa_graph.cases import read
from gpsa_graph.graph.compiled import compiled, memory_store
import pyoxigraph as ox
t0 = time.process_time(); data = read(Path(sys.argv[1]))
t1 = time.process_time(); content = compiled(data)
t2 = time.process_time(); store = ox.Store(); store.bulk_load(input=content, format=ox.RdfFormat.N_TRIPLES)
t3 = time.process_time()
print(f"{len(data.cases)} {len(store)} {t1 - t0:.2f} {t2 - t1:.2f} {t3 - t2:.2f}", file=sys.stderr)
'''


def main() -> None:
    import subprocess

    sizes = [int(a) for a in sys.argv[1:]] or [60, 1_000, 10_000]
    print(f"{'cases':>7} {'triples':>10} {'read s':>8} {'triples s':>10} {'load s':>8} {'CPU s':>8} {'ms a case':>10} {'peak MB':>8}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = synthetic_data(Path(name) / "data", size)
            run = subprocess.run([sys.executable, "-c", COMPILE, str(folder)], capture_output=True, text=True, check=True)
            cases, triples, read, made, loaded = run.stderr.split()
            cpu, peak = child_cpu([sys.executable, "-c", COMPILE, str(folder)])
            print(f"{cases:>7} {triples:>10} {read:>8} {made:>10} {loaded:>8} {cpu:>8.2f} {cpu / size * 1000:>10.2f} {peak:>8.0f}")


if __name__ == "__main__":
    main()
