"""Networks as files: data for other programs, and pictures. Every node and edge carries its cases and sources."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gpsa_graph.errors import OutputError
from gpsa_graph.export.files import atomic
from gpsa_graph.export.networks.normal import Net, normal

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["ENDINGS", "network_bytes", "write_network"]

ENDINGS = ("csv", "cx2", "cyjs", "dot", "gexf", "graphml", "json", "pdf", "png", "svg", "xlsx")
_PICTURES = ("pdf", "png", "svg")


def write_network(
    graph: nx.Graph,
    path: Path,
    *,
    title: str = "",
    families: Mapping[str, str] | None = None,
    citations: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    given: str = "",
) -> list[Path]:
    """Write a network by the ending of `path`, and give the paths of the files that were written.

    .gexf (Gephi), .graphml (yEd, igraph), .cx2 (NDEx, Cytoscape), .json (node-link), .cyjs (Cytoscape), .dot (graphviz), .csv
    (edges; the nodes go to a second file that ends in `-nodes.csv`), .xlsx (nodes, edges, sources and a codebook), and .svg,
    .png, .pdf. What happens to values that a format cannot hold is said at
    `normal`; `families`, `citations`, `labels` and `given` as there. A
    file is replaced only when it is whole. Raises OutputError for another ending and where the file cannot be written,
    MissingExtra where a spreadsheet or a picture needs an optional part.
    """
    ending = path.suffix.lstrip(".").lower()
    if ending not in ENDINGS:
        raise OutputError(f"no network file ends in '{path.suffix}'; write one of {', '.join('.' + e for e in ENDINGS)}")
    net = normal(graph, title, families=families, citations=citations, labels=labels, given=given)
    files = {path: network_bytes(net, ending)}
    if ending == "csv":
        from gpsa_graph.export.networks.lines import csv_nodes

        files[path.with_name(f"{path.stem}-nodes.csv")] = csv_nodes(net).encode()
    for name, content in files.items():
        with atomic(name, binary=True) as stream:
            stream.write(content)
    return list(files)


def network_bytes(net: Net, ending: str) -> bytes:
    """The content of the file with this ending (the file of edges for csv)."""
    if ending in _PICTURES:
        from gpsa_graph.export.networks.picture import picture

        return picture(net, ending)
    if ending == "xlsx":
        from gpsa_graph.export.networks.sheet import sheet

        return sheet(net)
    from gpsa_graph.export.networks import lines, objects, xml

    writers = {
        "csv": lines.csv_edges,
        "dot": lines.dot,
        "gexf": xml.gexf,
        "graphml": xml.graphml,
        "json": objects.node_link,
        "cyjs": objects.cyjs,
        "cx2": objects.cx2,
    }
    return writers[ending](net).encode()
