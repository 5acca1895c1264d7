"""Follow facts drawn at random from the graph to the case file, to the evidence sheet and to the source entry of the sheet.

    python tests/editorial/trace.py SHEETS_FOLDER [SEED [NUMBER]] [--table]

Without a seed the hundred facts of `traced.csv` are followed, which were drawn with seed 20261125 before the faults found in them
were mended; with a seed new ones are drawn. A fact is a claim about a case, or a part of a case (participation, person, result,
challenge, lesson, gap). For each the script finds the entry of the case file that says it and the path of the sheet that it comes
from (`fates.csv`), compares the sources at both ends, and prints all of it for a person to read: whether the wording got stronger
on the way no script can tell.
`--table` prints the table of docs/audit.md instead.
"""

from __future__ import annotations

import csv
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from audit import fates, leaves, read_map

import gpsa_graph
from gpsa_graph.cases import Case, Entry, check_folder

HERE = Path(__file__).resolve().parent
NUMBER = 100
Fact = tuple[str, str, str, str]
_CLAIMS = """SELECT ?claim ?case ?property ?value WHERE { ?case a gpsa:Case . ?claim gpsa:about ?case ; rdf:predicate ?property ;
    rdf:object ?value } ORDER BY ?claim ?case"""
_PARTS = """SELECT ?part ?case ?type (SAMPLE(?said) AS ?text) WHERE { ?case a gpsa:Case . ?part gpsa:inCase ?case ; a ?type .
    FILTER(?type IN (gpsa:Participation, gpsa:Person, gpsa:Result, gpsa:Challenge, gpsa:Lesson, gpsa:Gap))
    OPTIONAL { ?part gpsa:text ?text1 } OPTIONAL { ?part gpsa:organisation ?organisation } OPTIONAL { ?part rdfs:label ?label }
    BIND(COALESCE(?text1, ?label, ?organisation) AS ?said) } GROUP BY ?part ?case ?type ORDER BY ?part"""
_KEYS = {"title": "title", "alternative": "also_titled register", "hasGrantee": "grantee", "hasPartner": "partners",
         "involvesGovernment": "government", "sector": "sectors", "usesMechanism": "mechanisms", "collaborationForm": "collaboration",
         "amount": "amounts register", "worldBankProject": "codes register", "trustFund": "codes", "country": "countries",
         "place": "places", "baselineFact": "baseline", "note": "notes", "evaluationDesign": "evaluation", "relatedCase": "related",
         "attribution": "programme", "status": "status register"}
_PARTS_OF = {"Participation": "grantee partners government", "Person": "people", "Result": "results", "Challenge": "challenges",
             "Lesson": "lessons", "Gap": "gaps"}


def entries(case: Case, keys: str) -> Iterator[tuple[str, Entry]]:
    for key in keys.split():
        value = getattr(case, key)
        for number, entry in enumerate(value if isinstance(value, tuple) else (value,)):
            if entry is not None:
                yield (f"{key}[{number}]" if isinstance(value, tuple) else key), entry


def says(entry: Entry, value: str) -> bool:
    local = value.partition(":")[2] if re.match(r"[a-z-]+:\S+\Z", value) else value
    own = [str(getattr(entry, f)) for f in entry.__dataclass_fields__ if f not in ("sources", "line")]
    if own and any(local == o or value == o for o in own):
        return True
    return any(re.fullmatch(r"\d+(?:\.0+)?", o) and re.fullmatch(r"\d+(?:\.\d+)?", local) and float(o) == float(local) for o in own)


def facts(kg: Any) -> list[Fact]:
    """(node, case, property or type, value), in the order of the nodes."""
    found = [tuple(map(str, row)) for row in kg.query(_CLAIMS)] + [tuple(map(str, row)) for row in kg.query(_PARTS)]
    return sorted((n, c.removeprefix("case:"), p.partition(":")[2], v) for n, c, p, v in found)


def pinned(known: list[Fact]) -> list[Fact]:
    """The facts of traced.csv as the graph has them now; SystemExit where one is gone."""
    with (HERE / "traced.csv").open(encoding="utf-8", newline="") as rows:
        wanted = [row["node"] for row in csv.DictReader(rows)]
    by_node = {fact[0]: fact for fact in known}
    gone = [node for node in wanted if node not in by_node]
    if gone:
        raise SystemExit(f"{len(gone)} of the facts of traced.csv are no longer in the graph: {', '.join(gone)}")
    return [by_node[node] for node in wanted]


