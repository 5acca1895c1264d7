"""What imported names may mean: proposals with reasons for matches.csv. Nothing here changes a case but a decided mechanism."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from gpsa_graph.cases.model import Case, Mechanism
from gpsa_graph.errors import MissingExtra
from gpsa_graph.graph.look import fold
from gpsa_graph.intake.lists import Decision, Lists
from gpsa_graph.intake.match import Known, Matcher, known_in_lists

__all__ = ["Cases", "Phrases", "proposals"]

Put = Callable[[Decision], None]

#: At most so many organisations (those used most) and places are compared; the report says so.
MOST = 1_000
_WORD = re.compile(r"[^\W_]+")
_LEAST = {"organisation": 78.0, "place": 84.0, "case": 80.0}


class Phrases:
    """Names of mechanisms in the texts of cases; a phrase that a curator has confirmed becomes a mechanism of the case."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.names: dict[str, str] = {}
        self._starts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for slug, concept in lists.shipped.labels["mechanism"].items():
            words = slug.split("-")
            if len(words) > 1 or len(slug) > 11:
                self.names[" ".join(words)] = concept
                self._starts[words[0]].append(tuple(words))
        for phrases in self._starts.values():
            phrases.sort(key=lambda p: (-len(p), p))
        self.found: Counter[tuple[str, str]] = Counter()
        self.where: dict[tuple[str, str], list[str]] = defaultdict(list)

    def look(self, case: Case) -> Case:
        """Count the phrases of a case; the case comes back with the mechanisms that were decided."""
        text = fold(
            " . ".join(
                t
                for t in (
                    case.title.text,
                    *(s.text for s in (case.objective, case.problem) if s),
                    *(n.text for n in (*case.notes, *case.scope)),
                )
                if t
            )
        )
        known = {m.id for m in case.mechanisms}
        more: list[Mechanism] = []
        for phrase in dict.fromkeys(self._phrases(text)):
            concept = self.names[phrase]
            key = (phrase, concept)
            self.found[key] += 1
            if len(self.where[key]) < 3:
                self.where[key].append(case.id)
            if self.lists.phrases.get(phrase) == concept and concept not in known:
                known.add(concept)
                more.append(
                    Mechanism(
                        line=case.line,
                        sources=case.cites,
                        id=concept,
                        as_called=phrase,
                        basis="inferred",
                        why="The text of the record has these words, and a curator has confirmed what they mean (matches.csv).",
                    )
                )
        return replace(case, mechanisms=(*case.mechanisms, *more)) if more else case

    def _phrases(self, text: str) -> Iterator[str]:
        """The names in a folded text from left to right, the longest that begins at a word; looked up by its first word."""
        words = _WORD.findall(text)
        here = 0
        while here < len(words):
            for phrase in self._starts.get(words[here], ()):
                if tuple(words[here : here + len(phrase)]) == phrase:
                    yield " ".join(phrase)
                    here += len(phrase)
                    break
            else:
                here += 1


class Cases:
    """Shipped cases that an imported record may be: by project code, and by title where few records come in."""

    def __init__(self, shipped: Iterable[Case], decisions: Iterable[Decision]) -> None:
        self.titles: dict[str, str] = {}
        self.codes: dict[tuple[str, str], str] = {}
        known = []
        for case in shipped:
            self.titles[case.id] = case.title.text
            for code in case.codes:
                self.codes[code.scheme, code.value] = case.id
            for row in case.register:
                self.codes["world-bank-project", row.id] = case.id
            known.append(
                Known(case.id, "case", case.title.text, tuple(t.text for t in case.also_titled), frozenset(c.id for c in case.countries))
            )
        self._known = known
        self._matcher: Matcher | None = None
        self.same = {(fold(d.said), d.country): d.id for d in decisions if d.kind == "case" and d.decision == "same"}
        self.rows: dict[tuple[str, str, str], Decision] = {}
        self.compared = 0

    def is_shipped(self, case: Case) -> str:
        """The id of the shipped case that a curator has said this is, or nothing."""
        return self.same.get((fold(case.title.text), _country(case)), "")

    def look(self, case: Case) -> None:
        """Propose the shipped case that this one may be."""
        here = _country(case)
        for code in case.codes:
            if (known := self.codes.get((code.scheme, code.value))) is not None:
                self._put(case, here, known, 100.0, f"the same {code.scheme} code {code.value}")
                return
        self.compared += 1
        if self.compared > MOST:
            return
        if self._matcher is None:
            self._matcher = Matcher(self._known)
        for found in self._matcher.candidates(case.title.text, country=here, most=2, least=_LEAST["case"]):
            self._put(case, here, found.id, found.score, found.why)

    def _put(self, case: Case, here: str, known: str, score: float, why: str) -> None:
        self.rows[case.title.text, here, known] = Decision(
            "case", case.title.text, here, known, self.titles[known], "", f"{score:.1f}", why, case.id
        )


