"""Claims: one for each triple about a case, event, programme or call, whoever says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.cases.model import Entry

Triple = tuple[str, str, str]

A = vocab.term("rdf:type")
LABEL = vocab.term("rdfs:label")
IDENTIFIER = vocab.term("dcterms:identifier")
DERIVED = vocab.term("prov:wasDerivedFrom")
_CLAIM, _STATEMENT = vocab.term("gpsa:Claim"), vocab.term("rdf:Statement")
_SUBJECT, _PREDICATE, _OBJECT = (vocab.term("rdf:" + n) for n in ("subject", "predicate", "object"))
_ABOUT, _BASIS, _POOLED, _DISPUTES = (vocab.term("gpsa:" + n) for n in ("about", "basis", "pooled", "disputes"))
_PROSE = {"note", "why", "text"}
TRUE = vocab.literal("true", "xsd:boolean")


def gpsa(name: str) -> str:
    return vocab.term("gpsa:" + name)


def prose(text: str) -> str:
    """A text in our own words, in English."""
    return vocab.literal(text, lang="en")


@dataclass(slots=True)
class _Claim:
    sources: set[str] = field(default_factory=set)
    extra: set[tuple[str, str]] = field(default_factory=set)
    stated: bool = False
    disputes: set[str] = field(default_factory=set)
    direct: bool = True


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the values that sources give for a property that has one true value."""

    value: str
    plain: str
    entry: Entry
    printed: str = ""
    note: str = ""


class Ledger:
    """Collects what is said about one subject; a triple said twice is one claim with the sources of both."""

    def __init__(self, subject: str, authority: Authority) -> None:
        self.subject, self.authority = subject, authority
        self._claims: dict[tuple[str, str], _Claim] = {}
        self._plain: list[Triple] = []

    def source(self, name: str) -> str:
        return vocab.node("source", self.authority.source[name].name)

    def plain(self, predicate: str, value: str) -> None:
        """A triple that identifies or is computed and so has no claim."""
        self._plain.append((self.subject, predicate, value))

    def say(self, predicate: str, value: str, entry: Entry, *, direct: bool = True, **extra: str) -> None:
        """`subject predicate value`, said by the sources of `entry`; `extra` are words beside it (asCalled, term, text)."""
        claim = self._claims.setdefault((predicate, value), _Claim(direct=direct))
        claim.direct = claim.direct or direct
        claim.sources.update(map(self.source, entry.sources))
        claim.stated = claim.stated or entry.basis != "inferred"
        for name, said in (*extra.items(), ("note", entry.note), ("why", entry.why)):
            if said:
                claim.extra.add((gpsa(name), prose(said) if name in _PROSE else vocab.literal(said)))
        if entry.pooled:
            claim.extra.add((_POOLED, TRUE))

    def settle(self, predicate: str, candidates: Iterable[Candidate]) -> str | None:
        """Say every candidate; only the preferred one becomes a direct triple, the others dispute it.

        Preferred: official register, then the ladder of source kinds, then the newest source, then the finer value.
        A coarser date does not dispute a finer one inside it. Returns the plain form of the preferred value.
        """
        ranked = sorted(candidates, key=self._rank)
        if not ranked:
            return None
        best = ranked[0]
        for other in ranked[1:]:
            if other.value.endswith("decimal>"):
                break
            if other.plain.startswith(best.plain) and len(other.plain) > len(best.plain):
                best = other
        for one in ranked:
            self.say(predicate, one.value, one.entry, direct=one.value == best.value, printed=one.printed, text=one.note)
        decimal = best.value.endswith("decimal>")
        for one in ranked:
            agrees = one.value == best.value or (not decimal and best.plain.startswith(one.plain))
            if not agrees:
                for mine, its in ((one, best), (best, one)):
                    self._claims[predicate, mine.value].disputes.add(vocab.claim_node(self.subject, predicate, its.value))
        return best.plain

    def _rank(self, candidate: Candidate) -> tuple[int, int, str, int, str]:
        rows = [self.authority.source[s] for s in candidate.entry.sources]
        register = any(r.kind == "register" for r in rows)
        ladder = max(LADDER.get(r.kind, 0) for r in rows)
        newest = max(r.date for r in rows)
        inverted = "".join(chr(0x10FFFF - ord(c)) if ord(c) < 0xD800 else c for c in newest)
        return (0 if register else 1, -ladder, inverted or "\U0010ffff", -len(candidate.plain), candidate.plain)

    def triples(self) -> Iterator[Triple]:
        yield from self._plain
        for (predicate, value), claim in self._claims.items():
            if claim.direct:
                yield self.subject, predicate, value
            node = vocab.claim_node(self.subject, predicate, value)
            yield node, A, _CLAIM
            yield node, A, _STATEMENT
            yield node, _SUBJECT, self.subject
            yield node, _PREDICATE, predicate
            yield node, _OBJECT, value
            yield node, _ABOUT, self.subject
            yield node, _BASIS, vocab.node("basis", "stated" if claim.stated else "inferred")
            for source in claim.sources:
                yield node, DERIVED, source
            for name, said in claim.extra:
                yield node, name, said
            for other in claim.disputes:
                yield node, _DISPUTES, other


#: Rungs of the source ladder; the same numbers stand as gpsa:order in source-kinds.ttl, and a test compares them.
LADDER = {"story": 1, "own": 2, "programme-page": 3, "project-document": 4, "case-study": 4, "icr": 5, "evaluation": 6}


def evidence(node: str, entry: Entry, ledger: Ledger) -> Iterator[Triple]:
    """The sources and remarks of a part that carries them itself."""
    for name in entry.sources:
        yield node, DERIVED, ledger.source(name)
    if entry.note:
        yield node, gpsa("note"), prose(entry.note)
    if entry.basis:
        yield node, _BASIS, vocab.node("basis", entry.basis)
    if entry.why:
        yield node, gpsa("why"), prose(entry.why)
    if entry.pooled:
        yield node, _POOLED, TRUE
