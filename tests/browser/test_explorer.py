"""The explorer in a real Chromium: what a reader does with it, and what must never happen."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from gpsa_graph.export.networks.normal import clean
from gpsa_graph.view.data import KINDS, Explorer, explorer
from gpsa_graph.view.page import page
from gpsa_graph.view.picture import picture
from tests.browser.conftest import Browser
from tests.test_view import hostile

VIEWS = ("islands", "columns", "matrix", "map", "timeline", "table")
MEJN = "#node=case:mwi-mejn"


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def click(browser: Browser, selector: str) -> None:
    browser.driver.find_element(By.CSS_SELECTOR, selector).click()


def test_nothing_leaves_the_page_and_nothing_fails(browser: Browser) -> None:
    for view in VIEWS:
        browser.go(f"#view={view}")
        browser.go(f"#view={view}&node=case:mwi-mejn")
    browser.go("#node=case:mwi-mejn&to=organisation:world-bank&via=concepts")
    assert browser.requests() == []
    assert browser.errors() == []
    assert browser.run("return document.getElementById('trouble').hidden")


def test_a_click_on_a_mark_opens_its_panel(browser: Browser) -> None:
    """Interactive means painted and answering: find a blue mark in the pixels and click it."""
    spot = browser.run("""
        const c = document.querySelector('#net canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        for (let y = 40; y < c.height - 40; y += 1) for (let x = 40; x < c.width - 40; x += 1) {
          const p = (y * c.width + x) * 4; if (d[p] < 8 && Math.abs(d[p + 1] - 114) < 8 && Math.abs(d[p + 2] - 178) < 8) {
            const k = c.width / c.clientWidth, b = c.getBoundingClientRect(); return [b.left + (x + 2) / k, b.top + (y + 2) / k]; } }""")
    assert spot, "no case is painted"
    actions = ActionChains(browser.driver)
    actions.w3c_actions.pointer_action.move_to_location(int(spot[0]), int(spot[1]))
    actions.w3c_actions.pointer_action.click()
    actions.perform()
    browser.wait("return !document.getElementById('panel').hidden")
    assert browser.run("return location.hash").startswith("#node=case:")


def test_a_link_opens_a_thing_and_back_undoes(browser: Browser, kg: Any) -> None:
    browser.go("#sector=education")
    browser.go("#sector=education&node=case:mwi-mejn")
    assert browser.text("#panel h2.title") == kg.show("case:mwi-mejn").label
    browser.driver.back()
    browser.wait("return document.getElementById('panel').hidden")
    assert "education" in browser.text("#chips")
    browser.driver.back()
    browser.wait("return document.getElementById('chips').textContent === ''")


def test_every_fact_in_the_panel_has_a_number_and_each_number_its_source(browser: Browser) -> None:
    browser.go(MEJN)
    bare = browser.run("return [...document.querySelectorAll('#panel dd > div')].filter(d => !d.querySelector('sup a'))"
                       ".map(d => d.textContent)")
    assert bare == []
    bare = browser.run("return [...document.querySelectorAll('#panel li')].filter(l => !l.closest('.sources') && !l.querySelector('sup a') "
                       "&& !/Similar/.test(l.closest('details').textContent)).map(l => l.textContent)")
    assert bare == []
    numbers = browser.run("return [...document.querySelectorAll('#panel sup a')].map(a => a.textContent)")
    listed = browser.run("return [...document.querySelectorAll('#panel .sources li')].map(a => a.dataset.n)")
    assert set(numbers) == set(listed) == {str(n) for n in range(1, len(listed) + 1)}
    browser.run("document.querySelector('#panel sup a').click()")
    assert browser.run("return document.querySelector('#panel .sources li.lit').dataset.n") == "1"


def test_counts_of_a_facet_follow_the_other_filters(browser: Browser, kg: Any) -> None:
    browser.go("#sector=health")
    both = kg.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a gpsa:Case ; gpsa:sector sector:health ; "
                    "gpsa:usesMechanism mechanism:social-audit }")
    browser.run("document.querySelector('[data-key=\"more mechanism\"]').click()")
    shown = browser.run("""return [...document.querySelectorAll('#facets [data-facet="mechanism"] .row')]
        .filter(r => r.querySelector('.name').textContent === 'social audit').map(r => r.querySelector('.n').textContent)""")
    assert shown == [str(both[0][0])]
    health = kg.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a gpsa:Case ; gpsa:sector sector:health }")[0][0]
    assert browser.text("#status").startswith(f"{health} of ")


def test_the_legend_hides_a_kind_and_says_so(browser: Browser) -> None:
    click(browser, "#legend li:nth-child(3) button")
    browser.wait("return location.hash === '#hide=state'")
    assert "Without: Public bodies" in browser.text("#chips")
    assert browser.run("return document.querySelector('#legend li:nth-child(3) button').getAttribute('aria-pressed')") == "false"
    click(browser, "#chips button")
    browser.wait("return document.getElementById('chips').textContent === ''")


def test_search_finds_other_spellings_and_enter_opens(browser: Browser) -> None:
    press(browser, "/")
    press(browser, "mejn")
    browser.wait("return document.querySelectorAll('#hits [role=option]').length > 0")
    found = browser.run("return [...document.querySelectorAll('#hits [role=option] > span:last-child')].map(o => o.firstChild.textContent)")
    assert "Malawi Economic Justice Network" in found
    press(browser, Keys.ENTER)
    browser.wait("return !document.getElementById('panel').hidden")
    assert browser.text("#panel h2.title") == found[0]


def test_keys_walk_open_close_and_change_the_view(browser: Browser) -> None:
    browser.run("document.getElementById('net').focus()")
    press(browser, Keys.ARROW_RIGHT)
    said = browser.text("#status")
    press(browser, Keys.ENTER)
    browser.wait("return !document.getElementById('panel').hidden")
    assert said.startswith(browser.text("#panel h2.title"))
    press(browser, Keys.ESCAPE)
    browser.wait("return document.getElementById('panel').hidden")
    press(browser, "t")
    browser.wait("return location.hash === '#view=table'")
    press(browser, "[")
    browser.wait("return location.hash !== '#view=table'")
    press(browser, "?")
    browser.wait("return document.getElementById('help').open")


def test_a_path_is_a_sentence_for_each_hop_with_sources(browser: Browser, kg: Any) -> None:
    browser.go("#node=case:uga-act-health&to=organisation:world-bank")
    hops = browser.run("return [...document.querySelectorAll('#panel li.hop')].map(l => l.textContent)")
    assert len(hops) == len(kg.path("case:uga-act-health", "organisation:world-bank"))
    assert browser.run("return [...document.querySelectorAll('#panel li.hop')].every(l => l.querySelector('sup a'))")


def test_states_that_have_no_answer_say_so(browser: Browser) -> None:
    browser.go("#node=case:no-such-thing")
    assert "case:no-such-thing" in browser.text("#panel h2.title")
    for view in VIEWS:
        browser.go(f"#view={view}&sector=health&country=SVK")
        assert "No case matches these filters." in browser.text("#notice")
        assert "Without the filter" in browser.text("#notice")
        assert browser.run("return document.getElementById('notice').getBoundingClientRect().height > 40"), f"not to be seen in {view}"


def test_an_address_of_nonsense_opens_the_page(browser: Browser) -> None:
    for state in ("#view=nothing&years=abc&hide=zzz&sector=,,", "#%E0%A4%A", "#node=%3Cscript%3Epwn()%3C/script%3E",
                  "#__proto__=1&node=__proto__"):
        browser.go(state)
        assert browser.run("return document.getElementById('trouble').hidden"), state
    assert browser.errors() == []
    assert not browser.run("return window.pwned === true")


def test_cases_are_coloured_by_a_facet_with_its_legend(browser: Browser, kg: Any) -> None:
    browser.run("const s = document.querySelector('[data-key=colour]'); s.value = 'sector'; s.dispatchEvent(new Event('change'))")
    browser.wait("return location.hash === '#colour=sector'")
    rows = kg.query("""SELECT (STR(?l) AS ?s) (COUNT(DISTINCT ?c) AS ?n) {
        ?c a gpsa:Case ; gpsa:sector ?x . ?x skos:prefLabel ?l } GROUP BY ?l""")
    said = browser.run("return [...document.querySelectorAll('#looks button.row')].map(r => "
                       "[r.querySelector('.name').textContent, +r.querySelector('.n').textContent])")
    assert len(said) == 7
    assert {(name, n) for name, n in said} <= {(str(name), n) for name, n in rows}
    colours = browser.run("return [...document.querySelectorAll('#looks .swatch')].map(s => getComputedStyle(s).backgroundColor)")
    assert len(set(colours)) == len(colours) == 9, "seven sectors, the others, and none stated"
    save(browser, "Picture, SVG")
    assert "Sector:" in browser.saved(".svg").read_text("utf-8")
    browser.go("#view=timeline&colour=region&sector=health")
    assert browser.run("return new Set([...document.querySelectorAll('svg.timeline .bar')].map(b => b.style.fill)).size") > 3
    browser.driver.back()
    browser.wait("return location.hash === '#colour=sector'")


def test_shared_concepts_become_things_on_request(browser: Browser, kg: Any, content: Explorer) -> None:
    """Mechanisms beside the countries: each leads to its cases with sources, and no path runs through them unless it is asked for."""
    browser.go("#node=mechanism:social-audit")
    n = kg.query("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a gpsa:Case ; gpsa:usesMechanism mechanism:social-audit }")[0][0]
    used = kg.query("SELECT (COUNT(DISTINCT ?m) AS ?n) { ?c a gpsa:Case ; gpsa:usesMechanism ?m }")[0][0]
    assert browser.run("return document.querySelectorAll('#panel li.person').length") == n
    assert browser.run("return [...document.querySelectorAll('#panel li.person')].every(l => l.querySelector('sup a'))")
    assert browser.run("return [...document.querySelectorAll('#legend .row')].find(r => /Mechanisms/.test(r.textContent))"
                       ".querySelector('.n').textContent") == str(used)
    browser.go("#concepts=sector&country=PHL")
    save(browser, "Network")
    graph = nx.read_gexf(browser.saved(".gexf"))
    assert {about["kind"] for _, about in graph.nodes(data=True)} >= {"Case", "Sector"}
    path = "node=case:uga-act-health&to=case:idn-wahana-visi"
    browser.go("#" + path)
    hops = "return [...document.querySelectorAll('#panel li.hop, #panel .title')].map(l => l.textContent)"
    plain = browser.run(hops)
    browser.go("#concepts=mechanism&" + path)
    assert browser.run(hops) == plain
    browser.go("#")
    assert f"{len(content.things):,} things" in browser.text("#status")
    assert browser.errors() == []


def test_the_table_has_the_same_cases(browser: Browser, kg: Any) -> None:
    browser.go("#view=table&country=PHL")
    names = browser.run("return [...document.querySelectorAll('#sheet tbody th a')].map(a => a.textContent)")
    rows = kg.query("SELECT ?l { ?c a gpsa:Case ; gpsa:country country:PHL ; rdfs:label ?l }")
    assert sorted(names) == sorted(row[0] for row in rows)


def test_matrix_cells_count_cases_and_lead_to_them(browser: Browser) -> None:
    browser.go("#view=matrix")
    said = int(browser.text("#sheet td.full button"))
    click(browser, "#sheet td.full button")
    browser.wait("return document.querySelector('#sheet tbody th a')")
    assert browser.run("return document.querySelectorAll('#sheet tbody tr').length") == said


def test_the_map_counts_cases_by_country_and_filters(browser: Browser, kg: Any) -> None:
    browser.go("#view=map&sector=health")
    browser.wait("return document.querySelector('#sheet svg.map')")
    rows = kg.query("""SELECT ?l (COUNT(DISTINCT ?c) AS ?n) {
        ?c a gpsa:Case ; gpsa:sector sector:health ; gpsa:country ?p . ?p rdfs:label ?l } GROUP BY ?l""")
    said = browser.run("return [...document.querySelectorAll('svg.map .bubble:not(.none)')].map(b => b.getAttribute('aria-label'))")
    off = browser.run("return [...document.querySelectorAll('#sheet .under')].map(p => p.textContent).join(' ')")
    for label, n in rows:
        assert f"{label}: {n} case{'s' * (n != 1)}" in said or f"Not on the map: {label} ({n})" in off, label
    browser.run("[...document.querySelectorAll('svg.map .bubble')].find(b => b.getAttribute('aria-label').startsWith('Uganda'))"
                ".dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))")
    browser.wait("return location.hash.includes('country=UGA')")


def test_cases_without_a_date_have_a_lane(browser: Browser, kg: Any) -> None:
    browser.go("#view=timeline")
    dated = kg.query("""SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c a gpsa:Case ; ?p ?y
        FILTER(?p IN (gpsa:startYear, gpsa:launchYear, gpsa:approvalYear, gpsa:announcementYear, gpsa:closingYear)) }""")[0][0]
    cases = kg.query("SELECT (COUNT(?c) AS ?n) { ?c a gpsa:Case }")[0][0]
    assert f"Date not stated ({cases - dated})" in browser.text("#sheet svg")


#: Zooms in that many steps and gives back each name of the last painting with its box.
WATCH_NAMES = """
const P = CanvasRenderingContext2D.prototype, text = P.fillText, clear = P.clearRect, seen = [];
P.clearRect = function () { if (this.canvas.id === 'over') seen.length = 0; return clear.apply(this, arguments); };
P.fillText = function (said, x, y) {
  if (this.canvas.id === 'over') {
    const w = this.measureText(said).width, px = parseFloat(/([\\d.]+)px/.exec(this.font)[1]);
    const left = this.textAlign === 'right' ? x - w : this.textAlign === 'center' ? x - w / 2 : x;
    seen.push([said, left, y - px * .72, left + w, y + 1]);
  }
  return text.apply(this, arguments);
};
for (let i = 0; i < arguments[0]; i++) document.getElementById('zoom-in').click();
document.getElementById(arguments[0] ? 'zoom-in' : 'fit').click();
return new Promise(done => setTimeout(() => { P.fillText = text; P.clearRect = clear; done(seen); }, 700));
"""


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_no_label_covers_another(browser: Browser, explorer_file: Path, size: tuple[int, int]) -> None:
    browser.size(*size)
    browser.open(explorer_file)
    for steps in (0, 3, 6):
        boxes = browser.run(WATCH_NAMES, steps)
        assert boxes, "no name is drawn"
        clash = [(a[0], b[0]) for n, a in enumerate(boxes) for b in boxes[:n]
                 if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]]
        assert clash == [], f"names cover each other at {size}, {steps} steps in"


def test_at_the_start_every_island_has_its_name(browser: Browser, content: Explorer) -> None:
    names = {said for said, *_ in browser.run(WATCH_NAMES, 0)}
    assert set(content.islands.values()) <= names


@pytest.mark.parametrize("size", [(390, 844), (320, 568)])
@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_never_scrolls_sideways(browser: Browser, explorer_file: Path, size: tuple[int, int], view: str) -> None:
    browser.size(*size)
    browser.open(explorer_file, f"#view={view}&node=case:mwi-mejn")
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")
    small = browser.run("""return [...document.querySelectorAll('header button, header summary, #panel .acts button')]
        .filter(b => b.offsetParent && b.getBoundingClientRect().height < 32).map(b => b.textContent)""")
    assert small == []


def test_dark_and_light_follow_the_reader(browser: Browser, explorer_file: Path) -> None:
    browser.size(1440, 900, dark=True)
    browser.open(explorer_file)
    assert browser.run("return document.documentElement.dataset.theme") == "dark"
    click(browser, "#theme")
    assert browser.run("return document.documentElement.dataset.theme") == "light"


def test_a_page_without_a_size_waits_for_one(browser: Browser, explorer_file: Path, tmp_path: Path) -> None:
    """A frame that is hidden or has no width while it loads: nothing fails, and once it has a size it shows everything."""
    camera = browser.run("return window.__camera()")
    for look in ("display:none", "width:0;height:700px", "width:1px;height:1px"):
        frame = tmp_path / "frame.html"
        frame.write_text(f'<!doctype html><iframe id="f" style="border:0;{look}" src="{explorer_file.as_uri()}"></iframe>', "utf-8")
        browser.driver.get(frame.as_uri())
        browser.driver.switch_to.frame("f")
        browser.wait("return window.__details")
        browser.driver.switch_to.default_content()
        browser.run("document.getElementById('f').style.cssText = "
                    "'position:absolute;inset:0;border:0;width:' + innerWidth + 'px;height:900px'")
        browser.driver.switch_to.frame("f")
        browser.wait(f"return JSON.stringify(window.__camera()) === '{json.dumps(camera, separators=(',', ':'))}'")
        assert browser.run("return document.getElementById('trouble').hidden"), look
        browser.driver.switch_to.default_content()
    assert browser.errors() == []


def test_a_window_that_shrinks_to_nothing_comes_back(browser: Browser) -> None:
    """Fitted stays fitted, near stays near, also when the window is turned; other views are drawn as wide as the page is."""
    settled = "return new Promise(done => setTimeout(() => done(window.__camera()), 150))"
    fitted = browser.run(settled)
    near = browser.run("document.getElementById('zoom-in').click(); " + settled)
    assert near[2] > fitted[2]
    for size in ((1, 1), (10, 900)):
        browser.size(*size)
        browser.run(settled)
        browser.size(1440, 900)
        assert browser.run(settled) == pytest.approx(near, abs=2), size
    browser.size(900, 1200)
    tall = browser.run(settled)
    browser.size(1440, 900)
    assert browser.run(settled) == fitted != tall
    browser.go("#view=timeline")
    browser.size(1000, 900)
    browser.wait("return Math.abs(document.querySelector('#sheet svg').clientWidth + 36 "
                 "- document.getElementById('sheet').clientWidth) < 2")
    assert browser.run("return document.getElementById('trouble').hidden")
    assert browser.errors() == []


def test_an_island_opens_as_one_comes_near(browser: Browser, explorer_file: Path, tmp_path: Path) -> None:
    """With more marks than are drawn at once; also where motion is reduced, and the picture jumps."""
    few = tmp_path / "few.html"
    few.write_text(explorer_file.read_text("utf-8").replace("MOST = 4000,", "MOST = 400,"), "utf-8")
    browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})      # the script is changed here, so its hash is another
    try:
        browser.open(few)
        assert browser.run("return window.__marks().length") == 0
        assert "zoom in or press an island" in browser.text("#status")
        for _ in range(6):
            browser.run("document.getElementById('zoom-in').click()")
        marks = browser.wait("return window.__marks().length")
        assert 0 < marks <= 400
        browser.run("document.getElementById('fit').click()")
        browser.wait("return window.__marks().length === 0")
    finally:
        browser.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})


def save(browser: Browser, name: str) -> None:
    browser.run("document.getElementById('save').open = true")
    browser.run("[...document.querySelectorAll('#save-list button')].find(b => b.textContent.startsWith(arguments[0])).click()", name)


def test_saved_files_hold_what_is_shown(browser: Browser, kg: Any) -> None:
    from xml.etree import ElementTree

    browser.go("#country=PHL")
    n = kg.query("SELECT (COUNT(?c) AS ?n) { ?c a gpsa:Case ; gpsa:country country:PHL }")[0][0]
    save(browser, "Table")
    with browser.saved(".csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == n
    assert all(row["Sources"] for row in rows)
    save(browser, "Network")
    graph = nx.read_gexf(browser.saved(".gexf"))
    shown = browser.text("#status")
    assert f"{len(graph)} things and {graph.number_of_edges()} links" in shown
    assert all({"x", "y"} <= set(about["viz"]["position"]) for _, about in graph.nodes(data=True))
    save(browser, "Picture, SVG")
    svg = browser.saved(".svg").read_text("utf-8")
    ElementTree.fromstring(svg)
    assert "Country: Philippines" in svg
    assert f"Cases ({n})" in svg
    save(browser, "Picture, PNG")
    assert browser.saved(".png").read_bytes().startswith(b"\x89PNG")


def test_a_view_file_brings_the_state_back(browser: Browser, explorer_file: Path, content: Explorer) -> None:
    browser.go("#sector=health&years=2014-2016&hide=other")
    before = browser.text("#status")
    save(browser, "View file")
    view = json.loads(browser.saved(".json").read_text("utf-8"))
    browser.open(explorer_file)
    browser.driver.find_element(By.CSS_SELECTOR, "#save-list input").send_keys(str(browser.saved(".json")))
    browser.wait("return location.hash.includes('years=2014-2016')")
    browser.wait(f"return document.getElementById('status').textContent === {json.dumps(before)}")
    assert len(view["positions"]) == int(before.split(", ")[1].split()[0].replace(",", ""))
    remade = picture(content, view)
    shown = browser.run("return [...document.querySelectorAll('#legend .n')].map(n => +n.textContent.replace(',', ''))")
    for (kind, name, *_), n in zip(KINDS, shown, strict=True):
        assert kind == "other" or f"<title>{name}: {n}</title>" in remade, "the picture in Python must show what the page shows"


def test_printing_gives_one_page_of_vectors(browser: Browser) -> None:
    import base64

    for state in ("#", MEJN, "#view=timeline", "#view=columns&country=PHL"):
        browser.go(state)
        made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        pdf = base64.b64decode(made["data"])
        assert pdf.count(b"/Type /Page\n") == 1, f"{state} takes more than one page"
        assert b"/Subtype /Image" not in pdf


def test_hostile_texts_run_nothing_and_show_as_typed(chromium: Browser, tiny_kg: Any, tmp_path: Path) -> None:
    content = explorer(hostile(tiny_kg))
    target = tmp_path / "hostile.html"
    target.write_text(page(content, "<img src=x onerror=pwn()>", "</script>"), "utf-8")
    chromium.size(1440, 900)
    chromium.errors()
    chromium.requests()
    chromium.open(target)
    for view in VIEWS:
        chromium.go(f"#view={view}")
    for thing in content.things:
        chromium.go(f"#node={thing.id}")
        assert chromium.text("#panel h2.title") == clean(thing.label)
        for button in ("Cite", "Path to"):
            chromium.run("[...document.querySelectorAll('#panel .acts button')]"
                         ".find(b => b.textContent.startsWith(arguments[0])).click()", button)
    shown = chromium.run("return document.querySelector('#legend').textContent + document.querySelector('#facets').textContent")
    assert all(clean(label) in shown for _, _, values in content.facets[:1] for label in values.values())
    for name, ending in (("Table", ".csv"), ("Network", ".gexf"), ("Picture, SVG", ".svg")):
        save(chromium, name)
        chromium.saved(ending)
    nx.read_gexf(chromium.saved(".gexf"))
    with chromium.saved(".csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r", "＝")) or (c.startswith("-") and not c[1:].isdigit())]
    assert not chromium.run("return window.pwned === true")
    assert chromium.errors() == []
    assert chromium.requests() == []


def test_without_scripts_the_table_is_there(chromium: Browser, explorer_file: Path, kg: Any) -> None:
    chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.driver.get("about:blank")
        chromium.driver.get(explorer_file.resolve().as_uri())
        time.sleep(0.3)
        rows = chromium.driver.find_elements(By.CSS_SELECTOR, "noscript tbody tr")
        assert len(rows) == kg.query("SELECT (COUNT(?c) AS ?n) { ?c a gpsa:Case }")[0][0]
        assert rows[0].is_displayed()
    finally:
        chromium.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
