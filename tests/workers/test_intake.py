"""From a dropped file to an intake: nothing half, nothing twice."""

import json

import pytest

from pipeline.errors import StoreError, TooLarge
from pipeline.model import Dossier
from pipeline.storage import get_intake, latest_version, list_intakes, put_failed, record_id
from workers.documents import read_drops
from workers.intake import (
    ChangedMeanwhile,
    Facts,
    Origin,
    find_intake,
    find_outcome,
    queue_soon,
    take_in,
)
from workers.jobs import digitize_document
from workers.queues import live_jobs

MOST = 10**9


@pytest.fixture
def paper(home, drop):
    """Drop a file, or a folder of pages, into dossier D-1 and return it as a paper."""

    def make(name="a.pdf", words="a", **pages):
        for page, data in pages.items() or {"": None}.items():
            drop(f"D-1/{name}/{page}.jpg" if page else f"D-1/{name}", words, data)
        *_, dossier = read_drops(home.inbox, lambda *trouble: None)
        return dossier.papers[0]

    return make


@pytest.fixture
def take(home, store):
    def run(paper, code="D-1", most=MOST, lane="counter"):
        origin = Origin(home.inbox, "D-1/a.pdf", "quầy", lane)
        return take_in(paper, Facts(Dossier(code=code)), origin, store, most)

    return run


def test_id_follows_from_dossier_and_bytes(paper, take, store):
    """Anyone who holds the scan can compute the ID."""
    import hashlib

    one = paper()
    taken = take(one)
    intake = get_intake(store, taken.record_id)

    (file,) = intake["files"]
    assert file["sha256"] == hashlib.sha256(store.get(file["key"])).hexdigest()
    assert taken.record_id == record_id("D-1", [file["sha256"]])
    assert taken.new and taken.first_source == "D-1/a.pdf"


def test_taken_twice_is_known(paper, take, store):
    """The second time nothing is uploaded and the first reception stands."""
    one = paper()
    first = take(one)
    keys = set(store.list(""))
    second = take(one)

    assert not second.new
    assert (second.record_id, second.received_at) == (first.record_id, first.received_at)
    assert set(store.list("")) == keys


def test_two_dossiers_two_documents(paper, take):
    """The same paper serves in both."""
    one = paper()

    assert take(one, "D-1").record_id != take(one, "D-2").record_id
    assert take(one, None).new


def test_pages_keep_their_order(paper, take, store):
    """The order of a folder is that of the intake."""
    folder = paper("f", p10=b"\xff\xd8\xff ten", p2=b"\xff\xd8\xff two", p1=b"\xff\xd8\xff one")
    intake = get_intake(store, take(folder).record_id)

    assert [(f["n"], f["name"]) for f in intake["files"]] == [
        (1, "p1.jpg"), (2, "p2.jpg"), (3, "p10.jpg"),
    ]  # fmt: skip
    assert all(f["media_type"] == "image/jpeg" for f in intake["files"])


def test_file_that_changed_since_the_look(paper, take, drop, store):
    """What was seen is not what is there."""
    one = paper()
    drop("D-1/a.pdf", "something else")

    with pytest.raises(ChangedMeanwhile):
        take(one)
    assert list(store.list("")) == []


def test_file_replaced_by_its_equal_in_mid_upload(paper, take, home, store, monkeypatch):
    """Another inode is another file, though name and bytes are the same."""
    one = paper()
    real = store.put_file

    def put_and_replace(key, path, media_type):
        put = real(key, path, media_type)
        target = home.inbox / "D-1" / "a.pdf"
        target.with_suffix(".new").write_bytes(target.read_bytes())
        target.with_suffix(".new").replace(target)
        return put

    monkeypatch.setattr(store, "put_file", put_and_replace)
    with pytest.raises(ChangedMeanwhile):
        take(one)
    assert list_intakes(store) == set()


def test_upload_that_fails_because_the_file_grows(paper, take, home, store, monkeypatch):
    """The store is not blamed for it."""
    one = paper()

    def refuse(key, path, media_type):
        with (home.inbox / "D-1" / "a.pdf").open("ab") as stream:
            stream.write(b"more")
        raise StoreError("store", "holds other bytes")

    monkeypatch.setattr(store, "put_file", refuse)
    with pytest.raises(ChangedMeanwhile):
        take(one)


def test_store_that_fails_takes_nothing(paper, take, store, monkeypatch):
    """Without its originals there is no intake."""
    one = paper()

    def refuse(*arguments):
        raise StoreError("store", "does not answer")

    monkeypatch.setattr(store, "put_file", refuse)
    with pytest.raises(StoreError):
        take(one)
    assert list_intakes(store) == set()


def test_too_large(paper, take):
    """Named with its size and the bound."""
    with pytest.raises(TooLarge, match=r"a\.pdf"):
        take(paper(), most=10)


def test_intake_is_plain_json(paper, take, store):
    """Another program can read it in ten years."""
    found = take(paper(), lane="bulk").record_id
    intake = json.loads(store.get(f"intake/{found}.json"))

    assert set(intake) == {
        "schema", "record_id", "lane", "dossier", "document", "files", "source_path",
        "received_at", "station",
    }  # fmt: skip
    assert intake["lane"] == "bulk" and intake["received_at"].endswith("+00:00")
    assert find_intake(store, found) == intake
    assert find_intake(store, "A" * 26) is None


def test_queued_soon_unless_the_lane_is_full(paper, take, store, redis, home):
    """What finds no room is left to the sweep."""
    from dataclasses import replace

    found = take(paper()).record_id

    assert not queue_soon(store, redis, found, "counter", replace(home, window=0))
    assert queue_soon(store, redis, found, "counter", home)
    assert not queue_soon(store, redis, found, "counter", home)
    assert live_jobs(redis, "counter").keys() == {found}


def test_outcome(paper, take, store, desk, quick_digitize):
    """Not yet, stored, or refused with the cause."""
    stored = take(paper()).record_id
    refused = take(paper(words="b"), "D-9").record_id
    assert find_outcome(store, stored) is None

    digitize_document(stored, desk, quick_digitize)
    put_failed(store, refused, {"code": "scan.locked", "subject": "a.pdf", "detail": ""})

    assert latest_version(store, stored) == 1
    kind, record = find_outcome(store, stored)
    assert (kind, record["record_id"]) == ("stored", stored)
    kind, failure = find_outcome(store, refused)
    assert (kind, failure["code"]) == ("refused", "scan.locked")
