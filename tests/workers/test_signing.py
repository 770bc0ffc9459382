"""From a record to its signed version, made here or elsewhere, on a real store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pikepdf
import pytest

from pipeline.errors import KeyRefused, SetupError, SignatureRefused
from pipeline.model import Capture, Document, Dossier, Scan
from pipeline.pdfa import signing as pdf_signing
from pipeline.storage import commit_record, file_key, get_record, latest_record, original_key
from workers import signing

RECORD = "A" * 26


@pytest.fixture
def settings(home, authority):
    """Settings with a key and a folder of authorities."""
    trusted = home.home / "trusted"
    trusted.mkdir()
    (trusted / "root.pem").write_bytes(authority.root.read_bytes())
    key = str(authority.key_file())
    return replace(home, sign_key=key, sign_pin=authority.pin, trusted=str(trusted))


@pytest.fixture
def stored(store, quick_digitize, tmp_path, settings):
    """The first version of a record, with an archive PDF of one empty page."""
    from datetime import UTC, datetime

    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4\n%%EOF")
    document = Document((Scan(scan, "a.pdf", "b" * 64, 14),), Dossier("D1"))
    out = tmp_path / "digitized"
    quick_digitize(document, Capture(RECORD, datetime(2026, 1, 2, tzinfo=UTC)), out, settings)
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out / "archive.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    for file in record["files"]:
        data = (out / file["name"]).read_bytes()
        file["key"] = file_key(RECORD, "a-1", file["name"])
        file |= {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
        store.put_bytes(file["key"], data, file["media_type"])
    record["originals"][0]["key"] = original_key(RECORD, 1, "b" * 64, "pdf")
    record |= {"attempt": "a-1", "stored_at": "2026-01-02T00:00:00+00:00"}
    assert commit_record(store, record, "a-1").won
    return record


def fetch(store, record, name="archive.pdf"):
    return store.get(next(f["key"] for f in record["files"] if f["name"] == name))


def test_signing_makes_the_next_version(stored, store, settings):
    """Version 2 is signed and says by whom; version 1 and its files stay as they were."""
    record, done = signing.sign_record(RECORD, store, settings)

    assert done.signer == "Nguyễn Thị Ánh Nguyệt"
    assert record == latest_record(store, RECORD)
    assert (record["version"], record["fields"]) == (2, stored["fields"])
    (signature,) = record["signatures"]
    assert (signature["status"], signature["trust"]) == ("valid", "known")
    assert get_record(store, RECORD, 1) == stored
    assert fetch(store, record).startswith(fetch(store, stored))
    assert {f["key"].split("/")[2] for f in record["files"]} == {record["attempt"]}
    assert fetch(store, record, "text.txt") == fetch(store, stored, "text.txt")


def test_a_second_signature_makes_the_third_version(stored, store, settings):
    """The digitizer signs, then the agency."""
    signing.sign_record(RECORD, store, settings)
    record, _ = signing.sign_record(RECORD, store, settings)

    assert (record["version"], len(record["signatures"])) == (3, 2)


def test_signed_elsewhere_comes_back(stored, store, settings, authority, tmp_path):
    """Exported, signed by another program, imported; once more changes nothing."""
    pdf = signing.fetch_archive(stored, store, tmp_path)
    back = tmp_path / "back.pdf"
    signing.sign_file(pdf, back, settings)

    record = signing.import_signed(RECORD, back, store, settings)

    assert record["version"] == 2
    assert fetch(store, record) == back.read_bytes()
    assert signing.import_signed(RECORD, back, store, settings) == record


def test_what_is_not_ours_is_refused(stored, store, settings, tmp_path):
    """A file that was saved anew makes no version."""
    pdf = signing.fetch_archive(stored, store, tmp_path)
    back, anew = tmp_path / "back.pdf", tmp_path / "anew.pdf"
    signing.sign_file(pdf, back, settings)
    with pikepdf.open(back) as changed:
        changed.save(anew)

    with pytest.raises(SignatureRefused):
        signing.import_signed(RECORD, anew, store, settings)
    assert latest_record(store, RECORD) == stored


def test_a_version_that_came_in_between_is_built_upon(stored, store, settings, monkeypatch):
    """A correction is committed while the copy is checked: the signed version has it, too."""
    prove = signing._prove

    def correct_first(*args):
        copy = prove(*args)
        if latest_record(store, RECORD)["version"] == 1:
            corrected = {**stored, "version": 2, "attempt": "c-2", "state": "stored"}
            assert commit_record(store, corrected, "c-2").won
        return copy

    monkeypatch.setattr(signing, "_prove", correct_first)
    record, _ = signing.sign_record(RECORD, store, settings)

    assert (record["version"], record["state"]) == (3, "stored")


def test_pin_comes_from_a_file(settings, tmp_path):
    """A PIN in a file needs no environment; one that is not there is named."""
    pin = tmp_path / "pin"
    pin.write_text("khoá 1234\n", encoding="utf-8")

    assert signing.read_pin(replace(settings, sign_pin="", sign_pin_file=str(pin))) == "khoá 1234"
    with pytest.raises(KeyRefused):
        signing.read_pin(replace(settings, sign_pin_file=str(tmp_path / "none")))


def test_without_a_key_the_setting_is_named(home):
    """No key at all: the operator learns which setting to give."""
    with pytest.raises(SetupError, match="SOHOA_SIGN_KEY"), signing.open_key(home):
        pass


def test_profile_names_are_those_of_the_room(home):
    """What the settings allow, the room can draw."""
    assert set(pdf_signing.APPEARANCES) == {"digitizer", "copy", "agency"}
    assert pdf_signing.LEVELS == ("B-B", "B-T", "B-LT")
