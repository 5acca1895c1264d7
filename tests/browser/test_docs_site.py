"""The documentation site in a real Chromium: axe finds nothing serious on any kind of page, and no page scrolls sideways on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Browser

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
#: One page of each kind: home, tables, long sessions, a how-to, a drawing, findings, generated lists, notebooks, search.
KINDS = ("index", "tutorial", "routes/analyst", "how-to/correct-a-fact", "model", "provenance", "findings",
         "reference/settings", "notebooks/2-who-says-so", "notebooks/3-networks", "search.html?q=audit")


@pytest.mark.slow
def test_axe_finds_nothing_serious_on_any_kind_of_page(chromium: Browser, docs_site: Path) -> None:
    script = AXE.read_text("utf-8")
    chromium.driver.set_script_timeout(300)
    for at, page in enumerate(KINDS):
        both = ((1440, False), (390, True)) if at % 2 else ((1440, True), (390, False))
        for width, dark in (*both, *(((1440, False), (390, True)) if page == "index" else ())):
            chromium.size(width, 900, dark=dark)
            name, _, asked = page.partition("?")
            chromium.driver.get((docs_site / name).with_suffix(".html").as_uri() + (f"?{asked}" if asked else ""))
            chromium.wait("return (document.querySelector('article h1, #search-results h2') || {}).textContent")
            chromium.run(script)
            found = chromium.driver.execute_async_script("""
                const done = arguments[0], bad = v => ['serious', 'critical'].includes(v.impact);
                axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.filter(bad)
                    .map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).slice(0, 4).join(' | ')}`)));""")
            assert found == [], f"{page} at {width} px, {'dark' if dark else 'light'}"


@pytest.mark.slow
def test_no_page_scrolls_sideways_on_a_phone_and_none_asks_for_anything(chromium: Browser, docs_site: Path) -> None:
    chromium.size(390, 844)
    chromium.requests()
    chromium.errors()
    pages = sorted(docs_site.rglob("*.html"))
    assert len(pages) > 40
    wide = []
    for page in pages:
        chromium.driver.get(page.as_uri())
        width = chromium.run("return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
        wide += [f"{page.relative_to(docs_site)}: {width} px"] if width > 390 else []
    assert wide == []
    assert chromium.requests() == []
    assert chromium.errors() == []
