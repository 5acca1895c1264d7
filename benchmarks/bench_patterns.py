"""CPU of each pattern at 60, 1,000 and 10,000 synthetic cases, of 1,000 shuffles, and of the measures of a large network.

Goals: 1,000 shuffles at 10,000 cases in 26 s; betweenness, communities, constraint and projection of 7,300 nodes and 19,000 ties
together in 2 s. Networks are those of named organisations and public bodies. The synthetic cases repeat the shipped ones, so that
ties are as dense as they are there.
Run: python benchmarks/bench_patterns.py [SIZE ...]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from synthetic import synthetic_data

from gpsa_graph.cases import read
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.compiled import memory_store
from gpsa_graph.patterns import PATTERNS, Evidence, find, nulls, read_evidence
from gpsa_graph.patterns.measures import betweenness, communities, constraint, projection


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def evidence_of(size: int) -> Evidence:
    """Evidence of so many synthetic cases: through data files and a store up to a thousand, by copies in memory above."""
    with tempfile.TemporaryDirectory() as name:
        kg = KnowledgeGraph(memory_store(read(synthetic_data(Path(name) / "data", min(size, 1_000)))))
        seconds, evidence = cpu(lambda: read_evidence(kg))
    print(f"{'reading the evidence':<32}{seconds:>10.2f} s   {len(evidence.cases)} cases, {len(evidence.facts)} values", flush=True)
    return evidence if size <= 1_000 else repeated(evidence, -(-size // 1_000))


def repeated(evidence: Evidence, times: int) -> Evidence:
    """Copies of the cases with organisations of their own."""
    def name(text: str, number: int) -> str:
        return f"{text}-k{number}" if number and text.startswith(("case:", "organisation:", "participation:")) else text

    copies = range(times)
    facts = [f._replace(case=name(f.case, k), value=name(f.value, k)) for k in copies for f in evidence.facts]
    ties = [t._replace(case=name(t.case, k), who=name(t.who, k)) for k in copies for t in evidence.ties]
    return replace(evidence, cases=tuple(sorted(name(c, k) for k in copies for c in evidence.cases)),
                   facts=tuple(sorted(facts, key=lambda f: f[:3])), ties=tuple(sorted(ties, key=lambda t: t[:7])))


def shuffles(evidence: Evidence) -> None:
    cases = sorted(evidence.cases_with("mechanism"))
    _, table = evidence.matrix("mechanism", cases)
    for way, draws in (("compiled", 1_000), ("numpy", 1_000 if len(cases) < 2_000 else 20)):
        if way == "compiled" and find_spec("numba") is None:
            continue
        nulls.together(table[:50], draws=2, way=way)
        seconds, _ = cpu(lambda way=way, draws=draws: nulls.together(table, draws=draws, way=way))
        print(f"{f'1,000 shuffles, {way}':<32}{seconds * 1_000 / draws:>10.2f} s   {table.shape[0]} x {table.shape[1]}, "
              f"{int(table.sum())} ones{'' if draws == 1_000 else f', from {draws}'}", flush=True)


def two_mode(evidence: Evidence) -> nx.Graph:
    """Organisations of civil society and the public bodies of their cases."""
    graph = nx.Graph()
    for case in evidence.cases:
        for cso in evidence.of_case(case, "cso"):
            for body in evidence.of_case(case, "body"):
                graph.add_node(cso, side="cso")
                graph.add_node(body, side="body")
                graph.add_edge(cso, body, weight=graph.get_edge_data(cso, body, {"weight": 0})["weight"] + 1)
    return graph


def network(parts: int) -> nx.Graph:
    """4,000 organisations and 3,300 public bodies with 19,000 ties, few of them with many, in so many parts (1 or 100) alike in size."""
    rng = np.random.default_rng(0)
    csos, bodies, many = 4_000 // parts, 3_300 // parts, 19_000 // parts
    graph = nx.Graph()
    graph.add_nodes_from((f"cso-{i}" for i in range(csos * parts)), side="cso")
    graph.add_nodes_from((f"body-{i}" for i in range(bodies * parts)), side="body")
    for part in range(parts):
        shares = [weight / weight.sum() for weight in (rng.pareto(2, csos) + 1, rng.pareto(2, bodies) + 1)]
        ends: set[tuple[int, int]] = set()
        while len(ends) < many:
            ends |= set(zip(*(rng.choice(len(share), 5_000 // parts, p=share).tolist() for share in shares), strict=True))
        graph.add_weighted_edges_from(
            (f"cso-{part * csos + a}", f"body-{part * bodies + b}", 1 + (a + b) % 3) for a, b in sorted(ends)[:many])
    return graph


def measures(graph: nx.Graph, reference: bool) -> None:
    side = sorted(n for n, kind in graph.nodes(data="side") if kind == "cso")
    ways: dict[str, Callable[[str], Any]] = {
        "betweenness": lambda way: betweenness(graph, way), "communities, one run": lambda way: communities(graph, runs=1, way=way),
        "constraint": lambda way: constraint(graph, way), "projection": lambda way: projection(graph, side, way)}
    parts = [len(part) for part in nx.connected_components(graph)]
    print(f"two-mode network of {len(graph)} nodes and {graph.number_of_edges()} ties in {len(parts)} parts, "
          f"the largest of {max(parts)} nodes")
    for work in ways.values() if len(graph) < 1_000 else ():
        work("fast")  # the libraries are loaded
    total = 0.0
    for name, work in ways.items():
        fast, _ = cpu(lambda work=work: work("fast"))
        total += fast
        slow = f"   networkx {cpu(lambda work=work: work('reference'))[0]:.2f} s" if reference else ""
        print(f"{name:<32}{fast:>10.2f} s{slow}", flush=True)
    print(f"{'all four':<32}{total:>10.2f} s")
    if find_spec("numba") is not None:
        table = nx.bipartite.biadjacency_matrix(graph, side).toarray().astype(np.uint8)
        nulls.butterflies(table[:50], draws=2, way="compiled")
        seconds, _ = cpu(lambda: nulls.butterflies(table, draws=1_000, way="compiled"))
        print(f"{'1,000 shuffles with 4-cycles':<32}{seconds:>10.2f} s")


def main() -> None:
    for size in [int(a) for a in sys.argv[1:]] or [60, 1_000, 10_000]:
        print(f"--- {size} cases")
        evidence = evidence_of(size)
        for name in PATTERNS:
            seconds, found = cpu(lambda name=name, evidence=evidence: find(evidence, name, draws=999))
            print(f"{name:<32}{seconds:>10.2f} s   {len(found)} findings", flush=True)
        shuffles(evidence)
        measures(two_mode(evidence), reference=size <= 1_000)
    for parts in (100, 1):
        print(f"--- 7,300 nodes and 19,000 ties in {'a hundred parts' if parts > 1 else 'one part, the hardest case for betweenness'}")
        measures(network(parts), reference=False)


if __name__ == "__main__":
    main()
