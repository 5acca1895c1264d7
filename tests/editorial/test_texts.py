"""How texts are written: own words, one spelling, nothing that is not meant for readers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from gpsa_graph.cases import Case, Data, Entry

_QUOTED = re.compile(r"[\"“«]([^\"”»]{3,}?)[\"”»]|(?:(?<=\s)|^)['‘]([^'’]+(?:['’](?=\w)[^'’]+)*)['’](?!\w)")
_CONTACT = re.compile(r"\S@\S+\.\w|\+\d[\d ().-]{7,}\d|\b(?:tel|phone|fax|mobile)\b[.: ]+\+?\d", re.IGNORECASE)
_WORKSHOP = re.compile(r"\b(?:the (?:case )?sheet|(?:no|any|in) stored (?:page|source)s?|[\w-]+\.yaml|s\d{1,2}|wb[pr]\d?)\b", re.IGNORECASE)
_LONGEST_QUOTE = 8


def texts(case: Case) -> Iterator[tuple[str, Entry, str, str]]:
    """(key, entry, field, text) of everything that a case says in words."""
    for key, entry in case.entries():
        for name in entry.__dataclass_fields__:
            value = getattr(entry, name)
            if name == "sources":
                continue
            if isinstance(value, str) and value:
                yield key, entry, name, value
            elif isinstance(value, tuple):
                yield from ((key, entry, name, text) for text in value if isinstance(text, str))


def test_titles_read_as_titles(case: Case) -> None:
    title = case.title.text
    good = len(title) <= 160 and not title.endswith(".") and not title.isupper() and (title[0].isupper() or not title[0].isalpha())
    assert good, f"{case.path}:{case.title.line}: the title '{title}' is too long, ends with a full stop, is all capitals or begins small."


def test_texts_are_spaced_once(case: Case) -> None:
    bad = [(e.line, t) for _, e, _, t in texts(case) if "  " in t or t != t.strip() or re.search(r" [,;](?:\s|$)| \.(?:\s|$)", t)]
    assert bad == [], f"{case.path}:{bad[0][0]}: take the spare blank out of '{bad[0][1][:80]}'."


def test_texts_have_no_hidden_or_look_alike_characters(case: Case) -> None:
    def odd(text: str) -> str:
        for char in text:
            if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") or char in "\u00a0\ufffd":
                return f"U+{ord(char):04X}"
        for word in re.findall(r"\w+", text):
            scripts = {unicodedata.name(c, "?").split()[0] for c in word if c.isalpha()} & {"LATIN", "CYRILLIC", "GREEK"}
            if len(scripts) > 1:
                return f"'{word}' ({', '.join(sorted(scripts))} letters)"
        return "" if unicodedata.normalize("NFC", text) == text else "letters and accents written apart"

    bad = [(e.line, odd(t)) for _, e, _, t in texts(case) if odd(t)]
    assert bad == [], f"{case.path}:{bad[0][0]}: {bad[0][1]}: type the text again with plain letters."


def test_no_sentence_is_quoted(case: Case) -> None:
    said = [(e.line, m[0]) for k, e, f, t in texts(case) if k not in ("title", "also_titled") and f != "as_called"
            for m in _QUOTED.finditer(t) if len(m[0].split()) > _LONGEST_QUOTE]
    assert said == [], f"{case.path}:{said[0][0]}: say it in own words rather than quote {said[0][1]}"


def test_no_address_or_telephone_number(case: Case) -> None:
    bad = [(e.line, m[0]) for _, e, _, t in texts(case) if (m := _CONTACT.search(t))]
    assert bad == [], f"{case.path}:{bad[0][0]}: take the contact out: {bad[0][1]}"


def test_texts_speak_to_the_reader_of_the_graph(case: Case) -> None:
    """The names of working papers and local source ids mean nothing outside the file."""
    bad = [(e.line, m[0]) for _, e, _, t in texts(case) if (m := _WORKSHOP.search(t))]
    assert bad == [], f"{case.path}:{bad[0][0]}: '{bad[0][1]}' means nothing to a reader; name the source or say 'this file'."


def test_names_of_organisations_are_spelled_plainly(everything: Data) -> None:
    bad = [o.id for o in everything.authority.organisation.values()
           if "  " in o.name or not o.name[0].isalnum() or len(o.name) > 120 or unicodedata.normalize("NFKC", o.name) != o.name]
    assert bad == [], f"data/organisations.csv: mend the names of {', '.join(bad)}."


@pytest.mark.parametrize("table", ["organisation", "place", "country", "source"])
def test_rows_have_no_hidden_characters(everything: Data, table: str) -> None:
    bad = [row.id for row in getattr(everything.authority, table).values()
           if any(unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn") for f in row.__dataclass_fields__ for c in str(getattr(row, f)))]
    assert bad == [], f"rows with hidden characters: {', '.join(bad)}; type them again."
