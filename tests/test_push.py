"""Pushing the graph to Oxigraph's own server: both protocols, counts, and going on after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import gpsa_graph
from gpsa_graph.errors import GpsaError
from gpsa_graph.export.push import push
from gpsa_graph.graph import KnowledgeGraph

GPSA = str(Path(sys.executable).parent / "gpsa")


@pytest.fixture(scope="module")
def base(oxigraph: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    return oxigraph(tmp_path_factory.mktemp("store") / "s", write=True)


@pytest.mark.parametrize("address, protocol, graph", [("update", "update", ""), ("update", "update", "urn:one"),
                                                      ("store", "graph-store", "urn:two"), ("store", "graph-store", "")])
def test_everything_arrives_and_is_counted(oxigraph: Callable[..., str], tmp_path: Path, tiny_kg: KnowledgeGraph,
                                           address: str, protocol: str, graph: str) -> None:
    base = oxigraph(tmp_path / "store", write=True)
    done = push(tiny_kg, f"{base}/{address}", graph=graph, protocol=protocol)
    assert (done.triples, done.sent, done.before, done.after) == (len(tiny_kg), len(tiny_kg), 0, len(tiny_kg))
    kg = gpsa_graph.load(endpoint=f"{base}/query" + (f"?default-graph-uri={graph}" if graph else ""))
    assert {str(t) for t in kg.triples()} == {str(t) for t in tiny_kg.triples()}
    again = push(tiny_kg, f"{base}/{address}", graph=graph, protocol=protocol)
    assert (again.sent, again.before, again.after) == (len(tiny_kg), len(tiny_kg), len(tiny_kg))


def test_blank_nodes_become_iris_and_stay_one_node_however_often_they_are_sent(base: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.BlankNode("b"), ox.NamedNode("urn:p"), ox.BlankNode("c")))
    for _ in range(2):
        assert push(KnowledgeGraph(store), f"{base}/update", graph="urn:blank").after == 1
    ((s, o),) = gpsa_graph.load(endpoint=f"{base}/query").query("SELECT ?s ?o { GRAPH <urn:blank> { ?s <urn:p> ?o } }")
    assert s.endswith("/.well-known/genid/b")
    assert o.endswith("/.well-known/genid/c")


def test_texts_arrive_as_they_are(base: str) -> None:
    texts = ['a "quote" and \\ and \'', "two\nlines\tand a tab", "दुई } INSERT DATA {", "\u0001 \U0001f600"]
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"urn:{i}"), ox.NamedNode("urn:p"), ox.Literal(text)) for i, text in enumerate(texts))
    push(KnowledgeGraph(store), f"{base}/update", graph="urn:texts")
    rows = gpsa_graph.load(endpoint=f"{base}/query").query("SELECT ?o { GRAPH <urn:texts> { ?s <urn:p> ?o } } ORDER BY ?s")
    assert [row[0] for row in rows] == texts


def test_a_push_that_was_killed_goes_on_behind_what_was_confirmed(base: str, cache: Path, kg: KnowledgeGraph) -> None:
    command = [GPSA, "push", f"{base}/update", "--graph", "urn:killed"]
    for _ in range(2):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        before = max([0, *(json.loads(p.read_text())["batches"] for p in cache.glob("push-*.json"))])
        for _ in range(3_000):
            reached = max([0, *(json.loads(p.read_text())["batches"] for p in cache.glob("push-*.json"))])
            if process.poll() is not None or reached > before + 2:
                break
            time.sleep(0.01)
        assert process.poll() is None, "it was too quick to be killed"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    words = done.stderr.split()
    assert words[0] == words[-1] == str(len(kg))
    assert int(words[2]) < len(kg), "it did not begin again"
    assert list(cache.glob("push-*.json")) == []


def test_a_graph_that_changed_meanwhile_is_sent_from_its_beginning(base: str, cache: Path, tiny_kg: KnowledgeGraph) -> None:
    stop = RuntimeError("stop")

    def third(total: int) -> None:
        if total >= 300:
            raise stop

    with pytest.raises(RuntimeError):
        push(tiny_kg, f"{base}/update", graph="urn:changed", batch=100, told=third)
    other = ox.Store()
    other.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:p"), ox.NamedNode("urn:b")))
    done = push(KnowledgeGraph(other), f"{base}/update", graph="urn:changed", batch=100)
    assert (done.sent, done.before, done.after) == (1, 300, 301)


def test_a_count_that_is_wrong_is_an_error(base: str, oxigraph: Callable[..., str], tmp_path: Path, tiny_kg: KnowledgeGraph) -> None:
    elsewhere = oxigraph(tmp_path / "other", write=True)
    with pytest.raises(GpsaError, match=rf"was sent {len(tiny_kg)} triples and holds 0"):
        push(tiny_kg, f"{base}/update", graph="urn:count", check=f"{elsewhere}/query")


@pytest.mark.parametrize("more, text", [
    (["--graph", "no iri"], "is no IRI for a graph"), (["--protocol", "graph-store"], "the query cannot be answered"),
    (["--store", "/none"], "no store"),
])
def test_what_goes_wrong_is_one_sentence(base: str, more: list[str], text: str) -> None:
    done = subprocess.run([GPSA, "push", f"{base}/update", *more], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert text in done.stderr
    assert len(done.stderr.splitlines()) == 1
