"""Requests a second and CPU a request of our endpoint, of Oxigraph's own server and of rdflib-endpoint, side by side in one run.

Needs `wrk` (Debian) and the peers, which the extra `bench` installs: oxigraph and rdflib-endpoint.
Goals, uncached: heavy queries at most 1.15 times Oxigraph's CPU and at least 0.85 of its requests a second; the point query at
most
4 times its CPU and at least 2.5 times the requests a second of rdflib-endpoint; the join at least 20 times rdflib-endpoint.
Also: how long a runaway takes to end, the CPU it uses afterwards, the wait of the next query, and the CPU of rendering each page.
Run: python benchmarks/bench_serve.py [PEERS_BIN] [SECONDS] [ROUNDS]    (PEERS_BIN: the folder with `oxigraph` and `python` of the
peers; that of this Python by default)
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PREFIX gpsa: <https://w3id.org/gpsa-graph/ontology#> PREFIX case: <https://w3id.org/gpsa-graph/case/> "
QUERIES = {
    "point": PREFIX + "SELECT ?p ?o WHERE { case:mwi-mejn gpsa:country ?o }",
    "aggregate": PREFIX
    + """SELECT ?k (COUNT(?r) AS ?n) WHERE { ?r gpsa:inCase ?case ; gpsa:resultKind ?k . ?case gpsa:usesMechanism ?m }
        GROUP BY ?k ORDER BY DESC(?n)""",
    "join": PREFIX
    + """SELECT ?a ?b (COUNT(DISTINCT ?case) AS ?n) WHERE { ?case gpsa:hasGrantee|gpsa:hasPartner ?a ;
        gpsa:involvesGovernment ?b ; gpsa:usesMechanism ?m . ?b gpsa:level ?level } GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b LIMIT
        20""",
}
RUNAWAYS = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "sorted product": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 3",
    "path": "SELECT (COUNT(*) AS ?n) { ?a !(<a:a>)* ?b . ?b !(<a:a>)* ?c }",
    "nested 20,000": "SELECT * " + "{" * 20_000 + "}" * 20_000,
}
PEER = """
import sys, rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint
graph = rdflib.Dataset(default_union=True)
graph.parse(sys.argv[1], format="nt")
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid: int) -> float:
    """CPU seconds of a process and of all that it has started and that still lives or has been waited for."""
    try:
        total = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15])) / _TICKS
    except OSError:
        return 0.0
    with contextlib.suppress(OSError):  # a thread may end while it is looked at; only main threads start processes here
        total += sum(cpu(int(child)) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return total


def ask(port: int, path: str, query: str, timeout: float = 30) -> tuple[int, float]:
    """Status (0 for none) and seconds of one request."""
    began = time.monotonic()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        query.encode(),
        {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            answer.read()
            return answer.status, time.monotonic() - began
    except urllib.error.HTTPError as error:
        error.close()
        return error.code, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began


def wrk(port: int, path: str, query: str, seconds: int) -> float:
    """Requests a second with 8 connections."""
    address = f"http://127.0.0.1:{port}{path}?query={quote(query)}"
    found = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "30s", "-H", "Accept: application/sparql-results+json", address],
        capture_output=True,
        text=True,
    )
    bad = re.search(r"Non-2xx[^:]*: (\d+)", found.stdout)
    if bad:
        raise SystemExit(f"{bad[1]} requests failed at {address[:60]}: {found.stdout}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", found.stdout)[1])  # type: ignore[index]


