"""A spreadsheet of cases: our own template, or any columns with a mapping file. Faults are told as file:sheet:row:column.

Every row becomes a part of the same map that a case file would hold, and the reader of case files checks it: a table can say
nothing that a case file could not, and is refused for the same reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Source, is_date
from gpsa_graph.cases.model import Case
from gpsa_graph.cases.read import Reader
from gpsa_graph.cases.rules import case_rules
from gpsa_graph.cases.text import Text
from gpsa_graph.errors import Problem
from gpsa_graph.graph.look import fold
from gpsa_graph.intake.columns import FLAT, SHEETS
from gpsa_graph.intake.iati.keys import hash_of
from gpsa_graph.intake.mapping import Mapping
from gpsa_graph.intake.session import Session, plain
from gpsa_graph.intake.sheets import Cell, Sheet, column, open_table
from gpsa_graph.intake.tablecase import CaseMap
from gpsa_graph.intake.xml import Refused

__all__ = ["table_cases"]

_DMY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\Z")
_DATES = ("announcement", "approval", "launch", "start", "closing")


@dataclass(slots=True)
class _Row:
    """A row of one sheet: values by our column name, each with the place it stands in."""

    sheet: str
    number: int
    values: dict[str, Text] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    """The source's own words where a mapping has put others in their place."""


