"""Run what a page shows: its console sessions, Python, SPARQL, Turtle, YAML and JSON blocks, in order, in one folder a page.

A comment `<!-- file: NAME -->` on the line before a block writes the block to that file first; with `<!-- file: NAME, run by TEST -->`
a test of its own runs it, not its page. In a shown output a line of three dots stands for any lines. `python docs/make_sessions.py`
writes what the commands print now.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
#: What a block may be. `text` shows something and is not run.
LANGUAGES = ("console", "sh", "python", "sparql", "turtle", "yaml", "json", "text")
#: First words of a command that a page may show in a console block: ours, and what every shell has.
PROGRAMS = ("gpsa", "cat", "cd", "cp", "cut", "sort", "diff", "echo", "grep", "head", "ls", "mkdir", "sed", "sha256sum", "tail", "wc")
#: Generated pages that a test of their own makes again.
GENERATED = ("docs/questions.md", "docs/ontology.md", "docs/reference/commands.md", "docs/reference/python.md")
WIDTH = 100
_HOSTED = ("make", "pip", "python", "git", "gpsa", "cd", "jupyter", "docker", "cp", "spark-submit")

_BLOCK = re.compile(r"(?:^<!-- file: (?P<file>[\w./-]+)(?:, run by (?P<test>[\w./-]+))? -->\n\n?)?"
                    r"^```(?P<language>\S*)[ \t]*\n(?P<text>.*?)^```[ \t]*$",
                    re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every page whose blocks are run."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "data" / "README.md", ROOT / "ontology" / "README.md",
             *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if page.exists() and page.relative_to(ROOT).as_posix() not in GENERATED]


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its language, its text, where it starts, the file that it stands for, and a test of its own."""

    language: str
    text: str
    start: int
    file: str = ""
    test: str = ""


def blocks(text: str) -> list[Block]:
    """The blocks of a page, in order.

    >>> blocks("<!-- file: a.yaml -->\\n```yaml\\nid: a\\n```\\n")
    [Block(language='yaml', text='id: a\\n', start=30, file='a.yaml', test='')]
    """
    return [Block(m["language"], m["text"], m.start("text"), m["file"] or "", m["test"] or "") for m in _BLOCK.finditer(text)]


def commands(text: str) -> list[tuple[str, str]]:
    """Command and shown output of a console block; a command goes on where a line ends in a backslash or starts with `> `.

    >>> commands("$ a\\n1\\n$ b\\n")
    [('a', '1\\n'), ('b', '')]
    """
    found = []
    for part in re.split(r"(?m)^\$ ", text)[1:]:
        lines = part.splitlines(keepends=True)
        taken = 1
        while taken < len(lines) and (lines[taken - 1].rstrip().endswith("\\") or lines[taken].startswith("> ")):
            taken += 1
        command = "".join([lines[0], *(line.removeprefix("> ") for line in lines[1:taken])])
        found.append((command.rstrip("\n"), "".join(lines[taken:])))
    return found


def matches(shown: str, real: str) -> bool:
    """Equal but for lines of three dots, which stand for any lines, and blanks at line ends.

    >>> matches("a\\n...\\nc\\n", "a\\nb\\nb\\nc\\n"), matches("a\\n", "b\\n")
    (True, False)
    """
    pattern = r"(?:.*\n)*?".join(re.escape(p) for p in re.split(r"(?m)^\.\.\.\n", tidy(shown)))
    return re.fullmatch(pattern, tidy(real)) is not None


def tidy(text: str) -> str:
    """Without blanks at line ends and around the whole."""
    return "".join(line.rstrip() + "\n" for line in text.strip("\n").splitlines())


def programs(command: str) -> list[str]:
    """The first words of the parts of a command line.

    >>> programs("gpsa query 'SELECT * { ?s ?p ?o ; ?q ?r }' | head -2 && echo done")
    ['gpsa', 'head', 'echo']
    """
    words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
    return [word for before, word in zip(["|", *words], words, strict=False) if before in ("|", "||", "&&", ";")]


