"""Dossiers: every fact beside its sources, in four forms that programs of others open; bibliographies read by others."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gpsa_graph.export.bibliography import bibliography
from gpsa_graph.export.choice import choose
from gpsa_graph.export.content import Content, read_content
from gpsa_graph.export.table import escape
from gpsa_graph.graph.claims import Source
from gpsa_graph.report import write_report
from gpsa_graph.report.document import Cite, Document, Heading, Items, Para, References, Strong, Table, marks
from gpsa_graph.report.dossier import dossier
from gpsa_graph.report.writers import document_bytes
from gpsa_graph.report.writers.markdown import markdown
from gpsa_graph.report.writers.page import html
from gpsa_graph.report.writers.word import word

CHOICES = (
    {"case": ["mwi-mejn"]},
    {"country": ["MWI"]},
    {"organisation": ["idn-ministry-of-health"]},
    {"case": ["mwi-mejn", "idn-wahana-visi"]},
)


@pytest.fixture(scope="module")
def content(kg) -> Content:  # type: ignore[no-untyped-def]
    return read_content(kg)


@pytest.fixture(scope="module")
def dossiers(kg) -> list[Document]:  # type: ignore[no-untyped-def]
    return [dossier(kg, filters, patterns=()) for filters in CHOICES]


def said(document: Document) -> list[tuple[str, set[int]]]:
    """Every paragraph, item and row of a document as text, with the numbers of sources in it."""
    found = []
    for block in document.blocks:
        lines = (
            [block.text]
            if isinstance(block, Para)
            else block.items
            if isinstance(block, Items)
            else [[run for cell in row for run in (*cell, " ")] for row in block.rows]
            if isinstance(block, Table)
            else []
        )
        for runs in lines:
            text = "".join(run.text if isinstance(run, Strong) else run for run in runs if not isinstance(run, Cite))
            found.append((text, {n for run in runs if isinstance(run, Cite) for n in run.numbers}))
    return found


def test_every_result_challenge_lesson_and_participation_stands_beside_its_sources(content: Content, dossiers: list[Document]) -> None:
    checked = 0
    for filters, document in zip(CHOICES, dossiers, strict=True):
        lines = said(document)
        number = {s.name: i for i, s in enumerate(document.sources, 1)}
        for case in choose(content, filters).cases:
            for part in (*case.results, *case.of("challenge"), *case.of("lesson")):
                here = [cited for text, cited in lines if part.one("gpsa:text").rstrip(". ") in text]
                assert any({number[s] for s in part.sources} <= cited for cited in here), part.id
                checked += 1
            for part in case.of("participation"):
                here = [cited for text, cited in lines if content.who(part) in text]
                assert any({number[s] for s in part.sources} <= cited for cited in here), part.id
                checked += 1
    assert checked > 150


def test_every_row_of_facts_has_a_source(dossiers: list[Document]) -> None:
    for document in dossiers:
        for block in document.blocks:
            if isinstance(block, Table) and "Sources" in block.heads:
                at = block.heads.index("Sources")
                assert [row for row in block.rows if not any(isinstance(run, Cite) and run.numbers for run in row[at])] == [], block.caption


def test_numbers_are_those_of_the_list_and_each_source_is_cited(dossiers: list[Document]) -> None:
    for document in dossiers:
        shown = {n for _, cited in said(document) for n in cited}
        page = html(document)
        drawn = {
            int(n) for b in document.blocks if hasattr(b, "made") for n in re.findall(r"\[(\d+)\]", b.made.bytes("svg", bare=True).decode())
        }
        assert shown | drawn == set(range(1, len(document.sources) + 1))
        assert {int(n) for n in re.findall(r'href="#source-(\d+)"', page)} <= shown
        assert len(re.findall(r'<li id="source-\d+">', page)) == len(document.sources)


def test_a_random_fact_is_followed_by_its_sources_in_every_form(kg, content: Content, dossiers: list[Document], tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Facts drawn at random; Markdown, HTML and DOCX read back as text."""
    import docx

    document = dossiers[1]
    facts = [
        p
        for c in content.cases.values()
        if "country:MWI" in c.names("gpsa:country")
        for p in (*c.results, *c.of("challenge"), *c.of("lesson"))
    ]
    number = {s.name: i for i, s in enumerate(document.sources, 1)}
    md = markdown(document, [f"{i}.svg" for i in range(9)])
    page = html(document)
    book = docx.Document(io.BytesIO(word(document)))
    blocks = ["".join(p.itertext()) for p in book.element.body.iter() if p.tag.endswith("}tr") or p.tag.endswith("}p")]
    for part in random.Random(1).sample(facts, 20):
        text, wanted = part.one("gpsa:text").rstrip(". "), {number[s] for s in part.sources}
        in_md = next(line for line in md.split("\n") if escape(text) in line)
        assert wanted <= _numbers("".join(re.findall(r"\\\[(.*?)\\\]", re.sub(r"\[(\d+)\]\(#source-\d+\)", r"\1", in_md)))), text
        assert any(wanted <= _numbers("".join(re.findall(r"\[(.*?)\]", line))) for line in blocks if text in line), text
        rows = [re.sub(r"<[^>]*>", " ", chunk) for chunk in re.split(r"</tr>|</li>|</p>", page) if _escaped(text) in chunk]
        assert any(wanted <= _numbers("".join(re.findall(r"\[(.*?)\]", row))) for row in rows), text


