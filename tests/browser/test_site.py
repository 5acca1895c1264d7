"""The site in a real Chromium: search -> question -> answer -> source -> explorer, phones, hostile texts, and pages without scripts."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from gpsa_graph import vocab
from tests.serve_live import ROOT, Live, live

#: A source whose address is long.
LONG = "source/0b38ab7d5a217489"
PAGES = (
    "/",
    "/case",
    "/case/idn-wahana-visi.html",
    "/like",
    "/like?case=mwi-mejn",
    "/organisation",
    "/organisation/world-bank.html",
    "/mechanism/community-scorecard.html",
    "/sector",
    "/sector/education.html",
    "/country/MWI.html",
    "/place/mwi-malimbwe-primary-school.html",
    "/source",
    f"/{LONG}.html",
    "/event/ogp-summit-2016-gpsa-workshop.html",
    "/programme/gpsa.html",
    "/question",
    "/question/where-was-a-mechanism-used?mechanism=social-audit",
    "/patterns",
    "/downloads",
    "/nothing-here",
    "/case/nothing-here.html",
    "/question/who-works-with-whom?country=XXX",
    "/sparql?query=SELECT%20%2A%20%7B%20%3Fs",
    "/country",
    "/patterns/brokers",
    "/coverage",
    "/sparql?query=SELECT%20%2A%20%7B%20case%3Amwi-mejn%20%3Fp%20%3Fo%20%7D",
    "/limits",
    "/about",
    "/ontology",
    "/search?q=health",
)
#: Pages that say that something is not there or cannot be asked, with the status of an error.
REFUSED = ("nothing-here", "XXX", "%3Fs")
CHART = "/sparql?view=chart&query=" + quote(
    "SELECT ?m (COUNT(?c) AS ?n) { ?c gpsa:usesMechanism ?m } GROUP BY ?m ORDER BY DESC(?n) ?m LIMIT 12"
)
NETWORK = "/sparql?view=network&query=" + quote(
    "SELECT ?source ?target { ?c gpsa:hasGrantee ?source ; gpsa:involvesGovernment ?target } ORDER BY ?source ?target"
)
HOSTILE = (
    "<script>pwn()</script>",
    '"><img src=x onerror=pwn()>',
    "</script><script>pwn()</script>",
    "javascript:pwn()",
    "</title><svg onload=pwn()>",
)


class Tab:
    """A browser tab on a site that knows no other host."""

    def __init__(self, site: Live, *, scripts: bool = True) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--force-prefers-reduced-motion",  # nothing moves while it is clicked
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
        self.site = site
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": "window.pwn = () => { window.pwned = true; };"})
        if not scripts:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})

    def size(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )

    def go(self, path: str) -> None:
        self.driver.get(self.site.address + path)

    def run(self, script: str) -> Any:
        return self.driver.execute_script(script)

    def find(self, selector: str, seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.driver.find_elements(By.CSS_SELECTOR, selector):
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no {selector} on {self.driver.current_url}")

    def wait(self, script: str, seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.run(script):
                return found
            time.sleep(0.05)
        raise AssertionError(f"not within {seconds} s: {script}")

    def faults(self) -> list[str]:
        """Console errors, and requests that went anywhere but to the site."""
        errors = [str(e["message"]) for e in self.driver.get_log("browser") if e["level"] == "SEVERE"]
        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return errors + [u for u in asked if not u.startswith((self.site.address, "data:", "blob:", "about:", "chrome:"))]


@pytest.fixture(scope="module")
def site(cache: Path) -> Iterator[Live]:
    """The shipped cases."""
    with live() as running:
        yield running


@pytest.fixture(scope="module")
def tab(site: Live) -> Iterator[Tab]:
    made = Tab(site)
    yield made
    made.driver.quit()


def test_from_a_search_to_the_explorer(tab: Tab) -> None:
    """What a first visitor does, by keyboard and mouse."""
    tab.size(1440, 900)
    tab.go("/")
    box = tab.find(".big input")
    box.send_keys("scorec")
    tab.find(".big .suggest:not([hidden]) li")
    box.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert "scorecard" in tab.find("h1").text.lower()
    tab.find('.top nav a[href="/question"]').click()
    tab.find('a[href="/question/where-was-a-mechanism-used"]').click()
    choice = tab.find('[name="mechanism"]')
    choice.send_keys("social audit") if choice.tag_name == "input" else tab.find('[name="mechanism"] option[value="social-audit"]').click()
    tab.find(".filter button").click()
    tab.find("table a.src").click()
    assert "#src-" in tab.driver.current_url
    tab.find(".sources li a").click()
    assert "/source/" in tab.driver.current_url
    assert "What rests on it" in tab.find("main").text
    tab.go("/case/idn-wahana-visi.html")
    tab.find(".id .button").click()
    assert tab.driver.current_url.endswith("/explorer#node=case:idn-wahana-visi")
    end = time.monotonic() + 200
    while not tab.run("return window.__ready") and time.monotonic() < end:
        time.sleep(0.1)
    assert tab.run("return window.__ready"), "the explorer does not start under the policy of the site"
    assert tab.faults() == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone_and_can_be_read_without_its_looks(tab: Tab, path: str) -> None:
    """No sideways scroll; names and order for those who hear or type a page: labels, headings, ids, nothing that only a mouse
    reaches."""
    tab.go(path)
    for width, height in ((390, 844), (320, 640), (1440, 900)):
        tab.size(width, height)
        wide = tab.run("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{path} at {width} px is {wide[0]} px wide"
    found = tab.run("""
        const bad = [], named = e => e.getAttribute('aria-label') || e.textContent.trim() || e.getAttribute('title');
        for (const e of document.querySelectorAll('a[href], button, summary'))
            if (!named(e)) bad.push('no name: ' + e.outerHTML.slice(0, 80));
        for (const e of document.querySelectorAll('input, select, textarea'))
            if (!e.labels?.length && !e.getAttribute('aria-label')) bad.push('no label: ' + e.outerHTML.slice(0, 80));
        const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
        for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) bad.push('id twice: ' + id);
        let level = 0;
        for (const h of document.querySelectorAll('h1,h2,h3,h4')) { const n = +h.tagName[1];
            if (n > level + 1) bad.push('skipped to ' + h.outerHTML.slice(0, 60)); level = n; }
        for (const t of document.querySelectorAll('table')) if (!t.querySelector('th')) bad.push('table without heads');
        if (!document.documentElement.lang || !document.title) bad.push('no language or title');
        for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) bad.push('tabindex above 0');
        return bad""")
    assert found == [], f"{path}: {found[:5]}"
    assert [fault for fault in tab.faults() if not ("status of 4" in fault and any(word in path for word in REFUSED))] == []


def test_paper_shows_tables_as_tables(tab: Tab) -> None:
    """A sheet of paper is as narrow as a small screen; its tables keep their rows and heads, and sources stand in brackets."""
    tab.go("/organisation/world-bank.html")
    tab.size(718, 1000)
    tab.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        found = tab.run("""const of = (selector, pseudo) => getComputedStyle(document.querySelector(selector), pseudo);
            return [of('#playbook table').display, of('#playbook thead').position, of('.src', '::before').content,
                document.documentElement.scrollWidth <= innerWidth]""")
    finally:
        tab.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert found == ["table", "static", '"["', True]


_QUICK = ("/", "/limits", "/question", "/organisation/world-bank.html", CHART)
_ALL = dict.fromkeys([*_QUICK, *PAGES, NETWORK])


@pytest.mark.parametrize("path", [p if p in _QUICK else pytest.param(p, marks=pytest.mark.slow) for p in _ALL])
def test_axe_finds_nothing_serious(tab: Tab, path: str) -> None:
    """axe-core over every kind of page, at the width of a desk and of a phone."""
    script = (ROOT / "tests" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    tab.go(path)
    if path.startswith("/sparql"):
        tab.find(".editor")
    tab.run(script)
    for width, height in ((1440, 900), (390, 844)):
        tab.size(width, height)
        found = tab.driver.execute_async_script("""const done = arguments[arguments.length - 1];
            axe.run().then((r) => done(r.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
                .map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' | '))));""")
        assert found == [], f"{path} at {width} px: {found}"


def test_the_editor_completes_marks_and_asks(tab: Tab) -> None:
    """Typing offers classes, properties and ids from the graph; Ctrl+Enter asks; a fault is marked at its place."""
    tab.size(1440, 900)
    tab.go("/sparql")
    tab.find(".editor")
    assert not tab.find("#query").is_displayed()
    tab.wait("return !!window.__editor")

    def offered(text: str, wanted: str) -> None:
        tab.run("const v = window.__editor; v.dispatch({changes: {from: 0, to: v.state.doc.length}}); v.focus()")
        ActionChains(tab.driver).send_keys(text).perform()
        tab.wait(
            "return [...document.querySelector('.editor').shadowRoot.querySelectorAll('.cm-completionLabel')]"
            f".some((e) => e.textContent === '{wanted}')"
        )

    offered("SELECT * WHERE ?c a gpsa:Ca", "gpsa:Case")
    offered("?c a gpsa:Case ; gpsa:usesM", "gpsa:usesMechanism")
    offered("?c gpsa:usesMechanism mechanism:community", "mechanism:community-scorecard")
    offered("?case gpsa:hasGrantee organisation:wahana", "organisation:idn-yayasan-wahana-visi-indonesia")
    tab.run(
        "const v = window.__editor; const insert = 'ASK { case:mwi-mejn a gpsa:Case }';"
        "v.dispatch({changes: {from: 0, to: v.state.doc.length, insert}}); v.focus()"
    )
    ActionChains(tab.driver).send_keys(Keys.ESCAPE).key_down(Keys.CONTROL).send_keys(Keys.ENTER).key_up(Keys.CONTROL).perform()
    assert tab.find("#answer .lead").text == "Yes."
    assert tab.faults() == []
    tab.go("/sparql?query=SELECT%20%2A%20%7B%20%3Fs")
    tab.wait("return document.querySelector('.editor')?.shadowRoot.querySelector('.cm-lint-marker-error')")
    tab.faults()


def test_pages_work_without_scripts(site: Live) -> None:
    tab = Tab(site, scripts=False)
    try:
        tab.go("/")
        tab.find(".big input").send_keys("wahana", Keys.ENTER)
        tab.find(".hits a").click()
        assert "Wahana Visi" in tab.find("h1").text
        tab.go("/sparql")
        tab.find(".sparql button").send_keys(Keys.ENTER)
        assert tab.find("#answer table")
    finally:
        tab.driver.quit()


@pytest.mark.slow
def test_hostile_texts_run_nothing(tmp_path: Path, tiny_kg: Any) -> None:
    store = ox.Store(str(tmp_path / "store"))
    for i, quad in enumerate(tiny_kg.triples()):
        o = quad.object
        if (
            isinstance(o, ox.Literal)
            and o.datatype.value.endswith(("#string", "langString"))
            and not quad.predicate.value.endswith(("inScheme", "formerId"))
        ):
            text = HOSTILE[i % len(HOSTILE)]
            o = ox.Literal(text, language=o.language) if o.language else ox.Literal(text)
        store.add(ox.Quad(quad.subject, quad.predicate, o))
    store.flush()
    del store
    rows = tiny_kg.query("SELECT DISTINCT ?x WHERE { ?x a ?t } ORDER BY ?x")
    things = [vocab.expand(str(x))[len(vocab.BASE) - 1 :] for (x,) in rows if vocab.expand(str(x)).startswith(vocab.BASE)]
    paths = [
        *[f"{t}.html" for t in things if t.count("/") == 2 and "#" not in t][::12],
        "/",
        "/case",
        "/organisation",
        "/source",
        "/coverage",
        "/search?q=pwn",
        "/explorer",
    ]
    with live("--store", str(tmp_path / "store")) as poisoned:
        tab = Tab(poisoned)
        try:
            for path in [
                *paths,
                *(f"/search?q={h}" for h in ("%3Cscript%3Epwn()%3C%2Fscript%3E",)),
                "/sparql?query=%3Cimg%20src%3Dx%20onerror%3Dpwn()%3E",
            ]:
                tab.go(path)
                assert not tab.run("return window.pwned"), f"a text ran as a script on {path}"
                assert [f for f in tab.faults() if "status of 4" not in f] == [], path
            tab.go("/")
            tab.find(".big input").send_keys("pwn")
            tab.find(".big .suggest:not([hidden]) li")
            time.sleep(0.3)
            assert not tab.run("return window.pwned"), "a suggestion ran as a script"
        finally:
            tab.driver.quit()
