"""Portfolios of growing size: generated, loaded into a store on disk and asked, each in a process of its own.

For each size: lines a second written and loaded, CPU, memory, bytes on disk; Oxigraph's own loader on the same file (up to
--peers cases); and CPU of every stored question with its sample values. A question that takes longer than --limit seconds of CPU
is stopped and said so. What is found is added to --out as it comes, so that a run that is stopped loses nothing.
Files of more than --peers cases are packed with Zstandard.
Goals: 80 % of the rate of Oxigraph's loader; no question whose answer is bounded grows worse than n log n; point questions in 5 ms.
Run: python benchmarks/bench_scale.py [--sizes 1000,10000] [--out FILE.jsonl] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import zstandard

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent

ASK = '''
import json, os, resource, sys, time
import gpsa_graph
store, limit, asked = sys.argv[1], int(float(sys.argv[2])), sys.argv[3:]
start = time.process_time()
kg = gpsa_graph.load(store=store)
opened = time.process_time() - start
for name in asked:
    question = kg.question(name)
    given = {p.name: p.sample for p in question.parameters if p.sample}
    query = question.filled(kg.terms(question, given))
    print(json.dumps({"begun": name}), flush=True)
    spent = time.process_time()
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + limit + 1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    best, rows = None, 0
    for turn in range(3):
        begin = time.process_time()
        rows = sum(1 for _ in kg._store.query(query))
        took = time.process_time() - begin
        best = took if best is None else min(best, took)
        if took > 1:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"question": name, "cpu": best, "rows": rows, "open": opened, "peak_mb": peak}), flush=True)
'''


def run(command: list[str], **env: str) -> dict[str, float]:
    """Wall and CPU seconds and peak memory (MB) of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read().decode() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {said}")
    return {"wall": time.perf_counter() - start, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}


def size_of(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())


def ask(store: Path, names: list[str], limit: float) -> list[dict[str, Any]]:
    """CPU of each question; one that hits the limit ends its process, and the next ones get a new one."""
    found: list[dict[str, Any]] = []
    while names:
        process = subprocess.run([sys.executable, "-c", ASK, str(store), str(limit), *names], capture_output=True, text=True, check=False)
        said = [json.loads(line) for line in process.stdout.splitlines()]
        found += [one for one in said if "question" in one]
        begun = [one["begun"] for one in said if "begun" in one]
        if process.returncode == 0:
            break
        if not begun or process.returncode not in (-24, -9):
            raise SystemExit(f"asking failed: {process.stderr}")
        found.append({"question": begun[-1], "cpu": None, "over": limit, "rows": None})
        names = names[names.index(begun[-1]) + 1:]
    return found


def measure(size: int, folder: Path, out: Path | None, limit: float, peer: bool) -> None:
    from gpsa_graph.questions import read_questions
    from gpsa_graph.resources import questions_folder

    def put(what: str, **facts: Any) -> None:
        line = json.dumps({"cases": size, "what": what, **facts})
        print(line, flush=True)
        if out:
            with out.open("a") as stream:
                stream.write(line + "\n")

    file, store = folder / (f"{size}.nt" if peer else f"{size}.nt.zst"), folder / f"{size}.store"
    facts = run([sys.executable, str(HERE / "portfolio.py"), str(size), str(file)])
    with (zstandard.open(file, "rb") if file.suffix == ".zst" else file.open("rb")) as stream:
        counts = [(chunk.count(b"\n"), len(chunk)) for chunk in iter(lambda: stream.read(1 << 24), b"")]
    lines = sum(count for count, _ in counts)
    put("generate", lines=lines, bytes=sum(part for _, part in counts), packed=file.stat().st_size, **facts)
    turns = 3 if size <= 1_000 else 1
    for _ in range(turns):
        shutil.rmtree(store, ignore_errors=True)
        facts = run([str(BIN / "gpsa"), "load", str(file), "--store", str(store)])
        put("load", lines=lines, bytes=size_of(store), **facts)
        if peer:
            theirs = folder / "theirs"
            facts = run([str(BIN / "oxigraph"), "load", "-l", str(theirs), "-f", str(file)])
            put("oxigraph load", lines=lines, bytes=size_of(theirs), **facts)
            facts = run([str(BIN / "oxigraph"), "optimize", "-l", str(theirs)])
            put("oxigraph optimize", lines=lines, bytes=size_of(theirs), **facts)
            shutil.rmtree(theirs)
    file.unlink()
    for facts in ask(store, [*read_questions(questions_folder())], limit):
        put("question", **facts)
    shutil.rmtree(store)


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--sizes", default="1000,10000")
    given.add_argument("--out", type=Path)
    given.add_argument("--folder", type=Path)
    given.add_argument("--limit", type=float, default=60)
    given.add_argument("--peers", type=int, default=10_000)
    options = given.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for size in map(int, options.sizes.split(",")):
            measure(size, Path(name), options.out, options.limit, size <= options.peers)


if __name__ == "__main__":
    main()
