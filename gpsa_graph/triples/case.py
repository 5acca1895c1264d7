"""The triples of one case."""

from __future__ import annotations

from collections.abc import Iterator

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.cases.model import Case, Dated, Participant, PublicBody, Result, Said
from gpsa_graph.triples.ledger import IDENTIFIER, LABEL, TRUE, A, Candidate, Ledger, Triple, evidence, gpsa, prose

_TITLE, _ALTERNATIVE = vocab.term("dcterms:title"), vocab.term("dcterms:alternative")
_CODES = {"world-bank-project": gpsa("worldBankProject"), "trust-fund": gpsa("trustFund"), "iati-activity": gpsa("iatiActivity")}
DATE_KINDS = ("announcement", "approval", "launch", "start", "closing")


def dates(ledger: Ledger, given: tuple[Dated, ...], register: list[tuple[str, Candidate]] | None = None) -> None:
    """Say the dates of a subject; a plain year stands beside each preferred one."""
    for kind in DATE_KINDS:
        found = [Candidate(vocab.date(d.value), d.value, d, d.printed) for d in given if d.kind == kind]
        found += [c for k, c in register or () if k == kind]
        best = ledger.settle(gpsa(kind + "Date"), found)
        if best:
            ledger.plain(gpsa(kind + "Year"), vocab.integer(int(best[:4])))


def case_triples(case: Case, authority: Authority) -> Iterator[Triple]:
    """Every triple of a case: its claims and its parts."""
    me = vocab.node("case", case.id)
    ledger = Ledger(me, authority)
    ledger.plain(A, gpsa("Case"))
    ledger.plain(LABEL, vocab.literal(case.title.text))
    ledger.plain(IDENTIFIER, vocab.literal(case.id))
    for name in case.other_ids:
        ledger.plain(gpsa("formerId"), vocab.literal(name))
    _claims(case, ledger)
    yield from ledger.triples()
    yield from _parts(case, ledger)


def _claims(case: Case, ledger: Ledger) -> None:
    authority = ledger.authority
    ledger.say(_TITLE, vocab.literal(case.title.text), case.title)
    for title in case.also_titled:
        ledger.say(_ALTERNATIVE, vocab.literal(title.text), title)
    for code in case.codes:
        ledger.say(_CODES[code.scheme], vocab.literal(code.value), code)
    ledger.say(gpsa("programme"), vocab.node("programme", case.programme.id or vocab.programme_name(case.programme.name)), case.programme)
    if case.programme.attribution:
        ledger.say(gpsa("attribution"), vocab.node("attribution", case.programme.attribution), case.programme)
    if case.call:
        ledger.say(gpsa("call"), vocab.node("call", case.call.id), case.call)
    for country in case.countries:
        ledger.say(gpsa("country"), vocab.node("country", country.id), country)
        ledger.plain(gpsa("region"), region(authority, country.id))
    for other in case.related:
        ledger.say(gpsa("relatedCase"), vocab.node("case", other.case), other, text=other.how)
    for link, entry in _participants(case):
        if entry.organisation:
            ledger.say(gpsa(link), vocab.node("organisation", entry.organisation), entry, asCalled=entry.as_called)
    for sector in case.sectors:
        ledger.say(gpsa("sector"), vocab.node("sector", sector.id), sector, term=sector.term, asCalled=sector.as_called)
    for mechanism in case.mechanisms:
        ledger.say(gpsa("usesMechanism"), vocab.node("mechanism", mechanism.id), mechanism,
                   term=mechanism.term, asCalled=mechanism.as_called)
    for form in case.collaboration:
        ledger.say(gpsa("collaborationForm"), vocab.node("collaboration-form", form.id), form, term=form.term, text=form.text)
    register: list[tuple[str, Candidate]] = []
    money = [Candidate(vocab.decimal(a.usd), a.usd, a, a.printed) for a in case.amounts]
    status = [Candidate(vocab.literal(case.status.value), case.status.value, case.status)] if case.status else []
    for row in case.register:
        ledger.say(_CODES["world-bank-project"], vocab.literal(row.id), row)
        if row.title != case.title.text:
            ledger.say(_ALTERNATIVE, vocab.literal(row.title), row)
        money += [Candidate(vocab.decimal(row.usd), row.usd, row)] if row.usd else []
        status += [Candidate(vocab.literal(row.status), row.status, row)] if row.status else []
        register += [(k, Candidate(vocab.date(v), v, row)) for k, v in (("approval", row.approval), ("closing", row.closing)) if v]
    ledger.settle(gpsa("amount"), money)
    ledger.settle(gpsa("status"), status)
    dates(ledger, case.dates, register)
    for place in case.places:
        if place.place:
            node = vocab.node("place", place.place)
        elif place.country:
            node = vocab.node("country", place.country)
        else:
            node = vocab.node("place", f"{case.id}-{vocab.digest(place.group)}")
        ledger.say(gpsa("place"), node, place, asCalled=place.as_called)
    for name, said in _texts(case):
        ledger.say(gpsa(name), prose(said.text), said)
    if case.evaluation:
        ledger.say(gpsa("evaluationDesign"), vocab.node("evaluation-design", case.evaluation.id), case.evaluation)


