"""Names and codes of activities: the id of a case, the key of an identifier, shares, and where a sector leads."""

from __future__ import annotations

from gpsa_graph import vocab
from gpsa_graph.intake.codes import Mapped, mapped
from gpsa_graph.intake.iati.words import SECTORS, amount
from gpsa_graph.intake.xml import Element

__all__ = ["case_name", "hash_of", "sector_of", "share"]


def case_name(identifier: str) -> str:
    """The part of a case id that follows the country; two identifiers that differ by more than case and signs differ here.

    >>> case_name("GB-GOV-1-300126"), case_name("GB/GOV 1")
    ('gb-gov-1-300126', 'gb-gov-1-b16c95')
    """
    made = vocab.slug(identifier)
    return made if made == identifier.lower() else f"{made[:52].rstrip('-')}-{vocab.digest(identifier.lower())[:6]}"


def share(one: Element) -> str:
    """A percentage from 0 to 100 as it stands, or nothing."""
    said = one.get("percentage").rstrip("% ")
    number = amount(said)
    return said if number is not None and 0 <= float(number) <= 100 else ""


def hash_of(identifier: str) -> int:
    """Eight bytes that stand for an identifier."""
    return int(vocab.digest(identifier.lower()), 16)


def sector_of(one: Element) -> tuple[Mapped, bool] | None:
    """Where a sector or tag leads, and whether its own code does (or only its category); None where nothing is known."""
    vocabulary, said = one.get("vocabulary").lower(), one.get("code")
    if one.name == "tag":
        outside = {"2": "sdg-goal", "3": "sdg-target"}.get(vocabulary, "")
    else:
        outside = SECTORS.get(vocabulary, "")
    if not outside or not said:
        return None
    if outside == "dac" and len(said) == 3 and amount(said):
        outside = "dac-category"
    if (found := mapped(outside, said)) is not None:
        return found, True
    if outside == "dac" and len(said) == 5:
        wider = mapped("dac-category", said[:3])
        return (wider, False) if wider is not None else None
    return None
