"""Rows in seven formats, read back by readers that are not ours, with texts that try to break out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpsa_graph.cells import guarded, unguarded
from gpsa_graph.errors import MissingExtra, OutputError, UnknownName
from gpsa_graph.export import FORMATS, write_rows
from gpsa_graph.export.files import atomic
from gpsa_graph.export.table import size
from gpsa_graph.graph import Rows

HOSTILE = [
    "<script>pwn()</script>", '"><img src=x onerror=pwn()>', "</title>", "<!--", "]]>", "{{7*7}}", "javascript:pwn()", "a|b||c\\|d",
    "[x](javascript:pwn())", "`code` *bold* _slant_ snake_case ~~gone~~", "# heading", "| --- |", "&amp; &lt;b&gt;", "=1+1", "+1", "-1",
    "@SUM(A1)", "\t=1", "\r=1", "＝1+1", '=HYPERLINK("http://x")', "nul \x00 and \x0b and \x1b[31m", "\ufffe", "turned \u202etxt.exe",
    "line\none\r\ntwo\rthree\u2028four", 'say "no", he said',
    "नेपाल सरकार", "Кыргызстан", "وزارة الصحة", "👩‍👩‍👧", "e" + "\u0301" * 100,
    "中文" * 40,
    "", "   ", "__proto__", "../../x", "x" * 5000, "word " * 900, "tab\there", "back\\slash \\t \\n",
]
ROWS = Rows(["case", "text", "value", "sure"], [(f"case:{i}", text, -i if i % 2 else i / 4, i % 3 == 0) for i, text in enumerate(HOSTILE)])


def written(rows: Rows, fmt: str, width: int | None = None, **more: object) -> str:
    stream = io.StringIO(newline="")
    write_rows(rows, fmt, stream, width, **more)  # type: ignore[arg-type]
    return stream.getvalue()


def spreadsheet(rows: Rows, **meanings: str) -> openpyxl.Workbook:
    stream = io.BytesIO()
    write_rows(rows, "xlsx", stream, meanings=meanings)
    return openpyxl.load_workbook(io.BytesIO(stream.getvalue()))


def test_csv_gives_every_text_back_exactly() -> None:
    read = list(csv.reader(io.StringIO(written(ROWS, "csv"), newline="")))

    assert read[0] == list(ROWS.columns)
    assert [unguarded(row[1]) for row in read[1:]] == HOSTILE
    assert [row[2] for row in read[1:]] == [str(v) for v in ROWS.column("value")]
    assert {row[3] for row in read[1:]} == {"true", "false"}


@pytest.mark.parametrize("fmt", ["csv", "tsv"])
def test_no_text_is_a_formula_and_a_number_stays_one(fmt: str) -> None:
    """What begins a formula, or a cell that a spreadsheet program strips down to one, stands behind an apostrophe."""
    texts = [sign + rest for sign in "=+-@\t\r\n＝＋－＠" for rest in ("", "1+1", "SUM(A1)", "cmd|' /C calc'!A0")]
    rows = Rows(["=title", "value"], [(text, -5 - n / 2) for n, text in enumerate(texts)])
    read = list(csv.reader(io.StringIO(written(rows, fmt), newline=""), delimiter="," if fmt == "csv" else "\t"))

    assert read[0][0] == "'=title"
    assert {row[0][0] for row in read[1:]} == {"'"}
    assert [row[1] for row in read[1:]] == [str(value) for value in rows.column("value")]
    assert written(Rows(["a"], [("-5",), ("-7.4",), ("-.5e-3",), ("-5 %",)]), fmt) == "a\n-5\n-7.4\n-.5e-3\n'-5 %\n"


@given(st.text(st.sampled_from("'=+-@\t\r\n＝5.e a,\"")))
def test_the_guard_of_cells_is_taken_away_exactly(text: str) -> None:
    cell = guarded(text)

    assert unguarded(cell) == text
    assert re.match(r"-?[\d.]|[^=+\-@\t\r\n＝]|$", cell)


def test_csv_of_one_empty_cell_is_a_row() -> None:
    assert list(csv.reader(io.StringIO(written(Rows(["a"], [(None,), ("",)]), "csv")))) == [["a"], [""], [""]]


def test_tsv_has_one_line_a_row_and_says_what_it_escapes() -> None:
    lines = written(ROWS, "tsv").split("\n")
    assert len(lines) == len(HOSTILE) + 2
    assert {line.count("\t") for line in lines[:-1]} == {3}

    signs = {"\\t": "\t", "\\n": "\n", "\\r": "\r", "\\\\": "\\"}
    assert [re.sub(r"\\[tnr\\]", lambda m: signs[m[0]], line.split("\t")[1]) for line in lines[1:-1]] == [guarded(text) for text in HOSTILE]


@pytest.mark.parametrize("fmt", ["json", "jsonl"])
def test_json_gives_every_value_back(fmt: str) -> None:
    text = written(ROWS, fmt)
    read = json.loads(text) if fmt == "json" else [json.loads(line) for line in text.split("\n")[:-1]]

    assert read == ROWS.to_dicts()


def test_json_has_no_value_that_json_does_not_know() -> None:
    text = written(Rows(["a"], [(float("nan"),), (float("inf"),)]), "json")

    assert json.loads(text, parse_constant=lambda name: pytest.fail(f"bare {name} is no JSON")) == [{"a": "nan"}, {"a": "inf"}]


@pytest.mark.parametrize("width", [44, 80, 200])
def test_a_table_stays_within_the_terminal(width: int) -> None:
    lines = written(ROWS, "table", width).rstrip("\n").split("\n")

    assert [line for line in lines if size(line) > width] == []
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]", "".join(lines)), "a control character reached the terminal"


def test_a_table_too_narrow_for_its_columns_is_still_written() -> None:
    lines = written(ROWS, "table", 5).split("\n")

    assert lines[0].split() == ["case", "text", "value", "sure"]
    assert lines[-2] == f"{len(HOSTILE)} rows."


def test_a_table_lines_up_numbers_on_the_right_and_wide_signs_by_their_width() -> None:
    rows = Rows(["name", "n"], [("中文", 5), ("Perú", -1200), ("e\u0301", None)])

    assert written(rows, "table", 80) == "name      n\n----  -----\n中文      5\nPerú  -1200\ne\u0301\n\n3 rows.\n"


def test_a_long_text_ends_with_an_ellipsis_and_a_name_keeps_whole() -> None:
    rows = Rows(["case", "text"], [("case:idn-wahana-visi", "word " * 200)])
    lines = written(rows, "table", 60).split("\n")

    assert lines[2].startswith("case:idn-wahana-visi  word word")
    assert lines[5].endswith("…")
    assert lines[7] == "1 row."


def test_a_table_tells_coverage_and_each_source_once() -> None:
    rows = Rows(["case", "src"], [("case:a", "source:one source:two"), ("case:b", "source:two"), ("case:c", None)],
                coverage="2 of 3 cases state the amount.", cite=lambda names: {n: f"Publisher of {n}" for n in names})

    for fmt in ("table", "md"):
        text = written(rows, fmt, 80)
        assert "3 rows. 2 of 3 cases state the amount." in text
        assert text.count("Publisher of source:one") == text.count("Publisher of source:two") == 1, fmt
        assert "[1] [2]" in text


def test_an_answer_cites_its_sources_with_publisher_and_address(kg) -> None:  # type: ignore[no-untyped-def]
    rows = kg.answer("where-was-a-mechanism-used", mechanism="social-audit")
    notes = written(rows, "table", 80).rstrip("\n").split("\n\n")[2].split("\n")

    assert len(notes) == len(rows.sources()) > 5
    for i, (line, name) in enumerate(zip(notes, rows.sources(), strict=True), 1):
        source = kg.sources([name])[0]
        assert line.startswith(f"[{i}] {source.publisher[:20]}")
        assert source.url in line


def test_markdown_cells_neither_end_early_nor_become_markup() -> None:
    lines = written(ROWS, "md").split("\n\n")[0].split("\n")

    assert len(lines) == len(HOSTILE) + 2
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in lines} == {5}, "a pipe in a text ends its cell"
    text = "\n".join(lines)
    assert "<" not in text
    assert not re.search(r"(?<!\\)\]\(", text), "a text became a link"
    assert "\\_slant\\_ snake_case" in text


def test_a_spreadsheet_keeps_texts_as_texts_and_numbers_as_numbers() -> None:
    sheet = spreadsheet(ROWS)["rows"]
    cells = list(sheet.iter_rows(min_row=2))

    assert {row[1].data_type for row in cells if row[1].value is not None} == {"s"}, "a text became a formula"
    for row, text in zip(cells, HOSTILE, strict=True):
        expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)
        assert (row[1].value or "") == expected
        assert row[1].quotePrefix == (text[:1] in tuple("=+-@\t\r＝") and text != ""), f"{text!r} looks like a formula"
    assert [row[2].value for row in cells] == ROWS.column("value")
    assert {row[2].data_type for row in cells} == {"n"}


def test_a_spreadsheet_has_frozen_headings_a_filter_and_a_codebook() -> None:
    rows = Rows(["case", "src"], [("case:a", "source:one")], title="Which?", coverage="1 of 1.",
                cite=lambda names: dict.fromkeys(names, "A report"))
    book = spreadsheet(rows, case="the case", src="who says so")

    assert (book["rows"].freeze_panes, book["rows"].auto_filter.ref) == ("A2", "A1:B2")
    told = {row[0].value: row[1].value for row in book["codebook"].iter_rows() if row[0].value}
    assert told | {"answers": "Which?", "coverage": "1 of 1.", "case": "the case", "src": "who says so", "source:one": "A report"} == told


def test_a_spreadsheet_says_that_a_text_was_cut() -> None:
    value = spreadsheet(Rows(["a"], [("x" * 40_000,)]))["rows"]["A2"].value

    assert (len(value), value[-10:]) == (32_767, " ... (cut)")


def test_a_spreadsheet_has_no_clock_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for zone in ("UTC", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        stream = io.BytesIO()
        write_rows(ROWS, "xlsx", stream)
        made.append(stream.getvalue())
        properties = openpyxl.load_workbook(io.BytesIO(made[-1])).properties
        assert properties.created == properties.modified

    assert made[0] == made[1]


def test_without_openpyxl_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    with pytest.raises(MissingExtra, match=r"gpsa-graph\[excel\]"):
        write_rows(ROWS, "xlsx", io.BytesIO())


def test_rows_of_nothing_are_written_in_every_format() -> None:
    for fmt in FORMATS:
        stream = io.BytesIO() if fmt in ("xlsx", "parquet") else io.StringIO()
        write_rows(Rows(["a", "b"], []), fmt, stream)
        assert bool(stream.getvalue()) == (fmt not in ("jsonl", "bibtex", "ris")), fmt
    assert written(Rows(["a", "b"], []), "table", 80) == "a  b\n-  -\n\n0 rows.\n"


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    for fmt in ("csv", "tsv", "table", "md", "json"):
        assert "\ufffd" in written(Rows(["a"], [("x\ud800y",)]), fmt, 80), fmt


def test_an_unknown_format_is_refused_with_the_near_miss() -> None:
    with pytest.raises(UnknownName, match="did you mean 'jsonl'"):
        write_rows(ROWS, "jsnl", io.StringIO())


def test_the_csv_way_imports_nothing_heavy() -> None:
    code = ("import sys; from gpsa_graph.graph.rows import Rows; from gpsa_graph.export.rows import write_rows; "
            "write_rows(Rows(['a'], [(1,)]), 'csv', sys.stdout); print(*sorted(sys.modules))")
    names = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())

    heavy = {"yaml", "jinja2", "rdflib", "networkx", "numpy", "openpyxl", "pandas", "click", "json", "csv", "tempfile", "shutil"}
    assert heavy & names == set()


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("old")

    with pytest.raises(AttributeError), atomic(path) as stream:
        stream.no_such_method(stream.write("half"))

    assert path.read_text() == "old"
    with atomic(path) as stream:
        stream.write("né\n")
    assert path.read_bytes() == "né\n".encode()
    assert [p.name for p in tmp_path.iterdir()] == ["rows.csv"]


def test_a_link_is_followed_and_a_device_is_written_directly(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    link.symlink_to(real)

    with atomic(link) as stream:
        stream.write("new")
    with atomic(os.devnull) as stream:
        stream.write("nothing")

    assert (link.is_symlink(), real.read_text()) == (True, "new")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("where", ["file/rows.csv", "missing/rows.csv", "x" * 300, "."])
def test_a_path_that_cannot_be_written_is_named_in_one_sentence(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("old")

    with pytest.raises(OutputError) as caught, atomic(tmp_path / where) as stream:
        stream.write("x")

    assert str(tmp_path / where) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("old")
    code = ("import resource, signal, sys; from gpsa_graph.export.files import atomic\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
            "try:\n    with atomic(sys.argv[1]) as stream: stream.write('x' * 100_000)\n"
            "except Exception as error: print(type(error).__name__, error)")
    said = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout

    assert said.startswith(f"OutputError '{path}' cannot be written: ")
    assert (path.read_text(), len(list(tmp_path.iterdir()))) == ("old", 1)
