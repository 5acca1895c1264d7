"""What changed between two versions of the data, in words of the domain: cases gained, facts changed, answers that differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError
from gpsa_graph.export.nodes import Nodes, every, first, kind, literal, read_nodes, short
from gpsa_graph.graph import KnowledgeGraph, Rows
from gpsa_graph.graph.rows import names

__all__ = ["Change", "Version", "as_rows", "as_text", "changes", "version"]

COLUMNS = ("about", "title", "what", "change", "old", "new", "src")
_WHOLES = ("case", "event", "programme", "call")
_OWNERS = ("gpsa:inCase", "gpsa:inEvent", "gpsa:programme", "gpsa:concerns")
_WORDS = ("gpsa:text", "rdfs:label", "skos:prefLabel", "dcterms:title", "foaf:name", "gpsa:field")
#: Said by the node itself or by its participation; a change of these alone is told once.
_SILENT = frozenset(vocab.term(name) for name in (
    "rdf:type", "gpsa:inCase", "gpsa:inEvent", "gpsa:programme", "gpsa:concerns", "prov:wasDerivedFrom", "skos:inScheme",
    "rdfs:isDefinedBy", "skos:topConceptOf", "dcterms:issued", "owl:versionInfo", "owl:versionIRI", "dcterms:identifier"))
_TAKING_PART = frozenset(vocab.term(f"gpsa:{name}") for name in ("hasGrantee", "hasPartner", "involvesGovernment"))
_MARK = {"gained": "+", "lost": "-", "changed": "~"}


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference. `about` is the case, list row, concept or question it belongs to, `what` the relation or kind of part.

    `change` is gained, lost or changed; `old` and `new` are in words; `src` names the sources of the new value (of the old
    one where it is lost).
    """

    about: str
    title: str
    what: str
    change: str
    old: str = ""
    new: str = ""
    src: str = ""


class Version:
    """One version of the data: its triples by subject, its name, and the graph to ask."""

    def __init__(self, content: bytes, name: str) -> None:
        self.name = name
        self._content = content

    @cached_property
    def lines(self) -> list[str]:
        """Every triple as a line of N-Triples, sorted."""
        return sorted(set(self._content.decode().split("\n")) - {""})

    @cached_property
    def _read(self) -> Nodes:
        return read_nodes(self.lines)

    @cached_property
    def nodes(self) -> Nodes:
        """Subject -> predicate -> values, as N-Triples terms; without the claims."""
        return {subject: node for subject, node in self._read.items() if kind(subject) != "claim"}

    @cached_property
    def claims(self) -> dict[tuple[str, str, str], tuple[str, ...]]:
        """Subject, predicate and value of every claim -> its sources."""
        return {(first(node, "rdf:subject"), first(node, "rdf:predicate"), first(node, "rdf:object")):
                tuple(sorted(every(node, "prov:wasDerivedFrom"))) for subject, node in self._read.items() if kind(subject) == "claim"}

    @cached_property
    def graph(self) -> KnowledgeGraph:
        """The same, to be asked."""
        import pyoxigraph as ox

        store = ox.Store()
        store.bulk_load(input=self._content, format=ox.RdfFormat.N_TRIPLES)
        return KnowledgeGraph(store)

    def word(self, term: str) -> str:
        """A term in words: the text of a literal, the label of a thing, else its prefixed name."""
        if term.startswith('"'):
            return " ".join(literal(term)[0].split())
        node = self.nodes.get(term, {})
        for name in _WORDS:
            labels = [value for value in every(node, name) if literal(value)[1] in ("", "en")]
            if labels:
                return " ".join(literal(labels[0])[0].split())
        if first(node, "gpsa:organisation"):
            return self.word(first(node, "gpsa:organisation"))
        return short(term)

    def owner(self, subject: str) -> str:
        """The case, event, programme or call that a part belongs to; the thing itself otherwise."""
        node = self.nodes.get(subject, {})
        return next((first(node, name) for name in _OWNERS if first(node, name)), subject) if kind(subject) not in _WHOLES else subject


def version(where: str | Path) -> Version:
    """The version of the data in a data folder, in a folder that `gpsa build` wrote, or in an N-Triples file; `shipped` is the shipped one.

    Raises DataError where the files of a data folder have faults, GpsaError where nothing of the kind is there.
    """
    from gpsa_graph.cases import read
    from gpsa_graph.graph.compiled import compiled
    from gpsa_graph.resources import data_folder, data_version

    path = data_folder() if str(where) == "shipped" else Path(where)
    if (path / "cases").is_dir():
        number, date = data_version(path) if (path / "VERSION").is_file() else ("without a version", "")
        return Version(compiled(read(path)), f"{number} of {date}" if date else number)
    built = path / "gpsa-graph.nt" if path.is_dir() else path
    if not built.is_file() or built.suffix != ".nt":
        raise GpsaError(f"'{where}' is no version of the data; name a data folder (with cases/), a folder that `gpsa build` wrote, "
                        "an .nt file, or the word shipped")
    citation = built.with_name("CITATION.cff")
    lines = citation.read_text("utf-8").splitlines() if citation.is_file() else []
    said = {line.partition(": ")[0]: line.partition(": ")[2] for line in lines}
    name = f"{said['version']} of {said['date-released']}" if {"version", "date-released"} <= said.keys() else built.name
    return Version(built.read_bytes(), name.replace('"', "").replace("'", ""))


