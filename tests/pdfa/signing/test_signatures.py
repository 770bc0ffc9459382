"""Who, when, valid or why not, without asking anybody."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest

from pipeline.errors import KeyRefused
from pipeline.pdfa import compose
from pipeline.pdfa.signing.sign import Signing, open_key_file, sign
from pipeline.pdfa.signing.signatures import certificates_in, read_signatures

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def signed(draw, facts, authority, tmp_path):
    """Return an archive PDF that is signed with a time stamp."""
    archive, out = tmp_path / "archive.pdf", tmp_path / "signed.pdf"
    compose([draw(["Cộng hòa"])], facts, archive)
    key = open_key_file(authority.key_file(), authority.pin)
    sign(archive, out, key, Signing("B-T", authority.tsa), NOW)
    return out


def test_says_who_and_when(signed, authority):
    """Name, authority, both times, and that the authority is one of ours."""
    (found,) = read_signatures(signed, [authority.root])

    assert (found.signer, found.issuer) == ("Nguyễn Thị Ánh Nguyệt", "Cơ quan chứng thực")
    assert (found.status, found.reason, found.trust) == ("valid", "", "known")
    assert found.kind == "ETSI.CAdES.detached"
    assert found.covers_file
    assert found.signed_at
    assert found.stamped_at


def test_without_certificates_trust_is_unknown(signed):
    """A valid signature of somebody is not yet one of somebody whom we know."""
    (found,) = read_signatures(signed)

    assert (found.status, found.trust) == ("valid", "unknown")


def test_no_socket_is_opened(signed, authority, monkeypatch):
    """The child that reads scans may have no socket, not even a pair for an event loop."""

    def refuse(*_, **__):
        raise PermissionError("sockets are forbidden")

    for name in ("socket", "socketpair", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)

    assert read_signatures(signed, [authority.root])[0].status == "valid"


def test_changed_page_is_reported(signed):
    """A byte of the page image differs."""
    data = bytearray(signed.read_bytes())
    data[len(data) // 20] ^= 1
    signed.write_bytes(data)

    (found,) = read_signatures(signed)

    assert (found.status, found.reason) == ("invalid", "changed")


def test_bytes_behind_the_end_are_not_covered(signed):
    """Somebody added bytes that no revision holds."""
    signed.write_bytes(signed.read_bytes() + b"\nmore\n")

    assert not read_signatures(signed)[0].covers_file


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nrubbish", b"\0" * 5000])
def test_rubbish_is_unreadable(tmp_path, data):
    """A file that cannot be read is an answer, not a crash."""
    path = tmp_path / "rubbish.pdf"
    path.write_bytes(data)

    (found,) = read_signatures(path)

    assert found.status == "unreadable"


def test_no_signature_is_none(draw, facts, tmp_path):
    """A PDF without signature has none."""
    compose([draw(["Cộng hòa"])], facts, tmp_path / "archive.pdf")

    assert read_signatures(tmp_path / "archive.pdf") == ()


def test_hostile_contents_are_unreadable(signed):
    """The signature itself is rubbish: it is named, and nothing breaks."""
    data = signed.read_bytes()
    at = data.index(b"/Contents <", data.index(b"/ByteRange") - 30_000) + 12
    signed.write_bytes(data[:at] + b"f" * 400 + data[at + 400 :])

    (found,) = read_signatures(signed)

    assert found.status != "valid"


def test_certificates_of_a_folder(tmp_path, authority):
    """Certificate files are found by their suffix; a folder that is not there is an error."""
    (tmp_path / "root.pem").write_bytes(authority.root.read_bytes())
    (tmp_path / "README").write_text("no certificate")

    assert certificates_in(tmp_path) == (tmp_path / "root.pem",)
    with pytest.raises(KeyRefused):
        certificates_in(tmp_path / "nowhere")
