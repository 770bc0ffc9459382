"""The commit protocol against a model: actors cut off, told wrong and interleaved at every call."""

import hashlib
import logging
import threading
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from urllib3.exceptions import ProtocolError

from pipeline.errors import DigitizationError, StoreError
from pipeline.storage import (
    ObjectStore,
    end_pending,
    failed_key,
    files_prefix,
    forget_failure,
    get_record,
    intake_key,
    latest_version,
    original_key,
    pending_key,
    put_intake,
    record_id,
    record_key,
)
from workers.jobs import Desk, digitize_document, read_tries
from workers.tally import Books, enter, read_standings

SERIAL = count()
FATES = ("done", "done", "done", "done", "unsent", "lost", "echo", "killed", "killed after")


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


class GatedStore(ObjectStore):
    """The bucket as one actor sees it: each of its requests waits for its fate."""

    def __init__(self, server, bucket):
        super().__init__(server.endpoint, server.access_key, server.secret_key, bucket)
        self.asked, self.told = threading.Semaphore(0), threading.Semaphore(0)
        self.fate = "done"
        self.free = self.echo = False
        pool, wire = self._connection.pool, self._connection

        def request(*args, **kwargs):
            response = pool.request(*args, **kwargs)
            if self.echo:
                self.echo = False
                raise ProtocolError("the reply was lost")
            return response

        wire.pool = type("Pool", (), {"request": staticmethod(request), "clear": pool.clear})()

    def gate(self, request):
        if self.fate.startswith("killed"):
            raise Killed
        if not self.free:
            self.asked.release()
            self.told.acquire()
        if self.fate == "killed":
            raise Killed
        if self.fate == "unsent":
            raise StoreError(self.address, "does not answer")
        self.echo = self.fate == "echo"
        answer = request()
        self.echo = False
        if self.fate == "killed after":
            raise Killed
        if self.fate == "lost":
            raise StoreError(self.address, "does not answer")
        return answer

    def put_once(self, key, data, media_type):
        return self.gate(lambda: super(GatedStore, self).put_once(key, data, media_type))

    def put_bytes(self, key, data, media_type):
        return self.gate(lambda: super(GatedStore, self).put_bytes(key, data, media_type))

    def put_file(self, key, path, media_type):
        return self.gate(lambda: super(GatedStore, self).put_file(key, path, media_type))

    def get(self, key):
        if self.echo:  # inside put_once: still the same request
            return super().get(key)
        return self.gate(lambda: super(GatedStore, self).get(key))

    def list(self, prefix, *, delimiter=False):
        listed = super().list
        return iter(self.gate(lambda: list(listed(prefix, delimiter=delimiter))))

    def delete(self, key):
        return self.gate(lambda: super(GatedStore, self).delete(key))


class Actor:
    """One process at work, moved on from request to request."""

    def __init__(self, kind, store, work):
        self.kind, self.store, self.error = kind, store, None
        self.over = False
        self.thread = threading.Thread(target=self.run, args=(work,), daemon=True)
        self.thread.start()
        store.asked.acquire()

    def run(self, work):
        try:
            work(self.store)
        except BaseException as error:
            self.error = error
        self.over = True
        self.store.asked.release()

    def step(self, fate):
        self.store.fate = fate
        self.store.told.release()
        self.store.asked.acquire()
        if self.over:
            self.thread.join()
            self.store.close()


