"""Settings in, the HTTP application out."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response

from pipeline.settings import Settings
from portal.api import problems, records, system
from workers.connections import open_catalogue, open_store

OPEN_PATHS = {"/healthz"}  # asked by load balancers, which hold no key

ABOUT = """Digitized records of administrative procedures.

A record is the sidecar of one archive PDF: every field with its raw text, value, confidence, page
and box. Versions are immutable; an answer carries the newest unless `version` is asked for.
"""


def create_app(settings: Settings) -> FastAPI:
    """Return the application; `settings` are resolved (every server has an address)."""
    app = FastAPI(
        title="Sohoa", version="1", description=ABOUT, docs_url=None, redoc_url=None,
        openapi_url="/openapi.json",
    )  # fmt: skip
    app.state.store = open_store(settings)
    app.state.catalogue = open_catalogue(settings)
    problems.install(app)
    app.include_router(records.router)
    app.include_router(system.router)

    @app.middleware("http")
    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        if request.url.path not in OPEN_PATHS and not _may_enter(request, settings.api_key):
            return problems.problem(401, "Gửi khoá trong Authorization: Bearer …",
                                    "Send the key as Authorization: Bearer …")  # fmt: skip
        response = await answer(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        # OCR text is hostile: were it ever opened as a page, nothing in it may run.
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    return app


def _may_enter(request: Request, key: str) -> bool:
    if not key:
        return True
    sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(sent.encode(), key.encode())
