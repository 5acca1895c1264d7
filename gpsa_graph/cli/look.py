"""Commands that look things up: find, show, why, path."""

from __future__ import annotations

import sys

import click

from gpsa_graph.cli.options import emit, graph, graph_options, row_options, say


def _as_json(value: object) -> str:
    import json
    from dataclasses import asdict, is_dataclass

    def plain(one: object) -> object:
        return asdict(one) if is_dataclass(one) and not isinstance(one, type) else one

    items = [plain(v) for v in value] if isinstance(value, (list, tuple)) else plain(value)
    return json.dumps(items, ensure_ascii=False, indent=1)


@click.command()
@click.argument("text")
@click.option("--kind", default="", help="Only things of this kind, such as case, organisation, mechanism, person.")
@click.option("--most", default=20, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@graph_options
@row_options
def find(text: str, kind: str, most: int, data: str | None, store: str | None, fmt: str | None, output: str) -> None:
    """Search names, acronyms and other spellings; accents and case do not matter.

    \b
        gpsa find "ministry of health" --kind organisation
    """
    from gpsa_graph.graph import Rows

    hits = graph(data, store).find(text, kind, most)
    emit(Rows(["id", "kind", "label", "matched"], [(h.id, h.kind, h.label, h.matched) for h in hits]), fmt, output)


@click.command()
@click.argument("name")
@click.option("--format", "fmt", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-o", "--output", metavar="FILE", default="-", help="Write to a file; - is standard output.")
@graph_options
def show(name: str, fmt: str, output: str, data: str | None, store: str | None) -> None:
    """Show one thing as a card with numbered sources.

    \b
        gpsa show mwi-mejn
        gpsa show organisation:idn-ministry-of-health
    """
    card = graph(data, store).show(name)
    if fmt == "json":
        say(_as_json(card), output)
        return
    from gpsa_graph.report.text import card_text

    say(card_text(card), output)


@click.command()
@click.argument("subject")
@click.argument("relation", default="")
@click.argument("value", required=False)
@graph_options
@row_options
def why(subject: str, relation: str, value: str | None, data: str | None, store: str | None, fmt: str | None, output: str) -> None:
    """Who says so? The claims on a thing, on one relation of it, or on one value, with their sources.

    \b
        gpsa why mwi-mejn amount
        gpsa why idn-wahana-visi usesMechanism social-audit
    """
    kg = graph(data, store)
    claims = kg.why(subject, relation, value)
    if fmt in (None, "table") and (fmt == "table" or sys.stdout.isatty() or output != "-"):
        from gpsa_graph.report.text import claims_text

        say(claims_text(claims), output)
        return
    from gpsa_graph.graph import Rows

    rows = [(c.subject, c.relation, c.value, c.label, c.basis, c.preferred, "; ".join(c.as_called), "; ".join(c.notes),
             " ".join(s.name for s in c.sources)) for c in claims]
    columns = ["subject", "relation", "value", "label", "basis", "preferred", "as_called", "notes", "src"]
    emit(Rows(columns, rows, cite=kg.citations, works=kg.sources), fmt, output)


@click.command()
@click.argument("start")
@click.argument("end")
@click.option("--concepts", is_flag=True, help="Also through shared sectors, mechanisms, places and programmes.")
@click.option("--format", "fmt", type=click.Choice(["text", "json"]), default="text", show_default=True)
@graph_options
def path(start: str, end: str, concepts: bool, fmt: str, data: str | None, store: str | None) -> None:
    """How two things are connected: a chain of sentences, each with its sources. Exit code 1 where there is none.

    \b
        gpsa path idn-wahana-visi mwi-mejn
    """
    hops = graph(data, store).path(start, end, concepts=concepts)
    if fmt == "json":
        say(_as_json(hops))
    else:
        from gpsa_graph.report.text import hops_text

        say(hops_text(hops, concepts=concepts))
    if not hops:
        raise click.exceptions.Exit(1)
