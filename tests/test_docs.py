"""The documentation: every block runs, every name is explained, every link leads somewhere, the site asks nobody for anything.

docs/questions.md and docs/ontology.md are made again by test_questions_docs.py and ontology/test_page.py.
"""

from __future__ import annotations

import doctest
import re
import shlex
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

from gpsa_graph.cli import cli
from gpsa_graph.errors import GpsaError
from tests.scripts import loaded

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS / "site"))

import sessions  # noqa: E402
from assemble import SECTIONS, pages, staged  # noqa: E402

REFERENCE = loaded("docs/make_reference.py")
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in [*sessions.pages(), *sorted(DOCS.rglob("*.md"))]}
#: What people wrote, apart from the generated lists of names.
WRITTEN = "\n".join(text for name, text in TEXTS.items() if name not in sessions.GENERATED)
EVERYTHING = "\n".join(TEXTS.values())


#: Pages that build, compare and shuffle; `make test-slow` runs them.
HEAVY = ("docs/routes/analyst.md", "docs/routes/report-writer.md", "docs/how-to/correct-a-fact.md", "docs/how-to/publish-your-own-graph.md",
         "docs/how-to/run-beside-a-triple-store.md")


def tried() -> list[object]:
    names = {page: page.relative_to(ROOT).as_posix() for page in sessions.pages()}
    return [pytest.param(page, id=name, marks=[pytest.mark.slow] if name in HEAVY else []) for page, name in names.items()]


@pytest.mark.parametrize("page", tried())
def test_a_page_shows_what_happens(page: Path, tmp_path: Path) -> None:
    """Every block of a page, in order, in one folder: sessions print what is shown, code runs, data parse."""
    folder = sessions.Folder(tmp_path, page.relative_to(ROOT).as_posix())
    for block in sessions.blocks(page.read_text("utf-8")):
        assert block.language in sessions.LANGUAGES, f"{page.name}: a block of '{block.language}' is not tried by any test"
        for command, shown, real in folder.run(block):
            assert sessions.matches(shown, real), (f"{page.name}: `{command}` prints now:\n{real[:3000]}\n"
                                                  f"If that is right, run: python docs/make_sessions.py {page.relative_to(ROOT)}")


def mentioned() -> list[tuple[str, str]]:
    """Page and command line of every `gpsa ...` in a block, an indented block or in running text."""
    typed, told = re.compile(r"(?m)^(?:\$ |    )?(gpsa [^|>&\n]*?)(?:\s[|>&].*)?$"), re.compile(r"`(gpsa [a-z][^`\n]*)`")
    found = {(name, " ".join(line.split("#")[0].split())) for name, text in TEXTS.items()
             for line in [*typed.findall(text), *told.findall(text)]}
    return sorted(found)


def test_every_command_line_on_a_page_can_be_typed() -> None:
    """Commands and options are there, also where a page does not run them."""
    wrong = []
    for name, line in mentioned():
        try:
            words = shlex.split(line)[1:]
        except ValueError:
            continue  # a query over several lines; the page runs it
        command, context = cli, click.Context(cli, info_name="gpsa")
        try:
            while isinstance(command, click.Group) and words and not words[0].startswith("-"):
                command = command.get_command(context, words[0]) or pytest.fail(f"{name}: `{line}`: there is no {words[0]}")
                words = words[1:]
            options = {option for p in command.params if isinstance(p, click.Option) for option in (*p.opts, *p.secondary_opts)}
            unknown = [word for word in words if re.match(r"--?[a-z]", word) and word.split("=")[0] not in options | {"--help"}]
            wrong += [f"{name}: `{line}`: {word}" for word in unknown]
        except GpsaError as error:
            wrong.append(f"{name}: `{line}`: {error}")
    assert len(mentioned()) > 100
    assert wrong == []


def test_the_readme_shows_a_session_and_code() -> None:
    languages = [block.language for block in sessions.blocks(TEXTS["README.md"])]
    assert "console" in languages
    assert "python" in languages


@pytest.mark.parametrize("name", sorted(REFERENCE.PAGES))
def test_the_reference_is_up_to_date(name: str) -> None:
    assert (DOCS / "reference" / name).read_text("utf-8") == REFERENCE.PAGES[name](), "run: python docs/make_reference.py"


@pytest.mark.parametrize("words", [words for words, _ in REFERENCE.commands()])
def test_every_command_is_explained(words: str) -> None:
    assert f"\n## {words}\n" in TEXTS["docs/reference/commands.md"]
    assert re.search(rf"{re.escape(words)}\b", WRITTEN.replace("docs/reference", "")), f"no page tells what `{words}` is good for"


def test_every_question_is_on_the_page_of_questions() -> None:
    from gpsa_graph.questions import read_questions
    from gpsa_graph.resources import questions_folder

    questions = read_questions(questions_folder())
    assert len(questions) > 50
    assert [name for name in questions if f"`{name}`" not in TEXTS["docs/questions.md"]] == []


