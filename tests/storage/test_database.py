"""The database under the catalogue: every fault has a name and a remedy."""

import sqlite3

import pytest
from sqlalchemy import event

from pipeline.errors import DiskFull, SetupError, StoreError
from pipeline.storage import Catalogue, Entry, Ledger, record_id


def make(n):
    """Return the least that a record says."""
    return {"record_id": record_id(str(n), ["a" * 64]), "version": 1, "state": "stored"}


def test_a_damaged_file_says_what_to_do(tmp_path):
    """It is a cache: the remedy is to delete it."""
    (tmp_path / "c.db").write_bytes(b"not a database " * 1000)

    with pytest.raises(StoreError, match="delete the file and run `sohoa catalogue rebuild`"):
        Catalogue(f"sqlite:///{tmp_path / 'c.db'}")


@pytest.mark.parametrize(
    "url",
    ["sqlite:////no/such/folder/c.db", "postgresql://sohoa:hush@127.0.0.1:1/none"],
)
def test_a_database_that_does_not_answer_is_named(url):
    """The address and the setting are said, the password is not."""
    with pytest.raises(StoreError, match="SOHOA_DATABASE_URL") as refused:
        Catalogue(url)

    assert url.split("@")[-1].rsplit("/", 1)[-1] in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/db", "oracle+what://host/db"])
def test_a_url_that_is_none_stops_the_start(url):
    """A setting is wrong, not a server down."""
    with pytest.raises(SetupError, match="SOHOA_DATABASE_URL"):
        Catalogue(url)


def test_a_full_disk_is_named(tmp_path):
    """The operator learns that space is missing, and what was entered stays readable."""
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'c.db'}")
    event.listen(
        catalogue._database._engine, "connect", lambda db, _: db.execute("PRAGMA max_page_count=30")
    )
    entered = 0
    with pytest.raises(DiskFull, match="no space is left"):
        for entered in range(1000):
            catalogue.upsert(make(entered))

    assert catalogue.counts()["records"] == entered > 0


def test_a_file_deleted_under_us_is_made_again(tmp_path):
    """The first question says so, the next ones work; nobody starts anything again."""
    url = f"sqlite:///{tmp_path / 'c.db'}"
    catalogue, ledger = Catalogue(url), Ledger(url)
    catalogue.upsert(make(1))
    for path in tmp_path.iterdir():
        path.unlink()

    for ask in (catalogue.counts, ledger.balance):
        with pytest.raises(StoreError, match="was deleted"):
            ask()

    assert catalogue.counts()["records"] == 0
    catalogue.upsert(make(2))
    ledger.enter([Entry(make(2)["record_id"], "stored", 1, 1, stored_pages=1)])
    assert catalogue.counts()["records"] == ledger.balance().documents.stored == 1


def test_a_locked_file_is_waited_for_and_then_named(tmp_path, monkeypatch):
    """Another program holds the file: the error names it, and nothing hangs for ever."""
    monkeypatch.setattr("pipeline.storage.database.BUSY_S", 0.1)
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'c.db'}")
    holder = sqlite3.connect(tmp_path / "c.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked"):
        catalogue.upsert(make(1))

    holder.execute("ROLLBACK")
    holder.close()
    catalogue.upsert(make(1))
    assert catalogue.counts()["records"] == 1
