"""The sweep: the bucket knows what is to be done, whatever the broker forgot."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest
from redis import Redis
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from pipeline.errors import ScanLocked, StoreError
from pipeline.model import Dossier
from pipeline.storage import Sum, intake_key, list_intakes, list_pending, put_failed
from workers.documents import read_drops
from workers.intake import Facts, Origin, take_in
from workers.jobs import digitize_document
from workers.pulse import SILENT_S
from workers.queues import OneJob, enqueue_document, live_jobs, open_queue
from workers.sweep import SURE_AFTER_S, Memory, sweep_once
from workers.tally import Books


@pytest.fixture
def taken(home, store, drop):
    """Take in files of one dossier in a lane; return their record IDs."""

    def take(count=1, lane="counter", start=0):
        for n in range(start, start + count):
            drop(f"D-1/{n}.pdf", str(n))
        *_, dossier = read_drops(home.inbox, lambda *trouble: None)
        ids = []
        for paper in dossier.papers[start : start + count]:
            origin = Origin(home.inbox, "/".join(paper.place), "", lane)
            facts = Facts(Dossier(code="D-1"))
            ids.append(take_in(paper, facts, origin, store, 10**9).record_id)
        return ids

    return take


@pytest.fixture
def sweep(store, redis, home):
    """Sweep at a time of our choice, with one memory."""
    memory, books = Memory(), Books(home)

    def run(now_s=0.0, **changed):
        sweep_once(store, redis, books, replace(home, **changed), memory, now_s)
        return books.ledger.balance()

    yield run
    books.close()


def test_what_the_broker_lost_is_queued_again(sweep, taken, redis):
    """A broker whose data are gone loses no document."""
    ids = taken(3)
    for record_id in ids:
        enqueue_document(redis, record_id, "counter", 60)
    redis.flushall()

    balance = sweep()

    assert live_jobs(redis, "counter").keys() == set(ids)
    assert str(balance) == "received 3 = stored 0 + rejected 0 + pending 3"


def test_live_jobs_are_not_queued_twice(sweep, taken, redis):
    """Sweeping again and again changes nothing."""
    taken(2)
    for now in range(0, 100, 5):
        sweep(float(now))

    assert open_queue(redis, "counter").count == 2


def test_done_and_rejected_documents_are_left_alone(
    sweep, taken, store, redis, desk, quick_digitize
):
    """The balance tells them apart, and sums up."""
    stored, rejected, pending = taken(3)
    digitize_document(stored, desk, quick_digitize)
    put_failed(store, rejected, {"code": "scan.locked", "subject": "a.pdf", "detail": ""})

    balance = sweep()

    assert live_jobs(redis, "counter").keys() == {pending}
    assert balance.documents == Sum(3, 1, 1, 1)
    assert balance.causes == {"scan.locked": 1}
    assert list_pending(store) == {pending}


def test_window_bounds_what_is_queued(sweep, taken, redis):
    """A year of paper waits in the bucket, not in the broker's memory; the oldest go first."""
    taken(5)
    sweep(window=2)
    assert len(live_jobs(redis, "counter")) == 2

    sweep(window=3)
    assert len(live_jobs(redis, "counter")) == 3


def test_lanes_are_kept_apart(sweep, taken, redis):
    """A backfill that fills its lane does not hold up the counter."""
    bulk = taken(3, "bulk")
    counter = taken(1, "counter", start=3)

    sweep(window=2)

    assert live_jobs(redis, "counter").keys() == set(counter)
    assert len(live_jobs(redis, "bulk").keys() & set(bulk)) == 2


def test_job_that_rq_gave_up_is_queued_again(sweep, taken, redis):
    """Its retries are used up, but the bucket still counts tries left."""
    (record_id,) = taken()
    sweep()
    open_queue(redis, "counter").empty()
    enqueue_document(redis, record_id, "counter", 60)
    redis.delete(open_queue(redis, "counter").key)
    OneJob.fetch(record_id, connection=redis, serializer=JSONSerializer).set_status(
        JobStatus.FAILED
    )

    sweep()

    assert live_jobs(redis, "counter").keys() == {record_id}


