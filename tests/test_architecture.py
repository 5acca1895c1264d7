"""The shape of the package: who may import whom, how long a module may be. Told by walking syntax trees, not by importing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gpsa_graph"

#: DESIGN section 3: imports only go left.
LADDER = ("errors", "vocab", "cells", "resources", "cases", "triples", "questions", "graph", "check", "network", "patterns", "export",
          "report", "view", "intake", "serve", "cli")
#: What a rung may not import, however deep inside a function.
FORBIDDEN = {
    "errors": {"rdflib", "yaml", "pyoxigraph", "networkx", "pyvis", "starlette", "click"},
    "vocab": {"rdflib", "yaml", "pyoxigraph", "networkx", "pyvis", "starlette", "click"},
    "cases": {"rdflib", "oxrdflib", "pyshacl", "networkx", "pyvis", "starlette", "click"},
    "triples": {"rdflib", "oxrdflib", "pyoxigraph", "yaml", "networkx", "pyvis", "starlette", "click", "os", "time", "random", "pathlib",
                "locale", "socket"},
    "graph": {"networkx", "pyvis", "starlette", "click", "matplotlib", "jinja2"},
    "network": {"pyoxigraph", "rdflib", "pyvis", "starlette", "click", "jinja2"},
    "patterns": {"pyoxigraph", "rdflib", "pyvis", "starlette", "click", "jinja2"},
}
HEAVY = {"networkx", "pyvis", "starlette", "rdflib", "jinja2", "numpy", "pandas", "matplotlib", "altair", "openpyxl", "docx", "weasyprint",
         "scipy", "igraph", "pyshacl"}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _rung(path: Path) -> str:
    """The rung of a module: the first part of its path below the package."""
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return {"__init__": "", "__main__": "cli"}.get(part, part)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(path: Path, tree: ast.AST) -> Iterator[str]:
    """Every module that a syntax tree imports, by its full name; `from a import b` may mean the module a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}:{node.lineno}: write the whole name of what is imported"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("import_module", "__import__"):
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield str(first.value)


def _at_import(tree: ast.Module) -> Iterator[ast.stmt]:
    """What runs when a module is imported: everything outside functions and `if TYPE_CHECKING`."""
    stack: list[ast.stmt] = list(tree.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            stack += node.orelse
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            stack += [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]


def test_every_module_stands_on_the_ladder() -> None:
    rungs = {_rung(path) for path in MODULES} - {""}
    assert rungs <= set(LADDER), f"give these a place on the ladder of DESIGN section 3: {sorted(rungs - set(LADDER))}"
    assert {"errors", "vocab", "resources", "cases", "triples", "questions", "graph", "cli"} <= rungs


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_only_go_left(path: Path) -> None:
    here = _rung(path)
    for name in _imports(path, _tree(path)):
        if name.startswith("gpsa_graph.") and here:
            there = name.split(".")[1]
            if there in LADDER:
                assert LADDER.index(there) <= LADDER.index(here), f"{_name(path)} imports {name}: {there} stands right of {here}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nobody_imports_the_command_line(path: Path) -> None:
    if _rung(path) != "cli":
        assert [n for n in _imports(path, _tree(path)) if n.startswith("gpsa_graph.cli")] == []


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_each_rung_keeps_to_its_libraries(path: Path) -> None:
    used = {name.split(".")[0] for name in _imports(path, _tree(path))}
    assert used & FORBIDDEN.get(_rung(path), set()) == set()


def test_no_module_needs_itself_to_be_imported() -> None:
    names = {path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path for path in MODULES}
    needs = {}
    for name, path in names.items():
        wanted = [n for n in _imports(path, ast.Module([*_at_import(_tree(path))], [])) if n.startswith("gpsa_graph")]
        needs[name] = {n if n in names else n.rpartition(".")[0] for n in wanted}
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle of imports: {' -> '.join([*above[above.index(name):], name])}"
        if name not in done:
            for other in sorted(needs.get(name, ())):
                walk(other, (*above, name))
            done.add(name)

    for name in names:
        walk(name, ())


@pytest.mark.parametrize("path", [p for p in MODULES if _rung(p) in ("cli", "")], ids=_name)
def test_the_command_line_imports_heavy_modules_where_it_needs_them(path: Path) -> None:
    found = {name.split(".")[0] for name in _imports(path, ast.Module([*_at_import(_tree(path))], []))}
    assert found & (HEAVY | {"yaml", "pyoxigraph"}) == set(), f"{_name(path)}: import it inside the function that uses it"


def test_the_public_name_of_the_package_loads_nothing() -> None:
    code = "import sys, gpsa_graph; print(*sorted(m for m in sys.modules if '.' not in m or m.startswith('gpsa_graph')))"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split())
    assert loaded & (HEAVY | {"yaml", "pyoxigraph", "oxrdflib", "click", "uvicorn"}) == set()
    assert {m for m in loaded if m.startswith("gpsa_graph")} == {"gpsa_graph"}


def test_only_vocab_makes_an_iri_of_ours() -> None:
    """Elsewhere the base may stand in examples and in the texts of questions, never in code."""
    for path in MODULES:
        tree = _tree(path)
        docstrings = {id(n.body[0].value) for n in ast.walk(tree)
                      if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef)) and n.body and isinstance(n.body[0], ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings and _rung(path) != "vocab":
                assert "w3id.org/gpsa-graph" not in node.value, f"{_name(path)}:{node.lineno}: take the name from vocab"


def test_a_network_holds_no_query_and_no_word_of_the_domain() -> None:
    words = re.compile(r"\b(SELECT|CONSTRUCT|gpsa:|mechanism|scorecard|grantee|ministry|public[ -]bod)", re.IGNORECASE)
    for path in (p for p in MODULES if _rung(p) == "network"):
        tree = _tree(path)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                assert not words.search(node.id), f"{_name(path)}:{node.lineno}: {node.id}"
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"\b(SELECT|CONSTRUCT|ASK)\b.*\{|gpsa:", node.value), f"{_name(path)}:{node.lineno}: {node.value[:60]}"


def test_patterns_reach_the_store_only_through_questions() -> None:
    for path in (p for p in MODULES if _rung(p) == "patterns"):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("query", "rdf", "_ask", "_store", "triples", "copy_store"), \
                    f"{_name(path)}:{node.lineno}: ask a stored question with kg.answer"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_no_module_is_longer_than_400_lines(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 400, f"{_name(path)} has {lines} lines: make it a folder of the same name"


def test_half_of_the_modules_are_shorter_than_150_lines() -> None:
    assert median(len(path.read_text("utf-8").splitlines()) for path in MODULES) < 150


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_every_module_begins_with_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(_tree(path)), f"{_name(path)}: begin with a sentence on what the module is for"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_nothing_is_left_to_do_in_the_code(path: Path) -> None:
    assert not re.search(r"#\s*(TODO|FIXME|XXX|HACK)\b", path.read_text("utf-8"))
