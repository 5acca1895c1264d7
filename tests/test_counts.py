"""What is in the graph against what is in the files: recounted from the YAML with plain PyYAML and no SPARQL, and by hand.

Nothing of `gpsa_graph.cases` or `gpsa_graph.triples` is used on the side of the files.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://w3id.org/gpsa-graph/"
ONTOLOGY = BASE + "ontology#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DCTERMS = "http://purl.org/dc/terms/"
DATES = ("announcement", "approval", "launch", "start", "closing")


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or text


class Files:
    """A data folder as plain YAML and CSV: every scalar is text."""

    def __init__(self, folder: Path) -> None:
        self.cases = {p.stem: self._yaml(p) for p in sorted((folder / "cases").glob("[!_]*.yaml"))}
        self.events = {p.stem: self._yaml(p) for p in sorted((folder / "events").glob("[!_]*.yaml"))}
        self.programme = self._yaml(folder / "programme.yaml")
        self.rows = {}
        for name in ("organisations", "places", "countries", "sources"):
            with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
                self.rows[name] = list(csv.DictReader(file))

    @staticmethod
    def _yaml(path: Path) -> dict[str, Any]:
        loaded = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        assert isinstance(loaded, dict)
        return loaded

    def participants(self, case: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        if "grantee" in case:
            yield "grantee", case["grantee"]
        yield from (("partner", p) for p in case.get("partners", ()))
        yield from (("public-body", g) for g in case.get("government", ()))

    def said(self, case: dict[str, Any]) -> dict[str, set[str]]:
        """Property -> values that the file of a case claims, in a form of its own."""
        found: dict[str, set[str]] = defaultdict(set)

        def add(name: str, *values: str | None) -> None:
            found[name].update(v for v in values if v)

        add("title", case["title"]["text"])
        add("alternative", *(t["text"] for t in case.get("also_titled", ())))
        for code in case.get("codes", ()):
            add({"world-bank-project": "worldBankProject", "trust-fund": "trustFund"}[code["scheme"]], code["value"])
        add("programme", case["programme"].get("id") or _slug(case["programme"]["name"]))
        add("attribution", case["programme"].get("attribution"))
        add("call", case.get("call", {}).get("id"))
        add("evaluationDesign", case.get("evaluation", {}).get("id"))
        add("status", case.get("status", {}).get("value"))
        for name, key, word in (("country", "countries", "id"), ("relatedCase", "related", "case"), ("sector", "sectors", "id"),
                                ("usesMechanism", "mechanisms", "id"), ("collaborationForm", "collaboration", "id"),
                                ("scope", "scope", "text"), ("baselineFact", "baseline", "text"), ("note", "notes", "text")):
            add(name, *(entry[word] for entry in case.get(key, ())))
        for part, entry in self.participants(case):
            add({"grantee": "hasGrantee", "partner": "hasPartner", "public-body": "involvesGovernment"}[part], entry.get("organisation"))
        for name in ("objective", "problem"):
            add(name, case.get(name, {}).get("text"))
        for place in case.get("places", ()):
            add("place", place.get("place") or place.get("country") or place["group"])
        for amount in (*case.get("amounts", ()), *case.get("register", ())):
            add("amount", str(Decimal(amount["usd"]).normalize()) if "usd" in amount else None)
        for date in case.get("dates", ()):
            add(date["kind"] + "Date", date["value"])
        for row in case.get("register", ()):
            add("worldBankProject", row["id"])
            add("alternative", row["title"] if row["title"] != case["title"]["text"] else None)
            add("status", row.get("status"))
            add("approvalDate", row.get("approval"))
            add("closingDate", row.get("closing"))
        return {name: values for name, values in found.items() if values}

    def classes(self) -> Counter[str]:
        """How many things of each class the files hold."""
        n: Counter[str] = Counter()
        programme = self.programme
        n["Case"], n["Event"], n["Call"] = len(self.cases), len(self.events), len(programme["calls"])
        n["Programme"] = 1 + len({_slug(c["programme"]["name"]) for c in self.cases.values() if "name" in c["programme"]})
        n["Organisation"], n["Source"], n["Country"] = (len(self.rows[t]) for t in ("organisations", "sources", "countries"))
        n["Region"] = len({row["region"] for row in self.rows["countries"]})
        groups = {(name, p["group"]) for name, c in self.cases.items() for p in c.get("places", ()) if "group" in p}
        n["Place"] = len(self.rows["places"]) + n["Country"] + len(groups)
        for case in self.cases.values():
            n["Participation"] += sum(1 for _ in self.participants(case))
            n["Person"] += len({_slug(p["name"]) for p in case.get("people", ())})
            for kind, key in (("Result", "results"), ("Challenge", "challenges"), ("Lesson", "lessons"), ("Gap", "gaps")):
                n[kind] += len(case.get(key, ()))
            n["Claim"] += sum(len(values) for values in self.said(case).values())
        for kind, key in (("Figure", "figures"), ("Contribution", "contributions"), ("OptIn", "opt_ins"), ("Seat", "seats"),
                          ("Review", "reviews"), ("Gap", "gaps")):
            n[kind] += len(programme.get(key, ()))
        n["Person"] += len({_slug(s["person"]) for s in programme["seats"] if "person" in s})
        n["Claim"] += self._programme_claims() + self._call_claims() + sum(map(self._event_claims, self.events.values()))
        for event in self.events.values():
            shown = [*event.get("appearances", ()), *(m for s in event.get("showcases", ()) for m in s.get("team", ()))]
            n["Appearance"] += len(shown)
            n["Session"] += len(event.get("sessions", ()))
            n["Gap"] += len(event.get("gaps", ()))
            n["Person"] += len({_slug(one["person"]) for one in shown if "person" in one})
        return +n

    def _programme_claims(self) -> int:
        programme = self.programme
        return (2 + ("acronym" in programme) + len({(d["kind"], d["value"]) for d in programme["dates"]})
                + len({o["text"] for o in programme["objectives"]}) + len({o["text"] for o in programme["notes"]}))

    def _call_claims(self) -> int:
        return sum(1 + len({(d["kind"], d["value"]) for d in call.get("dates", ())}) + len(call.get("eligible", ()))
                   + len(call.get("awarded", ())) + len({o["text"] for o in call.get("notes", ())}) for call in self.programme["calls"])

    @staticmethod
    def _event_claims(event: dict[str, Any]) -> int:
        one = sum(key in event for key in ("title", "programme", "part_of", "host", "place", "objective", "pilot"))
        many = sum(len({e["text"] for e in event.get(key, ())}) for key in ("also_titled", "outcomes", "questions", "notes"))
        return one + many + len({(d["kind"], d["value"]) for d in event.get("dates", ())}) + len(event.get("showcases", ()))


class Stored:
    """A compiled graph as plain sets: local names of things, without a query."""

    def __init__(self, kg: Any) -> None:
        self.of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in kg.triples():
            subject, value = self._local(quad.subject.value), self._local(quad.object.value)
            self.of[subject][quad.predicate.value.removeprefix(ONTOLOGY).removeprefix(DCTERMS)].add(value)

    @staticmethod
    def _local(iri: str) -> str:
        return iri.removeprefix(ONTOLOGY).removeprefix(BASE)

    def members(self, name: str) -> list[str]:
        return [node for node, says in self.of.items() if name in says.get(TYPE, ())]

    def tally(self, of: str, about: str) -> Counter[str]:
        """How often each value of a property stands on the things of a class."""
        return Counter(value.partition("/")[2] or value for node in self.members(of) for value in self.of[node].get(about, ()))


@pytest.fixture(scope="module")
def tiny_files(tiny: Path) -> Files:
    return Files(tiny)


@pytest.fixture(scope="module")
def tiny_stored(tiny_kg: Any) -> Stored:
    return Stored(tiny_kg)


@pytest.fixture(scope="module", params=["shipped", "tiny"])
def both(request: pytest.FixtureRequest) -> tuple[Files, Stored]:
    if request.param == "tiny":
        return request.getfixturevalue("tiny_files"), request.getfixturevalue("tiny_stored")
    return Files(ROOT / "data"), Stored(request.getfixturevalue("kg"))


CLASSES = ("Case", "Event", "Call", "Programme", "Organisation", "Source", "Country", "Region", "Place", "Participation", "Person",
           "Result", "Challenge", "Lesson", "Gap", "Claim", "Figure", "Contribution", "OptIn", "Seat", "Review", "Session", "Appearance")


def test_every_class_of_things_is_counted(both: tuple[Files, Stored]) -> None:
    _, stored = both
    ours = {c for says in stored.of.values() for c in says.get(TYPE, ()) if c[:1].isupper() and "/" not in c and ":" not in c}
    assert ours == {*CLASSES, "PublicBody"}, "count a new class here too"


def test_as_many_things_of_each_class_as_the_files_say(both: tuple[Files, Stored]) -> None:
    files, stored = both
    assert {c: len(stored.members(c)) for c in CLASSES} == dict(files.classes())


def test_every_case_claims_what_its_file_says(both: tuple[Files, Stored]) -> None:
    files, stored = both
    claims: dict[str, Counter[str]] = defaultdict(Counter)
    predicate = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
    for node in stored.members("Claim"):
        (subject,), (property_,) = stored.of[node]["about"], stored.of[node][predicate]
        claims[subject][property_.removeprefix(DCTERMS)] += 1
    for name, case in files.cases.items():
        assert dict(claims[f"case/{name}"]) == {p: len(v) for p, v in files.said(case).items()}, name


def test_values_that_are_ids_words_or_numbers_are_those_of_the_file(both: tuple[Files, Stored]) -> None:
    files, stored = both
    plain = ("country", "relatedCase", "sector", "usesMechanism", "collaborationForm", "hasGrantee", "hasPartner", "involvesGovernment",
             "programme", "attribution", "call", "evaluationDesign", "worldBankProject", "trustFund")
    for name, case in files.cases.items():
        said, direct = files.said(case), stored.of[f"case/{name}"]
        for property_ in plain:
            assert {v.partition("/")[2] or v for v in direct.get(property_, ())} == said.get(property_, set()), (name, property_)


def test_one_value_of_amount_status_and_each_date_is_preferred_and_is_one_of_the_file(both: tuple[Files, Stored]) -> None:
    files, stored = both
    for name, case in files.cases.items():
        said, direct = files.said(case), stored.of[f"case/{name}"]
        for property_ in ("amount", "status", *(f"{d}Date" for d in DATES)):
            found = {str(Decimal(v).normalize()) for v in direct[property_]} if property_ == "amount" else direct[property_]
            assert len(found) == bool(said.get(property_)), (name, property_)
            assert found <= said.get(property_, set()), (name, property_)


def test_amounts_of_all_cases_add_up_to_the_preferred_ones(both: tuple[Files, Stored]) -> None:
    files, stored = both
    registers = {s["id"] for s in files.rows["sources"] if s["kind"] == "register"}
    total = Decimal(0)
    for name, case in files.cases.items():
        given = [(a, {case["sources"].get(s, s) for s in a["sources"]}) for a in (*case.get("amounts", ()), *case.get("register", ()))
                 if "usd" in a]
        official = {Decimal(a["usd"]) for a, cited in given if cited & registers}
        values = official or {Decimal(a["usd"]) for a, _ in given}
        (chosen,) = {Decimal(v) for v in stored.of[f"case/{name}"]["amount"]} or {None}
        assert chosen in (values or {None}), f"{name}: an official register goes before everything else"
        total += chosen or 0
    assert sum(Decimal(v) for node in stored.members("Case") for v in stored.of[node]["amount"]) == total


@pytest.mark.parametrize("class_, key, property_, word", [
    ("Result", "results", "finding", "finding"), ("Result", "results", "resultKind", "kind"), ("Result", "results", "finerKind", "finer"),
    ("Result", "results", "year", "year"), ("Result", "results", "unit", "unit"), ("Result", "results", "printed", "value"),
    ("Challenge", "challenges", "challengeKind", "kinds"), ("Lesson", "lessons", "challengeKind", "challenges"),
    ("Lesson", "lessons", "aboutMechanism", "mechanisms"),
    ("Participation", "government", "governmentRole", "roles"), ("Participation", "government", "collaborationForm", "forms"),
    ("Participation", "government", "depth", "depth"),
])
def test_facets_of_parts_are_those_of_the_files(both: tuple[Files, Stored], class_: str, key: str, property_: str, word: str) -> None:
    files, stored = both
    counted: Counter[str] = Counter()
    for case in files.cases.values():
        for entry in case.get(key, ()):
            value = entry.get(word, ())
            counted.update([value] if isinstance(value, str) else value)
    assert stored.tally(class_, property_) == counted


def test_participations_of_each_case_are_those_of_its_file(both: tuple[Files, Stored]) -> None:
    files, stored = both
    found: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    for node in stored.members("Participation"):
        says = stored.of[node]
        (part,), (case,), (who,) = says["part"], says["inCase"], says.get("organisation") or says[label]
        found[case][part, who.removeprefix("organisation/")] += 1
    for name, case in files.cases.items():
        wanted = Counter((f"part/{part}", p.get("organisation") or p["group"]) for part, p in files.participants(case))
        assert found[f"case/{name}"] == wanted, name


def test_public_bodies_are_rows_with_a_level_or_a_public_kind(both: tuple[Files, Stored]) -> None:
    files, stored = both
    bodies = {node.removeprefix("organisation/") for node in stored.members("PublicBody")}
    assert {row["id"] for row in files.rows["organisations"] if row["level"]} <= bodies
    named = {g["organisation"] for c in files.cases.values() for g in c.get("government", ()) if "organisation" in g}
    partners = {p["organisation"] for c in files.cases.values() for p in c.get("partners", ()) if "organisation" in p}
    assert named <= bodies
    assert not partners & bodies


# Counted by hand


def _by_hand() -> dict[str, list[str]]:
    text = (Path(__file__).resolve().parent / "tiny/README.md").read_text("utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    start = next(i for i, row in enumerate(rows) if row[0] == "what")
    return {row[0]: row[1:] for row in rows[start + 2:]}


def test_the_invented_graph_has_the_numbers_counted_by_hand(tiny_stored: Stored) -> None:
    hand, of = _by_hand(), tiny_stored.of
    owners = {"case/xaa-clinic-scorecards": 0, "case/xbb-road-audit": 1, "case/multi-open-budgets": 2, "programme/gpsa": 3,
              "call/gpsa-1": 3, "event/example-summit-2016": 4, "event/example-workshop-2016": 4}
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

    def counted(nodes: list[str]) -> list[int]:
        found = [0] * 5
        for node in nodes:
            (owner,) = next(of[node][link] for link in ("about", "inCase", "inEvent", "programme", "concerns") if of[node].get(link))
            found[owners[owner]] += 1
        return [*found, sum(found)]

    def direct(claim: str) -> bool:
        (s,), (p,), (o,) = of[claim][rdf + "subject"], of[claim][rdf + "predicate"], of[claim][rdf + "object"]
        return o in of[s][p.removeprefix(ONTOLOGY).removeprefix(DCTERMS)]

    claims, participations, results = tiny_stored.members("Claim"), tiny_stored.members("Participation"), tiny_stored.members("Result")
    graph = {
        "claims": counted(claims),
        "claims that are no direct triple": counted([c for c in claims if not direct(c)]),
        "inferred claims": counted([c for c in claims if "basis/inferred" in of[c]["basis"]]),
        "pooled claims": counted([c for c in claims if of[c].get("pooled")]),
        "pairs of claims that dispute each other": [n // 2 for n in counted([c for c in claims for _ in of[c].get("disputes", ())])],
        "participations": counted(participations),
        "of these of public bodies": counted([p for p in participations if "part/public-body" in of[p]["part"]]),
        "of these groups": counted([p for p in participations if of[p].get("group")]),
        "people": counted(tiny_stored.members("Person")),
        "results": counted(results),
        **{f"results: {word.replace('-', ' ')}": counted([r for r in results if f"finding/{word}" in of[r]["finding"]])
           for word in ("positive", "mixed", "none", "negative", "not-assessed")},
        "challenges": counted(tiny_stored.members("Challenge")),
        "lessons": counted(tiny_stored.members("Lesson")),
        "gaps": counted(tiny_stored.members("Gap")),
    }
    wanted = {what: [sum(int(n) for n in cell.split("+")) if cell else 0 for cell in cells] for what, cells in hand.items()}
    assert graph == wanted


def test_other_things_of_the_invented_graph_are_as_counted_by_hand(tiny_stored: Stored) -> None:
    others = [c for c in CLASSES if c not in ("Claim", "Participation", "Person", "Result", "Challenge", "Lesson", "Gap")]
    assert {c: len(tiny_stored.members(c)) for c in others} == {
        "Case": 3, "Event": 2, "Call": 1, "Programme": 2, "Organisation": 9, "Source": 7, "Country": 2, "Region": 2, "Place": 6,
        "Figure": 2, "Contribution": 2, "OptIn": 2, "Seat": 2, "Review": 1, "Session": 2, "Appearance": 4}
    assert len(tiny_stored.members("PublicBody")) == 5


def test_preferred_values_of_the_invented_case_are_as_worked_out_by_hand(tiny_stored: Stored) -> None:
    clinics = tiny_stored.of["case/xaa-clinic-scorecards"]
    assert {p: clinics[p] for p in ("amount", "approvalDate", "startDate", "closingDate", "status", "approvalYear")} == {
        "amount": {"500000"}, "approvalDate": {"2013-11-30"}, "startDate": {"2014-03"}, "closingDate": {"2018-02-28"}, "status": {"closed"},
        "approvalYear": {"2013"}}


def test_mechanisms_of_the_invented_cases_are_as_counted_by_hand(tiny_stored: Stored) -> None:
    assert tiny_stored.tally("Case", "usesMechanism") == {
        "interface-meeting": 2, "community-monitoring": 2, "community-scorecard": 1, "social-audit": 1, "care-community-score-card": 1,
        "public-hearing": 1}
