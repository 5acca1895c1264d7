"""Pages that are made once and kept: patterns, the explorer, the files to download, VoID and the ontology."""

from __future__ import annotations

import html as html_text
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError
from gpsa_graph.serve.pages import html
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.things import alternates, rows_response, written

if TYPE_CHECKING:
    import pyoxigraph as ox

    from gpsa_graph.serve.site import Site

_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)"', re.IGNORECASE)
_MEDIA = {
    ".ttl": "text/turtle; charset=utf-8",
    ".nt": "application/n-triples",
    ".nq": "application/n-quads",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".cff": "text/plain; charset=utf-8",
}
_asking = threading.Lock()


def _once(site: Site, key: str, make: Callable[[], bytes]) -> bytes:
    """Make something that takes a while the first time only; askers who come meanwhile wait for it."""
    kept = site.made.get(key)
    if kept is None:
        with _asking:
            lock = site.locks.setdefault(key, threading.Lock())
        with lock:
            kept = site.made.get(key)
            if kept is None:
                kept = site.made[key] = make()
    return kept


def begin(site: Site, name: str, *command: str) -> subprocess.Popen[bytes]:
    """Begin to make a file of the site by one of our own commands, in a process of its own, so that the seconds it takes are nobody
    else's; the same process where it was begun before."""
    with _asking:
        if name not in site.makers:
            asked = ("--endpoint", site.endpoint) if site.endpoint else ("--store", str(site.store))
            site.makers[name] = subprocess.Popen(
                [sys.executable, "-m", "gpsa_graph", *command, "-o", str(site.home / name), *asked],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if hasattr(os, "setpriority"):
                os.setpriority(os.PRIO_PROCESS, site.makers[name].pid, 10)
        return site.makers[name]


def start_explorer(site: Site) -> None:
    """Begin to make the explorer."""
    begin(site, "explorer.html", "explore", "--no-open")


def _made_apart(site: Site, name: str, *command: str) -> bytes:
    """What such a process makes; Trouble where it does not come to an end."""
    file = site.home / name
    process = begin(site, name, *command)
    try:
        ended = process.wait(600)
    except subprocess.TimeoutExpired:
        process.kill()
        ended = process.wait()
    if ended != 0 or not file.is_file():
        site.makers.pop(name, None)
        raise Trouble(503, "engine", f"this page could not be made; see what `gpsa {' '.join(command[:2])}` says")
    return file.read_bytes()


def patterns(site: Site, request: Request) -> Response:
    """The patterns that can be asked."""
    from gpsa_graph.patterns import PATTERNS

    if request.path_params.get("ending"):
        return rows_response(("pattern", "title"), [(p.name, p.title) for p in PATTERNS.values()], request.path_params["ending"])
    return html(
        site.render(
            "patterns.html",
            title="Patterns",
            here="/patterns",
            patterns=list(PATTERNS.values()),
            findings=None,
            pattern=None,
            labels={},
            numbers={},
            sources={},
            alternates=alternates("/patterns", ("json", "csv")),
        )
    )


def pattern(site: Site, request: Request) -> Response:
    """The findings of one pattern, each with its numbers, cases and sources."""
    from gpsa_graph.patterns import PATTERNS

    name, _, ending = request.path_params["name"].partition(".")
    if name not in PATTERNS or ending not in ("", "html", "json"):
        near = vocab.near(name, PATTERNS)
        raise Trouble(404, "missing", f"no pattern is called '{name[:60]}'" + (f"; did you mean {' or '.join(near)}?" if near else ""))
    found = json.loads(
        _once(site, f"pattern {name}", lambda: _made_apart(site, f"pattern-{name}.json", "patterns", name, "--format", "json"))
    )
    if ending == "json":
        return Response(json.dumps(found, ensure_ascii=False, indent=1).encode(), media_type="application/json")
    names = site.builder.names
    cited: dict[str, int] = {}
    for finding in found:
        for source in finding["sources"][:12]:
            cited.setdefault(source, len(cited) + 1)
    labels = names.labels({c for f in found for c in (*f["cases"], *f["against"])})
    return html(
        site.render(
            "patterns.html",
            title=PATTERNS[name].title,
            here="/patterns",
            patterns=[],
            findings=found,
            pattern=PATTERNS[name],
            labels=labels,
            numbers=cited,
            sources=names.sources(cited),
            alternates=alternates(f"/patterns/{name}", ("json",)),
        )
    )


def explorer(site: Site, request: Request) -> Response:
    """The explorer, with the policy that it carries itself."""

    body = _once(site, "explorer", lambda: _made_apart(site, "explorer.html", "explore", "--no-open"))
    found = _POLICY.search(body[:4096].decode("utf-8", "replace"))
    policy = html_text.unescape(found[1]) if found else "default-src 'none'"
    return Response(body, media_type="text/html", headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"})


def _release(site: Site) -> list[str]:
    """Build the files of the release into a folder of the site, once."""
    from gpsa_graph.export.build import build

    def make() -> bytes:
        folder = site.home / "download"
        written_ = build(site.folder, folder)
        return json.dumps([p.relative_to(folder).as_posix() for p in written_]).encode()

    if site.folder is None and not site.shipped:
        return []
    try:
        return list(json.loads(_once(site, "release", make)))
    except GpsaError as error:
        raise Trouble(503, "engine", f"the files cannot be made: {str(error).splitlines()[0]}") from None


def downloads(site: Site, request: Request) -> Response:
    """The files of the release, with their sizes, and what each is by the release's own description."""
    folder = site.home / "download"
    said: dict[str, dict[str, str]] = {}
    for quad in _parsed((folder / "dcat.ttl").read_bytes()) if _release(site) else ():
        said.setdefault(str(quad.subject), {})[vocab.shorten(quad.predicate.value)] = getattr(quad.object, "value", "")
    titles = {one["dcat:downloadURL"]: one["dcterms:title"] for one in said.values() if "dcat:downloadURL" in one}
    titles |= {vocab.DOWNLOAD + "dcat.ttl": "The files of the release, in DCAT", vocab.DOWNLOAD + "SHA256SUMS": "The checksum of each file"}
    files = [(name, titles.get(vocab.DOWNLOAD + name, ""), (folder / name).stat().st_size) for name in _release(site)]
    return html(site.render("downloads.html", title="Downloads", files=files))


def download(site: Site, request: Request) -> Response:
    """One file of the release."""
    name = request.path_params["path"]
    if name not in _release(site):
        raise Trouble(404, "missing", f"there is no file '{name[:80]}' to download; /downloads lists all")
    path = site.home / "download" / name
    return FileResponse(path, media_type=_MEDIA.get(path.suffix, "text/plain; charset=utf-8"), headers={"Access-Control-Allow-Origin": "*"})


def void(site: Site, request: Request) -> Response:
    """VoID at its well-known address, in the RDF form that is asked for."""
    from gpsa_graph.serve.describe import void as made
    from gpsa_graph.serve.negotiate import GRAPHS, best, media_type

    fmt = best(request.headers.get("accept", ""), GRAPHS) or "ttl"
    body = _once(site, f"void {fmt}", lambda: _as(made(site), fmt))
    return Response(body, headers={"Content-Type": media_type(fmt), "Access-Control-Allow-Origin": "*", "Vary": "Accept"})


def dataset(site: Site, request: Request) -> Response:
    """The data set at its IRI: VoID, and the DCAT description of the files where there are files."""
    from gpsa_graph.serve.describe import void as made
    from gpsa_graph.serve.negotiate import GRAPHS, best, media_type

    fmt = best(request.headers.get("accept", ""), GRAPHS) or "ttl"

    def both() -> bytes:
        files = [site.home / "download" / name for name in _release(site) if name.endswith("dcat.ttl")]
        lines = {f"{q.subject} {q.predicate} {q.object} .\n" for t in (made(site), *(f.read_bytes() for f in files)) for q in _parsed(t)}
        return written("".join(sorted(lines)), fmt)

    return Response(
        _once(site, f"dataset {fmt}", both),
        headers={"Content-Type": media_type(fmt), "Access-Control-Allow-Origin": "*", "Vary": "Accept"},
    )


def _parsed(turtle: bytes) -> Iterator[ox.Quad]:
    import pyoxigraph as ox

    return ox.parse(turtle, format=ox.RdfFormat.TURTLE)


def words(site: Site, request: Request) -> Response:
    """What the query editor completes with."""
    from gpsa_graph.serve.query_page import words as made

    body = _once(site, "words", lambda: json.dumps(made(site), ensure_ascii=False).encode("utf-8", "replace"))
    return Response(body, media_type="application/json")


def _as(turtle: bytes, fmt: str) -> bytes:
    if fmt == "ttl":
        return turtle
    lines = sorted({f"{q.subject} {q.predicate} {q.object} .\n" for q in _parsed(turtle)})
    return written("".join(lines), fmt)


def examples(site: Site, request: Request) -> Response:
    """Every question as a SHACL executable."""
    from gpsa_graph.serve.asking import example

    lines = "".join(example(q) for q in site.questions.values())
    return Response(written(lines, "ttl"), headers={"Content-Type": "text/turtle; charset=utf-8", "Access-Control-Allow-Origin": "*"})


def ontology(site: Site, request: Request) -> Response:
    """The classes and properties, as a page or as RDF; each term is an anchor of the page."""
    from gpsa_graph.serve.negotiate import GRAPHS, media_type
    from gpsa_graph.serve.things import _wanted

    ending = request.path_params.get("ending", "") or _wanted(request)
    if ending in GRAPHS:
        text = site.kg.query(f"CONSTRUCT {{ ?x ?p ?o }} WHERE {{ ?x ?p ?o FILTER(STRSTARTS(STR(?x), '{vocab.ONTOLOGY.rstrip('#')}')) }}")
        return Response(
            written(str(text), ending),
            headers={"Content-Type": media_type(ending), "Access-Control-Allow-Origin": "*", "Vary": "Accept"},
        )
    terms: dict[str, dict[str, list[str]]] = {}
    for x, p, o in site.builder.rows(f"""SELECT ?x ?p ?o WHERE {{ ?x a ?t ; ?p ?o FILTER(STRSTARTS(STR(?x), "{vocab.ONTOLOGY}")
            && ?t IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty, owl:NamedIndividual)) }}
            ORDER BY ?x ?p ?o"""):
        terms.setdefault(str(x), {}).setdefault(str(p), []).append(str(o))
    groups: dict[str, list[tuple[str, dict[str, list[str]]]]] = {}
    for name, said in terms.items():
        kind = next(
            (k for k in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty") if f"owl:{k}" in said.get("rdf:type", ())),
            "Individual",
        )
        groups.setdefault(kind, []).append((name, said))
    return html(
        site.render("ontology.html", title="Ontology", groups=groups, alternates=alternates("/ontology", ("ttl", "jsonld", "nt", "rdf")))
    )
