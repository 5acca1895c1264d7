"""A mapping file: which columns of somebody's table are which of ours.

sheet: Projects               # default: the first sheet
heading: 2                    # the row of the headings; default: the first row with a mapped column
columns:                      # ours: theirs
  id: Ref
  title: Project name
  sector: Theme
values:                       # words of theirs -> words of ours
  sector: {Schooling: education, Clinics: health}
fixed: {programme: Example Fund, country: Malawi}
separator: ","                # between several values in a cell; default ;
dates: d/m/y                  # or m/d/y, for days that are not YYYY-MM-DD
decimals: comma               # or point (the default)
source: {title: List of projects, publisher: Example Fund, kind: own, date: 2024-05}
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gpsa_graph import vocab
from gpsa_graph.cases.text import Map, Text, read_map
from gpsa_graph.errors import DataError, Problem
from gpsa_graph.intake.columns import FLAT

__all__ = ["Mapping", "read_mapping"]

_KEYS = ("sheet", "heading", "columns", "values", "fixed", "separator", "dates", "decimals", "source")


@dataclass(slots=True)
class Mapping:
    """What a mapping file says; the defaults are those of our own template."""

    sheet: str = ""
    heading: int = 0
    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    separator: str = ";"
    dates: str = ""
    decimals: str = "point"
    source: dict[str, str] = field(default_factory=dict)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file; DataError with every fault of it."""
    problems: list[Problem] = []
    top = read_map(path, str(path), problems)
    made = Mapping()
    if top is None:
        raise DataError(problems)
    ours = [c.name for c in FLAT]

    def fault(line: int, message: str, fix: str) -> None:
        problems.append(Problem(str(path), line, message, fix))

    def near(name: str, options: list[str]) -> str:
        close = vocab.near(name, options)
        return f"Did you mean '{close[0]}'?" if close else f"Write one of: {', '.join(options)}."

    def words(value: object, line: int, key: str) -> dict[str, str]:
        if not isinstance(value, Map) or not all(isinstance(v, Text) for v in value.values()):
            fault(line, f"'{key}' is not a map of words", f"Write {key}: {{a: b}}.")
            return {}
        return {k: str(v) for k, v in value.items()}

    for key, value in top.items():
        line = top.lines[key]
        if key not in _KEYS:
            fault(line, f"unknown key '{key}'", near(key, list(_KEYS)))
        elif key in ("columns", "fixed", "source"):
            given = words(value, line, key)
            allowed = ["title", "publisher", "kind", "date"] if key == "source" else ours
            for name in given:
                if name not in allowed:
                    fault(
                        getattr(value, "lines", {}).get(name, line),
                        f"'{name}' is none of our columns" if key != "source" else f"unknown key '{name}'",
                        near(name, allowed),
                    )
            setattr(made, key, given)
        elif key == "values":
            if not isinstance(value, Map):
                fault(line, "'values' is not a map", "Write values: {sector: {Schooling: education}}.")
                continue
            for name, inner in value.items():
                if name not in ours:
                    fault(value.lines[name], f"'{name}' is none of our columns", near(name, ours))
                made.values[name] = {k.casefold(): v for k, v in words(inner, value.lines[name], name).items()}
        elif not isinstance(value, Text):
            fault(line, f"'{key}' is not a plain value", f"Write {key}: value.")
        elif key == "heading":
            if value.isdecimal() and 0 < int(value) < 1000:
                made.heading = int(value)
            else:
                fault(line, f"'{value}' is no row number", "Count the rows from 1.")
        elif key in ("dates", "decimals"):
            options = ["d/m/y", "m/d/y"] if key == "dates" else ["point", "comma"]
            if value not in options:
                fault(line, f"'{key}' cannot be '{value}'", f"Write one of: {', '.join(options)}.")
            setattr(made, key, str(value))
        else:
            setattr(made, key, str(value))
    if not made.columns:
        fault(1, "the mapping names no columns", "Write columns: {title: THEIR HEADING, country: THEIR HEADING}.")
    for need in ("title", "country"):
        if made.columns and need not in made.columns and need not in made.fixed:
            fault(
                top.lines.get("columns", 1),
                f"nothing leads to '{need}'",
                f"Name their column under columns, or write fixed: {{{need}: ...}}.",
            )
    if problems:
        raise DataError(problems)
    return made
