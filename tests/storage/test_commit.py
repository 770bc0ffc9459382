"""Commit: whoever puts the record wins, and nobody is fooled about who that was."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.errors import StoreError
from pipeline.storage import (
    Commit,
    NotFound,
    commit_next,
    commit_record,
    count_tries,
    delete_try,
    failed_key,
    file_key,
    forget_failure,
    get_failed,
    get_intake,
    get_record,
    latest_record,
    latest_version,
    list_failed,
    list_intakes,
    list_records,
    mark_try,
    original_key,
    put_failed,
    put_intake,
    read_latest_records,
    record_id,
    record_key,
)

SHA = "a" * 64
ID, OTHER = record_id("H09-1", [SHA]), record_id("H09-2", [SHA])


def record(attempt, version=1, record_id=ID, **more):
    return {"record_id": record_id, "version": version, "attempt": attempt, **more}


def test_the_first_attempt_wins_and_the_second_learns_of_it(store):
    """Two workers made the same record: one is kept, and the other may sweep its files."""
    assert commit_record(store, record("try1"), "try1") == Commit(1, True, "try1")
    assert commit_record(store, record("try2"), "try2") == Commit(1, False, "try1")
    assert latest_record(store, ID)["attempt"] == "try1"


def test_an_attempt_that_commits_again_has_won(store):
    """A worker whose connection broke after the commit does not sweep its own files."""
    commit_record(store, record("try1"), "try1")

    assert commit_record(store, record("try1"), "try1").won


def test_a_lost_reply_to_the_commit_is_a_win(wire, wired_store, store):
    """The record is there with our attempt in it: the echo is not taken for a lost race."""
    lost = []

    def lose_first(data):
        if data.startswith(b"HTTP/1.1 200") and not lost:
            lost.append(data)
            return None
        return data

    wire.replies = lose_first

    assert commit_record(wired_store, record("try1"), "try1") == Commit(1, True, "try1")
    assert lost
    assert store.exists(record_key(ID, 1))


def test_a_correction_does_not_overlook_another(store):
    """Two reviewers corrected version 1: the slower one is told, and must look again."""
    commit_record(store, record("try1"), "try1")
    first = commit_record(store, record("review1", 2, number="1"), "review1")
    second = commit_record(store, record("review2", 2, number="2"), "review2")

    assert (first.won, second.won) == (True, False)
    assert get_record(store, ID, 2)["number"] == "1"
    assert latest_version(store, ID) == 2


def test_results_made_anew_take_the_next_free_version(store):
    """Writers at the same time get versions of their own, without gaps."""
    commit_record(store, record("try1"), "try1")
    barrier = threading.Barrier(3)

    def again(n):
        barrier.wait()
        return commit_next(store, record(f"again{n}"), f"again{n}")

    with ThreadPoolExecutor(3) as pool:
        commits = list(pool.map(again, range(3)))

    assert sorted(commit.version for commit in commits) == [2, 3, 4]
    assert all(commit.won for commit in commits)
    for commit in commits:
        stored = get_record(store, ID, commit.version)
        assert (stored["attempt"], stored["version"]) == (commit.winner, commit.version)


def test_a_record_of_another_attempt_is_refused(store):
    """A mix-up of two attempts in our own code never reaches the bucket."""
    with pytest.raises(ValueError, match="is of attempt try1, not try2"):
        commit_record(store, record("try1"), "try2")


@pytest.mark.parametrize(
    "named",
    [
        {"files": [{"key": file_key(OTHER, "try1", "archive.pdf")}]},
        {"originals": [{"key": original_key(OTHER, 1, SHA, "pdf")}]},
        {"files": [{"key": None}]},
        {"files": [{"key": "archive.pdf"}]},
    ],
)
def test_a_record_names_its_own_files_only(store, named):
    """One document's record never points at another's papers."""
    with pytest.raises(ValueError, match=r"names a file of another|not a key"):
        commit_record(store, record("try1", **named), "try1")
    assert list_records(store) == set()


def test_an_intake_is_put_once(store):
    """Two watchers saw the same file: one document, and the first telling of it."""
    assert put_intake(store, ID, {"source_path": "hồ sơ/một.pdf"})
    assert not put_intake(store, ID, {"source_path": "again"})
    assert get_intake(store, ID) == {"source_path": "hồ sơ/một.pdf"}
    with pytest.raises(NotFound):
        get_intake(store, OTHER)


def test_what_is_pending_follows_from_the_bucket(store):
    """Intakes without record and without failure are what is left to do."""
    third = record_id(None, [SHA])
    for each in (ID, OTHER, third):
        put_intake(store, each, {})
    commit_record(store, record("try1"), "try1")
    commit_record(store, record("try2", 2), "try2")
    put_failed(store, OTHER, {"code": "scan.truncated", "tries": 3})

    assert list_intakes(store) == {ID, OTHER, third}
    assert list_intakes(store) - list_records(store) - list_failed(store) == {third}


def test_keys_of_others_do_not_disturb_the_sweep(store):
    """An operator's note in the bucket is no document."""
    put_intake(store, ID, {})
    for key in ("intake/readme.txt", "record/notes/0001.json", "failed/x.json"):
        store.put_bytes(key, b"{}", "text/plain")

    assert list_intakes(store) == {ID}
    assert list_records(store) == set()
    assert list_failed(store) == set()
    assert list(read_latest_records(store)) == []


