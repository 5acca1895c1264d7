"""Which known thing a text may mean, with the reasons: name parts, acronym, country, kind. Proposes, never merges.

One scorer for the imports and for reconciliation services. The name score is the smaller part of two views: how alike the
spellings are (normalised indel similarity of the sorted words, rapidfuzz) and which of the words that tell names apart are
shared (inverse document frequency over the known names, Robertson and Sparck Jones 1976), so that two names that share only
'Ministry of' are not alike.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log

from gpsa_graph.cases.authority import PUBLIC_KINDS
from gpsa_graph.errors import MissingExtra
from gpsa_graph.graph.look import fold
from gpsa_graph.intake.known import Known, known_in_graph, known_in_lists

__all__ = ["Candidate", "Known", "Matcher", "known_in_graph", "known_in_lists"]

#: From this score on, and alone by a margin, a candidate may be shown as a match; the decision stays with a person.
SURE, MARGIN, LEAST = 92.0, 5.0, 55.0
#: So many spellings that share words with a text are compared with it in full.
_LOOKED = 40
_SMALL = frozenset(
    {
        "a",
        "an",
        "and",
        "at",
        "by",
        "d",
        "da",
        "das",
        "de",
        "del",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "en",
        "et",
        "for",
        "in",
        "l",
        "la",
        "las",
        "le",
        "les",
        "los",
        "of",
        "on",
        "or",
        "the",
        "to",
        "und",
        "van",
        "von",
        "y",
    }
)
_FORMS = frozenset(
    {
        "asbl",
        "association",
        "assoc",
        "co",
        "company",
        "corp",
        "corporation",
        "ev",
        "gmbh",
        "inc",
        "incorporated",
        "limited",
        "llc",
        "ltd",
        "org",
        "plc",
        "pty",
        "sa",
        "sarl",
    }
)
_WORD = re.compile(r"[^\W_]+")
_BRACKET = re.compile(r"\(([^()]{2,40})\)\s*\Z")
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9&-]{1,11}\Z")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A proposal: a score from 0 to 100 and the reasons for it. `sure`: nothing else comes near; still for a person to decide."""

    id: str
    kind: str
    label: str
    score: float
    reasons: tuple[str, ...]
    sure: bool = False

    @property
    def why(self) -> str:
        """The reasons in one line."""
        return "; ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class _Spelling:
    at: int
    said: str
    words: tuple[str, ...]
    joined: str


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words that tell a name apart: folded, without articles and legal forms (all words, where nothing else is left).

    >>> words_of("The Ministry of Health, Ltd."), words_of("Of the")
    (('ministry', 'health'), ('of', 'the'))
    """
    every = _WORD.findall(fold(text).replace("'s ", "s ").replace("’s ", "s "))
    return tuple(w for w in every if w not in _SMALL and w not in _FORMS) or tuple(every)


def acronyms_of(text: str) -> set[str]:
    """The acronyms that a name of three words or more would have, with and without its small words.

    >>> sorted(acronyms_of("Ministry of Health")), sorted(acronyms_of("Affiliated Network for Social Accountability"))
    (['moh'], ['anfsa', 'ansa'])
    """
    every = _WORD.findall(fold(text))
    return {"".join(w[0] for w in words) for words in (every, words_of(text)) if len(words) > 2}


class Matcher:
    """Proposes known things for texts.

    >>> from gpsa_graph.cases import read
    >>> found = Matcher(known_in_lists(read().authority)).candidates("Ministry of Helth", kind="organisation", country="Uganda")
    >>> found[0].id, found[0].why
    ('uga-ministry-of-health', 'name like "Ministry of Health": shared ministry, near helth/health; the country agrees (UGA)')
    """

    def __init__(self, known: Iterable[Known]) -> None:
        try:
            import rapidfuzz  # noqa: F401
        except ImportError:
            raise MissingExtra("match") from None
        self.known: list[Known] = []
        self._spellings: list[_Spelling] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_acronym: dict[str, list[int]] = defaultdict(list)
        self._frequency: dict[str, int] = defaultdict(int)
        self._exact: dict[str, list[int]] = defaultdict(list)
        self._weights: dict[str, float] = {}
        for thing in known:
            self.add(thing)

    def add(self, thing: Known) -> None:
        """One more known thing."""
        at = len(self.known)
        self.known.append(thing)
        for said in dict.fromkeys((thing.label, *thing.names)):
            words = words_of(said)
            self._exact[" ".join(words)].append(len(self._spellings))
            for word in set(words):
                self._by_word[word].append(len(self._spellings))
                self._frequency[word] += 1
            if _ACRONYM.match(said) and said != said.lower():
                self._by_acronym[fold(said)].append(at)
            else:
                for short in acronyms_of(said):
                    self._by_acronym[short].append(at)
            self._spellings.append(_Spelling(at, said, words, " ".join(sorted(words))))

    @cached_property
    def _countries(self) -> dict[str, str]:
        """Folded name or code of a country -> three-letter code."""
        found: dict[str, str] = {}
        for thing in self.known:
            if thing.kind == "country":
                code = thing.id.rpartition(":")[2]
                found |= {fold(said): code for said in (code, thing.label, *thing.names)}
        return found

    def country(self, said: str) -> str:
        """The three-letter code of a country named by code, prefixed name or name; as it is where no known country has it."""
        plain = said.strip().removeprefix("country:")
        return self._countries.get(fold(plain), plain.upper() if re.fullmatch(r"[A-Za-z]{3}", plain) else "")

    def candidates(
        self, text: str, *, kind: str = "", country: str = "", sort: str = "", most: int = 5, least: float = LEAST, but: Sequence[str] = ()
    ) -> list[Candidate]:
        """The things that `text` may mean, best first; equal scores in the order of their ids.

        `kind` keeps to organisations, places, countries ...; `country` (name or code) and `sort` (the finer kind) speak for or
        against; `but` are ids to leave out. Scores below `least` are left out.
        """
        plain, bracket = text.strip(), ""
        if (found := _BRACKET.search(plain)) and found.start():
            plain, bracket = plain[: found.start()].strip(), found[1]
        if not words_of(plain):
            return []
        code = self.country(country) if country else ""
        best: dict[int, tuple[float, tuple[str, ...]]] = {}

        def keep(at: int, score: float, reasons: tuple[str, ...]) -> None:
            if at not in best or score > best[at][0]:
                best[at] = (score, reasons)

        for view in dict.fromkeys((plain, text.strip())):
            words = words_of(view)
            for number in self._near(words, kind):
                spelling = self._spellings[number]
                if self.known[spelling.at].id not in but:
                    keep(spelling.at, *self._name_score(view, words, spelling))
        for said in filter(None, (plain, bracket)):
            if _ACRONYM.match(said) and sum(c.isupper() for c in said) > 1:
                for at in self._by_acronym.get(fold(said), ()):
                    thing = self.known[at]
                    if (not kind or thing.kind == kind) and thing.id not in but:
                        score, reasons = best.get(at, (0.0, ()))
                        keep(at, max(86.0, min(100.0, score + 6)), (f"the acronym {said} agrees", *reasons[:1]))
        found_ = [self._weighed(at, score, reasons, code, sort) for at, (score, reasons) in best.items()]
        ranked = sorted((c for c in found_ if c.score >= least), key=lambda c: (-c.score, c.id))[:most]
        if ranked and ranked[0].score >= SURE and (len(ranked) == 1 or ranked[0].score - ranked[1].score >= MARGIN):
            first = ranked[0]
            ranked[0] = Candidate(first.id, first.kind, first.label, first.score, first.reasons, True)
        return ranked

    def _near(self, words: tuple[str, ...], kind: str) -> Iterator[int]:
        """Spellings worth a look: the same, those that share the rarest words, and those that look alike as a whole."""
        from rapidfuzz import fuzz, process

        shared: dict[int, float] = defaultdict(float)
        for word in sorted(set(words), key=lambda w: (self._frequency.get(w, 0), w))[:6]:
            weight = self._weight(word)
            for number in self._by_word.get(word, ())[:1000]:
                shared[number] += weight
        wanted = (n for n in shared if not kind or self.known[self._spellings[n].at].kind == kind)
        seen = set(sorted(wanted, key=lambda n: (-shared[n] / (2 + len(self._spellings[n].words)), n))[:_LOOKED])
        joined = " ".join(sorted(words))
        seen.update(n for _, _, n in process.extract(joined, self._joined, scorer=fuzz.ratio, limit=12, score_cutoff=62))
        seen.update(self._exact.get(" ".join(words), ()))
        yield from sorted(n for n in seen if not kind or self.known[self._spellings[n].at].kind == kind)

    @property
    def _joined(self) -> list[str]:
        if len(self._cache) != len(self._spellings):
            self._cache += [s.joined for s in self._spellings[len(self._cache) :]]
        return self._cache

    @cached_property
    def _cache(self) -> list[str]:
        return []

    def _weight(self, word: str) -> float:
        if self._weighed_at != len(self._spellings):
            self._weights, self._weighed_at = {}, len(self._spellings)
        if word not in self._weights:
            self._weights[word] = self._rarity(word)
        return self._weights[word]

    _weighed_at = -1

    def _rarity(self, word: str) -> float:
        return log((1 + len(self._spellings)) / (1 + self._frequency.get(word, 0))) + 0.3

    def _name_score(self, text: str, words: tuple[str, ...], spelling: _Spelling) -> tuple[float, tuple[str, ...]]:
        """How alike two names are, and in which words."""
        from rapidfuzz import fuzz, process

        if words == spelling.words:
            main = spelling.said == self.known[spelling.at].label
            return 100.0 if fold(text) == fold(spelling.said) else 99.0, (
                f'"{spelling.said}" is the name' if main else f'"{spelling.said}" is another name',
            )
        theirs, shared, near = list(spelling.words), [], []
        total = both = 0.0
        for word in words:
            weight = self._weight(word)
            total += weight
            if word in theirs:
                theirs.remove(word)
                shared.append(word)
                both += weight
                continue
            nearest = process.extractOne(word, theirs, scorer=fuzz.ratio, score_cutoff=80) if len(word) > 3 and theirs else None
            if nearest is not None:
                close = nearest[0]
                theirs.remove(close)
                near.append(f"{word}/{close}")
                total += self._weight(close) - weight  # the misspelt word is rare only by its misspelling
                both += 0.9 * self._weight(close)
        total += sum(map(self._weight, theirs))
        alike = fuzz.ratio(" ".join(sorted(words)), spelling.joined)
        score = min(0.5 * alike + 50 * both / total, 98.0) if total else alike
        parts = ([f"shared {', '.join(shared)}"] if shared else []) + ([f"near {', '.join(near)}"] if near else [])
        return score, (f'name like "{spelling.said}"' + (f": {', '.join(parts)}" if parts else ""),)

    def _weighed(self, at: int, score: float, reasons: tuple[str, ...], country: str, sort: str) -> Candidate:
        thing = self.known[at]
        said = list(reasons)
        public = thing.sort in PUBLIC_KINDS
        if country and thing.kind != "country":
            if country in thing.countries:
                said.append(f"the country agrees ({country})")
                score = min(100.0, score + 3)
            elif thing.countries:
                said.append(f"the country differs ({', '.join(sorted(thing.countries)[:3])}, not {country})")
                score -= 30 if public else 15
            else:
                said.append("no country is known")
                score -= 3
        if sort and thing.sort:
            if sort == thing.sort:
                said.append(f"the kind agrees ({sort})")
                score = min(100.0, score + 2)
            elif (sort in PUBLIC_KINDS) != public:
                said.append(f"one is a public body, the other is not ({thing.sort}, not {sort})")
                score -= 12
        return Candidate(thing.id, thing.kind, thing.label, round(max(score, 0.0), 1), tuple(said))
