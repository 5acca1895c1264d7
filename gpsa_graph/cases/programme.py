"""What `programme.yaml` and the files under `events/` can say."""

from __future__ import annotations

from dataclasses import dataclass

from gpsa_graph.cases.model import (
    Dated,
    Entry,
    Gap,
    Said,
    concept,
    date,
    flag,
    in_year,
    many,
    number,
    one,
    prose,
    ref,
    refs,
    word,
)

__all__ = ["Appearance", "Call", "Contribution", "Event", "Figure", "OptIn", "Programme", "Review", "Seat", "Session", "Showcase"]

@dataclass(frozen=True, slots=True, kw_only=True)
class Host(Entry):
    organisation: str = ref("organisation", required=True)

@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Entry):
    """A number claimed for the programme, or for one of its calls, as of a point in time."""

    measure: str = prose(required=True)
    value: str = number(required=True)
    printed: str = prose()
    as_of: str = prose()
    year: int = in_year()
    call: str = ref("call")

@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Entry):
    """A round of proposals; its numbers stand under `figures`."""

    id: str = prose(required=True)
    title: str = prose(required=True)
    dates: tuple[Dated, ...] = many("Dated")
    eligible: tuple[str, ...] = refs("country")
    awarded: tuple[str, ...] = refs("country")
    notes: tuple[Said, ...] = many("Said")

@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution(Entry):
    organisation: str = ref("organisation", required=True)
    usd: str = number()
    year: int = in_year()
    in_kind: bool = flag()
    text: str = prose()

@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn(Entry):
    """`known` tells how: a page announces it, a list names the country, or it follows from a grant."""

    country: str = ref("country", required=True)
    known: str = word("stated listed derived", required=True)
    as_of: str = prose()
    year: int = in_year()

@dataclass(frozen=True, slots=True, kw_only=True)
class Seat(Entry):
    part: str = concept("part", required=True)
    person: str = prose()
    organisation: str = ref("organisation")
    as_called: str = prose()
    role: str = prose()
    as_of: str = prose()
    year: int = in_year()

@dataclass(frozen=True, slots=True, kw_only=True)
class Review(Entry):
    title: str = prose(required=True)
    author: str = prose()
    date: str = date()
    text: str = prose()

@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    path: str = ""
    line: int = 1
    id: str = prose(required=True)
    acronym: str = prose()
    title: Said = one("Said", required=True)
    host: Host = one("Host", required=True)
    dates: tuple[Dated, ...] = many("Dated")
    objectives: tuple[Said, ...] = many("Said")
    notes: tuple[Said, ...] = many("Said")
    figures: tuple[Figure, ...] = many("Figure")
    calls: tuple[Call, ...] = many("Call")
    contributions: tuple[Contribution, ...] = many("Contribution")
    opt_ins: tuple[OptIn, ...] = many("OptIn")
    seats: tuple[Seat, ...] = many("Seat")
    reviews: tuple[Review, ...] = many("Review")
    gaps: tuple[Gap, ...] = many("Gap")
    cites: tuple[str, ...] = ()

@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Entry):
    name: str = prose(required=True)
    order: str = number(required=True)
    text: str = prose(required=True)

@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance(Entry):
    """Somebody at an event, or in the team of a case that the event shows."""

    part: str = concept("part", required=True)
    person: str = prose()
    organisation: str = ref("organisation")
    as_called: str = prose()
    role: str = prose()
    confirmed: str = word("yes no")

@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase(Entry):
    case: str = prose(required=True)
    team: tuple[Appearance, ...] = many("Appearance")

@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Entry):
    place: str = ref("place")
    country: str = ref("country")

@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    path: str = ""
    line: int = 1
    id: str = prose(required=True)
    title: Said = one("Said", required=True)
    programme: Entry | None = one("Entry")
    part_of: str = prose()
    host: Host | None = one("Host")
    dates: tuple[Dated, ...] = many("Dated")
    place: Place | None = one("Place")
    objective: Said | None = one("Said")
    outcomes: tuple[Said, ...] = many("Said")
    questions: tuple[Said, ...] = many("Said")
    sessions: tuple[Session, ...] = many("Session")
    appearances: tuple[Appearance, ...] = many("Appearance")
    showcases: tuple[Showcase, ...] = many("Showcase")
    pilot: Said | None = one("Said")
    notes: tuple[Said, ...] = many("Said")
    gaps: tuple[Gap, ...] = many("Gap")
    also_titled: tuple[Said, ...] = many("Said")
    cites: tuple[str, ...] = ()

