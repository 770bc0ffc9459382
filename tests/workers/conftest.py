"""Fixtures of the workers: a home folder, a broker and store that are real, a quick digitizer."""

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from redis import Redis

from pipeline.settings import Settings
from pipeline.storage import commit_record, file_key, original_key, put_failed, put_intake
from workers.connections import Addresses, write_addresses
from workers.jobs import Desk

PDF = b"%PDF-1.4\n% a paper\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def home(tmp_path):
    """Settings of a home folder with its four folders, quick and impatient."""
    settings = Settings(home=tmp_path / "home", settle_s=0.0, language="vi", tries=3)
    for folder in (settings.inbox, settings.outbox, settings.rejected, settings.data):
        folder.mkdir(parents=True)
    return settings


@pytest.fixture
def redis(broker):
    """The broker's client, with nothing queued."""
    client = Redis.from_url(broker.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def running(home, store, store_server, broker):
    """The settings of `home` with the addresses of the real servers, as another process needs."""
    return replace(
        home,
        redis_url=broker.url,
        s3_endpoint=store_server.endpoint,
        s3_access_key=store_server.access_key,
        s3_secret_key=store_server.secret_key,
        s3_bucket=store.bucket,
    )


@pytest.fixture
def desk(home, store):
    """What one worker works with."""
    scratch = home.data / "scratch" / "desk"
    scratch.mkdir(parents=True)
    return Desk(home, store, scratch)


@pytest.fixture
def drop(home):
    """Write a file into the inbox; equal words give equal bytes."""

    def write(path, words="", data=None):
        target = home.inbox / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(
            PDF.replace(b"paper", b"paper " + words.encode()) if data is None else data
        )
        return target

    return write


@pytest.fixture
def quick_digitize():
    """Digitize without reading: the files and the record of a document, true to the schema."""

    def digitize(document, capture, out, settings):
        (out / "pages").mkdir(parents=True)
        (out / "archive.pdf").write_bytes(b"%PDF-1.7\n" + document.scans[0].path.read_bytes())
        (out / "text.txt").write_text("chữ\n\f", encoding="utf-8")
        record = _record(document, capture)
        record["files"] = [_file(out, "archive.pdf", "application/pdf")]
        record["files"].append(_file(out, "text.txt", "text/plain; charset=utf-8"))
        (out / "record.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        return record

    return digitize


def _file(out, name, media_type):
    data = (out / name).read_bytes()
    return {
        "name": name,
        "key": None,
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": media_type,
    }


def _record(document, capture):
    dossier = document.dossier
    field = {
        "value": "123", "raw": "123", "confidence": 0.97, "page": 1, "box": [1, 2, 3, 4],
        "rule": "label", "engine": "tesseract", "source": "ocr", "status": "accepted",
    }  # fmt: skip
    return {
        "schema": "sohoa/record/1",
        "record_id": capture.record_id,
        "version": 1,
        "attempt": None,
        "state": "in_review",
        "legal_steps": {"copied": True, "extracted": True, "coded": False, "stored": False},
        "doc_type": document.doc_type or "administrative-document",
        "doc_type_confidence": 0.9,
        "dossier": {
            "code": dossier.code,
            "linked": dossier.code is not None,
            "procedure": dossier.procedure,
            "result_number": dossier.result_number,
            "result_code": dossier.result_code,
        },
        "document": {
            "ordinal": document.ordinal,
            "component_code": document.component_code,
            "digitized_result_code": None,
            "paper_pages": document.paper_pages,
        },
        "owner": dict(dossier.owner),
        "fields": {
            "number": field,
            "symbol": {**field, "value": "GP-UBND", "status": "in_review"},
            "urgency": {**field, "value": None, "raw": "", "box": None, "status": "in_review"},
        },
        "issues": [{"code": "page.blurred", "where": "page 1", "detail": ""}],
        "pages": [
            {
                "number": 1, "width_px": 100, "height_px": 100, "dpi": 300, "kind": "scan",
                "words": 1, "measures": {},
            }
        ],
        "pdfa": None,
        "originals": [
            {
                "name": scan.name, "key": None, "size_bytes": scan.size_bytes,
                "sha256": scan.sha256, "media_type": "application/pdf", "signed": False,
            }
            for scan in document.scans
        ],
        "capture": {
            "received_at": capture.received_at.isoformat(),
            "station": capture.station,
            "source_path": capture.source_path,
            "images": 1,
        },
        "steps": [],
        "fingerprint": "0" * 64,
        "stored_at": None,
    }  # fmt: skip


DONE, FAILED, PENDING, NONE = (f"{letter}BCDEFGHIJKLMNOPQRSTUVWXYZ" for letter in "ABCD")


class Office:
    """A home folder whose servers run: one document done, one set aside, one pending."""

    done, failed, pending, none = DONE, FAILED, PENDING, NONE

    def __init__(self, settings, store):
        self.settings, self.store = settings, store

    def environ(self):
        """Return the settings of a command that runs there."""
        return {
            "PATH": "/usr/bin:/bin",
            "SOHOA_HOME": str(self.settings.home),
            "SOHOA_S3_BUCKET": self.store.bucket,
        }

    def sohoa(self, *words):
        """Run a command there, as an operator does."""
        command = [sys.executable, "-m", "workers", *words]
        return subprocess.run(command, env=self.environ(), capture_output=True, check=False)


@pytest.fixture
def office(tmp_path, broker, store_server, store):
    """A home folder whose servers run: one document done, one set aside, one pending."""
    settings = Settings(home=tmp_path, s3_bucket=store.bucket)
    settings.data.mkdir()
    keys = (store_server.endpoint, store_server.access_key, store_server.secret_key)
    write_addresses(settings, Addresses(broker.url, *keys))
    for record_id in (DONE, FAILED, PENDING):
        original = store.put_bytes(original_key(record_id, 1, "a" * 64, "pdf"), b"%PDF", "x/y")
        file = {"n": 1, "name": "a.pdf", "key": original.key, "size_bytes": 4, "pages": 2}
        received = datetime(2026, 1, 2, tzinfo=UTC).isoformat()
        intake = {"received_at": received, "files": [file], "lane": "counter"}
        put_intake(store, record_id, intake)
    put_failed(store, FAILED, {"code": "scan.locked", "subject": "a.pdf", "detail": "", "tries": 1})
    put = store.put_bytes(file_key(DONE, "a-1", "text.txt"), "chữ".encode(), "text/plain")
    file = {"name": "text.txt", "key": put.key, "size_bytes": 4, "sha256": put.sha256}
    record = {"record_id": DONE, "version": 1, "attempt": "a-1", "state": "stored"}
    record |= {"files": [file], "pages": [{"number": 1}, {"number": 2}]}
    assert commit_record(store, record, "a-1").won
    return Office(settings, store)
