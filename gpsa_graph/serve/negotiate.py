"""Which form an asker wants: `Accept` with its weights, or `format=`. Source: RFC 9110, section 12.5.1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

#: Names of formats (also the endings of addresses) and their media types; what is preferred stands first.
ROWS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPHS = {"ttl": "text/turtle", "nt": "application/n-triples", "jsonld": "application/ld+json", "rdf": "application/rdf+xml"}
#: Other media types that mean the same.
ALSO = {
    "application/json": "json",
    "text/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/plain": "nt",
    "application/x-turtle": "ttl",
    "application/turtle": "ttl",
}
#: Other names that `format=` takes.
NAMES = {"turtle": "ttl", "ntriples": "nt", "n-triples": "nt", "json-ld": "jsonld", "rdfxml": "rdf", "rdf-xml": "rdf"}

_NUMBER = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")


class Malformed(ValueError):
    """An Accept header that does not follow the grammar."""


@lru_cache(256)
def weights(accept: str) -> tuple[tuple[str, float], ...]:
    """The media ranges of an Accept header with their weights.

    >>> weights("text/csv;q=0.5, */*;q=0.1")
    (('text/csv', 0.5), ('*/*', 0.1))
    """
    found = []
    for part in accept.split(","):
        pieces = [p.strip() for p in part.split(";")]
        name = pieces[0].lower()
        if not name and len(pieces) == 1:
            continue
        kind, slash, sub = name.partition("/")
        if not (kind and slash and sub) or "/" in sub or " " in name or (kind == "*" and sub != "*"):
            raise Malformed(f"'{name[:60]}' is no media type")
        weight = 1.0
        for piece in pieces[1:]:
            key, _, said = piece.partition("=")
            if key.strip().lower() == "q":
                if not _NUMBER.match(said.strip()):
                    raise Malformed(f"q={said[:20]} is no weight between 0 and 1")
                weight = float(said)
        found.append((name, weight))
    return tuple(found)


def best(accept: str, offered: Mapping[str, str]) -> str:
    """The name of the offered format that is wanted most, or nothing where none is acceptable; ties go to what stands first.

    >>> best("text/csv;q=0.5, application/*", ROWS), best("image/png", ROWS), best("", ROWS)
    ('json', '', 'json')
    """
    if not accept.strip():
        return next(iter(offered))
    ranges = weights(accept)
    chosen, most = "", 0.0
    for name, media in offered.items():
        types = {media, *(m for m, n in ALSO.items() if n == name)}
        found = max((_closeness(r, media, types) for r, _ in ranges), default=0)
        weight = max((w for r, w in ranges if found and _closeness(r, media, types) == found), default=0.0)
        if weight > most:
            chosen, most = name, weight
    return chosen


def _closeness(range_: str, media: str, types: set[str]) -> int:
    """3 for the type itself or another name of it, 2 for `text/*`, 1 for `*/*`, 0 where it does not fit."""
    if range_ in types:
        return 3
    if range_ == "*/*":
        return 1
    return 2 if range_.endswith("/*") and media.startswith(range_[:-1]) else 0


@lru_cache(256)
def wanted(accept: str, fmt: str) -> tuple[str, str]:
    """The formats for rows and for graphs; nothing where none is acceptable. `fmt` (from `format=`) goes before `accept`."""
    if fmt:
        name = fmt.strip().lower()
        name = NAMES.get(name, ALSO.get(name, {m: n for n, m in (ROWS | GRAPHS).items()}.get(name, name)))
        if name not in ROWS and name not in GRAPHS:
            raise Malformed(f"no format '{name[:40]}'; choose from {', '.join((*ROWS, *GRAPHS))}")
        return (name if name in ROWS else "", name if name in GRAPHS else {"json": "jsonld", "xml": "rdf"}.get(name, ""))
    rows, graph = best(accept, ROWS), best(accept, GRAPHS)
    return rows, graph


@lru_cache(256)
def prefers_page(accept: str) -> bool:
    """Whether an asker would rather read a page: HTML is named, and nothing named is wanted more."""
    try:
        found = dict(weights(accept))
    except Malformed:
        return False
    html = max(found.get("text/html", 0.0), found.get("application/xhtml+xml", 0.0))
    others = max(
        (w for n, w in found.items() if "html" not in n and not n.endswith("*") and n != "application/xml" and not n.startswith("image/")),
        default=0.0,
    )
    return html > 0 and html >= others


def media_type(name: str) -> str:
    """The content type that goes with the name of a format."""
    kind = (ROWS | GRAPHS)[name]
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
