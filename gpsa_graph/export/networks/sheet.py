"""A network as a spreadsheet: nodes, edges, sources, and a codebook of the columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gpsa_graph.export.excel import Sheet, link_of, written
from gpsa_graph.export.networks.normal import Cell, Net, flat
from gpsa_graph.graph.rows import Value

__all__ = ["MEANINGS", "sheet"]

MEANINGS = {
    "id": "name of the node or edge in this file",
    "label": "what people call it",
    "uri": "its IRI in the graph",
    "thing": "what it is drawn as",
    "kind": "kind of actor (nodes); what tells parallel edges apart (edges)",
    "source": "the node where the edge begins",
    "target": "the node where it ends",
    "source_label": "label of that node",
    "target_label": "label of that node",
    "weight": "number of different cases behind the edge",
    "cases": "the cases behind it",
    "src": "the sources that say so, listed in the sheet `sources`",
    "citations": "the same sources as citations",
    "level": "level of government",
    "role": "the part that a public body took",
    "form": "form of collaboration",
    "depth": "depth of collaboration",
    "x": "place to the right",
    "y": "place upwards",
    "color": "colour of the node",
}


def sheet(net: Net) -> bytes:
    """The network as an .xlsx file; numbers stay numbers, a text that looks like a formula stays text."""
    node_columns = [c for c in net.node_columns if c not in ("label", "citations")]
    edge_columns = [c for c in net.edge_columns if c != "citations"]
    kinds = ["kind"] if any(e.kind for e in net.edges) else []
    labels = {n.id: n.label for n in net.nodes}
    at = {name: i for i, name in enumerate(net.citations, 2)}
    heads = (
        ("id", "label", *node_columns, "x", "y", "color"),
        ("id", "source", "target", "source_label", "target_label", *kinds, "weight", *edge_columns),
    )
    nodes = [heads[0], *((n.id, n.label, *_cells(n.cells, node_columns), n.x, n.y, n.look.colour) for n in net.nodes)]
    edges = [
        heads[1],
        *(
            (
                e.id,
                e.source,
                e.target,
                labels[e.source],
                labels[e.target],
                *([e.kind] if kinds else []),
                e.weight,
                *_cells(e.cells, edge_columns),
            )
            for e in net.edges
        ),
    ]
    told: list[tuple[Value, ...]] = [
        ("network", net.title),
        ("narrowed by", net.given),
        ("about", net.about),
        ("nodes", len(net.nodes)),
        ("edges", len(net.edges)),
        ("directed", net.directed),
        ("sheet", "column", "meaning"),
        *((name, c, MEANINGS.get(c, "")) for name, head in zip(("nodes", "edges"), heads, strict=True) for c in head),
    ]
    cited = [("source", "citation"), *net.citations.items()]
    return written(
        [
            Sheet("nodes", nodes, _widths(heads[0]), links=_links(nodes, heads[0], at)),
            Sheet("edges", edges, _widths(heads[1]), links=_links(edges, heads[1], at)),
            Sheet("sources", cited, (28, 120), links={(at[n], 2): url for n, said in net.citations.items() if (url := link_of(said))}),
            Sheet("codebook", told, (14, 40, 80), heading=False),
        ]
    )


def _cells(cells: Mapping[str, Cell], columns: list[str]) -> list[str | int | float | bool | None]:
    return [(flat(said) if isinstance(said := cells[c], tuple) else said) if c in cells else None for c in columns]


def _widths(head: tuple[str, ...]) -> list[float]:
    return [{"id": 30, "source": 30, "target": 30, "weight": 9, "x": 9, "y": 9, "color": 10}.get(c, 40) for c in head]


def _links(rows: Sequence[tuple[Value, ...]], head: tuple[str, ...], at: Mapping[str, int]) -> dict[tuple[int, int], str]:
    column = head.index("src") if "src" in head else -1
    return {
        (i, column + 1): f"#sources!A{at[first]}"
        for i, row in enumerate(rows[1:], 2)
        if column >= 0 and (first := str(row[column] or "").partition(" | ")[0]) in at
    }
