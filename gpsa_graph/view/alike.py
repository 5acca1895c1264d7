"""Cases that are most alike to each case, as `gpsa like` ranks them, with what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpsa_graph.graph.knowledge import KnowledgeGraph

__all__ = ["similar"]

MOST_CASES = 400
"""Every case is compared with every other, so a page of more cases lists those that share most features instead."""


def similar(kg: KnowledgeGraph, cases: int, most: int = 5) -> dict[str, list[tuple[str, list[str]]]]:
    """Case -> its nearest cases with the labels of what both state, the weightiest first; empty above 400 cases.

    Only cases above the floor of `gpsa_graph.patterns.alike` count, and words of problem texts are not named.
    """
    if cases > MOST_CASES:
        return {}
    from gpsa_graph.patterns.alike import rank, read_catalogue, read_weights
    from gpsa_graph.patterns.alike.reasons import Asked, reasons

    catalogue, weights = read_catalogue(kg), read_weights()
    found = {}
    for case in catalogue.cases:
        asked = Asked(case, catalogue.features(case), {})
        near = [name for name, score in rank(catalogue, asked.features, weights, case)[:most] if score >= weights.floor]
        found[case] = [(name, [label for reason in reasons(catalogue, asked, name, weights) if reason.facet != "problem"
                               for label in reason.labels][:4]) for name in near]
    return found
