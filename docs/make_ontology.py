"""Write docs/ontology.md: what can be said, with counts and examples from the shipped graph. Same graph, same text.

    python docs/make_ontology.py
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from gpsa_graph import load, vocab
from gpsa_graph.graph import KnowledgeGraph

PAGE = Path(__file__).with_name("ontology.md")
SHOWCASE = "idn-wahana-visi"
LONGEST = 200
FIGURE = """\
    case                                       claim: says one of these things of a case
      gpsa:programme           -> programme      gpsa:about           -> case
      gpsa:call                -> call           rdf:subject          -> case
      gpsa:country             -> country        rdf:predicate        -> gpsa:usesMechanism
      gpsa:place               -> place          rdf:object           -> mechanism
      gpsa:hasGrantee          -> organisation   gpsa:disputes        -> claim
      gpsa:hasPartner          -> organisation   prov:wasDerivedFrom  -> source
      gpsa:involvesGovernment  -> public body
      gpsa:usesMechanism       -> mechanism    parts of a case: each names its sources itself
      gpsa:sector              -> sector         participation
      gpsa:collaborationForm   -> concept          gpsa:inCase          -> case
      gpsa:amount, dates ...   -> value            gpsa:organisation    -> organisation
                                                   gpsa:governmentRole  -> concept
    programme                                      prov:wasDerivedFrom  -> source
      call                                       person
        gpsa:programme         -> programme        gpsa:inCase          -> case
      figure                                       gpsa:actsFor         -> organisation
        gpsa:concerns          -> programme        prov:wasDerivedFrom  -> source
      contribution, opt-in, seat, review         result, challenge, lesson, gap
        gpsa:programme         -> programme        gpsa:inCase          -> case
        prov:wasDerivedFrom    -> source           gpsa:resultKind ...  -> concept
    event                                          prov:wasDerivedFrom  -> source
      gpsa:showcases           -> case
      session, appearance                      organisation, place, country
        gpsa:inEvent           -> event          gpsa:kind            -> concept
        prov:wasDerivedFrom    -> source         dcterms:source       -> source
