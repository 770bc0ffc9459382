"""The commit protocol against a model: steps of any actors in any order, cut off anywhere.

The steps are those of the program, on the real store; what is checked after each is what a
reader may rely on. At the end everything is let run out, and all sums must balance.
"""

import hashlib
import itertools

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pipeline.storage import (
    NotFound,
    commit_record,
    delete_try,
    end_pending,
    file_key,
    files_prefix,
    forget_failure,
    get_record,
    list_failed,
    list_pending,
    mark_try,
    original_key,
    put_failed,
    put_intake,
    record_id,
    record_key,
)
from workers.reconcile import reconcile
from workers.tally import Books, enter, read_standing

SHA = "a" * 64
FILES = ("archive.pdf", "text.txt")
DOCUMENTS = (0, 1)
fresh = itertools.count()


class Protocol(RuleBasedStateMachine):
    """Two documents, and whoever works on them."""

    tries = Bundle("tries")

    def __init__(self, store, books):
        super().__init__()
        self.store, self.books = store, books
        run = next(fresh)
        self.ids = [record_id(f"{run}-{n}", [SHA]) for n in DOCUMENTS]
        self.received, self.winner, self.retried = set(), {}, set()
        self.uploaded, self.numbers = {}, itertools.count()

    @rule(n=st.sampled_from(DOCUMENTS))
    def receive(self, n):
        """A watcher takes it in, maybe the second one."""
        key = original_key(self.ids[n], 1, SHA, "pdf")
        self.store.put_bytes(key, b"%PDF", "application/pdf")
        new = put_intake(self.store, self.ids[n], {"files": [{"key": key, "pages": 1}]})
        assert new == (n not in self.received)
        self.received.add(n)

    @precondition(lambda self: self.received)
    @rule(target=tries, data=st.data())
    def begin(self, data):
        """A worker begins a try, whatever the others do."""
        n = data.draw(st.sampled_from(sorted(self.received)))
        attempt = f"t{next(self.numbers)}"
        mark_try(self.store, self.ids[n], attempt, {})
        self.uploaded[attempt] = []
        return n, attempt

    @rule(one=tries)
    def upload(self, one):
        """It puts its next file."""
        n, attempt = one
        done = self.uploaded[attempt]
        if len(done) < len(FILES):
            name = FILES[len(done)]
            key = file_key(self.ids[n], attempt, name)
            put = self.store.put_bytes(key, f"{attempt} {name}".encode(), "text/plain")
            done.append({"name": name, "key": key, "sha256": put.sha256})

    @rule(one=consumes(tries), lost=st.booleans())
    def commit(self, one, lost):
        """It commits; if the answer was lost it asks again, and must know its own success."""
        n, attempt = one
        if len(self.uploaded[attempt]) < len(FILES):
            return
        record = {
            "record_id": self.ids[n], "version": 1, "attempt": attempt,
            "files": self.uploaded[attempt], "pages": [1],
        }  # fmt: skip
        commit = commit_record(self.store, record, attempt)
        if lost:
            commit = commit_record(self.store, record, attempt)
        assert commit.won == (self.winner.setdefault(n, attempt) == attempt)
        if not commit.won:
            delete_try(self.store, self.ids[n], attempt)

    @rule(one=consumes(tries))
    def die(self, one):
        """It is killed; what it has put stays where it is."""

    @rule(n=st.sampled_from(DOCUMENTS))
    def set_aside(self, n):
        """A worker gives it up, perhaps while another is about to succeed."""
        if n in self.received and n not in self.winner:
            put_failed(self.store, self.ids[n], {"code": "tool.crashed"})

    @rule(n=st.sampled_from(DOCUMENTS))
    def retry(self, n):
        """An operator has it tried again."""
        if self.ids[n] in list_failed(self.store):
            forget_failure(self.store, self.ids[n])

    @rule(n=st.sampled_from(DOCUMENTS))
    def count(self, n):
        """The sweep, or somebody who asks for the balance, counts it."""
        standing = read_standing(self.store, self.ids[n])
        assert (standing is not None) == (n in self.received)
        if standing is not None:
            enter(self.store, self.books, [standing], {self.ids[n]})

    @rule(n=st.sampled_from(DOCUMENTS))
    def lose_mark_and_walk(self, n):
        """A mark is lost; the walk puts it again where it is needed."""
        end_pending(self.store, self.ids[n])
        reconcile(self.store, self.books, objects=False)

    @invariant()
    def a_record_is_whole_and_for_ever(self):
        """Who sees a record finds its files, and never another record."""
        for n, attempt in self.winner.items():
            record = get_record(self.store, self.ids[n], 1)
            assert record["attempt"] == attempt
            for file in record["files"]:
                data = self.store.get(file["key"])
                assert hashlib.sha256(data).hexdigest() == file["sha256"]
        for n in set(DOCUMENTS) - self.winner.keys():
            assert not self.store.exists(record_key(self.ids[n], 1))

    @invariant()
    def what_is_pending_is_marked(self):
        """The sweep finds everything that is received and has no end."""
        marked, failed = list_pending(self.store), list_failed(self.store)
        for n in self.received - self.winner.keys():
            assert self.ids[n] in marked | failed

    def teardown(self):
        """Let everything run out: each document has one end, and nothing is left behind."""
        for n in sorted(self.received - self.winner.keys()):
            forget_failure(self.store, self.ids[n])
            one = self.begin_last(n)
            self.upload(one)
            self.upload(one)
            self.commit(one, lost=False)
        sheet = reconcile(self.store, self.books)
        assert sheet.balanced, sheet.walk.faults
        marked, failed = list_pending(self.store), list_failed(self.store)
        for n in self.received:
            assert self.ids[n] not in marked | failed
            kept = {file_key(self.ids[n], self.winner[n], name) for name in FILES}
            count = {file_key(self.ids[n], self.winner[n], "started.json")}  # a retry voids it
            assert set(self.store.list(files_prefix(self.ids[n]))) - count == kept
        for n in set(DOCUMENTS) - self.received:
            with pytest.raises(NotFound):
                get_record(self.store, self.ids[n], 1)

    def begin_last(self, n):
        """Begin one more try, after all others."""
        attempt = "last"
        mark_try(self.store, self.ids[n], attempt, {})
        self.uploaded[attempt] = []
        return n, attempt


@pytest.mark.parametrize(
    ("examples", "steps"), [(5, 15), pytest.param(40, 30, marks=pytest.mark.slow)]
)
def test_no_order_of_steps_loses_or_doubles(store, home, examples, steps):
    """Whoever does what when, and is cut off where: the model and the bucket agree."""
    books = Books(home)
    try:
        run_state_machine_as_test(
            lambda: Protocol(store, books),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],  # each step asks a real store: shrinking takes hours
            ),
        )
    finally:
        books.close()
