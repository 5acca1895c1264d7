"""Networks as lines: DOT for graphviz, and CSV, one file of edges and one of nodes."""

from __future__ import annotations

from gpsa_graph.export.networks.normal import Cell, Net, clean, flat
from gpsa_graph.export.rows import csv_line

__all__ = ["csv_edges", "csv_nodes", "dot"]

_SHAPES = {
    "disc": "ellipse",
    "square": "box",
    "triangle": "triangle",
    "diamond": "diamond",
    "star": "star",
    "down": "invtriangle",
    "hexagon": "hexagon",
}


def dot(net: Net) -> str:
    r"""The network in the DOT language (https://graphviz.org/doc/info/lang.html); line ends are written as `\n`.

    `<`, `>` and `&` stay as they are: a quoted string of DOT is no HTML. Edges carry their id, cases and sources as attributes
    that graphviz keeps and does not draw; `src` is called `sources`, since pydot has an own use of that word.
    """
    line = "->" if net.directed else "--"
    lines = [
        f"{'' if net.parallel else 'strict '}{'digraph' if net.directed else 'graph'} {_q(net.title or 'network')} {{",
        f"  comment={_q(net.about)};",
        '  node [fontname="Noto Sans", style=filled, fontsize=10];',
    ]
    for node in net.nodes:
        cells: dict[str, Cell] = {
            "label": node.label,
            "fillcolor": node.look.colour,
            "shape": _SHAPES[node.look.shape],
            "pos": f"{node.x},{node.y}",
            **node.cells,
        }
        lines.append(f"  {_q(node.id)} {_attributes(cells)};")
    for edge in net.edges:
        cells = {"id": edge.id, **({"kind": edge.kind} if edge.kind else {}), "weight": edge.weight, **edge.cells}
        lines.append(f"  {_q(edge.source)} {line} {_q(edge.target)} {_attributes(cells)};")
    return "\n".join([*lines, "}"]) + "\n"


def _attributes(cells: dict[str, Cell]) -> str:
    return (
        "["
        + ", ".join(
            f"{name}={said if isinstance(said, (int, float)) and not isinstance(said, bool) else _q(flat(said))}"
            for name, said in (("sources" if k == "src" else k, v) for k, v in cells.items())
        )
        + "]"
    )


def _q(text: str) -> str:
    text = clean(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n") + '"'


def csv_edges(net: Net) -> str:
    """A row for each edge: its id, both ends with their labels, weight, then the other columns; lists joined by ` | `."""
    labels = {node.id: node.label for node in net.nodes}
    kinds = ["kind"] if any(e.kind for e in net.edges) else []
    lines = [csv_line(["id", "source", "target", "source_label", "target_label", *kinds, "weight", *net.edge_columns])]
    for e in net.edges:
        lines.append(
            csv_line(
                [
                    e.id,
                    e.source,
                    e.target,
                    labels[e.source],
                    labels[e.target],
                    *([e.kind] if kinds else []),
                    e.weight,
                    *(flat(e.cells[c]) if c in e.cells else None for c in net.edge_columns),
                ]
            )
        )
    return "".join(lines)


def csv_nodes(net: Net) -> str:
    """A row for each node: its id and label, then the other columns, place and colour."""
    columns = [c for c in net.node_columns if c != "label"]
    lines = [csv_line(["id", "label", *columns, "x", "y", "color"])]
    for n in net.nodes:
        lines.append(csv_line([n.id, n.label, *(flat(n.cells[c]) if c in n.cells else None for c in columns), n.x, n.y, n.look.colour]))
    return "".join(lines)
