"""Facts in words for the panel: label, values, remarks and the positions of their sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gpsa_graph.graph.rows import Value
from gpsa_graph.view.read import Claimed, Content, Props

__all__ = ["case_facts", "organisation_facts", "part_facts"]

Cite = Callable[[Iterable[Value]], list[int]]
#: Relations of a case in the order of the panel, with their words; `""` leaves one to another part of the panel.
RELATIONS = {
    "gpsa:programme": "Programme", "gpsa:attribution": "Attribution", "gpsa:call": "Call", "gpsa:country": "Country", "gpsa:place": "Place",
    "gpsa:sector": "Sector", "gpsa:usesMechanism": "Mechanism", "gpsa:collaborationForm": "Form of collaboration",
    "gpsa:amount": "Amount", "gpsa:announcementDate": "Announced", "gpsa:approvalDate": "Approved", "gpsa:launchDate": "Launched",
    "gpsa:startDate": "Started", "gpsa:closingDate": "Closed", "gpsa:status": "Status", "gpsa:scope": "Scope",
    "gpsa:objective": "Objective", "gpsa:problem": "Problem", "gpsa:baselineFact": "Before the case", "gpsa:evaluationDesign": "Evaluation",
    "gpsa:worldBankProject": "World Bank project", "gpsa:trustFund": "Trust fund", "dcterms:title": "Title",
    "dcterms:alternative": "Also titled", "gpsa:note": "Note",
    "gpsa:hasGrantee": "", "gpsa:hasPartner": "", "gpsa:involvesGovernment": "", "gpsa:relatedCase": "",
}
_FACETS = {"gpsa:sector": "sector", "gpsa:usesMechanism": "mechanism", "gpsa:country": "country", "gpsa:programme": "programme",
           "gpsa:call": "call", "gpsa:collaborationForm": "collaboration-form", "gpsa:attribution": "attribution"}
_ABSENT = (("gpsa:amount", "Amount"), ("gpsa:startDate", "Started"), ("gpsa:closingDate", "Closed"))


def _texts(props: Props, *names: str) -> list[str]:
    return [str(v) for name in names for v in props.get(name, [])]


def _shown(content: Content, relation: str, value: Value) -> str:
    if relation == "gpsa:amount":
        return f"US$ {value:,}" if isinstance(value, (int, float)) else f"US$ {value}"
    return content.labels.get(str(value), str(value))


def _said(content: Content, claim: Claimed, cite: Cite) -> dict[str, Any]:
    extra = claim.extra
    notes = _texts(extra, "gpsa:text", "gpsa:term", "gpsa:note", "gpsa:why")
    called = [f"called \u201c{v}\u201d" for v in _texts(extra, "gpsa:asCalled")]
    printed = [f"printed \u201c{v}\u201d" for v in _texts(extra, "gpsa:printed")]
    marks = [mark for mark, on in (
        ("inferred", "basis:inferred" in extra.get("gpsa:basis", [])), ("sources disagree", "gpsa:disputes" in extra),
        ("another value is preferred", not claim.preferred), ("sources given together", "gpsa:pooled" in extra)) if on]
    made: dict[str, Any] = {"v": _shown(content, claim.relation, claim.value), "src": cite(extra.get("prov:wasDerivedFrom", []))}
    if remarks := list(dict.fromkeys(called + printed + notes)):
        made["note"] = remarks
    if marks:
        made["mark"] = marks
    if claim.relation in _FACETS:
        made["go"] = [_FACETS[claim.relation], str(claim.value)]
    return made


def case_facts(content: Content, name: str, cite: Cite) -> dict[str, Any]:
    """Claims of a case by relation, its results, challenges, lessons, people and gaps."""
    by: dict[str, list[Claimed]] = {}
    for claim in content.claims[name]:
        by.setdefault(claim.relation, []).append(claim)
    rest = {r: content.labels.get(r, r.partition(":")[2]) for r in sorted(by) if r not in RELATIONS}
    facts = [[label, [_said(content, claim, cite) for claim in by[relation]]]
             for relation, label in {**RELATIONS, **rest}.items() if label and relation in by]
    gone = [label for relation, label in _ABSENT if relation not in by]
    parts = content.parts[name]
    return {"facts": facts, "absent": gone, **{key: made for key, type_ in (
        ("results", "gpsa:Result"), ("challenges", "gpsa:Challenge"), ("lessons", "gpsa:Lesson"), ("people", "gpsa:Person"),
        ("gaps", "gpsa:Gap")) if (made := [_part(content, part, cite) for part in _sorted(parts, type_)])}}


def _sorted(parts: dict[str, Props], type_: str) -> list[Props]:
    found = [p for _, p in sorted(parts.items()) if type_ in p.get("rdf:type", [])]
    return sorted(found, key=lambda p: (str(p.get("gpsa:resultKind", [""])[0]), str(p.get("gpsa:year", [9999])[0]),
                                        str((p.get("gpsa:text") or p.get("foaf:name") or [""])[0])))


def _labels(content: Content, props: Props, *names: str) -> list[str]:
    return [content.labels.get(v, v) for v in _texts(props, *names)]


def _part(content: Content, part: Props, cite: Cite) -> dict[str, Any]:
    """A result, challenge, lesson, person or gap: its kind, text, figures and sources."""
    kinds = _labels(content, part, "gpsa:resultKind", "gpsa:finerKind", "gpsa:challengeKind", "gpsa:field", "gpsa:personRole")
    text = _texts(part, "gpsa:text") or _texts(part, "foaf:name")
    figures = []
    if part.get("gpsa:printed"):
        unit = _texts(part, "gpsa:unit")
        before = [f"from {b}" for b in _texts(part, "gpsa:baseline")]
        figures.append(" ".join([*_texts(part, "gpsa:indicator"), ": " if part.get("gpsa:indicator") else "", *before,
                                 "to" if before else "", *_texts(part, "gpsa:printed"), *unit]).replace(" : ", ":"))
    elif part.get("gpsa:indicator"):
        figures.append(" ".join(_texts(part, "gpsa:indicator")))
    made: dict[str, Any] = {"v": text[0] if text else "", "src": cite(part.get("prov:wasDerivedFrom", []))}
    if kinds:
        made["kind"] = kinds
    finding = _labels(content, part, "gpsa:finding")
    if finding:
        made["finding"] = [finding[0], _texts(part, "gpsa:finding")[0].partition(":")[2]]
    years = _texts(part, "gpsa:year") or (["no year stated"] if part.get("gpsa:undated") else [])
    about = _texts(part, "gpsa:role") + _labels(content, part, "gpsa:actsFor", "gpsa:aboutMechanism")
    notes = figures + years + about + _texts(part, "gpsa:note", "gpsa:why")
    if notes:
        made["note"] = notes
    marks = [mark for mark, name in (("background", "gpsa:background"), ("sources disagree", "gpsa:disputes"),
                                     ("sources given together", "gpsa:pooled")) if part.get(name)]
    if "basis:inferred" in part.get("gpsa:basis", []):
        marks.append("inferred")
    if marks:
        made["mark"] = marks
    return made


def part_facts(content: Content, part: Props, cite: Cite) -> dict[str, Any]:
    """What a participation says: role, forms, depth and sources."""
    made: dict[str, Any] = {"src": cite(part.get("prov:wasDerivedFrom", []))}
    for key, values in (("role", _texts(part, "gpsa:role")), ("called", _texts(part, "gpsa:asCalled"))):
        if values:
            made[key] = "; ".join(values)
    classed = _labels(content, part, "gpsa:governmentRole", "gpsa:collaborationForm", "gpsa:depth")
    if classed:
        made["classed"] = classed
    notes = _texts(part, "gpsa:note", "gpsa:why")
    if notes:
        made["note"] = notes
    return made


def organisation_facts(content: Content, props: Props, cite: Cite, *, group: bool) -> dict[str, Any]:
    """Rows of the authority list for an organisation, or what a case says of a group."""
    sources = cite(props.get("prov:wasDerivedFrom" if group else "dcterms:source", []))
    rows = (("Kind", _labels(content, props, "gpsa:kind")), ("Level", _labels(content, props, "gpsa:level")),
            ("Country", _labels(content, props, "gpsa:country")), ("Also called", _texts(props, "skos:altLabel")),
            ("Homepage", _texts(props, "foaf:homepage")), ("Note", _texts(props, "gpsa:note")))
    facts = [[label, [{"v": value, "src": sources, **({"mark": ["classed here"]} if label in ("Kind", "Level") else {})}
                      for value in values]] for label, values in rows if values]
    return {"facts": facts, "absent": []}
