"""The compiled graph that is kept between runs: when it is used, when it is made again, and what happens to it in an accident."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpsa_graph import vocab
from gpsa_graph.errors import DataError, GpsaError
from gpsa_graph.graph import KnowledgeGraph, compiled, load
from gpsa_graph.resources import data_files

ROOT = Path(__file__).resolve().parent.parent
CASE = "cases/xbb-road-audit.yaml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("GPSA_CACHE", str(folder))
    return folder


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    """A copy of the invented data that a test may change."""
    return Path(shutil.copytree(tiny, tmp_path / "data"))


def _kept(home: Path) -> list[Path]:
    return sorted(p for p in home.iterdir() if p.is_dir())


def _contents(home: Path) -> dict[str, tuple[int, int]]:
    """Every file below a folder with its inode and time of change; logs of the engine aside."""
    return {str(p.relative_to(home)): (p.stat().st_ino, p.stat().st_mtime_ns) for p in sorted(home.rglob("*"))
            if p.is_file() and not p.name.startswith("LOG")}


def _title(kg: KnowledgeGraph) -> str:
    rows = kg.query("SELECT ?t WHERE { case:xbb-road-audit dcterms:title ?t }")
    assert not isinstance(rows, (bool, str))
    return str(rows[0][0])


def _rename(folder: Path, title: str) -> None:
    """Change a title without a change of the size of the file."""
    file = folder / CASE
    before = file.read_text("utf-8")
    old = before.partition("title: {text: ")[2].partition(",")[0]
    assert len(old) == len(title)
    file.write_text(before.replace(old, title), "utf-8")


def _start(folder: Path, home: Path, code: str = "") -> subprocess.Popen[str]:
    """A process of its own that loads the graph and prints its size."""
    program = f"import sys; from pathlib import Path; {code}\nimport gpsa_graph; print(len(gpsa_graph.load(Path(sys.argv[1]))))"
    return subprocess.Popen([sys.executable, "-c", program, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env={**os.environ, "GPSA_CACHE": str(home)})


# When it is used, when it is made again


def test_a_warm_start_writes_nothing_and_reads_no_input(folder: Path, home: Path) -> None:
    size = len(load(folder))
    before = _contents(home)
    code = ("seen = []; sys.addaudithook(lambda name, args: seen.append(str(args[0])) if name == 'open' else None)\n"
            "import atexit; atexit.register(lambda: print(*seen, sep='\\n', file=sys.stderr))")
    process = _start(folder, home, code)
    out, opened = process.communicate()
    assert out.split() == [str(size)]
    read = [name for name in opened.splitlines() if name.endswith((".yaml", ".csv", ".ttl", ".rq", "VERSION"))]
    assert read == [], "a warm start compares sizes and times and reads none of the inputs"
    assert any(name.endswith(".stamp") for name in opened.splitlines())
    assert _contents(home) == before


def test_a_warm_start_imports_no_yaml_rdflib_or_template_engine(folder: Path, home: Path) -> None:
    load(folder)
    heavy = "('yaml', 'rdflib', 'jinja2', 'networkx', 'pyvis', 'pyshacl', 'numpy', 'click', 'starlette', 'hashlib')"
    process = _start(folder, home, f"import atexit; atexit.register(lambda: print(*[m for m in {heavy} if m in sys.modules]))")
    out, err = process.communicate()
    assert out.splitlines()[1] == "", f"a warm start imports {out.splitlines()[1]}"
    assert err == ""


def test_a_touched_input_is_not_compiled_again(folder: Path, home: Path) -> None:
    load(folder)
    (kept,), before = _kept(home), _contents(home)
    os.utime(folder / CASE, ns=(1, 1))
    assert _title(load(folder)) == "Citizens' Road Audit"
    after = _contents(home)
    assert _kept(home) == [kept]
    assert {k: v for k, v in after.items() if not k.endswith(".stamp")} == {k: v for k, v in before.items() if not k.endswith(".stamp")}
    assert after != before, "the stamp is written anew, so that the next start is warm"


def test_a_changed_input_is_compiled_again_even_with_the_size_and_time_of_before(folder: Path, home: Path) -> None:
    load(folder)
    facts = (folder / CASE).stat()
    _rename(folder, "Citizens' Rail Audit")
    os.utime(folder / CASE, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert (folder / CASE).stat().st_size == facts.st_size
    assert _title(load(folder)) == "Citizens' Rail Audit"
    assert len(_kept(home)) == 2


def test_going_back_finds_the_graph_of_before(folder: Path, home: Path) -> None:
    load(folder)
    (first,) = _kept(home)
    _rename(folder, "Citizens' Rail Audit")
    load(folder)
    made = _contents(first)
    _rename(folder, "Citizens' Road Audit")
    assert _title(load(folder)) == "Citizens' Road Audit"
    assert _contents(first) == made


@pytest.mark.parametrize("name", ["VERSION", "sources.csv", "organisations.csv", "places.csv", "countries.csv", "programme.yaml", CASE,
                                  "events/example-summit-2016.yaml"])
def test_every_kind_of_data_file_counts(folder: Path, name: str) -> None:
    files = compiled.inputs(folder)
    before = compiled.digest(files)
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert compiled.digest(compiled.inputs(folder)) != before


def test_code_vocabularies_and_questions_count_too(tiny: Path) -> None:
    names = {str(p.relative_to(ROOT)) for p in compiled.inputs(tiny)}
    assert {"gpsa_graph/vocab.py", "gpsa_graph/cases/read.py", "gpsa_graph/triples/ledger.py", "gpsa_graph/graph/compiled.py",
            "gpsa_graph/questions/__init__.py", "gpsa_graph/questions/where-was-a-mechanism-used.rq", "ontology/gpsa.ttl",
            "ontology/vocabularies/actors.ttl", *(str(p.relative_to(ROOT)) for p in data_files(tiny))} <= names


def test_a_new_case_and_a_case_taken_away_are_seen(folder: Path, home: Path) -> None:
    def cases() -> int:
        rows = load(folder).query("SELECT ?c WHERE { ?c a gpsa:Case }")
        assert not isinstance(rows, (bool, str))
        return len(rows)

    assert cases() == 3
    text = (folder / CASE).read_text("utf-8").replace("id: xbb-road-audit", "id: xbb-other")
    (folder / "cases/xbb-other.yaml").write_text(text, "utf-8")
    assert cases() == 4
    (folder / "cases/xbb-other.yaml").unlink()
    assert cases() == 3


def test_two_data_folders_do_not_disturb_each_other(folder: Path, tiny: Path, home: Path) -> None:
    _rename(folder, "Citizens' Rail Audit")
    assert [_title(load(f)) for f in (folder, tiny, folder, tiny)] == ["Citizens' Rail Audit", "Citizens' Road Audit"] * 2
    assert len(_kept(home)) == 2


def test_a_fault_in_the_files_is_told_and_nothing_is_kept(folder: Path, home: Path) -> None:
    (folder / CASE).write_text("id: xbb-road-audit\n", "utf-8")
    with pytest.raises(DataError, match=r"data/cases/xbb-road-audit\.yaml:1"):
        load(folder)
    assert not home.exists() or _kept(home) == []


@pytest.mark.parametrize("spoil", ["folder", "loop", "gone"])
def test_files_that_cannot_be_read_are_told_as_problems(folder: Path, home: Path, spoil: str) -> None:
    (folder / "places.csv").unlink()
    if spoil == "folder":
        (folder / "places.csv").mkdir()
    elif spoil == "loop":
        (folder / "places.csv").symlink_to(folder / "places.csv")
    with pytest.raises(DataError, match=r"data/places\.csv"):
        load(folder)


@pytest.mark.parametrize("name", ["nothing", "loop", "data/VERSION"])
def test_no_data_folder_is_told(folder: Path, tmp_path: Path, home: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(DataError, match="there is no such data folder"):
        load(tmp_path / name)


def test_a_file_that_changes_while_it_is_read_spoils_nothing(folder: Path, home: Path) -> None:
    code = f"""
