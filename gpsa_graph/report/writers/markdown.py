"""A document as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gpsa_graph.export.table import escape, one_line
from gpsa_graph.report.document import Cite, Document, Figure, Heading, Items, Para, Strong, Table, Text, marks

__all__ = ["markdown"]


def _text(runs: Text) -> str:
    made = []
    for run in runs:
        if isinstance(run, Cite):
            made.append("".join(f"[{t}](#source-{n})" if n else {"[": "\\[", "]": "\\]"}.get(t, t) for t, n in marks(run)))
        elif isinstance(run, Strong):
            made.append(f"**{escape(run.text)}**")
        else:
            made.append(escape(" ".join(run.split()) if run.strip() else run) + (" " if run.endswith(" ") and run.strip() else ""))
    return "".join(made).strip()


def markdown(document: Document, figures: Sequence[str]) -> str:
    """The document as Markdown; `figures` are the paths of its pictures, in order."""
    lines = [f"# {escape(one_line(document.title))}", "", *(f"{escape(line)}  " for line in document.lines), ""]
    pictures, numbers = iter(figures), {"Table": 0, "Figure": 0}
    for block in document.blocks:
        lines += _block(block, pictures, numbers)
    lines += ["## Sources", ""]
    lines += [f'{i}. <a id="source-{i}"></a>{escape(one_line(str(s)))}' for i, s in enumerate(document.sources, 1)] or [
        "No source is cited."
    ]
    return "\n".join(lines) + "\n"


def _block(block: object, pictures: Iterable[str], numbers: dict[str, int]) -> list[str]:
    if isinstance(block, Heading):
        return ["#" * (block.level + 1) + " " + escape(one_line(block.text)), ""]
    if isinstance(block, Para):
        return [f"*{_text(block.text)}*" if block.quiet else _text(block.text), ""]
    if isinstance(block, Items):
        return [*(f"- {_text(item)}" for item in block.items), ""]
    if isinstance(block, Table):
        numbers["Table"] += 1
        heads = "| " + " | ".join(escape(h) or " " for h in block.heads) + " |"
        rule = "| " + " | ".join("---:" if i in block.right else "---" for i in range(len(block.heads))) + " |"
        return [
            f"Table {numbers['Table']}. {escape(block.caption)}",
            "",
            heads,
            rule,
            *("| " + " | ".join(map(_text, row)) + " |" for row in block.rows),
            "",
        ]
    assert isinstance(block, Figure)
    numbers["Figure"] += 1
    return [
        f"![{escape(block.made.drawing.title)}]({next(iter(pictures)).replace(' ', '%20')})",
        "",
        f"Figure {numbers['Figure']}. {escape(block.caption)}",
        "",
    ]
