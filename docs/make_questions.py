"""Writes docs/questions.md: every stored question with its meaning, its command, its first rows and its SPARQL.

Run: python docs/make_questions.py
The page follows from the shipped data and the question files alone: the same files give the same text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from gpsa_graph import load
from gpsa_graph.graph import KnowledgeGraph, Rows
from gpsa_graph.graph.rows import Value
from gpsa_graph.questions import Question
from gpsa_graph.resources import data_version

PAGE = Path(__file__).resolve().parent / "questions.md"
WORKSHOP = ("what-from-indonesia-and-malawi-can-help-elsewhere", "how-do-mechanisms-bring-government-and-civil-society-together")
CHAPTERS = ((1, 10, "The programme and its events"), (11, 20, "Cases"), (21, 30, "Mechanisms and collaboration"),
            (31, 40, "Results, challenges, lessons"), (0, 0, "Tables that the patterns count"))
LEVELS = {1: "look-up", 2: "join", 3: "count", 4: "comparison or path", 5: "inference with evidence"}
#: Kinds of concepts that the workshop's part shows by their labels.
IN_WORDS = ("mechanism", "sector", "challenge-kind", "collaboration-form", "government-role", "government-level")
#: Most rows, columns and signs of a cell that a table shows, and most sources of a cell.
ROWS, COLUMNS, SIGNS, CITED = 3, 7, 110, 3


class Citations:
    """Numbers for the sources that the page cites, in the order in which they come, and words for concepts."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self._number: dict[str, int] = {}
        self._label = {f"{kind}:{name}": label for kind in IN_WORDS for name, label in kg.options(kind).items()}

    def words(self, said: object) -> str:
        """Prefixed names of concepts as words for people: `mechanism:social-audit` is "social audit"."""
        return ", ".join(self._label.get(name, name) for name in str(said or "").split())

    def marks(self, names: Sequence[str], most: int = CITED) -> str:
        shown = [f"[{self._number.setdefault(name, len(self._number) + 1)}](#sources)" for name in names[:most]]
        return " ".join(shown) + (f" and {len(names) - most} more" if len(names) > most else "")

    def lines(self) -> list[str]:
        cited = self._kg.citations(list(self._number))
        return [f"{number}. {plain(cited[name], 400)}" for name, number in self._number.items()]


def plain(said: object, most: int = SIGNS) -> str:
    """A cell of a Markdown table: one line, shortened, nothing in it read as markup."""
    if said is None:
        return ""
    if isinstance(said, bool):
        return "yes" if said else "no"
    text = " ".join(str(said).split())
    text = text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " …"
    for sign, safe in (("\\", "\\\\"), ("|", "\\|"), ("<", "&lt;"), ("*", "\\*"), ("_", "\\_"), ("[", "\\["), ("`", "\\`")):
        text = text.replace(sign, safe)
    return text


def table(rows: Iterable[Sequence[object]], columns: Sequence[str], shown: Sequence[str], citations: Citations,
          cited: int = CITED, in_words: Sequence[str] = ()) -> list[str]:
    """A Markdown table of some columns; sources become numbers, and names in the columns `in_words` become words."""
    lines = ["| " + " | ".join(shown) + " |", "|" + " --- |" * len(shown)]
    for row in rows:
        cells = dict(zip(columns, row, strict=True))
        made = [citations.marks(str(cells[name] or "").split(), cited) if name == "src"
                else plain(citations.words(cells[name]) if name in in_words else cells[name]) for name in shown]
        lines.append("| " + " | ".join(made) + " |")
    return lines


def telling(rows: Rows) -> list[str]:
    """The columns that the first rows fill: the first few, and the sources."""
    filled = [name for name in rows.columns if name != "src" and any(row[rows.columns.index(name)] is not None for row in rows[:ROWS])]
    return filled[:COLUMNS] + (["src"] if "src" in rows.columns else [])


def command(question: Question, given: dict[str, str]) -> str:
    words = "".join(f" --given {name}={value}" if " " not in value else f" --given '{name}={value}'" for name, value in given.items())
    return f"gpsa answer {question.name}{words}"


