"""Record IDs in, what became of each entered into ledger and catalogue out; marks removed.

The end of a document is counted once its record or its failure is in the bucket. Only then its
mark is removed: whoever is cut off in between counts it again, with the same result.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Container, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from pipeline.errors import StoreError
from pipeline.settings import Settings
from pipeline.storage import (
    Catalogue,
    Entry,
    Ledger,
    NotFound,
    ObjectStore,
    Record,
    aimed_at,
    delete_try,
    end_pending,
    failed_key,
    get_failed,
    get_intake,
    get_record,
    latest_version,
    mark_pending,
    read_objects,
)
from workers.connections import open_catalogue, open_ledger

READERS = 8  # threads that ask the store

log = logging.getLogger("sohoa.tally")


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as the bucket has it now."""

    entry: Entry
    intake: dict[str, Any]
    record: Record | None  # its latest version

    @property
    def ended(self) -> bool:
        return self.entry.state != "pending"


class Books:
    """Ledger and catalogue of a system, opened when first needed."""

    def __init__(self, settings: Settings) -> None:
        """Remember where they are; `settings` are resolved."""
        self._settings = settings
        self._ledger: Ledger | None = None
        self._catalogue: Catalogue | None = None

    @property
    def ledger(self) -> Ledger:
        """Return the ledger. Raises StoreError when its database does not answer."""
        if self._ledger is None:
            self._ledger = open_ledger(self._settings)
        return self._ledger

    @property
    def catalogue(self) -> Catalogue:
        """Return the catalogue. Raises StoreError when its database does not answer."""
        if self._catalogue is None:
            self._catalogue = open_catalogue(self._settings)
        return self._catalogue

    def close(self) -> None:
        """Close both; they open again when needed."""
        for one in (self._ledger, self._catalogue):
            if one is not None:
                one.close()


def read_standing(store: ObjectStore, record_id: str) -> Standing | None:
    """Return how a document stands; None: it has no intake. Raises StoreError."""
    try:
        intake = get_intake(store, record_id)
    except NotFound:
        return None
    try:
        files = [file.get("pages") for file in intake["files"]]
        pages = None if None in files else sum(map(int, files))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"intake/{record_id}.json", f"is damaged: {error!r}") from error
    version = latest_version(store, record_id)
    if version:
        record = get_record(store, record_id, version)
        found = Entry(
            record_id,
            "stored",
            len(files),
            pages,
            stored_pages=len(record.get("pages") or ()),
            version=version,
            objects=len(record.get("files") or ()),
            attempt=record.get("attempt"),
        )
        return Standing(found, intake, record)
    try:
        cause = str(get_failed(store, record_id).get("code"))
    except NotFound:
        return Standing(Entry(record_id, "pending", len(files), pages), intake, None)
    return Standing(Entry(record_id, "rejected", len(files), pages, cause=cause), intake, None)


def read_standings(
    store: ObjectStore, record_ids: Iterable[str], on_damaged: Callable[[str, StoreError], None]
) -> dict[str, Standing | None]:
    """Return how each document stands; one with a damaged object goes to `on_damaged`.

    Raises StoreError when the store does not answer.
    """
    found: dict[str, Standing | None] = {}
    with ThreadPoolExecutor(READERS) as readers:
        asked = {one: readers.submit(read_standing, store, one) for one in sorted(record_ids)}
        for record_id, answer in asked.items():
            try:
                found[record_id] = answer.result()
            except NotFound:
                continue  # it moved on between two questions: asked again in the next round
            except StoreError as error:
                if record_id not in error.subject:
                    raise
                on_damaged(record_id, error)
    return found


def enter(
    store: ObjectStore, books: Books, standings: Iterable[Standing], marked: Container[str]
) -> None:
    """Enter documents into the books, then clean up behind those of `marked` that have ended.

    Raises StoreError when a server does not answer; call again with the same then.
    """
    found = list(standings)
    if not found:
        return
    books.ledger.enter(one.entry for one in found)
    books.catalogue.upsert_all(one.record for one in found if one.record is not None)
    ended = [one.entry for one in found if one.ended and one.entry.record_id in marked]
    with ThreadPoolExecutor(READERS) as readers:
        list(readers.map(partial(_close, store), ended))


def delete_losers(store: ObjectStore, entry: Entry, attempts: Iterable[str]) -> int:
    """Delete the files of tries that no version of a stored record names; return how many tries.

    A try can no longer win when the version that it aims at is there.
    """
    named = {entry.attempt}
    losers = {one for one in attempts if one and aimed_at(one) <= entry.version} - named
    if losers and entry.version > 1:
        for version in range(1, entry.version):
            named.add(get_record(store, entry.record_id, version).get("attempt"))
    for attempt in losers - named:
        delete_try(store, entry.record_id, attempt)
    return len(losers - named)


def _close(store: ObjectStore, entry: Entry) -> None:
    """Clean up behind a document that has ended and remove its mark."""
    if entry.state == "stored":
        delete_losers(store, entry, read_objects(store, entry.record_id).get(entry.record_id, {}))
        store.delete(failed_key(entry.record_id))  # a late try was better than its verdict
    end_pending(store, entry.record_id)
    if entry.state == "rejected" and not store.exists(failed_key(entry.record_id)):
        # `sohoa retry` came in between, and we have just removed the mark that it put.
        mark_pending(store, entry.record_id)
