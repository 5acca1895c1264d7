"""Does "a case like mine" know anything? Hides the mechanisms of a case, then its kinds of result, and predicts them from the rest.

Each case is left out in turn: what it states is hidden, the other cases are ranked by the code of `gpsa like`, and the values they
state are put in the order of their added scores (then by how many cases have them). Compared with the most frequent values
(popularity), the most frequent among cases that share a sector, and chance. Printed: the mean reciprocal rank of the first value
that was hidden, the share of the hidden values among the first five (recall@5), the mean reciprocal rank of each hidden value with
the others of the case taken out (filtered), and 95 % intervals by bootstrap over cases, of each and of its difference from popularity.

Three ways to set the weights: as shipped; tuned outside the fold (ten folds; for each, the weights that do best on the cases
outside it are used for the cases inside); and, to show what tuning on the same cases would pretend, tuned on all of them.
Run: python benchmarks/bench_alike.py [growth]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gpsa_graph import load
from gpsa_graph.patterns.alike import Catalogue, rank, read_catalogue, read_weights
from gpsa_graph.patterns.alike.facets import FACETS
from gpsa_graph.patterns.alike.ranking import Weights, masses

SEED, FOLDS, DRAWS, BOOTS = 0, 10, 300, 10_000
ORDER = tuple(FACETS)


@dataclass(frozen=True)
class Task:
    """What is hidden (`facet`), and the facets by which cases are compared while it is hidden."""

    name: str
    facet: str
    by: tuple[str, ...]


TASKS = (
    Task("mechanisms", "mechanism", tuple(f for f in FACETS if f != "mechanism")),
    Task("kinds of result", "result", tuple(FACETS)),
)


@dataclass(frozen=True)
class Setting:
    """Weights, how many of the ranked cases vote, and the power to which their scores are raised."""

    weights: Weights
    most: int
    power: float


class Board:
    """A task on a catalogue as arrays: the masses of every pair of cases, and which case states which value."""

    def __init__(self, catalogue: Catalogue, task: Task, cases: Sequence[str]) -> None:
        self.cases, self.by = tuple(cases), task.by
        at = {case: i for i, case in enumerate(self.cases)}
        self.values = sorted({v for case in self.cases for v in catalogue.stated[task.facet][case]})
        column = {v: j for j, v in enumerate(self.values)}
        self.truth = np.zeros((len(self.cases), len(self.values)), dtype=bool)
        for case in self.cases:
            for value in catalogue.stated[task.facet][case]:
                self.truth[at[case], column[value]] = True
        self.parts = np.zeros((len(task.by), 4, len(self.cases), len(self.cases)))
        for case in self.cases:
            mine = {f: v for f, v in catalogue.features(case).items() if f in task.by}
            for facet, found in masses(catalogue, mine, case).items():
                for other, part in found.items():
                    if other in at:
                        self.parts[task.by.index(facet), :, at[case], at[other]] = part
        sectors = [catalogue.stated["sector"].get(case, frozenset()) for case in self.cases]
        self.same = np.array([[bool(a & b) for b in sectors] for a in sectors])
        np.fill_diagonal(self.same, False)

    def scores(self, weights: Weights) -> np.ndarray:
        """The score of every pair, as `ranking.score` gives it; the diagonal is 0."""
        weight = np.array([weights.facets.get(f, 0.0) for f in self.by])
        shared = np.tensordot(weight, self.parts[:, 0], 1)
        counts = (weights.mine, weights.theirs, weights.silent)
        against = sum(k * np.tensordot(weight, self.parts[:, i], 1) for i, k in enumerate(counts, 1))
        with np.errstate(invalid="ignore", divide="ignore"):
            found = np.where(shared > 0, shared / (shared + against), 0.0)
        np.fill_diagonal(found, 0.0)
        return found

    def predicted(self, setting: Setting, hidden: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Votes for each value (rows x values) from the cases that are not `hidden`; ties by popularity."""
        scores = self.scores(setting.weights)[rows].copy()
        scores[:, hidden] = 0.0
        least = -np.sort(-scores, axis=1)[:, min(setting.most, scores.shape[1]) - 1]
        scores[scores < least[:, None]] = 0.0
        return _then(scores**setting.power @ self.truth, self.popular(hidden, rows))

    def popular(self, hidden: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """How many other cases that are not hidden state each value."""
        kept = self.truth.copy()
        kept[hidden] = False
        return kept.sum(axis=0)[None, :] - kept[rows].astype(int)

    def sector(self, rows: np.ndarray) -> np.ndarray:
        """The same among the cases that share a sector; ties by popularity."""
        none = np.zeros(len(self.cases), dtype=bool)
        return _then((self.same.astype(float) @ self.truth)[rows], self.popular(none, rows))


def _then(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """An order by `first`, ties by `second`."""
    return first + 1e-9 * second


def measured(votes: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Reciprocal rank of the first hidden value, recall@5 and filtered reciprocal rank, a row a case; equal votes by name."""
    made = np.zeros((len(votes), 3))
    for i, (row, true) in enumerate(zip(votes, truth, strict=True)):
        order = np.argsort(-row, kind="stable")
        places = np.flatnonzero(true[order])
        filtered = 1.0 / (places - np.arange(len(places)) + 1)
        made[i] = 1.0 / (places[0] + 1), (places < 5).sum() / len(places), filtered.mean()
    return made


def by_chance(truth: np.ndarray, draws: int = 200) -> np.ndarray:
    """The same measures of random orders, averaged over the draws."""
    rng = np.random.default_rng(SEED)
    return sum(measured(rng.random(truth.shape), truth) for _ in range(draws)) / draws


def settings(draws: int) -> list[Setting]:
    """The shipped weights and so many random ones, for tuning."""
    rng = np.random.default_rng(SEED)
    shipped = read_weights()
    found = [Setting(shipped, most, power) for most in (10, 20, 40) for power in (1.0, 2.0)]
    for _ in range(draws):
        facets = dict(zip(ORDER, rng.choice([0.0, 0.125, 0.25, 0.5, 1.0, 2.0], len(ORDER)).tolist(), strict=True))
        theirs, silent = float(rng.choice([0.0, 0.1, 0.25, 0.5, 1.0])), float(rng.choice([0.0, 0.25, 0.5, 1.0]))
        most, power = int(rng.choice([5, 10, 20, 40, 200])), float(rng.choice([1.0, 2.0, 3.0]))
        found.append(Setting(Weights(facets, 1.0, theirs, silent, 0.0), most, power))
    return found


def tuned(board: Board, choices: Sequence[Setting], folds: np.ndarray) -> tuple[np.ndarray, list[Setting]]:
    """Votes for each case with the setting that did best (first hidden value) on the cases outside its fold."""
    votes = np.zeros(board.truth.shape)
    chosen = []
    none = np.zeros(len(board.cases), dtype=bool)
    for fold in range(FOLDS):
        inside = folds == fold
        outside = np.flatnonzero(~inside)
        quality = [measured(board.predicted(s, inside, outside), board.truth[outside])[:, 0].mean() for s in choices]
        best = choices[int(np.argmax(quality))]
        chosen.append(best)
        votes[inside] = board.predicted(best, none, np.flatnonzero(inside))
    return votes, chosen


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95 % interval by bootstrap over cases."""
    rng = np.random.default_rng(SEED)
    means = values[rng.integers(0, len(values), (BOOTS, len(values)))].mean(axis=1)
    return float(values.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def table(ways: Mapping[str, np.ndarray]) -> str:
    lines = [f"{'way':<34}{'MRR':>20}{'recall@5':>20}{'filtered MRR':>20}{'MRR less popularity':>24}"]
    for name, found in ways.items():
        cells = ["{:.3f} [{:.3f}, {:.3f}]".format(*interval(found[:, i])) for i in range(3)]
        apart = "" if name == "popularity" else "{:+.3f} [{:+.3f}, {:+.3f}]".format(*interval(found[:, 0] - ways["popularity"][:, 0]))
        lines.append(f"{name:<34}" + "".join(f"{c:>20}" for c in cells) + f"{apart:>24}")
    return "\n".join(lines)


def agrees(board: Board, catalogue: Catalogue, task: Task) -> None:
    """The arrays give the scores of the code that people use; otherwise this page would measure something else."""
    weights = read_weights()
    scores = board.scores(weights)
    for i in range(0, len(board.cases), 17):
        case = board.cases[i]
        mine = {f: v for f, v in catalogue.features(case).items() if f in task.by}
        theirs = dict(rank(catalogue, mine, weights, case))
        for j, other in enumerate(board.cases):
            if other != case and abs(scores[i, j] - theirs[other]) > 1e-9:
                raise SystemExit(f"{case} and {other}: {scores[i, j]} here, {theirs[other]} there")


def related(kg: object) -> set[frozenset[str]]:
    """Pairs of cases that a source or a shared lead organisation joins: follow-ups and sisters."""
    rows = kg.query("SELECT ?a ?b { { ?a gpsa:relatedCase ?b } UNION { ?a gpsa:hasGrantee ?g . ?b gpsa:hasGrantee ?g FILTER(?a != ?b) } }")  # type: ignore[attr-defined]
    return {frozenset((str(a), str(b))) for a, b in rows}


def held_out(draws: int = DRAWS) -> None:
    kg = load()
    catalogue = read_catalogue(kg)
    sisters = related(kg)
    choices = settings(draws)
    for task in TASKS:
        cases = sorted(catalogue.stated[task.facet])
        board = Board(catalogue, task, cases)
        agrees(board, catalogue, task)
        rows = np.arange(len(cases))
        none = np.zeros(len(cases), dtype=bool)
        folds = np.random.default_rng(SEED).permutation(len(cases)) % FOLDS
        votes, chosen = tuned(board, choices, folds)
        best = max(choices, key=lambda s: measured(board.predicted(s, none, rows), board.truth)[:, 0].mean())
        apart = Board(catalogue, task, cases)
        for i, a in enumerate(cases):
            for j, b in enumerate(cases):
                if frozenset((a, b)) in sisters:
                    apart.parts[:, :, i, j] = 0.0
        shipped = Setting(read_weights(), 10, 1.0)
        ways = {
            "popularity": measured(np.broadcast_to(board.popular(none, rows), board.truth.shape).astype(float), board.truth),
            "same sector": measured(board.sector(rows), board.truth),
            "chance": by_chance(board.truth),
            "alike, weights as shipped": measured(board.predicted(shipped, none, rows), board.truth),
            "alike, tuned outside the fold": measured(votes, board.truth),
            "the same without sister cases": measured(tuned(apart, choices, folds)[0], board.truth),
            "(alike, tuned on the same cases)": measured(board.predicted(best, none, rows), board.truth),
        }
        print(f"--- {task.name} hidden: {len(cases)} cases, {board.truth.shape[1]} values, {board.truth.sum() / len(cases):.1f} a case; "
              f"{len(choices)} settings, {FOLDS} folds")
        print(table(ways))
        print("settings chosen: " + "; ".join(sorted({f"{s.most} cases, power {s.power:g}" for s in chosen})), flush=True)


def growth(sizes: Sequence[int] = (124, 1_000, 10_000)) -> None:
    """CPU of reading the catalogue, of one ranking and of a whole answer, on synthetic cases that repeat the shipped ones."""
    import tempfile
    from pathlib import Path

    from synthetic import synthetic_data

    from gpsa_graph.cases import read
    from gpsa_graph.graph import KnowledgeGraph
    from gpsa_graph.graph.compiled import memory_store
    from gpsa_graph.patterns import like

    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            kg = KnowledgeGraph(memory_store(read(synthetic_data(Path(name) / "data", size))))
        start = time.process_time()
        catalogue = read_catalogue(kg)
        reading = time.process_time() - start
        like(kg, "idn-wahana-visi")
        mine = catalogue.features("case:idn-wahana-visi")
        times: dict[str, list[float]] = {"rank": [], "like": []}
        for _ in range(5):
            start = time.process_time()
            rank(catalogue, mine, read_weights(), "case:idn-wahana-visi")
            times["rank"].append(time.process_time() - start)
            start = time.process_time()
            like(kg, "idn-wahana-visi")
            times["like"].append(time.process_time() - start)
        print(f"{size:>7} cases: catalogue {reading * 1000:>8.0f} ms once, ranking {min(times['rank']) * 1000:>7.1f} ms, "
              f"whole answer {min(times['like']) * 1000:>7.1f} ms of CPU", flush=True)


def main() -> None:
    if "growth" not in sys.argv[1:]:
        held_out()
    growth()


if __name__ == "__main__":
    main()