class Folder:
    """Where the blocks of one page are run, one after the other; Python blocks share their names."""

    def __init__(self, home: Path, page: str) -> None:
        self.home, self.page = home, page
        self.names: dict[str, Any] = {"__name__": "page"}
        if "data/" in (ROOT / page).read_text("utf-8"):
            shutil.copytree(ROOT / "data", home / "data")

    def shell(self, command: str) -> tuple[str, int]:
        """What a command prints on a terminal of 100 columns, and its exit code."""
        bad = sorted(set(programs(command)) - set(PROGRAMS))
        assert not bad, f"{self.page}: {bad[0]} is not tried here; put other commands in a `sh` block"
        env = {**os.environ, "COLUMNS": str(WIDTH), "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
               "HOME": str(self.home), "LC_ALL": "C.UTF-8"}
        run = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             cwd=self.home, timeout=900, env=env)
        return run.stdout, run.returncode

    def run(self, block: Block) -> Iterator[tuple[str, str, str]]:
        """Try a block; gives command, shown and real output of every command of a session. Raises where a block does not do."""
        if block.file:
            target = self.home / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, "utf-8")
        if block.test:
            there = ROOT / block.test
            assert there.exists(), f"{self.page}: no {block.test} runs {block.file}"
            assert block.file in there.read_text("utf-8"), f"{self.page}: {block.test} does not run {block.file}"
        elif block.language == "console":
            for command, shown in commands(block.text):
                printed, code = self.shell(command)
                told = (code == 1 and command.startswith(("gpsa check", "gpsa path"))) or (code == 2 and printed.startswith("gpsa: "))
                assert code == 0 or told, f"{self.page}: `{command}` ends with {code}:\n{printed[-1500:]}"
                yield command, shown, printed
        else:
            getattr(self, f"_{block.language}")(block.text)

    def _python(self, text: str) -> None:
        with contextlib.chdir(self.home), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, self.page, "exec"), self.names)

    def _sparql(self, text: str) -> None:
        import gpsa_graph

        answer = gpsa_graph.load().query(text)
        if isinstance(answer, bool):
            assert answer is False, f"{self.page}: an ASK on a page asks for what must not be, and it is:\n{text}"
        else:
            assert len(answer) > 0, f"{self.page}: a query gives no row:\n{text}"

    def _turtle(self, text: str) -> None:
        import rdflib

        from gpsa_graph import vocab

        prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in vocab.PREFIXES.items())
        assert len(rdflib.Graph().parse(data=prefixes + text, format="turtle")) > 0

    def _yaml(self, text: str) -> None:
        import yaml

        assert yaml.safe_load(text) is not None

    def _json(self, text: str) -> None:
        json.loads(text)

    def _sh(self, text: str) -> None:
        """Commands that change the machine are not run: their targets, files and extras have to be there."""
        targets = set(re.findall(r"(?m)^([\w-]+):", (ROOT / "Makefile").read_text("utf-8")))
        extras = set(re.findall(r"(?m)^([\w-]+) = \[", (ROOT / "pyproject.toml").read_text("utf-8").partition("optional-dependencies]")[2]))
        for line in filter(None, map(str.strip, text.splitlines())):
            words = line.partition("#")[0].split()
            assert words[0] in _HOSTED, f"{self.page}: {words[0]} is not tried here: {line}"
            if words[0] == "make":
                assert {w for w in words[1:] if "=" not in w} <= targets, f"{self.page}: the Makefile has no such target: {line}"
            if words[0] == "pip":
                asked = {e for group in re.findall(r"\[([\w,-]+)\]", line) for e in group.split(",")}
                assert asked <= extras, f"{self.page}: no such extra: {line}"
            if words[0] == "gpsa":
                from gpsa_graph.cli import COMMANDS

                assert words[1] in COMMANDS, f"{self.page}: no such command: {line}"

    def _text(self, text: str) -> None:
        assert text.strip()
