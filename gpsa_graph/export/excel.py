"""Rows as a spreadsheet: a sheet of rows and a codebook. Every text stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import MissingExtra
from gpsa_graph.export.files import without_clock
from gpsa_graph.resources import data_version

if TYPE_CHECKING:
    from gpsa_graph.graph.rows import Rows, Value

__all__ = ["Sheet", "link_of", "workbook", "written"]

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_LONGEST = 32_767
_MOST_LINKS = 60_000
_URL = re.compile(r"https?://[^\s<>\"]+\Z")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title, its rows, widths of columns, whether the first row is a heading with a filter, and links.

    `links` names where a cell (row and column from 1) leads: an address, or `#sheet!A1` inside the file.
    """

    title: str
    rows: Sequence[tuple[Value, ...]]
    widths: Sequence[float] = ()
    heading: bool = True
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)


def workbook(rows: Rows, meanings: Mapping[str, str]) -> bytes:
    """The rows as an .xlsx file: frozen headings, a filter, and a sheet that tells columns, coverage and sources.

    Numbers stay numbers; a text that looks like a formula is marked as text. Each cell of sources leads to the first of them in
    the codebook, and each source there to its address. Characters that XML does not know become U+FFFD, and a text of more than
    32,767 characters is cut with a note, as the format demands. The dates inside the file are those of the data. Raises
    MissingExtra without openpyxl.
    """
    version, day = data_version()
    told: list[tuple[Value, ...]] = [
        ("answers", rows.title), ("rows", len(rows)), ("coverage", rows.coverage), ("data version", f"{version} of {day}"),
        ("query", rows.query), (), ("column", "meaning"), *((c, meanings.get(c, "")) for c in rows.columns), (), ("source", "citation")]
    at, links = {}, {}
    for name, said in rows.citations().items():
        told.append((name, said))
        at[name] = len(told)
        if url := link_of(said):
            links[len(told), 2] = url
    inside = {}
    if "src" in rows.columns:
        column = rows.columns.index("src")
        for i, row in enumerate(rows, 2):
            first = next((at[n] for n in str(row[column] or "").split() if n in at), None)
            if first:
                inside[i, column + 1] = f"#codebook!A{first}"
    return written([Sheet("rows", [rows.columns, *rows], _widths(rows.columns, rows), links=inside),
                    Sheet("codebook", told, (28, 110), heading=False, links=links)])


def link_of(citation: str) -> str:
    """The address at the end of a citation, or nothing; only http and https.

    >>> link_of("A: B (story). https://example.org/a"), link_of("A: B. javascript:pwn()")
    ('https://example.org/a', '')
    """
    found = _URL.search(citation)
    return found[0] if found and len(found[0]) <= 2_000 else ""


def written(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an .xlsx file without a clock in it. Raises MissingExtra without openpyxl."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtra("excel") from None
    book = Workbook()
    book.remove(book.active)
    for one in sheets:
        sheet = book.create_sheet(one.title)
        _fill(sheet, one)
    made = BytesIO()
    book.save(made)
    return without_clock(made.getvalue(), date.fromisoformat(data_version()[1]))


def _fill(sheet: Any, one: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.hyperlink import Hyperlink

    for number, row in enumerate(one.rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet)
            if isinstance(value, str):
                cell.value = _text(value)
                cell.data_type = "s"
                cell.quotePrefix = value.startswith(_FORMULA)
            else:
                cell.value = str(value) if isinstance(value, float) and value - value != 0 else value
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    if one.heading:
        sheet.freeze_panes = "A2"
        if one.rows and one.rows[0]:
            sheet.auto_filter.ref = sheet.dimensions
    for i, width in enumerate(one.widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    for (row_number, column), to in list(one.links.items())[:_MOST_LINKS]:
        cell = sheet.cell(row_number, column)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=to[1:]) if to.startswith("#") else to
        cell.font = Font(color="0000EE", underline="single")


def _text(value: str) -> str:
    clean = _NOT_XML.sub("\ufffd", value)
    note = " ... (cut)"
    return clean if len(clean) <= _LONGEST else clean[:_LONGEST - len(note)] + note


def _widths(columns: Sequence[str], rows: Sequence[tuple[Value, ...]]) -> list[float]:
    return [min(max(2 + max([len(column), *(len(str(row[i])) for row in rows[:500])]), 8), 60) for i, column in enumerate(columns)]
