"""How alike a case is to what was asked: shared features weighted by rarity, against what only one side states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gpsa_graph.errors import GpsaError
from gpsa_graph.patterns.alike.catalogue import Catalogue, Features
from gpsa_graph.patterns.alike.facets import FACETS
from gpsa_graph.vocab import near

__all__ = ["Masses", "Weights", "masses", "rank", "read_weights", "score"]

#: Facets that can bring a case nearer and never further: nobody else has most organisations and words of a case.
ONLY_SHARED = ("organisation", "problem")
_TABLES = {"facets": tuple(FACETS), "score": ("mine", "theirs", "silent", "doubt"), "answer": ("floor",)}


@dataclass(frozen=True, slots=True)
class Weights:
    """What a shared feature counts by facet, and what counts against a case; `weights.toml` explains each."""

    facets: Mapping[str, float] = field(default_factory=dict)
    mine: float = 1.0
    theirs: float = 0.25
    silent: float = 0.5
    doubt: float = 10.0
    floor: float = 0.2

    def to_dict(self) -> dict[str, object]:
        return {"facets": dict(self.facets), "mine": self.mine, "theirs": self.theirs, "silent": self.silent, "doubt": self.doubt,
                "floor": self.floor}


def read_weights(path: str | Path | None = None) -> Weights:
    """The weights of a file in the form of the packaged `weights.toml`; of that one by default.

    What a file leaves out is as in the packaged file. Raises GpsaError for an unknown name or a value that is no number of 0 or more.

    >>> read_weights().facets["sector"]
    2.0
    """
    shipped = _tables(Path(__file__).with_name("weights.toml"))
    given = _tables(Path(path)) if path is not None else {}
    found = {table: {**shipped[table], **given.get(table, {})} for table in _TABLES}
    return Weights(found["facets"], **found["score"], **found["answer"])


def _tables(path: Path) -> dict[str, dict[str, float]]:
    import tomllib

    try:
        read = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise GpsaError(f"the weights cannot be read from {path}: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}") from None
    except tomllib.TOMLDecodeError as error:
        raise GpsaError(f"{path} is no TOML file: {error}") from None
    for table, values in read.items():
        if table not in _TABLES or not isinstance(values, dict):
            raise GpsaError(f"{path}: no table [{table}] is known; the tables are {', '.join(f'[{t}]' for t in _TABLES)}")
        for name, value in values.items():
            if name not in _TABLES[table]:
                close = near(name, _TABLES[table]) or list(_TABLES[table])
                raise GpsaError(f"{path}: [{table}] has no '{name}'; did you mean {' or '.join(repr(n) for n in close)}?")
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < float("inf"):
                raise GpsaError(f"{path}: '{name}' is {value!r}; write a number of 0 or more")
    return {table: {name: float(value) for name, value in values.items()} for table, values in read.items()}


class Masses(NamedTuple):
    """Rarity added up in one facet: of what both have, only the asker, only the case, and the asker where the case is silent."""

    shared: float
    mine: float
    theirs: float
    silent: float


def masses(catalogue: Catalogue, mine: Features, without: str = "") -> dict[str, dict[str, Masses]]:
    """Facet -> case -> masses, for every case but `without`; only in the facets in which `mine` has values.

    The work grows with the number of cases and with how many of them share a feature.
    """
    found: dict[str, dict[str, Masses]] = {}
    for facet, values in mine.items():
        shared, whole, total = _shared(catalogue, facet, values)
        only_shared = facet in ONLY_SHARED
        found[facet] = {
            case: Masses(both, 0.0, 0.0, 0.0) if only_shared else Masses(both, whole - both, total[case] - both, 0.0)
            for case, both in shared.items() if case != without
        }
        quiet = Masses(0.0, 0.0, 0.0, 0.0 if only_shared else whole)
        for case in catalogue.cases:
            if case not in shared and case != without:
                found[facet][case] = quiet
    return found


def _totals(catalogue: Catalogue, facet: str) -> dict[str, float]:
    """The mass of each case in a facet; counted once for a catalogue."""
    kept: dict[str, dict[str, float]] = catalogue.__dict__.setdefault("_masses", {})
    if facet not in kept:
        rare = {value: catalogue.rarity(facet, value) for value in catalogue.having[facet]}
        kept[facet] = {case: sum(rare[v] for v in sorted(values)) for case, values in catalogue.closed[facet].items()}
    return kept[facet]


def score(parts: Mapping[str, Masses], weights: Weights) -> float:
    """shared / (shared + mine x only mine + theirs x only theirs + silent x where the case is silent + doubt), weighted by facet.

    The ratio model of A. Tversky, Psychological Review 84 (1977) 327-352, with a part of its own for what is not stated, and a
    constant so that two cases of which little is known are not close because of the one thing that they share.

    >>> score({"sector": Masses(2.0, 1.0, 4.0, 0.0)}, Weights({"sector": 1.0}, mine=1.0, theirs=0.25, doubt=4.0))
    0.25
    """
    shared = against = 0.0
    for facet, part in parts.items():
        weight = weights.facets.get(facet, 0.0)
        shared += weight * part.shared
        against += weight * (weights.mine * part.mine + weights.theirs * part.theirs + weights.silent * part.silent)
    return shared / (shared + against + weights.doubt) if shared > 0 else 0.0


def rank(catalogue: Catalogue, mine: Features, weights: Weights, without: str = "") -> list[tuple[str, float]]:
    """Every other case with its score, best first, equal ones by name.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.patterns.alike.catalogue import read_catalogue
    >>> catalogue = read_catalogue(load())
    >>> rank(catalogue, {"country": frozenset({"country:MWI"})}, read_weights())[0][0]
    'case:mwi-care-malawi'
    """
    shared = dict.fromkeys(catalogue.cases, 0.0)
    against = dict.fromkeys(catalogue.cases, 0.0)
    for facet, values in mine.items():
        weight = weights.facets.get(facet, 0.0)
        both, whole, total = _shared(catalogue, facet, values)
        for case, mass in both.items():
            shared[case] += weight * mass
        if facet in ONLY_SHARED:
            continue
        quiet = weight * weights.silent * whole
        for case in catalogue.cases:
            mass = both.get(case, -1.0)
            against[case] += quiet if mass < 0 else weight * (weights.mine * (whole - mass) + weights.theirs * (total[case] - mass))
    scores = [(case, mass / (mass + against[case] + weights.doubt) if mass > 0 else 0.0)
              for case, mass in shared.items() if case != without]
    return sorted(scores, key=lambda item: (-round(item[1], 12), item[0]))


def _shared(catalogue: Catalogue, facet: str, values: frozenset[str]) -> tuple[dict[str, float], float, dict[str, float]]:
    """Of the cases that state a facet, the mass that each shares with some values; the mass of the values; that of each case."""
    rare = {value: catalogue.rarity(facet, value) for value in sorted(values)}
    shared = dict.fromkeys(catalogue.closed[facet], 0.0)
    for value, mass in rare.items():
        for case in catalogue.having[facet].get(value, ()):
            shared[case] += mass
    return shared, sum(rare.values()), _totals(catalogue, facet)
