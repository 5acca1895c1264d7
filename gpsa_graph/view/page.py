"""The page: data, scripts and styles in one HTML file that asks for nothing else."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gpsa_graph.export.files import atomic
from gpsa_graph.export.networks.normal import clean
from gpsa_graph.resources import notices
from gpsa_graph.view.data import Explorer, Thing, address, explorer
from gpsa_graph.view.pyvis import filled, vis_script
from gpsa_graph.view.world import world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from gpsa_graph.graph.knowledge import KnowledgeGraph

__all__ = ["explorer_html", "write_explorer"]

_FILES = Path(__file__).resolve().parent / "page"
_SCRIPTS = ("base", "model", "looks", "labels", "ego", "canvas", "rail", "panel", "columns", "views", "map", "export", "main")
_SIZE = {"case": 13, "society": 9, "state": 7.5, "other": 8.5}
_STATIC_ROWS = 250
_STATIC_DOTS = 4000


def explorer_html(kg: KnowledgeGraph) -> str:
    """The explorer as one HTML text: every case, who took part, results and the sources of each fact.

    Nothing is loaded from outside and only the scripts of the page itself may run. The same graph gives the same text.
    """
    from gpsa_graph.resources import data_version

    version, date = data_version()
    return page(explorer(kg), version, date)


def write_explorer(kg: KnowledgeGraph, path: str | Path) -> None:
    """Write the explorer to a file; OutputError where that cannot be done (an old file stays whole)."""
    text = explorer_html(kg)
    with atomic(path) as file:
        file.write(text)


def page(content: Explorer, version: str, date: str, start: Mapping[str, Any] | None = None) -> str:
    """The page of some content; `start` is a view (`gpsa_graph.view.saved`) that it opens with."""
    nodes, edges = _drawn(content)
    made = filled(nodes, edges)
    script = _script("(() => {\n'use strict';\n" + "\n".join((_FILES / f"{name}.js").read_text("utf-8") for name in _SCRIPTS) + "})();\n")
    vis, style = _script(vis_script()), (_FILES / "page.css").read_text("utf-8")
    made.templateEnv, made.path = _environment(), "page.html.jinja"
    made.templateEnv.globals.update(
        style=_trusted(style), script=_trusted(script), vis=packed(vis), version=version, date=date,
        notices=_trusted(f"<!--\n{notices()}-->"),
        csp=("default-src 'none'; img-src data: blob:; base-uri 'none'; form-action 'none'; "
             f"script-src {_hash(vis)} {_hash(script)}; style-src {_hash(style)}"),
        packed=lambda drawn, lines: packed(_graph(content, drawn, lines, version, date, start)), details=packed(_details(content)),
        world=packed(world(_codes(content))),
        cases=_rows(content), title=content.title, ties=_tie_rows(content),
        counts=[(name, sum(t.kind == kind for t in content.things)) for kind, name, *_ in content.kinds], static=_static(content))
    return str(made.generate_html())


def packed(value: Any) -> str:
    """JSON (a text as it is), compressed, as text that is safe anywhere in HTML: base 64, which a browser decodes by itself.

    >>> from base64 import b64decode
    >>> gzip.decompress(b64decode(packed({"a": "</script>"})))
    b'{"a":"</script>"}'
    """
    text = value if isinstance(value, str) else _json(value)
    if _ODD.search(text) and not isinstance(value, str):
        text = _json(_shown(value))
    return b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _shown(value: Any) -> Any:
    """The same value whose texts show U+FFFD in place of each character that no page and no picture can show.

    >>> _shown({"a": ["b\\x00"]})
    {'a': ['b�']}
    """
    if isinstance(value, dict):
        return {_shown(key): _shown(inner) for key, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, (list, tuple)) else clean(value) if isinstance(value, str) else value


#: What JSON writes for such a character, or may write for another one.
_ODD = re.compile(r"\\[ubf]|[\ud800-\udfff\ufffe\uffff]")


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_FILES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                       finalize=lambda said: clean(said) if type(said) is str else said)


def _trusted(text: str) -> Any:
    """Styles and scripts of this package and of vis-network, the only texts of the page that are not escaped."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704


