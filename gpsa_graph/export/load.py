"""Loading RDF files into a store folder: all of them or nothing, and going on where an interrupted load stopped.

The new store grows in a folder beside the old one (which is not copied: its files are linked) and takes its place at the end.
Files with lines are loaded in parts, several at once, and a part that is done is noted. A part that was interrupted is loaded
again: a store keeps a triple once, however often it comes, and blank nodes are named by their file, so nothing doubles. Before
a file without lines the state is kept by links, to go back to.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.export.files import _locked, _swap
from gpsa_graph.export.parts import SIZE, Part, RdfFile

_FULL = re.compile(r"No space left|ENOSPC|File too large|EFBIG|quota", re.IGNORECASE)


@dataclass(slots=True)
class Loaded:
    """What a load did: triples before and after, and the faults that were skipped (`path:line: what`)."""

    before: int = 0
    after: int = 0
    skipped: list[str] = field(default_factory=list)


def load_files(paths: Sequence[str | Path], store: str | Path, *, lenient: bool = False, jobs: int | None = None, size: int = SIZE,
               told: Callable[[str], None] = lambda _: None) -> Loaded:
    """Add RDF files to the store in a folder, which is made where there is none. Readers see the old store until all is loaded.

    Formats: Turtle, N-Triples, N-Quads, TriG, JSON-LD and RDF/XML, plain, gzip or Zstandard. A fault ends the load and names
    file and line; with `lenient` faulty lines (in Turtle and TriG: statements) are skipped and counted. Contexts of JSON-LD are
    not fetched, and RDF/XML with a DOCTYPE is refused. `jobs` parts are loaded at once (default: one a processor, at most four).
    The same call after an interruption goes on. Raises GpsaError for faults in the files, OutputError where the disk is full or the
    folder cannot be written; the old store is whole then.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.nt"
    ...     _ = file.write_text("<urn:a> <urn:b> <urn:c> .\\n")
    ...     load_files([file], Path(folder) / "store").after
    1
    """
    files = [RdfFile.at(path) for path in paths]
    if not files:
        raise GpsaError("name at least one file to load")
    out = Path(os.path.realpath(store))
    if out.exists() and not _is_store(out) and not (out.is_dir() and not any(out.iterdir())):
        raise OutputError(f"'{store}' is there and is no store; name a new folder")
    work = out.with_name(f".{out.name}.loading")
    lock = -1
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        lock = _locked(work)
        if lock < 0:
            raise OutputError(f"another process is loading into '{store}'; wait until it is done")
        loading = _Loading(work, out, files, lenient, jobs or min(os.cpu_count() or 1, 4), size, told)
        return loading.run()
    except GpsaError as error:
        failure = error.with_traceback(None)  # the frames below hold the store open
        failure.__context__ = None
    except OSError as error:
        failure = _unwritten(store, work, error)
    finally:
        if lock >= 0:
            os.close(lock)
    raise failure


def _is_store(folder: Path) -> bool:
    return (folder / "CURRENT").is_file()


def _unwritten(store: str | Path, work: Path, error: OSError) -> OutputError:
    said = " ".join(str(error).split())
    old = "nothing was changed" if not _is_store(Path(store)) else "the old store is as it was"
    if _FULL.search(said):
        return OutputError(f"the disk of '{store}' is full; {old}. Make room and load again to go on, or delete '{work}'")
    return OutputError(f"'{store}' cannot be written: {said[:200]}; {old}")


class _Loading:
    """One load: the folder it works in and what is noted there."""

    def __init__(self, work: Path, out: Path, files: list[RdfFile], lenient: bool, jobs: int, size: int,
                 told: Callable[[str], None]) -> None:
        self.work, self.out, self.files, self.lenient, self.jobs, self.size, self.told = work, out, files, lenient, jobs, size, told
        self.notes, self.made, self.safe = work / "notes", work / "store", work / "safe"
        self.result = Loaded()

    def run(self) -> Loaded:
        plan = "\t".join(["plan", str(self.size), str(self.lenient), _listing(self.out), *(f.identity for f in self.files)])
        done = self._begin(plan)
        store = ox.Store(str(self.made))
        for file in self.files:
            if f"file\t{file.identity}" not in done:
                if file.by_lines:
                    self._load_lines(store, file, done)
                else:
                    store = self._load_whole(store, file)
                self._note(f"file\t{file.identity}")
        self.told("putting the store in order")
        store.optimize()
        store.flush()
        self.result.after = len(store)
        del store
        self.result.skipped = sorted({line.partition("\t")[2] for line in self._noted() if line.startswith("skipped\t")}, key=_by_line)
        shutil.rmtree(self.safe, ignore_errors=True)
        if self.out.exists() and not _is_store(self.out):
            self.out.rmdir()
        _swap(self.made, self.out, self.work / "old")
        shutil.rmtree(self.work, ignore_errors=True)
        return self.result

    def _begin(self, plan: str) -> set[str]:
        """Go on with what the same load has left, or begin anew from the old store."""
        noted = self._noted()
        if noted[:1] == [plan] and any(line.startswith("before\t") for line in noted):
            if noted[-1].startswith("safe\t") and self.safe.exists():
                shutil.rmtree(self.made)
                os.rename(self.safe, self.made)
                self._note("back")
            self.told("going on where the last load stopped")
        else:
            for path in self.work.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            before = 0
            if _is_store(self.out):
                old = ox.Store(str(self.out))
                old.backup(str(self.made))
                before = len(old)
                del old
            self._note(plan)
            self._note(f"before\t{before}")
            noted = self._noted()
        self.result.before = next(int(line.partition("\t")[2]) for line in noted if line.startswith("before\t"))
        return set(noted)

    def _noted(self) -> list[str]:
        """The whole lines of the notes; one that was cut short counts for nothing."""
        try:
            return self.notes.read_text("utf-8").rpartition("\n")[0].split("\n")
        except FileNotFoundError:
            return []

    def _note(self, line: str) -> None:
        with self.notes.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(line + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def _load_lines(self, store: ox.Store, file: RdfFile, done: set[str]) -> None:
        running: dict[Future[list[str]], Part] = {}
        try:
            with ThreadPoolExecutor(self.jobs) as pool:
                for part in _read(file, self.size):
                    if f"part\t{file.identity}\t{part.number}" not in done:
                        while len(running) >= self.jobs:
                            self._settle(running, file)
                        running[pool.submit(self._load_part, store, file, part)] = part
                while running:
                    self._settle(running, file)
        finally:
            for future in running:
                future.cancel()

    def _settle(self, running: dict[Future[list[str]], Part], file: RdfFile) -> None:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            part = running.pop(future)
            for fault in future.result():
                self._note(f"skipped\t{fault}")
            self._note(f"part\t{file.identity}\t{part.number}")
            self.told(f"{file.path.name}: {part.line + part.content.count(bytes([10])):,} lines")

    def _load_part(self, store: ox.Store, file: RdfFile, part: Part) -> list[str]:
        """Load whole lines; gives the faults that were skipped."""
        content, faults = part.content, list[str]()
        if b"_:" in content:
            lines = content.split(b"\n")
            named = [b"_:" in line for line in lines]
            content = b"\n".join(b"" if apart else line for apart, line in zip(named, lines, strict=True))
            apart = b"\n".join(line if apart else b"" for apart, line in zip(named, lines, strict=True))
            faults = self._salvage(store, file, apart, part.line)
        try:
            store.bulk_load(input=content, format=file.format)
        except SyntaxError:
            faults += self._salvage(store, file, content, part.line)
        return faults

    def _salvage(self, store: ox.Store, file: RdfFile, content: bytes, before: int) -> list[str]:
        """Load what can be read of some lines; gives the faults, or raises the first where that was not asked for.

        Read a thousand lines at a time, and one by one where there is a fault: a text that is not closed must not take the
        lines after it along.
        """
        faults: list[str] = []
        lines = content.split(b"\n")
        for start in range(0, len(lines), 1_000):
            block = lines[start:start + 1_000]
            try:
                quads = list(self._quads(file, ox.parse(input=b"\n".join(block), format=file.format)))
            except SyntaxError:
                quads = []
                for at, line in enumerate(block, before + start + 1):
                    try:
                        quads += self._quads(file, ox.parse(input=line, format=file.format))
                    except SyntaxError as error:
                        if not self.lenient:
                            raise _fault(file, at, error) from None
                        faults.append(_short(_fault(file, at, error)))
            store.bulk_extend(quads)
        return faults

    def _mended(self, file: RdfFile, reader: Iterator[Any], faults: list[str]) -> Iterator[Any]:
        """What a reader gives, its faults gathered."""
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except SyntaxError as error:
                faults.append(_short(_fault(file, error.lineno or 1, error)))

    def _quads(self, file: RdfFile, reader: Iterable[Any]) -> Iterator[ox.Quad]:
        """Quads with the blank nodes of a file named for it."""
        for found in reader:
            graph = found.graph_name if isinstance(found, ox.Quad) else ox.DefaultGraph()
            yield ox.Quad(*(_named(term, file.identity) for term in (found.subject, found.predicate, found.object, graph)))

    def _load_whole(self, store: ox.Store, file: RdfFile) -> ox.Store:
        if file.format == ox.RdfFormat.RDF_XML:
            file.refuse_doctype()
        shutil.rmtree(self.safe, ignore_errors=True)
        store.backup(str(self.safe))
        self._note(f"safe\t{file.identity}")
        faults: list[str] = []
        try:
            with file.open() as stream:
                if self.lenient and file.mends:
                    store.bulk_extend(self._quads(file, self._mended(file, ox.parse(input=stream, format=file.format), faults)))
                else:
                    store.bulk_load(input=stream, format=file.format)
        except SyntaxError as error:
            raise _fault(file, error.lineno or 0, error) from None
        except _damage() as error:
            raise _cut(file, error) from None
        for fault in faults:
            self._note(f"skipped\t{fault}")
        self.told(file.path.name)
        return store


def _read(file: RdfFile, size: int) -> Iterator[Part]:
    try:
        yield from file.parts(size)
    except _damage() as error:
        raise _cut(file, error) from None


def _damage() -> tuple[type[Exception], ...]:
    """What unpacking raises where a file is damaged."""
    import gzip
    import zlib

    found: list[type[Exception]] = [EOFError, gzip.BadGzipFile, zlib.error]
    with suppress(ImportError):
        import zstandard

        found.append(zstandard.ZstdError)
    return tuple(found)


def _cut(file: RdfFile, error: Exception) -> GpsaError:
    return GpsaError(f"'{file.path}' is cut short or damaged: {' '.join(str(error).split())[:120]}; fetch it again")


def _fault(file: RdfFile, line: int, error: SyntaxError) -> GpsaError:
    said = " ".join((error.msg or str(error)).split())
    if "LoadDocumentCallback" in said:
        return GpsaError(f"{file.path}: it names a context on the web, which is not fetched; write the context into the file")
    said = re.sub(r"^Parser error at line \d+ between columns (\d+) and \d+: ", r"column \1: ", said)
    said = re.sub(r"^Parser error[^:]*: ", "", said).replace(";", ",")[:200]
    skip = ", or add --lenient to skip and count such faults" if file.mends else ""
    return GpsaError(f"{file.path}:{line}: {said}; mend it{skip}. Nothing was changed")


def _short(fault: GpsaError) -> str:
    return str(fault).partition("; mend it")[0]


def _named(term: Any, file: str) -> Any:
    if isinstance(term, ox.BlankNode):
        return ox.BlankNode(f"f{vocab.digest(file, term.value)}")
    if isinstance(term, ox.Triple):
        return ox.Triple(*(_named(part, file) for part in (term.subject, term.predicate, term.object)))
    return term


def _listing(store: Path) -> str:
    """What tells the state of a store: the names and sizes of its files."""
    if not _is_store(store):
        return ""
    with os.scandir(store) as found:
        held: Iterable[str] = sorted(f"{e.name} {e.stat().st_size}" for e in found if e.name.endswith(".sst"))
        return vocab.digest(*held)


def _by_line(fault: str) -> tuple[str, int, str]:
    path, line, *_ = [*fault.split(":", 2), "0", ""]
    return path, int(line) if line.isdigit() else 0, fault
