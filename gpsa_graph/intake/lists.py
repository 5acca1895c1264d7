"""The authority lists of an import: they grow with the file, know the shipped rows, and obey the decisions of a curator.

An organisation of the file is never merged with a known one by itself. `matches.csv` holds each proposal with its reasons;
where a curator writes `same` into the column `decision`, the next run takes the known id, and `different` or an empty cell
takes it back.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from gpsa_graph import vocab
from gpsa_graph.cases.authority import PUBLIC_KINDS, Authority, Organisation, Source
from gpsa_graph.cases.text import read_text
from gpsa_graph.cells import guarded, unguarded
from gpsa_graph.errors import Problem
from gpsa_graph.graph.look import fold
from gpsa_graph.intake.codes import COUNTRYINFO, Countries

__all__ = ["COLUMNS", "Decision", "Lists", "read_decisions", "write_decisions"]

COLUMNS = ("kind", "said", "country", "id", "label", "decision", "score", "why", "records")
_EMPTY = frozenset({"", "n/a", "na", "none", "null", "unknown", "0", "-", "--", "tbc", "tbd", "xx", "no"})
#: Kinds of organisations that work under one name in many countries.
_WIDE = frozenset({"international-ngo", "regional-ngo", "multilateral", "bilateral-donor", "foundation", "world-bank"})


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of matches.csv: what a record says, what it may mean, and what a curator decided."""

    kind: str
    said: str
    country: str
    id: str
    label: str
    decision: str
    score: str
    why: str
    records: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, fold(self.said), self.country


def read_decisions(path: Path, problems: list[Problem]) -> list[Decision]:
    """The rows of a matches.csv; faults are added to `problems`. No file, no decisions."""
    if not path.exists():
        return []
    text = read_text(path, str(path), problems)
    found: list[Decision] = []
    if text is None:
        return found
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(reader, None) != list(COLUMNS):
            problems.append(Problem(str(path), 1, f"the columns are not {','.join(COLUMNS)}", "Put these columns in this order."))
            return found
        same: dict[tuple[str, str, str], int] = {}
        for cells in reader:
            line = reader.line_num
            if not cells:
                continue
            if len(cells) != len(COLUMNS):
                problems.append(Problem(str(path), line, f"the row has not {len(COLUMNS)} cells", "Quote cells that hold a comma."))
                continue
            made = Decision(*(unguarded(c.strip()) for c in cells))
            if made.decision not in ("", "same", "different"):
                problems.append(
                    Problem(str(path), line, f"'{made.decision}' is no decision", "Write same or different, or leave it empty.")
                )
            elif made.decision == "same" and made.kind != "mechanism" and made.key in same:
                problems.append(
                    Problem(str(path), line, f"'{made.said}' is the same as two things (see line {same[made.key]})", "Keep one 'same'.")
                )
            else:
                found.append(made)
                if made.decision == "same":
                    same[made.key] = line
    except csv.Error as error:
        problems.append(
            Problem(str(path), reader.line_num, f"the row cannot be read: {error}", "Put quotes around a cell that holds a comma.")
        )
    return found