def changes(old: Version, new: Version, *, answers: bool = True) -> list[Change]:
    """Every difference between two versions, sorted: things, facts, parts and, unless `answers` is False, answers to the stored questions.

    A whole case (or event, row, concept) that is gained or lost is one change. A fact whose value differs is changed, one
    that has other sources than before too. Parts (results, challenges, participations ...) are joined by their identity, else by
    their wording.

    >>> one = version("shipped")
    >>> changes(one, one)
    []
    """
    if old.lines == new.lines:
        return []
    found = [*_wholes(old, new), *_facts(old, new), *_parts(old, new)]
    if answers:
        found += _answers(old, new)
    return sorted(set(found))


def _wholes(old: Version, new: Version) -> Iterator[Change]:
    """Cases, rows of lists and concepts that came, went or say something else."""
    for subject in sorted({*old.nodes, *new.nodes}):
        what, here = kind(subject), new if subject in new.nodes else old
        if here.owner(subject) != subject or (what == "ontology" and subject not in new.nodes):
            continue
        if (subject in old.nodes) != (subject in new.nodes):
            change = "gained" if here is new else "lost"
            number = sum(claim[0] == subject for claim in here.claims)
            said = here.word(subject) + (f" ({number} facts)" if number else "")
            yield Change(short(subject), here.word(subject), what, change, *(("", said) if here is new else (said, "")))
        elif what not in _WHOLES:
            yield from _properties(old, new, subject, subject, what)


def _properties(old: Version, new: Version, before: str, after: str, what: str) -> Iterator[Change]:
    """What a row, concept or part says that it did not, or no longer."""
    one, two = old.nodes[before], new.nodes[after]
    about = new.owner(after)
    for predicate in sorted({*one, *two} - _SILENT):
        gone, come = set(one.get(predicate, ())) - set(two.get(predicate, ())), set(two.get(predicate, ())) - set(one.get(predicate, ()))
        if gone or come:
            was, now = ("; ".join(sorted(map(v.word, values))) for v, values in ((old, gone), (new, come)))
            if was != now:
                label = new.word(predicate) if what in ("", *vocab.SCHEMES) or about == after else f"{what}, {new.word(predicate)}"
                yield Change(short(about), new.word(about), label, _kind(gone, come), was, now, _cited(two))
    if before == after and _cited(one) != _cited(two):
        yield Change(short(about), new.word(about), f"sources of the {what} '{_cut(new.word(after))}'", "changed", _cited(one), _cited(two))


def _kind(gone: Iterable[str], come: Iterable[str]) -> str:
    return "changed" if gone and come else "gained" if come else "lost"


def _cited(said: Mapping[str, list[str]] | tuple[str, ...]) -> str:
    """Names of the sources of a node, or of these sources."""
    return " ".join(short(source) for source in sorted(said if isinstance(said, tuple) else every(said, "prov:wasDerivedFrom")))


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[:most - 3].rstrip() + "..."


def _facts(old: Version, new: Version) -> Iterator[Change]:
    """Claims on what both versions have: values, preferences and sources."""
    both: tuple[dict[tuple[str, str], dict[str, tuple[str, ...]]], ...] = (defaultdict(dict), defaultdict(dict))
    for at, one in enumerate((old, new)):
        for (subject, predicate, said), sources in one.claims.items():
            if subject in old.nodes and subject in new.nodes and predicate not in _TAKING_PART:
                both[at][subject, predicate][said] = sources
    for key in sorted({*both[0], *both[1]}):
        subject, predicate = key
        before, after = both[0][key], both[1][key]
        about, title, what = short(subject), new.word(subject), new.word(predicate)
        gone, come = (sorted(a.keys() - b.keys()) for a, b in ((before, after), (after, before)))
        for left, right in zip_longest(gone, come, fillvalue=""):
            yield Change(about, title, what, _kind(left, right), old.word(left) if left else "", new.word(right) if right else "",
                         _cited(after[right] if right else before[left]))
        for said in sorted(before.keys() & after.keys()):
            if before[said] != after[said]:
                yield Change(about, title, f"sources of {what} '{_cut(new.word(said))}'", "changed",
                             _cited(before[said]), _cited(after[said]))
        was, now = (set(one.nodes[subject].get(predicate, ())) & said.keys() for one, said in ((old, before), (new, after)))
        if was and now and was.isdisjoint(now) and not (gone and come):
            yield Change(about, title, f"preferred {what}", "changed", "; ".join(sorted(map(old.word, was))),
                         "; ".join(sorted(map(new.word, now))))


