"""What the readers of spreadsheets share: cells, rows, limits, safe zip files, days out of serial numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.parsers import expat

from gpsa_graph.errors import Problem
from gpsa_graph.intake.xml import Refused

__all__ = ["LARGEST", "ROWS", "WIDEST", "Cell", "Parser", "Row", "Sheet", "column", "day_of_serial", "number_text", "open_zip", "parse"]

LARGEST, UNZIPPED, RATIO, ROWS, WIDEST, COLUMNS = 50_000_000, 500_000_000, 100, 200_000, 32_767, 16_384
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text. `kind`: text, number, date, or what is wrong with it (error, formula)."""

    value: str
    kind: str = "text"


@dataclass(slots=True)
class Row:
    """A row: its number in the sheet, and its cells by column from 0; empty cells are left out."""

    number: int
    cells: dict[int, Cell]


@dataclass(slots=True)
class Sheet:
    """A sheet: its name ("" in CSV), whether it is hidden, and its rows, to be read once. `remarks` and `faults` fill while reading."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[Row]]
    remarks: list[str] = field(default_factory=list)
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    """Place in the sheet, message, what to do."""


def column(number: int) -> str:
    """The letters of a column.

    >>> column(0), column(27)
    ('A', 'AB')
    """
    name, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def number_text(said: str) -> str:
    """A number as people write it: no exponent where it is whole, no trailing zeros.

    >>> number_text("950000.0"), number_text("1.5E3"), number_text("0.10000000000000001")
    ('950000', '1500', '0.1')
    """
    try:
        value = float(said)
    except ValueError:
        return said
    if value != value or value in (float("inf"), float("-inf")):
        return said
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def day_of_serial(said: str, from_1904: bool) -> str:
    """The day that a serial number of a spreadsheet means, or nothing where it means none.

    The 1900 count holds a 29 February 1900 that never was (serial 60); days before it are one off in it.

    >>> day_of_serial("43831", False), day_of_serial("42369", True), day_of_serial("60", False)
    ('2020-01-01', '2020-01-01', '')
    """
    try:
        number = int(float(said))
    except (ValueError, OverflowError):
        return ""
    if not 0 < number < 2_958_466 or (number == 60 and not from_1904):
        return ""
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 31) if number < 60 else date(1899, 12, 30)
    return (start + timedelta(days=number)).isoformat()


def open_zip(path: Path, shown: str) -> zipfile.ZipFile:
    """A zip file that is what it says and not too large unpacked; Refused otherwise."""

    def no(message: str, fix: str) -> Refused:
        return Refused(Problem(shown, 0, message, fix))

    try:
        packed = zipfile.ZipFile(BytesIO(path.read_bytes()))  # at most 50 MB, and no file is left open
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise no(f"the spreadsheet is broken or cut off ({error})", "Fetch or save it again.") from None
    whole = sum(i.file_size for i in packed.infolist())
    squeezed = max(path.stat().st_size, 1)
    for inside in packed.infolist():
        parts = inside.filename.replace("\\", "/").split("/")
        if ".." in parts or inside.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise no(
                f"a part of the spreadsheet is called '{inside.filename[:60]}', which leads out of it",
                "Save it again with a spreadsheet program.",
            )
        if inside.flag_bits & 1:
            raise no("the spreadsheet is locked with a password", "Save it without one.")
    if whole > UNZIPPED:
        raise no(f"unpacked the spreadsheet has {whole:,} bytes, more than {UNZIPPED:,}", "Split it.")
    if whole > 5_000_000 and whole / squeezed > RATIO:
        raise no(
            f"unpacked the spreadsheet is {whole // squeezed} times as large, more than {RATIO} times; that is how a zip bomb looks",
            "Save it again with a spreadsheet program, without empty rows.",
        )
    if len(packed.infolist()) > 5_000:
        raise no(f"the spreadsheet has {len(packed.infolist()):,} parts", "Save it again with a spreadsheet program.")
    return packed


class Parser:
    """expat with local names, DOCTYPE refused, and everything that comes in counted."""

    def __init__(self, shown: str, part: str) -> None:
        self.shown, self.part = shown, part
        self.raw = expat.ParserCreate(namespace_separator=" ")
        self.raw.buffer_text = True
        self.raw.StartDoctypeDeclHandler = self._doctype

    def refuse(self, message: str, fix: str) -> Refused:
        return Refused(Problem(f"{self.shown}:{self.part}", self.raw.CurrentLineNumber, message, fix))

    def _doctype(self, *_: object) -> None:
        raise self.refuse(
            "a DOCTYPE begins here; it can make a file read other files or grow without end", "Save it again with a spreadsheet program."
        )

    def on(self, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None], text: Callable[[str], None]) -> None:
        """Handlers that get local names; attributes keep theirs without the namespace."""

        def begin(name: str, given: dict[str, str]) -> None:
            start(name.rpartition(" ")[2], {k.rpartition(" ")[2]: v for k, v in given.items()})

        self.raw.StartElementHandler = begin
        self.raw.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
        self.raw.CharacterDataHandler = text


def parse(stream: IO[bytes], parser: Parser) -> Iterator[None]:
    """Feed a part chunk by chunk; yields after each, so that rows can be taken out."""
    read = 0
    while True:
        try:
            chunk = stream.read(_CHUNK)
            read += len(chunk)
            if read > UNZIPPED:
                raise parser.refuse(f"the part has more than {UNZIPPED:,} bytes", "Split the spreadsheet.")
            parser.raw.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise parser.refuse(
                f"the part is not well-formed: {expat.errors.messages[error.code]}", "Save it again with a spreadsheet program."
            ) from None
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, LookupError) as error:
            raise parser.refuse(f"the part is broken or cut off ({error})", "Fetch or save the file again.") from None
        except Exception as error:
            if type(error).__name__ == "error" and type(error).__module__ == "zlib":
                raise parser.refuse("the part is broken or cut off", "Fetch or save the file again.") from None
            raise
        yield
        if not chunk:
            return
