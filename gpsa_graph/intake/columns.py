"""The columns of our own table: one sheet a kind of fact, the columns named after the keys of a case file.

The same list makes the template, reads it back, and says what a mapping file may name, so that the three cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FLAT", "SHEETS", "Column", "columns_of"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what to write, the vocabulary it takes its words from, whether it holds several (`;` between)."""

    name: str
    help: str
    scheme: str = ""
    many: bool = False
    words: tuple[str, ...] = ()


_NOTE = Column("note", "Anything to know about this entry.")
_SOURCE = Column("source", "Ids of the sheet 'sources', with ; between. The imported file and row are cited in any case.", many=True)
_CASE = Column("case", "The id or title of the case, as in the sheet 'cases'.")

#: One row a case. The names after `problem` may stand here once each; more of them, and more about each, in the other sheets.
FLAT = (
    Column("id", "A short name of your own, such as a project number. Country and this make the id of the case."),
    Column("title", "The title as a source prints it."),
    Column("country", "Name or ISO 3166 code; several with ; between.", many=True),
    Column("programme", "The programme that the case belongs to."),
    Column("status", "active, closed or dropped.", words=("active", "closed", "dropped")),
    Column("objective", "What the work is to bring about."),
    Column("problem", "What was wrong before."),
    Column("announcement", "Day, month or year: YYYY-MM-DD, YYYY-MM or YYYY."),
    Column("approval", "The same for the approval."),
    Column("launch", "The same for the launch."),
    Column("start", "The same for the start."),
    Column("closing", "The same for the end."),
    Column("amount", "Digits, with a point for decimals."),
    Column("currency", "Three letters; empty means USD. Only US dollars become the amount of a case; others a note."),
    Column("grantee", "The organisation that leads."),
    Column("partner", "Other organisations that are no public bodies, with ; between.", many=True),
    Column("government", "Public bodies, with ; between.", many=True),
    Column("sector", "Sectors, with ; between.", "sector", True),
    Column("mechanism", "Mechanisms, with ; between.", "mechanism", True),
    Column("place", "Places inside the country, with ; between.", many=True),
    Column("scope", "How many schools, districts, people."),
    Column("world-bank-project", "P and six digits."),
    Column("trust-fund", "Number of the trust fund."),
    Column("iati-activity", "Identifier of the IATI activity."),
    _NOTE,
    _SOURCE,
)

SHEETS: dict[str, tuple[Column, ...]] = {
    "cases": FLAT,
    "participants": (
        _CASE,
        Column("part", "What the organisation is in the case.", words=("grantee", "partner", "government")),
        Column("name", "Its name as the source has it."),
        Column("kind", "What kind of organisation it is.", "actor"),
        Column("level", "Level of government of a public body.", "government-level"),
        Column("role", "What it did, in a few words."),
        Column("roles", "Roles of a public body, with ; between.", "government-role", True),
        Column("forms", "Forms of its collaboration, with ; between.", "collaboration-form", True),
        Column("depth", "How deep the collaboration goes.", "collaboration-depth"),
        _NOTE,
        _SOURCE,
    ),
    "sectors": (_CASE, Column("id", "The sector.", "sector"), Column("as_called", "The source's own word."), _NOTE, _SOURCE),
    "mechanisms": (_CASE, Column("id", "The mechanism.", "mechanism"), Column("as_called", "The source's own word."), _NOTE, _SOURCE),
    "collaboration": (
        _CASE,
        Column("id", "The form of collaboration.", "collaboration-form"),
        Column("text", "What was done together."),
        _NOTE,
        _SOURCE,
    ),
    "dates": (
        _CASE,
        Column("kind", "What happened.", words=("announcement", "approval", "launch", "start", "closing")),
        Column("value", "Day, month or year."),
        _NOTE,
        _SOURCE,
    ),
    "places": (_CASE, Column("name", "The place."), _NOTE, _SOURCE),
    "results": (
        _CASE,
        Column("text", "What came of it and who says so."),
        Column("kind", "What kind of result.", "result-kind"),
        Column("finding", "What was found; not assessed where nobody tested it.", "finding"),
        Column("indicator", "What was counted."),
        Column("baseline", "Its value before."),
        Column("value", "Its value: digits and a point."),
        Column("unit", "What the value counts, such as people."),
        Column("year", "Four digits; empty where no source says."),
        _NOTE,
        _SOURCE,
    ),
    "challenges": (
        _CASE,
        Column("text", "What stood in the way."),
        Column("kinds", "Kinds, with ; between.", "challenge-kind", True),
        _NOTE,
        _SOURCE,
    ),
    "lessons": (
        _CASE,
        Column("text", "What is held to follow from it and who holds it."),
        Column("challenges", "Kinds of challenges that it answers, with ; between.", "challenge-kind", True),
        Column("mechanisms", "Mechanisms that it is about, with ; between.", "mechanism", True),
        _NOTE,
        _SOURCE,
    ),
    "notes": (
        _CASE,
        Column("kind", "What the text tells.", words=("scope", "baseline", "note")),
        Column("text", "The text."),
        _NOTE,
        _SOURCE,
    ),
    "sources": (
        Column("id", "A short name that the other sheets use."),
        Column("title", "Its title."),
        Column("publisher", "Who published it."),
        Column("kind", "What kind of source it is.", "source-kind"),
        Column("date", "Day, month or year."),
        Column("url", "Its web address, if it has one."),
    ),
}


def columns_of(sheet: str) -> dict[str, Column]:
    """The columns of a sheet by heading."""
    return {c.name: c for c in SHEETS[sheet]}
