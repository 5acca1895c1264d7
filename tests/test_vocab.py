"""Names: IRIs, terms, hashes, spelling."""

from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpsa_graph import vocab


def _read(term: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    """A term as an independent reader of N-Triples sees it."""
    (quad,) = ox.parse(input=f"<a:s> <a:p> {term} .", format=ox.RdfFormat.N_TRIPLES)
    return quad.object


plain_text = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))


@given(plain_text)
def test_any_text_comes_back_from_its_literal(text: str) -> None:
    assert _read(vocab.literal(text)) == ox.Literal(text)
    assert _read(vocab.literal(text, lang="en")) == ox.Literal(text, language="en")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-10**12, max_value=10**12))
def test_decimals_have_the_form_in_which_the_store_gives_them_back(number: Decimal) -> None:
    term = vocab.decimal(f"{number:f}")
    store = ox.Store()
    store.load(f"<a:s> <a:p> {term} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    (quad,) = store
    assert str(quad.object) == term, "claims are named by a hash of the term; the store must not rewrite it"
    assert Decimal(quad.object.value) == number


@pytest.mark.parametrize("text, value", [("007", "7"), ("0", "0"), ("-0", "0"), ("-0.50", "-0.5"),
                                         (".5", "0.5"), ("5.", "5"), ("1.0", "1")])
def test_decimals_are_canonical(text: str, value: str) -> None:
    assert _read(vocab.decimal(text)).value == value


@pytest.mark.parametrize("text, kind", [
    ("2014", "gYear"), ("2014-03", "gYearMonth"), ("2014-03-09", "date"), ("2016-12-09T09:00:00+01:00", "dateTime"),
])
def test_a_date_has_the_type_of_its_length(text: str, kind: str) -> None:
    assert _read(vocab.date(text)) == ox.Literal(text, datatype=ox.NamedNode(vocab.PREFIXES["xsd"] + kind))


def test_prefixes_are_unlike_and_all_of_ours_stand_below_the_base() -> None:
    assert len(set(vocab.PREFIXES.values())) == len(vocab.PREFIXES)
    assert not set(vocab.THINGS) & set(vocab.SCHEMES)
    assert all(vocab.PREFIXES[name].startswith(vocab.BASE) for name in (*vocab.THINGS, *vocab.SCHEMES, "gpsa", "code"))


@pytest.mark.parametrize("kind", [*vocab.THINGS, *vocab.SCHEMES])
def test_shorten_and_expand_are_each_others_inverse(kind: str) -> None:
    full = vocab.iri(kind, "some-name.2_B")
    assert vocab.shorten(full) == f"{kind}:some-name.2_B"
    assert vocab.expand(vocab.shorten(full)) == full
    assert vocab.node(kind, "some-name.2_B") == vocab.term(vocab.shorten(full)) == f"<{full}>"


@pytest.mark.parametrize("name", ["http://example.org/a", "https://w3id.org/gpsa-graph/case/", "https://w3id.org/gpsa-graph/case/a/b",
                                  "no:such", "", "https://w3id.org/gpsa-graph/case/a b"])
def test_what_has_no_prefixed_name_stays_as_it_is(name: str) -> None:
    assert vocab.shorten(name) == name
    assert vocab.expand(name) == name


@pytest.mark.parametrize("url", [
    "http://example.org/a/b", "https://www.example.org/a/b/", "HTTPS://Example.ORG:443/a/b", "http://example.org:80/a/b#part",
    " https://example.org/a/b?utm_source=mail&fbclid=1 ", "https://example.org./a/b", "https://example.org/a/%62",
])
def test_spellings_of_one_page_are_one_url(url: str) -> None:
    assert vocab.normal_url(url) == "https://example.org/a/b"


@pytest.mark.parametrize("url", ["https://example.org/a/B", "https://example.org/a/b?page=2", "https://example.org:8080/a/b",
                                 "https://data.example.org/a/b"])
def test_other_pages_are_other_urls(url: str) -> None:
    assert vocab.normal_url(url) != "https://example.org/a/b"


@settings(max_examples=40)
@given(st.from_regex(r"https?://[a-z]{1,8}\.org(/[a-zA-Z0-9é ._-]{0,6}){0,3}(\?[a-c]=[0-9é]{1,3}(&[a-c]=[0-9]?){0,2})?", fullmatch=True))
def test_normalising_a_url_twice_changes_nothing_more(url: str) -> None:
    once = vocab.normal_url(url)
    assert vocab.normal_url(once) == once


def test_a_source_is_named_by_its_page_and_version_and_without_one_by_its_words() -> None:
    page = vocab.source_name("https://example.org/a", "", "P", "T", "2014")
    assert page == vocab.source_name("http://www.example.org/a/", "", "Another", "Title", "")
    assert page != vocab.source_name("https://example.org/a", "2", "P", "T", "2014")
    paper = vocab.source_name("", "", "P", "T", "2014")
    assert paper == vocab.source_name("", "2", "P", "T", "2014")
    assert len({page, paper, vocab.source_name("", "", "P", "T", "2015"), vocab.source_name("", "", "PT", "", "2014")}) == 4


def test_digests_are_the_same_on_every_machine_and_keep_their_parts_apart() -> None:
    assert vocab.digest("a", "b") == "f84c4d669fe0d410", "printf 'a\\x1fb' | b2sum -l 64 gives the same"
    assert vocab.digest("ab", "") != vocab.digest("a", "b") != vocab.digest("", "ab")


def test_claims_of_unlike_triples_have_unlike_names() -> None:
    names = {vocab.claim_node(s, p, o) for s in ("<a:s>", "<a:t>") for p in ("<a:p>", "<a:q>") for o in ('"x"', '"y"', '"x"@en')}
    assert len(names) == 12


@given(st.text(max_size=90))
def test_a_slug_is_always_an_id(text: str) -> None:
    made = vocab.slug(text)
    assert vocab.SLUG.match(made)
    assert len(made) <= 60
    assert vocab.slug(made) == made


@pytest.mark.parametrize("text", ["नेपाल", "Кыргызстан", "تونس", "💧", "", "   ", "../..", "../../x", "CON"])
def test_names_in_any_script_give_ids_without_path_or_blank(text: str) -> None:
    assert vocab.SLUG.match(vocab.slug(text))


def test_names_in_other_scripts_stay_apart() -> None:
    assert len({vocab.slug(t) for t in ("नेपाल", "Кыргызстан", "تونس")}) == 3


@pytest.mark.parametrize("name, wanted", [
    ("community scorecard", "community-scorecard"), ("Community_Scorecard", "community-scorecard"), ("score-card", "community-scorecard"),
    ("socail-audit", "social-audit"), ("audit", "social-audit"),
])
def test_near_finds_what_was_meant(name: str, wanted: str) -> None:
    assert vocab.near(name, ["community-scorecard", "social-audit", "public-hearing"])[:1] == [wanted]


@pytest.mark.parametrize("name", ["", "zzzzzzzz", "नेपाल"])
def test_near_gives_nothing_rather_than_anything(name: str) -> None:
    assert vocab.near(name, ["community-scorecard", "social-audit"]) == []


@settings(max_examples=40)
@given(st.text(max_size=40), st.lists(st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6})?", fullmatch=True), max_size=8, unique=True))
def test_near_gives_at_most_three_known_names_once_each(name: str, known: list[str]) -> None:
    found = vocab.near(name, known)
    assert set(found) <= set(known)
    assert len(found) == len(set(found)) <= 3


def test_prefix_lines_can_be_read_by_the_engine() -> None:
    assert bool(ox.Store().query(vocab.sparql_prefixes() + "ASK { FILTER(gpsa:a != case:a) }"))
    assert vocab.sparql_prefixes("case") == "PREFIX case: <https://w3id.org/gpsa-graph/case/>\n"


def test_a_short_name_is_found_by_what_follows_the_last_slash_or_hash() -> None:
    assert [start for start in vocab.PREFIXES.values() if start[-1] not in "/#"] == []
    assert len(set(vocab.PREFIXES.values())) == len(vocab.PREFIXES)
