"""JSON-LD 1.1 with our own context written into the file, one thing a line. Nothing is fetched, by us or by a reader."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from gpsa_graph import vocab
from gpsa_graph.export.nodes import Nodes, literal, ordered, short
from gpsa_graph.resources import ontology_folder

_TYPE = vocab.term("rdf:type")
#: Whole numbers that every JSON reader keeps, in the form that JSON-LD writes back.
_WHOLE = re.compile(r"(?:0|-?[1-9][0-9]{0,14})\Z")
_INTEGER, _BOOLEAN = vocab.term("xsd:integer"), vocab.term("xsd:boolean")


def context() -> dict[str, Any]:
    """Our context: every prefix, and how the values of each property are read (`ontology/context.jsonld`).

    >>> context()["gpsa:country"]
    {'@type': '@id'}
    """
    found: dict[str, Any] = json.loads((ontology_folder() / "context.jsonld").read_text("utf-8"))["@context"]
    return found


def jsonld(nodes: Nodes) -> str:
    """The nodes as one JSON-LD document: `@context`, then `@graph` with a line for each thing."""
    known = context()
    lines = [json.dumps(_object(subject, nodes[subject], known), ensure_ascii=False) for _, _, subject in ordered(nodes)]
    head = ",\n".join(f"{json.dumps(name)}: {json.dumps(rule)}" for name, rule in known.items())
    return '{"@context": {\n' + head + '},\n"@graph": [\n' + ",\n".join(lines) + "\n]}\n"


def _object(subject: str, node: Mapping[str, list[str]], known: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": short(subject)}
    if _TYPE in node:
        found["type"] = _one(sorted(map(short, node[_TYPE])))
    for predicate in sorted(node, key=short):
        if predicate != _TYPE:
            name = short(predicate)
            found[name] = _one(list(map(partial(_value, rule=known.get(name, {})), sorted(node[predicate]))))
    return found


def _one(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _value(term: str, rule: Mapping[str, str]) -> Any:
    """A value, bare where the context says how to read it or JSON has the type, else with its type or language."""
    if term.startswith("<"):
        return short(term) if rule.get("@type") == "@id" else {"id": short(term)}
    text, lang, kind = literal(term)
    if lang:
        return text if rule.get("@language") == lang else {"@value": text, "@language": lang}
    if kind:
        if rule.get("@type") == short(kind):
            return text
        if not rule and kind == _INTEGER and _WHOLE.match(text):
            return int(text)
        if not rule and kind == _BOOLEAN and text in ("true", "false"):
            return text == "true"
        return {"@value": text, "@type": short(kind)}
    return {"@value": text} if rule else text
