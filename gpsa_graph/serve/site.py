"""The site as one object: the graph, the worker pool, the limits, the templates, and what is kept between requests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from gpsa_graph import __version__, vocab
from gpsa_graph.errors import GpsaError
from gpsa_graph.graph.compiled import COPY
from gpsa_graph.resources import data_version
from gpsa_graph.serve.build import Builder
from gpsa_graph.serve.cache import Cache
from gpsa_graph.serve.limits import Limits
from gpsa_graph.serve.names import page, safe_link, spoken, words
from gpsa_graph.serve.pool import Pool

if TYPE_CHECKING:
    from gpsa_graph.graph import KnowledgeGraph
    from gpsa_graph.questions import Question
    from gpsa_graph.serve.problems import Trouble
    from gpsa_graph.serve.relay import Relay

_FILES = Path(__file__).resolve().parent
#: Links in the head of every page.
MENU = (
    ("/question", "Questions"),
    ("/case", "Cases"),
    ("/like", "Cases like mine"),
    ("/organisation", "Organisations"),
    ("/mechanism", "Mechanisms"),
    ("/country", "Countries"),
    ("/patterns", "Patterns"),
    ("/explorer", "Explorer"),
    ("/coverage", "What is missing"),
    ("/sparql", "SPARQL"),
)


class Site:
    """What every handler needs. `base` is the public address, `address` where it listens, `folder` the data folder (None:
    shipped,
    or no folder at all where `shipped` is False: then there are no files to download).

    The store is a snapshot of its own (hard links), so that a later build of the same data does not disturb readers. With
    `endpoint`, the graph is that of a remote SPARQL service, and queries are passed on to it.
    """

    def __init__(
        self,
        kg: KnowledgeGraph,
        store: Path | None,
        limits: Limits | None = None,
        *,
        base: str = "",
        address: str = "",
        folder: Path | None = None,
        shipped: bool = True,
        hosts: tuple[str, ...] = (),
        endpoint: str = "",
    ) -> None:
        self.kg, self.limits, self.folder = kg, limits or Limits(), folder
        self.base = base.rstrip("/")
        self.address = self.base or address.rstrip("/") or vocab.BASE.rstrip("/")
        self.hosts = frozenset({"127.0.0.1", "localhost", "[::1]", *hosts, *([urlsplit(base).hostname or ""] if base else [])})
        self.home = Path(tempfile.mkdtemp(prefix="gpsa-serve-"))
        self.endpoint = endpoint
        self.pool: Pool | Relay
        try:
            if endpoint:
                from gpsa_graph.serve.relay import Relay

                self.pool = Relay(endpoint, self.limits)
            else:
                self.store = _snapshot(kg, store, self.home / "store")
                self.pool = Pool(str(self.store), self.limits)
        except BaseException:
            shutil.rmtree(self.home, ignore_errors=True)
            raise
        self.answers = Cache(self.limits.cache * 1_000_000)
        self.pages = Cache(self.limits.cache * 1_000_000)
        self.made: dict[str, bytes] = {}
        self.locks: dict[str, threading.Lock] = {}
        self.makers: dict[str, subprocess.Popen[bytes]] = {}
        self.shipped = shipped
        self.version, self.date = data_version(folder)

    @cached_property
    def builder(self) -> Builder:
        return Builder(self.kg)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The stored questions by name, read once."""
        return self.kg.questions()

    @cached_property
    def templates(self) -> Any:
        """The template engine: everything is escaped."""
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        made = Environment(
            loader=FileSystemLoader(_FILES / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        made.globals |= {
            "menu": MENU,
            "page_of": page,
            "safe_link": safe_link,
            "words": words,
            "schemes": frozenset(vocab.SCHEMES),
            "spoken": spoken,
            "version": self.version,
            "date": self.date,
            "style": self.asset("site.css"),
            "script": self.asset("site.js"),
            "code_version": __version__,
            "base_iri": vocab.BASE,
            "cases_n": self.builder.cases,
            "query_of": lambda **q: urlencode({k: v for k, v in q.items() if v}),
        }
        made.filters |= {"thousands": lambda n: f"{n:,}", "figure": lambda n: f"{n:,g}" if isinstance(n, float) else f"{n:,}"}
        return made

    @cached_property
    def former(self) -> dict[str, str]:
        """Names of cases that were merged away -> the case that took them in."""
        return {f"case:{old}": str(case) for case, old in self.builder.rows("SELECT ?case ?old WHERE { ?case gpsa:formerId ?old }")}

    @staticmethod
    def asset(name: str) -> str:
        """The address of a style or script, with a hash of its content, so that it can be kept by browsers; nothing where the
        package was built without it (the query editor)."""
        try:
            return f"/static/{name}?{blake2b(Site.asset_content(name), digest_size=6).hexdigest()}"
        except FileNotFoundError:
            return ""

    @staticmethod
    @cache
    def asset_content(name: str) -> bytes:
        return (_FILES / "static" / name).read_bytes()

    def render(self, template: str, **values: Any) -> bytes:
        """A page as bytes."""
        given = {"title": "", "alternates": (), "here": "", **values}
        return str(self.templates.get_template(template).render(given)).encode("utf-8", "replace")

    def page_of_trouble(self, trouble: Trouble) -> bytes:
        """An error as a page."""
        return self.render("trouble.html", title=trouble.title, trouble=trouble)

    def service_description(self, fmt: str) -> bytes:
        from gpsa_graph.serve.describe import service_description

        return service_description(self, fmt)

    def close(self) -> None:
        """Forget the snapshot."""
        for maker in self.makers.values():
            if maker.poll() is None:
                maker.kill()
            maker.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def _snapshot(kg: KnowledgeGraph, store: Path | None, target: Path) -> Path:
    """A copy of the store that nobody else writes to, with its packed triples: hard links where the file system has them."""
    import pyoxigraph as ox

    if store is None:
        made = ox.Store(str(target))
        made.bulk_extend(kg.triples())
        made.optimize()
        made.flush()
        return target
    if not (store / "CURRENT").is_file():
        raise GpsaError(f"{store} holds no Oxigraph store")

    def link(source: str, copy: str) -> str:
        try:
            os.link(source, copy)
        except OSError:
            shutil.copyfile(source, copy)
        return copy

    shutil.copytree(store, target, copy_function=link)
    if kg._kept is not None and store == kg._kept / "store" and (kg._kept / COPY).is_file():
        link(str(kg._kept / COPY), str(target.parent / COPY))
    return target
