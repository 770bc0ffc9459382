"""Each safeguard against loss, and the proof that without it something is lost.

A scenario returns what is wrong. With the safeguard that is nothing; with the safeguard
replaced by what a simpler program would do, it must be something, or the scenario is worth
nothing.
"""

import contextlib
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from rq.job import Job
from rq.serializers import JSONSerializer
from urllib3.exceptions import ProtocolError

from pipeline import flow
from pipeline.errors import StoreError, ToolCrashed, ToolTimeout
from pipeline.model import Dossier
from pipeline.storage import (
    Commit,
    ObjectStore,
    StoredObject,
    end_pending,
    latest_record,
    list_failed,
    list_intakes,
    list_pending,
    record_id,
)
from workers import (
    handing_out,
    inbox,
    intake,
    jobs,
    pulse,
    reconcile,
    sandbox,
    settling,
    sweep,
    tally,
)
from workers.documents import read_drops
from workers.intake import ChangedMeanwhile, Facts, Origin, take_in
from workers.jobs import Tries, digitize_document
from workers.queues import OneJob, OneQueueWorker, enqueue_document, live_jobs, open_queue
from workers.sweep import Memory, sweep_once
from workers.tally import Books


@dataclass
class Scene:
    """What a scenario works with."""

    home: Any
    store: Any
    redis: Any
    desk: Any
    drop: Any
    quick: Any
    tmp: Path
    running: Any
    started: list = field(default_factory=list)

    def take(self, name="D-1/a.pdf", words="", data=None):
        """Drop a paper and make it ours; return its record ID."""
        self.drop(name, words, data)
        papers = [
            (drop.name, paper)
            for drop in read_drops(self.home.inbox, lambda *trouble: None)
            for paper in drop.papers
            if "/".join(paper.place) == name
        ]
        (code, paper), *_ = papers
        origin = Origin(self.home.inbox, name, "", "counter")
        return take_in(paper, Facts(Dossier(code=code)), origin, self.store, 10**9).record_id

    def watch(self):
        """Return a watcher of the inbox."""
        schemas = self.tmp / "schemas"
        schemas.mkdir(exist_ok=True)
        (schemas / "dossier.schema.json").write_text('{"type": "object"}')
        return inbox.Watch(
            self.home, self.store, self.redis, lambda words: None,
            titles={"administrative-document": "Văn bản"}, schemas=schemas,
        )  # fmt: skip

    def sweep(self, now_s=0.0, memory=None):
        """Sweep once, with a memory of its own unless one is given."""
        books = Books(self.home)
        try:
            sweep_once(self.store, self.redis, books, self.home, memory or Memory(), now_s)
        finally:
            books.close()


@pytest.fixture
def scene(home, store, redis, desk, drop, quick_digitize, tmp_path, running):
    scene = Scene(home, store, redis, desk, drop, quick_digitize, tmp_path, running)
    yield scene
    for process in scene.started:
        process.kill()
        process.wait()


def wrong_files(scene, found):
    """Return what a reader of a record would miss."""
    return [
        f"{file['key']} is gone or other"
        for file in latest_record(scene.store, found)["files"]
        if not scene.store.exists(file["key"])
        or hashlib.sha256(scene.store.get(file["key"])).hexdigest() != file["sha256"]
    ]


# --- scenarios: what happens, and what must not ---


def two_workers_at_once(scene):
    """A second worker does the same document while the first is at it: one record, for ever."""
    found = scene.take()
    seen = []

    def interrupted(document, capture, out, settings):
        digitize_document(found, scene.desk, scene.quick)
        seen.append(latest_record(scene.store, found)["attempt"])
        return scene.quick(document, capture, out, settings)

    digitize_document(found, scene.desk, interrupted)
    after = latest_record(scene.store, found)["attempt"]
    return ([] if seen == [after] else ["the record has changed"]) + wrong_files(scene, found)


