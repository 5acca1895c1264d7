"""The content of the explorer as plain values: nodes, links, facets, and the details of each with its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from gpsa_graph.graph.knowledge import KnowledgeGraph
from gpsa_graph.graph.rows import Value
from gpsa_graph.view.alike import similar
from gpsa_graph.view.facts import case_facts, organisation_facts, part_facts
from gpsa_graph.view.layout import Picture, Spot, islands
from gpsa_graph.view.read import Content, Props, read

__all__ = ["KINDS", "Explorer", "Kind", "Link", "Thing", "case_thing", "explorer", "facets_of", "kind_of"]

Kind = tuple[str, str, str, str, str]

#: Kinds of nodes: id, name in the legend, name of one, shape, colour.
KINDS: tuple[Kind, ...] = (
    ("case", "Cases", "Case", "dot", "#0072B2"),
    ("society", "Civil society", "Civil society", "triangle", "#009E73"),
    ("state", "Public bodies", "Public body", "square", "#D55E00"),
    ("other", "Funders, research, companies", "Funder, research body or company", "diamond", "#E69F00"),
)
_SIDE = {"society": -1, "state": 1, "other": 0}
#: Facets: id and heading, in the order of the page.
FACETS = (
    ("sector", "Sector"), ("mechanism", "Mechanism"), ("result-kind", "Kind of result"), ("finding", "Finding"),
    ("collaboration-form", "Form of collaboration"), ("government-level", "Level of government"),
    ("region", "Region"), ("country", "Country"), ("programme", "Programme"), ("call", "Call of the GPSA"),
    ("attribution", "Belongs to the GPSA"), ("source-kind", "Kind of source"),
)
_DIRECT = {"sector": "gpsa:sector", "mechanism": "gpsa:usesMechanism", "region": "gpsa:region", "country": "gpsa:country",
           "programme": "gpsa:programme", "call": "gpsa:call", "attribution": "gpsa:attribution"}
#: Where islands are drawn to, roughly as on a map (-1..1 to the right and down).
_ANCHORS = {
    "region:latin-america-and-caribbean": (-1.0, 0.15), "region:europe-and-central-asia": (0.05, -1.0),
    "region:middle-east-and-north-africa": (-0.25, -0.5), "region:western-and-central-africa": (-0.3, 0.35),
    "region:eastern-and-southern-africa": (0.2, 0.8), "region:south-asia": (0.65, -0.35),
    "region:east-asia-and-pacific": (1.0, 0.35), "region:other-countries": (-0.8, -0.8),
}
_ABROAD = "several-countries"
_FROM, _TO = ("start", "launch", "approval", "announcement"), ("closing",)


@dataclass(frozen=True, slots=True)
class Thing:
    """A node: a case, an organisation, or a group that took part in one case. `facets` and `years` only for cases."""

    id: str
    kind: str
    label: str
    also: tuple[str, ...] = ()
    home: str = ""
    facets: dict[str, list[str]] = field(default_factory=dict)
    years: tuple[int | None, int | None] = (None, None)
    marks: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A drawn edge between a case and someone who took part in it, or between two cases; or a tie with the cases behind it."""

    case: str
    other: str
    part: str
    details: dict[str, Any]
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explorer:
    """Everything the page holds; `sources` are cited by their position.

    Where `title` is set the page shows the network of a question: its links are ties, and its cases stand behind them.
    """

    things: tuple[Thing, ...]
    links: tuple[Link, ...]
    facets: tuple[tuple[str, str, dict[str, str]], ...]
    islands: dict[str, str]
    picture: Picture
    sources: tuple[tuple[str, ...], ...]
    kinds: tuple[Kind, ...] = KINDS
    title: str = ""
    reading: str = ""
    directed: bool = False
    question: dict[str, Any] | None = None


class Cited:
    """Gives sources their position in the list of the page."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._at: dict[str, int] = {}

    def __call__(self, names: Iterable[Value]) -> list[int]:
        known = sorted({str(n) for n in names if str(n) in self._content.sources}, key=self._rank)
        return [self._at.setdefault(name, len(self._at)) for name in known]

    def _rank(self, name: str) -> tuple[int, str, str]:
        props = self._content.sources[name]
        return -self._content.ladder.get(_one(props, "gpsa:sourceKind"), 0), _one(props, "dcterms:issued"), name

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Title, publisher, date, kind, address (empty where it is none that a page may open) and name of each."""
        rows = []
        for name in self._at:
            props = self._content.sources[name]
            kind = _one(props, "gpsa:sourceKind")
            rows.append((_one(props, "dcterms:title") or name, _one(props, "dcterms:publisher"), _one(props, "dcterms:issued"),
                         self._content.labels.get(kind, kind), _one(props, "schema:url"), name))
        return tuple(rows)


def _one(props: Props, name: str) -> str:
    values = props.get(name)
    return "" if not values or values[0] is None else str(values[0])


