"""Write docs/findings.md: what the patterns say about the shipped cases. Same data, same text.

    python docs/make_findings.py
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from gpsa_graph import load
from gpsa_graph.patterns import PATTERNS, Evidence, Finding, find, read_evidence
from gpsa_graph.patterns.findings import FEWEST, figure
from gpsa_graph.patterns.fragility import fragility
from gpsa_graph.patterns.matrix import CATEGORIES, GROUPS, Cell, cells
from gpsa_graph.resources import data_version

PAGE = Path(__file__).with_name("findings.md")
MEASURED = Path(__file__).with_name("power.csv")
DATES = ("2017-01", "2021-01")
MAP = ("https://bigd.bracu.ac.bd/publications/"
       "effectiveness-of-social-accountability-interventions-in-low-and-middle-income-countries-an-evidence-gap-map/")
#: Most names of cases that the page shows for a finding.
SHOWN = 10

OPEN = [", ".join(f'"{name}"' for name, ours in theirs.items() if not ours) for theirs in (CATEGORIES, GROUPS)]

INTRO = """\
# What the patterns say

<!-- Written by docs/make_findings.py; change the patterns or the data, not this page. -->

From data {version} of {date}: {cases} cases, {facts} stated values, {sources} sources. `gpsa patterns NAME` gives the same with
every case and source; `--format json` gives all fields.

**How to read an item.** The sentence says in how many cases of how many something was reported. Where it was held against chance,
*p* is the share of shuffles (or of possible tables) at least as extreme, and *q* the same after the correction of Benjamini and
Hochberg over all that was compared together; something *stands out* where q is at most 0.05. Counts take few values, and the correction
knows which: in the form that Döhler, Durand and Roquain gave it for shuffles, in that of Tarone for tables. Chance keeps for each kind
of thing the number of its cases, and for each case the number of its things
([`patterns/nulls.py`](../gpsa_graph/patterns/nulls.py)), or compares
only cases that are told of about as fully ([`patterns/exact.py`](../gpsa_graph/patterns/exact.py)). All shuffles begin from seed 0.
"Was reported in" is all that is said: nothing here tells what brought a result about.
"""

CANNOT = f"""\
## What this cannot tell you

- **Whether anything works.** A result and a mechanism stand in the same case because a source told of both. No case here has a
  comparison behind it but those whose evaluation made one, and then the evaluation says what it found, not this page.
- **How often anything happens.** The cases were chosen because something could be read about them. They are no sample of projects, of
  countries or of organisations, and grants of one programme fill a good part of them. A share is a share of this catalogue.
- **What nobody wrote down.** What no source states counts as absent. Failed and dropped work is told of less, and in fewer words. Pages
  of grantees tell of success, evaluations look for effects: cases read in one kind of source differ from those read in another for
  that reason alone. The section on what stops holding shows how far this goes.
- **That nothing is there.** "None stand out" means that so many cases cannot tell it from chance. The figure of power shows how large a
  tie must be to be seen.
- **What is one thing said twice.** Mechanism, role, form and kind of result are our reading of a source, sometimes of the same sentence.
  A public body that adopts a rule and a changed rule are nearly one fact; such pairs are marked as close in meaning, others may be too.
- **Anything about people.** People are neither counted nor ranked.
- **How the published evidence gap map would sort these cases.** The [map of BIGD and Campbell (2022)]({MAP}) has 21 interventions; its
  public summary names their five categories and the eight groups of outcomes, and no more than that could be read. The items marked with a
  category count what a name decides. Left open are, among the categories, {OPEN[0]}; among the groups, {OPEN[1]}.
"""

POWER = """\
## How far the tests can be trusted

![Share of made data sets in which a planted tie stands out, by odds ratio and number of cases](power.svg)

Measured by `python benchmarks/planted.py` on made evidence: five kinds of organisation and three levels of government (15 pairs, like the
families above), in which some cases are told of more fully than others. One tie is planted, each of whose ends stands in half of the
cases; the table gives the share of sets in which it stands out.

{table}

With an odds ratio of 5 in 120 cases it stood out in a share of {goal} of {many} sets; the goal is at least 0.80. Where one side has three
columns only, keeping the number of things of each case leaves little to shuffle, and that costs power.

On noise alone, something stood out in a share of {noise} of {sets} sets of 120 cases (the goal is at most 0.10 at q = 0.05).

