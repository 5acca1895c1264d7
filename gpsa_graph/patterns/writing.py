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


Cite = Callable[[Sequence[str]], dict[str, str]]
#: Of one finding, so many sources are named in a terminal; the rest is counted.
SOURCES = 5


class _Numbered:
    """The sources of some findings, each with its number in the order in which they come, at most so many of one finding."""

    def __init__(self, findings: Sequence[Finding], cite: Cite | None, most: int | None) -> None:
        self._most = most
        shown = dict.fromkeys(name for finding in findings for name in finding.sources[:most]) if cite else {}
        self._said = cite(list(shown)) if cite and shown else {}
        self._number = {name: i for i, name in enumerate((n for n in shown if n in self._said), 1)}

    def of(self, finding: Finding) -> str:
        """The numbers of a finding's sources and how many more there are; without citations only how many there are."""
        known = [self._number[name] for name in finding.sources[: self._most] if name in self._number]
        if not known:
            return str(len(finding.sources))
        more = len(finding.sources) - len(known)
        return " ".join(f"[{n}]" for n in sorted(known)) + (f" and {more} more" if more else "")

    def listed(self) -> list[tuple[int, str]]:
        """The number and the citation of each source."""
        return [(number, self._said[name]) for name, number in self._number.items()]


def as_text(findings: Sequence[Finding], *, most: int = 8, cite: Cite | None = None) -> str:
    """Each finding as its sentence and what it stands on, with at most so many names of cases; common caveats stand at the end.

    With `cite` (names of sources -> citations, such as `kg.citations`) sources are numbered, at most five of each finding,
    and listed below; without it they are counted.

    >>> print(as_text([Finding("teams", "a", "A was reported in 3 of 12 cases.", n=3, of=12)]))
    A was reported in 3 of 12 cases.
      stands on: n = 3 of 12
    """
    shared, facts = _shared(findings)
    numbered = _Numbered(findings, cite, SOURCES)
    parts = []
    for finding, said in zip(findings, facts, strict=True):
        lines = [finding.sentence]
        for name, text in said:
            if name == "sources":
                lines.append(f"  sources: {numbered.of(finding)}")
            else:
                lines.append(f"  {name}: {_few(text, most) if name in ('cases', 'against') else text}")
        parts.append("\n".join(lines))
    if shared:
        parts.append("\n".join(["What holds for these findings:", *(f"  {caveat}" for caveat in shared)]))
    if listed := numbered.listed():
        parts.append("\n".join(["Sources", *(f"  [{number}] {said}" for number, said in listed)]))
    return "\n\n".join(parts)


def as_markdown(findings: Sequence[Finding], *, most: int = 12, cite: Cite | None = None) -> str:
    """Each finding as an item of a list with what it stands on below it; names of cases and `cite` as in `as_text`.

    All sources of a finding are numbered: a text in Markdown is taken away.

    >>> found = [Finding("teams", "a", "A.", n=3, of=12, cases=("case:b", "case:c"), sources=("source:s",))]
    >>> print(as_markdown(found, most=1, cite=lambda names: {"source:s": "A report, 2020."}))
    - A.
      - *stands on:* n = 3 of 12
      - *cases:* case:b and 1 more
      - *sources:* [1]
    <BLANKLINE>
    Sources:
    <BLANKLINE>
    1. A report, 2020.
    """
    shared, facts = _shared(findings)
    numbered = _Numbered(findings, cite, None)
    lines = []
    for finding, said in zip(findings, facts, strict=True):
        lines.append(f"- {finding.sentence}")
        for name, text in said:
            if name == "sources":
                text = numbered.of(finding)
            elif name in ("cases", "against"):
                text = _few(text, most)
            lines.append(f"  - *{name}:* {text}")
    if shared:
        lines += ["", "What holds for these findings:", "", *(f"- {caveat}" for caveat in shared)]
    if listed := numbered.listed():
        lines += ["", "Sources:", "", *(f"{number}. {safe(said)}" for number, said in listed)]
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
