"""From values to triples. Pure: no file, clock, network or environment, no library.

A triple is three N-Triples terms as text. The same data give the same triples; no blank nodes.
"""

from __future__ import annotations

from collections.abc import Iterator

from gpsa_graph import vocab
from gpsa_graph.cases.read import Data
from gpsa_graph.triples.authority import authority_triples
from gpsa_graph.triples.case import case_triples
from gpsa_graph.triples.ledger import IDENTIFIER, LABEL, LADDER, A, Triple, gpsa
from gpsa_graph.triples.programme import event_triples, programme_triples

__all__ = ["LADDER", "Triple", "case_triples", "event_triples", "ntriples", "programme_triples", "triples"]


def triples(data: Data) -> Iterator[Triple]:
    """Every triple that the data say (without ontology and vocabularies); some may come twice."""
    yield from authority_triples(data.authority)
    for programme in data.programmes:
        yield from programme_triples(programme, data.authority)
    for event in data.events:
        yield from event_triples(event, data.authority)
    for name in {c.programme.name for c in data.cases if c.programme.name}:
        node = vocab.node("programme", vocab.programme_name(name))
        yield node, A, gpsa("Programme")
        yield node, LABEL, vocab.literal(name)
        yield node, IDENTIFIER, vocab.literal(vocab.programme_name(name))
    for case in data.cases:
        yield from case_triples(case, data.authority)


def ntriples(data: Data) -> bytes:
    """The same as sorted N-Triples without repetition: the canonical form of the data."""
    return "".join(sorted({f"{s} {p} {o} .\n" for s, p, o in triples(data)})).encode()
