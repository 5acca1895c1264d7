"""GEXF 1.3 and GraphML.

GEXF: https://gexf.net/schema.html (1.3); GraphML: http://graphml.graphdrawing.org/specification.html. Characters that XML 1.0
cannot hold become U+FFFD.
"""

from __future__ import annotations

from collections.abc import Mapping

from gpsa_graph.export.networks.normal import Cell, Net, clean, flat

__all__ = ["gexf", "graphml"]

_GEXF = {"string": "string", "list": "string", "integer": "long", "double": "double", "boolean": "boolean"}
_GRAPHML = {**_GEXF}
_SHAPES = {"disc": "disc", "square": "square", "triangle": "triangle", "diamond": "diamond"}
_ATTRIBUTE = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\r": "&#13;",
        "\t": "&#9;",
        "\x85": "&#133;",
        "\u2028": "&#8232;",
    }
)
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", "\x85": "&#133;", "\u2028": "&#8232;"})


def _said(text: str) -> str:
    return '"' + clean(text).translate(_ATTRIBUTE) + '"'


def gexf(net: Net) -> str:
    """The network as GEXF 1.3 with positions, sizes, colours and shapes; parallel edges differ by `kind`."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">',
        f'  <meta lastmodifieddate="{net.day}">',
        "    <creator>gpsa-graph</creator>",
        f"    <description>{clean(net.about).translate(_TEXT)}</description>",
        "  </meta>",
        f'  <graph defaultedgetype="{"directed" if net.directed else "undirected"}" mode="static">',
    ]
    for what, columns in (("node", net.node_columns), ("edge", net.edge_columns)):
        lines.append(f'    <attributes class="{what}" mode="static">')
        lines += [f'      <attribute id={_said(name)} title={_said(name)} type="{_GEXF[kind]}"/>' for name, kind in columns.items()]
        lines.append("    </attributes>")
    lines.append(f'    <nodes count="{len(net.nodes)}">')
    for node in net.nodes:
        r, g, b = (int(node.look.colour[i : i + 2], 16) for i in (1, 3, 5))
        lines += [
            f"      <node id={_said(node.id)} label={_said(node.label)}>",
            *_values(node.cells, net.node_columns),
            f'        <viz:color r="{r}" g="{g}" b="{b}"/>',
            f'        <viz:position x="{node.x}" y="{node.y}" z="0.0"/>',
            f'        <viz:size value="{node.size}"/>',
            f'        <viz:shape value="{_SHAPES.get(node.look.shape, "disc")}"/>',
            "      </node>",
        ]
    lines += ["    </nodes>", f'    <edges count="{len(net.edges)}">']
    for edge in net.edges:
        kind = f" kind={_said(edge.kind)}" if edge.kind else ""
        lines += [
            f'      <edge id="{edge.id}" source={_said(edge.source)} target={_said(edge.target)}{kind} weight="{edge.weight}">',
            *_values(edge.cells, net.edge_columns),
            "      </edge>",
        ]
    return "\n".join([*lines, "    </edges>", "  </graph>", "</gexf>"]) + "\n"


def _values(cells: Mapping[str, Cell], columns: Mapping[str, str]) -> list[str]:
    inside = [f"          <attvalue for={_said(name)} value={_said(flat(cells[name]))}/>" for name in columns if name in cells]
    return ["        <attvalues>", *inside, "        </attvalues>"] if inside else []


def graphml(net: Net) -> str:
    """The network as GraphML; label, place and colour are columns of their own."""
    nodes = {
        "label": "string",
        **{k: v for k, v in net.node_columns.items() if k != "label"},
        "x": "double",
        "y": "double",
        "color": "string",
    }
    edges = {**({"kind": "string"} if any(e.kind for e in net.edges) else {}), "weight": "double", **net.edge_columns}
    if all(isinstance(e.weight, int) for e in net.edges):
        edges["weight"] = "integer"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        '  <key id="g0" for="graph" attr.name="about" attr.type="string"/>',
    ]
    for what, columns in (("node", nodes), ("edge", edges)):
        lines += [
            f'  <key id="{what[0]}_{i}" for="{what}" attr.name={_said(name)} attr.type="{_GRAPHML[kind]}"/>'
            for i, (name, kind) in enumerate(columns.items())
        ]
    lines += [
        f'  <graph id="G" edgedefault="{"directed" if net.directed else "undirected"}">',
        f'    <data key="g0">{clean(net.about).translate(_TEXT)}</data>',
    ]
    for node in net.nodes:
        cells: dict[str, Cell] = {"label": node.label, **node.cells, "x": node.x, "y": node.y, "color": node.look.colour}
        lines += [f"    <node id={_said(node.id)}>", *_data(cells, nodes, "n"), "    </node>"]
    for edge in net.edges:
        cells = {"kind": edge.kind, "weight": edge.weight, **edge.cells}
        lines += [
            f'    <edge id="{edge.id}" source={_said(edge.source)} target={_said(edge.target)}>',
            *_data(cells, edges, "e"),
            "    </edge>",
        ]
    return "\n".join([*lines, "  </graph>", "</graphml>"]) + "\n"


def _data(cells: Mapping[str, Cell], columns: Mapping[str, str], letter: str) -> list[str]:
    return [
        f'      <data key="{letter}_{i}">{clean(flat(cells[name])).translate(_TEXT)}</data>'
        for i, name in enumerate(columns)
        if name in cells
    ]