def _texts(case: Case) -> Iterator[tuple[str, Said]]:
    for name, entries in (("scope", case.scope), ("baselineFact", case.baseline), ("note", case.notes)):
        for entry in entries:
            yield name, entry
    for name, one in (("objective", case.objective), ("problem", case.problem)):
        if one:
            yield name, one


def _participants(case: Case) -> Iterator[tuple[str, Participant]]:
    if case.grantee:
        yield "hasGrantee", case.grantee
    for partner in case.partners:
        yield "hasPartner", partner
    for body in case.government:
        yield "involvesGovernment", body


def region(authority: Authority, country: str) -> str:
    return vocab.node("region", vocab.slug(authority.country[country].region))


_PARTS = {"hasGrantee": "grantee", "hasPartner": "partner", "involvesGovernment": "public-body"}


def _parts(case: Case, ledger: Ledger) -> Iterator[Triple]:
    me = ledger.subject

    def part(kind: str, type_: str, *says: str) -> tuple[str, list[Triple]]:
        node = vocab.node(kind, f"{case.id}-{vocab.digest(*says)}")
        return node, [(node, A, gpsa(type_)), (node, gpsa("inCase"), me)]

    for link, entry in _participants(case):
        node, triples = part("participation", "Participation", _PARTS[link], entry.organisation or entry.group)
        yield from triples
        yield node, gpsa("part"), vocab.node("part", _PARTS[link])
        yield from _participation(node, entry, ledger)
    for person in case.people:
        node = vocab.node("person", f"{case.id}-{vocab.slug(person.name)}")
        yield node, A, gpsa("Person")
        yield node, LABEL, vocab.literal(person.name)
        yield node, vocab.term("foaf:name"), vocab.literal(person.name)
        yield node, gpsa("inCase"), me
        yield node, gpsa("role"), prose(person.role)
        if person.organisation:
            yield node, gpsa("actsFor"), vocab.node("organisation", person.organisation)
        if person.as_called:
            yield node, gpsa("asCalled"), vocab.literal(person.as_called)
        if person.kind:
            yield node, gpsa("personRole"), vocab.node("person-role", person.kind)
        yield from evidence(node, person, ledger)
    by_text = {r.text: _result_node(case, r) for r in case.results}
    for result in case.results:
        yield from _result(_result_node(case, result), result, by_text, ledger)
    for challenge in case.challenges:
        node, triples = part("challenge", "Challenge", challenge.text)
        yield from triples
        yield node, gpsa("text"), prose(challenge.text)
        for kind in challenge.kinds:
            yield node, gpsa("challengeKind"), vocab.node("challenge-kind", kind)
        yield from evidence(node, challenge, ledger)
    for lesson in case.lessons:
        node, triples = part("lesson", "Lesson", lesson.text)
        yield from triples
        yield node, gpsa("text"), prose(lesson.text)
        for kind in lesson.challenges:
            yield node, gpsa("challengeKind"), vocab.node("challenge-kind", kind)
        for mechanism in lesson.mechanisms:
            yield node, gpsa("aboutMechanism"), vocab.node("mechanism", mechanism)
        yield from evidence(node, lesson, ledger)
    for gap in case.gaps:
        node, triples = part("gap", "Gap", gap.field, gap.text)
        yield from triples
        yield node, gpsa("field"), vocab.literal(gap.field)
        yield node, gpsa("reading"), vocab.node("reading", gap.reading)
        yield node, gpsa("text"), prose(gap.text)
        yield from evidence(node, gap, ledger)
    for place in case.places:
        if place.group:
            node = vocab.node("place", f"{case.id}-{vocab.digest(place.group)}")
            yield node, A, gpsa("Place")
            yield node, LABEL, vocab.literal(place.group)
            yield node, gpsa("group"), TRUE
            for name in place.sources:
                yield node, vocab.term("dcterms:source"), ledger.source(name)
            for country in case.countries:
                yield node, gpsa("country"), vocab.node("country", country.id)


