"""The provenance law over the compiled graphs, walked in plain Python: no query that could hide what it looks for.

Every triple whose subject is a case, event, programme or call has exactly one claim; every claim, and every thing with
parts, names at least one source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pyoxigraph as ox
import pytest

from gpsa_graph import vocab
from gpsa_graph.resources import ontology_files

TYPE, LABEL = vocab.term("rdf:type"), vocab.term("rdfs:label")
DERIVED, CITED = vocab.term("prov:wasDerivedFrom"), vocab.term("dcterms:source")
SUBJECT, PREDICATE, OBJECT = (vocab.term("rdf:" + n) for n in ("subject", "predicate", "object"))
DATES = ("announcement", "approval", "launch", "start", "closing")

CLAIMED = {vocab.term("gpsa:" + n) for n in ("Case", "Event", "Programme", "Call")}
PARTS = {vocab.term("gpsa:" + n) for n in (
    "Participation", "Person", "Result", "Challenge", "Lesson", "Gap", "Figure", "Contribution", "OptIn", "Seat", "Review", "Session",
    "Appearance")}
LISTED = {vocab.term("gpsa:" + n) for n in ("Organisation", "Place", "Country")}
#: What identifies a thing or is computed, and so has no claim. `region` follows from countries.csv.
FREE = {TYPE, LABEL, vocab.term("dcterms:identifier"), vocab.term("gpsa:formerId"), vocab.term("gpsa:region"),
        *(vocab.term(f"gpsa:{d}Year") for d in DATES)}
#: Properties with one true value, of which only the preferred one is a direct triple.
SETTLED = {vocab.term("gpsa:amount"), vocab.term("gpsa:status"), *(vocab.term(f"gpsa:{d}Date") for d in DATES)}

Triple = tuple[str, str, str]


class Graph:
    """The triples of a store, by subject and by class."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.triples = set(triples)
        self.of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for s, p, o in self.triples:
            self.of[s][p].add(o)
        self.claims = {node: self.one(node) for node in self.members({vocab.term("gpsa:Claim")})}

    def members(self, classes: set[str]) -> set[str]:
        return {s for s, says in self.of.items() if says.get(TYPE, set()) & classes}

    def one(self, claim: str) -> Triple:
        says = self.of[claim]
        for part in (SUBJECT, PREDICATE, OBJECT):
            assert len(says[part]) == 1, f"{claim} says {len(says[part])} things as its {part}"
        return next(iter(says[SUBJECT])), next(iter(says[PREDICATE])), next(iter(says[OBJECT]))


@pytest.fixture(scope="module", params=["kg", "tiny_kg"])
def graph(request: pytest.FixtureRequest) -> Graph:
    kg = request.getfixturevalue(request.param)
    return Graph((str(q.subject), str(q.predicate), str(q.object)) for q in kg.triples())


