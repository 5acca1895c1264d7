"""Sources for reference managers: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gpsa_graph.errors import UnknownName

if TYPE_CHECKING:
    from gpsa_graph.graph.claims import Source

__all__ = ["BIBLIOGRAPHIES", "bibliography"]

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REPORTS = re.compile(r"evaluation|report|case study|document", re.IGNORECASE)


def bibliography(sources: Sequence[Source], form: str) -> str:
    """The sources as `bibtex`, `ris` or `csl` (CSL-JSON), in the order given.

    The publisher stands as author, because the graph names no authors of sources; the kind of source stands as a note. Dates
    keep their precision. Raises UnknownName for another form.

    >>> from gpsa_graph import load
    >>> print(bibliography(load().why("mwi-mejn", "country")[0].sources[:1], "ris").splitlines()[0])
    TY  - ELEC
    """
    if form not in BIBLIOGRAPHIES:
        raise UnknownName("form of bibliography", form, hint=f"choose from {', '.join(BIBLIOGRAPHIES)}")
    return BIBLIOGRAPHIES[form](sources)


def _line(text: str) -> str:
    return " ".join("".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" else c for c in text).split())


def _date(text: str) -> list[int]:
    return [int(part) for part in text.split("-")] if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text) else []


def _keys(sources: Sequence[Source]) -> list[str]:
    """A key for each source: letters, digits and hyphens, no two alike."""
    made: list[str] = []
    for source in sources:
        key = (
            re.sub(r"[^A-Za-z0-9]+", "-", unicodedata.normalize("NFKD", source.id).encode("ascii", "ignore").decode()).strip("-")
            or "source"
        )
        number, wanted = 1, key
        while key.casefold() in {m.casefold() for m in made}:
            number += 1
            key = f"{wanted}-{number}"
        made.append(key)
    return made


def _bibtex(sources: Sequence[Source]) -> str:
    def tex(text: str) -> str:
        return "".join(_LATEX.get(c, c) for c in _line(text))

    entries = []
    for key, s in zip(_keys(sources), sources, strict=True):
        date = _date(s.date)
        fields = {"author": f"{{{tex(s.publisher)}}}", "title": f"{{{tex(s.title)}}}"}
        if date:
            fields["year"] = str(date[0])
        if len(date) > 1:
            fields["month"] = _MONTHS[date[1] - 1]
        if s.url:
            fields["url"] = re.sub(r"[{}\\\s]", lambda m: f"%{ord(m[0]):02X}", s.url)
        fields |= {"note": tex(s.kind), "keywords": s.name}
        body = ",\n".join(f"  {name} = {said if name == 'month' else '{' + said + '}'}" for name, said in fields.items())
        entries.append(f"@misc{{{key},\n{body}\n}}\n")
    return "\n".join(entries)


def _ris(sources: Sequence[Source]) -> str:
    lines = []
    for key, s in zip(_keys(sources), sources, strict=True):
        date = s.date.split("-") if _date(s.date) else []
        lines += [
            f"TY  - {'RPRT' if _REPORTS.search(s.kind) else 'ELEC'}",
            f"ID  - {key}",
            f"AU  - {_line(s.publisher)}",
            f"TI  - {_line(s.title)}",
            f"PB  - {_line(s.publisher)}",
        ]
        if date:
            lines += [f"PY  - {date[0]}", f"DA  - {'/'.join([*date, '', '', ''][:3])}/"]
        if s.url:
            lines.append(f"UR  - {_line(s.url)}")
        lines += [f"N1  - {_line(s.kind)}", f"KW  - {s.name}", "ER  - ", ""]
    return "\n".join(lines) + "\n" if lines else ""


def _csl(sources: Sequence[Source]) -> str:
    found = []
    for key, s in zip(_keys(sources), sources, strict=True):
        one: dict[str, object] = {
            "id": key,
            "type": "report" if _REPORTS.search(s.kind) else "webpage",
            "title": _line(s.title),
            "author": [{"literal": _line(s.publisher)}],
            "publisher": _line(s.publisher),
            "genre": s.kind,
            "note": s.name,
        }
        if date := _date(s.date):
            one["issued"] = {"date-parts": [date]}
        if s.url:
            one["URL"] = s.url
        found.append(one)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


BIBLIOGRAPHIES: dict[str, Callable[[Sequence[Source]], str]] = {"bibtex": _bibtex, "ris": _ris, "csl": _csl}
