"""The bucket in, forgotten documents queued again and the books kept.

The bucket is the truth: what is marked as pending, has neither a record nor a failure, and is
no live job, is queued again. Losing the broker therefore loses nothing. Marks, not listings of
everything, lead to what is pending; a slow walk through the whole bucket finds what has no mark.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from threading import Event

from redis import Redis

from pipeline.errors import DigitizationError, StoreError
from pipeline.messages import explain, explain_error
from pipeline.settings import Settings
from pipeline.storage import Balance, ObjectStore, end_pending, list_pending
from workers.connections import open_broker, open_store
from workers.pulse import Pulse
from workers.queues import (
    LANES,
    Lane,
    enqueue_document,
    forget_job,
    job_state,
    job_timeout_s,
    live_jobs,
)
from workers.reconcile import Fault, SlowWalk, Walk
from workers.tally import Books, Standing, enter, read_standings

Say = Callable[[str], None]
log = logging.getLogger("sohoa.sweep")

# A job on its way from one list of the broker to the next is in none for an instant, and one
# that has just finished keeps its name for a while.
SURE_AFTER_S = 8.0
MOST_READ = 500  # documents read in one sweep, so that it stays short after a broker was lost
ORPHAN_S = 3600.0  # a mark without an intake is a take-in that was cut off, or is under way
REST = 2  # a sweep that took 1 s is followed by 2 s of rest at least
MOST_REST_S = 10.0  # but a server that is slow to answer must not hold up everything else


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the sweep must know of a document to queue it."""

    lane: Lane
    received_at: str
    timeout_s: int


@dataclass(slots=True)
class Memory:
    """What one sweep tells the next; it may be lost."""

    waiting: dict[str, Waiting] = field(default_factory=dict)  # marked and not ended, as read
    unentered: set[str] = field(default_factory=set)  # read while the books did not answer
    live: set[str] = field(default_factory=set)  # queued or running at the last sweep
    orphans: dict[str, float] = field(default_factory=dict)  # since when, s of the sweep's clock
    suspect_since: dict[str, float] = field(default_factory=dict)
    pulses: dict[Lane, Pulse] = field(default_factory=lambda: {lane: Pulse() for lane in LANES})

    def forget_ended(self, marked: set[str]) -> None:
        """Forget what has no mark any more."""
        self.waiting = {k: v for k, v in self.waiting.items() if k in marked}
        self.orphans = {k: v for k, v in self.orphans.items() if k in marked}
        self.suspect_since = {k: v for k, v in self.suspect_since.items() if k in marked}
        self.unentered &= marked
        self.live &= marked


def sweep_once(
    store: ObjectStore,
    broker: Redis,
    books: Books,
    settings: Settings,
    memory: Memory,
    now_s: float,
) -> int:
    """Queue again what was forgotten, `settings.window` jobs a lane at most; return how many.

    `now_s` is a monotonic clock. Raises StoreError when store or broker does not answer; what
    can be done without it is done.
    """
    live: dict[Lane, set[str]] | None = None
    try:
        # The jobs first: one that ends meanwhile is found ended when it is read.
        live = {one: memory.pulses[one].alive(live_jobs(broker, one), now_s) for one in LANES}
    finally:
        # Without the broker nothing can be queued, but what has ended is counted all the same.
        known = memory.live if live is None else set().union(*live.values())
        marked, fresh = _read(store, settings, memory, known, now_s)
        try:
            queued = 0 if live is None else _queue(broker, settings, memory, live, now_s)
        finally:
            # Last, because a catalogue that is locked makes us wait.
            _keep_books(store, books, memory, fresh, marked)
    return queued


def take_balance(store: ObjectStore, books: Books) -> Balance:
    """Return the balance sheet as it is now, without a walk through the bucket.

    What ended since the last sweep is entered first, `MOST_READ` documents at most, so that the
    answer comes at once. Raises StoreError.
    """
    marked = sorted(list_pending(store))[:MOST_READ]
    found = read_standings(store, marked, _warn)
    enter(store, books, [one for one in found.values() if one is not None], marked)
    return books.ledger.balance()


def run_sweep(settings: Settings, say: Say, *, once: bool = False) -> None:
    """Sweep until SIGTERM or SIGINT, or once; `settings` are resolved."""
    store, broker, books = open_store(settings), open_broker(settings), Books(settings)
    memory, slow_walk = Memory(), SlowWalk()
    if once:
        sweep_once(store, broker, books, settings, memory, time.monotonic())
        say(str(take_balance(store, books)))
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    tell = _Teller(say, settings.language)
    while not stop.is_set():
        began = time.monotonic()
        try:
            sweep_once(store, broker, books, settings, memory, began)
            if not memory.unentered:  # the books answer
                tell.faults(slow_walk.go_on(store, books, began))
            tell.trouble("")
        except DigitizationError as error:
            tell.trouble(str(explain_error(error, settings.language)))
        took_s = time.monotonic() - began
        stop.wait(max(settings.sweep_every_s, min(REST * took_s, MOST_REST_S)))


