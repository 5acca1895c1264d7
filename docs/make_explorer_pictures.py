"""Pictures of docs/explorer.md: the explorer of the shipped data in a headless Chromium.

    python docs/make_explorer_pictures.py
"""

from __future__ import annotations

import shutil
import tempfile
import time
from base64 import b64decode
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

import gpsa_graph
from gpsa_graph.view import write_explorer
from gpsa_graph.view.saved import write_network_page

FOLDER = Path(__file__).resolve().parent / "explorer"
#: Name, address, width, height, dark, presses of "+".
FILM = (
    ("1-islands", "", 1280, 800, False, 0),
    ("2-near", "", 1280, 800, False, 5),
    ("3-case", "#node=case:mwi-mejn", 1280, 800, False, 0),
    ("4-path", "#node=case:uga-act-health&to=organisation:world-bank", 1280, 800, True, 0),
    ("5-columns", "#view=columns&country=PHL", 1280, 800, False, 0),
    ("6-matrix", "#view=matrix", 1280, 800, True, 0),
    ("7-map", "#view=map", 1280, 800, False, 0),
    ("8-timeline", "#view=timeline&sector=health", 1280, 800, False, 0),
    ("11-colours", "#colour=region&concepts=sector", 1280, 800, False, 0),
    ("9-phone", "#node=organisation:phl-department-of-education", 390, 844, False, 0),
)
#: The same for the network of a question.
NETWORK = (("10-network", "#country=UGA,KEN,MWI,PHL", 1280, 800, False, 0),)


def shoot(page: Path, film: tuple[tuple[str, str, int, int, bool, int], ...]) -> None:
    """Take every picture of a film strip."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--hide-scrollbars"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
    try:
        for name, state, width, height, dark, steps in film:
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                   {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
                {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                {"name": "prefers-reduced-motion", "value": "reduce"}]})
            driver.get("about:blank")
            driver.get(page.as_uri() + state)
            while not driver.execute_script("return window.__ready && window.__details"):
                time.sleep(0.05)
            for _ in range(steps):
                driver.execute_script("document.getElementById('zoom-in').click()")
            time.sleep(0.6)
            scale = 1 if width < 600 else 0.7
            made = driver.execute_cdp_cmd("Page.captureScreenshot", {
                "format": "png", "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": scale}})
            (FOLDER / f"{name}.png").write_bytes(b64decode(made["data"]))
    finally:
        driver.quit()


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "explorer.html"
        kg = gpsa_graph.load()
        write_explorer(kg, page)
        shoot(page, FILM)
        write_network_page(kg, "who-works-with-whom", {}, page)
        shoot(page, NETWORK)


if __name__ == "__main__":
    main()
