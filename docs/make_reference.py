"""Write docs/reference: commands from their `--help`, Python names from their docstrings, settings and limits from the code.

    python docs/make_reference.py

What a person has to say (what an environment variable is for, what an extra brings) stands in this file; a name that the code
has and this file has not is an error, so that nothing goes without a word.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(__file__).with_name("reference")

#: Environment variables that the package reads.
VARIABLES = {
    "GPSA_CACHE": "folder where compiled graphs and the last explorer are kept",
    "XDG_CACHE_HOME": "the user's cache folder, in which `gpsa-graph` is used, where GPSA_CACHE is not set; else `~/.cache`",
    "LOCALAPPDATA": "the same on Windows",
    "GPSA_ENDPOINT_ROWS": "the most rows that the service behind `--endpoint` returns at once; longer answers are asked in pages",
    "GPSA_TIMEOUT": "seconds to wait for the service behind `--endpoint` and `gpsa push`",
    "GPSA_TOKEN": "bearer token for that service; sent only where it asks, and only over https or to this machine",
    "GPSA_USER": "user name for that service",
    "GPSA_PASSWORD": "password for that service",
    "NETRC": "file with user names and passwords by host; default `~/.netrc`",
    "DISPLAY": "says that there is a screen, so that `gpsa explore` and `gpsa serve` open a browser",
    "WAYLAND_DISPLAY": "the same",
    "GPSA_EDITOR": "`required`: building the package without the query editor is an error",
}
#: Extras: what each brings.
EXTRAS = {
    "serve": "`gpsa serve`: pages, SPARQL endpoint, reconciliation",
    "figures": "`gpsa figure`, `gpsa network` as .svg .png .pdf",
    "excel": "`--format xlsx` and every other workbook",
    "report": "`gpsa report` as .docx and .pdf",
    "match": "likeness of names for imports and reconciliation",
    "mcp": "`gpsa mcp`: the door for AI clients",
    "fast": "the heavy measures of `gpsa patterns` on large graphs; the same values without it, slower",
    "parquet": "tables as Parquet files",
    "load": "compressed files (.zst) for `gpsa load`",
    "remote": "`--endpoint` and `gpsa push`",
    "all": "everything above",
    "test": "what the tests need",
    "spark": "what the slow tests need besides: Spark, some 400 MB",
    "bench": "what the benchmarks need",
    "docs": "what `make site` needs",
    "release": "what `make release` needs",
}
#: Numbers that bound what is read: module and name -> unit, what it bounds, what happens past it.
BOUNDS = {
    "gpsa_graph.cases.text._LARGEST": ("bytes", "a case file or list of a data folder", "the file is refused"),
    "gpsa_graph.cases.text._DEEPEST": ("levels", "lists and maps within each other in a case file", "the file is refused, with the line"),
    "gpsa_graph.intake.sheets.common.LARGEST": ("bytes", "a file of `gpsa import table` or `worldbank`", "the file is refused"),
    "gpsa_graph.intake.sheets.common.UNZIPPED": ("bytes", "a spreadsheet when it is unpacked", "the file is refused"),
    "gpsa_graph.intake.sheets.common.RATIO": ("times", "how much larger a spreadsheet above 5 MB gets by unpacking", "the file is refused"),
    "gpsa_graph.intake.sheets.common.ROWS": ("rows", "a sheet", "the file is refused"),
    "gpsa_graph.intake.sheets.common.COLUMNS": ("columns", "a sheet", "further columns are not read"),
    "gpsa_graph.intake.sheets.common.WIDEST": ("characters", "a cell", "the cell is a fault, told with its place"),
    "gpsa_graph.intake.xml._DEEPEST": ("levels", "elements within each other in IATI XML", "the file is refused, with the line"),
    "gpsa_graph.intake.xml.LONGEST": ("characters", "the texts of one IATI record", "the file is refused, with the line"),
    "gpsa_graph.intake.xml.MOST": ("elements", "one IATI record; a file may have any number of records",
                                   "the file is refused, with the line"),
    "gpsa_graph.intake.drafts.MOST": ("cases", "drafts of one import with `-o`", "the import is refused; `--store` takes any number"),
    "gpsa_graph.intake.proposals.MOST": ("names", "organisations, places and titles that are compared with known ones",
                                         "those named most are compared; the report says so"),
    "gpsa_graph.intake.match._LOOKED": ("spellings", "known spellings that one name is compared with in full",
                                        "those that share the rarest words are compared"),
    "gpsa_graph.intake.match.LEAST": ("of 100", "likeness from which a name is proposed in `matches.csv`", "below it nothing is proposed"),
    "gpsa_graph.intake.match.SURE": ("of 100", "likeness from which reconciliation may show a candidate as a match",
                                     "below it a person picks"),
    "gpsa_graph.intake.match.MARGIN": ("of 100", "by how much it has to lead before the next", "a person picks"),
    "gpsa_graph.intake.session._KEPT": ("faults", "faults that are kept one by one", "the rest are counted"),
    "gpsa_graph.intake.report._SHOWN": ("faults", "faults that the intake report lists", "the rest are counted"),
    "gpsa_graph.intake.template._ROWS": ("rows", "rows of the template of `gpsa new table` with drop-down lists", "further rows have none"),
}
#: Numbers of the same modules that bound nothing a reader would notice: how much is read or written at a time.
STEPS = ("gpsa_graph.intake.sheets.common._CHUNK", "gpsa_graph.intake.xml._CHUNK", "gpsa_graph.intake.store.BATCH")
#: Modules whose public names are for users, in the order of the pipeline; those of `__all__`.
MODULES = ("gpsa_graph", "gpsa_graph.errors", "gpsa_graph.check", "gpsa_graph.network", "gpsa_graph.patterns",
           "gpsa_graph.patterns.writing", "gpsa_graph.export", "gpsa_graph.export.build", "gpsa_graph.export.networks",
           "gpsa_graph.export.figures", "gpsa_graph.export.changes", "gpsa_graph.report", "gpsa_graph.view",
           "gpsa_graph.view.notebook", "gpsa_graph.view.picture",
           "gpsa_graph.intake")
EXITS = (("0", "done"), ("1", "`gpsa check` found problems, a data folder has faults, or `gpsa path` found no way"),
         ("2", "wrong use: an unknown name, a bad value, a query that does not parse, a file that cannot be written; bad import files"),
         ("130", "interrupted, also during a query"))


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command by the words that call it, groups before what is in them."""
    from gpsa_graph.cli import cli

    def walk(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
        yield words, command
        if isinstance(command, click.Group):
            with click.Context(command) as context:
                for name in command.list_commands(context):
                    found = command.get_command(context, name)
                    assert found is not None
                    yield from walk(f"{words} {name}", found)

    yield from walk("gpsa", cli)


def help_text(words: str, command: click.Command) -> str:
    """What `--help` prints on a terminal of 100 columns."""
    from gpsa_graph.cli import cli

    first, *rest = words.split(" ", 1)
    with click.Context(cli, info_name=first, terminal_width=100, **cli.context_settings) as outer:
        context = outer if not rest else click.Context(command, info_name=rest[0], parent=outer)
        return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def commands_page() -> str:
    parts = ["# Commands\n\nWhat each command says of itself (`gpsa COMMAND --help`). Rows go to standard output, talk to standard error; "
             "`-` is a pipe. This page is generated by `docs/make_reference.py`.\n\n## Exit codes\n\n| code | means |\n| ---: | --- |\n"
             + "".join(f"| {code} | {means} |\n" for code, means in EXITS)]
    parts += [f"## {words}\n\n```text\n{help_text(words, command)}\n```\n" for words, command in commands()]
    return "\n".join(parts)


def escaped(text: str) -> str:
    """Prose of a docstring as Markdown: only `code` is markup."""
    return "".join(part if at % 2 else re.sub(r"([*_<>\[\]#])", r"\\\1", part) for at, part in enumerate(re.split(r"(`[^`\n]+`)", text)))


def prose(doc: str) -> str:
    """A docstring as Markdown: paragraphs, examples as they are typed, drawn lists as they are drawn."""
    parts = []
    for block in re.split(r"\n\s*\n", inspect.cleandoc(doc)):
        if block.lstrip().startswith(">>>"):
            parts.append(f"```pycon\n{block}\n```")
        elif re.search(r"(?m)^(\* |  )", block):
            parts.append(f"```text\n{block}\n```")
        else:
            parts.append(escaped(block))
    return "\n\n".join(parts) + "\n"


def signature(name: str, thing: Any) -> str:
    """A call as one writes it; without the types, which the prose explains."""
    if is_dataclass(thing):
        return f"{name}({', '.join(thing.__dataclass_fields__)})"
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return name
    kept = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values() if p.name not in ("self", "cls")]
    return f"{name}{found.replace(parameters=kept, return_annotation=inspect.Signature.empty)}"


