"""Write into every page what its commands print now; outputs that still hold, with their lines of three dots, stay.

    python docs/make_sessions.py [PAGE...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

from sessions import ROOT, Folder, blocks, matches, pages, tidy


def session(command: str, output: str) -> str:
    """A command as a page shows it, with what it prints."""
    asked = "\n> ".join(command.splitlines())
    return f"$ {asked}\n" + (tidy(output) if output.strip() else "")


def written(page: Path) -> str:
    """The text of a page with the outputs of now."""
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as home:
        folder = Folder(Path(home), page.relative_to(ROOT).as_posix())
        new, end = [], 0
        for block in blocks(text):
            told = [session(command, shown if matches(shown, real) else real) for command, shown, real in folder.run(block)]
            if block.language == "console":
                new += [text[end:block.start], "".join(told)]
                end = block.start + len(block.text)
        return "".join([*new, text[end:]])


if __name__ == "__main__":
    for page in [Path(name).resolve() for name in sys.argv[1:]] or pages():
        text = written(page)
        if text != page.read_text("utf-8"):
            page.write_text(text, "utf-8")
            print(page.relative_to(ROOT))
