"""One normaliser before every writer of networks.

The writers and readers of other programs refuse or spoil missing values, lists, dates, mixed types, control characters and
reserved names. So a network is first brought into one form: text ids, one type a column, no reserved name, no missing value,
an id, cases and sources on every edge, and cases and sources on every node.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from gpsa_graph import vocab
from gpsa_graph.export.networks.layout import places
from gpsa_graph.export.palette import THINGS, Look, thing_of
from gpsa_graph.resources import data_version

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Edge", "Net", "Node", "clean", "flat", "normal"]

Cell = str | int | float | bool | tuple[str, ...]
RESERVED = {
    "id": "id_",
    "start": "start_year",
    "end": "end_year",
    "viz": "viz_",
    "type": "type_",
    "spells": "spells_",
    "slices": "slices_",
    "pid": "pid_",
    "source": "source_",
    "target": "target_",
    "key": "key_",
    "uri": "uri_",
    "thing": "thing_",
    "citations": "citations_",
}
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FIRST = ("label", "uri", "thing", "kind", "weight")
_LAST = ("cases", "src", "citations")


@dataclass(frozen=True, slots=True)
class Node:
    """A node: an id, a label, a place in the picture, a look, and other columns."""

    id: str
    label: str
    x: float
    y: float
    size: float
    look: Look
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge: an id, both ends, what makes it one of several between the same ends (`kind`), and other columns."""

    id: str
    source: str
    target: str
    kind: str
    weight: int | float
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Net:
    """A network as every writer takes it. `columns` gives the type of each column: string, list, integer, double, boolean."""

    title: str
    given: str
    version: str
    day: str
    directed: bool
    parallel: bool
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    node_columns: Mapping[str, str]
    edge_columns: Mapping[str, str]
    citations: Mapping[str, str]

    @property
    def about(self) -> str:
        """A sentence for readers of the file: what it is, how large, of which data."""
        given = f" With {self.given}." if self.given else ""
        return (
            f"{self.title or 'Network'}{given} {len(self.nodes)} nodes, {len(self.edges)} edges. gpsa-graph data {self.version} of "
            f"{self.day}, CC BY 4.0."
        )


def normal(
    graph: nx.Graph,
    title: str = "",
    *,
    families: Mapping[str, str] | None = None,
    citations: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    given: str = "",
) -> Net:
    """The network in the form that every writer takes.

    Ids and labels are texts; `uri` is the IRI of a node with a name of the graph; `thing` is what it is drawn as. Lists stay
    lists (writers that know none join them with ` | `), dates become texts of ISO 8601, dictionaries JSON, missing values and
    numbers that are no number are left out, a column of mixed types becomes text, reserved names get `_` or another word.
    Lone surrogates become U+FFFD. `families` (kind of actor -> top concept) tells civil society from public bodies;
    `citations` (name of a source -> citation) is written into every edge and node that cites it; `labels` (name -> label) serves nodes
    whose label is their name; `given` says in words by what the question was narrowed.

    >>> import networkx
    >>> net = normal(networkx.Graph([("a", "b", {"weight": 2, "cases": ("case:x",), "src": ("source:s",)})]))
    >>> net.edges[0].id, net.edges[0].cells["src"], net.nodes[0].cells["cases"]
    ('e1', ('source:s',), ('case:x',))
    """
    known, names = citations or {}, labels or {}
    ids = _ids(graph.nodes)
    ties = list(graph.edges(data=True, keys=True)) if graph.is_multigraph() else [(a, b, "", d) for a, b, d in graph.edges(data=True)]
    of_node: dict[str, dict[str, set[str]]] = {n: {"cases": set(), "src": set()} for n in ids.values()}
    edge_cells: list[dict[str, Cell]] = []
    seen: set[str] = set()
    for a, b, _, about in ties:
        for column in ("cases", "src"):
            for end in (a, b):
                of_node[ids[end]][column].update(_texts(about.get(column)))
        seen.update(_texts(about.get("src")))
        cells = {
            **{k: v for k, v in about.items() if k not in ("weight", "kind")},
            "cases": _texts(about.get("cases")),
            "src": _texts(about.get("src")),
        }
        edge_cells.append(_renamed(cells) | _cited(cells["src"], known))
    node_cells = []
    for name, about in graph.nodes(data=True):
        here = of_node[ids[name]]
        src = sorted({*_texts(about.get("src")), *here["src"]})
        thing = thing_of(str(name), str(about.get("kind", "")), families)
        expanded = vocab.expand(str(name))
        more = {"thing": thing} | ({"uri": expanded} if expanded.startswith("http") else {})
        cells = {
            **{k: v for k, v in about.items() if k != "label"},
            "cases": sorted({*_texts(about.get("cases")), *here["cases"]}),
            "src": src,
        }
        node_cells.append(_renamed(cells) | more | _cited(src, known))
    node_rows, node_columns = _typed(node_cells)
    edge_rows, edge_columns = _typed(edge_cells)
    spots = places([ids[n] for n in graph.nodes], [(ids[a], ids[b]) for a, b, _, _ in ties])
    degree = {ids[n]: d for n, d in graph.degree()}
    nodes = tuple(
        Node(
            ids[n],
            _safe(str(names.get(str(n), n) if about.get("label") in (None, "", n) else about["label"])),
            *spots[ids[n]],
            round(6 + 4 * math.sqrt(degree[ids[n]]), 1),
            THINGS[str(cells["thing"])],
            cells,
        )
        for (n, about), cells in zip(graph.nodes(data=True), node_rows, strict=True)
    )
    edges = tuple(
        Edge(
            f"e{i}",
            ids[a],
            ids[b],
            _safe(str(about.get("kind", key if graph.is_multigraph() else "") or "")),
            _weight(about.get("weight")),
            cells,
        )
        for i, ((a, b, key, about), cells) in enumerate(zip(ties, edge_rows, strict=True), 1)
    )
    version, day = data_version()
    return Net(
        _safe(title),
        _safe(given),
        version,
        day,
        graph.is_directed(),
        graph.is_multigraph(),
        nodes,
        edges,
        node_columns,
        edge_columns,
        {name: known.get(name, name) for name in sorted(seen)},
    )