class Protocol(RuleBasedStateMachine):
    """One document, taken in, digitized, swept and retried by whoever comes."""

    def __init__(self, server, desk, quick_digitize):
        super().__init__()
        self.server, self.desk, self.store = server, desk, desk.store
        self.quick_digitize, self.books = quick_digitize, Books(desk.settings)
        self.data = f"%PDF-1.7 {next(SERIAL)}".encode()
        sha256 = hashlib.sha256(self.data).hexdigest()
        self.id = record_id("D-1", [sha256])
        self.key = original_key(self.id, 1, sha256, "pdf")
        file = {"n": 1, "name": "a.pdf", "key": self.key, "sha256": sha256, "pages": 1}
        self.intake = {
            "files": [{**file, "size_bytes": len(self.data)}],
            "received_at": "2026-01-05T08:00:00+07:00", "station": "q1", "source_path": "D-1/a.pdf",
            "dossier": {"code": "D-1", "procedure": None, "result_number": None,
                        "result_code": None, "owner": {}},
            "document": {"ordinal": 1, "doc_type": None, "component_code": None},
        }  # fmt: skip
        self.actors, self.received, self.retried = [], False, False
        self.winner, self.lost_tries = None, set()

    # --- who comes ---

    def begin(self, kind, work):
        self.actors.append(Actor(kind, GatedStore(self.server, self.store.bucket), work))

    @precondition(lambda self: len(self.actors) < 4)
    @rule()
    def watcher_comes(self):
        def work(store):
            store.put_bytes(self.key, self.data, "application/pdf")
            put_intake(store, self.id, self.intake)
            self.received = True  # only now the paper leaves the inbox

        self.begin("watcher", work)

    @precondition(lambda self: len(self.actors) < 4)
    @rule(breaks=st.booleans())
    def worker_comes(self, breaks):
        serial = next(SERIAL)

        def digitize(document, capture, out, settings_):
            if breaks:
                raise DigitizationError("a.pdf", "the decoder fell over")
            # No two tries make the same bytes: a record never fits another's files.
            scan = document.scans[0].path
            scan.write_bytes(scan.read_bytes() + f" try {serial}".encode())
            return self.quick_digitize(document, capture, out, settings_)

        def work(store):
            desk = Desk(self.desk.settings, store, self.desk.scratch)
            digitize_document(self.id, desk, digitize)

        self.begin("worker", work)

    @precondition(lambda self: len(self.actors) < 4)
    @rule()
    def sweep_comes(self):
        self.begin("sweep", self.sweep)

    @precondition(lambda self: len(self.actors) < 4)
    @rule()
    def clerk_retries(self):
        self.retried = True
        self.begin("clerk", lambda store: forget_failure(store, self.id))

    def sweep(self, store):
        found = read_standings(store, [self.id], lambda _, error: None)
        enter(store, self.books, [one for one in found.values() if one], {self.id})

    # --- what befalls them ---

    @precondition(lambda self: self.actors)
    @rule(data=st.data(), steps=st.integers(1, 12), fate=st.sampled_from(FATES))
    def go_on(self, data, steps, fate):
        actor = data.draw(st.sampled_from(range(len(self.actors))))
        actor = self.actors[actor]
        for n in range(steps):
            actor.step(fate if n == steps - 1 else "done")
            if actor.over:
                self.actors.remove(actor)
                self.judge(actor)
                return

    def judge(self, actor):
        """A process ends because it is done, was killed, or was told of a fault; never by a bug."""
        expected = (Killed, DigitizationError)
        if actor.error is not None and not isinstance(actor.error, expected):
            raise actor.error

    # --- what must always hold ---

    @invariant()
    def one_winner_whose_files_are_whole(self):
        version = latest_version(self.store, self.id)
        assert version <= 1
        if not version:
            assert self.winner is None, "a record has gone"
            return
        record = get_record(self.store, self.id, 1)
        data = self.store.get(record_key(self.id, 1))
        assert self.winner in (None, data), "a record was replaced"
        self.winner = data
        for file in (*record["files"], *record["originals"]):
            assert hashlib.sha256(self.store.get(file["key"])).hexdigest() == file["sha256"]

    @invariant()
    def what_is_received_is_marked_until_it_ends(self):
        exists = self.store.exists
        assert not self.received or exists(intake_key(self.id))
        if self.retried or not exists(intake_key(self.id)):
            return  # what a retry and a sweep do to a mark at once is mended by the walk
        ended = self.winner or exists(failed_key(self.id))
        assert ended or exists(pending_key(self.id))

    @invariant()
    def tries_that_were_cut_off_stay_counted(self):
        if self.winner or self.retried:
            return
        seen = read_tries(self.store, self.id)
        assert seen.failed <= seen.begun
        limit = self.desk.settings.tries + 7
        assert seen.begun <= limit + len(self.actors)

    def teardown(self):
        """Once the faults end, one more round of the sweep's work ends the document."""
        for actor in self.actors:
            actor.step("killed")
            self.judge(actor)
        try:
            if not self.store.exists(intake_key(self.id)):
                end_pending(self.store, self.id)  # of a paper that still lies in the inbox
                return
            digitize_document(self.id, self.desk, self.quick_digitize)
            self.sweep(self.store)
            self.check_end()
        finally:
            self.books.close()

    def check_end(self):
        self.one_winner_whose_files_are_whole()
        stored, failed = self.winner, self.store.exists(failed_key(self.id))
        assert bool(stored) != failed
        assert not self.store.exists(pending_key(self.id))
        if stored:
            record = get_record(self.store, self.id, 1)
            left = set(self.store.list(files_prefix(self.id)))
            kept = files_prefix(self.id, record["attempt"])
            assert {file["key"] for file in record["files"]} <= left
            assert all(key.startswith(kept) for key in left), "a loser has left files"


def play(server, desk, quick_digitize, examples, steps):
    logging.getLogger("sohoa").setLevel(logging.ERROR)
    run_state_machine_as_test(
        lambda: Protocol(server, desk, quick_digitize),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_whoever_is_cut_off_where_one_record_is_whole(store_server, desk, quick_digitize):
    """Lost replies, kills and interleavings at every request leave one whole record or one end."""
    play(store_server, desk, quick_digitize, 40, 25)


@pytest.mark.slow
def test_the_same_for_longer(store_server, desk, quick_digitize):
    """The same with many more and longer histories."""
    play(store_server, desk, quick_digitize, 1000, 60)
