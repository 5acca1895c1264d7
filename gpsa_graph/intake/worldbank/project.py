"""One row of the list as one case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gpsa_graph import vocab
from gpsa_graph.cases.authority import is_date
from gpsa_graph.cases.model import Amount, Case, Code, CountryOf, Dated, Participant, PlaceOf, ProgrammeOf, Said, Sector, Status
from gpsa_graph.intake.codes import Mapped, mapped
from gpsa_graph.intake.iati.keys import hash_of
from gpsa_graph.intake.session import Session
from gpsa_graph.intake.worldbank.rows import Place

__all__ = ["Project"]

_AMOUNT = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]+)?\Z")
_US_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:\s.*)?\Z")
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?\Z")
_WORD_DAY = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3})[a-z]*[- ]([0-9]{4})\Z")
_MONTHS = {m: n for n, m in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)}
_CODE = re.compile(r"P[0-9]{6}\Z")
_LONG = re.compile(
    r"(?:the )?(?:(?:people's|islamic|arab|federal|federative|federated|socialist|bolivarian|plurinational|oriental|"
    r"co-operative|cooperative|independent|united|hashemite|democratic) )*(?:republic|kingdom|states?|commonwealth|union|sultanate|"
    r"grand duchy|principality|federation)(?: of)?(?: the)? (.+)\Z",
    re.IGNORECASE,
)
_TWICE = frozenset({"congo", "korea", "yemen", "germany", "china"})


class Project:
    """A row and what can be said of it."""

    def __init__(self, session: Session, values: dict[str, str], place: Place, line: int) -> None:
        self.session, self.values, self.place, self.line = session, values, place, line
        self.used: set[str] = set()

    def get(self, name: str) -> str:
        said = self.values.get(name, "")
        return "" if said in ("", "!$!0", "NA", "N/A", "n/a", "null", "NULL", "None", "nan") else said.split("!$!")[0].strip()

    def fault(self, column: str, message: str, fix: str) -> None:
        self.session.fault(0, message, fix, where=self.place(column))

    def done(self, name: str, outcome: str = "mapped", why: str = "") -> None:
        if self.values.get(name) and name not in self.used:
            self.used.add(name)
            self.session.tally.element(name, outcome, why)

    def countries(self) -> list[str]:
        """Codes of the countries, by code or by short or long name."""
        found: list[str] = []
        for name in ("countryshortname", "countryname", "countrycode"):
            for said in filter(None, map(str.strip, self.get(name).split(";"))):
                if code := self._country(said):
                    found.append(code)
            if found:
                return list(dict.fromkeys(found))
        return []

    def _country(self, said: str) -> str:
        lands = self.session.lists.countries
        code = lands.code(said)
        if not code and (match := _LONG.match(said)) and match[1].lower() not in _TWICE:
            code = lands.code(match[1])
        return code

    def case(self, number: int, known: dict[int, str]) -> Case | None:
        session = self.session
        code, title = self.get("id").upper(), self.get("project_name")
        codes = self.countries()
        refused = session.filters.refusal(
            code,
            codes,
            lambda: [c for m, _ in self._mapped() for c in m.concepts],
            lambda: f"{title} {self.get('pdo')} {self.get('project_abstract')}",
        )
        what = ""
        if refused:
            session.tally.records[f"filtered out by {refused}"] += 1
            return None
        if not _CODE.match(code):
            self.fault("id", f"'{code[:40]}' is no project code" if code else "the row has no project code", "Write P and six digits.")
            what = "no project code"
        elif not title:
            self.fault("project_name", f"project {code} has no name", "Write the name of the project.")
            what = "no title"
        elif not codes:
            said = self.get("countryshortname") or self.get("countryname")
            why = session.lists.countries.why_not(said)
            if said and not why.startswith("a region"):
                self.fault(
                    "countryname",
                    f"'{said[:60]}' is no country" + (f": {why}" if why and not why.endswith("?") else ""),
                    why[0].upper() + why[1:] if why.endswith("?") else "Write its name or code after ISO 3166-1.",
                )
                what = "its country is not known"
            else:
                what = "no country is named, only a region or nothing"
        elif session.seen(hash_of(code)):
            self.fault("id", f"the project code {code} stands twice", "Keep one row.")
            what = "the identifier was there before"
        if what:
            session.tally.records[f"left out: {what}"] += 1
            return None
        known[hash_of(code)] = prefix = "multi" if len(codes) > 1 else codes[0].lower()
        made = self._made(number, code, title, f"{prefix}-{code.lower()}", codes)
        session.tally.records["imported"] += 1
        return made

    def _made(self, number: int, code: str, title: str, name: str, codes: list[str]) -> Case:
        session, line = self.session, self.line
        link = self.get("url") or f"https://projects.worldbank.org/en/projects-operations/project-detail/{code}"
        source = session.source(name, f"World Bank project {code}", "World Bank", "", number, self.place("").strip(":"), link)
        cite = (source.id,)
        for one in ("id", "project_name", "countryname", "countryshortname", "countrycode", "url"):
            self.done(one)
        notes: list[Said] = []

        def note(text: str) -> None:
            notes.append(Said(line=line, sources=cite, text=text))

        for land in codes:
            session.lists.country(land)
        here = codes[0] if len(codes) == 1 else ""
        dates, amounts = self._dates(cite), self._amounts(cite, note)
        status = self._status(cite, note)
        objective, people = self._objective(cite), self._people(cite, here)
        sectors = self._sectors(cite)
        places = self._places(cite, here)
        for column, label in (
            ("last_stage_reached_name", "Last stage reached"),
            ("lendinginstr", "Lending instrument"),
            ("envassesmentcategorycode", "Environmental assessment category"),
            ("esrc_ovrl_risk_rate", "Environmental and social risk"),
            ("theme1", "Theme"),
            ("theme2", "Theme"),
            ("theme3", "Theme"),
            ("projectfinancialtype", "Financing type"),
        ):
            if said := self.get(column):
                note(f"{label} in the list: {said}.")
                self.done(column, "mapped", "as a note")
        for column in self.values:
            if column not in self.used:
                self.done(column, "not mapped", "the cell says nothing" if not self.get(column) else "the model has no place for it")
        return Case(
            path=session.file.shown,
            line=line,
            id=name,
            cites=cite,
            title=Said(line=line, sources=cite, text=title),
            codes=(Code(line=line, sources=cite, scheme="world-bank-project", value=code),),
            programme=ProgrammeOf(
                line=line,
                sources=cite,
                name="World Bank projects",
                basis="inferred",
                why="The list names no programme or trust fund; the project stands in the World Bank's list.",
            ),
            countries=tuple(CountryOf(line=line, sources=cite, id=c) for c in codes),
            grantee=people[0],
            partners=people[1],
            sectors=sectors,
            amounts=amounts,
            dates=dates,
            places=places,
            objective=objective,
            notes=tuple({n.text: n for n in notes}.values()),
            status=status,
        )

    def _objective(self, cite: tuple[str, ...]) -> Said | None:
        for name in ("pdo", "project_abstract"):
            if said := self.get(name):
                self.done(name)
                return Said(line=self.line, sources=cite, text=said, note="In the record's own words.")
        return None

    def _people(self, cite: tuple[str, ...], here: str) -> tuple[Participant | None, tuple[Participant, ...]]:
        """The implementing agency leads; without one nobody does. The list does not say what kind of bodies they are."""
        found: dict[str, tuple[str, list[str]]] = {}
        for column, role in (("impagency", "implementing agency"), ("borrower", "borrower or recipient of the grant")):
            said = self.get(column)
            if not said or said.upper() in ("TO BE DETERMINED", "NOT APPLICABLE", "TBD"):
                continue
            self.done(column)
            name = self.session.lists.organisation(said, "", "not-stated", "", "", here, cite[0])
            found.setdefault(name, (said, []))[1].append(role)
        made = [
            Participant(
                line=self.line,
                sources=cite,
                organisation=name,
                role="; ".join(roles),
                as_called=said if said != self.session.lists.authority.organisation[name].name else "",
            )
            for name, (said, roles) in found.items()
        ]
        leads = [p for p in made if p.role.startswith("implementing")]
        if "world-bank" in self.session.lists.shipped.organisation and "world-bank" not in found:
            self.session.lists.take_shipped("world-bank")
            made.append(
                Participant(
                    line=self.line,
                    sources=cite,
                    organisation="world-bank",
                    role="finances or supervises the project",
                    basis="inferred",
                    why="The project stands in the World Bank's own list of projects.",
                )
            )
        return (leads[0] if leads else None), tuple(p for p in made if p not in leads)

    def _dates(self, cite: tuple[str, ...]) -> tuple[Dated, ...]:
        found: dict[str, tuple[str, str]] = {}
        for column, kind in (
            ("boardapprovaldate", "approval"),
            ("loan_effective_date", "start"),
            ("closingdate", "closing"),
            ("public_disclosure_date", ""),
        ):
            said = self.get(column)
            if not said or not kind:
                continue
            day = _day(said)
            if not day:
                self.fault(column, f"'{said[:40]}' is no date", "Write YYYY-MM-DD or M/D/YYYY, from 1900 to 2099.")
                self.done(column, "dropped", "no date")
                continue
            found[kind] = (day, said)
        end = found.get("closing")
        first = min((d for k, (d, _) in found.items() if k != "closing"), default="")
        if end and first and end[0] < first:
            self.fault("closingdate", f"the closing date {end[0]} is before {first}", "Look both up again.")
            self.done("closingdate", "dropped", "before the approval")
            del found["closing"]
        for column in ("boardapprovaldate", "loan_effective_date", "closingdate"):
            self.done(column)
        return tuple(
            Dated(line=self.line, sources=cite, kind=k, value=d, printed=said if said != d else "") for k, (d, said) in found.items()
        )

    def _number(self, column: str) -> tuple[str, str] | None:
        said = self.get(column)
        if not said:
            return None
        if not _AMOUNT.match(said):
            self.fault(
                column,
                f"'{said[:40]}' is no amount in US dollars",
                "Write digits, with a comma between thousands or without, and a point for decimals.",
            )
            self.done(column, "dropped", "no amount")
            return None
        self.done(column)
        plain_ = said.replace(",", "")
        whole, _, part = plain_.partition(".")
        return (f"{whole}.{part.rstrip('0')[:6]}" if part.strip("0") else whole), said

    def _amounts(self, cite: tuple[str, ...], note: Callable[[str], None]) -> tuple[Amount, ...]:
        """The commitment, or the grant where there is no loan or credit; the other sums are told in notes."""
        found = {
            c: n
            for c in ("curr_total_commitment", "grantamt", "curr_project_cost", "curr_ibrd_commitment", "curr_ida_commitment")
            if (n := self._number(c)) is not None and n[0].strip("0.")
        }
        labels = {
            "curr_total_commitment": "Total commitment",
            "grantamt": "Grant amount",
            "curr_project_cost": "Current project cost",
            "curr_ibrd_commitment": "IBRD commitment",
            "curr_ida_commitment": "IDA commitment",
        }
        chosen = next((c for c in ("curr_total_commitment", "grantamt", "curr_project_cost") if c in found), "")
        for column, (number, _) in found.items():
            if column != chosen and number != found[chosen][0]:
                note(f"{labels[column]} in the list: {float(number):,.0f} US dollars.")
        if not chosen:
            return ()
        number, said = found[chosen]
        return (
            Amount(line=self.line, sources=cite, usd=number, printed=said if said != number else "", note=f"{labels[chosen]} in the list."),
        )

    def _status(self, cite: tuple[str, ...], note: Callable[[str], None]) -> Status | None:
        said = self.get("projectstatusdisplay")
        if not said:
            return None
        value = {"active": "active", "closed": "closed", "dropped": "dropped"}.get(said.lower())
        if value is None:
            note(f"Status in the list: {said}.")
            self.done("projectstatusdisplay", "mapped", "as a note")
            return None
        self.done("projectstatusdisplay")
        return Status(line=self.line, sources=cite, value=value)

    def _mapped(self) -> Iterator[tuple[Mapped, str]]:
        for column in ("sector1", "sector2", "sector3", "sector4", "sector5"):
            raw = self.get(column)
            if not raw:
                continue
            said = re.sub(r"\A\(historic\)\s*", "", raw, flags=re.IGNORECASE)
            found = mapped("world-bank-sector", vocab.slug(said))
            if found is not None and found.concepts:
                yield found, column
            elif self.counting:
                self.done(column, "not mapped", "no mapping for the name" if found is None else "too wide or no sector of cases")

    counting = False

    def _sectors(self, cite: tuple[str, ...]) -> tuple[Sector, ...]:
        made: dict[str, Sector] = {}
        self.counting = True
        for found, column in self._mapped():
            self.done(column)
            for concept in found.concepts:
                made.setdefault(concept, Sector(line=self.line, sources=cite, id=concept, as_called=self.get(column)))
        return tuple(made.values())

    def _places(self, cite: tuple[str, ...], here: str) -> tuple[PlaceOf, ...]:
        made: dict[str, PlaceOf] = {}
        for said in filter(None, map(str.strip, self.get("locations").split(";"))):
            place = self.session.lists.place(said, here)
            made.setdefault(
                place or said,
                PlaceOf(line=self.line, sources=cite, place=place, group="" if place else said, as_called=said if place else ""),
            )
        self.done("locations")
        return tuple(made.values())


def _day(said: str) -> str:
    """A day in any of the forms of the exports, or nothing.

    >>> _day("2013-12-16T00:00:00Z"), _day("2/17/2014 12:00:00 AM"), _day("31-Oct-2018"), _day("17/2/2014")
    ('2013-12-16', '2014-02-17', '2018-10-31', '')
    """
    if match := _ISO_DAY.match(said):
        day = match[1]
    elif match := _US_DAY.match(said):
        day = f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}"
    elif (match := _WORD_DAY.match(said)) and match[2].lower() in _MONTHS:
        day = f"{match[3]}-{_MONTHS[match[2].lower()]:02}-{int(match[1]):02}"
    else:
        return ""
    return day if is_date(day) else ""
