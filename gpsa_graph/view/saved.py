"""View files: a saved state of the explorer, and the picture or the page that it makes again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.export.files import atomic

if TYPE_CHECKING:
    from gpsa_graph.graph.knowledge import KnowledgeGraph
    from gpsa_graph.view.data import Explorer

__all__ = ["read_view", "write_network_page", "write_view"]

_PICTURES = ("svg", "png")


def read_view(path: str | Path) -> dict[str, Any]:
    """A view file as written by the explorer (Save, View file): its JSON, checked.

    Raises GpsaError where it is none.
    """
    source = Path(path)
    try:
        view = json.loads(source.read_text("utf-8"))
    except OSError as error:
        raise GpsaError(f"'{source}' cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise GpsaError(f"'{source}' is no view file: it is not JSON; save one in the explorer with Save, View file") from None
    if not isinstance(view, dict) or view.get("format") != "gpsa-view":
        raise GpsaError(f"'{source}' is no view file: it lacks \"format\": \"gpsa-view\"; save one in the explorer with Save, View file")
    if not str(view.get("address", "")).startswith("#"):
        raise GpsaError(f"'{source}' holds no address of a state; save it again in the explorer with Save, View file")
    return view


def _content(kg: KnowledgeGraph, view: dict[str, Any]) -> Explorer:
    from gpsa_graph.view.data import explorer

    asked = view.get("question")
    if not isinstance(asked, dict):
        return explorer(kg)
    return network_content(kg, str(asked.get("name", "")), dict(asked.get("given") or {}))


def network_content(kg: KnowledgeGraph, name: str, given: dict[str, Any]) -> Explorer:
    """Content of the page for the network of a question; GpsaError where its answer is none.

    >>> from gpsa_graph import load
    >>> made = network_content(load(), "which-sector-uses-which-mechanism", {"country": "MWI"})
    >>> made.title, [kind[0] for kind in made.kinds]
    ('Which sector uses which mechanism, as a network?', ['case', 'of-mechanism', 'of-sector'])
    """
    from gpsa_graph.network import network
    from gpsa_graph.view.ties import tied

    question = kg.question(name)
    if question.network is None:
        raise GpsaError(f"the answer to '{name}' is no network")
    made = network(kg.answer(name, **given), directed=bool(question.network.get("directed")))
    return tied(kg, made, title=question.title, reading=" ".join(question.reading.split()), question={"name": name, "given": given})


def write_network_page(kg: KnowledgeGraph, question: str, given: dict[str, Any], path: str | Path) -> None:
    """Write the network of a question as one HTML file that works offline, with filters, map, timeline and sources.

    Raises GpsaError where the answer has no tie or too many things, OutputError where the file cannot be written.
    """
    from gpsa_graph.resources import data_version
    from gpsa_graph.view.page import page

    text = page(network_content(kg, question, given), *data_version())
    with atomic(path) as file:
        file.write(text)


def write_view(kg: KnowledgeGraph, view: dict[str, Any], path: str | Path) -> None:
    """Make again what a view file shows: `.html`, the page in that state; `.svg` or `.png`, its picture of the islands.

    Raises OutputError for another ending, and for a picture of a view that only the page can draw.
    """
    from gpsa_graph.resources import data_version
    from gpsa_graph.view.page import page
    from gpsa_graph.view.picture import picture

    target = Path(path)
    ending = target.suffix.lstrip(".").lower()
    if ending not in ("html", *_PICTURES):
        raise OutputError(f"a view is not written as '{target.suffix}'; choose .html, {', '.join('.' + e for e in _PICTURES)}")
    if ending != "html" and (view.get("view", "islands") != "islands" or view.get("question") or view.get("node")):
        raise OutputError("only a view of all islands is drawn without the page; write .html and save its picture there")
    content = _content(kg, view)
    if ending == "html":
        kept: dict[str, Any] = {key: view[key] for key in ("address", "positions", "camera", "data") if key in view}
        text = page(content, *data_version(), start=kept)
        with atomic(target) as file:
            file.write(text)
        return
    drawn = picture(content, view)
    if ending == "svg":
        with atomic(target) as file:
            file.write(drawn)
        return
    with atomic(target, binary=True) as file:
        file.write(_png(drawn))


def _png(drawn: str) -> bytes:
    from gpsa_graph.errors import MissingExtra

    try:
        import vl_convert
    except ImportError:
        raise MissingExtra("figures") from None
    made: bytes = vl_convert.svg_to_png(drawn, scale=1.0)
    return made
