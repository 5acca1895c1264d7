"""Build the documentation as a site: plain Markdown pages of this repository in, HTML files that ask nobody for anything out.

    python docs/site/assemble.py -o build/site

The pages stay readable where they are; here they are copied side by side, links between them are followed, the notebooks are run,
and Sphinx is called so that every warning (a link that leads nowhere, a page that nobody lists) is an error.
"""

from __future__ import annotations

import argparse
import os
import posixpath
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

#: Heading -> pages, in reading order, by their path in the repository. Other pages of docs/ come under `Understand`.
SECTIONS: dict[str, list[str]] = {
    "Begin": ["docs/tutorial.md", "docs/routes/researcher.md", "docs/routes/analyst.md", "docs/routes/report-writer.md",
              "notebooks/1-ask-the-graph.ipynb", "notebooks/2-who-says-so.ipynb", "notebooks/3-networks.ipynb",
              "notebooks/4-patterns.ipynb"],
    "How to": ["docs/how-to/correct-a-fact.md", "docs/how-to/dispute-a-fact.md", "docs/how-to/add-a-case.md",
               "docs/how-to/add-a-question.md", "docs/how-to/add-a-term.md", "docs/how-to/publish-your-own-graph.md",
               "docs/how-to/run-beside-a-triple-store.md", "docs/how-to/serve-the-site.md", "docs/how-to/bring-your-own-cases.md",
               "docs/how-to/cite.md"],
    "Understand": ["docs/model.md", "docs/provenance.md", "docs/explorer.md", "docs/findings.md", "docs/figures.md", "docs/safety.md",
                   "docs/performance.md", "docs/scale.md", "docs/glossary.md"],
    "Look up": ["docs/questions.md", "docs/reference/commands.md", "docs/reference/python.md", "docs/reference/settings.md",
                "docs/ontology.md", "data/README.md"],
    "About": ["docs/audit.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/CHANGES.md"],
}
#: What the theme writes -> the same with what WCAG 2 asks of it (2.1.1 keyboard, 4.1.2 name, role, value), and options in one piece.
_REACHED = (("<pre>", '<pre tabindex="0">'), ('<div class="table-wrapper ', '<div tabindex="0" class="table-wrapper '),
            ('class="caption" role="heading"', 'class="caption" role="heading" aria-level="2"'),
            ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
            ('<aside class="sidebar-drawer', '<aside aria-label="All pages" class="sidebar-drawer'),
            ('<span class="pre">--', '<span class="pre option">--'))
_FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")


def pages() -> dict[str, list[str]]:
    """The sections with every page of docs/ that is there, listed by hand or not."""
    listed = {page for names in SECTIONS.values() for page in names}
    found = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    rest = [name for name in found if name not in listed and name != "docs/index.md"]
    return {head: [n for n in names if (ROOT / n).exists()] + (rest if head == "Understand" else []) for head, names in SECTIONS.items()}


def staged(name: str) -> str:
    """Where a page of the repository stands in the site.

    >>> staged("docs/how-to/cite.md"), staged("data/README.md"), staged("CHANGELOG.md"), staged("notebooks/3-networks.ipynb")
    ('how-to/cite.md', 'data/readme.md', 'changelog.md', 'notebooks/3-networks.md')
    """
    if name == "README.md":
        return "index.md"
    if name.endswith(".ipynb"):
        return name.removesuffix("ipynb") + "md"
    return name.removeprefix("docs/") if name.startswith("docs/") else name.lower()


def relinked(text: str, page: str, known: set[str], carry: Callable[[str], str]) -> str:
    """The text with its links leading from page to page of the site; other files of the repository are carried along."""
    def follow(found: re.Match[str]) -> str:
        target, mark, anchor = found[2].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return found[0]
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
        new = staged(meant) if meant in known else carry(meant)
        return found[1] + posixpath.relpath(new, posixpath.dirname(staged(page)) or ".") + mark + anchor + found[3]

    kept: list[str] = []
    bare = _FENCE.sub(lambda m: kept.append(m[0]) or f"\0{len(kept) - 1}\0", text)
    return re.sub(r"\0(\d+)\0", lambda m: kept[int(m[1])], _LINK.sub(follow, bare))


def index(sections: dict[str, list[str]]) -> str:
    """The tables of contents, one for each section."""
    blocks = ["```{toctree}\n:hidden:\n:caption: " + head + "\n\n" + "\n".join(staged(n).removesuffix(".md") for n in names) + "\n```\n"
              for head, names in sections.items() if names]
    return "\n" + "\n".join(blocks)


def stage(folder: Path) -> None:
    """Fill an empty folder with everything that Sphinx needs."""
    sections = pages()
    names = ["docs/index.md", *(n for found in sections.values() for n in found)]

    def carry(name: str) -> str:
        source = ROOT / name
        if not source.is_file() or not source.resolve().is_relative_to(ROOT):
            raise SystemExit(f"{name}: a page links to it and it is no file of this repository; link to a file")
        new = staged(name) if name.startswith("docs/") else "files/" + name
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / new)
        return new

    for name in names:
        if name.endswith(".ipynb"):
            sys.path.insert(0, str(HERE))
            from notebooks import as_markdown

            text = as_markdown(ROOT / name)
        else:
            text = (ROOT / name).read_text("utf-8")
        text = relinked(text, name, set(names), carry)
        target = folder / staged(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text + (index(sections) if name == "docs/index.md" else ""), "utf-8")
    (folder / "_static").mkdir(exist_ok=True)
    shutil.copyfile(HERE / "site.css", folder / "_static" / "site.css")
    shutil.copyfile(HERE / "conf.py", folder / "conf.py")


def build(out: Path) -> int:
    """Write the site to `out`; the number that Sphinx gives back is 0 where all is well."""
    from sphinx.cmd.build import build_main

    source = out.with_name(out.name + "-source")
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    stage(source)
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    code = int(build_main(["-q", "-W", "--keep-going", "-b", "html", str(source), str(out)]))
    for path in sorted(out.rglob("*.html")):
        path.write_text(reachable(path.read_text("utf-8")), "utf-8")
    for left in (".doctrees", "_sources", ".buildinfo", "objects.inv"):
        shutil.rmtree(out / left, ignore_errors=True) if (out / left).is_dir() else (out / left).unlink(missing_ok=True)
    return code


def reachable(html: str) -> str:
    """A page whose parts that scroll can be reached with the keyboard and whose headings and landmarks say what they are.

    >>> reachable("<pre>wide</pre>")
    '<pre tabindex="0">wide</pre>'
    """
    for old, new in _REACHED:
        html = html.replace(old, new)
    return html


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the documentation as a site.")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "site")
    sys.exit(build(parser.parse_args().output.resolve()))


if __name__ == "__main__":
    main()
