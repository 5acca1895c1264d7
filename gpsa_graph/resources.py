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


def notices() -> str:
    """Whose code and data the pages carry, with the licences under which they are passed on."""
    return (_PACKAGE / "notices.txt").read_text("utf-8")


def ontology_files() -> list[Path]:
    """Every Turtle file whose triples are part of the graph, in a fixed order (the shapes are not)."""
    folder = ontology_folder()
    return [folder / "gpsa.ttl", *sorted((folder / "vocabularies").glob("*.ttl"))]


def entries(folder: Path, *endings: str) -> list[os.DirEntry[str]]:
    """The files of a folder whose names end so, sorted by name; templates (`_*.yaml`) are left out."""
    try:
        with os.scandir(folder) as found:
            return sorted((e for e in found if e.name.endswith(endings) and not (e.name[0] == "_" and e.name.endswith(".yaml"))),
                          key=lambda e: e.name)
    except FileNotFoundError:
        return []


def data_entries(folder: Path) -> list[os.DirEntry[str]]:
    """Every file of a data folder that the graph is compiled from, in a fixed order."""
    names = ("VERSION", "countries.csv", "organisations.csv", "places.csv", "sources.csv", "programme.yaml")
    return [*entries(folder, *names), *entries(folder / "cases", ".yaml"), *entries(folder / "events", ".yaml")]


def data_files(folder: Path) -> list[Path]:
    """The same as paths."""
    return [Path(e.path) for e in data_entries(folder)]


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
