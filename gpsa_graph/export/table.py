"""Rows for the eye: a table that fits the terminal, and Markdown. Both end with count, coverage and sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from gpsa_graph.export.rows import plain
from gpsa_graph.graph.rows import Rows, Value

_GAP, _LINES, _NAME, _LEAST = "  ", 4, 30, 6
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Characters that turn the direction of the text around them; a table shows a replacement character instead.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufffe\uffff\ud800-\udfff]")
_MARKDOWN = re.compile(r"[\\|`*\[\]~#]|(?<![^\W_])_|_(?![^\W_])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def one_line(text: str) -> str:
    """A text without line ends, control characters and turns of direction.

    >>> one_line("a\\nb\\tc")
    'a b c'
    """
    return _TURNS.sub("\ufffd", _SPACE.sub(" ", text)).strip()


def size(text: str) -> int:
    """Columns that a text takes on a terminal: wide signs two, combining marks none.

    >>> size("Perú"), size("中文"), size("e\\u0301")
    (4, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf") else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cited(rows: Rows) -> tuple[list[tuple[str, ...]], list[str]]:
    """The cells as one-line texts, with numbers in place of the sources, and a line for each source in that order."""
    numbers: dict[str, int] = {}
    at = rows.columns.index("src") if "src" in rows.columns else -1
    found = []
    for row in rows:
        cells = [one_line(plain(v)) for v in row]
        if at >= 0:
            cells[at] = " ".join(f"[{numbers.setdefault(name, len(numbers) + 1)}]" for name in cells[at].split())
        found.append(tuple(cells))
    lines = rows.citations()
    return found, [one_line(lines.get(name, name)) for name in numbers]


def closing(rows: Rows) -> str:
    """How many rows, and how much of the cases they cover."""
    count = f"{len(rows)} row{'s' * (len(rows) != 1)}."
    return f"{count} {one_line(rows.coverage)}".strip()


def table(rows: Rows, width: int | None = None) -> str:
    """The rows in aligned columns, no wider than `width` where that can be done; numbers stand to the right.

    >>> from gpsa_graph.graph import Rows
    >>> print(table(Rows(["case", "value"], [("case:a", 12), ("case:b", 7)]), 40), end="")
    case    value
    ------  -----
    case:a     12
    case:b      7
    <BLANKLINE>
    2 rows.
    """
    if width is None:
        from shutil import get_terminal_size

        width = get_terminal_size((100, 24)).columns
    cells, sources = cited(rows)
    heads = tuple(one_line(c) for c in rows.columns)
    widths = _fit(list(zip(heads, *cells, strict=True)), width)
    right = [all(_number(row[i]) for row in rows) and any(row[i] is not None for row in rows) for i in range(len(heads))]
    lines = [*_block(heads, widths, right), _GAP.join("-" * w for w in widths)]
    for row in cells:
        lines += _block(row, widths, right)
    lines += ["", closing(rows)]
    if sources:
        lines += ["", *(f"[{i}] {line}" for i, line in enumerate(sources, 1))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _number(value: Value) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _fit(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths with which the table fits: long texts give way first, then names, down to a few signs a column."""
    fitted = [min(width, max(1, *map(size, column))) for column in columns]
    words = [min(_NAME, max(size(word) for cell in column for word in cell.split(" "))) for column in columns]
    excess = sum(fitted) + len(_GAP) * (len(fitted) - 1) - width
    for least in (words, [_LEAST] * len(fitted)):
        while excess > 0 and (wide := [i for i, w in enumerate(fitted) if w > least[i]]):
            fitted[max(wide, key=lambda i: fitted[i])] -= 1
            excess -= 1
    return fitted


def _block(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """One row as lines; a cell that needs more than a few lines ends with an ellipsis."""
    wrapped = [_wrap(cell, w) for cell, w in zip(cells, widths, strict=True)]
    lines = []
    for i in range(max(map(len, wrapped), default=1)):
        parts = []
        for cell, w, to_the_right in zip(wrapped, widths, right, strict=True):
            text = cell[i] if i < len(cell) else ""
            pad = " " * (w - size(text))
            parts.append(pad + text if to_the_right else text + pad)
        lines.append(_GAP.join(parts))
    return lines


def _wrap(text: str, width: int) -> list[str]:
    if size(text) <= width:
        return [text]
    lines, line = [], ""
    for word in text[:width * (_LINES + 1) * 2].split(" "):
        joined = f"{line} {word}" if line else word
        while size(joined) > width:
            head, joined = (line, word) if line else _cut(joined, width)
            lines.append(head)
            line = ""
            if len(lines) > _LINES:
                return [*lines[:_LINES - 1], _cut(lines[_LINES - 1], width - 1)[0] + "…"]
        line = joined
    lines.append(line)
    if len(lines) > _LINES:
        lines = [*lines[:_LINES - 1], _cut(lines[_LINES - 1], width - 1)[0] + "…"]
    return lines


def _cut(text: str, width: int) -> tuple[str, str]:
    """The part that fits, and the rest; marks stay with their letter."""
    taken = end = 0
    for end, sign in enumerate(text, 1):
        taken += size(sign)
        if taken > width:
            return text[:end - 1] or text[0], text[max(end - 1, 1):]
    return text[:end], ""


def escape(text: str) -> str:
    r"""Text as Markdown that shows it as it stands: no markup, no HTML, no cell end.

    >>> escape("a|b <i> snake_case _x_")
    'a\\|b &lt;i&gt; snake_case \\_x\\_'
    """
    return re.sub(r"[&<>]", lambda m: _HTML[m[0]], _MARKDOWN.sub(lambda m: "\\" + m[0], text))


def markdown(rows: Rows) -> str:
    """The rows as a Markdown table with count, coverage and a numbered list of sources below it."""
    cells, sources = cited(rows)
    numbers = [all(_number(row[i]) for row in rows) and len(rows) > 0 for i in range(len(rows.columns))]
    lines = ["| " + " | ".join(escape(one_line(c)) for c in rows.columns) + " |",
             "| " + " | ".join("---:" if n else "---" for n in numbers) + " |"]
    for row in cells:
        lines.append("| " + " | ".join(c if n == "src" else escape(c) for n, c in zip(rows.columns, row, strict=True)) + " |")
    lines += ["", closing(rows)]
    if sources:
        lines += ["", *(f"{i}. {escape(line)}" for i, line in enumerate(sources, 1))]
    return "\n".join(lines) + "\n"
