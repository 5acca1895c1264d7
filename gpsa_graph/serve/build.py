"""Makes the sheet of a thing: what is claimed of it, its parts, and what points to it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from gpsa_graph import vocab
from gpsa_graph.errors import UnknownName
from gpsa_graph.serve.cache import Cache
from gpsa_graph.serve.names import STANDING, Names, page, safe_link, spoken
from gpsa_graph.serve.sheet import Fact, Item, Section, Sheet, Value

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph, Rows

#: The sections of a page with claims, and the relations in each; what is named nowhere comes under "More".
_CLAIMED = (
    (
        "about",
        "What it set out to do",
        ("gpsa:objective", "gpsa:problem", "gpsa:scope", "gpsa:baselineFact", "gpsa:question", "gpsa:outcomeWanted"),
    ),
    (
        "facts",
        "At a glance",
        (
            "dcterms:alternative",
            "gpsa:country",
            "gpsa:region",
            "gpsa:place",
            "gpsa:programme",
            "gpsa:call",
            "gpsa:attribution",
            "gpsa:host",
            "gpsa:partOf",
            "gpsa:amount",
            "gpsa:status",
            "gpsa:announcementDate",
            "gpsa:approvalDate",
            "gpsa:launchDate",
            "gpsa:startDate",
            "gpsa:closingDate",
            "gpsa:worldBankProject",
            "gpsa:trustFund",
            "gpsa:evaluationDesign",
            "gpsa:eligibleCountry",
            "gpsa:awardedCountry",
        ),
    ),
    ("how", "How it worked", ("gpsa:usesMechanism", "gpsa:collaborationForm", "gpsa:sector", "gpsa:pilot")),
    ("related", "Related", ("gpsa:relatedCase", "gpsa:showcases")),
)
#: Relations of a case that its participations tell with more detail, and those that a page shows elsewhere.
_TOLD_BY_PARTS = frozenset({"gpsa:hasGrantee", "gpsa:hasPartner", "gpsa:involvesGovernment"})
_HIDDEN = frozenset(
    {
        "rdf:type",
        "rdfs:label",
        "dcterms:title",
        "dcterms:identifier",
        "skos:prefLabel",
        "prov:wasDerivedFrom",
        "skos:topConceptOf",
        "skos:inScheme",
        "foaf:name",
        "gpsa:pooled",
        "dcterms:source",
        "skos:definition",
    }
)
_PARTS = {
    "participation": ("who", "Who took part"),
    "result": ("results", "Results"),
    "challenge": ("challenges", "Challenges"),
    "lesson": ("lessons", "Lessons"),
    "person": ("people", "People named in an office"),
    "session": ("sessions", "Sessions"),
    "appearance": ("appearances", "Named at the event"),
    "figure": ("figures", "Figures"),
    "contribution": ("contributions", "Contributions"),
    "opt-in": ("opt-ins", "Countries that opted in"),
    "seat": ("seats", "Seats and posts"),
    "review": ("reviews", "Reviews"),
    "gap": ("missing", "What is missing"),
}
_TAGS = ("gpsa:part", "gpsa:finding", "gpsa:resultKind", "gpsa:challengeKind", "gpsa:personRole", "gpsa:known", "gpsa:measure")
_TEXTS = (
    "gpsa:text",
    "rdfs:label",
    "foaf:name",
    "dcterms:title",
    "gpsa:organisation",
    "gpsa:person",
    "gpsa:asCalled",
    "gpsa:country",
    "gpsa:role",
    "gpsa:measure",
)
#: The facts of a part: what stands for it, a measurement as it is read, all the rest by name, then remarks and where it belongs.
_FIGURE = ("gpsa:indicator", "gpsa:baseline", "gpsa:baselineValue", "gpsa:value", "gpsa:printed", "gpsa:unit", "gpsa:year", "gpsa:asOf")
_LAST = ("gpsa:note", "gpsa:why", "gpsa:basis", "gpsa:inEvent", "gpsa:inCase")
_PLACES = {p: i for start, relations in ((0, _TEXTS), (20, _FIGURE), (90, _LAST)) for i, p in enumerate(relations, start)}
_NOT_STATED = (
    ("gpsa:amount", "amount"),
    ("gpsa:startDate", "start date"),
    ("gpsa:closingDate", "closing date"),
    ("gpsa:usesMechanism", "mechanism"),
    ("gpsa:sector", "sector"),
    ("gpsa:place", "place"),
)
#: Relations of other vocabularies in plain words.
_WORDS = {
    "skos:altLabel": "also called",
    "skos:broader": "broader",
    "skos:exactMatch": "the same elsewhere",
    "skos:closeMatch": "nearly the same elsewhere",
    "skos:notation": "code",
    "dcterms:alternative": "also called",
}
#: The order of the sections of a case, an event, a programme or a call; the rest follows as it comes.
_SHOWN = ("about", "facts", "how", "who", "sessions", "appearances", "results", "challenges", "lessons", "like", "figures")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::00)?(?:Z|([+-]\d\d:\d\d))?")
_UNITS = {"gpsa:amount": "US dollars"}


@dataclass(slots=True)
class _Claim:
    relation: str = ""
    value: object = None
    extras: dict[str, list[str]] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)


class Builder:
    """Makes sheets from a graph; keeps labels and sources between pages."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self.kg, self.names = kg, Names(kg)
        self.near = Cache(1_000)
        self._relations = {
            str(p): str(label)
            for p, label in self.rows(
                """SELECT ?p ?label WHERE { ?p a ?t ; rdfs:label ?label
                VALUES ?t { owl:ObjectProperty owl:DatatypeProperty } FILTER(LANG(?label) = "en") }"""
            )
        }

    @cached_property
    def cases(self) -> int:
        """The number of cases, the denominator of most counts."""
        return int(str(self.rows("SELECT (COUNT(?c) AS ?n) WHERE { ?c a gpsa:Case }")[0][0]))

    def relation(self, name: str) -> str:
        """A relation in words."""
        return _WORDS.get(name) or self._relations.get(name) or spoken(name)

    def counted(self, among: str, ways: Iterable[str] = STANDING) -> dict[str, int]:
        """In how many cases each ?x stands that `among` (SPARQL) lets through, by the first of the ways in which any does."""
        counts = (
            {str(x): int(str(n)) for x, n in self.rows(f"SELECT ?x (COUNT(DISTINCT ?case) AS ?n) WHERE {{ {among} . {way} }} GROUP BY ?x")}
            for way in ways
        )
        return next(filter(None, counts), {})

    def rows(self, query: str) -> Rows:
        found = self.kg.query(query)
        assert not isinstance(found, (str, bool))
        return found

    def said(self, query: str) -> dict[str, dict[str, list[object]]]:
        """What a query (thing, relation, value) finds, by thing and relation, in one order, whatever that of the engine is."""
        found: dict[str, dict[str, list[object]]] = {}
        for thing, relation, value in sorted(self.rows(query), key=lambda row: [str(cell) for cell in row]):
            found.setdefault(str(thing), {}).setdefault(str(relation), []).append(value)
        return found

    def sheet(self, iri: str) -> Sheet:
        """The sheet of a thing; UnknownName where the graph says nothing of it."""
        from gpsa_graph.serve.playbook import more_sections

        found = self.rows(f"SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}")  # sorted here, which costs a third of sorting in the engine
        own: list[tuple[str, object]] = sorted(((str(p), o) for p, o in found), key=lambda said: (said[0], str(said[1])))
        name = vocab.shorten(iri)
        if not own:
            raise UnknownName("thing", name)
        kind = iri[len(vocab.BASE) :].partition("/")[0]
        said: dict[str, list[object]] = {}
        for relation, value in own:
            said.setdefault(relation, []).append(value)
        title = next(
            (str(v) for p in ("rdfs:label", "skos:prefLabel", "foaf:name", "dcterms:title", "gpsa:text") for v in said.get(p, ())),
            name,
        )
        if kind == "claim" and {"rdf:subject", "rdf:predicate", "rdf:object"} <= said.keys():
            s, p, o = (str(said[part][0]) for part in ("rdf:subject", "rdf:predicate", "rdf:object"))
            labels = self.names.labels((s, o))
            title = f"{labels.get(s, s)}: {self.relation(p)} {labels.get(o, o)}"
        sheet = Sheet(name, iri, kind, title, lead=str(next(iter(said.get("skos:definition", said.get("rdfs:comment", [""]))))))
        claims = self._claims(iri)
        if claims:
            sheet.sections += self._claimed(claims, said, kind)
        else:
            facts = self._plain(own, tuple(str(s) for p in ("prov:wasDerivedFrom", "dcterms:source") for s in said.get(p, ())))
            sheet.sections.append(Section("facts", "At a glance", facts=facts))
        if kind in ("case", "event", "programme", "call"):
            sheet.sections += self.parts(iri, kind)
        sheet.sections += more_sections(self, iri, kind, said)
        if claims:
            last = ("related", "more", "linked")
            place = {id_: i for i, id_ in enumerate(_SHOWN)} | {id_: 90 + i for i, id_ in enumerate(last)}
            sheet.sections.sort(key=lambda s: place.get(s.id, 50))
        elif kind not in ("organisation", "source", "person", "claim"):  # what is said with a concept, before its codes and names
            sheet.sections.sort(key=lambda s: s.id == "facts")
        self.finish(sheet)
        return sheet

    def finish(self, sheet: Sheet) -> None:
        """Fill in labels and addresses of every value, and the sources that are cited."""
        values = [v for s in sheet.sections for v in _values(s)]
        items = [i for s in sheet.sections for i in s.items]
        wanted = {v.name for v in values if v.name and not v.text}
        wanted |= {said for i in items for said in (i.text, *i.tags) if ":" in said and " " not in said}
        labels = self.names.labels(wanted)
        for value in values:
            if value.name:
                value.href = value.href or page(value.name) or safe_link(value.name)
                value.text = value.text or labels.get(value.name) or value.name
        for item in items:
            item.text = labels.get(item.text, item.text)
            item.tags = [labels.get(tag, tag) for tag in item.tags]
        sheet.sources = self.names.sources(n for s in sheet.sections for n in s.cited())

    def _claims(self, iri: str) -> list[_Claim]:
        found: dict[str, _Claim] = {}
        for c, p, v in self.rows(
            f"""SELECT ?c ?p ?v WHERE {{ ?c rdf:subject <{iri}> ; ?p ?v
            FILTER(?p NOT IN (rdf:type, rdf:subject, gpsa:about) && ?v != basis:stated) }}"""
        ):
            claim = found.setdefault(str(c), _Claim())
            if p == "rdf:predicate":
                claim.relation = str(v)
            elif p == "rdf:object":
                claim.value = v
            elif p == "prov:wasDerivedFrom":
                claim.sources.append(str(v))
            else:
                claim.extras.setdefault(str(p), []).append(str(v))
        return list(found.values())

    def _claimed(self, claims: list[_Claim], own: dict[str, list[object]], kind: str) -> list[Section]:
        facts: dict[str, list[Value]] = {}
        for claim in claims:
            if claim.relation not in _HIDDEN and not (kind == "case" and claim.relation in _TOLD_BY_PARTS):
                facts.setdefault(claim.relation, []).append(self._claim_value(claim, own))
        for relation in ("gpsa:region",):
            if relation in own:
                facts[relation] = [self.value(relation, v) for v in own[relation]]
        sections, used = [], set()
        for id_, title, relations in _CLAIMED:
            listed = [Fact(self.relation(r), _sorted(facts[r]), r) for r in relations if r in facts]
            used |= set(relations)
            note = ""
            if id_ == "facts" and kind == "case":
                missing = [word for r, word in _NOT_STATED if r not in facts]
                note = f"No source that was read states the {_listed(missing)}." if missing else ""
            sections.append(Section(id_, title, note, facts=listed))
        rest = [Fact(self.relation(r), _sorted(v), r) for r, v in sorted(facts.items()) if r not in used]
        sections.append(Section("more", "More", facts=rest))
        return sections

    def _claim_value(self, claim: _Claim, own: dict[str, list[object]]) -> Value:
        value = self.value(claim.relation, claim.value)
        extras = claim.extras
        notes = [f"called “{t}”" for t in sorted(extras.get("gpsa:asCalled", ()))]
        notes += [f"printed “{t}”" for t in sorted(extras.get("gpsa:printed", ()))]
        notes += [t for p in ("gpsa:text", "gpsa:note", "gpsa:why") for t in sorted(extras.get(p, ()))]
        marks = []
        if "basis:inferred" in extras.get("gpsa:basis", ()):
            marks.append("inferred")
        if claim.value not in own.get(claim.relation, ()):
            marks.append("another value is preferred")
        if "gpsa:disputes" in extras:
            marks.append("disputed")
        value.notes, value.marks, value.sources = tuple(notes), tuple(marks), tuple(sorted(claim.sources))
        return value

    def value(self, relation: str, said: object, sources: Iterable[str] = ()) -> Value:
        """One value: things by name (labelled later), numbers with thousands and units, texts as they are."""
        from gpsa_graph.graph.rows import Name

        if isinstance(said, Name) or (
            isinstance(said, str) and relation in ("skos:exactMatch", "skos:closeMatch", "schema:url", "foaf:homepage")
        ):
            return Value("", str(said), sources=tuple(sources)) if ":" in said else Value(str(said), sources=tuple(sources))
        if isinstance(said, bool):
            no = "not yet when it was announced; whether they came is not told" if relation == "gpsa:confirmed" else "no"
            return Value("yes" if said else no, sources=tuple(sources))
        if isinstance(said, (int, float)) and not relation.endswith(("Year", "year", "order")):
            unit = f" {_UNITS[relation]}" if relation in _UNITS else ""
            return Value(f"{said:,}{unit}", sources=tuple(sources))
        text = moment(str(said)) if relation.endswith("Date") else str(said)
        return Value(text, href=safe_link(str(said)) if relation == "schema:url" else "", sources=tuple(sources))

    def _plain(self, own: list[tuple[str, object]], sources: tuple[str, ...]) -> list[Fact]:
        facts: dict[str, list[Value]] = {}
        for relation, said in own:
            if relation not in _HIDDEN:
                facts.setdefault(relation, []).append(self.value(relation, said, sources))
        return [Fact(self.relation(r), v, r) for r, v in sorted(facts.items(), key=lambda f: self.relation(f[0]))]

    def parts(self, iri: str, kind: str) -> list[Section]:
        """Sections for the parts of a case, event, programme or call."""
        links = "gpsa:inCase|gpsa:inEvent|gpsa:programme|gpsa:concerns"
        found = self.said(
            f"""SELECT ?part ?p ?o WHERE {{ {{ SELECT DISTINCT ?part WHERE {{ ?part {links} <{iri}> ; a ?t
                FILTER(?t NOT IN (gpsa:Case, gpsa:Call, gpsa:Event)) }} }} ?part ?p ?o FILTER(?p != rdf:type) }}"""
        )
        by_kind: dict[str, list[Item]] = {}
        for name, said in found.items():
            part_kind = name.partition(":")[0]
            if part_kind in _PARTS:
                by_kind.setdefault(part_kind, []).append(self.item(name, said, {iri}))
        return [Section(id_, title, items=sorted(by_kind[k], key=_rank)) for k, (id_, title) in _PARTS.items() if k in by_kind]

    def item(self, name: str, said: dict[str, list[object]], skip: Iterable[str] = ()) -> Item:
        """A part as a text with facts below it."""
        skipped = {vocab.shorten(s) for s in skip}
        sources = tuple(sorted(str(s) for s in said.get("prov:wasDerivedFrom", ())))
        kind = name.partition(":")[0]
        if kind == "participation" and "gpsa:organisation" in said:
            lead = "gpsa:organisation"
        else:
            lead = next((p for p in _TEXTS if p in said), "")
        text = str(said[lead][0]) if lead else name
        tags = [str(v) for p in _TAGS for v in sorted(map(str, said.get(p, ()))) if p != lead]
        if "gpsa:background" in said:
            tags.append("background")
        facts = []
        for relation, values in sorted(said.items(), key=lambda f: (_PLACES.get(f[0], 50), f[0])):
            if relation in _HIDDEN or relation in _TAGS or (relation == lead and len(values) == 1 and ":" not in text):
                continue
            shown = [self.value(relation, v) for v in values if str(v) not in skipped]
            if relation != lead and shown and relation != "gpsa:background" and [v.text for v in shown] != [text]:
                facts.append(Fact(self.relation(relation), _sorted(shown), relation))
        about = text if lead in ("gpsa:organisation", "gpsa:person") else ""
        return Item(text, name, about, facts, tags, sources)


