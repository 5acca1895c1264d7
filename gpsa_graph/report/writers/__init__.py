"""Documents as files."""

from __future__ import annotations

from pathlib import Path

from gpsa_graph.export.files import atomic
from gpsa_graph.report.document import Document, Figure

__all__ = ["document_bytes"]


def document_bytes(document: Document, ending: str, path: Path) -> bytes:
    """The document as .html, .docx, .md or .pdf. Figures of Markdown are written into a folder beside `path`."""
    if ending == ".docx":
        from gpsa_graph.report.writers.word import word

        return word(document)
    if ending == ".md":
        from gpsa_graph.report.writers.markdown import markdown

        folder = path.with_name(f"{path.stem}-figures")
        figures = [b for b in document.blocks if isinstance(b, Figure)]
        if figures:
            folder.mkdir(exist_ok=True)
        names = []
        for i, figure in enumerate(figures, 1):
            name = f"{i}-{figure.made.view.figure}.svg"
            with atomic(folder / name, binary=True) as stream:
                stream.write(figure.made.bytes("svg", bare=True))
            names.append(f"{folder.name}/{name}")
        return markdown(document, names).encode()
    from gpsa_graph.report.writers.page import html, pdf

    return pdf(document) if ending == ".pdf" else html(document).encode()
