"""The rows of the list, from a spreadsheet or from JSON, as values under the names of the API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from gpsa_graph import vocab
from gpsa_graph.errors import Problem
from gpsa_graph.intake.session import Session, plain
from gpsa_graph.intake.sheets import Row, column, open_table
from gpsa_graph.intake.xml import Refused

__all__ = ["Place", "rows_of"]

#: API name -> labels of the exports, as slugs.
COLUMNS = {
    "id": "project-id proj-id",
    "regionname": "region",
    "countryname": "country country-name",
    "countryshortname": "country-short-name",
    "countrycode": "country-code",
    "projectstatusdisplay": "project-status status",
    "last_stage_reached_name": "last-stage-reached-name",
    "project_name": "project-name projectname",
    "pdo": "project-development-objective",
    "impagency": "implementing-agency",
    "borrower": "borrower",
    "boardapprovaldate": "board-approval-date",
    "closingdate": "project-closing-date closing-date",
    "loan_effective_date": "loan-effective-date effective-date",
    "public_disclosure_date": "public-disclosure-date",
    "curr_project_cost": "current-project-cost project-cost lendprojectcost",
    "curr_ibrd_commitment": "ibrd-commitment ibrdcommamt",
    "curr_ida_commitment": "ida-commitment idacommamt",
    "curr_total_commitment": "total-commitment total-ida-and-ibrd-commitment ibrd-ida-commitment "
    "total-ibrd-ida-and-grant-commitment totalcommamt totalamt",
    "grantamt": "grant-amount",
    "lendinginstr": "lending-instrument",
    "envassesmentcategorycode": "environmental-assessment-category",
    "esrc_ovrl_risk_rate": "environmental-and-social-risk environmental-social-risk",
    "sector1": "sector-1",
    "sector2": "sector-2",
    "sector3": "sector-3",
    "sector4": "sector-4",
    "sector5": "sector-5",
    "theme1": "theme-1",
    "theme2": "theme-2",
    "theme3": "theme-3",
    "cons_serv_reqd_ind": "consultant-services-required",
    "projectfinancialtype": "financing-type",
    "url": "project-url",
    "supplementprojectflg": "supplement-project-flag supplement-flag",
    "project_abstract": "project-abstract",
    "sector": "",
    "locations": "",
}
_NAMES = {alias: name for name, others in COLUMNS.items() for alias in (vocab.slug(name), *others.split())}

Place = Callable[[str], str]


def rows_of(session: Session) -> Iterator[tuple[dict[str, str], Place, int]]:
    """Values of each row, where a column of it stands, and its line (0 in JSON)."""
    with open(session.file.path, "rb") as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    return _json_rows(session) if start.startswith((b"{", b"[")) else _table_rows(session)


def _json_rows(session: Session) -> Iterator[tuple[dict[str, str], Place, int]]:
    file = session.file
    try:
        whole = json.loads(file.path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused(Problem(file.shown, 0, "the file is not UTF-8 text", "Save it as UTF-8.")) from None
    except RecursionError:
        raise Refused(Problem(file.shown, 0, "the file is nested too deep to be an answer of the API", "Fetch the file again.")) from None
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) - 1
        raise Refused(
            Problem(
                file.shown,
                error.lineno,
                "the file ends in the middle" if cut else f"not valid JSON: {error.msg} (column {error.colno})",
                "Fetch the whole file again.",
            )
        ) from None
    listed = whole.get("projects", whole) if isinstance(whole, dict) else whole
    rows = list(listed.values()) if isinstance(listed, dict) else listed
    rows = [r for r in rows if isinstance(r, dict)] if isinstance(rows, list) else []
    if not any("id" in r or "proj_id" in r for r in rows):
        raise Refused(Problem(file.shown, 0, "the file holds no projects with an 'id'", "Give an answer of the World Bank's projects API."))
    for at, row in enumerate(rows, 1):
        if set(row) <= {"facets"} or not ("id" in row or "proj_id" in row):
            continue
        values: dict[str, str] = {}
        for name, value in row.items():
            known = _NAMES.get(vocab.slug(name), name)
            said = _flat(value)
            if said and (known not in values or name == known):
                values[known] = said
        for n, one in enumerate(row.get("sector") or () if isinstance(row.get("sector"), list) else (), 1):
            values.setdefault(f"sector{n}", _flat(one))
        values.pop("sector", None)
        values["locations"] = (
            "; ".join(filter(None, (_flat(p.get("geoLocName")) for p in row.get("locations") or () if isinstance(p, dict))))
            if isinstance(row.get("locations"), list)
            else ""
        )
        yield values, (lambda name, n=at: f" (project {n}, {name})" if name else f"project {n}"), 0  # type: ignore[misc]


def _flat(value: Any) -> str:
    """A value of the API as text: lists are joined, an object gives its name."""
    if isinstance(value, dict):
        return _flat(next((value[k] for k in ("Name", "name", "cdata", "#text") if k in value), ""))
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_flat, value))))
    return "" if value is None else plain(str(value))


def _table_rows(session: Session) -> Iterator[tuple[dict[str, str], Place, int]]:
    sheets = open_table(session.file)
    chosen = next((s for s in sheets if s.name.lower().startswith("project")), sheets[0] if sheets else None)
    if chosen is None:
        raise Refused(Problem(session.file.shown, 0, "the workbook has no sheet", "Give the export as it was downloaded."))
    for other in sheets:
        if other is not chosen:
            session.remark(
                f"sheet '{other.name}' is not read: the projects stand in '{chosen.name}'" + (" (it is hidden)" if other.hidden else "")
            )
    heads: dict[int, str] = {}
    letters: dict[str, str] = {}
    looked = 0
    for row in chosen.rows():
        if not heads:
            looked += 1
            heads = _heads(row, session, chosen.name)
            letters = {name: column(at) for at, name in heads.items()}
            if not heads and looked > 12:
                break
            continue
        if len(_heads(row, None, "")) > 3:  # labels and API names, one above the other
            continue
        values: dict[str, str] = {}
        for at, cell in row.cells.items():
            name = heads.get(at)
            if name and name not in values:
                values[name] = plain(cell.value)
        if values:
            start = f":{chosen.name}:{row.number}" if chosen.name else f":{row.number}"
            yield values, (lambda name, start=start, at=letters: f"{start}:{at.get(name, name)}" if name else start), row.number  # type: ignore[misc]
    session.sheet_done(chosen)
    if not heads:
        raise Refused(
            Problem(
                session.file.shown,
                0,
                "no line with the headings 'Project ID' and 'Project Name' (or id and project_name) was found",
                "Give the export as it was downloaded.",
            )
        )


def _heads(row: Row, session: Session | None, sheet: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for at, cell in sorted(row.cells.items()):
        name = _NAMES.get(vocab.slug(cell.value))
        if name and name in found.values() and session is not None:
            session.fault(
                row.number,
                f"the heading '{cell.value}' stands twice",
                "Keep one of the columns; the first was read.",
                where=f":{sheet}" if sheet else "",
            )
        elif name:
            found[at] = name
        elif session is not None:
            found[at] = f"({plain(cell.value)})"
    return found if {"id", "project_name"} <= set(found.values()) else {}
