# ruff: noqa: E501
"""An import from beginning to end: nothing half-written, counts that add up, decisions that can be taken back, a run that goes on."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from gpsa_graph import load
from gpsa_graph.cases import read
from gpsa_graph.check import check, check_graph
from gpsa_graph.errors import GpsaError, IntakeError, OutputError, UnknownName
from gpsa_graph.intake import store as store_module
from gpsa_graph.intake.codes import mappings
from gpsa_graph.intake.desk import FIELDS, desk
from gpsa_graph.intake.lists import Decision, read_decisions, write_decisions
from gpsa_graph.intake.run import filters_of, run
from gpsa_graph.resources import ontology_folder

ACTIVITY = """<iati-activity default-currency="USD" xml:lang="en">
<iati-identifier>XX-{n}</iati-identifier><reporting-org ref="XX-FUND" type="40"><narrative>Example Fund</narrative></reporting-org>
<title><narrative>Budget watch {n}</narrative></title><description><narrative>With a community scorecard in {n} schools.</narrative></description>
<participating-org ref="XX-FUND" type="40" role="1"><narrative>Example Fund</narrative></participating-org>
<participating-org type="22" role="4"><narrative>{group}</narrative></participating-org>
<participating-org type="10" role="4"><narrative>Ministry of Health</narrative></participating-org>
<activity-date type="2" iso-date="2020-01-15"/><recipient-country code="UG"/><sector code="12220"/>{more}
<transaction><transaction-type code="2"/><transaction-date iso-date="2020-02-01"/><value>{n}000</value></transaction>
<result type="1"><title><narrative>Scored</narrative></title><indicator measure="1"><title><narrative>Schools</narrative></title><period>
<period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><actual value="{n}"/></period></indicator></result></iati-activity>
"""


def iati(path: Path, *numbers: int, group: str = "School Voices", more: str = "") -> Path:
    body = "".join(ACTIVITY.format(n=n, group=group if n % 2 else "School Voices Uganda", more=more) for n in numbers)
    path.write_text(f'<iati-activities version="2.03">{body}</iati-activities>', "utf-8")
    return path


def decide(path: Path, kind: str, decision: str) -> dict[str, str]:
    """Write a decision into the first row of a kind; the row."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = next(r for r in rows if r["kind"] == kind)
    chosen["decision"] = decision
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(chosen), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return chosen


def everything(store: Path) -> set[str]:
    return {str(quad.triple) for quad in ox.Store.read_only(str(store))}


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafts")
    run("iati", iati(folder / "a.xml", 1, 2, 3), out=folder / "out")
    return folder / "out"


def test_drafts_are_a_data_folder_without_a_problem(drafts: Path) -> None:
    assert sorted(p.name for p in drafts.iterdir()) == ["VERSION", "cases", "countries.csv", "intake-report.json", "intake-report.md", "matches.csv", "organisations.csv",
                                                        "places.csv", "sources.csv"]
    assert len(list((drafts / "cases").iterdir())) == 3
    assert check(data=drafts) == []


def test_an_imported_case_answers_the_questions_of_a_shipped_one(drafts: Path, tmp_path: Path) -> None:
    run("iati", drafts.parent / "a.xml", store=tmp_path / "store")
    for kg in (load(drafts), load(store=tmp_path / "store")):
        pairs = kg.answer("who-works-with-whom", country="UGA")
        assert sorted({(str(r[1]), str(r[4])) for r in pairs}) == [("School Voices", "Ministry of Health"), ("School Voices Uganda", "Ministry of Health")]
        assert [str(r[0]) for r in kg.answer("where-did-government-co-implement-pay-or-adopt")].count("case:uga-xx-1") >= 1
        assert {str(r[0]) for r in kg.answer("which-cases-work-in-a-sector", sector="health")} == {"case:uga-xx-1", "case:uga-xx-2", "case:uga-xx-3"}
        claim = kg.why("uga-xx-1", "gpsa:amount")[0]
        assert claim.value == 1000
        assert [s.title.startswith("IATI activity XX-1 in 'a.xml'") for s in claim.sources] == [True]
        for question in kg.questions().values():
            kg.answer(question.name)


