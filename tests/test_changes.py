"""`gpsa diff`: what differs between two versions of the data, in words of the domain."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from gpsa_graph.cli import cli
from gpsa_graph.errors import DataError, GpsaError
from gpsa_graph.export.build import build
from gpsa_graph.export.changes import Change, as_text, changes, version

CASE = "cases/xaa-clinic-scorecards.yaml"


@pytest.fixture
def edited(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the three invented cases, to be changed."""
    return Path(shutil.copytree(tiny, tmp_path / "edited"))


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (folder / name).write_text(text.replace(old, new), "utf-8")


def found(tiny: Path, edited: Path, *, answers: bool = False) -> list[tuple[str, str, str, str, str]]:
    return [(c.about, c.what, c.change, c.old, c.new) for c in changes(version(tiny), version(edited), answers=answers)]


def test_the_same_data_differ_in_nothing(tiny: Path, edited: Path) -> None:
    assert found(tiny, edited, answers=True) == []
    assert "Nothing differs." in as_text(version(tiny), version(edited), [])


def test_a_build_and_its_data_folder_are_one_version(tiny: Path, tmp_path: Path) -> None:
    build(tiny, tmp_path / "out")
    built = version(tmp_path / "out")

    assert changes(version(tiny), built) == []
    assert built.name == version(tiny).name


def test_a_case_that_is_lost_is_one_change_and_read_backwards_one_gained(tiny: Path, edited: Path) -> None:
    (edited / "cases" / "xbb-road-audit.yaml").unlink()

    lost = [change for change in found(tiny, edited) if change[0].startswith("case:")]
    gained = [change for change in found(edited, tiny) if change[0].startswith("case:")]

    assert [change[:3] for change in lost] == [("case:xbb-road-audit", "case", "lost")]
    assert [change[:3] for change in gained] == [("case:xbb-road-audit", "case", "gained")]
    assert "17 facts" in lost[0][3], "tests/tiny/README.md counts 17 claims on it"


def test_a_changed_finding_is_told_with_its_old_and_new_word(tiny: Path, edited: Path) -> None:
    text = (edited / CASE).read_text("utf-8")
    assert text.count("finding: none") == 1
    edit(edited, CASE, "finding: none", "finding: mixed")

    assert found(tiny, edited) == [("case:xaa-clinic-scorecards", "result, finding", "changed", "none found", "mixed")]


def test_another_value_is_a_change_and_names_its_sources(tiny: Path, edited: Path) -> None:
    edit(edited, CASE, "value: 2014-06-01", "value: 2014-07-01")

    told = changes(version(tiny), version(edited), answers=False)
    launched = [c for c in told if c.what == "launch date"]
    assert [(c.change, c.old, c.new) for c in launched] == [("changed", "2014-06-01", "2014-07-01")]
    assert launched[0].src.startswith("source:")
    assert "~ launch date: 2014-06-01 -> 2014-07-01  [" in as_text(version(tiny), version(edited), told)


def test_answers_that_differ_are_counted_by_rows(tiny: Path, edited: Path) -> None:
    (edited / "cases" / "xbb-road-audit.yaml").unlink()

    answers = {c.about: (c.old, c.new) for c in changes(version(tiny), version(edited)) if c.what == "answer"}
    assert answers["question:identity-card-of-a-case"] == ("3 rows, 1 of them gone", "2 rows, 0 of them new")
    assert "question:who-governed-the-programme" not in answers


def test_both_directions_have_as_many_changes(tiny: Path, edited: Path) -> None:
    edit(edited, CASE, "value: 2014-06-01", "value: 2014-07-01")
    edit(edited, CASE, "finding: none", "finding: mixed")
    swap = {"gained": "lost", "lost": "gained", "changed": "changed"}

    there = sorted((c.about, c.what, c.change, c.old, c.new) for c in changes(version(tiny), version(edited), answers=False))
    back = sorted((c.about, c.what, swap[c.change], c.new, c.old) for c in changes(version(edited), version(tiny), answers=False))
    assert there == back


def test_what_is_no_version_is_refused_with_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(GpsaError, match="no version of the data; name a data folder"):
        version(tmp_path)


def test_a_folder_with_faults_is_refused_with_the_line(edited: Path) -> None:
    edit(edited, CASE, "finding: none", "finding: nothing")
    with pytest.raises(DataError) as refused:
        version(edited)
    assert "nothing" in str(refused.value)


def test_the_command_prints_text_and_rows(tiny: Path, edited: Path) -> None:
    edit(edited, CASE, "finding: none", "finding: mixed")
    text = CliRunner().invoke(cli, ["diff", str(tiny), str(edited)])
    rows = CliRunner().invoke(cli, ["diff", str(tiny), str(edited), "--no-answers", "--format", "csv"])

    assert text.exit_code == rows.exit_code == 0
    assert "0 cases" not in text.output
    assert "1 fact changed." in text.output
    assert "~ result, finding: none found -> mixed" in text.output
    assert "Answers that differ" in text.output
    assert rows.output.splitlines()[0] == ",".join(Change.__dataclass_fields__)
    assert len(rows.output.splitlines()) == 2
