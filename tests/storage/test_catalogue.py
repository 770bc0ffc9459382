"""The catalogue: quick to ask, never wrong for long, and nothing is lost with it."""

import multiprocessing
import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.storage import Catalogue, commit_record, read_latest_records, record_id

SHA = "a" * 64
ODD = "".join(chr(0x4E00 + n * 37 % 20_000) for n in range(5000))  # does not compress


@pytest.fixture
def catalogue(database_url):
    catalogue = Catalogue(database_url)
    yield catalogue
    catalogue.close()


def make(n, version=1, **more):
    """Return the record of document `n`, stored in its minute."""
    return {
        "record_id": record_id(str(n), [SHA]),
        "version": version,
        "attempt": f"try{version}",
        "state": "in_review" if n % 3 == 0 else "stored",
        "doc_type": "administrative-document",
        "dossier": {
            "code": f"H09-{n % 4}",
            "linked": n % 4 != 0,
            "procedure": "1.004203",
            "result_number": None,
            "result_code": "KQ.G07.000122" if n % 2 else None,
        },
        "owner": {"id_type": "cccd", "id": "079190001234", "name": "NGUYỄN THỊ ẢNH"},
        "fields": {
            "number": {"value": str(n), "status": "accepted"},
            "symbol": {"value": "QĐ-UBND", "status": "accepted"},
            "issuer.name": {"value": "UBND TỈNH BÌNH DƯƠNG", "status": "in_review"},
            "issued_date": {"value": "2023-10-16", "status": "accepted"},
            "abstract": {"value": None, "status": "in_review"},
        },
        "pages": [{"number": 1}, {"number": 2}],
        "pdfa": "2u",
        "capture": {"received_at": "2026-11-22T08:00:00+07:00", "station": "quầy 3"},
        "stored_at": f"2026-11-22T{8 + n // 60:02}:{n % 60:02}:00+07:00",
        **more,
    }


def ids(rows):
    return [row["record_id"] for row in rows]


def test_a_record_is_found_by_its_id(catalogue):
    """The row holds what a list shows, in UTC, and no owner."""
    catalogue.upsert(make(1))

    assert catalogue.get(make(1)["record_id"]) == {
        "record_id": make(1)["record_id"],
        "version": 1,
        "attempt": "try1",
        "state": "stored",
        "doc_type": "administrative-document",
        "dossier_code": "H09-1",
        "linked": True,
        "procedure": "1.004203",
        "result_number": None,
        "result_code": "KQ.G07.000122",
        "digitized_result_code": None,
        "number": "1",
        "symbol": "QĐ-UBND",
        "issued_date": "2023-10-16",
        "issuer": "UBND TỈNH BÌNH DƯƠNG",
        "abstract": None,
        "pages": 2,
        "pdfa": "2u",
        "station": "quầy 3",
        "received_at": "2026-11-22T01:00:00.000000+00:00",
        "stored_at": "2026-11-22T01:01:00.000000+00:00",
    }
    assert catalogue.get("B" * 26) is None


def test_a_check_writes_and_leaves_nothing(catalogue):
    """The doctor may ask as often as it likes."""
    catalogue.upsert(make(1))
    before = catalogue.counts()
    catalogue.check_write()
    catalogue.check_write()

    assert catalogue.counts() == before


def test_the_owner_stays_in_the_bucket(database_url, catalogue, tmp_path):
    """No file of the catalogue holds what a person is looked up by."""
    catalogue.upsert(make(1))
    catalogue.close()

    for path in tmp_path.glob("catalogue.db*"):
        assert b"079190001234" not in path.read_bytes()
        assert "NGUYỄN THỊ ẢNH".encode() not in path.read_bytes()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"dossier_code": "H09-1"}, [9, 5, 1]),
        ({"dossier_code": " h09-1"}, [9, 5, 1]),
        ({"number": "7"}, [7]),
        ({"symbol": "qđ-ubnd", "number": "8"}, [8]),
        ({"symbol": "QĐ UBND"}, []),
        ({"result_code": "KQ.G07.000122", "state": "in_review"}, [9, 3]),
        ({"unlinked": True}, [8, 4, 0]),
        ({"unlinked": False, "state": "in_review"}, [9, 6, 3]),
        ({"doc_type": "birth-certificate"}, []),
        ({"limit": 2}, [9, 8]),
        ({"limit": 0}, []),
        ({"dossier_code": "%"}, []),
        ({}, list(range(9, -1, -1))),
    ],
)
def test_records_are_found_by_what_is_on_the_paper(catalogue, asked, found):
    """Codes fit whole, whatever their case; the last stored comes first."""
    for n in range(10):
        catalogue.upsert(make(n))

    assert ids(catalogue.find(**asked)) == [make(n)["record_id"] for n in found]


