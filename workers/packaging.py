"""A record in, one PDF/A-3u with its archive PDF, record, words and hashes of the scans out."""

from __future__ import annotations

import json
import tempfile
from datetime import datetime
from pathlib import Path

from pipeline import pdfa
from pipeline.pdfa import Attachment
from pipeline.storage import ObjectStore, Record, get_record, latest_version, write_record
from workers.signing import fetch_archive


def package_record(record_id: str, store: ObjectStore, out: Path) -> Record:
    """Write the package of a record and return the version that it holds.

    It is the newest one that is not signed: a signed file cannot be added to. Raises NotFound,
    StoreError, or ToolCrashed when its archive PDF makes no claim to be PDF/A.
    """
    version = max(latest_version(store, record_id), 1)
    record = get_record(store, record_id, version)
    while record.get("signatures") and version > 1:
        version -= 1
        record = get_record(store, record_id, version)
    with tempfile.TemporaryDirectory(prefix="sohoa-package-") as name:
        pdf = fetch_archive(record, store, Path(name))
        stored_at = datetime.fromisoformat(str(record["stored_at"]))
        pdfa.make_package(pdf, _attachments(record, store), out, stored_at)
    return record


def _attachments(record: Record, store: ObjectStore) -> list[Attachment]:
    found = [
        Attachment(
            "record.json", write_record(record), "application/json", "Data",
            "What was read, how sure, and where from",
        ),
        Attachment(
            "scans.json", _hashes(record), "application/json", "Supplement",
            "SHA-256 of each scan as it was received",
        ),
    ]  # fmt: skip
    for file in record["files"]:
        if file["name"].startswith("pages/"):
            name = f"page-{Path(file['name']).name}"
            words = store.get(file["key"])
            found.append(
                Attachment(name, words, file["media_type"], "Supplement", "Words with their places")
            )
    return found


def _hashes(record: Record) -> bytes:
    kept = ("sha256", "size_bytes", "media_type")
    rows = [{name: original[name] for name in kept} for original in record["originals"]]
    return (json.dumps(rows, indent=1) + "\n").encode("ascii")
