# ruff: noqa: E501
"""Tables of cases: the template comes back as it was filled, any columns come in with a mapping, faults name their cell."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from gpsa_graph.cases import Case, Data
from gpsa_graph.errors import DataError
from gpsa_graph.intake.columns import SHEETS
from gpsa_graph.intake.lists import Lists
from gpsa_graph.intake.mapping import Mapping, read_mapping
from gpsa_graph.intake.session import Session, look_at
from gpsa_graph.intake.table import table_cases
from gpsa_graph.intake.template import write_template
from gpsa_graph.intake.xml import Refused

CASE = {"id": "a1", "title": "Clinic watch", "country": "Malawi", "programme": "Own Fund", "status": "active", "start": "2020-01", "amount": "5000",
        "sector": "health", "mechanism": "community scorecard; social audit", "government": "Ministry of Health", "partner": "Voices; Water Voices", "place": "Zomba"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "cases.xlsx"
    write_template(path)
    return path


def filled(template: Path, path: Path, **rows: list[dict[str, object]]) -> Path:
    book = openpyxl.load_workbook(template)
    for name, values in rows.items():
        heads = {cell.value: cell.column for cell in book[name][1]}
        for number, row in enumerate(values, 3):
            for key, value in row.items():
                book[name].cell(number, heads[key], value)
    book.save(path)
    return path


def read(path: Path, data: Data, mapping: Mapping | None = None) -> tuple[list[Case], Session]:
    session = Session(look_at(path), Lists(data.authority))
    return [case for _, case in table_cases(session, {}, mapping) if case is not None], session


def test_the_template_explains_every_column_and_offers_the_words(template: Path) -> None:
    book = openpyxl.load_workbook(template)

    assert book.sheetnames == ["read me", *SHEETS, "words"]
    for name, columns in SHEETS.items():
        assert [c.value for c in book[name][1]] == [c.name for c in columns]
        assert all(str(c.value).startswith("(") for c in book[name][2])
        offered = {str(v.sqref).rstrip("0123456789:" + str(v.sqref)[0]) or str(v.sqref) for v in book[name].data_validations.dataValidation}
        assert len(offered) >= bool([c for c in columns if c.scheme or c.words])
    assert "community scorecard" in [c.value for column in book["words"].columns for c in column]


def test_the_template_is_the_same_bytes_each_time(template: Path, tmp_path: Path) -> None:
    write_template(tmp_path / "b.xlsx")

    assert (tmp_path / "b.xlsx").read_bytes() == template.read_bytes()


def test_an_empty_template_holds_no_case(template: Path, data: Data) -> None:
    with pytest.raises(Refused, match="holds no row of cases"):
        read(template, data)


def test_a_filled_template_comes_back(template: Path, tmp_path: Path, data: Data) -> None:
    path = filled(template, tmp_path / "a.xlsx", cases=[CASE], results=[
        {"case": "Clinic watch", "text": "47 clinics scored", "kind": "service output", "finding": "not assessed", "value": 47, "unit": "clinics", "year": 2021,
         "source": "rep"}, {"case": "a1", "text": "No date"}],
        participants=[{"case": "a1", "part": "grantee", "name": "Lead", "kind": "national NGO"},
                      {"case": "a1", "part": "government", "name": "Zomba Council", "kind": "municipality or local council", "level": "local", "roles": "responder"}],
        challenges=[{"case": "a1", "text": "Staff left", "kinds": "turnover of officials"}], notes=[{"case": "a1", "kind": "baseline", "text": "No clinic was scored"}],
        sources=[{"id": "rep", "title": "A report", "publisher": "Them", "kind": "annual report", "date": 2021}])
    cases, session = read(path, data)

    assert [str(p) for p in session.problems if "turnover" not in p.message] == []
    if session.problems:  # the label of the kind is another one in the vocabulary
        pytest.fail(str(session.problems[0]))
    (case,) = cases
    assert (case.id, case.programme.name) == ("mwi-a1", "Own Fund")
    assert [m.id for m in case.mechanisms] == ["community-scorecard", "social-audit"]
    assert [(r.text, r.kind, r.value, r.year, r.undated) for r in case.results] == [
        ("47 clinics scored", "service-output", "47", 2021, False), ("No date", "not-classed", "", 0, True)]
    assert case.grantee is not None
    assert [(session.lists.authority.organisation[g.organisation].name, g.roles) for g in case.government] == [("Ministry of Health", ()), ("Zomba Council", ("responder",))]
    assert len(case.partners) == 2
    kinds = [session.lists.authority.source[s].kind for s in case.results[0].sources]
    assert kinds == ["own", "own"]
    assert session.lists.authority.source[case.cites[0]].note.startswith("Record 1 (cases:3) of the imported file")


@pytest.mark.parametrize("sheet, row, place, message", [
    ("cases", {"country": "Atlantis"}, "cases:3:C", "'Atlantis' is no country"), ("cases", {"country": ""}, "cases:3:A", "the row has no country"),
    ("cases", {"title": ""}, "cases:3:A", "the row has no title"), ("cases", {"status": "running"}, "cases:3:E", "'value' cannot be 'running'"),
    ("cases", {"start": "03/04/2020"}, "cases:3:K", "'03/04/2020' is no date for 'value'"), ("cases", {"start": "1899"}, "cases:3:K", "'1899' is no date for 'value'"),
    ("cases", {"closing": "2019-01-01"}, "cases:3:L", "closing 2019-01-01 is before start 2020-01"), ("cases", {"amount": "1,234.5"}, "cases:3:M", "'1,234.5' is no plain number"),
    ("cases", {"amount": "5 USD / 3 EUR"}, "cases:3:M", "'5 USD / 3 EUR' is no plain number"), ("cases", {"currency": "USD and EUR"}, "cases:3:N", "'USD and EUR' is no currency"),
    ("cases", {"amount": "-5"}, "cases:3:M", "'-5' is no plain number"), ("cases", {"sector": "helth"}, "cases:3:R", "unknown sector 'helth'"),
    ("cases", {"mechanism": "score card"}, "cases:3:S", "unknown mechanism 'score card'"), ("cases", {"source": "s9"}, "cases:3:Z", "no source 's9' in the sheet 'sources'"),
    ("results", {"case": "a9", "text": "x"}, "results:3:A", "no case 'a9' in the sheet 'cases'"), ("results", {"case": "a1"}, "results:3:A", "this entry has no 'text'"),
    ("results", {"case": "a1", "text": "x", "kind": "wonder"}, "results:3:C", "unknown result kind 'wonder'"),
    ("results", {"case": "a1", "text": "x", "value": "1,5", "unit": "u"}, "results:3:B", "'1,5' is no plain number"),
    ("results", {"case": "a1", "text": "x", "year": 2015}, "results:3:B", "result of 2015 is older than the case, which begins in 2020"),
    ("results", {"case": "a1", "text": "x", "year": "soon"}, "results:3:I", "'soon' is no year between 1900 and 2099"),
    ("participants", {"case": "a1", "part": "friend", "name": "x"}, "participants:3:B", "the row needs a name and a part"),
    ("participants", {"case": "a1", "part": "partner", "name": "x", "kind": "wizard"}, "participants:3:C", "unknown kind of organisation 'wizard'"),
    ("sources", {"id": "s1", "title": "T"}, "sources:3:A", "the source has no publisher"),
    ("sources", {"id": "s1", "title": "T", "publisher": "P", "url": "javascript:x"}, "sources:3:F", "'javascript:x' is no web address"),
])
def test_a_wrong_cell_is_told_with_sheet_row_and_column(template: Path, tmp_path: Path, data: Data, sheet: str, row: dict[str, object], place: str, message: str) -> None:
    rows: dict[str, list[dict[str, object]]] = {"cases": [{**CASE, **row} if sheet == "cases" else dict(CASE)]}
    if sheet != "cases":
        rows[sheet] = [row]
    _, session = read(filled(template, tmp_path / "a.xlsx", **rows), data)

    assert f"a.xlsx:{place}" in [p.path for p in session.problems], session.problems
    assert any(p.message.startswith(message) and p.fix for p in session.problems), session.problems


def test_all_faults_of_a_table_come_at_once(template: Path, tmp_path: Path, data: Data) -> None:
    _, session = read(filled(template, tmp_path / "a.xlsx", cases=[{**CASE, "status": "x", "start": "y", "amount": "z", "sector": "q"}, {**CASE, "id": "a2", "country": "nowhere"}]),
                      data)

    assert len(session.problems) == 5


def test_two_rows_with_one_id_and_a_heading_twice_are_told(tmp_path: Path, data: Data) -> None:
    (tmp_path / "a.csv").write_text("id,title,country,title\n1,A,Malawi,B\n1,C,Malawi,D\n", "utf-8")
    cases, session = read(tmp_path / "a.csv", data)

    assert len(cases) == 1
    assert [(p.path, p.message) for p in session.problems] == [("a.csv:1:D", "the heading 'title' stands twice"), ("a.csv:3:A", "the case 'mwi-1' stands twice")]


MAPPING = """columns: {id: Ref, title: Project, country: Land, sector: Theme, start: Begin, amount: Budget, grantee: Leader, government: Ministry}
values: {sector: {Clinics: health}}
fixed: {programme: Own Fund}
dates: d/m/y
decimals: comma
source: {title: list of projects, publisher: Own Fund, kind: programme-page, date: 2024-05}
"""


def test_any_columns_come_in_with_a_mapping(tmp_path: Path, data: Data) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "a.csv").write_text("List of 2024;;;\nRef;Project;Land;Theme;Begin;Budget;Leader;Ministry;Odd\n1;Clinic watch;Malawi;Clinics;03/02/2020;1.200,50;Voices;Health;?\n", "utf-8")
    cases, session = read(tmp_path / "a.csv", data, read_mapping(tmp_path / "m.yaml"))

    assert session.problems == []
    (case,) = cases
    assert [(s.id, s.as_called) for s in case.sectors] == [("health", "Clinics")]
    assert [(d.kind, d.value) for d in case.dates] == [("start", "2020-02-03")]
    assert [a.usd for a in case.amounts] == ["1200.50"]
    source = session.lists.authority.source[case.cites[0]]
    assert (source.publisher, source.kind, source.date) == ("Own Fund", "programme-page", "2024-05")
    assert session.tally.elements["column 'Odd'", "not mapped", "no column of ours"] == 1


@pytest.mark.parametrize("spoil, message", [
    (("columns:", "colums:"), "m.yaml:1: unknown key 'colums'"), (("country: Land, ", ""), "m.yaml:1: nothing leads to 'country'"),
    (("{id: Ref", "{idd: Ref"), "m.yaml:1: 'idd' is none of our columns"), (("d/m/y", "dmy"), "m.yaml:4: 'dates' cannot be 'dmy'"),
    (("{sector: {Clinics: health}}", "health"), "m.yaml:2: 'values' is not a map"),
])
def test_faults_of_a_mapping_are_told(tmp_path: Path, spoil: tuple[str, str], message: str) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING.replace(*spoil), "utf-8")
    with pytest.raises(DataError) as error:
        read_mapping(tmp_path / "m.yaml")

    assert message in str(error.value)


def test_a_column_that_a_mapping_names_must_be_there(tmp_path: Path, data: Data) -> None:
    (tmp_path / "m.yaml").write_text(MAPPING, "utf-8")
    (tmp_path / "a.csv").write_text("Ref;Project;Land;Theme;Begin;Budget;Leader\n1;A;Malawi;Clinics;;;\n", "utf-8")
    _, session = read(tmp_path / "a.csv", data, read_mapping(tmp_path / "m.yaml"))

    assert [p.message for p in session.problems] == ["there is no column 'Ministry' (for 'government')"]
