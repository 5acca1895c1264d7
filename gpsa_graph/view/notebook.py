"""The explorer inside a notebook: a page in a frame that can reach nothing, a picture, and a line of text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gpsa_graph.view.page import page
from gpsa_graph.view.picture import picture

if TYPE_CHECKING:
    from gpsa_graph.graph.knowledge import KnowledgeGraph

__all__ = ["mimebundle"]


def mimebundle(kg: KnowledgeGraph) -> dict[str, str]:
    """What a notebook shows for the graph, richest form first: `text/html`, `image/svg+xml` and `text/plain`.

    The page sits in a frame with `sandbox="allow-scripts allow-downloads"`, so it shares nothing with the notebook.
    """
    from gpsa_graph.resources import data_version
    from gpsa_graph.view.data import explorer

    content = explorer(kg)
    inside = escape(page(content, *data_version()), quote=True)
    cases = sum(thing.kind == "case" for thing in content.things)
    return {
        "text/html": (f'<iframe srcdoc="{inside}" sandbox="allow-scripts allow-downloads" title="Explorer of social accountability '
                      'cases" width="100%" height="720"></iframe>'),
        "image/svg+xml": picture(content),
        "text/plain": f"Knowledge graph: {cases} cases, {len(content.things)} things, {len(content.sources)} sources",
    }
