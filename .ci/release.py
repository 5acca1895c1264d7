"""Make a release: packages, data files, SBOM, notices and checksums, each package tried in a clean environment of every Python named.

    python .ci/release.py -o dist --pythons "python3.11 python3.12 python3.13"

The same checkout gives the same sdist, wheel and data file. The SBOM and the notices list what was installed beside the wheel, with
the parts of PARTS; where the same versions are installed, they are the same too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WANTED = ("python3.11", "python3.12", "python3.13")
#: Optional parts that a reader is likely to install; the rest is for builders of larger graphs.
PARTS = "excel,figures,report,serve"
#: What a reader does first, in the clean environment; each has to end well.
TRIALS = (
    ("answer", "where-was-a-mechanism-used", "--given", "mechanism=social-audit", "-o", "rows.csv"),
    ("answer", "where-was-a-mechanism-used", "--given", "mechanism=social-audit", "-o", "rows.xlsx"),
    ("check",),
    ("explore", "-o", "explorer.html", "--no-open"),
    ("figure", "matrix", "-o", "matrix.svg"),
    ("report", "--country", "MWI", "-o", "malawi.docx"),
    ("build", "-o", "data"),
)


def run(*words: str | Path, **more: object) -> str:
    """Run a program and give what it prints; what it says on stderr is shown where it fails."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **more)  # type: ignore[call-overload]
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return str(done.stdout)


def pythons(named: str) -> list[str]:
    """The interpreters that are named, or those of 3.11, 3.12 and 3.13 that are here and start."""
    if named:
        return named.split()
    return [p for p in WANTED if shutil.which(p) and subprocess.run([p, "--version"], capture_output=True).returncode == 0]


def announced(changes: str, version: str, date: str) -> None:
    """Ends the program where the newest heading of a list of changes is another than this version of this date."""
    newest = next((line for line in changes.splitlines() if line.startswith("## ")), "## nothing")
    if newest != f"## {version} ({date})":
        sys.exit(f"the newest changes stand under '{newest[3:]}'; a release wants '{version} ({date})' there, as data/VERSION has it")


def packages(out: Path, date: str) -> Path:
    """Build sdist and wheel; gives the wheel."""
    from datetime import UTC, datetime

    epoch = str(int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()))
    env = {**os.environ, "SOURCE_DATE_EPOCH": epoch, "GPSA_EDITOR": "required"}
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, env=env)
    wheel = next(out.glob("*.whl"))
    with zipfile.ZipFile(wheel) as held:
        names = held.namelist()
    for wanted in ("gpsa_graph/notices.txt", "serve/static/editor.js", "gpsa_graph/_files/data/VERSION", "dist-info/licenses/LICENSE"):
        if not any(name.endswith(wanted) for name in names):
            sys.exit(f"the wheel holds no {wanted}")
    return wheel


def tried(python: str, wheel: Path, home: Path) -> tuple[Path, str]:
    """Install the wheel with its optional parts into a clean environment and use it there; gives its Python and the sums of its data."""
    home.mkdir()
    run(python, "-m", "venv", home / "clean")
    inside = home / "clean" / "bin" / "python"
    run(inside, "-m", "pip", "install", "-q", "--disable-pip-version-check", f"{wheel}[{PARTS}]")
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "GPSA_CACHE": str(home / "cache"), "LC_ALL": "C.UTF-8"}
    for words in TRIALS:
        run(home / "clean" / "bin" / "gpsa", *words, cwd=home, env=env)
    if len((home / "rows.csv").read_text("utf-8").splitlines()) < 10 or (home / "explorer.html").stat().st_size < 100_000:
        sys.exit(f"{python}: the answer or the explorer is too small")
    return inside, (home / "data" / "SHA256SUMS").read_text("utf-8")


def notices(python: Path) -> str:
    """Name, version, licence and licence texts of everything that is installed beside the wheel."""
    script = r"""
import importlib.metadata as m, json
WORDS = ("LICEN", "COPYING", "NOTICE")
found = []
for d in m.distributions():
    texts = [f.read_text("utf-8") for f in d.files or () if "dist-info" in str(f) and any(w in f.name.upper() for w in WORDS)]
    classed = [c.rpartition(" :: ")[2] for c in d.metadata.get_all("Classifier") or () if c.startswith("License")]
    said = d.metadata.get("License-Expression") or "; ".join(classed) or (d.metadata.get("License") or "not stated").splitlines()[0]
    found.append([d.metadata["Name"], d.version, said, d.metadata.get("Home-page") or "", texts])
print(json.dumps(sorted(found, key=lambda f: f[0].casefold())))
"""
    editor = (ROOT / "gpsa_graph" / "serve" / "static" / "editor.licences.txt").read_text("utf-8")
    parts = [(ROOT / "gpsa_graph" / "notices.txt").read_text("utf-8"),
             f"Packages that are bundled into the query editor of the site (editor.js).\n\n{editor}",
             "Packages that are installed with gpsa-graph; none is part of its files.\n"]
    for name, version, said, home, texts in json.loads(run(python, "-c", script)):
        if name not in ("gpsa-graph", "pip", "setuptools"):
            parts.append("\n".join(["-" * 78, f"{name} {version}: {said} {home}".rstrip(), *map(str.strip, texts)]) + "\n")
    return "\n".join(parts)


def materials(python: Path, target: Path) -> None:
    """The bill of materials of what is installed beside the wheel, without the folder in which the wheel lay."""
    run(sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", ROOT / "pyproject.toml", "--mc-type", "application",
        "--output-reproducible", "--of", "JSON", "-o", target, python)
    made = target.read_text("utf-8")
    target.write_text(re.sub(r'"file:///[^"]*/([^"/]+)"', r'"\1"', made), "utf-8")


def zipped(folder: Path, target: Path) -> None:
    """The data files as one file, with the same bytes each time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            made.writestr(entry, path.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description="Make a release.")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "dist")
    parser.add_argument("--pythons", default="", help="interpreters, separated by blanks")
    given = parser.parse_args()
    out = given.output.resolve()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    version, date = (ROOT / "data" / "VERSION").read_text("utf-8").split()
    for name in ("CHANGELOG.md", "data/CHANGES.md"):
        announced((ROOT / name).read_text("utf-8"), version, date)
    here = pythons(given.pythons)
    if not here:
        sys.exit(f"none of {', '.join(WANTED)} is here; name one with --pythons")
    wheel = packages(out, date)
    with tempfile.TemporaryDirectory() as work:
        sums = {}
        for at, python in enumerate(here):
            inside, sums[python] = tried(python, wheel, Path(work) / str(at))
            print(f"{run(inside, '--version').strip()}: installed, answers, checks, draws, reports and builds")
        if len(set(sums.values())) != 1:
            sys.exit(f"the data files differ between {', '.join(here)}")
        zipped(Path(work) / "0" / "data", out / f"gpsa-graph-data-{version}.zip")
        clean = Path(work) / "0" / "clean" / "bin" / "python"
        materials(clean, out / "sbom.cdx.json")
        (out / "THIRD-PARTY-NOTICES.txt").write_text(notices(clean), "utf-8")
    files = sorted(path for path in out.iterdir() if path.name != ".gitignore")
    (out / "SHA256SUMS").write_text("".join(f"{sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in files), "utf-8")
    for path in sorted(out.iterdir()):
        print(f"{path.stat().st_size:>10}  {path.name}")


if __name__ == "__main__":
    main()
