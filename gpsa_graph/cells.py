"""Cells of CSV and TSV files that a spreadsheet program would run, and how they are kept from it.

A text that begins with `=`, `+`, `-`, `@` (also full-width), a tab or a line end gets an apostrophe before it when it is written; a
number does not. Where the text has apostrophes before such a sign already it gets one more, so that reading takes exactly one away.
Every file of ours with such cells is written with `guarded` and read with `unguarded`.
"""

from __future__ import annotations

import re

__all__ = ["guarded", "unguarded"]

_RUNS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet program runs.

    >>> [guarded(text) for text in ("=1+1", "-5", "- a dash", "'=1", "ministry")]
    ["'=1+1", '-5', "'- a dash", "''=1", 'ministry']
    """
    return f"'{text}" if _RUNS.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(cell: str) -> str:
    """The text that a cell was written from.

    >>> [unguarded(cell) for cell in ("'=1+1", "-5", "''=1", "'quoted'")]
    ['=1+1', '-5', "'=1", "'quoted'"]
    """
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