def _script(text: str) -> str:
    """A script that cannot end its element early."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _drawn(content: Explorer) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Nodes and edges of vis-network: shapes, colours and the positions of the layout."""
    home = {island.group: island for island in content.picture.islands}
    looks = {kind: (shape, colour) for kind, _, _, shape, colour in content.kinds}
    degree: dict[str, int] = {}
    for link in content.links:
        for end in (link.case, link.other):
            degree[end] = degree.get(end, 0) + 1
    nodes = []
    for thing in content.things:
        x, y = content.picture.places.get(thing.id, (0.0, 0.0))
        cx, cy = home[thing.home].wide if thing.home in home else (0.0, 0.0)
        more = 0.0 if thing.kind == "case" and not content.title else min(2.0 * (degree.get(thing.id, 1) - 1) ** 0.5, 8.0)
        nodes.append({"id": thing.id, "label": thing.label, "x": round(cx + x), "y": round(cy + y), "shape": looks[thing.kind][0],
                      "color": looks[thing.kind][1], "size": round(_SIZE.get(thing.kind, 8.5) + more, 1)})
    at = {thing.id: thing.home for thing in content.things}
    edges = [{"from": link.case, "to": link.other, "part": link.part, **({"far": True} if at[link.case] != at[link.other] else {})}
             for link in content.links]
    return nodes, edges


