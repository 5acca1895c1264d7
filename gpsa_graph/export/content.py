"""Cases as values for figures and dossiers: what is said of each, by whom, and in which part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gpsa_graph.export.things import Props, rows_of, things_of
from gpsa_graph.graph.rows import Value

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph
    from gpsa_graph.graph.claims import Source

__all__ = ["Case", "Content", "Part", "Said", "read_content"]

_PARTS = {
    "gpsa:Participation": "participation",
    "gpsa:Result": "result",
    "gpsa:Challenge": "challenge",
    "gpsa:Lesson": "lesson",
    "gpsa:Gap": "gap",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A value of a case with the sources that say so."""

    value: Value
    sources: tuple[str, ...]
    preferred: bool = True
    inferred: bool = False
    called: tuple[str, ...] = ()
    disputed: bool = False

    @property
    def name(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Part:
    """A participation, result, challenge, lesson or gap of a case: its properties and the sources that say so."""

    id: str
    kind: str
    case: str
    props: Props
    sources: tuple[str, ...]

    def one(self, name: str) -> str:
        """The first value of a property as text, or nothing."""
        values = self.props.get(name, ())
        return str(values[0]) if values else ""

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a property as texts, sorted."""
        return tuple(str(v) for v in self.props.get(name, ()))


@dataclass(frozen=True)
class Case:
    """One case: what is said of it by relation (preferred values first), and its parts."""

    id: str
    title: str
    said: Mapping[str, tuple[Said, ...]]
    parts: tuple[Part, ...]
    years: tuple[int | None, int | None] = (None, None)

    def every(self, relation: str) -> tuple[Said, ...]:
        """The preferred values of a relation."""
        return tuple(s for s in self.said.get(relation, ()) if s.preferred)

    def names(self, relation: str) -> tuple[str, ...]:
        """The preferred values of a relation as texts."""
        return tuple(s.name for s in self.every(relation))

    def of(self, kind: str) -> tuple[Part, ...]:
        """The parts of a kind."""
        return tuple(p for p in self.parts if p.kind == kind)

    @property
    def results(self) -> tuple[Part, ...]:
        """Its results; what is told as background to the case is none of them."""
        return tuple(p for p in self.of("result") if not p.props.get("gpsa:background"))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Every source of the case, sorted."""
        cited = [s.sources for values in self.said.values() for s in values] + [p.sources for p in self.parts]
        return tuple(sorted({name for names in cited for name in names}))


@dataclass(frozen=True)
class Content:
    """The cases by id, with labels, top concepts, wider concepts, regions and kinds of actors."""

    cases: Mapping[str, Case]
    labels: Mapping[str, str]
    families: Mapping[str, str]
    wider: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, tuple[str, ...]]
    actors: Mapping[str, Props] = field(default_factory=dict)
    kg: KnowledgeGraph | None = None

    def label(self, name: str) -> str:
        """What people call a thing; its name where nothing else is known."""
        return self.labels.get(name, name)

    def labels_of(self, names: Iterable[str]) -> list[str]:
        """The labels of several things, sorted."""
        return sorted({self.label(n) for n in names}, key=str.casefold)

    def within(self, name: str) -> frozenset[str]:
        """A concept and all narrower ones."""
        found, size = {name}, 0
        while len(found) > size:
            size = len(found)
            found |= {narrow for narrow, broad in self.wider.items() if found & set(broad)}
        return frozenset(found)

    def region(self, case: Case) -> tuple[str, ...]:
        """The regions of the countries of a case."""
        return tuple(sorted({r for c in case.names("gpsa:country") for r in self.regions.get(c, ())}))

    def who(self, part: Part) -> str:
        """What the one that takes part is called."""
        return (
            self.label(part.one("gpsa:organisation"))
            if part.props.get("gpsa:organisation")
            else part.one("rdfs:label") or "; ".join(part.every("gpsa:asCalled"))
        )

    def actor(self, part: Part, name: str) -> str:
        """A property of the one that takes part: of the organisation, or of the group itself."""
        about = self.actors.get(part.one("gpsa:organisation"), {}) or part.props
        return str((about.get(name) or ("",))[0])

    def side(self, part: Part) -> str:
        """`state`, `society` or `other`, by the part taken and the family of the kind of actor."""
        if part.one("gpsa:part") == "part:public-body":
            return "state"
        family = self.families.get(self.actor(part, "gpsa:kind"), "")
        return (
            "society"
            if family in ("actor:civil-society-actor", "actor:citizen-group")
            else "state"
            if family == "actor:state-actor"
            else "other"
        )

    def sources(self, names: Iterable[str]) -> dict[str, Source]:
        """Sources by name, in the order given."""
        wanted = list(dict.fromkeys(names))
        return {s.name: s for s in self.kg.sources(wanted)} if self.kg is not None and wanted else {}


