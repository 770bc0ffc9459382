"""Whether the system is alive, ready, and how much it holds."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

router = APIRouter(tags=["system"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Answer as long as the process lives."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> dict[str, str]:
    """Answer when store and catalogue answer; 503 otherwise."""
    request.app.state.store.check()
    request.app.state.catalogue.counts()
    return {"status": "ready"}


@router.get("/v1/counts")
def counts(request: Request) -> dict[str, Any]:
    """Return how many records the catalogue holds, by state, and how many are unlinked."""
    return dict(request.app.state.catalogue.counts())
