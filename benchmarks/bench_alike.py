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

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gpsa_graph import load
from gpsa_graph.patterns.alike import Catalogue, like, rank, read_catalogue, read_weights
from gpsa_graph.patterns.alike.facets import FACETS
from gpsa_graph.patterns.alike.ranking import Weights, masses

SEED, FOLDS, BOOTS = 0, 10, 10_000


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
            found = np.where(shared > 0, shared / (shared + against + weights.doubt), 0.0)
        np.fill_diagonal(found, 0.0)
        return found

    def predicted(self, setting: Setting, hidden: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Votes for each value (rows x values) from the cases that are not `hidden`; ties by popularity."""
        return self.voted(self.scores(setting.weights), setting, hidden, rows)

    def voted(self, scores: np.ndarray, setting: Setting, hidden: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """The same from scores that are known already."""
        scores = scores[rows].copy()
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


def filtered(votes: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The last of these measures alone, for all cases at once: the one that tuning looks at, since it depends on every hidden value."""
    hit = np.take_along_axis(truth, np.argsort(-votes, axis=1, kind="stable"), axis=1)
    ranks = np.arange(1, hit.shape[1] + 1)[None, :] - hit.cumsum(axis=1) + 1
    found: np.ndarray = (hit / ranks).sum(axis=1) / hit.sum(axis=1)
    return found


def by_chance(truth: np.ndarray, draws: int = 100) -> np.ndarray:
    """The same measures of random orders, averaged over the draws."""
    rng = np.random.default_rng(SEED)
    return sum(measured(rng.random(truth.shape), truth) for _ in range(draws)) / draws


def settings() -> list[Setting]:
    """What tuning chooses from: the shipped weights, with those changed that matter most, and how the ranked cases vote."""
    shipped = read_weights()
    return [
        Setting(replace(shipped, doubt=doubt, facets={**shipped.facets, "sector": sector, "organisation": organisation,
                                                      "problem": problem}), most, power)
        for sector in (1.0, 2.0, 4.0) for organisation in (0.0, 0.5, 1.0) for problem in (0.0, 0.1, 0.3) for doubt in (0.0, 10.0, 40.0)
        for most in (20, 40) for power in (1.0, 2.0)
    ]


def tuned(board: Board, choices: Sequence[Setting], folds: np.ndarray) -> tuple[np.ndarray, list[Setting]]:
    """Votes for each case with the setting that did best (by filtered reciprocal rank) on the cases outside its fold."""
    votes = np.zeros(board.truth.shape)
    none = np.zeros(len(board.cases), dtype=bool)
    quality = np.zeros((len(choices), FOLDS))
    for i, setting in enumerate(choices):
        scores = board.scores(setting.weights)
        for fold in range(FOLDS):
            outside = np.flatnonzero(folds != fold)
            quality[i, fold] = filtered(board.voted(scores, setting, folds == fold, outside), board.truth[outside]).mean()
    chosen = [choices[int(i)] for i in quality.argmax(axis=0)]
    for fold, setting in enumerate(chosen):
        inside = folds == fold
        votes[inside] = board.predicted(setting, none, np.flatnonzero(inside))
    return votes, chosen


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean and 95 % interval by bootstrap over cases."""
    rng = np.random.default_rng(SEED)
    means = values[rng.integers(0, len(values), (BOOTS, len(values)))].mean(axis=1)
    return float(values.mean()), float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def table(ways: Mapping[str, np.ndarray]) -> str:
    lines = [f"{'way':<34}{'MRR':>22}{'recall@5':>22}{'filtered MRR':>22}{'MRR less popularity':>26}"]
    for name, found in ways.items():
        cells = ["{:.3f} [{:.3f}, {:.3f}]".format(*interval(found[:, i])) for i in range(3)]
        apart = "" if name == "popularity" else "{:+.3f} [{:+.3f}, {:+.3f}]".format(*interval(found[:, 0] - ways["popularity"][:, 0]))
        lines.append(f"{name:<34}" + "".join(f"{c:>22}" for c in cells) + f"{apart:>26}")
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


def held_out() -> None:
    kg = load()
    catalogue = read_catalogue(kg)
    sisters = related(kg)
    choices = settings()
    for task in TASKS:
        cases = sorted(catalogue.stated[task.facet])
        board = Board(catalogue, task, cases)
        agrees(board, catalogue, task)
        rows = np.arange(len(cases))
        none = np.zeros(len(cases), dtype=bool)
        folds = np.random.default_rng(SEED).permutation(len(cases)) % FOLDS
        votes, chosen = tuned(board, choices, folds)
        best = max(choices, key=lambda s: float(filtered(board.predicted(s, none, rows), board.truth).mean()))
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
    """CPU of a ranking on so many cases, made of the shipped ones over and over with organisations of their own; then of an answer."""
    kg = load()
    shipped = read_catalogue(kg)
    facts = [(case, facet, value) for facet, found in shipped.stated.items() if facet != "problem"
             for case, values in found.items() for value in sorted(values)]
    facts += [(case, "problem", " ".join(sorted(said))) for case, said in shipped.stated["problem"].items()]
    facts += [(case, "title", title) for case, title in shipped.titles.items()]
    mine, weights = shipped.features("case:idn-wahana-visi"), read_weights()
    for size in sizes:
        start = time.process_time()
        many = [(f"{case}-r{i // len(shipped.cases)}" if i >= len(shipped.cases) else case, facet,
                 f"{value}-r{i // len(shipped.cases)}" if facet == "organisation" and i >= len(shipped.cases) else value)
                for case_no, case in enumerate(shipped.cases)
                for i in range(case_no, size, len(shipped.cases)) for facet, value in _of(facts, case)]
        catalogue = Catalogue.of(many, shipped.labels, shipped.above)
        making = time.process_time() - start
        rank(catalogue, mine, weights, "case:idn-wahana-visi")
        print(f"{len(catalogue.cases):>7} cases: catalogue made in {making * 1000:>8.0f} ms, ranking "
              f"{_least(lambda c=catalogue: rank(c, mine, weights, 'case:idn-wahana-visi')):>8.1f} ms of CPU", flush=True)  # type: ignore[misc]
    for case in ("mwi-mejn", "uga-heps", "idn-wahana-visi"):
        found = shipped.features(f"case:{case}")
        print(f"whole answer for {case} ({sum(map(len, found.values()))} features): {_least(lambda c=case: like(kg, c)):.0f} ms of CPU "  # type: ignore[misc]
              "after loading", flush=True)


FIRST = """
import sys, time, gpsa_graph
kg = gpsa_graph.load()
start = time.process_time()
kg.like(sys.argv[1])
print(time.process_time() - start)
"""


def firsts() -> None:
    """CPU of the first answer of a process, imports and reading of the catalogue in it: every fourth case, a process each."""
    took = [float(subprocess.run([sys.executable, "-c", FIRST, case], capture_output=True, text=True, check=True).stdout) * 1000
            for case in sorted(load().options("case"))[::4]]
    print(f"first answers of {len(took)} processes: {np.median(took):.0f} ms of CPU after loading (median; "
          f"{min(took):.0f} to {max(took):.0f})")


_BY_CASE: dict[str, list[tuple[str, str]]] = {}


def _of(facts: Sequence[tuple[str, str, str]], case: str) -> list[tuple[str, str]]:
    if not _BY_CASE:
        for one, facet, value in facts:
            _BY_CASE.setdefault(one, []).append((facet, value))
    return _BY_CASE[case]


def _least(work: Callable[[], object], runs: int = 5) -> float:
    """The least CPU of some runs, in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def main() -> None:
    growth()
    firsts()
    if "growth" not in sys.argv[1:]:
        held_out()


if __name__ == "__main__":
    main()
