"""Every fact names a source, and every source can be told and found."""

from __future__ import annotations

import re

from gpsa_graph.cases import Case, Data
from gpsa_graph.resources import data_version

_HOST = re.compile(r"https?://(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_SHORT = re.compile(r"//(?:bit\.ly|t\.co|tinyurl\.com|goo\.gl|localhost|127\.)|google\.[a-z.]+/(?:url|search)", re.IGNORECASE)
#: Sources without a web address; everything else can be looked up.
UNPRINTED = {"gpsa-event-page-text-ogp-summit-workshop-co-2016", "gpsa-graph-mechanism-actor-result-and-challenge-2026"}


def test_every_fact_names_a_source(case: Case) -> None:
    bad = [e for _, e in case.entries() if not e.sources]
    assert bad == [], f"{case.path}:{bad[0].line}: nothing is said without a source; add `sources: [s1]`."


def test_no_fact_of_a_case_rests_on_a_source_of_the_vocabularies(case: Case, everything: Data) -> None:
    rows = everything.authority.source
    bad = [(e.line, s) for _, e in case.entries() for s in e.sources
           if rows[s].note == "cited by the vocabularies" or s.startswith("pycountry")]
    assert bad == [], f"{case.path}:{bad[0][0]}: '{bad[0][1]}' defines terms and tells nothing of this case."


def test_inferred_values_say_why(case: Case) -> None:
    bad = [e for _, e in case.entries() if (e.basis == "inferred") != bool(e.why)]
    assert bad == [], f"{case.path}:{bad[0].line}: say in `why`, in one sentence, how the value follows from its sources."


def test_every_source_has_a_kind_of_the_ladder(everything: Data) -> None:
    known = everything.authority.concept["source-kind"]
    bad = [s.id for s in everything.authority.source.values() if s.kind not in known]
    assert bad == [], f"data/sources.csv: unknown kinds of source: {', '.join(bad)}."


def test_addresses_are_plausible(everything: Data) -> None:
    rows = everything.authority.source.values()
    bad = [f"{s.id} ({s.url})" for s in rows if s.url and (not _HOST.match(s.url) or _SHORT.search(s.url))]
    assert bad == [], f"data/sources.csv: no page stands at {'; '.join(bad)}; give the address of the page itself."


def test_sources_without_an_address_are_known(everything: Data) -> None:
    bad = {s.id for s in everything.authority.source.values() if not s.url} - UNPRINTED
    assert bad == set(), f"data/sources.csv: give the web address of {', '.join(sorted(bad))}."


def test_no_source_is_newer_than_the_data(everything: Data) -> None:
    today = data_version()[1]
    bad = [s.id for s in everything.authority.source.values() if s.date > today[:len(s.date)]]
    assert bad == [], f"data/sources.csv: dates after {today}: {', '.join(bad)}."


def test_every_source_is_cited(kg) -> None:  # type: ignore[no-untyped-def]
    rows = kg.query("""SELECT ?id WHERE { ?s a gpsa:Source ; dcterms:identifier ?id .
        OPTIONAL { ?fact prov:wasDerivedFrom ?s } OPTIONAL { ?thing dcterms:source ?s } FILTER(!BOUND(?fact) && !BOUND(?thing)) }""")
    bad = [str(row[0]) for row in rows]
    assert bad == [], f"data/sources.csv: nothing cites {', '.join(bad)}; cite it or take the row out."


def test_amounts_are_plausible_us_dollars(case: Case) -> None:
    bad = [a for a in case.amounts if not 1_000 <= float(a.usd) <= 500_000_000]
    assert bad == [], f"{case.path}:{bad[0].line}: {bad[0].usd} US dollars is no size for a grant; amounts in other money stand in a note."


def test_dates_are_not_after_the_data_but_for_planned_closings(case: Case) -> None:
    today = data_version()[1]
    bad = [d for d in case.dates if d.kind != "closing" and d.value[:10] > today[:len(d.value)]]
    assert bad == [], f"{case.path}:{bad[0].line}: {bad[0].kind} {bad[0].value} lies after the date of the data."


def test_closed_cases_do_not_close_in_the_future(case: Case) -> None:
    today = data_version()[1]
    late = [d for d in case.dates if d.kind == "closing" and d.value > today[:len(d.value)]]
    closed = bool(late and case.status and case.status.value == "closed")
    assert not closed, f"{case.path}: closed, yet closing {late[0].value} is still to come."
