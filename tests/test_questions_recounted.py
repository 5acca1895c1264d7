"""Answers recounted from the YAML and CSV files in plain Python, without SPARQL, store or the package's own reader."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpsa_graph.graph import KnowledgeGraph

Case = dict[str, Any]
Cases = dict[str, Case]
Table = dict[str, dict[str, str]]

DATA = Path(__file__).resolve().parent.parent / "data"
BAD = {"none", "negative"}


def load_yaml(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)


def table(name: str) -> Table:
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def cases() -> Cases:
    return {p.stem: load_yaml(p) for p in sorted((DATA / "cases").glob("*.yaml")) if not p.name.startswith("_")}


@pytest.fixture(scope="module")
def programme() -> dict[str, Any]:
    return load_yaml(DATA / "programme.yaml")


@pytest.fixture(scope="module")
def organisations() -> Table:
    return table("organisations")


def said(value: Any) -> Any:
    """A cell without its prefix; lists of names as a frozen set."""
    if isinstance(value, str) and ":" in value and all(":" in part for part in value.split()):
        parts = [part.partition(":")[2] for part in value.split()]
        return parts[0] if len(parts) == 1 else frozenset(parts)
    return value


def answered(kg: KnowledgeGraph, question: str, columns: str, **given: str) -> Counter[tuple[Any, ...]]:
    rows = kg.answer(question, **given)
    return Counter(tuple(said(row[rows.columns.index(c)]) for c in columns.split()) for row in rows)


def entries(case: Case, key: str) -> list[dict[str, Any]]:
    return list(case.get(key, ()))


def ids(case: Case, key: str) -> set[str]:
    return {entry["id"] for entry in entries(case, key)}


def members(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everybody who takes part, with the part."""
    if case.get("grantee"):
        yield "grantee", case["grantee"]
    for part, key in (("partner", "partners"), ("public-body", "government")):
        for entry in entries(case, key):
            yield part, entry


def own_results(case: Case) -> list[dict[str, Any]]:
    return [r for r in entries(case, "results") if r.get("background") != "true"]


def is_number(result: dict[str, Any]) -> bool:
    return str(result.get("value", "")).removeprefix("-").replace(".", "", 1).isdecimal()


def name_of(entry: dict[str, Any], organisations: Table) -> str:
    return organisations[entry["organisation"]]["name"] if entry.get("organisation") else entry["group"]


def kind_of(entry: dict[str, Any], organisations: Table) -> str:
    return organisations[entry["organisation"]]["kind"] if entry.get("organisation") else entry["kind"]


def test_opt_ins_and_contributions(kg: KnowledgeGraph, programme: Case) -> None:
    opted = Counter((o["country"], o["known"], o.get("as_of"), int(o["year"]) if o.get("year") else None) for o in programme["opt_ins"])
    gifts = Counter((c["organisation"], float(c["usd"]) if c.get("usd") else None, int(c["year"]) if c.get("year") else None)
                    for c in programme["contributions"])

    assert answered(kg, "which-countries-opted-in", "iso3 basis opted_in year") == opted
    assert answered(kg, "who-pays-for-the-programme", "donor amount_usd year") == gifts


def test_claimed_figures_and_their_conflicts(kg: KnowledgeGraph, programme: Case) -> None:
    own = [f for f in programme["figures"] if not f.get("call")]
    rows = kg.answer("how-did-the-claimed-size-of-the-programme-develop").to_dicts()
    conflicting = {(f["measure"], f["year"]) for f, g in combinations(own, 2)
                   if f.get("year") and (f["measure"], f["year"]) == (g["measure"], g.get("year")) and f["value"] != g["value"]}

    assert Counter((r["measure"], r["value"], r["as_of"]) for r in rows) == Counter(
        (f["measure"], float(f["value"]), f.get("as_of")) for f in own)
    assert {(r["measure"], str(r["year"])) for r in rows if r["conflicts_with"]} == conflicting


