"""Cases alike: what is shared on three cases counted by hand, that every reason is proved by the graph, and that the check measures."""

from __future__ import annotations

import json
import os
import random
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest

import gpsa_graph
from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, ParameterError, UnknownName
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.patterns import like, read_evidence
from gpsa_graph.patterns.alike import Answer, Catalogue, Weights, between, rank, read_catalogue, read_weights
from gpsa_graph.patterns.alike.facets import FACETS, words
from gpsa_graph.patterns.alike.ranking import Masses, masses, score
from gpsa_graph.patterns.alike.writing import as_markdown, as_text

ROOT = Path(__file__).resolve().parent.parent
CHECK: dict[str, Any] = runpy.run_path(str(ROOT / "benchmarks" / "bench_alike.py"))
CLINICS, ROADS, BUDGETS = "case:xaa-clinic-scorecards", "case:xbb-road-audit", "case:multi-open-budgets"
CAUSAL = re.compile(r"\b(leads? to|led to|causes?|caused|because of|thanks to|results? in|resulted in|impact|effect of|best)\b", re.I)


def told(answer: Answer) -> list[Any]:
    return [line for case in answer.cases for line in (*case.reasons, *case.differences)]


def test_what_two_small_cases_share_is_what_the_files_say(tiny_kg: KnowledgeGraph) -> None:
    one = between(tiny_kg, "xaa-clinic-scorecards", "xbb-road-audit")
    shared = {(r.facet, r.values): (r.n, r.of) for r in one.reasons}

    assert shared == {
        ("mechanism", ("mechanism:interface-meeting",)): (2, 3), ("mechanism", ("mechanism:community-monitoring",)): (2, 3),
        ("body-level", ("government-level:local",)): (2, 3),
    }, "a ministry takes part in all three, so that says nothing"
    assert [(d.facet, d.mine, d.theirs, d.silent) for d in one.differences if d.facet in ("country", "sector", "mechanism")] == [
        ("country", ("country:XAA",), ("country:XBB",), False), ("sector", ("sector:health",), ("sector:infrastructure",), False),
        ("mechanism", ("mechanism:community-scorecard",), ("mechanism:social-audit",), False)]


def test_a_broad_concept_is_shared_where_the_narrow_ones_differ(tiny_kg: KnowledgeGraph) -> None:
    one = between(tiny_kg, "xaa-clinic-scorecards", "multi-open-budgets")
    cards = next(r for r in one.reasons if r.values == ("mechanism:community-scorecard",))

    assert "in some form" in cards.sentence
    assert (cards.n, cards.of) == (2, 3)
    assert tiny_kg.query(cards.ask) is True


def test_the_proofs_hold_on_another_engine(tiny_kg: KnowledgeGraph) -> None:
    graph = tiny_kg.copy()
    lines = [line for a in (CLINICS, ROADS, BUDGETS) for b in (CLINICS, ROADS, BUDGETS) if a != b
             for one in [between(tiny_kg, a, b)] for line in (*one.reasons, *one.differences)]

    assert len(lines) > 20
    for line in lines:
        assert tiny_kg.query(line.ask) is True, line.ask
        assert bool(graph.query(line.ask).askAnswer) is True, line.ask


def sketches(rng: random.Random, kg: KnowledgeGraph, n: int) -> list[dict[str, Any]]:
    kinds = {"country": "country", "sector": "sector", "challenge": "challenge-kind", "mechanism": "mechanism", "level": "government-level",
             "body_kind": "actor", "region": "region"}
    found = []
    for _ in range(n):
        chosen = rng.sample(sorted(kinds), 3)
        given = {name: rng.choice(sorted(kg.options(kinds[name]))) for name in chosen}
        found.append(given | {"problem": "teachers are absent from schools"})
    return found


def test_two_hundred_explanations_are_true_on_the_store(kg: KnowledgeGraph) -> None:
    rng = random.Random(11)
    cases = rng.sample(read_catalogue(kg).cases, 8)
    lines = [line for case in cases for line in told(like(kg, case))]
    lines += [line for sketch in sketches(rng, kg, 8) for line in told(like(kg, **sketch))]
    chosen = rng.sample(lines, 200)

    assert {line.facet for line in chosen} >= set(FACETS) - {"organisation", "region"}
    assert [line.ask for line in chosen if kg.query(line.ask) is not True] == []


