"""Codes of outside lists as our concepts and countries; every mapping is a row of `ontology/vocabularies/mappings.csv`.

Columns there: `list` and `code` of the outside list, its `name`, the `concept` it leads to (empty: none, with the reason in
`why`), and `how` the two relate: same, narrower (the code is part of the concept), wider (the concept is part of the code).
`country-names.csv` beside it holds other and former names of countries, dissolved states and regions. ISO 3166 codes and
names come out of the installed package countryinfo; names and World Bank regions of `data/countries.csv` come first.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Country
from gpsa_graph.graph.look import fold
from gpsa_graph.resources import ontology_folder

__all__ = ["COUNTRYINFO", "Countries", "Mapped", "mapped", "mappings"]

#: Id of the source that stands behind countries which `data/countries.csv` does not hold.
COUNTRYINFO = "countryinfo-package"


@dataclass(frozen=True, slots=True)
class Mapped:
    """Where a code leads: concept ids of one scheme (none with a reason in `why`), and how the two relate."""

    code: str
    name: str
    scheme: str
    concepts: tuple[str, ...]
    how: str
    why: str


def _rows(name: str) -> list[dict[str, str]]:
    with (ontology_folder() / "vocabularies" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def mappings() -> dict[str, dict[str, Mapped]]:
    """Outside list -> code in small letters -> where it leads.

    >>> mappings()["dac"]["15111"].concepts
    ('public-finance',)
    """
    found: dict[str, dict[str, Mapped]] = {}
    for row in _rows("mappings.csv"):
        code = row["code"].lower()
        before = found.setdefault(row["list"], {}).get(code)
        scheme, _, concept = row["concept"].partition(":")
        concepts = (*(before.concepts if before else ()), *filter(None, [concept]))
        found[row["list"]][code] = Mapped(row["code"], row["name"], scheme, concepts, row["how"], row["why"])
    return found


def mapped(outside: str, code: str) -> Mapped | None:
    """Where a code of an outside list leads, or None where the list has no such code here.

    >>> mapped("iati-organisation-type", "40").concepts, mapped("dac", "99999") is None
    (('multilateral',), True)
    """
    return mappings()[outside].get(code.strip().lower())


@cache
def _iso() -> dict[str, tuple[str, str, str, str, tuple[str, ...]]]:
    """Three-letter code -> two-letter code, name, number, region and other names (countryinfo)."""
    import json
    from importlib.resources import files

    found: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {}
    for file in sorted((files("countryinfo") / "data").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".json"):
            continue
        land = json.loads(file.read_text("utf-8"))
        iso = land.get("ISO") or {}
        code = str(iso.get("alpha3") or "").upper()
        if len(code) != 3 or not land.get("name"):
            continue
        names = tuple(str(n) for n in land.get("altSpellings") or () if len(str(n)) > 3)
        region = str(land.get("subregion") or land.get("region") or "Other countries")
        before = found.get(code)
        found[code] = (
            str(iso.get("alpha2") or "").upper(),
            before[1] if before else str(land["name"]),
            str(iso.get("numeric") or ""),
            before[3] if before else region,
            (*(before[4] if before else ()), str(land["name"]), *names),
        )
    return found


def _plain(said: str) -> str:
    return fold(" ".join(said.replace("’", "'").split()))


class Countries:
    """Countries by any code or name: what the shipped list has, then the rest of ISO 3166.

    >>> lands = Countries({})
    >>> lands.code("UG"), lands.code("Swaziland"), lands.code("Atlantis"), lands.why_not("Yugoslavia")
    ('UGA', 'SWZ', '', 'a dissolved state: the successor states have codes of their own')
    """

    def __init__(self, shipped: dict[str, Country]) -> None:
        self.shipped = shipped
        self._codes: dict[str, str] = {}
        self._not: dict[str, str] = {}
        for code, (two, name, _, _, others) in _iso().items():
            for said in (*others, name, two, code):
                self._codes.setdefault(fold(said), code)
        for row in _rows("country-names.csv"):
            if row["country"]:
                self._codes[fold(row["name"])] = row["country"]
            else:
                what = "a dissolved state" if row["how"] == "dissolved" else "a region, no country"
                self._not[fold(row["name"])] = f"{what}: {row['why']}"
                self._codes.pop(fold(row["name"]), None)
        for code, (two, *_) in _iso().items():
            self._codes |= {fold(two): code, fold(code): code}
        for country in shipped.values():
            self._codes |= {fold(said): country.id for said in (country.name, country.iso2, country.id) if said}
        self._codes.pop("", None)

    def code(self, said: str) -> str:
        """The three-letter code of a country told by code or name; empty where it is none that is known."""
        return self._codes.get(_plain(said), "")

    def why_not(self, said: str) -> str:
        """Why a text is no country: a dissolved state, a region; else the names that look like it, or nothing."""
        plain = _plain(said)
        if plain in self._not:
            return self._not[plain]
        close = vocab.near(said, [vocab.slug(n) for n in self._codes if len(n) > 3], 1) if len(said) > 3 else []
        by_slug = {vocab.slug(n): c for n, c in self._codes.items()}
        return f"did you mean {self.row(by_slug[close[0]]).name} ({by_slug[close[0]]})?" if close else ""

    def row(self, code: str) -> Country:
        """The row of a country for the authority lists."""
        if code in self.shipped:
            return self.shipped[code]
        two, name, number, region, _ = _iso()[code]
        return Country(code, name, region, two, number, "", "", COUNTRYINFO)
