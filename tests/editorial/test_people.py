"""People: those who speak or act for an organisation or office, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gpsa_graph.cases import Case, Data

_FRONT_LINE = re.compile(
    r"\b(nurse|midwi(?:fe|ves)|teacher|volunteer|patient|pupil|student|villager|farmer|resident|mother|father|parent|cadre"
    r"|community member|community monitor|health worker|beneficiary|activist)s?\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"\b(head|director|chair|chairman|chairwoman|president|coordinator|leader|minister|secretary|officer|professor|founder"
    r"|representative|who led)\b", re.IGNORECASE)


def test_every_person_acts_for_somebody(case: Case) -> None:
    bad = [p for p in case.people if not (p.organisation or p.as_called or p.author or p.kind == "evaluator")]
    assert bad == [], (f"{case.path}:{bad[0].line}: {bad[0].name} speaks for no organisation or office and is no author. "
                       "Add `organisation`, or take the name out and keep the fact.")


def test_no_front_line_worker_or_citizen_is_named(case: Case) -> None:
    bad = [p for p in case.people if _FRONT_LINE.search(p.role) and not _OFFICE.search(p.role)]
    assert bad == [], f"{case.path}:{bad[0].line}: '{bad[0].role}' is no office. Keep the fact and take the name out."


def test_texts_name_only_people_who_are_listed(case: Case, everything: Data) -> None:
    listed = {p.name for p in case.people}
    others = {p.name for c in everything.cases for p in c.people} - listed
    said = [(line, name) for line, text in _told(case) for name in others if name in text]
    assert said == [], (f"{case.path}:{said[0][0]}: {said[0][1]} is named in a text but not listed under people; "
                        "list the person with the office, or take the name out.")


def test_results_challenges_and_lessons_name_nobody(case: Case) -> None:
    """A surname of somebody listed may stand in a role, never in what came of the work."""
    names = {p.name for p in case.people}
    bad = [(e.line, n) for e in (*case.results, *case.challenges, *case.lessons) for n in names if n in f"{e.text} {e.note}"]
    assert bad == [], f"{case.path}:{bad[0][0]}: write the office instead of the name {bad[0][1]}."


def test_nobody_stands_twice(case: Case) -> None:
    names = [p.name for p in case.people]
    assert len(names) == len(set(names)), f"{case.path}: join the entries of one person into one with both roles."


def _told(case: Case) -> Iterator[tuple[int, str]]:
    for key, entry in case.entries():
        if key != "people":
            for name in ("text", "note", "role", "why", "indicator"):
                value = getattr(entry, name, "")
                if value:
                    yield entry.line, value
