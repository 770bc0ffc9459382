"""A record and its signed archive PDF in, the files and the record of the next version out."""

from __future__ import annotations

import copy as copies
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.folder import file_entry, write_json
from pipeline.signature import SignedCopy


def signed_record(record: dict[str, Any], copy: SignedCopy, folder: Path) -> dict[str, Any]:
    """Return the record with its new archive PDF; `folder` holds its files, the report is renewed.

    Everything that was read stays: the pages are the same. The PDF/A claim stays when signing
    kept it.
    """
    made = copies.deepcopy(record)
    if made["pdfa"] is not None and copy.failures:
        made["pdfa"] = None
        detail = "; ".join(copy.failures[:3])
        issue = {"code": "archive.not-pdfa", "where": "archive.pdf", "detail": detail}
        made["issues"] = [*made["issues"], issue]
    made["signatures"] = [asdict(one) for one in copy.signatures]
    report = folder / "report.json"
    proof = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    entries = {file["name"]: file for file in made["files"]}
    entries["archive.pdf"] = file_entry(folder, folder / "archive.pdf")
    if report.exists():
        archive = entries["archive.pdf"]
        proof |= {"sha256": archive["sha256"], "size_bytes": archive["size_bytes"]}
        proof |= {"pdfa": made["pdfa"], "signed": asdict(copy)}
        write_json(report, proof)
        entries["report.json"] = file_entry(folder, report)
    made["files"] = list(entries.values())
    return made
