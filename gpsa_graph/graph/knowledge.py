"""The knowledge graph as one object: ask it, and ask it who says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.errors import GpsaError, ParameterError, QueryError, ReadOnlyError, UnknownName
from gpsa_graph.graph import compiled
from gpsa_graph.graph.rows import Rows, Solutions, Value, names, value
from gpsa_graph.questions import Question, parse_question, question_named, read_questions
from gpsa_graph.resources import questions_folder

if TYPE_CHECKING:
    import rdflib

    from gpsa_graph.graph.claims import Claim, Source
    from gpsa_graph.graph.look import Card, Hit, Hop
    from gpsa_graph.graph.service import Service

__all__ = ["KnowledgeGraph", "load"]


_LAST_ORDER = re.compile(r"\nORDER BY [^\n]+\s*\Z")


class KnowledgeGraph:
    """Cases, organisations, mechanisms, results and their sources, in one RDF store or behind one SPARQL service.

    >>> from gpsa_graph import load
    >>> kg = load()
    >>> kg.query("ASK { case:idn-wahana-visi a gpsa:Case }")
    True
    """

    def __init__(self, store: ox.Store | Service, kept: Path | None = None) -> None:
        self._store, self._kept = store, kept
        self._divided: dict[str, dict[str, list[tuple[str, ...]]]] = {}

    def __len__(self) -> int:
        """The number of triples."""
        return len(self._store)

    def _solve(self, query: str) -> Any:
        try:
            return self._store.query(query, prefixes=vocab.PREFIXES)
        except SyntaxError as error:
            raise _query_error(str(error)) from None
        except (ValueError, RuntimeError, OSError) as error:
            raise self._refusal(error) from None

    def _refusal(self, error: Exception) -> GpsaError:
        """What to say where the engine gives up; a kept graph that is damaged is forgotten."""
        said = " ".join(str(error).split())[:300]
        if self._kept is None or "Corruption" not in said:
            return QueryError(said)
        with suppress(OSError):
            (self._kept / "whole").unlink()
        return GpsaError("the kept graph is damaged; the next start compiles it again, so ask once more")

    def _ask(self, query: str) -> Solutions:
        return Solutions(self._solve(query), self._refusal)

    def _stored(self, query: str) -> Solutions:
        """Solutions of a stored question; a service that computes some of them wrongly only gives the triples."""
        if isinstance(self._store, ox.Store):
            return self._ask(query)
        return Solutions(self._store.stored(query, prefixes=vocab.PREFIXES), self._refusal)

    def query(self, sparql: str) -> Rows | bool | str:
        """Any SPARQL query. SELECT gives Rows, ASK a bool, CONSTRUCT and DESCRIBE sorted N-Triples.

        The prefixes of the graph (`gpsa:`, `case:`, `mechanism:` ...) need not be declared. Updates are refused.
        Raises QueryError with line and column where the text does not parse.
        """
        answer = self._solve(sparql)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        if hasattr(answer, "variables"):
            return Rows.of(Solutions(answer, self._refusal), query=sparql, cite=self.citations, works=self.sources)
        try:
            return "".join(sorted({f"{t.subject} {t.predicate} {t.object} .\n" for t in answer}))
        except (ValueError, RuntimeError, OSError) as error:
            raise self._refusal(error) from None

    def questions(self) -> dict[str, Question]:
        """The questions that the graph comes with, by name."""
        return read_questions(questions_folder())

    def question(self, name: str) -> Question:
        """One question by name; UnknownName with the near misses otherwise."""
        if self._kept is not None and vocab.SLUG.match(name):
            import json

            try:
                return Question.from_dict(json.loads((self._kept / "questions" / f"{name}.json").read_text("utf-8")))
            except (OSError, ValueError, TypeError, KeyError):
                pass
        path = questions_folder() / f"{name}.rq"
        if vocab.SLUG.match(name) and len(name) < 200 and path.is_file():
            return parse_question(path)
        known = self.questions()
        return known[question_named(name, known)]

    def options(self, kind: str) -> dict[str, str]:
        """What a parameter of this kind can be: id -> label, sorted by id. Empty for years and texts."""
        if kind in vocab.SCHEMES:
            pattern = f'?x skos:inScheme <{vocab.BASE}{kind}> ; skos:prefLabel ?label FILTER(LANG(?label) = "en")'
        elif kind in vocab.THINGS:
            pattern = f'?x rdfs:label ?label FILTER(STRSTARTS(STR(?x), "{vocab.PREFIXES[kind]}"))'
        else:
            return {}
        start, asked = len(vocab.PREFIXES[kind]), f"SELECT ?x ?label WHERE {{ {pattern} }}"

        def made() -> dict[str, str]:
            return dict(sorted((row[0].value[start:], row[1].value) for row in self._ask(asked)))

        found: dict[str, str] = self._beside(f"options-{kind}", made)
        return found

    def terms(self, question: Question, given: Mapping[str, object]) -> dict[str, str]:
        """The given values as N-Triples terms; raises UnknownName or ParameterError with what could be meant."""
        terms = {}
        for name, said in given.items():
            parameter = question.parameter(name)
            if said is None or str(said).strip() == "":
                raise ParameterError(f"no value for '{name}'; leave it out to ask for any")
            terms[name] = self._known(parameter.kind, str(said)) or parameter.term(str(said), self.options(parameter.kind))
        return terms

    def _known(self, kind: str, said: str) -> str:
        """The term of a value that is an id or prefixed name already, without reading all the options."""
        if kind not in vocab.PREFIXES:
            return ""
        name = vocab.expand(said.strip()).removeprefix(vocab.PREFIXES[kind])
        node = vocab.node(kind, name) if name.replace("-", "").isalnum() and name.isascii() else ""
        return node if node and self._solve(f"ASK {{ {node} ?p ?o }}") else ""

    def answer(self, question: str, **given: object) -> Rows:
        """The answer to one of the stored questions, narrowed by its parameters.

        >>> from gpsa_graph import load
        >>> rows = load().answer("where-was-a-mechanism-used", mechanism="social-audit")
        >>> rows.columns[0]
        'case'
        """
        asked = self.question(question)
        terms = self.terms(asked, given)
        query = asked.filled(terms)
        return Rows.of(self._stored(query), lists=True, title=asked.title, coverage=lambda: self._coverage(asked, terms),
                       query=query, cite=self.citations, works=self.sources)

    def whole(self, question: str) -> list[tuple[str, ...]]:
        """Every row of a stored question without values, as texts, sorted: what patterns start from.

        Sorted here, as a store on disk looks texts up for each comparison, which takes twice the time of finding the rows.

        >>> from gpsa_graph import load
        >>> load().whole("concepts-and-what-stands-above-them")[0][0]
        'accountability-strategy:collaborative-social-accountability'
        """
        asked = self.question(question)
        return [tuple(row) for row in self._beside(asked.name, lambda: self._texts(asked.text))]

    def of_one(self, question: str, name: str) -> list[tuple[str, ...]]:
        """The rows of `whole` that have a prefixed name in their first column, which is a parameter of the question.

        Where the whole answer is kept beside the graph it is read once and divided; any other graph is asked for the one thing.

        >>> from gpsa_graph import load
        >>> load().of_one("what-is-told-of-a-case", "case:mwi-mejn")[0][:2]
        ('case:mwi-mejn', 'gpsa:Challenge')
        """
        if self._kept is None:
            asked = self.question(question)
            return [tuple(row) for row in self._texts(asked.filled({next(iter(asked.columns)): f"<{vocab.expand(name)}>"}))]
        if question not in self._divided:
            parts = self._divided[question] = {}
            for row in self.whole(question):
                parts.setdefault(row[0], []).append(row)
        return self._divided[question].get(name, [])

    def _texts(self, query: str) -> list[list[str]]:
        rows = Rows.of(self._stored(_LAST_ORDER.sub("", query)), lists=True)
        return sorted(["" if v is None else str(v) for v in row] for row in rows)

    def _beside(self, name: str, made: Callable[[], Any]) -> Any:
        """What `made` gives, kept as JSON beside a compiled graph: that never changes, so the next process need not ask again."""
        import json

        path = self._kept / "answers" / f"{name}.json" if self._kept else None
        if path is None:
            return made()
        with suppress(OSError, ValueError):
            return json.loads(path.read_text("utf-8"))
        found = made()
        compiled.keep_text(path, json.dumps(found, ensure_ascii=False))
        return found

    def stream(self, question: str, **given: object) -> tuple[tuple[str, ...], Iterator[tuple[Value, ...]]]:
        """The columns of a stored question, and its rows as they come: for answers too large to hold.

        Rows are the same as those of `answer`, once each, in the same order.

        >>> from gpsa_graph import load
        >>> columns, rows = load().stream("who-works-with-whom")
        >>> columns[:2], next(rows)[columns.index("case")].partition(":")[0]
        (('source', 'source_label'), 'case')
        """
        asked = self.question(question)
        solutions = self._stored(asked.filled(self.terms(asked, given)))
        read = (tuple(names(v) if type(v) is str else v for v in map(value, solution)) for solution in solutions)
        return tuple(v.value for v in solutions.variables), read

    def _coverage(self, question: Question, terms: Mapping[str, str]) -> str:
        rows = Rows.of(self._stored(question.filled(terms, question.coverage))) if question.coverage else ()
        parts = [f"{row[1]} of {row[2]} cases {row[0]}" for row in sorted(rows, key=lambda row: str(row[0]))]
        return "; ".join(parts) + "." if parts else ""

    def citations(self, names: Sequence[str]) -> dict[str, str]:
        """Prefixed names of sources -> a line to cite each, in the order given."""
        from gpsa_graph.graph.claims import sources_named

        return {name: str(source) for name, source in sources_named(self._ask, names).items()}

    def sources(self, names: Sequence[str]) -> list[Source]:
        """The sources with these prefixed names."""
        from gpsa_graph.graph.claims import sources_named

        return list(sources_named(self._ask, names).values())

    def find(self, text: str, kind: str = "", most: int = 20) -> list[Hit]:
        """Things whose name, acronym or other spelling holds every word of `text`; best first."""
        from gpsa_graph.graph.look import find

        return find(self._ask, text, kind, most)

    def resolve(self, name: str) -> str:
        """The IRI meant by an id, prefixed name, IRI or label."""
        from gpsa_graph.graph.look import resolve

        return resolve(self._ask, name)

    def show(self, name: str) -> Card:
        """One thing as a card: facts, claims, parts, links, sources."""
        from gpsa_graph.graph.look import card, resolve

        return card(self._ask, resolve(self._ask, name))

    def why(self, subject: str, relation: str = "", value: object = None) -> list[Claim]:
        """Who says so: the claims on a thing, on one relation of it, or on one value.

        >>> from gpsa_graph import load
        >>> [c.value for c in load().why("mwi-mejn", "gpsa:country")]
        ['country:MWI']
        """
        from gpsa_graph.graph.claims import claims_about
        from gpsa_graph.graph.look import resolve

        iri = resolve(self._ask, subject)
        found = claims_about(self._ask, iri)
        if relation:
            names = sorted({c.relation for c in found})
            wanted = relation if relation in names else "gpsa:" + relation
            if wanted not in names:
                close = vocab.near(relation.partition(":")[2] or relation, [n.partition(":")[2] for n in names])
                raise UnknownName("relation", relation, near=[n for n in names if n.partition(":")[2] in close],
                                  hint=f"{vocab.shorten(iri)} has claims on {', '.join(names)}" if not close else "")
            found = [c for c in found if c.relation == wanted]
        if value is not None:
            said = str(value)
            kept = [c for c in found if said in (str(c.value), c.label, str(c.value).partition(":")[2])]
            if not kept:
                values = [str(c.value) for c in found]
                raise UnknownName("value", said, near=vocab.near(said, values) or values[:3])
            found = kept
        return found

    def path(self, start: str, end: str, *, concepts: bool = False) -> list[Hop]:
        """How two things are connected, hop by hop with sources; empty where no chain joins them."""
        from gpsa_graph.graph.look import path, resolve

        return path(self._ask, resolve(self._ask, start), resolve(self._ask, end), concepts=concepts)

    def like(self, case: str = "", **sketch: Any) -> Any:
        """What was reported for a case like this one, or like a sketch: `gpsa_graph.like` with this graph, which explains the rest.

        >>> from gpsa_graph import load
        >>> load().like(sector="education", country="Malawi").cases[0].case
        'case:mwi-care-malawi'
        """
        import gpsa_graph

        return gpsa_graph.like(self, case, **sketch)

    def triples(self) -> Iterator[ox.Quad]:
        """Every triple, in the order of the store."""
        try:
            yield from self._store
        except (ValueError, RuntimeError, OSError) as error:
            raise self._refusal(error) from None

    @cached_property
    def rdf(self) -> rdflib.Graph:
        """The same graph for rdflib, read-only; `copy()` gives one that can be changed.

        Raises GpsaError for a SPARQL service: rdflib has a door of its own to those.
        """
        if not isinstance(self._store, ox.Store):
            raise GpsaError("rdflib reads a service through its own SPARQLStore; kg.query asks it, and kg.copy() fetches all of it")
        from gpsa_graph.graph.rdf import read_only_graph

        return read_only_graph(self._store)

    def copy(self) -> rdflib.Graph:
        """A writable rdflib graph in memory with every triple."""
        from gpsa_graph.graph.rdf import writable_copy

        return writable_copy(self._store)

    def update(self, sparql: str) -> None:
        """Always raises ReadOnlyError, and names the way to a graph that can be changed."""
        raise ReadOnlyError("the shared graph is read-only; change a copy: kg.copy().update(...)")


def _query_error(message: str) -> QueryError:
    """The engine's message in one line, with its position and without its grammar lists."""
    where, _, rest = message.removeprefix("error at ").partition(": ")
    line, _, column = where.partition(":")
    plain = " ".join(rest.split()) or message
    if "Prefix not found" in plain:
        plain = "a prefix is not declared"
    elif len(plain) > 160:
        plain = plain[:157] + "..."
    if line.isdigit() and column.isdigit():
        return QueryError(plain, line=int(line), column=int(column))
    return QueryError(" ".join(message.split())[:300])


