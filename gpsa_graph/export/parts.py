"""RDF files as parts to load: plain or packed, by lines where the format has lines."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError

FORMATS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG,
           "jsonld": ox.RdfFormat.JSON_LD, "rdf": ox.RdfFormat.RDF_XML, "xml": ox.RdfFormat.RDF_XML, "owl": ox.RdfFormat.RDF_XML}
PACKED = ("gz", "zst")
_LINES = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
#: Formats whose reader finds its place again after a fault.
_MENDS = (*_LINES, ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)
#: Bytes of one part: about a million triples.
SIZE = 160_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """Whole lines of a file; `line` is the number of lines before them."""

    number: int
    line: int
    content: bytes


@dataclass(frozen=True, slots=True)
class RdfFile:
    """A file to load: its path as given, its format, its packing, and what tells it from another."""

    path: Path
    format: Any
    packing: str
    identity: str

    @classmethod
    def at(cls, path: str | Path) -> RdfFile:
        """The file at a path; the ending tells the format. Raises GpsaError where it cannot be read or its ending is unknown."""
        found = Path(path)
        endings = [ending.lstrip(".").lower() for ending in found.suffixes[-2:]]
        packing = endings.pop() if endings and endings[-1] in PACKED else ""
        form = FORMATS.get(endings[-1]) if endings else None
        if form is None:
            known = ", .".join(FORMATS)
            raise GpsaError(f"'{path}': the format is told by the ending, one of .{known}, alone or with .gz or .zst after it")
        try:
            facts = found.stat()
            with found.open("rb"):
                pass
        except OSError as error:
            raise GpsaError(f"'{path}' cannot be read: {(error.strerror or str(error)).lower()}") from None
        return cls(found, form, packing, vocab.digest(str(found.resolve()), str(facts.st_size), str(facts.st_mtime_ns)))

    @property
    def by_lines(self) -> bool:
        """Whether each line of it stands for itself."""
        return self.format in _LINES

    @property
    def mends(self) -> bool:
        """Whether a fault in it can be skipped."""
        return self.format in _MENDS

    def open(self) -> IO[bytes]:
        """Its unpacked content as a stream."""
        if self.packing == "gz":
            import gzip

            return gzip.open(self.path, "rb")  # type: ignore[return-value]
        if self.packing == "zst":
            try:
                import zstandard
            except ImportError:
                from gpsa_graph.errors import MissingExtra

                raise MissingExtra("load") from None
            packed = zstandard.ZstdDecompressor().stream_reader(self.path.open("rb"), read_across_frames=True, closefd=True)
            return io.BufferedReader(packed)
        return self.path.open("rb", buffering=1 << 20)

    def parts(self, size: int = SIZE) -> Iterator[Part]:
        """The lines of it in parts of about `size` bytes; the same file gives the same parts."""
        with self.open() as stream:
            number = line = 0
            rest = b""
            while True:
                content = rest + stream.read(size)
                if len(content) == len(rest):
                    break
                end = content.rfind(b"\n") + 1
                if end == 0:
                    rest = content
                    continue
                rest, content = content[end:], content[:end]
                yield Part(number, line, content)
                number, line = number + 1, line + content.count(b"\n")
            if rest:
                yield Part(number, line, rest)

    def refuse_doctype(self) -> None:
        """Raises GpsaError where RDF/XML declares a document type: entities could make a small file huge."""
        from xml.parsers import expat

        class Begun(Exception):
            pass

        def doctype(*_: object) -> None:
            raise GpsaError(f"'{self.path}' declares a DOCTYPE, which is refused; write its entities out and take the declaration away")

        def element(*_: object) -> None:
            raise Begun

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler, parser.StartElementHandler = doctype, element
        try:
            with self.open() as stream:
                while chunk := stream.read(1 << 16):
                    parser.Parse(chunk)
        except (Begun, expat.ExpatError):
            pass
