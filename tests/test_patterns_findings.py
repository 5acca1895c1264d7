"""Every pattern: on no case, on one, on three and on many; what it says, and that it says it again."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpsa_graph.errors import ParameterError, UnknownName
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.patterns import PATTERNS, Evidence, find, read_evidence
from gpsa_graph.patterns.evidence import Fact, Rung
from gpsa_graph.patterns.findings import Finding, figure, share
from gpsa_graph.patterns.fragility import fragility
from gpsa_graph.patterns.writing import as_json, as_markdown, as_rows, as_text, safe

MADE: dict[str, Any] = runpy.run_path(str(Path(__file__).resolve().parent.parent / "benchmarks" / "planted.py"))
CAUSAL = re.compile(r"\b(leads? to|led to|causes?|caused|because of|thanks to|results? in|resulted in|impact|effect of|best)\b", re.I)
EMPTY = Evidence((), (), {}, {}, {})


def _many() -> Evidence:
    """Forty invented cases with every facet: two mechanisms that always go together, two kinds of source, three findings."""
    facts = []
    for i in range(40):
        case, source = f"case:c{i:02d}", frozenset({f"source:{'story' if i % 2 else 'study'}"})
        pairs = [("mechanism", f"mechanism:m{j}") for j in range(6) if (i * 7 + j * j) % 5 < 2]
        pairs += [("mechanism", "mechanism:a"), ("mechanism", "mechanism:b")] if i % 3 == 0 else [("mechanism", f"mechanism:x{i % 4}")]
        pairs += [("mechanism-family", "mechanism:citizen-monitoring"), ("sector", f"sector:s{i % 3}"), ("region", f"region:r{i % 2}")]
        pairs += [("country", f"country:C{i % 5}"), ("cso-kind", f"actor:k{i % 3}"), ("partner-kind", f"actor:k{i % 3}")]
        pairs += [("cso", f"organisation:o{i % 11}"), ("body", f"organisation:b{i % 7}"), ("body", f"organisation:b{(i + 1) % 7}")]
        pairs += [("body-kind", ("actor:ministry", "actor:municipality", "actor:ombudsman")[i % 3])]
        pairs += [("body-level", "government-level:national"), ("challenge-family", f"challenge-kind:c{i % 4}")]
        pairs += [("form", f"collaboration-form:f{i % 4}"), ("role", f"government-role:g{i % 2}")]
        kind = ("result-kind:government-responsiveness", "result-kind:learning")[i % 2]
        pairs += [("result", kind), ("result-positive", kind)] if i % 4 else [("result-none", kind)]
        facts += [Fact(case, facet, value, source) for facet, value in pairs]
    rungs = {"source:story": Rung("source-kind:story", 1, "2015"), "source:study": Rung("source-kind:evaluation", 6, "2019-05")}
    return Evidence(tuple(f"case:c{i:02d}" for i in range(40)), tuple(sorted(facts, key=lambda f: f[:3])), {}, {}, rungs)


MANY = _many()


@pytest.fixture(scope="module")
def tiny_evidence(tiny_kg: KnowledgeGraph) -> Evidence:
    return read_evidence(tiny_kg)


@pytest.mark.parametrize("name", PATTERNS)
def test_too_few_cases_are_said_to_be_too_few(name: str, tiny_evidence: Evidence) -> None:
    for evidence in (EMPTY, tiny_evidence.without_cases(["multi-open-budgets", "xbb-road-audit"]), tiny_evidence):
        found = find(evidence, name)

        assert found, f"'{name}' must answer, if only that there are too few cases"
        said = [f.sentence for f in found if "Too few cases to say" not in f.sentence or f.p is not None]
        assert said == [], f"'{name}' draws a conclusion from {len(evidence.cases)} cases"


@pytest.mark.parametrize("name", PATTERNS)
def test_the_same_seed_gives_the_same_findings_byte_for_byte(name: str) -> None:
    first, second = (as_json(find(evidence, name, seed=3, every=True, draws=199)) for evidence in (MANY, _many()))

    assert first == second, f"two runs of '{name}' with one seed differ"


@pytest.mark.parametrize("name", PATTERNS)
def test_findings_have_denominators_and_no_causal_word(name: str) -> None:
    for finding in find(MANY, name, every=True, draws=199):
        assert 0 <= finding.n <= finding.of or finding.key == "summary", f"{finding.key}: n = {finding.n} of {finding.of}"
        assert not CAUSAL.search(finding.sentence), f"causal wording in: {finding.sentence}"
        assert finding.p is None or 0 < finding.p <= 1, f"{finding.key}: p = {finding.p}"
        assert finding.p is None or (finding.q is not None and finding.q >= finding.p), f"{finding.key}: q below p"
        assert set(finding.cases) <= set(MANY.cases), f"{finding.key} names a case that is not there"
        assert not finding.holds or finding.cases, f"{finding.key} holds and names no case"
        assert not finding.key.startswith("person:"), "people are never ranked"


def test_the_planted_bundle_stands_out() -> None:
    found = {f.key: f for f in find(MANY, "mechanism-bundles", draws=1999)}
    bundle = found["mechanism:a + mechanism:b"]

    assert bundle.holds, "two mechanisms that always go together must stand out"
    assert (bundle.n, bundle.of, bundle.numbers["cases with mechanism:a"]) == (14, 40, 14), "14 of the 40 cases have both"
    assert bundle.sources == ("source:story", "source:study")
    assert "fewer had both" in bundle.changes, "a finding says what would change it"


def test_what_only_stories_say_can_be_left_out() -> None:
    without, then = MANY.without_kinds(["story"]), MANY.known_at("2017-01")

    assert len(without.cases) == len(then.cases) == 20, "half of the cases rest on stories, the other half on studies of 2019"
    assert without.left_out == "without story as a source"
    assert not set(without.cases) & set(then.cases)
    assert MANY.without_cases(["c00"]).cases == MANY.cases[1:]


def test_a_date_by_year_counts_as_its_last_day() -> None:
    known = [date for date in ("2014", "2015-06", "2015-12-31", "2015") if MANY.known_at(date).cases]

    assert known == ["2015"], "a source of 2015 is known when 2015 is over"


@pytest.mark.parametrize(("call", "kind"), [
    (lambda: MANY.without_kinds(["storie"]), UnknownName), (lambda: MANY.without_cases(["nope"]), UnknownName),
    (lambda: MANY.known_at("January"), ParameterError), (lambda: find(MANY, "brokrs"), UnknownName)])
def test_wrong_names_are_refused_in_a_sentence(call: Callable[[], object], kind: type[Exception]) -> None:
    with pytest.raises(kind) as refused:
        call()
    assert len(str(refused.value).splitlines()) == 1, "an error is one sentence"


def test_fragility_says_what_stops_holding() -> None:
    found = fragility(MANY, {"mechanism-bundles": PATTERNS["mechanism-bundles"]}, draws=999, cases=True)
    said = " ".join(f.sentence for f in found)

    assert "mechanism:a with mechanism:b" in said, "the bundle that holds must be told of"
    assert any("case by case" in f.key and f.of == 14 for f in found), "the 14 cases of the bundle are left out one by one"
    assert any(re.search(r"\d of \d findings hold", f.sentence) for f in found), "each variant says how many findings hold"


def test_tiny_cases_are_counted_as_by_hand(tiny_evidence: Evidence) -> None:
    from gpsa_graph.patterns.matrix import cells
    from gpsa_graph.patterns.teams import shapes

    cell = {(c.row, c.column): c for c in cells(tiny_evidence)}["mechanism:community-scorecard", "result-kind:service-outcome"]

    assert [len(cell.by[name]) for name in ("positive", "not-assessed", "mixed", "none", "negative")] == [1, 1, 1, 1, 0]
    assert cell.reported == cell.contrary == ("case:xaa-clinic-scorecards",), "one case, and results of every kind but negative"
    assert cell.strongest == 6, "an independent evaluation says so"
    assert shapes(tiny_evidence)["case:xaa-clinic-scorecards"] == (
        "ministry or agency", "public service provider", "accountability institution", "donor team"), "the team counted by hand"
    assert tiny_evidence.of_case("case:xbb-road-audit", "result-negative") == ("result-kind:negative-effect",)
    assert "result-kind:service-output" not in tiny_evidence.of("result"), "background results are not counted"


def test_findings_can_be_written_in_every_form() -> None:
    found = find(MANY, "teams")

    assert as_text(found).count("stands on: n = ") == len(found)
    assert as_markdown(found).startswith("- Civil society")
    assert len(as_rows(found)) == len(found)
    assert as_rows(found).columns[:3] == ("pattern", "key", "sentence")


def test_small_denominators_have_no_percentage() -> None:
    assert (share(1, 10), share(1, 11), share(0, 0)) == ("1 of 10", "1 of 11 (9%)", "no data")
    assert (figure(0.0005), figure(1234.5)) == ("0.0005", "1234")
    assert Finding("a", "b", "case:x and case:y share this.", n=1, of=2).sentence.startswith("case:x"), "a name is not capitalised"


@pytest.mark.slow
def test_a_tie_of_odds_ratio_five_is_found_in_four_of_five_sets_of_120_cases() -> None:
    power = MADE["power"](200, 120, 5.0, 0.5)

    assert power >= 0.8, f"the planted tie was found in {power:.0%} of 200 sets"


@pytest.mark.slow
def test_cases_told_of_at_length_make_no_pathways() -> None:
    rate, naive = MADE["false_pathways"](200, 120), MADE["false_pathways"](200, 120, strata=False)

    assert rate <= 0.10, f"{rate:.1%} of 200 sets of noise have a pathway that stands out"
    assert naive > 0.10, "the sets are easy: a test without strata finds nothing in them either"


@pytest.mark.slow
def test_noise_gives_few_findings() -> None:
    rate = MADE["false_discovery_rate"](200, 120)

    assert rate <= 0.10, f"{rate:.1%} of 200 sets of noise have a finding at q = 0.05"


def test_findings_that_are_taken_away_name_their_sources() -> None:
    found = [Finding("teams", key, "A.", n=20, of=30, sources=sources)
             for key, sources in (("a", ("source:s", "source:t")), ("b", ("source:t",)))]

    told = as_markdown(found, cite=lambda names: {name: f"The *{name}*,\nbook" for name in names})
    rows = as_rows(found, cite=lambda names: {name: name.upper() for name in names})

    assert told.count("*sources:* [1] [2]") == told.count("*sources:* [2]") == 1
    assert told.endswith("Sources:\n\n1. The \\*source:s\\*, book\n2. The \\*source:t\\*, book")
    assert rows.citations() == {"source:s": "SOURCE:S", "source:t": "SOURCE:T"}


def test_common_caveats_are_said_once_and_long_lists_are_cut() -> None:
    cases = tuple(f"case:c{i:02d}" for i in range(20))
    found = [Finding("teams", key, f"{key} was reported.", n=20, of=30, cases=cases, sources=("source:s",), caveats=(own, "Common."))
             for key, own in (("a", "Of a."), ("b", "Of b."))]

    for text in (as_text(found), as_markdown(found)):
        assert [text.count(said) for said in ("Common.", "Of a.", "Of b.")] == [1, 1, 1]
        assert "case:c19" not in text
        assert re.search(r"case:c07.* and \d+ more", text)
    assert "sources: 1" in as_text(found)


def test_sources_are_numbered_and_cited_in_place_of_their_hashes(kg: KnowledgeGraph) -> None:
    names = [str(name) for (name,) in kg.query("SELECT ?s { ?s a gpsa:Source } ORDER BY ?s LIMIT 8")]
    found = [Finding("teams", key, f"{key}.", n=1, of=9, sources=sources)
             for key, sources in (("a", tuple(names[:7])), ("b", (names[7], names[0])))]

    terminal, document = as_text(found, cite=kg.citations), as_markdown(found, cite=kg.citations)

    assert "source:" not in terminal + document
    assert re.findall(r"sources: (.+)", terminal) == ["[1] [2] [3] [4] [5] and 2 more", "[1] [6]"]
    assert re.findall(r"sources:\* (.+)", document) == ["[1] [2] [3] [4] [5] [6] [7]", "[1] [8]"], "what is taken away has all of them"
    listed = re.findall(r"^  \[(\d)\] (.+)$", terminal, re.MULTILINE)
    assert listed == [(str(i), kg.citations([name])[name]) for i, name in enumerate((*names[:5], names[7]), 1)]
    assert re.findall(r"^(\d)\. (.+)$", document, re.MULTILINE) == [(str(i), safe(kg.citations([n])[n])) for i, n in enumerate(names, 1)]


def test_figures_are_short() -> None:
    assert figure(0.0000004) == "less than 0.000001"
