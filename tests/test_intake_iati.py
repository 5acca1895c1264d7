# ruff: noqa: E501
"""IATI files of 1.0x and 2.0x, written after the public standard; each broken input has its message, line and what to do."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gpsa_graph.cases import Case, Data
from gpsa_graph.cases.rules import case_rules
from gpsa_graph.errors import Problem
from gpsa_graph.intake.iati import activities
from gpsa_graph.intake.lists import Lists
from gpsa_graph.intake.session import Filters, Session, look_at
from gpsa_graph.intake.xml import Refused

ORGS = """
 <reporting-org ref="XX-FUND" type="40"><narrative>Example Fund</narrative></reporting-org>"""
WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" generated-datetime="2024-05-06T10:15:37Z" xmlns:own="http://example.org/own">
<iati-activity xml:lang="fr" default-currency="USD" last-updated-datetime="2024-01-02T00:00:00Z">
 <iati-identifier>XX-FUND-1</iati-identifier>
 <reporting-org ref="XX-FUND" type="40"><narrative>Example Fund</narrative></reporting-org>
 <title><narrative>Les citoyens et les budgets</narrative><narrative xml:lang="en">Citizens and budgets</narrative></title>
 <description type="1"><narrative xml:lang="en">General words with a community scorecard.</narrative></description>
 <description type="2"><narrative xml:lang="en">Better schools.</narrative></description>
 <participating-org ref="XX-FUND" type="40" role="1"><narrative>Example Fund</narrative></participating-org>
 <participating-org type="10" role="2"><narrative>Ministry of Education</narrative></participating-org>
 <participating-org ref="GB-GOV-1" type="10" role="1"><narrative>Donor Office</narrative></participating-org>
 <participating-org ref="MW-CNM-1" type="22" role="4"><narrative>School Voices</narrative></participating-org>
 <other-identifier ref="P123456" type="B9"/>
 <activity-status code="2"/>
 <activity-date type="1" iso-date="2019-12-01"/><activity-date type="2" iso-date="2020-01-15"/>
 <activity-date type="3" iso-date="2023-12-31Z"/>
 <contact-info><person-name><narrative>A. Person</narrative></person-name></contact-info>
 <recipient-country code="MW" percentage="100"/>
 <location><name><narrative>Lilongwe</narrative></name><point><pos>-13.9 33.7</pos></point></location>
 <sector vocabulary="1" code="11220" percentage="60"/><sector code="15111" percentage="40"/><sector vocabulary="99" code="x"/>
 <tag vocabulary="3" code="3.1"/><tag vocabulary="1" code="a"/>
 <policy-marker vocabulary="1" code="3" significance="2"/><policy-marker code="1" significance="0"/>
 <default-flow-type code="10"/>
 <budget type="1"><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><value>1000</value></budget>
 <budget type="2"><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><value>1200</value></budget>
 <transaction><transaction-type code="2"/><transaction-date iso-date="2020-01-20"/><value value-date="2020-01-20">250000</value>
  <receiver-org ref="MW-CNM-1"><narrative>School Voices</narrative></receiver-org></transaction>
 <transaction><transaction-type code="2"/><transaction-date iso-date="2021-01-20"/><value>50000.50</value></transaction>
 <transaction><transaction-type code="3"/><transaction-date iso-date="2020-03-20"/><value currency="EUR">10000</value></transaction>
 <document-link url="https://example.org/mou.pdf" format="application/pdf"><title><narrative>MoU</narrative></title><category code="A09"/></document-link>
 <document-link url="https://example.org/r.pdf" format="application/pdf"><title><narrative>Report</narrative></title><category code="A08"/></document-link>
 <related-activity ref="XX-FUND-2" type="1"/><related-activity ref="XX-ELSE-9" type="3"/>
 <result type="1"><title><narrative xml:lang="en">Schools scored</narrative></title><indicator measure="1">
  <title><narrative xml:lang="en">Number of schools</narrative></title><baseline year="2019" value="0"/>
  <period><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><target value="50"/>
   <actual value="30"><dimension name="sex" value="girls"/></actual><actual value="17"><dimension name="sex" value="boys"/></actual></period></indicator></result>
 <result type="2"><title><narrative xml:lang="en">Pupils learn more</narrative></title><indicator measure="2"><title><narrative>Reading</narrative></title>
  <period><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><target value="60"/></period></indicator></result>
 <own:thing>not ours</own:thing>
</iati-activity>
<iati-activity default-currency="USD">
 <iati-identifier>XX-FUND-2</iati-identifier>
 <reporting-org ref="XX-FUND" type="40"><narrative>Example Fund</narrative></reporting-org>
 <title><narrative>Parent</narrative></title>
 <recipient-country code="MW"/><recipient-country code="ZM"/>
</iati-activity>
</iati-activities>
"""
OLD = """<?xml version="1.0" encoding="ISO-8859-1"?>
<iati-activities version="1.03" generated-datetime="2013-05-06T10:15:37">
<iati-activity default-currency="USD" xml:lang="en">
 <reporting-org ref="GB-1" type="10">Department</reporting-org>
 <iati-identifier>GB-1-104\u00e9</iati-identifier>
 <title>Old form</title><title xml:lang="fr">Forme ancienne</title>
 <description type="1">What it does.</description>
 <activity-status code="4">Post-completion</activity-status>
 <activity-date type="start-actual" iso-date="2010-04-28">28 April 2010</activity-date><activity-date type="end-planned">2012-12-31</activity-date>
 <participating-org ref="GB-1" role="Funding" type="10">Department</participating-org>
 <participating-org role="Implementing" type="22">Local Group</participating-org>
 <participating-org role="Accountable" type="11">District Council</participating-org>
 <recipient-country code="UG">Uganda</recipient-country>
 <location><name>Gulu</name><coordinates latitude="2.7" longitude="32.3" precision="2"/></location>
 <sector code="12220" vocabulary="DAC">Basic health care</sector><sector code="130" vocabulary="DAC-3"/>
 <policy-marker code="03" vocabulary="DAC" significance="1"/>
 <transaction><transaction-date iso-date="2010-05-01"/><transaction-type code="C">Commitment</transaction-type><value value-date="2010-05-01">90000</value></transaction>
 <document-link url="http://example.org/a"><category code="A01"/><title>Project report</title></document-link>
 <related-activity ref="GB-1-9" type="1">Parent</related-activity>
 <result type="2"><title>More use</title><indicator measure="1"><title>Visits</title><baseline year="2010" value="10"/>
  <period><period-start iso-date="2011-01-01"/><period-end iso-date="2011-12-31"/><target value="20"/><actual value="25"/></period></indicator></result>
</iati-activity>
</iati-activities>
"""