The exact test behind the pathways and the teams found something in {strata} of {sets} sets of noise in which some cases have more of
everything. The same test without regard to how fully a case is told of did so in {naive}: that is why it looks at it.
"""


def cited(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(f"`{name.partition(':')[2]}`" for name in names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def item(finding: Finding) -> str:
    """A finding: its sentence, and below it, folded, what it stands on."""
    numbers = "; ".join(f"{name} {said if isinstance(said, str) else figure(said)}" for name, said in finding.numbers.items())
    many = len(finding.sources)
    told = [f"{finding.test}" + (f"; {finding.draws} shuffles from seed {finding.seed}" if finding.draws else "") if finding.test else "",
            numbers, f"cases: {cited(finding.cases)}" if finding.cases else "",
            f"against: {cited(finding.against)}" if finding.against else "",
            f"would change it: {finding.changes}" if finding.changes else ""]
    sources = f", {many} source{'s' * (many != 1)}" if many else ""
    head = f"<details><summary>n = {finding.n} of {finding.of}{sources}</summary>"
    return f"- {finding.sentence}\n  {head}{'. '.join(filter(None, told)).replace('..', '.')}</details>"


def section(title: str, command: str, findings: Sequence[Finding], extra: str = "") -> str:
    caveats = dict.fromkeys(caveat for finding in findings for caveat in finding.caveats)
    said = "".join(f"- {caveat}\n" for caveat in caveats)
    listed = "\n".join(map(item, findings))
    return f"## {title}\n\n`{command}`\n\n{extra}{listed}\n\nWhat holds for these:\n\n{said}"


def matrix(evidence: Evidence) -> str:
    """Mechanisms of ten cases or more by kind of result: cases that report it, cases with another finding, strongest source."""
    wide = [c for c in cells(evidence) if len(c.using) >= FEWEST]
    columns = sorted({c.column for c in wide})
    rows: dict[str, list[Cell]] = {}
    for cell in wide:
        rows.setdefault(cell.row, []).append(cell)
    head = ["mechanism", "cases", *(evidence.label(column) for column in columns)]
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for row, found in sorted(rows.items(), key=lambda kept: (-len(kept[1][0].using), kept[0])):
        by = {c.column: c for c in found}
        lines.append(f"| {evidence.label(row)} | {len(found[0].using)} | " + " | ".join(filled(by[column]) for column in columns) + " |")
    return ("Cases in which the kind of result was reported; after `/`, those in which it was looked for and found mixed, absent or "
            "negative; as a raised number the place of the strongest source on the ladder (1 story or press ... 6 independent evaluation). "
            "A dot: no source that was read states anything.\n\n" + "\n".join(lines) + "\n\n")


def filled(cell: Cell) -> str:
    if not cell.reported and not cell.contrary:
        return "·"
    against = f" / {len(cell.contrary)}" if cell.contrary else ""
    return f"{len(cell.reported)}{against}<sup>{cell.strongest or '?'}</sup>"


def pattern_section(evidence: Evidence, name: str, findings: Sequence[Finding]) -> str:
    return section(PATTERNS[name].title, f"gpsa patterns {name}", findings, matrix(evidence) if name == "evidence-and-gaps" else "")


def short(by: dict[str, list[Finding]]) -> str:
    """What stands out, and how many comparisons were made for it."""
    held = [f for findings in by.values() for f in findings if f.holds]
    heads = ("family", "elements", "summary")
    tests = sum(int(f.numbers.get("tests", 0)) for findings in by.values() for f in findings if f.key.startswith(heads))
    lines = "\n".join(f"- {f.sentence}" for f in held)
    families = sum(f.key.startswith(heads) and "tests" in f.numbers for findings in by.values() for f in findings)
    return (f"## In short\n\nOf {tests} comparisons in {families} families, {len(held)} stand out from chance:\n\n{lines}\n\n"
            "Each family is corrected by itself, so that one of these stands out by chance alone is likelier than one in twenty. "
            "Everything else below is counted and described, and cannot be told from chance with so many cases.\n")


def measured() -> str:
    rows = list(csv.DictReader(MEASURED.read_text("utf-8").splitlines()))
    odds = sorted({float(r["odds_ratio"]) for r in rows if r["what"] == "power"})
    table = ["| cases | " + " | ".join(f"odds ratio {o:g}" for o in odds) + " |", "|" + " --- |" * (len(odds) + 1)]
    for cases in sorted({int(r["cases"]) for r in rows if r["what"] == "power"}):
        found = {float(r["odds_ratio"]): r["share"] for r in rows if r["what"] == "power" and int(r["cases"]) == cases}
        table.append(f"| {cases} | " + " | ".join(f"{float(found[o]):.2f}" for o in odds) + " |")
    other = {r["what"]: r for r in rows if r["what"] != "power"}
    names = ("false discoveries on noise", "false pathways on noise", "false pathways without the strata")
    noise, strata, naive = (f"{float(other[name]['share']):.3f}" for name in names)
    sets = int(other[names[0]]["sets"])
    goal = next(r for r in rows if r["what"] == "power" and (r["cases"], r["odds_ratio"]) == ("120", "5"))
    return POWER.format(table="\n".join(table), goal=f"{float(goal['share']):.2f}", many=goal["sets"], sets=sets, noise=noise,
                        strata=round(float(strata) * sets), naive=round(float(naive) * sets))


def page() -> str:
    evidence = read_evidence(load())
    version, date = data_version()
    intro = INTRO.format(version=version, date=date, cases=len(evidence.cases), facts=len(evidence.facts), sources=len(evidence.rungs))
    by = {name: find(evidence, name) for name in PATTERNS}
    parts = [intro, short(by), *(pattern_section(evidence, name, findings) for name, findings in by.items())]
    left = fragility(evidence, {name: p for name, p in PATTERNS.items() if p.tests}, dates=DATES)
    parts.append(section("Which of these stop holding when something is left out?", "gpsa patterns fragility", left,
                         "The dates ask what could have been known then.\n\n"))
    return "\n".join([*parts, measured(), CANNOT])


def main() -> None:
    text = page()
    temporary = PAGE.with_suffix(".tmp")
    temporary.write_text(text, "utf-8")
    os.replace(temporary, PAGE)


if __name__ == "__main__":
    main()
