"""The compiled graph: from data and ontology files to an Oxigraph store, kept on disk between runs.

The store in the user's cache folder is named by a digest of every input and of the code that compiles it. A stamp file
remembers size, mtime and ctime of the inputs, so that a warm start compares some hundred numbers and hashes nothing.
A store is made in a folder of its own and renamed when it is whole, so that two processes cannot meet half-way.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import pyoxigraph as ox

from gpsa_graph.resources import cache_folder, data_entries, data_folder, entries, ontology_files, ontology_folder, questions_folder

if TYPE_CHECKING:
    from gpsa_graph.cases import Data

_CODE = ("cases", "triples", "questions", "graph")
_KEPT = 6
#: The triples beside a kept store, packed: what a process that asks much and for long loads into memory. Larger ones it asks on disk.
COPY, _MOST_COPIED = "triples.nt.gz", 64_000_000
#: Questions that the comparing of cases starts from.
_ASKED_FIRST = ("concepts-and-what-stands-above-them", "features-that-cases-can-share", "what-is-told-of-a-case",
                "which-results-were-not-reached")


def _listed(data: Path) -> list[os.DirEntry[str]]:
    """Every input: data, ontology, questions, and the modules whose change makes a compiled graph stale."""
    package = questions_folder().parent
    ontology = ontology_folder()
    found = [*data_entries(data), *entries(ontology, "gpsa.ttl"), *entries(ontology / "vocabularies", ".ttl"),
             *entries(package / "questions", ".rq"), *entries(package, "vocab.py", "resources.py")]
    for name in _CODE:
        found += entries(package / name, ".py")
    return found


def inputs(data: Path) -> list[Path]:
    """The files that the compiled graph follows from, in a fixed order."""
    return [Path(entry.path) for entry in _listed(data)]


def stamp(data: Path) -> str:
    """The engine's version, and size, mtime and ctime of the inputs, as one text."""
    lines = [ox.__version__]
    for entry in _listed(data):
        facts = entry.stat()
        lines.append(f"{entry.path}\t{facts.st_size}\t{facts.st_mtime_ns}\t{facts.st_ctime_ns}")
    return "\n".join(lines)


def digest(files: Iterable[Path]) -> str:
    """Name of the content of the inputs."""
    from hashlib import blake2b

    whole = blake2b(digest_size=16)
    whole.update(f"{ox.__version__}\0".encode())
    for path in files:
        content = path.read_bytes()
        whole.update(f"{path.name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def ontology_ntriples() -> bytes:
    """Ontology and vocabularies as sorted N-Triples; blank nodes of the Turtle files (axioms only) are left out."""
    lines: set[str] = set()
    for path in ontology_files():
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.BlankNode):
                lines.add(f"{quad.subject} {quad.predicate} {quad.object} .\n")
    return "".join(sorted(lines)).encode()


def compiled(data: Data) -> bytes:
    """Everything in the graph as N-Triples, as it comes: unsorted and with repetitions, for a store that forgets both."""
    from gpsa_graph.triples import triples

    return ontology_ntriples() + "".join([f"{s} {p} {o} .\n" for s, p, o in triples(data)]).encode()


def memory_store(data: Data) -> ox.Store:
    """The compiled graph in memory."""
    return _memory(compiled(data))


def in_memory(kept: Path) -> ox.Store | None:
    """The graph that is kept in a folder, from its packed triples; None where they are not there or not whole."""
    import gzip
    import zlib

    try:
        with gzip.open(kept / COPY) as packed:
            content = packed.read()
    except (OSError, EOFError, zlib.error):
        content = b""
    return _memory(content) if content else None


def open_store(folder: Path | None = None) -> tuple[ox.Store, Path | None]:
    """The compiled graph of a data folder and the folder it is kept in (None where nothing could be kept).

    A kept graph that is damaged is compiled again. Raises DataError where the files have faults.
    """
    data = Path(os.path.realpath(folder or data_folder()))
    home = cache_folder()
    note = home / f"{crc32(str(data).encode()):08x}-{sys.version_info[0]}{sys.version_info[1]}.stamp"
    try:
        stamped = stamp(data)
        known, _, seen = _read(note).partition("\n")
        if seen == stamped and (store := _sound(home / known)) is not None:
            return store, home / known
        name = digest(inputs(data))
    except OSError:
        return _memory(_content(data)), None
    kept = home / name
    store = _sound(kept)
    if store is None:
        content = _content(data)
        if stamp(data) != stamped or not _keep(content, kept) or (store := _sound(kept)) is None:
            return _memory(content), None
    keep_text(note, f"{name}\n{stamped}")
    _tidy(home, kept)
    return store, kept


