"""OpenRefine reconciliation 0.2, checked against the shapes of its JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from jsonschema import validate

from tests.serve_live import Live, live


@pytest.fixture(scope="module")
def site(cache: Path) -> Iterator[Live]:
    """The shipped cases, with a short time limit."""
    with live("--seconds", "2") as running:
        yield running


_THING = {"type": "object", "required": ["id", "name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
MANIFEST = {
    "type": "object",
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"contains": {"const": "0.2"}},
        "identifierSpace": {"type": "string", "format": "uri"},
        "view": {"required": ["url"]},
        "preview": {"required": ["url", "width", "height"]},
        "suggest": {"type": "object"},
        "extend": {"type": "object"},
        "defaultTypes": {"items": _THING},
    },
}
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "required": ["result"],
        "properties": {
            "result": {
                "items": {
                    **_THING,
                    "required": ["id", "name", "score"],
                    "properties": {
                        "score": {"type": "number", "minimum": 0, "maximum": 100},
                        "match": {"type": "boolean"},
                        "type": {"items": _THING},
                        "description": {"type": "string"},
                    },
                }
            }
        },
    },
}
SUGGEST = {"type": "object", "required": ["result"], "properties": {"result": {"items": _THING}}}
EXTEND = {
    "type": "object",
    "required": ["meta", "rows"],
    "properties": {"meta": {"items": _THING}, "rows": {"additionalProperties": {"additionalProperties": {"type": "array"}}}},
}


def post(site: Live, queries: object) -> dict[str, dict[str, list[dict[str, object]]]]:
    body = urlencode({"queries": json.dumps(queries)}).encode()
    reply = site.ask("/reconcile", "POST", body, Content_Type="application/x-www-form-urlencoded")
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (200, "*")
    found: dict[str, dict[str, list[dict[str, object]]]] = json.loads(reply.body)
    validate(found, RESULTS)
    return found


def test_the_manifest(site: Live) -> None:
    reply = site.ask("/reconcile", Origin="https://openrefine.example")
    validate(json.loads(reply.body), MANIFEST)
    assert reply.headers["access-control-allow-origin"] == "*"
    assert site.ask("/reconcile", "OPTIONS").status == 204


def test_a_batch_by_get_and_by_post(site: Live) -> None:
    queries = {
        "q0": {"query": "Ministry of Health", "type": "organisation", "properties": [{"pid": "country", "v": "Indonesia"}]},
        "q1": {"query": "Malawi Economic Justice Network"},
    }
    found = post(site, queries)
    assert found["q0"]["result"][0]["id"] == "organisation:idn-ministry-of-health"
    assert found["q0"]["result"][0]["match"] is True
    assert "the country agrees" in str(found["q0"]["result"][0]["description"])
    assert found["q1"]["result"][0]["id"] == "organisation:mwi-malawi-economic-justice-network"
    assert json.loads(site.ask(f"/reconcile?queries={quote(json.dumps(queries))}").body) == found


def test_one_name_of_many_bodies_is_no_match(site: Live) -> None:
    """The Ministry of Health of several countries: all are proposed, none is chosen."""
    found = post(site, {"q": {"query": "Ministry of Health", "type": "organisation", "limit": 10}})["q"]["result"]
    assert len([c for c in found if c["score"] == 100]) > 1
    assert not any(c["match"] for c in found)


@pytest.mark.parametrize(
    "text, kind, expected",
    [
        ("Malawi", "country", "country:MWI"),
        ("community score card", "mechanism", "mechanism:community-scorecard"),
        ("P147819", "case", "case:mwi-mejn"),
        ("wahana visi indonesia", "", "organisation:idn-yayasan-wahana-visi-indonesia"),
    ],
)
def test_kinds_and_other_spellings(site: Live, text: str, kind: str, expected: str) -> None:
    assert expected in [c["id"] for c in post(site, {"q": {"query": text, "type": kind}})["q"]["result"][:2]]


def test_suggest_preview_and_extend(site: Live) -> None:
    for what, prefix in (("entity", "wahana"), ("type", "org"), ("property", "coun")):
        found = json.loads(site.ask(f"/reconcile/suggest/{what}?prefix={prefix}").body)
        validate(found, SUGGEST)
        assert found["result"], f"nothing is suggested for {prefix}"
    assert "Social Accountability Strengthening" in site.ask("/reconcile/preview?id=case:mwi-mejn").text
    asked = {
        "ids": ["organisation:idn-ministry-of-health", "none", "x> } DROP"],
        "properties": [{"id": "country"}, {"id": "level"}],
    }
    found = json.loads(site.ask(f"/reconcile?extend={quote(json.dumps(asked))}").body)
    validate(found, EXTEND)
    assert found["rows"]["organisation:idn-ministry-of-health"]["country"] == [{"id": "country:IDN", "name": "Indonesia"}]
    assert found["rows"]["none"] == {"country": [], "level": []}


@pytest.mark.parametrize(
    "raw",
    [
        "[",
        "[]",
        '{"a": 1}',
        '{"a": {"query": 5}}',
        "[" * 5_000,
        json.dumps({str(i): {"query": "x"} for i in range(60)}),
        '{"a": {"query": "x", "properties": [1, {"v": [null]}], "limit": "x"}}',
    ],
)
def test_odd_batches_are_refused_or_answered(site: Live, raw: str) -> None:
    assert site.ask(f"/reconcile?queries={quote(raw)}").status in (200, 400)
    assert post(site, {"q": {"query": ""}})["q"]["result"] == []
