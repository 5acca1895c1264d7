"""The template of a table of cases: an XLSX with drop-down lists from the vocabularies and an explanation in every column."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from gpsa_graph.errors import MissingExtra
from gpsa_graph.intake.columns import SHEETS, Column
from gpsa_graph.intake.sheets import column

__all__ = ["write_template"]

_ROWS = 2_000
_READ_ME = (
    "One row of the sheet 'cases' is one case: a title and a country are enough to begin with.",
    "The other sheets say more about a case: one row is one participant, result, challenge ... and names its case.",
    "The grey row explains each column. It is left out when the table is read; you may delete it.",
    "Cells with an arrow offer words of the vocabularies. Several values stand in one cell with ; between.",
    "What no source says stays empty. Nothing is guessed, and an empty cell is not a zero.",
    "Read it back with: gpsa import table FILE -o DIR. Every fault is told with its sheet, row and column.",
)


def write_template(path: Path) -> None:
    """Write the template. MissingExtra where the spreadsheet library is not installed."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("excel") from None
    from gpsa_graph.cases import read
    from gpsa_graph.export.files import atomic

    authority = read().authority
    with atomic(path, binary=True) as stream:
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        book.set_properties({"title": "Cases for gpsa-graph", "created": _never()})
        head = book.add_format({"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "valign": "top"})
        grey = book.add_format({"italic": True, "font_color": "#595959", "bg_color": "#EDEDED", "text_wrap": True, "valign": "top"})
        text = book.add_format({"num_format": "@"})
        pages = {name: book.add_worksheet(name) for name in ("read me", *SHEETS, "words")}
        pages["read me"].set_column(0, 0, 110)
        for at, line in enumerate(_READ_ME):
            pages["read me"].write_string(at, 0, line)
        lists = {scheme: sorted(names.values()) for scheme, names in authority.concept.items()}
        lists["country"] = sorted(c.name for c in authority.country.values())
        ranges: dict[str, str] = {}
        schemes = sorted({c.scheme for columns in SHEETS.values() for c in columns if c.scheme} | {"country"})
        for at, scheme in enumerate(schemes):
            pages["words"].write_string(0, at, scheme, head)
            for row, word in enumerate(lists[scheme], 1):
                pages["words"].write_string(row, at, word)
            pages["words"].set_column(at, at, 32)
            ranges[scheme] = f"=words!${column(at)}$2:${column(at)}${len(lists[scheme]) + 1}"
        for name, columns in SHEETS.items():
            page = pages[name]
            page.freeze_panes(2, 0)
            page.set_row(1, 78)
            for at, one in enumerate(columns):
                page.set_column(at, at, 34 if one.name in ("title", "text", "objective", "problem", "role", "note") else 20, text)
                page.write_string(0, at, one.name, head)
                page.write_string(1, at, f"({one.help})", grey)
                _drop_down(page, at, one, ranges)
        book.close()


def _drop_down(page: Any, at: int, one: Column, ranges: dict[str, str]) -> None:
    """Words to choose from; a column of several values takes others too."""
    source: object = list(one.words) if one.words else ranges.get(one.scheme or ("country" if one.name == "country" else ""))
    if source:
        page.data_validation(
            2,
            at,
            _ROWS,
            at,
            {
                "validate": "list",
                "source": source,
                "input_title": one.name[:32],
                "input_message": one.help[:255],
                "show_error": not one.many,
                "error_title": "Not in the list",
                "error_message": "Take one of the words of the list.",
            },
        )


def _never() -> object:
    """A fixed moment, so that the same vocabularies give the same bytes."""
    from datetime import datetime

    from gpsa_graph.resources import data_version

    return datetime.fromisoformat(data_version()[1]).replace(tzinfo=UTC)
