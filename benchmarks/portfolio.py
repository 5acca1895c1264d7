"""Portfolios of any size as N-Triples, seeded, written as fast as a disk takes them.

The shipped cases are the templates: their triples come from `gpsa_graph.triples`, so that every form of fact, claim and source
occurs as often together as it does there. A synthetic case has parts, claims, texts and (where no other case cites them) sources
of its own. Each place of an organisation is given to a new organisation, or to one that is there already, the likelier the more
cases it has (Yule and Simon's process): so a few bodies have very many cases and most have one, as in real portfolios.
Countries, concepts, calls and programmes stay. The same size and seed give the same bytes. Nothing in it is a fact.

Run: python benchmarks/portfolio.py CASES FILE.nt|FILE.nt.zst [SEED]
"""

from __future__ import annotations

import itertools
import random
import re
import sys
from collections import defaultdict
from pathlib import Path

import zstandard

from gpsa_graph import vocab
from gpsa_graph.cases import read
from gpsa_graph.graph.compiled import compiled

#: The share of places that go to an organisation nobody has seen yet.
NEW = 0.6
_MASK = (1 << 64) - 1
_NODE = re.compile(rf"<{re.escape(vocab.BASE)}([a-z-]+)/([^>/]+)>")
_TEXT = re.compile(r'"(?=(?:@en)? \.\n$)')
_PART_OF = tuple(f"> {vocab.term(f'gpsa:{name}')} <" for name in ("about", "inCase"))
_HASHED = re.compile(r"(?:(.*)-)?([0-9a-f]{16})\Z")


def _renamed(name: str, number: int) -> str:
    """A name of its own for a copy; where it ends in a hash, another hash."""
    found = _HASHED.match(name)
    if found is None:
        return f"{name}-r{number}"
    other = f"{(int(found[2], 16) ^ (number * 0x9E3779B97F4A7C15)) & _MASK:016x}"
    return f"{found[1]}-r{number}-{other}" if found[1] else other


class Portfolio:
    """The templates, and the organisations that exist so far."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        data = read()
        lines = sorted(set(compiled(data).decode().splitlines(keepends=True)))
        about: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            about[line.partition(" ")[0]].append(line)
        cases = [vocab.node("case", case.id) for case in data.cases]
        owner: dict[str, str] = {case: case for case in cases}
        for subject, said in about.items():
            for line in said:
                if any(mark in line for mark in _PART_OF) and (case := line.rsplit(" ", 2)[1]) in owner:
                    owner.setdefault(subject, case)
        cited: dict[str, set[str]] = defaultdict(set)
        for subject, case in owner.items():
            for line in about[subject]:
                for kind, name in _NODE.findall(line):
                    if kind == "source":
                        cited[vocab.node(kind, name)].add(case)
        for source, by in cited.items():
            if len(by) == 1:
                owner[source] = next(iter(by))
        self.cases = cases
        self.of: dict[str, list[str]] = {case: [] for case in cases}
        for subject in sorted(owner):
            self.of[owner[subject]] += about[subject]
        self.shared = [line for subject in sorted(about) if subject not in owner for line in about[subject]]
        self.organisations = {s: about[s] for s in about if s.startswith(vocab.node("organisation", "")[:-1])}
        self.templates = [self._template(case, owner) for case in cases]
        self.uses: dict[str, list[str]] = defaultdict(list)
        self.made = 0

    def _template(self, case: str, owner: dict[str, str]) -> tuple[list[str], list[tuple[int, str, str]], list[tuple[int, str]]]:
        """The pieces of a case's text, and which of them are names of its own, texts, or organisations."""
        pieces: list[str] = []
        own: list[tuple[int, str, str]] = []
        others: list[tuple[int, str]] = []
        identifier = f'"{case.rpartition("/")[2][:-1]}"'
        for line in self.of[case]:
            at = 0
            for match in _NODE.finditer(line):
                node = match[0]
                organisation = match[1] == "organisation"
                if owner.get(node) != case and not organisation:
                    continue
                pieces.append(line[at:match.start()])
                if organisation:
                    others.append((len(pieces), node))
                else:
                    own.append((len(pieces), match[1], match[2]))
                pieces.append(node)
                at = match.end()
            rest = line[at:]
            if identifier in rest:
                before, _, rest = rest.partition(identifier)
                pieces.append(before)
                own.append((len(pieces), "", identifier[1:-1]))
                pieces.append(identifier)
            elif len(rest) > 40 and (end := _TEXT.search(rest)):
                pieces.append(rest[:end.start()])
                own.append((len(pieces), "text", ""))
                pieces.append("")
                rest = rest[end.start():]
            pieces.append(rest)
        return pieces, own, others

    def _organisation(self, like: str, new: list[str]) -> str:
        """An organisation for a place that `like` has in the template; its own triples go to `new` when it is new."""
        name = like.rpartition("/")[2][:-1]
        uses = self.uses[name[:3]]
        if uses and self.random.random() >= NEW:
            found = self.random.choice(uses)
        else:
            self.made += 1
            found = vocab.node("organisation", f"{name}-r{self.made}")
            new += [line.replace(like, found) for line in self.organisations[like]]
        uses.append(found)
        return found

    def case(self, number: int) -> str:
        """The triples of one more case."""
        pieces, own, others = self.templates[self.random.randrange(len(self.templates))]
        text, new, given = list(pieces), [], dict[str, str]()
        for at, kind, name in own:
            if kind == "text":
                text[at] = f" ({number})"
            else:
                text[at] = vocab.node(kind, _renamed(name, number)) if kind else f'"{_renamed(name, number)}"'
        for at, node in others:
            if node not in given:
                given[node] = self._organisation(node, new)
            text[at] = given[node]
        return "".join(text) + "".join(new)


def write_portfolio(path: Path, cases: int, seed: int = 0) -> tuple[int, int]:
    """Write a portfolio, packed where the name ends in zst; gives the number of lines and of bytes before packing.

    Below the number of shipped cases, some of those are left out.
    """
    made = Portfolio(seed)
    kept = made.cases if cases >= len(made.cases) else [made.cases[i * len(made.cases) // cases] for i in range(cases)]
    lines = size = 0
    with zstandard.open(path, "wb") if path.suffix == ".zst" else path.open("wb", buffering=1 << 20) as stream:
        parts = ["".join(made.shared), *("".join(made.of[case]) for case in kept)]
        for part in itertools.chain(parts, map(made.case, range(1, cases - len(kept) + 1))):
            text = part.encode()
            stream.write(text)
            lines += text.count(b"\n")
            size += len(text)
    return lines, size


if __name__ == "__main__":
    print(*write_portfolio(Path(sys.argv[2]), int(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0), "lines, bytes")
