"""Reading a data folder: what comes out of good files, and what every kind of bad input gets.

A bad file is made from the invented cases of tests/tiny by one change; the line that a problem names is the line of that change.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from gpsa_graph.cases import Data, Entry, check_folder, model, programme, read
from gpsa_graph.errors import DataError, Problem, UnknownName

CLINICS, ROADS, BUDGETS = "cases/xaa-clinic-scorecards.yaml", "cases/xbb-road-audit.yaml", "cases/multi-open-budgets.yaml"
WORKSHOP, SUMMIT = "events/example-workshop-2016.yaml", "events/example-summit-2016.yaml"

Change = Callable[..., int]


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the invented data that a test may spoil."""
    return Path(shutil.copytree(tiny, tmp_path / "data"))


@pytest.fixture
def change(folder: Path) -> Change:
    """Replaces a text that stands once in a file; gives the line of the change."""

    def changed(name: str, old: str, new: str) -> int:
        file = folder / name
        before = file.read_text("utf-8")
        assert before.count(old) == 1, f"{old!r} stands {before.count(old)} times in {name}"
        file.write_text(before.replace(old, new), "utf-8")
        return before[: before.index(old)].count("\n") + 1

    return changed


def _problems(folder: Path) -> list[Problem]:
    _, found = check_folder(folder)
    assert all(p.fix for p in found), f"no next step for: {[p.message for p in found if not p.fix]}"
    return found


# Good files


def test_the_invented_folder_has_no_fault(tiny: Path) -> None:
    data, problems = check_folder(tiny)
    assert problems == []
    assert [c.id for c in data.cases] == ["multi-open-budgets", "xaa-clinic-scorecards", "xbb-road-audit"]


def test_the_shipped_folder_has_no_fault() -> None:
    _, problems = check_folder()
    assert problems == [], "\n".join(map(str, problems))


def test_the_invented_files_use_every_key_of_the_model(tiny: Path) -> None:
    data = read(tiny)
    given: dict[str, set[str]] = {}
    stack: list[object] = [*data.cases, *data.programmes, *data.events]
    while stack:
        value = stack.pop()
        for spec in fields(value):  # type: ignore[arg-type]
            inner = getattr(value, spec.name)
            if inner not in ("", (), 0, False, None):
                given.setdefault(type(value).__name__, set()).add(spec.name)
            stack += [v for v in (inner if isinstance(inner, tuple) else (inner,)) if isinstance(v, Entry)]
    remarks = {f.name for f in fields(Entry)} - {"line", "sources"}
    kinds = [k for m in (model, programme) for k in vars(m).values() if isinstance(k, type) and hasattr(k, "__dataclass_fields__")]
    for kind in set(kinds) - {model.Entry, model.Classed}:
        wanted = {f.name for f in fields(kind)} - remarks
        missing = wanted - given.get(kind.__name__, set())
        if kind is model.Participant:
            missing -= {"level"}
        elif kind is model.PublicBody:
            missing -= {"acronym", "also", "country"}
        elif kind is programme.Place:
            missing -= {"country"}
        assert not missing, f"no file of tests/tiny uses {kind.__name__}: {sorted(missing)}"
    used = {name for names in given.values() for name in names}
    assert remarks <= used


def test_values_keep_their_words_types_and_lines(tiny: Path) -> None:
    case = read(tiny).case("xaa-clinic-scorecards")
    lines = (tiny / CLINICS).read_text("utf-8").splitlines()
    assert case.title.text == "Score Cards for Clinics"
    assert case.countries[0].sources == ("invented-programme-page", "invented-grantee-page")
    assert [(a.usd, a.printed) for a in case.amounts] == [("500000", "US$ 500,000"), ("480000.50", "480,000.50")]
    assert [d.value for d in case.dates if d.kind == "start"] == ["2014", "2014-03"]
    assert case.results[0].year == 2017
    assert (case.results[4].undated, case.results[4].background) == (True, True)
    assert case.notes[0].text == 'A text with "quotes", a back\\slash, an apostrophe\'s mark and <b>&amp;</b>'
    for _, entry in case.entries():
        assert lines[entry.line - 1].lstrip("- ").startswith(("{", *model.Case.__dataclass_fields__))
    assert case.cites == ("invented-evaluation", "invented-grantee-page", "invented-grantee-page-2020", "invented-list",
                          "invented-programme-page")


