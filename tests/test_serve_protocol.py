"""The SPARQL 1.1 Protocol: the W3C tests (queries as specified, updates refused), and what SAFETY.md section 5 P lists."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from tests.serve_live import Live, live


@pytest.fixture(scope="module")
def site(cache: Path) -> Iterator[Live]:
    """The shipped cases, with a short time limit."""
    with live("--seconds", "2") as running:
        yield running


D = "http://kasei.us/2009/09/sparql/data/data"
FORM, DIRECT, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


@pytest.fixture(scope="module")
def w3c_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graphs that the W3C tests suppose."""
    folder = tmp_path_factory.mktemp("w3c") / "store"
    store = ox.Store(str(folder))
    for n in (1, 2, 3):
        store.add(
            ox.Quad(
                ox.NamedNode(f"{D}{n}.rdf"),
                ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                ox.NamedNode("http://xmlns.com/foaf/0.1/Document"),
                ox.NamedNode(f"{D}{n}.rdf"),
            )
        )
    store.optimize()
    store.flush()
    del store
    return folder


@pytest.fixture(scope="module")
def w3c(w3c_store: Path, cache: Path) -> Iterator[Live]:
    """A site over these graphs."""
    with live("--store", str(w3c_store)) as running:
        yield running


def dataset(**graphs: list[int]) -> str:
    return urlencode([(f"{name}-graph-uri", f"{D}{n}.rdf") for name, numbers in graphs.items() for n in numbers])


POST = b"POST /sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sparql-query\r\n"
BOTH = f"ASK {{ <{D}1.rdf> a ?type . <{D}2.rdf> a ?type . }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{D}1.rdf> a ?type }} GRAPH ?g2 {{ <{D}2.rdf> a ?type }} }}"
FULL = f"ASK {{ <{D}3.rdf> a ?type GRAPH ?g1 {{ <{D}1.rdf> a ?type }} GRAPH ?g2 {{ <{D}2.rdf> a ?type }} }}"
ASKED = {
    "query_post_form": ("POST", f"/sparql/?{dataset(default=[1])}", "query=ASK%20%7B%7D", FORM),
    "query_dataset_default_graphs_get": ("GET", f"/sparql/?query={quote(BOTH)}&{dataset(default=[1, 2])}", None, None),
    "query_dataset_default_graphs_post": ("POST", f"/sparql/?{dataset(default=[1, 2])}", BOTH, DIRECT),
    "query_dataset_named_graphs_post": ("POST", f"/sparql/?{dataset(named=[1, 2])}", NAMED, DIRECT),
    "query_dataset_named_graphs_get": ("GET", f"/sparql/?query={quote(NAMED)}&{dataset(named=[1, 2])}", None, None),
    "query_dataset_full": ("POST", f"/sparql/?{dataset(default=[3], named=[1, 2])}", FULL, DIRECT),
    "query_multiple_dataset": ("POST", f"/sparql/?{dataset(default=[2])}", f"ASK FROM <{D}1.rdf> {{ <{D}1.rdf> ?p ?o }}", DIRECT),
    "query_get": ("GET", "/sparql?query=ASK%20%7B%7D", None, None),
    "query_post_direct": ("POST", "/sparql/", "ASK {}", DIRECT),
}


@pytest.mark.parametrize("name", ASKED)
def test_w3c_asked_and_answered(w3c: Live, name: str) -> None:
    method, path, body, kind = ASKED[name]
    found = w3c.ask(path, method, body.encode() if body else None, **({"Content_Type": kind} if kind else {}))
    assert found.status == 200, found.body
    expected = name != "query_multiple_dataset"  # the dataset of the protocol goes before that of the query
    assert json.loads(found.body)["boolean"] is expected


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("SELECT (1 AS ?value) {}", ("application/sparql-results+json", "application/sparql-results+xml")),
        ("ASK {}", ("application/sparql-results+json",)),
        ("DESCRIBE <http://example.org/>", ("text/turtle", "application/rdf+xml")),
        ("CONSTRUCT { <a:s> <a:p> 1 } WHERE {}", ("text/turtle", "application/rdf+xml")),
    ],
)
def test_w3c_content_types(w3c: Live, text: str, kinds: tuple[str, ...]) -> None:
    found = w3c.ask(f"/sparql?query={quote(text)}")
    assert (found.status, found.headers["content-type"].partition(";")[0]) == (200, kinds[0])
    for kind in kinds:
        assert w3c.ask(f"/sparql?query={quote(text)}", Accept=kind).headers["content-type"].startswith(kind)


