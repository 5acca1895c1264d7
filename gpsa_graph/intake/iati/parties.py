"""Who takes part in an activity: participating organisations with role and type, and the parties of its transactions."""

from __future__ import annotations

from dataclasses import dataclass, field

from gpsa_graph.cases.model import Participant, PublicBody
from gpsa_graph.intake.codes import mapped
from gpsa_graph.intake.iati.money import Money
from gpsa_graph.intake.iati.words import ROLE_NAMES, ROLES, best, code
from gpsa_graph.intake.session import Session
from gpsa_graph.intake.xml import Element

__all__ = ["Parties", "parties"]

#: Words that 1.0x files have in the place of a type.
_TYPES = {
    "government": "10",
    "other public sector": "15",
    "international ngo": "21",
    "national ngo": "22",
    "regional ngo": "23",
    "public private partnership": "30",
    "multilateral": "40",
    "foundation": "60",
    "private sector": "70",
    "academic, training and research": "80",
    "local government": "11",
    "other": "90",
}
_ABROAD = frozenset({"XM", "XI", "XR", "QS"})


@dataclass(slots=True)
class Parties:
    """What a case says of who takes part; `reporter` is the name of the reporting organisation."""

    reporter: str
    grantee: Participant | None = None
    partners: tuple[Participant, ...] = ()
    government: tuple[PublicBody, ...] = ()


@dataclass(slots=True)
class _Party:
    line: int
    called: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, session: Session, language: str, codes: list[str], reporter: Element | None) -> None:
        self.session, self.language, self.codes = session, language, codes
        self.reporter = reporter.get("ref").lower() if reporter is not None else ""

    def country_of(self, ref: str) -> str:
        """The country in which a reference is registered: the first part of an identifier after org-id.guide."""
        start = ref.partition("-")[0].upper()
        return self.session.lists.countries.code(start) if len(start) == 2 and "-" in ref and start not in _ABROAD else ""

    def kind(self, said: str, ref: str, roles: list[str]) -> tuple[str, str, str]:
        """Kind, level and country of an organisation by its type; a government that funds from elsewhere is a donor."""
        found = mapped("iati-organisation-type", said) or mapped("iati-organisation-type", "")
        assert found is not None
        if said not in ("10", "11", "15"):
            return (found.concepts or ("not-stated",))[0], "", ""
        home = self.country_of(ref)
        elsewhere = bool(home) and home not in self.codes
        if elsewhere or (not home and (roles == ["1"] or (ref and ref.lower() == self.reporter))):
            donor = mapped("iati-organisation-type", "bilateral")
            assert donor is not None
            return donor.concepts[0], "", home
        level = mapped("iati-organisation-level", said)
        assert level is not None
        return found.concepts[0], level.concepts[0], home or (self.codes[0] if len(self.codes) == 1 else "")


def parties(activity: Element, money: Money, session: Session, cite: tuple[str, ...], language: str, codes: list[str]) -> Parties:
    """Everybody who takes part: the first implementing organisation that is no public body leads, public bodies are apart."""
    reporting = activity.first("reporting-org")
    reporter = best([reporting], language)[0] or (reporting.get("ref") if reporting is not None else "") or "an organisation not named"
    if reporting is not None:
        session.tally.element("reporting-org", n=len(activity.all("reporting-org")))
    reader = _Reader(session, language, codes, reporting)
    all_roles: dict[str, list[str]] = {}
    for one in activity.all("participating-org"):
        all_roles.setdefault(one.get("ref") or best([one], language)[0], []).append(code(one, ROLES, "role"))
    found: dict[str, _Party] = {}

    def take(one: Element, role: str, words: str) -> bool:
        name, ref = best([one], language)[0], one.get("ref")
        if not name and not ref:
            return False
        kind = code(one, _TYPES, "type") if one.get("type") else ""
        sort, level, country = reader.kind(kind, ref, sorted(set(all_roles.get(ref or name, [role]))))
        here = codes[0] if len(codes) == 1 else ""
        made = found.setdefault(session.lists.organisation(name, ref, sort, level, country, here, cite[0]), _Party(one.line))
        if role and role not in made.roles:
            made.roles.append(role)
        if words and words not in made.words:
            made.words.append(words)
        if name and name not in made.called:
            made.called.append(name)
        return True

    for one in activity.all("participating-org"):
        role = code(one, ROLES, "role")
        if role not in ROLE_NAMES:
            session.fault(one.line, f"'{one.get('role')}' is no role of an organisation", "Write a code of OrganisationRole, 1 to 4.")
            session.tally.element("participating-org", "dropped", "its role is not in the codelist")
        elif take(one, role, ""):
            session.tally.element("participating-org")
        else:
            session.tally.element("participating-org", "not mapped", "neither a name nor a reference")
    for one, words in money.parties:
        session.tally.element(
            f"transaction/{one.name}", *(() if take(one, "", words) else ("not mapped", "neither a name nor a reference"))
        )
    return _placed(found, session, cite, reporter)


def _placed(found: dict[str, _Party], session: Session, cite: tuple[str, ...], reporter: str) -> Parties:
    made = Parties(reporter)
    partners, government = [], []
    for name, party in found.items():
        words = [f"{' and '.join(ROLE_NAMES[r] for r in party.roles)} organisation"] if party.roles else []
        said = "; ".join(words + party.words)
        label = session.lists.authority.organisation[name].name
        called = next((c for c in party.called if c != label), "")
        if session.lists.is_public(name):
            roles = tuple(c for r in party.roles if (m := mapped("iati-organisation-role", r)) for c in m.concepts)
            government.append(PublicBody(line=party.line, sources=cite, organisation=name, as_called=called, role=said, roles=roles))
        elif "4" in party.roles and made.grantee is None:
            made.grantee = Participant(line=party.line, sources=cite, organisation=name, as_called=called, role=said)
        else:
            partners.append(Participant(line=party.line, sources=cite, organisation=name, as_called=called, role=said))
    made.partners, made.government = tuple(partners), tuple(government)
    return made
