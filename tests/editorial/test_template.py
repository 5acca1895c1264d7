"""The template of a new case: refused as long as a word in capitals is left, sound when it is filled in."""

from __future__ import annotations

import re
from pathlib import Path

from gpsa_graph.cases import Case, Data, check_folder
from gpsa_graph.resources import data_folder

TEMPLATE = data_folder() / "cases" / "_template.yaml"
_PLACEHOLDER = re.compile(r"[A-Z]{3,}(?:[ -][A-Z]{2,})+")
FILLED = {"ISO-SHORT-NAME": "mwi-filled-in", "COUNTRY-CODE": "MWI", "SECTOR": "education", "MECHANISM": "community-scorecard"}


def fill(text: str, everything: Data, *, uncomment: bool) -> str:
    rows = everything.authority
    organisation = next(o.id for o in rows.organisation.values() if o.id.startswith("mwi-") and not o.is_public)
    body = next(o.id for o in rows.organisation.values() if o.id.startswith("mwi-") and o.is_public)
    if uncomment:
        kept = [line for line in text.splitlines() if not re.match(r"# [A-Z][a-z ]", line)]
        kept = [line for line in kept if "ANOTHER-CASE" not in line and not line.startswith("# related")]
        text = "\n".join(re.sub(r"^# ?", "", line) for line in kept) + "\n"
        text = re.sub(r"  - \{organisation: ID-IN-ORGANISATIONS-CSV, role: WHAT IT DID, sources: \[s1\]\}\n", "", text)
    for name, value in FILLED.items():
        text = text.replace(name, value)
    text = text.replace("ID-IN-ORGANISATIONS-CSV, role: WHAT THE SOURCE", f"{body}, role: WHAT THE SOURCE")
    text = text.replace("bodies: [ID-IN-ORGANISATIONS-CSV]", f"bodies: [{body}]").replace("ID-IN-ORGANISATIONS-CSV", organisation)
    text = text.replace("ID-IN-PLACES-CSV", next(p for p in rows.place if p.startswith("mwi-")))
    return text.replace("ID-IN-SOURCES-CSV", sorted(rows.source)[0])


def test_the_template_is_refused_until_it_is_filled(tmp_path: Path) -> None:
    copy = tmp_path / "mwi-filled-in.yaml"
    copy.write_text(TEMPLATE.read_text("utf-8").replace("ISO-SHORT-NAME", "mwi-filled-in"), "utf-8")
    _, problems = check_folder(only=[copy])
    told = " ".join(str(p) for p in problems)
    left = [w for w in ("COUNTRY-CODE", "ID-IN-SOURCES-CSV", "SECTOR", "MECHANISM") if w not in told]
    assert left == [], f"check says nothing of {left} in an unfilled template: {told[:300]}"


def test_the_filled_template_is_sound(tmp_path: Path, everything: Data) -> None:
    copy = tmp_path / "mwi-filled-in.yaml"
    copy.write_text(fill(TEMPLATE.read_text("utf-8"), everything, uncomment=False), "utf-8")
    _, problems = check_folder(only=[copy])
    assert problems == [], f"data/cases/_template.yaml, filled in, has faults: {problems[0]}"


def test_the_optional_lines_of_the_template_are_sound(tmp_path: Path, everything: Data) -> None:
    copy = tmp_path / "mwi-filled-in.yaml"
    copy.write_text(fill(TEMPLATE.read_text("utf-8"), everything, uncomment=True), "utf-8")
    _, problems = check_folder(only=[copy])
    assert problems == [], f"data/cases/_template.yaml, with all its optional lines, has faults: {[str(p) for p in problems]}"


def test_the_template_shows_every_key_of_a_case() -> None:
    text = TEMPLATE.read_text("utf-8")
    keys = [f for f in Case.__dataclass_fields__ if f not in ("path", "line", "cites", "other_ids", "register")]
    missing = [k for k in keys if not re.search(rf"^(?:# )?{k}:", text, re.MULTILINE)]
    assert missing == [], f"data/cases/_template.yaml: show the keys {missing}"


def test_no_placeholder_is_left_in_a_case(case: Case) -> None:
    """A text of the template that nobody replaced."""
    words = set(_PLACEHOLDER.findall(TEMPLATE.read_text("utf-8")))
    file = data_folder() / "cases" / f"{case.id}.yaml"
    left = sorted(w for w in words if w in file.read_text("utf-8"))
    assert left == [], f"{case.path}: replace {', '.join(left)}."