def _escaped(text: str) -> str:
    from html import escape as escape_html

    return escape_html(text)


def _numbers(text: str) -> set[int]:
    found: set[int] = set()
    for a, b in re.findall(r"(\d+)(?:\s*\u2013\s*(\d+))?", text.replace("][", ", ")):
        found |= set(range(int(a), int(b or a) + 1))
    return found


def test_no_dossier_says_that_one_thing_brought_about_another(dossiers: list[Document]) -> None:
    """Words of our own: what is not the text of a case file."""
    for document in dossiers:
        ours = (
            [b.caption for b in document.blocks if hasattr(b, "caption")]
            + [b.text for b in document.blocks if isinstance(b, Heading)]
            + list(document.lines)
        )
        assert [t for t in ours if re.search(r"\b(leads? to|caused?|causes|impact of|thanks to|resulted in|because of)\b", t)] == []


def test_html_is_one_file_that_loads_nothing_and_runs_nothing(dossiers: list[Document]) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[str] = []
            self.loaded: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append(tag)
            self.loaded += [v or "" for k, v in attrs if k in ("src", "srcset", "data") or (tag == "link" and k == "href")]

    reader = Reader()
    reader.feed(html(dossiers[1]))

    assert not {"script", "link", "iframe", "object"} & set(reader.tags)
    assert reader.loaded
    assert all(address.startswith("data:image/svg+xml;base64,") for address in reader.loaded)


@pytest.mark.parametrize("ending", [".html", ".docx", ".pdf"])
def test_the_same_dossier_has_the_same_bytes(dossiers: list[Document], ending: str, tmp_path: Path) -> None:
    first, again = (document_bytes(dossiers[0], ending, tmp_path / f"a{ending}") for _ in range(2))

    assert first == again


def test_docx_has_headings_captions_contents_and_links_to_numbered_sources(dossiers: list[Document]) -> None:
    import docx

    document = dossiers[1]
    book = docx.Document(io.BytesIO(word(document)))
    xml = book.element.xml

    heads = [(p.style.name, p.text) for p in book.paragraphs if p.style.name.startswith("Heading")]
    assert heads == [(f"Heading {b.level}", b.text) for b in document.blocks if isinstance(b, Heading)] + [("Heading 1", "Sources")]
    assert len(book.tables) == sum(isinstance(b, Table) for b in document.blocks)
    assert xml.count("SEQ Table") == len(book.tables)
    assert xml.count('TOC \\o "1-1"') == 1
    marks_ = set(re.findall(r'w:name="(\w+)"', xml))
    assert set(re.findall(r'w:anchor="(\w+)"', xml)) <= marks_
    assert {f"source_{i}" for i in range(1, len(document.sources) + 1)} <= marks_
    assert len(set(re.findall(r'bookmarkStart w:id="(\d+)"', xml))) == xml.count("w:bookmarkStart")
    urls = {r.target_ref for r in book.part.rels.values() if r.is_external}
    assert urls == {s.url for s in document.sources if s.url.startswith("http")}
    for table, block in zip(book.tables, (b for b in document.blocks if isinstance(b, Table)), strict=True):
        assert (len(table.rows), len(table.columns)) == (len(block.rows) + 1, len(block.heads))


def test_pdf_has_the_headings_pages_and_sources_as_text(dossiers: list[Document], tmp_path: Path) -> None:
    from pypdf import PdfReader

    document = dossiers[0]
    book = PdfReader(io.BytesIO(document_bytes(document, ".pdf", tmp_path / "a.pdf")))
    text = " ".join(" ".join(page.extract_text() for page in book.pages).split())

    assert book.metadata.title == document.title
    assert all(b.text in text for b in document.blocks if isinstance(b, Heading))
    assert all(f"[{i}]" in text for i in range(1, len(document.sources) + 1))
    assert f"1 of {len(book.pages)}" in text
    assert all(abs(float(p.mediabox.width) - 595.3) < 1 for p in book.pages)


