"""The other pages: home, search, lists, coverage, patterns, downloads, limits, about."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gpsa_graph import vocab
from gpsa_graph.serve.alike import SKETCH
from gpsa_graph.serve.names import LISTED, STANDING, page, words
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.things import KINDS, alternates, rows_response, written

if TYPE_CHECKING:
    from gpsa_graph.serve.site import Site

#: Questions on the first page, where they are there.
_FIRST = (
    "how-do-mechanisms-bring-government-and-civil-society-together",
    "where-was-a-mechanism-used",
    "who-works-with-whom",
    "what-did-a-case-achieve",
    "what-from-indonesia-and-malawi-can-help-elsewhere",
)
_FILTERS = ("country", "sector", "mechanism", "programme")
_PAGE = 200
SAFE_NAME = re.compile(r"[A-Za-z0-9:/._-]+\Z")


def html(body: bytes, status: int = 200) -> Response:
    return Response(body, status, media_type="text/html")


def home(site: Site, request: Request) -> Response:
    """The first page: what this is, questions to begin with, and ways in."""
    known = site.questions
    cards = [known[n] for n in _FIRST if n in known]
    cards += [q for q in known.values() if q.number and q not in cards][: max(0, 5 - len(cards))]
    counts = {
        str(t).partition(":")[2]: int(str(n))
        for t, n in site.builder.rows("""SELECT ?t (COUNT(?x) AS ?n) WHERE {
        VALUES ?t { gpsa:Case gpsa:Organisation gpsa:PublicBody gpsa:Result gpsa:Source gpsa:Claim } ?x a ?t } GROUP BY ?t""")
    }
    countries = len(site.builder.rows("SELECT DISTINCT ?c WHERE { ?case a gpsa:Case ; gpsa:country ?c }"))
    options = {p.kind: site.kg.options(p.kind) for q in cards for p in q.parameters if p.kind not in ("year", "text")}
    return html(
        site.render(
            "home.html",
            title="",
            here="/",
            cards=cards,
            like={name: site.kg.options(kind) for name, kind in SKETCH.items() if name in ("challenge", "sector")},
            options=options,
            counts=counts,
            countries=countries,
            n_questions=len(known),
        )
    )


def search(site: Site, request: Request) -> Response:
    """Search by name; `.json` is what the type-ahead reads."""
    text, kind = request.query_params.get("q", "")[:200].strip(), request.query_params.get("kind", "")
    if kind and kind not in KINDS:
        raise Trouble(400, "parameter", f"no kind '{kind[:40]}'; choose from {', '.join(LISTED)}")
    if (
        (target := page(text))
        and not target.startswith("/ontology")
        and SAFE_NAME.match(text)
        and site.kg.query(f"ASK {{ <{vocab.expand(text)}> ?p ?o }}")
    ):
        return RedirectResponse(site.base + target, 303)
    hits = site.kg.find(text, kind, 50) if text else []
    where = _countries(site, [h.id for h in hits if h.kind in ("organisation", "place", "case")])
    found_sources = site.builder.names.sources(h.id for h in hits if h.kind == "source")
    where |= {name: ", ".join(filter(None, (s.publisher, s.date))) for name, s in found_sources.items()}
    if request.path_params.get("ending") == "json":
        found = [{"id": h.id, "kind": words(h.kind), "label": h.label, "matched": h.matched, "page": page(h.id)} for h in hits[:12]]
        return Response(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"), media_type="application/json")
    if request.path_params.get("ending") == "csv":
        return rows_response(("id", "kind", "label", "matched"), [(h.id, h.kind, h.label, h.matched) for h in hits], "csv")
    asked = [
        q
        for q in site.questions.values()
        if q.number and text and all(w in f"{q.title} {' '.join(q.keywords)}".casefold() for w in text.casefold().split())
    ]
    return html(
        site.render(
            "search.html",
            here="/search",
            title=f"Search: {text}" if text else "Search",
            text=text,
            kind=kind,
            kinds=LISTED,
            hits=hits,
            where=where,
            questions=asked,
        )
    )


def _countries(site: Site, names: list[str]) -> dict[str, str]:
    """Thing -> its countries in words, which tell ministries of the same name apart."""
    if not names:
        return {}
    found: dict[str, set[str]] = {}
    listed = " ".join(f"<{vocab.expand(n)}>" for n in names)
    for x, label in site.builder.rows(f"SELECT ?x ?label WHERE {{ VALUES ?x {{ {listed} }} ?x gpsa:country ?c . ?c rdfs:label ?label }}"):
        found.setdefault(str(x), set()).add(str(label))
    return {x: ", ".join(sorted(said)) for x, said in found.items() if len(said) <= 3}


def listing(site: Site, request: Request) -> Response:
    """The things of a kind: at the IRI of a scheme or below the root."""
    kind, ending = request.path_params["kind"], request.path_params.get("ending", "")
    if kind not in KINDS or kind in ("claim", "code"):
        raise Trouble(404, "missing", "there is no such page")
    if ending in ("ttl", "nt", "jsonld", "rdf"):
        pattern = (
            f"?x skos:inScheme <{vocab.BASE}{kind}>"
            if kind in vocab.SCHEMES
            else f"?x rdfs:label ?any FILTER(STRSTARTS(STR(?x), '{vocab.PREFIXES[kind]}'))"
        )
        wanted = "" if kind in vocab.SCHEMES else "VALUES ?p { rdf:type rdfs:label dcterms:identifier }"
        text = site.kg.query(f"CONSTRUCT {{ ?x ?p ?o }} WHERE {{ {pattern} . ?x ?p ?o {wanted} }}")
        media = {
            "ttl": "text/turtle; charset=utf-8",
            "nt": "application/n-triples",
            "jsonld": "application/ld+json",
            "rdf": "application/rdf+xml",
        }[ending]
        return Response(written(str(text), ending), headers={"Content-Type": media, "Access-Control-Allow-Origin": "*"})
    if kind == "case":
        return _cases(site, request, ending)
    rows = _things(site, kind)
    if ending:
        return rows_response(("id", "label", "about", "cases"), [(r["id"], r["label"], r["about"], r["n"]) for r in rows], ending)
    text = request.query_params.get("q", "").strip()[:200]
    if text:
        from gpsa_graph.graph.look import fold

        rows = [r for r in rows if fold(text) in fold(f"{r['label']} {r['about']}")]
    at = request.query_params.get("from", "0")
    start = int(at) if at.isdigit() and len(at) < 7 else 0
    return html(
        site.render(
            "list.html",
            title=words(kind, 2).capitalize(),
            kind=kind,
            rows=rows[start : start + _PAGE],
            n=len(rows),
            start=start,
            most=_PAGE,
            text=text,
            here=f"/{kind}",
            alternates=alternates(f"/{kind}", ("json", "csv", "ttl")),
        )
    )


def _things(site: Site, kind: str) -> list[dict[str, Any]]:
    """Every thing of a kind with a line about it and the number of cases it stands in."""
    options = site.kg.options(kind)
    detail = {
        "organisation": ("gpsa:kind", "gpsa:country"),
        "place": ("gpsa:kind", "gpsa:country"),
        "source": ("dcterms:publisher", "dcterms:issued"),
        "person": ("gpsa:actsFor", "gpsa:personRole"),
    }.get(kind, ("skos:definition",))
    start, scheme = vocab.PREFIXES[kind], kind in vocab.SCHEMES
    begins = f"?x skos:inScheme <{vocab.BASE}{kind}>" if scheme else f"FILTER(STRSTARTS(STR(?x), '{start}'))"
    about: dict[str, list[str]] = {}
    for x, _, o in site.builder.rows(
        f"SELECT ?x ?p ?o WHERE {{ VALUES ?p {{ {' '.join(detail)} }} ?x ?p ?o . {begins} }} ORDER BY ?x ?p ?o"
    ):
        about.setdefault(str(x), []).append(str(o))
    labels = site.builder.names.labels(o for said in about.values() for o in said if ":" in o and " " not in o)
    ways = {
        "organisation": ("?part gpsa:organisation ?x ; gpsa:inCase ?case",),
        "source": ("?part prov:wasDerivedFrom ?x ; gpsa:inCase|gpsa:about ?case",),
        "event": ("?x gpsa:showcases ?case",),
    }.get(kind, STANDING)
    counts = site.builder.counted(begins, ways)
    rows = []
    for local, label in options.items():
        name = f"{kind}:{local}"
        rows.append(
            {
                "id": name,
                "label": label,
                "about": ", ".join(labels.get(o, o) for o in about.get(name, ())),
                "n": counts.get(name, 0) if counts else "",
                "href": page(name),
            }
        )
    return sorted(rows, key=lambda r: (r["label"].casefold(), r["id"]))


def _cases(site: Site, request: Request, ending: str) -> Response:
    """The cases, narrowed by country, sector, mechanism or programme."""
    chosen: dict[str, str] = {}
    for name in _FILTERS:
        value = request.query_params.get(name, "")
        if value:
            if value not in site.kg.options(name):
                near = vocab.near(value, site.kg.options(name))
                raise Trouble(
                    400,
                    "parameter",
                    f"no {name} is called '{value[:60]}'" + (f"; did you mean {' or '.join(near)}?" if near else ""),
                )
            chosen[name] = value
    relation = {
        "country": "gpsa:country",
        "sector": "gpsa:sector/skos:broader*",
        "mechanism": "gpsa:usesMechanism/skos:broader*",
        "programme": "gpsa:programme",
    }
    narrowed = " ".join(f"?case {relation[n]} {vocab.node(n, v)} ." for n, v in chosen.items())
    found: dict[str, dict[str, set[str]]] = {}
    for (
        case,
        p,
        o,
    ) in site.builder.rows(f"""SELECT ?case ?p ?o WHERE {{ {{ SELECT DISTINCT ?case WHERE {{ ?case a gpsa:Case . {narrowed} }} }}
            ?case ?p ?o FILTER(?p IN (rdfs:label, gpsa:country, gpsa:sector, gpsa:usesMechanism, gpsa:startYear,
            gpsa:approvalYear, gpsa:closingYear)) }}"""):
        found.setdefault(str(case), {}).setdefault(str(p), set()).add(str(o))
    labels = site.builder.names.labels(
        o for said in found.values() for p in ("gpsa:country", "gpsa:sector", "gpsa:usesMechanism") for o in said.get(p, ())
    )
    rows = []
    for case, said in sorted(found.items(), key=lambda f: (sorted(labels.get(o, o) for o in f[1].get("gpsa:country", ["~"])), f[0])):
        begin = min(said.get("gpsa:startYear", said.get("gpsa:approvalYear", {""})))
        years = f"{begin}–{max(said.get('gpsa:closingYear', {''}))}".strip("–")
        cells = {
            n: [(o, labels.get(o, o), page(o)) for o in sorted(said.get(p, ()), key=lambda o: labels.get(o, o))]
            for n, p in (("country", "gpsa:country"), ("sector", "gpsa:sector"), ("mechanism", "gpsa:usesMechanism"))
        }
        rows.append({"id": case, "title": next(iter(said.get("rdfs:label", {case}))), "href": page(case), "years": years, **cells})
    if ending:
        flat = [
            (r["id"], r["title"], *(" ".join(o for o, _, _ in r[n]) for n in ("country", "sector", "mechanism")), r["years"]) for r in rows
        ]
        return rows_response(("case", "title", "country", "sector", "mechanism", "years"), flat, ending)
    from urllib.parse import urlencode

    return html(
        site.render(
            "cases.html",
            title="Cases",
            here="/case",
            rows=rows,
            chosen=chosen,
            options={n: site.kg.options(n) for n in _FILTERS},
            alternates=alternates("/case", ("json", "csv"), urlencode(chosen)),
            n=len(rows),
        )
    )


def coverage(site: Site, request: Request) -> Response:
    """What is missing, and who would know."""
    fields = (
        "gpsa:amount",
        "gpsa:startDate",
        "gpsa:closingDate",
        "gpsa:sector",
        "gpsa:usesMechanism",
        "gpsa:hasGrantee",
        "gpsa:hasPartner",
        "gpsa:involvesGovernment",
        "gpsa:place",
        "gpsa:objective",
        "gpsa:evaluationDesign",
    )
    stated = {
        str(p): int(str(n))
        for p, n in site.builder.rows(f"""SELECT ?p (COUNT(DISTINCT ?case) AS ?n) WHERE {{ VALUES ?p {{ {" ".join(fields)} }}
        ?case a gpsa:Case ; ?p ?o }} GROUP BY ?p""")
    }
    parts = {
        str(t): int(str(n))
        for t, n in site.builder.rows("""SELECT ?t (COUNT(DISTINCT ?case) AS ?n) WHERE {
        VALUES ?t { gpsa:Result gpsa:Challenge gpsa:Lesson gpsa:Participation } ?x a ?t ; gpsa:inCase ?case } GROUP BY ?t""")
    }
    bars = [(site.builder.relation(f), stated.get(f, 0)) for f in fields] + [
        (words(t.partition(":")[2].lower(), 2), n) for t, n in sorted(parts.items())
    ]
    gaps = [
        dict(zip(("case", "field", "reading", "text"), map(str, row), strict=True))
        for row in site.builder.rows("""SELECT ?case ?field ?reading ?text WHERE {
        ?gap a gpsa:Gap ; gpsa:inCase|gpsa:inEvent|gpsa:programme ?case ; gpsa:field ?field ; gpsa:reading ?reading ;
        gpsa:text ?text } ORDER BY ?case ?field ?text""")
    ]
    without = {}
    for field_ in (*fields[:3], "gpsa:involvesGovernment"):
        rows = site.builder.rows(f"""SELECT ?case ?who WHERE {{ ?case a gpsa:Case OPTIONAL {{ ?case {field_} ?v }}
            FILTER(!BOUND(?v))
            OPTIONAL {{ ?case gpsa:hasGrantee ?who }} }} ORDER BY ?case ?who""")
        knows: dict[str, list[str]] = {}
        for case, who in rows:
            knows.setdefault(str(case), []).extend([str(who)] if who else [])
        without["named public body" if field_ == "gpsa:involvesGovernment" else site.builder.relation(field_)] = knows
    if request.path_params.get("ending"):
        flat = [(f, c, " ".join(who)) for f, knows in without.items() for c, who in knows.items()]
        return rows_response(("missing", "case", "who_would_know"), flat, request.path_params["ending"])
    things = {n for knows in without.values() for c, who in knows.items() for n in (c, *who)} | {
        g[k] for g in gaps for k in ("case", "reading")
    }
    return html(
        site.render(
            "coverage.html",
            title="What is missing, and who would know",
            here="/coverage",
            bars=bars,
            gaps=gaps,
            without=without,
            labels=site.builder.names.labels(things),
            alternates=alternates("/coverage", ("json", "csv")),
        )
    )


def limits(site: Site, request: Request) -> Response:
    """The limits, as a page or as JSON."""
    from gpsa_graph.serve import sandbox

    listed = site.limits.listed()
    if request.path_params.get("ending") == "json":
        return Response(json.dumps({"limits": listed, "shielded": sandbox.available()}).encode(), media_type="application/json")
    return html(
        site.render(
            "limits.html",
            title="Limits",
            limits=listed,
            shielded=sandbox.available(),
            endpoint=site.endpoint,
            alternates=alternates("/limits", ("json",)),
        )
    )


def about(site: Site, request: Request) -> Response:
    """What this is, how facts are made, how to cite and how to correct."""
    from gpsa_graph.export.about import LICENCE
    from gpsa_graph.serve.things import cite

    return html(
        site.render(
            "about.html",
            title="About",
            licence=LICENCE,
            citation=cite(site, "", vocab.BASE).replace(". . In:", ". In:"),
            triples=len(site.kg),
        )
    )


def slashless(site: Site, request: Request) -> Response:
    """`/case/` is `/case`."""
    return RedirectResponse(f"{site.base}/{request.path_params['kind']}", 301)
