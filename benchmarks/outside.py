# ruff: noqa: E501
# ruff: noqa: E501
"""Outside data of any size, made up: IATI activities and rows of the World Bank's list. Names and numbers mean nothing."""

from __future__ import annotations

import random
from pathlib import Path
from xml.sax.saxutils import escape

_LANDS = (
    "MW",
    "KE",
    "UG",
    "GH",
    "MZ",
    "NP",
    "PH",
    "ID",
    "PY",
    "TJ",
    "RW",
    "ZM",
    "BD",
    "KG",
    "MD",
    "AM",
    "MN",
    "PE",
    "BO",
    "VN",
    "SN",
    "ET",
)
_NAMES = (
    "Malawi",
    "Republic of Kenya",
    "Uganda",
    "Republic of Ghana",
    "Nepal",
    "Republic of Indonesia",
    "Peru",
    "Kyrgyz Republic",
    "Moldova",
    "Congo, Democratic Republic of",
    "Egypt, Arab Republic of",
    "Viet Nam",
)
_DAC = ("11220", "12220", "14030", "15111", "15150", "16010", "31120", "43030", "15113", "11330", "74020", "99810")
_WORDS = (
    "citizens",
    "schools",
    "clinics",
    "water",
    "budget",
    "district",
    "services",
    "monitor",
    "roads",
    "learning",
    "voice",
    "health",
    "rights",
    "data",
    "women",
    "youth",
    "councils",
    "audit",
    "open",
    "local",
    "reform",
    "access",
    "quality",
    "social",
)
_TYPES = ("10", "15", "21", "22", "40", "60", "80")


def _text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choice(_WORDS) for _ in range(words)).capitalize()


