"""Chapters of a dossier on who worked with whom, and how."""

from __future__ import annotations

from collections.abc import Sequence

from gpsa_graph.export.content import Part
from gpsa_graph.patterns.findings import listed
from gpsa_graph.report.document import Block, Heading, Para, Text
from gpsa_graph.report.dossier import MOST_CARDS, Desk
from gpsa_graph.report.words import counted, share

__all__ = ["how", "who"]

_MOST_ROLES = 40


def who(desk: Desk) -> list[Block]:
    """Public bodies, civil society and others that took part, with what sources say they did; the figure of two columns."""
    content = desk.content
    by: dict[str, list[Part]] = {}
    groups: dict[str, list[Part]] = {"society": [], "state": [], "other": []}
    for c in desk.choice.cases:
        for p in c.of("participation"):
            if p.one("gpsa:organisation"):
                by.setdefault(p.one("gpsa:organisation"), []).append(p)
            else:
                groups[content.side(p)].append(p)
    blocks: list[Block] = [Heading(1, "Who worked with whom")]
    if desk.n > 1 or len(desk.choice.cases[0].of("participation")) > MOST_CARDS:
        blocks += desk.figure("two-column", "Civil society organisations and public bodies that took part in the same cases.")
    for side, head in (
        ("state", "Public bodies"),
        ("society", "Civil society organisations and citizen groups"),
        ("other", "Funders, research bodies and companies"),
    ):
        named = sorted(
            (n for n, parts in by.items() if content.side(parts[0]) == side),
            key=lambda n: (-len({p.case for p in by[n]}), content.label(n)),
        )
        short = len(named) + len(groups[side]) > _MOST_ROLES
        several = len({x for c in desk.choice.cases for x in c.names("gpsa:country")}) > 1
        rows: list[Sequence[Text]] = []
        for n in named:
            parts = by[n]
            classed = content.labels_of(
                x for p in parts for q in ("gpsa:governmentRole", "gpsa:collaborationForm", "gpsa:depth") for x in p.every(q)
            )
            roles = [] if short else list(dict.fromkeys(r for p in parts for r in p.every("gpsa:role")))[:3]
            told = "; ".join([*roles, *([f"classed here: {', '.join(classed)}"] if classed and side == "state" else [])]) or (
                "\u2013" if short else "not stated"
            )
            rows.append(
                [
                    [desk.called(n) if several else content.label(n)],
                    [content.label(content.actor(parts[0], "gpsa:kind"))],
                    [desk.shorts(sorted({p.case for p in parts}))],
                    [told],
                    [desk.refs.cite({s for p in parts for s in p.sources})],
                ]
            )
        for p in () if short else groups[side]:
            rows.append(
                [
                    [f"{content.who(p)} (group)"],
                    [content.label(content.actor(p, "gpsa:kind"))],
                    [desk.shorts([p.case])],
                    ["; ".join(p.every("gpsa:role")) or "not stated"],
                    [desk.refs.cite(p.sources)],
                ]
            )
        if not rows:
            continue
        heads, widths = ["Name", "Kind", "Cases", "What sources say it did", "Sources"], [0.26, 0.14, 0.09, 0.38, 0.13]
        note = "by number of cases, then by name"
        if short:
            heads[3], widths = "Role and form", [0.32, 0.18, 0.12, 0.24, 0.14] if side == "state" else [0.4, 0.24, 0.18, 0.0, 0.18]
            unnamed = counted(len(groups[side]), "group")
            note += f"; what each did in a case stands in the dossier of that case, as do {unnamed} without a name of their own"
        kept = [i for i, w in enumerate(widths) if w]
        blocks += [
            Heading(2, head),
            desk.table(
                f"{head} that took part, {note}.",
                [heads[i] for i in kept],
                [widths[i] for i in kept],
                [[row[i] for i in kept] for row in rows],
            ),
        ]
    return blocks


def how(desk: Desk) -> list[Block]:
    """Mechanisms and forms of collaboration with the cases that state them; for several cases the matrix."""
    content, cases = desk.content, desk.choice.cases
    blocks: list[Block] = [Heading(1, "Mechanisms and forms of collaboration")]
    used: dict[str, dict[str, dict[str, tuple[set[str], set[str]]]]] = {"mechanism": {}, "form": {}}
    for c in cases:
        for said in c.every("gpsa:usesMechanism"):
            src, called = used["mechanism"].setdefault(said.name, {}).setdefault(c.id, (set(), set()))
            src.update(said.sources)
            called.update(said.called)
        for said in c.every("gpsa:collaborationForm"):
            used["form"].setdefault(said.name, {}).setdefault(c.id, (set(), set()))[0].update(said.sources)
        for p in c.of("participation"):
            for form in p.every("gpsa:collaborationForm"):
                used["form"].setdefault(form, {}).setdefault(c.id, (set(), set()))[0].update(p.sources)
    for key, head, none in (
        ("mechanism", "Mechanisms", "mechanism"),
        ("form", "Forms of collaboration between state and civil society", "form of collaboration"),
    ):
        found = used[key]
        if not found:
            blocks.append(Para([f"No source that was read states a {none}."]))
            continue
        order = sorted(found, key=lambda m: (-len(found[m]), content.label(m)))
        rows: list[Sequence[Text]] = []
        for m in order:
            names_used = sorted({x for _, names in found[m].values() for x in names})
            shown = content.label(m) + (f" (called {listed(names_used[:3])})" if names_used else "")
            rows.append(
                [
                    [shown],
                    [share(len(found[m]), desk.n)],
                    [desk.shorts(list(found[m]))],
                    [desk.refs.cite({s for src, _ in found[m].values() for s in src})],
                ]
            )
        blocks.append(
            desk.table(
                f"{head}, classed here from what the sources say.",
                ["Mechanism" if key == "mechanism" else "Form", "Of cases", "Cases", "Sources"],
                [0.42, 0.16, 0.22, 0.2],
                rows,
            )
        )
    if desk.n >= 5:
        blocks += desk.figure("matrix", "Results reported in cases that use a mechanism.", at_least=2, most=16)
    return blocks
