"""Rows as a spreadsheet: a sheet of rows and a codebook. Every text stays text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import MissingExtra
from gpsa_graph.resources import data_version

if TYPE_CHECKING:
    from gpsa_graph.graph.rows import Rows, Value

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_LONGEST = 32_767
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def workbook(rows: Rows, meanings: Mapping[str, str]) -> bytes:
    """The rows as an .xlsx file: frozen headings, a filter, and a sheet that tells columns, coverage and sources.

    Numbers stay numbers; a text that looks like a formula is marked as text. Characters that XML does not know become
    U+FFFD, and a text of more than 32,767 characters is cut with a note, as the format demands. The dates inside the file
    are those of the data. Raises MissingExtra without openpyxl.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtra("excel") from None
    book = Workbook()
    sheet = book.active
    sheet.title = "rows"
    _fill(sheet, [rows.columns, *rows])
    sheet.freeze_panes = "A2"
    if rows.columns:
        sheet.auto_filter.ref = sheet.dimensions
    code = book.create_sheet("codebook")
    version, day = data_version()
    told: list[tuple[Value, ...]] = [
        ("answers", rows.title), ("rows", len(rows)), ("coverage", rows.coverage), ("data version", f"{version} of {day}"),
        ("query", rows.query), (), ("column", "meaning"), *((c, meanings.get(c, "")) for c in rows.columns),
        (), ("source", "citation"), *rows.citations().items()]
    _fill(code, told)
    _widths(sheet, rows)
    code.column_dimensions["A"].width, code.column_dimensions["B"].width = 28, 110
    made = BytesIO()
    book.save(made)
    return _without_clock(made.getvalue(), date.fromisoformat(day))


def _fill(sheet: Any, rows: list[tuple[Value, ...]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    for number, row in enumerate(rows):
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


def _text(value: str) -> str:
    clean = _NOT_XML.sub("\ufffd", value)
    note = " ... (cut)"
    return clean if len(clean) <= _LONGEST else clean[:_LONGEST - len(note)] + note


def _widths(sheet: Any, rows: Rows) -> None:
    from openpyxl.utils import get_column_letter

    for i, column in enumerate(rows.columns):
        longest = max([len(column), *(len(str(row[i])) for row in rows[:500])])
        sheet.column_dimensions[get_column_letter(i + 1)].width = min(max(longest + 2, 8), 60)


def _without_clock(raw: bytes, day: date) -> bytes:
    """The same archive with the date of the data in place of the time of writing."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    made = BytesIO()
    with ZipFile(BytesIO(raw)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>" + day.isoformat().encode() + rb"T00:00:00Z", content)
            info = ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, content)
    return made.getvalue()
