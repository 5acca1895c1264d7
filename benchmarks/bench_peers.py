"""The same three questions asked of other ways to hold the same triples, side by side in one run.

Embedded: this package, rdflib in memory, rdflib over Oxigraph, pandas on equivalent tables. Over HTTP: Oxigraph's server, our site
without its cache of answers, rdflib-endpoint and, where it is installed, Virtuoso 7. CPU of whoever answers and of whoever asks, so that a
server's way is not cheaper for being elsewhere. All must give equally many rows, or the run ends. A way that takes longer than ten
seconds for one answer is stopped, and that is said.
Run: python benchmarks/bench_peers.py [CASES] [RUNS]     (CASES: synthetic cases; the shipped ones by default)
"""

from __future__ import annotations

import contextlib
import csv
import io
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pandas as pd
import pyoxigraph as ox
import rdflib
from bench_serve import PEER, QUERIES, ROOT, cpu, started
from synthetic import synthetic_data

from gpsa_graph.cases import read
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.compiled import memory_store, open_store

LIMIT = 10  # s for one answer
BASE = "Oxigraph embedded (this package)"
VIRTUOSO = ROOT / "tests" / "virtuoso.ini"

Way = Callable[[str], int]


def frames(store: ox.Store) -> Way:
    """The answers of pandas, from a table for each relation that the questions use."""
    def relation(*names: str) -> pd.DataFrame:
        found = [(t.subject.value, t.object.value) for name in names for t in store.quads_for_pattern(
            None, ox.NamedNode(f"https://w3id.org/gpsa-graph/ontology#{name}"), None, ox.DefaultGraph())]
        return pd.DataFrame(found, columns=["s", "o"])

    country, kind, of = relation("country"), relation("resultKind"), relation("inCase")
    mechanism, civil, state, level = (relation("usesMechanism"), relation("hasGrantee", "hasPartner"), relation("involvesGovernment"),
                                      relation("level"))

    def answer(query: str) -> int:
        if query == "point":
            return len(country[country["s"] == "https://w3id.org/gpsa-graph/case/mwi-mejn"])
        if query == "aggregate":
            rows = kind.merge(of, on="s", suffixes=("", "_case")).merge(mechanism, left_on="o_case", right_on="s", suffixes=("", "_m"))
            return len(rows.groupby("o").size().sort_values(ascending=False))
        rows = civil.merge(state, on="s", suffixes=("_a", "_b")).merge(mechanism, on="s").merge(level, left_on="o_b", right_on="s",
                                                                                                suffixes=("", "_level"))
        found = rows.groupby(["o_a", "o_b"])["s"].nunique().reset_index().sort_values(["s", "o_a", "o_b"], ascending=[False, True, True])
        return len(found.head(20))

    return answer


def remote(address: str) -> Way:
    def answer(query: str) -> int:
        request = urllib.request.Request(f"{address}?{urlencode({'query': QUERIES[query]}, quote_via=quote)}",
                                         headers={"Accept": "text/csv"})
        with urllib.request.urlopen(request, timeout=LIMIT) as found:
            return sum(1 for _ in csv.reader(io.TextIOWrapper(found, "utf-8"))) - 1

    return answer


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[tuple[Way, int]]:
    """A Virtuoso that holds `all.nt`. It has no query as the body of a POST, with which `started` asks whether a server is there."""
    (folder / "virtuoso.ini").write_text(VIRTUOSO.read_text("utf-8").format(home=folder, sql=7927, http=7926))
    process = subprocess.Popen(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], cwd=folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    fill = ["isql-vt", "127.0.0.1:7927", "dba", "dba", f"exec=ld_dir('{folder}', 'all.nt', 'urn:x'); rdf_loader_run(); checkpoint;"]
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise SystemExit("Virtuoso ended at once")
            if subprocess.run(fill, capture_output=True).returncode == 0:
                break
            time.sleep(0.2)
        yield remote("http://127.0.0.1:7926/sparql"), process.pid
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def servers(folder: Path, dump: Path, data: Path | None) -> Iterator[dict[str, tuple[Way, int]]]:
    """Ways over HTTP with the process that answers."""
    here = Path(sys.executable).parent
    with contextlib.ExitStack() as stack:
        def start(command: list[str], port: int, path: str, cwd: Path = folder) -> tuple[Way, int]:
            return remote(f"http://127.0.0.1:{port}{path}"), stack.enter_context(started(command, port, path, cwd))

        found = {
            "Oxigraph's server": start(
                [str(here / "oxigraph"), "serve-read-only", "--location", str(folder / "ox"), "--bind", "127.0.0.1:7923"], 7923, "/query"),
            "gpsa serve, no cache of answers": start(
                [sys.executable, "-m", "gpsa_graph", "serve", "--no-open", "--no-warm", "--cache", "0", "--port", "7924",
                 "--seconds", "300", *(["--data", str(data)] if data else [])], 7924, "/sparql"),
            "rdflib-endpoint": start([sys.executable, str(folder / "peer.py"), str(dump), "7925"], 7925, "/sparql"),
        }
        if shutil.which("virtuoso-t"):
            found["Virtuoso 7"] = stack.enter_context(virtuoso(folder))
        else:
            print("Virtuoso is not installed (Debian: virtuoso-opensource)", flush=True)
        yield found