def test_numbers_of_the_calls(kg: KnowledgeGraph, programme: Case) -> None:
    def figure(call: str, measure: str) -> float | None:
        found = [float(f["value"]) for f in programme["figures"] if f.get("call") == call and f["measure"] == measure]
        return found[0] if found else None

    expected = Counter((c["id"], figure(c["id"], "applications"), figure(c["id"], "awards"), len(c.get("eligible", ())))
                       for c in programme["calls"])

    assert answered(kg, "what-is-known-of-each-call", "call applications awards eligible_listed") == expected


def test_identity_cards_and_cases_by_sector(kg: KnowledgeGraph, cases: Cases) -> None:
    def many(names: set[str]) -> Any:
        return None if not names else next(iter(names)) if len(names) == 1 else frozenset(names)

    expected = Counter((name, case["title"]["text"], case.get("grantee", {}).get("organisation"), many(ids(case, "countries")),
                        many(ids(case, "sectors")), many(ids(case, "mechanisms"))) for name, case in cases.items())

    assert answered(kg, "identity-card-of-a-case", "case title grantee country sector mechanism") == expected
    assert answered(kg, "which-cases-work-in-a-sector", "case in_sector") == Counter(
        (name, sector) for name, case in cases.items() for sector in ids(case, "sectors"))


