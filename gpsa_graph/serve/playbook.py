"""Sections that say what points to a thing: the cases of an organisation, mechanism, sector or place; what rests on a source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpsa_graph import vocab
from gpsa_graph.serve.alike import like_section
from gpsa_graph.serve.names import spoken, words
from gpsa_graph.serve.sheet import Item, Section, Value

if TYPE_CHECKING:
    from gpsa_graph.serve.build import Builder

_MOST = 300


def more_sections(builder: Builder, iri: str, kind: str, own: dict[str, list[object]]) -> list[Section]:
    """What a page shows beside the thing's own facts."""
    if kind == "organisation":
        return [*_playbook(builder, iri), *_appearances(builder, iri)]
    if kind == "source":
        return _resting(builder, iri)
    if kind == "person":
        return []
    if kind == "case":
        return [*like_section(builder, vocab.shorten(iri)), *_mentions(builder, iri)]
    if kind == "claim":
        return []
    parts = [] if kind in ("programme", "call", "event") else _parts_with(builder, iri)
    return [*_narrower(builder, iri), *_cases(builder, iri, kind), *_others(builder, iri), *parts]


def _names(found: Iterable[object]) -> list[Value]:
    return [Value("", str(n)) for n in sorted({str(f) for f in found if f})]


def _playbook(builder: Builder, iri: str) -> list[Section]:
    """In which cases, in which role; which mechanisms those cases use, with what reported results and obstacles."""
    took: dict[str, dict[str, set[str]]] = {}
    for case, p, o in builder.rows(f"""SELECT ?case ?p ?o WHERE {{ ?x gpsa:organisation <{iri}> ; gpsa:inCase ?case ; ?p ?o
            FILTER(?p IN (gpsa:part, gpsa:role, gpsa:governmentRole, gpsa:collaborationForm, gpsa:depth, prov:wasDerivedFrom))
            }}"""):
        took.setdefault(str(case), {}).setdefault(str(p), set()).add(str(o))
    if not took:
        return []
    listed = " ".join(took)
    mechanisms: dict[str, set[str]] = {}
    for case, mechanism in builder.rows(f"SELECT ?case ?m WHERE {{ VALUES ?case {{ {listed} }} ?case gpsa:usesMechanism ?m }}"):
        mechanisms.setdefault(str(case), set()).add(str(mechanism))
    results: dict[str, dict[str, int]] = {}
    for case, finding, n in builder.rows(f"""SELECT ?case ?f (COUNT(?r) AS ?n) WHERE {{ VALUES ?case {{ {listed} }}
            ?r a gpsa:Result ; gpsa:inCase ?case ; gpsa:finding ?f OPTIONAL {{ ?r gpsa:background ?b }} FILTER(!BOUND(?b)) }}
            GROUP BY ?case ?f ORDER BY ?case ?f"""):
        results.setdefault(str(case), {})[str(finding)] = int(str(n))
    obstacles: dict[str, set[str]] = {}
    for case, challenge in builder.rows(f"""SELECT ?case ?k WHERE {{ VALUES ?case {{ {listed} }}
            ?c a gpsa:Challenge ; gpsa:inCase ?case ; gpsa:challengeKind ?k }}"""):
        obstacles.setdefault(str(case), set()).add(str(challenge))
    labels = builder.names.labels({f for found in results.values() for f in found})
    rows = []
    for case, said in sorted(took.items()):
        sources = tuple(sorted(said.get("prov:wasDerivedFrom", ())))
        roles = [Value("", p, sources=sources) for p in sorted(said.get("gpsa:part", ()))]
        roles += [Value(text) for text in sorted(said.get("gpsa:role", ()))]
        roles += _names([*said.get("gpsa:governmentRole", ()), *said.get("gpsa:collaborationForm", ()), *said.get("gpsa:depth", ())])
        counts = [Value(f"{n} {labels.get(f, spoken(f))}") for f, n in results.get(case, {}).items()]
        rows.append([[Value("", case)], roles, _names(mechanisms.get(case, ())), counts, _names(obstacles.get(case, ()))])
    n = len(rows)
    stated = [
        f"{sum(case in found for case in took)} of {n} name {what}"
        for found, what in ((mechanisms, "a mechanism"), (results, "a result"), (obstacles, "an obstacle"))
    ]
    counts_ = f"{n} case{'s' * (n != 1)}; {', '.join(stated)}."
    note = f"{counts_} Mechanisms, results and obstacles are those of the case, not of this body alone."
    return [
        Section(
            "playbook",
            "Playbook",
            note,
            columns=("case", "part and role", "mechanisms of the case", "results reported", "obstacles"),
            rows=rows,
        )
    ]