def entry(kg: KnowledgeGraph, question: Question, citations: Citations) -> list[str]:
    """One question of the reference part."""
    given = {p.name: p.sample for p in question.parameters}
    rows = kg.answer(question.name, **given)
    number = f"Question {question.number}, " if question.number else ""
    lines = [f"### {question.title}", "", f"`{question.name}` · {number}level {question.level} ({LEVELS[question.level]})"
             + (" · a network" if question.network else ""), "", question.about, ""]
    if question.parameters:
        lines += ["Narrow it by:", ""] + [f"- `{p.name}`: {p.about} ({p.kind})" for p in question.parameters] + [""]
    lines += ["```console", f"$ {command(question, given)}", "```", ""]
    lines += table(rows[:ROWS], rows.columns, telling(rows), citations)
    lines += ["", f"{len(rows)} rows" + (f", the first {ROWS} shown" if len(rows) > ROWS else "") + "."
              + (f" Coverage: {rows.coverage}" if rows.coverage else "")]
    if question.reading:
        lines += ["", f"**How to read it.** {question.reading}"]
    lines += ["", "<details><summary>Columns and SPARQL</summary>", ""]
    lines += [f"- `{name}`: {meaning}" for name, meaning in question.columns.items()]
    return [*lines, "", "```sparql", question.text.rstrip(), "```", "", "</details>", ""]


ASKED_ELSEWHERE = (
    "At the Open Government Partnership summit of 2016 a workshop showed two cases, one of Indonesia and one of Malawi, and asked "
    "its groups whether insights from them can help others. A participant names the country that she thinks of."
)
ASKED_TOGETHER = (
    "The workshop set out to explore how mechanisms of social accountability help governments and civil society to work together. "
    "Somebody who thinks of community scorecards asks what governments did in the cases that used them; somebody who thinks of "
    "dialogue in general asks for the broad mechanism and gets the narrower ones."
)
OPENING = """# Questions

<!-- Written by docs/make_questions.py; change the question files, not this page. -->

The graph comes with {count} questions: SPARQL files with a title, typed parameters and an explanation, and with {feeds} tables that the
patterns count. This page shows each with the
first rows of its answer on the shipped data ({version}, {date}). The numbers are those of the competency questions that the graph was
made for; a number with several entries was split into parts that can each be answered honestly.

```console
$ gpsa questions
$ gpsa answer QUESTION --given NAME=VALUE
$ gpsa answer QUESTION --given NAME=VALUE --sparql
```

In Python, with the citation of every source and the coverage beside the rows:

```python
from gpsa_graph import load

kg = load()
rows = kg.answer("which-challenges-recur", sector="education")
rows.coverage, rows.to_dicts(), rows.citations()
```

A value can be an id, a prefixed name or a label; a wrong one names what could be meant. Leave a parameter out to ask for any.
Every row of level 2 and up names its sources in `src`. An empty cell means that no source that was read says so; it is never a zero or
a no. Counts are of cases in this graph, not of cases in the world: what was written about, found and read.
Two cases are only probably of the programme (`attribution:probable`: idn-p162172 and xkx-p179084, known from the register alone). The
identity card and the questions on money and duration show the attribution, so that they can be left out.
"""


def elsewhere(kg: KnowledgeGraph, citations: Citations) -> list[str]:
    """Question 37 as a participant of the workshop would use it."""
    name = WORKSHOP[0]
    question = kg.question(name)
    features = ("shared_sector", "shared_challenge", "shared_mechanism")
    lines = [f"### {question.title}", "", ASKED_ELSEWHERE, ""]
    for country, label in (("CRI", "Costa Rica"), ("COL", "Colombia")):
        rows = kg.answer(name, country=country)
        said = rows.to_dicts()
        near = sorted({str(row["target_case"]) for row in said if row["near"] == "same country"})
        shared = sorted((row for row in said if row["lesson"] is None), key=lambda row: (
            row["near"] != "same country", -sum(len(str(row[f] or "").split()) for f in features), row["target_case"], row["lesson_from"]))
        who = (f"Cases of {label} that share something with the two: {', '.join(near)}." if near
               else f"{label} has no case here that shares something with the two, so the cases of its region answer.")
        lines += [f"**{label}.** {who}", "", "```console", f"$ gpsa answer {name} --given country={country}", "```", "",
                  f"The pairs that share most ({min(6, len(shared))} of {len(shared)}; cases of the country itself first):", ""]
        lines += table([list(row.values()) for row in shared[:6]], rows.columns,
                       ["near", "target_case", "lesson_from", *features, "src"], citations, 2, features)
        lines += ["", "The lessons that fit a case there:", ""]
        lines += _lessons([row for row in said if row["lesson"] is not None], citations)
        lines += ["", f"Coverage: {rows.coverage}", ""]
    return [*lines, f"**How to read it.** {question.reading}", ""]


