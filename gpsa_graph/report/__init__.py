"""Cards, claims and paths as text; the template of a case file; dossiers as HTML, DOCX, Markdown and PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gpsa_graph.errors import OutputError

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph

__all__ = ["ENDINGS", "write_report"]

#: Endings of a dossier, and of its sources alone.
ENDINGS = (".html", ".docx", ".md", ".pdf", ".bib", ".ris", ".csl.json")
_BIBLIOGRAPHIES = {".bib": "bibtex", ".ris": "ris", ".csl.json": "csl"}


def write_report(
    kg: KnowledgeGraph, filters: Mapping[str, Sequence[str]], path: Path, *, title: str = "", data: Path | None = None
) -> Path:
    """Write a dossier on the cases that match, or its sources alone, by the ending of `path`; gives the path.

    Filters as in `gpsa_graph.export.choice.choose`. HTML is one file; Markdown has its figures in a folder beside it. The file
    is replaced only when it is whole. Raises OutputError for another ending, MissingExtra without python-docx or WeasyPrint.
    """
    ending = ".csl.json" if path.name.endswith(".csl.json") else path.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError(f"no dossier ends in '{path.suffix}'; write one of {', '.join(ENDINGS)}")
    from gpsa_graph.export.files import atomic
    from gpsa_graph.report.dossier import dossier

    if ending in _BIBLIOGRAPHIES:
        from gpsa_graph.export.bibliography import bibliography
        from gpsa_graph.export.choice import choose
        from gpsa_graph.export.content import read_content

        content = read_content(kg)
        cases = choose(content, filters).cases
        content_bytes = bibliography(
            list(content.sources(sorted({s for c in cases for s in c.sources})).values()), _BIBLIOGRAPHIES[ending]
        ).encode()
    else:
        from gpsa_graph.report.writers import document_bytes

        content_bytes = document_bytes(dossier(kg, filters, title=title, data=data), ending, path)
    with atomic(path, binary=True) as stream:
        stream.write(content_bytes)
    return path
