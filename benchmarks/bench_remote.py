"""What asking through `--endpoint` costs beside the service's own time: heavy questions over Oxigraph's server, on this machine.

Two ways in turn, a few times: the answer fetched and thrown away (the service's own time, and the transport), and the same answer
read into rows as `kg.answer` does. The rows are also built from an embedded store, since building them costs the same everywhere.
Goal: the remote path adds under 10 % to the time of the service.
Run: python benchmarks/bench_remote.py STORE-FOLDER [RUNS]
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import httpx

import gpsa_graph
from gpsa_graph.graph.rows import Rows

HEAVY = ("who-works-with-whom", "which-mechanism-goes-with-which-result", "which-sector-uses-which-mechanism", "how-well-is-a-case-backed",
         "which-organisations-work-in-several-cases-or-countries")


def main() -> None:
    store, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([str(Path(sys.executable).parent / "oxigraph"), "serve-read-only", "-l", store, "-b", f"127.0.0.1:{port}"],
                              stderr=subprocess.DEVNULL)
    try:
        time.sleep(2)
        url = f"http://127.0.0.1:{port}/query"
        here, there, client = gpsa_graph.load(store=store), gpsa_graph.load(endpoint=url), httpx.Client(timeout=600)
        for name in HEAVY:
            query = here.question(name).text

            def fetched(query: str = query) -> int:
                return len(client.post(url, data={"query": query}, headers={"Accept": "application/sparql-results+json"}).content)

            ways: dict[str, Callable[[], object]] = {
                "service": fetched, "service, control": fetched,
                "remote": lambda query=query: Rows.of(there._stored(query), lists=True),
                "embedded": lambda query=query: Rows.of(here._stored(query), lists=True)}
            took: dict[str, list[float]] = defaultdict(list)
            for way, ask in list(ways.items()) * runs:
                start = time.perf_counter()
                ask()
                took[way].append(time.perf_counter() - start)
            ratio = {way: statistics.median(a / b for a, b in zip(took[way], took["service"], strict=True)) for way in ways}
            print(f"{name:<56}" + "  ".join(f"{way} {min(took[way]):.3f} s ({ratio[way]:.2f})" for way in ways), flush=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