def _participation(node: str, entry: Participant, ledger: Ledger) -> Iterator[Triple]:
    if entry.organisation:
        yield node, gpsa("organisation"), vocab.node("organisation", entry.organisation)
        if entry.as_called:
            yield node, gpsa("asCalled"), vocab.literal(entry.as_called)
    else:
        yield node, gpsa("group"), TRUE
        for name in (entry.group, entry.acronym, *entry.also):
            if name:
                yield node, gpsa("asCalled"), vocab.literal(name)
        yield node, LABEL, vocab.literal(entry.group)
        yield node, gpsa("kind"), vocab.node("actor", entry.kind)
        if entry.level:
            yield node, gpsa("level"), vocab.node("government-level", entry.level)
        if entry.country:
            yield node, gpsa("country"), vocab.node("country", entry.country)
    if entry.role:
        yield node, gpsa("role"), prose(entry.role)
    if isinstance(entry, PublicBody):
        for name in entry.roles:
            yield node, gpsa("governmentRole"), vocab.node("government-role", name)
        for name in entry.forms:
            yield node, gpsa("collaborationForm"), vocab.node("collaboration-form", name)
        if entry.depth:
            yield node, gpsa("depth"), vocab.node("collaboration-depth", entry.depth)
    yield from evidence(node, entry, ledger)


def _result_node(case: Case, result: Result) -> str:
    return vocab.node("result", f"{case.id}-{vocab.digest(result.text, result.indicator, result.value, str(result.year))}")


def _result(node: str, result: Result, by_text: dict[str, str], ledger: Ledger) -> Iterator[Triple]:
    yield node, A, gpsa("Result")
    yield node, gpsa("inCase"), ledger.subject
    yield node, gpsa("text"), prose(result.text)
    yield node, gpsa("resultKind"), vocab.node("result-kind", result.kind)
    yield node, gpsa("finding"), vocab.node("finding", result.finding)
    if result.finer:
        yield node, gpsa("finerKind"), vocab.node("result-kind", result.finer)
    if result.indicator:
        yield node, gpsa("indicator"), prose(result.indicator)
    if result.unit:
        yield node, gpsa("unit"), prose(result.unit)
    for name, said in (("value", result.value), ("baseline", result.baseline)):
        if said:
            yield node, gpsa("printed" if name == "value" else "baseline"), vocab.literal(said)
            if is_number(said):
                yield node, gpsa(name if name == "value" else "baselineValue"), vocab.decimal(said)
    if result.year:
        yield node, gpsa("year"), vocab.integer(result.year)
    for name in ("undated", "background"):
        if getattr(result, name):
            yield node, gpsa(name), TRUE
    if result.disputes:
        yield node, gpsa("disputes"), by_text[result.disputes]
        yield by_text[result.disputes], gpsa("disputes"), node
    yield from evidence(node, result, ledger)


def is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()
