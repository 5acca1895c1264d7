"""Texts, codes, dates and numbers of an activity, in the forms of 1.0x and 2.0x alike."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gpsa_graph.cases.authority import is_date
from gpsa_graph.intake.session import plain
from gpsa_graph.intake.xml import Element

__all__ = [
    "DATES",
    "DOCUMENTS",
    "MARKERS",
    "MEASURES",
    "RELATIONS",
    "RESULTS",
    "ROLES",
    "SECTORS",
    "STATUSES",
    "TRANSACTIONS",
    "amount",
    "best",
    "code",
    "day",
    "texts",
]

#: Words of 1.0x -> codes of 2.0x.
DATES = {"start-planned": "1", "start-actual": "2", "end-planned": "3", "end-actual": "4"}
ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
TRANSACTIONS = {"if": "1", "c": "2", "d": "3", "e": "4", "ir": "5", "lr": "6", "r": "7", "qp": "8", "qs": "9", "cg": "10"}
RESULTS = {"output": "1", "outcome": "2", "impact": "3", "other": "9"}
STATUSES = {"1": "", "2": "active", "3": "active", "4": "closed", "5": "dropped", "6": ""}
STATUS_NAMES = {"1": "pipeline", "2": "implementation", "3": "finalisation", "4": "closed", "5": "cancelled", "6": "suspended"}
MEASURES = {"1": "units", "2": "percent", "3": "", "4": "", "5": ""}
RELATIONS = {"1": "parent", "2": "child", "3": "sibling", "4": "co-funded", "5": "third party"}
TRANSACTION_NAMES = {
    "1": "incoming funds",
    "2": "commitments",
    "3": "disbursements",
    "4": "expenditure",
    "5": "interest payments",
    "6": "loan repayments",
    "7": "reimbursements",
    "8": "purchases of equity",
    "9": "sales of equity",
    "10": "credit guarantees",
    "11": "incoming commitments",
    "12": "outgoing pledges",
    "13": "incoming pledges",
}
ROLE_NAMES = {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"}
MARKERS = {
    "1": "gender equality",
    "2": "aid to environment",
    "3": "participatory development and good governance",
    "4": "trade development",
    "5": "biodiversity",
    "6": "climate change mitigation",
    "7": "climate change adaptation",
    "8": "desertification",
    "9": "reproductive, maternal, newborn and child health",
    "10": "disaster risk reduction",
    "11": "disability",
    "12": "nutrition",
}
SIGNIFICANCE = {
    "1": "significant objective",
    "2": "principal objective",
    "3": "principal objective with an action programme",
    "4": "explicit primary objective",
}
DOCUMENTS = {
    "a01": "pre- and post-project impact appraisal",
    "a02": "objectives and purpose",
    "a03": "intended ultimate beneficiaries",
    "a04": "conditions",
    "a05": "budget",
    "a06": "summary information about contract",
    "a07": "review of performance and evaluation",
    "a08": "results, outcomes and outputs",
    "a09": "memorandum of understanding",
    "a10": "tender",
    "a11": "contract",
    "a12": "activity web page",
}
#: Sector vocabularies of 1.0x and 2.0x -> lists of mappings.csv; the rest is not mapped.
SECTORS = {
    "": "dac",
    "1": "dac",
    "dac": "dac",
    "2": "dac-category",
    "dac-3": "dac-category",
    "7": "sdg-goal",
    "8": "sdg-target",
    "wb": "world-bank-sector-before-2016",
}

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2}|T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})?)?\Z")
_NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]*)?|\.[0-9]+)\Z")


def texts(elements: Iterable[Element], language: str) -> list[tuple[str, str]]:
    """(language, text) of elements, out of their <narrative>s or, in 1.0x, out of the elements themselves."""
    found = []
    for element in elements:
        inside = element.all("narrative") or [element]
        for one in inside:
            if said := plain(one.text):
                found.append(((one.get("xml:lang") or element.get("xml:lang") or language).lower(), said))
    return found


def best(elements: Iterable[Element | None], language: str) -> tuple[str, str]:
    """The text in English, else in the file's own language, else the first; and its language where that is not English."""
    found = texts((e for e in elements if e is not None), language)
    for wanted in ("en", ""):
        for spoken, said in found:
            if spoken[:2] == wanted:
                return said, ""
    return (found[0][1], found[0][0]) if found else ("", "")


def code(element: Element | None, words: dict[str, str], name: str = "code") -> str:
    """A code: as it stands, or the number of the word that older files have in its place; without leading zeros."""
    if element is None:
        return ""
    said = (element.get(name) or ("" if element.children else element.text)).lower()
    return words.get(said, said.lstrip("0") or said)


def day(element: Element) -> str:
    """The day of a date element, without time and zone; as it stands where it is none."""
    said = element.get("iso-date") or element.text
    match = _DAY.match(said)
    return match[1] if match else said


def good_day(said: str) -> bool:
    return len(said) == 10 and is_date(said)


def amount(said: str) -> str | None:
    """A plain decimal number, or None.

    >>> amount("1200.50"), amount("-3"), amount("1,200"), amount("1e309"), amount("NaN")
    ('1200.50', '-3', None, None, None)
    """
    return said.removeprefix("+") if _NUMBER.match(said.removeprefix("+")) else None