def test_pages_of_a_list_join_without_gap_or_echo(catalogue):
    """Also where many were stored in the same moment, and while new ones come in."""
    for n in range(25):
        catalogue.upsert(make(n, stored_at="2026-11-22T08:00:00+07:00"))
    pages, before = [], None
    while page := catalogue.find(limit=7, before=before):
        pages += ids(page)
        before = pages[-1]
        catalogue.upsert(make(100 + len(pages), stored_at="2026-11-23T08:00:00+07:00"))

    assert sorted(pages) == sorted(make(n)["record_id"] for n in range(25))
    assert catalogue.find(before="B" * 26) == []


def test_counts_say_what_is_to_do(catalogue):
    """Unlinked and in review are the work of people."""
    assert catalogue.counts() == {"records": 0, "stored": 0, "in_review": 0, "unlinked": 0}
    for n in range(10):
        catalogue.upsert(make(n))

    assert catalogue.counts() == {"records": 10, "stored": 6, "in_review": 4, "unlinked": 3}


def test_a_late_worker_does_not_bring_an_old_version_back(catalogue):
    """Versions come in any order; the latest stays."""
    catalogue.upsert(make(1, 2, state="stored"))
    catalogue.upsert(make(1, 1, state="in_review"))
    catalogue.upsert(make(1, 2, state="stored"))

    row = catalogue.get(make(1)["record_id"])
    assert (row["version"], row["state"]) == (2, "stored")
    assert catalogue.counts()["records"] == 1


def test_a_record_with_little_in_it_has_a_row(catalogue):
    """Optional parts may be missing, null or of another shape."""
    for n, thin in enumerate(
        [
            {},
            {"dossier": None, "fields": None, "capture": None, "pages": None},
            {"dossier": [], "fields": {"number": None, "symbol": {}}, "stored_at": "yesterday"},
            {"fields": {"number": {"value": ["1", "2"]}, "abstract": {"value": 5}}},
        ]
    ):
        thin = {"record_id": record_id(str(n), [SHA]), "version": 1, **thin}
        catalogue.upsert(thin)

        assert catalogue.get(thin["record_id"])["state"] == "in_review"
    assert catalogue.counts() == {"records": 4, "stored": 0, "in_review": 4, "unlinked": 4}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=50) | st.sampled_from(["\ud800x", "a\0b", "ễ" * 5000, ODD]))
def test_any_text_that_was_read_can_be_entered(catalogue, text):
    """What recognition makes of dirt does not break the database."""
    catalogue.upsert(make(1, fields={"abstract": {"value": text}, "number": {"value": text}}))

    assert catalogue.get(make(1)["record_id"])["abstract"] is not None
    assert len(catalogue.find(number=text)) == 1


def test_a_rebuilt_catalogue_equals_the_live_one(store, database_url, postgres_url, tmp_path):
    """The bucket alone tells all that the catalogue knows, in either database."""
    live, rebuilt = Catalogue(database_url), Catalogue(f"sqlite:///{tmp_path / 'rebuilt.db'}")
    for n in range(12):
        for version in range(1, 1 + (n % 3 == 1) + 1):
            record = make(n, version)
            commit_record(store, record, record["attempt"])
            live.upsert(record)

    assert rebuilt.needs_rebuild()
    assert rebuilt.rebuild(read_latest_records(store)) == 12
    assert not rebuilt.needs_rebuild()
    assert rebuilt.find() == live.find()
    assert rebuilt.counts() == live.counts()
    live.rebuild(read_latest_records(store))
    assert live.find() == rebuilt.find()
    for each in (live, rebuilt):
        each.close()


