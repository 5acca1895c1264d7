"""The results of bench_scale.py as Markdown, and as a figure where one is named: rates, sizes, and how each question grows.

Growth is the exponent of CPU over cases between the smallest and the largest size at which a question took at least `--least`
seconds or was asked at all; that of the rows stands beside it. n log n between two sizes is given as an exponent too.
Run: python benchmarks/report.py RESULTS.jsonl [--figure FILE.svg]
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from collections import defaultdict
from pathlib import Path
from typing import Any


def machine() -> str:
    import os

    import pyoxigraph

    return (f"{os.cpu_count()} processors ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, "
            f"pyoxigraph {pyoxigraph.__version__}")


def loads(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["| cases | what | lines | CPU s | lines per CPU s | peak MB | bytes per line |", "| --- | --- | --- | --- | --- | --- | --- |"]
    best: dict[tuple[int, str], dict[str, Any]] = {}
    for row in rows:
        key = row["cases"], row["what"]
        if row["what"] != "question" and (key not in best or row["cpu"] < best[key]["cpu"]):
            best[key] = row
    for (cases, what), row in sorted(best.items(), key=lambda item: (item[0][0], item[0][1])):
        lines.append(f"| {cases:,} | {what} | {row['lines']:,} | {row['cpu']:.1f} | {row['lines'] / row['cpu']:,.0f} "
                     f"| {row['peak_mb']:.0f} | {row['bytes'] / row['lines']:.0f} |")
    return lines


def growth(rows: list[dict[str, Any]]) -> list[tuple[str, float, float, dict[str, Any], dict[str, Any]]]:
    """Question, exponents of CPU and of rows, the smallest and the largest measurement; the fastest growing beyond its rows first."""
    asked: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        if row["what"] == "question" and row["cpu"] is not None:
            asked[row["question"]][row["cases"]] = row
    found = []
    for name, by_size in asked.items():
        few, many = by_size[min(by_size)], by_size[max(by_size)]
        if few is not many:
            factor = math.log(many["cases"] / few["cases"])
            cpu = math.log(max(many["cpu"], 1e-3) / max(few["cpu"], 1e-3)) / factor
            found.append((name, cpu, math.log(max(many["rows"], 1) / max(few["rows"], 1)) / factor, few, many))
    return sorted(found, key=lambda one: (max(one[2], 0.0) - one[1], one[0]))


def figure(rows: list[dict[str, Any]], path: Path) -> None:
    """CPU of each question at the largest size over that at the smallest, both axes logarithmic."""
    import matplotlib

    matplotlib.use("Agg")
    matplotlib.rcParams["svg.hashsalt"] = "gpsa"
    import matplotlib.pyplot as plt

    found = growth(rows)
    few, many = found[0][3]["cases"], found[0][4]["cases"]
    fig, axes = plt.subplots(figsize=(6.4, 4.8), layout="constrained")
    for label, mark, more in (("as many rows as before", "o", False), ("more rows", "x", True)):
        kept = [f for f in found if (f[2] >= 0.2) == more]
        axes.scatter([max(f[3]["cpu"], 1e-3) for f in kept], [max(f[4]["cpu"], 1e-3) for f in kept], marker=mark, label=label, s=28)
    ends = (1e-3, max(f[3]["cpu"] for f in found) * 1.5)
    for exponent, style in ((1.0, "-"), (math.log(many / few * math.log(many) / math.log(few)) / math.log(many / few), "--")):
        name = "linear" if exponent == 1 else "n log n"
        axes.plot(ends, [x * (many / few) ** exponent for x in ends], style, color="#666666", linewidth=1, label=name)
    axes.set(xscale="log", yscale="log", xlabel=f"CPU seconds at {few:,} cases", ylabel=f"CPU seconds at {many:,} cases")
    axes.legend(frameon=False, fontsize=8)
    fig.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    plt.close(fig)


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("results", type=Path)
    given.add_argument("--figure", type=Path)
    options = given.parse_args()
    rows = [json.loads(line) for line in options.results.read_text("utf-8").splitlines()]
    print(f"Machine: {machine()}.\n")
    print("\n".join(loads(rows)), "\n")
    found = growth(rows)
    if not found:
        return
    few, many = found[0][3]["cases"], found[0][4]["cases"]
    n_log_n = math.log(many / few * math.log(many) / math.log(few)) / math.log(many / few)
    print(f"From {few:,} to {many:,} cases; n log n is an exponent of {n_log_n:.2f}.\n")
    print(f"| question | ms at {few:,} | ms at {many:,} | exponent of CPU | rows at {few:,} | rows at {many:,} | exponent of rows |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, cpu, answer, small, large in found:
        print(f"| {name} | {small['cpu'] * 1000:.1f} | {large['cpu'] * 1000:.1f} | {cpu:.2f} "
              f"| {small['rows']:,} | {large['rows']:,} | {answer:.2f} |")
    if options.figure:
        figure(rows, options.figure)


if __name__ == "__main__":
    main()
