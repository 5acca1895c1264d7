"""Compare the evidence sheets with the data, leaf by leaf.

    python tests/editorial/audit.py SHEETS_FOLDER [DATA_FOLDER]

The sheets do not ship, so this is run by hand. `fates.csv` beside this file gives every entry of every sheet a fate; this
script finds the fate of each leaf (the longest path that begins it) and does not trust it: for a leaf that was kept it looks
in the case file, in its entry and in the rows of the authority lists that the entry names, for the same text, number, date,
concept or source. It prints every leaf without a fate and every leaf that is not found, and ends with 1 if there is one.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority, read_authority
from gpsa_graph.cases.text import Items, Map, read_map
from gpsa_graph.resources import data_folder, ontology_files

HERE = Path(__file__).resolve().parent
PROGRAMME = ("programme", "wb-gpsa-portfolio")
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
_CONCEPTS = {"mechanisms": "mechanism", "sectors": "sector", "collaboration": "collaboration-form",
             "evaluation_design": "evaluation-design"}
#: The kinds of source of the sheets, and the rung that each is when nothing else was found on reading.
SOURCE_KINDS = {"story": "story", "press release": "story", "project page": "programme-page", "project document": "project-document",
                "case study": "case-study", "evaluation": "evaluation", "implementation completion report": "icr", "annual report": "own"}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every scalar of a sheet with its path, such as `results[3].text`."""
    if isinstance(value, Map):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, Items):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{number}]")
    else:
        yield path, " ".join(str(value).split())


def fates(file: Path = HERE / "fates.csv") -> dict[tuple[str, str], tuple[str, str, str]]:
    """(sheet, path) -> (fate, where, why)."""
    with file.open(encoding="utf-8", newline="") as rows:
        return {(r["sheet"], r["path"]): (r["fate"], r["where"], r["why"]) for r in csv.DictReader(rows)}


def fate_of(known: dict[tuple[str, str], tuple[str, str, str]], sheet: str, path: str) -> tuple[str, str, str] | None:
    """The fate of the longest path that begins `path`."""
    steps = _STEP.findall(path)
    for length in range(len(steps), 0, -1):
        shorter = "".join(s if s.startswith("[") or i == 0 else "." + s for i, s in enumerate(steps[:length]))
        found = known.get((sheet, shorter))
        if found:
            return found
    return None


def entries_at(case: Map, where: str) -> list[Any]:
    """What stands in a case file at `results[3]`, `results[3..5]`, `codes` or `title.note`."""
    found: list[Any] = []
    for part in where.replace("; ", " ").replace(", ", " ").split():
        match = re.match(r"(\w+)(?:\[(\d+)(?:\.\.(\d+))?\])?", part)
        if not match or match[1] not in case:
            continue
        value = case[match[1]]
        if isinstance(value, Items) and match[2]:
            found += value[int(match[2]):int(match[3] or match[2]) + 1]
        else:
            found += value if isinstance(value, Items) else [value]
    return found