def store_fails_between_the_files(scene):
    """The store goes away in the middle: no reader may see a record then."""
    found = scene.take()
    put_file = scene.store.put_file

    def fail(key, *rest):
        if key.endswith("text.txt"):
            raise StoreError("store", "is gone")
        return put_file(key, *rest)

    scene.store.put_file = fail
    with contextlib.suppress(StoreError):
        digitize_document(found, scene.desk, scene.quick)
    del scene.store.put_file
    with contextlib.suppress(LookupError):
        return wrong_files(scene, found)
    return []


def answer_to_the_commit_is_lost(scene):
    """The store has the record, its answer is lost: our own success is no lost race."""
    found = scene.take()
    pool = scene.store._connection.pool
    request, lost = pool.request, []

    def lose(method, url, **more):
        answer = request(method, url, **more)
        if "/record/" in url and not lost:
            lost.append(url)
            raise ConnectionBroken
        return answer

    pool.request = lose
    with contextlib.suppress(StoreError):
        digitize_document(found, scene.desk, scene.quick)
    del pool.request
    return wrong_files(scene, found) if lost else ["no answer was lost"]


def broker_forgets(scene):
    """The broker is emptied: what was queued is queued again."""
    found = scene.take()
    enqueue_document(scene.redis, found, "counter", 60)
    scene.redis.flushall()
    scene.sweep()
    return [] if live_jobs(scene.redis, "counter").keys() == {found} else ["it is forgotten"]


def worker_dies_under_a_false_clock(scene):
    """Years ahead: what the worker wrote of its job is good for years."""
    found = scene.take()
    queue = open_queue(scene.redis, "counter")
    enqueue_document(scene.redis, found, "counter", 60)
    scene.redis.delete(queue.key)
    scene.redis.zadd(queue.started_job_registry.key, {f"{found}:1": 4e9})
    memory = Memory()
    for now in (0.0, pulse.SILENT_S, pulse.SILENT_S + sweep.SURE_AFTER_S):
        scene.sweep(now, memory)
    return [] if queue.count == 1 else ["it waits for years"]


def mark_is_missing(scene):
    """A mark was lost: the walk puts it, and the sweep finds the document."""
    found = scene.take()
    end_pending(scene.store, found)
    books = Books(scene.home)
    reconcile.reconcile(scene.store, books)
    books.close()
    return [] if list_pending(scene.store) == {found} else ["nobody will find it"]


def end_is_not_counted(scene):
    """The books do not answer when a document has ended: it is counted later."""
    found = scene.take()
    digitize_document(found, scene.desk, scene.quick)
    books = Books(scene.home)

    def refuse(entries):
        raise StoreError("ledger", "is locked")

    books.ledger.enter = refuse
    with contextlib.suppress(StoreError):
        tally.enter(scene.store, books, [tally.read_standing(scene.store, found)], {found})
    del books.ledger.enter
    books.close()
    scene.sweep()
    books = Books(scene.home)
    stored = books.ledger.balance().documents.stored
    books.close()
    return [] if stored == 1 else ["it is in no balance"]


def clerk_waits(scene):
    """A document that is not done yet lies in the inbox, nowhere else."""
    scene.drop("D-1/a.pdf")
    watch = scene.watch()
    for _ in range(3):
        watch.look()
    return [] if (scene.home.inbox / "D-1/a.pdf").exists() else ["it left before it was done"]


def intake_is_not_put(scene):
    """The store goes away right before the intake: nothing may be queued that is not ours."""
    scene.drop("D-1/a.pdf")
    watch = scene.watch()

    def fail(*arguments):
        raise StoreError("store", "is gone")

    scene.store.put_once = fail
    for _ in range(3):
        watch.look()
    del scene.store.put_once
    return [f"queued, not taken: {found}" for found in live_jobs(scene.redis, "counter")]


def scanner_is_still_writing(scene):
    """Half a PDF lies there: it is not taken."""
    scene.drop("D-1/a.pdf", data=b"%PDF-1.4\n% the first half")
    watch = scene.watch()
    for _ in range(3):
        watch.look()
    return [f"half a file: {found}" for found in list_intakes(scene.store)]