_HAS = "SELECT ?s ?p ?o {{ VALUES (?s ?p) {{ ({case} %s) }} ?s ?p ?o . ?o skos:broader* {value} }}"
_BODY = "SELECT ?s ?p ?o {{ ?s gpsa:inCase {case} ; gpsa:organisation?/%s {value} . VALUES (?p ?o) {{ (gpsa:inCase {case}) }} }}"
#: Facet -> how the fact that a case has a value is found, to take it out of the graph.
TAKEN = {
    "country": _HAS % "gpsa:country", "sector": _HAS % "gpsa:sector", "mechanism": _HAS % "gpsa:usesMechanism",
    "challenge": "SELECT ?s ?p ?o {{ ?s gpsa:inCase {case} . VALUES ?p {{ gpsa:challengeKind }} ?s ?p ?o . ?o skos:broader* {value} }}",
    "body-kind": _BODY % "gpsa:kind", "body-level": _BODY % "gpsa:level",
    "organisation": "SELECT ?s ?p ?o {{ ?s gpsa:inCase {case} ; ?p ?o . VALUES (?p ?o) {{ (gpsa:organisation {value}) }} }}",
    "problem": "SELECT ?s ?p ?o {{ VALUES (?s ?p) {{ ({case} gpsa:problem) }} ?s ?p ?o }}",
}


def test_taking_the_shared_fact_out_takes_the_reason_away(kg: KnowledgeGraph) -> None:
    store = ox.Store()
    store.extend(kg.triples())
    rng = random.Random(5)
    whole = KnowledgeGraph(store)
    found: dict[str, list[tuple[str, str, Any]]] = {}
    for case in rng.sample(read_catalogue(whole).cases, 8):
        for one in like(whole, case, most=3, full=3).cases:
            for reason in one.reasons:
                found.setdefault(reason.facet, []).append((case, one.case, reason))

    assert set(found) >= set(TAKEN)
    for facet, query in TAKEN.items():
        for mine, theirs, reason in rng.sample(sorted(found[facet], key=repr), 1):
            rows = list(store.query(query.format(case=theirs, value=reason.values[0]), prefixes=vocab.PREFIXES))
            quads = [ox.Quad(row[0], row[1], row[2]) for row in rows]
            assert quads, f"{facet}: nothing to take out for {reason.sentence}"
            for quad in quads:
                store.remove(quad)
            less = KnowledgeGraph(store)
            left = {(r.facet, r.values) for r in between(less, mine, theirs).reasons}
            assert (facet, reason.values) not in left, f"{reason.sentence} is still told"
            assert less.query(reason.ask) is False, reason.ask
            store.extend(quads)
            assert whole.query(reason.ask) is True


def test_weights_of_reasons_add_up_to_the_score(kg: KnowledgeGraph) -> None:
    catalogue, weights = read_catalogue(kg), read_weights()
    mine = catalogue.features("case:idn-wahana-visi")
    parts = masses(catalogue, mine, "case:idn-wahana-visi")
    for one in like(kg, "idn-wahana-visi", most=5, full=5).cases:
        shared = sum(weights.facets[facet] * found[one.case].shared for facet, found in parts.items())
        told_ = sum(r.weight for r in one.reasons)
        if "country" in {r.facet for r in one.reasons}:  # a shared country is told, the region that follows from it is not
            shared -= weights.facets["region"] * parts["region"][one.case].shared
        assert told_ == pytest.approx(shared, abs=1e-4)
        assert one.score == pytest.approx(score({f: found[one.case] for f, found in parts.items()}, weights), abs=1e-4)