@contextlib.contextmanager
def started(command: list[str], port: int, path: str, cwd: Path = ROOT) -> Iterator[int]:
    """A server that answers; gives its process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd)
    try:
        for _ in range(300):
            if ask(port, path, "ASK {}", 5)[0] == 200:
                break
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended at once")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main() -> None:
    peers = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(sys.executable).parent
    seconds, rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 4, int(sys.argv[3]) if len(sys.argv) > 3 else 3
    if not shutil.which("wrk") or not (peers / "oxigraph").exists():
        raise SystemExit("this needs wrk (Debian: wrk) and a folder with the peers' programs; see the top of this file")
    import gpsa_graph

    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "all.nt"
        dump.write_text("".join(f"{t.subject} {t.predicate} {t.object} .\n" for t in gpsa_graph.load().triples()))
        subprocess.run(
            [str(peers / "oxigraph"), "load", "--location", f"{folder}/ox", "--file", str(dump)], check=True, capture_output=True
        )
        subprocess.run([str(peers / "oxigraph"), "optimize", "--location", f"{folder}/ox"], check=True, capture_output=True)
        (Path(folder) / "peer.py").write_text(PEER)
        ours = [sys.executable, "-m", "gpsa_graph", "serve", "--no-open", "--no-warm", "--port"]
        servers = {
            "ours": ([*ours, "7901", "--cache", "0"], 7901, "/sparql"),
            "ours, cached": ([*ours, "7902"], 7902, "/sparql"),
            "oxigraph": (
                [str(peers / "oxigraph"), "serve-read-only", "--location", f"{folder}/ox", "--bind", "127.0.0.1:7903"],
                7903,
                "/query",
            ),
            "rdflib-endpoint": ([str(peers / "python"), f"{folder}/peer.py", str(dump), "7904"], 7904, "/sparql"),
        }
        throughput(servers, seconds, rounds)
        runaways(ours, peers, folder)
    pages()


def _ratio(values: list[float], base: list[float]) -> float:
    """The median ratio over the rounds in which both answered; none where there is no such round."""
    found = [v / b for v, b in zip(values, base, strict=True) if b and v and v != float("inf")]
    return statistics.median(found) if found else float("nan")


def throughput(servers: dict[str, tuple[list[str], int, str]], seconds: int, rounds: int) -> None:
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with contextlib.ExitStack() as stack:
        running = {name: (stack.enter_context(started(*server)), server[1], server[2]) for name, server in servers.items()}
        for _ in range(rounds):
            for query, text in QUERIES.items():
                for name, (pid, port, path) in running.items():
                    before = cpu(pid)
                    if name == "rdflib-endpoint" and query != "point":
                        status, took = ask(port, path, text, 30)
                        rate = 1 / took if status == 200 else 0.0
                        found.setdefault((query, name), []).append((rate, 1000 * (cpu(pid) - before) if status == 200 else float("inf")))
                        continue
                    rate = wrk(port, path, text, seconds * (3 if query == "join" else 1))
                    found.setdefault((query, name), []).append(
                        (rate, 1000 * (cpu(pid) - before) / max(rate * seconds * (3 if query == "join" else 1), 1))
                    )
    print(
        f"{'query':<10} {'server':<17} {'requests/s':>11} {'range':>17} {'CPU ms/request':>15} "
        f"{'CPU to oxigraph':>16} {'rate to oxigraph':>17}"
    )
    for (query, name), values in sorted(found.items(), key=lambda f: (list(QUERIES).index(f[0][0]), list(servers).index(f[0][1]))):
        rates, costs = [v[0] for v in values], [v[1] for v in values]
        base = found[query, "oxigraph"]
        cost = _ratio(costs, [b[1] for b in base])
        rate = _ratio(rates, [b[0] for b in base])
        print(
            f"{query:<10} {name:<17} {statistics.median(rates):>11.1f} {min(rates):>8.1f}-{max(rates):<8.1f} "
            f"{statistics.median(costs):>15.2f} {cost:>16.2f} {rate:>17.2f}"
        )


def runaways(ours: list[str], peers: Path, folder: str) -> None:
    print(f"\n{'runaway (limit 3 s)':<20} {'server':<12} {'status':>7} {'seconds':>8} {'CPU after, s/s':>15} {'next query ms':>14}")
    for name, text in RUNAWAYS.items():
        for server, command, port, path in (
            ("ours", [*ours, "7905", "--seconds", "3", "--nesting", "100000"], 7905, "/sparql"),
            (
                "oxigraph",
                [
                    str(peers / "oxigraph"),
                    "serve-read-only",
                    "--location",
                    f"{folder}/ox",
                    "--bind",
                    "127.0.0.1:7906",
                    "--timeout-s",
                    "3",
                ],
                7906,
                "/query",
            ),
        ):
            with started(command, port, path) as pid:
                status, took = ask(port, path, text, 8)
                following = ask(port, path, "ASK {}", 8)
                time.sleep(0.5)
                before = cpu(pid)
                time.sleep(1)
                print(
                    f"{name:<20} {server:<12} {status or 'none':>7} {took:>8.2f} {cpu(pid) - before:>15.2f} "
                    f"{following[1] * 1000 if following[0] else float('nan'):>14.1f}"
                )


def pages() -> None:
    """CPU of making each kind of page, uncached, over the shipped data."""
    import gpsa_graph
    from gpsa_graph.serve.site import Site
    from gpsa_graph.serve.things import document

    kg = gpsa_graph.load()
    site = Site(kg, None)
    try:
        print(f"\n{'pages of':<14} {'n':>5} {'median CPU ms':>14} {'90 %':>8} {'most':>8} {'first time, median':>19}")
        every: list[float] = []
        everyone: list[float] = []
        for kind in ("case", "organisation", "mechanism", "sector", "country", "place", "source", "event", "programme"):
            costs, firsts = [], []
            for name in sorted(kg.options(kind))[:: 5 if kind in ("case", "organisation", "place", "source") else 1]:
                for found in (firsts, costs):
                    began = time.process_time()
                    document(site, kind, name, "html")
                    found.append(1000 * (time.process_time() - began))
            every += costs
            everyone += firsts
            costs.sort()
            print(
                f"{kind:<14} {len(costs):>5} {statistics.median(costs):>14.1f} {costs[int(len(costs) * 0.9)]:>8.1f} {costs[-1]:>8.1f} "
                f"{statistics.median(firsts):>19.1f}"
            )
        print(
            f"{'all':<14} {len(every):>5} {statistics.median(every):>14.1f} {sorted(every)[int(len(every) * 0.9)]:>8.1f} "
            f"{max(every):>8.1f} {statistics.median(everyone):>19.1f}"
        )
    finally:
        site.close()


if __name__ == "__main__":
    main()
