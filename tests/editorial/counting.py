"""How many facts of each kind a case file and a sheet hold, and why the two numbers differ."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
#: Kinds of fact in the order of the case files, each with the keys of the sheets that it comes from.
KINDS: dict[str, tuple[str, ...]] = {
    "also_titled": ("also_titled",), "related": ("related",), "codes": ("wb_project_id", "wb_trust_fund"), "call": ("call",),
    "countries": ("country", "countries"), "grantee": ("grantee",), "partners": ("partners",), "government": ("government",),
    "people": ("people",), "sectors": ("sectors",), "mechanisms": ("mechanisms",), "collaboration": ("collaboration",),
    "amounts": ("amount_usd",), "dates": ("dates",), "places": ("places",), "scope": ("scope",), "objective": ("objective",),
    "problem": ("problem",), "baseline": ("baseline_facts",), "evaluation": ("evaluation_design",), "results": ("results",),
    "challenges": ("challenges",), "lessons": ("lessons",), "notes": ("notes",), "status": ("status",), "register": ("register",),
    "gaps": (), "sources": ("sources",),
}
DATES = ("dates.approval", "dates.launch", "dates.start", "dates.closing")
#: What a case file holds beyond its sheet, by kind.
MORE = {
    "amounts": "a second amount by another source",
    "call": "call named in the remark of the sheet",
    "dates": "another value for a date, told in the remark of the sheet",
    "gaps": "remarks of the sheet on what is missing, and what the second look found missing",
    "notes": "values of the register without a field, and sources read without a fact of their own",
    "partners": "sheet of the register",
    "register": "row of the portfolio sheet",
    "sources": "exports of the register",
}


def in_case(case: Any) -> Counter[str]:
    """Facts of each kind in a case (value of `gpsa_graph.cases`)."""
    found: Counter[str] = Counter()
    for kind in KINDS:
        value = getattr(case, "cites" if kind == "sources" else kind)
        found[kind] = len(value) if isinstance(value, tuple) else int(value is not None)
    return found


def in_sheet(sheet: Any) -> Counter[str]:
    """Facts of each kind in a sheet as read from YAML."""
    found: Counter[str] = Counter()
    for kind, keys in KINDS.items():
        for key in keys:
            value = sheet.get(key)
            if kind == "dates" and value:
                found[kind] += len(set(value) & {"approval", "start", "launch", "closing"})
            elif value:
                found[kind] += len(value) if isinstance(value, list) else 1
    return found


def pinned(file: Path = HERE / "counts.csv") -> dict[str, dict[str, tuple[int, int]]]:
    """Case -> kind -> (in the sheet, in the case file)."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            found[row["case"]][row["kind"]] = (int(row["sheet"]), int(row["data"]))
    return dict(found)


def reasons(fates: dict[tuple[str, str], tuple[str, str, str]], case: str, kind: str, sheet: int, data: int) -> tuple[int, list[str]]:
    """How many facts the fates explain the difference by, and in which words."""
    said: list[str] = []
    change = 0
    top = {p: f for (s, p), f in fates.items()
           if s == case and p.partition("[")[0] in KINDS[kind] and p.endswith("]") and p.count("[") == 1}
    dates = {p: f for (s, p), f in fates.items() if kind == "dates" and s == case and p in DATES}
    out = [f for f in (*top.values(), *dates.values()) if f[0] == "left out"]
    merged = [f for f in top.values() if f[0] == "merged into"]
    if out:
        change -= len(out)
        said.append(f"{len(out)} left out ({'; '.join(sorted({f[2] for f in out}))})")
    if merged:
        change -= len(merged)
        said.append(f"{len(merged)} merged ({'; '.join(sorted({f[2] for f in merged}))})")
    split = [f[1] for f in top.values() if f[0] == "split"]
    if split:
        extra = sum(int(w.split("..")[1].rstrip("]")) - int(w.split("[")[1].split("..")[0]) for w in split if ".." in w)
        change += extra
        said.append(f"{len(split)} split in {len(split) + extra}")
    moved = sum(1 for (s, p), f in fates.items() if s == case and f[0] == "kept as" and f[1].partition("[")[0] == "government"
                and p.startswith("partners[") and p.endswith("]") and p.count("[") == 1)
    if moved and kind in ("partners", "government"):
        change += moved if kind == "government" else -moved
        said.append(f"{moved} public {'body' if moved == 1 else 'bodies'} moved from partners to government")
    added = [f[2] for (s, p), f in fates.items() if s == case and f[0] == "added" and p[6:].partition("[")[0] in KINDS[kind]]
    if added:
        change += len(added)
        said.append(f"{len(added)} added ({'; '.join(sorted(set(added)))})")
    if data - sheet > change and kind in MORE:
        said.append(f"{data - sheet - change} added: {MORE[kind]}")
        change = data - sheet
    return change, said
