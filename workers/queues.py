"""Record IDs in, jobs on RQ out; and the worker process that takes them.

The queue is only a hint: whatever it forgets, the sweep finds again in the bucket. Behaviour
measured on RQ 3.0.0: a worker process serves one queue only (with two, a job is lost for ever
when the worker dies between pop and start), a horse dies with its worker, and JSON alone is no
protection (any importable function could be named), so only jobs of ours are run.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, Literal, cast

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry, Worker
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from pipeline.errors import SetupError, StoreError
from pipeline.settings import Settings
from pipeline.storage import is_record_id
from workers.connections import open_broker
from workers.room import Room

Taken = tuple[Job, Queue] | None
Lane = Literal["counter", "bulk"]
LANES: tuple[Lane, ...] = ("counter", "bulk")
FUNCTION = "workers.jobs.digitize"

# Measured: a job whose worker was killed runs again after 31 s with these, after 810 s without.
WORKER_TTL_S = 30
MAINTENANCE_S = 10
MONITORING_S = 5
ROOM_LOOK_S = 15  # an idle worker looks so often whether its disks have room
ROOM_PAUSE_S = 5.0  # until the next look while they have not
RECONNECT_S = 5.0  # most between two looks for a broker that is away; its default is a minute
STOP_S = 3.0  # a job that must end may tidy up for so long
PR_SET_PDEATHSIG = 1
HEARTBEATS = 4  # missed ones until a job counts as abandoned

RESULT_TTL_S = 60  # a finished job costs the broker 5 kB as long as it is kept
FAILURE_TTL_S = 86_400  # the evidence is in the bucket; this is for a look at the broker
# With both lanes busy, Linux gives a bulk worker about a quarter of what a counter worker gets;
# with the counter idle, all. So a backfill never stands still and never holds up a clerk.
BULK_NICE = 5
RETRIES = 3  # without an interval: those need a scheduler, and without one they never run
FEWEST_BYTES_A_PAGE = 5_000
SINGLE_PAGE = {"jpg", "png", "webp", "heic"}
BESIDE_PAGES_S = 300  # to start, look at the scans and commit
TRANSFER_BYTES_A_S = 1_000_000  # slowest network that we allow for


class OneJob(Job):  # type: ignore[misc]  # RQ ships no types that mypy follows here
    """A job that can be nothing but `digitize(record_id)`, whatever the broker holds."""

    def restore(self, raw_data: Any) -> Any:
        """Read the job from the broker, without what could make it do more."""
        restored = super().restore(raw_data)
        self._success_callback_name = None
        self._failure_callback_name = None
        self._stopped_callback_name = None
        self.webhooks: list[Any] = []
        self.repeats_left = None
        return restored

    @property
    def func(self) -> Any:
        """Return the one function that may run. Raises PermissionError for any other."""
        ours = self.func_name == FUNCTION and self.instance is None and not self.kwargs
        if not ours or len(self.args) != 1 or not is_record_id(str(self.args[0])):
            raise PermissionError(f"job {self.id} asks for {self.func_name}: refused")
        return super().func


class OneQueueWorker(Worker):  # type: ignore[misc]  # see above
    """A worker whose horse dies with it and whose absence is noticed in seconds."""

    max_connection_wait_time = RECONNECT_S
    room: Room | None = None

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Take the next job, but none while a disk has no room for it."""
        if timeout is None or max_idle_time is not None:  # asked to end when nothing waits
            return cast("Taken", super().dequeue_job_and_maintain_ttl(timeout, max_idle_time))
        while True:
            while self.room is not None and not self.room.is_enough():
                with suppress(RedisError):
                    self.heartbeat()
                time.sleep(ROOM_PAUSE_S)
            taken = cast("Taken", super().dequeue_job_and_maintain_ttl(timeout, ROOM_LOOK_S))
            if taken is not None:
                return taken

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Run the job in the forked process, which ends when the worker ends."""
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != self.pid:
            os._exit(1)
        super().main_work_horse(job, queue)

    def setup_work_horse_signals(self) -> None:
        """Let SIGTERM, which also tells that the worker is gone, end the job in good order."""
        super().setup_work_horse_signals()
        signal.signal(signal.SIGTERM, _stop_job)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Return after how many seconds of silence a job is taken from its worker."""
        return int(self.job_monitoring_interval * HEARTBEATS)

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Any) -> None:
        """Wait for the horse, then remove what it left behind, however it ended."""
        from workers.jobs import clean_scratch

        super().monitor_work_horse(job, queue, execution)
        clean_scratch()


class JobStopped(BaseException):
    """The worker is gone or must go: what was started is ended, the try does not count."""


def _stop_job(number: int, frame: FrameType | None) -> None:
    # SIGKILL would leave the programs running that the decoding child has started.
    deadline = threading.Timer(STOP_S, os._exit, (1,))
    deadline.daemon = True
    deadline.start()
    raise JobStopped


def open_queue(broker: Redis, lane: Lane) -> Queue:
    """Return the queue of a lane."""
    return Queue(lane, connection=broker, job_class=OneJob, serializer=JSONSerializer)


def enqueue_document(broker: Redis, record_id: str, lane: Lane, timeout_s: int) -> bool:
    """Queue a document unless it is queued, running or just done; return whether it was queued.

    Raises StoreError when the broker does not answer.
    """
    with broker_errors(broker):
        try:
            open_queue(broker, lane).enqueue(
                FUNCTION,
                record_id,
                job_id=record_id,
                unique=True,
                retry=Retry(max=RETRIES),
                job_timeout=timeout_s,
                result_ttl=RESULT_TTL_S,
                failure_ttl=FAILURE_TTL_S,
                description=f"digitize {record_id}",
            )
        except DuplicateJobError:
            return False
    return True