def names_of(module: Any) -> list[str]:
    """The public names of a module: `__all__`, else the classes it defines."""
    own = [n for n, t in vars(module).items() if inspect.isclass(t) and t.__module__ == module.__name__]
    return sorted(getattr(module, "__all__", None) or own, key=str.casefold)


def thing_entry(module: str, name: str, thing: Any) -> Iterator[str]:
    yield f"### {module}.{name}\n\n"
    if not (inspect.isclass(thing) or inspect.isroutine(thing)):
        listed = ", ".join(f"`{one}`" for one in thing) if isinstance(thing, (dict, tuple, frozenset)) else f"`{thing!r}`"
        yield f"A constant: {listed}.\n\n"
        return
    if not (inspect.isclass(thing) and issubclass(thing, Exception)):
        yield f"```text\n{signature(name, thing)}\n```\n\n"
    yield prose(inspect.getdoc(thing) or "") + "\n"
    if inspect.isclass(thing) and not issubclass(thing, Exception):
        for attribute, value in vars(thing).items():
            plain = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
            if attribute.startswith("_") or not (inspect.isfunction(plain) or isinstance(value, property) or hasattr(value, "func")):
                continue
            call = attribute if isinstance(value, property) or hasattr(value, "func") else signature(attribute, plain)
            doc = inspect.getdoc(getattr(thing, attribute)) or ""
            yield f"**`{call}`**\n\n{prose(doc)}\n" if doc else ""


