"""A notebook as a Markdown page with what its cells show: run here, from top to bottom, without a kernel."""

from __future__ import annotations

import ast
import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def cells(path: Path) -> list[tuple[str, str]]:
    """Kind and source of every cell."""
    read = json.loads(path.read_text("utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in read["cells"]]


def run(source: str, names: dict[str, Any]) -> Any:
    """Execute a cell and give the value of its last line, as a notebook does."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";") else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def played(path: Path) -> Iterator[tuple[str, str, str, Any]]:
    """Kind, source, printed text and value of every cell of a notebook that is run from top to bottom."""
    names: dict[str, Any] = {}
    for kind, source in cells(path):
        printed = io.StringIO()
        value = None
        if kind == "code":
            with contextlib.redirect_stdout(printed):
                value = run(source, names)
        yield kind, source, printed.getvalue(), value


def shown(value: Any) -> str:
    """The richest form of a value that needs no script: a table, a picture, or plain text."""
    bundle = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else {}
    for kind, method in (("image/svg+xml", "_repr_svg_"), ("text/html", "_repr_html_")):
        text = bundle.get(kind) or (getattr(value, method)() if hasattr(value, method) else "")
        if text:
            one_line = "\n".join(line for line in str(text).splitlines() if line.strip())
            return f'<div class="notebook-output" tabindex="0">\n{one_line}\n</div>\n'
    from pprint import pformat

    return f"```text\n{pformat(value, width=100, sort_dicts=False)}\n```\n"


def as_markdown(path: Path) -> str:
    """The whole notebook as a page."""
    parts = []
    for kind, source, printed, value in played(path):
        if kind == "markdown":
            parts.append(source + "\n")
            continue
        parts.append(f"```python\n{source}\n```\n")
        if printed:
            parts.append(f"```text\n{printed.rstrip()}\n```\n")
        if value is not None:
            parts.append(shown(value))
    return "\n".join(parts)
