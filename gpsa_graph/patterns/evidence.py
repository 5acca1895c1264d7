"""Evidence: which case states what, and who says so, as patterns count it.

It is read once through the stored questions. Cases, kinds of source, or everything after a date can be left out of it, and
any pattern asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gpsa_graph.errors import ParameterError, UnknownName
from gpsa_graph.vocab import near, shorten

if TYPE_CHECKING:
    import numpy as np

    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["Evidence", "Fact", "Rung", "Tie", "read_evidence"]

#: Facets that are counted by their top concepts too.
_FAMILY_OF = {"mechanism": "mechanism-family", "challenge": "challenge-family", "country": "region"}
#: Findings that count as a result that was reached; `mixed`, `none` and `negative` are counted apart.
REPORTED = ("finding:positive", "finding:not-assessed")


class Fact(NamedTuple):
    """A case has a value in a facet, and these sources say so."""

    case: str
    facet: str
    value: str
    sources: frozenset[str]


class Tie(NamedTuple):
    """A public body takes part in a case: who it is, of which kind and level, and in which roles, forms and depth."""

    case: str
    who: str
    kind: str
    level: str
    roles: tuple[str, ...]
    forms: tuple[str, ...]
    depth: str
    sources: frozenset[str]


class Rung(NamedTuple):
    """What kind of source it is: kind, place on the ladder (0 for registers, which stand beside it), date (or "")."""

    kind: str
    ladder: int
    date: str


@dataclass(frozen=True)
class Evidence:
    """Facts about cases. `ties` are the participations of public bodies; `left_out` says in words what was left out.

    Facets: mechanism, mechanism-family, sector, country, region, evaluation; challenge, challenge-family, lesson-challenge,
    lesson-mechanism; cso and cso-kind (lead organisations and partners of civil society), partner-kind (every kind of lead
    organisation or partner), organisation;
    body, body-kind, body-level, role, form, depth (public bodies; `form` also from the case itself); result (reported:
    positive or not assessed), result-positive, result-not-assessed, result-mixed, result-none, result-negative, finer.

    >>> from gpsa_graph import load
    >>> evidence = read_evidence(load())
    >>> "mechanism:social-audit" in evidence.of("mechanism")
    True
    """

    cases: tuple[str, ...]
    facts: tuple[Fact, ...]
    labels: Mapping[str, str]
    families: Mapping[str, str]
    rungs: Mapping[str, Rung]
    left_out: str = ""
    ties: tuple[Tie, ...] = ()

    @cached_property
    def _by_facet(self) -> dict[str, dict[str, dict[str, frozenset[str]]]]:
        found: dict[str, dict[str, dict[str, frozenset[str]]]] = {}
        for fact in self.facts:
            cases = found.setdefault(fact.facet, {}).setdefault(fact.value, {})
            cases[fact.case] = cases.get(fact.case, frozenset()) | fact.sources
        return {facet: dict(sorted(values.items())) for facet, values in found.items()}

    @cached_property
    def _by_case(self) -> dict[tuple[str, str], tuple[str, ...]]:
        found: dict[tuple[str, str], list[str]] = {}
        for facet, values in self._by_facet.items():
            for value, cases in values.items():
                for case in cases:
                    found.setdefault((case, facet), []).append(value)
        return {where: tuple(values) for where, values in found.items()}

    def of(self, facet: str) -> dict[str, dict[str, frozenset[str]]]:
        """Value -> case -> sources, sorted by value; empty where no case states the facet."""
        return self._by_facet.get(facet, {})

    def cases_with(self, facet: str, value: str = "") -> frozenset[str]:
        """The cases that state the value, or any value of the facet."""
        values = self.of(facet)
        return frozenset(values.get(value, {})) if value else frozenset(c for cases in values.values() for c in cases)

    def of_case(self, case: str, facet: str) -> tuple[str, ...]:
        """The values of a facet that a case states, sorted."""
        return self._by_case.get((case, facet), ())

    def sources(self, cases: Iterable[str], *wanted: tuple[str, str]) -> tuple[str, ...]:
        """The sources behind some values (facet, value) in some cases, sorted."""
        chosen = set(cases)
        return tuple(
            sorted(
                {
                    s
                    for facet, value in wanted
                    for case, found in self.of(facet).get(value, {}).items()
                    if case in chosen
                    for s in found
                }
            )
        )

    def strength(self, sources: Iterable[str]) -> int:
        """The highest place on the ladder of source kinds among some sources; 0 where none has one."""
        return max((self.rungs[s].ladder for s in sources if s in self.rungs), default=0)

    def label(self, value: str) -> str:
        """What people call a concept, country or organisation; its name where nothing else is known."""
        return self.labels.get(value, value)

    def family(self, value: str) -> str:
        """The top concept above a concept, or the region of a country."""
        return self.families.get(value, value)

    def matrix(self, facet: str, cases: Iterable[str], at_least: int = 1) -> tuple[tuple[str, ...], np.ndarray]:
        """Values stated by at least so many of the cases, and an array of 0 and 1 with a row a case and a column a value."""
        import numpy as np

        rows = {case: i for i, case in enumerate(cases)}
        kept = {value: [rows[c] for c in found if c in rows] for value, found in self.of(facet).items()}
        kept = {value: found for value, found in kept.items() if len(found) >= at_least}
        array = np.zeros((len(rows), len(kept)), dtype=np.uint8)
        for column, found in enumerate(kept.values()):
            array[found, column] = 1
        return tuple(kept), array

    def without_cases(self, cases: Iterable[str]) -> Evidence:
        """The same without some cases. Raises UnknownName for one that is not there."""
        gone = {c if c.startswith("case:") else f"case:{c}" for c in cases}
        for case in sorted(gone - set(self.cases)):
            raise UnknownName("case", case, near=near(case.partition(":")[2], [c.partition(":")[2] for c in self.cases]))
        return self._kept(
            tuple(f for f in self.facts if f.case not in gone),
            tuple(t for t in self.ties if t.case not in gone),
            f"without {', '.join(sorted(gone))}",
            tuple(c for c in self.cases if c not in gone),
        )

    def without_kinds(self, kinds: Iterable[str]) -> Evidence:
        """The same without what only these kinds of source say. Raises UnknownName for a kind that no source has."""
        gone = {k if k.startswith("source-kind:") else f"source-kind:{k}" for k in kinds}
        known = {r.kind for r in self.rungs.values()}
        for kind in sorted(gone - known):
            names = sorted(k.partition(":")[2] for k in known)
            raise UnknownName(
                "kind of source",
                kind.partition(":")[2],
                near=near(kind.partition(":")[2], names),
                hint=f"known: {', '.join(names)}",
            )
        left = {s for s, rung in self.rungs.items() if rung.kind not in gone}
        return self._only(left, f"without {', '.join(sorted(k.partition(':')[2] for k in gone))} as a source")

    def known_at(self, date: str) -> Evidence:
        """The same from sources dated up to `date` (a year, month or day); a source without a date is left out.

        A source dated by year or month counts as known at the end of it. Raises ParameterError for anything else.
        """
        import re

        if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", date):
            raise ParameterError(f"'{date}' is no date; write 2017, 2017-01 or 2017-01-31")
        last = _end(date)
        left = {s for s, rung in self.rungs.items() if rung.date and _end(rung.date) <= last}
        undated = sum(not rung.date for rung in self.rungs.values())
        return self._only(left, f"as known at {date} ({undated} of {len(self.rungs)} sources have no date and are left out)")

    def _only(self, sources: set[str], why: str) -> Evidence:
        kept = tuple(f._replace(sources=f.sources & sources) for f in self.facts if f.sources & sources)
        ties = tuple(t._replace(sources=t.sources & sources) for t in self.ties if t.sources & sources)
        return self._kept(kept, ties, why, tuple(sorted({f.case for f in kept})))

    def _kept(self, facts: tuple[Fact, ...], ties: tuple[Tie, ...], why: str, cases: tuple[str, ...]) -> Evidence:
        said = "; ".join(filter(None, (self.left_out, why)))
        return replace(self, cases=cases, facts=facts, ties=ties, left_out=said)


def _end(date: str) -> str:
    return date[:10] + "-99-99"[(len(date[:10]) - 4) :] if len(date) < 10 else date[:10]


@lru_cache(maxsize=65536)
def _sources(text: object) -> frozenset[str]:
    return frozenset(shorten(name) if name.startswith("http") else name for name in str(text or "").split())


def read_evidence(kg: KnowledgeGraph) -> Evidence:
    """Everything that patterns count, read through the stored questions of the graph."""
    labels: dict[str, str] = {}
    families: dict[str, str] = {}
    for concept, label, family in kg.answer("families-of-concepts"):
        labels[str(concept)], families[str(concept)] = str(label), str(family)
    rungs = {
        str(source): Rung(str(kind), int(str(ladder or 0)), str(date or ""))
        for source, kind, _, ladder, date in kg.answer("kinds-of-sources")
    }
    facts = [
        Fact(str(case), str(facet), str(value), _sources(src)) for case, facet, value, src in kg.answer("features-of-cases")
    ]
    facts += [
        Fact(str(case), str(facet), str(value), _sources(src))
        for case, _, facet, value, src in kg.answer("challenges-of-cases")
    ]
    facts += [
        Fact(f.case, facet, families.get(f.value, f.value), f.sources) for f in facts if (facet := _FAMILY_OF.get(f.facet))
    ]
    ties: list[Tie] = []
    for row in kg.answer("participations-of-cases").to_dicts():
        home = labels.get(str(row["country"]), "")
        name = str(row["label"] or row["who"])
        labels[str(row["who"])] = f"{name} ({home})" if home and home not in name else name
        facts += _participation(row, families)
        if row["part"] == "part:public-body":
            ties.append(_tie(row))
    for row in kg.answer("results-of-cases").to_dicts():
        facts += _result(row)
    cases = tuple(sorted({fact.case for fact in facts}))
    ordered = tuple(sorted(facts, key=lambda f: (f[:3], sorted(f.sources))))
    return Evidence(cases, ordered, labels, families, rungs, ties=tuple(sorted(ties, key=lambda t: (t[:7], sorted(t.sources)))))


def _tie(row: Mapping[str, object]) -> Tie:
    roles, forms = (tuple(sorted(_sources(row[name]))) for name in ("roles", "forms"))
    kind, level, depth = (str(row[name] or "") for name in ("kind", "level", "depth"))
    return Tie(str(row["case"]), str(row["who"]), kind, level, roles, forms, depth, _sources(row["src"]))


def _participation(row: Mapping[str, object], families: Mapping[str, str]) -> Iterator[Fact]:
    case, kind, sources = str(row["case"]), str(row["kind"] or ""), _sources(row["src"])
    named = str(row["who"]) if str(row["who"]).startswith("organisation:") else ""

    def fact(facet: str, value: object) -> Iterator[Fact]:
        if value:
            yield Fact(case, facet, str(value), sources)

    yield from fact("organisation", named)
    if row["part"] == "part:public-body":
        yield from fact("body", named)
        for facet, column in (("body-kind", "kind"), ("body-level", "level"), ("depth", "depth")):
            yield from fact(facet, row[column])
        for facet, column in (("role", "roles"), ("form", "forms")):
            for value in sorted(_sources(row[column])):
                yield from fact(facet, value)
        return
    yield from fact("partner-kind", kind)
    if families.get(kind) == "actor:civil-society-actor":
        yield from fact("cso-kind", kind)
        yield from fact("cso", named)


def _result(row: Mapping[str, object]) -> Iterator[Fact]:
    case, kind, finding, sources = str(row["case"]), str(row["kind"]), str(row["finding"]), _sources(row["src"])
    yield Fact(case, f"result-{finding.partition(':')[2]}", kind, sources)
    if finding in REPORTED:
        yield Fact(case, "result", kind, sources)
        if row["finer"]:
            yield Fact(case, "finer", str(row["finer"]), sources)