_ORDER = ("part:grantee", "part:partner", "part:public-body")


def _rank(item: Item) -> tuple[int, int, str, str, str]:
    first = item.tags[0] if item.tags else ""
    order = next((int(f.values[0].text) for f in item.facts if f.relation == "gpsa:order" and f.values[0].text.isdigit()), 0)
    return (_ORDER.index(first) if first in _ORDER else 9, order, " ".join(item.tags), item.text, item.name)


def moment(text: str) -> str:
    """A moment as people write it; anything else as it is.

    >>> moment("2016-12-09T09:00:00+01:00"), moment("2014-03")
    ('2016-12-09, 09:00 (UTC+01:00)', '2014-03')
    """
    found = _MOMENT.fullmatch(text)
    return f"{found[1]}, {found[2]}" + (f" (UTC{found[3]})" if found[3] else "") if found else text


def _sorted(values: list[Value]) -> list[Value]:
    return sorted(values, key=lambda v: ("another value is preferred" in v.marks, -len(v.sources), v.name, v.text))


def _listed(words_: list[str]) -> str:
    return words_[0] if len(words_) == 1 else f"{', '.join(words_[:-1])} or {words_[-1]}"


def _values(section: Section) -> Iterable[Value]:
    for fact in section.facts:
        yield from fact.values
    for item in section.items:
        for fact in item.facts:
            yield from fact.values
    for row in section.rows:
        for cell in row:
            yield from cell
