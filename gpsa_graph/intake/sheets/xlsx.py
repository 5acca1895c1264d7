"""XLSX (Office Open XML, ECMA-376 part 1, SpreadsheetML) as rows."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from gpsa_graph.errors import Problem
from gpsa_graph.intake.sheets.common import COLUMNS, ROWS, Cell, Parser, Row, Sheet, column, day_of_serial, number_text, parse
from gpsa_graph.intake.xml import Refused

__all__ = ["xlsx_sheets"]

#: Number formats that mean a day or a moment (ECMA-376 18.8.30, with the East Asian ones).
_DAYS = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_AT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_RANGE = re.compile(r"[A-Z]{1,3}([0-9]+)(?::[A-Z]{1,3}([0-9]+))?\Z")


def _is_day(code: str) -> bool:
    """Whether a number format shows a day: it has y or d outside quotes (a lone h:mm is a time)."""
    plain = _QUOTED.sub("", code.split(";")[0]).lower()
    return "general" not in plain and ("y" in plain or "d" in plain)


class _Book:
    def __init__(self, packed: zipfile.ZipFile, shown: str) -> None:
        self.packed, self.shown = packed, shown
        self.names = set(packed.namelist())
        self.from_1904 = False
        self.strings: list[str] = []
        self.days: list[bool] = []
        self.sheets: list[tuple[str, str, bool]] = []

    def run(self, part: str, start: Any, end: Any = lambda _: None, text: Any = lambda _: None) -> None:
        if part not in self.names:
            return
        parser = Parser(self.shown, part)
        parser.on(start, end, text)
        with self.packed.open(part) as stream:
            for _ in parse(stream, parser):
                pass

    def links(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part: id -> kind and target."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "Relationship" and given.get("TargetMode") != "External":
                target = given.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], whole)

        self.run(posixpath.join(folder, "_rels", f"{name}.rels"), start)
        return found

    def read(self) -> None:
        main = next((t for kind, t in self.links("").values() if kind == "officeDocument"), "xl/workbook.xml")
        if main not in self.names:
            raise Refused(Problem(self.shown, 0, "the file is no spreadsheet: it holds no workbook", "Save it as XLSX, ODS or CSV."))
        links = self.links(main)
        listed: list[tuple[str, str, bool]] = []

        def book(tag: str, given: dict[str, str]) -> None:
            if tag == "workbookPr":
                self.from_1904 = given.get("date1904") in ("1", "true")
            elif tag == "sheet":
                listed.append((given.get("name", ""), given.get("id", ""), given.get("state", "visible") != "visible"))

        self.run(main, book)
        self.sheets = [
            (name, links[where][1], hidden) for name, where, hidden in listed if where in links and links[where][0] == "worksheet"
        ]
        for kind, part in links.values():
            if kind == "sharedStrings":
                self._strings(part)
            elif kind == "styles":
                self._styles(part)

    def _strings(self, part: str) -> None:
        parts: list[str] = []
        state = {"t": False, "aside": 0}

        def start(tag: str, _: dict[str, str]) -> None:
            if tag == "si":
                parts.clear()
            elif tag == "rPh":
                state["aside"] += 1
            state["t"] = tag == "t"

        def end(tag: str) -> None:
            if tag == "si":
                self.strings.append("".join(parts))
            elif tag == "rPh":
                state["aside"] -= 1
            state["t"] = False

        def text(said: str) -> None:
            if state["t"] and not state["aside"]:
                parts.append(said)

        self.run(part, start, end, text)

    def _styles(self, part: str) -> None:
        own: dict[int, str] = {}
        state = {"xfs": False}

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "numFmt":
                own[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
            elif tag == "cellXfs":
                state["xfs"] = True
            elif tag == "xf" and state["xfs"]:
                number = int(given.get("numFmtId", "0"))
                self.days.append(_is_day(own[number]) if number in own else number in _DAYS)

        def end(tag: str) -> None:
            if tag == "cellXfs":
                state["xfs"] = False

        self.run(part, start, end)


class _Rows:
    """Takes the events of one sheet and keeps whole rows."""

    def __init__(self, book: _Book, sheet: Sheet, part: str) -> None:
        self.book, self.sheet, self.part = book, sheet, part
        self.done: list[Row] = []
        self.last = self.count = 0
        self.declared = 0
        self.row: Row | None = None
        self.at, self.kind, self.style = 0, "", 0
        self.value: list[str] = []
        self.seen = {"v": False, "f": False, "t": False, "aside": False}
        self.merged: list[str] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "c":
            match = _AT.match(given.get("r", ""))
            self.at = _number(match[1]) if match else self.at + 1
            self.kind, self.style = given.get("t", "n"), int(given.get("s") or 0)
            self.value = []
            self.seen = dict.fromkeys(self.seen, False)
            self.inside = ""
        elif tag == "row":
            said = given.get("r", "")
            self.last = int(said) if said.isdigit() else self.last + 1
            self.row, self.at = Row(self.last, {}), -1
        elif tag in ("v", "f", "t"):
            self.seen[tag] = True
            self.inside = tag
        elif tag == "rPh":
            self.seen["aside"] = True
        elif tag == "dimension":
            match = _RANGE.match(given.get("ref", ""))
            self.declared = int(match[2] or match[1]) if match else 0
        elif tag == "mergeCell":
            self.merged.append(given.get("ref", ""))

    inside = ""

    def text(self, said: str) -> None:
        if self.inside == "v" or (self.inside == "t" and self.kind == "inlineStr" and not self.seen["aside"]):
            self.value.append(said)

    def end(self, tag: str) -> None:
        if tag in ("v", "f", "t"):
            self.inside = ""
        elif tag == "rPh":
            self.seen["aside"] = False
        elif tag == "c" and self.row is not None:
            self._cell(self.row)
        elif tag == "row" and self.row is not None:
            if self.row.cells:
                self.count += 1
                self.done.append(self.row)
            self.row = None

    def _cell(self, row: Row) -> None:
        said = "".join(self.value)
        where = f"{column(self.at)}{row.number}"
        if self.at >= COLUMNS:
            return
        if not said:
            if self.seen["f"]:
                self.sheet.faults.append(
                    (
                        where,
                        "a formula was never computed, so the cell has no value",
                        "Open and save the file with a spreadsheet program, or paste the values.",
                    )
                )
            return
        if self.kind == "s":
            try:
                said = self.book.strings[int(said)]
            except (ValueError, IndexError):
                self.sheet.faults.append(
                    (where, "the cell points to a text that the file does not hold", "Save it again with a spreadsheet program.")
                )
                return
        elif self.kind == "e":
            self.sheet.faults.append((where, f"the cell holds the error {said}", "Mend the formula, or paste the value."))
            return
        elif self.kind == "b":
            said = {"1": "true", "0": "false"}.get(said, said)
        elif self.kind == "d":
            row.cells[self.at] = Cell(said[:10], "date")
            return
        elif self.kind == "n":
            if self.style < len(self.book.days) and self.book.days[self.style]:
                day = day_of_serial(said, self.book.from_1904)
                if not day:
                    self.sheet.faults.append(
                        (where, f"the cell is formatted as a date, but {said} is none", "Write the date as YYYY-MM-DD.")
                    )
                    return
                row.cells[self.at] = Cell(day, "date")
                return
            row.cells[self.at] = Cell(number_text(said), "number")
            return
        if said.strip():
            row.cells[self.at] = Cell(said)


def _number(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _sheet_rows(book: _Book, sheet: Sheet, part: str) -> Iterator[Row]:
    rows = _Rows(book, sheet, part)
    parser = Parser(book.shown, sheet.name)
    parser.on(rows.start, rows.end, rows.text)
    with book.packed.open(part) as stream:
        for _ in parse(stream, parser):
            if rows.count > ROWS:
                raise Refused(Problem(f"{book.shown}:{sheet.name}", 0, f"the sheet has more than {ROWS:,} rows", "Split it."))
            yield from rows.done
            rows.done.clear()
    if rows.declared and rows.last > rows.declared and rows.count:
        sheet.remarks.append(f"the sheet says that it ends in row {rows.declared}, but it ends in row {rows.last}; all of it was read")
    for ref in rows.merged:
        sheet.faults.append(
            (
                ref,
                "cells are merged, so that only the first of them has the value",
                "Take the merging back and write the value into each cell.",
            )
        )


def xlsx_sheets(packed: zipfile.ZipFile, shown: str) -> list[Sheet]:
    """The sheets of a workbook; their rows are read when asked for."""
    book = _Book(packed, shown)
    book.read()
    made = []
    for name, part, hidden in book.sheets:
        sheet = Sheet(name, hidden, lambda: iter(()))
        sheet.rows = lambda s=sheet, p=part: _sheet_rows(book, s, p)  # type: ignore[misc]
        if book.from_1904:
            sheet.remarks.append("the dates of the workbook count from 1904 and were read so")
        made.append(sheet)
    return made
