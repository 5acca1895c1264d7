"""The authority lists: organisations, places, countries, sources, and the concepts of the vocabularies."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date as day
from pathlib import Path
from typing import TypeVar

import pyoxigraph

from gpsa_graph import vocab
from gpsa_graph.cases.text import read_text
from gpsa_graph.cells import unguarded
from gpsa_graph.errors import Problem

Row = TypeVar("Row")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+\Z")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_WIKIDATA = re.compile(r"Q[0-9]+\Z")
_GEONAMES = re.compile(r"[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Organisation:
    id: str
    name: str
    acronym: str
    kind: str
    level: str
    country: str
    also: str
    wikidata: str
    homepage: str
    note: str
    sources: str
    line: int = 0

    @property
    def is_public(self) -> bool:
        return bool(self.level) or self.kind in PUBLIC_KINDS


@dataclass(frozen=True, slots=True)
class Place:
    id: str
    name: str
    kind: str
    country: str
    part_of: str
    also: str
    geonames: str
    sources: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Country:
    id: str
    name: str
    region: str
    iso2: str
    m49: str
    geonames: str
    wikidata: str
    sources: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A row of sources.csv; `name` is the local part of its IRI."""

    id: str
    title: str
    publisher: str
    kind: str
    date: str
    read: str
    url: str
    version: str
    doi: str
    note: str
    line: int = 0
    name: str = field(default="", compare=False)


#: Actor types at and below state-actor in actors.ttl; a test compares them.
PUBLIC_KINDS: frozenset[str] = frozenset({
    "state-actor", "ministry", "agency", "regulator", "subnational-government", "municipality", "parliament",
    "supreme-audit-institution", "anti-corruption-body", "ombudsman", "service-provider", "special-envoy", "judiciary",
    "access-to-information-body", "statistics-office",
})


@dataclass(frozen=True, slots=True)
class Authority:
    """Everything that a case file may refer to, by id."""

    organisation: dict[str, Organisation]
    place: dict[str, Place]
    country: dict[str, Country]
    source: dict[str, Source]
    concept: dict[str, dict[str, str]]
    """Scheme -> concept id -> preferred label."""
    labels: dict[str, dict[str, str]]
    """Scheme -> any label or id in slug form -> concept id."""
    calls: dict[str, int]

    def near(self, table: str, name: str) -> list[str]:
        """Ids that a curator may have meant, best first."""
        known = self.labels.get(table)
        if known is not None:
            exact = known.get(vocab.slug(name))
            found = [exact] if exact else [known[n] for n in vocab.near(name, known)]
            return list(dict.fromkeys(found))
        rows = getattr(self, "calls" if table == "call" else table)
        by_slug = {vocab.slug(i): i for i in rows}
        by_slug |= {vocab.slug(r.name): i for i, r in rows.items() if getattr(r, "name", "")} if table != "call" else {}
        return list(dict.fromkeys(by_slug[n] for n in vocab.near(name, by_slug)))


def is_date(said: str) -> bool:
    """Whether a text is a year, month or day of the years 1900 to 2099.

    >>> is_date("2014-03"), is_date("2020-02-30"), is_date("March 2014")
    (True, False, False)
    """
    match = _DATE.match(said)
    try:
        return bool(match and day(int(match[1]), int(match[2] or 1), int(match[3] or 1)) and "1900" <= match[1] < "2100")
    except ValueError:
        return False


