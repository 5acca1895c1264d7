"""The tables of data/README.md and docs/audit.md, made from the data and from the files beside this one.

    python tests/editorial/tables.py

writes them between the marks `<!-- NAME -->` and `<!-- /NAME -->`; a test holds the pages against what this script makes.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import counting
import kappa

from gpsa_graph.cases import Data, check_folder

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
Fate = tuple[str, str, str, str]


def fates(file: Path = HERE / "fates.csv") -> dict[tuple[str, str], Fate]:
    with file.open(encoding="utf-8", newline="") as rows:
        return {(r["sheet"], r["path"]): (r["fate"], r["where"], r["was"], r["why"]) for r in csv.DictReader(rows)}


def coverage(data: Data) -> str:
    """Of how many cases each field is stated."""
    whole, ours = len(data.cases), [c for c in data.cases if c.programme.id == "gpsa"]
    lines = ["| field | cases | of GPSA | entries |", "| --- | ---: | ---: | ---: |"]
    for kind in counting.KINDS:
        stated = [c for c in data.cases if counting.in_case(c)[kind]]
        entries = sum(counting.in_case(c)[kind] for c in data.cases)
        lines.append(f"| {kind} | {len(stated)} of {whole} | {sum(c in ours for c in stated)} of {len(ours)} | {entries:,} |")
    bodies = [g for c in data.cases for g in c.government]
    results = [r for c in data.cases for r in c.results]
    challenges, lessons = [x for c in data.cases for x in c.challenges], [x for c in data.cases for x in c.lessons]
    for name, part, all_ in (
        ("government: role in words", [g for g in bodies if g.role], bodies),
        ("government: roles classed", [g for g in bodies if g.roles], bodies),
        ("government: forms classed", [g for g in bodies if g.forms], bodies),
        ("government: depth classed", [g for g in bodies if g.depth], bodies),
        ("results: year", [r for r in results if r.year], results), ("results: value", [r for r in results if r.value], results),
        ("results: baseline", [r for r in results if r.baseline], results),
        ("results: finer kind", [r for r in results if r.finer], results),
        ("challenges: kind", [x for x in challenges if x.kinds], challenges),
        ("lessons: challenge or mechanism", [x for x in lessons if x.challenges or x.mechanisms], lessons),
    ):
        lines.append(f"| {name} | | | {len(part)} of {len(all_)} |")
    return "\n".join(lines)


def findings(data: Data) -> str:
    """Results by kind and finding."""
    names = ("positive", "mixed", "none", "negative", "not-assessed")
    count = Counter((r.kind, r.finding) for c in data.cases for r in c.results)
    lines = ["| kind | " + " | ".join(names) + " | all |", "| --- |" + " ---: |" * 6]
    kinds = sorted({k for k, _ in count})
    for kind in (*kinds, "all"):
        row = [sum(n for (k, f), n in count.items() if kind in (k, "all") and f == name) for name in names]
        lines.append(f"| {kind} | " + " | ".join(map(str, row)) + f" | {sum(row)} |")
    return "\n".join(lines)


def source_kinds(data: Data) -> str:
    """How the kinds of source of the sheets were read again."""
    moved = Counter((was, to) for (_, path), (fate, to, was, _) in fates().items()
                    if fate == "changed" and re.fullmatch(r"sources\[\d+\]\.kind", path))
    lines = ["| in the sheets | read as | entries |", "| --- | --- | ---: |"]
    lines += [f"| {was} | {to} | {n} |" for (was, to), n in sorted(moved.items())]
    now = Counter(s.kind for s in data.authority.source.values())
    lines.append("")
    lines.append("Rows of sources.csv by kind: " + ", ".join(f"{k} {n}" for k, n in sorted(now.items())) + ".")
    read = Counter(s.read for s in data.authority.source.values())
    lines.append("Read: " + ", ".join(f"{k} {n}" for k, n in sorted(read.items())) + ".")
    return "\n".join(lines)


def _places(found: list[tuple[str, str]]) -> str:
    by_case: dict[str, list[str]] = defaultdict(list)
    for case, path in found:
        by_case[case].append(path)
    return "; ".join(f"`{case}` {', '.join(paths)}" for case, paths in sorted(by_case.items()))


def changes(data: Data) -> str:
    """Every fact of the sheets that was left out or changed, and why; `path` counts from 0 in the sheet."""
    del data
    said: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for (sheet, path), (fate, to, was, why) in fates().items():
        field = re.sub(r"\[\d+\]", "", path)
        if fate == "left out":
            said[f"left out: {field}"][why].append((sheet, path))
        elif fate == "changed" and not re.fullmatch(r"sources\[\d+\]\.kind", path):
            short = f" from {was} to {to}" if was and len(was + to) < 70 and field.endswith(("finding", "kind")) else ""
            said[f"changed: {field}{short}"][why].append((sheet, path))
    lines: list[str] = []
    for group in sorted(said):
        entries = said[group]
        total = sum(map(len, entries.values()))
        lines.append(f"- **{group}** ({total})")
        for why, found in sorted(entries.items()):
            rows = len(found) == 39 and found[0][0] == "wb-gpsa-portfolio"
            where = "all sheets" if len(found) == 121 else "all rows" if rows else _places(found)
            lines.append(f"  - {why}: {where}")
    return "\n".join(lines)


def counts(data: Data) -> str:
    """Facts of each kind in the sheet and in the case file; one number where they are equal."""
    pinned, kinds = counting.pinned(), list(counting.KINDS)
    lines = ["| case | " + " | ".join(k.replace("_", " ") for k in kinds) + " |", "| --- |" + " ---: |" * len(kinds)]
    for case in data.cases:
        row = [pinned.get(case.id, {}).get(kind, (0, 0)) for kind in kinds]
        lines.append(f"| {case.id} | " + " | ".join("" if a == b == 0 else str(b) if a == b else f"{a} > {b}" for a, b in row) + " |")
    sums = [tuple(sum(p.get(kind, (0, 0))[i] for p in pinned.values()) for i in (0, 1)) for kind in kinds]
    lines.append("| **all** | " + " | ".join(str(b) if a == b else f"{a} > {b}" for a, b in sums) + " |")
    return "\n".join(lines)


def differences(data: Data) -> str:
    """Why the numbers of a case differ."""
    del data
    known = {key: (fate, where, why) for key, (fate, where, _, why) in fates().items()}
    lines = ["| kind | case | sheet | case file | why |", "| --- | --- | ---: | ---: | --- |"]
    for kind in counting.KINDS:
        same: dict[str, list[str]] = defaultdict(list)
        for case, found in counting.pinned().items():
            sheet, now = found.get(kind, (0, 0))
            if sheet == now:
                continue
            without = not any(s == case for s, _ in known)
            why = "no sheet; made from the register" if without else "; ".join(counting.reasons(known, case, kind, sheet, now)[1])
            if kind in ("register", "notes", "sources", "gaps") or without:
                same[re.sub(r"^\d+ ", "", why)].append(f"{case} ({sheet}, {now})")
            else:
                lines.append(f"| {kind} | {case} | {sheet} | {now} | {why} |")
        lines += [f"| {kind} | {', '.join(names)} | | | {why} |" for why, names in sorted(same.items())]
    return "\n".join(lines)


PAGES: dict[str, dict[str, Callable[[Data], str]]] = {
    "data/README.md": {"coverage": coverage, "findings": findings, "kappa": lambda _: kappa.table(kappa.agreement()),
                       "kinds of source": source_kinds, "changes": changes},
    "docs/audit.md": {"counts": counts, "differences": differences},
}


def filled(page: str, data: Data) -> str:
    """The text of a page with its tables made anew."""
    text = (ROOT / page).read_text("utf-8")
    for name, make in PAGES[page].items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        head, found, rest = text.partition(start)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"{page} has no marks {start} and {end}")
        text = f"{head}{start}\n{make(data)}\n{end}{tail}"
    return text


def main() -> int:
    data, _ = check_folder()
    for page in PAGES:
        (ROOT / page).write_text(filled(page, data), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