class Sheet:
    """One sheet beside its case file."""

    def __init__(self, name: str, sheet: Map, case: Map, authority: Authority, wider: dict[str, set[str]]) -> None:
        self.name, self.sheet, self.case, self.authority = name, sheet, case, authority
        self.sources = {str(s["id"]): s for s in sheet.get("sources", [])}
        self.cited = {k: str(v) for k, v in case["sources"].items()}
        self.wider = wider

    def kept(self, path: str, value: str, where: str, what: str) -> bool:
        """Whether a leaf is really in the data."""
        steps = _STEP.findall(path)
        key, last = steps[0], next(s for s in reversed(steps) if not s.startswith("["))
        here = entries_at(self.case, where)
        if key == "sources" and last != "sources":
            return self.source(self.sources[str(self.sheet["sources"][int(steps[1][1:-1])]["id"])], last, value)
        if last == "sources" or last.endswith("_sources"):
            name = self.cited.get(value)
            return any(value in e.get("sources", ()) or name in e.get("sources", ()) for e in here if isinstance(e, Map))
        if what in ("split", "merged into") and last in ("text", "indicator", "baseline", "value", "unit", "note", "role", "name"):
            return pooled(value, [t for e in here for _, t in leaves(e)])
        row = [self.authority.organisation[o] for e in here if isinstance(e, Map) and (o := e.get("organisation"))]
        if key in ("grantee", "partners", "government") and last in ("name", "acronym", "also"):
            said = [s for r in row for s in (r.name, r.acronym, *r.also.split(" | "))]
            said += [s for e in here for s in (e.get("group"), e.get("acronym"), e.get("as_called"), *e.get("also", [])) if s]
            return value in said or any(value in e.get("note", "") for e in here)
        if last == "group":
            return bool(here) and all("group" in e for e in here)
        if key in ("grantee", "partners", "government") and last in ("kind", "level", "country"):
            return self.party(last, value, row, here)
        if key in _CONCEPTS and last == "name":
            scheme = _CONCEPTS[key]
            wanted = self.authority.labels[scheme].get(vocab.slug(value))
            return any(e["id"] == wanted and value in (e.get("term", self.authority.concept[scheme][e["id"]]), wanted) for e in here)
        if key == "places":
            return self.place(last, value, here)
        if key == "results" and last in ("kind", "finding", "effect"):
            scheme = {"kind": "result-kind"}.get(last, "finding")
            wanted = "negative" if last == "effect" else self.authority.labels[scheme].get(vocab.slug(value))
            overruled = last == "finding" and self.sheet["results"][int(steps[1][1:-1])].get("effect") == "unwanted"
            return any(e[last if last != "effect" else "finding"] in ((wanted, "negative") if overruled else (wanted,)) for e in here)
        if key == "people" and last == "organisation":
            said = [s for r in row for s in (r.name, r.acronym, *r.also.split(" | "))] + [e.get("as_called") for e in here]
            return value in said
        return self.simple(key, last, value, here)

    def simple(self, key: str, last: str, value: str, here: list[Any]) -> bool:
        if key in ("programme", "programme_name"):
            made = self.case["programme"]
            if value == "other":
                return "name" in made
            return value in (made.get("name"), str(made.get("id", "")).upper()) or value in made.get("note", "")
        if key == "call":
            return str(self.case["call"]["id"]) == f"gpsa-{value}"
        if key in ("country", "countries"):
            rows = [self.authority.country[str(c["id"])] for c in self.case["countries"]]
            return any(value == getattr(r, "id" if last == "iso3" else "name") for r in rows)
        if key == "dates" and last in ("approval", "launch", "start", "closing"):
            return any(e["value"] == value and e["kind"] in (last, "announcement") for e in here)
        if last == "amount_usd" or (key == "amount_usd" and last == "value"):
            return any(e.get("usd") == value for e in here)
        if key == "register" and last == "wb_project_id":
            return any(e["id"] == value for e in here)
        if key == "related":
            return any(e.get({"id": "case"}.get(last, last)) == value for e in here)
        if key == "results" and last in ("value", "baseline", "unit", "indicator", "year"):
            return any(e.get(last) == value for e in here)
        texts = [" ".join(t.split()) for e in here for _, t in leaves(e)] + [str(e) for e in here if not isinstance(e, Map | Items)]
        if last in ("text", "title") or key in ("id", "other_ids", "status", "wb_project_id", "wb_trust_fund"):
            return value in texts
        return any(value in t for t in texts)

    def party(self, last: str, value: str, row: list[Any], here: list[Any]) -> bool:
        if last == "country":
            return any(r.country == value for r in row) or any(
                "group" in e and e.get("country", self.case["countries"][0]["id"]) == value for e in here)
        wanted = self.authority.labels["actor" if last == "kind" else "government-level"].get(vocab.slug(value))
        said = [getattr(r, last) for r in row] + [str(e[last]) for e in here if last in e]
        return any(wanted == s or wanted in self.wider.get(s, ()) for s in said)

    def place(self, last: str, value: str, here: list[Any]) -> bool:
        rows = [self.authority.place[str(e["place"])] for e in here if "place" in e]
        if last == "kind":
            wanted = vocab.slug(value)
            return any(r.kind == wanted for r in rows) or any(e.get("kind") == value or "country" in e for e in here)
        names = [s for r in rows for s in (r.name, *r.also.split(" | "))] + [e.get("group") for e in here]
        names += [self.authority.country[str(e["country"])].name for e in here if "country" in e]
        return value in names or any(value in e.get("note", "") for e in here)

    def source(self, given: Map, last: str, value: str) -> bool:
        row = self.authority.source[self.cited[str(given["id"])]]
        if last == "id":
            return True
        if last == "kind":
            return row.kind == SOURCE_KINDS[value]
        return value in getattr(row, last) or (last == "url" and vocab.normal_url(value) == vocab.normal_url(row.url))


