"""The triples of the programme, its calls and its events."""

from __future__ import annotations

from collections.abc import Iterator

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.cases.model import Entry, Gap
from gpsa_graph.cases.programme import Appearance, Event, Programme
from gpsa_graph.triples.case import dates
from gpsa_graph.triples.ledger import IDENTIFIER, LABEL, TRUE, A, Ledger, Triple, evidence, gpsa, prose

_TITLE = vocab.term("dcterms:title")


def programme_triples(programme: Programme, authority: Authority) -> Iterator[Triple]:
    """Every triple of the programme and its calls."""
    me = vocab.node("programme", programme.id)
    ledger = Ledger(me, authority)
    ledger.plain(A, gpsa("Programme"))
    ledger.plain(LABEL, vocab.literal(programme.title.text))
    ledger.plain(IDENTIFIER, vocab.literal(programme.id))
    ledger.say(_TITLE, vocab.literal(programme.title.text), programme.title)
    if programme.acronym:
        ledger.say(vocab.term("dcterms:alternative"), vocab.literal(programme.acronym), programme.title)
    ledger.say(gpsa("host"), vocab.node("organisation", programme.host.organisation), programme.host)
    dates(ledger, programme.dates)
    for name, entries in (("objective", programme.objectives), ("note", programme.notes)):
        for entry in entries:
            ledger.say(gpsa(name), prose(entry.text), entry)
    yield from ledger.triples()
    yield from _calls(programme, authority)

    def part(kind: str, type_: str, entry: Entry, *says: str, of: str = me) -> tuple[str, list[Triple]]:
        node = vocab.node(kind, f"{programme.id}-{vocab.digest(*says)}")
        link = gpsa("concerns") if kind == "figure" else gpsa("programme")
        return node, [(node, A, gpsa(type_)), (node, link, of), *evidence(node, entry, ledger)]

    for figure in programme.figures:
        of = vocab.node("call", figure.call) if figure.call else me
        node, triples = part("figure", "Figure", figure, figure.measure, figure.value, figure.as_of, figure.call, *figure.sources, of=of)
        yield from triples
        yield node, gpsa("measure"), prose(figure.measure)
        yield node, gpsa("value"), vocab.decimal(figure.value)
        yield from _some(node, {"printed": figure.printed, "asOf": figure.as_of})
        if figure.year:
            yield node, gpsa("year"), vocab.integer(figure.year)
    for gift in programme.contributions:
        node, triples = part("contribution", "Contribution", gift, gift.organisation, gift.usd, str(gift.year), gift.text)
        yield from triples
        yield node, gpsa("organisation"), vocab.node("organisation", gift.organisation)
        if gift.usd:
            yield node, gpsa("amount"), vocab.decimal(gift.usd)
        if gift.year:
            yield node, gpsa("year"), vocab.integer(gift.year)
        if gift.in_kind:
            yield node, gpsa("inKind"), TRUE
        if gift.text:
            yield node, gpsa("text"), prose(gift.text)
    for opted in programme.opt_ins:
        node, triples = part("opt-in", "OptIn", opted, opted.country)
        yield from triples
        yield node, gpsa("country"), vocab.node("country", opted.country)
        yield from _some(node, {"known": opted.known, "asOf": opted.as_of})
        if opted.year:
            yield node, gpsa("year"), vocab.integer(opted.year)
    for seat in programme.seats:
        node, triples = part("seat", "Seat", seat, seat.part, seat.person, seat.organisation, seat.as_called, seat.as_of, seat.role)
        yield from triples
        yield node, gpsa("part"), vocab.node("part", seat.part)
        yield from _who(node, seat.person, seat.organisation, seat.as_called, seat.role, programme.id, seat, ledger, gpsa("programme"), me)
        yield from _some(node, {"asOf": seat.as_of})
        if seat.year:
            yield node, gpsa("year"), vocab.integer(seat.year)
    for review in programme.reviews:
        node, triples = part("review", "Review", review, review.title)
        yield from triples
        yield node, LABEL, vocab.literal(review.title)
        yield node, _TITLE, vocab.literal(review.title)
        if review.author:
            yield node, vocab.term("dcterms:creator"), vocab.literal(review.author)
        if review.date:
            yield node, vocab.term("dcterms:issued"), vocab.date(review.date)
        if review.text:
            yield node, gpsa("text"), prose(review.text)
    for gap in programme.gaps:
        yield from _gap(gap, programme.id, ledger, gpsa("programme"))


def _some(node: str, words: dict[str, str]) -> Iterator[Triple]:
    for name, said in words.items():
        if said:
            yield node, gpsa(name), vocab.literal(said)


def _gap(gap: Gap, name: str, ledger: Ledger, link: str) -> Iterator[Triple]:
    node = vocab.node("gap", f"{name}-{vocab.digest(gap.field, gap.text)}")
    yield node, A, gpsa("Gap")
    yield node, link, ledger.subject
    yield node, gpsa("field"), vocab.literal(gap.field)
    yield node, gpsa("reading"), vocab.node("reading", gap.reading)
    yield node, gpsa("text"), prose(gap.text)
    yield from evidence(node, gap, ledger)


