"""The doors of the site asked by programs that are not ours: Comunica over HTTP, and the site over a remote service."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.serve_live import ROOT, Live, live

COMUNICA = """
const {QueryEngine} = require('@comunica/query-sparql');
const [address, query] = process.argv.slice(1);
(async () => {
  const found = await new QueryEngine().queryBindings(query, {sources: [address]});
  const rows = await found.toArray();
  console.log(JSON.stringify(rows.map((row) => Object.fromEntries([...row].map(([k, v]) => [k.value, v.value])))));
})().catch((error) => { console.error(error); process.exit(1); });
"""


@pytest.fixture(scope="module")
def site(cache: Path) -> Iterator[Live]:
    """The shipped cases."""
    with live() as running:
        yield running


def test_comunica_finds_the_endpoint_by_its_description_and_asks_it(site: Live, kg: object) -> None:
    """Given the address alone, Comunica reads the service description and sends its queries by the protocol."""
    query = """PREFIX gpsa: <https://w3id.org/gpsa-graph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?case ?title WHERE { ?case a gpsa:Case ; rdfs:label ?title } ORDER BY ?case"""
    node = shutil.which("node")
    assert node, "Node.js is needed: `make system` installs it"
    found = subprocess.run(
        [node, "-e", COMUNICA, f"{site.address}/sparql", query], cwd=ROOT / "tests", capture_output=True, text=True, timeout=120
    )
    assert found.returncode == 0, found.stderr[-2000:]
    rows = json.loads(found.stdout)
    ours = kg.query(query)  # type: ignore[attr-defined]
    assert {(r["case"].rpartition("/")[2], r["title"]) for r in rows} == {(str(c).partition(":")[2], str(t)) for c, t in ours}


@pytest.fixture(scope="module")
def relayed(site: Live) -> Iterator[Live]:
    """A site that has no graph of its own and asks the other one."""
    with live("--endpoint", f"{site.address}/sparql", "--rows", "50") as running:
        yield running


@pytest.mark.parametrize(
    "path",
    [
        "/case/mwi-mejn.html",
        "/organisation/world-bank.html",
        "/question/where-was-a-mechanism-used?mechanism=social-audit",
        "/search?q=health",
        "/coverage",
    ],
)
def test_a_site_over_a_remote_service_shows_the_same_page(site: Live, relayed: Live, path: str) -> None:
    ours, theirs = (s.ask(path, Accept="text/html") for s in (site, relayed))
    assert (theirs.status, theirs.body) == (200, ours.body)


def test_a_site_over_a_remote_service_answers_queries_within_its_own_limits(site: Live, relayed: Live) -> None:
    text = "SELECT ?case { ?case a gpsa:Case } ORDER BY ?case"
    reply, whole = relayed.query(text), json.loads(site.query(text).body)["results"]["bindings"]
    document = json.loads(reply.body)
    assert reply.headers["x-truncated"] == "rows=50"
    assert document["results"]["bindings"] == whole[:50]
    assert json.loads(relayed.query("ASK { ?s ?p ?o }").body)["boolean"] is True
    graph = "CONSTRUCT { case:mwi-mejn ?p ?o } WHERE { case:mwi-mejn ?p ?o }"
    assert relayed.query(graph, accept="application/n-triples").body == site.query(graph, accept="application/n-triples").body
    assert relayed.query("SELECT * {").status == 400
    assert relayed.query("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }").status == 400
    assert relayed.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout="0.5").status == 503
    page = relayed.ask(f"/sparql?query={quote(text)}", Accept="text/html").text
    assert "The answer is cut" in page
    assert "Queries are passed on" in relayed.ask("/limits", Accept="text/html").text
    assert relayed.workers() == []


def test_a_service_that_is_not_there_is_said_in_one_sentence(cache: Path) -> None:
    import sys

    found = subprocess.run(
        [sys.executable, "-m", "gpsa_graph", "serve", "--port", "0", "--no-open", "--endpoint", "http://127.0.0.1:9/sparql"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 2
    assert "127.0.0.1:9" in found.stderr
    assert "Traceback" not in found.stderr


def test_the_editor_completes_with_what_the_graph_holds(site: Live) -> None:
    words = json.loads(site.ask("/sparql/words.json").body)
    terms = {f"{t['prefix']}:{t['name']}": t for t in words["terms"]}
    assert terms["gpsa:Case"]["class"]
    assert terms["gpsa:usesMechanism"]["of"] == ["gpsa:Case"]
    assert terms["gpsa:usesMechanism"]["about"]
    assert "mechanism" in words["schemes"]
    assert "organisation" in words["things"]
    assert words["prefixes"]["gpsa"].endswith("ontology#")


@pytest.mark.parametrize(
    "view, query, marks",
    [
        ("chart", "SELECT ?m (COUNT(?c) AS ?n) { ?c gpsa:usesMechanism ?m } GROUP BY ?m ORDER BY DESC(?n) ?m LIMIT 7", 7),
        ("map", "SELECT ?country ?case { ?case a gpsa:Case ; gpsa:country ?country } ORDER BY ?case LIMIT 30", None),
        ("network", "SELECT ?source ?target { ?c gpsa:hasGrantee ?source ; gpsa:involvesGovernment ?target } LIMIT 12", None),
    ],
)
def test_answers_become_pictures_by_the_types_of_their_columns(site: Live, view: str, query: str, marks: int | None) -> None:
    page = site.ask(f"/sparql?view={view}&query={quote(query)}", Accept="text/html").text
    assert f'class="picture picture-{view}"' in page
    rows = json.loads(site.query(query).body)["results"]["bindings"]
    titles = page.partition("<figure")[2].partition("</figure>")[0].count("<title>")
    if view == "map":
        marks = len({r["country"]["value"] for r in rows})
    if view == "network":
        marks = len({r[k]["value"] for r in rows for k in ("source", "target") if r["source"]["value"] != r["target"]["value"]})
    assert titles == marks
    plain = site.ask(f"/sparql?query={quote('SELECT ?l { ?c a gpsa:Case ; rdfs:label ?l } LIMIT 3')}", Accept="text/html").text
    assert "picture-" not in plain
    assert "<nav class=\"views\"" not in plain