def concepts(files: Iterable[Path]) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Concepts and labels of every scheme in Turtle files."""
    known: dict[str, dict[str, str]] = {scheme: {} for scheme in vocab.SCHEMES}
    labels: dict[str, dict[str, str]] = {scheme: {} for scheme in vocab.SCHEMES}
    starts = {f"{vocab.BASE}{scheme}/": scheme for scheme in vocab.SCHEMES}
    skos = vocab.PREFIXES["skos"]
    for file in files:
        for quad in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE):
            if quad.predicate.value not in (skos + "prefLabel", skos + "altLabel"):
                continue
            start, _, name = quad.subject.value.rpartition("/")
            scheme = starts.get(start + "/")
            if scheme is None:
                continue
            label = quad.object.value
            labels[scheme].setdefault(vocab.slug(label), name)
            if quad.predicate.value.endswith("prefLabel") and quad.object.language == "en":
                known[scheme][name] = label
    for scheme, names in known.items():
        labels[scheme] |= {vocab.slug(n): n for n in names}
    return known, labels


def _rows(path: Path, make: type[Row], shown: str, problems: list[Problem]) -> dict[str, Row]:
    wanted = [f.name for f in fields(make) if f.name not in ("line", "name") or (f.name == "name" and make is not Source)]  # type: ignore[arg-type]
    found: dict[str, Row] = {}
    text = read_text(path, shown, problems)
    if text is None:
        return found
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    last, begins = "", 1
    try:
        if next(reader, None) != wanted:
            problems.append(Problem(shown, 1, f"the columns are not {','.join(wanted)}", "Put these columns in this order."))
            return found
        begins = reader.line_num + 1
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not cells:
                continue
            if len(cells) != len(wanted):
                problems.append(Problem(shown, line, f"the row has not {len(wanted)} cells", "Quote cells that hold a comma."))
                continue
            name = cells[0].strip()
            if name in found:
                problems.append(Problem(shown, line, f"id '{name}' stands twice", "Keep one row."))
                continue
            if name < last:
                problems.append(Problem(shown, line, f"'{name}' stands after '{last}'", "Keep the rows sorted by id."))
            last = max(name, last)
            found[name] = make(**dict(zip(wanted, (unguarded(c.strip()) for c in cells), strict=True)), line=line)  # type: ignore[call-arg]
    except csv.Error as error:
        problems.append(Problem(shown, begins, f"the row that begins here cannot be read: {error}",
                                "Put quotes around a cell that holds a comma or a quote, and write a quote inside it twice."))
    return found


def read_authority(folder: Path, vocabularies: Sequence[Path], problems: list[Problem],
                   show: Callable[[Path], str]) -> Authority:
    """Read and check the four tables and the vocabularies; faults are added to `problems`."""
    known, labels = concepts(vocabularies)
    names = {n: folder / f"{n}.csv" for n in ("organisations", "places", "countries", "sources")}
    shown = {n: show(p) for n, p in names.items()}
    organisations = _rows(names["organisations"], Organisation, shown["organisations"], problems)
    places = _rows(names["places"], Place, shown["places"], problems)
    countries = _rows(names["countries"], Country, shown["countries"], problems)
    sources = _rows(names["sources"], Source, shown["sources"], problems)
    authority = Authority(organisations, places, countries, {}, known, labels, {})

    def fault(table: str, line: int, message: str, fix: str = "") -> None:
        problems.append(Problem(shown[table], line, message, fix))

    def check(table: str, line: int, what: str, name: str, options: Iterable[str], of: str = "") -> None:
        if name and name not in options:
            close = authority.near(of, name) if of else []
            fault(table, line, f"unknown {what} '{name}'",
                  f"Did you mean '{close[0]}'?" if close else "Write one that exists, or add it first.")

    def form(table: str, line: int, what: str, said: str, good: re.Pattern[str], fix: str) -> None:
        if said and not good.match(said):
            fault(table, line, f"'{said}' is no {what}", fix)

    by_iri: dict[str, str] = {}
    for s in sources.values():
        if not vocab.SLUG.match(s.id):
            fault("sources", s.line, f"'{s.id}' is no id", "Use lower-case letters, digits and hyphens.")
        if s.date and not is_date(s.date):
            fault("sources", s.line, f"'{s.date}' is no date", "Write YYYY, YYYY-MM or YYYY-MM-DD.")
        if not s.title or not s.publisher:
            fault("sources", s.line, f"source '{s.id}' has no title or no publisher", "Fill both cells.")
        check("sources", s.line, "kind of source", s.kind or "(empty)", known["source-kind"], "source-kind")
        check("sources", s.line, "reading", s.read or "(empty)", known["reading"], "reading")
        try:
            name = vocab.source_name(s.url, s.version, s.publisher, s.title, s.date) if not s.url or _URL.match(s.url) else ""
        except ValueError:
            name = ""
        if not name:
            fault("sources", s.line, f"'{s.url}' is no web address", "Give http(s)://... or leave it empty.")
            name = vocab.digest(s.url)
        if name in by_iri:
            fault("sources", s.line, f"'{s.id}' and '{by_iri[name]}' are one source",
                  "Keep one row, or give a version where two versions of one page were read.")
        by_iri[name] = s.id
        authority.source[s.id] = Source(**{f.name: getattr(s, f.name) for f in fields(Source) if f.name != "name"}, name=name)
    for o in organisations.values():
        if not vocab.SLUG.match(o.id) or not o.name:
            fault("organisations", o.line, f"'{o.id}' needs an id of lower-case letters, digits and hyphens, and a name",
                  "Fill both cells.")
        check("organisations", o.line, "actor type", o.kind or "(empty)", known["actor"], "actor")
        check("organisations", o.line, "government level", o.level, known["government-level"], "government-level")
        check("organisations", o.line, "country", o.country, countries)
        form("organisations", o.line, "Wikidata item", o.wikidata, _WIKIDATA, "Write Q and digits, or leave it empty.")
        form("organisations", o.line, "web address", o.homepage, _URL, "Give http(s)://... or leave it empty.")
        if not o.sources:
            fault("organisations", o.line, f"'{o.id}' names no source", "Name at least one id of sources.csv.")
        for name in o.sources.split():
            check("organisations", o.line, "source", name, sources, "source")
    for p in places.values():
        if not vocab.SLUG.match(p.id):
            fault("places", p.line, f"'{p.id}' is no id", "Use lower-case letters, digits and hyphens.")
        form("places", p.line, "GeoNames number", p.geonames, _GEONAMES, "Write digits, or leave it empty.")
        above, seen = p.part_of, {p.id}
        while above in places and above not in seen:
            seen.add(above)
            above = places[above].part_of
        if above == p.id:
            fault("places", p.line, f"'{p.id}' is part of itself", "Mend 'part_of' here or above.")
        check("places", p.line, "country", p.country or "(empty)", countries)
        check("places", p.line, "kind of place", p.kind or "(empty)", known["place-kind"], "place-kind")
        check("places", p.line, "place", p.part_of, places, "place")
        if not p.name or not p.sources:
            fault("places", p.line, f"'{p.id}' needs a name and a source", "Fill both cells.")
        for name in p.sources.split():
            check("places", p.line, "source", name, sources, "source")
    for c in countries.values():
        if not re.match(r"[A-Z]{3}\Z", c.id) or not c.name or not c.region:
            fault("countries", c.line, f"'{c.id}' needs a three-letter code, a name and a region", "Fill the three cells.")
        form("countries", c.line, "web address", c.geonames, _URL, "Give http(s)://... or leave it empty.")
        form("countries", c.line, "web address", c.wikidata, _URL, "Give http(s)://... or leave it empty.")
        if not c.sources:
            fault("countries", c.line, f"'{c.id}' names no source", "Name at least one id of sources.csv.")
        for name in c.sources.split():
            check("countries", c.line, "source", name, sources, "source")
    return authority
