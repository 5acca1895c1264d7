"""Network files: node-link JSON, GraphML, GEXF and a table of edges, each edge with its cases and sources.

One normaliser stands before every writer, because the writers of networkx refuse or spoil lists, missing values, mixed
types, control characters and reserved names.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import OutputError
from gpsa_graph.export.files import atomic
from gpsa_graph.graph.rows import Rows
from gpsa_graph.resources import data_version

if TYPE_CHECKING:
    import networkx as nx

ENDINGS = ("csv", "gexf", "graphml", "json")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESERVED = {"id": "id_", "start": "start_year", "end": "end_year", "viz": "viz_", "type": "type_", "spells": "spells_",
             "slices": "slices_", "pid": "pid_", "source": "source_", "target": "target_"}


def write_network(graph: nx.Graph, path: Path, *, title: str = "") -> None:
    """Write a network by the ending of `path`: .json, .graphml, .gexf or .csv (its edges).

    Nodes and edges keep their attributes; lists become `a | b` but for JSON, which keeps them. The file is replaced only
    when it is whole. Raises OutputError for another ending.
    """
    ending = path.suffix.lstrip(".").lower()
    if ending not in ENDINGS:
        raise OutputError(f"no network file ends in '{path.suffix}'; write one of {', '.join('.' + e for e in ENDINGS)}")
    content = {"csv": _csv, "gexf": _gexf, "graphml": _graphml, "json": _json}[ending](graph, title)
    with atomic(path) as stream:
        stream.write(content)


def _json(graph: nx.Graph, title: str) -> str:
    nodes = [{"id": name, **_lists(about)} for name, about in graph.nodes(data=True)]
    links = [{"id": f"e{number}", "source": a, "target": b, **_lists(about)}
             for number, (a, b, about) in enumerate(graph.edges(data=True), 1)]
    head = {"title": title, "data": " ".join(data_version()), "directed": graph.is_directed(), "multigraph": graph.is_multigraph()}
    return json.dumps({**head, "nodes": nodes, "links": links}, ensure_ascii=False, indent=1) + "\n"


def _lists(about: dict[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in about.items() if v is not None}


def _plain(graph: nx.Graph) -> nx.Graph:
    """A copy whose attributes every XML reader takes."""
    import networkx as nx

    made = nx.DiGraph() if graph.is_directed() else nx.Graph()
    for name, about in graph.nodes(data=True):
        made.add_node(_clean(str(name)), **_flat(about))
    for number, (a, b, about) in enumerate(graph.edges(data=True), 1):
        made.add_edge(_clean(str(a)), _clean(str(b)), id=f"e{number}", **_flat(about))
    return made


def _flat(about: dict[str, Any]) -> dict[str, str | int]:
    flat: dict[str, str | int] = {}
    for key, said in about.items():
        if said is None:
            continue
        name = _RESERVED.get(key, re.sub(r"\W", "_", key))
        flat[name] = said if isinstance(said, int) and not isinstance(said, bool) else _clean(
            " | ".join(map(str, said)) if isinstance(said, (tuple, list)) else str(said))
    return flat


def _clean(text: str) -> str:
    """Text without what XML cannot hold; such a character becomes U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def _graphml(graph: nx.Graph, _: str) -> str:
    import networkx as nx

    return "\n".join(nx.generate_graphml(_plain(graph), named_key_ids=True, edge_id_from_attribute="id")) + "\n"


def _gexf(graph: nx.Graph, _: str) -> str:
    import networkx as nx

    stream = io.BytesIO()
    nx.write_gexf(_plain(graph), stream, version="1.2draft")
    text = stream.getvalue().decode()
    return re.sub(r'lastmodifieddate="[^"]*"', f'lastmodifieddate="{data_version()[1]}"', text) + "\n"


def _csv(graph: nx.Graph, _: str) -> str:
    from gpsa_graph.export.rows import write_rows

    labels = dict(graph.nodes(data="label"))
    columns = sorted({k for _, _, about in graph.edges(data=True) for k in about if k not in ("weight", "cases", "src")})
    rows = [(a, b, labels.get(a), labels.get(b), about["weight"], *(_flat({c: about.get(c)}).get(_RESERVED.get(c, c), "") for c in columns),
             " ".join(about["cases"]), " ".join(about["src"])) for a, b, about in graph.edges(data=True)]
    stream = io.StringIO()
    write_rows(Rows(["source", "target", "source_label", "target_label", "weight", *columns, "cases", "src"], rows), "csv", stream)
    return stream.getvalue()