class Over(Exception):
    """An answer that took too long."""


def over(*_: object) -> None:
    raise Over


def measured(ways: dict[str, tuple[Way, int | None]], runs: int) -> None:
    print(f"{'query':<10} {'way':<34} {'rows':>5} {'CPU ms':>10} {'ratio to embedded':>18}", flush=True)
    signal.signal(signal.SIGALRM, over)
    for query in QUERIES:
        found: dict[str, list[float]] = {name: [] for name in ways}
        rows: dict[str, int | None] = {}
        for turn in range(runs + 1):
            for name, (way, pid) in ways.items():
                if name in rows and rows[name] is None:
                    continue
                many = 1 if pid is None else 20 if query == "point" else 3  # a server's clock has ticks of ten milliseconds
                mine, theirs = time.process_time(), cpu(pid) if pid else 0.0
                signal.alarm(LIMIT * (3 if pid else 1))
                try:
                    for _ in range(many):
                        rows[name] = way(query)
                except (Over, TimeoutError):
                    rows[name] = None
                signal.alarm(0)
                if turn:  # the first is a warm-up
                    found[name].append((time.process_time() - mine + (cpu(pid) - theirs if pid else 0.0)) / many)
        if len({n for n in rows.values() if n is not None}) != 1:
            raise SystemExit(f"{query}: rows differ: {rows}")
        base = statistics.median(found[BASE])
        for name, times in found.items():
            if rows[name] is None:
                print(f"{query:<10} {name:<34} {'':>5} {f'over {LIMIT} s':>10}", flush=True)
            else:
                middle = statistics.median(times)
                print(f"{query:<10} {name:<34} {rows[name]:>5} {middle * 1000:>10.2f} {middle / base:>18.1f}", flush=True)


def main() -> None:
    cases, runs = int(sys.argv[1]) if len(sys.argv) > 1 else 0, int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = synthetic_data(folder / "data", cases) if cases else None
        store = memory_store(read(data)) if data else open_store(None)[0]
        dump = folder / "all.nt"
        dump.write_text("".join(f"{t.subject} {t.predicate} {t.object} .\n" for t in KnowledgeGraph(store).triples()), "utf-8")
        load = [str(Path(sys.executable).parent / "oxigraph"), "load", "--location", str(folder / "ox"), "--file", str(dump)]
        subprocess.run(load, check=True, capture_output=True)
        (folder / "peer.py").write_text(PEER)
        memory = rdflib.Graph().parse(dump, format="nt")
        over = rdflib.Graph(store="Oxigraph").parse(dump, format="ox-nt")
        held = ox.Store()
        held.bulk_load(path=str(dump), format=ox.RdfFormat.N_TRIPLES)
        ways: dict[str, tuple[Way, int | None]] = {
            BASE: (lambda query: sum(1 for _ in store.query(QUERIES[query])), None),
            "the same with memory=True": (lambda query: sum(1 for _ in held.query(QUERIES[query])), None),
            "rdflib over Oxigraph": (lambda query: len(over.query(QUERIES[query])), None),
            "rdflib in memory": (lambda query: len(memory.query(QUERIES[query])), None),
            "pandas, equivalent tables": (frames(store), None),
        }
        with servers(folder, dump, data) as remotes:
            print(f"{len(memory)} triples")
            measured({**ways, **remotes}, runs)


if __name__ == "__main__":
    main()