class _Table:
    """All sheets of a table, and where each value stands: a `Text` carries in `.line` the number of its place."""

    def __init__(self, session: Session, mapping: Mapping | None) -> None:
        self.session, self.mapping = session, mapping or Mapping()
        self.own = mapping is None
        self.places: list[tuple[str, int, int]] = []
        self.rows: dict[str, list[_Row]] = {}
        self.cited: dict[str, str] = {}

    def place(self, sheet: str, row: int, at: int) -> int:
        self.places.append((sheet, row, at))
        return len(self.places)

    def where(self, line: int) -> str:
        """file:sheet:row:column of a place, without the file."""
        sheet, row, at = self.places[line - 1] if 0 < line <= len(self.places) else ("", 0, -1)
        start = (f":{sheet}" if sheet else "") + (f":{row}" if row else "")
        return start + (f":{column(at)}" if at >= 0 else "")

    def fault(self, line: int, message: str, fix: str) -> None:
        self.session.fault(0, message, fix, where=self.where(line))

    # Reading

    def read(self) -> None:
        sheets = open_table(self.session.file)
        if self.own:
            for sheet in sheets:
                name = vocab.slug(sheet.name) if sheet.name else "cases"
                if name in SHEETS:
                    self._sheet(sheet, name, {c.name: c.name for c in SHEETS[name]}, 0)
                elif name not in ("read-me", "words"):
                    known = vocab.near(name, list(SHEETS))
                    self.session.remark(
                        f"sheet '{sheet.name}' is not read: it is none of the template's"
                        + (f" (did you mean '{known[0]}'?)" if known else "")
                        + ("; with --mapping any columns can be read" if len(sheets) == 1 else "")
                    )
        else:
            chosen = [s for s in sheets if s.name == self.mapping.sheet] if self.mapping.sheet else sheets[:1]
            if not chosen:
                near = vocab.near(self.mapping.sheet, [vocab.slug(s.name) for s in sheets])
                raise Refused(
                    Problem(
                        self.session.file.shown,
                        0,
                        f"there is no sheet '{self.mapping.sheet}'",
                        f"Did you mean '{near[0]}'?" if near else "The sheets: " + ", ".join(s.name for s in sheets) + ".",
                    )
                )
            self._sheet(chosen[0], "cases", self.mapping.columns, self.mapping.heading)
            for sheet in sheets:
                if sheet is not chosen[0]:
                    self.session.remark(f"sheet '{sheet.name}' is not read: the mapping names '{chosen[0].name}'")
        if not self.rows.get("cases"):
            what = "holds no row of cases" if "cases" in self.rows else "has no sheet 'cases' with the headings 'title' and 'country'"
            raise Refused(
                Problem(
                    self.session.file.shown,
                    0,
                    f"the table {what}",
                    "Use the template (gpsa new table -o cases.xlsx), or name your columns in a file (--mapping FILE).",
                )
            )

    def _sheet(self, sheet: Sheet, name: str, wanted: dict[str, str], heading: int) -> None:
        heads: dict[int, str] = {}
        theirs = {vocab.slug(said): ours for ours, said in wanted.items()}
        if sheet.hidden:
            self.session.remark(f"sheet '{sheet.name}' is hidden; it was read")
        for row in sheet.rows():
            if not heads:
                found = {at: theirs[slug] for at, cell in row.cells.items() if (slug := vocab.slug(cell.value)) in theirs}
                if (heading and row.number < heading) or (not heading and len(set(found.values())) < min(2, len(theirs))):
                    continue
                heads = self._heads(sheet, name, row.number, row.cells, found, wanted)
                self.rows.setdefault(name, [])
                if heading and not found:
                    break
                continue
            made = _Row(sheet.name, row.number)
            for at, cell in row.cells.items():
                if at in heads and plain(cell.value):
                    said = Text(self._said(heads[at], cell))
                    said.line = self.place(sheet.name, row.number, at)
                    made.values[heads[at]] = said
                    if heads[at] in self.mapping.values:
                        made.raw[heads[at]] = plain(cell.value)
            if made.values and not (self.own and all(v.startswith("(") for v in made.values.values())):
                self.rows[name].append(made)
        self.session.sheet_done(sheet)

    def _heads(
        self, sheet: Sheet, name: str, number: int, cells: dict[int, Cell], found: dict[int, str], wanted: dict[str, str]
    ) -> dict[int, str]:
        heads: dict[int, str] = {}
        for at, ours in sorted(found.items()):
            if ours in heads.values():
                self.fault(
                    self.place(sheet.name, number, at), f"the heading '{plain(cells[at].value)}' stands twice", "Keep one of the columns."
                )
            else:
                heads[at] = ours
        for at, cell in cells.items():
            if at not in found:
                self.session.tally.element(f"column '{plain(cell.value)}'", "not mapped", "no column of ours")
        for ours, said in wanted.items():
            if not self.own and ours not in heads.values():
                self.fault(
                    self.place(sheet.name, number, -1),
                    f"there is no column '{said}' (for '{ours}')",
                    "The headings: " + ", ".join(plain(c.value) for c in cells.values()) + ".",
                )
        if self.own and name == "cases":
            for need in ("title", "country"):
                if need not in heads.values():
                    self.fault(
                        self.place(sheet.name, number, -1), f"the column '{need}' is missing", f"Add a column with the heading '{need}'."
                    )
        return heads

    def _said(self, name: str, cell: Cell) -> str:
        """A value in our form: mapped words, days as YYYY-MM-DD, a point for decimals."""
        said = plain(cell.value)
        mapping = self.mapping
        if name in mapping.values:
            said = "; ".join(mapping.values[name].get(p.strip().casefold(), p.strip()) for p in said.split(mapping.separator))
        elif mapping.separator != ";" and name in _MANY:
            said = said.replace(mapping.separator, ";")
        if name in (*_DATES, "value", "date") and mapping.dates and (match := _DMY.match(said)):
            day, month = (match[1], match[2]) if mapping.dates == "d/m/y" else (match[2], match[1])
            said = f"{match[3]}-{int(month):02}-{int(day):02}"
        if name == "amount" and mapping.decimals == "comma" and cell.kind == "text":
            said = said.replace(".", "").replace(" ", "").replace(",", ".")
        return said


_MANY = frozenset(c.name for c in FLAT if c.many)


