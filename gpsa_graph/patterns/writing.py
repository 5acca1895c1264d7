"""Findings as text, Markdown and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gpsa_graph.graph.rows import Rows
from gpsa_graph.patterns.findings import Finding, figure

if TYPE_CHECKING:
    from gpsa_graph.graph.claims import Source

__all__ = ["as_json", "as_markdown", "as_rows", "as_text"]


def safe(text: str) -> str:
    r"""A text in Markdown: nothing that a source says is read as markup, and it stays on its line.

    >>> print(safe("a *b* <i>"))
    a \*b\* \<i>
    """
    for sign in ("\\", "<", "*", "_", "`"):
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _facts(finding: Finding) -> list[tuple[str, str]]:
    numbers = "; ".join(
        f"{name} {value if isinstance(value, str) else figure(value)}" for name, value in finding.numbers.items()
    )
    tested = finding.test + (
        f" (p = {figure(finding.p)}, q = {figure(finding.q)})" if finding.p is not None and finding.q is not None else ""
    )
    drawn = f"{finding.draws} shuffles from seed {finding.seed}" if finding.draws else ""
    facts = [
        ("stands on", f"n = {finding.n} of {finding.of}"),
        ("numbers", numbers),
        ("test", "; ".join(filter(None, (tested, drawn)))),
        ("cases", ", ".join(finding.cases)),
        ("against", ", ".join(finding.against)),
        ("sources", ", ".join(finding.sources)),
        ("caveats", " ".join(finding.caveats)),
        ("what would change it", finding.changes),
    ]
    return [(name, said) for name, said in facts if said]


def _shared(findings: Sequence[Finding]) -> tuple[list[str], list[list[tuple[str, str]]]]:
    """The caveats that two findings or more have, in order; and what each finding stands on, without these."""
    every = [caveat for finding in findings for caveat in finding.caveats]
    shared = [caveat for caveat in dict.fromkeys(every) if every.count(caveat) > 1]
    return shared, [_facts(replace(f, caveats=tuple(c for c in f.caveats if c not in shared))) for f in findings]


def _few(said: str, most: int) -> str:
    names = said.split(", ")
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def as_text(findings: Sequence[Finding], *, most: int = 8) -> str:
    """Each finding as its sentence and what it stands on, with at most so many names of cases; common caveats stand at the end.

    >>> print(as_text([Finding("teams", "a", "A was reported in 3 of 12 cases.", n=3, of=12)]))
    A was reported in 3 of 12 cases.
      stands on: n = 3 of 12
    """
    shared, facts = _shared(findings)
    parts = []
    for finding, said in zip(findings, facts, strict=True):
        lines = [finding.sentence]
        for name, text in said:
            if name == "sources":
                lines.append(f"  sources: {len(finding.sources)}")
            else:
                lines.append(f"  {name}: {_few(text, most) if name in ('cases', 'against') else text}")
        parts.append("\n".join(lines))
    if shared:
        parts.append("\n".join(["What holds for these findings:", *(f"  {caveat}" for caveat in shared)]))
    return "\n\n".join(parts)


def as_markdown(
    findings: Sequence[Finding], *, most: int = 12, cite: Callable[[Sequence[str]], dict[str, str]] | None = None
) -> str:
    """Each finding as an item of a list with what it stands on below it; at most so many names of cases, and numbered sources.

    `cite` gives the citation of each source by its name, as `kg.citations` does; without it the names stand in the list.

    >>> print(as_markdown([Finding("teams", "a", "A.", n=3, of=12, cases=("case:b", "case:c"), sources=("source:s",))], most=1))
    - A.
      - *stands on:* n = 3 of 12
      - *cases:* case:b and 1 more
      - *sources:* [1]
    <BLANKLINE>
    Sources:
    <BLANKLINE>
    1. source:s
    """
    shared, facts = _shared(findings)
    names = list(dict.fromkeys(name for finding in findings for name in finding.sources))
    cited = cite(names) if cite else {name: name for name in names}
    numbers = {name: at for at, name in enumerate(cited, 1)}
    lines = []
    for finding, said in zip(findings, facts, strict=True):
        lines.append(f"- {finding.sentence}")
        for name, text in said:
            if name == "sources":
                text = " ".join(f"[{numbers[source]}]" for source in finding.sources if source in numbers)
            elif name in ("cases", "against"):
                text = _few(text, most)
            lines.append(f"  - *{name}:* {text}")
    if shared:
        lines += ["", "What holds for these findings:", "", *(f"- {caveat}" for caveat in shared)]
    if cited:
        lines += ["", "Sources:", "", *(f"{numbers[name]}. {safe(said)}" for name, said in cited.items())]
    return "\n".join(lines)


def as_json(findings: Iterable[Finding]) -> str:
    """A JSON list with every field of each finding; the same findings give the same bytes.

    >>> as_json([])
    '[]'
    """
    import json

    return json.dumps([f.to_dict() for f in findings], ensure_ascii=False, indent=1)


def as_rows(
    findings: Sequence[Finding],
    *,
    cite: Callable[[Sequence[str]], dict[str, str]] | None = None,
    works: Callable[[Sequence[str]], list[Source]] | None = None,
) -> Rows:
    """A row a finding; each number that any of them has is a column. `cite` and `works` tell of sources, as those of a graph do.

    >>> as_rows([Finding("teams", "a", "A.", n=3, of=12, numbers={"odds ratio": 2.0})]).to_dicts()[0]["odds ratio"]
    2.0
    """
    names = list(dict.fromkeys(name for f in findings for name in f.numbers))
    columns = ["pattern", "key", "sentence", "n", "of", "p", "q", "holds", *names, "cases", "against", "src"]
    return Rows(
        columns,
        [
            (
                f.pattern,
                f.key,
                f.sentence,
                f.n,
                f.of,
                f.p,
                f.q,
                f.holds,
                *(f.numbers.get(name) for name in names),
                " ".join(f.cases),
                " ".join(f.against),
                " ".join(f.sources),
            )
            for f in findings
        ],
        cite=cite,
        works=works,
    )