def address(url: str) -> str:
    """The address if a page may link to it (http, https, mailto), else nothing.

    >>> address("https://example.org/a"), address("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    plain = not any(ord(c) < 33 for c in url)
    return url if plain and ((parts.scheme in ("http", "https") and parts.netloc) or parts.scheme == "mailto") else ""


def explorer(kg: KnowledgeGraph) -> Explorer:
    """Read the graph and lay it out."""
    content = read(kg)
    cited = Cited(content)
    things: dict[str, Thing] = {}
    links: list[Link] = []
    countries: dict[str, set[str]] = {}
    for case, props in content.cases.items():
        home = [str(c) for c in props.get("gpsa:country", [])]
        countries[case] = set(home)
        things[case] = case_thing(content, case, props, cited)
        for name, part in content.parts[case].items():
            if "gpsa:Participation" in part.get("rdf:type", []):
                body = _one(part, "gpsa:organisation") or name
                countries.setdefault(body, set()).update(home)
                if body not in things:
                    things[body] = _actor(content, body, name, part, cited)
                links.append(Link(case, body, _one(part, "gpsa:part"), part_facts(content, part, cited)))
        for claim in content.claims[case]:
            if claim.relation == "gpsa:relatedCase" and str(claim.value) in content.cases:
                links.append(Link(case, str(claim.value), "related", {
                    "role": " ".join(str(t) for t in claim.extra.get("gpsa:text", [])),
                    "src": cited(claim.extra.get("prov:wasDerivedFrom", []))}))
    for name, thing in things.items():
        found = countries[name]
        things[name] = replace(thing, home=next(iter(found)) if len(found) == 1 else _ABROAD)
    for case, near in similar(kg, len(content.cases)).items():
        if case in things and near:
            things[case].details["like"] = [[name, why] for name, why in near if name in things]
    ordered = sorted(things.values(), key=lambda t: t.id)
    names = {home: content.labels.get(home, home) for home in sorted({t.home for t in ordered})}
    names |= {_ABROAD: "Several countries"} if _ABROAD in names else {}
    spots = [Spot(t.id, t.home, t.kind == "case", _SIDE.get(t.kind, 0)) for t in ordered]
    anchors = {home: _ANCHORS[content.region[home]] for home in names if content.region.get(home) in _ANCHORS}
    anchors[_ABROAD] = (-0.75, 1.0)
    picture = islands(spots, [(link.case, link.other) for link in links], names, anchors)
    return Explorer(tuple(ordered), tuple(links), facets_of(content, ordered), names, picture, cited.rows())


def case_thing(content: Content, name: str, props: Props, cited: Cited) -> Thing:
    """A case with its facets, years and facts; its home is set later."""
    also = [str(v) for p in ("dcterms:alternative", "dcterms:identifier", "gpsa:formerId", "gpsa:worldBankProject")
            for v in props.get(p, [])]
    begun = [int(str(props[f"gpsa:{k}Year"][0])) for k in _FROM if f"gpsa:{k}Year" in props]
    ended = [int(str(props[f"gpsa:{k}Year"][0])) for k in _TO if f"gpsa:{k}Year" in props]
    marks = ("attribution probable",) if "attribution:probable" in props.get("gpsa:attribution", []) else ()
    return Thing(name, "case", content.labels.get(name, name), tuple(dict.fromkeys(also)), "", _facet_values(content, name, props),
                 (begun[0] if begun else None, ended[0] if ended else None), marks, case_facts(content, name, cited))


def _facet_values(content: Content, name: str, props: Props) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {facet: {str(v) for v in props.get(p, [])} for facet, p in _DIRECT.items()}
    found |= {"result-kind": set(), "finding": set(), "government-level": set(), "source-kind": set(),
              "collaboration-form": {str(v) for v in props.get("gpsa:collaborationForm", [])}}
    for part in content.parts[name].values():
        if "gpsa:Result" in part.get("rdf:type", []) and not part.get("gpsa:background"):
            found["result-kind"] |= {str(v) for v in part.get("gpsa:resultKind", [])}
            found["finding"] |= {str(v) for v in part.get("gpsa:finding", [])}
        found["collaboration-form"] |= {str(v) for v in part.get("gpsa:collaborationForm", [])}
        if "part:public-body" in part.get("gpsa:part", []):
            body = content.organisations.get(_one(part, "gpsa:organisation"), part)
            found["government-level"] |= {str(v) for v in body.get("gpsa:level", [])}
    said = [claim.extra for claim in content.claims[name]] + list(content.parts[name].values())
    found["source-kind"] = {str(k) for extra in said for s in extra.get("prov:wasDerivedFrom", [])
                            for k in content.sources.get(str(s), {}).get("gpsa:sourceKind", [])}
    return {facet: sorted(values) for facet, values in found.items()}


def kind_of(content: Content, props: Props, part: str = "") -> str:
    """Society, state or other, from the kind of actor that a body is classed as."""
    if "gpsa:PublicBody" in props.get("rdf:type", []) or part == "part:public-body":
        return "state"
    kind = _one(props, "gpsa:kind")
    while kind in content.broader:
        kind = content.broader[kind][0]
    return {"actor:civil-society-actor": "society", "actor:citizen-group": "society", "actor:state-actor": "state"}.get(kind, "other")


def _actor(content: Content, body: str, participation: str, part: Props, cited: Cited) -> Thing:
    props = content.organisations.get(body)
    if props is None:
        also = tuple(str(v) for v in part.get("gpsa:asCalled", []))
        label = content.labels.get(participation, also[0] if also else participation)
        return Thing(body, kind_of(content, part, _one(part, "gpsa:part")), label, tuple(a for a in also if a != label), "", {},
                     (None, None), ("a group, named in this case only",), organisation_facts(content, part, cited, group=True))
    return Thing(body, kind_of(content, props), content.labels.get(body, body), tuple(str(v) for v in props.get("skos:altLabel", [])),
                 "", {}, (None, None), (), organisation_facts(content, props, cited, group=False))


def facets_of(content: Content, things: Sequence[Thing]) -> tuple[tuple[str, str, dict[str, str]], ...]:
    """Each facet that some case has a value of: id, heading, and value -> label, most frequent first."""
    found = []
    for facet, heading in FACETS:
        used = Counter(v for t in things for v in set(t.facets.get(facet, ())))
        order = sorted(used, key=lambda v: (-used[v], content.labels.get(v, v), v))
        if order:
            found.append((facet, heading, {v: content.labels.get(v, v) for v in order}))
    return tuple(found)
