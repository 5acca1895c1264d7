"""A still picture of the islands in SVG: whole, or what a view file of the page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from gpsa_graph.errors import GpsaError
from gpsa_graph.export.networks.normal import clean
from gpsa_graph.view.data import KINDS, Explorer, Thing

__all__ = ["cases_shown", "filter_words", "picture"]

_SHAPES = {
    "dot": "m{x} {y}m-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0z", "square": "M{x} {y}m-{r} -{r}h{d}v{d}h-{d}z",
    "triangle": "M{x} {y}m0 -{r}l{r} {d}h-{d}z", "diamond": "M{x} {y}m0 -{r}l{r} {r}l-{r} {r}l-{r} -{r}z",
}


def picture(content: Explorer, view: Mapping[str, Any] | None = None) -> str:
    """The islands as SVG text with a legend; `view` is a view file of the page, read as JSON.

    A view keeps what it was saved with: its filters, what it hides and its positions. Raises GpsaError where `view` is none.
    """
    shown, places = _shown(content, view), _places(content, view)
    home = {island.group: island for island in content.picture.islands}
    used = sorted({t.home for t in shown})
    left = min((home[h].wide[0] - home[h].r for h in used), default=0.0) - 120
    right = max((home[h].wide[0] + home[h].r for h in used), default=1.0) + 120
    top = min((home[h].wide[1] - home[h].r for h in used), default=0.0) - 290
    bottom = max((home[h].wide[1] + home[h].r for h in used), default=1.0) + 110
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}" '
           'font-family="Noto Sans, sans-serif" font-size="40" role="img">', "<title>Cases and who takes part in them, by country</title>",
           f'<path d="M{left:.0f} {top:.0f}h{right - left:.0f}v{bottom - top:.0f}h-{right - left:.0f}z" fill="#fff"/>']
    out += [f'<circle cx="{home[h].wide[0]:.0f}" cy="{home[h].wide[1]:.0f}" r="{home[h].r:.0f}" fill="#f0eee9"/>' for h in used]
    out += [f'<text x="{left + 30:.0f}" y="{top + 80:.0f}" font-size="60" font-weight="700">Social accountability cases</text>',
            f'<text x="{left + 30:.0f}" y="{top + 140:.0f}" fill="#565d69">{_text(_filters(content, view))}</text>']
    here = {t.id: t for t in shown}
    lines = [f"M{places[link.case][0]:.0f} {places[link.case][1]:.0f}L{places[link.other][0]:.0f} {places[link.other][1]:.0f}"
             for link in content.links if link.case in here and link.other in here and here[link.case].home == here[link.other].home]
    out.append(f'<path d="{"".join(lines)}" fill="none" stroke="#b9b5ad" stroke-width="2"/>')
    for kind, name, _, shape, colour in KINDS:
        marks = [_SHAPES[shape].format(x=round(places[t.id][0]), y=round(places[t.id][1]), r=13 if kind == "case" else 9,
                                       d=26 if kind == "case" else 18) for t in shown if t.kind == kind]
        out.append(f'<path d="{"".join(marks)}" fill="{colour}"><title>{escape(name)}: {len(marks)}</title></path>')
    out += [f'<text x="{home[h].wide[0]:.0f}" y="{home[h].wide[1] - home[h].r - 14:.0f}" text-anchor="middle" font-weight="600">'
            f"{_text(content.islands[h])}</text>" for h in used]
    words = "; ".join(f"{name} {sum(t.kind == kind for t in shown)}" for kind, name, *_ in KINDS if any(t.kind == kind for t in shown))
    out.append(f'<text x="{left + 30:.0f}" y="{bottom - 30:.0f}" fill="#565d69">{_text(words)}. {_text(_basis(view))}</text></svg>\n')
    return "\n".join(out)


def _text(said: str) -> str:
    return escape(clean(said))


def filter_words(content: Explorer, view: Mapping[str, Any] | None) -> str:
    """What a view filters the cases by, in words; empty where nothing."""
    wanted, years = (view or {}).get("filters") or {}, (view or {}).get("years")
    said = [f"{heading}: {', '.join(names[v] for v in wanted[facet] if v in names)}" for facet, heading, names in content.facets
            if isinstance(wanted.get(facet), list)]
    return "; ".join([*said, *([f"Years: {years[0]}\u2013{years[1]}"] if years else [])])


def _filters(content: Explorer, view: Mapping[str, Any] | None) -> str:
    hide = (view or {}).get("hide") or ()
    said = [words for words in (filter_words(content, view), *(f"Without: {name}" for kind, name, *_ in KINDS if kind in hide)) if words]
    return f"Islands by country. {'Filters: ' + '; '.join(said) if said else 'No filter'}."


def _basis(view: Mapping[str, Any] | None) -> str:
    data = view.get("data", {}) if view else {}
    return f"View saved with data {data.get('version', '?')} of {data.get('date', '?')}." if view else ""


def _places(content: Explorer, view: Mapping[str, Any] | None) -> dict[str, tuple[float, float]]:
    home = {island.group: island.wide for island in content.picture.islands}
    found = {t.id: (home[t.home][0] + content.picture.places[t.id][0], home[t.home][1] + content.picture.places[t.id][1])
             for t in content.things}
    for name, place in ((view or {}).get("positions") or {}).items():
        if name in found and isinstance(place, list) and len(place) == 2 and all(isinstance(n, (int, float)) for n in place):
            found[name] = (float(place[0]), float(place[1]))
    return found


def cases_shown(content: Explorer, view: Mapping[str, Any]) -> set[str]:
    """Names of the cases that pass the filters and the years of a view."""
    filters, years = view.get("filters") or {}, view.get("years")
    return {t.id for t in content.things if t.kind == "case"
            and all(set(wanted) & set(t.facets.get(facet, ())) for facet, wanted in filters.items()) and _in_years(t, years)}


def _shown(content: Explorer, view: Mapping[str, Any] | None) -> list[Thing]:
    if view is None:
        return list(content.things)
    if view.get("format") != "gpsa-view":
        raise GpsaError("this is no view file: it lacks \"format\": \"gpsa-view\"; save one in the explorer with Save, View file")
    cases, hide = cases_shown(content, view), set(view.get("hide") or ())
    near = {end: True for link in content.links if link.case in cases for end in (link.case, link.other) if link.part != "related"}
    return [t for t in content.things if (t.id in cases if t.kind == "case" else t.id in near) and t.kind not in hide]


def _in_years(thing: Thing, years: Any) -> bool:
    if not years:
        return True
    stated = [year for year in thing.years if year is not None]
    return bool(stated) and stated[0] <= years[1] and stated[-1] >= years[0]
