"""View files: a saved state of the explorer, and the picture or the page that it makes again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.export.files import atomic

if TYPE_CHECKING:
    from gpsa_graph.graph.knowledge import KnowledgeGraph
    from gpsa_graph.view.data import Explorer

__all__ = ["read_view", "write_network_page", "write_view"]

_PICTURES = ("svg", "png")
#: Views that are drawn as a figure, and the parameters with which that leaves out as little as the page does.
_FIGURES = {"columns": "two-column", "matrix": "matrix", "map": "map", "timeline": "swimlane"}
_WHOLE = {"matrix": {"at_least": 1, "most": 36}, "two-column": {"most": 60}}


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
    """Make again what a view file shows: `.html`, the page in that state; `.svg` or `.png`, its picture.

    The islands keep the positions of the view. Two columns, matrix, map, timeline and one case are drawn as the figure of that
    name (`gpsa_graph.export.figures`), of the cases that the view shows, with the view file of the figure beside it. Raises
    OutputError for another ending, and for a picture that only the page can draw; GpsaError where the view shows nothing that
    the figure could draw.
    """
    target = Path(path)
    ending = target.suffix.lstrip(".").lower()
    if ending not in ("html", *_PICTURES):
        raise OutputError(f"a view is not written as '{target.suffix}'; choose .html, {', '.join('.' + e for e in _PICTURES)}")
    if ending == "html":
        from gpsa_graph.resources import data_version
        from gpsa_graph.view.page import page

        kept: dict[str, Any] = {key: view[key] for key in ("address", "positions", "camera", "data") if key in view}
        text = page(_content(kg, view), *data_version(), start=kept)
        with atomic(target) as file:
            file.write(text)
        return
    shown, node = str(view.get("view", "islands")), str(view.get("node") or "")
    name = "ego" if shown == "islands" and node.startswith("case:") else _FIGURES.get(shown, "")
    coloured = view.get("colour") and name in ("", "ego", "swimlane")
    if view.get("question") or (not name and (shown != "islands" or node or view.get("concepts"))) or coloured:
        raise OutputError("without the page only islands, two columns, matrix, map, timeline and one case are drawn, in the colours of "
                          "kinds; write .html and save its picture there")
    if name:
        _figure(kg, name, view, target)
        return
    from gpsa_graph.view.picture import picture

    drawn = picture(_content(kg, view), view)
    with atomic(target, binary=True) as file:
        file.write(drawn.encode() if ending == "svg" else _png(drawn))


def _figure(kg: KnowledgeGraph, name: str, view: dict[str, Any], target: Path) -> None:
    """Write the figure of the cases that a view shows, and its own view file, which names its sources, beside it."""
    from gpsa_graph.export.figures import figure, write_figure
    from gpsa_graph.export.figures.view import read_view as read_beside
    from gpsa_graph.view.data import explorer
    from gpsa_graph.view.picture import cases_shown, filter_words

    beside = target.with_name(f"{target.stem}.view.json")
    if beside.exists():
        try:
            read_beside(beside)
        except GpsaError:
            raise OutputError(f"'{beside}' is there already and belongs to no figure; give the picture another name") from None
    if name == "ego":
        write_figure(figure(kg, name, {"case": [str(view["node"])]}), target)
        return
    content = explorer(kg)
    words = filter_words(content, view)
    chosen = sorted(cases_shown(content, view)) if words else []
    if words and not chosen:
        raise GpsaError(f"no case passes the filters of this view ({words})")
    made = figure(kg, name, {"case": chosen}, data=None, numbers=None, **_WHOLE.get(name, {}))
    write_figure(replace(made, drawing=replace(made.drawing, filters=words)) if words else made, target)


def _png(drawn: str) -> bytes:
    from gpsa_graph.errors import MissingExtra

    try:
        import vl_convert
    except ImportError:
        raise MissingExtra("figures") from None
    made: bytes = vl_convert.svg_to_png(drawn, scale=1.0)
    return made