def scanner_pauses(scene):
    """A page image whose end is there is written to again within the settle time."""
    scene.drop("a.pdf")
    object.__setattr__(scene.home, "settle_s", 60.0)
    watch = scene.watch()
    watch.look()
    watch.look()
    return [f"not settled: {found}" for found in list_intakes(scene.store)]


def file_changes_while_it_is_taken(scene):
    """It is written to after the upload: the intake would be of a file that is no more."""
    path = scene.drop("D-1/a.pdf")
    put_file = scene.store.put_file

    def put_and_write(key, *rest):
        put = put_file(key, *rest)
        with path.open("ab") as stream:
            stream.write(b"% more\n%%EOF\n")
        return put

    scene.store.put_file = put_and_write
    with contextlib.suppress(ChangedMeanwhile):
        (drop,) = [d for d in read_drops(scene.home.inbox, lambda *t: None) if d.name]
        origin = Origin(scene.home.inbox, "D-1/a.pdf", "", "counter")
        take_in(drop.papers[0], Facts(Dossier(code="D-1")), origin, scene.store, 10**9)
    del scene.store.put_file
    return [f"an intake of old bytes: {found}" for found in list_intakes(scene.store)]


def disk_of_the_store_lies(scene):
    """The store keeps other bytes than it was sent, and says that all is well."""
    client = scene.store._connection.client()
    put_object = client.put_object

    def damage(bucket, key, source, size, *rest, **more):
        data = source.read()
        return put_object(bucket, key, io.BytesIO(data[:-1] + b"?"), size, *rest, **more)

    client.put_object = damage
    try:
        scene.store.put_bytes("files/x", b"what was sent", "text/plain")
    except StoreError:
        return []
    finally:
        del client.put_object
    return ["damage was taken for success"]


def poison(scene):
    """A paper that kills every decoder is set aside, also when the broker forgets each time."""
    found = scene.take()

    def crash(document, capture, out, settings):
        raise ToolCrashed("a.pdf", "killed by SIGSEGV")

    for _ in range(scene.home.tries + 2):
        scene.redis.flushall()
        with contextlib.suppress(ToolCrashed):
            digitize_document(found, scene.desk, crash)
    return [] if list_failed(scene.store) == {found} else ["it is tried for ever"]


def file_is_replaced_before_delivery(scene):
    """A clerk saves another paper under the same name: it must not leave with the old one."""
    path = scene.drop("D-1/a.pdf", "old")
    watch = scene.watch()
    watch.look()
    watch.look()
    (found,) = list_intakes(scene.store)
    digitize_document(found, scene.desk, scene.quick)
    good = watch._delivery.good

    def save_other_paper(*arguments):  # at the last moment before its ticket is written
        path.write_bytes(path.read_bytes().replace(b"old", b"other paper"))
        return good(*arguments)

    watch._delivery.good = save_other_paper
    watch.look()
    return [] if path.exists() else ["a paper that nobody took has left the inbox"]


def paper_of_two_dossiers(scene):
    """The same power of attorney in two dossiers: each has its record."""
    ids = {scene.take("D-1/a.pdf", "one"), scene.take("D-2/a.pdf", "one")}
    return [] if list_intakes(scene.store) == ids and len(ids) == 2 else ["one of them is lost"]


def queue_is_forged(scene):
    """Who can write to the broker must not run programs."""
    mark = scene.tmp / "forged"
    queue = open_queue(scene.redis, "counter")
    queue.enqueue("os.system", f"touch {mark}")
    OneQueueWorker(
        [queue], connection=scene.redis, job_class=OneJob, serializer=JSONSerializer
    ).work(burst=True, logging_level="CRITICAL")
    return ["a program was run"] if mark.exists() else []


def decoder_hangs(scene):
    """A decoder that does not return is killed at its deadline."""
    limits = sandbox.ChildLimits(4_000_000_000, 0.5, 0.5)
    try:
        sandbox.run(lambda tell: time.sleep(4), "a.pdf", limits)
    except ToolTimeout:
        return []
    return ["it held the worker as long as it liked"]


