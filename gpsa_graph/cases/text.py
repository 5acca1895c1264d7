"""Files as text, and YAML as text with line marks.

Every scalar stays text (`NO` is Norway, `2014-03` a month); types come from the model. Anchors, aliases, tags,
duplicate keys and control characters are refused, each with its line. Nothing is ever constructed from a tag, so a
hostile file can do no more than be refused. Spellings of one letter are made one (Unicode NFC).
"""

from __future__ import annotations

import re
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import yaml

from gpsa_graph.errors import Problem

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 50_000_000
_DEEPEST = 12
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


class Text(str):
    """A scalar; `.line` counts from 1."""

    line: int


class Items(list["Text | Items | Map"]):
    """A list; `.line` is where it begins."""

    line: int


class Map(dict[str, "Text | Items | Map"]):
    """A map; `.line` is where it begins, `.lines` where each key stands."""

    line: int
    lines: dict[str, int]


Value = Text | Items | Map


class _Refused(Exception):
    def __init__(self, line: int, message: str, fix: str = "") -> None:
        self.line, self.message, self.fix = line, message, fix


def read_text(path: Path, shown: str, problems: list[Problem]) -> str | None:
    """The text of a data file (UTF-8, with or without a byte order mark), or None after adding to `problems` what is wrong."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            problems.append(Problem(shown, 0, "is a folder where a file is expected", "Put the file in its place."))
        elif not stat.S_ISREG(facts.st_mode):
            problems.append(Problem(shown, 0, "is no plain file", "Put the file itself in its place."))
        elif facts.st_size > _LARGEST:
            problems.append(Problem(shown, 0, f"{facts.st_size:,} bytes are more than a data file may have ({_LARGEST:,})",
                                    "Split the file."))
        else:
            return checked(path.read_bytes().decode("utf-8-sig"), shown, problems)
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(shown, line, "the file is not UTF-8 text", "Save it as UTF-8."))
    except OSError as error:
        problems.append(Problem(shown, 0, f"cannot be read: {error.strerror or error}", "See that it exists and may be read."))
    return None


def checked(content: str, shown: str, problems: list[Problem]) -> str | None:
    """The text in NFC, or None after adding to `problems` the character that may not stand in a data file."""
    control = _CONTROL.search(content)
    if control is None:
        return unicodedata.normalize("NFC", content)
    line = content.count("\n", 0, control.start()) + 1
    problems.append(Problem(shown, line, _forbidden(control[0]), "Delete it."))
    return None


def _forbidden(character: str) -> str:
    return f"character U+{ord(character):04X} is not allowed in a data file"


def read_map(path: Path, shown: str, problems: list[Problem]) -> Map | None:
    """The map in a YAML file, or None after adding to `problems` what is wrong with it."""
    content = read_text(path, shown, problems)
    return None if content is None else _parse(content, shown, problems)


def parse_map(content: str, shown: str, problems: list[Problem]) -> Map | None:
    """The same for a text that is in memory.

    >>> parse_map("country: NO\\nstart: 2014-03\\n", "a.yaml", [])
    {'country': 'NO', 'start': '2014-03'}
    """
    plain = checked(content, shown, problems)
    return None if plain is None else _parse(plain, shown, problems)


def _parse(content: str, shown: str, problems: list[Problem]) -> Map | None:
    try:
        value = _document(iter(yaml.parse(content, Loader=_LOADER)))
    except _Refused as refused:
        problems.append(Problem(shown, refused.line, refused.message, refused.fix))
        return None
    except yaml.MarkedYAMLError as error:
        opened = any(word in str(error.context) for word in ("flow", "quoted"))
        mark = (opened and error.context_mark) or error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "not YAML").split())
        problems.append(Problem(shown, mark.line + 1 if mark else 0, f"not valid YAML: {what}",
                                "Put texts that hold a comma, colon, brace or quote between quotes."))
        return None
    except (yaml.YAMLError, RecursionError) as error:
        problems.append(Problem(shown, 0, f"not valid YAML: {str(error).splitlines()[0]}", "Write it like the other case files."))
        return None
    if not isinstance(value, Map):
        problems.append(Problem(shown, 1, "the file holds no map of keys and values", "Begin with 'id: ...'."))
        return None
    return value


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 0


def _document(events: Iterator[yaml.Event]) -> Value | None:
    next(events)
    event = next(events)
    if isinstance(event, yaml.StreamEndEvent):
        return None
    value = _value(next(events), events, 0)
    next(events)
    event = next(events)
    if isinstance(event, yaml.DocumentStartEvent):
        raise _Refused(_line(event), "a second document begins here", "Keep one record a file.")
    return value


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:  # type: ignore[attr-defined]
        raise _Refused(line, "anchors and aliases (& and *) are not allowed",
                       "Write the value out; quote a text that begins with & or *.")
    if isinstance(event, yaml.ScalarEvent):
        if event.tag is not None and event.tag != "!":
            raise _Refused(line, f"tags such as {event.tag} are not allowed", "Write plain text.")
        control = _CONTROL.search(event.value)
        if control:
            raise _Refused(line, _forbidden(control[0]), "Delete it, also where it is written as an escape.")
        text = Text(unicodedata.normalize("NFC", event.value))
        text.line = line
        return text
    if event.tag is not None:  # type: ignore[attr-defined]
        raise _Refused(line, "tags are not allowed", "Write plain lists and maps.")
    if depth >= _DEEPEST:
        raise _Refused(line, f"nested deeper than {_DEEPEST} levels", "Write it like the other case files.")
    if isinstance(event, yaml.SequenceStartEvent):
        items = Items()
        items.line = line
        for inner in events:
            if isinstance(inner, yaml.SequenceEndEvent):
                return items
            items.append(_value(inner, events, depth + 1))
    made = Map()
    made.line, made.lines = line, {}
    for inner in events:
        if isinstance(inner, yaml.MappingEndEvent):
            return made
        key_line = _line(inner)
        key = _value(inner, events, depth + 1)
        if not isinstance(key, Text):
            raise _Refused(key_line, "a key must be a plain word", "Write 'key: value'.")
        if key in made:
            raise _Refused(key_line, f"key '{key}' stands twice (first on line {made.lines[key]})", "Keep one of them.")
        made.lines[str(key)] = key_line
        made[str(key)] = _value(next(events), events, depth + 1)
    raise AssertionError("the parser always closes what it opens")