def main(arguments: list[str]) -> int:
    if not arguments or not Path(arguments[0]).is_dir():
        sys.stderr.write((__doc__ or "") + "\n")
        return 2
    table = "--table" in arguments
    arguments = [a for a in arguments if a != "--table"]
    number = int((arguments[2:] or [NUMBER])[0])
    kg, known = gpsa_graph.load(), fates()
    data, _ = check_folder()
    all_facts = facts(kg)
    drawn = random.Random(int(arguments[1])).sample(all_facts, number) if arguments[1:] else pinned(all_facts)
    back: dict[tuple[str, str], list[str]] = {}
    for (sheet, path), (fate, where, _) in known.items():
        if fate in ("kept as", "split", "merged into"):
            for one in _spread(where):
                back.setdefault((sheet, one), []).append(path)
    lost = 0
    for count, (node, name, relation, value) in enumerate(sorted(drawn, key=lambda f: (f[1], f[2], f[3])), 1):
        case = data.case(name)
        keys = _PARTS_OF.get(relation) or _KEYS.get(relation) or ("dates register" if relation.endswith("Date") else relation)
        hits = [(where, e) for where, e in entries(case, keys) if says(e, value) or (relation in ("programme", "place", "call"))]
        hits = [h for h in hits if says(h[1], value)] or hits
        paths = sorted({p for where, _ in hits for p in back.get((name, where), back.get((name, where.partition("[")[0]), []))})
        rows = {tuple(kg.query(f"SELECT ?s WHERE {{ {node} prov:wasDerivedFrom ?s }}"))}
        cited = sorted({str(r[0]) for rs in rows for r in rs})
        sheet_file = Path(arguments[0]) / f"{name}.yaml"
        sheet = dict(leaves(read_map(sheet_file, name, []))) if sheet_file.exists() else {}
        shown = {p: {k: v for k, v in sheet.items() if k == p or k.startswith((p + ".", p + "["))} for p in paths}
        wanted = sorted({f"source:{data.authority.source[s].name}" for _, e in hits for s in e.sources})
        lost += cited != wanted or not hits
        if table:
            sys.stdout.write(_line(count, name, relation, value, [w for w, _ in hits], paths, known, sheet) + "\n")
            continue
        sys.stdout.write(f"## {count}. {name} | {relation} | {value}\n   node {node}; sources {len(cited)}"
                         f"{'' if cited == wanted else ' DIFFER from the case file'}\n")
        for where, entry in hits:
            said = {f: getattr(entry, f) for f in entry.__dataclass_fields__ if f not in ("line",) and getattr(entry, f)}
            sys.stdout.write(f"   case file {case.path}:{entry.line} {where}: {said}\n")
        for path, found in shown.items():
            sys.stdout.write(f"   sheet {path}: {found}\n")
    if not table:
        sys.stdout.write(f"{len(drawn)} facts; {lost} not traced\n")
    return 1 if lost else 0


def _line(count: int, name: str, relation: str, value: str, where: list[str], paths: list[str], known: Any, sheet: dict[str, str]) -> str:
    """One row of the table: the fact, both places, the sources in the sheet, and what became of the words."""
    under = {k: v for k, v in sheet.items() if any(k == p or k.startswith((p + ".", p + "[")) for p in paths)}
    sources = sorted({v for k, v in under.items() if re.search(r"sources\[\d+\]$", k)})
    fate = {known[name, p][0] for p in paths if (name, p) in known}
    reworded = any((name, k) in known and known[name, k][0] == "changed" for k in under)
    words = "split" if "split" in fate else "weaker" if reworded and relation in ("Result", "Lesson", "Challenge") else "same"
    if not paths:
        words, paths = ("second look", ["-"]) if relation == "Gap" else ("register", ["row of the portfolio sheet"])
    short = value if len(value) <= 60 else value[:57].rsplit(" ", 1)[0] + " ..."
    cells = (str(count), name, f"{relation}: {short}".replace("|", "/"), ", ".join(where), ", ".join(paths), " ".join(sources), words)
    return "| " + " | ".join(cells) + " |"


def _spread(where: str) -> list[str]:
    found = []
    for part in where.replace(";", " ").replace(",", " ").split():
        match = re.match(r"(\w+)\[(\d+)(?:\.\.(\d+))?\]", part)
        found += [f"{match[1]}[{i}]" for i in range(int(match[2]), int(match[3] or match[2]) + 1)] if match else [part.partition(".")[0]]
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