def worker_leaves_scratch(scene):
    """A try that failed leaves no copy of a citizen's paper on the disk."""
    found = scene.take()

    def crash(document, capture, out, settings):
        out.mkdir()
        (out / "page.png").write_bytes(b"private")
        raise ToolCrashed("a.pdf", "oops")

    with contextlib.suppress(ToolCrashed):
        digitize_document(found, scene.desk, crash)
    return [str(path) for path in scene.desk.scratch.rglob("*.png")]


HANGING = """
import json, os, sys, time
import workers.jobs as jobs
import workers.queues as queues
{mutation}

def hang(document, capture, out, settings):
    with open({mark!r} + ".new", "w") as stream:
        stream.write(str(os.getpid()))
    os.rename({mark!r} + ".new", {mark!r})
    time.sleep(600)
jobs.digitize_document.__defaults__ = (hang,)
from pipeline.settings import from_environ
queues.run_worker("counter", from_environ())
"""


def worker_is_killed(scene, mutation=""):
    """Its horse must not go on alone, beside the worker that takes the document over."""
    found, mark = scene.take(), scene.tmp / "horse"
    enqueue_document(scene.redis, found, "counter", 300)
    process = subprocess.Popen(
        [sys.executable, "-c", HANGING.format(mark=str(mark), mutation=mutation)],
        env={**os.environ, **scene.running.as_environ()},
        stderr=subprocess.DEVNULL,
    )
    scene.started.append(process)
    assert wait_for(mark.exists, 60)
    horse = int(mark.read_text())
    process.kill()
    if wait_for(lambda: not alive(horse), 5):
        return []
    os.kill(horse, signal.SIGKILL)
    return ["its horse lives"]


