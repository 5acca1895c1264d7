"""The look at a query before it runs, and the choice of a form."""

from __future__ import annotations

import time

import pytest

from gpsa_graph.serve.negotiate import GRAPHS, ROWS, Malformed, best, prefers_page, wanted
from gpsa_graph.serve.scan import scan


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service<http://x/>{} }",
        "SELECT * { SeRvIcE SILENT ?x {} }",
        "SELECT * { FILTER EXISTS { SERVICE x:y { ?s ?p ?o } } }",
        "SELECT * { SERVICE#c\n<http://x/> {} }",
        "SELECT * { ?s ?p 1e5SERVICE <http://x/> {} }",
        'SELECT * { ?s ?p "\\u005C" SERVICE <http://x/> {} }',
        "SELECT * { ?s ?p 'a' . SERVICE <http://x/> {} }",
    ],
)
def test_service_is_seen(text: str) -> None:
    assert scan(text, 128).kind == "service", f"SERVICE is not seen in {text}"


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "public SERVICE delivery" }',
        "SELECT * { ?service ?p ?o }",
        "SELECT * { ?s ex:service ?o }",
        "SELECT * { ?s service:x ?o }",
        "SELECT * { ?s <http://example.org/SERVICE> ?o }",
        "# SERVICE <http://x/>\nSELECT * { ?s ?p ?o }",
        'SELECT * { ?s ?p "x"@en-service }',
        "SELECT * { ?s ?p '''a 'SERVICE' b''' }",
        'SELECT * { ?s ?p """ " SERVICE """ }',
        "PREFIX service: <http://x/> ASK {}",
        "SELECT $service {}",
    ],
)
def test_the_word_is_no_keyword_elsewhere(text: str) -> None:
    assert not scan(text, 128).fault, f"'{text}' is refused though it asks for no other service"


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "\ufeffDELETE WHERE { ?s ?p ?o }",
        "# x\nPREFIX a: <b:c>\nCLEAR ALL",
        "LOAD <file:///etc/passwd>",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DROP ALL",
    ],
)
def test_updates_are_seen(text: str) -> None:
    assert scan(text.removeprefix("\ufeff"), 128).kind == "update"


@pytest.mark.parametrize("opened, closed", [("{", "}"), ("(", ")"), ("[", "]")])
def test_depth_is_counted_to_the_level(opened: str, closed: str) -> None:
    text = "ASK " + opened * 128 + closed * 128
    assert not scan(text, 128).fault
    deeper = scan(f"ASK\n  {opened * 129}{closed * 129}", 128)
    assert (deeper.kind, deeper.line, deeper.column) == ("nesting", 2, 2 + 129)
    assert scan("ASK { FILTER(" + "! " * 200 + "true) }", 128).kind == "nesting"
    assert not scan("ASK { FILTER('" + opened * 500 + "' = '') }", 128).fault, "brackets in a text are not nesting"


@pytest.mark.parametrize(
    "text",
    [
        "a." * 32_000,
        '"\\' * 32_000,
        "'" * 65_000,
        "'''" * 21_000,
        "<a" * 32_000,
        "x:" * 32_000,
        "?" * 65_000,
        "@a-" * 21_000,
        "#" * 65_000,
    ],
)
def test_no_text_takes_long_to_look_at(text: str) -> None:
    began = time.process_time()
    scan(text, 128)
    assert time.process_time() - began < 2.0, f"{text[:6]}... takes longer than linear time"


def test_answers_that_change_are_known() -> None:
    assert not scan("SELECT (RAND() AS ?x) {}", 128).lasting
    assert scan("SELECT (STR('rand now uuid') AS ?rand) {}", 128).lasting


@pytest.mark.parametrize(
    "accept, expected",
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/*", "csv"),
        ("text/csv;q=0.5, text/tab-separated-values", "tsv"),
        ("application/xml", "xml"),
        ("application/sparql-results+json;q=0, */*;q=0.1", "xml"),
        ("image/png", ""),
        ("*/*;q=0", ""),
        ("TEXT/CSV", "csv"),
        ("application/json", "json"),
    ],
)
def test_weights_decide(accept: str, expected: str) -> None:
    assert best(accept, ROWS) == expected, f"Accept: {accept}"


@pytest.mark.parametrize("accept", ["json", "text/csv;q=2", "text/csv;q=a", "a/b/c", "*/csv", "text/", "/"])
def test_malformed_accept_is_refused(accept: str) -> None:
    with pytest.raises(Malformed):
        best(accept, GRAPHS)


def test_format_goes_before_accept() -> None:
    assert wanted("text/turtle", "csv") == ("csv", "")
    assert wanted("text/csv", "turtle") == ("", "ttl")
    assert wanted("", "application/sparql-results+xml") == ("xml", "rdf")
    with pytest.raises(Malformed):
        wanted("", "docx")


def test_who_wants_a_page() -> None:
    assert prefers_page("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")
    assert not prefers_page("*/*")
    assert not prefers_page("application/sparql-results+json, text/html;q=0.5")
