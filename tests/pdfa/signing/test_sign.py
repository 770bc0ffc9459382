"""Tests of pipeline.pdfa.signing.sign: every level, seen and unseen, and what stops it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from pipeline.errors import KeyRefused, SignatureServerSilent
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.pdfa.flavour import FORMS
from pipeline.pdfa.signing.appearance import APPEARANCES
from pipeline.pdfa.signing.sign import LEVELS, Signing, open_key_file, open_token, sign
from pipeline.pdfa.signing.signed_copy import verify_signed
from pipeline.pdfa.signing.signed_rules import check_signed

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def archive(draw, facts: ArchiveFacts, tmp_path):
    """Return an archive PDF that may claim PDF/A-2u."""
    out = tmp_path / "archive.pdf"
    compose(
        [draw(["Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập"]), draw(["Trang hai"])], facts, out
    )
    return out


def how(authority, level="B-B", profile=""):
    return Signing(level, authority.tsa, (authority.root,), profile)


@pytest.mark.parametrize("profile", ["", *APPEARANCES])
@pytest.mark.parametrize("level", LEVELS)
def test_signing_only_adds(archive, authority, tmp_path, level, profile):
    """The signed file begins with ours, byte for byte, and poppler finds it valid."""
    out = tmp_path / "signed.pdf"
    key = open_key_file(authority.key_file(), authority.pin)

    done = sign(archive, out, key, how(authority, level, profile), NOW)

    assert out.read_bytes().startswith(archive.read_bytes())
    assert (done.signer, done.visible) == ("Nguyễn Thị Ánh Nguyệt", bool(profile))
    seen = subprocess.run(["pdfsig", "-nocert", out], capture_output=True, text=True, check=False)
    assert "Signature is Valid." in seen.stdout
    assert "Total document signed" in seen.stdout
    assert not check_signed(out)


@pytest.mark.verapdf
@pytest.mark.parametrize("flavour", ["2u", "2a", "3u"])
def test_a_signature_that_is_not_seen_keeps_the_flavour(
    draw, facts, authority, tmp_path, verapdf, flavour
):
    """The widget has no appearance, so that even a tagged file stays what it is."""
    archive, out = tmp_path / "archive.pdf", tmp_path / "signed.pdf"
    compose([draw(["Quyết định"])], facts, archive, flavour=flavour)
    key = open_key_file(authority.key_file(), authority.pin)

    sign(archive, out, key, how(authority, "B-LT", ""), NOW)

    assert check_signed(out) == ()
    for each in FORMS[flavour].verapdf:
        done = subprocess.run(
            [verapdf, "--format", "text", "--flavour", each, out],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.stdout.startswith("PASS"), done.stdout


def test_part_one_does_not_survive_signing(draw, facts, authority, tmp_path):
    """PAdES is younger than PDF 1.4: the claim is taken back, not kept in silence."""
    archive, out = tmp_path / "archive.pdf", tmp_path / "signed.pdf"
    compose([draw(["Quyết định"])], facts, archive, flavour="1b")

    sign(archive, out, open_key_file(authority.key_file(), authority.pin), how(authority), NOW)

    assert check_signed(out)


@pytest.mark.verapdf
@pytest.mark.parametrize("profile", ["", *APPEARANCES])
def test_verapdf_agrees_after_signing(archive, authority, tmp_path, verapdf, profile):
    """veraPDF finds PDF/A-2u before and after, with what signing shows included."""
    out = tmp_path / "signed.pdf"
    key = open_key_file(authority.key_file(), authority.pin)

    sign(archive, out, key, how(authority, "B-LT", profile), NOW)

    done = subprocess.run(
        [verapdf, "--format", "text", "--flavour", "2u", archive, out],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.count("PASS") == 2, done.stdout


def test_a_second_signature_keeps_the_first(archive, authority, tmp_path):
    """The digitizer signs, then the agency: both are valid, the last covers the whole file."""
    key = open_key_file(authority.key_file(), authority.pin)
    first, second = tmp_path / "one.pdf", tmp_path / "two.pdf"

    sign(archive, first, key, how(authority, "B-T", "digitizer"), NOW)
    sign(first, second, key, how(authority, "B-LT", "copy"), NOW)

    copy = verify_signed(second, archive, [authority.root])
    assert [(s.field, s.status, s.trust, s.covers_file) for s in copy.signatures] == [
        ("Signature", "valid", "known", True),
        ("Signature2", "valid", "known", True),
    ]
    assert copy.failures == ()


def test_no_room_means_no_appearance(draw, facts, authority, tmp_path):
    """A page that is full from edge to edge is signed without anything to see."""
    full = draw(["x"])
    with Image.new("RGB", (827, 1169), "black") as black:
        black.paste("white", (0, 0, 827, 600))
        for row in range(0, 1169, 6):
            black.paste("black", (0, row, 827, row + 3))
        black.save(full.content.layers[0].image.path, "JPEG", quality=80)
    compose([full], facts, tmp_path / "archive.pdf")
    key = open_key_file(authority.key_file(), authority.pin)

    done = sign(tmp_path / "archive.pdf", tmp_path / "out.pdf", key,
                how(authority, "B-B", "digitizer"), NOW)  # fmt: skip

    assert not done.visible


def test_wrong_pin_is_refused_without_being_repeated(authority):
    """The error names the file and the remedy, never what was typed."""
    with pytest.raises(KeyRefused) as caught:
        open_key_file(authority.key_file(), "sai-9876")

    assert "9876" not in str(caught.value)


def test_revoked_certificate_is_refused(archive, authority, tmp_path):
    """B-LT asks for revocation before it signs; nothing is left behind."""
    key = open_key_file(authority.key_file("revoked"), authority.pin)

    with pytest.raises(KeyRefused):
        sign(archive, tmp_path / "out.pdf", key, how(authority, "B-LT"), NOW)
    assert [path.name for path in tmp_path.glob("out*")] == []


def test_silent_time_stamp_server_is_named(archive, authority, tmp_path):
    """Without an answer nothing is signed, and trying again may help."""
    key = open_key_file(authority.key_file(), authority.pin)
    nowhere = Signing("B-T", "http://127.0.0.1:9/tsa")

    with pytest.raises(SignatureServerSilent) as caught:
        sign(archive, tmp_path / "out.pdf", key, nowhere, NOW)
    assert caught.value.retry


def test_token_signs(archive, authority, tmp_path, monkeypatch):
    """A key that never leaves its PKCS#11 token signs, too."""
    pytest.importorskip("pkcs11", reason="needs python-pkcs11: pip install sohoa[token]")
    module = Path("/usr/lib/softhsm/libsofthsm2.so")
    if not module.exists() or not shutil.which("pkcs11-tool"):
        pytest.skip("needs softhsm2 and opensc")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    key, cert = authority.folder / "clerk.key", tmp_path / "clerk.der"
    cert.write_bytes(authority.arch.get_cert("clerk").dump())
    run = partial(subprocess.run, check=True, capture_output=True)
    run(["softhsm2-util", "--init-token", "--free", "--label", "quay1", "--pin", "1234",
         "--so-pin", "4321"])  # fmt: skip
    run(["softhsm2-util", "--import", key, "--token", "quay1", "--label", "clerk", "--id", "01",
         "--pin", "1234"])  # fmt: skip
    run(["pkcs11-tool", "--module", module, "--token-label", "quay1", "--login", "--pin", "1234",
         "--write-object", cert, "--type", "cert", "--id", "01", "--label", "clerk"])  # fmt: skip
    out = tmp_path / "out.pdf"

    with open_token(module, "quay1", "1234") as token:
        sign(archive, out, token, how(authority, "B-T"), NOW)

    assert verify_signed(out, archive).signatures[0].signer == "Nguyễn Thị Ánh Nguyệt"
