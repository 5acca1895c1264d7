"""Figures: nothing cut or overlapping, colours that stay apart, real text, the same bytes, and a view file that makes them again."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from click.testing import CliRunner

from gpsa_graph.cli import cli
from gpsa_graph.errors import OutputError, ParameterError, UnknownName
from gpsa_graph.export.content import Content, read_content
from gpsa_graph.export.figures import FIGURES, Made, figure, figure_again, write_figure
from gpsa_graph.export.figures.frame import compose
from gpsa_graph.export.figures.matrix import shade
from gpsa_graph.export.figures.page import Page, families, width_of, wrapped
from gpsa_graph.export.palette import FINDINGS, THINGS, contrast, ink_on

#: Every figure, over all cases, one country, and a set of several.
CHOICES = [(name, filters) for name in FIGURES if name != "ego" for filters in ({}, {"country": ["UGA"]}, {"sector": ["health"]})]
CHOICES += [("ego", {"case": [case]}) for case in ("mwi-mejn", "idn-wahana-visi", "uga-act-health")] + [
    ("map", {"region": ["eastern-and-southern-africa"]})
]


@pytest.fixture(scope="module")
def content(kg) -> Content:  # type: ignore[no-untyped-def]
    return read_content(kg)


@pytest.mark.parametrize("name, filters", CHOICES, ids=lambda v: v if isinstance(v, str) else "-".join(x[0] for x in v.values()) or "all")
def test_no_label_is_cut_covered_or_off_the_page(content: Content, name: str, filters: dict[str, list[str]]) -> None:
    page = compose(figure(content, name, filters).drawing, "foot")
    boxes = [b for b in page.boxes if b.text.strip()]

    assert len(boxes) > 5
    assert [b for b in boxes if b.left < -0.5 or b.right > page.width + 0.5 or b.top < -0.5 or b.bottom > page.height + 0.5] == []
    assert [b.text for b in boxes if b.text.endswith("…")] == []
    covered = [
        (a.text, b.text)
        for a, b in combinations(boxes, 2)
        if min(a.right, b.right) - max(a.left, b.left) > 0.7 and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.7
    ]
    assert covered == []


@pytest.mark.parametrize("name", [n for n in FIGURES if n != "ego"])
def test_a_figure_tells_its_filter_n_data_version_code_and_sources(content: Content, name: str) -> None:
    made = figure(content, name, {"country": ["IDN"]})
    said = made.bytes("svg").decode()
    text = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", said))

    assert "Filter: country: Indonesia" in text
    assert re.search(r"n = \d+", text)
    assert f"data {made.view.data.replace(' ', ' of ')}" in text
    assert made.view.code in text
    assert f"{len(made.drawing.sources)} sources, by kind:" in text or all(s.title[:20] in text for s in made.drawing.sources)
    assert set(made.view.sources) == {s for row in made.drawing.rows.to_dicts() for s in str(row["src"]).split()}
    assert made.drawing.rows.to_dicts()
    assert all(row["src"] for row in made.drawing.rows.to_dicts() if row.get("cases_stating", 1))


def test_the_card_of_a_case_lists_every_source_by_number(content: Content) -> None:
    made = figure(content, "ego", {"case": ["mwi-mejn"]})
    boxes = " ".join(b.text for b in compose(made.drawing, "").boxes)

    assert {int(n) for n in re.findall(r"\[(\d+)\]", boxes)} == set(range(1, len(made.drawing.sources) + 1))
    assert {s.name for s in made.drawing.sources} == {s for row in made.drawing.rows.to_dicts() for s in str(row["src"]).split()}


def test_the_matrix_counts_cases_with_what_was_reported_and_not_found_mixed_or_absent(kg, content: Content) -> None:  # type: ignore[no-untyped-def]
    found = {
        (r["mechanism"], r["result_kind"]): r["cases_reporting"]
        for r in figure(content, "matrix", at_least=1, most=200).drawing.rows.to_dicts()
    }
    asked: dict[tuple[str, str], set[str]] = {}
    apart = """SELECT DISTINCT ?m ?k ?c { ?c gpsa:usesMechanism ?m .
        ?r a gpsa:Result ; gpsa:inCase ?c ; gpsa:resultKind ?k ; gpsa:finding ?f
        FILTER(?f IN (finding:positive, finding:not-assessed)) FILTER NOT EXISTS { ?r gpsa:background ?b } }"""
    for mechanism, kind, case in kg.query(apart):
        asked.setdefault((str(mechanism), str(kind)), set()).add(str(case))

    assert {pair: n for pair, n in found.items() if n} == {pair: len(cases) for pair, cases in asked.items()}


def test_the_map_counts_every_country_small_states_too(kg, content: Content) -> None:  # type: ignore[no-untyped-def]
    rows = kg.query("SELECT ?c (COUNT(DISTINCT ?case) AS ?n) { ?case a gpsa:Case ; gpsa:country ?c } GROUP BY ?c")

    assert {r["country"]: r["cases"] for r in figure(content, "map").drawing.rows.to_dicts()} == dict(iter(rows))


@pytest.mark.parametrize("ending", ["svg", *(pytest.param(ending, marks=pytest.mark.slow) for ending in ("png", "pdf"))])
def test_the_same_figure_has_the_same_bytes_in_another_process(content: Content, ending: str, tmp_path: Path) -> None:
    """Another hash seed, time zone and clock; the figure with most kinds of marks."""
    path = tmp_path / f"a.{ending}"
    words = ["gpsa", "figure", "two-column", "--country", "MWI", "-o", str(path)]
    code = f"from gpsa_graph.cli import main; import sys; sys.argv = {words!r}; main()"
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "SOURCE_DATE_EPOCH": "86400"},
    )

    assert path.read_bytes() == figure(content, "two-column", {"country": ["MWI"]}).bytes(ending)


@pytest.mark.slow
def test_a_view_file_makes_the_same_figure_again(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for name, filters, more in (
        ("matrix", {"sector": ["health"]}, {"at_least": 2}),
        ("coverage", {"programme": ["gpsa"]}, {}),
        ("ego", {"case": ["mwi-mejn"]}, {}),
    ):
        first = write_figure(figure(kg, name, filters, **more), tmp_path / f"{name}.svg")
        again = write_figure(figure_again(kg, first[1]), tmp_path / "again.svg")

        assert [p.name for p in first] == [f"{name}.svg", f"{name}.view.json"]
        assert again[0].read_bytes() == first[0].read_bytes()
        assert again[1].read_bytes() == first[1].read_bytes()


def test_a_spoilt_view_file_is_refused_in_one_sentence(kg, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    good = write_figure(figure(kg, "coverage"), tmp_path / "c.svg")[1].read_text("utf-8")
    said = json.loads(good)
    for name, text, sentence in (
        ("no json", "{", "is no view file: it is not JSON"),
        ("another", '{"a": 1}', "is no view file of a figure"),
        ("a list", "[]", "is no view file of a figure"),
        ("a part gone", json.dumps({k: v for k, v in said.items() if k != "filters"}), "a part missing or spoilt"),
        ("changed", json.dumps(said | {"filters": {"country": ["country:MWI"]}}), "was changed: its code"),
        ("other numbers", json.dumps(said | {"drawn": "0"}), "the numbers behind"),
    ):
        path = tmp_path / f"{name}.json"
        path.write_text(text, "utf-8")
        with pytest.raises(ParameterError, match=sentence) as caught:
            figure_again(kg, path)
        assert "\n" not in str(caught.value)
    with pytest.raises(OutputError, match="cannot be read: no such file"):
        figure_again(kg, tmp_path / "gone.json")


def test_a_view_of_other_data_is_refused(kg, tiny: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    _, view = write_figure(figure(kg, "coverage"), tmp_path / "c.svg")
    with pytest.raises(ParameterError, match=r"was made from data .* and this graph holds"):
        figure_again(kg, view, data=tiny)


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["figure", "matrxi", "-o", "x.svg"], "no figure called 'matrxi'; did you mean 'matrix'?"),
        (["figure", "matrix", "-o", "x.bmp"], "no figure ends in '.bmp'"),
        (["figure", "matrix", "-o", "gone/x.svg"], "cannot be written: no such file or directory"),
        (["figure", "matrix", "--country", "Malawy", "-o", "x.svg"], "no country called 'Malawy'; did you mean 'MWI'?"),
        (["figure", "map", "--country", "MWI", "--sector", "energy", "-o", "x.svg"], "no case matches country: Malawi; sector: energy"),
        (["figure", "ego", "--country", "MWI", "-o", "x.svg"], "cases match country: Malawi; name one with --case"),
        (["figure", "map", "--at-least", "2", "-o", "x.svg"], "the figure map takes no parameter --at-least"),
        (["network", "who-works-with-whom", "-o", "x.net"], "no network file ends in '.net'"),
        (["network", "who-works-with-whom", "-o", "gone/x.gexf"], "cannot be written: no such file or directory"),
        (["report", "--country", "MWI", "-o", "x.odt"], "no dossier ends in '.odt'"),
        (["report", "--country", "MWI", "--sector", "energy", "-o", "x.md"], "no case matches country: Malawi; sector: energy"),
        (["report", "--organisation", "nobody-knows-it", "-o", "x.md"], "no organisation called 'nobody-knows-it'"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_bad_input_is_one_sentence_and_leaves_the_old_file(
    words: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = Path(words[-1])
    if old.parent == Path("."):
        old.write_text("old")
    done = CliRunner().invoke(cli, words)

    assert done.exit_code != 0
    assert sentence in str(done.exception)
    assert "\n" not in str(done.exception)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == ({old.name: "old"} if old.parent == Path(".") else {})


@pytest.mark.parametrize(
    "words", [["figure", "matrix"], ["figure", "matrix", "--view", "v.json", "-o", "x.svg"], ["report", "--country", "MWI"]], ids=" ".join
)
def test_wrong_use_is_said(words: list[str]) -> None:
    assert CliRunner().invoke(cli, words).exit_code == 2


def test_an_unwritable_folder_leaves_nothing_behind(content: Content, tmp_path: Path) -> None:
    made = figure(content, "coverage")
    (tmp_path / "c.svg").write_text("old")
    (tmp_path / "c.view.json").mkdir()
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        write_figure(made, tmp_path / "c.svg")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["c.svg", "c.view.json"]


def test_an_empty_answer_is_an_empty_network_and_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli, ["network", "who-works-with-whom", "--given", "country=ITA", "--given", "sector=energy", "-o", str(tmp_path / "n.gexf")]
    )

    assert done.exit_code == 0, done.exception
    assert "the network is empty" in done.stderr
    assert '<nodes count="0">' in (tmp_path / "n.gexf").read_text("utf-8")


def test_scripts_are_shaped_with_a_glyph_for_every_letter() -> None:
    """A letter without a glyph would be drawn as a box; the fonts named here hold all of these scripts."""
    import matplotlib.font_manager as fonts
    from matplotlib.ft2font import FT2Font

    assert families()[:3] == ("Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari")
    charts = [FT2Font(fonts.findfont(fonts.FontProperties(family=name))).get_charmap() for name in families()]
    for text in ("नेपाल सरकार जवाफदेहिता", "وزارة الصحة", "Кыргыз Республикасы", "São Tomé İstanbul Łódź"):
        assert [c for c in text if not any(ord(c) in chart for chart in charts)] == []
    assert width_of("क्षि", 10) < sum(width_of(c, 10) for c in "क्षि") - 1, "a Devanagari conjunct is not shaped"
    assert width_of("الصحة", 10) < sum(width_of(c, 10) for c in "الصحة") - 1, "Arabic letters do not join"


def test_a_pdf_has_real_text_and_embedded_fonts(content: Content, tmp_path: Path) -> None:
    from io import BytesIO

    from pypdf import PdfReader

    page = PdfReader(BytesIO(figure(content, "coverage").bytes("pdf"))).pages[0]
    text = " ".join(page.extract_text().split())

    assert "What the sources state about the cases" in text
    assert "a closing date" in text
    assert all("+NotoSans" in f.get_object()["/BaseFont"] for f in page["/Resources"]["/Font"].values())


@pytest.mark.filterwarnings("ignore:Glyph .* missing from font")
def test_hostile_texts_stay_texts_in_a_figure(hostile: tuple[str, ...]) -> None:
    from xml.etree import ElementTree

    page = Page()
    y = 0.0
    for text in hostile:
        lines = wrapped(text, 400, 7, most=3)
        assert all(width_of(line, 7) <= 400.5 for line in lines)
        y = page.text(0, y, lines, size=7)
    for ending in ("svg", "pdf", "png"):
        assert page.render(ending, title=hostile[0], about=hostile[1])
    root = ElementTree.fromstring(page.render("svg", title=hostile[0]))
    assert {e.tag.rpartition("}")[2] for e in root.iter()} <= {
        "svg",
        "metadata",
        "RDF",
        "Work",
        "type",
        "format",
        "creator",
        "Agent",
        "title",
        "description",
        "defs",
        "style",
        "g",
        "path",
        "text",
        "clipPath",
        "rect",
        "date",
        "use",
        "tspan",
    }
    shown = ["".join(e.itertext()) for e in root.iter() if e.tag.endswith("}text")]
    assert "<script>pwn()</script>" in shown
    assert "$x$ and \\alpha" in shown


# Colour vision: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes,
# "A physiologically-based model for simulation of color vision deficiency" (2009), severity 1.
DEFICIENCIES = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def lab(colour: str, seen: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a colour as it is seen."""
    rgb = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    linear = [min(max(sum(w * c for w, c in zip(row, linear, strict=True)), 0), 1) for row in seen]
    xyz = [
        sum(w * c for w, c in zip(row, linear, strict=True))
        for row in ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    ]
    f = [
        (v / n) ** (1 / 3) if v / n > 216 / 24389 else (24389 / 27 * v / n + 16) / 116
        for v, n in zip(xyz, (0.95047, 1.0, 1.08883), strict=True)
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("looks", [THINGS, FINDINGS], ids=["things", "findings"])
def test_every_two_colours_stay_apart_for_every_colour_vision(looks: dict, deficiency: str) -> None:  # type: ignore[type-arg]
    """CIE 1976 difference of at least 15; two colours that are just told apart side by side differ by about 2.3."""
    seen = {name: lab(look.colour, DEFICIENCIES[deficiency]) for name, look in looks.items()}
    close = {(a, b): round(math.dist(seen[a], seen[b]), 1) for a, b in combinations(seen, 2)}

    assert min(close.values()) >= 15, min(close.items(), key=lambda i: i[1])
    assert len({look.shape for look in looks.values()}) == len(looks), "colour alone tells two things apart"


def test_made_figures_are_values(content: Content) -> None:
    made = figure(content, "coverage")
    assert isinstance(made, Made)
    with pytest.raises(UnknownName, match="no figure called 'pie'"):
        figure(content, "pie")


def test_every_number_of_the_matrix_can_be_read_on_its_shade() -> None:
    """4.5 is what WCAG 2.2 asks of small text."""
    shades = {shade(n, most) for most in (1, 2, 7, 26, 400) for n in range(1, most + 1)}

    assert len(shades) > 100
    assert min(contrast(colour, ink_on(colour)) for colour in shades) >= 4.5


def test_a_matrix_of_few_cases_shows_the_mechanisms_that_most_of_them_use(content: Content) -> None:
    few = figure(content, "matrix", {"country": ["MWI"]}).drawing

    assert {row["cases_using"] for row in few.rows.to_dicts()} == {2}
    assert "each in at least 2." in few.caption
    with pytest.raises(ParameterError, match="no mechanism is used in 3 cases that match country: Malawi; leave a filter out or lower"):
        figure(content, "matrix", {"country": ["MWI"]}, at_least=3)
