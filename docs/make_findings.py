"""Write docs/findings.md: what the patterns say about the shipped cases. Same data, same text.

    python docs/make_findings.py
"""

from __future__ import annotations

import os
from pathlib import Path

from gpsa_graph import load
from gpsa_graph.patterns import PATTERNS, Evidence, Finding, find, read_evidence
from gpsa_graph.patterns.fragility import fragility
from gpsa_graph.patterns.writing import as_markdown
from gpsa_graph.resources import data_version

PAGE = Path(__file__).with_name("findings.md")
DATES = ("2017-01", "2021-01")

INTRO = """\
# What the patterns say

Written by `python docs/make_findings.py` from data {version} of {date}: {cases} cases, {facts} stated values, {sources} sources.
`gpsa patterns NAME` gives the same with every case and source; `--format json` gives all fields.

How to read an item: the sentence says in how many cases of how many something was reported. Where it was held against chance,
*p* is the share of shuffles (or of possible tables) at least as extreme, and *q* the same after the correction of Benjamini and
Hochberg over all pairs compared together; a pair *stands out* where q is at most 0.05. Chance keeps for each kind of thing the number
of its cases, and for each case the number of its things ([`patterns/nulls.py`](../gpsa_graph/patterns/nulls.py)). All shuffles begin
from seed 0. "Was reported in" is all that is said: nothing here tells what brought a result about.
"""

CANNOT = """\
## What this cannot tell you

- **Whether anything works.** A result and a mechanism stand in the same case because a source told of both. No case here has a
  comparison behind it but those whose evaluation made one, and then the evaluation says what it found, not this page.
- **How often anything happens.** The cases were chosen because something could be read about them. They are no sample of projects, of
  countries or of organisations, and grants of one programme fill a good part of them. A share is a share of this catalogue.
- **What nobody wrote down.** What no source states counts as absent. Failed and dropped work is told of less, and in fewer words. Pages
  of grantees tell of success, evaluations look for effects: cases read in one kind of source differ from those read in another for
  that reason alone. The section on what stops holding shows how far this goes.
- **That nothing is there.** "None stand out" means that so many cases cannot tell it from chance. The table of power below says how
  large a tie must be to be seen.
- **Anything about people.** People are neither counted nor ranked.
- **How the published evidence gap map would sort these cases.** The map of BIGD and Campbell (2022) has 21 interventions; its public
  summary names their five categories and the eight groups of outcomes. The items marked with a category count what a name decides;
  "governance" among the categories, and performance of actors, inclusiveness and quality of life among the groups, are left open.
"""

POWER = """\
## How far the tests can be trusted

Measured on made evidence with five kinds of organisation and three levels of government (15 pairs, like the families above), by
`python benchmarks/planted.py 200`. *Share* is the share of cases in which each of the two tied things stands; the tie has an odds
ratio of 5.

{table}
"""


def measured() -> str:
    """The table that benchmarks/planted.py printed last, kept beside this script."""
    lines = Path(__file__).with_name("findings_power.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines[1:-1]]
    table = ["| cases | share | power |", "| --- | --- | --- |", *(f"| {cases} | {share} | {power} |" for cases, share, _, power in rows)]
    return "\n".join([*table, "", lines[-1][0].upper() + lines[-1][1:] + "."])


def shown(name: str, findings: list[Finding]) -> list[Finding]:
    """The findings that fit on a page: of the matrix, the first of each sort."""
    if name != "evidence-and-gaps":
        return findings
    told = [f for f in findings if f.key.startswith("mechanism:")]
    found, gaps = [f for f in told if f.against], [f for f in told if not f.against]
    mapped = [f for f in findings if f.key.startswith("map:")]
    return [findings[0], *found[:12], *gaps, *mapped]


def sections(evidence: Evidence) -> list[str]:
    parts = []
    for name, pattern in PATTERNS.items():
        parts.append(f"## {pattern.title}\n\n`gpsa patterns {name}`\n\n{as_markdown(shown(name, find(evidence, name)))}\n")
    tested = {name: pattern for name, pattern in PATTERNS.items() if pattern.tests}
    left = fragility(evidence, tested, dates=DATES)
    parts.append("## Which of these stop holding when something is left out?\n\n`gpsa patterns fragility`; the dates ask what could "
                 f"have been known then.\n\n{as_markdown(left)}\n")
    return parts


def page() -> str:
    evidence = read_evidence(load())
    version, date = data_version()
    intro = INTRO.format(version=version, date=date, cases=len(evidence.cases), facts=len(evidence.facts), sources=len(evidence.rungs))
    return "\n".join([intro, *sections(evidence), POWER.format(table=measured()), CANNOT])


def main() -> None:
    text = page()
    temporary = PAGE.with_suffix(".tmp")
    temporary.write_text(text, "utf-8")
    os.replace(temporary, PAGE)


if __name__ == "__main__":
    main()
