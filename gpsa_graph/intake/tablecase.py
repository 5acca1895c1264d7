"""One row of the sheet 'cases', with the rows of the other sheets that belong to it, as the map that a case file would hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpsa_graph import vocab
from gpsa_graph.cases.authority import PUBLIC_KINDS
from gpsa_graph.cases.text import Items, Map, Text, Value
from gpsa_graph.intake.columns import SHEETS

if TYPE_CHECKING:
    from gpsa_graph.intake.table import _Row, _Table

__all__ = ["CaseMap"]

_LISTS = ("sectors", "mechanisms", "collaboration", "dates", "results", "challenges", "lessons")
_DEFAULTS = {"results": {"kind": "not-classed", "finding": "not-assessed"}}


class CaseMap:
    """A case in the making; `top` is the map, `bad` whether a value was refused, `codes` its countries, `cite` its sources."""

    def __init__(self, table: _Table, row: _Row, number: int) -> None:
        self.table, self.row, self.number = table, row, number
        self.session = table.session
        self.line = next(iter(row.values.values())).line
        self.bad = False
        self.counts: Counter[str] = Counter()
        self.top = Map()
        self.top.line, self.top.lines = self.line, {}
        self.codes = self._countries()
        self.identifier = str(self.value("id") or "")
        self.title = str(self.value("title") or "")
        self.id = self._id()
        self.cite: tuple[str, ...] = ()
        if self.id:
            self._begin()

    # What filters look at

    def sector_ids(self) -> Iterable[str]:
        found = self.top.get("sectors")
        return [str(s["id"]) for s in found if isinstance(s, Map) and "id" in s] if isinstance(found, Items) else []

    def words(self) -> str:
        return " ".join([self.title, *(str(self.value(n) or "") for n in ("objective", "problem", "note", "scope"))])

    # Pieces

    def value(self, name: str) -> Text | None:
        """What a column of the row says, or what the mapping fixes for all rows."""
        said = self.row.values.get(name)
        if said is None and name in self.table.mapping.fixed:
            said = self._text(self.table.mapping.fixed[name], self.line)
        return said

    @staticmethod
    def _text(said: str, line: int) -> Text:
        made = Text(said)
        made.line = line
        return made

    def parts(self, said: Text | None) -> list[Text]:
        """The values between ; of a cell."""
        return [self._text(p.strip(), said.line) for p in said.split(";") if p.strip()] if said is not None else []

    def items(self, said: Iterable[Value], line: int) -> Items:
        made = Items(said)
        made.line = line
        return made

    def entry(self, line: int, row: _Row | None = None, **values: Value | str) -> Map:
        """An entry that cites the record and the sources that its row names."""
        made = Map()
        made.line, made.lines = line, {}
        for name, value in values.items():
            if value == "":
                continue
            made[name] = self._text(value, line) if isinstance(value, str) and not isinstance(value, Text) else value  # type: ignore[assignment]
            made.lines[name] = getattr(value, "line", line)
        cited = [self._text(c, line) for c in dict.fromkeys((*self.cite, *self._named(row or self.row)))]
        made["sources"] = self.items(cited, line)
        made.lines["sources"] = line
        note = row.values.get("note") if row is not None else None
        if note is not None and "note" not in made:
            made["note"], made.lines["note"] = note, note.line
        return made

    def _named(self, row: _Row) -> Iterable[str]:
        for said in self.parts(row.values.get("source")):
            if said in self.table.cited:
                yield self.table.cited[said]
            else:
                close = vocab.near(said, list(self.table.cited))
                self.refuse(
                    said.line,
                    f"no source '{said}' in the sheet 'sources'",
                    f"Did you mean '{close[0]}'?" if close else "Add a row to the sheet 'sources'.",
                )

    def refuse(self, line: int, message: str, fix: str) -> None:
        self.bad = True
        self.table.fault(line, message, fix)

    def put(self, key: str, value: Value) -> None:
        self.top[key], self.top.lines[key] = value, value.line

    def append(self, key: str, value: Map) -> None:
        found = self.top.get(key)
        if not isinstance(found, Items):
            found = self.items([], value.line)
            self.put(key, found)
        found.append(value)

    # The row

    def _countries(self) -> list[str]:
        codes = []
        for said in self.parts(self.value("country")):
            code = self.session.lists.country(said)
            if code:
                codes.append(code)
                continue
            why = self.session.lists.countries.why_not(said)
            self.refuse(
                said.line,
                f"'{said[:60]}' is no country" + (f": {why}" if why and not why.endswith("?") else ""),
                why[0].upper() + why[1:] if why.endswith("?") else "Write its name or code after ISO 3166-1.",
            )
        return list(dict.fromkeys(codes))

    def _id(self) -> str:
        if not self.title:
            self.refuse(self.line, "the row has no title", "Write the title of the case.")
        if not self.codes:
            if self.value("country") is None:
                self.refuse(self.line, "the row has no country", "Write a name or code after ISO 3166-1.")
            return ""
        prefix = "multi" if len(self.codes) > 1 else self.codes[0].lower()
        short = vocab.slug(self.identifier or self.title)
        return short if short.startswith(f"{prefix}-") else f"{prefix}-{short}" if self.title else ""

    def _begin(self) -> None:
        session, given = self.session, self.table.mapping.source
        where = self.table.where(self.line).rpartition(":")[0].strip(":")
        source = session.source(
            self.id,
            f"Row '{self.title}' of {given['title']}" if "title" in given else f"Row '{self.title}'",
            given.get("publisher") or f"Whoever made '{session.file.shown}'",
            given.get("date", ""),
            self.number,
            where or f"row {self.row.number}",
            kind=given.get("kind") or "own",
        )
        self.cite = (source.id,)
        for name in self.row.values:
            if name not in ("note", "source"):
                self.counts[f"column '{name}'"] += 1
        self.put("id", self._text(self.id, self.line))
        title = self.value("title")
        assert title is not None
        self.put("title", self.entry(title.line, text=title))
        programme = self.value("programme")
        self.put(
            "programme",
            self.entry(programme.line, name=programme)
            if programme is not None
            else self.entry(
                self.line,
                name=f"Cases in {session.file.shown}",
                basis="inferred",
                why="The table names no programme; its cases stand together.",
            ),
        )
        self.put("countries", self.items([self.entry(self.line, id=c) for c in self.codes], self.line))
        for name in ("objective", "problem"):
            if (said := self.value(name)) is not None:
                self.put(name, self.entry(said.line, text=said))
        if (said := self.value("status")) is not None:
            self.put("status", self.entry(said.line, value=self._text(said.lower(), said.line)))
        for name in ("announcement", "approval", "launch", "start", "closing"):
            if (said := self.value(name)) is not None:
                self.append("dates", self.entry(said.line, kind=name, value=said))
        self._amount()
        for name in ("world-bank-project", "trust-fund", "iati-activity"):
            if (said := self.value(name)) is not None:
                self.append("codes", self.entry(said.line, scheme=name, value=said))
        for name, scheme, key in (("sector", "sector", "sectors"), ("mechanism", "mechanism", "mechanisms")):
            for said in self.parts(self.value(name)):
                self.append(key, self.entry(said.line, id=self.concept(scheme, said), as_called=self.row.raw.get(name, said)))
        for name, part in (("grantee", "grantee"), ("partner", "partner"), ("government", "government")):
            for said in self.parts(self.value(name)) if name != "grantee" else filter(None, [self.value(name)]):
                self.participant(part, said, "state-actor" if part == "government" else "not-stated", said.line, self.row)
        for said in self.parts(self.value("place")):
            self.place(said, self.row)
        for name, key in (("scope", "scope"), ("note", "notes")):
            if (said := self.value(name)) is not None:
                self.append(key, self.entry(said.line, text=said))

    def _amount(self) -> None:
        said, currency = self.value("amount"), self.value("currency")
        if said is None:
            return
        unit = (currency or "USD").upper()
        if not (len(unit) == 3 and unit.isalpha()):
            self.refuse(
                currency.line if currency is not None else said.line,
                f"'{currency}' is no currency",
                "Write one code of three letters, such as KES; two currencies need two rows of notes.",
            )
        elif unit == "USD":
            self.append("amounts", self.entry(said.line, usd=said))
        else:
            self.append("notes", self.entry(said.line, text=f"Amount: {said} {unit}."))

    def concept(self, scheme: str, said: Text) -> Text:
        """The id that a label or id means; as it stands where it is none, for the reader to refuse."""
        return self._text(self.session.lists.authority.labels[scheme].get(vocab.slug(said), said), said.line)

    def participant(self, part: str, name: Text, kind: str, line: int, row: _Row, **more: Value | str) -> None:
        """An organisation of the case; public bodies belong to its country."""
        lists = self.session.lists
        if kind not in lists.authority.concept["actor"]:
            close = lists.authority.near("actor", kind)
            self.refuse(
                line,
                f"unknown kind of organisation '{kind}'",
                f"Did you mean '{close[0]}'?" if close else "Take one of the drop-down list.",
            )
            return
        here = self.codes[0] if len(self.codes) == 1 else ""
        level = str(more.pop("level", ""))
        if level and level not in lists.authority.concept["government-level"]:
            self.refuse(line, f"unknown level of government '{level}'", "Write national, subnational or local.")
            return
        public = kind in PUBLIC_KINDS
        chosen = lists.organisation(
            str(name), "", kind, (level or "not-stated") if public else "", here if public else "", here, self.cite[0]
        )
        called = lists.authority.organisation[chosen].name
        made = self.entry(line, row, organisation=self._text(chosen, line), as_called=str(name) if str(name) != called else "", **more)
        if part == "grantee":
            if "grantee" in self.top:
                self.refuse(line, f"'{name}' is a second grantee of the case", "Keep one; the others are partners.")
            self.put("grantee", made)
        else:
            self.append("government" if part == "government" else "partners", made)

    def place(self, name: Text, row: _Row) -> None:
        known = self.session.lists.place(str(name), self.codes[0] if len(self.codes) == 1 else "")
        self.append("places", self.entry(name.line, row, place=known, as_called=name) if known else self.entry(name.line, row, group=name))

    # Rows of other sheets

    def add(self, sheet: str, row: _Row) -> None:
        """A row of another sheet."""
        if not self.id:
            return
        self.counts[f"row of '{sheet}'"] += 1
        values = {n: v for n, v in row.values.items() if n not in ("case", "note", "source")}
        line = next(iter(values.values())).line if values else self.table.place(row.sheet, row.number, 0)
        made: dict[str, Value | str] = dict(_DEFAULTS.get(sheet, {}))
        for column in SHEETS[sheet]:
            said = values.get(column.name)
            if said is None:
                continue
            many = [self.concept(column.scheme, p) if column.scheme else p for p in self.parts(said)]
            made[column.name] = self.items(many, said.line) if column.many else self.concept(column.scheme, said) if column.scheme else said
        if sheet in _LISTS:
            if sheet == "results" and "year" not in made:
                made["undated"] = "true"
            self.append(sheet, self.entry(line, row, **made))
        elif sheet == "places":
            name = values.get("name")
            self.place(name, row) if name is not None else self.refuse(
                line, "the row names no place", "Write the place, or take the row out."
            )
        elif sheet == "participants":
            name, part = values.get("name"), str(made.pop("part", ""))
            made.pop("name", None)
            if name is None or part not in ("grantee", "partner", "government"):
                self.refuse(line, "the row needs a name and a part: grantee, partner or government", "Fill both cells.")
            else:
                kind = str(made.pop("kind", "state-actor" if part == "government" else "not-stated"))
                self.participant(part, name, kind, name.line, row, **made)
        elif sheet == "notes":
            key = {"scope": "scope", "baseline": "baseline", "note": "notes", "": "notes"}.get(str(made.pop("kind", "")))
            if key is None or "text" not in made:
                self.refuse(line, "the row needs a kind (scope, baseline or note) and a text", "Fill both cells.")
            else:
                self.append(key, self.entry(line, row, text=made["text"]))