def wider_actors() -> dict[str, set[str]]:
    """Each type of actor with all types above it."""
    import pyoxigraph

    above: dict[str, str] = {}
    start, broader = vocab.PREFIXES["actor"], vocab.PREFIXES["skos"] + "broader"
    file = next(f for f in ontology_files() if f.name == "actors.ttl")
    for quad in pyoxigraph.parse(path=str(file), format=pyoxigraph.RdfFormat.TURTLE):
        if quad.predicate.value == broader and quad.object.value.startswith(start):
            above[quad.subject.value.removeprefix(start)] = quad.object.value.removeprefix(start)
    found: dict[str, set[str]] = {}
    for name in above:
        chain, here = set(), name
        while here in above:
            here = above[here]
            chain.add(here)
        found[name] = chain
    return found


def words(text: str) -> set[str]:
    return {w for w in re.findall(r"\w+", text.casefold()) if len(w) > 3 or w.isdigit()}


def pooled(value: str, texts: list[str]) -> bool:
    """Whether entries made out of one by splitting hold, together, its numbers and four fifths of its words."""
    text = " ".join(texts).replace(",", "")
    bag, plain = words(text), value.replace(",", "")
    numbers = re.findall(r"\d+(?:\.\d+)?", plain)
    wanted = words(plain)
    return all(n in text for n in numbers) and len(wanted & bag) >= 0.8 * len(wanted)


def loosely_kept(value: str, texts: list[str], all_words: list[set[str]]) -> bool:
    """The programme file is written by hand: numbers and dates are found as they are, sentences by four fifths of their words."""
    plain = value.replace(",", "")
    if any(plain in t for t in texts) or value in ("true", "false"):
        return True
    wanted = words(plain)
    return any(len(wanted & w) >= 0.8 * len(wanted) for w in all_words)