def _who(node: str, person: str, organisation: str, as_called: str, role: str, name: str, entry: Entry, ledger: Ledger,
         link: str, of: str) -> Iterator[Triple]:
    if organisation:
        yield node, gpsa("organisation"), vocab.node("organisation", organisation)
    if as_called:
        yield node, gpsa("asCalled"), vocab.literal(as_called)
    if role:
        yield node, gpsa("role"), prose(role)
    if person:
        who = vocab.node("person", f"{name}-{vocab.slug(person)}")
        yield node, gpsa("person"), who
        yield who, A, gpsa("Person")
        yield who, LABEL, vocab.literal(person)
        yield who, vocab.term("foaf:name"), vocab.literal(person)
        yield who, link, of
        if organisation:
            yield who, gpsa("actsFor"), vocab.node("organisation", organisation)
        for source in entry.sources:
            yield who, vocab.term("prov:wasDerivedFrom"), ledger.source(source)


def _calls(programme: Programme, authority: Authority) -> Iterator[Triple]:
    for call in programme.calls:
        ledger = Ledger(vocab.node("call", call.id), authority)
        ledger.plain(A, gpsa("Call"))
        ledger.plain(LABEL, vocab.literal(call.title))
        ledger.plain(IDENTIFIER, vocab.literal(call.id))
        ledger.say(gpsa("programme"), vocab.node("programme", programme.id), call)
        dates(ledger, call.dates)
        for name, countries in (("eligibleCountry", call.eligible), ("awardedCountry", call.awarded)):
            for country in countries:
                ledger.say(gpsa(name), vocab.node("country", country), call)
        for note in call.notes:
            ledger.say(gpsa("note"), prose(note.text), note)
        yield from ledger.triples()


def event_triples(event: Event, authority: Authority) -> Iterator[Triple]:
    """Every triple of an event, its sessions and those who appear."""
    me = vocab.node("event", event.id)
    ledger = Ledger(me, authority)
    ledger.plain(A, gpsa("Event"))
    ledger.plain(LABEL, vocab.literal(event.title.text))
    ledger.plain(IDENTIFIER, vocab.literal(event.id))
    ledger.say(_TITLE, vocab.literal(event.title.text), event.title)
    for title in event.also_titled:
        ledger.say(vocab.term("dcterms:alternative"), vocab.literal(title.text), title)
    if event.programme:
        ledger.say(gpsa("programme"), vocab.node("programme", "gpsa"), event.programme)
    if event.part_of:
        ledger.say(gpsa("partOf"), vocab.node("event", event.part_of), event.title)
    if event.host:
        ledger.say(gpsa("host"), vocab.node("organisation", event.host.organisation), event.host)
    dates(ledger, event.dates)
    if event.place:
        place = event.place
        ledger.say(gpsa("place"), vocab.node("place", place.place) if place.place else vocab.node("country", place.country), place)
    for name, one in (("objective", event.objective), ("pilot", event.pilot)):
        if one:
            ledger.say(gpsa(name), prose(one.text), one)
    for name, many in (("outcomeWanted", event.outcomes), ("question", event.questions), ("note", event.notes)):
        for said in many:
            ledger.say(gpsa(name), prose(said.text), said)
    for shown in event.showcases:
        ledger.say(gpsa("showcases"), vocab.node("case", shown.case), shown)
    yield from ledger.triples()
    for session in event.sessions:
        node = vocab.node("session", f"{event.id}-{session.order}")
        yield node, A, gpsa("Session")
        yield node, gpsa("inEvent"), me
        yield node, LABEL, vocab.literal(session.name)
        yield node, gpsa("order"), vocab.integer(int(session.order))
        yield node, gpsa("text"), prose(session.text)
        yield from evidence(node, session, ledger)
    for one_ in event.appearances:
        yield from _appearance(one_, event, "", ledger)
    for shown in event.showcases:
        for member in shown.team:
            yield from _appearance(member, event, shown.case, ledger)
    for gap in event.gaps:
        yield from _gap(gap, event.id, ledger, gpsa("inEvent"))


def _appearance(entry: Appearance, event: Event, case: str, ledger: Ledger) -> Iterator[Triple]:
    name = vocab.digest(entry.part, entry.person, entry.organisation, entry.as_called, entry.role, case)
    node = vocab.node("appearance", f"{event.id}-{name}")
    yield node, A, gpsa("Appearance")
    yield node, gpsa("inEvent"), ledger.subject
    if case:
        yield node, gpsa("inCase"), vocab.node("case", case)
    yield node, gpsa("part"), vocab.node("part", entry.part)
    yield from _who(node, entry.person, entry.organisation, entry.as_called, entry.role, event.id, entry, ledger,
                    gpsa("inEvent"), ledger.subject)
    if entry.confirmed:
        yield node, gpsa("confirmed"), vocab.literal("true" if entry.confirmed == "yes" else "false", "xsd:boolean")
    yield from evidence(node, entry, ledger)