BAD = {
    "bad_query_method": ("PUT", "/sparql?query=ASK%20%7B%7D", None, None, 405),
    "bad_multiple_queries": ("GET", "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", None, None, 400),
    "bad_query_wrong_media_type": ("POST", "/sparql/", "ASK {}", "text/plain", 415),
    "bad_query_missing_form_type": ("POST", "/sparql/", "query=ASK%20%7B%7D", None, 415),
    "bad_query_missing_direct_type": ("POST", "/sparql/", "ASK {}", None, 415),
    "bad_query_non_utf8": ("POST", "/sparql/", "ASK {}".encode("utf-16"), f"{DIRECT}; charset=UTF-16", 415),
    "bad_query_syntax": ("GET", "/sparql?query=ASK%20%7B", None, None, 400),
    "bad_update_get": ("GET", "/sparql?update=CLEAR%20ALL", None, None, 400),
    "bad_multiple_updates": ("POST", "/sparql/", "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", FORM, 400),
    "bad_update_wrong_media_type": ("POST", "/sparql/", "CLEAR NAMED", "text/plain", 415),
    "bad_update_missing_form_type": ("POST", "/sparql/", "update=CLEAR%20NAMED", None, 415),
    "bad_update_non_utf8": ("POST", "/sparql/", "CLEAR NAMED".encode("utf-16"), f"{UPDATE}; charset=UTF-16", 415),
    "bad_update_syntax": ("POST", "/sparql/", "update=CLEAR%20XYZ", FORM, 400),
    "bad_update_dataset_conflict": (
        "POST",
        "/sparql/",
        f"using-named-graph-uri=http%3A%2F%2Fexample%2Fpeople&update={quote('INSERT DATA {}')}",
        FORM,
        400,
    ),
    "update_dataset_default_graph": ("POST", "/sparql/?using-graph-uri=http%3A%2F%2Fx%2F", "CLEAR ALL", UPDATE, 415),
    "update_dataset_default_graphs": ("POST", "/sparql/", "using-graph-uri=http%3A%2F%2Fx%2F&update=CLEAR%20ALL", FORM, 400),
    "update_dataset_named_graphs": ("POST", "/sparql/?using-named-graph-uri=http%3A%2F%2Fx%2F", "CLEAR ALL", UPDATE, 415),
    "update_dataset_full": (
        "POST",
        "/sparql/?using-named-graph-uri=http%3A%2F%2Fx%2F&using-graph-uri=http%3A%2F%2Fy%2F",
        "CLEAR ALL",
        UPDATE,
        415,
    ),
    "update_post_form": ("POST", "/sparql/", "update=CLEAR%20ALL", FORM, 400),
    "update_post_direct": ("POST", "/sparql/", "CLEAR ALL", UPDATE, 415),
    "update_base_uri": ("POST", "/sparql/", "INSERT DATA { <a> <b> <c> }", UPDATE, 415),
}


@pytest.mark.parametrize("name", BAD)
def test_w3c_refused(w3c: Live, name: str) -> None:
    method, path, body, kind, status = BAD[name]
    raw = body.encode() if isinstance(body, str) else body
    found = w3c.ask(path, method, raw, **({"Content_Type": kind} if kind else {}))
    assert found.status == status, found.body
    assert found.headers["content-type"] == "application/problem+json"
    assert json.loads(found.body)["status"] == status


@pytest.mark.parametrize(
    "text", ['SELECT ("a&b" AS ?x) {}', 'SELECT ("a%26b" AS ?x) {}', 'SELECT ("a+b" AS ?x) {}', 'SELECT ("ü 中" AS ?x) {}']
)
def test_decoded_once(site: Live, text: str) -> None:
    wanted = text.partition('"')[2].partition('"')[0]
    form = urlencode({"query": text})
    for found in (
        site.ask(f"/sparql?{form}"),
        site.ask("/sparql", "POST", form.encode(), Content_Type=f"{FORM}; charset=UTF-8"),
        site.ask("/sparql", "POST", text.encode(), Content_Type=f'{DIRECT}; charset="utf-8"'),
    ):
        assert json.loads(found.body)["results"]["bindings"][0]["x"]["value"] == wanted


