"""Patterns: what the cases have in common, held against chance, as findings.

>>> from gpsa_graph import load
>>> from gpsa_graph.patterns import find
>>> found = find(load(), "teams")
>>> found[0].n <= found[0].of
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from gpsa_graph.errors import UnknownName
from gpsa_graph.patterns.alike import like
from gpsa_graph.patterns.evidence import Evidence, read_evidence
from gpsa_graph.patterns.findings import Finding
from gpsa_graph.vocab import near

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["PATTERNS", "Evidence", "Finding", "Pattern", "find", "like", "read_evidence"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern by name: what it asks, where its function is, and whether it tests against chance."""

    name: str
    title: str
    module: str
    function: str
    tests: bool

    def __call__(self, evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
        made: Callable[..., list[Finding]] = getattr(import_module(f"gpsa_graph.patterns.{self.module}"), self.function)
        return made(evidence, seed=seed, draws=draws, every=every)


#: The patterns, in the order in which pages list them.
PATTERNS: dict[str, Pattern] = {
    p.name: p
    for p in (
        Pattern(
            "who-works-with-whom",
            "Which kinds of organisation and public body work together more often than chance has it?",
            "together",
            "who_works_with_whom",
            True,
        ),
        Pattern(
            "mechanism-bundles",
            "Which mechanisms are used together more often than chance has it?",
            "together",
            "bundles",
            True,
        ),
        Pattern(
            "pathways",
            "Which results were reported where a mechanism went with a form of collaboration or a government role?",
            "pathways",
            "pathways",
            True,
        ),
        Pattern(
            "brokers",
            "Which organisations and public bodies join groups that otherwise would not meet?",
            "brokers",
            "brokers",
            False,
        ),
        Pattern("teams", "Which shapes do teams have, and what was reported with each?", "teams", "teams", True),
        Pattern(
            "evidence-and-gaps",
            "For which mechanism is which result reported, on how strong a source, and where is nothing known?",
            "matrix",
            "evidence_and_gaps",
            False,
        ),
        Pattern(
            "challenges-and-results",
            "Which challenges were met in cases that report which results?",
            "contrasts",
            "challenges_and_results",
            True,
        ),
        Pattern(
            "matched-contrasts",
            "How do cases differ that are alike in sector and mechanism but not in result?",
            "contrasts",
            "matched_contrasts",
            True,
        ),
        Pattern(
            "configurations",
            "Which combinations of conditions go with government responsiveness?",
            "configurations",
            "configurations",
            False,
        ),
    )
}


def find(
    source: KnowledgeGraph | Evidence, name: str, *, seed: int = 0, draws: int | None = None, every: bool = False
) -> list[Finding]:
    """The findings of a pattern, or of `fragility`, on a graph or on evidence of which something was left out.

    `seed` begins the shuffles, `draws` is how many (by default enough for the correction), `every` gives all that was
    compared. `fragility` asks the patterns that test what becomes of their findings; `fragility of NAME` asks any one pattern, and
    with `every` leaves out the cases one by one as well. The same evidence and seed give the same findings. Raises UnknownName
    with the near misses.

    >>> from gpsa_graph import load
    >>> evidence = read_evidence(load()).without_kinds(["story"])
    >>> find(evidence, "brokers")[0].pattern
    'brokers'
    """
    evidence = source if isinstance(source, Evidence) else read_evidence(source)
    if name == "fragility" or name.startswith("fragility of "):
        from gpsa_graph.patterns.fragility import fragility

        asked = name.removeprefix("fragility").removeprefix(" of ")
        chosen = {asked: _named(asked)} if asked else {n: p for n, p in PATTERNS.items() if p.tests}
        tested = all(p.tests for p in chosen.values())
        return fragility(evidence, chosen, seed=seed, draws=draws, cases=every, tested=tested)
    return _named(name)(evidence, seed=seed, draws=draws, every=every)


def _named(name: str) -> Pattern:
    if name not in PATTERNS:
        raise UnknownName("pattern", name, near=near(name, [*PATTERNS, "fragility"]), hint="`gpsa patterns` lists all")
    return PATTERNS[name]
