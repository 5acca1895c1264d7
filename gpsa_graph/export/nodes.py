"""The triples by subject, in the order in which files list them: programme and cases with their parts first, words last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from gpsa_graph import vocab

#: Subject -> predicate -> values, all as N-Triples terms.
Nodes = dict[str, dict[str, list[str]]]

_LINE = re.compile(r"(<[^>]*>) (<[^>]*>) (.+) \.")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^(<[^>]*>))?\Z', re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_WHOLES = ("programme", "call", "event", "case")
_PARTS = ("claim", "participation", "person", "result", "challenge", "lesson", "gap", "figure", "contribution", "opt-in",
          "seat", "review", "session", "appearance")
_OWNERS = tuple(vocab.term(name) for name in ("gpsa:about", "gpsa:inEvent", "gpsa:inCase", "gpsa:programme", "gpsa:concerns"))
_SECTIONS = (*_WHOLES, "organisation", "place", "country", "region", "source", *vocab.SCHEMES, "code", "ontology")
_SAID = tuple(vocab.term(name) for name in ("rdf:predicate", "rdf:object"))


def read_nodes(lines: Iterable[str]) -> Nodes:
    """The triples of N-Triples lines by subject; every subject is an IRI."""
    nodes: Nodes = {}
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"no triple that names its subject: {line[:120]}")
        nodes.setdefault(found[1], {}).setdefault(found[2], []).append(found[3])
    return nodes


def first(node: Mapping[str, list[str]], name: str) -> str:
    """The first value of a property (prefixed name), or nothing."""
    values = node.get(_term(name))
    return values[0] if values else ""


def every(node: Mapping[str, list[str]], name: str) -> list[str]:
    """All values of a property (prefixed name)."""
    return node.get(_term(name), [])


_term = cache(vocab.term)


@cache
def short(term: str) -> str:
    """A prefixed name for an IRI in angle brackets, or the IRI without them.

    >>> short("<https://w3id.org/gpsa-graph/case/mwi-mejn>"), short("<http://example.org/a b>")
    ('case:mwi-mejn', 'http://example.org/a b')
    """
    name = vocab.shorten(term[1:-1])
    return term[1:-1] if name.endswith(".") else name


def literal(term: str) -> tuple[str, str, str]:
    r"""Text, language and datatype (an IRI in angle brackets; nothing for a plain string) of a literal.

    >>> literal('"a\\n\\u00e9"@en')
    ('a\né', 'en', '')
    """
    found = _LITERAL.match(term)
    if found is None:
        raise ValueError(f"no literal: {term[:120]}")

    def sign(m: re.Match[str]) -> str:
        return chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _PLAIN.get(m[3], m[3])

    return _ESCAPED.sub(sign, found[1]) if "\\" in found[1] else found[1], found[2] or "", found[3] or ""


def kind(subject: str) -> str:
    """The kind of a thing or the scheme of a concept; `ontology` for all else.

    >>> kind("<https://w3id.org/gpsa-graph/case/mwi-mejn>"), kind("<http://www.w3.org/ns/org#Organization>")
    ('case', 'ontology')
    """
    name = subject[1:].removeprefix(vocab.BASE)
    found = name.partition("/")[0].rstrip(">") if name != subject[1:] else ""
    return found if found in _SECTIONS or found in _PARTS else "ontology"


def ordered(nodes: Nodes) -> Iterator[tuple[str, str, str]]:
    """Section, owner and subject of every node in file order; parts and claims stand below the thing they belong to."""

    def place(subject: str) -> tuple[int, str, int, tuple[str, ...], str]:
        node, what = nodes[subject], kind(subject)
        if what not in _PARTS:
            return _SECTIONS.index(what), subject, -1, (), subject
        owner = next((node[p][0] for p in _OWNERS if p in node), subject)
        said = tuple(node[p][0] for p in _SAID if p in node)
        return _SECTIONS.index(kind(owner)), owner, _PARTS.index(what), said, subject

    for section, owner, _, _, subject in sorted(map(place, nodes)):
        yield _SECTIONS[section], owner, subject
