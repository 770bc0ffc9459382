"""The bucket in, forgotten documents queued again and a balance out.

The bucket is the truth: what has an intake but neither a record nor a failure, and is no live
job, is queued again. Losing the broker therefore loses nothing.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from redis import Redis

from pipeline.errors import DigitizationError, StoreError
from pipeline.messages import explain_error
from pipeline.settings import Settings
from pipeline.storage import (
    NotFound,
    ObjectStore,
    get_intake,
    intake_key,
    list_failed,
    list_intakes,
    list_records,
)
from workers.connections import open_broker, open_store
from workers.queues import (
    LANES,
    Lane,
    enqueue_document,
    forget_job,
    job_state,
    job_timeout_s,
    live_jobs,
)

Say = Callable[[str], None]
log = logging.getLogger("sohoa.sweep")

# A job on its way from one list of the broker to the next is in none for an instant, and one
# that has just finished keeps its name for a while.
SURE_AFTER_S = 8.0
MOST_READ = 2000  # intakes read in one sweep, so that it stays short after a broker was lost
BUSY_SHARE = 10  # a sweep that took 1 s is followed by 10 s of rest at least


@dataclass(frozen=True, slots=True)
class Balance:
    """received = stored + rejected + pending, in documents."""

    received: int
    stored: int
    rejected: int
    pending: int
    failed: frozenset[str] = frozenset()  # the record IDs of the rejected ones

    def __str__(self) -> str:
        return (
            f"received {self.received} = stored {self.stored} + rejected {self.rejected} "
            f"+ pending {self.pending}"
        )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the sweep must know of a document to queue it."""

    lane: Lane
    received_at: str
    timeout_s: int


@dataclass(slots=True)
class Memory:
    """What one sweep tells the next; it may be lost."""

    waiting: dict[str, Waiting] = field(default_factory=dict)
    suspect_since: dict[str, float] = field(default_factory=dict)  # s, of the sweep's clock


def take_balance(store: ObjectStore) -> Balance:
    """Return how many documents were received and what became of them. Raises StoreError."""
    balance, _ = _take_stock(store)
    return balance


def sweep_once(
    store: ObjectStore, broker: Redis, settings: Settings, memory: Memory, now_s: float
) -> Balance:
    """Queue again what was forgotten, `settings.window` jobs a lane at most; return the balance.

    `now_s` is a monotonic clock. Raises StoreError when broker or store does not answer.
    """
    # The jobs first: one that finishes meanwhile has its record in the listing that follows.
    live = {lane: live_jobs(broker, lane) for lane in LANES}
    balance, pending = _take_stock(store)
    missing = pending - set().union(*live.values())
    _forget_done(memory, missing)
    _learn(store, settings, memory, missing)
    for lane in LANES:
        mine = [found for found in missing if _lane(memory, found) == lane]
        mine.sort(key=lambda found: memory.waiting[found].received_at)
        room = max(settings.window - len(live[lane]), 0)
        for record_id in mine:
            if room == 0:
                break
            room -= _queue_again(broker, record_id, memory, now_s)
    return balance


def run_sweep(settings: Settings, say: Say, *, once: bool = False) -> None:
    """Sweep until SIGTERM or SIGINT, or once; `settings` are resolved."""
    store, broker, memory = open_store(settings), open_broker(settings), Memory()
    if once:
        say(str(sweep_once(store, broker, settings, memory, time.monotonic())))
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    said = ""
    while not stop.is_set():
        began = time.monotonic()
        try:
            sweep_once(store, broker, settings, memory, began)
            trouble = ""
        except DigitizationError as error:
            trouble = str(explain_error(error, settings.language))
        if trouble and trouble != said:
            say(trouble)
        said = trouble
        # Listing grows with the bucket: a large one is listed less often, never all the time.
        took_s = time.monotonic() - began
        stop.wait(max(settings.sweep_every_s, BUSY_SHARE * took_s))


def _take_stock(store: ObjectStore) -> tuple[Balance, set[str]]:
    # The intakes first: what is listed later has an intake, but not the other way round.
    received = list_intakes(store)
    stored = list_records(store) & received
    failed = (list_failed(store) & received) - stored
    pending = received - stored - failed
    balance = Balance(len(received), len(stored), len(failed), len(pending), frozenset(failed))
    return balance, pending


def _forget_done(memory: Memory, missing: set[str]) -> None:
    memory.waiting = {k: v for k, v in memory.waiting.items() if k in missing}
    memory.suspect_since = {k: v for k, v in memory.suspect_since.items() if k in missing}


def _learn(store: ObjectStore, settings: Settings, memory: Memory, missing: set[str]) -> None:
    """Read the intakes of what is missing, some in each sweep."""
    unknown = [found for found in missing if found not in memory.waiting]
    for record_id in unknown[:MOST_READ]:
        try:
            intake = get_intake(store, record_id)
            memory.waiting[record_id] = Waiting(
                "bulk" if intake.get("lane") == "bulk" else "counter",
                str(intake["received_at"]),
                job_timeout_s(intake["files"], settings),
            )
        except NotFound:
            continue
        except StoreError as error:
            # One damaged object must not stop the sweep; it stays pending, where it is seen.
            if error.subject != intake_key(record_id):
                raise
            log.warning("%s", error)
        except (KeyError, TypeError, ValueError) as error:
            log.warning("%s is damaged: %r", intake_key(record_id), error)


def _lane(memory: Memory, record_id: str) -> Lane | None:
    waiting = memory.waiting.get(record_id)
    return None if waiting is None else waiting.lane


def _queue_again(broker: Redis, record_id: str, memory: Memory, now_s: float) -> int:
    """Queue one document if it is sure that it is forgotten; return how many were queued."""
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
