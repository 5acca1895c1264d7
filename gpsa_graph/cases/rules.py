"""Rules over a whole file that no single entry can tell, and over several files."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.cases.model import Case, Dated, Participant, PublicBody, Result
from gpsa_graph.cases.programme import Event, Programme
from gpsa_graph.errors import Problem

#: Takes line, message and what to do.
Fault = Callable[[int, str, str], None]

_LIKE_A_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' ]*(?:[eE][+-]?[0-9]+)?\Z|[+-]?(?:nan|inf(?:inity)?)\Z", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?\Z")
_GAPS = ("looked-not-stated", "not-stated", "stated-none")


def case_rules(case: Case, known: Collection[str], authority: Authority, torn: Collection[str], fault: Fault) -> None:
    """Tell what is wrong with a case. `torn` are keys below which entries were left out, because they have faults of their own."""
    start, _, rest = case.id.partition("-")
    if not vocab.SLUG.match(case.id) or not rest:
        fault(1, f"'{case.id}' is no id for a case", "Use <country code>-<name>, such as mwi-mejn.")
    elif "countries" not in torn:
        wanted = "multi" if len(case.countries) > 1 else "".join(c.id.lower() for c in case.countries)
        if not case.countries:
            fault(1, "the case has no country", "Add countries: [{id: MWI, sources: [s1]}].")
        elif start != wanted:
            fault(1, f"the id of a case in {len(case.countries)} countries begins with '{wanted}-', not '{start}-'"
                  if wanted == "multi" else f"id '{case.id}' does not begin with the country code '{wanted}'",
                  f"Rename the case to '{wanted}-{rest}', or mend 'countries'.")
    if bool(case.programme.id) == bool(case.programme.name):
        fault(case.programme.line, "a programme is told by 'id: gpsa' or by the 'name' of another one", "Keep one of them.")
    for other in case.related:
        if other.case == case.id:
            fault(other.line, f"'{case.id}' is related to itself", "Name the other case, or take the entry out.")
        elif other.case not in known:
            _unknown_case(other.line, other.case, known, fault)
    _participants(case, authority, torn, fault)
    _results(case, torn, fault)
    _once("challenge", ((c.line, c.text) for c in case.challenges), fault)
    _once("lesson", ((entry.line, entry.text) for entry in case.lessons), fault)
    _once("person", ((p.line, vocab.slug(p.name)) for p in case.people), fault)
    _once("gap", ((g.line, f"{g.field}\x1f{g.text}") for g in case.gaps), fault)
    for gap in case.gaps:
        if gap.reading not in _GAPS:
            fault(gap.line, f"a gap cannot read '{gap.reading}'", f"Write one of: {', '.join(_GAPS)}.")
    for place in case.places:
        if sum(map(bool, (place.place, place.country, place.group))) != 1:
            fault(place.line, "say which 'place' or 'country' it is, or name a 'group' of places", "Keep one of them.")


def event_rules(event: Event, cases: Collection[str], events: Collection[str], fault: Fault) -> None:
    """Tell what is wrong with an event."""
    if not vocab.SLUG.match(event.id):
        fault(1, f"'{event.id}' is no id", "Use lower-case letters, digits and hyphens.")
    if event.part_of and event.part_of not in events:
        near = vocab.near(event.part_of, sorted(events))
        fault(1, f"part_of: unknown event '{event.part_of}'",
              f"Did you mean '{near[0]}'?" if near else "Write the id of a file in events/.")
    if event.place and bool(event.place.place) == bool(event.place.country):
        fault(event.place.line, "say which 'place' or 'country' it is", "Keep one of them.")
    for shown in event.showcases:
        if shown.case not in cases:
            _unknown_case(shown.line, shown.case, cases, fault)
    for session in event.sessions:
        if not session.order.isdecimal():
            fault(session.line, f"order '{session.order}' is no whole number", "Count the sessions from 1.")
    _once("order of a session", ((s.line, s.order) for s in event.sessions), fault)
    _in_order(event.dates, fault)


def programme_rules(programme: Programme, fault: Fault) -> None:
    """Tell what is wrong with the programme and its calls."""
    for call in programme.calls:
        if not vocab.SLUG.match(call.id):
            fault(call.line, f"'{call.id}' is no id", "Use lower-case letters, digits and hyphens.")
        _in_order((d for d in call.dates if d.kind != "announcement"), fault)
    _once("call", ((c.line, c.id) for c in programme.calls), fault)
    _in_order(programme.dates, fault)


def across_files(cases: Iterable[Case], events: Iterable[Event], known: Collection[str], problems: list[Problem]) -> None:
    """Add to `problems` what only several files together can tell."""
    named: dict[str, str] = {}
    for case in cases:
        for name in case.other_ids:
            if name in known or named.setdefault(name, case.id) != case.id:
                other = name if name in known else named[name]
                problems.append(Problem(case.path, 1, f"other id '{name}' also names the case '{other}'", "Take it out of one of them."))
    above = {event.id: event.part_of for event in events}
    for event in events:
        here, seen = event.part_of, {event.id}
        while here in above and here not in seen:
            seen.add(here)
            here = above[here]
        if here == event.id:
            problems.append(Problem(event.path, 1, f"'{event.id}' is part of itself", "Mend 'part_of' here or above."))


def _unknown_case(line: int, name: str, known: Collection[str], fault: Fault) -> None:
    near = vocab.near(name, sorted(known))
    fault(line, f"unknown case '{name}'", f"Did you mean '{near[0]}'?" if near else "Write the id of a file in cases/.")


def _once(what: str, said: Iterable[tuple[int, str]], fault: Fault) -> None:
    seen: dict[str, int] = {}
    for line, text in said:
        if text in seen:
            fault(line, f"this {what} says the same as the one on line {seen[text]}", "Keep one of them.")
        seen.setdefault(text, line)


def _participants(case: Case, authority: Authority, torn: Collection[str], fault: Fault) -> None:
    seen: dict[tuple[str, str], int] = {}
    named: set[str] = set()
    parts: list[tuple[str, Participant]] = [("grantee", case.grantee)] if case.grantee else []
    parts += [("partners", p) for p in case.partners] + [("government", g) for g in case.government]
    for key, entry in parts:
        if bool(entry.organisation) == bool(entry.group):
            fault(entry.line, "say which 'organisation' it is, or name a 'group' of unnamed ones", "Keep one of them.")
            continue
        who = (key, entry.organisation or entry.group)
        if who in seen:
            fault(entry.line, f"'{who[1]}' stands twice under {key} (first on line {seen[who]})", "Join the two entries.")
        seen[who] = entry.line
        named.add(entry.organisation)
        if entry.group and not entry.kind:
            fault(entry.line, f"the group '{entry.group}' has no kind", "Add 'kind: service-provider' or the like.")
        if entry.organisation:
            row = authority.organisation[entry.organisation]
            if entry.kind or entry.level or entry.country:
                fault(entry.line, "kind, level and country of a named organisation stand in organisations.csv", "Take them out here.")
            if key == "government" and not row.is_public:
                fault(entry.line, f"'{row.id}' is no public body (kind {row.kind})", "Put it under partners, or mend organisations.csv.")
            if key == "partners" and row.is_public:
                fault(entry.line, f"'{row.id}' is a public body (kind {row.kind})", "Put it under government.")
        elif isinstance(entry, PublicBody) and not entry.level:
            fault(entry.line, f"the group of public bodies '{entry.group}' has no level", "Add 'level: local' or the like.")
    for form in case.collaboration if not {"grantee", "partners", "government"}.intersection(torn) else ():
        for body in form.bodies:
            if body not in named:
                fault(form.line, f"'{body}' is party to a form of collaboration but stands nowhere else in the case",
                      "Add it under partners or government.")


def _results(case: Case, torn: Collection[str], fault: Fault) -> None:
    _once("result", ((r.line, "\x1f".join((r.text, r.indicator, r.value, str(r.year)))) for r in case.results), fault)
    texts = {r.text for r in case.results}
    for result in case.results:
        if bool(result.year) == result.undated:
            fault(result.line, "a result has a year or says 'undated: true'", "Add 'year: 2017', or 'undated: true'.")
        if result.value and not result.unit:
            fault(result.line, f"the value '{result.value}' has no unit", "Add 'unit: people' or what was counted.")
        for said in (result.value, result.baseline):
            if _LIKE_A_NUMBER.match(said) and not _NUMBER.match(said):
                fault(result.line, f"'{said}' is no plain number", "Write digits and a point for decimals, such as 1234.5; no other mark.")
        if result.disputes and (result.disputes == result.text or result.disputes not in texts) and "results" not in torn:
            fault(result.line, "'disputes' is not the text of another result of this case", "Copy that text letter by letter.")
    _in_order(case.dates, fault)
    for row in case.register:
        if row.approval and row.closing and _before(row.closing, row.approval):
            fault(row.line, f"closing {row.closing} is before approval {row.approval}", "Look both up again.")
    begins = [d.value[:4] for d in case.dates if d.kind != "closing"] + [row.approval[:4] for row in case.register if row.approval]
    if begins and not {"dates", "register"}.intersection(torn):
        _not_older(case.results, int(min(begins)), fault)


def _not_older(results: Iterable[Result], first: int, fault: Fault) -> None:
    for result in results:
        if result.year and result.year < first and not result.background:
            fault(result.line, f"result of {result.year} is older than the case, which begins in {first}",
                  "Mend the year, or say 'background: true'.")


def _in_order(dates: Iterable[Dated], fault: Fault) -> None:
    given = list(dates)
    for end in (d for d in given if d.kind == "closing"):
        for begin in given:
            if begin.kind != "closing" and _before(end.value, begin.value):
                fault(end.line, f"closing {end.value} is before {begin.kind} {begin.value}", "Look both up again.")


def _before(one: str, other: str) -> bool:
    shortest = min(len(one), len(other))
    return one[:shortest] < other[:shortest]
