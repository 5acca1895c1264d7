"""The World Bank's list of projects: the Excel or CSV export (labels or API names as headings) and the JSON of its API.

Read forms: exports of 2022 (a caption line, then the headings), 2024 (labels and API names) and 2025 (`countryshortname`, `status`,
loan and disclosure dates), and answers of `search.worldbank.org/api/v2/projects?format=json`. Days come as YYYY-MM-DD with or without
a time, as M/D/YYYY with a time, or as serial numbers of a spreadsheet. Amounts are US dollars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gpsa_graph.cases.model import Case
from gpsa_graph.intake.session import Session
from gpsa_graph.intake.worldbank.project import Project
from gpsa_graph.intake.worldbank.rows import rows_of

__all__ = ["projects"]


def projects(
    session: Session, known: dict[int, str], *, skip: int = 0, moved: Callable[[int], None] = lambda _: None
) -> Iterator[tuple[int, Case | None]]:
    """(number of the record, its case or None) for every project after the first `skip`; see `iati.activities`."""
    for number, (values, place, line) in enumerate(rows_of(session), 1):
        moved(number)
        if number > skip:
            yield number, Project(session, values, place, line).case(number, known)