def _sound(kept: Path) -> ox.Store | None:
    """The store in a folder, or None where there is none, its files are not those that were written, or the engine refuses them."""
    try:
        if _listing(kept / "store") == (kept / "whole").read_text("utf-8"):
            return ox.Store.read_only(str(kept / "store"))
    except (OSError, ValueError, RuntimeError):
        pass
    return None


def _listing(store: Path) -> str:
    """Names and sizes of the files that hold the triples. The engine does not notice a list of files that was cut short."""
    with os.scandir(store) as found:
        held = [e for e in found if e.name.endswith(".sst") or e.name.startswith(("CURRENT", "MANIFEST"))]
        return "\n".join(sorted(f"{e.name}\t{e.stat().st_size}" for e in held))


def _content(data: Path) -> bytes:
    from gpsa_graph.cases import read

    return compiled(read(data))


def _memory(content: bytes) -> ox.Store:
    store = ox.Store()
    store.bulk_load(input=content, format=ox.RdfFormat.N_TRIPLES)
    return store


def _keep(content: bytes, kept: Path) -> bool:
    """Load into a new folder and rename it to `kept`; False, said on stderr, where the cache folder cannot be written."""
    import gzip
    import json
    import shutil
    from uuid import uuid4

    from gpsa_graph.graph.knowledge import KnowledgeGraph
    from gpsa_graph.questions import read_questions

    made = kept.parent / f"new-{uuid4().hex}"  # named before it is there, so that an interruption in between leaves nothing
    try:
        made.mkdir(mode=0o700, parents=True)
        store = ox.Store(str(made / "store"))
        store.bulk_load(input=content, format=ox.RdfFormat.N_TRIPLES)
        store.optimize()
        store.flush()
        del store
        graph = KnowledgeGraph(_memory(content), made)  # in memory the questions cost less than loading it and asking on disk
        for name in _ASKED_FIRST:
            graph.whole(name)
        graph.options("organisation")
        del graph
        questions = made / "questions"
        questions.mkdir()
        for question in read_questions(questions_folder()).values():
            (questions / f"{question.name}.json").write_text(json.dumps(question.to_dict(), ensure_ascii=False), "utf-8")
        if len(content) <= _MOST_COPIED:
            (made / COPY).write_bytes(gzip.compress(content, 1, mtime=0))
        (made / "whole").write_text(_listing(made / "store"), "utf-8")
        if kept.exists() and _sound(kept) is None:
            shutil.move(str(kept), str(made / "old"))
            shutil.rmtree(made / "old", ignore_errors=True)
        os.rename(made, kept)
    except (OSError, RuntimeError) as error:
        shutil.rmtree(made, ignore_errors=True)
        if _sound(kept) is not None:
            return True
        print(f"gpsa: the compiled graph cannot be kept in {kept.parent} ({getattr(error, 'strerror', None) or error}); "
              "set GPSA_CACHE to a folder that can be written", file=sys.stderr)
        return False
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return True


def _read(path: Path) -> str:
    """A small text, or nothing where it cannot be read."""
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""


def keep_text(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new one; what cannot be kept is left out."""
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        new = path.with_name(f"{path.name}.{os.getpid()}")
        new.write_text(text, "utf-8")
        os.replace(new, path)
    except OSError:
        pass


def _tidy(home: Path, kept: Path) -> None:
    """Keep the newest few compiled graphs; forget older ones and half-made ones of a day ago."""
    import shutil
    import time

    try:
        folders = sorted((p for p in home.iterdir() if p.is_dir() and p != kept), key=lambda p: p.stat().st_mtime, reverse=True)
        whole = [p for p in folders if (p / "whole").exists()]
        torn = [p for p in folders if not (p / "whole").exists() and time.time() - p.stat().st_mtime > 86_400]
    except OSError:
        return
    for path in whole[_KEPT:] + torn:
        shutil.rmtree(path, ignore_errors=True)