def test_a_source_may_be_cited_by_its_own_id(folder: Path, change: Change) -> None:
    change(ROADS, "{text: Roads that last., sources: [s1]}", "{text: Roads that last., sources: [invented-list]}")
    assert _problems(folder) == []


def test_a_local_source_name_in_a_text_is_written_out(folder: Path, change: Change) -> None:
    change(ROADS, "Roads that last.", "Roads that last (s1 and s2 but not s9).")
    objective = read(folder).case("xbb-road-audit").objective
    assert objective is not None
    assert objective.text == "Roads that last (Example Bank (invented) 2018 and Testland Printing House (invented) 2018 but not s9)."


def test_an_unknown_case_is_told_with_the_near_misses(tiny: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'xbb-road-audit'") as caught:
        read(tiny).case("xbb-road-audits")
    assert caught.value.near[0] == "xbb-road-audit"


def test_files_with_an_underscore_are_left_aside(folder: Path) -> None:
    (folder / "cases/_template.yaml").write_text("not: {a case", "utf-8")
    assert _problems(folder) == []


def test_one_file_may_be_read_alone_and_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    draft = tmp_path / "xaa-draft.yaml"
    draft.write_text((folder / CLINICS).read_text("utf-8").replace("id: xaa-clinic-scorecards", "id: xaa-draft"), "utf-8")
    data, problems = check_folder(folder, only=[draft])
    assert [c.id for c in data.cases] == ["xaa-draft"]
    assert problems == []


@pytest.mark.parametrize("name", ["VERSION", "sources.csv", "organisations.csv", CLINICS, "programme.yaml", WORKSHOP])
def test_byte_order_marks_and_carriage_returns_change_nothing(folder: Path, tiny: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    assert _problems(folder) == []
    assert read(folder).cases == read(tiny).cases


# Bad entries: file, what stands there, what is put in its place, the message, the next step. The line is that of the change.

ENTRIES = [
    # keys
    (CLINICS, "problem: {text:", "problme: {text:", "unknown key 'problme'", "Did you mean 'problem'?"),
    (CLINICS, "kind: clinic,", "size: 12,", "unknown key 'size'", "Known keys: sources, note, basis, why"),
    (CLINICS, '"Clinics open late, and nobody asks why."', "Clinics open late, and nobody asks why.",
     "unknown key 'and nobody asks why.'", "An unquoted comma cuts a text in two: put the text between quotes."),
    (CLINICS, "text: Better clinics.,", "text: Better clinics, note,", "'note' is empty", "quote a text that holds a comma"),
    (CLINICS, "as_called: Basic health", "as_called: ''", "'as_called' is empty", "Say something or take the key out"),
    (CLINICS, "other_ids: [xaa-old-clinics, invented-1]", "other_ids: []", "'other_ids' is empty", "Say something or take the key out"),
    (CLINICS, "role: pays,", "role: ' pays',", "'role' begins or ends with a blank", "Take the blank out."),
    (CLINICS, "{text: Better clinics., sources: [s1]}", "Better clinics.", "expected keys and values here", "Write {sources, note"),
    (CLINICS, "[xaa-old-clinics, invented-1]", "xaa-old-clinics", "'other_ids' is not a list of words", "Write other_ids: [a, b]."),
    (CLINICS, "[xaa-old-clinics, invented-1]", "[xaa-old-clinics, xaa-old-clinics]", "'other_ids' names something twice", "Keep one"),
    (CLINICS, "value: closed", "value: [closed]", "'value' is not a plain value", "Write value: value."),
    (CLINICS, "value: closed", "value: finished", "'value' cannot be 'finished'", "Write one of: closed, active, dropped."),
    (CLINICS, "author: true", "author: yes", "'author' is neither true nor false: 'yes'", "Write true, or take the key out."),
    (CLINICS, "title: {text: Score Cards for Clinics, note", "title: {note", "this entry has no 'text'", "Add 'text'."),
    # sources
    (CLINICS, "{text: Better clinics., sources: [s1]}", "{text: Better clinics.}", "this entry names no source", "Add sources: [s1]."),
    (CLINICS, "{text: Better clinics., sources: [s1]}", "{text: Better clinics., sources: []}", "'sources' is empty", "Say something"),
    (CLINICS, "{text: Better clinics., sources: [s1]}", "{text: Better clinics., sources: s1}",
     "'sources' is not a list of words", "Write sources: [a, b]."),
    (CLINICS, "{text: Better clinics., sources: [s1]}", "{text: Better clinics., sources: [s9]}",
     "no source 's9' in this file or in sources.csv", "Add it under 'sources:'."),
    (CLINICS, "s4: invented-grantee-page-2020", "s4: invented-grantee-page-2021",
     "source 'invented-grantee-page-2021' is not in sources.csv", "Did you mean 'invented-grantee-page-2020'?"),
    (CLINICS, "  s5: invented-list", "  s5: invented-list\n  s6: invented-list", "source 's6' is cited by nothing", "Cite it, or take"),
    (ROADS, "sources: [s1, s2], pooled", "sources: [s1, s1], pooled", "'sources' names something twice", "Keep one of them."),
    (ROADS, "basis: inferred, why: The report prints the code without naming the work.", "basis: inferred",
     "an inferred value needs 'basis: inferred' and 'why'", "Say in one sentence"),
    # names that lead nowhere
    (CLINICS, "grantee: {organisation: xaa-health-watch", "grantee: {organisation: xaa-helth-watch",
     "unknown organisation 'xaa-helth-watch'", "Did you mean 'xaa-health-watch'? All of them: data/organisations.csv."),
    (CLINICS, "grantee: {organisation: xaa-health-watch", "grantee: {organisation: Health Watch Examplia",
     "unknown organisation 'Health Watch Examplia'", "Did you mean 'xaa-health-watch'?"),
    (CLINICS, "id: community-scorecard", "id: score card", "unknown mechanism 'score card'", "Did you mean 'community-scorecard'?"),
    (CLINICS, "id: community-scorecard", "id: zzzz", "unknown mechanism 'zzzz'", "ontology/vocabularies (scheme mechanism)"),
    (CLINICS, "id: health,", "id: helth,", "unknown sector 'helth'", "Did you mean 'health'?"),
    (CLINICS, "kinds: [late-funds]", "kinds: [late-fund]", "unknown challenge kind 'late-fund'", "Did you mean 'late-funds'?"),
    (CLINICS, "finding: none", "finding: nothing", "unknown finding 'nothing'", "(scheme finding)"),
    (CLINICS, "roles: [overseer]", "roles: [oversees]", "unknown government role 'oversees'", "Did you mean 'overseer'?"),
    (CLINICS, "call: {id: gpsa-1", "call: {id: gpsa-9", "unknown call 'gpsa-9'", "Did you mean 'gpsa-1'?"),
    (CLINICS, "place: xaa-north-hill", "place: xaa-north-hil", "unknown place 'xaa-north-hil'", "Did you mean 'xaa-north-hill'?"),
    (CLINICS, "{id: XAA, sources: [s1, s3]}", "{id: NO, sources: [s1, s3]}", "unknown country 'NO'", "data/countries.csv"),
    (CLINICS, "{id: XAA, sources: [s1, s3]}", "{id: Examplia, sources: [s1, s3]}", "unknown country 'Examplia'", "Did you mean 'XAA'?"),
    (CLINICS, "case: multi-open-budgets", "case: multi-open-budget", "unknown case 'multi-open-budget'",
     "Did you mean 'multi-open-budgets'?"),
    (CLINICS, "case: multi-open-budgets", "case: xaa-clinic-scorecards", "'xaa-clinic-scorecards' is related to itself", "Name the other"),
    (CLINICS, "disputes: More births take place in a clinic", "disputes: More births", "'disputes' is not the text of another result",
     "Copy that text letter by letter."),
    # numbers
    *((CLINICS, "usd: 480000.50", f'usd: "{said}"', f"'{said}' is no plain number", "Write digits and a point for decimals, such as 1234.5")
      for said in ("NaN", "inf", "1.234,5", "1,234.5", "-5", "+5", "1e309", "1_000", "٤٨", "5 million", "1.", "9" * 400)),
    (CLINICS, "usd: 480000.50", "usd: 1.234,5", "unknown key '5'", "An unquoted comma cuts a text in two"),
    (CLINICS, "usd: 500000, status", "usd: NaN, status", "'NaN' is no plain number", "Write digits"),
    *((CLINICS, "value: 55,", f'value: "{said}",', f"'{said}' is no plain number", "Write digits and a point")
      for said in ("1.234,5", "1,234", "1e309", "NaN", "-inf", "1 000")),
    (CLINICS, "baseline: 40,", "baseline: '1,040',", "'1,040' is no plain number", "Write digits and a point"),
    (CLINICS, "value: 55, unit: per cent", "value: 55", "the value '55' has no unit", "Add 'unit: people'"),
    # dates
    *((CLINICS, "value: 2013-12-01", f"value: {said}", f"'{said}' is no date for 'value'", "Write YYYY, YYYY-MM or YYYY-MM-DD")
      for said in ("2020-02-30", "2014-00", "2014-13", "2014-3", "March 2014", "03/2014", "0", "1899", "2100", "٢٠١٤",
                   "2014-03-01T25:00:00Z")),
    *((CLINICS, "finding: none, indicator: child deaths, year: 2018", f"finding: none, indicator: child deaths, year: {said}",
       f"'{said}' is no year between 1900 and 2099", "Write four digits")
      for said in ("0", "1899", "2100", "20177", "2017-01", "17", "２０１７")),
    (CLINICS, "kind: closing, value: 2018,", "kind: closing, value: 2012,", "closing 2012 is before launch 2014-06-01",
     "Look both up again."),
    (CLINICS, "closing: 2018-02-28", "closing: 2013-11-29", "closing 2013-11-29 is before approval 2013-11-30", "Look both up again."),
    (CLINICS, "finding: none, indicator: child deaths, year: 2018", "finding: none, indicator: child deaths, year: 2012",
     "result of 2012 is older than the case, which begins in 2013", "Mend the year, or say 'background: true'."),
    (CLINICS, "child deaths, year: 2018", "child deaths", "a result has a year or says 'undated: true'", "Add 'year: 2017'"),
    (CLINICS, "child deaths, year: 2018", "child deaths, year: 2018, undated: true", "a result has a year or says 'undated: true'", "Add"),
    # what stands twice
    (CLINICS, "{text: Users are more content and staff less, kind: service-outcome, finer: user-satisfaction, finding: mixed, year: 2017",
     "{text: No change in child deaths was found, kind: service-outcome, finding: mixed, indicator: child deaths, year: 2018",
     "this result says the same as the one on line 60", "Keep one of them."),
    (CLINICS, "{text: The minister changed and staff moved,", "{text: Money came late,",
     "this challenge says the same as the one on line 64",
     "Keep one of them."),
    (CLINICS, "name: Ivo Fictive", "name: ana inventada", "this person says the same as the one on line 25", "Keep one of them."),
    (CLINICS, "{organisation: example-bank, role: pays", "{organisation: xaa-university, role: pays",
     "'xaa-university' stands twice under partners (first on line 16)", "Join the two entries."),
    # who takes part
    (CLINICS, "{organisation: example-bank, role: pays", "{role: pays", "say which 'organisation' it is, or name a 'group'", "Keep one"),
    (CLINICS, "{organisation: example-bank, role: pays", "{organisation: example-bank, group: Banks, role: pays",
     "say which 'organisation' it is, or name a 'group'", "Keep one of them."),
    (CLINICS, "{organisation: example-bank, role: pays", "{organisation: example-bank, kind: multilateral, role: pays",
     "kind, level and country of a named organisation stand in organisations.csv", "Take them out here."),
    (CLINICS, "kind: user-committee, ", "", "the group 'Clinic committees' has no kind", "Add 'kind: service-provider'"),
    (CLINICS, "level: local, ", "", "the group of public bodies 'Clinics of the North District' has no level", "Add 'level: local'"),
    (CLINICS, "{organisation: xaa-audit-office, role", "{organisation: example-bank, role",
     "'example-bank' is no public body (kind multilateral)", "Put it under partners"),
    (CLINICS, "{organisation: example-bank, role: pays", "{organisation: xbb-ministry-of-works, role: pays",
     "'xbb-ministry-of-works' is a public body (kind ministry)", "Put it under government."),
    (CLINICS, "bodies: [xaa-ministry-of-health, xaa-health-watch]", "bodies: [xbb-riverside-council]",
     "'xbb-riverside-council' is party to a form of collaboration", "Add it under partners or government."),
    (CLINICS, "{place: xaa-north-hill, sources", "{place: xaa-north-hill, country: XAA, sources",
     "say which 'place' or 'country' it is", "Keep"),
    (CLINICS, "reading: looked-not-stated", "reading: whole", "a gap cannot read 'whole'", "Write one of: looked-not-stated"),
    # programme and events
    ("programme.yaml", "measure: projects, value: 2,", "measure: projects, value: two,", "'two' is no plain number", "Write digits"),
    ("programme.yaml", "eligible: [XAA, XBB]", "eligible: [XAA, XCC]", "unknown country 'XCC'", "data/countries.csv"),
    ("programme.yaml", "known: stated", "known: told", "'known' cannot be 'told'", "Write one of: stated, listed, derived."),
    ("programme.yaml", "value: 2013-03-14", "value: 2012-03-14", "closing 2012-03-14 is before launch 2013-02", "Look both up again."),
    (WORKSHOP, "case: xaa-clinic-scorecards", "case: xaa-clinic-scorecard", "unknown case 'xaa-clinic-scorecard'", "Did you mean"),
    (WORKSHOP, "order: 2,", "order: 1.5,", "order '1.5' is no whole number", "Count the sessions from 1."),
    (WORKSHOP, "order: 2,", "order: 1,", "this order of a session says the same as the one on line 18", "Keep one of them."),
    (WORKSHOP, "kind: closing, value: 2016-12-07", "kind: closing, value: 2016-12-06", "closing 2016-12-06 is before start 2016-12-07",
     "Look"),
    (WORKSHOP, "place: {place: xbb-riverside, sources", "place: {sources", "say which 'place' or 'country' it is", "Keep one of them."),
]


@pytest.mark.parametrize("name, old, new, message, fix", ENTRIES)
def test_a_bad_entry_is_told_with_its_line_and_the_next_step(
        folder: Path, change: Change, name: str, old: str, new: str, message: str, fix: str) -> None:
    line = change(name, old, new) + new.count("\n")
    found = _problems(folder)
    matching = [p for p in found if p.message.startswith(message)]
    assert matching, f"nothing says {message!r}: {[str(p) for p in found]}"
    assert (matching[0].path, matching[0].line) == (f"data/{name}", line)
    assert fix in matching[0].fix


# What stands on line 1, or on no line: the whole file

@pytest.mark.parametrize("name, old, new, line, message, fix", [
    (CLINICS, "id: xaa-clinic-scorecards", "id: xaa-clinics", 1, "id 'xaa-clinics' is not the file name 'xaa-clinic-scorecards'", "equal"),
    (CLINICS, "other_ids: [xaa-old-clinics, invented-1]", "other_ids: [xbb-road-audit]", 1,
     "other id 'xbb-road-audit' also names the case 'xbb-road-audit'", "Take it out"),
    (BUDGETS, "  - {id: XBB, sources: [s2], basis: inferred, why: The gazette tells of hearings in Riverside.}\n", "", 1,
     "id 'multi-open-budgets' does not begin with the country code 'xaa'", "Rename the case to 'xaa-open-budgets'"),
    (ROADS, "  - {id: XBB, sources: [s1]}", "  - {id: XBB, sources: [s1]}\n  - {id: XAA, sources: [s1]}", 1,
     "the id of a case in 2 countries begins with 'multi-', not 'xbb-'", "Rename the case to 'multi-road-audit'"),
    (ROADS, "countries:\n  - {id: XBB, sources: [s1]}\n", "", 1, "the case has no country", "Add countries:"),
    (ROADS, "title: {text: Citizens' Road Audit, note: This case is invented for the tests., sources: [s1]}\n", "", 1,
     "this entry has no 'title'", "Add 'title'."),
    (ROADS, "programme: {name: Roads for Testland,", "programme: {name: Roads, id: gpsa,", 5, "a programme is told by", "Keep one"),
    (ROADS, "sources:\n  s1: invented-road-report\n  s2: invented-gazette\n", "", 1, "the file has no 'sources'", "Add 'sources:'"),
    (ROADS, "sources:\n  s1: invented-road-report\n  s2: invented-gazette\n", "sources: [s1]\n", 33, "'sources' is not a map",
     "Write a line"),
    (WORKSHOP, "part_of: example-summit-2016", "part_of: example-summit-2017", 1, "part_of: unknown event 'example-summit-2017'",
     "Did you"),
    (SUMMIT, "dates:", "part_of: example-workshop-2016\ndates:", 1, "'example-summit-2016' is part of itself", "Mend 'part_of'"),
    ("programme.yaml", "id: gpsa\n", "id: other\n", 1, "id 'other' is not 'gpsa'", "Make them equal."),
    ("VERSION", "0.0.1 2024-02-29", "0.0.1 2023-02-29", 1, "the file does not hold a version and a date", "Write one line such as"),
    ("VERSION", "0.0.1 2024-02-29", "0.0.1", 1, "the file does not hold a version and a date", "Write one line such as"),
])
def test_a_fault_of_a_whole_file_is_told(
        folder: Path, change: Change, name: str, old: str, new: str, line: int, message: str, fix: str) -> None:
    change(name, old, new)
    matching = [p for p in _problems(folder) if p.message.startswith(message)]
    assert [(p.path, p.line) for p in matching] in ([(f"data/{name}", line)], [(f"data/{SUMMIT}", 1), (f"data/{WORKSHOP}", 1)])
    assert fix in matching[0].fix


# The authority lists

@pytest.mark.parametrize("name, old, new, message, fix", [
    ("sources.csv", "id,title,publisher", "id,publisher,title", "the columns are not id,title,publisher,kind", "in this order"),
    ("sources.csv", "register,2021-01-31", "register,2021-02-30", "'2021-02-30' is no date", "Write YYYY"),
    ("sources.csv", ",register,", ",registry,", "unknown kind of source 'registry'", "Did you mean 'register'?"),
    ("sources.csv", ",unknown,", ",skimmed,", "unknown reading 'skimmed'", "Write one that exists"),
    ("sources.csv", "https://example.org/list", "example.org/list", "'example.org/list' is no web address", "Give http(s)://..."),
    ("sources.csv", "https://example.org/list", "https://example.org:99999/", "'https://example.org:99999/' is no web address", "Give"),
    ("sources.csv", "https://example.org/list", "javascript:alert(1)", "'javascript:alert(1)' is no web address", "Give"),
    ("sources.csv", "https://example.org/list", "https://example.org/a>b", "'https://example.org/a>b' is no web address", "Give"),
    ("sources.csv", "https://example.org/roads", "http://www.example.org/list/",
     "'invented-road-report' and 'invented-list' are one source",
     "give a version"),
    ("sources.csv", "List of grants", "", "source 'invented-list' has no title or no publisher", "Fill both cells."),
    ("sources.csv", "invented-list,", "Invented List,", "'Invented List' is no id", "lower-case letters"),
    ("sources.csv", "An invented paper.", "An invented paper, with a comma.", "the row has not 10 cells", "Quote cells that hold a comma."),
    ("sources.csv", ",An invented paper.", ',"An "invented" paper.', "the row that begins here cannot be read", "Put quotes around a cell"),
    ("sources.csv", "An invented paper.", "An invented\x0bpaper.", "character U+000B is not allowed in a data file", "Delete it."),
    ("organisations.csv", "xaa-audit-office,", "xbb-audit-office,", "'xaa-health-watch' stands after 'xbb-audit-office'",
     "Keep the rows sorted"),
    ("organisations.csv", "xaa-audit-office,", "example-bank,", "id 'example-bank' stands twice", "Keep one row."),
    ("organisations.csv", "Riverside Town Council,,municipality", "Riverside Town Council,,town", "unknown actor type 'town'", "Write one"),
    ("organisations.csv", "supreme-audit-institution,national", "supreme-audit-institution,nation", "unknown government level 'nation'",
     "Did you mean 'national'?"),
    ("organisations.csv", "national-ngo,,XBB", "national-ngo,,XB", "unknown country 'XB'", "Write one that exists"),
    ("organisations.csv", "Q4115189", "4115189", "'4115189' is no Wikidata item", "Write Q and digits"),
    ("organisations.csv", "https://example.org/hwe", "hwe.example", "'hwe.example' is no web address", "Give http(s)://..."),
    ("organisations.csv", "An invented bank.,invented-list", "An invented bank.,", "'example-bank' names no source", "Name at least one"),
    ("organisations.csv", "An invented bank.,invented-list", "An invented bank.,invented-lists", "unknown source 'invented-lists'",
     "Did you mean 'invented-list'?"),
    ("places.csv", "xaa-north-hill,North Hill,village", "xaa-north-hill,North Hill,hamlet", "unknown kind of place 'hamlet'", "Write one"),
    ("places.csv", "district,XAA,,", "district,XAA,xaa-north-hill,", "'xaa-north-district' is part of itself", "Mend 'part_of'"),
    ("places.csv", "village,XAA,xaa-north-district,,,", "village,XAA,xaa-south-district,,,", "unknown place 'xaa-south-district'",
     "Did you"),
    ("places.csv", "Riverside,town,XBB,,,,", "Riverside,town,XBB,,,x>,", "'x>' is no GeoNames number", "Write digits"),
    ("places.csv", "xbb-riverside,", "xbb riverside,", "'xbb riverside' is no id", "lower-case letters"),
    ("countries.csv", "XBB,Testland,Invented South", "XBB,Testland,", "'XBB' needs a three-letter code, a name and a region", "Fill"),
    ("countries.csv", "XBB,Testland,Invented South,,,,,", "XBB,Testland,Invented South,,,,Q<1>,", "'Q<1>' is no web address", "Give"),
])
def test_a_bad_row_of_a_list_is_told_with_its_line(
        folder: Path, change: Change, name: str, old: str, new: str, message: str, fix: str) -> None:
    line = change(name, old, new)
    matching = [p for p in _problems(folder) if p.message.startswith(message)]
    assert [p.path for p in matching[:1]] == [f"data/{name}"], f"nothing says {message!r}: {[str(p) for p in _problems(folder)]}"
    assert line in {p.line for p in matching} or (matching[0].line == line + 1 and "stands after" in message)
    assert fix in matching[0].fix


def test_a_row_is_named_by_the_line_where_it_begins(folder: Path, change: Change) -> None:
    line = change("sources.csv", "An invented paper.", '"An invented\npaper."')
    assert _problems(folder) == []
    change("sources.csv", '"An invented\npaper."', '"An invented\npaper.",x')
    assert [(p.line, p.message) for p in _problems(folder) if p.path == "data/sources.csv"] == [(line, "the row has not 10 cells")]


# Whole files that cannot be read

FILES = ["VERSION", "sources.csv", "organisations.csv", "places.csv", "countries.csv", "programme.yaml", CLINICS, WORKSHOP]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content, message", [
    ("São\n".encode("latin-1"), "the file is not UTF-8 text"),
    ("id: x\n".encode("utf-16"), "the file is not UTF-8 text"),
    (b"id: a\xe2\x80\xaeb\n", "character U+202E is not allowed in a data file"),
    (b"", ""),
])
def test_other_encodings_and_empty_files_are_told_for_every_file(folder: Path, name: str, content: bytes, message: str) -> None:
    (folder / name).write_bytes(content)
    here = [p for p in _problems(folder) if p.path == f"data/{name}"]
    assert [p.line for p in here] == [1]
    assert here[0].message.startswith(message)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_place_of_a_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    assert [(p.line, p.message) for p in _problems(folder) if p.path == f"data/{name}"] == [(0, "is a folder where a file is expected")]