def _cited(src: Iterable[str], known: Mapping[str, str]) -> dict[str, list[str]]:
    return {"citations": [known[s] for s in src if s in known]} if known else {}


def _weight(said: Any) -> int | float:
    return said if isinstance(said, (int, float)) and not isinstance(said, bool) and math.isfinite(said) else 1


def _ids(names: Iterable[Any]) -> dict[Any, str]:
    """Node -> text id; ids that would fall together get a number."""
    made: dict[Any, str] = {}
    taken: set[str] = set()
    for name in names:
        wanted = said = clean(str(name)) or "unnamed"
        number = 1
        while said in taken:
            number += 1
            said = f"{wanted}~{number}"
        taken.add(said)
        made[name] = said
    return made


def _renamed(cells: Mapping[Any, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, said in cells.items():
        name = re.sub(r"\W", "_", str(key)) or "_"
        name = RESERVED.get(name, name)
        while name in made:
            name += "_"
        made[name] = said
    return made


def _texts(said: Any) -> tuple[str, ...]:
    if said is None or said == "":
        return ()
    if isinstance(said, (set, frozenset)):
        return tuple(sorted(_safe(str(v)) for v in said))
    return tuple(_safe(str(v)) for v in said) if isinstance(said, (tuple, list)) else (_safe(str(said)),)


def _typed(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Cell]], dict[str, str]]:
    """The rows with one type a column, and the types."""
    found: dict[str, set[str]] = {}
    for row in rows:
        for name, said in row.items():
            if (kind := _type(said)) is not None:
                found.setdefault(name, set()).add(kind)
    types = {}
    for name in sorted(found, key=lambda n: (_FIRST.index(n) if n in _FIRST else len(_FIRST), n in _LAST, n)):
        kinds = found[name]
        types[name] = (
            kinds.copy().pop()
            if len(kinds) == 1
            else "list"
            if "list" in kinds
            else "double"
            if kinds == {"integer", "double"}
            else "string"
        )
    return [{name: _cell(row[name], kind) for name, kind in types.items() if _type(row.get(name)) is not None} for row in rows], types


def _type(said: Any) -> str | None:
    if said is None or (isinstance(said, float) and not math.isfinite(said)):
        return None
    if isinstance(said, bool):
        return "boolean"
    if isinstance(said, int):
        return "integer" if abs(said) < 2**53 else "string"
    if isinstance(said, float):
        return "double"
    return "list" if isinstance(said, (tuple, list, set, frozenset)) else "string"


def _cell(said: Any, kind: str) -> Cell:
    if kind == "list":
        return _texts(said)
    if kind == "string":
        if isinstance(said, bool):
            return str(said).lower()
        if isinstance(said, date):
            return said.isoformat()
        if isinstance(said, dict):
            return _safe(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str))
        return _safe(str(said))
    return float(said) if kind == "double" else said  # type: ignore[no-any-return]


def _safe(text: str) -> str:
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)


def clean(text: str) -> str:
    """Text without what XML cannot hold; such a character becomes U+FFFD.

    >>> clean("a\\x0bb")
    'a\ufffdb'
    """
    return _NOT_XML.sub("\ufffd", text)


def flat(said: Cell) -> str:
    """A cell as text: lists joined by ` | `, `true` and `false`.

    >>> flat(("a", "b")), flat(True), flat(2)
    ('a | b', 'true', '2')
    """
    if isinstance(said, tuple):
        return " | ".join(said)
    return str(said).lower() if isinstance(said, bool) else str(said)
