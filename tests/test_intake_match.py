"""The scorer proposes with reasons; two ministries of two countries stay two; nothing depends on the order of the known things."""

from __future__ import annotations

import random

import pytest

from gpsa_graph.cases import Data
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.intake.match import Known, Matcher, acronyms_of, known_in_graph, known_in_lists, words_of

THINGS = [
    Known("aaa-health", "organisation", "Ministry of Health", ("Ministère de la Santé",), frozenset({"AAA"}), "ministry"),
    Known("bbb-health", "organisation", "Ministry of Health", (), frozenset({"BBB"}), "ministry"),
    Known("aaa-education", "organisation", "Ministry of Education", (), frozenset({"AAA"}), "ministry"),
    Known("water-voices", "organisation", "Water Voices Network", ("WVN",), frozenset({"AAA"}), "national-ngo"),
    Known("AAA", "country", "Aland Republic", ("AX",), frozenset({"AAA"})),
    Known("BBB", "country", "Bland", (), frozenset({"BBB"})),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(THINGS)


def test_the_country_decides_between_two_bodies_of_one_name(matcher: Matcher) -> None:
    first, second = matcher.candidates("Ministry of Health", kind="organisation", country="BBB")[:2]

    assert (first.id, first.sure) == ("bbb-health", True)
    assert first.reasons == ('"Ministry of Health" is the name', "the country agrees (BBB)")
    assert second.id == "aaa-health"
    assert "the country differs (AAA, not BBB)" in second.why


def test_without_a_country_neither_is_sure(matcher: Matcher) -> None:
    found = matcher.candidates("Ministry of Health", kind="organisation")

    assert [c.id for c in found[:2]] == ["aaa-health", "bbb-health"]
    assert not any(c.sure for c in found)


@pytest.mark.parametrize("said", ["AAA", "country:AAA", "aland republic", "Aland Republic", "AX"])
def test_a_country_is_known_by_code_or_name(matcher: Matcher, said: str) -> None:
    assert matcher.country(said) == "AAA"


def test_shared_small_talk_is_no_likeness(matcher: Matcher) -> None:
    """'Ministry of Education' and 'Ministry of Health' share the word that every ministry has."""
    found = {c.id: c.score for c in matcher.candidates("Ministry of Education", country="AAA")}

    assert found["aaa-education"] == 100
    assert found.get("aaa-health", 0) < 75


@pytest.mark.parametrize("said, reason", [
    ("Ministere de la Sante", '"Ministère de la Santé" is another name'),
    ("The Ministry of Health", '"Ministry of Health" is the name'),
    ("MoH", "the acronym MoH agrees"),
    ("Ministry for Helth (MOH)", "the acronym MOH agrees"),
    ("Health Ministry", 'name like "Ministry of Health": shared health, ministry'),
])
def test_another_spelling_is_proposed_with_its_reason(matcher: Matcher, said: str, reason: str) -> None:
    best = matcher.candidates(said, country="AAA", kind="organisation")[0]

    assert best.id == "aaa-health"
    assert reason in best.reasons


def test_kind_speaks_for_and_against(matcher: Matcher) -> None:
    as_ngo = matcher.candidates("Water Voices", sort="national-ngo")[0]
    as_ministry = matcher.candidates("Water Voices", sort="ministry")[0]

    assert as_ngo.score > as_ministry.score
    assert "the kind agrees (national-ngo)" in as_ngo.reasons
    assert "one is a public body, the other is not (national-ngo, not ministry)" in as_ministry.reasons


@pytest.mark.parametrize("said", ["", "   ", "()", "…", "zzzzqqq"])
def test_nothing_is_proposed_for_nothing(matcher: Matcher, said: str) -> None:
    assert matcher.candidates(said) == []


def test_the_order_of_the_known_things_does_not_matter() -> None:
    mixed = list(THINGS)
    random.Random(7).shuffle(mixed)

    for said in ("Ministry of Health", "health ministry", "WVN", "Water Voices"):
        assert Matcher(mixed).candidates(said) == Matcher(THINGS).candidates(said)


def test_a_thing_can_be_left_out(matcher: Matcher) -> None:
    assert "aaa-health" not in [c.id for c in matcher.candidates("Ministry of Health", but=("aaa-health",))]


def test_words_and_acronyms() -> None:
    assert words_of("L'Observatoire des Droits, ASBL") == ("observatoire", "droits")
    assert acronyms_of("World Vision") == set()


def test_every_shipped_organisation_is_found_by_its_own_name(data: Data) -> None:
    matcher = Matcher(known_in_lists(data.authority))
    missed = [o.id for o in data.authority.organisation.values()
              if o.id not in [c.id for c in matcher.candidates(o.name, kind="organisation", country=o.country, most=3)]]

    assert missed == []


def test_a_graph_gives_the_same_names_with_their_prefix(kg: KnowledgeGraph, data: Data) -> None:
    found = Matcher(known_in_graph(kg)).candidates("Ministry of Health", kind="organisation", country="Uganda")

    assert found[0].id == "organisation:uga-ministry-of-health"
    assert found[0].reasons[-1] == "the country agrees (UGA)"
