"""The passport of a figure: a short code under it, and a view file from which the same figure is made again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from gpsa_graph.errors import OutputError, ParameterError

__all__ = ["View", "read_view"]

_FORM = "gpsa-graph view 1"


@dataclass(frozen=True)
class View:
    """What makes a figure: its name, filters and parameters, the seed, and the version of the data.

    >>> view = View("matrix", {"country": ("country:MWI",)}, {"at_least": 1}, "0.1.0 2026-11-24")
    >>> len(view.code), view.code == View("matrix", {"country": ("country:MWI",)}, {"at_least": 1}, "0.1.0 2026-11-24").code
    (10, True)
    """

    figure: str
    filters: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, int]
    data: str
    seed: int = 0
    drawn: str = field(default="", compare=False)
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def code(self) -> str:
        """Ten letters and digits that stand for what makes the figure, the data version included."""
        told = json.dumps(
            [
                self.figure,
                {k: list(v) for k, v in sorted(self.filters.items())},
                dict(sorted(self.parameters.items())),
                self.seed,
                self.data,
            ]
        )
        return sha256(told.encode()).hexdigest()[:10]

    def text(self) -> str:
        """The view file: JSON, with the sources of the figure and a digest of the numbers that it shows."""
        said = {
            "form": _FORM,
            "code": self.code,
            "figure": self.figure,
            "filters": {k: list(v) for k, v in sorted(self.filters.items())},
            "parameters": dict(sorted(self.parameters.items())),
            "seed": self.seed,
            "data": self.data,
            "drawn": self.drawn,
            "sources": dict(self.sources),
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def read_view(path: Path) -> View:
    """A view file. Raises ParameterError, in one sentence, where it is none or was changed by hand into something else."""
    try:
        said: Any = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise OutputError(f"'{path}' cannot be read: {(error.strerror or str(error)).lower()}") from None
    except ValueError:
        raise ParameterError(f"'{path}' is no view file: it is not JSON; `gpsa figure NAME -o FILE` writes one beside the figure") from None
    if not isinstance(said, dict) or said.get("form") != _FORM:
        raise ParameterError(f"'{path}' is no view file of a figure; `gpsa figure NAME -o FILE` writes one beside the figure")
    try:
        filters = {str(k): tuple(str(x) for x in v) for k, v in said["filters"].items()}
        parameters = {str(k): int(v) for k, v in said["parameters"].items()}
        view = View(str(said["figure"]), filters, parameters, str(said["data"]), int(said["seed"]), str(said["drawn"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ParameterError(
            f"'{path}' is a view file with a part missing or spoilt; make it again with `gpsa figure NAME -o FILE`"
        ) from None
    if said.get("code") != view.code:
        raise ParameterError(
            f"'{path}' was changed: its code {said.get('code')} stands for another view; make it again with `gpsa figure NAME -o FILE`"
        )
    return view