def _graph(content: Explorer, nodes: list[dict[str, Any]], edges: list[dict[str, Any]], version: str, date: str,
           start: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the page needs to draw and to filter; things, islands and values of facets are meant by their position."""
    at = {thing.id: i for i, thing in enumerate(content.things)}
    home = {island.group: i for i, island in enumerate(content.picture.islands)}
    kind = {k: i for i, (k, *_) in enumerate(content.kinds)}
    where = {facet: {value: i for i, value in enumerate(values)} for facet, _, values in content.facets}
    drawn = []
    for thing, node in zip(content.things, nodes, strict=True):
        one = {"id": thing.id, "l": node["label"], "x": node["x"], "y": node["y"], "s": node["size"], "k": kind[thing.kind],
               "h": home.get(thing.home, -1)}
        if thing.also:
            one["also"] = list(thing.also)
        if thing.marks:
            one["m"] = list(thing.marks)
        if thing.kind == "case":
            one["f"] = {f: [where[f][v] for v in values] for f, values in thing.facets.items() if values and f in where}
            one["t"] = list(thing.years)
        drawn.append(one)
    behind = [[[at[case] for case in link.behind if case in at]] if content.title else [] for link in content.links]
    about = {"title": content.title, "reading": content.reading, "question": content.question, "directed": content.directed}
    more = {"ties": about} if content.title else {}
    return {
        "version": version, "date": date, "nodes": drawn, **more, **({"start": dict(start)} if start else {}),
        "edges": [[at[e["from"]], at[e["to"]], e["part"].partition(":")[2] or e["part"], int(e.get("far", False)), *cases]
                  for e, cases in zip(edges, behind, strict=True)],
        "kinds": [{"id": k, "name": name, "one": one, "shape": shape, "colour": colour} for k, name, one, shape, colour in content.kinds],
        "facets": [{"id": f, "name": name, "values": [[v, label] for v, label in values.items()]} for f, name, values in content.facets],
        "islands": [{"id": i.group, "l": content.islands[i.group], "x": round(i.wide[0]), "y": round(i.wide[1]), "tx": round(i.tall[0]),
                     "ty": round(i.tall[1]), "r": round(i.r)} for i in content.picture.islands],
    }


def _details(content: Explorer) -> dict[str, Any]:
    sources = [[title, publisher, issued, kind, address(url), url if not address(url) else ""]
               for title, publisher, issued, kind, url, _ in content.sources]
    where = {value: [f, v] for f, (_, _, values) in enumerate(content.facets) for v, value in enumerate(values)}
    at = {thing.id: i for i, thing in enumerate(content.things)}
    return {"things": [_indexed(thing.details, where, at) for thing in content.things],
            "links": [link.details for link in content.links], "sources": sources}


def _indexed(details: dict[str, Any], where: dict[str, list[int]], at: dict[str, int]) -> dict[str, Any]:
    """Details whose values of facets are meant by position, without their words: these are in the facets."""
    facts = [[label, [{k: v for k, v in one.items() if k not in ("go", "v")} | {"go": where[one["go"][1]]}
                      if "go" in one and one["go"][1] in where else one for one in said]] for label, said in details["facts"]]
    like = {"like": [[at[name], why] for name, why in details["like"]]} if "like" in details else {}
    return {**details, "facts": facts, **like}


def _codes(content: Explorer) -> list[str]:
    return [value.partition(":")[2] for facet, _, values in content.facets if facet == "country" for value in values]


def _rows(content: Explorer) -> list[dict[str, Any]]:
    label = {t.id: (t.label, t.kind) for t in content.things}
    others: dict[str, list[tuple[str, str]]] = {}
    for link in content.links:
        if link.part not in ("related", "tie"):
            others.setdefault(link.case, []).append(label[link.other])
    return [_row(content, t, others.get(t.id, [])) for t in content.things if t.kind == "case"][:_STATIC_ROWS]


def _tie_rows(content: Explorer) -> list[tuple[str, str, int, list[tuple[str, str]]]]:
    """Ties in words for the page without scripts: both ends, number of cases, sources."""
    if not content.title:
        return []
    label = {t.id: t.label for t in content.things}
    said = [(source[0], address(source[4])) for source in content.sources]
    return [(label[tie.case], label[tie.other], len(tie.behind), [said[s] for s in tie.details["src"]]) for tie in content.links]


def _row(content: Explorer, thing: Thing, others: list[tuple[str, str]]) -> dict[str, Any]:
    """A case in words for the table that is shown without scripts; `others` are labels and kinds of who took part."""
    values = {facet: names for facet, _, names in content.facets}
    used = sorted({s for _, said in thing.details["facts"] for one in said for s in one["src"]})
    return {
        "id": thing.id, "label": thing.label, "years": "–".join(str(y) for y in thing.years if y) or "not stated",
        "countries": ", ".join(values["country"][v] for v in thing.facets["country"]) if "country" in values else "",
        "mechanisms": "; ".join(values["mechanism"][v] for v in thing.facets["mechanism"]) if "mechanism" in values else "",
        "society": "; ".join(sorted({name for name, kind in others if kind == "society"})),
        "state": "; ".join(sorted({name for name, kind in others if kind == "state"})),
        "sources": [(content.sources[s][0], address(content.sources[s][4])) for s in used]}


def _static(content: Explorer) -> dict[str, Any]:
    """Circles, names and dots of the picture that is shown without scripts."""
    home = {island.group: island for island in content.picture.islands}
    discs = [(round(i.wide[0]), round(i.wide[1]), round(i.r), content.islands[i.group]) for i in content.picture.islands]
    colours = {kind: colour for kind, _, _, _, colour in content.kinds}
    dots = []
    if len(content.things) <= _STATIC_DOTS:
        for thing in content.things:
            if thing.id not in content.picture.places:
                continue
            x, y = content.picture.places[thing.id]
            cx, cy = home[thing.home].wide
            dots.append((round(cx + x), round(cy + y), 12 if thing.kind == "case" else 8, colours[thing.kind]))
    left = min((x - r for x, _, r, _ in discs), default=0) - 60
    top = min((y - r for _, y, r, _ in discs), default=0) - 100
    right, bottom = max((x + r for x, _, r, _ in discs), default=1) + 60, max((y + r for _, y, r, _ in discs), default=1) + 60
    return {"box": f"{left} {top} {right - left} {bottom - top}", "discs": discs, "dots": dots}