def test_a_score_by_hand() -> None:
    weights = Weights({"sector": 2.0, "mechanism": 1.0}, mine=1.0, theirs=0.5, silent=0.25, doubt=3.0, floor=0.1)
    parts = {"sector": Masses(1.0, 0.0, 2.0, 0.0), "mechanism": Masses(0.0, 0.0, 0.0, 4.0), "country": Masses(9.0, 9.0, 9.0, 9.0)}

    assert score(parts, weights) == pytest.approx(2 / (2 + 2 + 1 + 3))
    assert score({"sector": Masses(0.0, 0.0, 0.0, 1.0)}, weights) == 0.0


def test_rarer_features_count_more_and_a_feature_of_all_counts_nothing() -> None:
    facts = [(f"case:{c}", "title", c) for c in "abcd"]
    facts += [(f"case:{c}", "sector", "sector:all") for c in "abcd"] + [(f"case:{c}", "sector", "sector:rare") for c in "ab"]
    catalogue = Catalogue.of(facts, {}, {})

    assert catalogue.rarity("sector", "sector:all") == 0.0
    assert catalogue.rarity("sector", "sector:rare") == 1.0
    assert catalogue.rarity("sector", "sector:nowhere") == 3.0
    assert rank(catalogue, catalogue.features("case:a"), Weights({"sector": 2.0}, doubt=2.0), "case:a")[0] == ("case:b", 0.5)


def test_a_circle_of_broader_concepts_comes_to_an_end() -> None:
    above = {"sector:x": ("sector:y",), "sector:y": ("sector:x",)}
    catalogue = Catalogue.of([("case:a", "title", "a"), ("case:a", "sector", "sector:x")], {}, above)

    assert catalogue.close("sector", ["sector:x"]) == {"sector:x", "sector:y"}
    assert catalogue.narrowest(["sector:x"]) == []


def test_cases_that_state_nothing_are_far_and_not_different(kg: KnowledgeGraph) -> None:
    catalogue = read_catalogue(kg)
    bare = next(c for c in catalogue.cases if c not in catalogue.stated["challenge"] and c in catalogue.stated["mechanism"])
    one = between(kg, "idn-wahana-visi", bare)
    silent = [d for d in one.differences if d.facet == "challenge"]

    assert [(d.silent, d.sentence) for d in silent] == [
        (True, "Its sources state no challenge of a known kind, so nothing can be compared there.")]
    assert kg.query(silent[0].ask) is True


def test_counts_over_the_cases_are_recounted_from_the_evidence(kg: KnowledgeGraph) -> None:
    evidence = read_evidence(kg)
    contrary = frozenset().union(*(evidence.cases_with(f) for f in ("result-mixed", "result-none", "result-negative")))
    answer = like(kg, "idn-wahana-visi")
    names = {case for case, _ in answer.ranked()}

    assert len(names) == min(10, answer.close) > 1
    for facet, counted in (("mechanism", answer.mechanisms), ("form", answer.forms)):
        assert {c.value for c in counted} == {v for v, cases in evidence.of(facet).items() if names & set(cases)}
        for c in counted:
            cases = names & evidence.cases_with(facet, c.value)
            assert (set(c.cases), c.of) == (cases, len(names))
            assert set(c.reported) == cases & evidence.cases_with("result")
            assert set(c.against) == cases & contrary
            assert set(c.silent) == cases - evidence.cases_with("result") - contrary


def test_contrary_cases_are_always_listed(kg: KnowledgeGraph) -> None:
    evidence = read_evidence(kg)
    contrary = frozenset().union(*(evidence.cases_with(f) for f in ("result-mixed", "result-none", "result-negative")))
    for case in read_catalogue(kg).cases[::15]:
        answer = like(kg, case, full=1)
        listed = {c.case for c in answer.contrary}

        assert {name for name, _ in answer.ranked()} & contrary <= listed
        assert all(c.found and all(i.sources for i in c.found) for c in answer.contrary)
        if answer.nothing is None:
            assert "Contrary cases" in as_text(answer)