def change(name, args, seen=[]):
    if name == 'open' and str(args[0]).endswith('VERSION'):
        seen.append(1)
        if len(seen) == 2:  # the first time for the digest, the second time to read
            file = Path({str(folder / CASE)!r})
            file.write_text(file.read_text('utf-8').replace('Road Audit', 'Rail Audit'), 'utf-8')
sys.addaudithook(change)"""
    process = _start(folder, home, code)
    _, err = process.communicate()
    assert process.returncode == 0, err
    assert "Rail Audit" in (folder / CASE).read_text("utf-8"), "the change must have happened between digest and reading"
    assert _title(load(folder)) == "Citizens' Rail Audit"
    _rename(folder, "Citizens' Road Audit")
    assert _title(load(folder)) == "Citizens' Road Audit", "a graph was kept under the digest of other files"


# Accidents


def _spoil(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "gone":
        file.unlink()
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "cut":
        file.write_bytes(content[: len(content) // 2])
    else:
        for place in range(len(content) // 3, len(content) // 3 + max(1, len(content) // 4)):
            content[place] ^= 0x55
        file.write_bytes(content)


@pytest.fixture(scope="module")
def whole(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder in which everything is well."""
    home = tmp_path_factory.mktemp("whole") / "cache"
    process = _start(tiny, home)
    _, err = process.communicate()
    assert process.returncode == 0, err
    return home