def python_page() -> str:
    parts = ["# Python names\n\nThe names that programs may use, with their docstrings; the tests run every example. `import gpsa_graph` "
             "reads no data; `gpsa_graph.load()` opens the graph. This page is generated by `docs/make_reference.py`.\n\n"]
    for name in MODULES:
        try:
            module = importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        public = [n for n in names_of(module) if not inspect.ismodule(getattr(module, n))]
        if public:
            parts.append(f"## {name}\n\n{prose(inspect.getdoc(module) or '')}\n")
            for one in public:
                parts += thing_entry(name, one, getattr(module, one))
    return re.sub(r"\n{3,}", "\n\n", "".join(parts)).rstrip() + "\n"


def variables() -> list[str]:
    """Environment variables that the package, its build or its tests read, as the code names them."""
    found = set()
    for path in [*(ROOT / "gpsa_graph").rglob("*.py"), ROOT / "hatch_build.py"]:
        if path.exists() and "node_modules" not in path.parts:
            found |= set(re.findall(r"environ(?:\.get\(|\[)\s*['\"](\w+)['\"]", path.read_text("utf-8")))
    return sorted(found)


def bounds() -> dict[str, float]:
    """Every number that a module of the import or of the reader of cases has by name, whether it is explained or not."""
    found: dict[str, float] = {}
    for folder in ("cases", "intake"):
        for path in sorted((ROOT / "gpsa_graph" / folder).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            module = importlib.import_module(name)
            own = {node.id for statement in ast.parse(path.read_text("utf-8")).body if isinstance(statement, (ast.Assign, ast.AnnAssign))
                   for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
            found |= {f"{name}.{one}": value for one in own if type(value := getattr(module, one, None)) in (int, float)}
    return found


def extras() -> list[str]:
    return list(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    unexplained = sorted({*variables()} - {*VARIABLES} | {*extras()} - {*EXTRAS})
    assert not unexplained, f"say in docs/make_reference.py what these are for: {', '.join(unexplained)}"
    numbers = bounds()
    assert set(numbers) == {*BOUNDS, *STEPS}, f"explain or take out of BOUNDS and STEPS: {sorted(set(numbers) ^ {*BOUNDS, *STEPS})}"
    from gpsa_graph.cli.options import FORMATS
    from gpsa_graph.export import figures, networks
    from gpsa_graph.patterns import PATTERNS
    from gpsa_graph.serve.limits import Limits

    def dotted(endings: Any) -> str:
        return " ".join(f"`.{e}`" for e in endings)

    parts = ["# Settings, limits and lists\n\nThis page is generated by `docs/make_reference.py` from what the code reads and holds.\n",
             "## Environment variables\n\nNone has to be set.\n\n"
             + table(("name", "what it is for"), [(f"`{n}`", VARIABLES[n]) for n in VARIABLES if n in variables()]),
             "A `NO_COLOR` has nothing to do: no command prints colours.\n",
             "## Extras\n\nOptional parts of the package: `pip install 'gpsa-graph[NAME]'`. A command whose part is missing says which.\n\n"
             + table(("name", "what it brings"), [(f"`{n}`", EXTRAS[n]) for n in extras()]),
             "## Limits of the site\n\nEach is an option of `gpsa serve`, shown at `/limits` and in the service description.\n\n"
             + table(("option", "default", "what it bounds", "past it"),
                     [(f"`--{one['name']}`", f"{one['value']} {one['unit']}", one["about"], one["past"]) for one in Limits().listed()]),
             "## Limits of files that are read\n\nOf case files, and of `gpsa import`. IATI XML is read as a stream, so its files may "
             "have any size.\n\n" + table(("limit", "what it bounds", "past it"),
                                [(f"{numbers[n]:,.0f} {unit}", what, past) for n, (unit, what, past) in BOUNDS.items()]),
             "## Forms of rows\n\n`--format` of every command that gives rows: " + ", ".join(f"`{f}`" for f in FORMATS)
             + ". On a terminal the default is a table, in a pipe or file csv (or the ending of the file).\n",
             "## Endings of network files\n\n" + dotted(networks.ENDINGS) + "\n",
             "## Figures\n\nBy ending: " + dotted(figures.ENDINGS) + " with a view file beside it, or the numbers alone: "
             + dotted(figures.TABLES) + "\n\n" + table(("name", "shows", "parameters"), [
                 (f"`{n}`", f.title, ", ".join(f"`{p}={v}`" for p, v in f.parameters.items()) or "none")
                 for n, f in figures.FIGURES.items()]),
             "## Patterns\n\n" + table(("name", "asks"), [(f"`{n}`", p.title) for n, p in PATTERNS.items()])
             + "\n`fragility` runs the others again without one kind of source at a time, and as of earlier dates.\n"]
    return "\n".join(parts)


PAGES = {"commands.md": commands_page, "python.md": python_page, "settings.md": settings_page}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")
