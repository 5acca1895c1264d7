"""What every test starts from: the shipped graph, the three invented cases of tests/tiny, and no network but loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Run in the background of a shell the tests would hand on that Ctrl-C is ignored, and some of them press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
TINY = Path(__file__).resolve().parent / "tiny" / "data"


class NetworkBlocked(AssertionError):
    """A test reached for an address that is not on this machine."""


def _only_loopback(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(address, tuple) and not (str(host).startswith("127.") or host in ("::1", "localhost")):
            raise NetworkBlocked(f"a test tried to reach {host}")
    elif event == "socket.getaddrinfo" and args[0] not in (None, "localhost", "127.0.0.1", "::1", b"localhost", b"127.0.0.1", ""):
        raise NetworkBlocked(f"a test looked up {args[0]!r}")


sys.addaudithook(_only_loopback)


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compiled graphs of the tests are kept apart from those of the user."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("GPSA_CACHE")
    os.environ["GPSA_CACHE"] = str(folder)
    yield folder
    if before is None:
        del os.environ["GPSA_CACHE"]
    else:
        os.environ["GPSA_CACHE"] = before


@pytest.fixture(scope="session")
def data():  # type: ignore[no-untyped-def]
    """The shipped data as values."""
    from gpsa_graph.cases import read

    return read()


@pytest.fixture(scope="session")
def kg(cache: Path):  # type: ignore[no-untyped-def]
    """The shipped graph."""
    import gpsa_graph

    return gpsa_graph.load(memory=True)  # `tiny_kg` is asked on disk


@pytest.fixture(scope="session")
def tiny() -> Path:
    """The data folder with three invented cases, small enough to count by hand."""
    return TINY


@pytest.fixture(scope="session")
def tiny_kg(cache: Path, tiny: Path):  # type: ignore[no-untyped-def]
    """The graph of the three invented cases."""
    import gpsa_graph

    return gpsa_graph.load(tiny)


@pytest.fixture(scope="session")
def docs_site(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """The documentation as a site; building it turns every warning into an error."""
    out = tmp_path_factory.mktemp("docs") / "site"
    run = subprocess.run([sys.executable, str(ROOT / "docs" / "site" / "assemble.py"), "-o", str(out)], capture_output=True, text=True,
                         timeout=1200)
    assert run.returncode == 0, run.stderr[-4000:]
    return out


@pytest.fixture
def loopback() -> Iterator[tuple[str, int]]:
    """A listening address on this machine that accepts nothing: a target for requests that must not happen."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"no server at {url}: {log.read_text('utf-8', 'replace')[-2000:]}")


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Starts Oxigraph's own server on a store folder and gives its address; `serve-read-only` or, with `write`, `serve`."""
    running: list[subprocess.Popen[bytes]] = []

    def start(store: Path, *, write: bool = False) -> str:
        port, log = _free_port(), tmp_path_factory.mktemp("oxigraph") / "log"
        command = [str(Path(sys.executable).parent / "oxigraph"), "serve" if write else "serve-read-only",
                   "--location", str(store), "--bind", f"127.0.0.1:{port}"]
        with log.open("wb") as stream:
            running.append(subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT))
        _until_it_answers(f"http://127.0.0.1:{port}/query?query=ASK%7B%7D", running[-1], log)
        return f"http://127.0.0.1:{port}"

    yield start
    for process in running:
        process.terminate()
        process.wait(30)


#: Settings of a Virtuoso; the benchmark of peers starts one with the same.
_VIRTUOSO = (ROOT / "tests" / "virtuoso.ini").read_text("utf-8")


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso 7 of Debian, empty, that caps answers at 10,000 rows; `dba`, `dba` may write."""
    home, http = tmp_path_factory.mktemp("virtuoso"), _free_port()
    (home / "virtuoso.ini").write_text(_VIRTUOSO.format(home=home, http=http, sql=_free_port()))
    with (home / "out").open("wb") as stream:
        process = subprocess.Popen(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], cwd=home, stdout=stream,
                                   stderr=subprocess.STDOUT)
    _until_it_answers(f"http://127.0.0.1:{http}/sparql?query=ASK%7B%7D", process, home / "out")
    yield f"http://127.0.0.1:{http}"
    process.terminate()
    process.wait(60)


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    """Texts that try to break out of pages and files, or that programs spoil: markup, formulas, control characters, scripts, sizes."""
    return (
        "<script>pwn()</script>", '"><img src=x onerror=pwn()>', "</script><script>pwn()", "</title>", "<!--", "]]>", "{{7*7}}", "${7*7}",
        "javascript:pwn()", "JaVaScRiPt:", "java\tscript:", "data:text/html,<b>x", "//evil",
        "a\u2028b", "&amp;", "&lt;b&gt;", "=1+1", "+1", "-1", "@SUM",
        "\t=1", "\r=1", "＝1", '=HYPERLINK("x")', "nul \x00", "vt \x0b", "\ufffe", "lone \ud800", "\u202egnp.exe",
        "a\u200db", "وزارة الصحة", "नेपाल सरकार",
        "Кыргызстан", "👩‍👩‍👧", "e" + "\u0301" * 100, "x" * 1_000_000, "", "   ", "__proto__", "constructor",
        "../../x", "CON", "nul.txt", "n" * 300,
        "Case", "case", "a | b", 'say "no"', "back\\slash", "line\nend", "$x$ and \\alpha", "%d {0} #1",
    )


@pytest.fixture(scope="session")
def node_run():  # type: ignore[no-untyped-def]
    """Run a script of tests/ with node and give what it prints as JSON."""
    import json
    import subprocess

    def run(script: str, *words: str) -> object:
        done = subprocess.run(["node", str(ROOT / "tests" / script), *words], capture_output=True, text=True, encoding="utf-8", timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run