def _appearances(builder: Builder, iri: str) -> list[Section]:
    found = builder.said(f"""SELECT ?x ?p ?o WHERE {{ {{ SELECT DISTINCT ?x WHERE {{ ?x gpsa:organisation|gpsa:actsFor <{iri}> ; a ?t
            FILTER(?t != gpsa:Participation) }} }} ?x ?p ?o }}""")
    titles = {
        "person": ("people", "People named in its offices"),
        "appearance": ("appearances", "Named at events"),
        "seat": ("seats", "Seats"),
        "contribution": ("contributions", "Contributions"),
    }
    sections = []
    for kind, (id_, title) in titles.items():
        items = [builder.item(name, said, [iri]) for name, said in found.items() if name.startswith(f"{kind}:")]
        for item, said in zip(items, (s for n, s in found.items() if n.startswith(f"{kind}:")), strict=True):
            if event := said.get("gpsa:inEvent"):
                item.text = item.about = str(event[0])
                item.facts = [fact for fact in item.facts if fact.relation != "gpsa:inEvent"]
        sections.append(Section(id_, title, items=sorted(items, key=lambda i: i.text)))
    return sections


def _narrower(builder: Builder, iri: str) -> list[Section]:
    terms = {
        str(x): str(d or "")
        for x, d in builder.rows(f"""SELECT ?x ?d WHERE {{ ?x skos:broader <{iri}>
            OPTIONAL {{ ?x skos:definition ?d FILTER(LANG(?d) = "en") }} }} ORDER BY ?x""")
    }
    if not terms:
        return []
    counts = builder.counted(f"VALUES ?x {{ {' '.join(terms)} }}")
    rows = [[[Value("", x)], [Value(meaning)], [Value(str(counts.get(x, 0)))]] for x, meaning in terms.items()]
    return [Section("narrower", "Narrower terms", short="Narrower", columns=("term", "meaning", "cases"), rows=rows)]


def _cases(builder: Builder, iri: str, kind: str) -> list[Section]:
    """The cases that a concept or place is claimed of, narrower ones included."""
    things = [f"<{iri}>"]
    if kind not in ("country", "place", "programme", "call", "event", "region"):
        things += [str(x) for (x,) in builder.rows(f"SELECT DISTINCT ?x WHERE {{ ?x skos:broader+ <{iri}> }}")]
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    links = "gpsa:region" if kind == "region" else ""
    query = f"""SELECT ?case ?x ?called ?src WHERE {{ VALUES ?x {{ {" ".join(things)} }}
        ?c rdf:object ?x ; rdf:predicate ?p ; rdf:subject ?case ; prov:wasDerivedFrom ?src . ?case ?p ?x
        OPTIONAL {{ ?c gpsa:asCalled ?called }} }}"""
    rows = builder.rows(f"SELECT ?case (<{iri}> AS ?x) ?called ?src WHERE {{ ?case {links} <{iri}> }}" if links else query)
    for case, x, called, src in rows:
        one = found.setdefault((str(case), str(x)), {"called": set(), "src": set()})
        for key, said in (("called", called), ("src", src)):
            if said:
                one[key].add(str(said))
    found = {key: one for key, one in found.items() if key[0].startswith(("case:", "event:", "programme:", "call:"))}
    if not found:
        return []
    countries: dict[str, list[str]] = {}
    for case, country in builder.rows(
        f"SELECT ?case ?c WHERE {{ VALUES ?case {{ {' '.join(sorted({c for c, _ in found}))} }} ?case gpsa:country ?c }}"
    ):
        countries.setdefault(str(case), []).append(str(country))
    labels = builder.names.labels(c for said in countries.values() for c in said)

    def place(key: tuple[str, str]) -> tuple[list[str], tuple[str, str]]:
        return sorted(labels.get(c, c) for c in countries.get(key[0], ())), key

    narrower = len({x for _, x in found}) > 1
    table = []
    for case, x in sorted(found, key=place)[:_MOST]:
        one = found[case, x]
        called_ = tuple(f"called “{c}”" for c in sorted(one["called"]))
        as_ = [Value("", x)] if x != vocab.shorten(iri) else []
        table.append(
            [
                [Value("", case, notes=called_, sources=tuple(sorted(one["src"])))],
                *([_names(countries.get(case, ()))] if kind != "country" else []),
                *([as_] if narrower else []),
            ]
        )
    n = len({case for case, _ in found if case.startswith("case:")})
    others = [row for row in table if not row[0][0].name.startswith("case:")]
    table = [row for row in table if row[0][0].name.startswith("case:")]
    cut = f" The first {_MOST} rows are shown." if len(found) > _MOST else ""
    columns = ("case", *(("country",) if kind != "country" else ()), *(("in a narrower form",) if narrower else ()))
    sections = [Section("cases", "Cases", f"{n} of {builder.cases} cases.{cut}", columns=columns, rows=table)] if table else []
    return sections + ([Section("also", "Also named in", columns=("thing",), rows=[row[:1] for row in others])] if others else [])


