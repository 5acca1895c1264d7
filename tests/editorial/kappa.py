"""Agreement of two readings that were made apart: Cohen's kappa (Cohen 1960, doi:10.1177/001316446002000104).

`second_reading.csv` has one row for each thing that both readers classed: case, field, item, first, second and `given`, which is
`yes` where the finding already stood in the evidence sheet and both readers saw it. Several concepts for one thing are separated
by blanks; for those fields each pair of thing and concept is one yes-or-no decision, over the concepts that either reader used.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Fields in which a thing may have several concepts.
SEVERAL = ("challenge kinds", "government roles", "forms of collaboration")


def cohen(pairs: Sequence[tuple[str, str]]) -> float:
    """Agreement beyond chance; 1 is perfect, 0 what chance gives, not a number where both readers used one word only.

    >>> cohen([("a", "a"), ("a", "a"), ("b", "b"), ("b", "a")])
    0.5
    """
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    agreed = sum(a == b for a, b in pairs) / n
    chance = sum(first[k] * second[k] for k in first) / n**2
    return math.nan if chance == 1 else (agreed - chance) / (1 - chance)


def agreement(file: Path = HERE / "second_reading.csv") -> dict[str, tuple[int, int, float, float]]:
    """Field -> things classed, decisions, share that agree, kappa."""
    single: dict[str, list[tuple[str, str]]] = defaultdict(list)
    several: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["field"] in SEVERAL:
                several[row["field"]].append((frozenset(row["first"].split()), frozenset(row["second"].split())))
                continue
            single[row["field"]].append((row["first"], row["second"]))
            if row["field"] == "finding" and row["given"] == "no":
                single["finding, where the sheet gave none"].append((row["first"], row["second"]))
    found = {}
    for name, pairs in single.items():
        found[name] = (len(pairs), len(pairs), sum(a == b for a, b in pairs) / len(pairs), cohen(pairs))
    for name, sets in several.items():
        used = sorted(frozenset().union(*(a | b for a, b in sets)))
        pairs = [(str(c in a), str(c in b)) for a, b in sets for c in used]
        found[name] = (len(sets), len(pairs), sum(a == b for a, b in pairs) / len(pairs), cohen(pairs))
    return dict(sorted(found.items()))


def table(found: dict[str, tuple[int, int, float, float]]) -> str:
    """The table of data/README.md."""
    lines = ["| field | things classed twice | decisions | agree | kappa |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, (things, decisions, share, kappa) in found.items():
        said = "not defined" if math.isnan(kappa) else f"{kappa:.2f}"
        lines.append(f"| {name} | {things} | {decisions} | {100 * share:.0f} % | {said} |")
    return "\n".join(lines)