def test_every_pattern_and_figure_is_documented() -> None:
    from gpsa_graph.export.figures import FIGURES
    from gpsa_graph.patterns import PATTERNS

    assert [name for name in (*PATTERNS, *FIGURES) if f"`{name}`" not in TEXTS["docs/reference/settings.md"]] == []


def test_every_setting_extra_and_limit_is_documented() -> None:
    from dataclasses import fields

    from gpsa_graph.serve.limits import Limits

    page = TEXTS["docs/reference/settings.md"]
    names = [*REFERENCE.variables(), *REFERENCE.extras(), *(f"--{f.name}" for f in fields(Limits))]
    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_number_that_bounds_an_import_is_documented() -> None:
    """A new constant of the import or of the reader of cases has to be told, or be named as a step."""
    numbers, page = REFERENCE.bounds(), TEXTS["docs/reference/settings.md"].partition("## Limits of files")[2].partition("\n## ")[0]
    assert set(numbers) == {*REFERENCE.BOUNDS, *REFERENCE.STEPS}
    assert len(REFERENCE.BOUNDS) >= 20
    for name, (unit, what, past) in REFERENCE.BOUNDS.items():
        told = [cells for cells in re.findall(r"(?m)^\| ([\d,.]+) (.+?) \| (.+?) \| (.+?) \|$", page) if cells[1:] == (unit, what, past)]
        assert [float(cells[0].replace(",", "")) for cells in told] == [numbers[name]], name


def test_nothing_is_explained_that_is_gone() -> None:
    stale = {*REFERENCE.VARIABLES} - {*REFERENCE.variables()} | {*REFERENCE.EXTRAS} - {*REFERENCE.extras()}
    assert stale == set(), "take these out of docs/make_reference.py"


def test_every_public_name_of_the_package_is_documented() -> None:
    import gpsa_graph

    assert [n for n in gpsa_graph.__all__ if f"### gpsa_graph.{n}\n" not in TEXTS["docs/reference/python.md"]] == []


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_links_between_pages_lead_somewhere(name: str) -> None:
    text = re.sub(r"(?ms)^(```|~~~).*?^\1", "", TEXTS[name])
    links = [unquote(target) for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)", text) if not urlsplit(target).scheme]
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


def test_a_page_of_docs_is_in_the_site_and_a_listed_page_exists() -> None:
    listed = {name for names in pages().values() for name in names} | {"docs/index.md"}
    assert {name for name in TEXTS if name.startswith("docs/")} <= listed
    assert [name for names in SECTIONS.values() for name in names if not (ROOT / name).exists()] == []
    assert len({staged(name) for name in listed}) == len(listed), "two pages of the site have one name"


@pytest.mark.parametrize("name", sorted(n for n in TEXTS if n not in sessions.GENERATED))
def test_the_voice_is_plain(name: str) -> None:
    """STYLE: present tense, no "we", no "simply"; one word per thing."""
    prose = re.sub(r"(?ms)^(```|~~~).*?^\1|`[^`\n]*`|\|.*$", "", TEXTS[name])
    if name in ("data/README.md", "docs/audit.md"):
        prose = ""
    found = re.findall(r"(?i)\b(?:we|our|us|simply|easily|powerful|just|obviously)\b", prose.replace("US dollars", ""))
    assert found == [], f"{name}: say it without {', '.join(sorted(set(found)))}"


@pytest.mark.parametrize("module", ["sessions", "assemble", "notebooks"])
def test_examples_of_the_tools_run(module: str) -> None:
    failed, _ = doctest.testmod(loaded(f"docs/site/{module}.py"))
    assert failed == 0


class Reader(HTMLParser):
    """What a page of the site loads, where it leads, and the names it can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if "id" in found:
            self.names.add(found["id"])
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed") and "src" in found:
            self.loads.append(found["src"])
        if tag == "link" and "href" in found and found.get("rel") not in ("canonical", "index", "search", "next", "prev"):
            self.loads.append(found["href"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])


@pytest.mark.slow
def test_the_site_loads_nothing_from_outside_and_no_link_in_it_is_broken(docs_site: Path) -> None:
    read = {path: Reader(path.read_text("utf-8")) for path in sorted(docs_site.rglob("*.html"))}
    assert len(read) > 25
    outside, broken = [], []
    for path, page in read.items():
        outside += [f"{path.name}: {address}" for address in page.loads if urlsplit(address).scheme not in ("", "data")
                    or address.startswith("//")]
        for address in page.links:
            parts = urlsplit(address)
            if parts.scheme or address.startswith("//"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or (parts.fragment and target in read and unquote(parts.fragment) not in read[target].names):
                broken.append(f"{path.relative_to(docs_site)}: {address}")
    assert outside == []
    assert broken == []


@pytest.mark.slow
def test_styles_and_scripts_of_the_site_name_no_address_to_load(docs_site: Path) -> None:
    for path in [*docs_site.rglob("*.css"), *docs_site.rglob("*.js")]:
        text = path.read_text("utf-8", "replace")
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//|fetch\(\s*['\"]https?:|src\s*=\s*['\"]https?:", text), path.name
