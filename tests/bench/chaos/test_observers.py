"""Who reads while faults happen sees a record that is half there, or that changes."""

import hashlib
import json
import random
from contextlib import contextmanager

import pytest

from bench.chaos.observers import Commits, Reader


class Served:
    """What the portal serves and what is in the bucket."""

    def __init__(self, store):
        self.store, self.data, self.attempt = store, b"%PDF", "t1"
        store.put_bytes("files/A/t1/archive.pdf", self.data, "application/pdf")
        self.served = self.data

    @contextmanager
    def bucket(self):
        yield self.store

    def get(self, path, timeout_s=10.0):
        if "/files/" in path:
            return self.served
        file = {
            "name": "archive.pdf", "key": "files/A/t1/archive.pdf",
            "sha256": hashlib.sha256(self.data).hexdigest(), "size_bytes": len(self.data),
        }  # fmt: skip
        return json.dumps({"record_id": "A", "attempt": self.attempt, "files": [file]}).encode()


@pytest.fixture
def served(store):
    return Served(store)


def look_twice(served, then):
    reader = Reader(served, random.Random(1))
    reader._look_at("A")
    then(served)
    reader._look_at("A")
    return reader


def test_a_record_that_stays_is_well(served):
    """Read as often as one likes."""
    reader = look_twice(served, lambda served: None)

    assert (reader.wrong, reader.read) == ([], 2)


def test_half_an_answer_is_no_answer(served):
    """The portal died while it sent: who asks again gets all."""
    reader = look_twice(served, lambda served: setattr(served, "served", None))

    assert (reader.wrong, reader.read) == ([], 1)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (lambda served: setattr(served, "attempt", "t2"), "was of try t1 and is of t2"),
        (lambda served: setattr(served, "served", b"%PDX"), "has other bytes"),
        (
            lambda served: (
                setattr(served, "served", None), served.store.delete("files/A/t1/archive.pdf")
            ),
            "is visible, but",
        ),
    ],
)  # fmt: skip
def test_what_a_reader_must_never_see_is_seen(served, then, words):
    """Another try's record, other bytes, a file that is not there."""
    assert [line for line in look_twice(served, then).wrong if words in line] != []


def test_ends_are_seen_past_the_wire(served):
    """A recovery is measured up to the next document that has its end."""
    commits = Commits(served)
    commits.times = [5.0, 9.0]

    assert commits.next_after(6.0) == 3.0
    assert commits.next_after(9.5) is None