@pytest.fixture(scope="module")
def declared() -> Graph:
    """What ontology and vocabularies say."""
    return Graph((str(q.subject), str(q.predicate), str(q.object))
                 for path in ontology_files() for q in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


def test_every_triple_about_a_case_event_programme_or_call_has_exactly_one_claim(graph: Graph) -> None:
    claims = Counter(graph.claims.values())
    subjects = graph.members(CLAIMED)
    assert subjects
    wrong = [(t, claims[t]) for s in sorted(subjects) for p, values in graph.of[s].items() if p not in FREE
             for o in values if claims[t := (s, p, o)] != 1]
    assert wrong == [], "give these values their sources in the file of the subject"


def test_no_triple_is_claimed_twice(graph: Graph) -> None:
    assert [t for t, n in Counter(graph.claims.values()).items() if n > 1] == []


def test_a_claim_is_about_its_subject_and_named_by_its_triple(graph: Graph) -> None:
    subjects = graph.members(CLAIMED)
    for node, (s, p, o) in graph.claims.items():
        assert s in subjects
        assert graph.of[node][vocab.term("gpsa:about")] == {s}
        assert node == vocab.claim_node(s, p, o)
        assert p not in FREE, f"{p} identifies or is computed: it needs no claim"
        assert len(graph.of[node][vocab.term("gpsa:basis")]) == 1


def test_a_claimed_value_is_direct_or_another_one_is_preferred(graph: Graph) -> None:
    for node, (s, p, o) in graph.claims.items():
        direct = graph.of[s][p]
        if p in SETTLED:
            assert len(direct) == 1, f"{s} {p} has {len(direct)} direct values; sums count one"
        else:
            assert o in direct, f"{node}: {s} {p} {o} is claimed but not said"


def test_a_preferred_value_and_those_that_disagree_dispute_each_other(graph: Graph) -> None:
    disputes = vocab.term("gpsa:disputes")
    for node, (s, p, o) in graph.claims.items():
        for other in graph.of[node].get(disputes, ()):
            assert node in graph.of[other][disputes], f"{other} does not dispute {node} in turn"
            other_s, other_p, other_o = graph.claims[other]
            assert (other_s, other_p) == (s, p)
            assert (o in graph.of[s][p]) != (other_o in graph.of[s][p]), "one of the two is preferred"
        if o not in graph.of[s][p] and not graph.of[node].get(disputes):
            (preferred,) = graph.of[s][p]
            mine, best = o.partition('"^^')[0], preferred.partition('"^^')[0]
            assert best.startswith(mine), f"{o} is neither preferred, nor disputed, nor a coarser form of {preferred}"


def test_a_plain_year_stands_beside_every_direct_date_and_is_its_year(graph: Graph) -> None:
    for subject in graph.members(CLAIMED):
        for kind in DATES:
            dates = graph.of[subject].get(vocab.term(f"gpsa:{kind}Date"), set())
            years = graph.of[subject].get(vocab.term(f"gpsa:{kind}Year"), set())
            assert years == {vocab.integer(int(d[1:5])) for d in dates}


def test_every_claim_and_every_part_names_a_source(graph: Graph) -> None:
    without = [node for node in sorted(graph.members(PARTS | {vocab.term("gpsa:Claim")})) if not graph.of[node].get(DERIVED)]
    assert without == [], "add sources: [...] to these entries"


def test_every_row_of_a_list_names_a_source(graph: Graph) -> None:
    without = [node for node in sorted(graph.members(LISTED)) if not graph.of[node].get(CITED)]
    assert without == [], "fill the column 'sources' of these rows"


def test_every_source_cited_exists_and_tells_what_it_is(graph: Graph, declared: Graph) -> None:
    sources = graph.members({vocab.term("gpsa:Source")})
    cited = {o for s, p, o in graph.triples if p in (DERIVED, CITED) and s not in declared.of}
    assert cited
    assert cited - sources == set(), "these sources are cited and not in sources.csv"
    for source in sources:
        for name in ("dcterms:title", "dcterms:publisher", "dcterms:identifier", "gpsa:sourceKind", "gpsa:reading"):
            assert len(graph.of[source].get(vocab.term(name), ())) == 1, f"{source} has not one {name}"


def test_definitions_cite_sources_that_exist(kg, declared: Graph) -> None:  # type: ignore[no-untyped-def]
    sources = {str(q.subject) for q in kg.triples() if str(q.object) == vocab.term("gpsa:Source")}
    cited = {o for s, p, o in declared.triples if p == CITED and o.startswith(f"<{vocab.PREFIXES['source']}")}
    assert cited
    assert cited - sources == set(), "these sources of definitions are not in data/sources.csv"


def test_inferred_claims_say_why_and_stated_ones_need_not(graph: Graph) -> None:
    inferred = vocab.node("basis", "inferred")
    for node in graph.members(PARTS | {vocab.term("gpsa:Claim")}):
        if inferred in graph.of[node].get(vocab.term("gpsa:basis"), ()):
            assert graph.of[node].get(vocab.term("gpsa:why")), f"{node} is inferred and does not say why"


def test_every_concept_used_is_defined(graph: Graph, declared: Graph) -> None:
    concept, starts = vocab.term("skos:Concept"), tuple(f"<{vocab.PREFIXES[scheme]}" for scheme in vocab.SCHEMES)
    used = {o for s, p, o in graph.triples if o.startswith(starts)}
    assert used
    undefined = {o for o in used if concept not in declared.of[o].get(TYPE, ()) or not declared.of[o].get(vocab.term("skos:prefLabel"))
                 or not (declared.of[o].get(vocab.term("skos:definition")) or declared.of[o].get(CITED))}
    assert undefined == set(), "define these concepts in ontology/vocabularies"


def test_every_class_and_property_used_is_declared_in_the_ontology(graph: Graph, declared: Graph) -> None:
    ours = f"<{vocab.ONTOLOGY}"
    used = {p for s, p, o in graph.triples if p.startswith(ours)} | {o for s, p, o in graph.triples if p == TYPE and o.startswith(ours)}
    assert {u for u in used if not declared.of[u].get(TYPE)} == set(), "declare these terms in ontology/gpsa.ttl"


def test_every_thing_pointed_to_is_there(graph: Graph, declared: Graph) -> None:
    starts = tuple(f"<{vocab.PREFIXES[kind]}" for kind in vocab.THINGS)
    missing = {(p, o) for s, p, o in graph.triples if o.startswith(starts) and TYPE not in graph.of.get(o, {}) and s not in declared.of}
    assert missing == set()


def test_every_thing_has_a_label_or_a_text(graph: Graph) -> None:
    named = {LABEL, vocab.term("gpsa:text"), vocab.term("skos:prefLabel"), vocab.term("gpsa:organisation"), vocab.term("gpsa:asCalled"),
             vocab.term("gpsa:person"), vocab.term("gpsa:measure"), vocab.term("gpsa:country")}
    for node in graph.members(PARTS | LISTED | CLAIMED | {vocab.term("gpsa:Source"), vocab.term("gpsa:Region")}):
        assert named & graph.of[node].keys(), f"{node} has no words to show"


def test_nothing_is_without_a_name(graph: Graph) -> None:
    assert [t for t in graph.triples if t[0].startswith("_:") or t[2].startswith("_:")] == []


def test_every_part_belongs_to_one_thing_that_exists(graph: Graph) -> None:
    links = [vocab.term("gpsa:" + n) for n in ("inCase", "inEvent", "programme", "concerns")]
    owners = graph.members(CLAIMED)
    for node in graph.members(PARTS):
        found = {o for link in links for o in graph.of[node].get(link, ())}
        assert found, f"{node} belongs to nothing"
        assert found <= owners