def _parts(old: Version, new: Version) -> Iterator[Change]:
    """Participations, results, challenges, lessons, persons and gaps of what both versions have."""
    gone: dict[tuple[str, str], list[str]] = defaultdict(list)
    come: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject in sorted({*old.nodes, *new.nodes}):
        here = new if subject in new.nodes else old
        owner = here.owner(subject)
        if owner == subject or owner not in old.nodes or owner not in new.nodes:
            continue
        if subject in old.nodes and subject in new.nodes:
            yield from _properties(old, new, subject, subject, kind(subject))
        else:
            (come if here is new else gone)[owner, kind(subject)].append(subject)
    for owner, what in sorted({*gone, *come}):
        left, right = gone[owner, what], come[owner, what]
        for one in list(left):
            twin = max(right, key=lambda other: _alike(old.word(one), new.word(other)), default="")
            if twin and _alike(old.word(one), new.word(twin)) > 0.5:
                left.remove(one)
                right.remove(twin)
                yield from _properties(old, new, one, twin, what)
        for one in left:
            yield Change(short(owner), new.word(owner), what, "lost", old.word(one), "", _cited(old.nodes[one]))
        for one in right:
            yield Change(short(owner), new.word(owner), what, "gained", "", new.word(one), _cited(new.nodes[one]))


def _alike(a: str, b: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _answers(old: Version, new: Version) -> Iterator[Change]:
    """Stored questions that give other rows now, asked without narrowing; both versions are asked the questions of this program."""
    for name, question in new.graph.questions().items():
        before, after = (Counter(_rows(one.graph.query(question.text))) for one in (old, new))
        if before != after:
            gone, come = (before - after).total(), (after - before).total()
            yield Change(f"question:{name}", question.title, "answer", "changed", f"{before.total()} rows, {gone} of them gone",
                         f"{after.total()} rows, {come} of them new")


def _rows(answer: Rows | bool | str) -> list[tuple[object, ...]]:
    """Rows to be counted; lists of names in a cell are sorted, since engines give them in the order of their store."""
    assert isinstance(answer, Rows)
    return [tuple(names(cell) or cell if isinstance(cell, str) else cell for cell in row) for row in answer]


def as_rows(found: Iterable[Change]) -> Rows:
    """The changes as rows, a column for each part of a change."""
    return Rows(list(COLUMNS), [tuple(getattr(change, name) for name in COLUMNS) for change in found])


def as_text(old: Version, new: Version, found: Iterable[Change]) -> str:
    """The changes for people: a line for each, below the thing it belongs to, and a sum at the top."""
    listed = list(found)
    lines = [f"Data {old.name} -> {new.name}", _sum(listed)]
    about = ""
    for change in (c for c in listed if c.what != "answer"):
        if change.about != about:
            about = change.about
            lines += ["", f"{about}  {change.title}"]
        said = f"{change.old} -> {change.new}" if change.change == "changed" else change.new or change.old
        cited = ", ".join(_source(new if change.new else old, name) for name in change.src.split())
        lines.append(f"  {_MARK[change.change]} {change.what}: {said}" + (f"  [{cited}]" if cited else ""))
    answers = [change for change in listed if change.what == "answer"]
    if answers:
        lines += ["", f"Answers that differ ({len(answers)} of {len(new.graph.questions())} questions)"]
        lines += [f"  {change.about.partition(':')[2]}: {change.old} -> {change.new}" for change in answers]
    return "\n".join(lines)


def _source(one: Version, name: str) -> str:
    """Publisher and year of a source, as short as a remark bears."""
    node = one.nodes.get(f"<{vocab.expand(name)}>", {})
    publisher, issued = first(node, "dcterms:publisher"), first(node, "dcterms:issued")
    return " ".join(filter(None, [literal(publisher)[0] if publisher else name, literal(issued)[0][:4] if issued else ""]))


def _sum(found: list[Change]) -> str:
    if not found:
        return "Nothing differs."
    cases = Counter(change.change for change in found if change.what == "case")
    facts = Counter(change.change for change in found if change.what not in ("case", "answer"))
    parts = [f"{cases[k]} case{'s' * (cases[k] != 1)} {k}" for k in ("gained", "lost") if cases[k]]
    parts += [f"{facts[k]} fact{'s' * (facts[k] != 1)} {k}" for k in ("gained", "lost", "changed") if facts[k]]
    return "; ".join(parts or ["Only answers differ"]) + "."