def _everything(kg: KnowledgeGraph) -> int:
    rows = kg.query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    assert not isinstance(rows, (bool, str))
    return len(rows)


def _found_or_said(data: Path) -> tuple[int, str]:
    try:
        return _everything(load(data)), ""
    except GpsaError as error:
        return 0, str(error)


@pytest.mark.parametrize("how", ["gone", "empty", "cut", "changed"])
def test_a_damaged_graph_is_compiled_again_and_never_answers_wrong(
        tiny: Path, tiny_kg: KnowledgeGraph, whole: Path, home: Path, how: str) -> None:
    size = _everything(tiny_kg)
    (kept,) = _kept(whole)
    tables = sorted(p.name for p in (kept / "store").glob("*.sst"))
    lists = sorted(p.name for p in (kept / "store").iterdir() if p.name.startswith(("CURRENT", "MANIFEST")))
    assert len(tables) > 1
    assert len(lists) == 2
    for name in (*lists, tables[0], tables[-1]):
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(whole, home, copy_function=shutil.copy2)
        _spoil(home / kept.name / "store" / name, how)
        found, said = _found_or_said(tiny)
        if said:
            assert "the kept graph is damaged" in said, f"{name} {how}: {said}"
            found, said = _found_or_said(tiny)
        assert (found, said) == (size, ""), f"{name} {how}"


@pytest.mark.parametrize("name", ["whole", "store", "questions", "*.stamp"])
@pytest.mark.parametrize("how", ["gone", "empty", "other"])
def test_other_damage_to_the_folder_is_mended(tiny: Path, tiny_kg: KnowledgeGraph, whole: Path, home: Path, name: str, how: str) -> None:
    shutil.copytree(whole, home, copy_function=shutil.copy2)
    (kept,) = _kept(home)
    path = next(home.glob(name)) if "*" in name else kept / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    if how != "gone":
        path.write_bytes(b"" if how == "empty" else b"\xff\x00../../elsewhere\n1\t2\t3")
    kg = load(tiny)
    assert _everything(kg) == _everything(tiny_kg)
    assert len(kg.answer("where-was-a-mechanism-used", mechanism="social-audit")) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}'])
def test_a_damaged_question_is_read_from_its_file(tiny: Path, whole: Path, home: Path, text: str) -> None:
    shutil.copytree(whole, home, copy_function=shutil.copy2)
    (kept,) = _kept(home)
    (kept / "questions/where-was-a-mechanism-used.json").write_text(text, "utf-8")
    assert len(load(tiny).answer("where-was-a-mechanism-used", mechanism="social-audit")) == 1


