"""Rules over a whole case that no single entry can tell."""

from __future__ import annotations

from collections.abc import Collection

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.cases.model import Case, Participant, PublicBody
from gpsa_graph.errors import Problem


def case_rules(case: Case, known: Collection[str], authority: Authority, problems: list[Problem]) -> None:
    """Add to `problems` what is wrong with a case that could be read."""

    def fault(line: int, message: str, fix: str = "") -> None:
        problems.append(Problem(case.path, line, message, fix))

    prefixes = {c.id.lower() for c in case.countries}
    start, _, rest = case.id.partition("-")
    if not vocab.SLUG.match(case.id) or not rest:
        fault(1, f"'{case.id}' is no id for a case", "Use <country code>-<name>, such as mwi-mejn.")
    elif len(case.countries) == 1 and start not in prefixes:
        fault(1, f"id '{case.id}' does not begin with the country code '{case.countries[0].id.lower()}'")
    elif len(case.countries) > 1 and start != "multi":
        fault(1, f"a case in several countries begins with 'multi-', not '{start}-'")
    if not case.countries:
        fault(1, "the case has no country", "Add countries: [{id: MWI, sources: [s1]}].")
    if bool(case.programme.id) == bool(case.programme.name):
        fault(case.programme.line, "a programme is told by 'id: gpsa' or by the 'name' of another one", "Keep one of them.")
    for other in case.related:
        if other.case not in known:
            close = vocab.near(other.case, known)
            fault(other.line, f"unknown case '{other.case}'", f"Did you mean '{close[0]}'?" if close else "")
    _participants(case, authority, fault)
    _dates(case, fault)
    seen: dict[str, int] = {}
    for result in case.results:
        key = "\x1f".join((result.text, result.indicator, result.value, str(result.year)))
        if key in seen:
            fault(result.line, f"this result says the same as the one on line {seen[key]}", "Keep one of them.")
        seen[key] = result.line
        if bool(result.year) == result.undated:
            fault(result.line, "a result has a year or says 'undated: true'", "Add 'year: 2017', or 'undated: true'.")
        if result.value and not result.unit:
            fault(result.line, f"the value '{result.value}' has no unit", "Add 'unit: people' or what was counted.")
        if result.disputes and result.disputes not in {r.text for r in case.results if r is not result}:
            fault(result.line, "'disputes' is not the text of another result of this case")
    for gap in case.gaps:
        if gap.reading not in ("looked-not-stated", "not-stated", "stated-none"):
            fault(gap.line, f"a gap cannot read '{gap.reading}'", "Write looked-not-stated, not-stated or stated-none.")


def _participants(case: Case, authority: Authority, fault) -> None:  # type: ignore[no-untyped-def]
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
    for form in case.collaboration:
        for body in form.bodies:
            if body not in named:
                fault(form.line, f"'{body}' is party to a form of collaboration but stands nowhere else in the case")
    for place in case.places:
        if sum(map(bool, (place.place, place.country, place.group))) != 1:
            fault(place.line, "say which 'place' or 'country' it is, or name a 'group' of places", "Keep one of them.")


def _dates(case: Case, fault) -> None:  # type: ignore[no-untyped-def]
    starts = [d for d in case.dates if d.kind != "closing"]
    for end in (d for d in case.dates if d.kind == "closing"):
        for begin in starts:
            shortest = min(len(begin.value), len(end.value))
            if end.value[:shortest] < begin.value[:shortest]:
                fault(end.line, f"closing {end.value} is before {begin.kind} {begin.value}", "Look both up again.")
    if starts:
        first = min(d.value[:4] for d in starts)
        for result in case.results:
            if result.year and result.year < int(first) and not result.background:
                fault(result.line, f"result of {result.year} is older than the case, which begins in {first}",
                      "Mend the year, or say 'background: true'.")
