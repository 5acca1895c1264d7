"""IRIs that resolve: `/case/mwi-mejn` leads to a page, Turtle, JSON-LD, N-Triples, RDF/XML, JSON or CSV, as the asker likes."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gpsa_graph import vocab
from gpsa_graph.errors import UnknownName
from gpsa_graph.serve.names import words
from gpsa_graph.serve.negotiate import GRAPHS, Malformed, best
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.sheet import ROW_COLUMNS
from gpsa_graph.serve.worker import GRAPHS as WRITERS

if TYPE_CHECKING:
    from gpsa_graph.serve.site import Site

KINDS = (*vocab.THINGS, *vocab.SCHEMES, "code")
#: Ending -> media type, in the order of preference.
FORMS = {"html": "text/html", **GRAPHS, "json": "application/json", "csv": "text/csv"}
_CHARSET = "; charset=utf-8"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,200}\Z")


def thing(site: Site, request: Request) -> Response:
    """A thing at its IRI (303 to a document), or one of its documents."""
    kind, rest = request.path_params["kind"], request.path_params["rest"]
    name, dot, ending = rest.rpartition(".")
    if not dot or ending not in FORMS:
        name, ending = rest, ""
    if kind not in KINDS or not _ID.match(name):
        raise Trouble(404, "missing", "there is no such page")
    if not ending:
        return _see_other(site, request, kind, name)
    return document(site, kind, name, ending)


def _see_other(site: Site, request: Request, kind: str, name: str) -> Response:
    curie = f"{kind}:{name}"
    if curie in site.former:
        moved = vocab.expand(site.former[curie])[len(vocab.BASE) - 1 :]
        return RedirectResponse(site.base + moved, 301)
    _must_be_known(site, kind, name)
    wanted = _wanted(request)
    headers = {"Vary": "Accept", "Link": links(kind, name)}
    return RedirectResponse(f"{site.base}/{kind}/{quote(name)}.{wanted}", 303, headers=headers)


def _wanted(request: Request) -> str:
    """The form that an asker likes best; a page where it does not say."""
    try:
        found = best(request.headers.get("accept", ""), FORMS)
    except Malformed as error:
        raise Trouble(400, "request", str(error)) from None
    if not found:
        raise Trouble(406, "accept", f"this comes as {', '.join(FORMS.values())}")
    return found


def links(kind: str, name: str) -> str:
    """The Link header of a thing: its other forms, itself, and the description of the data set."""
    start = f"/{kind}/{quote(name)}"
    forms = [f'<{start}.{e}>; rel="alternate"; type="{media}"' for e, media in FORMS.items()]
    return ", ".join(
        [
            *forms,
            f'<{vocab.iri(kind, name)}>; rel="describes"',
            '</.well-known/void>; rel="describedby"',
            '<https://creativecommons.org/licenses/by/4.0/>; rel="license"',
        ]
    )


def _must_be_known(site: Site, kind: str, name: str) -> None:
    iri = vocab.PREFIXES[kind] + name
    if site.kg.query(f"ASK {{ <{iri}> ?p ?o }}"):
        return
    known = site.kg.options(kind) if kind != "code" else {}
    near = vocab.near(name, known)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise Trouble(404, "missing", f"no {words(kind)} is called '{name[:80]}'{hint}", near=[f"/{kind}/{n}" for n in near] or None)


def document(site: Site, kind: str, name: str, ending: str) -> Response:
    """One document about a thing."""
    iri = vocab.PREFIXES[kind] + name
    headers = {"Link": links(kind, name)}
    if f"{kind}:{name}" in site.former:
        moved = vocab.expand(site.former[f"{kind}:{name}"])[len(vocab.BASE) - 1 :]
        return RedirectResponse(f"{site.base}{moved}.{ending}", 301)
    if ending in GRAPHS:
        content = described(site, iri, ending)
        if not content:
            _must_be_known(site, kind, name)
        media = GRAPHS[ending]
        return Response(
            content,
            headers={
                **headers,
                "Access-Control-Allow-Origin": "*",
                "Content-Type": media + (_CHARSET if media.startswith("text/") else ""),
            },
        )
    try:
        sheet = site.builder.sheet(iri)
    except UnknownName:
        _must_be_known(site, kind, name)
        raise
    if ending == "json":
        text = json.dumps({**sheet.document(), "data": f"version {site.version} of {site.date}"}, ensure_ascii=False, indent=1) + "\n"
        return Response(
            text.encode("utf-8", "replace"),
            headers={**headers, "Access-Control-Allow-Origin": "*", "Content-Type": "application/json"},
        )
    if ending == "csv":
        return rows_response(ROW_COLUMNS, sheet.rows(), "csv", headers)
    numbers = sheet.for_a_reader()
    body = site.render(
        "thing.html",
        title=sheet.title,
        sheet=sheet,
        numbers=numbers,
        alternates=alternates(f"/{kind}/{quote(name)}"),
        here=f"/{kind}",
        explorer=f"/explorer#node={kind}:{quote(name)}" if kind in ("case", "organisation") else "",
        citation=cite(site, sheet.title, iri),
    )
    return Response(body, headers={**headers, "Content-Type": "text/html; charset=utf-8"})


def cite(site: Site, title: str, iri: str) -> str:
    """A line to cite a page."""
    from gpsa_graph.export.about import CREATOR, TITLE

    end = "" if title.endswith((".", "?", "!")) else "."
    return f"{CREATOR} ({site.date[:4]}). {title}{end} In: {TITLE}. Data version {site.version} of {site.date}. {iri}"


def alternates(
    start: str, endings: tuple[str, ...] = ("json", "csv", "ttl", "jsonld", "nt", "rdf"), query: str = ""
) -> tuple[tuple[str, str, str], ...]:
    """Other forms of a page: address, media type, name."""
    tail = f"?{query}" if query else ""
    return tuple(
        (
            f"{start}.{e}{tail}",
            FORMS[e],
            {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML"}.get(e, e.upper()),
        )
        for e in endings
    )


def described(site: Site, iri: str, fmt: str) -> bytes:
    """The triples of a thing with its claims and parts, in one of the RDF forms."""
    text = site.kg.query(f"""CONSTRUCT {{ ?x ?p ?o }} WHERE {{
        {{ SELECT DISTINCT ?x WHERE {{ {{ BIND(<{iri}> AS ?x) }} UNION {{ ?x rdf:subject <{iri}> }}
            UNION {{ ?x gpsa:inCase|gpsa:inEvent|gpsa:organisation <{iri}> }} UNION {{ ?x gpsa:inCase|gpsa:inEvent <{iri}> }} }}
            }}
        ?x ?p ?o }}""")
    assert isinstance(text, str)
    return written(text, fmt)


def written(ntriples: str, fmt: str) -> bytes:
    """N-Triples text in another RDF form, with the prefixes that it uses; nothing for nothing."""
    if not ntriples or fmt == "nt":
        return ntriples.encode()
    triples = [q.triple for q in ox.parse(ntriples.encode(), format=ox.RdfFormat.N_TRIPLES)]
    used = {vocab.shorten(i).partition(":")[0] for i in set(re.findall(r"<([^>]+)>", ntriples))}
    prefixes = {p: start for p, start in vocab.PREFIXES.items() if p in used}
    body = ox.serialize(triples, format=WRITERS[fmt], prefixes=prefixes if fmt in ("ttl", "rdf") else None)
    assert body is not None
    return body


def rows_response(columns: tuple[str, ...], rows: Iterable[Sequence[Any]], fmt: str, headers: dict[str, str] | None = None) -> Response:
    """Rows as CSV, TSV or JSON."""
    from gpsa_graph.export.rows import write_rows
    from gpsa_graph.graph import Rows

    stream = io.StringIO()
    write_rows(Rows(columns, [tuple(row) for row in rows]), fmt, stream)
    media = {"csv": "text/csv; charset=utf-8", "tsv": "text/tab-separated-values; charset=utf-8", "json": "application/json"}[fmt]
    return Response(
        stream.getvalue().encode("utf-8", "replace"),
        headers={**(headers or {}), "Content-Type": media, "Access-Control-Allow-Origin": "*"},
    )