def _others(builder: Builder, iri: str) -> list[Section]:
    """Organisations, places and sources that point here."""
    found: dict[tuple[str, str], set[str]] = {}
    for x, p, t in builder.rows(f"""SELECT ?x ?p ?t WHERE {{ ?x ?p <{iri}> ; a ?t
            FILTER(?p != rdf:object && ?t IN (gpsa:Organisation, gpsa:Place, gpsa:Source, gpsa:Country)) }}"""):
        if t != "gpsa:Place" or not str(x).startswith("country:"):  # a country is a place too, and stands with the countries
            found.setdefault((str(t).partition(":")[2].lower(), str(p)), set()).add(str(x))
    sections = []
    for (kind, relation), names in sorted(found.items()):
        rows = [[[value]] for value in _names(names)[:_MOST]]
        cut = f", the first {_MOST} of which are shown" if len(names) > _MOST else ""
        sections.append(
            Section(
                f"{kind}-{relation.partition(':')[2]}",
                words(kind, 2).capitalize(),
                f"{len(names)} whose {builder.relation(relation)} this is{cut}.",
                columns=(kind,),
                rows=rows,
            )
        )
    return sections


def _parts_with(builder: Builder, iri: str) -> list[Section]:
    """Results, challenges, lessons and participations that a concept is said of."""
    found = builder.said(f"""SELECT ?x ?p ?o WHERE {{ {{ SELECT DISTINCT ?x WHERE {{ ?x ?q <{iri}> ; a ?t
        FILTER(?t IN (gpsa:Result, gpsa:Challenge, gpsa:Lesson, gpsa:Participation, gpsa:OptIn, gpsa:Seat, gpsa:Contribution,
        gpsa:Figure, gpsa:Person))
        }} ORDER BY ?x LIMIT {_MOST + 1} }} ?x ?p ?o }}""")
    by_kind: dict[str, list[Item]] = {}
    for name, said in list(found.items())[:_MOST]:
        by_kind.setdefault(name.partition(":")[0], []).append(builder.item(name, said, [iri]))
    note = f"The first {_MOST} are shown." if len(found) > _MOST else ""
    return [Section(f"{kind}s", words(kind, 2).capitalize(), note, items=items) for kind, items in by_kind.items()]


def _mentions(builder: Builder, iri: str) -> list[Section]:
    rows = [
        [[Value("", str(x))], [Value(builder.relation(str(p)))]]
        for x, p in builder.rows(f"""SELECT DISTINCT ?x ?p WHERE {{ ?x ?p <{iri}> ; a ?t
        FILTER(?t IN (gpsa:Case, gpsa:Event, gpsa:Programme) && ?p NOT IN (rdf:object, rdf:subject, gpsa:about)) }} ORDER BY ?x
        ?p""")
    ]
    return [Section("linked", "Linked from", columns=("thing", "as"), rows=rows)] if rows else []


def _resting(builder: Builder, iri: str) -> list[Section]:
    """Everything that rests on a source, by case."""
    facts = [
        [[Value("", str(about))], [Value(builder.relation(str(p)))], [builder.value(str(p), o)]]
        for about, p, o in builder.rows(f"""
        SELECT ?about ?p ?o WHERE {{ ?c prov:wasDerivedFrom <{iri}> ; gpsa:about ?about ; rdf:predicate ?p ; rdf:object ?o }}
        ORDER BY ?about ?p ?o""")
    ]
    parts = [
        [[Value("", str(owner))], [Value(words(str(part).partition(":")[0]))], [Value(str(text), str(part))]]
        for part, owner, text in builder.rows(f"""
        SELECT ?part ?owner (MIN(?t) AS ?text) WHERE {{ ?part prov:wasDerivedFrom <{iri}> ;
        gpsa:inCase|gpsa:inEvent|gpsa:programme ?owner .
        ?part gpsa:text|rdfs:label|gpsa:role|gpsa:asCalled ?t }} GROUP BY ?part ?owner ORDER BY ?owner ?part""")
    ]
    both = sorted(facts + parts, key=lambda row: row[0][0].name)
    cut = f" The first {_MOST} are shown." if len(both) > _MOST else ""
    n = len({row[0][0].name for row in both})
    note = f"{len(both)} facts and parts in {n} case{'s' * (n != 1)} or other things stand on this source.{cut}"
    used = [
        [[Value("", str(x))]]
        for (x,) in builder.rows(f"SELECT DISTINCT ?x WHERE {{ ?x dcterms:source <{iri}> }} ORDER BY ?x LIMIT {_MOST}")
    ]
    return [
        Section("resting", "What rests on it", note, columns=("about", "what", "value"), rows=both[:_MOST]),
        Section("described", "Also used to describe", columns=("thing",), rows=used),
    ]
