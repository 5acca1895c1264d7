"""The intake desk: what a new case stands beside, whether it may be there already, what it adds, what to look for next.

A measure of how near two cases are is the share of features that they have in common (Jaccard 1912) over sectors, mechanisms,
kinds of challenges, countries and regions; the features themselves are told, so that a person can judge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gpsa_graph.cases import Authority, Case, check_folder
from gpsa_graph.intake.match import Known, Matcher
from gpsa_graph.resources import data_folder

__all__ = ["FIELDS", "Desk", "Near", "desk", "desks_of"]

#: What a case can tell, in the words of DESIGN's coverage; whether it tells it; how to find it.
FIELDS: tuple[tuple[str, Callable[[Case], bool], str], ...] = (
    ("a result", lambda c: bool(c.results), "look for a completion report or an evaluation that says what came of it"),
    ("a public body", lambda c: bool(c.government), "look for the ministry, district or provider that the text deals with"),
    (
        "what a public body did",
        lambda c: any(g.roles or g.depth for g in c.government),
        "look for what each body did: answered, paid, changed a rule",
    ),
    ("a mechanism", lambda c: bool(c.mechanisms), "look for the steps by which citizens and officials met"),
    ("a challenge", lambda c: bool(c.challenges), "look for what stood in the way; reports tell it under lessons or risks"),
    ("the organisation that leads", lambda c: bool(c.grantee), "look for who received the money or ran the work"),
    ("an amount", lambda c: bool(c.amounts) or any(r.usd for r in c.register), "look in the register of the funder"),
    ("dates", lambda c: bool(c.dates) or any(r.approval for r in c.register), "look in the register of the funder"),
    ("a sector", lambda c: bool(c.sectors), "say which service or part of government the work is about"),
    ("a place", lambda c: bool(c.places), "look for the districts or towns"),
    ("a lesson", lambda c: bool(c.lessons), "look for what its people say they would do again"),
    (
        "a form of collaboration",
        lambda c: bool(c.collaboration) or any(g.forms for g in c.government),
        "look for an agreement, committee or joint plan",
    ),
    ("an independent source", lambda c: False, "look for an evaluation by people who did not run the work"),
)


@dataclass(frozen=True, slots=True)
class Near:
    """A case that is near: its id and title, how near (0 to 1), the features in common."""

    id: str
    title: str
    share: float
    common: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk says of one case."""

    case: str
    near: tuple[Near, ...]
    twins: tuple[tuple[str, str, str], ...]
    """Id and title of a case that this one may be, and why."""
    coverage: tuple[tuple[str, int, int, int, bool], ...]
    """What, cases that tell it without and with this one, number of cases before, whether this one tells it."""
    next: tuple[tuple[str, str], ...]
    """The facts most worth finding, and where to look."""

    def __str__(self) -> str:
        lines = [f"{self.case}"]
        lines.append(
            "  may be there already: "
            + ("; ".join(f"{i} ({t}): {w}" for i, t, w in self.twins) if self.twins else "no case is that like it")
        )
        lines.append("  nearest cases:" + ("" if self.near else " none shares a feature"))
        lines += [f"    {n.id} ({n.title}): {n.share:.0%} of the features in common: {', '.join(n.common)}" for n in self.near]
        told = [what for what, _, _, _, here in self.coverage if here]
        lines.append(f"  it tells {len(told)} of {len(self.coverage)} things: {', '.join(told) or 'none'}")
        lines += [
            f"    {what}: told by {before} of {of} cases before, {after} of {of + 1} with it"
            for what, before, after, of, here in self.coverage
            if here
        ]
        lines.append("  most worth finding next:" + ("" if self.next else " nothing; it tells everything that is counted"))
        lines += [f"    {n}. {what}: {how}" for n, (what, how) in enumerate(self.next, 1)]
        return "\n".join(lines)


def _features(case: Case, authority: Authority) -> set[str]:
    found = {f"sector {s.id}" for s in case.sectors} | {f"mechanism {m.id}" for m in case.mechanisms}
    found |= {f"challenge {k}" for c in case.challenges for k in c.kinds}
    for country in case.countries:
        found |= {f"country {country.id}", f"region {authority.country[country.id].region}"}
    return found


def _tells(what: str, test: Callable[[Case], bool], case: Case, authority: Authority) -> bool:
    if what == "an independent source":
        return any(authority.source[s].kind in ("evaluation", "icr") for s in case.cites if s in authority.source)
    return test(case)