def imported(tmp_path: Path, data: Data, content: str | bytes, filters: Filters | None = None) -> tuple[list[Case], Session]:
    path = tmp_path / "a.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    known: dict[int, str] = {}
    for _ in activities(Session(look_at(path), Lists(data.authority), filters), known):
        pass
    session = Session(look_at(path), Lists(data.authority), filters)
    return [case for _, case in activities(session, known) if case is not None], session


def one(body: str, identifier: str = "XX-1") -> str:
    return (f'<iati-activities version="2.03">\n<iati-activity default-currency="USD">\n<iati-identifier>{identifier}</iati-identifier>{ORGS}\n'
            f"<title><narrative>T</narrative></title>\n<recipient-country code=\"MW\"/>\n{body}\n</iati-activity>\n</iati-activities>")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, data: Data) -> tuple[list[Case], Session]:
    return imported(tmp_path_factory.mktemp("iati"), data, WHOLE)


def test_a_file_of_2_03_becomes_cases_without_fault(whole: tuple[list[Case], Session]) -> None:
    cases, session = whole

    assert [c.id for c in cases] == ["mwi-xx-fund-1", "multi-xx-fund-2"]
    assert session.problems == []
    assert session.tally.records == Counter({"imported": 2})


def test_texts_come_in_english_where_there_is_english(whole: tuple[list[Case], Session]) -> None:
    case = whole[0][0]

    assert case.title.text == "Citizens and budgets"
    assert [t.text for t in case.also_titled] == ["Les citoyens et les budgets"]
    assert case.objective is not None
    assert case.objective.text == "Better schools."
    assert "General words with a community scorecard." in [n.text for n in case.notes]