@pytest.mark.parametrize(
    "accept, status, kind",
    [
        (None, 200, "application/sparql-results+json"),
        ("*/*", 200, "application/sparql-results+json"),
        ("text/*", 200, "text/csv"),
        ("application/sparql-results+json;q=0, text/csv", 200, "text/csv"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.9", 200, "application/sparql-results+xml"),
        ("image/png", 406, "application/problem+json"),
        ("text/turtle", 406, "application/problem+json"),
        ("nonsense", 400, "application/problem+json"),
    ],
)
def test_accept(site: Live, accept: str | None, status: int, kind: str) -> None:
    found = site.ask("/sparql?query=SELECT%20%2A%20%7B%7D", **({"Accept": accept} if accept else {}))
    assert (found.status, found.headers["content-type"].partition(";")[0]) == (status, kind)


def test_format_and_accept(site: Live) -> None:
    assert (
        site.ask("/sparql?query=SELECT%20%2A%20%7B%7D&format=csv", Accept="application/sparql-results+xml")
        .headers["content-type"]
        .startswith("text/csv")
    )
    assert site.ask("/sparql?query=SELECT%20%2A%20%7B%7D&format=docx").status == 400


def test_head_is_get_without_its_body(site: Live) -> None:
    for path in ("/sparql?query=ASK%20%7B%7D", "/", "/case/mwi-mejn.html", "/sparql", "/case/none.html", "/limits.json"):
        get, head = site.ask(path), site.ask(path, "HEAD")
        assert (head.status, head.body) == (get.status, b""), path
        assert head.headers["content-length"] == str(len(get.body)), path


def test_options_and_cors(site: Live) -> None:
    found = site.ask(
        "/sparql",
        "OPTIONS",
        Origin="https://example.org",
        Access_Control_Request_Method="POST",
        Access_Control_Request_Headers="content-type",
    )
    assert (found.status, found.headers["access-control-allow-origin"]) == (204, "*")
    assert "POST" in found.headers["access-control-allow-methods"]
    assert "Content-Type" in found.headers["access-control-allow-headers"]
    assert site.ask("/sparql?query=ASK%7B%7D", Origin="null").headers["access-control-allow-origin"] == "*"
    assert site.ask("/sparql?query=ASK%7B").headers["access-control-allow-origin"] == "*"


def test_etags(site: Live) -> None:
    for path in ("/sparql?query=ASK%20%7B%7D", "/case/mwi-mejn.html", "/case/mwi-mejn.ttl"):
        etag = site.ask(path).headers["etag"]
        again = site.ask(path, If_None_Match=etag)
        assert (again.status, again.body) == (304, b""), path
        assert site.ask(path, If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    "raw, status",
    [
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"421"),
        (b"GET / HTTP/1.1\r\n\r\n", b"4"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\n\r\n", b"4"),
        (b"GET //evil.com HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
        (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
        (b"GET /..;/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
        (b"GET /case/%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
        (b"GET /static/..%2fsite.py HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
        (b"GET /download/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"404"),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"414"),
        (b"GET /case/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ten\r\n\r\n", b"400"),
        (
            POST + b"Content-Length: 99999999\r\n\r\nASK",
            b"413",
        ),
        (b"\x16\x03\x01\x00\x00", b"400"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 80_000 + b"\r\n\r\n", b""),
    ],
)
def test_odd_requests(site: Live, raw: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=15) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR) if b"Content-Length: 9999" not in raw else None
        try:
            answer = connection.recv(4_000)
        except ConnectionResetError:
            answer = b""
    assert answer == b"" or answer.split(b" ")[1].startswith(status), answer[:300]
    assert b"Location: //" not in answer
    assert b"root:" not in answer
    assert site.ask("/health").status == 200


def test_a_body_without_end_is_cut_off(site: Live) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as connection:
        connection.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
        try:
            for _ in range(40):
                connection.sendall(chunk)
            answer = connection.recv(1_000)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0]


def test_a_slow_head_and_a_slow_body_are_closed(cache: Path) -> None:
    with live("--idle", "1") as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost:")
            assert connection.recv(100) == b"", "a request head that never ends keeps its connection"
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
            connection.sendall(POST + b"Content-Length: 10\r\n\r\nASK")
            assert b" 408 " in connection.recv(1_000)


def test_service_description(site: Live) -> None:
    for accept, kind in (
        (None, "text/turtle"),
        ("application/n-triples", "application/n-triples"),
        ("application/ld+json", "application/ld+json"),
    ):
        found = site.ask("/sparql", **({"Accept": accept} if accept else {}))
        assert (found.status, found.headers["content-type"].partition(";")[0]) == (200, kind)
    triples = {
        (q.predicate.value.rpartition("#")[2], str(q.object)) for q in ox.parse(site.ask("/sparql").body, format=ox.RdfFormat.TURTLE)
    }
    assert ("supportedLanguage", "<http://www.w3.org/ns/sparql-service-description#SPARQL11Query>") in triples
    assert any(o.endswith("#limit-seconds>") for _, o in triples)
    assert site.ask("/sparql", Accept="image/png").status == 406


def test_limits_are_shown(site: Live) -> None:
    listed = {limit["name"]: limit["value"] for limit in json.loads(site.ask("/limits.json").body)["limits"]}
    assert (listed["seconds"], listed["rows"], listed["workers"], listed["nesting"]) == (2.0, 10_000, 2, 128)
    page = site.ask("/limits", Accept="text/html").text
    assert all(f'id="{name}"' in page for name in listed), "a limit is missing on the page"
    assert site.query("ASK {} #" + "x" * 70_000).status == 413


def test_rdflib_asks_the_endpoint(site: Live, kg: object) -> None:
    from rdflib import Graph
    from rdflib.plugins.stores.sparqlstore import SPARQLStore

    graph = Graph(SPARQLStore(f"{site.address}/sparql", returnFormat="json"))
    rows = list(graph.query("SELECT ?s WHERE { ?s a <https://w3id.org/gpsa-graph/ontology#Case> }"))
    assert len(rows) == len(kg.query("SELECT ?s WHERE { ?s a gpsa:Case }"))  # type: ignore[attr-defined]


def test_pandas_reads_csv(site: Live) -> None:
    import pandas

    frame = pandas.read_csv(
        f"{site.address}/sparql?format=csv&query=" + quote("SELECT ?c ?l WHERE { ?c a gpsa:Case ; rdfs:label ?l } ORDER BY ?c")
    )
    assert list(frame.columns) == ["c", "l"]
    assert len(frame) > 50
    assert len(pandas.read_csv(f"{site.address}/case.csv")) == len(frame)
