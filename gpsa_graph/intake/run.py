"""An import from beginning to end: look, read once to find every fault, and only then write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gpsa_graph import vocab
from gpsa_graph.cases import Data, read
from gpsa_graph.cases.model import Case
from gpsa_graph.errors import GpsaError, IntakeError, Problem
from gpsa_graph.export.files import atomic, fresh_folder
from gpsa_graph.intake.drafts import MATCHES, RECORD, REPORT, Drafts, changed
from gpsa_graph.intake.lists import Decision, Lists, read_decisions, write_decisions
from gpsa_graph.intake.mapping import Mapping, read_mapping
from gpsa_graph.intake.proposals import Cases, Phrases, proposals
from gpsa_graph.intake.report import as_json, as_text, summary
from gpsa_graph.intake.session import Filters, Session, look_at
from gpsa_graph.intake.sheets import LARGEST
from gpsa_graph.intake.xml import Refused

__all__ = ["KINDS", "Outcome", "run"]

#: What can be imported.
KINDS = ("iati", "worldbank", "table")
#: Called with what is being done, the bytes or records so far, the whole (0: not known), and the records so far.
Progress = Callable[[str, int, int, int], None]
Records = Iterator[tuple[int, Case | None]]


@cache
def _shipped() -> Data:
    return read()


@dataclass(slots=True)
class Outcome:
    """What an import did: a sentence on the records, how many of each fate, open proposals, faults that were left out."""

    said: str
    records: dict[str, int]
    proposals: int
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    target: Path
    read: int = 0
    resumed: int = 0
    cut: str = ""


@dataclass(slots=True)
class _Import:
    kind: str
    path: Path
    filters: Filters
    mapping: Mapping | None
    decisions: list[Decision]
    progress: Progress
    known: dict[int, str] = field(default_factory=dict)

    def session(self) -> Session:
        shipped = _shipped()
        return Session(look_at(self.path, 0 if self.kind == "iati" else LARGEST), Lists(shipped.authority, self.decisions), self.filters)

    def records(self, session: Session, what: str, skip: int = 0) -> Records:
        """The records of the file; what stops the reading is one more fault of the session."""
        count = [0]

        def moved(at: int) -> None:
            self.progress(what, at if self.kind == "iati" else 0, session.file.size if self.kind == "iati" else 0, count[0])

        try:
            for number, case in self._read(session, skip, moved):
                count[0] = number
                yield number, case
        except Refused as refused:
            session.problems.append(refused.problem)

    def _read(self, session: Session, skip: int, moved: Callable[[int], None]) -> Records:
        if self.kind == "iati":
            from gpsa_graph.intake.iati import activities

            return activities(session, self.known, skip=skip, moved=moved)
        if self.kind == "worldbank":
            from gpsa_graph.intake.worldbank import projects

            return projects(session, self.known, skip=skip, moved=moved)
        from gpsa_graph.intake.table import table_cases

        return table_cases(session, self.known, self.mapping, skip=skip, moved=moved)


def filters_of(countries: Sequence[str], sectors: Sequence[str], texts: Sequence[str], identifiers: Sequence[str]) -> Filters:
    """Filters out of what a person wrote: countries by name or code, sectors by id, label or DAC code (narrower ones included).

    Raises UnknownName with what may be meant.
    """
    from gpsa_graph.errors import UnknownName
    from gpsa_graph.graph.look import fold
    from gpsa_graph.intake.codes import Countries, mapped

    authority = _shipped().authority
    lands, labels = Countries(authority.country), authority.labels["sector"]
    codes, wanted = set(), set()
    for said in countries:
        if not (code := lands.code(said)):
            raise UnknownName("country", said, hint=lands.why_not(said) or "write a name or code after ISO 3166-1")
        codes.add(code)
    below = _narrower()
    for said in sectors:
        dac = mapped("dac", said) or mapped("dac-category", said)
        found = list(dac.concepts) if dac is not None else [c for c in [labels.get(vocab.slug(said))] if c]
        if not found:
            raise UnknownName("sector", said, near=authority.near("sector", said)[:3])
        for concept in found:
            wanted |= {concept, *below.get(concept, ())}
    return Filters(frozenset(codes), frozenset(wanted), tuple(map(fold, texts)), frozenset(i.lower() for i in identifiers))


def _narrower() -> dict[str, set[str]]:
    """Sector -> every sector below it."""
    import pyoxigraph as ox

    from gpsa_graph.resources import ontology_folder

    above: dict[str, str] = {}
    start = vocab.PREFIXES["sector"]
    for quad in ox.parse(path=str(ontology_folder() / "vocabularies" / "sectors.ttl"), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value.endswith("#broader") and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            above[quad.subject.value.removeprefix(start)] = quad.object.value.removeprefix(start)
    found: dict[str, set[str]] = {}
    for name in above:
        here = name
        while here in above:
            here = above[here]
            found.setdefault(here, set()).add(name)
    return found


@contextmanager
def _no_collector() -> Iterator[None]:
    """Records are trees without circles: looking for circles among them takes a fifth of the time and finds none."""
    import gc

    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_no_collector()
def run(
    kind: str,
    path: str | Path,
    *,
    out: str | Path | None = None,
    store: str | Path | None = None,
    filters: Filters | None = None,
    mapping: str | Path | None = None,
    matches: str | Path | None = None,
    keep_going: bool = False,
    asked: str = "every record",
    progress: Progress = lambda *_: None,
) -> Outcome:
    """Import a file into a folder of draft cases (`out`) or into an Oxigraph store on disk (`store`).

    The file is read once to find every fault; where there is one, IntakeError tells them all and nothing is written, unless
    `keep_going`, which leaves out what has faults. Decisions are read from `matches`, or from the matches.csv that an earlier
    import into the same place has left. An interrupted import into a store goes on where it stood when it is run again.
    """
    if (out is None) == (store is None):
        raise GpsaError("name a folder for drafts (-o DIR) or a store (--store DIR), one of the two")
    target = Path(out if out is not None else store or "")
    decided = Path(matches) if matches is not None else target / (MATCHES if out is not None else f"intake/{MATCHES}")
    problems: list[Problem] = []
    if matches is not None and not decided.exists():
        problems.append(Problem(str(decided), 0, "there is no such file", "Look at the spelling of the path."))
    decisions = read_decisions(decided, problems)
    if problems:
        raise IntakeError(problems)
    work = _Import(
        kind, Path(path), filters or Filters(), read_mapping(Path(mapping)) if mapping is not None else None, decisions, progress
    )
    try:
        first = work.session()
        look = _Look(first, Phrases(first.lists), Cases(_shipped().cases, decisions))
        for _, case in work.records(first, "looking for faults"):
            if case is not None:
                look.phrases.look(case)
                look.cases.look(case)
    except Refused as refused:
        raise IntakeError([refused.problem]) from None
    if first.problems and (not keep_going or not first.tally.records):
        hint = "nothing was written" + ("" if not first.tally.records else "; --keep-going imports what has none")
        raise IntakeError(first.problems, more=first.more, hint=hint)
    session = work.session()
    session.lists.expected = first.lists
    look.rows, look.cut = proposals(first.lists, look.phrases, look.cases, decisions)
    made = (_to_folder if out is not None else _to_store)(work, session, target, look, asked)
    made.problems = tuple(session.problems) or tuple(first.problems)
    return made


@dataclass(slots=True)
class _Look:
    """What the first reading has seen, and the proposals that follow from it."""

    session: Session
    phrases: Phrases
    cases: Cases
    rows: list[Decision] = field(default_factory=list)
    cut: str = ""


def _outcome(session: Session, read_: int, look: _Look, target: Path) -> Outcome:
    return Outcome(
        summary(session, read_),
        dict(session.tally.records),
        sum(not r.decision for r in look.rows),
        (),
        tuple(session.remarks),
        target,
        read_,
        cut=look.cut,
    )


def _kept(case: Case, cases: Cases, session: Session) -> bool:
    """Whether a case goes on: not where a curator has said that it is a shipped one."""
    known = cases.is_shipped(case)
    if not known:
        return True
    session.tally.records["imported"] -= 1
    session.tally.records["left out: a curator says it is a shipped case"] += 1
    return False


def _to_folder(work: _Import, session: Session, target: Path, look: _Look, asked: str) -> Outcome:
    phrases = Phrases(session.lists)
    count = 0
    with fresh_folder(target, changed) as new:
        drafts = Drafts(new)
        for number, case in work.records(session, "writing"):
            count = number
            if case is not None and _kept(case, look.cases, session):
                drafts.case(phrases.look(case))
        drafts.lists(session.lists)
        drafts.put(MATCHES, write_decisions(look.rows))
        drafts.put(REPORT, as_text(session, count, look.rows, look.cut, asked))
        listed = {n: s for n, s in drafts.sums.items() if n != MATCHES}
        drafts.put(RECORD, as_json(session, count, look.rows, listed))
    return _outcome(session, count, look, target)


def _to_store(work: _Import, session: Session, target: Path, look: _Look, asked: str) -> Outcome:
    from gpsa_graph.intake.iati.keys import hash_of
    from gpsa_graph.intake.store import Loader

    decided = sorted((*d.key, d.id) for d in work.decisions if d.decision == "same")
    given = repr((work.kind, session.file.sha256, work.filters, work.mapping, decided))
    loader = Loader(target, vocab.digest(given), session)
    phrases = Phrases(session.lists)
    count = resumed = loader.done
    if not loader.whole:
        loader.last = count
        for number, case in work.records(session, "loading", skip=loader.done):
            count = number
            if case is not None and _kept(case, look.cases, session):
                code = next((c.value for c in case.codes if c.scheme != "trust-fund"), case.id) if work.kind != "table" else case.id
                loader.case(phrases.look(case), hash_of(code))
            loader.record(number)
        loader.finish()
    for name, text in (
        (MATCHES, write_decisions(look.rows)),
        (f"{session.file.version}-{REPORT}", as_text(session, count, look.rows, look.cut, asked)),
        (f"{session.file.version}-{RECORD}", as_json(session, count, look.rows)),
    ):
        with atomic(target / "intake" / name) as stream:
            stream.write(text)
    made = _outcome(session, count, look, target)
    made.resumed = resumed
    return made