def test_who_takes_part_comes_with_role_and_type(whole: tuple[list[Case], Session]) -> None:
    case, lists = whole[0][0], whole[1].lists.authority

    assert case.grantee is not None
    assert lists.organisation[case.grantee.organisation].name == "School Voices"
    assert case.grantee.role == "implementing organisation; receives funds in transactions of the record"
    assert [(lists.organisation[p.organisation].kind, p.role) for p in case.partners] == [
        ("multilateral", "funding organisation"), ("bilateral-donor", "funding organisation")]
    assert [(g.organisation, g.role, lists.organisation[g.organisation].level) for g in case.government] == [
        ("mwi-ministry-of-education", "accountable organisation", "national")]


def test_money_is_summed_by_kind_and_never_across_currencies(whole: tuple[list[Case], Session]) -> None:
    case = whole[0][0]

    assert [(a.usd, a.printed) for a in case.amounts] == [("300000.5", "USD 300,000.50")]
    assert [n.text for n in case.notes if " in USD" in n.text or " in EUR" in n.text] == [
        "Budgets in USD: 1,200 in 1 entry, 2020.", "Commitments in USD: 300,000.50 in 2 entries, 2020-2021.",
        "Disbursements in EUR: 10,000 in 1 entry, 2020."]


def test_dates_status_sectors_and_codes(whole: tuple[list[Case], Session]) -> None:
    case = whole[0][0]

    assert [(d.kind, d.value, d.note) for d in case.dates] == [("start", "2020-01-15", ""), ("closing", "2023-12-31", "As planned.")]
    assert case.status is not None
    assert case.status.value == "active"
    assert [(s.id, s.note) for s in case.sectors] == [("education", "60 per cent of the activity."), ("public-finance", "40 per cent of the activity."),
                                                     ("maternal-child-health", "")]
    assert [(c.scheme, c.value) for c in case.codes] == [("iati-activity", "XX-FUND-1"), ("world-bank-project", "P123456")]


def test_a_memorandum_of_understanding_is_a_form_of_collaboration(whole: tuple[list[Case], Session]) -> None:
    forms = whole[0][0].collaboration

    assert [f.id for f in forms] == ["formal-agreement"]
    assert "MoU <https://example.org/mou.pdf>" in forms[0].text


def test_an_actual_value_is_a_result_and_an_aim_is_a_gap(whole: tuple[list[Case], Session]) -> None:
    case = whole[0][0]

    assert [(r.text, r.value, r.unit, r.year, r.baseline, r.finding) for r in case.results] == [
        ("Schools scored: Number of schools (sex: girls)", "30", "units", 2020, "0", "not-assessed"),
        ("Schools scored: Number of schools (sex: boys)", "17", "units", 2020, "0", "not-assessed")]
    assert all(r.basis == "inferred" and r.why for r in case.results)
    assert [g.text for g in case.gaps] == ["The record names the result 'Pupils learn more' without an actual value."]


def test_related_activities_are_linked_inside_the_import_and_noted_outside(whole: tuple[list[Case], Session]) -> None:
    case = whole[0][0]

    assert [(r.case, r.how) for r in case.related] == [("multi-xx-fund-2", "parent activity")]
    assert "Related activity outside this import: XX-ELSE-9 (sibling)." in [n.text for n in case.notes]


