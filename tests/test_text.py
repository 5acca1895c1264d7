"""YAML as text with line marks, and the texts that are refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gpsa_graph.cases.text import Items, Map, Text, parse_map, read_map
from gpsa_graph.errors import Problem


def _good(content: str) -> Map:
    problems: list[Problem] = []
    made = parse_map(content, "a.yaml", problems)
    assert made is not None, problems
    assert problems == []
    return made


def _refused(content: str) -> Problem:
    problems: list[Problem] = []
    assert parse_map(content, "a.yaml", problems) is None
    (problem,) = problems
    assert problem.path == "a.yaml"
    assert problem.fix, f"no next step for: {problem.message}"
    return problem


@pytest.mark.parametrize("scalar", ["NO", "no", "on", "yes", "true", "null", "~", "2014-03", "2020-02-30", "0123", "12:30:45", "1e5",
                                    "1.50", ".inf", "NaN", "0x1F", "1_000"])
def test_scalars_stay_the_text_that_was_written(scalar: str) -> None:
    assert _good(f"a: {scalar}\nb: [{scalar}]\nc: {{d: {scalar}}}\n") == {"a": scalar, "b": [scalar], "c": {"d": scalar}}


def test_every_value_and_key_knows_its_line() -> None:
    made = _good("a: x\n\n# remark\nb:\n  - {c: y, d: z}\n  - c: >-\n      long\n      text\n    e: w\n")
    assert made.lines == {"a": 1, "b": 4}
    items = made["b"]
    assert isinstance(items, Items)
    assert items.line == 5
    first, second = items
    assert isinstance(first, Map)
    assert isinstance(second, Map)
    assert (first.line, first.lines) == (5, {"c": 5, "d": 5})
    assert second.lines == {"c": 6, "e": 9}
    assert second["c"] == "long text"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_do_not_move_lines(ending: str) -> None:
    made = _good(ending.join(["a: x", "b: y", "c: z"]))
    assert made == {"a": "x", "b": "y", "c": "z"}
    assert made.lines == {"a": 1, "b": 2, "c": 3}


def test_letters_of_two_spellings_become_one() -> None:
    composed, apart = "S\u00e3o", "Sa\u0303o"
    assert _good(f"a: {apart}") == _good(f"a: {composed}") == _good('a: "Sa\\u0303o"') == {"a": composed}


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True),
                       st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40), max_size=5))
def test_what_a_yaml_writer_writes_is_read_back(given_map: dict[str, str]) -> None:
    import unicodedata

    content = yaml.safe_dump({"z": "z", **given_map}, allow_unicode=True, default_style='"', width=1000)
    assert _good(content) == {"z": "z", **{k: unicodedata.normalize("NFC", v) for k, v in given_map.items()}}


@pytest.mark.parametrize("content, line, message", [
    ("a: 1\nb: 2\na: 3\n", 3, "key 'a' stands twice (first on line 1)"),
    ("x:\n  - {a: 1, a: 2}\n", 2, "key 'a' stands twice (first on line 2)"),
    ("a: &anchor text\n", 1, "anchors and aliases (& and *) are not allowed"),
    ("a: x\nb: &anchor {c: d}\n", 2, "anchors and aliases (& and *) are not allowed"),
    ("a: x\nb: *alias\n", 2, "anchors and aliases (& and *) are not allowed"),
    ("*alias : x\n", 1, "anchors and aliases (& and *) are not allowed"),
    ("a: !!int 5\n", 1, "tags such as tag:yaml.org,2002:int are not allowed"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, "tags are not allowed"),
    ("a: !local {b: c}\n", 1, "tags are not allowed"),
    ("? [a, b]\n: c\n", 1, "a key must be a plain word"),
    ("a: b\n---\nc: d\n", 2, "a second document begins here"),
    ("- a\n- b\n", 1, "the file holds no map of keys and values"),
    ("only words\n", 1, "the file holds no map of keys and values"),
    ("", 1, "the file holds no map of keys and values"),
    ("# only a remark\n", 1, "the file holds no map of keys and values"),
    ("---\n", 1, "the file holds no map of keys and values"),
    ("a: x\nb: he said: no\n", 2, "not valid YAML: "),
    ("a: x\nb: {c: d\ne: f\n", 2, "not valid YAML: "),
    ('a: x\nb: "open\nc: d\n', 2, "not valid YAML: "),
    ("a: x\n\tb: y\n", 2, "not valid YAML: "),
    ('a: x\nb: "\\ud800"\n', 2, "not valid YAML: "),
    ("%YAML 9.9\n---\na: b\n", 1, "not valid YAML: "),
])
def test_what_hides_or_loses_something_is_refused_with_its_line(content: str, line: int, message: str) -> None:
    problem = _refused(content)
    assert problem.line == line
    assert problem.message == message or (message.endswith(": ") and problem.message.startswith(message)), problem.message


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\u200f", "\u202e", "\u2066", "\ufffe", "\uffff"])
def test_control_characters_are_refused_as_they_are_and_as_escapes(character: str) -> None:
    written = _refused(f"a: x\nb: one{character}two\n")
    escaped = _refused(f'a: x\nb: "one\\u{ord(character):04x}two"\n')
    key = _refused(f'a: x\n"one\\u{ord(character):04x}two": b\n')
    for problem in (written, escaped, key):
        assert (problem.line, problem.message) == (2, f"character U+{ord(character):04X} is not allowed in a data file")


@pytest.mark.parametrize("text", ["नेपाली", "кыргызча", "العربية", "👩🏽‍🌾", "ا‍ب", "e" + "\u0301" * 100])
def test_texts_in_any_script_are_read(text: str) -> None:
    import unicodedata

    assert _good(f"a: '{text}'") == {"a": unicodedata.normalize("NFC", text)}


def test_twelve_levels_are_read_and_one_more_is_refused() -> None:
    assert _good("a: " + "[" * 11 + "x" + "]" * 11)
    assert _refused("a: " + "[" * 12 + "x" + "]" * 12).message == "nested deeper than 12 levels"


@pytest.mark.parametrize("content", ["a: " + "[" * 100_000, "a: " + "{b: " * 100_000, "\n".join(" " * n + "a:" for n in range(2000))])
def test_very_deep_nesting_is_refused_and_not_followed(content: str) -> None:
    assert _refused(content).message.startswith(("nested deeper than 12 levels", "not valid YAML: "))


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]" for n in range(1, 30))]
    assert _refused("\n".join(lines)).line == 1


def test_every_file_is_read_the_same_by_both_readers_of_pyyaml(tiny: Path) -> None:
    """The reader in Python knows some plain texts less than the one in C; quote what only one of them reads."""
    root = tiny.parents[2]
    for path in sorted([*(root / "data").rglob("*.yaml"), *tiny.rglob("*.yaml")]):
        content = path.read_text("utf-8")
        try:
            events = [(type(e), getattr(e, "value", None)) for e in yaml.parse(content, Loader=yaml.SafeLoader)]
        except yaml.MarkedYAMLError as error:
            raise AssertionError(f"put the text between quotes: {path} {error.problem_mark}") from None
        if hasattr(yaml, "CSafeLoader"):
            assert events == [(type(e), getattr(e, "value", None)) for e in yaml.parse(content, Loader=yaml.CSafeLoader)], path


# Files


def _file_refused(path: Path) -> Problem:
    problems: list[Problem] = []
    assert read_map(path, "a.yaml", problems) is None
    (problem,) = problems
    assert problem.fix, f"no next step for: {problem.message}"
    return problem


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: \xc3\xa3\r\n")
    assert read_map(file, "a.yaml", []) == {"a": "ã"}


@pytest.mark.parametrize("content, line, message", [
    ("a: x\nb: São\n".encode("latin-1"), 2, "the file is not UTF-8 text"),
    ("a: x\nb: São\n".encode("utf-16"), 1, "the file is not UTF-8 text"),
    ("a: x\n".encode("utf-16-le"), 1, "character U+0000 is not allowed in a data file"),
    (b"a: x\n\nb: \xed\xa0\x80\n", 3, "the file is not UTF-8 text"),
    (b"a: x\nb: \xc0\xaf\n", 2, "the file is not UTF-8 text"),
    (b"", 1, "the file holds no map of keys and values"),
    (b"\xef\xbb\xbf", 1, "the file holds no map of keys and values"),
])
def test_files_that_are_no_utf8_yaml_are_refused(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    problem = _file_refused(file)
    assert (problem.line, problem.message) == (line, message)


def test_a_folder_a_pipe_a_loop_and_nothing_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    said = {name: _file_refused(tmp_path / f"{name}.yaml").message for name in ("folder", "pipe", "loop", "nothing")}
    assert said == {"folder": "is a folder where a file is expected", "pipe": "is no plain file",
                    "loop": "cannot be read: Too many levels of symbolic links", "nothing": "cannot be read: No such file or directory"}


def test_a_file_that_breaks_while_it_is_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("/proc/self/mem")
    assert _file_refused(tmp_path / "a.yaml").message == "cannot be read: Input/output error"


def test_a_file_that_is_too_large_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "a.yaml").open("wb") as file:
        file.truncate(50_000_001)
    assert _file_refused(tmp_path / "a.yaml").message == "50,000,001 bytes are more than a data file may have (50,000,000)"


def test_text_is_text() -> None:
    made = _good("a: x")["a"]
    assert isinstance(made, Text)
    assert made == "x"
    assert made.line == 1
