"""The queue: a hint that cannot double a document or run anything but ours."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from pipeline.errors import SetupError, StoreError
from pipeline.model import Dossier
from pipeline.settings import Settings
from pipeline.storage import count_tries, get_failed, latest_version, list_failed
from workers.documents import read_drops
from workers.intake import Facts, Origin, take_in
from workers.queues import (
    BULK_NICE,
    FUNCTION,
    OneJob,
    OneQueueWorker,
    enqueue_document,
    forget_job,
    job_state,
    job_timeout_s,
    live_jobs,
    open_queue,
    queue_length,
    run_worker,
)

ID = "ABCDEFGHIJKLMNOPQRSTUVWXY2"


@pytest.fixture
def taken(home, store, drop):
    """Take in a file and return its record ID."""

    def take(words="", data=None):
        drop("a.pdf", words, data)
        (loose,) = read_drops(home.inbox, lambda *trouble: None)
        origin = Origin(home.inbox, "a.pdf", "", "counter")
        return take_in(loose.papers[0], Facts(Dossier()), origin, store, 10**9).record_id

    return take


@pytest.fixture
def worker(running, tmp_path):
    """Start worker processes; `digitize` replaces the real work."""
    started = []

    def start(digitize="", lane="counter", **changed):
        code = (
            f"import os, sys, time\nimport workers.jobs as jobs\n{digitize}\n"
            "from pipeline.settings import from_environ\nfrom workers.queues import run_worker\n"
            f"run_worker({lane!r}, from_environ())\n"
        )
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", code],
                env={**os.environ, **replace(running, **changed).as_environ()},
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition, seconds=30.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def perform(redis):
    """Run what is queued on the counter lane in this process's fork, as a worker does."""
    OneQueueWorker(
        [open_queue(redis, "counter")], connection=redis, job_class=OneJob,
        serializer=JSONSerializer,
    ).work(burst=True, logging_level="ERROR")  # fmt: skip


def test_document_is_queued_once(redis):
    """However often it is asked for, one job is queued."""
    assert enqueue_document(redis, ID, "counter", 60)
    assert not enqueue_document(redis, ID, "counter", 60)

    assert queue_length(redis, "counter") == 1
    assert live_jobs(redis, "counter").keys() == {ID}
    assert live_jobs(redis, "bulk").keys() == set()


def test_job_carries_the_id_and_short_lives(redis):
    """No pickle, no document data, nothing that fills the broker or erases evidence too soon."""
    enqueue_document(redis, ID, "bulk", 77)
    job = OneJob.fetch(ID, connection=redis, serializer=JSONSerializer)

    assert (job.func_name, list(job.args), job.kwargs) == (FUNCTION, [ID], {})
    assert (job.timeout, job.result_ttl, job.failure_ttl) == (77, 60, 86_400)
    assert job.retries_left == 3
    assert not job.retry_intervals or set(job.retry_intervals) == {0}


def test_only_our_function_can_run(redis, tmp_path):
    """Whoever writes to the broker still cannot run a command on our machine."""
    queue = Queue("counter", connection=redis, serializer=JSONSerializer)
    job = queue.enqueue("os.system", f"touch {tmp_path}/owned", job_id="evil")

    perform(redis)

    assert not (tmp_path / "owned").exists()
    assert job.get_status() == JobStatus.FAILED
    assert "refused" in job.latest_result().exc_string


@pytest.mark.parametrize("argument", ["../../etc/passwd", "", "a" * 26, 7])
def test_only_record_ids_are_accepted(redis, argument):
    """Our own function gets nothing but a record ID."""
    queue = Queue("counter", connection=redis, serializer=JSONSerializer)
    job = queue.enqueue(FUNCTION, argument, job_id="odd")
    perform(redis)

    assert job.get_status() == JobStatus.FAILED
    assert "refused" in job.latest_result().exc_string


