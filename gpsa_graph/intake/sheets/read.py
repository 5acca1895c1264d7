"""Open a table by what it is, not by what it is called: XLSX, ODS, or delimited text."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator

from gpsa_graph.cells import unguarded
from gpsa_graph.errors import Problem
from gpsa_graph.intake.session import File
from gpsa_graph.intake.sheets.common import ROWS, WIDEST, Cell, Row, Sheet, open_zip
from gpsa_graph.intake.xml import Refused

__all__ = ["open_table"]

_SAVE = "Save it as CSV in UTF-8."
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(file: File) -> list[Sheet]:
    """The sheets of a table file (CSV has one, without a name); Refused where it is none."""
    with open(file.path, "rb") as stream:
        start = stream.read(4096)
    if start.startswith(_OLD):
        raise Refused(
            Problem(
                file.shown, 0, "this is an old XLS file, or a spreadsheet locked with a password", "Save it as XLSX without a password."
            )
        )
    if start.startswith(b"PK"):
        packed = open_zip(file.path, file.shown)
        names = set(packed.namelist())
        if "content.xml" in names:
            from gpsa_graph.intake.sheets.ods import ods_sheets

            return ods_sheets(packed, file.shown)
        from gpsa_graph.intake.sheets.xlsx import xlsx_sheets

        return xlsx_sheets(packed, file.shown)
    if start.startswith(b"%PDF") or start.lstrip()[:1] in (b"<",):
        raise Refused(Problem(file.shown, 0, "this is no table but a PDF, HTML or XML file", "Save it as XLSX, ODS or CSV."))
    coding = _coding(start)
    made = Sheet("", False, lambda: iter(()))
    made.rows = lambda: _text_rows(file, coding, made)
    return [made]


def _coding(start: bytes) -> str:
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8"


def _delimiter(line: str) -> str:
    """The sign that stands most often between quotes-free parts of the first full line."""
    outside = "".join(part for n, part in enumerate(line.split('"')) if n % 2 == 0)
    return max(",;\t|", key=lambda sign: (outside.count(sign), -",;\t|".index(sign)))


def _text_rows(file: File, coding: str, sheet: Sheet) -> Iterator[Row]:
    line = 0
    with open(file.path, encoding=coding, newline="") as stream:
        try:
            head = []
            for text in stream:
                head.append(text)
                if len(head) == 12:
                    break
            stream.seek(0)
            reader = csv.reader(
                stream, delimiter=max(map(_delimiter, head), key=lambda d: max(h.count(d) for h in head)) if head else ",", strict=True
            )
            begins = 1
            for number, cells in enumerate(reader, 1):
                if number > ROWS:
                    raise Refused(Problem(file.shown, begins, f"the table has more than {ROWS:,} rows", "Split it."))
                if any("\0" in c for c in cells):
                    raise Refused(Problem(file.shown, begins, "the file is no text: it holds a zero byte", _SAVE))
                line = reader.line_num
                made = {n: Cell(unguarded(c)) for n, c in enumerate(cells) if c.strip()}
                for n in [n for n, c in made.items() if len(c.value) > WIDEST]:
                    sheet.faults.append((f"{begins}:{n + 1}", f"a cell has more than {WIDEST:,} characters", "Shorten it."))
                    del made[n]
                if made:
                    yield Row(begins, made)
                begins = line + 1
        except UnicodeDecodeError:
            raise Refused(
                Problem(file.shown, _bad_line(file, coding), f"the file is not {coding.upper().removesuffix('-SIG')} text", _SAVE)
            ) from None
        except UnicodeError:
            raise Refused(Problem(file.shown, 0, "the file ends in the middle of a character", _SAVE)) from None
        except csv.Error as error:
            raise Refused(
                Problem(
                    file.shown,
                    begins if line else 1,
                    f"the row that begins here cannot be read: {error}",
                    "Put quotes around a cell that holds a comma or a quote, and write a quote inside it twice.",
                )
            ) from None


def _bad_line(file: File, coding: str) -> int:
    content = file.path.read_bytes()
    try:
        content.decode(coding)
    except UnicodeDecodeError as error:
        return content[: error.start].count(b"\n") + 1
    return 0
