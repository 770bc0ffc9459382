"""Record IDs and look-up keys in, records and their files out."""

from __future__ import annotations

from typing import Annotated, Any, cast
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from pipeline.storage import (
    Catalogue,
    NotFound,
    ObjectStore,
    Record,
    get_failed,
    get_intake,
    get_record,
    latest_record,
)

router = APIRouter(prefix="/v1", tags=["records"])

RecordId = Annotated[str, Path(pattern="^[A-Z2-7]{26}$", description="26 base32 letters")]
Version = Annotated[int | None, Query(ge=1, description="default: the newest")]


@router.get("/records")
def find(
    request: Request,
    dossier_code: Annotated[str | None, Query(max_length=200)] = None,
    number: Annotated[str | None, Query(max_length=50)] = None,
    symbol: Annotated[str | None, Query(max_length=100)] = None,
    result_code: Annotated[str | None, Query(max_length=100)] = None,
    unlinked: bool = False,
    state: Annotated[str | None, Query(pattern="^(stored|in_review)$")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    before: Annotated[
        str | None, Query(max_length=100, description="`next` of the page before")
    ] = None,
) -> dict[str, Any]:
    """Return the records that match, newest first; `next` leads to the next page."""
    catalogue = cast("Catalogue", request.app.state.catalogue)
    rows = catalogue.find(
        dossier_code=dossier_code,
        number=number,
        symbol=symbol,
        result_code=result_code,
        unlinked=unlinked or None,
        state=state,
        limit=limit,
        before=before,
    )
    return {"records": rows, "next": rows[-1]["record_id"] if len(rows) == limit else None}


@router.get("/records/{record_id}")
def read(request: Request, record_id: RecordId, version: Version = None) -> Record:
    """Return a record: every field with its evidence, and the files with their hashes."""
    return _record(request, record_id, version)


@router.get("/records/{record_id}/status")
def status(request: Request, record_id: RecordId) -> dict[str, Any]:
    """Return where a document is: stored, in_review, rejected (with the cause) or pending."""
    store = _store(request)
    try:
        return {"record_id": record_id, "status": latest_record(store, record_id)["state"]}
    except NotFound:
        pass
    try:
        return {"record_id": record_id, "status": "rejected", "cause": get_failed(store, record_id)}
    except NotFound:
        pass
    try:
        intake = get_intake(store, record_id)
    except NotFound:
        raise HTTPException(404) from None
    return {"record_id": record_id, "status": "pending", "received_at": intake["received_at"]}


@router.get("/records/{record_id}/files")
def files(request: Request, record_id: RecordId, version: Version = None) -> list[dict[str, Any]]:
    """Return the files of a record: names, sizes, hashes, media types."""
    record = _record(request, record_id, version)
    named = [*record["files"], *_originals(record)]
    return [{k: v for k, v in file.items() if k != "key"} for file in named]


@router.get("/records/{record_id}/files/{name:path}", response_class=Response)
def file(request: Request, record_id: RecordId, name: str, version: Version = None) -> Response:
    """Return one file, as it was verified when it was stored; its ETag is its SHA-256."""
    record = _record(request, record_id, version)
    found = next((f for f in [*record["files"], *_originals(record)] if f["name"] == name), None)
    if found is None:
        raise HTTPException(404)
    etag = f'"{found["sha256"]}"'
    if request.headers.get("If-None-Match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    headers = {
        "ETag": etag,
        "Content-Length": str(found["size_bytes"]),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name.rsplit('/', 1)[-1])}",
    }
    # Opened here: a missing object must be an error now, not a broken stream later.
    body = _store(request).open_range(found["key"])
    return StreamingResponse(body, headers=headers, media_type=found["media_type"])


def _originals(record: Record) -> list[dict[str, Any]]:
    """Return the scans as files `original/1.pdf`: their names as dropped are untrusted."""
    return [
        {**scan, "name": f"original/{number}.{scan['key'].rsplit('.', 1)[-1]}"}
        for number, scan in enumerate(record["originals"], 1)
    ]


def _record(request: Request, record_id: str, version: int | None) -> Record:
    store = _store(request)
    try:
        if version is None:
            return latest_record(store, record_id)
        return get_record(store, record_id, version)
    except NotFound:
        raise HTTPException(404) from None


def _store(request: Request) -> ObjectStore:
    return cast("ObjectStore", request.app.state.store)
