"""Every example in the docstrings of the package runs and gives what it says."""

from __future__ import annotations

import doctest
import importlib
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "gpsa_graph").rglob("*.py"))


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("name", [_module(p) for p in MODULES if p.name != "__main__.py"])
def test_examples_run(name: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert os.environ["GPSA_CACHE"] == str(cache)
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL)
    assert failed == 0, f"run: python -m pytest --doctest-modules {name.replace('.', '/')}"


def test_the_package_has_examples() -> None:
    tried = sum(len(test.examples) for path in MODULES if path.name != "__main__.py"
                for test in doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(_module(path))))
    assert tried > 40
