"""What cases are compared by: each facet with its words, and the SPARQL pattern that says that a case has a value in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gpsa_graph import vocab

__all__ = ["FACETS", "Facet", "ask", "words"]

_PREFIX = re.compile(r"(?<![\w?<-])([a-z][a-z-]*):(?=[A-Za-z0-9])")
_TEXT = re.compile(r'"[^"]*"|<[^>]*>')
_WORD = re.compile(r"[a-z]{5,}")


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of feature. In the texts, `{x}` stands for the label of a value, in `pattern` `{case}`, `{value}` and a number `{n}`.

    `kind` is the kind of thing or scheme of its values, `option` the option of the command; `broad` says whether values have
    broader ones that count too. `shared` is said of two cases, `found` of a case beside a sketch, `plural` names the values.
    """

    name: str
    kind: str
    relation: str
    pattern: str
    shared: str
    found: str
    noun: str
    plural: str
    states: str
    broad: bool = False

    def holds(self, case: str, value: str, number: int) -> str:
        """The pattern that says that a case (prefixed name) has a value, itself or a narrower one."""
        return self.pattern.format(case=case, value=value, n=number)

    def speaks(self, case: str, number: int) -> str:
        """The pattern that says that the sources of a case state anything in this facet."""
        return self.pattern.format(case=case, value=f"?any{number}", n=number)


_BODY = "?body{n} gpsa:inCase {case} ; gpsa:part part:public-body ; gpsa:organisation?/"
#: In the order in which reasons of equal weight are told.
FACETS: dict[str, Facet] = {
    f.name: f
    for f in (
        Facet("country", "country", "is in", "{case} gpsa:country {value} .", "Both are in {x}", "It is in {x}", "country",
              "countries", "a country"),
        Facet("region", "region", "is in the region", "{case} gpsa:region {value} .", "Both are in the region {x}",
              "It is in the region {x}", "region", "regions", "a region"),
        Facet("sector", "sector", "works in", "{case} gpsa:sector/skos:broader* {value} .", "Both work in {x}", "It works in {x}",
              "sector", "sectors", "a sector", True),
        Facet("challenge", "challenge-kind", "met the challenge",
              "?challenge{n} a gpsa:Challenge ; gpsa:inCase {case} ; gpsa:challengeKind/skos:broader* {value} .",
              "Both met the challenge {x}", "It met the challenge {x}", "challenge", "challenges", "a challenge of a known kind", True),
        Facet("mechanism", "mechanism", "uses", "{case} gpsa:usesMechanism/skos:broader* {value} .", "Both use the mechanism {x}",
              "It uses the mechanism {x}", "mechanism", "mechanisms", "a mechanism", True),
        Facet("body-kind", "actor", "works with a public body of the kind", _BODY + "gpsa:kind {value} .",
              "In both a public body of the kind {x} takes part", "A public body of the kind {x} takes part",
              "kind of public body", "kinds of public body", "a kind of public body"),
        Facet("body-level", "government-level", "works with a public body of the level", _BODY + "gpsa:level {value} .",
              "In both a public body of the {x} level takes part", "A public body of the {x} level takes part",
              "level of government", "levels of government", "a level of government"),
        Facet("organisation", "organisation", "has as a participant", "?participation{n} gpsa:inCase {case} ; gpsa:organisation {value} .",
              "{x} takes part in both", "{x} takes part", "organisation", "organisations", "a named organisation"),
        Facet("problem", "text", "tells of a problem with the word",
              '{case} gpsa:problem ?problem{n} . FILTER(CONTAINS(LCASE(STR(?problem{n})), "{value}"))',
              'The problem of both is told with the word "{x}"', 'Its problem is told with the word "{x}"', "word of the problem",
              "words of the problem", "a problem"),
    )
}


def words(text: str) -> frozenset[str]:
    """The words of a problem by which two texts are compared: five plain letters or more, in lower case, without a last s.

    >>> sorted(words("Textbooks came late; no textbook was free."))
    ['textbook']
    """
    return frozenset(word.removesuffix("s") if len(word) > 5 else word for word in _WORD.findall(text.lower()))


def ask(having: Iterable[tuple[str, str, str]] = (), lacking: Iterable[tuple[str, str, str]] = (),
        silent: Sequence[tuple[str, str]] = (), speaking: Sequence[tuple[str, str]] = ()) -> str:
    """An ASK query with its prefixes: cases that have values (facet, case, value), lack them, or state nothing in a facet.

    `speaking` are facets and cases that state anything. It runs on any engine, and on `kg.query`.

    >>> print(ask([("sector", "case:a", "sector:health")]).splitlines()[-1])
    ASK { case:a gpsa:sector/skos:broader* sector:health . }
    """
    parts: list[str] = []
    for facet, case, value in having:
        parts.append(FACETS[facet].holds(case, value, len(parts) + 1))
    for facet, case in speaking:
        parts.append(FACETS[facet].speaks(case, len(parts) + 1))
    for facet, case, value in lacking:
        parts.append(f"FILTER NOT EXISTS {{ {FACETS[facet].holds(case, value, len(parts) + 1)} }}")
    for facet, case in silent:
        parts.append(f"FILTER NOT EXISTS {{ {FACETS[facet].speaks(case, len(parts) + 1)} }}")
    body = f"ASK {{ {' '.join(parts)} }}"
    used = sorted(set(_PREFIX.findall(_TEXT.sub("", body))))
    return vocab.sparql_prefixes(*used) + body if used else body
