"""Scans that came signed: their signatures are read, with the authorities that we know."""

from datetime import UTC, datetime

import pytest

from pipeline.model import Capture, Document, Scan, ScanFacts
from pipeline.pdfa import signing
from pipeline.settings import Settings
from pipeline.signed_scans import scan_signatures

CAPTURE = Capture("A" * 26, datetime(2026, 11, 23, tzinfo=UTC))
PLAIN = ScanFacts("image/jpeg", ".jpg", 1)
SIGNED = ScanFacts("application/pdf", ".pdf", 1, signed=True)


@pytest.fixture
def signed(tmp_path, authority):
    """A signed PDF as it is dropped."""
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(tmp_path / "plain.pdf")
    key = signing.open_key_file(authority.key_file(), authority.pin)
    signing.sign(
        tmp_path / "plain.pdf", tmp_path / "signed.pdf", key, signing.Signing(), CAPTURE.received_at
    )
    return Scan(tmp_path / "signed.pdf", "quyết định.pdf", "a" * 64, 1)


def test_each_scan_has_its_own(signed, authority, tmp_path):
    """Of two scans one is signed, by somebody whose authority is in the folder."""
    (tmp_path / "trusted").mkdir()
    (tmp_path / "trusted" / "root.pem").write_bytes(authority.root.read_bytes())
    picture = Scan(tmp_path / "a.jpg", "a.jpg", "b" * 64, 1)

    found = scan_signatures(
        Document((picture, signed)),
        (PLAIN, SIGNED),
        CAPTURE,
        Settings(trusted=str(tmp_path / "trusted")),
    )

    assert found[0] == ()
    assert (found[1][0].signer, found[1][0].trust) == ("Nguyễn Thị Ánh Nguyệt", "known")
