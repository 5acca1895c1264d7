"""What a release carries beside the code: notices of others' work, a data file with the same bytes, a bill of materials."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gpsa_graph.resources import notices
from tests.scripts import loaded

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def release() -> ModuleType:
    return loaded(".ci/release.py")


def test_the_notices_name_what_pages_carry_in_the_version_that_is_installed() -> None:
    from gpsa_graph.view.pyvis import vis_script

    version = vis_script()[:2000].partition("@version")[2].split()[0]
    assert f"vis-network {version}," in notices(), "gpsa_graph/notices.txt names another version than pyvis brings"
    licence = next(f for f in importlib.metadata.files("countryinfo") or [] if f.name == "LICENSE").read_text()
    holder = next(line for line in licence.splitlines() if line.startswith("Copyright"))
    assert holder.removeprefix("Copyright ") in notices()
    for words in ("permission notice shall be included in all copies or substantial portions", 'THE SOFTWARE IS PROVIDED "AS IS"'):
        assert words in " ".join(notices().split())
        assert words in " ".join(licence.split())


def test_the_explorer_carries_the_notices(tiny_kg: Any) -> None:
    from gpsa_graph.view import explorer_html

    page = explorer_html(tiny_kg)
    assert notices().strip() in page
    assert "--" not in notices(), "the notices stand in a comment of HTML"


def test_the_wheel_is_told_to_carry_the_notices() -> None:
    assert "gpsa_graph/notices.txt" in (ROOT / "pyproject.toml").read_text("utf-8").partition("license-files")[2].partition("\n")[0]


def test_a_release_begins_with_what_changed_in_it(release: ModuleType) -> None:
    from gpsa_graph import __version__

    version, date = (ROOT / "data" / "VERSION").read_text("utf-8").split()
    assert version == __version__
    release.announced(f"# Changelog\n\n## {version} ({date})\n\n## 0.0.1 (2026-01-01)\n", version, date)
    for changes in ("# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-11-24)\n", "# Changelog\n"):
        with pytest.raises(SystemExit, match="the newest changes stand under"):
            release.announced(changes, "0.1.0", "2026-11-24")


def test_the_data_file_has_the_same_bytes_each_time(release: ModuleType, tiny: Path, tmp_path: Path) -> None:
    from gpsa_graph.export.build import build

    build(tiny, tmp_path / "one")
    build(tiny, tmp_path / "two")
    release.zipped(tmp_path / "one", tmp_path / "one.zip")
    release.zipped(tmp_path / "two", tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as held:
        assert "SHA256SUMS" in held.namelist()
        assert held.testzip() is None


def test_the_notices_of_a_release_name_each_package_with_its_licence(release: ModuleType) -> None:
    text = release.notices(Path(sys.executable))
    for name in ("rdflib", "pyoxigraph", "networkx", "pyvis", "Jinja2"):
        version = importlib.metadata.version(name)
        assert f"\n{name.lower()} {version}: " in text.lower()
    assert "vis-network" in text


def test_pythons_that_are_named_are_used_and_others_have_to_start(release: ModuleType) -> None:
    assert release.pythons("a b") == ["a", "b"]
    for python in release.pythons(""):
        assert subprocess.run([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], check=False).returncode == 0


@pytest.mark.slow
def test_the_bill_of_materials_lists_what_is_installed_and_tells_no_path(release: ModuleType, tmp_path: Path) -> None:
    target = tmp_path / "sbom.cdx.json"
    release.materials(Path(sys.executable), target)
    made = json.loads(target.read_text("utf-8"))

    assert made["bomFormat"] == "CycloneDX"
    assert made["metadata"]["component"]["name"] == "gpsa-graph"
    found = {part["name"].lower(): part for part in made["components"]}
    assert found["rdflib"]["version"] == importlib.metadata.version("rdflib")
    assert found["networkx"]["licenses"]
    assert "file:///" not in target.read_text("utf-8")


@pytest.mark.slow
def test_two_builds_give_the_same_packages_and_they_hold_what_they_need(release: ModuleType, tmp_path: Path) -> None:
    wheels = [release.packages(tmp_path / name, "2026-01-02") for name in ("one", "two")]

    for first in sorted((tmp_path / "one").iterdir()):
        assert first.read_bytes() == (tmp_path / "two" / first.name).read_bytes(), first.name
    with zipfile.ZipFile(wheels[0]) as held:
        names = set(held.namelist())
    assert {"gpsa_graph/notices.txt", "gpsa_graph/serve/static/editor.licences.txt", "gpsa_graph/_files/data/cases/mwi-mejn.yaml",
            "gpsa_graph/questions/who-works-with-whom.rq"} <= names
    with tarfile.open(next((tmp_path / "one").glob("*.tar.gz"))) as held_too:
        kept = {name.partition("/")[2] for name in held_too.getnames()}
    assert {"Makefile", "pyproject.toml", "README.md", ".ci/release.py", "tests/test_release.py", "docs/tutorial.md"} <= kept
