"""What the explorer looks like, computed in a real Chromium: nothing covers anything, on screen and on paper; axe finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gpsa_graph.view.data import Explorer
from gpsa_graph.view.picture import picture
from tests.browser.conftest import Browser
from tests.browser.test_explorer import MEJN, VIEWS, WATCH_NAMES, save

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
STATES = ("#", "#view=map", "#view=matrix", "#view=timeline&sector=health", "#view=columns&country=GHA", MEJN)
#: Texts of an SVG as drawn: text, left, top, right, bottom (of the letters, not of the line), and how far they are turned.
SVG_NAMES = """
const holder = document.createElement('div');
holder.style.setProperty('position', 'absolute');
holder.append(document.importNode(new DOMParser().parseFromString(arguments[0], 'image/svg+xml').documentElement, true));
document.body.append(holder);
const found = [...holder.querySelectorAll('text')].filter(t => !t.hasAttribute('aria-hidden')).map(t => {
  const b = t.getBBox(), m = t.getCTM(), x = b.x * m.a + b.y * m.c + m.e, y = b.x * m.b + b.y * m.d + m.f;
  return [t.textContent, x + 1, y + b.height * m.d * .25, x + b.width * m.a - 1, y + b.height * m.d * .8, m.b]; });
holder.remove();
return found;
"""


def covering(boxes: list[Any]) -> list[tuple[str, str]]:
    """Pairs of level texts that cover each other."""
    level = [box for box in boxes if len(box) < 6 or abs(box[5]) < 0.01]
    return [(a[0], b[0]) for n, a in enumerate(level) for b in level[:n] if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]]


def shown(browser: Browser, state: str) -> None:
    browser.go(state)
    if "view=map" in state:
        browser.wait("return document.querySelector('#sheet svg.map')")


@pytest.mark.parametrize("steps", [0, 5])
def test_no_name_covers_a_mark(browser: Browser, steps: int) -> None:
    boxes = browser.run(WATCH_NAMES, steps)
    marks = browser.run("return window.__marks()")
    assert boxes
    assert len(marks) > 20
    assert covered(boxes, marks) == []


def covered(boxes: list[Any], marks: list[Any]) -> list[tuple[str, Any]]:
    """Names that cover a mark, with the mark."""
    return [(said, mark) for said, left, top, right, bottom in boxes for mark in marks
            if left < mark[0] + mark[2] * 0.7 and right > mark[0] - mark[2] * 0.7
            and top < mark[1] + mark[2] * 0.7 and bottom > mark[1] - mark[2] * 0.7]


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_rings_hold_their_marks_and_names_apart(browser: Browser, size: tuple[int, int]) -> None:
    """Round a case with many neighbours, a body with few and one with too many: a ring for each kind, no name on another or on a mark."""
    browser.size(*size)
    for node in ("case:idn-wahana-visi", "organisation:phl-department-of-education", "organisation:world-bank"):
        browser.go(f"#node={node}")
        names, marks = browser.run(WATCH_NAMES, 0), browser.run("return window.__marks()")
        assert len(marks) >= 4
        assert len(names) >= len(marks)
        assert covering(names) == [], node
        assert covered(names, marks) == [], node


@pytest.mark.parametrize("state", STATES)
def test_names_in_a_saved_picture_and_on_paper_never_collide(browser: Browser, state: str) -> None:
    """The picture that is saved is also the one that is printed."""
    shown(browser, state)
    save(browser, "Picture, SVG")
    names = browser.run(SVG_NAMES, browser.saved(".svg").read_text("utf-8").partition("?>")[2])
    assert len(names) > 5
    assert covering(names) == []


def test_names_in_the_picture_of_a_view_file_never_collide(browser: Browser, content: Explorer) -> None:
    names = browser.run(SVG_NAMES, picture(content))
    assert len(names) > 40
    assert covering(names) == []


def test_circles_and_names_of_the_map_never_touch(browser: Browser) -> None:
    for state in ("#view=map", "#view=map&sector=health"):
        shown(browser, state)
        circles = browser.run("return [...document.querySelectorAll('svg.map .mark')]"
                              ".map(c => ['cx', 'cy', 'r'].map(a => +c.getAttribute(a)))")
        assert len(circles) > 40
        assert [(a, b) for n, a in enumerate(circles) for b in circles[:n]
                if (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < (a[2] + b[2] - 1) ** 2] == []
        names = browser.run("return [...document.querySelectorAll('svg.map .place')].map(t => { const b = t.getBBox(); "
                            "return [t.textContent, b.x, b.y + b.height * .25, b.x + b.width, b.y + b.height * .8]; })")
        assert names
        assert covering(names) == []


def serious(browser: Browser, file: Path, states: Sequence[str]) -> dict[str, list[str]]:
    """What axe finds serious or critical in each state of a page."""
    assert AXE.exists(), "axe-core is missing; `make test` installs it, or: npm install --prefix tests"
    browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})      # for axe itself; the page does not need it
    found = {}
    try:
        browser.open(file)
        browser.run(AXE.read_text("utf-8"))
        for state in states:
            shown(browser, state)
            found[state] = browser.driver.execute_async_script("""
                const done = arguments[0], bad = v => ['serious', 'critical'].includes(v.impact);
                axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.filter(bad)
                    .map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 4).join(' | ')}`)));""")
    finally:
        browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
    return {state: bad for state, bad in found.items() if bad}


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious_in_any_view(browser: Browser, explorer_file: Path, dark: bool) -> None:
    browser.size(1440, 900, dark=dark)
    assert serious(browser, explorer_file, (
        *(f"#view={view}" for view in VIEWS), MEJN + "&sector=education&years=2013-2016", "#view=map&node=organisation:world-bank",
        "#node=case:uga-act-health&to=organisation:world-bank", "#node=case:nothing", "#view=map&sector=health&country=SVK",
        "#colour=sector", "#view=timeline&colour=region", "#node=mechanism:social-audit")) == {}


@pytest.mark.parametrize("dark", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["light", "dark"])
def test_axe_finds_nothing_serious_in_the_page_of_a_network(browser: Browser, who_file: Path, dark: bool) -> None:
    browser.size(1440, 900, dark=dark)
    views = tuple(f"#view={view}" for view in VIEWS if view != "columns")
    assert serious(browser, who_file, (*views, "#node=organisation:world-bank", "#sector=health&country=SVK")) == {}


@pytest.mark.parametrize("view", VIEWS)
def test_at_four_hundred_percent_nothing_scrolls_both_ways(browser: Browser, explorer_file: Path, view: str) -> None:
    """1280 x 1024 at 400 % is 320 x 256."""
    browser.size(320, 256)
    browser.open(explorer_file, f"#view={view}")
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("return document.getElementById('main').getBoundingClientRect().height >= 200")


def test_forced_colours_keep_what_is_chosen_visible(browser: Browser, explorer_file: Path) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "forced-colors", "value": "active"}]})
    browser.open(explorer_file, "#sector=health")
    outlines = browser.run("return [...document.querySelectorAll('#views [aria-pressed=true], #facets .row[aria-pressed=true]')]"
                           ".map(b => getComputedStyle(b).outlineStyle)")
    assert outlines == ["solid", "solid"]


def test_with_reduced_motion_the_picture_jumps(browser: Browser) -> None:
    start = browser.run("return window.__camera()")
    browser.go(MEJN)
    browser.run("return new Promise(done => setTimeout(done, 60))")
    there = browser.run("return window.__camera()")
    browser.run("return new Promise(done => setTimeout(done, 500))")
    assert there != start
    assert browser.run("return window.__camera()") == there
