"""The shipped data, read once; a test that asks for `case` runs once for each case."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from gpsa_graph.cases import Data, check_folder
from gpsa_graph.errors import Problem

HERE = Path(__file__).resolve().parent


@cache
def shipped() -> tuple[Data, list[Problem]]:
    return check_folder()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        metafunc.parametrize("case", shipped()[0].cases, ids=lambda case: case.id)


def beside(name: str) -> ModuleType:
    """A module of this folder that is no test: `counting`, `kappa`, `audit`."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules[name] = made
        spec.loader.exec_module(made)
    return sys.modules[name]


@pytest.fixture(scope="session")
def everything() -> Data:
    return shipped()[0]


@pytest.fixture(scope="session")
def problems() -> list[Problem]:
    return shipped()[1]


@pytest.fixture(scope="session")
def counting() -> ModuleType:
    return beside("counting")


@pytest.fixture(scope="session")
def kappa() -> ModuleType:
    return beside("kappa")


@pytest.fixture(scope="session")
def tables() -> ModuleType:
    return beside("tables")


@pytest.fixture(scope="session")
def source_kinds(everything: Data):  # type: ignore[no-untyped-def]
    """The kinds of source that an entry cites."""
    rows = everything.authority.source
    return lambda entry: {rows[name].kind for name in entry.sources}