def test_a_rebuild_mends_what_is_wrong(catalogue):
    """Rows of records that are gone leave, and rows that were wrong are set right."""
    catalogue.upsert(make(1, 7, state="in_review"))  # the bucket was restored from a backup
    catalogue.upsert(make(2))
    catalogue.rebuild([make(1, 1)])

    assert [(row["record_id"], row["version"]) for row in catalogue.find()] == [
        (make(1)["record_id"], 1)
    ]


def test_work_goes_on_during_a_rebuild(catalogue):
    """What workers enter meanwhile is neither lost nor set back; readers always see rows."""
    catalogue.upsert(make(1))

    def bucket():
        yield make(1)
        yield make(2)
        catalogue.upsert(make(1, 2))  # corrected after the rebuild had read version 1
        catalogue.upsert(make(3))  # stored after the rebuild had listed the bucket
        assert catalogue.counts()["records"] >= 2

    catalogue.rebuild(bucket())

    assert {row["record_id"]: row["version"] for row in catalogue.find()} == {
        make(1)["record_id"]: 2,
        make(2)["record_id"]: 1,
        make(3)["record_id"]: 1,
    }


def test_a_rebuild_that_is_cut_off_loses_no_row(catalogue):
    """The store went down in the middle: what was there stays, and the next one finishes."""
    for n in range(3):
        catalogue.upsert(make(n))

    def bucket():
        yield make(0)
        raise StoreError("S3 store")

    with pytest.raises(StoreError, match="S3 store"):
        catalogue.rebuild(bucket())

    assert catalogue.counts()["records"] == 3
    catalogue.rebuild([make(0)])
    assert catalogue.counts()["records"] == 1


def test_two_rebuilds_at_once_agree(catalogue):
    """Two operators, or two machines, started one: neither removes the other's rows."""
    wait = threading.Barrier(2)

    def bucket():
        for n in range(5):
            yield make(n)
        wait.wait(20)
        for n in range(5, 10):
            yield make(n)

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(catalogue.rebuild, bucket()) for _ in range(2)]
        [each.result() for each in done]

    assert catalogue.counts()["records"] == 10


def test_many_workers_write_at_once(database_url):
    """Threads and processes wait for each other instead of failing."""
    catalogue = Catalogue(database_url)

    def write(first):
        for n in range(first, first + 10):
            catalogue.upsert(make(n))

    def child(first):
        write(first)
        os._exit(0)

    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=child, args=(first,)) for first in (0, 10, 20)]
    for each in children:
        each.start()
    write(30)
    for each in children:
        each.join(60)

    assert [each.exitcode for each in children] == [0, 0, 0]
    assert catalogue.counts()["records"] == 40
    catalogue.close()


def test_processes_that_start_together_make_the_tables_once(database_url):
    """Worker, watcher, sweep and HTTP open a new catalogue in the same moment."""
    barrier = threading.Barrier(6)

    def start(_):
        barrier.wait()
        catalogue = Catalogue(database_url)
        catalogue.check()
        catalogue.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))


def test_a_catalogue_of_another_layout_is_made_anew(tmp_path):
    """After an upgrade the cache is empty and says so, instead of failing at each query."""
    url = f"sqlite:///{tmp_path / 'c.db'}"
    catalogue = Catalogue(url)
    catalogue.upsert(make(1))
    catalogue.rebuild([make(1)])
    with sqlite3.connect(tmp_path / "c.db") as database:
        database.execute("UPDATE catalogue_facts SET value = 999 WHERE name = 'layout'")
        database.execute("ALTER TABLE records DROP COLUMN pdfa")
    database.close()
    again = Catalogue(url)

    assert again.needs_rebuild()
    assert again.counts()["records"] == 0
    again.upsert(make(1))
    assert again.counts()["records"] == 1


def test_an_open_catalogue_survives_a_restart(database_url):
    """What was entered is there for the next process."""
    first = Catalogue(database_url)
    first.upsert(make(1))
    first.close()
    second = Catalogue(database_url)

    assert second.counts()["records"] == 1
    second.close()