"""


def rows(kg: KnowledgeGraph, query: str) -> list[tuple[str, ...]]:
    """The answer as plain texts, sorted."""
    found = kg.query(query)
    assert not isinstance(found, (bool, str))
    return sorted(tuple("" if value is None else str(value) for value in row) for row in found)


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def table(head: tuple[str, ...], lines: list[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for line in lines:
        yield "| " + " | ".join(map(cell, line)) + " |"
    yield ""


def about(kg: KnowledgeGraph, kind: str) -> dict[str, dict[str, str]]:
    """Label, definition (or scope note) and example of every term of a kind."""
    found = rows(kg, f"""SELECT ?t ?label ?meaning ?example WHERE {{
        ?t a {kind} ; rdfs:label ?label ; skos:definition|skos:scopeNote ?meaning . OPTIONAL {{ ?t skos:example ?example }} }}""")
    return {t: {"label": label, "meaning": meaning, "example": example} for t, label, meaning, example in found}


def instance(kg: KnowledgeGraph, kind: str) -> list[str]:
    """A real thing of a class as Turtle: one value for each property, long texts left out; of the showcased case where possible."""
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    text = kg.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s a {kind} ; ?p ?o }}")
    assert isinstance(text, str)
    for line in filter(None, text.splitlines()):
        s, p, o = line.removesuffix(" .").split(" ", 2)
        facts[s][p].append(o)
    first = min(facts, key=lambda s: (SHOWCASE not in s and SHOWCASE not in str(facts[s]), -len(facts[s]),
                                      sum(min(map(len, values)) > LONGEST for values in facts[s].values()), s))
    said = [("a" if vocab.shorten(p[1:-1]) == "rdf:type" else vocab.shorten(p[1:-1]), sorted(values)) for p, values in facts[first].items()]
    shown = [(p, ", ".join(map(turtle, values)) if p == "a" else turtle(min(values, key=lambda v: (len(v), v)))) for p, values in said
             if p == "a" or min(map(len, values)) <= LONGEST]
    lines = [f"{p} {value}" for p, value in sorted(shown, key=lambda pair: (pair[0] != "a", pair))]
    return [f"{turtle(first)} {lines[0]} ;", *(f"    {line} ;" for line in lines[1:-1]), f"    {lines[-1]} ."]


def turtle(term: str) -> str:
    """An N-Triples term with prefixes where one fits."""
    if term.startswith("<"):
        short = vocab.shorten(term[1:-1])
        return term if short == term[1:-1] else short
    body, mark, kind = term.rpartition('"^^<')
    if not mark:
        return term
    name = vocab.shorten(kind[:-1])
    return body[1:] if name in ("xsd:integer", "xsd:boolean") else f'{body}"^^{name}'


def classes(kg: KnowledgeGraph) -> Iterator[str]:
    terms = about(kg, "owl:Class")
    counts = dict(rows(kg, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"))
    above = defaultdict(list)
    for lower, upper in rows(kg, "SELECT ?a ?b WHERE { ?a rdfs:subClassOf ?b }"):
        above[lower].append(upper)
    used = defaultdict(list)
    for kind, relation in rows(kg, "SELECT DISTINCT ?c ?p WHERE { ?s a ?c ; ?p ?o FILTER(?p != rdf:type) }"):
        used[kind].append(relation)
    for name in (t for t in terms if t.startswith("gpsa:")):
        term = terms[name]
        yield f"### {term['label']}: `{name}`\n"
        yield f"{term['meaning']}\n"
        kinds = ", ".join(f"`{u}`" for u in above[name])
        yield f"In the graph: {counts.get(name, '0')}." + (f" A kind of {kinds}." if kinds else "") + "\n"
        if name not in counts:
            lower = ", ".join(f"`{c}`" for c in sorted(above) if name in above[c])
            yield f"Nothing is of this class alone; it joins {lower}.\n"
            continue
        yield "Said of it: " + ", ".join(f"`{p}`" for p in used[name]) + ".\n"
        yield "```turtle"
        yield from instance(kg, name)
        yield "```\n"


def properties(kg: KnowledgeGraph) -> Iterator[str]:
    terms = about(kg, "owl:ObjectProperty") | about(kg, "owl:DatatypeProperty")
    counts = dict(rows(kg, "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"))
    domains = dict(rows(kg, "SELECT ?p ?d WHERE { ?p rdfs:domain ?d }"))
    ranges = dict(rows(kg, "SELECT ?p ?r WHERE { ?p rdfs:range ?r }"))
    datatypes = defaultdict(list)
    for name, kind in rows(kg, "SELECT DISTINCT ?p ?t WHERE { ?s ?p ?o FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?t) }"):
        datatypes[name].append(kind)
    for name in sorted((t for t in terms if t.startswith("gpsa:")), key=str.lower):
        term = terms[name]
        yield f"### {term['label']}: `{name}`\n"
        yield f"{term['meaning']}\n"
        of = f"`{domains[name]}`" if name in domains else "several classes"
        to = f"`{ranges[name]}`" if name in ranges else " or ".join(f"`{t}`" for t in datatypes[name]) or "several classes"
        yield f"Of {of}, leads to {to}; {counts.get(name, '0')} times in the graph.\n"
        yield f"```turtle\n{term['example']}\n```\n"


def borrowed(kg: KnowledgeGraph) -> Iterator[str]:
    counts = dict(rows(kg, "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"))
    counts |= dict(rows(kg, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"))
    terms: dict[str, dict[str, str]] = {}
    for kind in ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty"):
        terms |= about(kg, kind)
    yield from table(("term", "what for", "in the graph"), [
        (f"`{name}`", term["meaning"], counts.get(name, "0")) for name, term in sorted(terms.items()) if not name.startswith("gpsa:")])


def cases_of_concepts(kg: KnowledgeGraph) -> dict[str, set[str]]:
    """Concept -> cases in which it, or a narrower one, is used: by the case, a part, a body in it, a place or a source."""
    ways = ("?case ?p ?concept", "?x gpsa:inCase ?case ; ?p ?concept", "?x gpsa:about ?case ; gpsa:basis ?concept",
            "?x gpsa:inCase ?case ; gpsa:organisation ?body . ?body gpsa:kind|gpsa:level ?concept",
            "?case gpsa:place ?place . ?place gpsa:kind ?concept",
            "?x gpsa:inCase|gpsa:about ?case ; prov:wasDerivedFrom ?source . ?source gpsa:sourceKind|gpsa:reading ?concept")
    words = {c for (c,) in rows(kg, "SELECT ?c WHERE { ?c a skos:Concept }")}
    subjects = {c for (c,) in rows(kg, "SELECT ?c WHERE { ?c a gpsa:Case }")}
    pairs = {pair for way in ways for pair in rows(kg, f"SELECT DISTINCT ?concept ?case WHERE {{ {way} FILTER(isIRI(?concept)) }}")}
    above = dict(rows(kg, "SELECT ?a ?b WHERE { ?a skos:broader ?b }"))
    found: dict[str, set[str]] = defaultdict(set)
    for concept, case in pairs:
        while concept in words and case in subjects:
            found[concept].add(case)
            concept = above.get(concept, "")
    return found


def vocabularies(kg: KnowledgeGraph) -> Iterator[str]:
    cases = cases_of_concepts(kg)
    total = len(rows(kg, "SELECT ?c WHERE { ?c a gpsa:Case }"))
    schemes = rows(kg, """SELECT ?s ?title ?what WHERE {
        ?s a skos:ConceptScheme ; dcterms:title ?title OPTIONAL { ?s dcterms:description ?what } }""")
    concepts = {c: (label, order) for c, label, order in rows(
        kg, 'SELECT ?c ?l ?o WHERE { ?c a skos:Concept ; skos:prefLabel ?l FILTER(LANG(?l) = "en") OPTIONAL { ?c gpsa:order ?o } }')}
    below = defaultdict(list)
    for lower, upper in rows(kg, "SELECT ?a ?b WHERE { ?a skos:broader ?b } "):
        below[upper].append(lower)
    for lower, scheme in rows(kg, "SELECT ?a ?s WHERE { ?s skos:hasTopConcept ?a }"):
        below[scheme].append(lower)

    def tree(concept: str, depth: int) -> Iterator[str]:
        label = concepts[concept][0]
        yield f"{'  ' * depth}- {label} (`{concept}`): {len(cases[concept])}"
        for lower in ordered(below[concept]):
            yield from tree(lower, depth + 1)

    def ordered(names: list[str]) -> list[str]:
        return sorted(names, key=lambda c: (int(concepts[c][1] or 0), concepts[c][0].lower(), c))

    yield (f"The number behind a concept says in how many of the {total} cases it, or a narrower one, occurs: in the case itself, in a "
           "part of it, as the kind of a body or place in it, or as the kind of a source that it cites. 0 means that no shipped case is "
           "classed so, not that it never happened.\n")
    for scheme, title, what in schemes:
        if below[scheme]:
            yield f"### {title}\n\n{what}\n"
            for top in ordered(below[scheme]):
                yield from tree(top, 0)
            yield ""
    yield "### Codes of outside lists\n\nKept so that cases can be found by, and imported from, other people's lists.\n"
    sizes = dict(rows(kg, "SELECT ?s (COUNT(?c) AS ?n) WHERE { ?c skos:inScheme ?s } GROUP BY ?s"))
    sources = defaultdict(list)
    for scheme, title in rows(kg, "SELECT ?s ?t WHERE { ?s a skos:ConceptScheme ; dcterms:source/dcterms:title ?t }"):
        sources[scheme].append(title)
    yield from table(("list", "codes", "source"), [
        (title, sizes[scheme], "; ".join(sources[scheme])) for scheme, title, _ in schemes if not below[scheme]])


def page(kg: KnowledgeGraph) -> str:
    """The whole page as Markdown."""
    header = dict(rows(kg, f"SELECT ?p ?o WHERE {{ <{vocab.ONTOLOGY.removesuffix('#')}> ?p ?o }}"))
    prefixes = ", ".join(f"`{name}:` {iri}" for name, iri in sorted(vocab.PREFIXES.items()) if not iri.startswith(vocab.BASE))
    parts = [
        "# What can be said: classes, properties, vocabularies\n",
        "<!-- Written by docs/make_ontology.py from ontology/*.ttl and the shipped data; change those and run it again. -->\n",
        f"{header['dcterms:description']}\n",
        f"Ontology version {header['owl:versionInfo']}, prefix `gpsa:` for `{vocab.ONTOLOGY}`. Things and concepts have addresses "
        f"below `{vocab.BASE}`, with the prefix of their kind: `case:mwi-mejn`, `mechanism:social-audit`. Other prefixes: {prefixes}.\n",
        "Examples are facts of the shipped graph. Square brackets stand for a thing whose own name does not matter. Worked examples show "
        "one value for each property and leave out long texts.\n",
        "## How the parts hang together\n", FIGURE,
        "Every arrow that leaves a case, event, programme or call has a claim that names its sources, but for computed ones (region, plain "
        "years). Parts name their sources themselves.\n",
        "## Classes\n", *classes(kg), "## Properties\n", *properties(kg), "## Terms of other vocabularies\n", *borrowed(kg),
        "## Vocabularies\n", *vocabularies(kg)]
    return "\n".join(parts).rstrip("\n") + "\n"


def main() -> None:
    new = PAGE.with_name(PAGE.name + ".new")
    new.write_text(page(load()), "utf-8")
    os.replace(new, PAGE)
    print(f"wrote {PAGE}")


if __name__ == "__main__":
    main()
