"""The names that people import, and what they cost."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import gpsa_graph

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", gpsa_graph.__all__)
def test_every_public_name_is_there_and_explained(name: str) -> None:
    thing = getattr(gpsa_graph, name)
    assert inspect.getdoc(thing)
    assert inspect.getmodule(thing).__name__.startswith("gpsa_graph.")  # type: ignore[union-attr]


def test_public_names_are_sorted_and_each_has_one_home() -> None:
    assert list(gpsa_graph.__all__) == sorted(gpsa_graph.__all__)
    assert set(gpsa_graph._HOME) == set(gpsa_graph.__all__)
    for name, home in gpsa_graph._HOME.items():
        assert getattr(importlib.import_module(f"gpsa_graph.{home}"), name) is getattr(gpsa_graph, name)


def test_an_unknown_name_is_an_attribute_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match="'gpsa_graph' has no attribute 'lod'"):
        gpsa_graph.lod  # noqa: B018
    assert not hasattr(gpsa_graph, "nothing")


def test_importing_the_package_reads_no_data() -> None:
    code = """import sys
opened = []
sys.addaudithook(lambda name, args: opened.append(str(args[0])) if name == "open" else None)
import gpsa_graph
print(*[o for o in opened if o.endswith((".yaml", ".csv", ".ttl", ".rq", ".stamp", "VERSION"))])"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == ""


def test_the_version_is_that_of_the_package_and_a_plain_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", gpsa_graph.__version__)
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert gpsa_graph.__version__ in changes or "Unreleased" in changes, "say in CHANGELOG.md what this version brings"


def test_the_package_says_that_it_is_typed() -> None:
    assert (ROOT / "gpsa_graph/py.typed").exists()


@pytest.mark.parametrize("name", gpsa_graph.__all__)
def test_every_public_method_is_explained(name: str) -> None:
    thing = getattr(gpsa_graph, name)
    if inspect.isclass(thing):
        for attribute, value in vars(thing).items():
            if not attribute.startswith("_") and (inspect.isfunction(value) or isinstance(value, (property, classmethod))):
                assert inspect.getdoc(getattr(thing, attribute)), f"{name}.{attribute} has no docstring"