def read_content(kg: KnowledgeGraph) -> Content:
    """Everything that figures and dossiers show, read in a few large queries.

    >>> from gpsa_graph import load
    >>> content = read_content(load())
    >>> content.cases["case:mwi-mejn"].names("gpsa:country"), content.label("country:MWI")
    (('country:MWI',), 'Malawi')
    """
    direct = {(s, p, str(o)) for s, p, o in rows_of(kg, "SELECT ?s ?p ?o { ?s a gpsa:Case ; ?p ?o }")}
    years: dict[str, dict[str, int]] = {}
    for s, p, y in rows_of(
        kg,
        "SELECT ?s ?p ?o { VALUES ?p { gpsa:startYear gpsa:approvalYear gpsa:announcementYear gpsa:closingYear } ?s a gpsa:Case ; ?p ?o }",
    ):
        years.setdefault(str(s), {})[str(p)] = int(str(y))
    claims: dict[str, dict[str, list[Said]]] = {}
    for props in things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s a gpsa:Claim ; gpsa:about ?c ; ?p ?o . ?c a gpsa:Case }")).values():
        case, relation, value = str(props["rdf:subject"][0]), str(props["rdf:predicate"][0]), props["rdf:object"][0]
        said = Said(
            value,
            _texts(props, "prov:wasDerivedFrom"),
            (case, relation, str(value)) in direct,
            "basis:inferred" in props.get("gpsa:basis", ()),
            _texts(props, "gpsa:asCalled"),
            "gpsa:disputes" in props,
        )
        claims.setdefault(case, {}).setdefault(relation, []).append(said)
    parts: dict[str, list[Part]] = {}
    for name, props in things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s gpsa:inCase ?c ; ?p ?o }")).items():
        kind = next((_PARTS[str(t)] for t in props.get("rdf:type", ()) if str(t) in _PARTS), "")
        for within in props["gpsa:inCase"] if kind else ():
            parts.setdefault(str(within), []).append(Part(name, kind, str(within), props, _texts(props, "prov:wasDerivedFrom")))
    labels = {
        str(x): str(said)
        for x, said in sorted(
            rows_of(
                kg,
                """SELECT ?x ?l { { ?x rdfs:label ?l } UNION { ?x skos:prefLabel ?l }
        FILTER(LANG(?l) IN ("", "en")) }""",
            ),
            key=lambda r: (str(r[0]), -len(str(r[1])), str(r[1])),
        )
    }
    wider: dict[str, tuple[str, ...]] = {}
    for narrow, broad in rows_of(kg, "SELECT ?x ?b { ?x skos:broader ?b }"):
        wider[str(narrow)] = tuple(sorted({*wider.get(str(narrow), ()), str(broad)}))
    regions: dict[str, tuple[str, ...]] = {}
    for nation, region in rows_of(kg, "SELECT ?c ?r { ?c a gpsa:Country ; gpsa:region ?r }"):
        regions[str(nation)] = tuple(sorted({*regions.get(str(nation), ()), str(region)}))
    families = {str(concept): str(family) for concept, _, family in kg.answer("families-of-concepts")}
    cases = {}
    for case in sorted(claims):
        of = years.get(case, {})
        start = next((of[f"gpsa:{n}Year"] for n in ("start", "approval", "announcement") if f"gpsa:{n}Year" in of), None)
        told = {
            r: tuple(sorted(v, key=lambda s: (not s.preferred, -len(s.sources), str(s.value)))) for r, v in sorted(claims[case].items())
        }
        cases[case] = Case(
            case,
            labels.get(case, case),
            told,
            tuple(sorted(parts.get(case, ()), key=lambda p: (p.kind, p.id))),
            (start, of.get("gpsa:closingYear")),
        )
    actors = things_of(rows_of(kg, "SELECT ?s ?p ?o { ?s a gpsa:Organisation ; ?p ?o }"))
    return Content(cases, labels, families, wider, regions, actors, kg)


def _texts(props: Props, name: str) -> tuple[str, ...]:
    return tuple(str(v) for v in props.get(name, ()))

