"""The graph and its networks inside a notebook: a page in a frame that can reach nothing, a still picture, and a line of text.

A notebook that is not trusted takes frames and scripts out of what it shows. The still picture stands beneath the frame as an
image, which every notebook keeps, so that something is seen in either case.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

from gpsa_graph.view.page import page
from gpsa_graph.view.picture import picture

if TYPE_CHECKING:
    import networkx as nx

    from gpsa_graph.graph.knowledge import KnowledgeGraph

__all__ = ["Shown", "mimebundle", "show_explorer", "show_network"]


class Shown:
    """What a notebook shows where this is the last line of a cell: the richest form that it may.

    >>> Shown({"text/plain": "two cases"})._repr_mimebundle_()
    {'text/plain': 'two cases'}
    """

    def __init__(self, bundle: dict[str, str]) -> None:
        self._bundle = bundle

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        """Media type -> content, for Jupyter."""
        return dict(self._bundle)

    def __repr__(self) -> str:
        return self._bundle.get("text/plain", "a picture")


def _still(svg: str, alt: str) -> str:
    """A picture as an image: nothing in it can run or be reached."""
    data = b64encode(svg.encode()).decode()
    return f'<img alt="{escape(alt, quote=True)}" src="data:image/svg+xml;base64,{data}" style="max-width:100%">'


def mimebundle(kg: KnowledgeGraph) -> dict[str, str]:
    """What a notebook shows for the graph, richest form first: `text/html`, `image/svg+xml` and `text/plain`.

    The page sits in a frame with `sandbox="allow-scripts allow-downloads"`, so it shares nothing with the notebook, and covers a
    still picture that is left where frames are taken out.
    """
    from gpsa_graph.resources import data_version
    from gpsa_graph.view.data import explorer

    content = explorer(kg)
    inside = escape(page(content, *data_version()), quote=True)
    cases = sum(thing.kind == "case" for thing in content.things)
    said = f"Knowledge graph: {cases} cases, {len(content.things)} things, {len(content.sources)} sources"
    svg = picture(content)
    return {
        "text/html": (f'<div style="position:relative;min-height:720px">{_still(svg, said)}<iframe srcdoc="{inside}" '
                      'sandbox="allow-scripts allow-downloads" title="Explorer of social accountability cases" '
                      'style="position:absolute;top:0;left:0;width:100%;height:720px;border:0;background:#fff"></iframe></div>'),
        "image/svg+xml": svg,
        "text/plain": said,
    }


def show_explorer(kg: KnowledgeGraph) -> Shown:
    """The explorer as the value of a cell."""
    return Shown(mimebundle(kg))


def show_network(network: nx.Graph, title: str = "", *, kg: KnowledgeGraph | None = None) -> Shown:
    """A network of `gpsa_graph.network` as a still picture with legend, n and a caption; the same in every notebook, trusted or not.

    With `kg`, the kinds of its nodes get the colours and names of the vocabularies, and its sources are cited. The picture is that
    of `gpsa network ... -o FILE.svg`. Raises MissingExtra without the part `figures`.
    """
    from gpsa_graph.export.networks import network_bytes
    from gpsa_graph.export.networks.normal import normal

    concepts = list(kg.answer("families-of-concepts")) if kg is not None else []
    src = sorted({source for _, _, tie in network.edges(data=True) for source in tie.get("src", ())})
    net = normal(network, title, families={str(c): str(f) for c, _, f in concepts}, labels={str(c): str(n) for c, n, _ in concepts},
                 citations=kg.citations(src) if kg is not None else None)
    svg = network_bytes(net, "svg").decode()
    said = f"{title or 'Network'}: {len(network)} nodes, {network.number_of_edges()} edges"
    return Shown({"text/html": _still(svg, said), "image/svg+xml": svg, "text/plain": said})
