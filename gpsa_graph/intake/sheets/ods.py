"""ODS (OpenDocument 1.2 and 1.3, ISO/IEC 26300, spreadsheets) as rows."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from gpsa_graph.errors import Problem
from gpsa_graph.intake.sheets.common import COLUMNS, ROWS, Cell, Parser, Row, Sheet, column, number_text, parse
from gpsa_graph.intake.xml import Refused

__all__ = ["ods_sheets"]


class _Tables:
    """Takes the events of content.xml; keeps the rows of the table that is wanted (`None`: only the names)."""

    def __init__(self, shown: str, wanted: int | None, sheet: Sheet | None) -> None:
        self.shown, self.wanted, self.sheet = shown, wanted, sheet
        self.names: list[tuple[str, str]] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.done: list[Row] = []
        self.number = self.count = self.depth = self.aside = 0
        self.row: Row | None = None
        self.repeat = 1
        self.at = 0
        self.cell: dict[str, str] | None = None
        self.parts: list[str] = []
        self.paragraphs = 0

    @property
    def here(self) -> bool:
        return self.wanted is not None and len(self.names) - 1 == self.wanted and self.depth == 1

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "style":
            self.style = given.get("name", "")
        elif tag == "table-properties" and given.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.names.append((given.get("name", ""), given.get("style-name", "")))
                self.number = 0
        elif not self.here:
            return
        elif tag == "table-row":
            self.repeat = int(given.get("number-rows-repeated") or 1)
            self.row, self.at = Row(self.number + 1, {}), 0
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell, self.parts, self.paragraphs = given, [], 0
        elif tag == "annotation":
            self.aside += 1
        elif tag == "p" and self.cell is not None and not self.aside:
            if self.paragraphs:
                self.parts.append("\n")
            self.paragraphs += 1
        elif tag in ("s", "tab", "line-break") and not self.aside:
            self.parts.append(" " * min(int(given.get("c") or 1), 100))

    def text(self, said: str) -> None:
        if self.cell is not None and not self.aside and self.paragraphs:
            self.parts.append(said)

    def end(self, tag: str) -> None:
        if tag == "table":
            self.depth -= 1
        elif not self.here:
            return
        elif tag == "annotation":
            self.aside -= 1
        elif tag in ("table-cell", "covered-table-cell") and self.cell is not None and self.row is not None:
            self._cell(self.row, self.cell, tag)
            self.cell = None
        elif tag == "table-row" and self.row is not None:
            if self.row.cells:
                if self.repeat > ROWS:
                    raise Refused(
                        Problem(
                            f"{self.shown}:{self.names[-1][0]}",
                            self.row.number,
                            f"a row is repeated {self.repeat:,} times",
                            "Delete the rows below the last one.",
                        )
                    )
                for n in range(self.repeat):
                    self.done.append(Row(self.row.number + n, self.row.cells))
                self.count += self.repeat
            self.number += self.repeat
            self.row = None

    def _cell(self, row: Row, given: dict[str, str], tag: str) -> None:
        times = int(given.get("number-columns-repeated") or 1)
        where = f"{column(min(self.at, COLUMNS))}{row.number}"
        made = self._value(given, where)
        assert self.sheet is not None
        if tag == "table-cell" and (int(given.get("number-columns-spanned") or 1) > 1 or int(given.get("number-rows-spanned") or 1) > 1):
            self.sheet.faults.append(
                (
                    where,
                    "cells are merged, so that only the first of them has the value",
                    "Take the merging back and write the value into each cell.",
                )
            )
        if made is not None and tag == "table-cell":
            for n in range(min(times, COLUMNS - self.at)):
                row.cells[self.at + n] = made
        self.at += times

    def _value(self, given: dict[str, str], where: str) -> Cell | None:
        kind = given.get("value-type", "")
        shown = "".join(self.parts)
        assert self.sheet is not None
        if kind in ("float", "currency", "percentage"):
            return Cell(number_text(given.get("value", shown)), "number")
        if kind == "date":
            return Cell(given.get("date-value", shown)[:10], "date")
        if kind == "boolean":
            return Cell(given.get("boolean-value", shown))
        if given.get("formula") and (not kind or shown.startswith(("#", "Err:"))):
            what = f"the cell holds the error {shown}" if shown else "a formula was never computed, so the cell has no value"
            self.sheet.faults.append((where, what, "Open and save the file with a spreadsheet program, or paste the values."))
            return None
        said = given.get("string-value") or shown
        return Cell(said) if said.strip() else None


def _run(packed: zipfile.ZipFile, shown: str, tables: _Tables) -> Iterator[Row]:
    parser = Parser(shown, "content.xml")
    parser.on(tables.start, tables.end, tables.text)
    with packed.open("content.xml") as stream:
        for _ in parse(stream, parser):
            if tables.count > ROWS:
                raise Refused(Problem(f"{shown}:{tables.names[-1][0]}", 0, f"the sheet has more than {ROWS:,} rows", "Split it."))
            yield from tables.done
            tables.done.clear()


def ods_sheets(packed: zipfile.ZipFile, shown: str) -> list[Sheet]:
    """The sheets of a document; their rows are read when asked for."""
    first = _Tables(shown, None, None)
    for _ in _run(packed, shown, first):
        pass
    made = []
    for number, (name, style) in enumerate(first.names):
        sheet = Sheet(name, style in first.hidden_styles, lambda: iter(()))
        sheet.rows = lambda s=sheet, n=number: _run(packed, shown, _Tables(shown, n, s))  # type: ignore[misc]
        made.append(sheet)
    return made
