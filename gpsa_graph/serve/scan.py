"""A look at a query text before it runs: how deep it nests, and whether it asks for what is never done here.

This gives the clear sentence; the guarantee is the kernel's (sandbox.py). Names such as `ex:service`, `?service`, "public
service" or
`<http://service>` are not the keyword. Every pattern is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n\r]* | '''(?:[^'\\]|\\.|'(?!''))*+(?:'''|) | \"\"\"(?:[^"\\]|\\.|"(?!""))*+(?:\"\"\"|)
        | '(?:[^'\\\n\r]|\\.)*+(?:'|) | "(?:[^"\\\n\r]|\\.)*+(?:"|) | <[^<>"{}|^`\\\x00-\x20]*>
        | [?$]\w+ | @[A-Za-z]+(?:-[A-Za-z0-9]+)* | (?<![\w.-])[^\W\d_][\w.-]*:[\w:.%\\-]* | :[\w.%-]+)
      | (?P<word>[A-Za-z]+) | (?P<open>[{(\[]) | (?P<close>[})\]]) | (?P<sign>[!+-]) | (?P<space>\s+) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
#: Functions whose value differs from call to call: their answers are not kept.
_CHANGING = frozenset({"RAND", "UUID", "STRUUID", "NOW", "BNODE"})
#: Every word that a scan acts on, inside other words too: a text without any of them, and with few brackets and signs, is plain.
_SUSPECT = re.compile("|".join(sorted({"SERVICE"} | _UPDATES | _CHANGING)))
_DEEPER = re.compile(r"[{(\[!+-]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a text shows before it runs: what is wrong with it (with the place), and whether its answer may be kept."""

    fault: str = ""
    kind: str = ""
    line: int = 0
    column: int = 0
    lasting: bool = True


_PLAIN = Scan()


def scan(text: str, deepest: int) -> Scan:
    """Look at a query text. `deepest` is the number of levels that may stand within each other.

    >>> scan("SELECT * { ?public_service ?p 'SERVICE <x>' }", 128).fault
    ''
    >>> scan("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", 128).kind
    'service'
    """
    if not _SUSPECT.search(text.upper()) and len(_DEEPER.findall(text)) <= deepest:
        return _PLAIN
    depth = signs = 0
    form, lasting = "", True
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("skip", "other"):
            signs = 0
        elif kind == "word":
            signs = 0
            word = match[0].upper()
            if word == "SERVICE":
                return _fault(text, match.start(), "service", "SERVICE is refused: this endpoint makes no request to any other")
            if word in _QUERIES:
                form = form or word
            elif word in _UPDATES and not form:
                return _fault(text, match.start(), "update", f"{word} is refused: this endpoint answers queries and takes no updates")
            elif word in _CHANGING:
                lasting = False
        elif kind == "close":
            depth -= 1
            signs = 0
        elif kind in ("open", "sign"):
            if kind == "open":
                depth, signs = depth + 1, 0
            else:
                signs += 1
            if depth + signs > deepest:
                return _fault(
                    text,
                    match.start(),
                    "nesting",
                    f"more than {deepest} brackets, groups or signs stand within each other; write the query flatter",
                )
    return Scan(lasting=lasting)


def _fault(text: str, at: int, kind: str, message: str) -> Scan:
    before = text[:at]
    return Scan(message, kind, before.count("\n") + 1, at - before.rfind("\n"), False)
