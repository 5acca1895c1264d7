"""Loading files into a store folder: every format, packed or not; faults; going on after a kill; a full disk."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard

import gpsa_graph
from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.export.load import load_files
from gpsa_graph.graph import KnowledgeGraph

GPSA = str(Path(sys.executable).parent / "gpsa")


def lines(first: int, last: int) -> str:
    return "".join(f'<urn:s{i}> <urn:p{i % 5}> "text {i}"@en .\n' for i in range(first, last))


def held(store: Path) -> list[str]:
    return sorted(str(quad) for quad in ox.Store.read_only(str(store)))


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    from gpsa_graph.export.build import build

    folder = tmp_path_factory.mktemp("release") / "out"
    build(tiny, folder)
    return folder


# formats


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "jsonld"])
def test_each_form_of_the_release_gives_the_same_graph(release: Path, tmp_path: Path, tiny_kg: KnowledgeGraph, ending: str) -> None:
    done = load_files([release / f"gpsa-graph.{ending}"], tmp_path / "store")
    assert (done.before, done.after, done.skipped) == (0, len(tiny_kg), [])
    kg = gpsa_graph.load(store=tmp_path / "store")
    assert {str(t) for t in kg.triples()} == {str(t) for t in tiny_kg.triples()}
    assert list(kg.answer("where-was-a-mechanism-used")) == list(tiny_kg.answer("where-was-a-mechanism-used"))


def test_packed_files_trig_and_rdf_xml_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.nt.gz").write_bytes(gzip.compress(lines(0, 5).encode()))
    packer = zstandard.ZstdCompressor()
    (tmp_path / "b.ttl.zst").write_bytes(packer.compress(b"<urn:a> a <urn:B> .") + packer.compress(b" <urn:a> <urn:c> 1, 2 ."))
    (tmp_path / "c.trig").write_text("<urn:g> { <urn:x> <urn:y> <urn:z> }")
    (tmp_path / "d.rdf").write_text('<?xml version="1.0"?><!-- a remark --><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
                                    '<rdf:Description rdf:about="urn:d"><p xmlns="urn:">x</p></rdf:Description></rdf:RDF>')
    done = load_files([tmp_path / name for name in ("a.nt.gz", "b.ttl.zst", "c.trig", "d.rdf")], tmp_path / "store")
    assert done.after == 5 + 3 + 1 + 1
    assert sum("<urn:g>" in quad for quad in held(tmp_path / "store")) == 1


def test_loading_adds_to_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(lines(0, 10))
    (tmp_path / "b.nt").write_text(lines(5, 20))
    assert load_files([tmp_path / "a.nt"], tmp_path / "store").after == 10
    done = load_files([tmp_path / "b.nt"], tmp_path / "store")
    assert (done.before, done.after) == (10, 20)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_parts_loaded_at_once_hold_every_line_once(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(lines(0, 5_000).rstrip("\n"))
    (tmp_path / "b.nt").write_text(lines(2_500, 6_000))
    assert load_files([tmp_path / "a.nt", tmp_path / "b.nt"], tmp_path / "store", jobs=3, size=7_001).after == 6_000


def test_a_blank_node_is_one_node_in_all_parts_of_its_file_and_another_in_another_file(tmp_path: Path) -> None:
    text = "".join(f'_:a <urn:p> "{i} _:a" .\n<urn:s> <urn:q> _:b{i % 2} .\n' for i in range(200))
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(text)
    load_files([tmp_path / "a.nt", tmp_path / "b.nt"], tmp_path / "store", size=300)
    store = ox.Store.read_only(str(tmp_path / "store"))
    assert len(store) == 2 * 202
    assert len({q.subject for q in store if isinstance(q.subject, ox.BlankNode)}) == 2
    assert len({q.object for q in store if isinstance(q.object, ox.BlankNode)}) == 4


# faults


BAD = lines(0, 300) + "<urn:bad> nonsense .\n" + lines(300, 400) + '<urn:bad> <urn:p> "open .\n' + lines(400, 500)


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_a_bad_line_is_named_and_nothing_is_changed(tmp_path: Path, size: int) -> None:
    (tmp_path / "good.nt").write_text(lines(0, 3))
    (tmp_path / "bad.nt").write_text(BAD)
    load_files([tmp_path / "good.nt"], tmp_path / "store")
    with pytest.raises(GpsaError, match=r"bad\.nt:301: column 11: .*--lenient.*Nothing was changed") as caught:
        load_files([tmp_path / "bad.nt"], tmp_path / "store", size=size, jobs=1)
    assert "\n" not in str(caught.value)
    assert len(held(tmp_path / "store")) == 3


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_with_lenient_bad_lines_are_skipped_and_counted(tmp_path: Path, size: int) -> None:
    (tmp_path / "bad.nt").write_text(BAD)
    done = load_files([tmp_path / "bad.nt"], tmp_path / "store", lenient=True, size=size)
    assert done.after == 500
    assert [fault.partition(": ")[0].rpartition(":")[2] for fault in done.skipped] == ["301", "402"]


def test_with_lenient_a_bad_statement_of_turtle_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("@prefix e: <urn:> .\ne:a e:b e:c .\ne:a bad nonsense .\ne:a e:b e:d .\n")
    assert load_files([tmp_path / "bad.ttl"], tmp_path / "store", lenient=True).after == 2
    with pytest.raises(GpsaError, match=r"bad\.ttl:3: "):
        load_files([tmp_path / "bad.ttl"], tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name, content, text", [
    ("a.jsonld", b'{"@context": "http://example.org/context.jsonld", "@id": "urn:a", "p": "x"}', "on the web, which is not fetched"),
    ("a.jsonld", b'{"@id": ', "a.jsonld:"),
    ("a.rdf", b'<!DOCTYPE r [<!ENTITY x "y">]><r/>', "declares a DOCTYPE, which is refused"),
    ("a.nt.gz", gzip.compress(lines(0, 99).encode())[:-20], "is cut short or damaged"),
    ("a.ttl.gz", gzip.compress(lines(0, 99).encode())[:-20], "is cut short or damaged"),
    ("a.nt.zst", b"no archive", "is cut short or damaged"),
    ("a.nt.gz", b"no archive", "is cut short or damaged"),
    ("a.csv", b"", "the format is told by the ending"), ("a", b"", "the format is told by the ending"),
])
@pytest.mark.parametrize("lenient", [False, True])
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, content: bytes, text: str, lenient: bool) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(GpsaError, match=text) as caught:
        load_files([tmp_path / name], tmp_path / "store", lenient=lenient)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "store").exists()


def test_a_folder_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(lines(0, 3))
    with pytest.raises(OutputError, match="is no store"):
        load_files([tmp_path / "a.nt"], tmp_path)
    with pytest.raises(GpsaError, match="cannot be read: no such file"):
        load_files([tmp_path / "none.nt"], tmp_path / "store")


# interruptions


def test_a_load_that_was_killed_goes_on_and_nothing_doubles(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(lines(0, 40_000) + "".join(f"_:b{i % 50} <urn:p> <urn:o{i}> .\n" for i in range(4_000)))
    (tmp_path / "b.ttl").write_text("".join(f"<urn:t{i}> <urn:p> [ <urn:q> {i} ] .\n" for i in range(3_000)))
    whole = load_files([tmp_path / "a.nt", tmp_path / "b.ttl"], tmp_path / "whole").after
    assert whole == 40_000 + 4_000 + 6_000
    code = """import sys; from gpsa_graph.export.load import load_files
