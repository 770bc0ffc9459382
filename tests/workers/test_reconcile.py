"""The walk through the bucket: what is missing is mended or named, never passed over."""

import pytest

from pipeline.errors import StoreError
from pipeline.storage import (
    Entry,
    Sum,
    commit_record,
    end_pending,
    file_key,
    intake_key,
    list_failed,
    list_pending,
    mark_pending,
    original_key,
    put_failed,
    put_intake,
    read_shards,
    record_id,
    record_key,
)
from workers.reconcile import EVERY_S, RETRY_S, Fault, SlowWalk, Walk, reconcile, walk_on
from workers.tally import Books

SHA = "f" * 64
IDS = [record_id(str(n), [SHA]) for n in range(8)]


@pytest.fixture
def books(home):
    books = Books(home)
    yield books
    books.close()


@pytest.fixture
def receive(store):
    """Receive a document of two pages, and bring it to an end."""

    def run(found, end="pending", pages=2):
        put = store.put_bytes(original_key(found, 1, SHA, "pdf"), b"%PDF", "x/y")
        put_intake(store, found, {"files": [{"key": put.key, "pages": 2}], "lane": "counter"})
        if end == "rejected":
            put_failed(store, found, {"code": "scan.locked"})
        if end == "stored":
            put = store.put_bytes(file_key(found, "a-1", "text.txt"), b"x", "text/plain")
            record = {"record_id": found, "version": 1, "attempt": "a-1", "pages": [1] * pages}
            commit_record(store, record | {"files": [{"key": put.key}]}, "a-1")

    return run


def test_an_empty_bucket_balances(store, books):
    """Nothing in is nothing lost."""
    assert reconcile(store, books).balanced


def test_a_lost_database_is_filled_from_the_bucket(store, books, receive):
    """Ledger and catalogue are caches; one walk makes both anew."""
    for found, end in zip(IDS, ("stored", "rejected", "pending", "stored"), strict=False):
        receive(found, end)

    sheet = reconcile(store, books)

    assert sheet.balanced
    assert sheet.balance.documents == Sum(4, 2, 1, 1)
    assert sheet.balance.pages == Sum(8, 4, 2, 2)
    assert sheet.balance.complete
    assert books.catalogue.versions("").keys() == {IDS[0], IDS[3]}
    assert list_pending(store) == {IDS[2]}


def test_a_document_without_its_mark_gets_one(store, books, receive):
    """The sweep goes by the marks: without one it would wait for ever."""
    receive(IDS[0])
    end_pending(store, IDS[0])

    sheet = reconcile(store, books)

    assert (sheet.balanced, sheet.walk.marked) == (True, 1)
    assert list_pending(store) == {IDS[0]}


def test_what_somebody_left_half_done_is_finished(store, books, receive):
    """Who counted an end was killed before the mark went, or a failure stands beside a record."""
    receive(IDS[0], "stored")
    receive(IDS[1], "stored")
    reconcile(store, books)
    mark_pending(store, IDS[0])
    put_failed(store, IDS[1], {"code": "tool.crashed"})

    assert reconcile(store, books).balanced

    assert list_pending(store) == list_failed(store) == set()


def test_a_walk_that_follows_reads_only_what_changed(store, books, receive, monkeypatch):
    """A million documents that are done cost a listing, not a million requests."""
    for found in IDS[:3]:
        receive(found, "stored")
    reconcile(store, books)
    receive(IDS[3], "stored")
    asked = []
    get = store.get
    monkeypatch.setattr(store, "get", lambda key: asked.append(key) or get(key))

    reconcile(store, books)

    assert {key.split("/")[1].removesuffix(".json") for key in asked} == {IDS[3]}


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda store: store.delete(intake_key(IDS[0])), "balance.gone"),
        (lambda store: store.delete(original_key(IDS[0], 1, SHA, "pdf")), "balance.file-missing"),
        (lambda store: store.delete(file_key(IDS[0], "a-1", "text.txt")), "balance.file-missing"),
        (lambda store: store.delete(record_key(IDS[0], 1)), None),  # pending again: made anew
    ],
)
def test_what_is_removed_behind_our_back_is_named(store, books, receive, damage, code):
    """An administrator, a disk or an attacker removed an object."""
    receive(IDS[0], "stored")
    receive(IDS[1], "stored")
    assert reconcile(store, books).balanced
    damage(store)

    sheet = reconcile(store, books)

    assert {(fault.record_id, fault.code) for fault in sheet.walk.faults} >= (
        {(IDS[0], code)} if code else set()
    )
    assert sheet.balanced == (code is None)
    if code is None:
        assert sheet.balance.documents == Sum(2, 1, 0, 1)


