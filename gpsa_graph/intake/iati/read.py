"""The activities of a file, one after the other: filtered, checked, made into cases. Memory holds one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gpsa_graph.cases.model import Case
from gpsa_graph.intake.iati.activity import Activity
from gpsa_graph.intake.iati.keys import case_name, hash_of, share
from gpsa_graph.intake.iati.words import best, good_day
from gpsa_graph.intake.session import Session, plain
from gpsa_graph.intake.xml import Element, records

__all__ = ["activities"]


def activities(
    session: Session, known: dict[int, str], *, skip: int = 0, moved: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Case | None]]:
    """(number of the record, its case or None where it is not imported) for every activity after the first `skip`.

    `known` gets an entry (eight bytes: first part of the case id) for every activity that is imported. Raises Refused where the
    file cannot be read on; everything else that is wrong stands in `session.problems`, and the record or value is left out.
    """
    about: list[Element] = []
    with open(session.file.path, "rb") as stream:
        found = records(stream, session.file.shown, "iati-activities", "iati-activity", begun=about.append, moved=moved)
        for number, element in enumerate(found, 1):
            if number == 1:
                _version(about[0], session)
            if number > skip:
                yield number, _one(element, number, about[0], session, known)


def _version(root: Element, session: Session) -> None:
    said = root.get("version")
    if said and not said.startswith(("1.", "2.")) and said not in ("1", "2"):
        session.fault(root.line, f"version {said} of the standard is not known here", "Give a file of version 1.01-1.05 or 2.01-2.03.")


def _one(element: Element, number: int, root: Element, session: Session, known: dict[int, str]) -> Case | None:
    tally, lists = session.tally, session.lists
    activity = Activity(element, root.get("xml:lang"), session)
    codes = activity.country_codes()
    wanted = session.filters.refusal(activity.identifier, codes, activity.sector_ids, activity.words)
    if wanted:
        tally.records[f"filtered out by {wanted}"] += 1
        return None
    unknown = _unknown_countries(element, session)
    _shares(element, session)
    what = ""
    if not activity.identifier:
        session.fault(element.line, f"activity {number} has no iati-identifier", "Add <iati-identifier>, the publisher's code and its own.")
        what = "no identifier"
    elif not activity.title:
        session.fault(element.line, f"activity '{activity.identifier}' has no title", "Add <title><narrative>...</narrative></title>.")
        what = "no title"
    elif not codes:
        what = "its country is not known" if unknown else "no country is named, only a region or nothing"
    if what:
        tally.records[f"left out: {what}"] += 1
        return None
    key = hash_of(activity.identifier)
    prefix = "multi" if len(codes) > 1 else codes[0].lower()
    if session.seen(key):
        session.fault(
            element.line, f"the identifier '{activity.identifier}' stands twice", "Keep one record, or give the other its own identifier."
        )
        tally.records["left out: the identifier was there before"] += 1
        return None
    known[key] = prefix
    for code in codes:
        lists.country(code)
    reporter = element.first("reporting-org")
    said = best([reporter], activity.language)[0] or (reporter.get("ref") if reporter is not None else "")
    when = element.get("last-updated-datetime")[:10] or root.get("generated-datetime")[:10]
    source = session.source(
        f"{prefix}-{case_name(activity.identifier)}",
        f"IATI activity {activity.identifier}",
        plain(said) or "reporting organisation not named",
        when if good_day(when) else "",
        number,
        f"line {element.line}",
    )
    activity.cite = (source.id,)
    made = activity.case(codes, prefix, known)
    tally.records["imported"] += 1
    return made


def _unknown_countries(element: Element, session: Session) -> bool:
    bad = False
    for one in (*element.all("recipient-country"), *(c for t in element.all("transaction") for c in t.all("recipient-country"))):
        said = one.get("code") or one.text
        if said and not session.lists.countries.code(said):
            why = session.lists.countries.why_not(said)
            session.fault(
                one.line,
                f"'{said[:40]}' is no country" + (f": {why}" if why and not why.endswith("?") else ""),
                why[0].upper() + why[1:] if why.endswith("?") else "Write the two letters of ISO 3166-1.",
            )
            if one in element.children:
                session.tally.element("recipient-country", "dropped", "not a country of ISO 3166-1")
            bad = True
    return bad


def _shares(element: Element, session: Session) -> None:
    """Percentages are numbers from 0 to 100, and those of countries (or of one list of sectors) add to no more than 100."""
    for name in ("recipient-country", "recipient-region", "sector"):
        sums: dict[str, float] = {}
        for one in element.all(name):
            said = one.get("percentage").rstrip("% ")
            if not said:
                continue
            if not share(one):
                session.fault(one.line, f"'{said[:40]}' is no percentage of a {name}", "Write a number from 0 to 100.")
                continue
            of = one.get("vocabulary") if name == "sector" else ""
            sums[of] = sums.get(of, 0.0) + float(said)
        for total in sums.values():
            if total > 100.5:
                session.fault(element.line, f"the percentages of {name} add to {total:g}", "Mend them so that they add to 100.")