def test_rows_that_patterns_start_from_are_kept_and_asked_again_when_damaged(
    tiny: Path, tiny_kg: KnowledgeGraph, whole: Path, home: Path,
) -> None:
    expected = tiny_kg.whole("features-that-cases-can-share")
    assert ("case:xbb-road-audit", "mechanism", "mechanism:social-audit") in expected
    shutil.copytree(whole, home, copy_function=shutil.copy2)
    answers = _kept(home)[0] / "answers"
    assert {p.stem for p in answers.iterdir()} >= {"concepts-and-what-stands-above-them", "features-that-cases-can-share"}
    kept = answers / "features-that-cases-can-share.json"
    kept.write_text(kept.read_text("utf-8").replace("mechanism:social-audit", "mechanism:kept"), "utf-8")
    assert ("case:xbb-road-audit", "mechanism", "mechanism:kept") in load(tiny).whole("features-that-cases-can-share")
    kept.write_text(kept.read_text("utf-8")[:-9], "utf-8")
    assert load(tiny).whole("features-that-cases-can-share") == expected
    assert load(tiny).options("organisation") == load(tiny).options("organisation") == tiny_kg.options("organisation")


def test_what_another_version_left_behind_does_no_harm(tiny: Path, tiny_kg: KnowledgeGraph, home: Path) -> None:
    load(tiny)
    (stamp,), (kept,) = home.glob("*.stamp"), _kept(home)
    old = home / ("0" * 32)
    kept.rename(old)
    (old / "store" / "OPTIONS-000007").write_text("format of another version", "utf-8")
    stamp.write_text(stamp.read_text("utf-8").replace(kept.name, old.name).replace("pyoxigraph", "?"), "utf-8")
    (home / "notes-of-another-tool").write_text("x", "utf-8")
    (old / "whole").unlink()
    assert _everything(load(tiny)) == _everything(tiny_kg)
    assert (home / "notes-of-another-tool").exists()
    assert kept in _kept(home)


def test_two_processes_at_once_on_an_empty_cache_both_answer(tiny: Path, tiny_kg: KnowledgeGraph, home: Path) -> None:
    processes = [_start(tiny, home) for _ in range(2)]
    ended = [(p.communicate(), p.returncode) for p in processes]
    assert ended == [((f"{len(tiny_kg)}\n", ""), 0)] * 2
    assert len(_kept(home)) == 1, "one graph is kept and nothing half-made is left"
    assert len(list(home.glob("*.stamp"))) == 1