def _country(case: Case) -> str:
    return case.countries[0].id if len(case.countries) == 1 else ""


def proposals(lists: Lists, phrases: Phrases, cases: Cases, before: Iterable[Decision]) -> tuple[list[Decision], str]:
    """The rows of matches.csv: what may be meant, with the decisions of `before` kept; and a sentence on what was not compared."""
    rows: dict[tuple[str, str, str, str], Decision] = {}

    def put(row: Decision) -> None:
        rows.setdefault((*row.key, row.id), row)

    cut = ""
    try:
        cut = _organisations(lists, put)
        _places(lists, put)
    except MissingExtra as error:
        cut = f"Names were not compared: {error}."
    for (phrase, concept), n in phrases.found.items():
        put(
            Decision(
                "mechanism",
                phrase,
                "",
                concept,
                lists.shipped.concept["mechanism"][concept],
                "",
                "100.0",
                f"the words stand in the texts of {n} record{'s' * (n != 1)}, such as {', '.join(phrases.where[phrase, concept])}",
                str(n),
            )
        )
    for row in cases.rows.values():
        put(row)
    if cases.compared > MOST:
        cut += f" Titles of the first {MOST:,} cases were compared with those of the shipped cases, the rest by project code only."
    for old in before:
        if old.decision:
            known = rows.get((*old.key, old.id))
            rows[*old.key, old.id] = replace(known, decision=old.decision) if known is not None else old
    return list(rows.values()), cut.strip()


def _organisations(lists: Lists, put: Put) -> str:
    shipped = [k for k in known_in_lists(lists.shipped) if k.kind in ("organisation", "country")]
    mine = sorted((n for n in lists.spelled), key=lambda n: (-lists.uses[n], n))
    looked = mine[:MOST]
    matcher = Matcher(shipped)
    for name in looked:
        row = lists.authority.organisation[name]
        said, bound = lists.spelled[name]
        matcher.add(
            Known(name, "organisation", row.name, tuple(filter(None, row.also.split(" | "))), frozenset(filter(None, [bound])), row.kind)
        )
    order = {name: n for n, name in enumerate(looked)}
    for name in looked:
        said, bound = lists.spelled[name]
        row = lists.authority.organisation[name]
        sort = "" if row.kind == "not-stated" else row.kind
        for found in matcher.candidates(
            said, kind="organisation", country=bound, sort=sort, most=3, least=_LEAST["organisation"], but=(name,)
        ):
            if order.get(found.id, -1) < order[name]:  # one direction only: the rarer name points to the more used one
                put(
                    Decision("organisation", said, bound, found.id, found.label, "", f"{found.score:.1f}", found.why, str(lists.uses[name]))
                )
    return (
        "" if len(mine) <= MOST else f"Of {len(mine):,} organisations the {MOST:,} that are named most were compared with the known ones."
    )


def _places(lists: Lists, put: Put) -> None:
    matcher = Matcher(k for k in known_in_lists(lists.shipped) if k.kind in ("place", "country"))
    for (said, country), n in lists.places.most_common(MOST):
        for found in matcher.candidates(said, kind="place", country=country, most=2, least=_LEAST["place"]):
            put(Decision("place", said, country, found.id, found.label, "", f"{found.score:.1f}", found.why, str(n)))