def load(data: str | Path | None = None, *, store: str | Path | None = None, endpoint: str | None = None,
         memory: bool = False) -> KnowledgeGraph:
    """The knowledge graph of a data folder (default: the shipped data), of an Oxigraph store folder, or behind a SPARQL service.

    The compiled graph is kept in the user's cache folder and opened read-only. With `memory` it is read into memory, half a second
    for the shipped data, and heavy questions cost a quarter from then on. `endpoint` is the address of a SPARQL 1.1 Protocol
    service; nothing is asked of it yet. Raises DataError with every fault of the files, GpsaError where the store cannot be opened
    or the address is none.

    >>> load(memory=True).answer("which-countries-opted-in").columns[0]
    'country'
    """
    if sum(given is not None for given in (data, store, endpoint)) > 1:
        raise GpsaError("give one of a data folder, a store and an endpoint, not several")
    if memory and endpoint is not None:
        raise GpsaError("a service holds its graph itself; memory is for a data folder or a store")
    if endpoint is not None:
        from gpsa_graph.graph.service import Service

        return KnowledgeGraph(Service(endpoint))
    kept = None
    if store is not None:
        try:
            found = ox.Store.read_only(str(store))
        except (OSError, ValueError, RuntimeError) as error:
            raise GpsaError(f"no store can be opened in {store}: {' '.join(str(error).split())[:200]}") from None
    else:
        found, kept = compiled.open_store(Path(data) if data is not None else None)
    if memory:
        held = compiled.in_memory(kept) if kept else None
        if held is None:
            held = ox.Store()
            held.bulk_extend(found)
        found = held
    return KnowledgeGraph(found, kept)
