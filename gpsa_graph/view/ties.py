"""A network of a question as content of the page: its things, its ties, and the cases behind each tie.

The cases are there with their facts, so that every filter, the map, the matrix and the timeline work on them, but they are
not drawn among the things: a tie is shown while one of its cases passes the filters, and its width is their number.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import GpsaError
from gpsa_graph.view.data import KINDS, Cited, Explorer, Kind, Link, Thing, case_thing, facets_of, kind_of
from gpsa_graph.view.facts import organisation_facts
from gpsa_graph.view.layout import STEP, Picture, Point, clusters
from gpsa_graph.view.read import Content, read

if TYPE_CHECKING:
    import networkx as nx

    from gpsa_graph.graph.knowledge import KnowledgeGraph

__all__ = ["tied"]

#: Looks of kinds of things that are no actors, by the prefix of their names; another prefix takes the last.
_LOOKS = {
    "mechanism": ("Mechanisms", "Mechanism", "star", "#56B4E9"), "sector": ("Sectors", "Sector", "diamond", "#E69F00"),
    "result-kind": ("Kinds of result", "Kind of result", "triangleDown", "#3b4048"),
    "country": ("Countries", "Country", "hexagon", "#CC79A7"),
    "place": ("Places", "Place", "hexagon", "#CC79A7"), "collaboration-form": ("Forms of collaboration", "Form", "square", "#CC79A7"),
    "challenge-kind": ("Kinds of challenge", "Challenge", "triangleDown", "#D55E00"), "lesson": ("Lessons", "Lesson", "diamond", "#009E73"),
    "programme": ("Programmes", "Programme", "star", "#CC79A7"), "call": ("Calls", "Call", "hexagon", "#56B4E9"),
    "": ("Other things", "Thing", "dot", "#8a6d3b"),
}
MOST = 4000


def tied(kg: KnowledgeGraph, network: nx.Graph, *, title: str, reading: str = "",
         question: dict[str, Any] | None = None) -> Explorer:
    """Content of the page for a network of `gpsa_graph.network`; `question` (name and what was given) goes into view files.

    Raises GpsaError where the network has no tie, or more things than a page draws (4,000).
    """
    if not network.number_of_edges():
        raise GpsaError("the answer has no tie, so there is no network to draw; give less, or ask `gpsa answer` for the rows")
    if len(network) > MOST:
        raise GpsaError(f"the network has {len(network)} things and a page draws {MOST}; narrow it with --given, or write .gexf")
    content = read(kg)
    cited = Cited(content)
    evidence = sorted({case for _, _, about in network.edges(data=True) for case in about["cases"] if case in content.cases})
    things = {case: case_thing(content, case, content.cases[case], cited) for case in evidence}
    kinds: dict[str, Kind] = {k[0]: k for k in KINDS}
    for name, about in network.nodes(data=True):
        if name not in things:
            things[name] = _thing(content, str(name), str(about.get("label", name)), cited, kinds)
    places, homes, circles = _places(network)
    ordered = sorted(things.values(), key=lambda t: t.id)
    used = {t.kind for t in ordered} | {"case"}
    return Explorer(
        things=tuple(_at(t, homes) for t in ordered),
        links=tuple(_link(content, a, b, about, cited)
                    for a, b, about in sorted(network.edges(data=True), key=lambda e: (str(e[0]), str(e[1])))),
        facets=facets_of(content, ordered), islands=dict.fromkeys(sorted(set(homes.values())), ""),
        picture=Picture(circles, places), sources=cited.rows(), kinds=tuple(k for name, k in kinds.items() if name in used),
        title=title, reading=reading, directed=network.is_directed(), question=question)


def _thing(content: Content, name: str, label: str, cited: Cited, kinds: dict[str, Kind]) -> Thing:
    prefix = name.partition(":")[0]
    if prefix == "organisation" and name in content.organisations:
        props = content.organisations[name]
        also = tuple(str(v) for v in props.get("skos:altLabel", []))
        return Thing(name, kind_of(content, props), content.labels.get(name, label), also,
                     details=organisation_facts(content, props, cited, group=False))
    if prefix == "participation":
        parts = {part: props for of in content.parts.values() for part, props in of.items()}
        props = parts.get(name, {})
        return Thing(name, kind_of(content, props, str((props.get("gpsa:part") or [""])[0])), content.labels.get(name, label),
                     details=organisation_facts(content, props, cited, group=True))
    key = prefix if prefix in _LOOKS else ""
    kinds.setdefault(f"of-{key}", (f"of-{key}", *_LOOKS[key]))
    return Thing(name, f"of-{key}", content.labels.get(name, label) if label == name else label, details={"facts": [], "absent": []})


def _at(thing: Thing, homes: dict[str, str]) -> Thing:
    from dataclasses import replace

    return replace(thing, home=homes.get(thing.id, ""))


def _link(content: Content, a: Any, b: Any, about: dict[str, Any], cited: Cited) -> Link:
    told = {key.replace("_", " "): values for key, values in sorted(about.items())
            if key not in ("weight", "cases", "src") and not key.endswith("label") and isinstance(values, tuple) and values}
    said = [f"{key}: {'; '.join(content.labels.get(str(value), str(value)) for value in values)}" for key, values in told.items()]
    details: dict[str, Any] = {"src": cited(about["src"])}
    if said:
        details["note"] = [text if len(text) < 300 else text[:297] + "\u2026" for text in said]
    return Link(str(a), str(b), "tie", details, tuple(about["cases"]))


def _places(network: nx.Graph) -> tuple[dict[str, Point], dict[str, str], Any]:
    """Places of things within their cluster, the cluster of each, and the circles of the clusters."""
    import networkx as nx

    found: list[tuple[list[str], dict[str, Point]]] = []
    plain = nx.Graph(network)
    for members in sorted((sorted(map(str, c)) for c in nx.connected_components(plain)), key=lambda c: (-len(c), c)):
        part = plain.subgraph(members)
        found.append((members, _spring(part, members)))
    return clusters(found)


def _spring(part: nx.Graph, members: Iterable[str]) -> dict[str, Point]:
    import networkx as nx

    ordered = nx.Graph()
    ordered.add_nodes_from(members)
    ordered.add_edges_from(sorted(tuple(sorted((str(a), str(b)))) for a, b in part.edges if a != b))
    unit = STEP * 1.5 * sqrt(len(ordered))
    if len(ordered) < 2:
        return dict.fromkeys(ordered, (0.0, 0.0))
    made = nx.spring_layout(ordered, seed=1, iterations=120 if len(ordered) < 400 else 40)
    return {name: (round(float(x) * unit, 1), round(float(y) * unit, 1)) for name, (x, y) in made.items()}
