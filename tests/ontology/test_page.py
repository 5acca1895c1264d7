"""docs/ontology.md is what docs/make_ontology.py writes, its Turtle is true, and its counts are those of the files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import rdflib

from gpsa_graph import vocab
from gpsa_graph.cases import Data
from gpsa_graph.graph import KnowledgeGraph
from tests.scripts import loaded

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "ontology.md"
TEXT = PAGE.read_text("utf-8")
PREFIXES = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in vocab.PREFIXES.items())
BLOCKS = re.findall(r"```turtle\n(.*?)\n```", TEXT, re.S)


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    return loaded("docs/make_ontology.py")


def test_the_page_is_up_to_date(writer: ModuleType, kg: KnowledgeGraph) -> None:
    assert writer.page(kg) == TEXT, "run `python docs/make_ontology.py` and look at what changed"


def test_the_page_is_the_same_on_another_hash_seed() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import make_ontology as m; sys.stdout.buffer.write(m.page(m.load()).encode())"
    made = [subprocess.run([sys.executable, "-c", code, str(DOCS)], capture_output=True, check=True, cwd=DOCS.parent,
                           env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")]

    assert made[0] == made[1]
    assert len(made[0]) > 10_000


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_block_of_turtle_is_true_of_the_graph(block: str, kg: KnowledgeGraph) -> None:
    rdflib.Graph().parse(data=PREFIXES + block, format="turtle")

    assert kg.query(f"ASK {{ {block} }}") is True


def test_every_class_and_property_has_its_heading(kg: KnowledgeGraph) -> None:
    declared = kg.query("""SELECT ?t WHERE { VALUES ?k { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?t a ?k
        FILTER(STRSTARTS(STR(?t), STR(gpsa:))) }""").column("t")

    assert sorted(re.findall(r"^### .*: `(gpsa:\w+)`$", TEXT, re.M)) == sorted(declared)


def test_every_concept_of_ours_stands_in_a_tree_once(kg: KnowledgeGraph) -> None:
    known = kg.query("SELECT ?c WHERE { ?c a skos:Concept ; skos:definition ?d }").column("c")

    assert sorted(re.findall(r"^ *- .* \(`([\w:-]+)`\): \d+$", TEXT, re.M)) == sorted(known)


@pytest.mark.parametrize("heading, number", [
    ("case: `gpsa:Case`", lambda data: len(data.cases)),
    ("result: `gpsa:Result`", lambda data: sum(len(c.results) for c in data.cases)),
    ("challenge: `gpsa:Challenge`", lambda data: sum(len(c.challenges) for c in data.cases)),
    ("lesson: `gpsa:Lesson`", lambda data: sum(len(c.lessons) for c in data.cases)),
    ("organisation: `gpsa:Organisation`", lambda data: len(data.authority.organisation)),
    ("source: `gpsa:Source`", lambda data: len(data.authority.source)),
], ids=["cases", "results", "challenges", "lessons", "organisations", "sources"])
def test_counts_are_those_of_the_files(heading: str, number, data: Data) -> None:  # type: ignore[no-untyped-def]
    counted = re.search(rf"^### {re.escape(heading)}$.*?^In the graph: (\d+)\.", TEXT, re.M | re.S)

    assert counted
    assert int(counted[1]) == number(data)


@pytest.mark.parametrize("name", ["community-scorecard", "social-audit", "integrity-pact"])
def test_a_mechanism_is_counted_with_its_narrower_ones_once_a_case(name: str, data: Data, kg: KnowledgeGraph) -> None:
    wanted = {str(c).partition(":")[2] for c in kg.query(f"SELECT ?c WHERE {{ ?c skos:broader* mechanism:{name} }}").column("c")}
    cases = [c for c in data.cases if wanted & ({m.id for m in c.mechanisms} | {m for lesson in c.lessons for m in lesson.mechanisms})]
    counted = re.search(rf"\(`mechanism:{name}`\): (\d+)$", TEXT, re.M)

    assert counted
    assert int(counted[1]) == len(cases)
