"""OpenRefine reconciliation, checked against what the specification 0.2 says of every answer and every form of a query."""

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


# What the Reconciliation Service API 0.2 (W3C Community Group, 2023) says of each answer, in the words of JSON Schema.
_TEXT, _URI, _ID_IN_IT = {"type": "string"}, {"type": "string", "pattern": "^https?://"}, {"type": "string", "pattern": r"\{\{id\}\}"}


def _object(required: str, **properties: object) -> dict[str, object]:
    return {"type": "object", "required": required.split(), "properties": properties}


def _closed(**properties: object) -> dict[str, object]:
    return {**_object(" ".join(properties), **properties), "additionalProperties": False}


def _list(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


_TYPE = _object("id name", id=_TEXT, name=_TEXT, description=_TEXT)
#: A type of a candidate is an object with an id, or the id alone.
_OF_TYPE = {"oneOf": [_object("id", id=_TEXT, name=_TEXT), _TEXT]}
_SERVICE = _object("", service_url=_TEXT, service_path=_TEXT)
MANIFEST = _object(
    "versions name identifierSpace schemaSpace",
    versions={**_list(_TEXT), "contains": {"const": "0.2"}},
    name=_TEXT,
    identifierSpace=_URI,
    schemaSpace=_URI,
    view=_object("url", url=_ID_IN_IT),
    defaultTypes={**_list(_TYPE), "uniqueItems": True},
    suggest=_object("", entity=_SERVICE, property=_SERVICE, type=_SERVICE),
    preview=_object("url width height", url=_ID_IN_IT, width={"type": "integer"}, height={"type": "integer"}),
    extend=_object("", propose_properties=_SERVICE, property_settings=_list(_object("type label name"))),
)
_CANDIDATE = _object(
    "id name score",
    id=_TEXT,
    name=_TEXT,
    description=_TEXT,
    score={"type": "number"},
    match={"type": "boolean"},
    type=_list(_OF_TYPE),
    features=_list(_object("", id=_TEXT, value={"type": ["boolean", "number"]})),
)
RESULTS = {"type": "object", "additionalProperties": _object("result", result=_list(_CANDIDATE))}
SUGGEST = _object("result", result=_list(_object("id name", id=_TEXT, name=_TEXT, description=_TEXT, notable=_list(_OF_TYPE))))
PROPOSED = _object("properties", type=_TEXT, properties=_list(_object("id name", id=_TEXT, name=_TEXT)))
#: A cell is nothing, a thing, a text, a number or a moment, and one of these only.
_CELL = {
    "oneOf": [
        {"type": "object", "maxProperties": 0},
        _closed(id=_TEXT, name=_TEXT),
        _closed(str=_TEXT),
        _closed(float={"type": "number"}),
        _closed(int={"type": "integer"}),
        _closed(date={"type": "string", "pattern": r"^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d"}),
    ]
}
EXTEND = _object(
    "meta rows",
    meta=_list(_object("id name", id=_TEXT, name=_TEXT, type=_object("id", id=_TEXT))),
    rows={"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _list(_CELL)}},
)


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


def test_every_form_of_a_query_that_the_specification_allows(site: Live) -> None:
    """A list of types, values as texts, numbers, truths or things, one or several; a query without a name but with properties."""
    values = ["Indonesia", 1, True, {"id": "country:IDN"}, {"id": "country:IDN", "name": "Indonesia"}]
    queries = {
        "types": {"query": "Malawi", "type": ["place", "country"], "type_strict": "any", "limit": 3},
        "values": {"query": "Ministry of Health", "type": "organisation", "properties": [{"pid": "country", "v": values}]},
        **{f"v{i}": {"query": "Ministry of Health", "properties": [{"pid": "country", "v": v}]} for i, v in enumerate(values)},
        "nameless": {"properties": [{"pid": "country", "v": "Indonesia"}]},
    }
    found = post(site, queries)
    assert found.keys() == queries.keys()
    assert found["types"]["result"][0]["id"] == "country:MWI"
    assert {str(c["type"][0]["id"]) for c in found["types"]["result"]} <= {"country", "place"}  # type: ignore[index]
    assert len(found["types"]["result"]) <= 3
    assert found["values"]["result"][0]["id"] == found["v0"]["result"][0]["id"] == "organisation:idn-ministry-of-health"
    assert found["nameless"]["result"] == []


def test_a_preview_may_stand_in_a_frame_and_other_pages_may_not(site: Live) -> None:
    preview = site.ask("/reconcile/preview?id=organisation:world-bank")
    assert "frame-ancestors *" in preview.headers["content-security-policy"]
    assert "script-src" not in preview.headers["content-security-policy"]
    assert b"<script" not in preview.body
    assert "frame-ancestors 'none'" in site.ask("/organisation/world-bank.html").headers["content-security-policy"]


def test_suggest_preview_and_extend(site: Live) -> None:
    for what, prefix in (("entity", "wahana"), ("type", "org"), ("property", "coun")):
        found = json.loads(site.ask(f"/reconcile/suggest/{what}?prefix={prefix}").body)
        validate(found, SUGGEST)
        assert found["result"], f"nothing is suggested for {prefix}"
    first, rest = (json.loads(site.ask(f"/reconcile/suggest/entity?prefix=ministry{more}").body)["result"] for more in ("", "&cursor=5"))
    assert first[5:] == rest[: len(first) - 5]
    proposed = json.loads(site.ask("/reconcile/properties?type=organisation&limit=3").body)
    validate(proposed, PROPOSED)
    assert len(proposed["properties"]) == 3
    assert "Social Accountability Strengthening" in site.ask("/reconcile/preview?id=case:mwi-mejn").text
    asked = {
        "ids": ["organisation:idn-ministry-of-health", "none", "x> } DROP"],
        "properties": [{"id": "country"}, {"id": "level"}],
    }
    cases = {"ids": ["case:mwi-mejn", "case:idn-wahana-visi"], "properties": [{"id": p} for p in ("amount", "start", "lead", "mechanism")]}
    validate(json.loads(site.ask(f"/reconcile?extend={quote(json.dumps(cases))}").body), EXTEND)
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
