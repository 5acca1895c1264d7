"""Bundles the query editor of the site (CodeMirror, from npm) before a package is built.

The bundle is never committed. Without npm, or where npm cannot reach its registry, the package is built without it and the SPARQL
page keeps its plain form; GPSA_EDITOR=required makes that an error. `make editor` runs this file as a program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by `make editor`, where hatchling need not be installed
    BuildHookInterface = object  # type: ignore[assignment, misc]

SOURCE = Path(__file__).resolve().parent / "gpsa_graph" / "serve" / "editor"
BUNDLE = SOURCE.parent / "static" / "editor.js"
LICENCES = BUNDLE.with_name("editor.licences.txt")


def bundle() -> str:
    """Make the bundle where it is missing or older than its sources; gives what stood in the way, or nothing."""
    sources = [SOURCE / "editor.js", SOURCE / "package.json"]
    if not all(s.is_file() for s in sources):
        return "" if BUNDLE.is_file() else "the sources of the editor are not here"
    if BUNDLE.is_file() and LICENCES.is_file() and BUNDLE.stat().st_mtime >= max(s.stat().st_mtime for s in sources):
        return ""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    try:
        subprocess.run(
            [npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
            cwd=SOURCE,
            check=True,
            timeout=300,
            stdout=subprocess.DEVNULL,
        )
        made = SOURCE / "node_modules" / "editor.js"
        subprocess.run(
            [
                str(SOURCE / "node_modules" / ".bin" / "esbuild"),
                "editor.js",
                "--bundle",
                "--minify",
                "--format=iife",
                "--target=es2020",
                "--charset=utf8",
                f"--outfile={made}",
                "--log-level=error",
            ],
            cwd=SOURCE,
            check=True,
            timeout=120,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"npm or esbuild did not succeed ({type(error).__name__})"
    LICENCES.write_text(_licences(), encoding="utf-8")
    os.replace(made, BUNDLE)
    return ""


def _licences() -> str:
    """The licences of what is in the bundle, as they ask to be passed on."""
    found = ["The file editor.js holds these packages:\n"]
    for file in sorted((SOURCE / "node_modules").glob("**/LICENSE*")):
        name = file.parent.relative_to(SOURCE / "node_modules").as_posix()
        if "esbuild" not in name and name.count("/") <= 1:
            found.append(f"\n{'-' * 78}\n{name}\n\n{file.read_text('utf-8').strip()}\n")
    return "".join(found)


class EditorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `bundle` before hatchling gathers the files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        trouble = bundle()
        if trouble and os.environ.get("GPSA_EDITOR") == "required":
            raise RuntimeError(f"the query editor cannot be bundled: {trouble}")
        if trouble:
            print(f"the SPARQL page will have a plain form: {trouble}", file=sys.stderr)


if __name__ == "__main__":
    if said := bundle():
        sys.exit(f"the query editor was not bundled: {said}; the SPARQL page has a plain form")
