"""Pages are the same in whatever order an engine gives its rows: each other service has an order of its own."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
import pytest

import gpsa_graph
from gpsa_graph.errors import GpsaError
from gpsa_graph.graph.knowledge import KnowledgeGraph
from gpsa_graph.serve.build import Builder
from gpsa_graph.serve.worker import opened

KINDS = ("case", "organisation", "country", "place", "source", "event", "programme", "mechanism", "result-kind", "person")


@pytest.fixture(scope="module")
def builders(tiny_kg: Any) -> tuple[Builder, Builder]:
    """The same triples on disk, as kept, and in memory, put in from the last to the first."""
    turned = ox.Store()
    turned.extend(reversed(list(tiny_kg.triples())))
    return Builder(tiny_kg), Builder(KnowledgeGraph(turned))


def test_the_two_engines_give_rows_in_different_orders(builders: tuple[Builder, Builder]) -> None:
    query = "SELECT ?s ?p ?o { ?s gpsa:inCase ?case ; ?p ?o }"
    ours, theirs = ([tuple(map(str, row)) for row in b.rows(query)] for b in builders)
    assert ours != theirs
    assert sorted(ours) == sorted(theirs)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_does_not_show_the_order_of_the_engine(builders: tuple[Builder, Builder], kind: str) -> None:
    names = list(builders[0].kg.options(kind))
    assert names
    for name in names:
        ours, theirs = (b.sheet(f"https://w3id.org/gpsa-graph/{kind}/{name}") for b in builders)
        assert ours == theirs


def test_a_graph_in_memory_is_the_one_on_disk_and_a_service_has_none(tiny: Any, tiny_kg: Any) -> None:
    whole = set(tiny_kg.triples())
    for kept in (gpsa_graph.load(tiny, memory=True), gpsa_graph.load(store=tiny_kg._kept / "store", memory=True)):
        assert set(kept.triples()) == whole
        assert list(kept.answer("which-countries-opted-in")) == list(tiny_kg.answer("which-countries-opted-in"))
    with pytest.raises(GpsaError, match="memory is for"):
        gpsa_graph.load(endpoint="http://127.0.0.1:1/query", memory=True)


def test_a_worker_holds_the_packed_triples_and_the_store_where_these_are_damaged(tiny_kg: Any, tmp_path: Any) -> None:
    kept = tiny_kg._kept
    packed = (kept / "triples.nt.gz").read_bytes()
    whole = set(tiny_kg.triples())
    for content in (packed, packed[:-9], b"", None):
        folder = tmp_path / str(content and len(content))
        folder.mkdir()
        (folder / "store").symlink_to(kept / "store")
        if content is not None:
            (folder / "triples.nt.gz").write_bytes(content)
        store = opened(folder / "store")
        assert set(store) == whole
        if content == packed:
            store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c")))  # in memory: not read-only
        else:
            with pytest.raises((OSError, ValueError, RuntimeError)):
                store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c")))
