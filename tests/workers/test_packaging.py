"""One file with everything of a record, from a real store."""

from datetime import UTC, datetime

import pikepdf
import pytest

from pipeline.errors import ToolCrashed
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.storage import commit_record, file_key
from workers.packaging import package_record

RECORD = "A" * 26
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path):
    """An archive PDF of one grey page without words."""
    from PIL import Image

    from pipeline.layers import EncodedImage, EncodedPage, Layer
    from pipeline.model import ArchivePage, Box, Page

    Image.new("L", (80, 100), 200).save(tmp_path / "page", "JPEG")
    image = EncodedImage(tmp_path / "page", "DCTDecode", "gray", 80, 100)
    content = EncodedPage((Layer(image, Box(0, 0, 80, 100)),), tmp_path / "look")
    page = ArchivePage(Page(1, 80, 100, 72.0, "scan"), content)
    facts = ArchiveFacts("Giấy", RECORD, None, None, ("b" * 64,), NOW, "Sohoa")
    compose([page], facts, tmp_path / "archive.pdf")
    return (tmp_path / "archive.pdf").read_bytes()


def commit(store, version, data, **more):
    attempt = f"a-{version}"
    files = []
    for name, content in (("archive.pdf", data), ("pages/0001.xml", b"<alto/>")):
        put = store.put_bytes(file_key(RECORD, attempt, name), content, "application/alto+xml")
        file = {"name": name, "key": put.key, "sha256": put.sha256}
        files.append({**file, "media_type": "application/alto+xml"})
    original = {"sha256": "b" * 64, "size_bytes": 9, "media_type": "image/jpeg", "name": "bí mật"}
    original["key"] = f"original/{RECORD}/1-{'b' * 16}.jpg"
    record = {"record_id": RECORD, "version": version, "attempt": attempt, "files": files}
    record |= {"originals": [original], "stored_at": NOW.isoformat(), **more}
    assert commit_record(store, record, attempt).won


def test_package_holds_the_newest_version_that_is_not_signed(archive, store, tmp_path):
    """Record, hashes and words are embedded; the signed version cannot be added to."""
    commit(store, 1, archive)
    commit(store, 2, archive + b"signed", signatures=[{"signer": "x"}])

    record = package_record(RECORD, store, tmp_path / "out.pdf")

    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        parts = {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()}
    assert record["version"] == 1
    assert sorted(parts) == ["page-0001.xml", "record.json", "scans.json"]
    assert (parts["page-0001.xml"], b"b" * 64 in parts["scans.json"]) == (b"<alto/>", True)
    assert "bí mật".encode() not in parts["scans.json"]


def test_what_claims_nothing_is_refused(store, tmp_path):
    """An archive PDF that is none is no package either."""
    commit(store, 1, b"%PDF-1.7 rubbish")

    with pytest.raises(ToolCrashed):
        package_record(RECORD, store, tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()
