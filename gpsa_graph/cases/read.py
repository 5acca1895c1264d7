"""Read a data folder into values, and say everything that is wrong with it at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from gpsa_graph import vocab
from gpsa_graph.cases import model, programme
from gpsa_graph.cases.authority import Authority, is_date, read_authority
from gpsa_graph.cases.model import Case, Entry
from gpsa_graph.cases.programme import Event, Programme
from gpsa_graph.cases.rules import Fault, across_files, case_rules, event_rules, programme_rules
from gpsa_graph.cases.text import Items, Map, Text, Value, read_map, read_text
from gpsa_graph.errors import DataError, Problem, UnknownName
from gpsa_graph.resources import data_folder, ontology_files

T = TypeVar("T", Case, Event, Programme)
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?\Z")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z")
_TIME = re.compile(r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])\Z")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\s+([0-9]{4}-[0-9]{2}-[0-9]{2})\s*\Z")
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


class Reader:
    """Turns one map of a file into one value; collects faults instead of raising."""

    def __init__(self, shown: str, authority: Authority, problems: list[Problem]) -> None:
        self.shown, self.authority, self.problems = shown, authority, problems
        self.local: dict[str, str] = {}

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
            cited = set(_mentioned(top))
            for name in given:
                if name not in cited:
                    self.fault(given.lines[name], f"source '{name}' is cited by nothing", "Cite it, or take the line out.")

    def value(self, kind: type, given: Any, torn: set[str] | None = None) -> Any:
        """A value of `kind` from a map, or None where it is not usable.

        With `torn`, entries that have a fault are left out, and the keys they stood under are added to it.
        """
        if not isinstance(given, Map):
            self.fault(given.line, "expected keys and values here", f"Write {{{', '.join(list(_schema(kind))[:4])} ...}}.")
            return None
        schema = _schema(kind)
        values: dict[str, Any] = {}
        bad: set[str] = set()
        for key, inner in given.items():
            line = given.lines[key]
            spec = schema.get(key)
            if spec is None:
                close = vocab.near(key, schema) if len(key) < 40 else []
                empty = isinstance(inner, Text) and inner == ""
                fix = f"Did you mean '{close[0]}'?" if close else ""
                if empty:
                    fix = f"An unquoted comma cuts a text in two: put the text between quotes. {fix}".strip()
                self.fault(line, f"unknown key '{key}'", fix or "Known keys: " + ", ".join(schema) + ".")
                bad.add(key)
            elif not inner:
                self.fault(line, f"'{key}' is empty", "Say something or take the key out; quote a text that holds a comma.")
                bad.add(key)
            else:
                made = self.field(spec.metadata["kind"], spec.metadata["of"], inner, key)
                values[key] = tuple(m for m in made if m is not None) if isinstance(made, tuple) else made
                if made is None or values[key] != made:
                    bad.add(key)
        needed = {name for name, spec in schema.items() if spec.metadata["required"]}
        for name in sorted(needed - given.keys()):
            what = "names no source" if name == "sources" else f"has no '{name}'"
            self.fault(given.line, f"this entry {what}", "Add " + ("sources: [s1]." if name == "sources" else f"'{name}'."))
        if not needed <= given.keys() - bad:
            return None
        if torn is not None:
            torn |= bad
            values = {k: v for k, v in values.items() if v is not None}
        elif bad:
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
            return tuple(self.value(target, item) for item in given)
        if kind in ("texts", "concepts", "refs", "sources"):
            if not isinstance(given, Items) or not all(isinstance(item, Text) for item in given):
                self.fault(given.line, f"'{key}' is not a list of words", f"Write {key}: [a, b].")
                return None
            single = {"texts": "text", "concepts": "concept", "refs": "ref", "sources": "source"}[kind]
            found = [self.scalar(single, of, item, key) for item in given if isinstance(item, Text)]
            if len(set(map(str, given))) < len(given):
                self.fault(given.line, f"'{key}' names something twice", "Keep one of them.")
            return tuple(found)
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
            self.fault(line, f"'{key}' is neither true nor false: '{said}'", "Write true, or take the key out.")
            return None
        if kind == "number":
            if _NUMBER.match(said):
                return said
            self.fault(line, f"'{said}' is no plain number", "Write digits and a point for decimals, such as 1234.5; no sign, no comma.")
            return None
        if kind == "date":
            whole_day = _TIME.sub("", said)
            if is_date(whole_day) and (whole_day == said or len(whole_day) == 10):
                return said
            self.fault(line, f"'{said}' is no date for '{key}'", "Write YYYY, YYYY-MM or YYYY-MM-DD, from 1900 to 2099.")
            return None
        if _YEAR.match(said):
            return int(said)
        self.fault(line, f"'{said}' is no year between 1900 and 2099", "Write four digits, such as 2016.")
        return None

    def cited(self, match: re.Match[str]) -> str:
        """A local source id inside a text, written out as publisher and year."""
        if match[0] not in self.local or self.local[match[0]] not in self.authority.source:
            return match[0]
        row = self.authority.source[self.local[match[0]]]
        return row.publisher + (f" {row.date[:4]}" if row.date else "")

    def known(self, line: int, said: str, table: str, rows: Any, where: str) -> str | None:
        if said in rows:
            return said
        close = self.authority.near(table, said)
        what = table.replace("-", " ")
        self.fault(line, f"unknown {what} '{said}'", (f"Did you mean '{close[0]}'? " if close else "") + f"All of them: {where}.")
        return None


def _mentioned(value: Value, key: str = "") -> Iterator[str]:
    """Short names of sources that a file cites, under 'sources' or inside a text."""
    if isinstance(value, Text):
        yield from [str(value)] if key == "sources" else _LOCAL.findall(value)
    elif isinstance(value, Map):
        for name, inner in value.items():
            yield from _mentioned(inner, name)
    else:
        for inner in value:
            yield from _mentioned(inner, key)


def _file(path: Path, kind: type[T], authority: Authority, problems: list[Problem], show: Callable[[Path], str],
          torn: set[str]) -> T | None:
    """The value of a file as far as it can be read; `torn` gets the keys that have a fault below them."""
    shown = show(path)
    top = read_map(path, shown, problems)
    if top is None:
        return None
    reader = Reader(shown, authority, problems)
    reader.sources(top)
    made = reader.value(kind, top, torn)
    if made is None:
        return None
    name = path.stem if kind is not Programme else "gpsa"
    if made.id != name:
        what = f"the file name '{path.stem}'" if kind is not Programme else "'gpsa'"
        reader.fault(top.lines["id"], f"id '{made.id}' is not {what}", "Make them equal.")
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
    """What could be read from a folder, and everything that is wrong with it. A file with a fault is not part of the data.

    Raises DataError where there is no such folder.
    """
    root = Path(os.path.realpath(folder or data_folder()))
    problems: list[Problem] = []
    if not os.path.isdir(root):
        raise DataError([Problem(str(folder), 0, "there is no such data folder", "Name a folder with cases/ and sources.csv.")])

    def show(path: Path) -> str:
        for one in (path, Path(os.path.realpath(path))):
            if one.is_relative_to(root):
                return f"{root.name}/{one.relative_to(root).as_posix()}"
        return str(path)

    def files(kind: str) -> list[Path]:
        try:
            names = sorted(n for n in os.listdir(root / kind) if not n.startswith(("_", ".")))
        except OSError as error:
            if kind == "cases" and only is None:
                problems.append(Problem(show(root / kind), 0, f"cannot be read: {error.strerror}", "Put the case files there."))
            return []
        problems.extend(Problem(show(root / kind / n), 0, "is not read: its name does not end in .yaml", "Rename or move it.")
                        for n in names if not n.endswith(".yaml"))
        return [root / kind / n for n in names if n.endswith(".yaml")]

    _version(root / "VERSION", show, problems)
    authority = read_authority(root, vocabularies or ontology_files()[1:], problems, show)
    programmes: list[Programme] = []
    if os.path.lexists(root / "programme.yaml"):
        _collect_calls(root / "programme.yaml", authority)
        programmes = _checked([root / "programme.yaml"], Programme, authority, problems, show,
                              lambda made, torn, fault: programme_rules(made, fault))
    shipped = files("cases")
    given = list(only) if only is not None else shipped
    known = {p.stem for p in (*shipped, *given)}
    for path, other in _twins(given):
        problems.append(Problem(show(path), 0, f"the case '{path.stem}' also stands in {show(other)}", "Keep one of them."))
    cases = _checked(given, Case, authority, problems, show,
                     lambda case, torn, fault: case_rules(case, known, authority, torn, fault))
    paths = files("events")
    stems = {p.stem for p in paths}
    events = _checked(paths, Event, authority, problems, show, lambda event, torn, fault: event_rules(event, known, stems, fault))
    across_files(cases, events, known, problems)
    data = Data(tuple(sorted(cases, key=lambda c: c.id)), tuple(programmes), tuple(events), authority)
    return data, sorted(set(problems))


def _twins(paths: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Files with the name of an earlier one."""
    seen: dict[str, Path] = {}
    for path in paths:
        if seen.setdefault(path.stem, path) != path:
            yield path, seen[path.stem]


