"""Documents and policy markers of an activity."""

from __future__ import annotations

import re
from collections.abc import Callable

from gpsa_graph.cases.model import Form
from gpsa_graph.intake.codes import mapped
from gpsa_graph.intake.iati.words import DOCUMENTS, MARKERS, SIGNIFICANCE, best, code
from gpsa_graph.intake.session import Session
from gpsa_graph.intake.xml import Element

__all__ = ["Note", "documents", "markers"]

#: Takes a text and the line it stands on.
Note = Callable[..., None]
_WEB = re.compile(r"https?://[^\s<>\"{}|\\^`]+\Z")


def documents(element: Element, session: Session, cite: tuple[str, ...], language: str, note: Note) -> tuple[Form, ...]:
    """A memorandum of understanding is a formal agreement; the other documents are told in one note."""
    forms: dict[str, Form] = {}
    named = []
    for one in element.all("document-link"):
        title = best([one.first("title")], language)[0] or "a document without a title"
        link = one.get("url") if _WEB.match(one.get("url")) else ""
        kinds = [c.get("code").lower() for c in one.all("category")]
        shown = title + (f" <{link}>" if link else "")
        session.tally.element("document-link")
        agreement = mapped("iati-document-category", "a09")
        if "a09" in kinds and agreement is not None:
            forms[agreement.concepts[0]] = Form(
                line=one.line,
                sources=cite,
                id=agreement.concepts[0],
                term=agreement.name,
                text=f"The record names a memorandum of understanding: {shown}.",
            )
        else:
            what = next((DOCUMENTS[k] for k in kinds if k in DOCUMENTS), "")
            named.append(shown + (f" ({what})" if what else ""))
    if named:
        kept = list(dict.fromkeys(named))
        note("Documents named in the record: " + "; ".join(kept[:20]) + (f"; and {len(kept) - 20} more." if len(kept) > 20 else "."))
    return tuple(forms.values())


def markers(element: Element, session: Session, note: Note) -> None:
    """Policy markers of OECD DAC, told in one note."""
    said = []
    for one in element.all("policy-marker"):
        name = MARKERS.get(code(one, {}))
        weight = one.get("significance").lstrip("0")
        own = one.get("vocabulary").lower() not in ("", "1", "dac")
        if name is None or own:
            session.tally.element("policy-marker", "not mapped", "not a marker of OECD DAC")
        elif not weight:
            session.tally.element("policy-marker", "not mapped", "not targeted")
        else:
            said.append(f"{name} ({SIGNIFICANCE.get(weight, 'targeted')})")
            session.tally.element("policy-marker")
    if said:
        note(f"Policy markers: {'; '.join(said)}.")
