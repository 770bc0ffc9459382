"""Intakes and records in, put once; what is still to be done out.

The bucket is the truth: a document is ours when its intake exists, done when a record exists,
set aside when its failure exists. Each of them is put once, last, by a conditional put.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipeline.errors import StoreError
from pipeline.storage.keys import (
    STARTED,
    failed_key,
    files_prefix,
    intake_key,
    is_record_id,
    parse_key,
    record_key,
    try_key,
)
from pipeline.storage.objects import ObjectStore
from pipeline.storage.pending import mark_pending
from pipeline.storage.record import MEDIA_TYPE, Record, read_record, write_record

READERS = 8  # threads that fetch records for a rebuild
BATCH = 256  # records on their way at once


@dataclass(frozen=True, slots=True)
class Commit:
    """What became of an attempt to commit a record."""

    version: int
    won: bool  # false: that version is another attempt's; delete only our own files
    winner: str | None  # the attempt that the store holds


def commit_record(store: ObjectStore, record: Record, attempt: str) -> Commit:
    """Put the record under its own version number, once, and return who won.

    A reply that says "exists" may be the echo of our own success whose reply was lost: the
    record is read and its attempt compared. After a StoreError it is open whether the record
    was put, so the files of the attempt must stay. Raises ValueError if the record is another
    attempt's or names a file of another document.
    """
    record_id, version = str(record["record_id"]), int(record["version"])
    key = record_key(record_id, version)
    if record.get("attempt") != attempt:
        raise ValueError(f"{key}: the record is of attempt {record.get('attempt')}, not {attempt}")
    _require_own_files(record, record_id)
    if store.put_once(key, write_record(record), MEDIA_TYPE):
        return Commit(version, won=True, winner=attempt)
    winner = read_record(store.get(key), key).get("attempt")
    return Commit(version, won=winner == attempt, winner=winner)


def commit_next(store: ObjectStore, record: Record, attempt: str) -> Commit:
    """Put the record under the next free version number and return it; it always wins.

    For results made anew. What builds on an older version is committed with `commit_record`
    under that version + 1, so that nobody's correction is overlooked.
    """
    record_id = str(record["record_id"])
    version = latest_version(store, record_id)
    while True:
        version += 1
        commit = commit_record(store, {**record, "version": version}, attempt)
        if commit.won:
            return commit


def latest_version(store: ObjectStore, record_id: str) -> int:
    """Return the highest version of a record; 0 when there is none."""
    prefix = record_key(record_id, 1).removesuffix("0001.json")
    return max((_version(key) for key in store.list(prefix)), default=0)


def latest_record(store: ObjectStore, record_id: str) -> Record:
    """Return the latest version of a record. Raises NotFound."""
    return get_record(store, record_id, latest_version(store, record_id) or 1)


def get_record(store: ObjectStore, record_id: str, version: int) -> Record:
    """Return one version of a record. Raises NotFound."""
    key = record_key(record_id, version)
    return read_record(store.get(key), key)


def put_intake(store: ObjectStore, record_id: str, intake: Mapping[str, Any]) -> bool:
    """Make the document ours; False when it was already."""
    # The mark first: were we cut off between the two, a mark without an intake harms nobody.
    mark_pending(store, record_id)
    return store.put_once(intake_key(record_id), _json(intake), MEDIA_TYPE)


def get_intake(store: ObjectStore, record_id: str) -> dict[str, Any]:
    """Return the intake of a document. Raises NotFound."""
    return _read(store, intake_key(record_id))


def mark_try(store: ObjectStore, record_id: str, attempt: str, facts: Mapping[str, Any]) -> None:
    """Count a try in the store, before it begins: a wiped broker must not reset the count."""
    store.put_once(try_key(record_id, attempt), _json(facts), MEDIA_TYPE)


def count_tries(store: ObjectStore, record_id: str) -> int:
    """Return how many tries at a document were begun."""
    return sum(key.endswith("/" + STARTED) for key in store.list(files_prefix(record_id)))


def put_failed(store: ObjectStore, record_id: str, cause: Mapping[str, Any]) -> bool:
    """Set the document aside; False when it was already."""
    return store.put_once(failed_key(record_id), _json(cause), MEDIA_TYPE)


def get_failed(store: ObjectStore, record_id: str) -> dict[str, Any]:
    """Return why a document was set aside. Raises NotFound when it was not."""
    return _read(store, failed_key(record_id))


def forget_failure(store: ObjectStore, record_id: str) -> None:
    """Let the document be tried again from the start: no failure, no tries counted."""
    # The tries first: were we cut off between the two, the document stays set aside.
    for key in store.list(files_prefix(record_id)):
        if key.endswith("/" + STARTED):
            store.delete(key)
    store.delete(failed_key(record_id))
    mark_pending(store, record_id)


def delete_try(store: ObjectStore, record_id: str, attempt: str) -> None:
    """Delete all files of an attempt that no record names."""
    for key in store.list(files_prefix(record_id, attempt)):
        store.delete(key)


def list_intakes(store: ObjectStore) -> set[str]:
    """Return the IDs of all documents that are ours."""
    return _ids(store, "intake/")


def list_records(store: ObjectStore) -> set[str]:
    """Return the IDs of all documents that have a record."""
    return _ids(store, "record/")


def list_failed(store: ObjectStore) -> set[str]:
    """Return the IDs of all documents that were set aside."""
    return _ids(store, "failed/")


def read_latest_records(
    store: ObjectStore, on_damaged: Callable[[StoreError], None] | None = None
) -> Iterator[Record]:
    """Yield the latest version of every record, to rebuild the catalogue.

    A damaged record goes to `on_damaged` and is left out; without it, it is raised.
    """
    latest: dict[str, int] = {}
    for key in store.list("record/"):
        found = _parse(key)
        if found is not None:
            latest[found[0]] = max(latest.get(found[0], 0), found[1])
    keys = iter([record_key(record_id, version) for record_id, version in latest.items()])
    with ThreadPoolExecutor(READERS) as readers:
        # In batches, so that a slow reader of ours never has a million records waiting.
        while batch := list(islice(keys, BATCH)):
            for key, data in zip(batch, readers.map(store.get, batch), strict=True):
                try:
                    yield read_record(data, key)
                except StoreError as error:
                    if on_damaged is None:
                        raise
                    on_damaged(error)


def _require_own_files(record: Record, record_id: str) -> None:
    for named in (*record.get("files", ()), *record.get("originals", ())):
        if parse_key(named["key"] or "").record_id != record_id:
            raise ValueError(f"record {record_id} names a file of another: {named['key']}")


def _ids(store: ObjectStore, room: str) -> set[str]:
    # Folders and files alike: "record/{id}/", "intake/{id}.json".
    names = (key[len(room) :] for key in store.list(room, delimiter=True))
    ids = {name.removesuffix("/").removesuffix(".json") for name in names}
    return {found for found in ids if is_record_id(found)}


def _parse(key: str) -> tuple[str, int] | None:
    try:
        parsed = parse_key(key)
    except ValueError:  # put there by another program; the sweep must not stumble over it
        return None
    return (parsed.record_id, parsed.number or 0)


def _version(key: str) -> int:
    found = _parse(key)
    return found[1] if found else 0


def _read(store: ObjectStore, key: str) -> dict[str, Any]:
    try:
        value = json.loads(store.get(key))
    except ValueError as error:
        raise StoreError(key, f"is damaged ({error}): restore it from a backup") from error
    if not isinstance(value, dict):
        raise StoreError(key, "is no JSON object: another program wrote to our bucket")
    return value


def _json(value: Mapping[str, Any]) -> bytes:
    return write_record(dict(value))