@pytest.mark.parametrize("name", FILES)
def test_a_loop_of_links_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).symlink_to(folder / name)
    assert [p.message for p in _problems(folder) if p.path == f"data/{name}"] == ["cannot be read: Too many levels of symbolic links"]


@pytest.fixture
def as_a_guest(tiny: Path) -> Iterator[Path]:
    """A copy of the invented data that belongs to another user; the test goes on as a user without rights."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    copied = Path(shutil.copytree(tiny, place / "data"))
    user = os.geteuid()
    yield copied
    os.seteuid(user)
    shutil.rmtree(place)


def _give_up_rights() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)


def test_a_file_that_may_not_be_read_is_told(as_a_guest: Path) -> None:
    (as_a_guest / CLINICS).chmod(0)
    (as_a_guest / "places.csv").chmod(0)
    _give_up_rights()
    found = [(p.path, p.message) for p in _problems(as_a_guest) if "cannot be read" in p.message]
    assert found == [(f"data/{CLINICS}", "cannot be read: Permission denied"), ("data/places.csv", "cannot be read: Permission denied")]


def test_a_folder_that_may_not_be_read_is_not_an_empty_folder(as_a_guest: Path) -> None:
    (as_a_guest / "cases").chmod(0)
    _give_up_rights()
    assert ("data/cases", "cannot be read: Permission denied") in [(p.path, p.message) for p in _problems(as_a_guest)]


@pytest.mark.parametrize("name", ["no-such-folder", "data/VERSION", "loop"])
def test_no_folder_is_told(folder: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(DataError, match="there is no such data folder"):
        read(tmp_path / name)


def test_a_case_whose_file_has_another_ending_is_not_passed_over(folder: Path) -> None:
    (folder / CLINICS).rename(folder / CLINICS.replace(".yaml", ".yml"))
    found = [p for p in _problems(folder) if p.path.endswith(".yml")]
    assert [p.message for p in found] == ["is not read: its name does not end in .yaml"]


# Several files, several faults


def test_two_cases_with_one_id_are_told(folder: Path, tmp_path: Path) -> None:
    twin = tmp_path / "elsewhere/xbb-road-audit.yaml"
    twin.parent.mkdir()
    shutil.copy(folder / ROADS, twin)
    _, problems = check_folder(folder, only=[folder / ROADS, twin])
    assert [str(p) for p in problems] == [f"{twin}: the case 'xbb-road-audit' also stands in data/{ROADS}\n  Keep one of them."]


def test_a_copied_file_that_keeps_its_id_is_told(folder: Path) -> None:
    shutil.copy(folder / ROADS, folder / "cases/xbb-road-audit-2.yaml")
    assert [(p.path, p.line, p.message) for p in _problems(folder)] == [
        ("data/cases/xbb-road-audit-2.yaml", 1, "id 'xbb-road-audit' is not the file name 'xbb-road-audit-2'")]


def test_all_faults_of_all_files_are_told_at_once(folder: Path, change: Change) -> None:
    wanted = {
        (f"data/{CLINICS}", change(CLINICS, "id: community-scorecard", "id: score card"), "unknown mechanism 'score card'"),
        (f"data/{CLINICS}", change(CLINICS, "value: 2013-12-01", "value: 2020-02-30"), "'2020-02-30' is no date for 'value'"),
        (f"data/{CLINICS}", change(CLINICS, "usd: 480000.50", "usd: NaN"), "'NaN' is no plain number"),
        (f"data/{CLINICS}", change(CLINICS, "{text: 12 clinics, sources: [s1]}", "{text: 12 clinics}"), "this entry names no source"),
        (f"data/{CLINICS}", change(CLINICS, "child deaths, year: 2018", "child deaths"), "a result has a year or says 'undated: true'"),
        (f"data/{CLINICS}", change(CLINICS, "  s5: invented-list", "  s6: invented-gazette\n  s5: invented-list"),
         "source 's6' is cited by nothing"),
        (f"data/{CLINICS}", change(CLINICS, "case: multi-open-budgets", "case: multi-budgets"), "unknown case 'multi-budgets'"),
        (f"data/{CLINICS}", change(CLINICS, "problem: {text:", "problme: {text:"), "unknown key 'problme'"),
        (f"data/{ROADS}", change(ROADS, "value: dropped", "value: ended"), "'value' cannot be 'ended'"),
        ("data/organisations.csv", change("organisations.csv", "Q4115189", "Q"), "'Q' is no Wikidata item"),
        (f"data/{WORKSHOP}", change(WORKSHOP, "order: 2,", "order: 1,"), "this order of a session says the same as the one on line 18"),
        ("data/programme.yaml", change("programme.yaml", "known: stated", "known: told"), "'known' cannot be 'told'"),
    }
    assert {(p.path, p.line, p.message) for p in _problems(folder)} == wanted
    with pytest.raises(DataError) as caught:
        read(folder)
    assert list(caught.value.problems) == sorted(_problems(folder)), "every problem, sorted by file and line"


def test_a_fault_below_one_key_makes_no_false_fault_elsewhere(folder: Path, change: Change) -> None:
    change(CLINICS, "{organisation: xaa-north-district-health-office, role: visits", "{organisation: xaa-nord, role: visits")
    change(CLINICS, "indicator: births in a clinic, baseline: 40, value: 55,", "indicator: births in a clinic, baseline: 40, valu: 55,")
    change(BUDGETS, "{id: XBB, sources: [s2]", "{id: XBC, sources: [s2]")
    change(ROADS, "kind: start, value: 2015-01-10", "kind: start, value: 2015-01-32")
    assert sorted(p.message for p in _problems(folder)) == [
        "'2015-01-32' is no date for 'value'", "unknown country 'XBC'", "unknown key 'valu'", "unknown organisation 'xaa-nord'"]


def test_a_file_with_a_fault_is_no_part_of_the_data_and_the_others_are(folder: Path, change: Change) -> None:
    change(ROADS, "value: dropped", "value: ended")
    data, problems = check_folder(folder)
    assert len(problems) == 1
    assert [c.id for c in data.cases] == ["multi-open-budgets", "xaa-clinic-scorecards"]


def test_reading_is_the_same_whatever_the_order_of_the_files(folder: Path, tiny: Path) -> None:
    def sources(data: Data) -> list[str]:
        return [s.name for s in data.authority.source.values()]

    for name in (ROADS, CLINICS, BUDGETS):
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        (folder / name).write_bytes(content)
    assert read(folder).cases == read(tiny).cases
    assert sources(read(folder)) == sources(read(tiny))
