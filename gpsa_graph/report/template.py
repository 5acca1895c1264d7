"""The template of a new case file."""

from __future__ import annotations

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError
from gpsa_graph.resources import data_folder


def case_template(name: str) -> str:
    """The commented template with `name` as its id; GpsaError where that is no id.

    >>> case_template("mwi-my-case").splitlines()[-1] != ""
    True
    """
    start, _, rest = name.partition("-")
    if not vocab.SLUG.match(name) or not rest or not (len(start) == 3 or start == "multi"):
        raise GpsaError(f"'{name}' is no id for a case; write <country code>-<name> such as mwi-my-case")
    text = (data_folder() / "cases" / "_template.yaml").read_text("utf-8")
    return text.replace("ISO-SHORT-NAME", name, 1)