def test_what_is_told_of_a_case_names_its_sources(kg: KnowledgeGraph) -> None:
    answer = like(kg, "mwi-mejn")
    numbers = {name: i for i, (name, _) in enumerate(answer.citations(), 1)}

    assert all(r.sources for case in answer.cases for r in case.reasons)
    assert all(i.sources for case in answer.cases for i in (*case.results, *case.challenges, *case.lessons, *case.bodies))
    assert list(numbers) == answer.sources()
    made = answer.to_dict()
    used = {n for case in made["cases"] for key in ("reasons", "differences", "results", "challenges", "lessons", "bodies")
            for part in case[key] for n in part["sources"]} | {n for c in made["contrary"] for i in c["found"] for n in i["sources"]}
    assert used == set(range(1, len(made["sources"]) + 1))
    assert json.loads(json.dumps(made)) == made


def test_the_results_of_a_case_are_those_of_the_stored_question(kg: KnowledgeGraph) -> None:
    one = between(kg, "mwi-mejn", "idn-kiat-guru")
    rows = kg.answer("what-did-a-case-achieve", case="idn-kiat-guru").to_dicts()

    assert sorted(i.text for i in one.results) == sorted(str(r["result"]) for r in rows if not r["background"])
    assert one.results[0].finding in ("finding:none", "finding:negative", "finding:mixed"), "what was looked for and not found comes first"


def test_a_sketch_by_labels_ids_and_names_is_the_same(kg: KnowledgeGraph) -> None:
    first = like(kg, country="Malawi", sector="education", body_kind=["ministry"], level="local")
    again = like(kg, country=["country:MWI"], sector=["sector:education"], body_kind="actor:ministry", level=["government-level:local"])

    assert first.to_dict() == again.to_dict()
    assert {r.facet for r in first.cases[0].reasons} >= {"country", "sector"}


def test_the_country_of_a_sketch_brings_its_region(kg: KnowledgeGraph) -> None:
    answer = like(kg, country="Costa Rica", sector="education", most=40, full=40)
    near = {c.case for c in answer.cases if any(r.facet == "region" for r in c.reasons)}

    assert near & set(read_catalogue(kg).having["region"]["region:latin-america-and-caribbean"])
    assert "Costa Rica" in answer.asked


def test_within_keeps_to_a_place(kg: KnowledgeGraph) -> None:
    catalogue = read_catalogue(kg)
    answer = like(kg, "mwi-mejn", within="latin america and caribbean")

    assert answer.of == catalogue.n("region", "region:latin-america-and-caribbean")
    assert {c for c, _ in answer.ranked()} <= set(catalogue.having["region"]["region:latin-america-and-caribbean"])


def test_nothing_close_enough_is_an_answer(kg: KnowledgeGraph) -> None:
    answer = like(kg, sector="justice", challenge="epidemic", within="middle-east-and-north-africa")
    text = as_text(answer)

    assert answer.nothing is not None
    assert answer.cases == answer.also == answer.mechanisms == ()
    assert "Nothing close enough among 5 cases" in text
    assert "What would have to be known" in text
    assert "none states the sector justice" in text
    assert answer.to_dict()["nothing"]["needed"]


def test_a_case_near_in_place_alone_is_not_close(kg: KnowledgeGraph) -> None:
    answer = like(kg, country="Uganda", mechanism="social-audit", most=100, full=1)
    uganda = read_catalogue(kg).having["country"]["country:UGA"]
    using = read_catalogue(kg).closed["mechanism"]

    assert answer.close < len(read_catalogue(kg).cases)
    assert any(not {"mechanism:social-audit", "mechanism:citizen-monitoring"} & using.get(c, frozenset()) for c in uganda)
    assert all({"mechanism:social-audit", "mechanism:citizen-monitoring"} & using[c] for c, _ in answer.ranked())