def table_cases(
    session: Session, known: dict[int, str], mapping: Mapping | None = None, *, skip: int = 0, moved: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Case | None]]:
    """(number of the row, its case or None) for every row of the sheet 'cases'; see `iati.activities`."""
    table = _Table(session, mapping)
    table.read()
    _sources(table)
    by_name: dict[str, CaseMap] = {}
    made: list[CaseMap] = []
    for number, row in enumerate(table.rows["cases"], 1):
        one = CaseMap(table, row, number)
        made.append(one)
        for said in (row.values.get("id"), row.values.get("title")):
            if said is not None:
                by_name.setdefault(fold(said), one)
    for name, rows in table.rows.items():
        for row in rows if name not in ("cases", "sources") else ():
            said = row.values.get("case")
            owner = by_name.get(fold(said)) if said is not None else None
            if owner is None:
                near = vocab.near(str(said or ""), [vocab.slug(n) for n in by_name])
                at = said.line if said is not None else table.place(row.sheet, row.number, 0)
                table.fault(
                    at,
                    f"no case '{said}' in the sheet 'cases'" if said else "the row names no case",
                    f"Did you mean '{near[0]}'?" if near else "Write the id or title of a row of the sheet 'cases'.",
                )
                session.tally.element(f"row of '{name}'", "dropped", "its case is not in the table")
            else:
                owner.add(name, row)
    ids = {one.id for one in made if one.id}
    for one in made:
        moved(one.number)
        if one.number > skip:
            yield one.number, _finished(table, one, ids, known)


def _sources(table: _Table) -> None:
    """The sheet 'sources' as rows of the authority list, under ids of their own."""
    session = table.session
    for row in table.rows.get("sources", ()):
        get = {c.name: str(row.values.get(c.name, "")) for c in SHEETS["sources"]}
        line = next(iter(row.values.values())).line
        missing = [n for n in ("id", "title", "publisher") if not get[n]]
        scheme = session.lists.authority.labels["source-kind"]
        kind = scheme.get(vocab.slug(get["kind"]), "") if get["kind"] else "own"
        if missing:
            table.fault(line, f"the source has no {' and no '.join(missing)}", "Fill the cells.")
        elif not kind:
            close = vocab.near(get["kind"], scheme)
            table.fault(
                row.values["kind"].line,
                f"unknown kind of source '{get['kind']}'",
                f"Did you mean '{close[0]}'?"
                if close
                else "Write one of: " + ", ".join(session.lists.authority.concept["source-kind"]) + ".",
            )
        elif get["date"] and not is_date(get["date"]):
            table.fault(row.values["date"].line, f"'{get['date']}' is no date", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
        elif get["url"] and not re.match(r"https?://[^\s<>\"{}|\\^`]+\Z", get["url"]):
            table.fault(row.values["url"].line, f"'{get['url'][:60]}' is no web address", "Give http(s)://... or leave it empty.")
        else:
            name = f"{vocab.slug(get['id'])}-{session.file.version}"
            session.lists.source(
                Source(
                    name,
                    get["title"],
                    get["publisher"],
                    kind,
                    get["date"],
                    "unknown",
                    get["url"],
                    "",
                    "",
                    f"Named in '{session.file.shown}', sheet sources.",
                )
            )
            table.cited[get["id"]] = name


def _finished(table: _Table, one: CaseMap, ids: set[str], known: dict[int, str]) -> Case | None:
    session = table.session
    wanted = session.filters.refusal(one.identifier, one.codes, one.sector_ids, one.words)
    if wanted:
        session.tally.records[f"filtered out by {wanted}"] += 1
        return None
    if not one.id:
        session.tally.records["left out: it has faults"] += 1
        return None
    if session.seen(hash_of(one.id)):
        table.fault(one.line, f"the case '{one.id}' stands twice", "Keep one row, or give the other its own id.")
        session.tally.records["left out: the identifier was there before"] += 1
        return None
    problems: list[Problem] = []
    authority = session.lists.authority
    reader = Reader("", authority, problems)
    torn: set[str] = set()
    case = reader.value(Case, one.top, torn)
    if case is not None:
        case_rules(case, {*ids, case.id}, authority, torn, lambda line, message, fix: problems.append(Problem("", line, message, fix)))
    for problem in problems:
        table.fault(problem.line, problem.message, problem.fix)
    if problems or case is None or one.bad:
        session.tally.records["left out: it has faults"] += 1
        return None
    known[hash_of(one.id)] = one.id.partition("-")[0]
    session.tally.records["imported"] += 1
    for name, n in one.counts.items():
        session.tally.element(name, n=n)
    object.__setattr__(case, "path", session.file.shown)
    object.__setattr__(case, "cites", one.cite)
    return case  # type: ignore[no-any-return]
