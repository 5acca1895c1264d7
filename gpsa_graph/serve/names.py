"""Labels, sources and addresses of things, as pages need them; kept, since many pages show the same ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpsa_graph import vocab
from gpsa_graph.serve.cache import Cache

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph
    from gpsa_graph.graph.claims import Source

_PLURALS = {"country": "countries", "opt-in": "opt-ins", "person": "people", "gap": "gaps", "part": "parts", "basis": "bases"}
#: How a thing ?x stands in a ?case: said of the case itself, or else of a part of it or of an organisation that takes part.
STANDING = (
    "?case a gpsa:Case ; ?p ?x",
    "{ ?part gpsa:inCase ?case ; ?p ?x } UNION { ?part gpsa:organisation/(gpsa:kind|gpsa:level) ?x ; gpsa:inCase ?case }",
)
#: Kinds of things that have a page of their own and a list of them.
LISTED = (
    "case",
    "organisation",
    "mechanism",
    "sector",
    "country",
    "place",
    "source",
    "event",
    "programme",
    "call",
    "person-role",
    "actor",
    "result-kind",
    "challenge-kind",
    "collaboration-form",
    "government-role",
    "collaboration-depth",
    "government-level",
    "evaluation-design",
    "source-kind",
    "accountability-strategy",
    "bridge-type",
    "region",
    "finding",
)


def words(kind: str, n: int = 1) -> str:
    """A kind in words.

    >>> words("country", 2), words("challenge-kind"), words("opt-in", 2)
    ('countries', 'challenge kind', 'opt-ins')
    """
    said = kind if n == 1 else _PLURALS.get(kind, f"{kind}s")
    return said if kind == "opt-in" else said.replace("-", " ")


def spoken(relation: str) -> str:
    """A relation in words, where it has no label.

    >>> spoken("gpsa:usesMechanism")
    'uses mechanism'
    """
    name = relation.partition(":")[2] or relation
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()


def page(name: str) -> str:
    """The address of the page of a thing (a prefixed name or IRI), below the root; nothing where it has none.

    >>> page("case:mwi-mejn"), page("gpsa:usesMechanism"), page("https://example.org/x")
    ('/case/mwi-mejn.html', '/ontology#usesMechanism', '')
    """
    iri = vocab.expand(name)
    if not iri.startswith(vocab.BASE):
        return ""
    local = iri[len(vocab.BASE) :]
    if local.startswith("ontology"):
        return f"/{local}"
    return f"/{local}.html" if "/" in local else f"/{local}"


def safe_link(url: str) -> str:
    """An outside address as a link, or nothing where it is none that a reader should follow.

    >>> safe_link("https://example.org/a"), safe_link("java\\tscript:alert(1)"), safe_link("//evil.example")
    ('https://example.org/a', '', '')
    """
    return url if url.startswith(("https://", "http://", "mailto:")) and not any(ord(c) < 33 or c in '<>"' for c in url) else ""


class Names:
    """Looks up labels and sources, many at a time, and keeps them."""

    def __init__(self, kg: KnowledgeGraph, most: int = 50_000) -> None:
        self._kg = kg
        self._labels, self._sources = Cache(most), Cache(most)

    def labels(self, names: Iterable[str]) -> dict[str, str]:
        """Prefixed name or IRI -> label, for those that have one."""
        wanted = set(names)
        found = {n: label for n in wanted if (label := self._labels.get(n)) is not None}
        missing = sorted(n for n in wanted - found.keys() if vocab.expand(n).startswith("http"))
        for start in range(0, len(missing), 500):
            listed = " ".join(f"<{vocab.expand(n)}>" for n in missing[start : start + 500] if not any(c in '<>"{}|^`\\ ' for c in n))
            rows = self._kg.query(
                f"SELECT ?x ?label WHERE {{ VALUES ?x {{ {listed} }} ?x rdfs:label|skos:prefLabel ?label "
                'FILTER(LANG(?label) IN ("", "en")) } ORDER BY ?x STRLEN(?label) ?label'
            )
            got = {str(x): str(label) for x, label in reversed(list(rows))}  # type: ignore[arg-type]
            for name in missing[start : start + 500]:
                self._labels.put(name, got.get(name, ""), 1)
            found |= got
        return {n: label for n, label in found.items() if label}

    def sources(self, names: Iterable[str]) -> dict[str, Source]:
        """Prefixed name -> source."""
        wanted = sorted(set(names))
        found = {n: source for n in wanted if (source := self._sources.get(n)) is not None}
        missing = [n for n in wanted if n not in found]
        if missing:
            for source in self._kg.sources(missing):
                found[source.name] = source
                self._sources.put(source.name, source, 1)
        return found