@pytest.mark.parametrize("given, error, said", [
    ({"case": "mwi-mej"}, UnknownName, "did you mean 'mwi-mejn'"),
    ({"sector": "helth"}, UnknownName, "did you mean 'health'"),
    ({"case": "mwi-mejn", "sector": "health"}, ParameterError, "not both"),
    ({}, ParameterError, "nothing to compare with"),
    ({"problem": "a b c"}, ParameterError, "nothing to compare with"),
    ({"case": "mwi-mejn", "within": "Atlantis"}, UnknownName, "no country or region called 'Atlantis'"),
])
def test_wrong_use_is_one_sentence(given: dict[str, Any], error: type[GpsaError], said: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(error, match=re.escape(said)):
        like(kg, **given)


@pytest.mark.parametrize("text, said", [
    ("[facets]\nsectr = 1", "did you mean 'sector'"), ("[facts]\nsector = 1", "no table [facts]"), ("[facets]\nsector = -1", "0 or more"),
    ("[facets]\nsector = true", "0 or more"), ("[facets]\nsector = 'much'", "0 or more"), ("[facets", "no TOML file"),
    ("[score]\nmine = inf", "0 or more"), ("facets = 1", "no table"),
])
def test_a_faulty_file_of_weights_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(GpsaError, match=re.escape(said)):
        read_weights(path)
    with pytest.raises(GpsaError, match="cannot be read"):
        read_weights(tmp_path / "nowhere.toml")


def test_weights_of_a_file_are_used_and_the_rest_stays(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("[facets]\nmechanism = 0\n[answer]\nfloor = 0.01\n", "utf-8")
    weights = read_weights(path)
    answer = like(kg, "idn-wahana-visi", weights=path)

    assert weights.facets == {**read_weights().facets, "mechanism": 0.0}
    assert (weights.floor, weights.mine) == (0.01, read_weights().mine)
    assert not [r for c in answer.cases for r in c.reasons if r.facet == "mechanism"]
    assert answer.close > like(kg, "idn-wahana-visi").close


def test_the_doors_open_to_the_same_answer(kg: KnowledgeGraph) -> None:
    assert kg.like("mwi-mejn").to_dict() == gpsa_graph.like(kg, "mwi-mejn").to_dict() == like(kg, "mwi-mejn").to_dict()


def test_the_question_card_puts_the_same_kind_of_cases_first(kg: KnowledgeGraph) -> None:
    rows = kg.answer("which-cases-are-like-a-case", case="mwi-mejn")

    assert rows[0][1] == like(kg, "mwi-mejn").cases[0].case
    assert [row[2] for row in rows] == sorted((row[2] for row in rows), reverse=True)


def test_texts_say_was_reported_and_no_more(kg: KnowledgeGraph) -> None:
    sketch = like(kg, sector="health", challenge="official-resistance", full=1)
    for said in (as_text(like(kg, "idn-wahana-visi"), proofs=True), as_markdown(sketch)):
        ours = "\n".join(line for line in said.splitlines() if not line.lstrip().startswith("- ") or "takes part" in line or "Both" in line)
        assert not CAUSAL.search(ours), CAUSAL.search(ours)
    text = as_text(like(kg, "idn-wahana-visi"), width=80)
    assert "Was reported there (n = " in text
    assert max(len(line) for line in text.splitlines() if "http" not in line and not re.search(r"\d$", line)) <= 100


def test_words_are_plain_and_few() -> None:
    assert words("Clinics open LATE; açaí, clinic's.") == {"clinic"}
    assert words("") == frozenset()


def gpsa(*given: str, seed: str = "0") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gpsa_graph", "like", *given], capture_output=True, text=True, encoding="utf-8",
                          env={**os.environ, "PYTHONHASHSEED": seed}, timeout=120)


def test_the_command_gives_the_same_bytes_twice_and_every_format(tmp_path: Path) -> None:
    first, again = gpsa("mwi-mejn", "--format", "json", seed="1"), gpsa("mwi-mejn", "--format", "json", seed="2")

    assert (first.returncode, first.stdout) == (0, again.stdout)
    assert json.loads(first.stdout)["cases"][0]["case"] == "case:mwi-care-malawi"
    rows = gpsa("mwi-mejn", "--format", "csv", "--full", "1")
    assert rows.stdout.splitlines()[0] == "case,score,line,facet,sentence,n,of,weight,ask,src"
    assert "ASK {" in rows.stdout
    page = gpsa("--country", "Costa Rica", "--sector", "education", "--format", "md", "-o", str(tmp_path / "a.md"))
    assert (page.returncode, page.stdout) == (0, "")
    assert (tmp_path / "a.md").read_text("utf-8").startswith("# What was reported for a case like this")


def test_the_command_tells_wrong_use_and_nothing_close() -> None:
    empty, wrong, nothing = gpsa(), gpsa("mwi-mej"), gpsa("--sector", "justice", "--challenge", "epidemic", "--in", "tunisia")

    assert (empty.returncode, wrong.returncode) == (2, 2)
    assert "give a CASE" in empty.stderr
    assert "did you mean 'mwi-mejn'" in wrong.stderr
    assert nothing.returncode == 1
    assert "Nothing close enough" in nothing.stdout
    assert "Traceback" not in empty.stderr + wrong.stderr + nothing.stderr


def test_the_check_measures_ranks_by_hand() -> None:
    truth = np.array([[True, False, True, False, False, False]])
    votes = np.array([[0.5, 0.9, 0.1, 0.4, 0.3, 0.2]])

    assert CHECK["measured"](votes, truth)[0].tolist() == [0.5, 0.5, pytest.approx((1 / 2 + 1 / 5) / 2)]
    mean, low, high = CHECK["interval"](np.array([0.0, 1.0] * 50))
    assert mean == 0.5
    assert 0.38 < low < 0.44
    assert 0.56 < high < 0.62


def made(follows: bool, n: int = 90) -> Catalogue:
    """Cases of three sectors, whose mechanisms follow the sector or nothing."""
    rng = random.Random(3)
    facts = []
    for i in range(n):
        sector = i % 3
        facts += [(f"case:c{i:03}", "title", f"c{i}"), (f"case:c{i:03}", "sector", f"sector:s{sector}")]
        low = 3 * sector if follows else 0
        chosen = {f"m{low + rng.randrange(3 if follows else 9)}" for _ in range(2)}
        facts += [(f"case:c{i:03}", "mechanism", f"mechanism:{m}") for m in sorted(chosen)]
    return Catalogue.of(facts, {}, {})


@pytest.mark.parametrize("follows", [True, False])
def test_the_check_finds_a_planted_tie_and_none_where_there_is_none(follows: bool) -> None:
    catalogue = made(follows)
    board = CHECK["Board"](catalogue, CHECK["TASKS"][0], catalogue.cases)
    CHECK["agrees"](board, catalogue, CHECK["TASKS"][0])
    rows, none = np.arange(len(catalogue.cases)), np.zeros(len(catalogue.cases), dtype=bool)
    alike = CHECK["measured"](board.predicted(CHECK["Setting"](read_weights(), 10, 1.0), none, rows), board.truth)
    popular = CHECK["measured"](np.broadcast_to(board.popular(none, rows), board.truth.shape).astype(float), board.truth)
    _, low, high = CHECK["interval"](alike[:, 0] - popular[:, 0])

    assert (low > 0.2) is follows
    assert follows or -0.15 < low < high < 0.15


def test_a_hidden_case_is_not_asked(kg: KnowledgeGraph) -> None:
    catalogue = made(True)
    board = CHECK["Board"](catalogue, CHECK["TASKS"][0], catalogue.cases)
    rows = np.arange(len(catalogue.cases))
    hidden = rows % 3 == 1
    votes = board.predicted(CHECK["Setting"](read_weights(), 200, 1.0), hidden, rows[:3])
    kept = {v for i, case in enumerate(catalogue.cases) if not hidden[i] for v in catalogue.stated["mechanism"][case]}

    assert all(votes[:, j].max() < 1e-6 for j, value in enumerate(board.values) if value not in kept)


def test_the_page_of_the_workshop_is_up_to_date() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "make_alike.py"))
    made_page = script["page"](gpsa_graph.load())

    assert made_page == (ROOT / "docs" / "indonesia-and-malawi.md").read_text("utf-8"), "run `python docs/make_alike.py`"
    opted = {str(r["name"]) for r in gpsa_graph.load().answer("which-countries-opted-in").to_dicts()} - {"Indonesia", "Malawi"}
    assert {name for name in opted if f"\n### {name}\n" in made_page} == opted
    used = {int(n) for n in re.findall(r"\[(\d+)\]\(#sources\)", made_page)}
    assert used == set(range(1, max(used) + 1))
