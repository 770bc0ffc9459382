"""What became of documents is counted once, and only then their marks go."""

import pytest

from pipeline.errors import StoreError
from pipeline.storage import (
    Sum,
    commit_record,
    end_pending,
    file_key,
    files_prefix,
    forget_failure,
    intake_key,
    list_failed,
    list_pending,
    put_failed,
    put_intake,
    record_id,
    version_attempt,
)
from workers.tally import Books, enter, read_standing, read_standings

IDS = [record_id(str(n), ["e" * 64]) for n in range(6)]
INTAKE = {"files": [{"pages": 2}, {"pages": 1}], "lane": "counter"}


@pytest.fixture
def books(home):
    books = Books(home)
    yield books
    books.close()


def store_record(store, found, attempt="a-1", version=1):
    put = store.put_bytes(file_key(found, attempt, "text.txt"), b"x", "text/plain")
    record = {"record_id": found, "version": version, "attempt": attempt, "pages": [1, 2, 3]}
    assert commit_record(store, record | {"files": [{"key": put.key}]}, attempt).won


def count(store, books, *ids):
    found = read_standings(store, ids, pytest.fail)
    enter(store, books, [one for one in found.values() if one is not None], ids)


def test_each_end_is_counted_and_its_mark_removed(store, books):
    """Stored, rejected, pending, and one whose take-in was cut off."""
    for found in IDS[:3]:
        put_intake(store, found, INTAKE)
    store_record(store, IDS[0])
    put_failed(store, IDS[1], {"code": "scan.locked"})

    count(store, books, *IDS[:3])
    count(store, books, *IDS[:3])

    sheet = books.ledger.balance()
    assert (sheet.documents, sheet.files) == (Sum(3, 1, 1, 1), Sum(6, 2, 2, 2))
    assert sheet.pages == Sum(9, 3, 3, 3)
    assert list_pending(store) == {IDS[2]}
    assert books.catalogue.get(IDS[0])["pages"] == 3
    assert read_standing(store, IDS[3]) is None


def test_files_of_tries_that_lost_are_removed(store, books):
    """A worker was killed in the middle, another one finished: one set of files stays."""
    put_intake(store, IDS[0], INTAKE)
    store.put_bytes(file_key(IDS[0], "killed-1", "started.json"), b"{}", "x/y")
    store.put_bytes(file_key(IDS[0], "killed-1", "archive.pdf"), b"half", "x/y")
    store_record(store, IDS[0])

    count(store, books, IDS[0])

    assert set(store.list(files_prefix(IDS[0]))) == {file_key(IDS[0], "a-1", "text.txt")}


def test_files_of_every_version_stay(store, books):
    """A correction has made a second version; the first one is still a record."""
    put_intake(store, IDS[0], INTAKE)
    store_record(store, IDS[0])
    store_record(store, IDS[0], "b-2", version=2)
    store.put_bytes(file_key(IDS[0], "lost-3", "archive.pdf"), b"half", "x/y")

    count(store, books, IDS[0])

    kept = {file_key(IDS[0], attempt, "text.txt") for attempt in ("a-1", "b-2")}
    assert set(store.list(files_prefix(IDS[0]))) == kept
    assert books.ledger.known()[IDS[0]].version == 2


def test_files_of_a_signed_version_stay(store, books):
    """A signed copy is the second version; another one, on its way to the third, is left alone."""
    put_intake(store, IDS[0], INTAKE)
    store_record(store, IDS[0])
    signed, lost, coming = version_attempt(2), version_attempt(2), version_attempt(3)
    store_record(store, IDS[0], signed, version=2)
    for attempt in (lost, coming):
        store.put_bytes(file_key(IDS[0], attempt, "archive.pdf"), b"signed", "x/y")

    count(store, books, IDS[0])

    kept = {file_key(IDS[0], attempt, "text.txt") for attempt in ("a-1", signed)}
    kept.add(file_key(IDS[0], coming, "archive.pdf"))
    assert set(store.list(files_prefix(IDS[0]))) == kept


def test_a_record_wins_over_a_failure(store, books):
    """The last try was given up too early: it is stored, and no failure contradicts it."""
    put_intake(store, IDS[0], INTAKE)
    put_failed(store, IDS[0], {"code": "tool.crashed"})
    store_record(store, IDS[0])

    count(store, books, IDS[0])

    assert list_failed(store) == set()
    assert books.ledger.balance().documents == Sum(1, 1, 0, 0)


def test_a_retry_at_the_same_moment_keeps_its_mark(store, books, monkeypatch):
    """`sohoa retry` marks it while its old end is being counted."""
    put_intake(store, IDS[0], INTAKE)
    put_failed(store, IDS[0], {"code": "bug"})

    def remove_late(bucket, found):
        forget_failure(bucket, found)
        end_pending(bucket, found)

    monkeypatch.setattr("workers.tally.end_pending", remove_late)
    count(store, books, IDS[0])

    assert list_pending(store) == {IDS[0]}


def test_marks_stay_while_the_books_do_not_answer(store, books, monkeypatch):
    """What was not counted is counted later: nothing is forgotten."""
    put_intake(store, IDS[0], INTAKE)
    store_record(store, IDS[0])

    def refuse(found):
        raise StoreError("catalogue", "is locked")

    with monkeypatch.context() as closed:
        closed.setattr(books.ledger, "enter", refuse)
        with pytest.raises(StoreError):
            count(store, books, IDS[0])
    assert list_pending(store) == {IDS[0]}

    count(store, books, IDS[0])
    assert list_pending(store) == set()


def test_one_damaged_document_is_named_and_holds_up_none(store, books):
    """Its intake is no JSON; the next one is counted all the same."""
    put_intake(store, IDS[1], INTAKE)
    for n, data in enumerate((b"{", b"[]", b'{"files": 7}'), start=2):
        store.put_bytes(intake_key(IDS[n]), data, "application/json")
    named = {}

    found = read_standings(store, IDS, named.__setitem__)

    assert named.keys() == set(IDS[2:5])
    assert (found[IDS[0]], found[IDS[1]].entry.state) == (None, "pending")
