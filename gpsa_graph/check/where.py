"""From a thing in the graph back to the file and line that said it."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property

from gpsa_graph import vocab
from gpsa_graph.cases import Case, Data, Entry
from gpsa_graph.graph import KnowledgeGraph
from gpsa_graph.resources import ontology_files

_LISTS = {"organisation": "organisations.csv", "place": "places.csv", "country": "countries.csv", "source": "sources.csv"}


class Where:
    """Tells the file and line of a thing. Without data, the thing itself stands for the file."""

    def __init__(self, kg: KnowledgeGraph, data: Data | None) -> None:
        self._kg, self._data = kg, data

    def __call__(self, iri: str, value: str = "") -> tuple[str, int]:
        """The file and line for a thing; `value` (a name or text of it) finds the line in a long file. 0: no line known."""
        return (self._in_files(iri, value) if self._data else None) or (vocab.shorten(iri), 0)

    def _in_files(self, iri: str, value: str) -> tuple[str, int] | None:
        kind, _, local = iri.removeprefix(vocab.BASE).partition("/")
        if kind in _LISTS and local in self._rows[kind]:
            return f"{self._folder}/{_LISTS[kind]}", self._rows[kind][local]
        if kind in vocab.SCHEMES:
            return _in_vocabularies(f"{kind}:{local} a " if local else f"<{iri}> a ")
        if iri in self._files:
            case = self._cases.get(iri)
            return self._files[iri], _line(case, {value, value.partition(":")[2]}) if case else 0
        owner = self._owners.get(iri)
        if owner is None or owner not in self._files:
            return None
        case = self._cases.get(owner)
        return self._files[owner], _line(case, self._words(iri)) if case else 0

    @cached_property
    def _folder(self) -> str:
        paths = [c.path for c in self._read.cases] + [p.path for p in self._read.programmes]
        return next((p.partition("/")[0] for p in paths if p.endswith("programme.yaml") or "/cases/" in p), "data")

    @property
    def _read(self) -> Data:
        assert self._data is not None
        return self._data

    @cached_property
    def _cases(self) -> dict[str, Case]:
        return {vocab.iri("case", c.id): c for c in self._read.cases}

    @cached_property
    def _files(self) -> dict[str, str]:
        """The file of every case, event, programme and call."""
        found = {iri: case.path for iri, case in self._cases.items()}
        found |= {vocab.iri("event", e.id): e.path for e in self._read.events}
        for programme in self._read.programmes:
            found[vocab.iri("programme", programme.id)] = programme.path
            found |= {vocab.iri("call", call.id): programme.path for call in programme.calls}
        for iri, case in self._cases.items():
            if case.programme.name:
                found.setdefault(vocab.iri("programme", vocab.slug(case.programme.name)), self._cases[iri].path)
        return found

    @cached_property
    def _rows(self) -> dict[str, dict[str, int]]:
        """Line of every row of the authority lists, by the local name of its IRI."""
        lists = self._read.authority
        return {"organisation": {k: r.line for k, r in lists.organisation.items()},
                "place": {k: r.line for k, r in lists.place.items()},
                "country": {k: r.line for k, r in lists.country.items()},
                "source": {r.name: r.line for r in lists.source.values()}}

    @cached_property
    def _owners(self) -> dict[str, str]:
        """Part or claim -> the case, event, programme or call it belongs to."""
        rows = self._kg.query("""SELECT ?part ?whole WHERE {
            { VALUES ?p { gpsa:inCase gpsa:inEvent gpsa:programme gpsa:concerns gpsa:about rdf:subject } ?part ?p ?whole }
            UNION { ?whole gpsa:place ?part } } ORDER BY ?part DESC(?whole)""")
        assert not isinstance(rows, (bool, str))
        return {vocab.expand(str(part)): vocab.expand(str(whole)) for part, whole in rows}

    def _words(self, iri: str) -> set[str]:
        """What the graph says of a part, as plain words: texts, and local names of what it points to."""
        rows = self._kg.query(f"SELECT ?o WHERE {{ <{iri}> ?p ?o }}")
        assert not isinstance(rows, (bool, str))
        said = {str(value) for value in rows.column("o")}
        return said | {word.partition(":")[2] for word in said}


def _line(case: Case, words: set[str]) -> int:
    """The line of the entry that shares most words; 0 where none does."""
    def shared(entry: Entry) -> int:
        values = [getattr(entry, f.name) for f in fields(entry) if f.name not in ("line", "sources", "basis")]
        return sum(isinstance(v, str) and v != "" and v in words for v in values)

    best = max((entry for _, entry in case.entries()), key=shared)
    return best.line if shared(best) else 0


def _in_vocabularies(start: str) -> tuple[str, int] | None:
    for path in ontology_files()[1:]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith(start):
                return f"ontology/vocabularies/{path.name}", number
    return None
