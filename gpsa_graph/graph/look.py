"""Looking things up: search by name, one thing as a card, how two things are connected."""

from __future__ import annotations

import unicodedata
from collections import deque
from dataclasses import dataclass

from gpsa_graph import vocab
from gpsa_graph.errors import UnknownName
from gpsa_graph.graph.claims import Ask, Claim, Source, claims_about, sources_named
from gpsa_graph.graph.rows import value

_PREFIXES = vocab.sparql_prefixes("gpsa", "rdf", "rdfs", "dcterms", "prov", "skos")
_PARTS = ("participation", "result", "challenge", "lesson", "gap", "person", "session", "appearance", "figure", "contribution",
          "opt-in", "seat", "review")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found: its name, kind, label and the words that matched."""

    id: str
    kind: str
    label: str
    matched: str
    score: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a thing on its card: a participation, result, challenge ... in words, with its sources."""

    id: str
    kind: str
    text: str
    facts: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One thing with everything that is said about it. `claims` for cases and programmes; `facts` where no claim is needed."""

    id: str
    kind: str
    label: str
    facts: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    parts: tuple[Part, ...]
    linked: tuple[tuple[str, str, str], ...]
    """What points here: relation, name and label of the thing."""

    def sources(self) -> list[Source]:
        """Every source of the card once, numbered by position."""
        found: dict[str, Source] = {}
        for cited in (*(c.sources for c in self.claims), *(p.sources for p in self.parts)):
            found |= {s.name: s for s in cited if s.name not in found}
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, as a sentence, with the sources behind it."""

    start: str
    relation: str
    end: str
    sentence: str
    sources: tuple[Source, ...]