def check(sheets: Path, data: Path) -> tuple[list[str], Counter[tuple[str, str]]]:
    """The faults, and how many leaves of each sheet have each fate."""
    problems: list[Any] = []
    authority = read_authority(data, ontology_files()[1:], problems, lambda p: p.name)
    known, wider = fates(), wider_actors()
    faults: list[str] = []
    counts: Counter[tuple[str, str]] = Counter()
    texts: list[str] = []
    for file in (data / "programme.yaml", *sorted((data / "events").glob("*.yaml"))):
        texts += [t.replace(",", "") for _, t in leaves(read_map(file, file.name, problems))]
    for name in ("countries", "organisations", "sources"):
        texts += [t.replace(",", "") for t in (data / f"{name}.csv").read_text("utf-8").splitlines()]
    cases = {}
    for file in sorted((data / "cases").glob("*.yaml")):
        if not file.name.startswith("_"):
            cases[file.stem] = read_map(file, file.name, problems)
    rows = [t.replace(",", "") for case in cases.values() for _, t in leaves(case)]
    bags = [words(t) for t in texts]
    for file in sorted(sheets.glob("*.yaml")):
        if file.name.startswith("vocab-"):
            continue
        sheet = read_map(file, file.name, problems)
        beside = Sheet(file.stem, sheet, cases[file.stem], authority, wider) if file.stem in cases else None
        for path, value in leaves(sheet):
            fate = fate_of(known, file.stem, path)
            if fate is None:
                faults.append(f"{file.stem}: {path} has no fate: {value[:80]}")
                continue
            what, where, why = fate
            counts[file.stem, what] += 1
            if what == "left out":
                found = bool(why)
            elif file.stem == "wb-gpsa-portfolio":
                found = in_register(cases[where.partition(":")[0]], path, value) if where else True
            elif what == "changed" and beside is None:
                found = any(where.replace(",", "") in t for t in texts)
            elif beside is None:
                found = loosely_kept(value, texts + rows, bags) or re.search(r"(?:sources|source)\[", path) is not None
            elif what == "changed":
                found = changed(beside, known, path, where)
            else:
                found = beside.kept(path, value, where, what)
            if not found:
                faults.append(f"{file.stem}: {path} ({what} {where}) is not there: {value[:160]}")
    faults += [str(p) for p in problems]
    return faults, counts


def in_register(case: Map, path: str, value: str) -> bool:
    """Whether a leaf of a register row stands in the case that the row belongs to."""
    texts = [" ".join(t.split()) for _, t in leaves(case)]
    key = _STEP.findall(path)[2]
    if key == "gpsa_call":
        return value in str(case.get("call", {}).get("id", "gaps")) or "call" in str(case.get("gaps", ""))
    if key == "case_file":
        return str(case["id"]) == value
    if key == "status":
        return value.lower() in texts or any(value in t for t in texts)
    if key == "note":
        return pooled(re.sub(r"\bg\d+\b|\([^)]*\.yaml\)", "", value), texts)
    return any(value in t for t in texts)


def changed(beside: Sheet, known: dict[tuple[str, str], tuple[str, str, str]], path: str, to: str) -> bool:
    """Whether the value that replaced that of the sheet is in the case file."""
    entry = fate_of(known, beside.name, path.rpartition(".")[0])
    if path.startswith("sources["):
        row = beside.authority.source[beside.cited[str(beside.sheet["sources"][int(_STEP.findall(path)[1][1:-1])]["id"])]]
        return to in (row.kind, row.title)
    here = entries_at(beside.case, entry[1]) if entry else []
    texts = [t for e in here for _, t in leaves(e)]
    rows = [beside.authority.organisation[o] for e in here if isinstance(e, Map) and (o := e.get("organisation"))]
    texts += [s for r in rows for s in (r.kind, r.level, r.country, r.name, r.acronym)]
    texts += [beside.authority.place[str(e["place"])].name for e in here if isinstance(e, Map) and "place" in e]
    said = " ".join(to.split())
    ids = {labels.get(vocab.slug(said)) for labels in beside.authority.labels.values()} | {vocab.slug(said)}
    return not to or bool(ids & set(texts)) or any(said in " ".join(t.split()) for t in texts)


def main(arguments: list[str]) -> int:
    if not arguments or not Path(arguments[0]).is_dir():
        sys.stderr.write((__doc__ or "") + "\n")
        return 2
    faults, counts = check(Path(arguments[0]), Path(arguments[1]) if len(arguments) > 1 else data_folder())
    for fault in faults:
        sys.stdout.write(fault + "\n")
    total: Counter[str] = Counter()
    for (_, what), number in counts.items():
        total[what] += number
    sys.stdout.write(f"{sum(total.values())} leaves of {len({s for s, _ in counts})} sheets: "
                     + ", ".join(f"{n} {w}" for w, n in sorted(total.items())) + f"; {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
