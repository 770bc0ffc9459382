"""The wire between Sohoa and its store fails as it is told, and is not noticed otherwise."""

import contextlib
import threading

import pytest

from bench.chaos.wire import Wire
from pipeline.errors import StoreError
from pipeline.storage import ObjectStore

BODY = b"x" * 5_000  # long enough to be cut


@pytest.fixture
def wire(store_server):
    wire = Wire(store_server.endpoint)
    yield wire
    wire.close()


@pytest.fixture
def far(wire, store, store_server):
    """The bucket as it is seen through the wire."""
    server = store_server
    with ObjectStore(wire.endpoint, server.access_key, server.secret_key, store.bucket) as far:
        yield far


def test_nothing_changes_on_the_way(far, store):
    """Signed requests and their answers go through byte for byte."""
    far.put_bytes("a", BODY, "text/plain")

    assert store.get("a") == far.get("a") == BODY
    assert far.put_once("b", b"1", "text/plain")
    assert not far.put_once("b", b"2", "text/plain")
    assert sorted(far.list("")) == ["a", "b"]


def test_the_answer_to_a_commit_is_lost(wire, far, store):
    """The store has carried it out, the answer never comes."""
    wire.set("lose", 1)

    assert far.put_once("b", b"1", "text/plain")  # finds out by asking again
    assert wire.fired == 1
    assert store.get("b") == b"1"


def test_an_upload_is_cut_in_the_middle(wire, far, store):
    """Half a body reaches the store: there is no object, or, after another try, the whole."""
    wire.set("cut", 1)
    with contextlib.suppress(StoreError):
        far.put_bytes("a", BODY, "text/plain")

    assert wire.fired == 1
    assert not store.exists("a") or store.get("a") == BODY


def test_the_store_refuses_and_comes_back(wire, far):
    """While it answers 503 nothing works; afterwards everything does."""
    wire.set("refuse")
    with pytest.raises(StoreError):
        far.put_bytes("a", BODY, "text/plain")
    wire.set("pass")
    far.put_bytes("a", BODY, "text/plain")

    assert wire.fired > 0
    assert far.get("a") == BODY


def test_a_request_that_hangs_ends(wire, far):
    """What was held back is broken off when the wire passes again."""
    far.put_bytes("a", BODY, "text/plain")
    wire.set("hang")
    release = threading.Timer(0.5, wire.set, ["pass"])
    release.start()
    try:
        found = far.get("a")
    except StoreError:
        found = None
    release.join()

    assert found in (None, BODY)
    assert wire.fired > 0
    assert far.get("a") == BODY