def test_tries_are_counted_in_the_store(store):
    """A wiped broker does not give a poisonous scan new lives."""
    for attempt in ("try1", "try2", "try2"):
        mark_try(store, ID, attempt, {"worker": "w1"})
    store.put_bytes(file_key(ID, "try2", "archive.pdf"), b"%PDF", "application/pdf")

    assert count_tries(store, ID) == 2
    assert count_tries(store, OTHER) == 0


def test_a_failure_can_be_forgotten(store):
    """After the operator mended the cause, the document begins anew with all its tries."""
    mark_try(store, ID, "try1", {})
    put_failed(store, ID, {"code": "tool.timeout"})

    assert get_failed(store, ID) == {"code": "tool.timeout"}
    forget_failure(store, ID)

    assert count_tries(store, ID) == 0
    assert not store.exists(failed_key(ID))


def test_sweeping_a_loser_leaves_the_winner(store):
    """Attempts whose names begin alike are kept apart."""
    for attempt in ("try1", "try10"):
        store.put_bytes(file_key(ID, attempt, "archive.pdf"), b"%PDF", "application/pdf")
        store.put_bytes(file_key(ID, attempt, "pages/0001.xml"), b"<a/>", "application/xml")
    delete_try(store, ID, "try1")

    assert {key.split("/")[2] for key in store.list("files/")} == {"try10"}


def test_the_latest_version_of_each_record_is_read(store):
    """A rebuild needs one row a document, made of its last version."""
    commit_record(store, record("try1", number="old"), "try1")
    commit_record(store, record("try2", 2, number="new"), "try2")
    commit_record(store, record("try1", 1, OTHER), "try1")

    found = {each["record_id"]: each for each in read_latest_records(store)}

    assert set(found) == {ID, OTHER}
    assert found[ID]["number"] == "new"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000])
def test_a_damaged_record_does_not_stop_a_rebuild(store, damage):
    """It is named, the others are read, and only who did not ask gets the error raised."""
    commit_record(store, record("try1"), "try1")
    store.put_bytes(record_key(OTHER, 1), damage, "application/json")
    damaged = []

    found = list(read_latest_records(store, damaged.append))

    assert [each["record_id"] for each in found] == [ID]
    assert [error.subject for error in damaged] == [record_key(OTHER, 1)]
    with pytest.raises(StoreError, match=OTHER):
        list(read_latest_records(store))
    with pytest.raises(StoreError, match=OTHER):
        latest_record(store, OTHER)


def test_a_damaged_intake_is_named(store):
    """The operator learns which object to restore."""
    store.put_bytes(f"intake/{ID}.json", b"\x00", "application/json")

    with pytest.raises(StoreError, match=rf"intake/{ID}.json: is damaged"):
        get_intake(store, ID)


def test_a_record_is_the_same_bytes_each_time(store):
    """Its hash may be quoted; Vietnamese stays readable in it."""
    commit_record(store, record("try1", b="ễ", a=1), "try1")
    data = store.get(record_key(ID, 1))

    assert json.loads(data) == record("try1", a=1, b="ễ")
    assert "ễ".encode() in data
