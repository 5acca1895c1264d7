"""The routes of the site, as a table of contents, and what happens around each of them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from hashlib import blake2b
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from gpsa_graph.errors import GpsaError
from gpsa_graph.serve import alike, asking, extra, forms, pages, reconcile, things
from gpsa_graph.serve.guard import Guard
from gpsa_graph.serve.negotiate import prefers_page
from gpsa_graph.serve.problems import Trouble
from gpsa_graph.serve.site import Site
from gpsa_graph.serve.sparql import Endpoint

Handler = Callable[[Site, Request], Response]


def make_app(site: Site) -> Guard:
    """The site as an ASGI application. It starts and ends the query workers."""
    forms.register()
    endpoint = Endpoint(site)
    page = _Pages(site)
    routes = [
        Route("/", page(pages.home)),
        Route("/search", page(pages.search)),
        Route("/search.{ending:form}", page(pages.search)),
        Route("/question", page(asking.questions)),
        Route("/question.{ending:form}", page(asking.questions)),
        Route("/question/{name}", page(asking.question)),
        Route("/like", page(alike.like)),
        Route("/like.{ending:form}", page(alike.like)),
        Route("/patterns", page(extra.patterns)),
        Route("/patterns.{ending:form}", page(extra.patterns)),
        Route("/patterns/{name}", page(extra.pattern)),
        Route("/explorer", page(extra.explorer)),
        Route("/coverage", page(pages.coverage)),
        Route("/coverage.{ending:form}", page(pages.coverage)),
        Route("/downloads", page(extra.downloads)),
        Route("/download/{path:path}", page(extra.download, keep=False)),
        Route("/limits", page(pages.limits)),
        Route("/limits.{ending:form}", page(pages.limits)),
        Route("/about", page(pages.about)),
        Route("/ontology", page(extra.ontology, keep=False)),
        Route("/ontology.{ending:form}", page(extra.ontology)),
        Route("/.well-known/void", page(extra.void, keep=False)),
        Route("/dataset", page(extra.dataset, keep=False)),
        Route("/sparql/words.json", page(extra.words)),
        Route("/examples.ttl", page(extra.examples)),
        Route("/reconcile", reconcile.Service(site), methods=["GET", "POST", "OPTIONS"]),
        Route("/reconcile/{what:path}", reconcile.Service(site), methods=["GET", "POST", "OPTIONS"]),
        Route("/static/{name}", _static),
        Route("/robots.txt", _robots),
        Route("/{kind}.{ending:form}", page(pages.listing)),
        Route("/{kind}", page(pages.listing)),
        Route("/{kind}/", page(pages.slashless)),
        Route("/{kind}/{rest:path}", page(things.thing, keep=False)),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await site.pool.open()
        try:
            yield
        finally:
            await site.pool.close()

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={404: _missing(site), 405: _method, 500: _failure(site), Trouble: _trouble(site)},
    )  # type: ignore[dict-item]
    return Guard(app, site.hosts, {"/sparql": endpoint, "/sparql/": endpoint, "/health": _Health(site)})


class _Pages:
    """Turns a handler into an endpoint: it runs in a thread, its answer is kept by address and has an ETag."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __call__(self, handler: Handler, *, keep: bool = True) -> Callable[[Request], Any]:
        site = self.site

        async def endpoint(request: Request) -> Response:
            key = (request.url.path, request.url.query)
            found: tuple[Response, str] | None = site.pages.get(key) if keep else None
            if found is None:
                try:
                    response = await run_in_threadpool(handler, site, request)
                except GpsaError as error:
                    raise Trouble(400, "request", str(error)) from None
                if isinstance(response, FileResponse):
                    return response
                body = bytes(response.body)
                etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
                response.headers["ETag"] = etag
                response.headers["Cache-Control"] = "no-cache"
                found = (response, etag)
                if keep and response.status_code == 200:
                    site.pages.put(key, found, len(body) + 500)
            response, etag = found
            said = request.headers.get("if-none-match", "")
            if response.status_code == 200 and said and (said.strip() == "*" or etag in said):
                return Response(
                    status_code=304,
                    headers={k: v for k, v in response.headers.items() if k in ("etag", "vary", "cache-control", "link")},
                )
            return response

        return endpoint


class _Health:
    """Whether the site is well, without asking any worker."""

    def __init__(self, site: Site) -> None:
        self.site = site

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        state = self.site.pool.state()
        well = state["workers"] > 0 and not state["troubled"]
        response = JSONResponse(
            {"well": well, **state, "data": f"{self.site.version} of {self.site.date}"}, status_code=200 if well else 503
        )
        await response(scope, receive, send)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    media = {"site.css": "text/css", "site.js": "text/javascript", "editor.js": "text/javascript", "editor.licences.txt": "text/plain"}.get(
        name
    )
    if media is None or not Site.asset(name):
        raise Trouble(404, "missing", "there is no such page")
    return Response(Site.asset_content(name), media_type=media, headers={"Cache-Control": "public, max-age=31536000, immutable"})


async def _robots(request: Request) -> Response:
    return Response("User-agent: *\nDisallow: /sparql\nDisallow: /search\nDisallow: /reconcile\n", media_type="text/plain")


def _respond(site: Site, request: Request, trouble: Trouble) -> Response:
    reader = prefers_page(request.headers.get("accept", "")) and request.method in ("GET", "HEAD")
    body = site.page_of_trouble(trouble) if reader else trouble.body()
    return Response(body, trouble.status, headers=trouble.headers, media_type="text/html" if reader else "application/problem+json")


def _trouble(site: Site) -> Callable[[Request, Exception], Any]:
    async def handle(request: Request, error: Exception) -> Response:
        assert isinstance(error, Trouble)
        return _respond(site, request, error)

    return handle


def _missing(site: Site) -> Callable[[Request, Exception], Any]:
    async def handle(request: Request, error: Exception) -> Response:
        return _respond(site, request, Trouble(404, "missing", "there is no such page"))

    return handle


async def _method(request: Request, error: Exception) -> Response:
    trouble = Trouble(405, "method", "this page is read with GET")
    return Response(trouble.body(), 405, headers={"Allow": "GET, HEAD"}, media_type="application/problem+json")


def _failure(site: Site) -> Callable[[Request, Exception], Any]:
    async def handle(request: Request, error: Exception) -> Response:
        return _respond(site, request, Trouble(500, "failure", "the site could not make this page; the fault is ours"))

    return handle
