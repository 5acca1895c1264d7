"""YAML as text with line marks.

Every scalar stays text (`NO` is Norway, `2014-03` a month); types come from the model. Anchors, aliases, tags,
duplicate keys, empty values and control characters are refused, each with its line. Nothing is ever constructed from
a tag, so a hostile file can do no more than be refused.
"""

from __future__ import annotations

import re
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


def read_map(path: Path, shown: str, problems: list[Problem]) -> Map | None:
    """The map in a YAML file, or None after adding to `problems` what is wrong with it."""
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            problems.append(Problem(shown, 0, f"{size:,} bytes are more than a data file may have ({_LARGEST:,})"))
            return None
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(shown, line, "the file is not UTF-8 text", "Save it as UTF-8."))
        return None
    except OSError as error:
        problems.append(Problem(shown, 0, f"cannot be read: {error.strerror or error}"))
        return None
    return parse_map(content, shown, problems)


def parse_map(content: str, shown: str, problems: list[Problem]) -> Map | None:
    """The same for a text that is in memory."""
    control = _CONTROL.search(content)
    if control:
        line = content.count("\n", 0, control.start()) + 1
        problems.append(Problem(shown, line, f"character U+{ord(control[0]):04X} is not allowed in a data file", "Delete it."))
        return None
    try:
        events = iter(yaml.parse(unicodedata.normalize("NFC", content), Loader=_LOADER))
        value = _document(events)
    except _Refused as refused:
        problems.append(Problem(shown, refused.line, refused.message, refused.fix))
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(str(error.problem or error.context or "not YAML").split())
        problems.append(Problem(shown, mark.line + 1 if mark else 0, f"not valid YAML: {what}",
                                "Put texts that hold a comma, colon, brace or quote between quotes."))
        return None
    except (yaml.YAMLError, RecursionError) as error:
        problems.append(Problem(shown, 0, f"not valid YAML: {str(error).splitlines()[0]}"))
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
        text = Text(event.value)
        text.line = line
        return text
    if event.tag is not None:  # type: ignore[attr-defined]
        raise _Refused(line, "tags are not allowed", "Write plain lists and maps.")
    if depth >= _DEEPEST:
        raise _Refused(line, f"nested deeper than {_DEEPEST} levels")
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
            raise _Refused(key_line, "a key must be a plain word")
        if key in made:
            raise _Refused(key_line, f"key '{key}' stands twice (first on line {made.lines[key]})", "Keep one of them.")
        made.lines[str(key)] = key_line
        made[str(key)] = _value(next(events), events, depth + 1)
    raise AssertionError("the parser always closes what it opens")