def test_a_cache_that_cannot_be_written_costs_one_line_and_no_answer(tiny: Path, tiny_kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    for cache in (tmp_path / "file", tmp_path / "file/below", Path("/proc/nowhere")):
        process = _start(tiny, cache)
        out, err = process.communicate()
        assert (process.returncode, out) == (0, f"{len(tiny_kg)}\n")
        assert len(err.splitlines()) == 1, err
        assert err.startswith(f"gpsa: the compiled graph cannot be kept in {cache} (")
        assert "set GPSA_CACHE" in err
    assert (tmp_path / "file").read_text("utf-8") == "no folder"


@pytest.fixture
def guest() -> Iterator[Path]:
    """A place that every user may enter; afterwards the rights of before."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    user = os.geteuid()
    yield place
    os.seteuid(user)
    shutil.rmtree(place)


def test_a_graph_that_may_be_read_and_not_written_is_used(
        guest: Path, tiny: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    home = Path(shutil.copytree(whole, guest / "cache", copy_function=shutil.copy2))
    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    monkeypatch.setenv("GPSA_CACHE", str(home))
    if os.geteuid() == 0:
        os.seteuid(65534)
    kg = load(tiny)
    assert _title(kg) == "Citizens' Road Audit"
    assert capfd.readouterr().err == ""


def test_a_read_only_cache_without_the_graph_costs_one_line(
        guest: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    (guest / "cache").mkdir(mode=0o555)
    monkeypatch.setenv("GPSA_CACHE", str(guest / "cache"))
    if os.geteuid() == 0:
        os.seteuid(65534)
    assert _title(load(tiny)) == "Citizens' Road Audit"
    (line,) = capfd.readouterr().err.splitlines()
    assert "Permission denied" in line


def _stopped_while_writing(home: Path, how: signal.Signals) -> subprocess.Popen[str]:
    """A process that compiles the shipped data and is stopped as soon as it has begun to write."""
    process = _start(ROOT / "data", home)
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if home.exists() and any(home.glob("new-*")):
            process.send_signal(how)
            break
        time.sleep(0.001)
    process.communicate()
    return process


def test_after_a_kill_in_the_midst_of_writing_the_next_start_succeeds(home: Path, kg: KnowledgeGraph) -> None:
    process = _stopped_while_writing(home, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, "the process must be killed before it has ended"
    assert not any((p / "whole").exists() for p in _kept(home) if not p.name.startswith("new-"))
    assert len(load(ROOT / "data")) == len(kg)
    assert len([p for p in _kept(home) if not p.name.startswith("new-")]) == 1


def test_an_interrupted_start_leaves_nothing_half_made(home: Path, kg: KnowledgeGraph) -> None:
    process = _stopped_while_writing(home, signal.SIGINT)
    assert process.returncode != 0, "the process must be interrupted before it has ended"
    assert not any(home.glob("new-*"))
    assert len(load(ROOT / "data")) == len(kg)


def test_old_graphs_and_what_was_left_half_made_are_cleared_away(folder: Path, home: Path) -> None:
    load(folder)
    half = home / "new-left"
    half.mkdir()
    os.utime(half, (time.time() - 200_000,) * 2)
    fresh = home / "new-of-another-process"
    fresh.mkdir()
    for number in range(7):
        _rename(folder, f"Citizens' Road Aud{number:02}")
        load(folder)
    assert not half.exists()
    assert fresh.exists(), "what another process is writing now must stay"
    assert len(_kept(home)) <= 8, "the newest, six others and the folder of the other process"


# What is in it


def test_the_kept_graph_is_the_graph_in_memory(tiny: Path, tiny_kg: KnowledgeGraph) -> None:
    from gpsa_graph.cases import read

    memory = {str(q) for q in compiled.memory_store(read(tiny))}
    assert {str(q) for q in tiny_kg.triples()} == memory


def test_ontology_and_vocabularies_are_part_of_it_and_shapes_are_not(tiny_kg: KnowledgeGraph) -> None:
    assert tiny_kg.query("ASK { mechanism:social-audit skos:prefLabel ?l . gpsa:Case a owl:Class }") is True
    assert tiny_kg.query("ASK { ?s a sh:NodeShape }") is False


def test_a_store_folder_can_be_opened_by_itself(whole: Path, tiny_kg: KnowledgeGraph) -> None:
    (kept,) = _kept(whole)
    assert len(load(store=kept / "store")) == len(tiny_kg)


def test_a_store_that_is_none_is_told_in_one_sentence(tmp_path: Path, whole: Path) -> None:
    (kept,) = _kept(whole)
    broken = Path(shutil.copytree(kept / "store", tmp_path / "broken"))
    _spoil(broken / "CURRENT", "changed")
    for store in (tmp_path / "nothing", tmp_path, broken, ROOT / "README.md"):
        with pytest.raises(GpsaError, match="no store can be opened in") as caught:
            load(store=store)
        assert "\n" not in str(caught.value)
    with pytest.raises(GpsaError, match="give one of a data folder, a store and an endpoint, not several"):
        load(tmp_path, store=tmp_path)


def test_the_digest_names_content_and_not_places(tiny: Path, folder: Path) -> None:
    assert compiled.digest(data_files(tiny)) == compiled.digest(data_files(folder))
    assert len(compiled.digest([])) == 32
    assert vocab.SLUG.match(compiled.digest([]))
