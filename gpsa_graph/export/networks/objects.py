"""Networks as JSON: node-link, Cytoscape and CX2. Lists stay lists, texts stay as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from gpsa_graph.export.networks.normal import Cell, Net

__all__ = ["cx2", "cyjs", "node_link"]


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(cells: Mapping[str, Cell]) -> dict[str, Any]:
    return {name: list(said) if isinstance(said, tuple) else said for name, said in cells.items()}


def _head(net: Net) -> dict[str, Any]:
    return {
        "title": net.title,
        **({"given": net.given} if net.given else {}),
        "data": f"{net.version} {net.day}",
        "license": "CC BY 4.0",
        "sources": dict(net.citations),
    }


def node_link(net: Net) -> str:
    """Node-link JSON, the form of d3 and of `networkx.node_link_graph(..., edges="links")`."""
    nodes = [{"id": n.id, "label": n.label, **_plain(n.cells), "x": n.x, "y": n.y, "color": n.look.colour} for n in net.nodes]
    links = [
        {
            "id": e.id,
            "source": e.source,
            "target": e.target,
            **({"key": e.id} if net.parallel else {}),
            **({"kind": e.kind} if e.kind else {}),
            "weight": e.weight,
            **_plain(e.cells),
        }
        for e in net.edges
    ]
    head = _head(net)
    return _dump(
        {
            "title": head["title"],
            "data": head["data"],
            "directed": net.directed,
            "multigraph": net.parallel,
            "graph": head,
            "nodes": nodes,
            "links": links,
        }
    )


def cyjs(net: Net) -> str:
    """Cytoscape JSON, read by Cytoscape, cytoscape.js and `networkx.cytoscape_graph`."""
    nodes = [
        {
            "data": {"id": n.id, "value": n.id, "name": n.label, "label": n.label, **_plain(n.cells), "color": n.look.colour},
            "position": {"x": n.x, "y": -n.y},
        }
        for n in net.nodes
    ]
    edges = [
        {
            "data": {
                "id": e.id,
                "key": e.id,
                "source": e.source,
                "target": e.target,
                "interaction": e.kind or "with",
                **({"kind": e.kind} if e.kind else {}),
                "weight": e.weight,
                **_plain(e.cells),
            }
        }
        for e in net.edges
    ]
    about = _head(net)
    return _dump(
        {
            "format_version": "1.0",
            "generated_by": "gpsa-graph",
            "directed": net.directed,
            "multigraph": net.parallel,
            "data": {**about, "name": net.title},
            "elements": {"nodes": nodes, "edges": edges},
        }
    )


_CX2 = {"string": "string", "list": "list_of_string", "integer": "long", "double": "double", "boolean": "boolean"}
_SHAPES = {
    "disc": "ellipse",
    "square": "rectangle",
    "triangle": "triangle",
    "diamond": "diamond",
    "star": "hexagon",
    "down": "vee",
    "hexagon": "octagon",
}


def cx2(net: Net) -> str:
    """CX2, the form of NDEx and Cytoscape (https://cytoscape.org/cx/cx2/specification/cytoscape-exchange-format-specification-(version-2)/)."""
    number = {node.id: i for i, node in enumerate(net.nodes)}
    node_types = {
        "name": "string",
        "id": "string",
        **{k: v for k, v in net.node_columns.items() if k not in ("name", "label")},
        "color": "string",
        "shape": "string",
    }
    edge_types = {"id": "string", "kind": "string", "weight": "double", **net.edge_columns}
    nodes = [
        {
            "id": number[n.id],
            "x": n.x,
            "y": -n.y,
            "z": 0,
            "v": {
                "name": n.label,
                "id": n.id,
                **{k: v for k, v in _plain(n.cells).items() if k in node_types},
                "color": n.look.colour,
                "shape": _SHAPES[n.look.shape],
            },
        }
        for n in net.nodes
    ]
    edges = [
        {
            "id": i,
            "s": number[e.source],
            "t": number[e.target],
            "v": {"id": e.id, **({"kind": e.kind} if e.kind else {}), "weight": float(e.weight), **_plain(e.cells)},
        }
        for i, e in enumerate(net.edges)
    ]
    about = {
        "name": net.title or "Network",
        "description": net.about,
        "version": f"{net.version} {net.day}",
        "rights": "CC BY 4.0",
        "directed": net.directed,
        "sources": [f"{name}: {said}" for name, said in net.citations.items()],
    }
    declared = {
        "networkAttributes": {
            name: {"d": "boolean" if name == "directed" else "list_of_string" if name == "sources" else "string"} for name in about
        },
        "nodes": {name: {"d": _CX2[kind]} for name, kind in node_types.items()},
        "edges": {name: {"d": _CX2[kind]} for name, kind in edge_types.items()},
    }
    style = {
        "default": {
            "edge": {"EDGE_LINE_COLOR": "#9AA0A8", "EDGE_TARGET_ARROW_SHAPE": "triangle" if net.directed else "none"},
            "network": {"NETWORK_BACKGROUND_COLOR": "#FFFFFF"},
            "node": {"NODE_LABEL_FONT_SIZE": 9},
        },
        "nodeMapping": {
            "NODE_BACKGROUND_COLOR": {"type": "PASSTHROUGH", "definition": {"attribute": "color", "type": "string"}},
            "NODE_SHAPE": {"type": "PASSTHROUGH", "definition": {"attribute": "shape", "type": "string"}},
            "NODE_LABEL": {"type": "PASSTHROUGH", "definition": {"attribute": "name", "type": "string"}},
        },
        "edgeMapping": {},
    }
    parts: dict[str, Sequence[object]] = {
        "attributeDeclarations": [declared], "networkAttributes": [about], "nodes": nodes, "edges": edges, "visualProperties": [style],
    }
    meta = [{"name": name, "elementCount": len(said)} for name, said in parts.items()]
    return _dump(
        [
            {"CXVersion": "2.0", "hasFragments": False},
            {"metaData": meta},
            *({name: said} for name, said in parts.items()),
            {"status": [{"success": True}]},
        ]
    )