def _checked(paths: Sequence[Path], kind: type[T], authority: Authority, problems: list[Problem], show: Callable[[Path], str],
             rules: Callable[[T, set[str], Fault], None]) -> list[T]:
    """The files of one kind that have no fault; the rules look at what is whole in the others too."""
    sound = []
    for path in paths:
        torn: set[str] = set()
        before = len(problems)
        made = _file(path, kind, authority, problems, show, torn)
        if made is not None:
            rules(made, torn, _fault(show(path), problems))
            if len(problems) == before:
                sound.append(made)
    return sound


def _fault(shown: str, problems: list[Problem]) -> Fault:
    def fault(line: int, message: str, fix: str) -> None:
        problems.append(Problem(shown, line, message, fix))

    return fault


def _version(path: Path, show: Callable[[Path], str], problems: list[Problem]) -> None:
    text = read_text(path, show(path), problems)
    match = _VERSION.match(text or "")
    if text is not None and not (match and is_date(match[1])):
        problems.append(Problem(show(path), 1, "the file does not hold a version and a date", "Write one line such as 0.1.0 2026-11-24."))


def _collect_calls(path: Path, authority: Authority) -> None:
    top = read_map(path, path.name, [])
    calls = top.get("calls") if top else None
    for call in calls if isinstance(calls, Items) else ():
        if isinstance(call, Map) and isinstance(call.get("id"), Text):
            authority.calls[str(call["id"])] = call.line
