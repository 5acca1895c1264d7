# ruff: noqa: E501
"""Spreadsheets that are wrong, hostile or only odd: each has its message; an odd one is read and what is odd is said."""

from __future__ import annotations

import datetime
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from gpsa_graph.intake.session import look_at
from gpsa_graph.intake.sheets import Sheet, open_table
from gpsa_graph.intake.xml import Refused

PARTS = {
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
                   'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
                       'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
                                  'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="/xl/worksheets/s.xml"/></Relationships>',
}
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


def xlsx(path: Path, sheet: str, **parts: str) -> Path:
    """A workbook made by hand, with one sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (PARTS | {"xl/worksheets/s.xml": sheet} | parts).items():
            packed.writestr(name, text)
    return path


def cells(sheet: Sheet) -> list[dict[int, str]]:
    return [{at: cell.value for at, cell in row.cells.items()} for row in sheet.rows()]


def first(path: Path) -> tuple[Sheet, list[dict[int, str]]]:
    sheet = open_table(look_at(path))[0]
    return sheet, cells(sheet)


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        [list(sheet.rows()) for sheet in open_table(look_at(path))]
    assert refused.value.problem.fix
    return str(refused.value.problem)


def test_what_openpyxl_writes_is_what_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    rows = [["id", "name", "when"], ["a", "\u00e9 <b> & 'q'", datetime.date(2020, 1, 1)], [1.5, True, datetime.datetime(2021, 2, 3, 4, 5)], [None, "x\ny", 950000]]
    for row in rows:
        page.append(row)
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")

    sheets = open_table(look_at(tmp_path / "a.xlsx"))
    assert [(s.name, s.hidden) for s in sheets] == [("Sheet", False), ("hidden", True)]
    assert cells(sheets[0]) == [{0: "id", 1: "name", 2: "when"}, {0: "a", 1: "\u00e9 <b> & 'q'", 2: "2020-01-01"}, {0: "1.5", 1: "true", 2: "2021-02-03"},
                                {1: "x\ny", 2: "950000"}]


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_of_both_counts_and_rich_text(tmp_path: Path, from_1904: bool) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"date_1904": from_1904})
    page, day, time = book.add_worksheet("S"), book.add_format({"num_format": '[$-409]d" of "mmmm yyyy'}), book.add_format({"num_format": "h:mm"})
    page.write_datetime(0, 0, datetime.datetime(2020, 1, 1), day)
    page.write_number(0, 1, 0.5, time)
    page.write_rich_string(0, 2, "a ", book.add_format({"bold": True}), "b", " c")
    page.write_formula(0, 3, "=1+1", None, 2)
    book.close()

    sheet, rows = first(tmp_path / "a.xlsx")
    assert rows == [{0: "2020-01-01", 1: "0.5", 2: "a b c", 3: "2"}]
    assert bool(sheet.remarks) is from_1904


def test_a_wrong_dimension_hides_no_row(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>v{n}</t></is></c></row>' for n in range(1, 52))
    sheet, found = first(xlsx(tmp_path / "a.xlsx", SHEET.format(f'<dimension ref="A1:A1"/><sheetData>{rows}</sheetData>')))

    assert len(found) == 51
    assert sheet.remarks == ["the sheet says that it ends in row 1, but it ends in row 51; all of it was read"]


@pytest.mark.parametrize("sheet, place, message", [
    ('<sheetData><row r="2"><c r="B2"><f>1+1</f></c></row></sheetData>', "B2", "a formula was never computed, so the cell has no value"),
    ('<sheetData><row r="2"><c r="B2"><f>1+1</f><v></v></c></row></sheetData>', "B2", "a formula was never computed, so the cell has no value"),
    ('<sheetData><row r="2"><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>', "B2", "the cell holds the error #DIV/0!"),
    ('<sheetData><row r="2"><c r="B2" t="s"><v>7</v></c></row></sheetData>', "B2", "the cell points to a text that the file does not hold"),
    ('<sheetData><row r="2"><c r="B2"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="B2:B4"/></mergeCells>', "B2:B4",
     "cells are merged, so that only the first of them has the value"),
])
def test_cells_without_a_value_are_told(tmp_path: Path, sheet: str, place: str, message: str) -> None:
    made, _ = first(xlsx(tmp_path / "a.xlsx", SHEET.format(sheet)))

    assert [f[:2] for f in made.faults] == [(place, message)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    row = '<row><c><v>1</v></c></row>'
    path = xlsx(tmp_path / "a.xlsx", SHEET.format(f"<sheetData>{row * 400_000}</sheetData>"))

    assert path.stat().st_size < 100_000
    assert "that is how a zip bomb looks" in refusal(path)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"<row><c><v>{n * 7919 % 1000003}</v></c></row>" for n in range(200_002))

    assert "more than 200,000 rows" in refusal(xlsx(tmp_path / "a.xlsx", SHEET.format(f"<sheetData>{rows}</sheetData>")))


@pytest.mark.parametrize("doctype", ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'])
@pytest.mark.parametrize("part", ["xl/worksheets/s.xml", "xl/workbook.xml"])
def test_entities_in_a_part_are_refused(tmp_path: Path, doctype: str, part: str) -> None:
    whole = SHEET.format("<sheetData/>")
    path = xlsx(tmp_path / "a.xlsx", whole, **{part: doctype + (whole if "sheets" in part else PARTS[part])})

    assert "a DOCTYPE begins here" in refusal(path)


def test_a_part_that_leads_out_of_the_zip_is_refused(tmp_path: Path) -> None:
    assert "leads out of it" in refusal(xlsx(tmp_path / "a.xlsx", SHEET.format(""), **{"../../evil.xml": "x"}))


def test_a_zip_in_a_zip_is_no_spreadsheet(tmp_path: Path) -> None:
    inner = xlsx(tmp_path / "inner.xlsx", SHEET.format(""))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.write(inner, "inner.xlsx")

    assert "it holds no workbook" in refusal(tmp_path / "a.zip")


def test_half_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    whole = xlsx(tmp_path / "a.xlsx", SHEET.format("<sheetData/>")).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) // 2])

    assert "broken or cut off" in refusal(tmp_path / "b.xlsx")


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", SHEET.format("<sheetData>" + "".join(f"<row><c><v>{n}</v></c></row>" for n in range(500)) + "</sheetData>"))
    content = bytearray(path.read_bytes())
    at = content.index(b"xl/worksheets/s.xml") + 60
    content[at : at + 40] = b"\xff" * 40
    path.write_bytes(bytes(content))

    assert "broken or cut off" in refusal(path)


@pytest.mark.parametrize("content, message", [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old XLS file, or a spreadsheet locked with a password"),
    (b"%PDF-1.7", "no table but a PDF, HTML or XML file"), (b"<html></html>", "no table but a PDF, HTML or XML file"),
    (b"id,title\n1,caf\xe9\n", ":2: the file is not UTF-8 text"), (b"id,title\n1,a\0b\n", "a zero byte"),
    (b'id,title\n1,"a" b\n', ":2: the row that begins here cannot be read"), (b'id,title\n1,"a\n', ":2: the row that begins here cannot be read"),
    ("id\n1".encode("utf-16")[:-1], "the file is not UTF-16 text"),
])
def test_other_files_are_refused_with_what_they_are(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    assert message in refusal(tmp_path / "a.csv")


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfid,t\r\n1,\xc3\xa9\r\n", "id,t\n1,\u00e9\n".encode("utf-16"), "id;t\n1;\u00e9\n".encode(), "id\tt\n1\t\u00e9\n".encode(),
                                     b"id,t\r1,\xc3\xa9\r"])
def test_encodings_ends_of_lines_and_delimiters(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)

    assert first(tmp_path / "a.csv")[1] == [{0: "id", 1: "t"}, {0: "1", 1: "\u00e9"}]


def test_a_cell_that_is_too_long_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,t\n1," + "x" * 40_000 + "\n")
    sheet, rows = first(tmp_path / "a.csv")

    assert rows[1] == {0: "1"}
    assert sheet.faults == [("2:2", "a cell has more than 32,767 characters", "Shorten it.")]


@pytest.mark.parametrize("make, message", [
    (lambda p: p.mkdir(), "is a folder where a file is expected"), (lambda p: p.write_bytes(b""), "the file is empty"),
    (lambda p: os.mkfifo(p), "is no plain file"), (lambda p: p.symlink_to(p), "cannot be read: too many levels of symbolic links"),
    (lambda p: None, "cannot be read: no such file or directory"),
])
def test_what_is_no_file_is_told(tmp_path: Path, make: object, message: str) -> None:
    path = tmp_path / "a.csv"
    make(path)  # type: ignore[operator]
    with pytest.raises(Refused, match=message):
        look_at(path)


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    """Root may read everything, so a test that runs as root is somebody else (nobody, 65534) for the moment."""
    path = tmp_path / "a.csv"
    path.write_text("id,t\n1,a\n")
    path.chmod(0)
    was = os.geteuid()
    try:
        if was == 0:
            os.seteuid(65534)
        with pytest.raises(Refused) as refused:
            look_at(path)
    finally:
        os.seteuid(was)

    assert refused.value.problem.message == "cannot be read: permission denied"
    assert refused.value.problem.fix == "See that it exists and may be read."


@pytest.mark.parametrize("name", ["a.ttl", "a.NT", "a.nq.gz", "a.trig", "a.jsonld", "a.rdf.zst"])
def test_rdf_is_sent_to_the_command_that_loads_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    with pytest.raises(Refused) as refused:
        look_at(tmp_path / name)

    assert "is RDF by its name" in refused.value.problem.message
    assert f"gpsa load {tmp_path / name} --store DIR" in refused.value.problem.fix


def test_a_table_of_more_than_50_mb_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as stream:
        stream.truncate(50_000_001)
    with pytest.raises(Refused, match=r"50,000,001 bytes are more than a table may have \(50,000,000\)"):
        look_at(tmp_path / "a.csv", 50_000_000)


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:automatic-styles>
<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>a<text:s/>b</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="5.0" table:number-columns-repeated="2"><text:p>5</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="date" office:date-value="2020-01-01T10:00:00"><office:annotation><text:p>no</text:p>
</office:annotation><text:p>1 Jan</text:p></table:table-cell></table:table-row>{}
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>
<table:table table:name="H" table:style-name="h"/></office:spreadsheet></office:body></office:document-content>"""