def iati_file(path: Path, activities: int, seed: int = 1) -> Path:
    """Write a file of IATI 2.03 with so many activities, some 4.5 kB each."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03" generated-datetime="2024-05-06T00:00:00Z">\n')
        for n in range(activities):
            land, fund, year = draw.choice(_LANDS), draw.randrange(40), draw.randrange(2005, 2022)
            parts = [
                f'<iati-activity xml:lang="en" default-currency="{draw.choice(("USD", "USD", "EUR", "GBP"))}" last-updated-datetime="2024-01-02T00:00:00Z">',
                f"<iati-identifier>XM-BENCH-{fund}-{n}</iati-identifier>",
                f'<reporting-org ref="XM-BENCH-{fund}" type="40"><narrative>Bench Fund {fund}</narrative></reporting-org>',
                f"<title><narrative>{escape(_text(draw, 6))} {n}</narrative></title>",
                f'<description type="1"><narrative>{escape(_text(draw, 60))} {draw.choice(("", "community scorecard", "social audit"))}</narrative></description>',
                f'<description type="2"><narrative>{escape(_text(draw, 25))}</narrative></description>',
                f'<participating-org ref="XM-BENCH-{fund}" type="40" role="1"><narrative>Bench Fund {fund}</narrative></participating-org>',
                f'<participating-org type="10" role="2"><narrative>Ministry of {draw.choice(_WORDS).capitalize()}</narrative></participating-org>',
            ]
            for _ in range(draw.randrange(1, 3)):
                who = draw.randrange(3000)
                parts.append(
                    f'<participating-org ref="{land}-NGO-{who}" type="{_TYPES[who % len(_TYPES)]}" role="4">'
                    f"<narrative>{_text(random.Random(who), 3)} {who}</narrative></participating-org>"
                )
            parts += [
                f'<activity-status code="{draw.randrange(1, 6)}"/>',
                f'<activity-date type="1" iso-date="{year}-01-01"/>',
                f'<activity-date type="2" iso-date="{year}-02-{draw.randrange(1, 28):02}"/>',
                f'<activity-date type="3" iso-date="{year + 4}-12-31"/>',
                "<contact-info><organisation><narrative>Somebody</narrative></organisation></contact-info>",
                f'<recipient-country code="{land}" percentage="100"/>',
                f"<location><name><narrative>District {draw.randrange(300)}</narrative></name></location>",
                f'<sector vocabulary="1" code="{draw.choice(_DAC)}" percentage="100"/>',
                '<policy-marker vocabulary="1" code="3" significance="1"/>',
                '<default-flow-type code="10"/>',
                '<default-aid-type code="C01"/>',
            ]
            for k in range(draw.randrange(1, 4)):
                parts.append(
                    f'<budget type="1"><period-start iso-date="{year + k}-01-01"/><period-end iso-date="{year + k}-12-31"/>'
                    f'<value value-date="{year + k}-01-01">{draw.randrange(1000, 900000)}</value></budget>'
                )
            for k in range(draw.randrange(2, 8)):
                parts.append(
                    f'<transaction><transaction-type code="{2 if k == 0 else draw.choice((3, 4))}"/><transaction-date iso-date="{year + k % 4}-03-01"/>'
                    f'<value value-date="{year + k % 4}-03-01">{draw.randrange(1000, 500000)}</value></transaction>'
                )
            parts.append(
                f'<document-link url="https://example.org/{n}.pdf" format="application/pdf"><title><narrative>Report {n}</narrative></title>'
                f'<category code="{draw.choice(("A08", "A09", "A01"))}"/></document-link>'
            )
            if n:
                parts.append(f'<related-activity ref="XM-BENCH-{fund}-{draw.randrange(n)}" type="3"/>')
            for k in range(draw.randrange(0, 3)):
                parts.append(
                    f'<result type="{draw.choice((1, 2))}"><title><narrative>{_text(draw, 5)}</narrative></title><indicator measure="1">'
                    f'<title><narrative>{_text(draw, 4)} {k}</narrative></title><baseline year="{year}" value="0"/><period>'
                    f'<period-start iso-date="{year + 1}-01-01"/><period-end iso-date="{year + 1}-12-31"/><target value="100"/>'
                    f'<actual value="{draw.randrange(120)}"/></period></indicator></result>'
                )
            parts.append("</iati-activity>\n")
            out.write("".join(parts))
        out.write("</iati-activities>\n")
    return path


def bank_file(path: Path, rows: int, seed: int = 2) -> Path:
    """Write an export in the form of 2022 (a caption, then the labels) with so many rows."""
    import xlsxwriter

    draw = random.Random(seed)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("World Bank Projects")
    page.write(0, 0, "World Bank Projects (made up)")
    page.write_row(
        1,
        0,
        [
            "Project ID",
            "Region",
            "Country",
            "Project Status",
            "Project Name",
            "Project Development Objective ",
            "Implementing Agency",
            "Borrower",
            "Board Approval Date",
            "Project Closing Date",
            "Current Project Cost",
            "IBRD Commitment",
            "IDA Commitment",
            "Grant Amount",
            "Lending Instrument",
            "Environmental Assessment Category",
            "Sector 1",
            "Sector 2",
            "Theme 1",
            "Project URL",
        ],
    )
    sectors = ("Health", "Primary Education", "Water Supply", "Social Protection", "Sub-National Government", "Other Public Administration")
    for n in range(rows):
        year = draw.randrange(1990, 2022)
        page.write_row(
            n + 2,
            0,
            [
                f"P{100000 + n}",
                "Africa",
                draw.choice(_NAMES),
                draw.choice(("Active", "Closed", "Dropped", "Pipeline")),
                f"{_text(draw, 6)} {n}",
                _text(draw, 40),
                f"Agency {draw.randrange(4000)}",
                f"Ministry of {draw.choice(_WORDS)}",
                f"{draw.randrange(1, 13)}/{draw.randrange(1, 28)}/{year} 12:00:00 AM",
                f"{year + 5}-12-31T00:00:00Z",
                draw.randrange(10**6, 10**8),
                draw.randrange(2) * draw.randrange(10**6, 10**8),
                0,
                draw.randrange(10**6),
                "Investment Project Financing",
                draw.choice("ABC"),
                draw.choice(sectors),
                draw.choice(sectors),
                "Participation",
                f"https://projects.worldbank.org/P{100000 + n}",
            ],
        )
    book.close()
    return path
