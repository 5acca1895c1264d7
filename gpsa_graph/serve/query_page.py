"""The SPARQL page: a form that works without scripts, examples, and the answer as a table."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from gpsa_graph import vocab
from gpsa_graph.errors import UnknownName
from gpsa_graph.serve.drawing import NUMBERS
from gpsa_graph.serve.names import page, safe_link
from gpsa_graph.serve.problems import Trouble

if TYPE_CHECKING:
    from gpsa_graph.serve.names import Names
    from gpsa_graph.serve.site import Site
    from gpsa_graph.serve.sparql import Answer, Asked, Endpoint

_SHOWN = 1_000
FIRST = """# The prefixes of the graph (gpsa:, case:, mechanism: ...) are known; press Ctrl+Enter or the button to ask.
SELECT ?case ?title ?mechanism WHERE {
  ?case a gpsa:Case ; rdfs:label ?title ; gpsa:usesMechanism ?mechanism ; gpsa:country country:MWI .
}
ORDER BY ?case ?mechanism
"""


async def query_page(endpoint: Endpoint, given: list[tuple[str, str]], answer: Callable[[Asked], Awaitable[Answer]]) -> tuple[int, bytes]:
    """Status and content of the page: the form, and the answer where a query is given."""
    import asyncio

    site = endpoint.site
    said = dict(given)
    query, status, trouble, found = said.get("query"), 200, None, {}
    if query is not None:
        try:
            whole = await answer(endpoint.asked(given, "application/sparql-results+json, text/turtle"))
            found = await asyncio.to_thread(_shown, whole, said.get("view", ""), site.builder.names)
        except Trouble as error:
            status, trouble = error.status, error
    elif example := said.get("example"):
        try:
            query = site.kg.question(example).text
        except UnknownName as error:
            status, trouble = 404, Trouble(404, "missing", str(error))
    content = await asyncio.to_thread(
        lambda: site.render(
            "sparql.html",
            title="Ask in SPARQL",
            query=FIRST if query is None else query,
            asked=said.get("query") or "",
            trouble=trouble,
            found=found,
            examples=[q for q in site.questions.values() if q.number],
            prefixes=vocab.PREFIXES,
            editor=site.asset("editor.js"),
            here="/sparql",
        )
    )
    return status, content


def _shown(answer: Answer, view: str, names: Names) -> dict[str, Any]:
    """An answer as the template shows it: its rows, and the picture that is asked for where its columns allow one."""
    from gpsa_graph.serve.drawing import draw, views

    if answer.form == "graph":
        return {"form": "graph", "text": answer.body.decode(), "cut": answer.cut}
    document = json.loads(answer.body)
    if answer.form == "ask":
        return {"form": "ask", "yes": document["boolean"], "cut": -1}
    columns = document["head"]["vars"]
    bindings = document["results"]["bindings"]
    rows = [[_cell(row.get(column)) for column in columns] for row in bindings[:_SHOWN]]
    plain = [[row.get(column) for column in columns] for row in bindings]
    possible = views(columns, plain)
    picture = None
    if view in possible:
        things = {vocab.shorten(t["value"]) for row in plain for i in possible[view] if (t := row[i]) is not None and t["type"] == "uri"}
        picture = draw(view, possible[view], columns, plain, names.labels(n for n in things if ":" in n))
    return {
        "form": "select",
        "columns": columns,
        "rows": rows,
        "numeric": [all(row[i]["number"] or not row[i]["text"] for row in rows) for i in range(len(columns))],
        "n": len(bindings),
        "shown": len(rows),
        "cut": answer.cut,
        "views": list(possible),
        "picture": picture,
    }


def words(site: Site) -> dict[str, Any]:
    """What the editor completes with: prefixes, kinds of things, and each class and property with label, definition, how often it
    stands in the graph, and the classes whose things have it (the property partitions of VoID)."""
    counts: dict[str, int] = {}
    of: dict[str, set[str]] = {}
    for class_, p, n in site.builder.rows("SELECT ?class ?p (COUNT(*) AS ?n) WHERE { ?s a ?class ; ?p ?o } GROUP BY ?class ?p"):
        counts[str(p)] = counts.get(str(p), 0) + int(str(n))
        of.setdefault(str(p), set()).add(str(class_))
    for class_, n in site.builder.rows("SELECT ?class (COUNT(?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class"):
        counts[str(class_)] = int(str(n))
    about: dict[str, dict[str, str]] = {}
    for x, t, label, text in site.builder.rows("""SELECT ?x ?t ?label ?text WHERE { ?x a ?t ; rdfs:label ?label
            FILTER(?t IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty)) FILTER(LANG(?label) IN ("", "en"))
            OPTIONAL { ?x skos:definition ?text FILTER(LANG(?text) IN ("", "en")) } } ORDER BY ?x ?label ?text"""):
        about.setdefault(str(x), {"class": "yes" if t == "owl:Class" else "", "label": str(label), "about": str(text or "")})
    terms = []
    for name in sorted(about.keys() | counts.keys()):
        prefix, colon, local = name.partition(":")
        if colon and prefix in vocab.PREFIXES:
            said = about.get(name, {"class": "" if name in of else "yes", "label": "", "about": ""})
            terms.append(
                {
                    "prefix": prefix,
                    "name": local,
                    "label": said["label"],
                    "about": said["about"],
                    "class": bool(said["class"]),
                    "n": counts.get(name, 0),
                    "of": sorted(of.get(name, ())),
                }
            )
    return {"prefixes": vocab.PREFIXES, "schemes": sorted(vocab.SCHEMES), "things": sorted(vocab.THINGS), "terms": terms}


def _cell(term: dict[str, Any] | None) -> dict[str, str]:
    if term is None:
        return {"text": "", "href": "", "note": "", "number": ""}
    if term["type"] == "uri":
        iri = str(term["value"])
        return {"text": vocab.shorten(iri), "href": page(iri) or safe_link(iri), "note": "", "number": ""}
    if term["type"] == "bnode":
        return {"text": f"_:{term['value']}", "href": "", "note": "", "number": ""}
    if term["type"] == "triple":
        return {"text": json.dumps(term["value"]), "href": "", "note": "", "number": ""}
    return {
        "text": str(term["value"]),
        "href": "",
        "note": term.get("xml:lang", ""),
        "number": "yes" if term.get("datatype") in NUMBERS else "",
    }