def ods(path: Path, rows: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", ODS.format(rows))
    return path


def test_an_open_document_is_read_with_repetitions_and_hidden_sheets(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", "")

    assert [(s.name, s.hidden) for s in open_table(look_at(path))] == [("S", False), ("H", True)]
    assert first(path)[1] == [{0: "a b", 1: "5", 2: "5"}, {0: "2020-01-01"}, {0: "2020-01-01"}]


@pytest.mark.parametrize("row, message", [
    ('<table:table-row><table:table-cell table:formula="of:=1+1"/></table:table-row>', "a formula was never computed, so the cell has no value"),
    ('<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>',
     "the cell holds the error #DIV/0!"),
    ('<table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>m</text:p></table:table-cell></table:table-row>',
     "cells are merged, so that only the first of them has the value"),
])
def test_cells_without_a_value_are_told_in_open_documents_too(tmp_path: Path, row: str, message: str) -> None:
    sheet, _ = first(ods(tmp_path / "a.ods", row))

    assert [f[:2] for f in sheet.faults] == [("A4", message)]


def test_a_row_that_is_repeated_without_end_is_refused(tmp_path: Path) -> None:
    row = '<table:table-row table:number-rows-repeated="900000"><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'

    assert "a row is repeated 900,000 times" in refusal(ods(tmp_path / "a.ods", row))


def test_what_odfpy_writes_is_what_is_read(tmp_path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book, table = OpenDocumentSpreadsheet(), Table(name="S")
    for cells_ in ([("string", {}, "id"), ("string", {}, "n")], [("string", {}, "caf\u00e9, x"), ("float", {"value": "12.50"}, "12.5")]):
        row = TableRow()
        for kind, more, text in cells_:
            cell = TableCell(valuetype=kind, **more)
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "a.ods"))

    assert first(tmp_path / "a.ods")[1] == [{0: "id", 1: "n"}, {0: "caf\u00e9, x", 1: "12.5"}]