def test_callbacks_of_a_forged_job_are_ignored(redis):
    """RQ would also import and call what a job names as its callbacks."""
    queue = Queue("counter", connection=redis, serializer=JSONSerializer)
    named = Callback("os.abort")
    queue.enqueue(FUNCTION, ID, on_failure=named, on_success=named, on_stopped=named, job_id="odd")

    job = OneJob.fetch("odd", connection=redis, serializer=JSONSerializer)

    assert (job.failure_callback, job.success_callback, job.stopped_callback) == (None, None, None)


def test_forgotten_job_can_be_queued_again(redis):
    """What RQ has given up does not stand in the way of the sweep."""
    assert job_state(redis, ID) == "none"
    enqueue_document(redis, ID, "counter", 60)
    assert job_state(redis, ID) == "other"
    job = OneJob.fetch(ID, connection=redis, serializer=JSONSerializer)
    job.set_status(JobStatus.FAILED)
    assert job_state(redis, ID) == "dead"

    forget_job(redis, ID)
    forget_job(redis, ID)

    assert enqueue_document(redis, ID, "counter", 60)
    assert queue_length(redis, "counter") == 1


def test_what_a_dead_worker_had_taken_is_forgotten_too(redis):
    """RQ keeps the name of a job between two lists and in its registry."""
    queue = open_queue(redis, "counter")
    redis.rpush(queue.intermediate_queue.key, ID)
    redis.zadd(queue.started_job_registry.key, {f"{ID}:1": 9e9, f"{ID}:2": 9e9, "other:1": 9e9})

    forget_job(redis, ID)

    assert live_jobs(redis, "counter").keys() == {"other"}


def test_a_job_has_a_sign_of_life_that_changes(redis):
    """Waiting ones have none; on a worker each heartbeat changes it."""
    queue = open_queue(redis, "counter")
    enqueue_document(redis, ID, "counter", 60)
    assert live_jobs(redis, "counter") == {ID: None}
    redis.rename(queue.key, queue.intermediate_queue.key)
    taken = live_jobs(redis, "counter")
    redis.zadd(queue.started_job_registry.key, {f"{ID}:1": 100.0})
    started = live_jobs(redis, "counter")
    redis.zadd(queue.started_job_registry.key, {f"{ID}:1": 105.0})
    beat = live_jobs(redis, "counter")

    assert None not in (taken[ID], started[ID], beat[ID])
    assert len({taken[ID], started[ID], beat[ID]}) == 3


def test_silent_broker_is_a_store_error_with_its_remedy():
    """The message names the broker and the setting."""
    nowhere = Redis(host="127.0.0.1", port=1)
    with pytest.raises(StoreError, match="SOHOA_REDIS_URL"):
        enqueue_document(nowhere, ID, "counter", 60)
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:1"):
        queue_length(nowhere, "bulk")
    nowhere.close()


def test_time_out_follows_the_pages():
    """A photo has one page; a PDF at most as many as fit into its bytes."""
    settings = Settings(page_timeout_s=100.0, max_pages=2000)
    photo = {"key": f"original/{ID}/1-{'0' * 16}.jpg", "size_bytes": 5_000_000}
    small = {"key": f"original/{ID}/1-{'0' * 16}.pdf", "size_bytes": 9_000}
    huge = {"key": f"original/{ID}/1-{'0' * 16}.pdf", "size_bytes": 400_000_000}

    assert 500 <= job_timeout_s([photo], settings) < 600
    assert 600 <= job_timeout_s([small], settings) < 700
    assert 200_000 <= job_timeout_s([huge], settings) < 210_000
    assert job_timeout_s([photo] * 3, settings) > job_timeout_s([photo], settings) + 200


def test_time_out_follows_the_pages_that_were_counted():
    """A large file of two pages gets the time of two pages."""
    file = {"key": "original/X/1-a.pdf", "size_bytes": 1_000_000}
    most = job_timeout_s([{**file, "pages": None}], Settings())

    assert job_timeout_s([file], Settings()) == most
    assert job_timeout_s([{**file, "pages": 2}], Settings()) < most / 10
    assert job_timeout_s([{**file, "pages": 10**9}], Settings(max_pages=200)) <= most