def write_decisions(rows: list[Decision]) -> str:
    """The text of a matches.csv: open proposals first, best first; then what was decided."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda r: (r.decision != "", r.kind, -float(r.score or 0), r.said, r.country, r.id)):
        cells = (row.kind, row.said, row.country, row.id, row.label, row.decision, row.score, row.why, row.records)
        writer.writerow(map(guarded, cells))
    return out.getvalue()


class Lists:
    """Organisations, sources and countries as an import meets them."""

    def __init__(self, shipped: Authority, decisions: list[Decision] | None = None) -> None:
        self.shipped = shipped
        self.countries = Countries(shipped.country)
        self.authority = Authority({}, {}, {}, {}, shipped.concept, shipped.labels, dict(shipped.calls))
        self.decisions = {d.key: d for d in decisions or () if d.decision == "same" and d.kind != "mechanism"}
        self.phrases = {fold(d.said): d.id for d in decisions or () if d.decision == "same" and d.kind == "mechanism"}
        self.expected: Lists | None = None
        """The lists of an earlier pass over the same file, which know what is still to come."""
        self.uses: Counter[str] = Counter()
        self.places: Counter[tuple[str, str]] = Counter()
        self.spelled: dict[str, tuple[str, str]] = {}
        """Organisation id -> the name and country it was first met under."""
        self._ids: dict[tuple[str, ...], str] = {}
        self._taken: dict[str, tuple[str, ...]] = {}
        self.fresh: list[str] = []
        """Organisations and countries that came in since this list was emptied last."""

    def source(self, made: Source) -> Source:
        """Remember a source under its id."""
        name = vocab.source_name(made.url, made.version, made.publisher, made.title, made.date)
        self.authority.source[made.id] = named = Source(
            **{f: getattr(made, f) for f in made.__dataclass_fields__ if f != "name"}, name=name
        )
        return named

    def country(self, said: str) -> str:
        """The code of a country, whose row then stands in the lists; empty where the text is no country."""
        code = self.countries.code(said)
        if code and code not in self.authority.country:
            self.take_country(code)
        return code

    def take_country(self, code: str) -> None:
        """Put the row of a country into the lists, with its sources."""
        row = self.countries.row(code)
        self.authority.country[code] = row
        for name in row.sources.split():
            if name == COUNTRYINFO:
                self.source(
                    Source(
                        COUNTRYINFO,
                        "countryinfo: countries with ISO 3166 codes and regions",
                        "countryinfo (Python package)",
                        "register",
                        "",
                        "whole",
                        "",
                        "",
                        "",
                        "Open data under the MIT licence, installed with gpsa-graph.",
                    )
                )
            else:
                self.authority.source[name] = self.shipped.source[name]
        self.fresh.append(code)

    def take_shipped(self, name: str) -> None:
        """Put a shipped organisation into the lists, with what it cites."""
        row = self.shipped.organisation[name]
        if name in self.authority.organisation:
            return
        self.authority.organisation[name] = row
        for source in row.sources.split():
            self.authority.source[source] = self.shipped.source[source]
        if row.country:
            self.country(row.country)
        self.fresh.append(name)

    def organisation(self, name: str, ref: str, kind: str, level: str, country: str, here: str, source: str) -> str:
        """The id of an organisation that a record names; a new one comes into the lists.

        `country` is where it belongs (public bodies), `here` the country of the record. One reference is one organisation;
        without a reference, one name in one country is.
        """
        ref = "" if fold(ref) in _EMPTY or len(ref) < 3 else ref
        said = name or ref
        bound = country or ("" if kind in _WIDE else here)
        key = ("ref", fold(ref)) if ref else ("name", fold(said), bound)
        decided = self.decisions.get(("organisation", fold(said), bound))
        if decided:
            chosen = decided.id
            if chosen in self.shipped.organisation:
                self.take_shipped(chosen)
            elif self.expected is not None and chosen in self.expected._taken and chosen not in self.authority.organisation:
                self._put(
                    chosen, self.expected._taken[chosen], replace(self.expected.authority.organisation[chosen], also="", sources=source)
                )
            if chosen in self.authority.organisation:
                self._met(chosen, said)
                return chosen
        if known := self._ids.get(key):
            self._met(known, said)
            return known
        made = vocab.slug(ref or f"{bound.lower()}-{said}" if ref or bound else said)
        if made in self.shipped.organisation or made in self._taken:
            made = f"{made[:50].rstrip('-')}-{vocab.digest(*key)[:6]}"
        also = ref if ref and fold(ref) != fold(said) else ""
        self.spelled[made] = (said, bound)
        self._put(made, key, Organisation(made, said, "", kind, level, country, also, "", "", "", source))
        self.uses[made] += 1
        return made

    def _put(self, name: str, key: tuple[str, ...], row: Organisation) -> None:
        self._ids[key] = name
        self._taken[name] = key
        if row.country:
            self.country(row.country)
        self.authority.organisation[name] = row
        self.fresh.append(name)

    def place(self, said: str, country: str) -> str:
        """The id of a known place that a curator has said a name means; empty where nothing was decided."""
        self.places[said, country] += 1
        decided = self.decisions.get(("place", fold(said), country))
        if decided is None or decided.id not in self.shipped.place:
            return ""
        self.take_place(decided.id)
        return decided.id

    def take_place(self, name: str) -> None:
        """Put a shipped place into the lists, with what it is part of and what it cites."""
        while name and name not in self.authority.place:
            row = self.shipped.place[name]
            self.authority.place[name] = row
            for source in row.sources.split():
                self.authority.source[source] = self.shipped.source[source]
            self.country(row.country)
            self.fresh.append(name)
            name = row.part_of

    def _met(self, name: str, said: str) -> None:
        """Count a use; another spelling under the same reference becomes another name."""
        self.uses[name] += 1
        row = self.authority.organisation[name]
        if name in self._taken and fold(said) != fold(row.name):
            others = [o for o in row.also.split(" | ") if o]
            if said not in others and len(others) < 20:
                self.authority.organisation[name] = replace(row, also=" | ".join([*others, said]))
                self.fresh.append(name)

    def is_public(self, name: str) -> bool:
        return self.authority.organisation[name].kind in PUBLIC_KINDS or bool(self.authority.organisation[name].level)

    def snapshot(self, names: list[str]) -> list[list[object]]:
        """What a journal must hold of organisations to know them again."""
        rows: list[list[object]] = []
        for name in names:
            if name in self._taken:
                row = self.authority.organisation[name]
                rows.append([name, list(self._taken[name]), row.name, row.kind, row.level, row.country, row.also, *self.spelled[name]])
        return rows

    def restore(self, rows: list[list[object]]) -> None:
        """Know organisations again out of a journal."""
        for name, key, label, kind, level, country, also, said, bound in rows:
            self._ids[tuple(key)] = str(name)  # type: ignore[arg-type]
            self._taken[str(name)] = tuple(key)  # type: ignore[arg-type]
            self.spelled[str(name)] = (str(said), str(bound))
            self.authority.organisation[str(name)] = Organisation(
                str(name), str(label), "", str(kind), str(level), str(country), str(also), "", "", "", ""
            )
