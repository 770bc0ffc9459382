"""A document as it was dropped in, its intake in the bucket out: from then on it is ours.

Hash, put the originals, read them back, hash the local files again, put the intake once, last.
Whoever does this, how often and where it is cut off: the ID follows from the bytes, so nothing
is doubled, and as long as there is no intake the file stays where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from redis import Redis

from pipeline.errors import StoreError, TooLarge
from pipeline.model import Dossier
from pipeline.settings import Settings
from pipeline.storage import (
    NotFound,
    ObjectStore,
    failed_key,
    get_failed,
    get_intake,
    latest_record,
    original_key,
    put_intake,
    record_id,
    record_key,
)
from workers.documents import Paper
from workers.folders import (
    Parts,
    Signature,
    as_path,
    as_text,
    open_file,
    path_of,
    sha256_of,
    signature_of,
)
from workers.page_count import pages_of
from workers.queues import Lane, enqueue_document, job_timeout_s, queue_length
from workers.wholeness import MEDIA_TYPES, Kind, kind_of

SCHEMA = "sohoa/intake/1"

Outcome = tuple[Literal["stored", "refused"], dict[str, Any]]


class ChangedMeanwhile(Exception):
    """A file was written to or replaced while it was taken in: look at it again later."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document before it is read."""

    dossier: Dossier = field(default_factory=Dossier)
    ordinal: int = 1  # place in the dossier, from 1
    doc_type: str | None = None
    component_code: str | None = None
    paper_pages: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and how a document came in."""

    root: Path  # the drop folder, or the tree of a backfill
    source: str  # of this document below the root; kept in the record
    station: str
    lane: Lane


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that is ours."""

    record_id: str
    new: bool  # false: the same paper of the same dossier was ours already
    received_at: str  # ISO 8601, of the first time
    first_source: str  # where it was dropped the first time


@dataclass(frozen=True, slots=True)
class _Original:
    parts: Parts
    signature: Signature
    sha256: str
    kind: Kind
    pages: int | None  # as the file says; None: it does not


def take_in(paper: Paper, facts: Facts, origin: Origin, store: ObjectStore, most: int) -> Taken:
    """Make a document ours; `most` bytes a file. Its local files are not touched.

    Raises OSError when a file cannot be read, ChangedMeanwhile, TooLarge, StoreError.
    """
    originals = [
        _look_at(origin.root, parts, signature, most)
        for parts, signature in zip(paper.files, paper.signatures, strict=True)
    ]
    found_id = record_id(facts.dossier.code, [one.sha256 for one in originals])
    known, new = find_intake(store, found_id), False
    if known is None:
        intake = _intake(found_id, originals, facts, origin)
        for one, file in zip(originals, intake["files"], strict=True):
            _put(store, origin.root, one, file)
        for one in originals:
            _require_unchanged(origin.root, one)
        new = put_intake(store, found_id, intake)
        # What the store holds is what counts: another watcher may have been faster.
        known = get_intake(store, found_id)
    return Taken(found_id, new, str(known["received_at"]), str(known["source_path"]))


def find_intake(store: ObjectStore, found_id: str) -> dict[str, Any] | None:
    """Return the intake of a document, or None. Raises StoreError."""
    try:
        return get_intake(store, found_id)
    except NotFound:
        return None


def find_outcome(store: ObjectStore, record_id: str) -> Outcome | None:
    """Return what became of a document: its record, or why it was set aside; None: not yet.

    Raises StoreError.
    """
    try:
        if store.exists(record_key(record_id, 1)):
            return "stored", latest_record(store, record_id)
        if store.exists(failed_key(record_id)):
            return "refused", get_failed(store, record_id)
    except NotFound:
        pass  # `sohoa retry` was faster
    return None


def queue_soon(
    store: ObjectStore, broker: Redis, found_id: str, lane: Lane, settings: Settings
) -> bool:
    """Queue a document unless the lane is full; return whether it was queued.

    Only to be quick: what is not queued here, the sweep queues. Raises StoreError.
    """
    if queue_length(broker, lane) >= settings.window:
        return False
    intake = get_intake(store, found_id)
    timeout_s = job_timeout_s(intake["files"], settings)
    return enqueue_document(broker, found_id, lane, timeout_s)


def now() -> str:
    """Return the time of reception, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def _look_at(root: Path, parts: Parts, expected: Signature, most: int) -> _Original:
    with open_file(root, parts) as descriptor:
        signature = signature_of(descriptor)
        if signature != expected:
            raise ChangedMeanwhile(as_path(parts))
        if signature.size_bytes > most:
            detail = f"{signature.size_bytes // 1_000_000} MB; at most {most // 1_000_000} MB"
            raise TooLarge(as_text(parts[-1]), detail)
        kind = kind_of(descriptor)
        pages = pages_of(descriptor, kind)
        return _Original(parts, signature, sha256_of(descriptor), kind, pages)


def _intake(
    found_id: str, originals: list[_Original], facts: Facts, origin: Origin
) -> dict[str, Any]:
    files = []
    for n, one in enumerate(originals, start=1):
        files.append(
            {
                "n": n,
                "name": as_text(one.parts[-1]),
                "sha256": one.sha256,
                "size_bytes": one.signature.size_bytes,
                "media_type": MEDIA_TYPES[one.kind],
                "pages": one.pages,
                "key": original_key(found_id, n, one.sha256, one.kind),
            }
        )
    dossier = facts.dossier
    return {
        "schema": SCHEMA,
        "record_id": found_id,
        "lane": origin.lane,
        "dossier": {
            "code": dossier.code,
            "procedure": dossier.procedure,
            "result_number": dossier.result_number,
            "result_code": dossier.result_code,
            "owner": dict(dossier.owner),
        },
        "document": {
            "ordinal": facts.ordinal,
            "doc_type": facts.doc_type,
            "component_code": facts.component_code,
            "paper_pages": facts.paper_pages,
        },
        "files": files,
        "source_path": origin.source,
        "received_at": now(),
        "station": origin.station,
    }


def _put(store: ObjectStore, root: Path, one: _Original, file: Mapping[str, Any]) -> None:
    with open_file(root, one.parts) as descriptor:
        try:
            # By descriptor: whatever is renamed meanwhile, this is the file that is looked at.
            put = store.put_file(file["key"], path_of(descriptor), file["media_type"])
        except (OSError, StoreError):
            if signature_of(descriptor) != one.signature:
                raise ChangedMeanwhile(as_path(one.parts)) from None
            raise
    if put.sha256 != one.sha256:
        raise ChangedMeanwhile(as_path(one.parts))


def _require_unchanged(root: Path, one: _Original) -> None:
    """Look at a file again, by its name: size, time, inode and every byte."""
    try:
        with open_file(root, one.parts) as descriptor:
            same = signature_of(descriptor) == one.signature
            same = same and sha256_of(descriptor) == one.sha256
    except FileNotFoundError:
        same = False
    if not same:
        raise ChangedMeanwhile(as_path(one.parts))
