"""One activity as one case: each fact cites the record; what has no place in the model is counted, not forced."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gpsa_graph.cases.model import (
    Case,
    Code,
    CountryOf,
    Dated,
    PlaceOf,
    ProgrammeOf,
    Related,
    Said,
    Sector,
    Status,
)
from gpsa_graph.intake.iati.extras import Note, documents, markers
from gpsa_graph.intake.iati.keys import case_name, hash_of, sector_of, share
from gpsa_graph.intake.iati.money import Money
from gpsa_graph.intake.iati.parties import parties
from gpsa_graph.intake.iati.results import Results
from gpsa_graph.intake.iati.words import (
    DATES,
    RELATIONS,
    STATUS_NAMES,
    STATUSES,
    best,
    code,
    day,
    good_day,
    texts,
)
from gpsa_graph.intake.session import Session, plain
from gpsa_graph.intake.xml import Element

__all__ = ["Activity"]


_BANK = re.compile(r"(?:\A|[^A-Z0-9])(P[0-9]{6})\Z")
_FUND = re.compile(r"(?:\A|[^A-Z0-9])(TF[0-9A-Z]{6})\Z")


class Activity:
    """An <iati-activity> and what can be said of it."""

    def __init__(self, element: Element, language: str, session: Session) -> None:
        self.element, self.session = element, session
        self.language = (element.get("xml:lang") or language).lower()
        self.identifier = plain(" ".join(e.text for e in element.all("iati-identifier")[:1]))
        self.title = best(element.all("title"), self.language)[0]
        self.cite: tuple[str, ...] = ()

    # What filters look at

    def country_codes(self, more: Iterable[Element] = ()) -> list[str]:
        """Three-letter codes of the countries that the record names, those of its transactions where it names none itself."""
        named = self.element.all("recipient-country") or [c for t in self.element.all("transaction") for c in t.all("recipient-country")]
        found = []
        for one in (*named, *more):
            said = one.get("code") or one.text
            found.append(self.session.lists.countries.code(said) if said else "")
        return list(dict.fromkeys(filter(None, found)))

    def sector_ids(self) -> set[str]:
        """Our sectors, without counting anything."""
        here = self.element.all("sector") or [s for t in self.element.all("transaction") for s in t.all("sector")]
        return {c for s in here if (m := sector_of(s)) is not None for c in m[0].concepts}

    def words(self) -> str:
        """Title and descriptions."""
        return " ".join(said for _, said in texts((*self.element.all("title"), *self.element.all("description")), self.language))

    # The case

    def case(self, codes: list[str], prefix: str, known: dict[int, str]) -> Case:
        """The case. `known` leads from the hash of an identifier to the first part of a case id of this import."""
        element, session, cite, line = self.element, self.session, self.cite, self.element.line
        tally = session.tally
        for name in {c.name for c in element.children if c.space}:
            tally.element(
                "(elements of other namespaces)",
                "not mapped",
                "not part of the standard",
                sum(c.name == name and bool(c.space) for c in element.children),
            )
        notes: list[Said] = []

        def note(text: str, at: int = 0) -> None:
            if all(n.text != text for n in notes):
                notes.append(Said(line=at or line, sources=cite, text=text))

        money = Money(element, session, cite)
        dates = self._dates(note)
        begins = min((int(d.value[:4]) for d in dates if d.kind == "start"), default=0)
        results = Results(element, session, cite, self.language, begins)
        people = parties(element, money, session, cite, self.language, codes)
        title = Said(line=line, sources=cite, text=self.title)
        tally.element("title", n=len(element.all("title")))
        tally.element("iati-identifier", n=len(element.all("iati-identifier")))
        also = tuple(
            Said(line=line, sources=cite, text=t)
            for t in dict.fromkeys(said for _, said in texts(element.all("title"), self.language))
            if t != self.title
        )
        objective = self._descriptions(note)
        status = self._status(note)
        places, related = self._places(codes), self._related(note, known)
        forms = documents(element, session, cite, self.language, note)
        sectors = self._sectors(money)
        markers(element, session, note)
        notes += money.notes()
        reporter = people.reporter
        self._rest()
        return Case(
            path=session.file.shown,
            line=line,
            id=f"{prefix}-{case_name(self.identifier)}",
            title=title,
            also_titled=also,
            related=related,
            codes=self._codes(),
            cites=cite,
            programme=ProgrammeOf(
                line=line,
                sources=cite,
                name=f"Activities reported by {reporter}",
                basis="inferred",
                why="The record names no programme; it belongs to what its reporting organisation publishes.",
            ),
            countries=self._countries(codes, money),
            grantee=people.grantee,
            partners=people.partners,
            government=people.government,
            sectors=sectors,
            collaboration=forms,
            amounts=money.amounts(),
            dates=dates,
            places=places,
            objective=objective,
            results=tuple(results.results),
            notes=tuple(notes),
            status=status,
            gaps=tuple(results.gaps),
        )

    def _countries(self, codes: list[str], money: Money) -> tuple[CountryOf, ...]:
        shares: dict[str, str] = {}
        for one in self.element.all("recipient-country"):
            name = self.session.lists.countries.code(one.get("code") or one.text)
            shares[name] = share(one)
            if name:
                self.session.tally.element("recipient-country")
        made = []
        for name in codes:
            self.session.lists.country(name)
            part = f"{shares[name]} per cent of the activity." if shares.get(name) and len(codes) > 1 else ""
            inside = name not in shares and not self.element.all("recipient-country")
            made.append(
                CountryOf(
                    line=self.element.line,
                    sources=self.cite,
                    id=name,
                    note="Named in the transactions of the record." if inside and money.countries else part,
                )
            )
        return tuple(made)

    def _codes(self) -> tuple[Code, ...]:
        found = {("iati-activity", self.identifier)}
        reporter = self.element.first("reporting-org")
        of_bank = reporter is not None and reporter.get("ref") in ("44000", "XM-DAC-44000", "XI-IATI-WB", "44001", "44002")
        for other in self.element.all("other-identifier"):
            said = other.get("ref") or other.text
            self.session.tally.element(
                "other-identifier",
                *(() if _BANK.search(said) or _FUND.search(said) else ("not mapped", "a code that the model does not have")),
            )
            found |= {("world-bank-project", m[1]) for m in [_BANK.search(said)] if m}
            found |= {("trust-fund", m[1]) for m in [_FUND.search(said)] if m}
        if of_bank and (m := _BANK.search(self.identifier)):
            found.add(("world-bank-project", m[1]))
        return tuple(Code(line=self.element.line, sources=self.cite, scheme=s, value=v) for s, v in sorted(found))

    def _descriptions(self, note: Note) -> Said | None:
        """The objectives (type 2), else the general description, is the objective; the others are notes."""
        given = self.element.all("description")
        by_type: dict[str, list[Element]] = {}
        for one in given:
            by_type.setdefault(code(one, {"general": "1", "objectives": "2", "target groups": "3"}, "type") or "1", []).append(one)
        self.session.tally.element("description", n=len(given)) if given else None
        chosen = next((t for t in ("2", "1") if best(by_type.get(t, ()), self.language)[0]), "")
        for kind, elements in by_type.items():
            said = best(elements, self.language)[0]
            if said and kind != chosen:
                note(("Target groups: " if kind == "3" else "") + said, elements[0].line)
        if not chosen:
            return None
        said, spoken = best(by_type[chosen], self.language)
        return Said(
            line=by_type[chosen][0].line,
            sources=self.cite,
            text=said,
            note=f"In the record's own words, in the language '{spoken}'." if spoken else "In the record's own words.",
        )

    def _dates(self, note: Note) -> tuple[Dated, ...]:
        found: dict[str, tuple[str, int]] = {}
        for one in self.element.all("activity-date"):
            kind, said = code(one, DATES, "type"), day(one)
            if kind not in ("1", "2", "3", "4"):
                self.session.fault(
                    one.line, f"'{one.get('type')}' is no type of an activity date", "Write a code of ActivityDateType, 1 to 4."
                )
            elif not good_day(said):
                self.session.fault(
                    one.line, f"'{said[:40]}' is no date" if said else "an activity date is empty", "Write YYYY-MM-DD, from 1900 to 2099."
                )
            else:
                found[kind] = (said, one.line)
                self.session.tally.element("activity-date")
                continue
            self.session.tally.element("activity-date", "dropped", "no date of a known type")
        start, end = found.get("2") or found.get("1"), found.get("4") or found.get("3")
        if start and end and end[0] < start[0]:
            self.session.fault(end[1], f"the end {end[0]} is before the start {start[0]}", "Look both up again.")
            end = None
        made = []
        for kind, chosen, planned in (("start", start, "1"), ("closing", end, "3")):
            if chosen is None:
                continue
            is_plan = found.get(planned) == chosen
            if not is_plan and planned in found and found[planned][0] != chosen[0]:
                note(f"The {'start' if kind == 'start' else 'end'} was planned for {found[planned][0]}.", found[planned][1])
            made.append(Dated(line=chosen[1], sources=self.cite, kind=kind, value=chosen[0], note="As planned." if is_plan else ""))
        return tuple(made)

    def _status(self, note: Note) -> Status | None:
        one = self.element.first("activity-status")
        if one is None:
            return None
        kind = code(one, {n: c for c, n in STATUS_NAMES.items()})
        value = STATUSES.get(kind)
        if value is None:
            self.session.fault(one.line, f"'{kind}' is no activity status", "Write a code of ActivityStatus, 1 to 6.")
            self.session.tally.element("activity-status", "dropped", "not in the codelist")
            return None
        if not value:
            note(f"Status in the record: {STATUS_NAMES[kind]}.", one.line)
        self.session.tally.element("activity-status")
        return (
            Status(
                line=one.line,
                sources=self.cite,
                value=value,
                note=f"'{STATUS_NAMES[kind]}' in the record." if STATUS_NAMES[kind] not in (value, "implementation") else "",
            )
            if value
            else None
        )

    def _sectors(self, money: Money) -> tuple[Sector, ...]:
        made: dict[str, Sector] = {}
        own = self.element.all("sector")
        tags = [t for t in self.element.all("tag") if t.get("vocabulary") in ("2", "3")]
        for one in (*(own or money.sectors), *tags):
            name = one.name if one in own or one in tags else "transaction/sector"
            found = sector_of(one)
            if found is None or not found[0].concepts:
                why = "no mapping for the code" if found is None else "the code is too wide or no sector of cases"
                self.session.tally.element(name, "not mapped", why)
                continue
            where, whole = found
            self.session.tally.element(name)
            for concept in where.concepts:
                if concept in made:
                    continue
                called = best([one], self.language)[0] or where.name
                inferred = not whole
                made[concept] = Sector(
                    line=one.line,
                    sources=self.cite,
                    id=concept,
                    as_called=f"{called} ({one.get('code')})".strip(),
                    note=f"{share(one)} per cent of the activity." if share(one) else "",
                    basis="inferred" if inferred else "",
                    why=f"The code {one.get('code')} has no mapping of its own; its category {where.code} ({where.name}) has."
                    if inferred
                    else "",
                )
        for tag in self.element.all("tag"):
            if tag not in tags:
                self.session.tally.element("tag", "not mapped", "not an SDG tag")
        return tuple(made.values())

    def _places(self, codes: list[str]) -> tuple[PlaceOf, ...]:
        made: dict[str, PlaceOf] = {}
        for one in self.element.all("location"):
            name = best([one.first("name")], self.language)[0] or best(one.all("administrative"), self.language)[0]
            if not name:
                self.session.tally.element("location", "not mapped", "it has no name")
                continue
            self.session.tally.element("location")
            place = self.session.lists.place(name, codes[0] if len(codes) == 1 else "")
            described = best([one.first("activity-description") or one.first("description")], self.language)[0]
            made.setdefault(
                place or name,
                PlaceOf(
                    line=one.line,
                    sources=self.cite,
                    place=place,
                    group="" if place else name,
                    as_called=name if place else "",
                    note=described,
                ),
            )
        return tuple(made.values())

    def _related(self, note: Note, known: dict[int, str]) -> tuple[Related, ...]:
        made: dict[str, Related] = {}
        for one in self.element.all("related-activity"):
            ref, how = one.get("ref"), RELATIONS.get(one.get("type").lstrip("0"), "related")
            prefix = known.get(hash_of(ref))
            target = f"{prefix}-{case_name(ref)}" if prefix else ""
            if not ref or ref == self.identifier:
                self.session.tally.element("related-activity", "dropped", "it names no other activity")
            elif target:
                made.setdefault(target, Related(line=one.line, sources=self.cite, case=target, how=f"{how} activity"))
                self.session.tally.element("related-activity")
            else:
                note(f"Related activity outside this import: {ref} ({how}).", one.line)
                self.session.tally.element("related-activity", "mapped", "as a note: the other activity is not in this import")
        return tuple(made.values())

    def _rest(self) -> None:
        """Count what the model has no place for."""
        for one in self.element.children:
            if one.space or one.name in _READ:
                continue
            why = "people and addresses are not imported" if one.name == "contact-info" else "the model has no place for it"
            self.session.tally.element(one.name, "not mapped", why)


_READ = frozenset(
    {
        "iati-identifier",
        "title",
        "description",
        "reporting-org",
        "participating-org",
        "other-identifier",
        "activity-status",
        "activity-date",
        "recipient-country",
        "location",
        "sector",
        "tag",
        "policy-marker",
        "budget",
        "planned-disbursement",
        "transaction",
        "document-link",
        "related-activity",
        "result",
    }
)
