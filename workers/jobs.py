"""A record ID in, its document digitized and stored out; the only code that a queue may run.

Exactly once in effect: whoever runs it, how often and where it is cut off, there is one record.
Tries are counted in the bucket, because a wiped broker must not reset them. A failure that we
saw (a crash of the decoder, a check of ours that did not pass) counts against `settings.tries`;
a try that ended without a word (the worker was killed, the power went) is most often not the
document's fault and only counts against a larger bound. A store or disk that did not answer
counts nothing.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import socket
import tempfile
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rq.timeouts import BaseTimeoutException

from pipeline import flow
from pipeline.errors import (
    DigitizationError,
    ScanError,
    SetupError,
    StoreError,
    ToolCrashed,
    ToolTimeout,
)
from pipeline.model import Capture, Document, Dossier, Scan
from pipeline.settings import Settings, from_environ
from pipeline.storage import (
    NotFound,
    ObjectStore,
    Record,
    failed_key,
    file_key,
    files_prefix,
    get_intake,
    latest_record,
    latest_version,
    mark_try,
    parse_key,
    put_failed,
    try_key,
)
from workers.connections import open_catalogue, open_store, resolve
from workers.decoding import prewarm, run_digitize
from workers.sandbox import Unexpected
from workers.scratch import empty, own_scratch

Digitize = Callable[[Document, Capture, Path, Settings], dict[str, Any]]

SILENT_TRIES = 7  # tries that may end without a word beyond `settings.tries`
STORE_PAUSE_S = 2.0  # so that a full disk or a dead store is not asked in a tight loop
DETAIL_LETTERS = 4000  # of a traceback kept in the bucket
FAILURE = "failed.json"  # beside started.json: this try ended in a failure that we saw

log = logging.getLogger("sohoa.jobs")


@dataclass(frozen=True, slots=True)
class Desk:
    """What one worker works with; opened once for each process."""

    settings: Settings
    store: ObjectStore
    scratch: Path  # a folder of this worker alone


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries at one document, as the bucket has them."""

    begun: int
    failed: int  # of those, with a failure that we saw

    def exhausted(self, most: int) -> bool:
        """Return whether there must not be another try."""
        return self.failed >= most or self.begun >= most + SILENT_TRIES


_desk: Desk | None = None


def prepare(settings: Settings, name: str = "worker") -> Desk:
    """Open what the jobs of this process need, once; its forks inherit it.

    Raises SetupError when the schemas are wrong or the scratch folder cannot be made, ToolMissing
    without Tesseract.
    """
    global _desk
    prewarm(settings)
    scratch = own_scratch(settings.data / "scratch", name)
    _desk = Desk(settings, open_store(settings), scratch)
    return _desk


def digitize(record_id: str) -> str:
    """Digitize a document whose intake is in the bucket. Raises ToolError, StoreError to retry."""
    desk = _desk or prepare(resolve(from_environ()))
    try:
        digitize_document(record_id, desk)
    except StoreError:
        time.sleep(STORE_PAUSE_S)
        raise
    return "ok"


def digitize_document(record_id: str, desk: Desk, digitize: Digitize = run_digitize) -> None:
    """Digitize and store one document unless that is done; set it aside when it is hopeless.

    `digitize` makes the files, in a child that can be killed. Raises ToolError or StoreError
    when another try may help.
    """
    store, settings = desk.store, desk.settings
    try:
        intake = get_intake(store, record_id)
    except NotFound:
        log.warning("%s has no intake; the job is dropped", record_id)
        return
    if latest_version(store, record_id):
        enter_catalogue(latest_record(store, record_id), settings)
        return
    if store.exists(failed_key(record_id)):
        return
    tries = read_tries(store, record_id)
    if tries.exhausted(settings.tries):
        _set_aside(store, record_id, _silent_end(intake, tries), tries)
        return
    attempt = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:12]}"
    mark_try(store, record_id, attempt, {"host": socket.gethostname(), "pid": os.getpid()})
    try:
        record = _make(record_id, intake, attempt, desk, digitize)
    except (StoreError, SetupError):
        _forgive(store, record_id, attempt)
        raise
    except ScanError as error:
        _set_aside(store, record_id, error, Tries(tries.begun + 1, tries.failed + 1))
    except Exception as error:
        failure = _as_failure(error, intake)
        _count_failure(store, record_id, attempt, failure)
        tries = Tries(tries.begun + 1, tries.failed + 1)
        if not tries.exhausted(settings.tries):
            raise
        _set_aside(store, record_id, failure, tries)
    except BaseException:  # the worker must stop: see queues.JobStopped
        _forgive(store, record_id, attempt)
        raise
    else:
        enter_catalogue(record, settings)