def test_the_graph_of_a_store_keeps_the_provenance_law_and_the_shapes(drafts: Path, tmp_path: Path) -> None:
    run("iati", drafts.parent / "a.xml", store=tmp_path / "store")

    assert check_graph(load(store=tmp_path / "store")) == []


def test_the_report_adds_up(drafts: Path) -> None:
    said = json.loads((drafts / "intake-report.json").read_text("utf-8"))

    assert sum(said["records"].values()) == said["read"] == 3
    text = (drafts / "intake-report.md").read_text("utf-8")
    rows = [r.split("|")[2:6] for r in text.splitlines() if r.startswith("| ") and r.count("|") == 7 and "---" not in r and "there were" not in r]
    assert rows
    assert all(int(whole) == int(a) + int(b) + int(c) for whole, a, b, c in rows)


def test_the_same_file_gives_the_same_bytes(drafts: Path, tmp_path: Path) -> None:
    run("iati", drafts.parent / "a.xml", out=tmp_path / "again")

    for path in (p for p in drafts.rglob("*") if p.is_file()):
        assert (tmp_path / "again" / path.relative_to(drafts)).read_bytes() == path.read_bytes()


def test_two_spellings_are_proposed_and_never_merged(drafts: Path) -> None:
    with (drafts / "matches.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    within = [r for r in rows if r["kind"] == "organisation" and r["id"].startswith("uga-school-voices")]
    known = [r for r in rows if r["id"] == "uga-ministry-of-health"]

    assert [(r["said"], r["id"], r["decision"]) for r in within] == [("School Voices Uganda", "uga-school-voices", "")]
    assert "shared school, voices" in within[0]["why"]
    assert [r["why"] for r in known] == ['"Ministry of Health" is the name; the country agrees (UGA)']
    ids = [line.split(",")[0] for line in (drafts / "organisations.csv").read_text("utf-8").splitlines()[1:]]
    assert {"uga-school-voices", "uga-school-voices-uganda"} <= set(ids)
    assert "uga-ministry-of-health" not in ids


def test_a_decision_is_obeyed_kept_and_taken_back(tmp_path: Path) -> None:
    file, out = iati(tmp_path / "a.xml", 1, 2, 3), tmp_path / "out"
    run("iati", file, out=out)
    before = {p.name: p.read_bytes() for p in (out / "cases").iterdir()}
    with (out / "matches.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        row["decision"] = "same" if row["kind"] == "mechanism" or row["id"] in ("uga-ministry-of-health", "uga-school-voices") else "different"
    with (out / "matches.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    run("iati", file, out=out)
    text = (out / "cases" / "uga-xx-2.yaml").read_text("utf-8")

    assert "organisation: uga-ministry-of-health," in text
    assert "organisation: uga-school-voices, as_called: School Voices Uganda" in text
    assert "id: community-scorecard, as_called: community scorecard" in text
    assert check(data=out) == []
    kept = (out / "matches.csv").read_text("utf-8")
    assert kept.count(",same,") == sum(r["decision"] == "same" for r in rows)
    (out / "matches.csv").write_text(kept.replace(",same,", ",,"), "utf-8")
    run("iati", file, out=out)
    assert {p.name: p.read_bytes() for p in (out / "cases").iterdir()} == before


def test_names_that_a_spreadsheet_would_run_are_guarded_in_lists_and_read_back(tmp_path: Path) -> None:
    group = "=Voices Of Schools"
    run("iati", iati(tmp_path / "a.xml", 1, 2, group=group), out=tmp_path / "out")

    cells = [cell for path in (tmp_path / "out").glob("*.csv") for row in csv.reader(path.read_text("utf-8").splitlines()) for cell in row]
    assert f"'{group}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))] == []
    assert check(data=tmp_path / "out") == []
    assert group in [org.name for org in read(tmp_path / "out").authority.organisation.values()]
    text = write_decisions([Decision("organisation", group, "UGA", "x", "-1 and on", "", "0.5", "@name", "1")])
    (tmp_path / "matches.csv").write_text(text, "utf-8")
    assert [(d.said, d.label, d.why) for d in read_decisions(tmp_path / "matches.csv", [])] == [(group, "-1 and on", "@name")]


def test_a_record_that_is_a_shipped_case_is_proposed_and_left_out_when_decided(tmp_path: Path) -> None:
    file, out = iati(tmp_path / "a.xml", 1, more='<other-identifier ref="P147834" type="A1"/>'), tmp_path / "out"
    run("iati", file, out=out)
    row = decide(out / "matches.csv", "case", "same")
    assert (row["id"], row["why"]) == ("idn-wahana-visi", "the same world-bank-project code P147834")
    done = run("iati", file, out=out)

    assert done.records == {"imported": 0, "left out: a curator says it is a shipped case": 1}
    assert list((out / "cases").iterdir()) == []


def test_wrong_decisions_are_told(tmp_path: Path) -> None:
    file, out = iati(tmp_path / "a.xml", 1), tmp_path / "out"
    run("iati", file, out=out)
    decide(out / "matches.csv", "mechanism", "perhaps")
    with pytest.raises(IntakeError, match="'perhaps' is no decision"):
        run("iati", file, out=out)


BAD = '<activity-date type="4" iso-date="2019-01-01"/><activity-status code="17"/>'


def test_a_fault_stops_everything_and_nothing_is_written(tmp_path: Path) -> None:
    file = iati(tmp_path / "a.xml", 1, 2, more=BAD)
    for target in ({"out": tmp_path / "out"}, {"store": tmp_path / "store"}):
        with pytest.raises(IntakeError) as error:
            run("iati", file, **target)
        assert len(error.value.problems) == 4
        assert "--keep-going" in str(error.value)
    assert sorted(os.listdir(tmp_path)) == ["a.xml"]


def test_keep_going_imports_the_rest_and_says_so(tmp_path: Path) -> None:
    done = run("iati", iati(tmp_path / "a.xml", 1, 2, more=BAD), out=tmp_path / "out", keep_going=True)

    assert (done.records, len(done.problems)) == ({"imported": 2}, 4)
    assert check(data=tmp_path / "out") == []
    assert "is before the start 2020-01-15" in (tmp_path / "out" / "intake-report.md").read_text("utf-8")


def test_half_a_file_keeps_its_whole_records_with_keep_going(tmp_path: Path) -> None:
    file = iati(tmp_path / "a.xml", 1, 2, 3)
    file.write_bytes(file.read_bytes()[:-300])
    with pytest.raises(IntakeError, match="the file ends in the middle"):
        run("iati", file, out=tmp_path / "out")
    done = run("iati", file, out=tmp_path / "out", keep_going=True)

    assert done.records == {"imported": 2}


def test_a_folder_that_somebody_has_worked_in_is_not_replaced(tmp_path: Path) -> None:
    file, out = iati(tmp_path / "a.xml", 1), tmp_path / "out"
    run("iati", file, out=out)
    draft = out / "cases" / "uga-xx-1.yaml"
    draft.write_text(draft.read_text("utf-8") + "# looked at\n", "utf-8")
    with pytest.raises(OutputError, match=r"'cases/uga-xx-1.yaml' in it was changed since the import"):
        run("iati", file, out=out)
    assert draft.read_text("utf-8").endswith("# looked at\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(OutputError, match="was not made by `gpsa import`"):
        run("iati", file, out=tmp_path / "mine")


def test_too_many_drafts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpsa_graph.intake.drafts.MOST", 2)
    with pytest.raises(GpsaError, match="put it into a store"):
        run("iati", iati(tmp_path / "a.xml", 1, 2, 3), out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("stop", [1, 2, 3, 5])
def test_an_import_that_is_stopped_goes_on_and_says_everything_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int) -> None:
    """Stopped between loading a batch and the journal (odd) or before the load (even), at several places."""
    file = iati(tmp_path / "a.xml", *range(1, 14))
    monkeypatch.setattr(store_module, "BATCH", 3)
    run("iati", file, store=tmp_path / "once")
    load_ = store_module.Loader._load
    calls = [0]

    def torn(self: store_module.Loader, content: bytes) -> None:
        calls[0] += 1
        if calls[0] == 1 + stop // 2 + 1:
            if stop % 2:
                load_(self, content)
            raise KeyboardInterrupt
        load_(self, content)

    monkeypatch.setattr(store_module.Loader, "_load", torn)
    with pytest.raises(KeyboardInterrupt):
        run("iati", file, store=tmp_path / "torn")
    monkeypatch.setattr(store_module.Loader, "_load", load_)
    done = run("iati", file, store=tmp_path / "torn")

    assert everything(tmp_path / "torn") == everything(tmp_path / "once")
    assert (done.read, done.records, done.resumed) == (13, {"imported": 13}, 3 * (stop // 2))
    assert (tmp_path / "torn/intake/matches.csv").read_bytes() == (tmp_path / "once/intake/matches.csv").read_bytes()
    again = run("iati", file, store=tmp_path / "torn")
    assert (again.records, again.resumed) == ({"imported": 13}, 13)
    assert everything(tmp_path / "torn") == everything(tmp_path / "once")


def test_a_journal_that_was_cut_off_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = iati(tmp_path / "a.xml", *range(1, 8))
    monkeypatch.setattr(store_module, "BATCH", 3)
    run("iati", file, store=tmp_path / "once")
    whole = everything(tmp_path / "once")
    journal = tmp_path / "once" / "intake" / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[: journal.read_bytes().index(b"\n") + 40])
    done = run("iati", file, store=tmp_path / "once")

    assert (done.read, done.resumed) == (7, 3)
    assert everything(tmp_path / "once") == whole


def test_a_second_file_joins_the_store_and_a_record_that_is_there_is_left_out(tmp_path: Path) -> None:
    run("iati", iati(tmp_path / "a.xml", 1, 2), store=tmp_path / "store")
    with pytest.raises(IntakeError, match="the identifier 'XX-2' stands twice"):
        run("iati", iati(tmp_path / "twice.xml", 2, 2), store=tmp_path / "store")
    done = run("iati", iati(tmp_path / "b.xml", 2, 3), store=tmp_path / "store", keep_going=True)
    kg = load(store=tmp_path / "store")

    assert done.records == {"imported": 1, "left out: the identifier was there before": 1}
    assert list(kg.query("SELECT (COUNT(?c) AS ?n) { ?c a gpsa:Case }")) == [(3,)]
    assert list(kg.query('SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o rdfs:label "Ministry of Health" ; a gpsa:Organisation }')) == [(1,)]
    assert check_graph(kg) == []


@pytest.mark.parametrize("name", ["a file", "not empty"])
def test_what_is_no_store_is_not_written_into(tmp_path: Path, name: str) -> None:
    target = tmp_path / "target"
    if name == "a file":
        target.write_text("x")
    else:
        target.mkdir()
        (target / "x").write_text("x")
    with pytest.raises(OutputError, match="is a file" if name == "a file" else "holds no store"):
        run("iati", iati(tmp_path / "a.xml", 1), store=target)


@pytest.mark.slow
def test_a_killed_process_leaves_a_store_that_goes_on(tmp_path: Path) -> None:
    file = iati(tmp_path / "a.xml", *range(1, 2501))
    command = [sys.executable, "-m", "gpsa_graph", "import", "iati", str(file), "--store"]
    process = subprocess.Popen([*command, str(tmp_path / "torn")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal = tmp_path / "torn" / "intake" / "journal.jsonl"
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") >= 2):
        time.sleep(0.05)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    run("iati", file, store=tmp_path / "torn")
    run("iati", file, store=tmp_path / "once")

    assert everything(tmp_path / "torn") == everything(tmp_path / "once")


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """The peak of reading 3,000 records stays within a tenth of that of 300: a record is let go before the next comes."""
    import tracemalloc

    from gpsa_graph.cases import read
    from gpsa_graph.intake.iati import activities
    from gpsa_graph.intake.lists import Lists
    from gpsa_graph.intake.session import Session, look_at

    def peak(count: int) -> int:
        file = iati(tmp_path / f"{count}.xml", *range(1, count + 1))
        session = Session(look_at(file), Lists(read().authority))
        tracemalloc.start()
        for _ in activities(session, {}):
            session.lists.authority.source.clear()
        peaked = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peaked

    peak(10)
    assert peak(3000) < 1.1 * peak(300) + 3000 * 300  # 300 bytes a record for its key and prefix


@pytest.mark.parametrize("kind, value", [("countries", "Atlantis"), ("countries", "Yugoslavia"), ("sectors", "helth")])
def test_a_filter_that_means_nothing_is_told(kind: str, value: str) -> None:
    given = {"countries": (), "sectors": (), "texts": (), "identifiers": (), kind: (value,)}
    with pytest.raises(UnknownName, match=value):
        filters_of(**given)  # type: ignore[arg-type]


def test_filters_take_names_codes_and_narrower_sectors() -> None:
    found = filters_of(["Malawi", "ke"], ["health", "15111"], ["Scórecard"], ["XX-1"])

    assert found.countries == {"MWI", "KEN"}
    assert {"health", "health-insurance", "public-finance"} <= found.sectors
    assert (found.texts, found.identifiers) == (("scorecard",), frozenset({"xx-1"}))


def test_every_mapping_leads_to_a_concept_that_is_there_and_agrees_with_the_matches(data) -> None:  # type: ignore[no-untyped-def]
    known = data.authority.concept
    matched: dict[str, set[str]] = {}
    above: dict[str, str] = {}
    for path in sorted((ontology_folder() / "vocabularies").glob("*.ttl")):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value.endswith("#broader"):
                above[quad.subject.value.rpartition("/")[2]] = quad.object.value.rpartition("/")[2]  # type: ignore[union-attr]
            if quad.predicate.value.endswith("Match"):
                matched.setdefault(quad.object.value.rpartition("gpsa-graph/code/")[2].replace("http://metadata.un.org/sdg/", "sdg/"), set()).add(
                    quad.subject.value.rpartition("gpsa-graph/")[2].partition("/")[2])
    for outside, codes in mappings().items():
        for code, row in codes.items():
            assert all(c in known[row.scheme] for c in row.concepts), (outside, code)
            assert row.concepts or row.why, f"{outside} {code}: say why it leads nowhere"
            theirs = matched.get(f"{'sdg' if outside.startswith('sdg') else outside}/{code}")
            if theirs and row.concepts:
                close = theirs | {above[c] for c in theirs if c in above}
                assert set(row.concepts) & close or (outside, code) == ("iati-organisation-type", "90"), f"{outside} {code}: none of {sorted(close)}"
    assert sum(len(codes) for codes in mappings().values()) > 250


def test_the_desk_tells_twins_neighbours_and_what_to_find(data) -> None:  # type: ignore[no-untyped-def]
    case = data.case("xkx-p179084")
    found = desk(case, data.cases, data.authority)
    lacks = [what for what, test, _ in FIELDS if not test(case)]

    assert len(found.next) == 3
    assert {what for what, _ in found.next} <= set(lacks)
    assert all(after - before == here and of == len(data.cases) - 1 for _, before, after, of, here in found.coverage)
    twin = desk(case, [*(c for c in data.cases if c.id != case.id), _renamed(case)], data.authority).twins
    assert [t[0] for t in twin] == ["xkx-copy"]


def _renamed(case):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(case, id="xkx-copy")
