"""XML from strangers, one record at a time: DOCTYPE refused, nothing fetched, memory of one record.

Entities, external files and XInclude are the ways in which an XML file reads other files or grows without end; all of them but
XInclude need a DOCTYPE, which is refused where it begins, and an XInclude element is told as a fault and never followed.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from gpsa_graph.errors import Problem

__all__ = ["Element", "Refused", "records"]

_CHUNK = 1 << 16
_DEEPEST = 40
#: The longest text of one element, and the most elements of one record: past them a record is no record.
LONGEST, MOST = 1_000_000, 200_000
_XML = "http://www.w3.org/XML/1998/namespace"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_INCLUDE = "http://www.w3.org/2001/XInclude"


@dataclass(slots=True)
class Element:
    """An element: its name without namespace, attributes, text, children, the line it begins on."""

    name: str
    given: dict[str, str]
    line: int
    space: str = ""
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text right below the element, blanks collapsed."""
        return " ".join("".join(self.parts).split())

    def all(self, name: str) -> list[Element]:
        """The children of a name (of no namespace), in order."""
        return [c for c in self.children if c.name == name and not c.space]

    def first(self, name: str) -> Element | None:
        """The first child of a name, or None."""
        return next((c for c in self.children if c.name == name and not c.space), None)

    def get(self, name: str) -> str:
        """An attribute without blanks around it, or nothing."""
        return self.given.get(name, "").strip()


class Refused(Exception):
    """The file cannot be read on from here; `.problem` says where and what to do."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def _split(name: str) -> tuple[str, str]:
    if " " not in name:
        return "", name
    space, _, local = name.rpartition(" ")
    return space, local


class _Builder:
    """Takes the events of expat and keeps whole records."""

    def __init__(self, shown: str, root: str, record: str, begun: Callable[[Element], None]) -> None:
        self.shown, self.root, self.record, self.begun = shown, root, record, begun
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.stack: list[Element] = []
        self.depth = self.count = self.size = 0
        self.done: list[Element] = []

    def refuse(self, message: str, fix: str, line: int = 0) -> Refused:
        return Refused(Problem(self.shown, line or self.parser.CurrentLineNumber, message, fix))

    def doctype(self, *_: Any) -> None:
        raise self.refuse(
            "a DOCTYPE begins here; it can make a file read other files or grow without end",
            "Take the DOCTYPE out: files of this kind need none.",
        )

    def start(self, name: str, given: dict[str, str]) -> None:
        space, local = _split(name)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refuse(f"elements stand more than {_DEEPEST} deep", "Look for a tag that is never closed.")
        if space == _INCLUDE:
            raise self.refuse("an XInclude element asks for another file", "Put the content itself in its place.")
        if self.depth == 1:
            self.open_root(space, local, given)
            return
        if not self.stack and not (local == self.record and not space):
            return
        self.count += 1
        if self.count > MOST:
            raise self.refuse(f"a record holds more than {MOST:,} elements", "Split the record, or look for a tag that is never closed.")
        for key in [k for k in given if " " in k]:
            if key.startswith(_XML):
                given[f"xml:{_split(key)[1]}"] = given.pop(key)
        made = Element(local, given, self.parser.CurrentLineNumber, space)
        if self.stack:
            self.stack[-1].children.append(made)
        self.stack.append(made)

    def open_root(self, space: str, local: str, given: dict[str, str]) -> None:
        if local != self.root:
            fix = f"Give a file whose first element is <{self.root}>."
            if space == _RDF:
                fix = "This is RDF; name the file so that it ends in .rdf and bring it in with: gpsa load FILE --store DIR"
            raise self.refuse(f"the file begins with <{local}>, not with <{self.root}>", fix)
        if space:
            raise self.refuse(
                f"<{local}> stands in the namespace {space}; the standard has none", f'Take xmlns="{space}" out of the first element.'
            )
        self.begun(Element(local, {_split(k)[1]: v for k, v in given.items()}, self.parser.CurrentLineNumber))

    def data(self, text: str) -> None:
        if self.stack:
            self.size += len(text)
            if self.size > LONGEST:
                raise self.refuse(f"a record holds more than {LONGEST:,} characters", "Shorten its texts.", self.stack[0].line)
            self.stack[-1].parts.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        if self.stack:
            made = self.stack.pop()
            if not self.stack:
                self.done.append(made)
                self.count = self.size = 0


def records(
    stream: IO[bytes],
    shown: str,
    root: str,
    record: str,
    *,
    begun: Callable[[Element], None] = lambda _: None,
    moved: Callable[[int], None] = lambda _: None,
) -> Iterator[Element]:
    """The elements `record` right below `root`, one after the other; `begun` gets the root, `moved` the bytes read so far.

    Raises Refused where the file is not well-formed, is cut off, has a DOCTYPE, an XInclude or a namespace of its own.

    >>> from io import BytesIO
    >>> [r.first("b").text for r in records(BytesIO(b"<all><a><b> one </b></a><a><b>two</b></a></all>"), "x.xml", "all", "a")]
    ['one', 'two']
    """
    builder = _Builder(shown, root, record, begun)
    read = 0
    while True:
        chunk = stream.read(_CHUNK)
        if not read and not chunk.strip(b"\0 \t\r\n" + codecs.BOM_UTF8):
            raise Refused(Problem(shown, 0, "the file is empty", "Give the whole file."))
        read += len(chunk)
        try:
            builder.parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            yield from builder.done
            cut = (
                error.code
                in (expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS], expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN])
                or not chunk
            )
            what = "the file ends in the middle" if cut else f"not well-formed XML: {expat.errors.messages[error.code]}"
            raise Refused(
                Problem(
                    shown,
                    error.lineno,
                    f"{what} (column {error.offset + 1})",
                    "Fetch the whole file again." if cut else "Mend the tag or character there, or fetch the file again.",
                )
            ) from None
        except Refused:
            yield from builder.done
            raise
        except (LookupError, ValueError) as error:
            raise Refused(Problem(shown, 1, f"the encoding cannot be read ({error})", "Save the file as UTF-8.")) from None
        moved(read)
        yield from builder.done
        builder.done.clear()
        if not chunk:
            return
