"""The next version of a record when its archive PDF is signed."""

import hashlib
import json

from pipeline.signature import Signature, SignedCopy
from pipeline.signed_folder import signed_record

ONE = Signature("F", "Ánh", "", "CA", None, None, "x", "valid", "", True, "known")


def prepare(folder):
    (folder / "archive.pdf").write_bytes(b"signed")
    (folder / "report.json").write_text(json.dumps({"pdfa": "2u", "checks": {"text": True}}))
    names = ("archive.pdf", "text.txt", "report.json")
    files = [{"name": name, "sha256": "0" * 64, "size_bytes": 1} for name in names]
    return {"pdfa": "2u", "issues": [], "files": files, "fields": {"number": {"value": "1"}}}


def test_only_archive_and_report_change(tmp_path):
    """What was read stays; the PDF, its hash and the report are those of the signed file."""
    record = prepare(tmp_path)

    made = signed_record(record, SignedCopy((ONE,), ()), tmp_path)

    files = {file["name"]: file for file in made["files"]}
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    sha256 = hashlib.sha256(b"signed").hexdigest()
    assert (made["pdfa"], made["issues"], made["fields"]) == ("2u", [], record["fields"])
    assert files["archive.pdf"]["sha256"] == report["sha256"] == sha256
    assert files["text.txt"] == record["files"][1]
    assert report["checks"] == {"text": True}
    assert made["signatures"][0]["signer"] == report["signed"]["signatures"][0]["signer"] == "Ánh"
    assert record["files"][0]["sha256"] == "0" * 64


def test_a_lost_claim_is_an_issue(tmp_path):
    """Another program's signature broke PDF/A: the claim goes, and a person is told why."""
    made = signed_record(prepare(tmp_path), SignedCopy((ONE,), ("6.3: a note",)), tmp_path)

    assert made["pdfa"] is None
    (issue,) = made["issues"]
    assert (issue["code"], issue["detail"]) == ("archive.not-pdfa", "6.3: a note")