def test_worker_takes_no_job_without_room(redis, worker):
    """A job waits in the queue while a disk is nearly full; its worker counts as alive and ends
    when asked."""
    process = worker(free_reserve_bytes=10**18)
    assert wait_for(lambda: redis.smembers("rq:workers"))
    enqueue_document(redis, ID, "counter", 60)
    time.sleep(2)

    assert queue_length(redis, "counter") == 1
    process.terminate()
    assert process.wait(10) == 0


def test_unknown_lane_is_refused():
    """A misspelt lane would never get a job."""
    with pytest.raises(SetupError, match="counter and bulk"):
        run_worker("couner", Settings())


def test_worker_sets_a_bad_scan_aside(worker, taken, redis, store):
    """The real worker, the real child: a text file that calls itself a PDF is refused."""
    record_id = taken(data=b"no PDF at all")
    enqueue_document(redis, record_id, "counter", 300)
    process = worker()

    assert wait_for(lambda: list_failed(store) == {record_id}, 60)
    assert get_failed(store, record_id)["code"] == "scan.wrong-type"
    assert wait_for(lambda: live_jobs(redis, "counter").keys() == set())
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_a_backfill_gives_way_to_clerks(worker):
    """Both lanes have workers for the whole machine; those of bulk have a lower priority."""
    clerk, backfill = worker(), worker(lane="bulk")

    def priority(process):
        return os.getpriority(os.PRIO_PROCESS, process.pid)

    assert wait_for(lambda: priority(backfill) == priority(clerk) + BULK_NICE)


SLOW = """
import subprocess
from workers.sandbox import ChildLimits, run

def slow(document, capture, out, settings):
    def task(tell):
        program = subprocess.Popen(["sleep", "600"])
        with open({marker!r} + ".new", "w") as stream:
            stream.write(f"{{os.getppid()}} {{os.getpid()}} {{program.pid}}")
        os.rename({marker!r} + ".new", {marker!r})
        program.wait()
    run(task, "a.pdf", ChildLimits(4_000_000_000, 600, 600))
jobs.digitize_document.__defaults__ = (slow,)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_all_that_works_on_a_document_dies_with_its_worker(
    worker, taken, redis, store, home, tmp_path, how
):
    """A worker that is killed, or its horse that is stopped, leaves no process, no scratch, and
    no try that counts; the document is queued again."""
    marker = tmp_path / "pids"
    record_id = taken()
    enqueue_document(redis, record_id, "counter", 300)
    process = worker(SLOW.format(marker=str(marker)))
    assert wait_for(marker.exists, 60)
    horse, child, program = map(int, marker.read_text().split())

    if how == signal.SIGKILL:
        process.kill()
    else:
        marker.unlink()  # the next try will write it again
        os.kill(horse, signal.SIGTERM)

    for pid in (horse, child, program):
        assert wait_for(lambda pid=pid: _is_dead(pid), 10), pid
    if how == signal.SIGKILL:
        assert count_tries(store, record_id) == 0
        assert wait_for(lambda: redis.lrange("rq:queue:counter", 0, -1) == [record_id.encode()])
        assert not list((home.data / "scratch").rglob("out"))


def _is_dead(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.mark.slow
def test_document_of_a_killed_worker_is_taken_over(worker, taken, redis, store, tmp_path):
    """The next worker notices within half a minute and finishes the document, once."""
    marker = tmp_path / "pids"
    record_id = taken(data=b"no PDF at all")
    enqueue_document(redis, record_id, "counter", 300)
    process = worker(SLOW.format(marker=str(marker)))
    assert wait_for(marker.exists, 60)
    horse = int(marker.read_text().split()[0])
    os.kill(horse, signal.SIGSTOP)  # it cannot even tell the broker
    process.kill()
    process.wait()
    os.kill(horse, signal.SIGKILL)

    worker()

    assert wait_for(lambda: list_failed(store) == {record_id}, 120)
    assert latest_version(store, record_id) == 0
