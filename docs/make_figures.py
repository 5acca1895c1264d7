"""Write docs/figures.md with its pictures, and the dossiers of docs/dossiers, from the shipped data."""

from __future__ import annotations

from pathlib import Path

from gpsa_graph import load
from gpsa_graph.export.content import read_content
from gpsa_graph.export.figures import figure, write_figure
from gpsa_graph.report import write_report

HERE = Path(__file__).resolve().parent
#: File name, figure, filters, the sentence above it.
FIGURES = (
    (
        "matrix",
        "matrix",
        {},
        "The matrix shows at once which mechanism goes with which kind of result in the same cases, and where nothing is reported.",
    ),
    ("swimlane", "swimlane", {}, "Each case is a bar, in lanes of regions."),
    (
        "two-column-malawi",
        "two-column",
        {"country": ["MWI"]},
        "Civil society and the state in two columns, the cases between them. It is best for one country.",
    ),
    ("map", "map", {}, "A bubble for each country, its area the number of cases; small states are as visible as large ones."),
    ("timeline", "timeline", {}, "Results by year and kind, stacked by what was found."),
    ("ego-mwi-mejn", "ego", {"case": ["mwi-mejn"]}, "One case as cards. Each card, line and fact carries the numbers of its sources."),
    ("coverage", "coverage", {}, "How many of the cases state what is asked of a case."),
)
DOSSIERS = (
    ("malawi", {"country": ["MWI"]}),
    ("ministry-of-health-indonesia", {"organisation": ["idn-ministry-of-health"]}),
    ("community-scorecards", {"mechanism": ["community-scorecard"]}),
)
HEAD = """# Figures and dossiers

`gpsa figure NAME -o FILE` draws one of seven figures as .svg, .png or .pdf, 160 mm wide, the text of an A4 page. Each figure carries its
legend, its caption with n, the filter, the data version, the sources (or their number by kind, where they are many) and a code. A view
file is written beside it; `gpsa figure --view FILE -o AGAIN` makes the same bytes from it, as long as data and fonts are the same. With
another ending (.csv, .xlsx, .json, .md) the command writes the numbers behind the figure, each row with its sources.

Filters: `--case`, `--country`, `--region`, `--sector`, `--mechanism`, `--organisation`, `--programme`; each can be given several times.

The figures use the fonts Noto Sans, Noto Sans Arabic and Noto Sans Devanagari where they are installed (Debian: fonts-noto-core), else
DejaVu Sans. Colours are those of Okabe and Ito, with a dark grey added and tested for colour vision deficiencies; shapes say the same.
"""
TAIL = """## Dossiers

`gpsa report` writes what is known of the chosen cases as .html, .docx, .md or .pdf, with numbered sources, and the sources alone as .bib,
.ris or .csl.json. These were made from the shipped data:

"""


def main() -> None:
    kg = load()
    content = read_content(kg)
    folder, dossiers = HERE / "figures", HERE / "dossiers"
    folder.mkdir(exist_ok=True)
    dossiers.mkdir(exist_ok=True)
    lines = [HEAD]
    for name, kind, filters, said in FIGURES:
        made = figure(content, kind, filters)
        write_figure(made, folder / f"{name}.png")
        given = "".join(f" --{k} {v}" for k, values in filters.items() for v in values)
        lines.append(
            f"## {kind}\n\n{said}\n\n```sh\ngpsa figure {kind}{given} -o {name}.png\n```\n\n![{made.drawing.title}](figures/{name}.png)\n"
        )
    lines.append(TAIL)
    for name, filters in DOSSIERS:
        for ending in ("docx", "pdf"):
            write_report(kg, filters, dossiers / f"{name}.{ending}")
        given = "".join(f" --{k} {v}" for k, values in filters.items() for v in values)
        lines.append(f"- `gpsa report{given}`: [DOCX](dossiers/{name}.docx), [PDF](dossiers/{name}.pdf)")
    (HERE / "figures.md").write_text("\n".join(lines).rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
