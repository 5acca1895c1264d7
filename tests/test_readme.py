"""What the README and the pages beside it show is what happens: console sessions, Python blocks and links.

The page of the questions is generated; test_questions_docs.py makes it again.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "README.md",
         *sorted(p for p in (ROOT / "docs").glob("*.md") if p.name != "questions.md")]
_BLOCK = re.compile(r"^```(console|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")


def blocks(language: str) -> list[tuple[str, str]]:
    return [(page.name, text) for page in PAGES if page.exists()
            for found, text in _BLOCK.findall(page.read_text("utf-8")) if found == language]


def sessions() -> list[tuple[str, str, str]]:
    """Page, command and expected output of every `$ command` in a console block."""
    found = []
    for page, text in blocks("console"):
        for part in re.split(r"(?m)^\$ ", text)[1:]:
            command, _, output = part.partition("\n")
            found.append((page, command, output))
    return found


def matches(expected: str, real: str) -> bool:
    """Equal but for lines of three dots, which stand for any lines, and blanks at line ends."""
    pattern = r"(?:.*\n)*?".join(re.escape(p) for p in re.split(r"(?m)^\.\.\.\n", tidy(expected)))
    return re.fullmatch(pattern, tidy(real)) is not None


def tidy(text: str) -> str:
    return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def test_the_readme_shows_a_session_and_code() -> None:
    assert any(page == "README.md" for page, _, _ in sessions())
    assert any(page == "README.md" for page, _ in blocks("python"))


@pytest.mark.parametrize("page, command, output", sessions(), ids=lambda value: str(value)[:60].replace("\n", " "))
def test_a_console_session_prints_what_the_page_shows(page: str, command: str, output: str, tmp_path: Path) -> None:
    words = shlex.split(command)
    assert words[0] == "gpsa", f"{page}: only gpsa commands are tried, not {words[0]}; put others in an indented block"

    run = subprocess.run([sys.executable, "-m", "gpsa_graph", *words[1:]], capture_output=True, text=True, cwd=tmp_path, timeout=120,
                         env={**os.environ, "COLUMNS": "100"})

    assert run.returncode == 0, run.stderr
    assert matches(output, run.stdout), f"{page}: `{command}` prints now:\n{run.stdout[:3000]}"


@pytest.mark.parametrize("page, text", blocks("python"), ids=lambda value: str(value)[:40].replace("\n", " "))
def test_a_python_block_runs(page: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(text, page, "exec"), {})


@pytest.mark.parametrize("page", [p for p in PAGES if p.exists()], ids=lambda p: p.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text("utf-8")) if not link.startswith(("http:", "https:", "mailto:"))]
    broken = [link for link in links if not (page.parent / link).exists()]

    assert broken == [], f"{page.name} links to what is not there"
