"""CPU of `gpsa answer`, warm and cold, beside bare Python, a bare click + pyoxigraph script and the same question through rdflib.

Goal: warm at most 1.3 times the bare click + pyoxigraph script, and at most one fifth of the rdflib way.
Run: python benchmarks/bench_answer.py [RUNS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import child_cpu, interleaved, table

QUESTION, GIVEN = "where-was-a-mechanism-used", "mechanism=social-audit"

BARE = '''
import csv, sys
import click, pyoxigraph
BASE = "https://w3id.org/gpsa-graph/"
def plain(term):
    if term is None:
        return ""
    text = term.value
    return " ".join(sorted({p[len(BASE):].replace("/", ":", 1) for p in text.split()})) if text.startswith(BASE) else text
@click.command()
@click.argument("query")
@click.argument("store")
def main(query, store):
    found = pyoxigraph.Store.read_only(store).query(open(query).read())
    writer = csv.writer(sys.stdout, lineterminator="\\n")
    writer.writerow([v.value for v in found.variables])
    writer.writerows([plain(t) for t in row] for row in found)
main()
'''
RDFLIB = '''
import sys, rdflib
graph = rdflib.Graph()
graph.parse(sys.argv[2], format="nt")
sys.stdout.write(graph.query(open(sys.argv[1]).read()).serialize(format="csv").decode())
'''


def output(command: list[str], env: dict[str, str]) -> str:
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, check=True).stdout


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = {"GPSA_CACHE": str(folder / "cache"), "PYTHONDONTWRITEBYTECODE": "0"}
        gpsa = str(Path(sys.executable).parent / "gpsa")
        ask = [gpsa, "answer", QUESTION, "--given", GIVEN, "--format", "csv"]
        ours = output(ask, env)
        query = folder / "query.rq"
        query.write_text(output([*ask[:-2], "--sparql"], env))
        store = str(next(p for p in (folder / "cache").iterdir() if p.is_dir()) / "store")
        (folder / "bare.py").write_text(BARE)
        (folder / "via_rdflib.py").write_text(RDFLIB)
        from gpsa_graph.cases import read
        from gpsa_graph.graph.compiled import compiled

        (folder / "graph.nt").write_bytes(compiled(read()))
        bare = [sys.executable, str(folder / "bare.py"), str(query), store]
        theirs = output(bare, env)
        same = ours == theirs
        print(f"the bare script prints the same CSV: {same} ({len(ours.splitlines())} lines)")
        if not same:
            raise SystemExit("the two do not print the same; nothing was measured")
        ways = {
            "bare Python (-c pass)": lambda: child_cpu([sys.executable, "-c", "pass"])[0],
            "bare": lambda: child_cpu(bare)[0],
            "bare, control": lambda: child_cpu(bare)[0],
            "gpsa answer, warm": lambda: child_cpu(ask, env)[0],
        }
        print(table(interleaved(ways, runs), "bare"))
        one = [gpsa, "answer", "identity-card-of-a-case", "--given", "case=mwi-mejn", "--format", "csv"]
        card = folder / "card.rq"
        card.write_text(output([*one[:-2], "--sparql"], env))
        slow = {
            "gpsa answer, warm": lambda: child_cpu(one, env)[0],
            "gpsa answer, cold (empty cache)": lambda: child_cpu(one, {"GPSA_CACHE": tempfile.mkdtemp(dir=folder)})[0],
            "rdflib: parse the N-Triples and ask": lambda: child_cpu(
                [sys.executable, str(folder / "via_rdflib.py"), str(card), str(folder / "graph.nt")])[0],
        }
        print("\nanother question, identity-card-of-a-case, which rdflib can answer in seconds")
        print(table(interleaved(slow, 3), "gpsa answer, warm"))


if __name__ == "__main__":
    main()
