"""What every description of the release says alike: title, licence, version, counts, and its files with their checksums."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gpsa_graph import vocab
from gpsa_graph.export.nodes import Nodes, kind

TITLE = "gpsa-graph: social accountability cases and who says so"
CREATOR = "The gpsa-graph contributors"
LICENCE, LICENCE_NAME = "https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"
KEYWORDS = ("civil society", "collaboration", "knowledge graph", "open government", "public bodies", "social accountability")
DATASET, DOWNLOAD = vocab.DATASET, vocab.DOWNLOAD

MEDIA = {".ttl": "text/turtle", ".nt": "application/n-triples", ".nq": "application/n-quads", ".jsonld": "application/ld+json",
         ".json": "application/json", ".csv": "text/csv", ".cff": "application/yaml"}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release: its path below the folder, a title, its size in bytes and its SHA-256 sum."""

    path: str
    title: str
    size: int
    sha256: str

    @classmethod
    def of(cls, folder: Path, path: str, title: str) -> File:
        raw = (folder / path).read_bytes()
        return cls(path, title, len(raw), sha256(raw).hexdigest())

    @property
    def media(self) -> str:
        return MEDIA[Path(self.path).suffix]

    @property
    def address(self) -> str:
        return DOWNLOAD + self.path


@dataclass(frozen=True, slots=True)
class Release:
    """What is released: data version, its date, and the number of triples, cases, countries and sources."""

    version: str
    date: str
    triples: int
    cases: int
    countries: int
    sources: int

    @classmethod
    def of(cls, nodes: Nodes, version: str, date: str) -> Release:
        country, case = vocab.term("gpsa:country"), [n for s, n in nodes.items() if kind(s) == "case"]
        return cls(version, date, sum(len(v) for n in nodes.values() for v in n.values()), len(case),
                   len({c for n in case for c in n.get(country, ())}), sum(kind(s) == "source" for s in nodes))

    @property
    def description(self) -> str:
        return (f"{self.cases} social accountability cases in {self.countries} countries: which civil society organisations and "
                f"public bodies took part, by which mechanisms, with what results and against which obstacles. Every fact names "
                f"the sources that say so ({self.sources} in all); where sources disagree, every value is kept.")

    @property
    def citation(self) -> str:
        return f"{CREATOR} ({self.date[:4]}). {TITLE}. Data version {self.version} of {self.date}. {vocab.BASE}"
