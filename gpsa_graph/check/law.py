"""The provenance law as queries: each finds what breaks one rule.

Every triple whose subject is a case, event, programme or call has exactly one claim; every claim, and every thing with
parts, names at least one source (DESIGN section 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gpsa_graph import vocab
from gpsa_graph.check.where import Where
from gpsa_graph.errors import Problem
from gpsa_graph.graph import KnowledgeGraph

#: Properties that identify a thing or are computed, and so have no claim.
UNCLAIMED = (
    "rdf:type", "rdfs:label", "dcterms:identifier", "gpsa:formerId", "gpsa:region", "gpsa:announcementYear",
    "gpsa:approvalYear", "gpsa:launchYear", "gpsa:startYear", "gpsa:closingYear",
)
#: Classes whose triples need a claim each.
CLAIMED = ("gpsa:Case", "gpsa:Event", "gpsa:Programme", "gpsa:Call")
#: Classes whose members name their sources themselves.
EVIDENCED = (
    "gpsa:Claim", "gpsa:Participation", "gpsa:Person", "gpsa:Result", "gpsa:Challenge", "gpsa:Lesson", "gpsa:Gap",
    "gpsa:Figure", "gpsa:Contribution", "gpsa:OptIn", "gpsa:Seat", "gpsa:Review", "gpsa:Session", "gpsa:Appearance",
)
#: Classes of the authority lists, whose rows name sources too.
LISTED = ("gpsa:Organisation", "gpsa:Place", "gpsa:Country")


@dataclass(frozen=True, slots=True)
class Rule:
    """`query` selects ?s ?p ?o of what breaks the rule; `says` is the sentence with places for the three."""

    name: str
    query: str
    says: str
    fix: str


RULES = (
    Rule("claimed", f"""SELECT ?s ?p ?o WHERE {{
             VALUES ?class {{ {' '.join(CLAIMED)} }} ?s a ?class ; ?p ?o .
             OPTIONAL {{ ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }}
             FILTER(!BOUND(?claim) && ?p NOT IN ({', '.join(UNCLAIMED)})) }}""",
         "nobody is named who says that {s} has {p} {o}", "Give the value its sources in the file of {s}."),
    Rule("claimed once", """SELECT ?s ?p ?o WHERE { ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }
             GROUP BY ?s ?p ?o HAVING(COUNT(DISTINCT ?claim) > 1)""",
         "two claims say that {s} has {p} {o}", "Join them: one claim with the sources of both."),
    Rule("claim of something", """SELECT ?s ?p ?o WHERE { ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
             OPTIONAL { ?s ?p ?any } FILTER(!BOUND(?any)) }""",
         "a claim says that {s} has {p} {o}, but the graph has no {p} of it", "Say the value itself, or take the claim out."),
    Rule("no source", f"""SELECT ?s ?p ?o WHERE {{
             VALUES ?class {{ {' '.join(EVIDENCED)} }} ?s a ?class .
             OPTIONAL {{ ?s prov:wasDerivedFrom ?source }} FILTER(!BOUND(?source)) }}""",
         "{s} names no source", "Add sources: [s1] to the entry."),
    Rule("no source in a list", f"""SELECT ?s ?p ?o WHERE {{
             VALUES ?class {{ {' '.join(LISTED)} }} ?s a ?class .
             OPTIONAL {{ ?s dcterms:source ?source }} FILTER(!BOUND(?source)) }}""",
         "{s} names no source", "Fill the column 'sources' of its row."),
    # The words of the vocabularies cite the shipped sources, which another data folder need not hold.
    Rule("unknown source", """SELECT ?s ?p ?o WHERE {
             VALUES ?p { prov:wasDerivedFrom dcterms:source } ?s ?p ?o .
             OPTIONAL { ?o a ?class FILTER(?class = gpsa:Source) }
             OPTIONAL { ?s a ?word FILTER(?word IN (skos:Concept, skos:ConceptScheme)) }
             FILTER(!BOUND(?class) && !BOUND(?word)) }""",
         "{s} cites {o}, of which the graph has no title", "Add a row to data/sources.csv."),
    Rule("date without year", """SELECT ?s ?p ?o WHERE {
             VALUES (?p ?plain) { (gpsa:announcementDate gpsa:announcementYear) (gpsa:approvalDate gpsa:approvalYear)
                 (gpsa:launchDate gpsa:launchYear) (gpsa:startDate gpsa:startYear) (gpsa:closingDate gpsa:closingYear) }
             ?s ?p ?o . OPTIONAL { ?s ?plain ?year } FILTER(!BOUND(?year)) }""",
         "{s} has {p} {o} without the plain year that stands beside every date", "Add the year as a whole number."),
    Rule("no name", "SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }",
         "a thing without a name stands in {s} {p} {o}", "Give it an IRI, so that a diff of two builds is a diff of facts."),
)


def broken_rules(kg: KnowledgeGraph, where: Where) -> Iterator[Problem]:
    """A problem for every place in which the graph breaks the law."""
    for rule in RULES:
        rows = kg.query(rule.query)
        assert not isinstance(rows, (bool, str))
        for s, p, o in rows:
            words = {"s": s, "p": p, "o": _short(o)}
            path, line = where(vocab.expand(str(s)), str(o or ""))
            yield Problem(path, line, rule.says.format(**words), rule.fix.format(**words))


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 80 else text[:77] + "..."
