"""Everything that is wrong with case files and with the graph that they make."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from gpsa_graph import vocab
from gpsa_graph.cases import Data, check_folder
from gpsa_graph.check.law import broken_rules
from gpsa_graph.check.shapes import shape_faults
from gpsa_graph.check.where import Where
from gpsa_graph.errors import Problem
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.graph.compiled import memory_store
from gpsa_graph.resources import data_folder

__all__ = ["check", "check_graph"]


def check(paths: Iterable[Path | str] | None = None, data: Path | str | None = None, graph: bool = True) -> list[Problem]:
    """Every problem in the files of a data folder (default: the shipped data) and in the graph that they make, sorted.

    `paths` restricts what is reported to some files: a case file may lie anywhere and stands for the case of the same id;
    a folder means the YAML files in it, or the data folder that it is. The graph is looked at where the files are sound,
    and not at all with `graph=False`. Raises DataError where `data` is no folder.

    >>> check(["data/cases/mwi-mejn.yaml"], graph=False)
    []
    """
    root = Path(data).resolve() if data is not None else data_folder().resolve()
    if paths is None:
        return _check(root, None, graph)
    named: list[Path] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        if path.is_dir() and (path / "sources.csv").exists() and path.resolve() != root:
            problems += check(None, path, graph)
        elif path.is_dir():
            named += sorted(p for p in path.rglob("*.yaml") if not p.name.startswith("_"))
        elif path.exists():
            named.append(path)
        else:
            problems.append(Problem(str(path), 0, "there is no such file or folder", "Look at the spelling of the path."))
    return sorted({*problems, *_check(root, named, graph)}) if named else sorted(set(problems))


def _check(root: Path, named: list[Path] | None, graph: bool) -> list[Problem]:
    """Problems of a data folder; of the named files alone, where some are named."""
    cases = {p.stem: p for p in sorted((root / "cases").glob("*.yaml")) if not p.name.startswith("_")}
    shown: set[str] = set()
    problems: list[Problem] = []
    stems: dict[str, Path] = {}
    for path in named or ():
        inside = path.resolve().is_relative_to(root)
        shown.add(f"{root.name}/{path.resolve().relative_to(root).as_posix()}" if inside else str(path))
        if not inside or path.resolve().parent == root / "cases":
            twin = stems.setdefault(path.stem, path)
            if twin.resolve() != path.resolve():
                problems.append(Problem(str(path), 0, f"the case '{path.stem}' also stands in {twin}", "Keep one of them."))
            cases[path.stem] = path
    read, found = check_folder(root, only=list(cases.values()))
    problems += [p for p in found if named is None or p.path in shown]
    if problems or not graph:
        return sorted(set(problems))
    if found:
        return [Problem(name, 0, "the graph cannot be looked at: other files have faults", "Mend them first: gpsa check.")
                for name in sorted(shown)]
    only = {vocab.iri("case", c.id) for c in read.cases if c.path in shown}
    found = check_graph(KnowledgeGraph(memory_store(read)), read, only if shown and len(only) == len(shown) else None)
    return [p for p in found if named is None or p.path in shown]


def check_graph(kg: KnowledgeGraph, data: Data | None = None, cases: Collection[str] | None = None) -> list[Problem]:
    """What is wrong with a graph after the provenance law (docs/provenance.md) and the shapes (ontology/shapes.ttl), sorted.

    With the `data` it was made from, problems name file and line; else the thing they are about. `cases` (IRIs) restricts
    the shapes to these cases and their parts, which saves nine tenths of the time.

    >>> from gpsa_graph import load
    >>> check_graph(load(), cases=["https://w3id.org/gpsa-graph/case/mwi-mejn"])
    []
    """
    where = Where(kg, data)
    return sorted({*broken_rules(kg, where), *shape_faults(kg, where, cases)})