def wait_for(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class ConnectionBroken(ProtocolError):
    """The answer was lost."""

    def __init__(self):
        super().__init__("lost")


# --- mutations: what a simpler program would do ---


def plain_put(self, key, data, media_type):
    self.put_bytes(key, data, media_type)
    return True


def record_first(folder, intake, bucket, *, attempt, stored_at):
    """Put the record before its files."""

    class Late:
        def __init__(self):
            self.later = []

        def put_file(self, key, path, media_type):
            self.later.append((key, path, media_type))
            return StoredObject(key, 0, hashlib.sha256(path.read_bytes()).hexdigest())

        def put_once(self, *arguments):
            won = bucket.put_once(*arguments)
            for one in self.later:
                bucket.put_file(*one)
            return won

    return STORE(folder, intake, Late(), attempt=attempt, stored_at=stored_at)


STORE = flow.store


def race_lost(store, record, attempt):
    """Take every refusal of the commit for a lost race."""
    key = f"record/{record['record_id']}/0001.json"
    data = json.dumps(record).encode()
    url = store._connection.client().presigned_put_object(store.bucket, key)
    won = False
    for _ in range(2):
        try:
            answer = store._connection.pool.request(
                "PUT", url, body=data, headers={"If-None-Match": "*"}
            )
        except ConnectionBroken:
            continue
        won = answer.status == 200
        break
    return Commit(1, won=won, winner=None)


def put_unread(self, key, open_source, media_type):
    with open_source() as source:
        data = source.read()
    self._connection.client().put_object(self.bucket, key, io.BytesIO(data), len(data))
    return StoredObject(key, len(data), hashlib.sha256(data).hexdigest())


def queue_first(watch, paper, facts):
    """Queue a document before its intake is there."""
    paths = [watch._settings.inbox.joinpath(*parts) for parts in paper.files]
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    enqueue_document(watch._broker, record_id(facts.dossier.code, hashes), "counter", 60)
    TAKE(watch, paper, facts)


TAKE = inbox.Watch._take


def done_already(store, found):
    return "stored", {
        "record_id": found, "dossier": {"code": None}, "doc_type": None,
        "pages": [], "fields": {}, "issues": [],
    }  # fmt: skip


def move_blindly(source_root, source, expected, root, target):
    source_root.joinpath(*source).rename(root.joinpath(*target))


def mark_removed_first(store, books, standings, marked):
    for one in standings:
        end_pending(store, one.entry.record_id)
    ENTER(store, books, standings, marked)


ENTER = tally.enter
START = sandbox.start


def without_deadline(task, subject, limits, folder=None):
    return START(task, subject, sandbox.ChildLimits(limits.memory_bytes, 600, 600), folder)


ALONE = "queues.OneQueueWorker.main_work_horse = queues.Worker.main_work_horse"

# name: (scenario, (what is replaced, by what)...)
SAFEGUARDS = {
    "conditional put": (two_workers_at_once, (ObjectStore, "put_once", plain_put)),
    "the record last": (store_fails_between_the_files, (flow, "store", record_first)),
    "a lost answer is no lost race": (
        answer_to_the_commit_is_lost, (flow, "commit_record", race_lost),
    ),
    "the sweep queues again": (broker_forgets, (sweep, "_queue", lambda *arguments: 0)),
    "marks lead to what is pending": (
        broker_forgets, ("pipeline.storage.commit", "mark_pending", lambda *arguments: None),
    ),
    "life is what changes": (
        worker_dies_under_a_false_clock,
        (pulse.Pulse, "alive", lambda self, signs, now_s: set(signs)),
    ),
    "the walk mends marks": (mark_is_missing, (reconcile, "mark_pending", lambda *arguments: None)),
    "a mark goes after the count": (end_is_not_counted, (tally, "enter", mark_removed_first)),
    "a file leaves when it is done": (clerk_waits, (handing_out, "find_outcome", done_already)),
    "the intake before the queue": (intake_is_not_put, (inbox.Watch, "_take", queue_first)),
    "the end of a file": (scanner_is_still_writing, (settling, "is_whole", lambda file: True)),
    "the settle time": (
        scanner_pauses, (settling.Settling, "_due", lambda self, paper, released: 0.0),
    ),
    "bytes compared again": (
        file_changes_while_it_is_taken, (intake, "_require_unchanged", lambda root, one: None),
    ),
    "bytes read back": (disk_of_the_store_lies, (ObjectStore, "_put", put_unread)),
    "tries counted in the bucket": (poison, (jobs, "read_tries", lambda *arguments: Tries(0, 0))),
    "the file that was taken": (file_is_replaced_before_delivery, (
        "workers.delivery", "move_file", move_blindly)),
    "an ID of dossier and bytes": (
        paper_of_two_dossiers, (intake, "record_id", lambda code, hashes: record_id("", hashes)),
    ),
    "one function alone": (queue_is_forged, (OneJob, "func", Job.func)),
    "a deadline": (decoder_hangs, (sandbox, "start", without_deadline)),
    "scratch is emptied": (
        worker_leaves_scratch, (jobs.shutil, "rmtree", lambda *arguments, **options: None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_without_it_something_is_lost(scene, monkeypatch, name):
    """The mutated program fails the scenario."""
    scenario, (where, what, replacement) = SAFEGUARDS[name]
    target = f"{where}.{what}" if isinstance(where, str) else None
    if target:
        monkeypatch.setattr(target, replacement)
    else:
        monkeypatch.setattr(where, what, replacement)

    assert scenario(scene) != []


@pytest.mark.parametrize("scenario", dict.fromkeys(s for s, _ in SAFEGUARDS.values()))
def test_with_it_nothing_is_lost(scene, scenario):
    """The program as it is passes the scenario."""
    assert scenario(scene) == []


def test_a_horse_dies_with_its_worker_and_would_not_by_itself(scene):
    """What RQ does alone is the mutation."""
    assert worker_is_killed(scene) == []


def test_rq_alone_lets_the_horse_live(scene):
    """Without our safeguard two workers would be at one document."""
    assert worker_is_killed(scene, ALONE) == ["its horse lives"]
