"""Rows as text: CSV, TSV, JSON, JSON lines; tables, Markdown and spreadsheets by their own modules.

This module stands on the way of every `gpsa answer`, so it imports nothing heavy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any

from gpsa_graph import vocab
from gpsa_graph.cells import guarded
from gpsa_graph.errors import UnknownName

if TYPE_CHECKING:
    from gpsa_graph.graph.rows import Rows, Value

FORMATS = ("table", "csv", "tsv", "json", "jsonl", "md", "xlsx", "parquet", "bibtex", "ris", "csl")
#: Formats that are written to a binary stream.
BINARY = ("xlsx", "parquet")

_QUOTED = re.compile(r'[",\n\r]')
_TSV = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_IN_TSV = re.compile(r"[\\\t\n\r]")


def write_rows(rows: Rows, fmt: str, stream: IO[Any], width: int | None = None, *, meanings: Mapping[str, str] | None = None) -> None:
    """Write rows to a text stream, or to a binary one for `xlsx` and `parquet`.

    `json` holds texts exactly; so do `csv` and `tsv`, but that an apostrophe stands before a text which a spreadsheet program
    would run as a formula (`gpsa_graph.cells`); `tsv` writes tab, line end and backslash as `\\t`, `\\n`, `\\r`, `\\\\`; `table`
    shortens long texts to `width` columns (default: those of the terminal) and, like `md`, ends with the number of rows, the
    coverage and the sources, once each and numbered; `xlsx` has a second sheet with the `meanings` of the columns and the
    sources; `parquet` has a type for each column and title, coverage, query and sources in its metadata; `bibtex`, `ris` and
    `csl` hold the sources alone, for reference managers. Raises UnknownName for another format and MissingExtra where `xlsx`
    needs `pip install 'gpsa-graph[excel]'` and `parquet` `pip install 'gpsa-graph[parquet]'`.

    >>> import sys
    >>> from gpsa_graph.graph import Rows
    >>> write_rows(Rows(["case", "value"], [("case:a", 12), ("case:b", None)]), "csv", sys.stdout)
    case,value
    case:a,12
    case:b,
    """
    if fmt == "xlsx":
        from gpsa_graph.export.excel import workbook

        stream.write(workbook(rows, meanings or {}))
        return
    if fmt == "parquet":
        from gpsa_graph.export.parquet import parquet

        stream.write(parquet(rows))
        return
    if fmt in ("bibtex", "ris", "csl"):
        from gpsa_graph.export.bibliography import bibliography

        text = bibliography(rows.works(), fmt)
    elif fmt == "table":
        from gpsa_graph.export.table import table

        text = table(rows, width)
    elif fmt == "md":
        from gpsa_graph.export.table import markdown

        text = markdown(rows)
    elif fmt in _TEXTS:
        text = _TEXTS[fmt](rows)
    else:
        raise UnknownName("format", fmt, near=vocab.near(fmt, FORMATS), hint=f"choose from {', '.join(FORMATS)}")
    stream.write(text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text))


def plain(value: Value) -> str:
    """A value as text: nothing for None, `true` and `false`, numbers as they are."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def csv_line(values: Iterable[Value]) -> str:
    r"""One line of CSV (RFC 4180 quoting, `\n` at the end). No cell of it is run by a spreadsheet program (`gpsa_graph.cells`).

    >>> csv_line(["a, b", None, True, -5, "=1+1"])
    '"a, b",,true,-5,\'=1+1\n'
    """
    cells = [guarded(v) if isinstance(v, str) else plain(v) for v in values]
    line = ",".join(['"' + c.replace('"', '""') + '"' if _QUOTED.search(c) else c for c in cells])
    return (line or '""') + "\n"


def _csv(rows: Rows) -> str:
    return csv_line(rows.columns) + "".join(map(csv_line, rows))


def _tsv(rows: Rows) -> str:
    def line(values: Iterable[Value]) -> str:
        return "\t".join(_IN_TSV.sub(lambda m: _TSV[m[0]], guarded(v) if isinstance(v, str) else plain(v)) for v in values) + "\n"

    return line(rows.columns) + "".join(map(line, rows))


def _objects(rows: Rows) -> list[str]:
    from json import dumps
    from math import isfinite

    def one(value: Value) -> Value:
        return str(value) if isinstance(value, float) and not isfinite(value) else value

    return [dumps(dict(zip(rows.columns, map(one, row), strict=True)), ensure_ascii=False) for row in rows]


def _json(rows: Rows) -> str:
    return "[" + ",".join("\n" + one for one in _objects(rows)) + "\n]\n"


def _jsonl(rows: Rows) -> str:
    return "".join(one + "\n" for one in _objects(rows))


_TEXTS = {"csv": _csv, "tsv": _tsv, "json": _json, "jsonl": _jsonl}
