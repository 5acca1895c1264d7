"""docs/findings.md is what docs/make_findings.py makes of the shipped data, and says nothing that the patterns do not show."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.patterns import PATTERNS, Evidence, find, read_evidence
from tests.scripts import loaded

DOCS = Path(__file__).resolve().parent.parent / "docs"
CAUSAL = re.compile(r"\b(leads? to|led to|causes?|caused|because of|thanks to|resulted in|impact of|effect of|best)\b", re.I)
#: The patterns that are quickly asked again; the shuffles of the others are made again by the slow test.
QUICK = [name for name in PATTERNS if name not in ("who-works-with-whom", "mechanism-bundles")]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("docs/make_findings.py")


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "findings.md").read_text("utf-8")


@pytest.fixture(scope="module")
def evidence(kg: KnowledgeGraph) -> Evidence:
    return read_evidence(kg)


@pytest.mark.parametrize("name", QUICK)
def test_the_page_says_what_the_pattern_finds(name: str, script: ModuleType, page: str, evidence: Evidence) -> None:
    assert script.pattern_section(evidence, name, find(evidence, name)) in page, (
        "docs/findings.md is older than the data or the patterns; run `python docs/make_findings.py`")


@pytest.mark.slow
def test_the_whole_page_is_up_to_date(script: ModuleType, page: str) -> None:
    assert script.page() == page, "run `python docs/make_findings.py`"


def test_every_item_has_a_denominator_and_no_causal_word(page: str) -> None:
    items = re.findall(r"(?m)^- (.+)\n  <details><summary>n = (\d+) of (\d+)", page)

    assert len(items) > 100
    assert [sentence for sentence, n, of in items if int(n) > int(of) or not re.search(r"\d", sentence)] == []
    assert [sentence for sentence, *_ in items if CAUSAL.search(sentence)] == []


def test_what_stands_out_is_said_first_and_what_cannot_be_told_last(page: str) -> None:
    heads = re.findall(r"(?m)^## (.+)$", page)

    assert heads[0] == "In short"
    assert heads[1:1 + len(PATTERNS)] == [pattern.title for pattern in PATTERNS.values()]
    assert heads[-1] == "What this cannot tell you"
    short = page[page.index("## In short"):page.index(f"## {heads[1]}")]
    held = re.findall(r"(?m)^- (.+)$", short)
    assert all(page.count(sentence) > 1 for sentence in held), "what stands out is told of below with its cases"


def test_the_matrix_agrees_with_the_cases(page: str, evidence: Evidence) -> None:
    row = next(line for line in page.splitlines() if line.startswith("| community scorecard |")).split(" | ")
    head = next(line for line in page.splitlines() if line.startswith("| mechanism | cases |")).strip("| ").split(" | ")
    cell = row[head.index("service outcome")]
    using = evidence.cases_with("mechanism", "mechanism:community-scorecard")
    reported = using & evidence.cases_with("result", "result-kind:service-outcome")
    contrary = using & frozenset().union(
        *(evidence.cases_with(f"result-{finding}", "result-kind:service-outcome") for finding in ("mixed", "none", "negative")))

    assert int(row[1]) == len(using)
    assert cell.startswith(f"{len(reported)} / {len(contrary)}<sup>")
