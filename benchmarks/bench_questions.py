"""CPU of every stored question with its sample values: on the shipped graph, and its growth from 60 to 1,000 synthetic cases.

Goal: no question over 50 ms on the shipped graph; none grows worse than linearly in cases but for those whose answer does
(growth = exponent of time over cases, answer = exponent of rows over cases; both about 1 where linear).
With --rdflib the 60-case column is asked through rdflib as well (slow).
Run: python benchmarks/bench_questions.py [--rdflib]
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from synthetic import synthetic_data

from gpsa_graph.cases import read
from gpsa_graph.graph import KnowledgeGraph, load
from gpsa_graph.graph.compiled import memory_store
from gpsa_graph.questions import Question


def asked(kg: KnowledgeGraph, question: Question) -> str:
    given = {p.name: p.sample for p in question.parameters if p.sample}
    return question.filled(kg.terms(question, given))


def cost(store: ox.Store, query: str, runs: int = 3) -> tuple[float, int]:
    """Least CPU seconds over some runs, and the number of rows."""
    best, rows = math.inf, 0
    for _ in range(runs):
        start = time.process_time()
        rows = sum(1 for _ in store.query(query))
        best = min(best, time.process_time() - start)
    return best, rows


def main() -> None:
    shipped = load()
    disk = shipped._store
    with tempfile.TemporaryDirectory() as name:
        stores = {size: memory_store(read(synthetic_data(Path(name) / str(size), size))) for size in (60, 1_000)}
    rdf = None
    if "--rdflib" in sys.argv:
        rdf = KnowledgeGraph(stores[60]).copy()
    head = f"{'question':<62}{'rows':>7}{'shipped ms':>12}{'60 ms':>9}{'1,000 ms':>10}{'growth':>8}{'answer':>8}"
    print(head + (f"{'rdflib/oxigraph':>17}" if rdf is not None else ""))
    over = []
    for question in shipped.questions().values():
        query = asked(shipped, question)
        here, rows = cost(disk, query)
        (small, few), (large, many) = (cost(stores[size], query) for size in (60, 1_000))
        grows = math.log(max(large, 1e-5) / max(small, 1e-5)) / math.log(1_000 / 60)
        answer = math.log(max(many, 1) / max(few, 1)) / math.log(1_000 / 60)
        line = f"{question.name[:61]:<62}{rows:>7}{here * 1000:>12.1f}{small * 1000:>9.1f}{large * 1000:>10.1f}{grows:>8.2f}{answer:>8.2f}"
        if rdf is not None:
            start = time.process_time()
            sum(1 for _ in rdf.query(query))
            line += f"{(time.process_time() - start) / max(small, 1e-5):>17.0f}"
        print(line, flush=True)
        if here > 0.05:
            over.append(question.name)
    print(f"over 50 ms on the shipped graph: {', '.join(over) or 'none'}")


if __name__ == "__main__":
    main()
