"""Networks for pyvis, built safely: positions fixed, no physics, nothing that pyvis writes unescaped into a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx
    from pyvis.network import Network

__all__ = ["filled", "to_pyvis", "vis_script"]

_OPTIONS = {
    "physics": {"enabled": False},
    "edges": {"smooth": False, "color": {"color": "#b9b5ad", "inherit": False}},
    "interaction": {"hideEdgesOnDrag": True},
}


def filled(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> Network:
    """A pyvis network that holds these nodes and edges as they are (`add_node` and `add_edge` take quadratic time)."""
    from pyvis.network import Network

    made = Network(height="700px", directed=True, cdn_resources="in_line")
    made.nodes, made.edges = nodes, edges
    made.node_ids = [node["id"] for node in nodes]
    made.node_map = {node["id"]: node for node in nodes}
    made.options = dict(_OPTIONS)
    return made


def to_pyvis(network: nx.Graph) -> Network:
    """A network of `gpsa_graph.network` as a `pyvis.network.Network` to go on with.

    Names and labels become text, edges get their weight as width and their cases as title; arrows are shown where the
    network is directed. Positions come from a spring layout with a fixed seed and physics is off, so that the picture is
    there at once and is the same each time. Every parallel edge is kept. The pages that pyvis itself writes load styles
    from outside; `gpsa explore` writes one that does not.

    >>> import networkx
    >>> net = to_pyvis(networkx.Graph([("a", "b")]))
    >>> [node["label"] for node in net.nodes], net.options["physics"]["enabled"]
    (['a', 'b'], False)
    """
    import networkx as nx

    places = nx.spring_layout(network, seed=1, iterations=60) if len(network) else {}
    scale = 60.0 * max(len(network), 1) ** 0.5
    nodes = [{"id": str(name), "label": str(about.get("label", name)), "shape": "dot", "size": 10,
              "x": round(float(places[name][0]) * scale), "y": round(float(places[name][1]) * scale)}
             for name, about in network.nodes(data=True)]
    arrows = "to" if network.is_directed() else ""
    edges = [{"from": str(a), "to": str(b), "arrows": arrows, "width": about.get("weight", 1),
              "title": ", ".join(map(str, about.get("cases", ())))} for a, b, about in network.edges(data=True)]
    return filled(nodes, edges)


def vis_script() -> str:
    """The script of vis-network that comes inside the installed pyvis package."""
    import pyvis

    found = sorted(Path(pyvis.__file__).parent.glob("lib/vis-*/vis-network.min.js"), key=_version)
    return found[-1].read_text("utf-8")


def _version(path: Path) -> list[int]:
    return [int(n) for n in path.parent.name.removeprefix("vis-").split(".") if n.isdigit()]