def _lessons(rows: Sequence[dict[str, Value]], citations: Citations) -> list[str]:
    by_lesson: dict[str, list[dict[str, Value]]] = {}
    for row in rows:
        by_lesson.setdefault(str(row["lesson"]), []).append(row)
    lines = []
    for lesson, hits in sorted(by_lesson.items(), key=lambda item: (-len(item[1]), item[0])):
        fits = sorted({word for hit in hits for word in str(hit["lesson_fits"]).split()})
        where = [str(hit["target_case"]) for hit in hits]
        more = f" and {len(where) - 4} more" if len(where) > 4 else ""
        lines.append(f"- {plain(lesson, 400)} ({hits[0]['lesson_from']} {citations.marks(str(hits[0]['src']).split())}). It fits, "
                     f"through {citations.words(' '.join(fits))}: {', '.join(where[:4])}{more}.")
    return lines


def together(kg: KnowledgeGraph, citations: Citations) -> list[str]:
    """Question 24 as a participant of the workshop would use it."""
    name = WORKSHOP[1]
    question = kg.question(name)
    lines = [f"### {question.title}", "", ASKED_TOGETHER, ""]
    for given in ({"mechanism": "community-scorecard"}, {"mechanism": "dialogue-problem-solving"}):
        rows = kg.answer(name, **given)
        lines += ["```console", f"$ {command(question, given)}", "```", ""]
        lines += table(rows[:8], rows.columns, ["used", "form", "government_role", "cases", "bodies", "example_case", "src"], citations, 2,
                       ("used", "form", "government_role"))
        lines += ["", f"{len(rows)} rows, the first {min(8, len(rows))} shown. Coverage: {rows.coverage}", ""]
    asked = "which-public-bodies-take-part-in-a-case"
    examples = sorted({str(case).partition(":")[2] for case in kg.answer(name, mechanism="community-scorecard").column("example_case")[:8]})
    case, bodies = max(((case, kg.answer(asked, case=case)) for case in examples), key=lambda found: len(found[1]))
    lines += [f"What that looked like in one of the examples, `case:{case}`:", "", "```console",
              f"$ gpsa answer {asked} --given case={case}", "```", ""]
    lines += table(bodies[:6], bodies.columns, ["name", "level", "role", "government_role", "form", "src"], citations, 2,
                   ("level", "government_role", "form"))
    return [*lines, "", f"**How to read it.** {question.reading}", ""]


def page(kg: KnowledgeGraph) -> str:
    """The whole page as text."""
    questions = kg.questions()
    citations = Citations(kg)
    version, date = data_version()
    feeds = sum(q.feed for q in questions.values())
    opening = OPENING.format(count=len(questions) - feeds, feeds=feeds, version=version, date=date)
    lines = [opening, "## For the participants of the workshop", ""]
    lines += elsewhere(kg, citations)
    lines += together(kg, citations)
    lines += ["## All questions", ""]
    chapters = [(title, [q for q in questions.values() if low <= q.number <= high]) for low, high, title in CHAPTERS]
    for title, listed in chapters:
        lines += [f"**{title}**", "", *(f"- {f'{q.number} ' if q.number else ''}{q.title} `{q.name}`" for q in listed), ""]
    for title, listed in chapters:
        lines += [f"## {title}", ""]
        for question in listed:
            lines += entry(kg, question, citations)
    lines += ["## Sources", "", "Those of the rows above. `gpsa why CASE` names all.", "", *citations.lines()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(load()), "utf-8")
    print(PAGE)