load_files(sys.argv[1:3], sys.argv[3], size=60_000, jobs=2)"""
    command = [sys.executable, "-c", code, str(tmp_path / "a.nt"), str(tmp_path / "b.ttl"), str(tmp_path / "store")]
    notes = tmp_path / ".store.loading" / "notes"

    for until in ("part", "part", "safe"):
        before = notes.read_text().count(until) if notes.exists() else 0
        process = subprocess.Popen(command, start_new_session=True)
        for _ in range(3_000):
            if process.poll() is not None or (notes.exists() and notes.read_text().count(until) > before):
                break
            time.sleep(0.01)
        assert process.poll() is None, "it was too quick to be killed"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert not (tmp_path / "store").exists(), "nobody sees half a store"

    done = load_files([tmp_path / "a.nt", tmp_path / "b.ttl"], tmp_path / "store", size=60_000, jobs=2)
    assert done.after == whole
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.nt", "b.ttl", "store", "whole"]


def test_a_file_that_changed_meanwhile_is_loaded_anew(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(lines(0, 300) + "<urn:bad> nonsense .\n")
    with pytest.raises(GpsaError, match=":301:"):
        load_files([tmp_path / "a.nt"], tmp_path / "store", size=1_000, jobs=1)
    (tmp_path / "a.nt").write_text(lines(1_000, 1_010))
    assert load_files([tmp_path / "a.nt"], tmp_path / "store", size=1_000).after == 10


def test_a_full_disk_is_one_sentence_and_the_old_store_opens(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text(lines(0, 10))
    (tmp_path / "b.nt").write_text("".join(f'<urn:s{i}> <urn:p> "{i:064x}" .\n' for i in range(30_000)))
    load_files([tmp_path / "a.nt"], tmp_path / "store")

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    done = subprocess.run([GPSA, "load", str(tmp_path / "b.nt"), "--store", str(tmp_path / "store")], capture_output=True, text=True,
                          check=False, preexec_fn=full)
    assert done.returncode == 2
    assert "is full; the old store is as it was. Make room and load again to go on" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert len(held(tmp_path / "store")) == 10
    assert load_files([tmp_path / "b.nt"], tmp_path / "store").after == 30_010


def test_two_loads_at_once_are_told(tmp_path: Path) -> None:
    import fcntl

    (tmp_path / "a.nt").write_text(lines(0, 3))
    (tmp_path / ".store.loading").mkdir()
    handle = os.open(tmp_path / ".store.loading", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(OutputError, match="another process is loading"):
        load_files([tmp_path / "a.nt"], tmp_path / "store")
    os.close(handle)
    assert load_files([tmp_path / "a.nt"], tmp_path / "store").after == 3


# the command line


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    (tmp_path / "bad.nt").write_text(BAD)
    done = subprocess.run([GPSA, "load", "bad.nt", "--store", "store", "--lenient"], capture_output=True, text=True, check=False,
                          cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == ""
    said = [line.partition(": ")[0] for line in done.stderr.splitlines()]
    assert said == ["skipped bad.nt:301", "skipped bad.nt:402", "2 faults skipped", "store"]
    assert done.stderr.endswith("store: 500 triples, 500 of them new\n")
    count = subprocess.run([GPSA, "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--store", "store"], capture_output=True, text=True,
                           check=True, cwd=tmp_path)
    assert count.stdout == "n\n500\n"
