"""One import: the file it reads, what it found wrong, and what became of every record and every element, in numbers."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gpsa_graph.cases.authority import Source
from gpsa_graph.errors import Problem
from gpsa_graph.intake.lists import Lists
from gpsa_graph.intake.xml import Refused

if TYPE_CHECKING:
    from gpsa_graph.intake.sheets.common import Sheet

__all__ = ["MAPPED", "File", "Filters", "Session", "Tally", "look_at"]

MAPPED = "mapped"
_KEPT = 1_000
_RDF = re.compile(r"\.(ttl|nt|nq|trig|jsonld|rdf)(\.gz|\.zst)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """The file that is imported: how it is called, its size in bytes, its SHA-256."""

    path: Path
    shown: str
    size: int
    sha256: str

    @property
    def version(self) -> str:
        """The first eight digits of the checksum, to tell versions apart."""
        return self.sha256[:8]


def look_at(path: Path, largest: int = 0) -> File:
    """The facts of a file that can be read; Refused in one sentence where it is none, or larger than `largest` bytes (0: any)."""

    def no(message: str, fix: str) -> Refused:
        return Refused(Problem(str(path), 0, message, fix))

    try:
        facts = os.stat(path)
        if stat.S_ISDIR(facts.st_mode):
            raise no("is a folder where a file is expected", "Name the file in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise no("is no plain file", "Save it as a file first: it is read twice.")
        if _RDF.search(path.name):
            raise no("is RDF by its name, not a list of cases to import", f"Bring it in with: gpsa load {path} --store DIR")
        if facts.st_size == 0:
            raise no("the file is empty", "Give the whole file.")
        if largest and facts.st_size > largest:
            raise no(f"{facts.st_size:,} bytes are more than a table may have ({largest:,})", "Split the file.")
        whole = hashlib.sha256()
        with open(path, "rb") as stream:
            while chunk := stream.read(1 << 20):
                whole.update(chunk)
    except OSError as error:
        raise no(f"cannot be read: {(error.strerror or str(error)).lower()}", "See that it exists and may be read.") from None
    return File(path, path.name, facts.st_size, whole.hexdigest())


@dataclass(slots=True)
class Tally:
    """Counts that add up: every record has one fate, every element of a record one outcome."""

    records: Counter[str] = field(default_factory=Counter)
    elements: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Of records that were imported: (element, outcome, reason)."""

    def element(self, name: str, outcome: str = MAPPED, why: str = "", n: int = 1) -> None:
        """One element (or `n`) came to an outcome: mapped, not mapped, dropped."""
        self.elements[name, outcome, why] += n

    def seen(self) -> Counter[str]:
        """Element -> how many there were."""
        found: Counter[str] = Counter()
        for (name, _, _), n in self.elements.items():
            found[name] += n
        return found

    def add(self, other: Tally) -> None:
        """The counts of another one on top."""
        self.records.update(other.records)
        self.elements.update(other.elements)

    def to_json(self) -> dict[str, object]:
        """A form for a journal or a report."""
        return {"records": dict(sorted(self.records.items())), "elements": [[*key, n] for key, n in sorted(self.elements.items())]}

    @classmethod
    def of(cls, said: dict[str, object]) -> Tally:
        """The counts out of that form."""
        made = cls()
        made.records.update(said["records"])  # type: ignore[call-overload]
        for name, outcome, why, n in said["elements"]:  # type: ignore[attr-defined]
            made.elements[name, outcome, why] = n
        return made


@dataclass(frozen=True, slots=True)
class Filters:
    """Which records are wanted; empty means all. Several of one filter: any of them; several filters: all of them."""

    countries: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()
    identifiers: frozenset[str] = frozenset()

    def refusal(self, identifier: str, countries: Iterable[str], sectors: Callable[[], Iterable[str]], text: Callable[[], str]) -> str:
        """The name of the first filter that a record does not pass, or nothing."""
        if self.identifiers and identifier.lower() not in self.identifiers:
            return "--identifier"
        if self.countries and not self.countries.intersection(countries):
            return "--country"
        if self.sectors and not self.sectors.intersection(sectors()):
            return "--sector"
        if self.texts:
            from gpsa_graph.graph.look import fold

            folded = fold(text())
            if not any(t in folded for t in self.texts):
                return "--text"
        return ""


class Session:
    """What a reader of records needs: where it stands, whom it knows, and where to put what is wrong."""

    def __init__(self, file: File, lists: Lists, filters: Filters | None = None, *, kind: str = "register") -> None:
        self.file, self.lists, self.filters, self.kind = file, lists, filters or Filters(), kind
        self.tally = Tally()
        self.problems: list[Problem] = []
        self.more = 0
        self.remarks: list[str] = []
        self._seen: set[int] = set()

    def seen(self, key: int) -> bool:
        """Whether a record of this key was there before; it is remembered."""
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    def fault(self, line: int, message: str, fix: str = "", *, where: str = "") -> None:
        """Something is wrong in the file; `where` is a place in it that is no line (a cell of a sheet)."""
        if len(self.problems) < _KEPT:
            self.problems.append(Problem(f"{self.file.shown}{where}", line, message, fix))
        else:
            self.more += 1

    def remark(self, text: str) -> None:
        """Something to know that is no fault."""
        if text not in self.remarks:
            self.remarks.append(text)

    def sheet_done(self, sheet: Sheet) -> None:
        """Take over what a sheet found wrong while it was read."""
        for text in sheet.remarks:
            self.remark(f"sheet '{sheet.name}': {text}" if sheet.name else text)
        for place, message, fix in sheet.faults:
            self.fault(0, message, fix, where=f":{sheet.name}:{place}" if sheet.name else f":{place}")

    def source(self, case: str, title: str, publisher: str, day: str, number: int, place: str, link: str = "", kind: str = "") -> Source:
        """The source of every fact of one record: the imported file and the record in it."""
        what = f"{title} in '{self.file.shown}' (file {self.file.version})"
        note = f"Record {number} ({place}) of the imported file; SHA-256 of the file: {self.file.sha256}." + (
            f" Page: {link}" if link else ""
        )
        return self.lists.source(
            Source(
                id=f"{case}-{self.file.version}",
                title=what,
                publisher=publisher,
                kind=kind or self.kind,
                date=day,
                read="whole",
                url="",
                version=self.file.version,
                doi="",
                note=note,
            )
        )


_SPACE = re.compile(r"\s+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


def plain(text: str) -> str:
    """A text as the case files have it: one line, no control or direction marks, letters in one spelling (NFC).

    >>> plain(" a\\u202eb \\n c")
    'ab c'
    """
    import unicodedata

    return unicodedata.normalize("NFC", _SPACE.sub(" ", _CONTROL.sub("", text)).strip())
