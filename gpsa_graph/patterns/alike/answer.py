"""The answer to "what was reported for a case like mine?", as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gpsa_graph.graph.rows import Rows
from gpsa_graph.patterns.alike.counts import InUse
from gpsa_graph.patterns.alike.ranking import Weights
from gpsa_graph.patterns.alike.reasons import Difference, Reason
from gpsa_graph.patterns.alike.told import Item

__all__ = ["Alike", "Also", "Answer", "Contrary", "Nothing"]

#: What holds of every answer.
CAVEATS = (
    "Alike in what sources state. Two cases that read alike may differ in what nobody wrote down.",
    "Reported there is not promised here: most results were told by those who did the work, and few were tested.",
    "The cases were chosen because something could be read about them; they are no sample of all such work.",
)


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that is alike: why, in what it differs, and what is told of it. `where` are its countries in words."""

    case: str
    title: str
    where: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]
    differences: tuple[Difference, ...]
    results: tuple[Item, ...]
    challenges: tuple[Item, ...]
    lessons: tuple[Item, ...]
    bodies: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Also:
    """A case that is alike too, of which only the weightiest reasons are told."""

    case: str
    title: str
    where: tuple[str, ...]
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Contrary:
    """A case among the alike in which something was looked for and found mixed, absent or negative; `found` are these results."""

    case: str
    title: str
    where: tuple[str, ...]
    score: float
    found: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """That nothing is close enough: why, and what would have to be known."""

    sentence: str
    needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The cases that are alike, best first, with what stands in them and what stands against it.

    `asked` says in words what was asked, `mine` is the case or empty. `cases` are told in full, `also` are the next ones; counts
    in `mechanisms` and `forms` are over both. `contrary` are the contrary cases among them and, where these are few, the nearest
    beyond. `assessed` of them were looked at for an effect. `close` of `of` cases reach the floor. `nothing` is set where none does.
    """

    asked: str
    mine: str
    title: str
    cases: tuple[Alike, ...]
    also: tuple[Also, ...]
    mechanisms: tuple[InUse, ...]
    forms: tuple[InUse, ...]
    contrary: tuple[Contrary, ...]
    close: int
    of: int
    weights: Weights
    nothing: Nothing | None
    labels: Mapping[str, str]
    cite: Callable[[Sequence[str]], dict[str, str]]
    caveats: tuple[str, ...] = CAVEATS

    def sources(self) -> list[str]:
        """The names of all sources that the answer stands on, in the order in which they are first told."""
        found: dict[str, None] = {}
        for case in self.cases:
            parts: list[Reason | Difference | Item] = [*case.reasons, *case.differences]
            for part in [*parts, *case.results, *case.challenges, *case.lessons, *case.bodies]:
                found |= dict.fromkeys(part.sources)
        for other in self.contrary:
            for item in other.found:
                found |= dict.fromkeys(item.sources)
        return list(found)

    def citations(self) -> list[tuple[str, str]]:
        """Name and citation of each source; its place in the list, counted from 1, is its number."""
        names = self.sources()
        said = self.cite(names)
        return [(name, said.get(name, name)) for name in names]

    def ranked(self) -> list[tuple[str, float]]:
        """Every case told of, with its score."""
        return [*((c.case, c.score) for c in self.cases), *((a.case, a.score) for a in self.also)]

    def to_dict(self) -> dict[str, Any]:
        """The answer as values that JSON can hold; sources stand as numbers into `sources`, counted from 1.

        `asked`, `case` and `title` (of the asked), `close`, `of`; `cases`: `case`, `title`, `where`, `score`, `reasons` (`facet`, `values`,
        `labels`, `sentence`, `n`, `of`, `weight`, `path`, `ask`, `sources`), `differences` (`facet`, `silent`, `mine`, `theirs`,
        `sentence`, `ask`, `sources`), `results`, `challenges`, `lessons`, `bodies` (`name`, `text`, `label`, `concepts` as names and
        labels, `finding`, `figure`, `sources`); `also`: `case`, `title`, `where`, `score`, `reasons` (sentences); `mechanisms` and `forms`:
        `value`, `label`, `cases`, `of`, `reported`, `against`, `silent`, `yours`; `contrary`: `case`, `title`, `where`, `score`, `found`;
        `nothing`: null, or `sentence` and `needed`; `caveats`; `weights`; `sources`: `name`, `citation`.
        """
        cited = self.citations()
        number = {name: i for i, (name, _) in enumerate(cited, 1)}

        def plain(part: Reason | Difference | InUse) -> dict[str, Any]:
            made = asdict(part)
            if "sources" in made:
                made["sources"] = [number[s] for s in made["sources"] if s in number]
            return {k: list(v) if isinstance(v, tuple) else v for k, v in made.items()}

        def item(one: Item) -> dict[str, Any]:
            return {"name": one.name, "text": one.text, "label": one.label,
                    "concepts": [[c, self.labels.get(c, c)] for c in one.concepts if not c.startswith("part:")],
                    "finding": one.finding.partition(":")[2], "figure": one.figure, "sources": [number[s] for s in one.sources]}

        return {
            "asked": self.asked, "case": self.mine, "title": self.title, "close": self.close, "of": self.of,
            "cases": [{
                "case": c.case, "title": c.title, "where": list(c.where), "score": c.score, "reasons": [plain(r) for r in c.reasons],
                "differences": [plain(d) for d in c.differences],
                **{name: [item(i) for i in getattr(c, name)] for name in ("results", "challenges", "lessons", "bodies")},
            } for c in self.cases],
            "also": [{"case": a.case, "title": a.title, "where": list(a.where), "score": a.score,
                      "reasons": [r.sentence for r in a.reasons]} for a in self.also],
            "mechanisms": [plain(m) for m in self.mechanisms],
            "forms": [plain(f) for f in self.forms],
            "contrary": [{"case": c.case, "title": c.title, "where": list(c.where), "score": c.score, "found": [item(i) for i in c.found]}
                         for c in self.contrary],
            "nothing": None if self.nothing is None else {"sentence": self.nothing.sentence, "needed": list(self.nothing.needed)},
            "caveats": list(self.caveats),
            "weights": self.weights.to_dict(),
            "sources": [{"name": name, "citation": said} for name, said in cited],
        }

    def rows(self) -> Rows:
        """A row for each reason and difference of the cases told in full, with its proof.

        >>> from gpsa_graph import load
        >>> from gpsa_graph.patterns import like
        >>> like(load(), "mwi-mejn").rows().columns[:4]
        ('case', 'score', 'line', 'facet')
        """
        columns = ("case", "score", "line", "facet", "sentence", "n", "of", "weight", "ask", "src")
        rows: list[tuple[Any, ...]] = []
        for case in self.cases:
            rows += [(case.case, case.score, "alike", r.facet, r.sentence, r.n, r.of, r.weight, r.ask, " ".join(r.sources))
                     for r in case.reasons]
            rows += [(case.case, case.score, "not stated" if d.silent else "different", d.facet, d.sentence, None, None, None, d.ask,
                      " ".join(d.sources)) for d in case.differences]
        return Rows(columns, rows, title="What was reported for a case like mine?", cite=self.cite)
