"""docs/questions.md is what docs/make_questions.py makes of the shipped data, and shows every question as people use it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.questions import read_questions
from gpsa_graph.resources import questions_folder
from tests.scripts import loaded

DOCS = Path(__file__).resolve().parent.parent / "docs"
QUESTIONS = read_questions(questions_folder())


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return loaded("docs/make_questions.py")


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "questions.md").read_text("utf-8")


def test_the_page_is_up_to_date_and_the_same_twice(script: ModuleType, page: str, kg: KnowledgeGraph) -> None:
    made = script.page(kg)

    assert made == script.page(kg)
    assert made == page, "docs/questions.md is older than the data or the questions; run `python docs/make_questions.py`"


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_shown(name: str, page: str) -> None:
    question = QUESTIONS[name]
    start = page.index(f"### {question.title}\n\n`{name}` ·")
    entry = page[start:page.index("</details>", start)]

    assert f"$ gpsa answer {name}" in entry
    assert question.text.rstrip() in entry
    assert f"\n{question.about}\n" in entry
    assert not question.reading or f"**How to read it.** {question.reading}" in entry
    assert all(f"- `{column}`: {meaning}" in entry for column, meaning in question.columns.items())


def test_the_questions_of_the_workshop_come_first(page: str, kg: KnowledgeGraph) -> None:
    first = page[page.index("## For the participants of the workshop"):page.index("## All questions")]

    assert first.index("What from Indonesia and Malawi can help elsewhere?") < first.index("How do social accountability mechanisms make")
    assert "--given country=CRI" in first
    for row in kg.answer("what-from-indonesia-and-malawi-can-help-elsewhere", country="CRI").to_dicts():
        if row["lesson"]:
            assert str(row["lesson"]) in first, "a lesson that fits a case of the region is not on the page"


def test_every_command_on_the_page_can_be_asked(page: str, kg: KnowledgeGraph) -> None:
    import shlex

    commands = re.findall(r"(?m)^\$ gpsa answer (?!QUESTION)(.+)$", page)
    for words in map(shlex.split, commands):
        given = dict(word.split("=", 1) for word in words[1:] if word != "--given")
        question = kg.question(words[0])
        assert set(kg.terms(question, given)) == set(given)
    assert len(commands) >= len(QUESTIONS)


def test_sources_are_numbered_without_gaps(page: str) -> None:
    body, _, listed = page.partition("\n## Sources\n")
    used = {int(n) for n in re.findall(r"\[(\d+)\]\(#sources\)", body)}
    given = [int(n) for n in re.findall(r"(?m)^(\d+)\. ", listed)]

    assert given == sorted(used) == list(range(1, len(given) + 1))


def test_tables_are_whole(page: str) -> None:
    rows = [line for line in page.splitlines() if line.startswith("| ") and line.endswith(" |")]
    for above, line in pairwise(rows):
        if line.startswith("| ---"):
            assert above.count(" | ") == line.count(" | "), above
    assert not re.search(r"(?m)^\|.*[^\\]<(?!/?details|/?summary)", page), "markup in a cell is not escaped"
