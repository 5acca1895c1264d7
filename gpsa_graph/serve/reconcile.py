"""OpenRefine reconciliation (W3C Community Group, Reconciliation Service API 0.2) over organisations, cases, places,
mechanisms, countries.

A candidate says why it got its score: the name that matched, and what of country or kind agreed. The scorer is that of the
imports (intake/match.py), on rapidfuzz.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool

from gpsa_graph import vocab
from gpsa_graph.graph.look import fold
from gpsa_graph.intake.match import Matcher, known_in_graph
from gpsa_graph.serve.names import words
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.sparql import Left, read_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gpsa_graph.serve.site import Site

TYPES = ("organisation", "case", "place", "mechanism", "country", "sector", "event", "source")
#: Properties that rows can be extended with.
PROPERTIES = {
    "country": "gpsa:country",
    "kind": "gpsa:kind",
    "level": "gpsa:level",
    "homepage": "foaf:homepage",
    "iso3": "gpsa:iso3",
    "sector": "gpsa:sector",
    "mechanism": "gpsa:usesMechanism",
    "amount": "gpsa:amount",
    "start": "gpsa:startYear",
    "broader": "skos:broader",
    "lead": "gpsa:hasGrantee",
    "publisher": "dcterms:publisher",
    "url": "schema:url",
    "match": "skos:exactMatch",
}
_BATCH, _MOST = 50, 25
#: A preview is shown in a frame of the page that asks for it, wherever that is; it has no script, no form and nothing to change.
_FRAMED = b"default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


class Reconciler:
    """Matches names with things."""

    def __init__(self, site: Site) -> None:
        self.site = site

    @cached_property
    def matcher(self) -> Matcher:
        """The scorer that the imports use too, over everything that can be matched."""
        return Matcher(known_in_graph(self.site.kg, TYPES))

    def candidates(self, text: str, kind: str, most: int, given: Iterable[tuple[str, str]] = ()) -> list[dict[str, Any]]:
        """Things that a text may mean, best first, each with a score of 0 to 100 and the reasons for it."""
        said = {p.removeprefix("gpsa:"): v for p, v in given}
        found = self.matcher.candidates(
            text, kind=kind, country=said.get("country", ""), sort=said.get("kind", "").partition(":")[2] or said.get("kind", ""), most=most
        )
        return [
            {
                "id": c.id,
                "name": c.label,
                "score": c.score,
                "match": c.sure,
                "description": c.why,
                "type": [{"id": c.kind, "name": words(c.kind)}],
                "features": [{"id": "name_and_context", "value": c.score}],
            }
            for c in found
        ]

    def batch(self, queries: Any) -> dict[str, Any]:
        """The results of a batch of queries; Trouble where it is none."""
        if not isinstance(queries, dict) or len(queries) > _BATCH:
            raise Trouble(400, "request", f"'queries' is a JSON object of at most {_BATCH} queries")
        return {str(key): {"result": self._one(query)} for key, query in queries.items()}

    def _one(self, query: Any) -> list[dict[str, Any]]:
        if isinstance(query, str):
            query = {"query": query}
        if not isinstance(query, dict) or not isinstance(query.get("query", "" if query.get("properties") else None), str):
            raise Trouble(400, "request", "each query has a text 'query', or 'properties'")
        asked = query.get("type") or ()
        kinds = [k for k in map(str, asked if isinstance(asked, list) else [asked]) if k in TYPES]
        most = query.get("limit", 5)
        most = max(1, min(most if isinstance(most, int) else 5, _MOST))
        given = [
            (str(p.get("pid")), str(v.get("id") or v.get("name")) if isinstance(v, dict) else str(v))
            for p in query.get("properties") or ()
            if isinstance(p, dict)
            for v in (p["v"] if isinstance(p.get("v"), list) else [p.get("v")])
        ]
        text = query.get("query", "")[:500]  # without a name nothing is proposed: properties alone tell no two bodies apart
        found = [c for kind in dict.fromkeys(kinds) or [""] for c in self.candidates(text, kind, most, given)]
        if len(kinds) > 1:
            sure = sum(c["match"] for c in found) == 1  # two certain things of two kinds are not certain
            found = [{**c, "match": c["match"] and sure} for c in sorted(found, key=lambda c: (-c["score"], c["id"]))[:most]]
        return found

    def extend(self, asked: Any) -> dict[str, Any]:
        """Values of properties for given things."""
        if not isinstance(asked, dict) or not isinstance(asked.get("ids"), list) or not isinstance(asked.get("properties"), list):
            raise Trouble(400, "request", "'extend' is a JSON object with 'ids' and 'properties'")
        ids = [str(i) for i in asked["ids"]][:500]
        properties = [str(p.get("id")) for p in asked["properties"] if isinstance(p, dict) and p.get("id") in PROPERTIES]
        known = [i for i in ids if vocab.expand(i) != i and not any(c in i for c in '<>"{}|^`\\ \n')]
        values: dict[tuple[str, str], list[Any]] = {}
        if known and properties:
            rows = self.site.builder.rows(f"""SELECT ?x ?p ?o WHERE {{ VALUES ?x {{ {" ".join(f"<{vocab.expand(i)}>" for i in known)} }}
                VALUES ?p {{ {" ".join(PROPERTIES[p] for p in properties)} }} ?x ?p ?o }} ORDER BY ?x ?p ?o""")
            for x, p, o in rows:
                values.setdefault((str(x), str(p)), []).append(o)
        labels = self.site.builder.names.labels(str(o) for found in values.values() for o in found if ":" in str(o))

        def shown(o: Any) -> dict[str, Any]:
            if str(o) in labels:
                return {"id": str(o), "name": labels[str(o)]}
            return {"float": o} if isinstance(o, float) else {"int": o} if isinstance(o, int) else {"str": str(o)}

        return {
            "meta": [{"id": p, "name": p} for p in properties],
            "rows": {i: {p: [shown(o) for o in values.get((i, PROPERTIES[p]), [])] for p in properties} for i in ids},
        }

    def suggest(self, what: str, prefix: str, cursor: int = 0) -> dict[str, Any]:
        """Completions for the suggest boxes of OpenRefine; `cursor` leaves out those that were given before."""
        wanted = fold(prefix)
        if what == "type":
            return {"result": [{"id": t, "name": words(t)} for t in TYPES if wanted in fold(t)][cursor:]}
        if what == "property":
            return {"result": [{"id": p, "name": p} for p in PROPERTIES if wanted in fold(p)][cursor:]}
        hits = self.site.kg.find(prefix[:200], "", cursor + 20)[cursor:] if wanted else []
        return {
            "result": [
                {"id": h.id, "name": h.label, "description": words(h.kind), "notable": [{"id": h.kind, "name": words(h.kind)}]}
                for h in hits
            ]
        }

    def manifest(self) -> dict[str, Any]:
        """What this service is."""
        base = self.site.address
        suggest = {w: {"service_url": base, "service_path": f"/reconcile/suggest/{w}"} for w in ("entity", "type", "property")}
        return {
            "versions": ["0.2"],
            "name": "gpsa-graph: social accountability cases",
            "identifierSpace": vocab.BASE,
            "schemaSpace": vocab.ONTOLOGY,
            "view": {"url": base + "/search?q={{id}}"},
            "defaultTypes": [{"id": t, "name": words(t)} for t in TYPES[:5]],
            "preview": {"url": base + "/reconcile/preview?id={{id}}", "width": 420, "height": 220},
            "suggest": suggest,
            "batchSize": _BATCH,
            "extend": {
                "propose_properties": {"service_url": base, "service_path": "/reconcile/properties"},
                "property_settings": [],
            },
        }


class Service:
    """The ASGI application below `/reconcile`."""

    def __init__(self, site: Site) -> None:
        self.site, self.reconciler = site, Reconciler(site)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        allowed = [
            (b"access-control-allow-origin", b"*"),
            (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
            (b"access-control-allow-headers", b"Content-Type, Accept"),
        ]
        status, kind = 200, b"application/json"
        try:
            if scope["method"] == "OPTIONS":
                status, body = 204, b""
            else:
                given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
                if scope["method"] == "POST":
                    given += parse_qsl(
                        (await read_body(receive, headers, self.site.limits.body * 1024, self.site.limits.idle)).decode("utf-8", "replace"),
                        keep_blank_values=True,
                    )
                what = scope["path_params"].get("what", "")
                if what == "preview":
                    kind = b"text/html; charset=utf-8"
                    allowed.append((b"content-security-policy", _FRAMED))
                body = await run_in_threadpool(self._answer, what, dict(given))
        except Left:
            return
        except Trouble as trouble:
            status, kind, body = trouble.status, b"application/problem+json", trouble.body()
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [
                    *allowed,
                    *([(b"content-type", kind), (b"content-length", str(len(body)).encode())] if status != 204 else []),
                ],
            }
        )
        await send({"type": "http.response.body", "body": body})

    def _answer(self, what: str, given: dict[str, str]) -> bytes:
        if what == "preview":
            return self._preview(given.get("id", ""))
        if what.startswith("suggest/") and what[8:] in ("entity", "type", "property"):
            return _json(self.reconciler.suggest(what[8:], given.get("prefix", ""), _number(given, "cursor", 0)))
        if what == "properties":
            listed = [{"id": p, "name": p} for p in PROPERTIES][: _number(given, "limit", len(PROPERTIES))]
            return _json({"type": given.get("type", ""), "properties": listed})
        if what:
            raise Trouble(404, "missing", "there is no such page")
        if "queries" in given:
            return _json(self.reconciler.batch(_parsed(given["queries"])))
        if "extend" in given:
            return _json(self.reconciler.extend(_parsed(given["extend"])))
        return _json(self.reconciler.manifest())

    def _preview(self, name: str) -> bytes:
        labels = self.site.builder.names.labels([name])
        if name not in labels:
            raise Trouble(404, "missing", "nothing has this name")
        sheet = self.site.builder.sheet(vocab.expand(name))
        return self.site.render("preview.html", title=sheet.title, sheet=sheet, facts=[f for s in sheet.sections for f in s.facts][:6])


def _number(given: dict[str, str], name: str, default: int) -> int:
    said = given.get(name, "")
    return min(int(said), 1_000) if said.isdigit() and len(said) < 9 else default


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Trouble(400, "request", "this is not JSON") from None


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