class _Teller:
    """Says what changed, once."""

    def __init__(self, say: Say, language: str) -> None:
        self._say, self._language = say, language
        self._trouble = ""
        self._faults: set[Fault] = set()

    def trouble(self, words: str) -> None:
        if words and words != self._trouble:
            self._say(words)
        self._trouble = words

    def faults(self, walk: Walk | None) -> None:
        if walk is None:
            return
        for fault in walk.faults:
            if fault not in self._faults:
                words = explain(fault.code, fault.record_id, fault.detail, self._language)
                self._say(f"{fault.record_id}: {words}")
        self._faults = set(walk.faults)


def _read(
    store: ObjectStore, settings: Settings, memory: Memory, live: set[str], now_s: float
) -> tuple[set[str], list[Standing]]:
    """Read what is new or no longer live; return all marks and how these documents stand."""
    marked = list_pending(store)
    memory.forget_ended(marked)
    left = memory.live - live  # ended, or forgotten by the broker
    due = [one for one in marked if one not in memory.unentered]
    due = [one for one in due if one not in memory.waiting or one in left]
    # What a mark without an intake is about can wait until the rest was read.
    due = sorted(due, key=lambda one: (one in memory.orphans, one))[:MOST_READ]
    found = read_standings(store, due, _warn)
    memory.live = (live & marked) | (left - found.keys())
    for record_id, standing in found.items():
        if standing is None:
            _note_orphan(store, memory, record_id, now_s)
        elif standing.ended:
            memory.waiting.pop(record_id, None)
        else:
            _note_waiting(standing, settings, memory)
    return marked, [one for one in found.values() if one is not None]


def _keep_books(
    store: ObjectStore,
    books: Books,
    memory: Memory,
    standings: list[Standing],
    marked: Container[str],
) -> None:
    """Enter documents; when the books do not answer, remember which to enter later."""
    late = sorted(memory.unentered)[:MOST_READ]
    try:
        enter(store, books, standings, marked)
        again = read_standings(store, late, _warn)
        enter(store, books, [one for one in again.values() if one is not None], marked)
    except StoreError as error:
        # Work goes on without the books: they are caches.
        memory.unentered |= {one.entry.record_id for one in standings}
        log.warning("%s", error)
    else:
        memory.unentered -= set(late)


def _note_waiting(standing: Standing, settings: Settings, memory: Memory) -> None:
    intake, record_id = standing.intake, standing.entry.record_id
    memory.orphans.pop(record_id, None)
    try:
        memory.waiting[record_id] = Waiting(
            "bulk" if intake.get("lane") == "bulk" else "counter",
            str(intake["received_at"]),
            job_timeout_s(intake["files"], settings),
        )
    except (KeyError, TypeError, ValueError) as error:
        # It stays pending, where it is seen.
        log.warning("the intake of %s is damaged: %r", record_id, error)


def _note_orphan(store: ObjectStore, memory: Memory, record_id: str, now_s: float) -> None:
    if now_s - memory.orphans.setdefault(record_id, now_s) >= ORPHAN_S:
        end_pending(store, record_id)


def _queue(
    broker: Redis,
    settings: Settings,
    memory: Memory,
    live: Mapping[Lane, set[str]],
    now_s: float,
) -> int:
    """Queue what waits and is no live job, the oldest first; return how many were queued."""
    queued = 0
    for lane in LANES:
        mine = [
            one
            for one, known in memory.waiting.items()
            if known.lane == lane and one not in live["counter"] and one not in live["bulk"]
        ]
        mine.sort(key=lambda one: memory.waiting[one].received_at)
        room = max(settings.window - len(live[lane]), 0)
        for record_id in mine:
            if room == 0:
                break
            done = _queue_again(broker, record_id, memory, now_s)
            room -= done
            queued += done
    return queued


def _queue_again(broker: Redis, record_id: str, memory: Memory, now_s: float) -> int:
    """Queue one document if it is sure that it is forgotten; return how many were queued."""
    memory.live.add(record_id)  # whatever becomes of it, it is read again when it is no live job
    state = job_state(broker, record_id)
    if state == "other":
        since = memory.suspect_since.setdefault(record_id, now_s)
        if now_s - since < SURE_AFTER_S:
            return 0
    if state != "none":
        forget_job(broker, record_id)
    memory.suspect_since.pop(record_id, None)
    waiting = memory.waiting[record_id]
    return int(enqueue_document(broker, record_id, waiting.lane, waiting.timeout_s))


def _warn(record_id: str, error: StoreError) -> None:
    # One damaged object must not stop the sweep; it stays pending, where it is seen.
    log.warning("%s: %s", record_id, error)
