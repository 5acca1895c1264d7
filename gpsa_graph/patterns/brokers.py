"""Brokers: organisations and public bodies that join groups which otherwise would not meet. Never people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpsa_graph.patterns.evidence import Evidence
from gpsa_graph.patterns.findings import FEWEST, Finding, figure, listed, share, too_few
from gpsa_graph.patterns.measures import betweenness, communities, constraint, steady_groups

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["brokers", "ties"]

CAVEATS = (
    "A body joins groups in this catalogue; the groups may well meet in work that is not in it.",
    "An organisation that works in many countries joins them by its size; funders and groups without a name are left out.",
    "The order is that of how many would be parted; equal ones stand by name. It says nothing on worth.",
)


def ties(evidence: Evidence) -> nx.Graph:
    """Named civil society organisations and named public bodies, two of them tied where they stand in one case.

    Counted are the cases that name one of each. Edges carry `weight`, `cases` and `src`, nodes `label` and `side` (`cso` or
    `body`).
    """
    from gpsa_graph.graph.rows import Rows
    from gpsa_graph.network import network

    rows: list[tuple[str, ...]] = []
    here: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    for side in ("cso", "body"):
        for name, found in evidence.of(side).items():
            for case, sources in found.items():
                here.setdefault(case, []).append((name, side, sources))
    for case, members in sorted(here.items()):
        if len({side for _, side, _ in members}) == 2:
            for place, (first, side, sources) in enumerate(members):
                for second, other, more in members[place + 1 :]:
                    labels = evidence.label(first), evidence.label(second)
                    rows.append((first, second, case, *labels, side, other, " ".join(sorted(sources | more))))
    columns = ("source", "target", "case", "source_label", "target_label", "source_side", "target_side", "src")
    return network(Rows(columns, rows))


def brokers(evidence: Evidence, *, seed: int = 0, draws: int | None = None, every: bool = False) -> list[Finding]:
    """The groups of the network, and the bodies and organisations without which they would fall apart.

    A broker is an articulation point: leave it out, and organisations that a chain of shared cases joins have none left. Brokers
    come in the order of how many organisations they hold together (ten of them; `every`: all), with their betweenness and
    constraint. `seed` is that of the communities; `draws` is not used.
    """
    import networkx as nx

    graph = ties(evidence)
    cases = sorted({case for _, _, found in graph.edges(data="cases") for case in found})
    if len(cases) < FEWEST:
        return too_few("brokers", len(cases), "name a civil society organisation and a public body")
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    between, bound = betweenness(graph), constraint(graph)
    found = sorted(((cut, _parted(graph, cut)) for cut in nx.articulation_points(graph)), key=lambda x: (-_cut(x[1]), x[0]))
    stands = [x for x in found if _cut(x[1]) > 0]
    groups = communities(graph, seed=seed)
    steady = len(steady_groups(groups))
    summary = Finding(
        "brokers",
        "groups",
        f"{len(graph)} named civil society organisations and public bodies in {len(cases)} cases form {len(parts)} groups that "
        f"share no case; the largest has {share(len(parts[0]), len(graph))} of them. {len(stands) or 'None'} of the {len(graph)} "
        f"{'joins' if len(stands) == 1 else 'join'} groups that share no case without {'it' if len(stands) == 1 else 'them'}.",
        n=len(cases),
        of=len(evidence.cases),
        numbers={
            "nodes": len(graph),
            "ties": graph.number_of_edges(),
            "groups": len(parts),
            "largest group": len(parts[0]),
            "brokers": len(stands),
            "communities": len(groups[0]),
            "communities that hold in nine of ten runs": steady,
        },
        test="articulation points, components; communities by 20 runs of the Louvain method",
        seed=seed,
        cases=tuple(cases),
        caveats=CAVEATS,
        changes="Cases in which organisations of two groups stand together.",
    )
    chosen = stands if every else stands[:10]
    return [summary, *(_finding(evidence, graph, cut, kept, len(cases), between[cut], bound.get(cut)) for cut, kept in chosen)]


def _parted(graph: nx.Graph, cut: str) -> list[set[str]]:
    """The parts, each of two organisations or more, into which the component of a node falls without it."""
    import networkx as nx

    around = nx.node_connected_component(graph, cut) - {cut}
    return sorted(
        (set(p) for p in nx.connected_components(graph.subgraph(around)) if len(p) > 1), key=lambda p: (-len(p), min(p))
    )


def _cut(parts: list[set[str]]) -> int:
    """How many organisations would lose the largest remaining part."""
    return sum(map(len, parts[1:]))


def _finding(
    evidence: Evidence, graph: nx.Graph, cut: str, parts: list[set[str]], of: int, between: float, bound: float | None
) -> Finding:
    cases = sorted({case for _, _, found in graph.edges(cut, data="cases") for case in found})
    sources = sorted({name for _, _, found in graph.edges(cut, data="src") for name in found})
    ending = [case for case in cases if not _holds(graph, cut, case)]
    sizes = listed([str(len(part)) for part in parts])
    sentence = (
        f"{evidence.label(cut)} stands in {len(cases)} of {of} cases and joins {len(parts)} groups, of {sizes} organisations "
        "and public bodies, that share no case without it."
    )
    numbers: dict[str, float | int | str] = {
        "groups joined": len(parts),
        "ties": graph.degree(cut),
        "betweenness": round(between, 4),
    }
    if bound is not None:
        numbers["constraint"] = round(bound, 4)
    return Finding(
        "brokers",
        cut,
        sentence,
        n=len(cases),
        of=of,
        numbers=numbers,
        test=(f"articulation point; betweenness {figure(between)} of the shortest chains"),
        cases=tuple(cases),
        sources=tuple(sources),
        caveats=CAVEATS,
        changes=f"Leaving out {' or '.join(ending)} would end it." if ending else "It does not hang on any one case.",
    )


def _holds(graph: nx.Graph, cut: str, without: str) -> bool:
    import networkx as nx

    kept = nx.Graph((a, b) for a, b, cases in graph.edges(data="cases") if set(cases) - {without})
    return cut in kept and _cut(_parted(kept, cut)) > 0