def test_every_fact_cites_the_file_and_the_record(whole: tuple[list[Case], Session]) -> None:
    case, session = whole[0][0], whole[1]
    cited = {s for _, entry in case.entries() for s in entry.sources}
    source = session.lists.authority.source[cited.pop()]

    assert not cited
    assert source.title == f"IATI activity XX-FUND-1 in 'a.xml' (file {session.file.sha256[:8]})"
    assert (source.publisher, source.date, source.kind) == ("Example Fund", "2024-01-02", "register")
    assert source.note == f"Record 1 (line 3) of the imported file; SHA-256 of the file: {session.file.sha256}."


def test_people_do_not_come_in(whole: tuple[list[Case], Session]) -> None:
    assert whole[0][0].people == ()
    assert whole[1].tally.elements["contact-info", "not mapped", "people and addresses are not imported"] == 1


def test_the_counts_of_elements_are_those_of_another_reader(whole: tuple[list[Case], Session]) -> None:
    """Every element right below an activity has exactly one outcome."""
    theirs: Counter[str] = Counter()
    for activity in ElementTree.fromstring(WHOLE.encode()):
        theirs.update("(elements of other namespaces)" if c.tag.startswith("{") else c.tag for c in activity)
    ours = whole[1].tally.seen()

    assert {name: ours[name] for name in theirs} == dict(theirs)


def test_imported_cases_pass_the_rules_of_case_files(whole: tuple[list[Case], Session]) -> None:
    cases, session = whole
    found: list[str] = []
    for case in cases:
        case_rules(case, {c.id for c in cases}, session.lists.authority, set(), lambda line, message, fix: found.append(message))

    assert found == []


def test_the_old_form_says_the_same_in_its_own_words(tmp_path: Path, data: Data) -> None:
    cases, session = imported(tmp_path, data, OLD.encode("latin-1"))
    case = cases[0]

    assert session.problems == []
    assert case.id.startswith("uga-gb-1-104e-")
    assert (case.title.text, [t.text for t in case.also_titled]) == ("Old form", ["Forme ancienne"])
    assert [(d.kind, d.value) for d in case.dates] == [("start", "2010-04-28"), ("closing", "2012-12-31")]
    assert [a.usd for a in case.amounts] == ["90000"]
    assert {s.id for s in case.sectors} == {"health", "maternal-child-health"}
    assert case.status is not None
    assert case.status.value == "closed"
    assert [p.group for p in case.places] == ["Gulu"]
    assert [(r.text, r.value, r.year, r.kind) for r in case.results] == [("More use: Visits", "25", 2011, "service-outcome")]
    assert case.grantee is not None
    assert [session.lists.authority.organisation[g.organisation].name for g in case.government] == ["District Council"]
    assert [session.lists.authority.organisation[p.organisation].kind for p in case.partners] == ["bilateral-donor"]


@pytest.mark.parametrize("filters, left", [
    (Filters(countries=frozenset({"ZMB"})), ["multi-xx-fund-2"]), (Filters(sectors=frozenset({"education"})), ["mwi-xx-fund-1"]),
    (Filters(texts=("scorecard",)), ["mwi-xx-fund-1"]), (Filters(identifiers=frozenset({"xx-fund-2"})), ["multi-xx-fund-2"]),
    (Filters(countries=frozenset({"MWI"}), texts=("nowhere",)), []),
])
def test_filters(tmp_path: Path, data: Data, filters: Filters, left: list[str]) -> None:
    cases, session = imported(tmp_path, data, WHOLE, filters)

    assert [c.id for c in cases] == left
    assert sum(session.tally.records.values()) == 2


PERIOD = '<period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>'


