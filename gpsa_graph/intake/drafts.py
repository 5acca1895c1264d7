"""Imported cases as a data folder: one YAML file a case, and the lists that they need. A curator goes on from there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from gpsa_graph.cases.authority import Country, Organisation, Place, Source
from gpsa_graph.cases.model import Case, Entry
from gpsa_graph.cells import guarded
from gpsa_graph.errors import GpsaError
from gpsa_graph.export.files import write
from gpsa_graph.intake.lists import Lists
from gpsa_graph.resources import data_version

__all__ = ["MATCHES", "MOST", "RECORD", "REPORT", "Drafts", "case_yaml", "changed"]

#: More drafts than a person can look at belong into a store.
MOST = 5_000
REPORT, RECORD, MATCHES = "intake-report.md", "intake-report.json", "matches.csv"
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 _./()-]*[A-Za-z0-9_./()-])?\Z")
_TABLES: dict[str, type] = {"organisation": Organisation, "place": Place, "country": Country, "source": Source}
_FILES = {"organisation": "organisations.csv", "place": "places.csv", "country": "countries.csv", "source": "sources.csv"}


def _scalar(value: object) -> str:
    said = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return said if _PLAIN.match(said) else "'" + said.replace("'", "''") + "'"


_LAST = frozenset({"note", "basis", "why", "pooled"})


def _flow(entry: Entry, short: dict[str, str]) -> str:
    parts = []
    for spec in sorted(fields(entry), key=lambda f: f.name in _LAST):
        value = getattr(entry, spec.name)
        if spec.name in ("line", "sources") or value in ("", (), False, None, 0):
            continue
        parts.append(f"{spec.name}: [{', '.join(map(_scalar, value))}]" if isinstance(value, tuple) else f"{spec.name}: {_scalar(value)}")
    return "{" + ", ".join([*parts, f"sources: [{', '.join(short[s] for s in entry.sources)}]"]) + "}"


def case_yaml(case: Case) -> str:
    """A case as the text of its file; the record that it comes from is the source `record`."""
    cited = dict.fromkeys(s for _, entry in case.entries() for s in entry.sources)
    short = {s: "record" if n == 0 else f"x{n}" for n, s in enumerate(cited)}
    lines = [f"id: {case.id}"]
    for spec in fields(case):
        value: Any = getattr(case, spec.name)
        if spec.name in ("path", "line", "id", "cites") or not value:
            continue
        if isinstance(value, Entry):
            lines.append(f"{spec.name}: {_flow(value, short)}")
        elif isinstance(value[0], Entry):
            lines += [f"{spec.name}:", *(f"  - {_flow(entry, short)}" for entry in value)]
        else:
            lines.append(f"{spec.name}: [{', '.join(map(_scalar, value))}]")
    return "\n".join([*lines, "sources:", *(f"  {name}: {source}" for source, name in short.items())]) + "\n"


def _csv(kind: str, rows: Iterable[object]) -> str:
    wanted = [f.name for f in fields(_TABLES[kind]) if f.name != "line" and not (f.name == "name" and kind == "source")]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(wanted)
    writer.writerows([guarded(getattr(row, name)) for name in wanted] for row in sorted(rows, key=lambda r: r.id))  # type: ignore[attr-defined]
    return out.getvalue()


def changed(folder: Path) -> str:
    """Why a folder must not be written anew: somebody has worked in it, or it was never an import. Decisions do not count."""
    try:
        listed: dict[str, str] = json.loads((folder / RECORD).read_text("utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return "it is not empty and was not made by `gpsa import`; name a new or empty folder" if any(folder.iterdir()) else ""
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir()):
        name = path.relative_to(folder).as_posix()
        if name in (MATCHES, RECORD):
            continue
        if name not in listed:
            return f"'{name}' in it was not written by `gpsa import`; move it away or name a new folder"
        if hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]:
            return f"'{name}' in it was changed since the import; move it away or name a new folder"
    return ""


class Drafts:
    """A folder in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "cases").mkdir(parents=True)
        self.sums: dict[str, str] = {}
        self.count = 0

    def put(self, name: str, text: str) -> None:
        write(self.folder / name, text)
        self.sums[name] = hashlib.sha256(text.encode()).hexdigest()

    def case(self, case: Case) -> None:
        """Write one case."""
        self.count += 1
        if self.count > MOST:
            raise GpsaError(
                f"more than {MOST:,} cases are more drafts than a person can look at; narrow the import "
                "(--country, --sector, --text, --identifier) or put it into a store (--store DIR)"
            )
        self.put(f"cases/{case.id}.yaml", case_yaml(case))

    def lists(self, lists: Lists) -> None:
        """Write the authority lists, and the version of the data they go with."""
        _, day = data_version()
        self.put("VERSION", f"0.0.0 {day}\n")
        for kind, name in _FILES.items():
            self.put(name, _csv(kind, getattr(lists.authority, kind).values()))