def test_hostile_texts_are_shown_as_typed_in_every_form(hostile: tuple[str, ...], tmp_path: Path) -> None:
    import docx

    texts = [t for t in hostile if len(t) < 1000]
    refs = References()
    source = Source("source:x", "x", texts[0], texts[1], "2020", "story", 1, "javascript:pwn()")
    document = Document(
        texts[0],
        texts[:3],
        [
            Heading(1, texts[1]),
            Para(texts),
            Items([[t, refs.cite(["source:x"])] for t in texts]),
            Table(texts[2], texts[:2], [0.5, 0.5], [[[t], [Strong(t)]] for t in texts]),
        ],
        [source],
        texts[4],
        "2026-11-24",
    )
    page = html(document)
    assert not re.search(r"<(script|img|!--)", page.replace("<body>", "").replace("<!DOCTYPE", ""))
    assert 'href="javascript' not in page
    assert "&amp;amp;" in page, "a text with &amp; is shown as typed"
    book = docx.Document(io.BytesIO(word(document)))
    shown = [cell.text for row in book.tables[0].rows[1:] for cell in row.cells[:1]]
    plain = [re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", "\ufffd", t) for t in texts]
    assert shown == plain
    assert document_bytes(document, ".pdf", tmp_path / "a.pdf").startswith(b"%PDF")
    md = markdown(document, [])
    assert "<script" not in md.replace("&lt;", "")


def test_marks_join_runs_of_numbers() -> None:
    assert "".join(t for t, _ in marks(Cite((1, 2, 4, 5, 6, 9)))) == "[1, 2, 4\u20136, 9]"
    assert marks(Cite(())) == []


def test_markdown_has_its_figures_in_a_folder_beside_it(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    write_report(kg, {"case": ["mwi-mejn"]}, tmp_path / "mejn.md")
    text = (tmp_path / "mejn.md").read_text("utf-8")

    pictures = re.findall(r"!\[[^\]]*\]\(([^)]*)\)", text)
    assert pictures == ["mejn-figures/1-ego.svg"]
    assert (tmp_path / pictures[0]).read_text("utf-8").startswith("<?xml")


@pytest.fixture(scope="module")
def sources(content: Content) -> list[Source]:
    return list(content.sources(sorted({s for c in list(content.cases.values())[:20] for s in c.sources})).values())


def test_bibtex_is_read_by_bibtexparser(sources: list[Source]) -> None:
    import bibtexparser

    text = bibliography(sources, "bibtex")
    entries = bibtexparser.parse_string(text).entries if hasattr(bibtexparser, "parse_string") else bibtexparser.loads(text).entries
    found = [e.fields_dict if hasattr(e, "fields_dict") else e for e in entries]

    assert len(found) == len(sources) > 50
    for entry, source in zip(found, sources, strict=True):
        plain = {
            k: re.sub(r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\", "", getattr(v, "value", v))
            for k, v in entry.items()
        }
        assert plain["title"].strip("{}") == re.sub(r"[\\~^]", "", " ".join(source.title.split()))
        assert plain["keywords"] == source.name
        assert plain.get("year", "") == source.date[:4]


def test_ris_is_read_by_rispy(sources: list[Source]) -> None:
    import rispy

    found = rispy.loads(bibliography(sources, "ris"))

    assert [(f["title"], f["keywords"], f.get("year", "")) for f in found] == [
        (" ".join(s.title.split()), [s.name], s.date[:4]) for s in sources
    ]
    assert [f.get("urls", [f.get("url", "")])[0] or "" for f in found] == [s.url for s in sources]


def test_csl_json_keeps_the_precision_of_dates(sources: list[Source]) -> None:
    found = json.loads(bibliography(sources, "csl"))

    assert len({f["id"] for f in found}) == len(found) == len(sources)
    for f, s in zip(found, sources, strict=True):
        parts = f.get("issued", {"date-parts": [[]]})["date-parts"][0]
        assert parts == [int(p) for p in s.date.split("-") if p]


def test_an_answer_gives_its_sources_to_reference_managers(kg) -> None:  # type: ignore[no-untyped-def]
    from gpsa_graph.export import write_rows

    rows = kg.answer("where-was-a-mechanism-used", mechanism="social-audit")
    for form in ("bibtex", "ris", "csl"):
        stream = io.StringIO()
        write_rows(rows, form, stream)
        assert all(name in stream.getvalue() for name in rows.sources())


def test_parquet_keeps_types_texts_and_sources(kg, hostile: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    from pyarrow import parquet

    from gpsa_graph.export import write_rows
    from gpsa_graph.graph import Rows

    rows = Rows(["text", "n", "x", "sure", "mixed"], [(t, i, i / 2, bool(i % 2), i if i % 2 else None) for i, t in enumerate(hostile)])
    stream = io.BytesIO()
    write_rows(rows, "parquet", stream)
    table = parquet.read_table(io.BytesIO(stream.getvalue()))
    assert [str(f.type) for f in table.schema] == ["string", "int64", "double", "bool", "int64"]
    assert table.column("text").to_pylist() == [t.replace("\ud800", "?") for t in hostile]
    answer = kg.answer("where-was-a-mechanism-used", mechanism="social-audit")
    stream = io.BytesIO()
    write_rows(answer, "parquet", stream)
    about = json.loads(parquet.read_schema(io.BytesIO(stream.getvalue())).metadata[b"gpsa-graph"])
    assert set(about["sources"]) == set(answer.sources())


@pytest.mark.slow
def test_libreoffice_opens_the_documents_and_shows_every_heading(dossiers: list[Document], tmp_path: Path) -> None:
    from pypdf import PdfReader

    assert shutil.which("soffice"), "install libreoffice-writer-nogui"
    document = dossiers[1]
    (tmp_path / "a.docx").write_bytes(word(document))
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages).split())

    assert all(b.text in text for b in document.blocks if isinstance(b, Heading))
    assert all(f"[{i}]" in text for i in range(1, len(document.sources) + 1))
