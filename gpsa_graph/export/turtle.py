"""Turtle that people read: sections, one block a thing, a fixed order. RDF 1.1, and 1.2 with claims as reifiers.

Own writer: blocks and values have the same order on every machine, and the parts and claims of a case stand below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from gpsa_graph import vocab
from gpsa_graph.export.nodes import Nodes, ordered, short

_XSD = vocab.PREFIXES["xsd"]
_BARE = {f"<{_XSD}integer>": re.compile(r"[+-]?[0-9]+\Z"), f"<{_XSD}boolean>": re.compile(r"(true|false)\Z")}
_TYPE, _LABEL = vocab.term("rdf:type"), vocab.term("rdfs:label")
_SUBJECT, _PREDICATE, _OBJECT = (vocab.term("rdf:" + n) for n in ("subject", "predicate", "object"))
_STATEMENT, _REIFIES, _CLAIM = vocab.term("rdf:Statement"), vocab.term("rdf:reifies"), vocab.term("gpsa:Claim")
_FIRST = (_TYPE, _LABEL, _REIFIES, _SUBJECT, _PREDICATE, _OBJECT)
_LOCAL = re.compile(r"[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?\Z", re.ASCII)
_LONG = 120


def turtle(nodes: Nodes, header: str, *, version: str = "") -> str:
    """The graph as Turtle, with a heading for each kind; `header` becomes comments, `version` ("1.2") a version line."""
    return _written(nodes, ordered(nodes), header, {}, version)


def turtle_of_a_description(nodes: Nodes, header: str, more: Mapping[str, str]) -> str:
    """A few nodes as Turtle, in the order given, with `more` prefixes beside ours."""
    return _written(nodes, (("", subject, subject) for subject in nodes), header, more, "")


def _written(nodes: Nodes, places: Iterable[tuple[str, str, str]], header: str, more: Mapping[str, str], version: str) -> str:
    writer = _Writer(more)
    lines, section, owner = [], "", ""
    for now, whose, subject in places:
        if now != section:
            lines += ["", f"##### {now}"]
        if now != section or whose != owner:
            lines.append("")
        section, owner = now, whose
        lines.append(writer.block(subject, nodes[subject]))
    head = [f"# {line}".rstrip() for line in header.splitlines()] + ([f'VERSION "{version}"'] if version else [])
    return "\n".join([*head, *writer.prefix_lines(), *lines]) + "\n"


class _Writer:
    """Terms in Turtle, and the prefixes that they have used."""

    def __init__(self, more: Mapping[str, str]) -> None:
        self._more, self._used, self._names = more, set[str](), dict[str, str]()

    def prefix_lines(self) -> list[str]:
        known = {**vocab.PREFIXES, **self._more}
        return [f"@prefix {p}: <{known[p]}> ." for p in sorted(self._used)]

    def name(self, term: str) -> str:
        """An IRI as a prefixed name where one fits."""
        if term not in self._names:
            made = short(term)
            if made == term[1:-1]:
                made = next((f"{p}:{term[len(start) + 1:-1]}" for p, start in self._more.items()
                             if term.startswith(start, 1) and _LOCAL.match(term[len(start) + 1:-1])), term)
            if made != term:
                self._used.add(made.partition(":")[0])
            self._names[term] = made
        return self._names[term]

    def value(self, term: str) -> str:
        """Any term: whole numbers and booleans bare, other literals with their type."""
        if term.startswith("<<( "):
            s, p, o = term[4:-4].split(" ", 2)
            return f"<<( {self.name(s)} {self.name(p)} {self.value(o)} )>>"
        if not term.startswith('"'):
            return self.name(term)
        end = term.rfind('"')
        kind = term[end + 3:] if term.startswith("^^", end + 1) else ""
        if kind in _BARE and _BARE[kind].match(term[1:end]):
            return term[1:end]
        return f"{term[:end + 1]}^^{self.name(kind)}" if kind else term

    def block(self, subject: str, node: Mapping[str, list[str]]) -> str:
        """One thing: its types and label, or what a claim says, then all else by name."""
        parts = []
        for predicate in sorted(node, key=lambda p: (_FIRST.index(p) if p in _FIRST else len(_FIRST), self.name(p))):
            values = sorted(map(self.value, node[predicate]))
            joined = " " + ", ".join(values)
            if len(joined) > _LONG and len(values) > 1:
                joined = "\n        " + ",\n        ".join(values)
            parts.append(f"{'a' if predicate == _TYPE else self.name(predicate)}{joined}")
        return f"{self.name(subject)} " + " ;\n    ".join(parts) + " ."


def reified(nodes: Nodes) -> Nodes:
    """The same nodes for RDF 1.2: a claim is the reifier of a triple term and no longer an `rdf:Statement`.

    A value that another one stands before is reified but not asserted, in 1.2 as in 1.1.
    """
    found: Nodes = {}
    for subject, node in nodes.items():
        if _CLAIM in node.get(_TYPE, ()):
            said = f"<<( {node[_SUBJECT][0]} {node[_PREDICATE][0]} {node[_OBJECT][0]} )>>"
            rest = {p: v for p, v in node.items() if p not in (_SUBJECT, _PREDICATE, _OBJECT)}
            node = {**rest, _TYPE: [t for t in rest[_TYPE] if t != _STATEMENT], _REIFIES: [said]}
        found[subject] = node
    return found
