"""Who says so: claims and sources as values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gpsa_graph import vocab
from gpsa_graph.graph.rows import Solutions, Value, value

Ask = Callable[[str], Solutions]
_PREFIXES = vocab.sparql_prefixes("gpsa", "rdf", "rdfs", "dcterms", "prov", "schema", "skos")


@dataclass(frozen=True, slots=True)
class Source:
    """A page, report or data set that is cited. `ladder` is the rung of its kind, 0 for registers (apart from the ladder)."""

    name: str
    id: str
    title: str
    publisher: str
    date: str
    kind: str
    ladder: int
    url: str

    def __str__(self) -> str:
        when = f", {self.date}" if self.date else ""
        where = f" {self.url}" if self.url else ""
        return f"{self.publisher}: {self.title}{when} ({self.kind}).{where}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing the graph says, and who says it.

    `preferred` is False for a value that another one stands before (both are kept). `basis` is stated or inferred.

    >>> from gpsa_graph import load
    >>> claim = load().why("case:idn-wahana-visi", "gpsa:amount")[0]
    >>> claim.value, claim.basis, len(claim.sources) > 1
    (950000, 'stated', True)
    """

    name: str
    subject: str
    relation: str
    value: Value
    label: str
    sources: tuple[Source, ...]
    basis: str = "stated"
    preferred: bool = True
    as_called: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    disputed_by: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        shown = f"{self.label} ({self.value})" if self.label and self.label != self.value else str(self.value)
        marks = [m for m, on in (("inferred", self.basis == "inferred"), ("another value is preferred", not self.preferred),
                                 ("disputed", bool(self.disputed_by))) if on]
        called = f"; called {', '.join(repr(c) for c in self.as_called)}" if self.as_called else ""
        return f"{self.relation} {shown}{called}" + (f" [{'; '.join(marks)}]" if marks else "")


def sources_named(ask: Ask, names: Sequence[str]) -> dict[str, Source]:
    """Sources by prefixed name."""
    if not names:
        return {}
    values = " ".join(f"<{vocab.expand(n)}>" for n in names)
    rows = ask(f"""{_PREFIXES}SELECT ?s ?id ?title ?publisher ?date ?kind ?order ?url WHERE {{
        VALUES ?s {{ {values} }}
        ?s dcterms:identifier ?id ; dcterms:title ?title ; dcterms:publisher ?publisher ; gpsa:sourceKind ?k .
        ?k skos:prefLabel ?kind . FILTER(LANG(?kind) = "en")
        OPTIONAL {{ ?k gpsa:order ?order }} OPTIONAL {{ ?s dcterms:issued ?date }} OPTIONAL {{ ?s schema:url ?url }} }}""")
    found = {}
    for row in rows:
        s, name, title, publisher, date, kind, order, url = map(value, row)
        found[str(s)] = Source(str(s), str(name), str(title), str(publisher), str(date or ""), str(kind), int(order or 0), str(url or ""))
    return {n: found[n] for n in names if n in found}


def claims_about(ask: Ask, subject: str, relation: str = "", wanted: str = "") -> list[Claim]:
    """Claims on a subject (IRI), one relation (IRI) or one value (N-Triples term); preferred values first.

    A part (participation, result ...) or an authority row has no claims; then the triples it has come back as claims
    that stand on its own sources.
    """
    narrow = (f"VALUES ?p {{ <{relation}> }} " if relation else "") + (f"VALUES ?o {{ {wanted} }} " if wanted else "")
    rows = list(ask(f"""{_PREFIXES}SELECT ?c ?p ?o ?label ?direct ?basis ?src WHERE {{
        {narrow}?c rdf:subject <{subject}> ; rdf:predicate ?p ; rdf:object ?o ; gpsa:basis ?basis ; prov:wasDerivedFrom ?src .
        OPTIONAL {{ ?o rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) IN ("", "en")) }}
        BIND(EXISTS {{ <{subject}> ?p ?o }} AS ?direct) }}"""))
    own = not rows
    if own:
        rows = list(ask(f"""{_PREFIXES}SELECT ?c ?p ?o ?label ?direct ?basis ?src WHERE {{
            {narrow}<{subject}> ?p ?o ; prov:wasDerivedFrom|dcterms:source ?src .
            FILTER(?p NOT IN (prov:wasDerivedFrom, dcterms:source, rdf:type))
            OPTIONAL {{ ?o rdfs:label|skos:prefLabel ?label FILTER(LANG(?label) IN ("", "en")) }}
            BIND(<{subject}> AS ?c) BIND(true AS ?direct) BIND(gpsa:stated AS ?basis) }}"""))
    found: dict[tuple[str, str, str], dict[str, object]] = {}
    for c, p, o, label, direct, basis, src in rows:
        key = (str(p), str(o), str(c))
        one = found.setdefault(key, {"term": o, "label": value(label), "direct": value(direct), "basis": value(basis), "src": set()})
        one["src"].add(str(value(src)))  # type: ignore[attr-defined]
    extras = _extras(ask, sorted({c for _, _, c in found})) if not own else {}
    sources = sources_named(ask, sorted({s for one in found.values() for s in one["src"]}))  # type: ignore[attr-defined]
    claims = []
    for (p, _, c), one in found.items():
        extra = extras.get(c, {})
        named = [sources[s] for s in one["src"] if s in sources]  # type: ignore[attr-defined]
        cited = sorted(named, key=lambda s: (-s.ladder, s.date, s.id))
        claims.append(Claim(
            name=vocab.shorten(c[1:-1]), subject=vocab.shorten(subject), relation=vocab.shorten(p[1:-1]),
            value=value(one["term"]),  # type: ignore[arg-type]
            label=str(one["label"] or ""), sources=tuple(cited), basis="inferred" if str(one["basis"]).endswith("inferred") else "stated",
            preferred=bool(one["direct"]), as_called=tuple(extra.get("asCalled", ())),
            notes=tuple(extra.get("note", []) + extra.get("why", []) + extra.get("text", [])),
            disputed_by=tuple(extra.get("disputes", ()))))
    return sorted(claims, key=lambda c: (c.relation, not c.preferred, -len(c.sources), str(c.value)))


def _extras(ask: Ask, claims: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    rows = ask(f"""{_PREFIXES}SELECT ?c ?p ?v WHERE {{ VALUES ?c {{ {' '.join(claims)} }}
        VALUES ?p {{ gpsa:asCalled gpsa:note gpsa:why gpsa:text gpsa:disputes gpsa:printed }} ?c ?p ?v }}""")
    found: dict[str, dict[str, list[str]]] = {}
    for c, p, v in rows:
        found.setdefault(str(c), {}).setdefault(p.value.rpartition("#")[2], []).append(str(value(v)))
    return {c: {p: sorted(vs) for p, vs in ps.items()} for c, ps in found.items()}
