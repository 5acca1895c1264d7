"""What strangers may send to the endpoint, attack by attack (SAFETY.md, section 5, Q). Nothing reaches the network; nobody else
notices."""

from __future__ import annotations

import contextlib
import csv
import http.client
import io
import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.serve_live import Live, live


@pytest.fixture(scope="module")
def site(cache: Path) -> Iterator[Live]:
    """The shipped cases, with a short time limit."""
    with live("--seconds", "1") as running:
        yield running


CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def counted() -> Iterator[tuple[int, list[object]]]:
    """A listening port of this machine and everyone who connected to it."""
    came: list[object] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        listener.settimeout(0.1)
        open_ = threading.Event()

        def accept() -> None:
            while not open_.is_set():
                with contextlib.suppress(TimeoutError):
                    other, address = listener.accept()
                    came.append(address)
                    other.close()

        thread = threading.Thread(target=accept)
        thread.start()
        yield listener.getsockname()[1], came
        time.sleep(0.3)
        open_.set()
        thread.join()
    assert came == [], f"{len(came)} connections were made by queries; look at gpsa_graph/serve/sandbox.py"


def busy(site: Live, wanted: int) -> bool:
    """Whether so many workers come to be busy within half a minute."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if json.loads(site.ask("/health").body)["busy"] == wanted:
            return True
        time.sleep(0.05)
    return False


def answers_at_once(site: Live) -> None:
    began = time.monotonic()
    assert site.query("ASK {}").status == 200
    assert time.monotonic() - began < 5, "the next query waits for the runaway"


def test_q1_q2_service_in_every_dress(site: Live, counted: tuple[int, list[object]]) -> None:
    there = f"http://127.0.0.1:{counted[0]}/sparql"
    inner = "{ ?s ?p ?o }"
    dresses = [
        f"SELECT * {{ SERVICE <{there}> {inner} }}",
        f"SELECT * {{ service <{there}> {inner} }}",
        f"SELECT * {{ SeRvIcE<{there}>{inner} }}",
        f"SELECT * {{ SERVICE SILENT <{there}> {inner} }}",
        f"SELECT * {{ {{ SELECT * {{ SERVICE <{there}> {inner} }} }} }}",
        f"ASK {{ FILTER EXISTS {{ SERVICE <{there}> {inner} }} }}",
        f"SELECT * {{ OPTIONAL {{ SERVICE <{there}> {inner} }} }}",
        f"SELECT * {{ {{ ?s ?p ?o }} UNION {{ SERVICE <{there}> {inner} }} }}",
        f"SELECT * {{ VALUES ?g {{ <{there}> }} SERVICE ?g {inner} }}",
        f"PREFIX x: <http://127.0.0.1:{counted[0]}/> SELECT * {{ SERVICE x:sparql {inner} }}",
        f"SELECT * {{ SERVICE#c\n<{there}> {inner} }}",
        f"SELECT * {{ SERVICE\n\n<{there}> {inner} }}",
        f"SELECT * {{ ?s ?p 1e5SERVICE <{there}> {inner} }}",
        f'SELECT * {{ ?a ?b "\\u005C" SERVICE <{there}> {inner} }}',
        f"SELECT * {{ \\u0053ERVICE <{there}> {inner} }}",
        f"SELECT * {{ \\U00000053ERVICE <{there}> {inner} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{there}> {inner} }}",
    ]
    for text in dresses:
        assert site.query(text).status == 400, f"not refused: {text}"


def test_q1_the_kernel_refuses_what_the_look_would_miss(counted: tuple[int, list[object]], kg: object) -> None:
    """The worker is asked past the look at the text: SERVICE still reaches nothing."""
    import asyncio

    from gpsa_graph.serve.limits import Limits
    from gpsa_graph.serve.pool import Pool

    async def ask() -> dict[str, object]:
        pool = Pool(str(kg._kept / "store"), Limits(workers=1))  # type: ignore[attr-defined]
        await pool.open()
        try:
            request = {
                "query": f"SELECT * {{ SERVICE <http://127.0.0.1:{counted[0]}/> {{ ?s ?p ?o }} }}",
                "rows": "json",
                "graph": "ttl",
                "most_rows": 10,
                "most_bytes": 1000,
            }
            silent = {**request, "query": request["query"].replace("SERVICE", "SERVICE SILENT")}  # type: ignore[attr-defined]
            await pool.ask(silent, 5)
            return (await pool.ask(request, 5))[0]
        finally:
            await pool.close()

    assert asyncio.run(ask())["error"] == "engine"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service { ?service rdfs:label ?l } LIMIT 1",
        'SELECT * { ?s rdfs:label ?l FILTER(CONTAINS(?l, "public service delivery")) } LIMIT 1',
        "# SERVICE <http://x/>\nASK {}",
        'ASK { FILTER("x"@en-service = "y") }',
        "PREFIX service: <http://x/> ASK { service:a ?p ?o }",
    ],
)
def test_q3_the_word_service_is_answered(site: Live, text: str) -> None:
    assert site.query(text).status == 200


@pytest.mark.parametrize("iri", ["file:///etc/passwd", "http://127.0.0.1:{port}/x", "data:text/turtle,<a:a><a:b><a:c>.", "urn:unknown"])
def test_q4_from_reaches_nothing(site: Live, counted: tuple[int, list[object]], iri: str) -> None:
    iri = iri.format(port=counted[0])
    for clause in (f"FROM <{iri}>", f"FROM NAMED <{iri}>"):
        found = site.query(f"SELECT * {clause} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}".replace("<a:a><a:b><a:c>.", ""))
        assert found.status == 400 or json.loads(found.body)["results"]["bindings"] == [], f"{clause} found something"
    for name in ("default_graph_uri", "named_graph_uri"):
        found = site.query("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", **{name: iri})
        assert found.status == 400 or json.loads(found.body)["results"]["bindings"] == []


def test_q5_updates_change_nothing(site: Live, kg: object) -> None:
    store = Path(kg._kept) / "store"  # type: ignore[attr-defined]
    before = {p.name: p.read_bytes() for p in store.iterdir() if p.is_file() and p.name not in ("LOG", "LOCK")}
    for text in (
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "\ufeffDELETE WHERE { ?s ?p ?o }",
        "# c\nPREFIX a: <b:> CLEAR ALL",
        "LOAD <file:///etc/passwd>",
        "DROP ALL",
        "INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "SELECT * {} ; DROP ALL",
    ):
        assert site.query(text).status == 400
        form = f"query={quote(text)}".encode()
        assert site.ask("/sparql", "POST", form, Content_Type="application/x-www-form-urlencoded").status == 400
        assert site.ask("/sparql", "POST", f"update={quote(text)}".encode(), Content_Type="application/x-www-form-urlencoded").status == 400
        assert (
            site.ask(
                "/sparql",
                "POST",
                f"query=ASK%7B%7D&update={quote(text)}".encode(),
                Content_Type="application/x-www-form-urlencoded",
            ).status
            == 400
        )
        assert site.ask("/sparql", "POST", text.encode(), Content_Type="application/sparql-update").status == 415
    assert {p.name: p.read_bytes() for p in store.iterdir() if p.is_file() and p.name not in ("LOG", "LOCK")} == before


@pytest.mark.parametrize(
    "text",
    [
        "ASK {} ASK {}",
        "",
        " \n ",
        "# only a comment",
        "PREFIX a: <b:>",
        "SELECT * {",
        "SELECT * { ?s ?p }",
        "SELECT (COUNT(*) AS ?n) ?s {}",
    ],
)
def test_q6_what_is_no_query_is_refused_with_its_place(site: Live, text: str) -> None:
    found = site.query(text)
    problem = json.loads(found.body)
    assert (found.status, found.headers["content-type"]) == (400, "application/problem+json")
    assert min(problem["line"], problem["column"]) >= 1, problem


RUNAWAYS = {
    "cross product": CROSS,
    "negated path": "SELECT (COUNT(*) AS ?n) { ?a !(rdf:nil)* ?b . ?b !(rdf:nil)* ?c }",
    "sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 3",
    "distinct product": "SELECT DISTINCT ?a ?f { ?a ?b ?c . ?d ?e ?f } OFFSET 900000000",
    "all in one": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
}


@pytest.mark.parametrize("name", RUNAWAYS)
def test_q7_runaways_end_at_the_limit(site: Live, name: str) -> None:
    before = site.workers()
    began = time.monotonic()
    found = site.query(RUNAWAYS[name])
    took = time.monotonic() - began
    assert found.status == 503, f"{name}: {found.status} {found.body[:200]!r}"
    assert json.loads(found.body)["limit"] in ("seconds", "memory")
    assert took < 6, f"{name} took {took:.1f} s with a limit of 1 s"
    answers_at_once(site)
    time.sleep(0.3)
    assert len(site.workers()) == 2
    assert set(site.workers()) != set(before), "the worker of the runaway lives on"


@pytest.mark.parametrize(
    "text",
    [
        'ASK { FILTER(REGEX("' + "a" * 37 + '!", "(a+)+$")) }',
        "SELECT * { VALUES ?x { " + "1 " * 20_000 + "} } LIMIT 1",
        "SELECT * { ?s ?p ?o } OFFSET 1000000000000000000 LIMIT 1",
        'SELECT (REPLACE(REPLACE(REPLACE("aaaaaaaaaa", "a", "aaaaaaaaaa"), "a", "aaaaaaaaaa"), "a", "aaaaaaaaaa") AS ?x) {}',
    ],
)
def test_q7_growth_is_answered_or_ended(site: Live, text: str) -> None:
    assert site.query(text).status in (200, 400, 503)
    answers_at_once(site)


def test_q7_a_negative_limit_is_refused(site: Live) -> None:
    assert site.query("SELECT * {} LIMIT -1").status == 400


NESTS = {
    "groups": ("SELECT * { ", "{ ", "} ", " }", 1),
    "brackets": ("SELECT (", "(", ")", " AS ?x) {}", 1),
    "signs": ("SELECT (", "- ", "", "1 AS ?x) {}", 1),
    "negations": ("ASK { FILTER(", "! ", "", "true) }", 2),
    "exists": ("ASK ", "{ FILTER EXISTS ", "}", "", 0),
    "paths": ("ASK { ?s ", "(", ")", " ?o }", 1),
    "blank nodes": ("ASK { ?s ?p ", "[ ?p ", "]", " }", 1),
}
FILLING = {"brackets": "1", "exists": "{}", "paths": "rdf:type", "blank nodes": "1"}


@pytest.mark.parametrize("name", NESTS)
def test_q8_depth_up_to_the_limit_is_answered(site: Live, name: str) -> None:
    start, opened, closed, end, own = NESTS[name]
    for depth, expected in ((126, {200}), (129, {400}), (20_000, {400, 413})):
        n = depth - own
        text = start + opened * n + FILLING.get(name, "") + closed * n + end
        found = site.query(text)
        if depth == 126:  # a sign before a sign is no SPARQL; a long chain of patterns may meet the time limit
            expected = {"signs": {400}, "exists": {200, 503}, "blank nodes": {200, 503}}.get(name, expected)
        assert found.status in expected, f"{name} at depth {depth}: {found.status} {found.body[:200]!r}"
    answers_at_once(site)


def test_q8_depth_past_the_look_breaks_no_server(kg: object) -> None:
    with live("--nesting", "1000000", "--seconds", "3") as deep:
        for text in (
            "SELECT * " + "{" * 20_000 + "}" * 20_000,
            "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}",
            "SELECT (" + "+".join("1" * 20_000) + " AS ?x) {}",
            "ASK { FILTER(" + "!" * 30_000 + "true) }",
        ):
            assert deep.query(text).status in (200, 400, 503), text[:40]
            assert deep.query("ASK {}").status == 200


@pytest.mark.parametrize(
    "value",
    [
        "9" * 10_000,
        "1e9999999",
        "1E-9999999",
        "1/0",
        "1.0/0.0",
        "xsd:double('NaN')",
        "xsd:double('INF') - xsd:double('INF')",
        "xsd:gYear('-0001')",
        "xsd:gYear('99999')",
        "xsd:date('2020-02-30')",
        "xsd:dateTime('2020-13-01T00:00:00Z')",
        "xsd:decimal('" + "9" * 300 + "') * 2",
        "xsd:integer('9223372036854775807') + 1",
    ],
)
def test_q9_odd_values_are_answered(site: Live, value: str) -> None:
    assert site.query(f"SELECT ({value} AS ?x) {{}}").status in (200, 400), value[:30]


@pytest.mark.parametrize(
    "raw",
    [
        b"ASK { ?s ?p '\xed\xa0\x80' }",
        b"ASK { ?s ?p '\x00' }",
        "ASK { ?s ?p '\uffff' }".encode(),
        b"ASK \xff\xfe{}",
        "ASK {}".encode("utf-16"),
        b"ASK { ?s ?p '\xc0\xaf' }",
        b"ASK { ?s ?p '\xf8\x88\x80\x80\x80' }",
    ],
)
def test_q10_bytes_that_are_no_text_are_refused(site: Live, raw: bytes) -> None:
    assert site.ask("/sparql", "POST", raw, Content_Type="application/sparql-query").status == 400
    escaped = "".join(f"%{b:02X}" for b in raw)
    assert site.ask(f"/sparql?query={escaped}").status == 400


@pytest.mark.parametrize(
    "value",
    [
        '"} DROP ALL #',
        "> . ?x ?y ?z . <",
        "'",
        '"',
        "\\",
        "a\nb",
        "community-scorecard> }",
        "UNDEF }",
        "<script>pwn()</script>",
        "${7*7}",
    ],
)
def test_q11_parameters_are_values(site: Live, value: str) -> None:
    found = site.ask(f"/question/where-was-a-mechanism-used.json?mechanism={quote(value)}")
    plain = site.ask("/question/where-was-a-mechanism-used.json?mechanism=community-scorecard")
    assert found.status == 400 or found.body == plain.body, f"{value} is more than a value"
    page = site.ask(f"/question/where-was-a-mechanism-used?mechanism={quote(value)}", Accept="text/html")
    assert page.status == found.status
    assert b"<script>pwn" not in page.body


def test_q12_fifty_slow_queries_at_once(site: Live) -> None:
    found: list[tuple[int, str]] = []

    def ask() -> None:
        reply = site.query(CROSS)
        found.append((reply.status, json.loads(reply.body)["type"].rpartition("#")[2]))
        if reply.status == 503 and found[-1][1] in ("queue", "wait"):
            assert reply.headers["retry-after"]

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    time.sleep(0.7)
    began = time.monotonic()
    health = site.ask("/health")
    assert time.monotonic() - began < 4, "/health waits for slow queries"
    assert health.status in (200, 503)
    assert busy(site, 2), "slow queries are not answered two at a time"
    for thread in threads:
        thread.join()
    kinds = [kind for _, kind in found]
    assert {status for status, _ in found} == {503}
    assert kinds.count("queue") == 50 - 2 - 16, f"2 run and 16 wait, the rest is told to come back: {kinds}"
    answers_at_once(site)


def test_q13_who_hangs_up_frees_the_worker(cache: Path) -> None:
    with live("--seconds", "300") as site:  # no limit ends these queries
        for _ in range(4):
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=5)
            connection.request("GET", f"/sparql?query={quote(CROSS)}", headers={"Accept": "application/json"})
            assert busy(site, 1)
            connection.close()
            assert busy(site, 0), "a worker still answers somebody who left"
        answers_at_once(site)


def test_q13_a_slow_reader_holds_no_worker(site: Live) -> None:
    readers = []
    for _ in range(5):
        reader = socket.create_connection(("127.0.0.1", site.port))
        reader.sendall(
            f"GET /sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 9000')} HTTP/1.1\r\n".encode()
            + b"Host: 127.0.0.1\r\nAccept: text/csv\r\n\r\n"
        )
        reader.recv(1)
        readers.append(reader)
    time.sleep(1)
    assert json.loads(site.ask("/health").body)["busy"] == 0
    answers_at_once(site)
    for reader in readers:
        reader.close()


def test_q14_the_same_cells_in_every_form(site: Live) -> None:
    text = (
        'SELECT * { VALUES (?a ?b ?c) { ("a\\"b\\tc\\nd, e\\\\f" "Perú"@es 1.5) (UNDEF "<&>]]>" true) '
        '(<http://example.org/ü> "\\u0001" "x"^^<http://example.org/t>) } } ORDER BY ?b'
    )
    found = {}
    for name, media, fmt in (
        ("json", "application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("tsv", "text/tab-separated-values", ox.QueryResultsFormat.TSV),
        ("xml", "application/sparql-results+xml", ox.QueryResultsFormat.XML),
    ):
        reply = site.query(text.replace("\\u0001", "y"), accept=media)
        assert reply.headers["content-type"].startswith(media)
        rows = ox.parse_query_results(reply.body, format=fmt)
        found[name] = [[row[v] for v in ("a", "b", "c")] for row in rows]
    assert found["json"] == found["tsv"] == found["xml"]
    lines = list(csv.reader(io.StringIO(site.query(text, accept="text/csv").text, newline="")))
    assert 'a"b\tc\nd, e\\f' in [cell for line in lines for cell in line]


def test_cut_answers_say_so(cache: Path) -> None:
    with live("--rows", "5", "--megabytes", "1") as small:
        reply = small.query("SELECT * { ?s ?p ?o }")
        document = json.loads(reply.body)
        assert (reply.headers["x-truncated"], len(document["results"]["bindings"]), document["truncated"]["rows"]) == (
            "rows=5",
            5,
            5,
        )
        for media in ("text/csv", "text/tab-separated-values", "application/sparql-results+xml"):
            assert small.query("SELECT * { ?s ?p ?o }", accept=media).headers["x-truncated"] == "rows=5"
        assert len(small.query("SELECT * { ?s ?p ?o }", accept="text/csv").text.strip().split("\r\n")) == 6
        graph = small.query("CONSTRUCT WHERE { ?s ?p ?o }", accept="application/n-triples")
        assert (graph.headers["x-truncated"], graph.text.count("\n")) == ("rows=5", 5)
        assert "x-truncated" not in small.query("SELECT * { ?s ?p ?o } LIMIT 5").headers
        assert small.query("SELECT * { ?s ?p ?o }", strict="true").status == 413
        page = small.ask(f"/sparql?query={quote('SELECT * { ?s ?p ?o }')}", Accept="text/html")
        assert "The answer is cut" in page.text
        big = small.query('SELECT (CONCAT("' + "x" * 30_000 + '", STR(?s)) AS ?x) { ?s ?p ?o } LIMIT 5')
        assert big.status == 200


def test_an_asker_lowers_the_time_and_never_raises_it(site: Live) -> None:
    assert json.loads(site.query(CROSS, timeout="0.3").body)["value"] == 0.3
    assert json.loads(site.query(CROSS, timeout="600").body)["value"] == 1
    assert site.query("ASK {}", timeout="nan").status == 400


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV])
def test_a_killed_worker_costs_its_asker_alone(cache: Path, number: int) -> None:
    with live("--seconds", "3") as running:
        found: list[int] = []
        busy = threading.Thread(target=lambda: found.append(running.query(CROSS).status))
        busy.start()
        time.sleep(0.5)
        for worker in running.workers():
            os.kill(worker, number)
        busy.join()
        assert found == [503]
        deadline = time.monotonic() + 20
        while len(running.workers()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(running.workers()) == 2, "no new worker comes"
        answers_at_once(running)


def test_killing_under_load_loses_no_other_answer(cache: Path) -> None:
    """Idle workers are killed again and again while plain queries run: each is answered, or its asker hears of the dead
    worker."""
    with live("--workers", "2") as running:
        found: list[int] = []

        def ask() -> None:
            for i in range(60):
                found.append(running.query(f"ASK {{ ?s ?p {i} }}").status)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(2):
            time.sleep(0.15)
            with contextlib.suppress(ProcessLookupError):
                os.kill(running.workers()[0], signal.SIGKILL)
        for thread in threads:
            thread.join()
        assert set(found) <= {200, 503}
        assert found.count(200) >= 178, f"{found.count(503)} answers were lost to 2 dead workers"


def test_workers_that_keep_dying_are_reported(cache: Path) -> None:
    with live() as running:
        for _ in range(3):
            for worker in running.workers():
                os.kill(worker, signal.SIGKILL)
            time.sleep(0.5)
        health = running.ask("/health")
        assert (health.status, json.loads(health.body)["troubled"]) == (503, True)
        time.sleep(6)
        assert len(running.workers()) == 2, "the workers do not come back after the pause"
        answers_at_once(running)


def test_workers_die_with_the_site(cache: Path) -> None:
    with live() as running:
        workers = running.workers()
        assert len(workers) == 2
    time.sleep(0.3)
    assert not [w for w in workers if Path(f"/proc/{w}").exists() and b"serve.worker" in Path(f"/proc/{w}/cmdline").read_bytes()]


def test_a_short_soak_leaves_nothing_behind(site: Live) -> None:
    """Good and bad queries for a while: memory, descriptors and workers of the site stay as they were (benchmarks/soak.py does
    ten minutes)."""

    def state() -> tuple[int, int, int]:
        proc = Path(f"/proc/{site.process.pid}")
        memory = next(int(line.split()[1]) for line in (proc / "status").read_text().splitlines() if line.startswith("VmRSS"))
        return memory, len(list((proc / "fd").iterdir())), len(site.workers())

    def mixed(n: int) -> None:
        for i in range(n):
            site.query("SELECT * { ?s ?p ?o } LIMIT 2000")
            site.query(f"ASK {{ ?s ?p {i} }}")
            site.query("SELECT * {")
            site.query(CROSS, timeout="0.2")

    mixed(5)
    before = state()
    mixed(15)
    end = time.monotonic() + 20
    while len(site.workers()) != 2 and time.monotonic() < end:  # a successor may still stand beside the one it follows
        time.sleep(0.1)
    after = state()
    assert after[0] < before[0] * 1.25 + 20_000, f"memory grows: {before[0]} to {after[0]} kB"
    assert after[1] <= before[1] + 2, f"descriptors grow: {before[1]} to {after[1]}"
    assert after[2] == 2