def fold(text: str) -> str:
    """Text for comparison: lower case, without accents.

    >>> fold("São Tomé")
    'sao tome'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def find(ask: Ask, text: str, kind: str = "", most: int = 20) -> list[Hit]:
    """Things whose name, acronym or other spelling holds every word of `text`; best first."""
    wanted = fold(text).split()
    if not wanted:
        return []
    rows = ask(f"""{_PREFIXES}SELECT ?x ?name ?main WHERE {{
        {{ ?x rdfs:label|skos:prefLabel ?name BIND(true AS ?main) }} UNION
        {{ ?x skos:altLabel|dcterms:alternative|dcterms:identifier|gpsa:formerId|gpsa:worldBankProject|gpsa:iatiActivity ?name
           BIND(false AS ?main) }} }}""")
    labels: dict[str, str] = {}
    best: dict[str, tuple[float, str]] = {}
    for x, name, main in rows:
        thing = x.value
        if not thing.startswith(vocab.BASE) or "#" in thing:
            continue
        said = name.value
        if value(main) and (thing not in labels or getattr(name, "language", None) == "en"):
            labels[thing] = said
        folded = fold(said)
        if all(w in folded for w in wanted):
            words = folded.split()
            score = 2.0 * (folded == " ".join(wanted)) + sum(w in words for w in wanted) / len(wanted)
            score += len(" ".join(wanted)) / (len(folded) + 1)
            score += 0.2 * bool(value(main))
            if score > best.get(thing, (0.0, ""))[0]:
                best[thing] = (score, said)
    weight = {"case": 0.3, "organisation": 0.2, "mechanism": 0.2, "country": 0.3, "person": 0.1, "source": -0.5}
    hits = []
    for thing, (score, said) in best.items():
        of = thing[len(vocab.BASE):].partition("/")[0]
        if of != "code" and (not kind or of == kind):
            hits.append(Hit(vocab.shorten(thing), of, labels.get(thing, said), said, round(score + weight.get(of, 0.0), 3)))
    return sorted(hits, key=lambda h: (-h.score, h.id))[:most]


def resolve(ask: Ask, name: str) -> str:
    """The IRI that a person means by an id, prefixed name, IRI or exact label; UnknownName with near misses otherwise."""
    full = vocab.expand(name.strip())
    if full.startswith("http") and not any(c in full for c in "<>\"{}|^`\\ \n") and \
            any(True for _ in ask(f"SELECT ?p WHERE {{ <{full}> ?p ?o }} LIMIT 1")):
        return full
    hits = find(ask, name.partition(":")[2] if ":" in name and name.partition(":")[0] in vocab.PREFIXES else name, most=5)
    folded = fold(name)
    exact = [h for h in hits if fold(h.matched) == folded]
    if exact:
        return vocab.expand(exact[0].id)
    near = [h.id for h in hits]
    if not near:
        rows = ask(f'{_PREFIXES}SELECT ?x WHERE {{ ?x dcterms:identifier ?i FILTER(!STRSTARTS(STR(?x), "{vocab.BASE}source/")) }}')
        local = {vocab.shorten(row[0].value) for row in rows}
        by_name = {n.partition(":")[2]: n for n in sorted(local)}
        near = [by_name[n] for n in vocab.near(name.partition(":")[2] or name, by_name)]
    raise UnknownName("thing", name, near=near, hint="" if near else "`gpsa find TEXT` searches names")


def label_of(ask: Ask, iri: str) -> str:
    found = sorted((str(value(r[0])) for r in ask(
        f'{_PREFIXES}SELECT ?l WHERE {{ <{iri}> rdfs:label|skos:prefLabel ?l FILTER(LANG(?l) IN ("", "en")) }}')), key=len)
    return found[0] if found else vocab.shorten(iri)


def card(ask: Ask, iri: str) -> Card:
    """Everything that is said about one thing."""
    rows = list(ask(f"""{_PREFIXES}SELECT ?p ?o ?label ?name WHERE {{ <{iri}> ?p ?o .
        OPTIONAL {{ ?p rdfs:label ?name }}
        OPTIONAL {{ ?o rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) IN ("", "en")) }} }}"""))
    claims = [c for c in claims_about(ask, iri) if c.name.startswith("claim:")]
    claimed = {c.relation for c in claims}
    facts = []
    for p, o, label, name in rows:
        relation = vocab.shorten(p.value)
        if relation in claimed or relation in ("rdf:type", "rdfs:label"):
            continue
        shown = str(value(o)) if label is None else f"{label.value} ({value(o)})"
        facts.append((name.value if name is not None else relation, shown))
    kind = iri[len(vocab.BASE):].partition("/")[0] if iri.startswith(vocab.BASE) else "thing"
    pointing = ask(f"""{_PREFIXES}SELECT ?x ?p ?label WHERE {{
        ?x ?p <{iri}> ; rdfs:label|skos:prefLabel ?label . FILTER(?p != rdf:object && LANG(?label) IN ("", "en")) }}""")
    linked = sorted({(vocab.shorten(p.value), str(value(x)), label.value) for x, p, label in pointing})
    listed = tuple(sorted(set(facts)))
    return Card(vocab.shorten(iri), kind, label_of(ask, iri), listed, tuple(claims), tuple(_parts(ask, iri)), tuple(linked))


def _parts(ask: Ask, iri: str) -> list[Part]:
    rows = ask(f"""{_PREFIXES}SELECT ?part ?p ?o ?label ?name WHERE {{
        VALUES ?link {{ gpsa:inCase gpsa:inEvent gpsa:programme gpsa:concerns gpsa:organisation }}
        ?part ?link <{iri}> ; ?p ?o . FILTER(?p != ?link && ?p != rdf:type)
        FILTER NOT EXISTS {{ ?part a gpsa:Case }} FILTER NOT EXISTS {{ ?part a gpsa:Call }} FILTER NOT EXISTS {{ ?part a gpsa:Event }}
        OPTIONAL {{ ?p rdfs:label ?name }}
        OPTIONAL {{ ?o rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) IN ("", "en")) }} }}""")
    found: dict[str, tuple[list[tuple[str, str]], list[str]]] = {}
    for part, p, o, label, name in rows:
        facts, cited = found.setdefault(part.value, ([], []))
        relation = vocab.shorten(p.value)
        if relation == "prov:wasDerivedFrom":
            cited.append(str(value(o)))
        else:
            facts.append((name.value if name is not None else relation, label.value if label is not None else str(value(o))))
    sources = sources_named(ask, sorted({s for _, cited in found.values() for s in cited}))
    parts = []
    for node, (facts, cited) in found.items():
        kind = node[len(vocab.BASE):].partition("/")[0]
        by = dict(sorted(facts))
        text = next((by[k] for k in ("text", "rdfs:label", "organisation", "as called", "role", "measure") if by.get(k)), "")
        shown = tuple(sorted(f for f in set(facts) if f[1] != text and f[0] not in ("rdfs:label", "foaf:name")))
        parts.append(Part(vocab.shorten(node), kind, text, shown,
                          tuple(sorted((sources[s] for s in set(cited) if s in sources), key=lambda s: (-s.ladder, s.date, s.id)))))
    return sorted(parts, key=lambda p: (_PARTS.index(p.kind) if p.kind in _PARTS else 99, p.text, p.id))


_ACTORS = {"gpsa:hasGrantee": ("is led by", "leads"), "gpsa:hasPartner": ("has the partner", "is a partner in"),
           "gpsa:involvesGovernment": ("involves", "has a part in"), "gpsa:relatedCase": ("is connected with", "is connected with"),
           "gpsa:showcases": ("presented", "was presented at")}
_CONCEPTS = {"gpsa:sector": ("works in the sector", "is the sector of"), "gpsa:usesMechanism": ("uses", "is used in"),
             "gpsa:country": ("works in", "is the country of"), "gpsa:place": ("works in", "is a place of"),
             "gpsa:call": ("was chosen in", "chose"), "gpsa:programme": ("belongs to", "supports"),
             "gpsa:collaborationForm": ("has the form", "is a form in")}


def path(ask: Ask, start: str, end: str, *, concepts: bool = False) -> list[Hop]:
    """The shortest chain between two things: through cases and actors, with `concepts` also through shared sectors,
    mechanisms, places and programmes. Empty where there is none. Ties are settled by name.
    """
    relations = _ACTORS | (_CONCEPTS if concepts else {})
    values = " ".join(relations)
    neighbours: dict[str, list[tuple[str, str, bool]]] = {}
    links = f"{_PREFIXES}SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {values} }} ?s ?p ?o . VALUES ?t {{ gpsa:Case gpsa:Event }} ?s a ?t }}"
    for s, p, o in ask(links):
        relation = vocab.shorten(p.value)
        neighbours.setdefault(s.value, []).append((o.value, relation, True))
        neighbours.setdefault(o.value, []).append((s.value, relation, False))
    before: dict[str, tuple[str, str, bool]] = {start: ("", "", True)}
    queue = deque([start])
    while queue and end not in before:
        here = queue.popleft()
        for there, relation, forward in sorted(neighbours.get(here, ())):
            if there not in before:
                before[there] = (here, relation, forward)
                queue.append(there)
    if end not in before or start == end:
        return []
    chain = []
    here = end
    while here != start:
        previous, relation, forward = before[here]
        chain.append((previous, relation, forward, here))
        here = previous
    hops = []
    for a, relation, forward, b in reversed(chain):
        subject, object_ = (a, b) if forward else (b, a)
        claims = claims_about(ask, subject, vocab.expand(relation), f"<{object_}>")
        words = relations[relation][0 if forward else 1]
        sentence = f"{label_of(ask, a)} {words} {label_of(ask, b)}."
        hops.append(Hop(vocab.shorten(a), relation, vocab.shorten(b), sentence, claims[0].sources if claims else ()))
    return hops
