"""The whole bucket in, a balance sheet out: in = stored + rejected + pending.

The walk compares the bucket with the books shard by shard, mends what it can (a mark or an
entry that is missing, files of a try that lost) and names what only a person can mend: an
object that is gone, pages that were not kept. The sweep walks on a little in each of its
rounds, `sohoa reconcile` walks through everything at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import StoreError
from pipeline.storage import (
    Balance,
    Entry,
    ObjectStore,
    Shard,
    get_intake,
    get_record,
    intake_key,
    list_pending,
    mark_pending,
    read_objects,
    read_shards,
)
from workers.tally import Books, delete_losers, enter, read_standings

MOST_FAULTS = 1000  # named one by one; more are only counted
STEP_S = 0.5  # of each sweep, for the slow walk
EVERY_S = 300.0  # from the end of one slow walk to the beginning of the next
RETRY_S = 10.0  # after a slow walk that a server broke off


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not balance; `code` leads to its words in the message table."""

    record_id: str
    code: str
    detail: str = ""


@dataclass(slots=True)
class Walk:
    """What a walk through the bucket has found so far."""

    documents: int = 0
    faults: list[Fault] = field(default_factory=list)
    found_faults: int = 0
    marked: int = 0  # marks that were missing and were put
    losers: int = 0  # tries whose files were removed
    uploads: int = 0  # uploads that were cut off, whose parts were removed

    def blame(self, record_id: str, code: str, detail: str = "") -> None:
        """Note a fault."""
        self.found_faults += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(record_id, code, detail))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The balance sheet of a whole walk."""

    balance: Balance
    walk: Walk

    @property
    def balanced(self) -> bool:
        return self.balance.balanced and not self.walk.found_faults

    def as_json(self) -> dict[str, Any]:
        """Return the sheet as plain values."""
        return {
            "balanced": self.balanced,
            "documents": asdict(self.balance.documents),
            "files": asdict(self.balance.files),
            "pages": asdict(self.balance.pages),
            "uncounted": self.balance.uncounted,
            "causes": self.balance.causes,
            "faults": [asdict(fault) for fault in self.walk.faults],
            "found_faults": self.walk.found_faults,
            "mended": {
                "marked": self.walk.marked,
                "losers": self.walk.losers,
                "uploads": self.walk.uploads,
            },
        }


def reconcile(
    store: ObjectStore,
    books: Books,
    *,
    objects: bool = True,
    on_progress: Callable[[Walk], None] = lambda walk: None,
) -> Sheet:
    """Walk through the whole bucket and return the balance sheet.

    With `objects` every document's files must be there, too; those of tries that lost, and the
    parts of uploads that were cut off, are removed. Raises StoreError when a server does not
    answer.
    """
    walk = Walk()
    for _ in walk_on(store, books, walk, objects=objects):
        on_progress(walk)
    if objects:
        walk.uploads = store.abort_stale_uploads()
    return Sheet(books.ledger.balance(), walk)


class SlowWalk:
    """A walk through the bucket that goes on a little in each sweep, and begins again."""

    def __init__(self) -> None:
        """Begin at the first call."""
        self._steps: Iterator[None] | None = None
        self._found = Walk()
        self._resume_s = 0.0  # of the caller's clock

    def go_on(
        self, store: ObjectStore, books: Books, now_s: float, most_s: float = STEP_S
    ) -> Walk | None:
        """Walk for about `most_s`; return what was found when the walk is at its end.

        `now_s` is a monotonic clock. Raises StoreError when a server does not answer; the walk
        begins anew then.
        """
        if self._steps is None:
            if now_s < self._resume_s:
                return None
            self._found = Walk()
            self._steps = walk_on(store, books, self._found)
        until = time.monotonic() + most_s
        try:
            for _ in self._steps:
                if time.monotonic() >= until:
                    return None
        except StoreError:
            self._steps, self._resume_s = None, now_s + RETRY_S
            raise
        self._steps, self._resume_s = None, now_s + EVERY_S
        return self._found


def walk_on(
    store: ObjectStore, books: Books, walk: Walk, *, objects: bool = False
) -> Iterator[None]:
    """Compare one shard with the books at each step; the end of the walk is noted in them."""
    marked: set[str] | None = None
    for shard in read_shards(store):
        marked = list_pending(store) if marked is None else marked
        _compare(store, books, shard, marked, walk)
        if objects:
            _look_for_objects(store, books, shard, walk)
        walk.documents += len(shard.received)
        yield
    books.ledger.note_walk(datetime.now(UTC).isoformat(timespec="seconds"))


def _compare(store: ObjectStore, books: Books, shard: Shard, marked: set[str], walk: Walk) -> None:
    known = books.ledger.known(shard.prefix)
    listed = books.catalogue.versions(shard.prefix)
    odd = set()
    for record_id in shard.received:
        entry, version = known.get(record_id), shard.versions.get(record_id, 0)
        state = "stored" if version else "rejected" if record_id in shard.failed else "pending"
        fits = entry is not None and (entry.state, entry.version) == (state, version)
        if not fits or listed.get(record_id, 0) < version:
            odd.add(record_id)
    # Ended, but its mark is still there, or a failure beside its record: somebody was cut off.
    ended = shard.received & (shard.versions.keys() | shard.failed)
    unclean = {
        one for one in ended if one in marked or (one in shard.versions and one in shard.failed)
    }
    found = read_standings(store, odd | unclean, lambda one, error: _damaged(walk, one, error))
    fresh = {one: standing for one, standing in found.items() if standing is not None}
    enter(store, books, fresh.values(), unclean)
    known |= {one: standing.entry for one, standing in fresh.items()}
    for record_id in shard.received:
        _check(store, known.get(record_id), marked, walk)
    for record_id in known.keys() - shard.received:
        if not store.exists(intake_key(record_id)):
            walk.blame(record_id, "balance.gone")
    for record_id in (shard.versions.keys() | shard.failed) - shard.received:
        if not store.exists(intake_key(record_id)):
            walk.blame(record_id, "balance.no-intake")


def _check(store: ObjectStore, entry: Entry | None, marked: set[str], walk: Walk) -> None:
    if entry is None:
        return  # damaged: said already
    if entry.state == "pending" and entry.record_id not in marked:
        mark_pending(store, entry.record_id)
        walk.marked += 1
    if entry.state == "stored" and entry.pages not in (None, entry.stored_pages):
        detail = f"{entry.pages} → {entry.stored_pages}"
        walk.blame(entry.record_id, "balance.pages", detail)


def _look_for_objects(store: ObjectStore, books: Books, shard: Shard, walk: Walk) -> None:
    """Compare how many objects each document should have with those that are there."""
    found = read_objects(store, shard.prefix)
    for record_id, entry in books.ledger.known(shard.prefix).items():
        if record_id not in shard.received:
            continue
        attempts = found.get(record_id, {})
        short = len(attempts.get("", ())) < entry.files
        if entry.state == "stored":
            kept = attempts.get(entry.attempt or "", set())
            short = short or len([key for key in kept if not _is_mark(key)]) < entry.objects
            walk.losers += delete_losers(store, entry, attempts)
        if short:
            _name_missing(store, entry, walk)


def _name_missing(store: ObjectStore, entry: Entry, walk: Walk) -> None:
    """Ask for each object by its name: a listing may be a moment old."""
    keys = [file["key"] for file in get_intake(store, entry.record_id)["files"]]
    if entry.version:
        record = get_record(store, entry.record_id, entry.version)
        keys += [file["key"] for file in record["files"]]
    for key in keys:
        if not store.exists(key):
            walk.blame(entry.record_id, "balance.file-missing", key)


def _is_mark(key: str) -> bool:
    return key.endswith(("/started.json", "/failed.json"))


def _damaged(walk: Walk, record_id: str, error: StoreError) -> None:
    walk.blame(record_id, "balance.damaged", error.subject)