@pytest.mark.parametrize("body, message", [
    ('<activity-date type="1" iso-date="2020-02-30"/>', "'2020-02-30' is no date"),
    ('<activity-date type="1" iso-date="0000-01-01"/>', "'0000-01-01' is no date"),
    ('<activity-date type="1" iso-date="1899-12-31"/>', "'1899-12-31' is no date"),
    ('<activity-date type="1" iso-date="2100-01-01"/>', "'2100-01-01' is no date"),
    ('<activity-date type="9" iso-date="2020-01-01"/>', "'9' is no type of an activity date"),
    ('<activity-date type="2" iso-date="2020-01-01"/><activity-date type="4" iso-date="2019-01-01"/>',
     "the end 2019-01-01 is before the start 2020-01-01"),
    (f"<budget>{PERIOD}<value>1,234.5</value></budget>", "'1,234.5' is no plain number for the value of a budget"),
    (f"<budget>{PERIOD}<value>1.234,5</value></budget>", "'1.234,5' is no plain number for the value of a budget"),
    (f"<budget>{PERIOD}<value>1e309</value></budget>", "'1e309' is no plain number for the value of a budget"),
    (f"<budget>{PERIOD}<value>NaN</value></budget>", "'NaN' is no plain number for the value of a budget"),
    (f"<budget>{PERIOD}<value currency=\"dollars\">5</value></budget>", "the value of a budget has no currency"),
    ("<transaction><value>5</value></transaction>", "a transaction has no type"),
    ('<sector code="11220" percentage="140"/>', "'140' is no percentage of a sector"),
    ('<sector code="11220" percentage="70"/><sector code="15111" percentage="60"/>', "the percentages of sector add to 130"),
    ('<recipient-country code="YU"/>', "'YU' is no country: a dissolved state: ISO 3166 code until 2003; the successor states have codes of their own"),
    ('<recipient-country code="Q9"/>', "'Q9' is no country"),
    ('<participating-org role="7"><narrative>X</narrative></participating-org>', "'7' is no role of an organisation"),
    ('<activity-status code="17"/>', "'17' is no activity status"),
    ('<activity-date type="2" iso-date="2020-01-01"/><result type="1"><title><narrative>R</narrative></title><indicator measure="1"><period>'
     '<period-start iso-date="2018-01-01"/><period-end iso-date="2018-12-31"/><actual value="5"/></period></indicator></result>',
     "an actual value of 2018 is older than the activity, which begins in 2020"),
    (f'<result type="1"><indicator measure="1"><period>{PERIOD}<actual value="five"/></period></indicator></result>',
     "'five' is no plain number for an actual value"),
])
def test_a_wrong_value_is_told_with_its_line_and_left_out(tmp_path: Path, data: Data, body: str, message: str) -> None:
    cases, session = imported(tmp_path, data, one(body))

    assert [p.message for p in session.problems] == [message]
    assert session.problems[0].line in (2, 7)
    assert session.problems[0].fix
    assert len(cases) == 1
    assert cases[0].amounts == ()


def test_all_faults_are_told_at_once(tmp_path: Path, data: Data) -> None:
    _, session = imported(tmp_path, data, one('<activity-date type="1" iso-date="x"/><activity-status code="0x"/>'
                                              f"<budget>{PERIOD}<value/></budget><sector code=\"1\" percentage=\"-5\"/>"))

    assert len(session.problems) == 4


@pytest.mark.parametrize("spoil, message, fate", [
    (("<iati-identifier>XX-1</iati-identifier>", ""), "activity 1 has no iati-identifier", "left out: no identifier"),
    (("<title><narrative>T</narrative></title>", ""), "activity 'XX-1' has no title", "left out: no title"),
    (('<recipient-country code="MW"/>', '<recipient-region code="298"/>'), "", "left out: no country is named, only a region or nothing"),
    (('<recipient-country code="MW"/>', '<recipient-country code="Atlantis"/>'), "'Atlantis' is no country", "left out: its country is not known"),
])
def test_a_record_that_cannot_be_a_case_is_left_out_and_counted(tmp_path: Path, data: Data, spoil: tuple[str, str], message: str, fate: str) -> None:
    cases, session = imported(tmp_path, data, one("").replace(*spoil))

    assert cases == []
    assert [p.message for p in session.problems] == ([message] if message else [])
    assert session.tally.records == Counter({fate: 1})


