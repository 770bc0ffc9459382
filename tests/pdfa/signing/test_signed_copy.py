"""What comes back is ours and signed, or it is refused."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from pipeline.errors import SignatureRefused
from pipeline.pdfa import compose
from pipeline.pdfa.signing.sign import Signing, open_key_file, sign
from pipeline.pdfa.signing.signatures import read_signatures
from pipeline.pdfa.signing.signed_copy import verify_signed

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def archive(draw, facts, tmp_path):
    """Return an archive PDF."""
    out = tmp_path / "archive.pdf"
    compose([draw(["Cộng hòa xã hội"])], facts, out)
    return out


@pytest.fixture
def signed(archive, authority, tmp_path):
    """Return it signed, with everything that a level can bring."""
    out = tmp_path / "signed.pdf"
    how = Signing("B-LT", authority.tsa, (authority.root,), "digitizer")
    sign(archive, out, open_key_file(authority.key_file(), authority.pin), how, NOW)
    return out


def test_signed_copy_is_proved(archive, signed, authority):
    """A copy of ours with a signature passes, and still claims PDF/A-2u."""
    copy = verify_signed(signed, archive, [authority.root])

    assert [(one.status, one.trust) for one in copy.signatures] == [("valid", "known")]
    assert copy.failures == ()
    assert verify_signed(signed, archive).signatures[0].trust == "unknown"


def test_a_byte_changed_anywhere_is_reported(archive, signed):
    """Whichever byte is flipped, in ours or in what signing added, the copy is refused."""
    good, size = signed.read_bytes(), archive.stat().st_size
    gap = good.index(b"/Contents", size) + len(b"/Contents <")
    places = [0, 9, size // 3, size // 2, size - 8, size + 4, (size + gap) // 2, gap + 40]
    places += [gap + 3000, len(good) - 20, len(good) - 3]
    kept = []
    for place in places:
        bad = bytearray(good)
        bad[place] ^= 1
        signed.write_bytes(bad)
        try:
            verify_signed(signed, archive)
        except SignatureRefused:
            continue
        kept.append(place)

    assert kept == []


@pytest.mark.parametrize("spoil", ["unsigned", "another", "cut", "longer", "nothing"])
def test_other_files_are_refused(archive, signed, draw, facts, tmp_path, spoil):
    """Ours without a signature, another's, a part of it, more than it."""
    data = signed.read_bytes()
    spoilt = {
        "unsigned": archive.read_bytes(),
        "another": data[:50] + data[60:],
        "cut": data[:-5000],
        "longer": data + b"\n%more\n",
        "nothing": b"",
    }
    signed.write_bytes(spoilt[spoil])

    with pytest.raises(SignatureRefused):
        verify_signed(signed, archive)


def test_every_byte_counts(archive, authority, tmp_path):
    """200 places drawn by lot, whichever bit: what is signed cannot change unseen.

    The signature itself is left to the test above: its certificates are signed by their issuers
    alone, the case of its hexadecimal digits by nobody, and the room behind it is spare.
    """
    signed = tmp_path / "signed.pdf"
    sign(archive, signed, open_key_file(authority.key_file(), authority.pin), Signing(), NOW)
    good = signed.read_bytes()
    start = good.index(b"/Contents <", archive.stat().st_size) + len(b"/Contents ")
    end = good.index(b">", start) + 1
    lot = random.Random(20261123)
    kept = []
    for place in lot.sample([*range(start), *range(end, len(good))], 200):
        bad = bytearray(good)
        bad[place] ^= 1 << lot.randrange(8)
        signed.write_bytes(bad)
        found = read_signatures(signed)
        if found and all(one.status == "valid" and one.covers_file for one in found):
            kept.append(place)

    assert kept == []


def change_page(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    white = generic.StreamObject(stream_data=b"1 g 0 0 600 900 re f")
    page["/Contents"] = writer.add_object(white)
    writer.update_container(page)


def add_note(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    rect = generic.ArrayObject(map(generic.NumberObject, (10, 10, 90, 90)))
    names = {"/Type": "/Annot", "/Subtype": "/Square"}
    note = generic.DictionaryObject(
        {generic.pdf_name(k): generic.pdf_name(v) for k, v in names.items()}
    )
    note[generic.pdf_name("/Rect")] = rect
    page[generic.pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.update_container(page)


def test_a_page_changed_before_signing_is_refused(archive, authority, tmp_path):
    """An increment that paints over our page, then a valid signature over it all."""
    changed, signed = tmp_path / "changed.pdf", tmp_path / "signed.pdf"
    with archive.open("rb") as source, changed.open("wb") as target:
        writer = IncrementalPdfFileWriter(source)
        change_page(writer)
        writer.write(target)
    key = open_key_file(authority.key_file(), authority.pin)
    sign(changed, signed, key, Signing(), NOW)

    with pytest.raises(SignatureRefused, match="more was changed"):
        verify_signed(signed, archive)


def test_a_note_laid_over_the_page_costs_the_claim(archive, authority, tmp_path):
    """What lies on a page and is no signature is no PDF/A any more, and is said so."""
    changed, signed = tmp_path / "changed.pdf", tmp_path / "signed.pdf"
    with archive.open("rb") as source, changed.open("wb") as target:
        writer = IncrementalPdfFileWriter(source)
        add_note(writer)
        writer.write(target)
    key = open_key_file(authority.key_file(), authority.pin)
    sign(changed, signed, key, Signing(), NOW)

    assert verify_signed(signed, archive).failures != ()


def test_pikepdf_still_reads_it(signed):
    """The signed file opens without repair."""
    with pikepdf.open(signed) as pdf:
        assert pdf.get_warnings() == []
