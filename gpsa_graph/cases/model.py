"""What a case file can say: one frozen value for each kind of entry.

The fields are the keys of the file. The kind of each field (text, concept, date, reference ...) is written beside it
and is all that the reader needs to check a file, so that model and schema cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def _kind(kind: str, of: str = "", default: Any = None, required: bool = False) -> Any:
    meta = {"kind": kind, "of": of, "required": required}
    return field(metadata=meta) if required else field(default=default, metadata=meta)


def prose(required: bool = False) -> Any:
    return _kind("text", required=required, default="")


def word(of: str, required: bool = False) -> Any:
    """One of the words in `of`, separated by blanks."""
    return _kind("word", of, required=required, default="")


def concept(scheme: str, required: bool = False) -> Any:
    return _kind("concept", scheme, required=required, default="")


def concepts(scheme: str) -> Any:
    return _kind("concepts", scheme, default=())


def ref(table: str, required: bool = False) -> Any:
    return _kind("ref", table, required=required, default="")


def refs(table: str) -> Any:
    return _kind("refs", table, default=())


def texts() -> Any:
    return _kind("texts", default=())


def date(required: bool = False) -> Any:
    return _kind("date", required=required, default="")


def number(required: bool = False) -> Any:
    return _kind("number", required=required, default="")


def in_year() -> Any:
    return _kind("year", default=0)


def flag() -> Any:
    return _kind("flag", default=False)


def cited() -> Any:
    return _kind("sources", required=True)


def one(of: str, required: bool = False) -> Any:
    return _kind("one", of, required=required)


def many(of: str) -> Any:
    return _kind("many", of, default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value with its sources. `basis: inferred` needs `why`; `pooled` marks sources that were given for several values."""

    line: int
    sources: tuple[str, ...] = cited()
    note: str = prose()
    basis: str = concept("basis")
    why: str = prose()
    pooled: bool = flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Entry):
    """A text: title, objective, problem, scope, baseline fact, note."""

    text: str = prose(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(Entry):
    case: str = prose(required=True)
    how: str = prose(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Entry):
    scheme: str = word("world-bank-project trust-fund iati-activity", required=True)
    value: str = prose(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeOf(Entry):
    """`id: gpsa` for the programme in `programme.yaml`, or the `name` of another one."""

    id: str = word("gpsa")
    name: str = prose()
    attribution: str = concept("attribution")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOf(Entry):
    id: str = ref("call", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryOf(Entry):
    id: str = ref("country", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Entry):
    """A named `organisation`, or a `group` of unnamed ones with its kind (and level, for public bodies)."""

    organisation: str = ref("organisation")
    group: str = prose()
    as_called: str = prose()
    acronym: str = prose()
    also: tuple[str, ...] = texts()
    kind: str = concept("actor")
    level: str = concept("government-level")
    country: str = ref("country")
    role: str = prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicBody(Participant):
    roles: tuple[str, ...] = concepts("government-role")
    forms: tuple[str, ...] = concepts("collaboration-form")
    depth: str = concept("collaboration-depth")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Entry):
    name: str = prose(required=True)
    role: str = prose(required=True)
    organisation: str = ref("organisation")
    as_called: str = prose()
    kind: str = concept("person-role")
    author: bool = flag()


@dataclass(frozen=True, slots=True, kw_only=True)
class Classed(Entry):
    """A sector or mechanism: the concept, beside the plain term and the source's own name."""

    id: str = ref("concept", required=True)
    term: str = prose()
    as_called: str = prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector(Classed):
    id: str = concept("sector", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism(Classed):
    id: str = concept("mechanism", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Entry):
    """A form of collaboration in the case; `bodies` are ids of organisations that the text names as party to it."""

    id: str = concept("collaboration-form", required=True)
    term: str = prose()
    text: str = prose()
    bodies: tuple[str, ...] = refs("organisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Entry):
    usd: str = number(required=True)
    printed: str = prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Entry):
    kind: str = word("announcement approval launch start closing", required=True)
    value: str = date(required=True)
    printed: str = prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOf(Entry):
    """A `place` of places.csv, a whole `country`, or a `group` of unnamed places with its kind."""

    place: str = ref("place")
    country: str = ref("country")
    group: str = prose()
    as_called: str = prose()
    kind: str = prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Design(Entry):
    id: str = concept("evaluation-design", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Entry):
    text: str = prose(required=True)
    kind: str = concept("result-kind", required=True)
    finer: str = concept("result-kind")
    finding: str = concept("finding", required=True)
    indicator: str = prose()
    baseline: str = prose()
    value: str = prose()
    unit: str = prose()
    year: int = in_year()
    undated: bool = flag()
    background: bool = flag()
    disputes: str = prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge(Entry):
    text: str = prose(required=True)
    kinds: tuple[str, ...] = concepts("challenge-kind")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Entry):
    text: str = prose(required=True)
    challenges: tuple[str, ...] = concepts("challenge-kind")
    mechanisms: tuple[str, ...] = concepts("mechanism")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Entry):
    value: str = word("closed active dropped", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Entry):
    """Something looked for and not found, not stated in what was read, or stated as none."""

    field: str = prose(required=True)
    reading: str = concept("reading", required=True)
    text: str = prose(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Entry):
    """The row of the World Bank projects list; its values become claims on the same properties as those of pages."""

    id: str = prose(required=True)
    title: str = prose(required=True)
    match: str = concept("attribution", required=True)
    approval: str = date()
    closing: str = date()
    usd: str = number()
    status: str = word("closed active dropped")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case file. `path` is the file as shown to people; facts carry global source ids and their line."""

    path: str = ""
    line: int = 1
    id: str = prose(required=True)
    title: Said = one("Said", required=True)
    also_titled: tuple[Said, ...] = many("Said")
    other_ids: tuple[str, ...] = texts()
    related: tuple[Related, ...] = many("Related")
    codes: tuple[Code, ...] = many("Code")
    programme: ProgrammeOf = one("ProgrammeOf", required=True)
    call: CallOf | None = one("CallOf")
    countries: tuple[CountryOf, ...] = many("CountryOf")
    grantee: Participant | None = one("Participant")
    partners: tuple[Participant, ...] = many("Participant")
    government: tuple[PublicBody, ...] = many("PublicBody")
    people: tuple[Person, ...] = many("Person")
    sectors: tuple[Sector, ...] = many("Sector")
    mechanisms: tuple[Mechanism, ...] = many("Mechanism")
    collaboration: tuple[Form, ...] = many("Form")
    amounts: tuple[Amount, ...] = many("Amount")
    dates: tuple[Dated, ...] = many("Dated")
    places: tuple[PlaceOf, ...] = many("PlaceOf")
    scope: tuple[Said, ...] = many("Said")
    objective: Said | None = one("Said")
    problem: Said | None = one("Said")
    baseline: tuple[Said, ...] = many("Said")
    evaluation: Design | None = one("Design")
    results: tuple[Result, ...] = many("Result")
    challenges: tuple[Challenge, ...] = many("Challenge")
    lessons: tuple[Lesson, ...] = many("Lesson")
    notes: tuple[Said, ...] = many("Said")
    status: Status | None = one("Status")
    register: tuple[Register, ...] = many("Register")
    gaps: tuple[Gap, ...] = many("Gap")
    cites: tuple[str, ...] = ()

    def entries(self) -> list[tuple[str, Entry]]:
        """Every entry of the case with the key it stands under, in file order of the keys.

        >>> from gpsa_graph.cases import read
        >>> [key for key, _ in read().case("idn-wahana-visi").entries()][:3]
        ['title', 'also_titled', 'codes']
        """
        found: list[tuple[str, Entry]] = []
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, Entry):
                found.append((name, value))
            elif isinstance(value, tuple):
                found += [(name, item) for item in value if isinstance(item, Entry)]
        return found
