"""Files that come with the package: where they are, in a checkout or installed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    installed = _PACKAGE / "_files" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def data_folder() -> Path:
    """The shipped data: cases, events, programme and authority lists."""
    return _folder("data")


def ontology_folder() -> Path:
    """The ontology, the shapes, the JSON-LD context and the vocabularies."""
    return _folder("ontology")


def questions_folder() -> Path:
    """The stored questions (`.rq`)."""
    return _PACKAGE / "questions"


def ontology_files() -> list[Path]:
    """Every Turtle file whose triples are part of the graph, in a fixed order (the shapes are not)."""
    folder = ontology_folder()
    return [folder / "gpsa.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))]


def data_files(folder: Path) -> list[Path]:
    """Every file that the graph is compiled from, in a fixed order."""
    names = ("VERSION", "countries.csv", "organisations.csv", "places.csv", "sources.csv", "programme.yaml")
    found = [folder / name for name in names if (folder / name).exists()]
    for kind in ("cases", "events"):
        found += sorted(p for p in (folder / kind).glob("*.yaml") if not p.name.startswith("_"))
    return found


@cache
def data_version(folder: Path | None = None) -> tuple[str, str]:
    """Version and date of the data: the two words in `data/VERSION`.

    >>> version, date = data_version()
    """
    version, date = ((folder or data_folder()) / "VERSION").read_text("utf-8").split()
    return version, date


def cache_folder() -> Path:
    """Where compiled graphs are kept: `$GPSA_CACHE`, or the user's cache folder."""
    if chosen := os.environ.get("GPSA_CACHE"):
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path(os.path.expanduser("~")) / ".cache") / "gpsa-graph"
