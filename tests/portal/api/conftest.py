"""A portal on a real store with one record in it."""

import hashlib

import pytest
from fastapi.testclient import TestClient

from pipeline.settings import Settings
from pipeline.storage import Catalogue, commit_record, file_key, original_key, put_intake
from portal.api import app as app_module

RECORD_ID, PENDING_ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "BBCDEFGHIJKLMNOPQRSTUVWXYZ"


def stored_record(store):
    """Put the files of a small record, then the record, and return it."""
    files = []
    for name, data, media_type in (
        ("archive.pdf", b"%PDF-1.7 x", "application/pdf"),
        ("text.txt", "ạ".encode(), "text/plain"),
    ):
        put = store.put_bytes(file_key(RECORD_ID, "a-1", name), data, media_type)
        files.append(
            {
                "name": name,
                "key": put.key,
                "size_bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "media_type": media_type,
            }
        )
    digest = hashlib.sha256(b"scan").hexdigest()
    scan = store.put_bytes(original_key(RECORD_ID, 1, digest, ".pdf"), b"scan", "application/pdf")
    record = {
        "schema": "sohoa/record/1", "record_id": RECORD_ID, "version": 1, "attempt": "a-1",
        "state": "in_review", "doc_type": "receipt-slip", "owner": {},
        "dossier": {"code": "000.00.04.H09-231016-0001", "linked": True, "procedure": None,
                    "result_number": None, "result_code": None},
        "fields": {"number": {"value": "12", "status": "accepted"}},
        "files": files, "pages": [{"number": 1}], "pdfa": "2u",
        "originals": [{"name": "x/../<b>.pdf", "key": scan.key, "size_bytes": 4, "sha256": digest,
                       "media_type": "application/pdf", "signed": False}],
        "stored_at": "2026-01-02T00:00:00+00:00",
    }  # fmt: skip
    assert commit_record(store, record, "a-1").won
    return record


@pytest.fixture
def portal(store, tmp_path, monkeypatch):
    """Return a function that opens a client with a given API key."""
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}")
    catalogue.upsert(stored_record(store))
    put_intake(store, PENDING_ID, {"received_at": "2026-01-02T00:00:00+00:00"})
    monkeypatch.setattr(app_module, "open_store", lambda settings: store)
    monkeypatch.setattr(app_module, "open_catalogue", lambda settings: catalogue)
    yield lambda key="": TestClient(app_module.create_app(Settings(api_key=key)))
    catalogue.close()