def desk(case: Case, others: Iterable[Case], authority: Authority, *, most: int = 3) -> Desk:
    """What to know of a case among the `others` (itself is left out by its id).

    The facts most worth finding are those that it lacks: first what most cases of its sectors tell (so that it can be
    compared with them), ties in the order of FIELDS.

    >>> from gpsa_graph.cases import read
    >>> data = read()
    >>> found = desk(data.case("mwi-mejn"), data.cases, data.authority)
    >>> len(found.next) <= 3, found.near[0].share > 0
    (True, True)
    """
    rest = [c for c in others if c.id != case.id]
    mine = _features(case, authority)
    near = []
    for other in rest:
        theirs = _features(other, authority)
        common = mine & theirs
        if common:
            near.append(Near(other.id, other.title.text, len(common) / len(mine | theirs), tuple(sorted(common))))
    near.sort(key=lambda n: (-n.share, n.id))
    coverage = []
    like = [c for c in rest if {s.id for s in c.sectors} & {s.id for s in case.sectors}] or rest
    wanted: list[tuple[float, int, str, str]] = []
    for order, (what, test, how) in enumerate(FIELDS):
        before = sum(_tells(what, test, c, authority) for c in rest)
        here = _tells(what, test, case, authority)
        coverage.append((what, before, before + here, len(rest), here))
        if not here:
            share = sum(_tells(what, test, c, authority) for c in like) / len(like) if like else 0.0
            wanted.append(
                (
                    -round(share, 6),
                    order,
                    what,
                    f"{how} ({sum(_tells(what, test, c, authority) for c in like)} of {len(like)} like it tell it)",
                )
            )
    return Desk(
        case.id,
        tuple(near[:most]),
        tuple(_twins(case, rest)),
        tuple(coverage),
        tuple((what, how) for _, _, what, how in sorted(wanted)[:3]),
    )


def _twins(case: Case, rest: Sequence[Case]) -> list[tuple[str, str, str]]:
    """Cases that share a project code, or whose title and country are alike, or whose grantee and years are the same."""
    codes = {(c.scheme, c.value) for c in case.codes} | {("world-bank-project", r.id) for r in case.register}
    found: dict[str, tuple[str, str, str]] = {}
    for other in rest:
        theirs = {(c.scheme, c.value) for c in other.codes} | {("world-bank-project", r.id) for r in other.register}
        if shared := sorted(codes & theirs):
            found[other.id] = (other.id, other.title.text, f"both have the code {shared[0][1]}")
        elif case.grantee and other.grantee and case.grantee.organisation and case.grantee.organisation == other.grantee.organisation:
            both = Counter(d.value[:4] for d in case.dates) & Counter(d.value[:4] for d in other.dates)
            if both and {c.id for c in case.countries} & {c.id for c in other.countries}:
                found[other.id] = (
                    other.id,
                    other.title.text,
                    f"the same organisation leads both, in the same country and year ({min(both)})",
                )
    here = case.countries[0].id if len(case.countries) == 1 else ""
    matcher = Matcher(
        Known(c.id, "case", c.title.text, tuple(t.text for t in c.also_titled), frozenset(x.id for x in c.countries)) for c in rest
    )
    for title in (case.title.text, *(t.text for t in case.also_titled)):
        for hit in matcher.candidates(title, country=here, most=2, least=84):
            found.setdefault(hit.id, (hit.id, hit.label, hit.why))
    return list(found.values())


def desks_of(paths: Iterable[Path], data: Path | None = None) -> list[Desk]:
    """The desk for each case file that has no fault, among the cases of its data folder and the shipped ones.

    >>> [d.case for d in desks_of([Path("data/cases/mwi-mejn.yaml")])]
    ['mwi-mejn']
    """
    root = (data or data_folder()).resolve()
    named = {p.stem: p for p in paths if p.is_file() and p.suffix == ".yaml"}
    cases = {p.stem: p for p in sorted((root / "cases").glob("*.yaml")) if not p.name.startswith("_")} | named
    read, _ = check_folder(root, only=list(cases.values()))
    others, lists = list(read.cases), read.authority
    if root != data_folder().resolve():
        shipped, _ = check_folder(data_folder())
        here = {c.id for c in others}
        others += [c for c in shipped.cases if c.id not in here]
        lists = replace(lists, country=shipped.authority.country | lists.country, source=shipped.authority.source | lists.source)
    return [desk(case, others, lists) for case in read.cases if case.id in named]
