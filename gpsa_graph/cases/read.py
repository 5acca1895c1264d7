"""Read a data folder into values, and say everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date as day
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from gpsa_graph import vocab
from gpsa_graph.cases import model, programme
from gpsa_graph.cases.authority import Authority, read_authority
from gpsa_graph.cases.model import Case, Entry
from gpsa_graph.cases.programme import Event, Programme
from gpsa_graph.cases.rules import case_rules
from gpsa_graph.cases.text import Items, Map, Text, read_map
from gpsa_graph.errors import DataError, Problem, UnknownName
from gpsa_graph.resources import data_folder, ontology_files

T = TypeVar("T", Case, Event, Programme)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?\Z")
_TIME = re.compile(r"T\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)\Z")
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")
_LOCAL = re.compile(r"\b(?:[sgr]\d{1,2}[a-z]?|wbp|wbr\d)\b")
_TOP = {"path", "cites", "line"}


@dataclass(frozen=True, slots=True)
class Data:
    """A whole data folder, checked: cases sorted by id, the programme, events and the authority lists."""

    cases: tuple[Case, ...]
    programmes: tuple[Programme, ...]
    events: tuple[Event, ...]
    authority: Authority

    def case(self, name: str) -> Case:
        """The case with this id, or UnknownName with the near misses."""
        for case in self.cases:
            if case.id == name:
                return case
        raise UnknownName("case", name, near=vocab.near(name, [c.id for c in self.cases]))


@cache
def _schema(kind: type) -> dict[str, Any]:
    return {f.name: f for f in fields(kind) if f.name not in _TOP}


class _Reader:
    """Turns one map of a file into one value; collects faults instead of raising."""

    def __init__(self, shown: str, authority: Authority, problems: list[Problem]) -> None:
        self.shown, self.authority, self.problems = shown, authority, problems
        self.local: dict[str, str] = {}
        self.used: set[str] = set()

    def fault(self, line: int, message: str, fix: str = "") -> None:
        self.problems.append(Problem(self.shown, line, message, fix))

    def sources(self, top: Map) -> None:
        """The file's own short names for sources: `s1: id-in-sources-csv`."""
        given = top.pop("sources", None)
        if given is None:
            self.fault(1, "the file has no 'sources'", "Add 'sources:' with a line 's1: id' for each source of sources.csv.")
        elif not isinstance(given, Map):
            self.fault(given.line, "'sources' is not a map", "Write a line 's1: id' for each source.")
        else:
            for name, value in given.items():
                if not isinstance(value, Text) or value not in self.authority.source:
                    close = self.authority.near("source", str(value)) if isinstance(value, Text) else []
                    self.fault(given.lines[name], f"source '{value}' is not in sources.csv",
                               f"Did you mean '{close[0]}'?" if close else "Add a row to data/sources.csv.")
                self.local[name] = str(value)
            self.lines = given.lines

    def unused(self) -> None:
        for name in self.local:
            if name not in self.used:
                self.fault(self.lines[name], f"source '{name}' is cited by nothing", "Cite it, or take the line out.")

    def value(self, kind: type, given: Any) -> Any:
        """A value of `kind` from a map, or None where it is not usable."""
        if not isinstance(given, Map):
            self.fault(given.line, "expected keys and values here", f"Write {{{', '.join(list(_schema(kind))[:4])} ...}}.")
            return None
        schema, values, good = _schema(kind), {}, True
        for key, inner in given.items():
            line = given.lines[key]
            spec = schema.get(key)
            if spec is None:
                close = vocab.near(key, schema) if len(key) < 40 else []
                empty = isinstance(inner, Text) and inner == ""
                fix = f"Did you mean '{close[0]}'?" if close else ""
                if empty and not close:
                    fix = "An unquoted comma cuts a text in two: put the text between quotes."
                self.fault(line, f"unknown key '{key}'", fix or "Known keys: " + ", ".join(schema) + ".")
                good = False
            elif isinstance(inner, (Text, Items, Map)) and not inner:
                self.fault(line, f"'{key}' is empty", "Say something or take the key out.")
                good = False
            else:
                made = self.field(spec.metadata["kind"], spec.metadata["of"], inner, key)
                good = good and made is not None
                values[key] = made
        for name, spec in schema.items():
            if spec.metadata["required"] and name not in given:
                what = "names no source" if name == "sources" else f"has no '{name}'"
                self.fault(given.line, f"this entry {what}", "Add " + ("sources: [s1]." if name == "sources" else f"'{name}'."))
                good = False
        if not good:
            return None
        extra = {"path": self.shown} if "path" in kind.__dataclass_fields__ else {}  # type: ignore[attr-defined]
        made = kind(**values, **extra, line=given.line)
        if isinstance(made, Entry) and (made.basis == "inferred") != bool(made.why):
            self.fault(given.line, "an inferred value needs 'basis: inferred' and 'why'",
                       "Say in one sentence why it follows from its sources.")
        return made

    def field(self, kind: str, of: str, given: Any, key: str) -> Any:
        if kind in ("one", "many"):
            target = getattr(model, of, None) or getattr(programme, of)
            if kind == "one":
                return self.value(target, given)
            if not isinstance(given, Items):
                self.fault(given.line, f"'{key}' is not a list", "Begin each entry with '- '.")
                return None
            made = [self.value(target, item) for item in given]
            return None if any(m is None for m in made) else tuple(made)
        if kind in ("texts", "concepts", "refs", "sources"):
            if not isinstance(given, Items) or not all(isinstance(item, Text) for item in given):
                self.fault(given.line, f"'{key}' is not a list of words", f"Write {key}: [a, b].")
                return None
            single = {"texts": "text", "concepts": "concept", "refs": "ref", "sources": "source"}[kind]
            found = [self.scalar(single, of, item, key) for item in given if isinstance(item, Text)]
            if len(set(map(str, given))) < len(given):
                self.fault(given.line, f"'{key}' names something twice", "Keep one of them.")
            return None if any(f is None for f in found) else tuple(found)
        if not isinstance(given, Text):
            self.fault(given.line, f"'{key}' is not a plain value", f"Write {key}: value.")
            return None
        return self.scalar(kind, of, given, key)

    def scalar(self, kind: str, of: str, given: Text, key: str) -> Any:
        line, said = given.line, str(given)
        if said != said.strip():
            self.fault(line, f"'{key}' begins or ends with a blank", "Take the blank out.")
            return None
        if kind == "text":
            return _LOCAL.sub(self.cited, said)
        if kind == "source":
            found = self.local.get(said)
            if found is None and said not in self.authority.source:
                close = vocab.near(said, self.local) or vocab.near(said, self.authority.source)
                self.fault(line, f"no source '{said}' in this file or in sources.csv",
                           f"Did you mean '{close[0]}'?" if close else "Add it under 'sources:'.")
                return None
            self.used.add(said)
            return found or said
        if kind == "concept":
            return self.known(line, said, of, self.authority.concept[of], f"ontology/vocabularies (scheme {of})")
        if kind == "ref":
            rows = self.authority.calls if of == "call" else getattr(self.authority, of)
            where = {"organisation": "organisations.csv", "place": "places.csv", "country": "countries.csv"}.get(of, "programme.yaml")
            return self.known(line, said, of, rows, f"data/{where}")
        if kind == "word":
            if said in of.split():
                return said
            self.fault(line, f"'{key}' cannot be '{said}'", f"Write one of: {', '.join(of.split())}.")
            return None
        if kind == "flag":
            if said in ("true", "false"):
                return said == "true"
            self.fault(line, f"'{key}' is neither true nor false: '{said}'")
            return None
        if kind == "number":
            if _NUMBER.match(said):
                return said
            self.fault(line, f"'{said}' is no plain number", "Write digits and a point for decimals, such as 1234.5.")
            return None
        return self.moment(line, said, key) if kind == "date" else self.year(line, said)

    def cited(self, match: re.Match[str]) -> str:
        """A local source id inside a text, written out as publisher and year."""
        if match[0] not in self.local or self.local[match[0]] not in self.authority.source:
            return match[0]
        self.used.add(match[0])
        row = self.authority.source[self.local[match[0]]]
        return row.publisher + (f" {row.date[:4]}" if row.date else "")

    def known(self, line: int, said: str, table: str, rows: Any, where: str) -> str | None:
        if said in rows:
            return said
        close = self.authority.near(table, said)
        what = table.replace("-", " ")
        self.fault(line, f"unknown {what} '{said}'", (f"Did you mean '{close[0]}'? " if close else "") + f"All of them: {where}.")
        return None

    def year(self, line: int, said: str) -> int | None:
        if re.match(r"(?:19|20)\d\d\Z", said):
            return int(said)
        self.fault(line, f"'{said}' is no year between 1900 and 2099")
        return None

    def moment(self, line: int, said: str, key: str) -> str | None:
        plain = said[:10] if _TIME.search(said) and len(said) in (20, 25) else said
        match = _PARTIAL.match(plain)
        try:
            if match:
                day(int(match[1]), int(match[2] or 1), int(match[3] or 1))
                if 1900 <= int(match[1]) < 2100:
                    return said
        except ValueError:
            pass
        self.fault(line, f"'{said}' is no date for '{key}'", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
        return None


def _file(path: Path, kind: type[T], authority: Authority, problems: list[Problem], show: Callable[[Path], str]) -> T | None:
    shown = show(path)
    top = read_map(path, shown, problems)
    if top is None:
        return None
    reader = _Reader(shown, authority, problems)
    reader.sources(top)
    made = reader.value(kind, top)
    if made is None:
        return None
    reader.unused()
    name = path.stem if kind is not Programme else made.id
    if made.id != name:
        reader.fault(top.lines["id"], f"id '{made.id}' is not the file name '{path.stem}'", "Make them equal.")
    object.__setattr__(made, "cites", tuple(sorted(set(reader.local.values()))))
    return made  # type: ignore[no-any-return]


def read(folder: Path | None = None, *, only: Sequence[Path] | None = None,
         vocabularies: Sequence[Path] | None = None) -> Data:
    """Read and check the data folder (default: the shipped data).

    `only` restricts the case files that are read. Raises DataError with every fault of every file.

    >>> len(read().cases) > 0
    True
    """
    data, problems = check_folder(folder, only=only, vocabularies=vocabularies)
    if problems:
        raise DataError(problems)
    return data


def check_folder(folder: Path | None = None, *, only: Sequence[Path] | None = None,
                 vocabularies: Sequence[Path] | None = None) -> tuple[Data, list[Problem]]:
    """What could be read from a folder, and everything that is wrong with it."""
    root = (folder or data_folder()).resolve()
    problems: list[Problem] = []
    if not root.is_dir():
        raise DataError([Problem(str(folder), 0, "there is no such data folder", "Name a folder with cases/ and sources.csv.")])

    def show(path: Path) -> str:
        try:
            return f"{root.name}/{path.resolve().relative_to(root).as_posix()}"
        except ValueError:
            return str(path)

    authority = read_authority(root, vocabularies or ontology_files()[1:], problems, show)
    programmes: list[Programme] = []
    if (root / "programme.yaml").exists():
        _collect_calls(root / "programme.yaml", authority)
        made = _file(root / "programme.yaml", Programme, authority, problems, show)
        programmes += [made] if made else []
    files = list(only) if only is not None else sorted(p for p in (root / "cases").glob("*.yaml") if not p.name.startswith("_"))
    cases = [c for path in files if (c := _file(path, Case, authority, problems, show))]
    events = [e for path in sorted((root / "events").glob("*.yaml"))
              if not path.name.startswith("_") and (e := _file(path, Event, authority, problems, show))]
    known = {p.stem for p in (root / "cases").glob("*.yaml")} | {c.id for c in cases}
    for case in cases:
        case_rules(case, known, authority, problems)
    for event in events:
        for shown in event.showcases:
            if shown.case not in known:
                problems.append(Problem(event.path, shown.line, f"unknown case '{shown.case}'"))
    return Data(tuple(sorted(cases, key=lambda c: c.id)), tuple(programmes), tuple(events), authority), problems


def _collect_calls(path: Path, authority: Authority) -> None:
    top = read_map(path, path.name, [])
    calls = top.get("calls") if top else None
    for call in calls if isinstance(calls, Items) else ():
        if isinstance(call, Map) and isinstance(call.get("id"), Text):
            authority.calls[str(call["id"])] = call.line
