"""Asking for records on the command line, on real servers."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipeline.settings import Settings
from pipeline.storage import Catalogue, commit_record, file_key, put_failed, put_intake
from workers.connections import Addresses, write_addresses

DONE, FAILED, PENDING, NONE = (f"{letter}BCDEFGHIJKLMNOPQRSTUVWXYZ" for letter in "ABCD")
NOW = datetime(2026, 1, 2, tzinfo=UTC).isoformat()


@pytest.fixture
def home(tmp_path, broker, store_server, store):
    """A home folder whose servers run: one document done, one set aside, one pending."""
    settings = Settings(home=tmp_path, s3_bucket=store.bucket)
    settings.data.mkdir()
    keys = (store_server.endpoint, store_server.access_key, store_server.secret_key)
    write_addresses(settings, Addresses(broker.url, *keys))
    for record_id in (DONE, FAILED, PENDING):
        put_intake(store, record_id, {"received_at": NOW, "files": [], "lane": "counter"})
    put_failed(store, FAILED, {"code": "scan.locked", "subject": "a.pdf", "detail": "", "tries": 1})
    put = store.put_bytes(file_key(DONE, "a-1", "text.txt"), "chữ".encode(), "text/plain")
    file = {"name": "text.txt", "key": put.key, "size_bytes": 4, "sha256": put.sha256}
    record = {"record_id": DONE, "version": 1, "attempt": "a-1", "state": "stored", "files": [file]}
    assert commit_record(store, record, "a-1").won
    return tmp_path, store.bucket, store


def sohoa(home, *words):
    folder, bucket, _ = home
    environ = {"PATH": "/usr/bin:/bin", "SOHOA_HOME": str(folder), "SOHOA_S3_BUCKET": bucket}
    return subprocess.run(
        [sys.executable, "-m", "workers", *words], env=environ, capture_output=True, check=False
    )


def test_status_balances(home):
    """received = stored + rejected + pending, with the reason of each refusal."""
    found = json.loads(sohoa(home, "status", "--json").stdout)

    assert (found["received"], found["stored"], found["rejected"], found["pending"]) == (3, 1, 1, 1)
    assert found["failures"][FAILED]["code"] == "scan.locked"
    assert "mật khẩu".encode() in sohoa(home, "status").stdout


def test_get_gives_record_and_files(home):
    """A record and its files are fetched by ID."""
    assert json.loads(sohoa(home, "get", DONE).stdout)["record_id"] == DONE
    assert sohoa(home, "get", DONE, "--file", "text.txt").stdout == "chữ".encode()
    assert sohoa(home, "get", DONE, "--file", "none.txt").returncode == 78


def test_get_says_why_there_is_no_record(home):
    """Pending, set aside and unknown are three different answers."""
    answers = [sohoa(home, "get", record_id) for record_id in (FAILED, PENDING, NONE)]

    assert {answer.returncode for answer in answers} == {1}
    assert b"set aside" in answers[0].stderr
    assert b"not done yet" in answers[1].stderr
    assert b"no record" in answers[2].stderr


def test_retry_makes_a_refused_document_pending(home):
    """An operator tries a document again with one command."""
    assert sohoa(home, "retry", FAILED).returncode == 0

    assert json.loads(sohoa(home, "status", "--json").stdout)["pending"] == 2


def test_catalogue_is_made_again_from_the_bucket(home):
    """A lost catalogue costs one command."""
    assert sohoa(home, "catalogue", "rebuild").returncode == 0

    catalogue = Catalogue(f"sqlite:///{home[0] / 'data' / 'catalogue.db'}")
    assert catalogue.get(DONE)["state"] == "stored"
    catalogue.close()
