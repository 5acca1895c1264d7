"""What a result has to say, and how strongly it may be classed."""

from __future__ import annotations

import re
from collections import Counter

from gpsa_graph.cases import Case, Data

_STUDIED = {"evaluation", "icr", "case-study"}
_RETOLD = re.compile(r"evaluat|stud(?:y|ies)|trial|review|completion report|survey|audit|experiment", re.IGNORECASE)
#: How many results of each finding the data held when they were last counted; fewer nulls means that one was lost.
NULLS = {"none": 55, "negative": 7}


def test_every_result_names_its_year_or_says_undated(case: Case) -> None:
    bad = [r for r in case.results if bool(r.year) == r.undated]
    assert bad == [], (f"{case.path}:{bad[0].line}: this result has no year. "
                       "Add `year: 2017`, or `undated: true` if no source gives one.")


def test_no_result_lies_in_the_future(case: Case, everything: Data) -> None:
    from gpsa_graph.resources import data_version

    last = int(data_version()[1][:4])
    bad = [r for r in case.results if r.year > last]
    assert bad == [], f"{case.path}:{bad[0].line}: a result of {bad[0].year} has not happened yet; a plan stands in `scope`."


def test_every_number_has_a_unit(case: Case) -> None:
    bad = [r for r in case.results if (r.value and not r.unit) or "not stated" in r.unit]
    assert bad == [], f"{case.path}:{bad[0].line}: say what '{bad[0].value}' counts: `unit: people`."


def test_numbers_are_plain(case: Case) -> None:
    bad = [r for r in case.results if re.search(r"\d[,' ]\d{3}\b", r.value) or re.search(r"\d,\d", r.baseline)]
    assert bad == [], f"{case.path}:{bad[0].line}: write numbers with digits, a point for decimals and no separators."


def test_what_a_story_claims_is_reported_and_not_found(case: Case, source_kinds) -> None:  # type: ignore[no-untyped-def]
    """positive and mixed need somebody who looked: a study among the sources, or a note that names the study retold."""
    bad = [r for r in case.results if r.finding in ("positive", "mixed") and not source_kinds(r) & _STUDIED
           and not _RETOLD.search(f"{r.text} {r.note}")]
    assert bad == [], (f"{case.path}:{bad[0].line}: no source of this result looked for an effect. "
                       "Write `finding: not-assessed`, or say in `note` which study the source retells.")


def test_no_effect_rests_on_the_register_alone(case: Case, source_kinds) -> None:  # type: ignore[no-untyped-def]
    bad = [e for e in (*case.results, *case.challenges, *case.lessons) if source_kinds(e) <= {"register"}]
    assert bad == [], f"{case.path}:{bad[0].line}: the register knows amounts and dates; cite the page that tells this."


def test_null_and_negative_results_are_kept(everything: Data) -> None:
    found = Counter(r.finding for c in everything.cases for r in c.results)
    lost = {f: (n, found[f]) for f, n in NULLS.items() if found[f] < n}
    assert lost == {}, (f"null results were lost (before, now): {lost}. A null is a fact: bring it back, "
                        "or say in data/CHANGES.md why it went and lower the number here.")


def test_a_negative_result_is_not_classed_as_a_wanted_kind(case: Case) -> None:
    bad = [r for r in case.results if r.finding == "positive" and r.finer in (
        "negative-effect", "reprisal-backlash", "wrongdoing-displaced", "service-or-governance-worse", "engagement-lowered")]
    assert bad == [], f"{case.path}:{bad[0].line}: harm is `finding: negative`."


def test_disputes_name_another_result(case: Case) -> None:
    texts = [r.text for r in case.results]
    bad = [r for r in case.results if r.disputes and (r.disputes not in texts or r.disputes == r.text)]
    assert bad == [], f"{case.path}:{bad[0].line}: `disputes` is the text of another result of this case."