def read_tries(store: ObjectStore, record_id: str) -> Tries:
    """Return the tries at a document that still count."""
    ends: dict[str, set[str]] = {}
    for key in store.list(files_prefix(record_id)):
        try:
            parsed = parse_key(key)
        except ValueError:
            continue
        ends.setdefault(str(parsed.attempt), set()).add(str(parsed.name))
    # `sohoa retry` and a forgiven try remove started.json: then their failure is void too.
    counted = [names for names in ends.values() if "started.json" in names]
    return Tries(len(counted), sum(FAILURE in names for names in counted))


def enter_catalogue(record: Record, settings: Settings) -> None:
    """Put the record into the catalogue; it is a cache, so a failure is only logged."""
    try:
        catalogue = open_catalogue(settings)
        try:
            catalogue.upsert(record)
        finally:
            catalogue.close()
    except (DigitizationError, OSError) as error:
        log.warning("%s is stored, but not in the catalogue: %s", record["record_id"], error)


def clean_scratch() -> None:
    """Remove what a job left behind that was killed; called when no job runs."""
    if _desk is not None:
        empty(_desk.scratch)


def _make(
    record_id: str, intake: Mapping[str, Any], attempt: str, desk: Desk, digitize: Digitize
) -> Record:
    try:
        folder = Path(tempfile.mkdtemp(prefix=f"{record_id}-", dir=desk.scratch))
    except OSError as error:
        raise StoreError(str(desk.scratch), f"cannot be written: {error.strerror}") from error
    try:
        document = _fetch(intake, folder, desk.store)
        capture = Capture(
            record_id=record_id,
            received_at=datetime.fromisoformat(intake["received_at"]),
            station=intake["station"],
            source_path=intake["source_path"],
        )
        out = folder / "out"
        digitize(document, capture, out, desk.settings)
        now = datetime.now(UTC).replace(microsecond=0)
        return flow.store(out, dict(intake), desk.store, attempt=attempt, stored_at=now)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fetch(intake: Mapping[str, Any], folder: Path, store: ObjectStore) -> Document:
    """Copy the originals from the bucket and check that they are what was received."""
    scans = []
    for file in intake["files"]:
        path = folder / f"{file['n']:04}{Path(file['key']).suffix}"
        found = store.get_file(file["key"], path)
        if (found.sha256, found.size_bytes) != (file["sha256"], file["size_bytes"]):
            raise StoreError(file["key"], "is not what was received: restore it from a backup")
        scans.append(Scan(path, file["name"], file["sha256"], file["size_bytes"]))
    dossier, document = intake["dossier"], intake["document"]
    return Document(
        scans=tuple(scans),
        dossier=Dossier(
            code=dossier["code"],
            procedure=dossier["procedure"],
            result_number=dossier["result_number"],
            result_code=dossier["result_code"],
            owner=dossier["owner"],
        ),
        ordinal=document["ordinal"],
        doc_type=document["doc_type"],
        component_code=document["component_code"],
        paper_pages=document.get("paper_pages"),
    )


def _as_failure(error: Exception, intake: Mapping[str, Any]) -> DigitizationError:
    name = str(intake["files"][0]["name"])
    if isinstance(error, DigitizationError):
        return error
    if isinstance(error, BaseTimeoutException):
        return ToolTimeout(name, "the whole job took longer than its pages may")
    return Unexpected(name, "".join(traceback.format_exception(error)))


def _silent_end(intake: Mapping[str, Any], tries: Tries) -> DigitizationError:
    name = str(intake["files"][0]["name"])
    return ToolCrashed(name, f"{tries.begun} tries ended without a word from the worker")


def _set_aside(store: ObjectStore, record_id: str, error: DigitizationError, tries: Tries) -> None:
    cause = {**error.to_json(), "tries": tries.begun, "failed_at": _now()}
    cause["detail"] = str(cause["detail"])[-DETAIL_LETTERS:]
    put_failed(store, record_id, cause)
    log.warning("%s is set aside: %s", record_id, str(error)[:500])


def _count_failure(
    store: ObjectStore, record_id: str, attempt: str, failure: DigitizationError
) -> None:
    cause = {**failure.to_json(), "failed_at": _now()}
    cause["detail"] = cause["detail"][-DETAIL_LETTERS:]
    data = json.dumps(cause, ensure_ascii=False).encode("utf-8", "replace")
    store.put_bytes(file_key(record_id, attempt, FAILURE), data, "application/json")
    log.warning("%s failed in try %s: %s", record_id, attempt, str(failure)[:500])


def _forgive(store: ObjectStore, record_id: str, attempt: str) -> None:
    """Do not count this try: a server or disk failed, not the document."""
    try:
        # Its other files stay: whether its record was put may be unknown.
        store.delete(try_key(record_id, attempt))
    except StoreError as error:
        log.warning("%s: a try counts although %s", record_id, error)


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