@pytest.mark.parametrize("second", ["XX-1", "xx-1"])
def test_two_records_with_one_identifier_are_told(tmp_path: Path, data: Data, second: str) -> None:
    twice = one("").replace("</iati-activities>", one("", second).partition("\n")[2])
    cases, session = imported(tmp_path, data, twice)

    assert len(cases) == 1
    assert [p.message for p in session.problems] == [f"the identifier '{second}' stands twice"]


def test_identifiers_that_differ_in_signs_only_stay_two(tmp_path: Path, data: Data) -> None:
    cases, session = imported(tmp_path, data, one("", "A-1/2").replace("</iati-activities>", one("", "A-1-2").partition("\n")[2]))

    assert len({c.id for c in cases}) == 2
    assert session.problems == []


def test_a_country_of_the_transactions_counts_where_the_activity_names_none(tmp_path: Path, data: Data) -> None:
    cases, _ = imported(tmp_path, data, one('<transaction><transaction-type code="3"/><transaction-date iso-date="2020-01-01"/><value>5</value>'
                                            '<recipient-country code="NP"/></transaction>').replace('<recipient-country code="MW"/>', ""))

    assert [c.id for c in cases] == ["npl-xx-1"]


def test_a_code_without_a_mapping_falls_back_to_its_category_and_says_so(tmp_path: Path, data: Data) -> None:
    case = imported(tmp_path, data, one('<sector code="11130"/><sector code="12340"/>'))[0][0]

    assert [(s.id, s.basis) for s in case.sectors] == [("education", ""), ("health", "inferred")]
    assert "its category 123" in case.sectors[1].why


@pytest.mark.parametrize("content, line, message", [
    (b"", 0, "the file is empty"),
    (b"   \n", 0, "the file is empty"),
    (one("").encode()[:-30], 8, "the file ends in the middle"),
    (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><iati-activities>&b;</iati-activities>', 1, "a DOCTYPE begins here"),
    (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><iati-activities>&x;</iati-activities>', 1, "a DOCTYPE begins here"),
    ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a><iati-activities/>'.encode("utf-16"), 1, "a DOCTYPE begins here"),
    (one('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>').encode(), 7, "an XInclude element asks for another file"),
    (b'<iati-activities xmlns="http://example.org/iati"/>', 1, "<iati-activities> stands in the namespace http://example.org/iati"),
    (b"<iati-organisations/>", 1, "the file begins with <iati-organisations>, not with <iati-activities>"),
    (b"id,title\n1,a\n", 1, "not well-formed XML"),
    (one("\xe9").encode("latin-1"), 7, "not well-formed XML"),
    (one("&undefined;").encode(), 7, "not well-formed XML: undefined entity"),
    (b'<?xml version="1.0" encoding="klingon"?><iati-activities/>', 1, "the encoding cannot be read"),
    (("<iati-activities><iati-activity>" + "<a>" * 60).encode(), 1, "elements stand more than 40 deep"),
    (b"<iati-activities><iati-activity><title>" + b"x" * 1_100_000, 1, "a record holds more than 1,000,000 characters"),
])
def test_a_file_that_is_broken_or_hostile_is_refused_where_it_is(tmp_path: Path, data: Data, content: bytes, line: int, message: str) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        list(activities(Session(look_at(path), Lists(data.authority)), {}))

    problem: Problem = refused.value.problem
    assert message in problem.message
    assert problem.line == line
    assert problem.fix


def test_rdf_in_a_file_of_another_name_is_sent_to_the_command_that_loads_it(tmp_path: Path, data: Data) -> None:
    (tmp_path / "a.xml").write_text('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>')
    with pytest.raises(Refused, match="the file begins with <RDF>") as refused:
        list(activities(Session(look_at(tmp_path / "a.xml"), Lists(data.authority)), {}))

    assert "gpsa load FILE --store DIR" in refused.value.problem.fix


def test_texts_lose_marks_that_a_case_file_may_not_hold(tmp_path: Path, data: Data) -> None:
    case = imported(tmp_path, data, one("").replace("<narrative>T<", "<narrative>T\u202e  e\u0301\nx<"))[0][0]

    assert case.title.text == "T \u00e9 x"
