"""The command line. Each command is loaded when it is called, so that a short answer starts quickly."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from keyword import iskeyword

import click

#: Command -> module of this package that holds it, in the order in which `gpsa --help` lists them.
COMMANDS = {
    "questions": "ask", "answer": "ask", "query": "ask",
    "find": "look", "show": "look", "why": "look", "path": "look",
    "network": "pictures", "explore": "pictures", "figure": "figures", "report": "figures",
    "patterns": "findings", "like": "alike",
    "check": "files", "build": "files", "diff": "files", "new": "files",
    "import": "intake", "load": "move", "push": "move",
    "serve": "serving", "mcp": "serving",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = import_module(f"gpsa_graph.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, f"{name}_" if iskeyword(name) else name)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from gpsa_graph.errors import UnknownName
            from gpsa_graph.vocab import near

            raise UnknownName("command", args[0], near=near(args[0], COMMANDS), hint="`gpsa --help` lists all")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gpsa-graph", prog_name="gpsa")
def cli() -> None:
    """Ask a knowledge graph of social accountability cases: who worked with whom, how, with what result, and who says so.

    \b
    gpsa questions                     what can be asked
    gpsa answer who-works-with-whom    the rows
    gpsa show mwi-mejn                 one case with its sources
    gpsa explore                       the interactive view
    """


def main() -> None:
    """Entry point: errors become one sentence on stderr and an exit code (1 problems in files, 2 wrong use, 130 interrupted)."""
    from gpsa_graph.errors import DataError, GpsaError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        outcome = cli.main(standalone_mode=False)
        sys.stdout.flush()
        code = outcome if isinstance(outcome, int) else 0
    except click.ClickException as error:
        error.show()
        code = 2
    except DataError as error:
        print(f"{error}\n{len(error.problems)} problem{'s' * (len(error.problems) != 1)}.", file=sys.stderr)
        code = 1
    except GpsaError as error:
        print(f"gpsa: {error}", file=sys.stderr)
        code = 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        code = 130
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(f"gpsa: {error.strerror or error}{where}", file=sys.stderr)
        code = 2
    sys.exit(code)
