"""Imported cases in an Oxigraph store on disk, batch by batch; a journal makes an interrupted import go on where it stood.

A batch is loaded first and written into the journal after that. An import that is stopped between the two loads its batch once
more, and since every name follows from what it says, the same triples come again and the store holds them once.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from gpsa_graph import vocab
from gpsa_graph.cases.authority import Authority
from gpsa_graph.cases.model import Case
from gpsa_graph.errors import GpsaError, OutputError
from gpsa_graph.graph.compiled import ontology_ntriples
from gpsa_graph.intake.lists import Lists
from gpsa_graph.intake.session import Session, Tally
from gpsa_graph.triples import case_triples
from gpsa_graph.triples.authority import authority_triples
from gpsa_graph.triples.ledger import IDENTIFIER, LABEL, A, gpsa

__all__ = ["BATCH", "Loader"]

#: Records a batch.
BATCH = 500


class Loader:
    """Loads cases into the store in `folder`; `done` is how many records of this import (`key`) are in it already."""

    def __init__(self, folder: Path, key: str, session: Session) -> None:
        self.folder, self.key, self.session = folder, key, session
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"'{folder}' is a file; name a folder for the store")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / "CURRENT").exists():
            raise OutputError(f"'{folder}' is not empty and holds no store; name a new or empty folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.store = ox.Store(str(folder))
        except (OSError, ValueError, RuntimeError) as error:
            said = " ".join(str(error).split())[:200]
            busy = "; another process is writing it" if "lock" in said.lower() else ""
            raise OutputError(f"the store in '{folder}' cannot be opened{busy} ({said})") from None
        self.journal = folder / "intake" / "journal.jsonl"
        self.keys: list[int] = []
        self.lines: list[str] = []
        self.programmes: set[str] = set()
        self.waiting = self.done = self.last = 0
        self.whole = False
        self._resume()

    def _resume(self) -> None:
        """Know again what earlier runs have loaded."""
        if not self.journal.exists():
            self.journal.parent.mkdir(exist_ok=True)
            self._load(ontology_ntriples())
            return
        lines = self.journal.read_bytes().split(b"\n")
        good = 0
        for raw in lines:
            try:
                said: dict[str, Any] = json.loads(raw)
            except ValueError:
                break  # the last line was cut off; its batch is loaded again
            good += len(raw) + 1
            self.session.lists.restore(said["organisations"])
            self.programmes.update(said["programmes"])
            for name in said["countries"]:
                self.session.lists.country(name)
            for name in said["shipped"]:
                self.session.lists.take_shipped(name)
            for key in said["keys"]:
                self.session.seen(key)
            if said["import"] == self.key:
                self.done, self.whole = said["done"], said["whole"]
                self.session.tally = Tally.of(said["tally"])
        self.session.lists.fresh.clear()
        with open(self.journal, "r+b") as stream:
            stream.truncate(min(good, self.journal.stat().st_size))

    def _load(self, content: bytes) -> None:
        try:
            self.store.bulk_load(input=content, format=ox.RdfFormat.N_TRIPLES)
        except OSError as error:
            raise OutputError(f"the store in '{self.folder}' cannot be written ({error}); run the same command again to go on") from None

    def case(self, case: Case, key: int) -> None:
        """One more case."""
        lists = self.session.lists
        for subject, predicate, value in case_triples(case, lists.authority):
            self.lines.append(f"{subject} {predicate} {value} .\n")
        if case.programme.name and case.programme.name not in self.programmes:
            self.programmes.add(case.programme.name)
            name = vocab.programme_name(case.programme.name)
            node = vocab.node("programme", name)
            self.lines += [
                f"{node} {A} {gpsa('Programme')} .\n",
                f"{node} {LABEL} {vocab.literal(case.programme.name)} .\n",
                f"{node} {IDENTIFIER} {vocab.literal(name)} .\n",
            ]
        self.keys.append(key)

    def record(self, number: int) -> None:
        """A record was dealt with, imported or not."""
        self.last = number
        self.waiting += 1
        if self.waiting >= BATCH:
            self.flush()

    def flush(self, whole: bool = False) -> None:
        """Load what waits, then say so in the journal."""
        lists = self.session.lists
        fresh = list(dict.fromkeys(lists.fresh))
        self.lines += [f"{s} {p} {o} .\n" for s, p, o in authority_triples(_new(lists, fresh))]
        self._load("".join(self.lines).encode())
        self.store.flush()
        shipped = [n for n in fresh if n in lists.shipped.organisation and n in lists.authority.organisation and n not in lists.spelled]
        line = json.dumps(
            {
                "import": self.key,
                "done": self.last,
                "whole": whole,
                "keys": self.keys,
                "organisations": lists.snapshot(fresh),
                "programmes": sorted(self.programmes),
                "countries": [n for n in fresh if n in lists.authority.country],
                "shipped": shipped,
                "tally": self.session.tally.to_json(),
            },
            ensure_ascii=False,
        )
        with open(self.journal, "ab") as stream:
            stream.write(line.encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        self.lines, self.keys, self.waiting = [], [], 0
        lists.fresh.clear()
        lists.authority.source.clear()

    def finish(self) -> None:
        """Everything is read: load the rest, sort the store for quick answers."""
        self.flush(whole=True)
        try:
            self.store.optimize()
            self.store.flush()
        except OSError as error:
            raise GpsaError(f"the store in '{self.folder}' is whole but could not be sorted ({error})") from None


def _new(lists: Lists, names: list[str]) -> Authority:
    """The rows of the lists that came in with a batch, and all its sources."""
    whole = lists.authority
    made = Authority({}, {}, {}, dict(whole.source), whole.concept, whole.labels, {})

    def cited(sources: str) -> str:
        return " ".join(n for n in sources.split() if n in whole.source)  # what earlier batches cited is loaded

    for name in names:
        if name in whole.organisation:
            made.organisation[name] = replace(whole.organisation[name], sources=cited(whole.organisation[name].sources))
        if name in whole.place:
            made.place[name] = replace(whole.place[name], sources=cited(whole.place[name].sources))
        if name in whole.country:
            made.country[name] = replace(whole.country[name], sources=cited(whole.country[name].sources))
    return made