def test_an_outcome_without_an_intake_is_named(store, books, receive):
    """It was never counted as received, so it must not be passed over."""
    receive(IDS[0], "rejected")
    store.delete(intake_key(IDS[0]))

    assert reconcile(store, books).walk.faults == [Fault(IDS[0], "balance.no-intake")]


def test_pages_that_were_lost_are_named(store, books, receive):
    """The file had two pages when it came, the record has one: the worst thing, said aloud."""
    receive(IDS[0], "stored", pages=1)

    for _ in range(2):  # also when the ledger knows it already
        sheet = reconcile(store, books)
        assert not sheet.balanced
        assert sheet.walk.faults == [Fault(IDS[0], "balance.pages", "2 → 1")]


def test_a_damaged_object_is_named_and_holds_up_none(store, books, receive):
    """Bytes that are no record."""
    receive(IDS[0], "stored")
    receive(IDS[1], "stored")
    store.put_bytes(record_key(IDS[0], 1), b"\0", "application/json")

    sheet = reconcile(store, books)

    assert [fault.code for fault in sheet.walk.faults] == ["balance.damaged"]
    assert IDS[1] in books.ledger.known()


def test_files_of_lost_tries_are_removed_however_late_they_came(store, books, receive):
    """A worker that was cut off from everything went on uploading after the end was counted."""
    receive(IDS[0], "stored")
    reconcile(store, books)
    late = file_key(IDS[0], "z-9", "archive.pdf")
    store.put_bytes(late, b"late", "application/pdf")

    assert reconcile(store, books, objects=False).walk.losers == 0
    assert reconcile(store, books).walk.losers == 1
    assert not store.exists(late)


def test_an_entry_of_nowhere_is_named_until_the_books_are_made_anew(store, books):
    """The bucket was restored from an older backup: the ledger knows what is missing."""
    books.ledger.enter([Entry(IDS[0], "stored", 1, 1, stored_pages=1, version=1)])
    walk = Walk()
    list(walk_on(store, books, walk))
    assert [fault.code for fault in walk.faults] == ["balance.gone"]

    books.ledger.clear()
    assert reconcile(store, books).balanced


def test_the_slow_walk_comes_to_an_end_and_begins_again(store, books, receive, monkeypatch):
    """A shard at a time, whatever the size of the bucket; faults are told at its end."""
    monkeypatch.setattr("workers.reconcile.read_shards", lambda store: read_shards(store, 2))
    for found in IDS:
        receive(found, "stored")
    end_pending(store, IDS[0])
    slow, found, steps = SlowWalk(), None, 0
    while found is None:
        found, steps = slow.go_on(store, books, 0.0, most_s=0.0), steps + 1

    assert found.documents == len(IDS)
    assert steps > 4
    assert slow.go_on(store, books, EVERY_S - 1) is None
    assert slow.go_on(store, books, EVERY_S, most_s=60.0).documents == len(IDS)


def test_a_slow_walk_that_a_server_broke_off_begins_anew(store, books, receive, monkeypatch):
    """The sweep says so and goes on with what is pending."""
    receive(IDS[0])
    slow = SlowWalk()
    with monkeypatch.context() as away:
        away.setattr(store, "list", _refuse)
        with pytest.raises(StoreError):
            slow.go_on(store, books, 0.0)

    assert slow.go_on(store, books, RETRY_S - 1) is None
    assert slow.go_on(store, books, RETRY_S, most_s=60.0).documents == 1


def _refuse(*arguments, **options):
    raise StoreError("store", "does not answer")
