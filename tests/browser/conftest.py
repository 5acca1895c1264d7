"""A real Chromium without a network, and the explorer of the shipped data in it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from gpsa_graph.resources import data_version
from gpsa_graph.view.data import Explorer, explorer
from gpsa_graph.view.page import page
from gpsa_graph.view.saved import write_network_page

QUESTION = "who-works-with-whom"


class Browser:
    """A driver with the few steps that the tests share; console errors and requests are collected."""

    def __init__(self, downloads: Path, size: tuple[int, int] = (1440, 900)) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
                     "--disable-background-networking", "--no-first-run", f"--window-size={size[0]},{size[1]}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.add_experimental_option("prefs", {"download.default_directory": str(downloads), "download.prompt_for_download": False,
                                                  "profile.default_content_setting_values.automatic_downloads": 1})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver") or "chromedriver"))
        self.downloads, self.address = downloads, ""
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": "window.pwn = () => { window.pwned = true; };"})

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        phone = width < 600
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, path: Path, state: str = "") -> None:
        self.driver.get("about:blank")
        self.address = path.resolve().as_uri()
        self.driver.get(self.address + state)
        self.wait("return window.__ready && window.__details")

    def go(self, state: str) -> None:
        """Change the address and wait for the repaint."""
        self.run("location.hash = arguments[0]", state)
        self.wait("return document.readyState === 'complete'")
        self.run("return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def wait(self, script: str, seconds: float = 20.0) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := self.driver.execute_script(script):
                return found
            time.sleep(0.03)
        raise AssertionError(f"not within {seconds} s: {script}")

    def text(self, selector: str) -> str:
        return str(self.run("const e = document.querySelector(arguments[0]); return e ? e.textContent : ''", selector))

    def errors(self) -> list[str]:
        return [str(entry["message"]) for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """Addresses that were asked for since the last call, beside files, data and blobs."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
        return [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))]

    def saved(self, ending: str) -> Path:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if found := sorted(self.downloads.glob(f"*{ending}"), key=lambda p: p.stat().st_mtime):
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no file {ending} was saved")


@pytest.fixture(scope="session")
def content(kg: Any) -> Explorer:
    """What the explorer of the shipped data holds; made once, for it takes seconds."""
    return explorer(kg)


@pytest.fixture(scope="session")
def explorer_file(content: Explorer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("explorer") / "explorer.html"
    target.write_text(page(content, *data_version()), "utf-8")
    return target


@pytest.fixture(scope="session")
def who_file(kg: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a network: who works with whom in Uganda."""
    target = tmp_path_factory.mktemp("network") / "who.html"
    write_network_page(kg, QUESTION, {"country": "UGA"}, target)
    return target


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("downloads"))
    yield browser
    browser.driver.quit()


@pytest.fixture
def browser(chromium: Browser, explorer_file: Path) -> Browser:
    """The explorer of the shipped data at 1440 x 900, freshly opened."""
    for old in chromium.downloads.iterdir():
        old.unlink()
    chromium.size(1440, 900)
    chromium.open(explorer_file)
    chromium.errors()
    chromium.requests()
    return chromium