def test_job_in_no_list_is_believed_for_a_moment(sweep, taken, redis):
    """A job on its way between two lists is not doubled; one that is lost is found."""
    (record_id,) = taken()
    enqueue_document(redis, record_id, "counter", 60)
    redis.delete(open_queue(redis, "counter").key)

    sweep(100.0)
    sweep(100.0 + SURE_AFTER_S / 2)
    assert live_jobs(redis, "counter").keys() == set()

    sweep(100.0 + SURE_AFTER_S)
    assert live_jobs(redis, "counter").keys() == {record_id}


def test_a_job_that_a_false_clock_keeps_alive_is_queued_again(sweep, taken, redis):
    """Killed while the clock was years ahead: RQ would believe in it for as many years."""
    (record_id,) = taken()
    queue = open_queue(redis, "counter")
    enqueue_document(redis, record_id, "counter", 60)
    redis.delete(queue.key)
    started = queue.started_job_registry.key
    for now in range(0, 200, 5):  # a long job, whose worker lives
        redis.zadd(started, {f"{record_id}:1": 4e9 + now})
        sweep(float(now))
    assert queue.count == 0

    for now in range(200, 200 + int(SILENT_S + SURE_AFTER_S) + 5, 5):
        sweep(float(now))

    assert live_jobs(redis, "counter") == {record_id: None}


def test_one_damaged_intake_stops_nothing(sweep, taken, store, redis, caplog):
    """It stays pending, where it is seen; the others go on."""
    broken, sound = taken(2)
    store.put_bytes(intake_key(broken), b"{", "application/json")

    sweep()

    assert live_jobs(redis, "counter").keys() == {sound}
    assert list_pending(store) == {broken, sound}
    assert broken in caplog.text


def test_silent_store_is_told(sweep, taken, store, monkeypatch):
    """A sweep that cannot see the bucket queues nothing and says so."""
    taken()

    def refuse(*arguments, **options):
        raise StoreError("store", "does not answer")

    monkeypatch.setattr(store, "list", refuse)
    with pytest.raises(StoreError):
        sweep()


def test_once_prints_the_balance(running, taken, store, redis):
    """`sohoa sweep --once` is for operators and their timers."""
    taken(2)
    code = (
        "from pipeline.settings import from_environ; from workers.sweep import run_sweep\n"
        "run_sweep(from_environ(), print, once=True)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **running.as_environ()},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.strip() == "received 2 = stored 0 + rejected 0 + pending 2"
    assert live_jobs(redis, "counter").keys() == list_intakes(store)


def test_a_locked_catalogue_holds_up_nothing(sweep, taken, store, redis, desk, home, monkeypatch):
    """It is a cache: work is queued all the same, and counted when it answers again."""
    monkeypatch.setattr("pipeline.storage.database.BUSY_S", 0.1)
    done, pending = taken(2)
    sweep()  # the tables are there
    digitize_document(done, desk, quick_refusal)
    redis.flushall()
    holder = sqlite3.connect(home.data / "catalogue.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    sweep(1.0)

    assert live_jobs(redis, "counter").keys() == {pending}
    assert list_pending(store) == {done, pending}
    holder.execute("ROLLBACK")
    holder.close()
    assert sweep(2.0).documents == Sum(2, 0, 1, 1)
    assert list_pending(store) == {pending}


def test_what_ended_is_counted_without_a_broker(taken, store, home, redis, desk):
    """The broker is down: nothing can be queued, but the balance is right."""
    (done,) = taken()
    books, memory, away = Books(home), Memory(), Redis(port=1)
    sweep_once(store, redis, books, home, memory, 0.0)
    digitize_document(done, desk, quick_refusal)

    with pytest.raises(StoreError, match="broker"):
        sweep_once(store, away, books, home, Memory(), 1.0)

    assert books.ledger.balance().documents == Sum(1, 0, 1, 0)
    books.close()


def quick_refusal(document, capture, out, settings):
    raise ScanLocked(document.scans[0].name)
