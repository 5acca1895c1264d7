"""The stored questions as RDF, so that questions can be asked for like data.

Each becomes an executable of SHACL (https://www.w3.org/TR/shacl-af/#sparql-executables), described as in the collections of
example queries of the SIB Swiss Institute of Bioinformatics: the text in `sh:select`, the question in `rdfs:comment`, its
keywords in `schema:keywords`, and in `schema:target` the endpoint that answers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from gpsa_graph import vocab
from gpsa_graph.questions import Question

__all__ = ["catalogue"]

_PREFIX = re.compile(r"(?m)^PREFIX (\S*): <([^>]*)>$")
_HEAD = ("dcterms", "owl", "rdfs", "schema", "sh", "xsd")


def catalogue(questions: Iterable[Question], target: str = "") -> str:
    """Turtle with a `sh:SPARQLSelectExecutable` for each question, in the order of their names.

    The query is the one with every parameter open, prefixes included, so it runs on any SPARQL 1.1 engine as it is; the
    prefixes are also declared with `sh:declare`. `target` is the IRI of the endpoint, left out where it is empty.

    >>> from gpsa_graph import load
    >>> text = catalogue([load().question("which-challenges-recur")], target="https://example.org/sparql")
    >>> "schema:target <https://example.org/sparql>" in text
    True
    """
    listed = sorted(questions, key=lambda question: question.name)
    spaces = {prefix: start for question in listed for prefix, start in _PREFIX.findall(question.text)}
    shared = f"{vocab.BASE}question/prefixes"
    parts = ["".join(f"@prefix {name}: <{vocab.PREFIXES[name]}> .\n" for name in _HEAD)]
    parts.append(f"<{shared}> a owl:Ontology" + "".join(f" ;\n    sh:declare <{shared}#{prefix}>" for prefix in sorted(spaces)) + " .\n")
    parts += [f"<{shared}#{prefix}> sh:prefix {vocab.literal(prefix)} ; sh:namespace {vocab.literal(start)}^^xsd:anyURI .\n"
              for prefix, start in sorted(spaces.items())]
    parts += [_executable(question, shared, target) for question in listed]
    return "\n".join(parts)


def _executable(question: Question, prefixes: str, target: str) -> str:
    lines = [f"<{vocab.BASE}question/{question.name}> a sh:SPARQLExecutable, sh:SPARQLSelectExecutable",
             f"dcterms:identifier {vocab.literal(question.name)}",
             f"rdfs:label {vocab.literal(question.title, lang='en')}",
             f"rdfs:comment {vocab.literal(f'{question.title} {question.about}'.strip(), lang='en')}",
             f"sh:prefixes <{prefixes}>",
             f"sh:select {_long(question.text)}"]
    if question.keywords:
        lines.append("schema:keywords " + ", ".join(vocab.literal(word) for word in sorted(question.keywords)))
    if target:
        lines.append(f"schema:target <{target}>")
    return " ;\n    ".join(lines) + " .\n"


def _long(text: str) -> str:
    """A text of several lines as a long literal of Turtle."""
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').rstrip("\n")
    return f'"""{escaped}\n"""'
