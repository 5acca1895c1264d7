"""A data folder of any size, made from the shipped one: each replica has its own cases and organisations."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from gpsa_graph.resources import data_folder

_ORGANISATION = re.compile(r"(organisation: )([a-z0-9-]+)")
_BODIES = re.compile(r"(bodies: \[)([^\]]*)(\])")
_RELATED = re.compile(r"(\{case: )([a-z0-9-]+)")


def synthetic_data(folder: Path, cases: int) -> Path:
    """Write a data folder with `cases` cases and return it."""
    shipped = data_folder()
    (folder / "cases").mkdir(parents=True)
    for name in ("VERSION", "countries.csv", "places.csv", "sources.csv", "programme.yaml"):
        shutil.copy(shipped / name, folder / name)
    originals = sorted(p for p in (shipped / "cases").glob("*.yaml") if not p.name.startswith("_"))
    if cases < len(originals):  # spread over the countries, not the first of the alphabet
        originals = [originals[i * len(originals) // cases] for i in range(cases)]
    with (shipped / "organisations.csv").open(newline="") as file:
        header, *rows = list(csv.reader(file))
    replicas = -(-cases // len(originals))
    everything = list(rows)
    for number in range(1, replicas):
        everything += [[f"{row[0]}-r{number}", *row[1:]] for row in rows]
    with (folder / "organisations.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(everything))
    for index in range(cases):
        number, original = divmod(index, len(originals))
        text = originals[original].read_text("utf-8")
        name = originals[original].stem
        if number:
            text = _ORGANISATION.sub(rf"\g<1>\g<2>-r{number}", text)
            text = _BODIES.sub(lambda m, n=number: m[1] + ", ".join(f"{b.strip()}-r{n}" for b in m[2].split(",")) + m[3], text)
            text = re.sub(r"(?m)^other_ids: .*\n", "", text)
            name = f"{name}-r{number}"
            text = re.sub(r"(?m)^id: .*$", f"id: {name}", text, count=1)
        if cases <= len(originals):
            there = {p.stem for p in originals}
            text = "\n".join(line for line in text.split("\n") if not (m := _RELATED.search(line)) or m[2] in there)
            text = re.sub(r"(?m)^related:\n(?!  - )", "", text)
        (folder / "cases" / f"{name}.yaml").write_text(text, "utf-8")
    return folder
