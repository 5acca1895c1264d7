"""The command line as its users run it: in processes of their own, with pipes, wrong words and Ctrl-C."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gpsa_graph.cli import COMMANDS, cli

CASES = Path(__file__).resolve().parent.parent / "data" / "cases"


def gpsa(*words: str, stdin: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "gpsa_graph", *words], input=stdin, capture_output=True, text=True,
                          encoding="utf-8", env={**os.environ, **(env or {})}, timeout=120)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


class Screen(io.StringIO):
    """What a terminal is sent."""

    def isatty(self) -> bool:
        return True


def test_long_work_is_told_on_a_terminal_and_leaves_nothing_there(monkeypatch: pytest.MonkeyPatch) -> None:
    from gpsa_graph.cli.telling import waiting

    screen, pipe = Screen(), io.StringIO()
    for stream, seconds in ((screen, 0.0), (pipe, 1.2), (screen, 1.2)):
        monkeypatch.setattr(sys, "stderr", stream)
        with waiting("shuffling"):
            time.sleep(seconds)
        if stream is screen and seconds == 0:
            assert screen.getvalue() == "", "short work is not told"

    assert pipe.getvalue() == ""
    assert screen.getvalue() == "\r\x1b[Kshuffling ... 1 s\r\x1b[K"


def test_the_site_takes_calls_as_soon_as_it_tells_its_address() -> None:
    import socket

    from gpsa_graph.serve.run import listen

    with listen("127.0.0.1", 0) as door, socket.create_connection(door.getsockname(), timeout=5) as caller:
        assert caller.getpeername() == door.getsockname()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    run = gpsa(command, "--help")

    assert run.returncode == 0, run.stderr
    assert f"  gpsa {command}" in run.stdout, f"`gpsa {command} --help` shows no example"


def test_the_group_lists_every_command_in_order() -> None:
    listed = [line.split()[0] for line in gpsa("--help").stdout.partition("Commands:")[2].splitlines() if line.strip()]

    assert listed == list(COMMANDS)
    assert cli.list_commands(None) == list(COMMANDS)  # type: ignore[arg-type]


def test_rows_go_to_a_pipe_as_csv() -> None:
    run = gpsa("answer", "where-was-a-mechanism-used", "--given", "mechanism=social-audit")

    found = rows(run.stdout)
    assert run.returncode == 0
    assert len(found) > 10
    assert all(row["case"].startswith("case:") and row["src"].startswith("source:") for row in found)
    assert run.stderr == ""


def test_a_table_says_how_many_rows_and_cases_stand_behind_it() -> None:
    words = ["answer", "where-was-a-mechanism-used", "--given", "mechanism=social-audit", "--format"]
    count = len(rows(gpsa(*words, "csv").stdout))

    out = gpsa(*words, "table").stdout

    assert f"\n{count} rows. " in out
    assert "[1] " in out


@pytest.mark.parametrize("fmt", ["json", "jsonl", "tsv", "md"])
def test_every_format_holds_the_same_rows(fmt: str) -> None:
    words = ["answer", "where-was-a-mechanism-used", "--given", "mechanism=social-audit", "--format"]
    cases = [row["case"] for row in rows(gpsa(*words, "csv").stdout)]

    out = gpsa(*words, fmt).stdout
    found = {"json": lambda: [r["case"] for r in json.loads(out)],
             "jsonl": lambda: [json.loads(line)["case"] for line in out.splitlines()],
             "tsv": lambda: [line.split("\t")[0] for line in out.splitlines()[1:]]}.get(fmt)
    assert found() == cases if found else all(case in out for case in cases)


def test_a_label_or_a_prefixed_name_is_as_good_as_an_id() -> None:
    answers = {gpsa("answer", "where-was-a-mechanism-used", "--given", f"mechanism={said}").stdout
               for said in ("social-audit", "mechanism:social-audit", "social audit")}

    assert len(answers) == 1


@pytest.mark.parametrize("words, said", [
    (["answer", "where-was-a-mechanism-usd"], "did you mean 'where-was-a-mechanism-used'"),
    (["answer", "where-was-a-mechanism-used", "--given", "mechanism=social-adit"], "did you mean 'social-audit'"),
    (["answer", "where-was-a-mechanism-used", "--given", "mechanisn=social-audit"], "did you mean 'mechanism'"),
    (["answer", "where-was-a-mechanism-used", "--given", "mechanism="], "no value for 'mechanism'"),
    (["answer", "where-was-a-mechanism-used", "--given", "social-audit"], "NAME=VALUE"),
    (["answer", "where-was-a-mechanism-used", "--format", "exel"], "exel"),
    (["show", "mwi-mej"], "did you mean 'case:mwi-mejn'"),
    (["why", "mwi-mejn", "amont"], "did you mean 'gpsa:amount'"),
    (["why", "mwi-mejn", "amount", "12"], "no value called '12'"),
    (["query", "SELECT * WHERE { ?s nothing:here ?o }"], "line 1, column"),
    (["query", "no-such-file.rq"], "neither a file nor a query"),
    (["query", "INSERT DATA { <a:a> <b:b> <c:c> }"], "the query cannot be answered"),
    (["expore"], "did you mean 'explore'"),
    (["path", "mwi-mejn", "nobody-at-all"], "no thing called 'nobody-at-all'"),
    (["network", "where-was-a-mechanism-used", "-o", "x.json"], "is no network"),
    (["network", "-o", "x.json"], "name a question, or a view file with --view"),
    (["network", "--view", "no-such-file.json", "-o", "x.svg"], "cannot be read"),
    (["answer", "where-was-a-mechanism-used", "--data", "/nowhere/at/all"], "there is no such data folder"),
    (["answer", "where-was-a-mechanism-used", "--store", "/nowhere/at/all"], "no store can be opened"),
    (["new", "case", "Bad Name"], "is no id for a case"),
])
def test_wrong_use_is_one_sentence_with_the_near_miss(words: list[str], said: str, tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-m", "gpsa_graph", *words], capture_output=True, text=True, cwd=tmp_path, timeout=120)

    assert run.returncode == (1 if "--data" in words else 2), run.stderr
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert not list(tmp_path.iterdir()), "something was written"


def test_a_broken_case_file_gives_every_problem_with_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "mwi-broken.yaml"
    text = (CASES / "mwi-mejn.yaml").read_text("utf-8").replace("id: mwi-mejn", "id: mwi-broken", 1)
    broken.write_text(text.replace("{id: education,", "{id: eduction,", 1).replace("usd: 705000", "usd: '1.234,5'", 1), "utf-8")

    run = gpsa("check", str(broken))

    assert run.returncode == 1
    assert "Did you mean 'education'?" in run.stdout
    assert "'1.234,5' is no plain number" in run.stdout
    for said in ("eduction", "1.234,5"):
        line = next(number for number, written in enumerate(broken.read_text("utf-8").splitlines(), 1) if said in written)
        assert f"mwi-broken.yaml:{line}: " in run.stdout


@pytest.mark.slow
def test_the_shipped_data_have_no_problem() -> None:
    run = gpsa("check")

    assert (run.returncode, run.stdout) == (0, ""), run.stdout


def test_a_query_comes_from_a_file_a_text_or_a_pipe(tmp_path: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?case a gpsa:Case }"
    (tmp_path / "q.rq").write_text(text)

    answers = {gpsa("query", text).stdout, gpsa("query", str(tmp_path / "q.rq")).stdout, gpsa("query", "-", stdin=text).stdout}

    assert answers == {f"n\n{len(list(CASES.glob('[!_]*.yaml')))}\n"}


def test_ask_and_construct_are_answered_in_their_own_form() -> None:
    assert gpsa("query", "ASK { case:mwi-mejn a gpsa:Case }").stdout == "true\n"
    lines = gpsa("query", "DESCRIBE country:MWI").stdout.splitlines()
    assert lines == sorted(lines)
    assert all(line.endswith(" .") for line in lines)


def test_show_numbers_its_sources_and_lists_each_once() -> None:
    text = gpsa("show", "mwi-mejn").stdout

    assert text.startswith("Social Accountability Strengthening Project\n")
    listed = text.partition("\nSources\n")[2]
    for number in range(1, 5):
        assert text.count(f"\n[{number}] ") == 1
        assert f"[{number}] " in listed


def test_why_names_who_says_so() -> None:
    found = rows(gpsa("why", "mwi-mejn", "gpsa:closingDate").stdout)

    assert {row["value"] for row in found} >= {"2019-03-24", "2017"}
    assert [row["preferred"] for row in found] == sorted((row["preferred"] for row in found), reverse=True)
    assert all(row["src"] for row in found)


def test_a_path_is_sentences_with_sources() -> None:
    run = gpsa("path", "idn-wahana-visi", "mwi-mejn")

    assert run.returncode == 0
    assert run.stdout.startswith("1. ")
    assert "\nSources\n" in run.stdout
    assert gpsa("path", "mwi-mejn", "mwi-mejn").returncode == 1


def test_a_closed_pipe_is_no_traceback() -> None:
    command = f"{sys.executable} -m gpsa_graph query 'SELECT * WHERE {{ ?s ?p ?o }}' | head -n 2"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)

    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == 2


def test_ctrl_c_ends_a_query_that_never_ends() -> None:
    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    process = subprocess.Popen([sys.executable, "-m", "gpsa_graph", "query", endless], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    process.send_signal(signal.SIGINT)

    _, err = process.communicate(timeout=20)

    assert process.returncode == 130
    assert err.decode().strip() == "interrupted"


@pytest.mark.parametrize("env", [{"LC_ALL": "C"}, {"PYTHONUTF8": "0", "LC_ALL": "C"}, {"PYTHONIOENCODING": "cp1252"}, {"COLUMNS": "20"}])
def test_odd_terminals_get_an_answer(env: dict[str, str]) -> None:
    run = gpsa("show", "pry-cird", env=env)

    assert run.returncode == 0, run.stderr
    assert run.stderr == ""


def test_rows_can_go_to_a_file_and_the_old_one_is_whole_after_an_error(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    gpsa("answer", "where-was-a-mechanism-used", "-o", str(target))
    before = target.read_bytes()

    failed = gpsa("answer", "where-was-a-mechanism-usd", "-o", str(target))

    assert failed.returncode == 2
    assert target.read_bytes() == before
    assert len(before.splitlines()) > 100


def test_a_new_case_is_a_template_that_check_refuses_until_it_is_filled(tmp_path: Path) -> None:
    target = tmp_path / "mwi-my-case.yaml"
    assert gpsa("new", "case", "mwi-my-case", "-o", str(target)).returncode == 0
    assert "id: mwi-my-case" in target.read_text("utf-8")

    refused = gpsa("check", str(target))
    again = gpsa("new", "case", "mwi-my-case", "-o", str(target))

    assert refused.returncode == 1
    assert f"{target.name}:" in refused.stdout
    assert again.returncode == 2
    assert "is there already" in again.stderr


def test_an_unwritable_file_is_one_sentence() -> None:
    run = gpsa("answer", "where-was-a-mechanism-used", "-o", "/proc/nowhere/rows.csv")

    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1
    assert "/proc/nowhere" in run.stderr
