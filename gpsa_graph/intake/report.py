"""The intake report: what was read, mapped, not mapped, dropped and why, with counts that add up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from gpsa_graph.intake.lists import Decision
from gpsa_graph.intake.session import MAPPED, Session

__all__ = ["as_json", "as_text", "summary"]

_SHOWN = 200


def summary(session: Session, read: int) -> str:
    """The fates of the records in one line.

    The numbers add up to the records that were read.
    """
    fates = session.tally.records
    assert sum(fates.values()) == read, f"{read} records were read, {sum(fates.values())} have a fate"
    parts = [f"{n:,} {fate}" for fate, n in sorted(fates.items(), key=lambda f: (f[0] != "imported", -f[1], f[0]))]
    return f"{read:,} records read: " + (", ".join(parts) or "none")


def _table(session: Session) -> list[str]:
    by: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    reasons: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (name, outcome, why), n in sorted(session.tally.elements.items()):
        by[name][outcome] += n
        if why:
            reasons[name].append((n, f"{outcome}: {why}" if outcome != MAPPED else why))
    lines = ["| what | there were | mapped | not mapped | dropped | why |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for name in sorted(by):
        counts = by[name]
        why = "; ".join(f"{w} ({n:,})" for n, w in sorted(reasons[name], key=lambda r: (-r[0], r[1])))
        total = counts[MAPPED] + counts["not mapped"] + counts["dropped"]
        lines.append(f"| {name} | {total:,} | {counts[MAPPED]:,} | {counts['not mapped']:,} | {counts['dropped']:,} | {why} |")
    return lines


def as_text(session: Session, read: int, rows: Sequence[Decision], cut: str, asked: str) -> str:
    """The report for people, in Markdown."""
    file = session.file
    fates = sorted(session.tally.records.items(), key=lambda f: (f[0] != "imported", -f[1], f[0]))
    lines = [
        "# Intake report",
        "",
        f"File `{file.shown}`, {file.size:,} bytes, SHA-256 `{file.sha256}`.",
        "",
        f"Asked for: {asked}.",
        "",
        "## Records",
        "",
        "| fate | records |",
        "| --- | ---: |",
        *(f"| {fate} | {n:,} |" for fate, n in fates),
        f"| **read** | **{sum(n for _, n in fates):,}** |",
        "",
        "## Contents of the imported records",
        "",
        "Each element has one outcome; the three columns add up to what there was.",
        "",
        *_table(session),
        "",
    ]
    open_rows = [r for r in rows if not r.decision]
    lines += [
        "## Names to decide on",
        "",
        f"{len(open_rows):,} proposals are open and {len(rows) - len(open_rows):,} decided in `matches.csv`. "
        "Write `same` or `different` into the "
        "column `decision` and import again; nothing is merged before, and an emptied cell takes a decision back.",
    ]
    if cut:
        lines += ["", cut]
    if session.remarks:
        lines += ["", "## To know", "", *(f"- {r}" for r in session.remarks)]
    if session.problems:
        lines += [
            "",
            "## Faults of the file",
            "",
            "What these touch was left out.",
            "",
            *(f"- {p.path}{f':{p.line}' if p.line else ''}: {p.message}. {p.fix}" for p in session.problems[:_SHOWN]),
        ]
        rest = len(session.problems) - _SHOWN + session.more
        if rest > 0:
            lines.append(f"- and {rest:,} more")
    lines += ["", "Texts are the record's own words: put them into your own before publishing, and check what is marked as inferred.", ""]
    return "\n".join(lines)


def as_json(session: Session, read: int, rows: Sequence[Decision], files: dict[str, str] | None = None) -> str:
    """The same for programs."""
    return (
        json.dumps(
            {
                "file": session.file.shown,
                "sha256": session.file.sha256,
                "read": read,
                **session.tally.to_json(),
                "proposals": len(rows),
                "remarks": session.remarks,
                "faults": [str(p) for p in session.problems],
                "more_faults": session.more,
                "files": files or {},
            },
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )
