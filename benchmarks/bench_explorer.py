"""The explorer beside plain pyvis, in the same run: how large, how soon it answers a click, how smoothly it moves.

    python benchmarks/bench_explorer.py                       shipped cases and 1,000 synthetic ones
    python benchmarks/bench_explorer.py --cases 124 1000 5000 --keep out/pages

Interactive means that a node is painted (its colour is found in the pixels of the canvas) and that a real click on it is
answered: in ours the panel shows its facts with their sources, or an island that was too far to show its things opens; in pyvis
the node is selected. Times count from the start of navigation; the answer is looked for in every frame that the page draws. `fps` is 1000
divided by the CPU milliseconds of the renderer process for each drawn frame while the picture is dragged, at most 60: what
a machine of this kind reaches when idle. `work` is a fixed loop inside the page; divide times by it to compare runs. The
network is cut off; requests that leave the page are counted. Synthetic cases repeat the texts of the shipped ones, which
gzip squeezes more than it could squeeze as many different cases: the last column says how large the file would be if no
text repeated another (words of each text shuffled).
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from synthetic import synthetic_data

import gpsa_graph
from gpsa_graph.resources import data_version
from gpsa_graph.view import page as pages
from gpsa_graph.view.data import Explorer, explorer

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=1440,900")
#: Counts drawn frames; in each, until it is found, looks for a painted node (the first pixel of its colour whose neighbourhood has
#: the colour too), and once a click is asked about, for its answer.
WATCH = """
window.__frames = 0; window.__spot = null; window.__answered = null;
const P = CanvasRenderingContext2D.prototype;
let seen = 0;
for (const name of ['fill', 'stroke']) { const f = P[name]; P[name] = function () { seen = 1; return f.apply(this, arguments); }; }
const find = (selector, r, g, b) => {
  const c = document.querySelector(selector);
  if (!c || !c.width) return null;
  const w = c.width, k = w / c.clientWidth, box = c.getBoundingClientRect();
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  const near = p => Math.abs(d[p] - r) < 8 && Math.abs(d[p + 1] - g) < 8 && Math.abs(d[p + 2] - b) < 8;
  for (let y = 60; y < c.height - 60; y++) for (let x = 60; x < w - 60; x++) {
    const p = (y * w + x) * 4;
    if ([0, 8, 8 * w, 8 + 8 * w].every(o => near(p + o))) return [box.left + (x + 1) / k, box.top + (y + 1) / k, performance.now()];
  }
  return null;
};
const frame = () => {
  if (seen) { window.__frames++; seen = 0; if (!window.__spot) window.__spot = find(...LOOKED_FOR); }
  if (window.__asked && !window.__answered && window.__asked()) window.__answered = performance.now();
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);
"""
WORK = """
const t = performance.now(); let x = 0; for (let i = 0; i < 3e7; i++) x = (x * 31 + i) | 0;
window.__x = x; return performance.now() - t;
"""
OURS = ("#net canvas", (0, 114, 178), "document.querySelector('#panel dl') || window.__marks().length > drawn")
PYVIS = ("#mynetwork canvas", (0, 114, 178), "network.getSelectedNodes().length > 0")


@contextmanager
def browser(limit: float, watch: str) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    options.page_load_strategy = "none"
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
    driver.set_script_timeout(limit)
    driver.command_executor.client_config.timeout = limit + 30
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": watch})
    try:
        yield driver
    finally:
        driver.quit()


def renderer(driver: webdriver.Chrome) -> psutil.Process:
    """The renderer process that has worked most: the one of the page."""
    ours = psutil.Process(driver.service.process.pid).children(recursive=True)
    found = [p for p in ours if "--type=renderer" in p.cmdline()]
    return max(found, key=lambda p: sum(p.cpu_times()[:2]))


def mouse(driver: webdriver.Chrome, kind: str, x: float, y: float, down: int = 0) -> None:
    moved = kind == "mouseMoved"
    driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "buttons": down, "clickCount": 0 if moved else 1,
                                                        "button": "left" if down or not moved else "none"})


def measure(path: Path, way: tuple[str, tuple[int, int, int], str], limit: float) -> dict[str, Any]:
    """One page: seconds to painted and to answered, fps of dragging, memory, requests that left it."""
    selector, colour, answered = way
    found: dict[str, Any] = {"MB": path.stat().st_size / 1e6}
    with browser(limit, WATCH.replace("LOOKED_FOR", json.dumps([selector, *colour]))) as driver:
        end = time.monotonic() + limit
        driver.get(path.resolve().as_uri())
        try:
            spot = None
            while spot is None and time.monotonic() < end:
                spot = driver.execute_script("return window.__spot")
                time.sleep(0 if spot else 0.01)
            if spot:
                x, y, when = spot
                found["painted"] = when / 1000
                driver.execute_script(f"const drawn = window.__marks ? window.__marks().length : 0; window.__asked = () => {answered};")
                mouse(driver, "mousePressed", x, y, 1)
                mouse(driver, "mouseReleased", x, y)
                while not (now := driver.execute_script("return window.__answered")) and time.monotonic() < end:
                    time.sleep(0.01)
                found["answered"] = now / 1000 if now else None
                found["work"] = driver.execute_script(WORK)
                found["fps"] = drag(driver)
            process = renderer(driver)
            found["memory"] = process.memory_info().rss / 1e6
        except (TimeoutException, WebDriverException):
            pass                                  # the page blocks: what was not reached stays out
        try:
            events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
            asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
            found["requests"] = sum(not url.startswith(("file:", "data:", "blob:", "about:")) for url in asked)
        except WebDriverException:
            pass
    return found


def drag(driver: webdriver.Chrome) -> float:
    from math import cos, sin

    driver.execute_script("location.hash = ''; const b = document.getElementById('fit'); if (b) b.click();")
    time.sleep(0.8)
    process, x, y = renderer(driver), 420.0, 80.0
    mouse(driver, "mousePressed", x, y, 1)
    before, frames = sum(process.cpu_times()[:2]), driver.execute_script("return window.__frames")
    end, n = time.monotonic() + 3, 0
    while time.monotonic() < end:
        mouse(driver, "mouseMoved", x + 150 + 150 * sin(n / 9), y + 110 + 110 * cos(n / 7), 1)
        n += 1
    drawn = driver.execute_script("return window.__frames") - frames
    used = sum(process.cpu_times()[:2]) - before
    mouse(driver, "mouseReleased", x, y)
    return min(60.0, drawn / used) if used else 60.0


def plain_pyvis(content: Explorer, path: Path) -> None:
    """The same things and links as pyvis writes them by itself: its own layout, its own page."""
    from pyvis.network import Network

    made = Network(height="880px", directed=True, cdn_resources="in_line")
    colours = {kind: colour for kind, _, _, _, colour in content.kinds}
    for thing in content.things:
        made.add_node(thing.id, label=thing.label, color=colours[thing.kind])
    for link in content.links:
        made.add_edge(link.case, link.other)
    path.write_text(made.generate_html(), "utf-8")


def without_repeats(content: Explorer) -> float:
    """Megabytes that the details would take if no text repeated another, less what they take now."""
    chance = random.Random(1)

    def other(said: Any) -> Any:
        if isinstance(said, dict):
            return {key: other(one) for key, one in said.items()}
        if isinstance(said, list):
            return [other(one) for one in said]
        if isinstance(said, str) and len(said) > 25:
            words = said.split(" ")
            chance.shuffle(words)
            return " ".join(words)
        return said

    details = pages._details(content)
    return (len(pages.packed(other(details))) - len(pages.packed(details))) / 1e6


def line(name: str, found: dict[str, Any], more: str = "") -> str:
    def shown(key: str, form: str) -> str:
        return form.format(found[key]) if found.get(key) is not None else "-"

    return (f"{name:<26} {shown('MB', '{:.2f}'):>7} {shown('painted', '{:.2f}'):>9} {shown('answered', '{:.2f}'):>9} "
            f"{shown('fps', '{:.0f}'):>5} "
            f"{shown('memory', '{:.0f}'):>7} {shown('requests', '{}'):>9} {shown('work', '{:.0f}'):>6} {more:>11}")


def main() -> None:
    parser = argparse.ArgumentParser(description="The explorer beside plain pyvis.")
    parser.add_argument("--cases", nargs="*", type=int, default=[0, 1000], help="numbers of cases; 0 is the shipped ones")
    parser.add_argument("--limit", type=float, default=60, help="seconds to wait for a page (default 60)")
    parser.add_argument("--runs", type=int, default=3, help="runs of ours; the median answer is shown (default 3)")
    parser.add_argument("--keep", type=Path, help="a folder for the pages; those that are there are measured as they are")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        heads = ("MB", 7), ("painted s", 9), ("answers s", 9), ("fps", 5), ("mem MB", 7), ("requests", 9), ("work", 6), ("no repeats", 11)
        print(f"{'page':<26} " + " ".join(f"{head:>{wide}}" for head, wide in heads))
        for cases in given.cases:
            name = f"{cases or 'shipped'}"
            ours, theirs, note = folder / f"{name}.html", folder / f"{name}-pyvis.html", folder / f"{name}.txt"
            if not (ours.exists() and theirs.exists() and note.exists()):
                kg = gpsa_graph.load(synthetic_data(Path(scratch) / name, cases) if cases else None)
                content = explorer(kg)
                ours.write_text(pages.page(content, *data_version()), "utf-8")
                plain_pyvis(content, theirs)
                note.write_text(f"{ours.stat().st_size / 1e6 + without_repeats(content):.2f}", "utf-8")
            runs = sorted((measure(ours, OURS, given.limit) for _ in range(given.runs)), key=lambda r: r.get("answered") or 1e9)
            print(line(f"{name} cases, explorer", runs[len(runs) // 2], note.read_text("utf-8")), flush=True)
            print(line(f"{name} cases, plain pyvis", measure(theirs, PYVIS, given.limit)), flush=True)


if __name__ == "__main__":
    main()
