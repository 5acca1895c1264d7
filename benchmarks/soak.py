"""Ten minutes of good and bad queries against a running site: memory, descriptors and workers must stay as they are.

Every quarter of a minute prints the number of answers by status, the memory of the site and of its workers, its open descriptors,
and how many workers there are. At the end the first and the last third are compared. Linux only (it reads /proc).
Run: python benchmarks/soak.py [SECONDS] [KILLS]    (KILLS: seconds between SIGKILLs of a worker; 0 for none)
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
GOOD = (
    "SELECT * { ?s ?p ?o } LIMIT 2000",
    "SELECT ?m (COUNT(?c) AS ?n) { ?c gpsa:usesMechanism ?m } GROUP BY ?m ORDER BY DESC(?n)",
    "ASK { ?s ?p %d }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s gpsa:usesMechanism ?o ; ?p ?o } LIMIT 500",
    "SELECT ?a ?b { ?c gpsa:hasGrantee ?a ; gpsa:involvesGovernment ?b } OFFSET %d LIMIT 50",
)
BAD = (
    "SELECT * {",
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "DROP ALL",
    "SELECT * " + "{" * 400 + "}" * 400,
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 3",
)
PAGES = (
    "/",
    "/case/mwi-mejn.html",
    "/organisation/world-bank.html",
    "/like?sector=education",
    "/question/where-was-a-mechanism-used?mechanism=social-audit",
    "/case/none.html",
    "/search?q=health",
    "/search.json?q=scorec",
    "/source.csv",
    "/mechanism/community-scorecard.ttl",
)


def workers(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if f"PPid:\t{pid}\n" in (folder / "status").read_text() and b"serve.worker" in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def memory(pid: int) -> float:
    """Resident memory in MB; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def main() -> None:
    seconds, kills = int(sys.argv[1]) if len(sys.argv) > 1 else 600, float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    process = subprocess.Popen(
        [sys.executable, "-m", "gpsa_graph", "serve", "--port", "0", "--no-open", "--no-warm", "--seconds", "2"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    port = int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
    seen: Counter[int] = Counter()
    over = threading.Event()

    def stranger(seed: int) -> None:
        """Asks without pause: seven good queries, one bad one, two pages; hangs up now and then."""
        draw = random.Random(seed)
        while not over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            kind = draw.random()
            try:
                if kind < 0.8:
                    text = draw.choice(GOOD if kind < 0.7 else BAD)
                    text = text.replace("%d", str(draw.randrange(10_000)))
                    connection.request(
                        "GET", f"/sparql?query={quote(text)}", headers={"Accept": "application/sparql-results+json, text/turtle"}
                    )
                    if draw.random() < 0.02:
                        continue
                else:
                    connection.request("GET", draw.choice(PAGES), headers={"Accept": "text/html"})
                reply = connection.getresponse()
                reply.read()
                seen[reply.status] += 1
            except OSError:
                if not over.is_set():
                    seen[0] += 1
            finally:
                connection.close()

    threads = [threading.Thread(target=stranger, args=(n,)) for n in range(4)]
    rows: list[tuple[float, float, int, int]] = []
    try:
        time.sleep(2)
        for thread in threads:
            thread.start()
        began = shown = killed = time.monotonic()
        print(f"{'s':>5} {'site MB':>8} {'workers MB':>11} {'descriptors':>12} {'workers':>8}  answers by status (0: none)")
        while time.monotonic() - began < seconds:
            time.sleep(1)
            if kills and time.monotonic() - killed > kills and (alive := workers(process.pid)):
                os.kill(alive[0], signal.SIGKILL)
                killed = time.monotonic()
            if time.monotonic() - shown >= 15:
                shown = time.monotonic()
                alive = workers(process.pid)
                rows.append((memory(process.pid), sum(map(memory, alive)), len(os.listdir(f"/proc/{process.pid}/fd")), len(alive)))
                print(
                    f"{shown - began:>5.0f} {rows[-1][0]:>8.1f} {rows[-1][1]:>11.1f} {rows[-1][2]:>12} {rows[-1][3]:>8}  "
                    f"{dict(sorted(seen.items()))}",
                    flush=True,
                )
        over.set()
        for thread in threads:
            thread.join()
        time.sleep(2)
        alive = workers(process.pid)
        third = max(len(rows) // 3, 1)
        for at, name in enumerate(("site MB", "workers MB", "descriptors", "workers")):
            first, last = statistics.median(r[at] for r in rows[:third]), statistics.median(r[at] for r in rows[-third:])
            print(f"{name:<12} first third {first:.1f}, last third {last:.1f}")
        print(f"at rest: {memory(process.pid):.1f} MB, {len(os.listdir(f'/proc/{process.pid}/fd'))} descriptors, {len(alive)} workers")
    finally:
        over.set()
        process.send_signal(signal.SIGINT)
        process.wait(20)
        process.stdout.close()


if __name__ == "__main__":
    main()
