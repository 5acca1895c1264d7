"""The release: the whole graph as a folder of files that other programs read, each with a checksum."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gpsa_graph.export import packages
from gpsa_graph.export.about import LICENCE, TITLE, File, Release
from gpsa_graph.export.codebook import TABLES
from gpsa_graph.export.describe import dcat, void
from gpsa_graph.export.files import fresh_folder, write
from gpsa_graph.export.jsonld import jsonld
from gpsa_graph.export.nodes import read_nodes
from gpsa_graph.export.turtle import reified, turtle
from gpsa_graph.questions import read_questions
from gpsa_graph.questions.catalogue import catalogue
from gpsa_graph.resources import data_folder as shipped
from gpsa_graph.resources import data_version, ontology_folder, questions_folder

SUMS = "SHA256SUMS"
_NAME = "gpsa-graph"


def build(data_folder: str | Path | None, out: str | Path) -> list[Path]:
    """Write the graph of a data folder (None: the shipped one) into the folder `out`; gives the files, sorted.

    In it: the graph as Turtle, N-Triples, N-Quads, JSON-LD and RDF 1.2 Turtle (claims as reifiers), the shapes, the questions, VoID
    and DCAT 3 descriptions, tables as a Data Package v2 and a Croissant 1.1 data set, CITATION.cff and SHA256SUMS. The same
    data give the same bytes on every machine; the dates are those of `data/VERSION`. Until every file is whole the old
    folder stays, and only a folder that `build` has made (its SHA256SUMS lists every file) is replaced.
    Raises DataError with every fault of the data files, OutputError where the folder may not or cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = build(None, Path(folder) / "release")
    ...     [path.name for path in files if path.suffix == ".nt"]
    ['gpsa-graph.nt']
    """
    from gpsa_graph.cases import read
    from gpsa_graph.graph.compiled import compiled

    target, data = Path(out), Path(data_folder) if data_folder is not None else shipped()
    lines = sorted(set(compiled(read(data)).decode().split("\n")) - {""})
    with fresh_folder(target, _foreign) as new:
        names = _write_all(new, lines, *data_version(data))
    return [target / name for name in names]


def _write_all(new: Path, lines: list[str], version: str, date: str) -> list[str]:
    nodes = read_nodes(lines)
    release = Release.of(nodes, version, date)
    made: list[File] = []

    def put(path: str, title: str, content: str | bytes) -> File:
        write(new / path, content)
        made.append(File.of(new, path, title))
        return made[-1]

    header = f"{TITLE}\nData version {version} of {date}; {release.triples} triples; licence {LICENCE}\n{release.description}"
    triples = "\n".join(lines) + "\n"
    forms: list[tuple[str, str, Callable[[], str]]] = [
        (f"{_NAME}.ttl", "The graph as Turtle", lambda: turtle(nodes, header)),
        (f"{_NAME}.nt", "The graph as N-Triples", lambda: triples),
        (f"{_NAME}.nq", "The graph as N-Quads, all in the default graph", lambda: triples),
        (f"{_NAME}.jsonld", "The graph as JSON-LD", lambda: jsonld(nodes)),
        (f"{_NAME}-rdf12.ttl", "The graph as RDF 1.2 Turtle: claims are reifiers", lambda: turtle(reified(nodes), header, version="1.2")),
    ]
    dumps = [put(path, title, form()) for path, title, form in forms]
    put("shapes.ttl", "SHACL shapes of the graph", (ontology_folder() / "shapes.ttl").read_bytes())
    put("questions.ttl", "The stored questions as SHACL SPARQL executables", catalogue(read_questions(questions_folder()).values()))
    (new / "tables").mkdir()
    tables = [(table, put(packages.table_path(table), table.title, table.csv(nodes))) for table in TABLES]
    put("datapackage.json", "The tables as a Data Package", packages.datapackage(release, tables))
    put("croissant.json", "The tables as a Croissant data set", packages.croissant(release, tables, dumps))
    put("CITATION.cff", "How to cite the data", packages.citation_cff(release))
    put("void.ttl", "What is in the graph, in VoID", void(nodes, release, dumps))
    put("dcat.ttl", "The files of the release, in DCAT", dcat(release, made))
    write(new / SUMS, "".join(f"{file.sha256}  {file.path}\n" for file in sorted(made, key=lambda f: f.path)))
    return sorted([*(file.path for file in made), SUMS])


def _foreign(folder: Path) -> str:
    """Why an old folder must not be replaced: it holds a file that `build` has not written."""
    if not (folder / SUMS).is_file():
        return "it is not empty and was not made by `gpsa build`; name a new or empty folder" if any(folder.iterdir()) else ""
    listed = {line.partition("  ")[2] for line in (folder / SUMS).read_text("utf-8", "replace").splitlines()}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_dir() and name != SUMS and name not in listed:
            return f"'{name}' in it was not written by `gpsa build`; move it away or name a new folder"
    return ""
