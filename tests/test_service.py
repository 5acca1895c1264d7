"""Asking a SPARQL service: a small server on this machine that answers as it is told, and Oxigraph's own server."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

import gpsa_graph
from gpsa_graph.errors import GpsaError, QueryError
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.service import Service, mask
from gpsa_graph.graph.wire import Wire

Answer = Callable[[str, dict[str, str]], tuple[int, dict[str, str], bytes]]
JSON = {"Content-Type": "application/sparql-results+json"}


class Said:
    """What the small server has heard, and what it answers: a function of query and headers gives status, headers, body."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.answer: Answer = lambda q, h: (200, JSON, b'{"head":{},"boolean":true}')
        self.url = ""


@pytest.fixture
def server() -> Iterator[Said]:
    said = Said()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(body).get("query", [body])[0]
            headers = {name.lower(): value for name, value in self.headers.items()}
            said.heard.append((query, headers))
            status, more, content = said.answer(query, headers)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            if "Content-Length" not in more:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    said.url = f"http://127.0.0.1:{listening.server_address[1]}/sparql"
    yield said
    listening.shutdown()
    listening.server_close()
    thread.join()


def rows_of(store: ox.Store, most: int | None, announced: bool = True) -> Answer:
    """Answers from a store, at most `most` rows of each."""
    def answer(query: str, _: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        whole = json.loads(store.query(query).serialize(format=ox.QueryResultsFormat.JSON))  # type: ignore[union-attr]
        if "results" in whole:
            whole["results"]["bindings"] = whole["results"]["bindings"][:most]
        more = {"X-SPARQL-MaxRows": str(most)} if most and announced else {}
        return 200, {**JSON, **more}, json.dumps(whole).encode()
    return answer


def numbers(size: int, doubled: int = 0) -> ox.Store:
    store, own = ox.Store(), size - doubled
    store.extend(ox.Quad(ox.NamedNode(f"urn:n{i % own}"), ox.NamedNode(f"urn:p{i // own}"), ox.Literal(i % 7)) for i in range(size))
    assert len(store) == size
    return store


# what is sent


def test_only_the_prefixes_that_a_query_uses_are_declared_and_its_lines_keep_their_numbers(server: Said) -> None:
    assert gpsa_graph.load(endpoint=server.url).query("ASK {\n ?c a gpsa:Case ; rdfs:label 'case:x' }") is True
    ((query, headers),) = server.heard
    assert query.splitlines()[1:] == [" ?c a gpsa:Case ; rdfs:label 'case:x' }"]
    assert query.count("PREFIX") == 2
    assert headers["accept"] == "application/sparql-results+json"
    assert "authorization" not in headers


def test_an_update_never_leaves(server: Said) -> None:
    kg = gpsa_graph.load(endpoint=server.url)
    for update in ("INSERT DATA { <a:s> <a:p> <a:o> }", "DROP ALL", "CLEAR DEFAULT # SELECT", "LOAD <http://127.0.0.1/SELECT>"):
        with pytest.raises(QueryError):
            kg.query(update)
    assert server.heard == []


def test_texts_iris_and_remarks_are_masked_in_place() -> None:
    query = 'SELECT ?x # {\nWHERE { ?x <urn:SELECT> "a \\" } b" , \'\'\'ORDER\nBY\'\'\' FILTER(?x < 3) }'
    masked = mask(query)
    assert len(masked) == len(query)
    assert masked.count("{") == masked.count("}") == 1
    assert "ORDER" not in masked
    assert "FILTER(?x < 3)" in masked


# what comes back


@pytest.mark.slow
def test_all_questions_give_the_same_rows_from_the_server_of_oxigraph(kg: KnowledgeGraph, oxigraph: Callable[..., str]) -> None:
    remote = gpsa_graph.load(endpoint=f"{oxigraph(kg._kept / 'store')}/query")  # type: ignore[operator]
    assert len(remote) == len(kg)
    for name, question in kg.questions().items():
        given = {p.name: p.sample for p in question.parameters if p.sample}
        for values in ({}, given) if given else ({},):
            here, there = kg.answer(name, **values), remote.answer(name, **values)
            assert there == here, f"{name} {values}"
            assert there.coverage == here.coverage
    assert remote.show("mwi-mejn") == kg.show("mwi-mejn")
    assert remote.find("ministry of health") == kg.find("ministry of health")
    assert remote.path("idn-wahana-visi", "mwi-mejn") == kg.path("idn-wahana-visi", "mwi-mejn")
    describe = "DESCRIBE case:mwi-mejn"
    assert remote.query(describe) == kg.query(describe)


@pytest.mark.slow
def test_all_questions_give_the_same_rows_from_virtuoso(kg: KnowledgeGraph, virtuoso: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from gpsa_graph.export.push import push

    monkeypatch.setenv("GPSA_USER", "dba")
    monkeypatch.setenv("GPSA_PASSWORD", "dba")
    done = push(kg, f"{virtuoso}/sparql-graph-crud-auth", graph="urn:gpsa", protocol="graph-store")
    assert (done.before, done.after) == (0, len(kg))
    remote = gpsa_graph.load(endpoint=f"{virtuoso}/sparql?default-graph-uri=urn:gpsa")
    assert len(remote) == len(kg) > 10_000, "more than Virtuoso gives at once"
    for name, question in kg.questions().items():
        given = {p.name: p.sample for p in question.parameters if p.sample}
        for values in ({}, given) if given else ({},):
            assert remote.answer(name, **values) == kg.answer(name, **values), f"{name} {values}"


@pytest.mark.parametrize("size, most", [(95, 10), (100, 10), (9, 10), (10, 10), (101, 100), (1, 1)])
def test_an_answer_that_the_service_caps_is_fetched_in_pages(server: Said, size: int, most: int) -> None:
    store = numbers(size)
    server.answer = rows_of(store, most)
    service = Service(server.url)
    query = "SELECT ?s ?o WHERE { ?s ?p ?o OPTIONAL { ?s <urn:no> ?none } } ORDER BY DESC(?o) ?s # ORDER BY ?s"
    assert [tuple(map(str, r)) for r in service.query(query)] == [tuple(map(str, r)) for r in store.query(query)]  # type: ignore[union-attr]


def test_rows_that_are_alike_are_counted_and_not_merged(server: Said) -> None:
    store = numbers(60, doubled=30)
    server.answer = rows_of(store, 7)
    query = "SELECT ?s WHERE { ?s ?p ?o }"
    there, here = (sorted(str(r[0]) for r in one.query(query)) for one in (Service(server.url), store))  # type: ignore[union-attr]
    assert there == here
    assert len(there) == 60 > len(set(there))


def test_more_rows_alike_than_a_page_holds_are_told(server: Said) -> None:
    server.answer = rows_of(numbers(50), 5)
    with pytest.raises(GpsaError, match="alike; ask with DISTINCT"):
        list(Service(server.url).query("SELECT ?x WHERE { ?s ?p ?o BIND(1 AS ?x) }"))


def test_a_limit_in_the_query_stays_its_limit(server: Said) -> None:
    store = numbers(200)
    server.answer = rows_of(store, 20)
    query = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 50"
    assert [str(r[0]) for r in Service(server.url).query(query)] == [str(r[0]) for r in store.query(query)]  # type: ignore[union-attr]


def test_an_answer_that_is_cut_in_silence_is_an_error_that_names_the_way_out(server: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    store = numbers(1_500)
    server.answer = rows_of(store, 1_000, announced=False)
    query = "SELECT ?s ?o WHERE { ?s ?p ?o }"
    with pytest.raises(GpsaError, match=r"gave 1000 of 1500 rows .* set GPSA_ENDPOINT_ROWS=1000"):
        list(Service(server.url).query(query))
    monkeypatch.setenv("GPSA_ENDPOINT_ROWS", "1000")
    assert len(list(Service(server.url).query(query))) == 1_500


def test_an_answer_of_a_thousand_rows_that_is_whole_is_taken(server: Said) -> None:
    server.answer = rows_of(numbers(1_000), None)
    assert len(list(Service(server.url).query("SELECT ?s WHERE { ?s ?p ?o }"))) == 1_000


def test_a_partial_answer_is_refused(server: Said) -> None:
    server.answer = lambda q, h: (200, {**JSON, "X-SQL-State": "S1TAT"}, b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')
    with pytest.raises(QueryError, match="answered in part"):
        gpsa_graph.load(endpoint=server.url).query("SELECT ?s { ?s ?p ?o }")


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "5000"}])
def test_an_answer_that_breaks_off_is_never_used(server: Said, headers: dict[str, str]) -> None:
    begun = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:a"}},{"s":{"type"'
    server.answer = lambda q, h: (200, {**JSON, **headers}, begun)
    with pytest.raises(GpsaError, match=r"broke off after [01] rows and was not used"):
        gpsa_graph.load(endpoint=server.url).query("SELECT ?s { ?s ?p ?o }")


# busy, slow, gone


def test_a_busy_service_is_asked_again_when_it_says_so(server: Said) -> None:
    waited: list[float] = []
    answers = iter([(503, {"Retry-After": "7"}, b""), (429, {}, b""), (200, JSON, b'{"head":{},"boolean":true}')])
    server.answer = lambda q, h: next(answers)
    kg = gpsa_graph.load(endpoint=server.url)
    kg._store.wire.pause = waited.append  # type: ignore[union-attr]
    assert kg.query("ASK {}") is True
    assert waited == [7.0, 2.0]


def test_a_service_that_stays_busy_is_told(server: Said) -> None:
    waited: list[float] = []
    server.answer = lambda q, h: (503, {"Retry-After": "1"}, b"")
    kg = gpsa_graph.load(endpoint=server.url)
    kg._store.wire.pause = waited.append  # type: ignore[union-attr]
    with pytest.raises(GpsaError, match=r"busy and asks to wait 1 s; ask again later"):
        kg.query("ASK {}")
    assert waited == [1.0] * 4
    server.answer = lambda q, h: (503, {"Retry-After": "86400"}, b"")
    with pytest.raises(GpsaError, match="asks to wait 86400 s"):
        kg.query("ASK {}")
    assert waited == [1.0] * 4, "nobody waits a day"


def test_a_service_that_does_not_answer_in_time_is_told(loopback: tuple[str, int]) -> None:
    wire = Wire(f"http://127.0.0.1:{loopback[1]}/sparql", timeout=0.3)
    with pytest.raises(GpsaError, match=r"did not answer within 0.3 s; .*GPSA_TIMEOUT"):
        wire.send("POST", data={"query": "ASK {}"})


@pytest.mark.parametrize("status, headers, body, text", [
    (400, {}, b"<html><head><title>x</title></head><body>Parse  error:\n unexpected }</body></html>",
     "the query cannot be answered: Parse error: unexpected }"),
    (404, {}, b"", "there is no such service at"), (301, {"Location": "http://u:p@127.0.0.1:1/x"}, b"", "has moved to http://127.0.0.1:1/x;"),
    (401, {"WWW-Authenticate": "Basic"}, b"", "asks for a name and password; set GPSA_USER"), (500, {}, b"", "answered with status 500"),
    (200, {"Content-Type": "text/html"}, b"<html>", "answers with text/html, not with SPARQL results"),
])
def test_every_refusal_is_one_sentence(server: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                       status: int, headers: dict[str, str], body: bytes, text: str) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    server.answer = lambda q, h: (status, headers, body)
    with pytest.raises(GpsaError) as caught:
        gpsa_graph.load(endpoint=server.url).query("ASK {}")
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url, text", [("ftp://x/y", "no address of a service"), ("x", "no address"), ("", "no address"),
                                       ("http://name:geheim@127.0.0.1/sparql", "put them in GPSA_USER")])
