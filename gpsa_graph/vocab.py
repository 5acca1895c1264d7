"""Names: the only module that makes an IRI.

Every thing in the graph has an IRI below `BASE`. Things that people edit (cases, organisations, places, concepts)
are named by their id; things that follow from files (claims, sources, participations, results ...) are named by a
hash of what they say, so that the same files give the same names on every machine.

Terms are handled as N-Triples text (`"<https://...>"`, `'"text"@en'`): it needs no library, sorts well and is what the
store reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

BASE = "https://w3id.org/gpsa-graph/"
ONTOLOGY = BASE + "ontology#"
#: The release as a thing, and where its files are found.
DATASET, DOWNLOAD = BASE + "dataset", BASE + "download/"

#: Kinds of things with an IRI of their own, in the order in which pages and downloads list them.
THINGS = (
    "case", "event", "programme", "call", "organisation", "person", "place", "country", "region", "source",
    "claim", "participation", "result", "challenge", "lesson", "gap", "figure", "contribution", "opt-in", "seat",
    "session", "appearance", "review",
)
#: SKOS concept schemes, by the last part of their IRI.
SCHEMES = (
    "mechanism", "sector", "actor", "person-role", "government-level", "result-kind", "finding", "collaboration-form",
    "government-role", "collaboration-depth", "participation-depth", "challenge-kind", "accountability-strategy",
    "bridge-type", "coproduction-phase", "coproduction-level", "source-kind", "evaluation-design", "place-kind",
    "part", "basis", "reading", "attribution",
)

PREFIXES: dict[str, str] = {
    "gpsa": ONTOLOGY,
    **{kind: f"{BASE}{kind}/" for kind in THINGS + SCHEMES},
    "code": BASE + "code/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
#: The same the other way round; each beginning ends in / or #, which no local name holds.
_STARTS = {start: prefix for prefix, start in PREFIXES.items()}
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
_TRACKING = frozenset({"share", "replytocom", "fbclid", "gclid"})
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NEEDS_ESCAPE = re.compile(r'[\\"\n\r\t]')


def iri(kind: str, name: str) -> str:
    """The IRI of a thing or concept.

    >>> iri("case", "idn-wahana-visi")
    'https://w3id.org/gpsa-graph/case/idn-wahana-visi'
    """
    return f"{PREFIXES[kind]}{name}"


def node(kind: str, name: str) -> str:
    """The same in N-Triples form.

    >>> node("mechanism", "social-audit")
    '<https://w3id.org/gpsa-graph/mechanism/social-audit>'
    """
    return f"<{PREFIXES[kind]}{name}>"


def skolem(label: str) -> str:
    """The IRI, in N-Triples form, that stands for a blank node where graphs of several places meet (RDF 1.1 Concepts, 3.5).

    >>> skolem("b0")
    '<https://w3id.org/gpsa-graph/.well-known/genid/b0>'
    """
    return f"<{BASE}.well-known/genid/{label}>"


def term(curie: str) -> str:
    """N-Triples form of a prefixed name.

    >>> term("gpsa:usesMechanism")
    '<https://w3id.org/gpsa-graph/ontology#usesMechanism>'
    """
    prefix, _, local = curie.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def literal(text: str, datatype: str = "", lang: str = "") -> str:
    r"""N-Triples form of a literal.

    >>> literal('say "no"', lang="en"), literal("2013", "xsd:gYear")
    ('"say \\"no\\""@en', '"2013"^^<http://www.w3.org/2001/XMLSchema#gYear>')
    """
    body = _NEEDS_ESCAPE.sub(lambda m: _ESCAPES[m[0]], text)
    if lang:
        return f'"{body}"@{lang}'
    return f'"{body}"^^{term(datatype)}' if datatype else f'"{body}"'


def integer(value: int) -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#integer>'


def decimal(text: str) -> str:
    """Canonical xsd:decimal, as Oxigraph writes it back.

    >>> decimal("514000.00"), decimal("0.50")
    ('"514000"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    """
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    sign = "-" if whole.startswith("-") else ""
    whole = whole.lstrip("-").lstrip("0") or "0"
    body = f"{whole}.{part}" if part else whole
    return f'"{"" if body == "0" else sign}{body}"^^<http://www.w3.org/2001/XMLSchema#decimal>'


def date(text: str) -> str:
    """A year, month, day or moment as the XSD type of its length.

    >>> date("2014-03")
    '"2014-03"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    return literal(text, {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}.get(len(text), "xsd:dateTime"))


def digest(*parts: str) -> str:
    """Sixteen hexadecimal digits that name a content, the same everywhere."""
    from hashlib import blake2b

    return blake2b("\x1f".join(parts).encode(), digest_size=8).hexdigest()


def claim_node(subject: str, predicate: str, value: str) -> str:
    """The claim that says `subject predicate value` (N-Triples terms), named by a hash of the triple.

    >>> claim_node(node("case", "a"), term("gpsa:status"), literal("closed"))
    '<https://w3id.org/gpsa-graph/claim/5abce9ea0e819e98>'
    """
    from hashlib import blake2b

    return node("claim", blake2b(f"{subject} {predicate} {value}".encode(), digest_size=8).hexdigest())


def normal_url(url: str) -> str:
    """One spelling for one page: https, no `www.`, no fragment, no tracking parameters, no last slash.

    >>> normal_url("http://www.Example.org:80/a/?utm_source=x&b=2#top")
    'https://example.org/a?b=2'
    """
    from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    port = parts.port
    if port and port not in (80, 443):
        host += f":{port}"
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~%-._").rstrip("/")
    pairs = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True)
             if k not in _TRACKING and not k.startswith("utm_")]
    return f"https://{host}{path}" + (f"?{urlencode(sorted(pairs))}" if pairs else "")


def source_name(url: str, version: str, publisher: str, title: str, date_: str) -> str:
    """Local name of a source: hash of its normalised URL and version; without a URL, of publisher, title and date."""
    return digest(normal_url(url), version) if url else digest(publisher, title, date_)


def slug(text: str, longest: int = 60) -> str:
    """A lower-case ASCII name for ids and file names; never empty.

    >>> slug("Fundación Ciudadana / Perú")
    'fundacion-ciudadana-peru'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")
    return made or "x" + digest(text)[:8]


def programme_name(name: str) -> str:
    """Local name of a programme that has only a name, no file of its own.

    >>> programme_name("Network for Integrity in Reconstruction")
    'network-for-integrity-in-reconstruction'
    """
    return slug(name, 200)


def shorten(full: str) -> str:
    """A prefixed name for people, or the IRI where no prefix fits.

    >>> shorten("https://w3id.org/gpsa-graph/case/idn-wahana-visi")
    'case:idn-wahana-visi'
    """
    cut = max(full.rfind("/"), full.rfind("#")) + 1
    prefix = _STARTS.get(full[:cut])
    return f"{prefix}:{full[cut:]}" if prefix is not None and _LOCAL.match(full, cut) else full


def expand(name: str) -> str:
    """The IRI of a prefixed name; anything else comes back as it is.

    >>> expand("case:idn-wahana-visi")
    'https://w3id.org/gpsa-graph/case/idn-wahana-visi'
    """
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else name


def sparql_prefixes(*names: str) -> str:
    """`PREFIX` lines for the given prefixes, or for all of them."""
    return "".join(f"PREFIX {n}: <{PREFIXES[n]}>\n" for n in names or PREFIXES)


def near(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Names that look like `name`, best first; folding case, spaces and underscores.

    >>> near("score card", ["community-scorecard", "social-audit"])
    ['community-scorecard']
    """
    from difflib import get_close_matches

    known = list(names)
    wanted = slug(name) if name else ""
    found = get_close_matches(wanted, known, n=most, cutoff=0.6)
    joined = wanted.replace("-", "")
    for other in known:
        if len(found) >= most:
            break
        if other not in found and len(joined) > 3 and joined in other.replace("-", ""):
            found.append(other)
    return found
