"""One body, one row; and no row without a use."""

from __future__ import annotations

import csv
import itertools
import re

import pytest
from rapidfuzz import fuzz

from gpsa_graph.cases import Case, Data
from gpsa_graph.resources import data_folder

#: Two names as near as this are looked at by a person, and the decision is written to data/matches.csv.
ALIKE = 88


def decided() -> dict[tuple[str, str], tuple[str, str]]:
    with (data_folder() / "matches.csv").open(encoding="utf-8", newline="") as rows:
        return {(r["a"], r["b"]): (r["decision"], r["why"]) for r in csv.DictReader(rows)}


def test_alike_organisations_have_a_decision(everything: Data) -> None:
    known = {tuple(sorted(pair)) for pair in decided()}
    rows = sorted(everything.authority.organisation.values(), key=lambda o: o.id)
    bad = []
    for one, other in itertools.combinations(rows, 2):
        if one.country and other.country and one.country != other.country:
            continue
        alike = max(fuzz.token_set_ratio(one.name, other.name), fuzz.token_set_ratio(one.name.casefold(), other.name.casefold()))
        if alike >= ALIKE and (one.id, other.id) not in known:
            bad.append(f"{one.id} and {other.id} ({alike:.0f})")
    assert bad == [], f"join the rows, or write to data/matches.csv why they are two: {'; '.join(bad)}."


def test_decisions_name_rows_that_exist_and_say_why(everything: Data) -> None:
    rows = everything.authority.organisation
    bad = [pair for pair, (decision, why) in decided().items()
           if not set(pair) <= set(rows) or decision not in ("same", "different") or not why or pair[0] >= pair[1]]
    assert bad == [], f"data/matches.csv: {bad[0]}: both ids stand in organisations.csv, in order of the alphabet, with a decision and why."


def test_no_decision_says_that_two_rows_are_one() -> None:
    bad = [pair for pair, (decision, _) in decided().items() if decision == "same"]
    assert bad == [], f"data/matches.csv says that {bad[0]} are one body: keep one row and put the other name under `also`."


def test_no_two_rows_have_one_name(everything: Data) -> None:
    seen: dict[tuple[str, str], str] = {}
    for o in everything.authority.organisation.values():
        key = (o.name.casefold(), o.country)
        assert key not in seen, f"data/organisations.csv: '{o.id}' and '{seen[key]}' have one name in one country."
        seen[key] = o.id


@pytest.mark.parametrize("table", ["organisation", "place"])
def test_every_row_is_used(everything: Data, table: str) -> None:
    folder = data_folder()
    files = [folder / "programme.yaml", *(folder / "events").glob("*.yaml"), *(folder / "cases").glob("*.yaml")]
    text = "\n".join(f.read_text("utf-8") for f in files)
    used = set(re.findall(rf"\b{table}: ([a-z0-9-]+)", text))
    rows = getattr(everything.authority, table)
    wider = {getattr(r, "part_of", "") for r in rows.values()}
    bad = sorted(set(rows) - used - wider)
    assert bad == [], f"data/{table}s.csv: nothing uses {', '.join(bad)}."


def test_groups_have_no_row(case: Case, everything: Data) -> None:
    names = {o.name.casefold() for o in everything.authority.organisation.values()}
    bad = [p for p in (case.grantee, *case.partners, *case.government) if p and p.group and p.group.casefold() in names]
    assert bad == [], f"{case.path}:{bad[0].line}: '{bad[0].group}' is a row of organisations.csv, so no group."


def test_national_bodies_of_another_country_are_meant(case: Case, everything: Data) -> None:
    rows, here = everything.authority.organisation, {c.id for c in case.countries}
    bad = [g for g in case.government if g.organisation and rows[g.organisation].country not in {"", *here}]
    assert bad == [], f"{case.path}:{bad[0].line}: '{bad[0].organisation}' belongs to a country that is not one of the case."


def test_ids_begin_with_their_country(everything: Data) -> None:
    bad = [o.id for o in everything.authority.organisation.values() if o.country and not o.id.startswith(o.country.lower() + "-")]
    assert bad == [], f"data/organisations.csv: begin the id with the code of the country: {', '.join(bad)}."


def test_every_concept_in_use_is_defined(kg) -> None:  # type: ignore[no-untyped-def]
    from gpsa_graph import vocab

    known = {f"{s}:{n}" for s in vocab.SCHEMES for n in _labels()[s]}
    rows = kg.query("SELECT DISTINCT ?o WHERE { ?s ?p ?o . FILTER(ISIRI(?o)) }")
    used = {str(r[0]) for r in rows}
    bad = sorted(u for u in used if u.partition(":")[0] in vocab.SCHEMES and u not in known)
    assert bad == [], f"used but defined nowhere in ontology/vocabularies: {', '.join(bad)}."


def _labels() -> dict[str, dict[str, str]]:
    from gpsa_graph.cases.authority import concepts
    from gpsa_graph.resources import ontology_files

    return concepts(ontology_files()[1:])[0]