def queue_length(broker: Redis, lane: Lane) -> int:
    """Return how many documents wait in a lane. Raises StoreError."""
    with broker_errors(broker):
        return int(open_queue(broker, lane).count)


def live_jobs(broker: Redis, lane: Lane) -> dict[str, str | None]:
    """Return the record IDs that are queued or were taken by a worker, with a sign of life.

    The sign is None for what waits in the queue; else it changes at each heartbeat, every
    `MONITORING_S`. Raises StoreError.
    """
    with broker_errors(broker):
        queue = open_queue(broker, lane)
        # In the order in which a job moves, so that one on its way is seen at least once.
        waiting = queue.get_job_ids()
        taken = queue.intermediate_queue.get_job_ids()
        started = _started(broker, queue)
    found: dict[str, str | None] = dict.fromkeys(taken, "")
    for record_id, execution, until_s in started:
        found[record_id] = f"{found.get(record_id) or ''} {execution} {until_s}"
    return found | dict.fromkeys(waiting)


def job_state(broker: Redis, record_id: str) -> Literal["none", "dead", "other"]:
    """Return whether the broker knows a job of that name; dead: RQ will not run it again.

    Raises StoreError.
    """
    with broker_errors(broker):
        try:
            job = OneJob.fetch(record_id, connection=broker, serializer=JSONSerializer)
        except NoSuchJobError:
            return "none"
        status = job.get_status(refresh=False)
    dead = status in (JobStatus.FAILED, JobStatus.STOPPED, JobStatus.CANCELED)
    return "dead" if dead else "other"


def forget_job(broker: Redis, record_id: str) -> None:
    """Make room for a new job of that name. Raises StoreError."""
    with broker_errors(broker):
        with suppress(NoSuchJobError):
            OneJob.fetch(record_id, connection=broker, serializer=JSONSerializer).delete()
        # RQ leaves what a killed worker had taken.
        for queue in (open_queue(broker, lane) for lane in LANES):
            queue.intermediate_queue.remove(record_id)
            for owner, execution, _ in _started(broker, queue):
                if owner == record_id:
                    broker.zrem(queue.started_job_registry.key, execution)


def job_timeout_s(files: Sequence[Mapping[str, Any]], settings: Settings) -> int:
    """Return how long a job may take at most, from the pages that its files can hold.

    A net under the net: the child that decodes has a deadline for each page. `files` are those
    of an intake.
    """
    pages = sum(_most_pages(file, settings) for file in files)
    size_bytes = sum(int(file["size_bytes"]) for file in files)
    transfer_s = 4 * size_bytes / TRANSFER_BYTES_A_S
    return int(BESIDE_PAGES_S + (pages + 1) * settings.page_timeout_s + transfer_s)


def run_worker(lane: str, settings: Settings) -> None:
    """Work on one lane until SIGTERM or SIGINT; `settings` are resolved.

    Raises SetupError when it cannot work at all, StoreError when the broker does not answer.
    """
    from workers.jobs import prepare  # imports all that decodes: only who works needs it

    if lane not in LANES:
        raise SetupError(lane, f"there is no such lane; there are {' and '.join(LANES)}")
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # pages run in parallel, not within one
    if lane == "bulk":
        os.nice(BULK_NICE)
    prepare(settings, lane)
    broker = open_broker(settings)
    with broker_errors(broker):
        worker = OneQueueWorker(
            [open_queue(broker, lane)],
            connection=broker,
            job_class=OneJob,
            serializer=JSONSerializer,
            default_result_ttl=RESULT_TTL_S,
            worker_ttl=WORKER_TTL_S,
            maintenance_interval=MAINTENANCE_S,
            job_monitoring_interval=MONITORING_S,
            log_job_description=False,
        )
        worker.room = Room(settings, logging.getLogger("sohoa.worker").warning)
        logging.getLogger("rq.scripts").setLevel(logging.WARNING)
        worker.work(logging_level="WARNING", with_scheduler=False)


@contextmanager
def broker_errors(broker: Redis) -> Iterator[None]:
    """Turn what the broker's client raises into StoreError with the remedy."""
    try:
        yield
    except RedisError as error:
        place = broker.connection_pool.connection_kwargs
        address = f"broker {place.get('host', '')}:{place.get('port', '')}"
        raise StoreError(
            address,
            f"{type(error).__name__}: start it, or correct SOHOA_REDIS_URL; nothing is lost, "
            "the sweep queues again what is not done",
        ) from error


def _started(broker: Redis, queue: Queue) -> list[tuple[str, str, float]]:
    """Return job, execution and the end of its life by the clock on the wall, for each."""
    key = queue.started_job_registry.key
    found = cast("list[tuple[bytes, float]]", broker.zrange(key, 0, -1, withscores=True))
    names = sorted((name.decode(), until_s) for name, until_s in found)
    return [(name.partition(":")[0], name, until_s) for name, until_s in names]


def _most_pages(file: Mapping[str, Any], settings: Settings) -> int:
    if isinstance(file.get("pages"), int):
        return min(settings.max_pages, int(file["pages"]))
    if Path(str(file["key"])).suffix.lstrip(".") in SINGLE_PAGE:
        return 1
    return min(settings.max_pages, 1 + int(file["size_bytes"]) // FEWEST_BYTES_A_PAGE)