def test_uses_of_mechanisms_with_names_and_sources(kg: KnowledgeGraph, cases: Cases) -> None:
    rows = kg.query("SELECT ?s ?id WHERE { ?s a gpsa:Source ; dcterms:identifier ?id }")
    source = {str(s): str(name) for s, name in rows}  # type: ignore[union-attr]
    expected: dict[tuple[str, str], tuple[set[Any], set[str]]] = defaultdict(lambda: (set(), set()))
    for name, case in cases.items():
        for use in entries(case, "mechanisms"):
            called, cited = expected[name, use["id"]]
            called.update([use["as_called"]] if use.get("as_called") else [])
            cited.update(case.get("sources", {}).get(s, s) for s in use["sources"])
    found: dict[tuple[str, str], tuple[set[Any], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in kg.answer("where-was-a-mechanism-used").to_dicts():
        called, cited = found[said(row["case"]), said(row["used"])]
        called.update([row["as_called"]] if row["as_called"] else [])
        cited.update(source[s] for s in str(row["src"]).split())

    assert found == expected


def test_public_bodies(kg: KnowledgeGraph, cases: Cases, organisations: Table) -> None:
    assert answered(kg, "which-public-bodies-take-part-in-a-case", "case name kind depth") == Counter(
        (name, name_of(b, organisations), kind_of(b, organisations), b.get("depth"))
        for name, case in cases.items() for b in entries(case, "government"))


def test_public_bodies_of_several_cases(kg: KnowledgeGraph, cases: Cases) -> None:
    named = defaultdict(set)
    for name, case in cases.items():
        for body in entries(case, "government"):
            if body.get("organisation"):
                named[body["organisation"]].add(name)

    assert answered(kg, "which-public-bodies-take-part-in-several-cases", "public_body cases case_list") == Counter(
        (body, len(where), frozenset(where)) for body, where in named.items() if len(where) > 1)


def test_organisations_of_several_cases_or_countries(kg: KnowledgeGraph, cases: Cases) -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for name, case in cases.items():
        for _, entry in members(case):
            if entry.get("organisation"):
                where[entry["organisation"]].add(name)
    lands = {body: {c for name in names for c in ids(cases[name], "countries")} for body, names in where.items()}
    expected = Counter((body, len(where[body]), len(lands[body])) for body in where if len(where[body]) > 1 or len(lands[body]) > 1)

    assert answered(kg, "which-organisations-work-in-several-cases-or-countries", "organisation cases countries") == expected


def test_accountability_institutions(kg: KnowledgeGraph, cases: Cases, organisations: Table) -> None:
    asked = {"supreme-audit-institution", "parliament", "ombudsman", "anti-corruption-body"}

    assert answered(kg, "which-cases-work-with-accountability-institutions", "case name") == Counter(
        (name, name_of(e, organisations)) for name, case in cases.items() for _, e in members(case) if kind_of(e, organisations) in asked)


def test_who_works_with_whom(kg: KnowledgeGraph, cases: Cases, organisations: Table) -> None:
    civil = {"civil-society-actor", "citizen-group", "beneficiary-group", "monitors", "parents-teachers", "service-users", "user-committee",
             "women", "youth", "community-based-organisation", "consumer-organisation", "cso-network", "disability-organisation",
             "faith-based-organisation", "indigenous-organisation", "international-ngo", "media", "national-ngo", "partner-country-ngo",
             "professional-association", "regional-ngo", "trade-union", "womens-organisation", "youth-organisation"}
    expected = set()
    for name, case in cases.items():
        people = [(part, e["organisation"]) for part, e in members(case) if e.get("organisation")]
        expected |= {(one, other, name) for part, one in people if part != "public-body" and organisations[one]["kind"] in civil
                     for side, other in people if side == "public-body"}

    assert set(answered(kg, "who-works-with-whom", "source target case")) == expected


def test_money_by_country_and_call(kg: KnowledgeGraph, cases: Cases) -> None:
    stated = {name: {float(a["usd"]) for key in ("amounts", "register") for a in entries(case, key) if a.get("usd")}
              for name, case in cases.items()}
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, case in cases.items():
        if stated[name]:
            for country in ids(case, "countries"):
                groups["country", country].append(name)
            if case.get("call"):
                groups["call", case["call"]["id"]].append(name)
    rows = [row for row in kg.answer("how-much-money-by-country-region-sector-and-call").to_dicts() if row["by"] in ("country", "call")]

    assert Counter((r["by"], said(r["group"]), r["cases"]) for r in rows) == Counter((*k, len(v)) for k, v in groups.items())
    undisputed = {k: sum(next(iter(stated[n])) for n in names) for k, names in groups.items() if all(len(stated[n]) == 1 for n in names)}
    assert len(undisputed) > 10
    assert {k: float(r["amount_usd"]) for r in rows if (k := (str(r["by"]), said(r["group"]))) in undisputed} == undisputed


def test_probable_cases_can_be_told_apart(kg: KnowledgeGraph, cases: Cases) -> None:
    probable = {name for name, case in cases.items() if case["programme"].get("attribution") == "probable"}
    cards = {said(r["case"]) for r in kg.answer("identity-card-of-a-case").to_dicts() if r["attribution"] == "attribution:probable"}
    money = [r for r in kg.answer("how-much-money-by-country-region-sector-and-call").to_dicts() if r["by"] == "country"]

    assert cards == probable == {"idn-p162172", "xkx-p179084"}, "name these cases in docs/make_questions.py and in the readings too"
    lands = {country for name in probable for country in ids(cases[name], "countries")}
    assert {said(r["group"]) for r in money if r["of_which_probable_usd"]} == lands


def test_places(kg: KnowledgeGraph, cases: Cases) -> None:
    places = {k: row["name"] for k, row in table("places").items()} | {k: row["name"] for k, row in table("countries").items()}
    expected = {(name, p.get("group") or places[p.get("place") or p["country"]])
                for name, case in cases.items() for p in entries(case, "places")}

    assert set(answered(kg, "where-does-a-case-work", "case name")) == expected


def test_what_is_missing(kg: KnowledgeGraph, cases: Cases) -> None:
    expected = set()
    for name, case in cases.items():
        has = {
            **{field: case.get(field + "s") for field in ("mechanism", "sector", "lesson", "challenge", "result")},
            "named public body": any(b.get("organisation") for b in entries(case, "government")),
            "result with a number": any(is_number(r) for r in entries(case, "results")),
            "amount": case.get("amounts") or any(r.get("usd") for r in entries(case, "register")),
        }
        expected |= {(name, field) for field, there in has.items() if not there}
    rows = kg.answer("what-is-missing").to_dicts()

    assert {(said(r["case"]), r["missing"]) for r in rows if r["known"] == "absent"} - {
        (n, f) for n in cases for f in ("named lead organisation", "start", "closing", "status")} == expected
    assert sum(r["known"] != "absent" for r in rows) == sum(len(entries(case, "gaps")) for case in cases.values())


def test_pairs_of_mechanisms_and_mechanisms_by_sector(kg: KnowledgeGraph, cases: Cases) -> None:
    pairs = Counter(pair for case in cases.values() for pair in combinations(sorted(ids(case, "mechanisms")), 2))
    both = Counter((m, s) for case in cases.values() for m in ids(case, "mechanisms") for s in ids(case, "sectors"))

    assert answered(kg, "which-mechanisms-occur-together", "mechanism_a mechanism_b cases") == Counter(
        (*pair, n) for pair, n in pairs.items() if n > 1)
    assert sum(answered(kg, "which-mechanisms-share-a-case", "source target case").values()) == pairs.total()
    assert answered(kg, "which-mechanisms-are-used-in-which-sector", "used in_sector cases") == Counter((*k, n) for k, n in both.items())


def test_mechanism_form_and_role(kg: KnowledgeGraph, cases: Cases) -> None:
    where: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    bodies: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for name, case in cases.items():
        for body in entries(case, "government"):
            for form in body.get("forms", ()):
                for role in body.get("roles", ()):
                    for mechanism in ids(case, "mechanisms"):
                        where[mechanism, form, role].add(name)
                        bodies[mechanism, form, role].add(body.get("organisation") or f"{name} {body['group']}")
    columns = "used form government_role cases bodies example_case"
    assert answered(kg, "how-do-mechanisms-bring-government-and-civil-society-together", columns) == Counter(
        (*k, len(where[k]), len(bodies[k]), min(where[k])) for k in where)


def test_mechanism_and_form_and_digital_tools(kg: KnowledgeGraph, cases: Cases) -> None:
    tools = {"digital-tool", "crowd-mapping", "data-generation", "mobile-reporting", "web-feedback-platform"}
    forms = {name: ids(case, "collaboration") | {f for b in entries(case, "government") for f in b.get("forms", ())}
             for name, case in cases.items()}

    assert set(answered(kg, "which-mechanism-goes-with-which-form", "source target case")) == {
        (m, f, name) for name, case in cases.items() for m in ids(case, "mechanisms") for f in forms[name]}
    assert set(answered(kg, "which-cases-use-digital-tools", "case tool")) == {
        (name, m) for name, case in cases.items() for m in ids(case, "mechanisms") & tools}


def test_actor_types_beside_government(kg: KnowledgeGraph, cases: Cases, organisations: Table) -> None:
    where: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, case in cases.items():
        if case.get("government"):
            for part, entry in members(case):
                if part != "public-body":
                    for sector in ids(case, "sectors"):
                        where[sector, kind_of(entry, organisations)].add(name)

    assert answered(kg, "which-actors-stand-beside-government-in-which-sector", "in_sector actor_type cases") == Counter(
        (*k, len(v)) for k, v in where.items())


def test_results_with_and_without_numbers(kg: KnowledgeGraph, cases: Cases) -> None:
    results = [(name, r) for name, case in cases.items() for r in entries(case, "results")]
    every = Counter((name, r["kind"], r["finding"], r["text"], r.get("value")) for name, r in results)
    numbers = Counter((name, r["kind"], float(r["value"])) for name, r in results if is_number(r))
    rows = kg.answer("what-did-a-case-achieve").to_dicts()

    assert Counter((*(said(r[c]) for c in ("case", "kind", "finding")), r["result"], r["value"]) for r in rows) == every
    assert answered(kg, "results-with-numbers", "case kind value") == numbers


def test_service_and_collaboration_outcomes(kg: KnowledgeGraph, cases: Cases) -> None:
    expected = Counter()
    for name, case in cases.items():
        results = own_results(case)
        if results:
            reached = Counter(r["kind"] for r in results if r["finding"] not in BAD)
            lost = sum(r["kind"] in ("service-outcome", "collaboration-platform") and r["finding"] in BAD for r in results)
            expected[name, reached["service-outcome"], reached["collaboration-platform"], lost] += 1

    assert answered(kg, "which-cases-have-service-and-collaboration-outcomes",
                    "case service_outcomes collaboration_outcomes not_found") == expected


def test_mechanism_and_result(kg: KnowledgeGraph, cases: Cases) -> None:
    expected: Counter[tuple[Any, ...]] = Counter()
    for name, case in cases.items():
        results = own_results(case)
        for kind in {r["kind"] for r in results}:
            found = Counter(r["finding"] for r in results if r["kind"] == kind)
            good = sum(n for finding, n in found.items() if finding not in BAD)
            expected.update((m, kind, name, good, found["none"], found["negative"]) for m in ids(case, "mechanisms"))

    assert answered(kg, "which-mechanism-goes-with-which-result", "source target case reported not_found harm") == expected


def test_recurring_challenges(kg: KnowledgeGraph, cases: Cases) -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for name, case in cases.items():
        for challenge in entries(case, "challenges"):
            for kind in challenge.get("kinds", ()):
                where[kind].add(name)
    expected = Counter((kind, len(names), len({c for n in names for c in ids(cases[n], "countries")}),
                        len({s for n in names for s in ids(cases[n], "sectors")})) for kind, names in where.items())

    assert answered(kg, "which-challenges-recur", "challenge_kind cases countries sectors") == expected


def test_challenges_and_lessons(kg: KnowledgeGraph, cases: Cases) -> None:
    expected = Counter()
    for name, case in cases.items():
        met = {kind for challenge in entries(case, "challenges") for kind in challenge.get("kinds", ())}
        expected.update((kind, lesson["text"], name, kind in met)
                        for lesson in entries(case, "lessons") for kind in set(lesson.get("challenges", ())))

    assert answered(kg, "which-challenge-met-which-lesson", "source target_label case also_met") == expected


def test_changes_of_rules_and_budgets(kg: KnowledgeGraph, cases: Cases, organisations: Table) -> None:
    asked = {"policy-legal-change", "budget-resource-change", "institutionalised"}
    levels = {name: {organisations[b["organisation"]]["level"] if b.get("organisation") else b["level"]
                     for b in entries(case, "government")} for name, case in cases.items()}
    changes = {(name, k, r["text"], r["finding"]) for name, case in cases.items() for r in own_results(case)
               for k in {r["kind"], r.get("finer")} & asked}
    linked = {(name, k, text) for name, k, text, finding in changes
              if finding not in BAD and "national" in levels[name] and levels[name] - {"national", ""}}

    assert set(answered(kg, "which-rules-and-budgets-changed", "case kind change finding")) == changes
    assert set(answered(kg, "which-cases-link-local-evidence-to-national-decisions", "case kind change")) == linked


def test_what_indonesia_and_malawi_share_with_latin_america(kg: KnowledgeGraph, cases: Cases) -> None:
    region = {row["id"]: row["region"] for row in table("countries").values()}
    here = {name for name, case in cases.items() if any(region[c] == region["CRI"] for c in ids(case, "countries"))}

    def kinds(case: Case) -> set[str]:
        return {kind for challenge in entries(case, "challenges") for kind in challenge.get("kinds", ())}

    expected = {}
    for mine in ("idn-wahana-visi", "mwi-mejn"):
        for name in here:
            shared = tuple(frozenset(f(cases[mine]) & f(cases[name])) for f in (
                lambda c: ids(c, "sectors"), kinds, lambda c: ids(c, "mechanisms")))
            if any(shared):
                expected[name, mine] = shared
    rows = kg.answer("what-from-indonesia-and-malawi-can-help-elsewhere", country="CRI").to_dicts()
    columns = ("shared_sector", "shared_challenge", "shared_mechanism")
    found = {(said(r["target_case"]), said(r["lesson_from"])): tuple(
        frozenset(part.partition(":")[2] for part in str(r[c] or "").split()) for c in columns) for r in rows if r["lesson"] is None}

    assert found == expected
    assert {r["lesson"] for r in rows if r["lesson"]} <= {lesson["text"] for lesson in cases["idn-wahana-visi"]["lessons"]}
    assert "lessons" not in cases["mwi-mejn"], "mwi-mejn states a lesson now: change the reading of question 37"
    assert not any("CRI" in ids(case, "countries") for case in cases.values()), "Costa Rica has a case: show another country"
