"""Draw docs/power.svg from docs/power.csv, which `python benchmarks/planted.py > docs/power.csv` measures.

Run: python docs/make_power.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import altair as alt

FOLDER = Path(__file__).resolve().parent
SHAPES = {60: ("60 cases", "#E69F00"), 120: ("120 cases", "#0072B2")}


def figure(rows: list[dict[str, str]]) -> alt.LayerChart:
    """Power by odds ratio, one line for each number of cases, and the goal of 0.8 at an odds ratio of 5 in 120 cases."""
    values = [{"odds ratio": float(r["odds_ratio"]), "power": float(r["share"]), "cases": SHAPES[int(r["cases"])][0],
               "low": max(0.0, float(r["share"]) - 1.96 * (float(r["share"]) * (1 - float(r["share"])) / int(r["sets"])) ** 0.5),
               "high": min(1.0, float(r["share"]) + 1.96 * (float(r["share"]) * (1 - float(r["share"])) / int(r["sets"])) ** 0.5)}
              for r in rows if r["what"] == "power"]
    names, colours = zip(*SHAPES.values(), strict=True)
    x = alt.X("odds ratio:Q", scale=alt.Scale(type="log", domain=[1.8, 11], nice=False),
              axis=alt.Axis(values=[2, 3, 5, 10], title="odds ratio of the planted tie"))
    y = alt.Y("power:Q", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(title="share of sets in which it stands out", format=".1f"))
    colour = alt.Color("cases:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=None)
    base = alt.Chart(alt.Data(values=values))
    lines = base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour)
    points = base.mark_point(filled=True, size=60, opacity=1).encode(x=x, y=y, color=colour, shape=alt.Shape("cases:N", legend=None))
    spread = base.mark_rule().encode(x=x, y="low:Q", y2="high:Q", color=colour)
    ends = base.transform_filter("datum['odds ratio'] == 10").mark_text(align="left", dx=9, dy=14, fontSize=12, fontWeight="bold").encode(
        x=x, y=y, text="cases:N", color=colour)
    goal = alt.Chart(alt.Data(values=[{"power": 0.8}])).mark_rule(strokeDash=[5, 4], color="#666").encode(y="power:Q")
    said = [{"power": 0.8, "odds ratio": 1.85, "said": "goal for 120 cases at an odds ratio of 5: 0.8"}]
    label = alt.Chart(alt.Data(values=said)).mark_text(align="left", dy=-7, color="#444", fontSize=11).encode(
        x="odds ratio:Q", y="power:Q", text="said:N")
    title = alt.TitleParams(
        "How large a tie must be to be seen", subtitle=["Made data, 15 pairs tested, q at most 0.05; bars show the 95% interval"],
        anchor="start", fontSize=15, subtitleFontSize=12, subtitleColor="#444")
    made = alt.layer(goal, label, lines, spread, points, ends).properties(width=560, height=300, title=title, background="white")
    return made.configure(font="DejaVu Sans, Noto Sans, sans-serif").configure_axis(
        labelFontSize=12, titleFontSize=12, gridColor="#e8e8e8").configure_view(stroke=None)


def main() -> None:
    chart = figure(list(csv.DictReader((FOLDER / "power.csv").read_text("utf-8").splitlines())))
    chart.save(FOLDER / "power.svg")


if __name__ == "__main__":
    main()
