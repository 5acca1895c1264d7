# ruff: noqa: E501
"""The World Bank's list in every form that was seen: exports of 2022, 2024, 2025 and answers of the API say the same."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from gpsa_graph.cases import Case, Data
from gpsa_graph.intake.lists import Lists
from gpsa_graph.intake.session import Session, look_at
from gpsa_graph.intake.worldbank import projects
from gpsa_graph.intake.xml import Refused

LABELS_2022 = ["Project ID", "Region", "Country", "Project Status", "Project Name", "Project Development Objective ", "Implementing Agency",
               "Board Approval Date", "Project Closing Date", "Current Project Cost", "IBRD Commitment", "IDA Commitment", "Grant Amount", "Borrower",
               "Lending Instrument", "Sector 1", "Sector 2", "Theme 1", "Project URL"]
ROW_2022 = ["P123456", "Africa", "Republic of Malawi", "Closed", "Example of a project", "To try it.", "EXAMPLE AGENCY", "2/17/2014 12:00:00 AM",
            "10/31/2018 12:00:00 AM", "950000", "0", "0", "950000", "", "Investment Project Financing", "Health", "Other Public Administration",
            "Participation and civic engagement", "https://projects.worldbank.org/P123456"]
NAMES_2024 = ["id", "regionname", "countryname", "projectstatusdisplay", "project_name", "pdo", "impagency", "boardapprovaldate", "closingdate",
              "curr_project_cost", "curr_ibrd_commitment", "curr_ida_commitment", "grantamt", "borrower", "lendinginstr", "sector1", "sector2", "theme1", "url"]
NAMES_2025 = ["id", "regionname", "countryshortname", "status", "project_name", "pdo", "impagency", "boardapprovaldate", "closingdate", "curr_project_cost",
              "curr_ibrd_commitment", "curr_ida_commitment", "grantamt", "borrower", "lendinginstr", "loan_effective_date", "public_disclosure_date",
              "supplementprojectflg"]
ROW_2025 = ["P123456", "Africa", "Malawi", "Closed", "Example of a project", "To try it.", "EXAMPLE AGENCY", "2014-02-17T00:00:00Z", "2018-10-31T00:00:00Z",
            "950000", "0", "0", "950000", "", "Investment Project Financing", "2014-03-01", "2014-01-01", "N"]
API: dict[str, Any] = {"rows": "1", "os": "0", "total": "1", "projects": {"P123456": {
    "id": "P123456", "countrycode": ["MW"], "countryname": ["Republic of Malawi"], "countryshortname": "Malawi", "projectstatusdisplay": "Closed",
    "status": "Closed", "project_name": "Example of a project", "boardapprovaldate": "2014-02-17T00:00:00Z", "closingdate": "10/31/2018 12:00:00 AM",
    "totalamt": "0", "grantamt": "950,000", "lendprojectcost": "950,000", "impagency": "EXAMPLE AGENCY", "sector1": {"Name": "Health", "Percent": 100},
    "sector": [{"Name": "Health"}], "theme1": {"Name": "!$!0", "Percent": 0}, "project_abstract": {"cdata": "To try it."},
    "locations": [{"geoLocName": "Zomba", "latitude": "-15.4"}], "url": "https://projects.worldbank.org/P123456"}}}


def spreadsheet(path: Path, *rows: list[str], sheet: str = "World Bank Projects", more: str = "") -> Path:
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": True})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    if more:
        book.add_worksheet(more).write(0, 0, "Project ID")
    book.close()
    return path


def read(path: Path, data: Data) -> tuple[list[Case], Session]:
    session = Session(look_at(path), Lists(data.authority))
    return [case for _, case in projects(session, {}) if case is not None], session


def text(path: Path, *rows: list[str]) -> Path:
    path.write_text("\n".join(",".join(f'"{c}"' for c in row) for row in rows), "utf-8")
    return path


FORMS = {
    "2022 xlsx": lambda p: spreadsheet(p / "a.xlsx", ["World Bank Projects downloaded on 22-Sep-2022"], LABELS_2022, ROW_2022),
    "2022 csv": lambda p: text(p / "a.csv", ["World Bank Projects downloaded on 22-Sep-2022"], LABELS_2022, ROW_2022),
    "2024 xlsx": lambda p: spreadsheet(p / "a.xlsx", ["Caption"], LABELS_2022, NAMES_2024, ROW_2022, sheet="Projects", more="Themes"),
    "2024 names": lambda p: text(p / "a.csv", NAMES_2024, ROW_2022),
    "2025 csv": lambda p: text(p / "a.csv", NAMES_2025, ROW_2025),
    "json": lambda p: (p / "a.json").write_text(json.dumps(API), "utf-8") and p / "a.json",
    "json list": lambda p: (p / "a.json").write_text(json.dumps(list(API["projects"].values())), "utf-8") and p / "a.json",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_says_the_same(tmp_path: Path, data: Data, form: str) -> None:
    cases, session = read(FORMS[form](tmp_path), data)

    assert session.problems == []
    (case,) = cases
    assert (case.id, case.title.text) == ("mwi-p123456", "Example of a project")
    assert [(c.scheme, c.value) for c in case.codes] == [("world-bank-project", "P123456")]
    assert {(d.kind, d.value) for d in case.dates} >= {("approval", "2014-02-17"), ("closing", "2018-10-31")}
    assert [(a.usd, a.note) for a in case.amounts] == [("950000", "Grant amount in the list.")]
    assert case.status is not None
    assert case.status.value == "closed"
    assert case.objective is not None
    assert case.objective.text == "To try it."
    assert case.grantee is not None
    assert session.lists.authority.organisation[case.grantee.organisation].name == "EXAMPLE AGENCY"
    assert [s.id for s in case.sectors] == ([] if form.startswith("2025") else ["health"])
    assert session.tally.records == Counter({"imported": 1})


def test_every_cell_of_a_row_has_one_outcome(tmp_path: Path, data: Data) -> None:
    _, session = read(FORMS["2022 csv"](tmp_path), data)

    assert sum(session.tally.seen().values()) == sum(bool(c) for c in ROW_2022)


def test_the_source_is_the_file_and_the_row(tmp_path: Path, data: Data) -> None:
    cases, session = read(FORMS["2022 xlsx"](tmp_path), data)
    source = session.lists.authority.source[cases[0].cites[0]]

    assert (source.title, source.publisher) == (f"World Bank project P123456 in 'a.xlsx' (file {session.file.version})", "World Bank")
    assert source.note.startswith("Record 1 (World Bank Projects:3) of the imported file; SHA-256 of the file: ")


def changed(**values: str) -> list[str]:
    return [values.get(name, said) for name, said in zip(NAMES_2024, ROW_2022, strict=True)]


@pytest.mark.parametrize("values, place, message", [
    ({"id": "P12"}, "A", "'P12' is no project code"), ({"id": ""}, "A", "the row has no project code"), ({"project_name": ""}, "E", "project P123456 has no name"),
    ({"countryname": "Republic of Atlantis"}, "C", "'Republic of Atlantis' is no country"), ({"countryname": "Yugoslavia"}, "C", "'Yugoslavia' is no country"),
    ({"boardapprovaldate": "17/2/2014"}, "H", "'17/2/2014' is no date"), ({"boardapprovaldate": "0000-01-01"}, "H", "'0000-01-01' is no date"),
    ({"closingdate": "2012-01-01"}, "I", "the closing date 2012-01-01 is before 2014-02-17"),
    ({"grantamt": "1.234,5"}, "M", "'1.234,5' is no amount in US dollars"), ({"grantamt": "USD 5 / EUR 3"}, "M", "'USD 5 / EUR 3' is no amount in US dollars"),
    ({"grantamt": "NaN5"}, "M", "'NaN5' is no amount in US dollars"), ({"grantamt": "1e309"}, "M", "'1e309' is no amount in US dollars"),
    ({"grantamt": "-5"}, "M", "'-5' is no amount in US dollars"),
])
def test_a_wrong_cell_is_told_with_row_and_column(tmp_path: Path, data: Data, values: dict[str, str], place: str, message: str) -> None:
    _, session = read(text(tmp_path / "a.csv", NAMES_2024, changed(**values)), data)

    assert [p.path for p in session.problems] == [f"a.csv:2:{place}"]
    assert session.problems[0].message.startswith(message)
    assert session.problems[0].fix


def test_regions_are_left_out_and_counted_and_a_code_that_stands_twice_is_told(tmp_path: Path, data: Data) -> None:
    cases, session = read(text(tmp_path / "a.csv", NAMES_2024, ROW_2022, ROW_2022, changed(id="P000001", countryname="Africa")), data)

    assert len(cases) == 1
    assert [str(p) for p in session.problems] == ["a.csv:3:A: the project code P123456 stands twice\n  Keep one row."]
    assert session.tally.records == Counter({"imported": 1, "left out: the identifier was there before": 1,
                                             "left out: no country is named, only a region or nothing": 1})


def test_a_heading_that_stands_twice_is_told(tmp_path: Path, data: Data) -> None:
    _, session = read(text(tmp_path / "a.csv", [*NAMES_2024, "pdo"], [*ROW_2022, "again"]), data)

    assert [p.message for p in session.problems] == ["the heading 'pdo' stands twice"]


@pytest.mark.parametrize("name, code", [("Congo, Democratic Republic of", "COD"), ("Democratic Republic of the Congo", "COD"), ("Republic of Congo", "COG"),
                                        ("Egypt, Arab Republic of", "EGY"), ("Kingdom of Morocco", "MAR"), ("Hashemite Kingdom of Jordan", "JOR"), ("Swaziland", "SWZ"),
                                        ("Federal Democratic Republic of Ethiopia", "ETH"), ("West Bank and Gaza", "PSE"), ("Republic of Kosovo", "XKX"),
                                        ("Lao PDR", "LAO"), ("Republic of the Philippines", "PHL")])
def test_countries_by_the_names_of_the_bank(tmp_path: Path, data: Data, name: str, code: str) -> None:
    cases, session = read(text(tmp_path / "a.csv", NAMES_2024, changed(countryname=name)), data)

    assert session.problems == []
    assert [c.id for c in cases[0].countries] == [code]


@pytest.mark.parametrize("content, message", [
    ('{"projects": {"P1": {"id": ', "the file ends in the middle"), ('{"projects": {"P1" 5}}', "not valid JSON"), ('{"a": 1}', "the file holds no projects"),
    ("a,b\n1,2\n", "no line with the headings 'Project ID' and 'Project Name'"), ("[" * 100_000, ""),
])
def test_files_that_are_no_list_of_projects_are_refused(tmp_path: Path, data: Data, content: str, message: str) -> None:
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(Refused) as refused:
        read(tmp_path / "a.json", data)

    assert message in refused.value.problem.message
    assert refused.value.problem.fix
