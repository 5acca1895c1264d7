"""Which cases a figure or dossier is about: filters, checked against what the graph knows, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpsa_graph.errors import ParameterError, UnknownName
from gpsa_graph.vocab import near

if TYPE_CHECKING:
    from gpsa_graph.export.content import Case, Content

__all__ = ["FILTERS", "Choice", "choose"]

FILTERS = ("case", "country", "region", "sector", "mechanism", "organisation", "programme")
_RELATIONS = {"country": "gpsa:country", "sector": "gpsa:sector", "mechanism": "gpsa:usesMechanism", "programme": "gpsa:programme"}


@dataclass(frozen=True)
class Choice:
    """The chosen cases, of how many, by which filters (name -> names of things), in words."""

    cases: tuple[Case, ...]
    of: int
    given: Mapping[str, tuple[str, ...]]
    text: str


def choose(content: Content, given: Mapping[str, Sequence[str]] | None = None) -> Choice:
    """The cases that match every filter; several values of one filter mean any of them.

    Filters: case, country, region, sector and mechanism (narrower ones included), organisation (any part in a case),
    programme. A value is an id, a prefixed name or a label. Raises UnknownName with near misses for a filter or value that is
    not known, ParameterError where no case matches.

    >>> from gpsa_graph import load
    >>> from gpsa_graph.export.content import read_content
    >>> choose(read_content(load()), {"country": ["Malawi"]}).text
    'country: Malawi'
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in sorted(given or {}, key=lambda n: FILTERS.index(n) if n in FILTERS else 99):
        if name not in FILTERS:
            raise UnknownName("filter", name, near=near(name, FILTERS), hint=f"filters are {', '.join(FILTERS)}")
        if values := tuple(sorted({_known(content, name, said) for said in (given or {})[name]})):
            found[name] = values
    cases = [case for case in content.cases.values() if all(_matches(content, case, name, values) for name, values in found.items())]
    words = "; ".join(
        f"{name}: {' or '.join(content.label(v) for v in values)}{_narrower(content, name, values)}" for name, values in found.items()
    )
    if not cases:
        raise ParameterError(f"no case matches {words}; leave a filter out" if words else "there is no case in this graph")
    return Choice(tuple(cases), len(content.cases), found, words or "all cases")


def _known(content: Content, kind: str, said: str) -> str:
    said = str(said).strip()
    names = {name for name in content.labels if name.startswith(f"{kind}:")} | {c for c in content.cases if c.startswith(f"{kind}:")}
    for wanted in (said, f"{kind}:{said}", f"{kind}:{said.upper()}"):
        if wanted in names:
            return wanted
    by_label = sorted(n for n in names if content.label(n).casefold() == said.casefold())
    if by_label:
        return by_label[0]
    ids = {n.partition(":")[2]: n for n in sorted(names)}
    labels = {content.label(n): n for n in sorted(names)}
    close = near(said.partition(":")[2] or said, ids) or [labels[x].partition(":")[2] for x in near(said, labels)]
    raise UnknownName(kind, said, near=close, hint="" if close else "`gpsa find TEXT` searches names")


def _narrower(content: Content, name: str, values: tuple[str, ...]) -> str:
    more = name in ("sector", "mechanism") and any(len(content.within(v)) > 1 for v in values)
    return " and narrower ones" if more else ""


def _matches(content: Content, case: Case, name: str, values: tuple[str, ...]) -> bool:
    if name == "case":
        return case.id in values
    if name == "region":
        return bool(set(content.region(case)) & set(values))
    if name == "organisation":
        return any(p.one("gpsa:organisation") in values for p in case.of("participation"))
    wanted = {n for v in values for n in (content.within(v) if name in ("sector", "mechanism") else (v,))}
    return bool(set(case.names(_RELATIONS[name])) & wanted)