def test_a_wrong_address_is_told_without_its_password(url: str, text: str) -> None:
    with pytest.raises(GpsaError, match=text) as caught:
        gpsa_graph.load(endpoint=url)
    assert "geheim" not in str(caught.value)


def test_only_one_thing_is_asked() -> None:
    with pytest.raises(GpsaError, match="not several"):
        gpsa_graph.load("data", endpoint="http://127.0.0.1:1/")


# credentials


def _asks_for(scheme: str) -> Answer:
    def answer(_: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if headers.get("authorization", "").startswith(scheme.partition(" ")[0]):
            return 200, JSON, b'{"head":{},"boolean":true}'
        return 401, {"WWW-Authenticate": scheme}, b""
    return answer


@pytest.mark.parametrize("scheme", ['Basic realm="x"', 'Digest realm="x", nonce="abc", qop="auth", algorithm=MD5'])
def test_name_and_password_are_sent_only_when_they_are_asked_for(server: Said, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("GPSA_USER", "ada")
    monkeypatch.setenv("GPSA_PASSWORD", "geheim")
    server.answer = _asks_for(scheme)
    assert gpsa_graph.load(endpoint=server.url).query("ASK {}") is True
    assert "authorization" not in server.heard[0][1]
    sent = server.heard[-1][1]["authorization"]
    if scheme.startswith("Basic"):
        assert base64.b64decode(sent.partition(" ")[2]) == b"ada:geheim"
    else:
        assert 'username="ada"' in sent
        assert "geheim" not in sent


def test_a_token_or_a_line_of_netrc_does_as_well(server: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GPSA_TOKEN", "geheim")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.answer = _asks_for("Bearer")
    assert gpsa_graph.load(endpoint=server.url).query("ASK {}") is True
    monkeypatch.delenv("GPSA_TOKEN")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ada password geheim\n")
    (tmp_path / "netrc").chmod(0o600)
    server.answer = _asks_for("Basic")
    assert gpsa_graph.load(endpoint=server.url).query("ASK {}") is True


def test_a_password_stands_in_no_message(server: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GPSA_USER", "ada")
    monkeypatch.setenv("GPSA_PASSWORD", "geheim")
    server.answer = lambda q, h: (401, {"WWW-Authenticate": "Basic"}, b"")
    with pytest.raises(GpsaError, match="refuses this name and password") as caught:
        gpsa_graph.load(endpoint=server.url).query("ASK {}")
    assert "geheim" not in str(caught.value)
    assert len(server.heard) == 2


# the command line


def test_every_command_that_asks_takes_an_endpoint(kg: KnowledgeGraph, oxigraph: Callable[..., str]) -> None:
    url = f"{oxigraph(kg._kept / 'store')}/query"  # type: ignore[operator]
    gpsa = str(Path(sys.executable).parent / "gpsa")
    for command in (["answer", "which-challenges-recur"], ["query", "SELECT ?c { ?c gpsa:country country:MWI } ORDER BY ?c"],
                    ["why", "mwi-mejn", "amount"]):
        here, there = (subprocess.run([gpsa, *command, *more], capture_output=True, text=True, check=True).stdout
                       for more in ([], ["--endpoint", url]))
        assert there == here
        assert len(here.splitlines()) > 1
    for command in ("answer", "query", "find", "show", "why", "path", "network", "explore", "patterns"):
        assert "--endpoint URL" in " ".join(_params(command))


def _params(command: str) -> list[str]:
    import click

    from gpsa_graph.cli import cli

    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    return [f"{option.opts[0]} {option.metavar}" for option in found.params]


def test_a_service_that_is_not_there_is_one_sentence_on_the_command_line() -> None:
    done = subprocess.run([str(Path(sys.executable).parent / "gpsa"), "query", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("gpsa: no service can be reached at http://127.0.0.1:9/sparql")
    assert len(done.stderr.splitlines()) == 1
