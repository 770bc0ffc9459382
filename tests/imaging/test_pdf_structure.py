"""A PDF's structure is read without drawing anything."""

import numpy as np
import pikepdf
import pytest

from pipeline.errors import TooLarge, UnreadableScan
from pipeline.imaging.pdf_structure import has_tangled_form, read, write_repaired

DRAW = b"q 200 0 0 300 0 0 cm /I0 Do Q"


def look(path, max_pages=9, max_pixels=10**7):
    return read(path, path.read_bytes(), "scan", max_pages, max_pixels)


def test_filler_behind_the_end_is_no_damage(make_pdf):
    """Copying programs leave zeros and line ends."""
    path = make_pdf({})
    path.write_bytes(path.read_bytes() + bytes(9000) + b"\r\n")

    assert look(path).pages == 1


def test_a_page_too_large_to_draw_is_refused(make_pdf):
    """A page of 200 × 200 inches cannot be drawn below the limit."""
    with pytest.raises(TooLarge, match="14400"):
        look(make_pdf({"size": (14_400, 14_400)}))


def test_an_image_too_large_to_decode_is_refused(make_pdf):
    """The page may be small: what its image declares counts."""
    pixels = np.zeros((100, 120), np.uint8)
    path = make_pdf({"images": [pixels], "content": DRAW})
    path.write_bytes(path.read_bytes().replace(b"/Width 120", b"/Width 12000000"))

    with pytest.raises(TooLarge, match="12000000"):
        look(path)


def test_a_mask_too_large_to_decode_is_refused(make_pdf):
    """What lies under an image is decoded, too."""
    path = make_pdf({"content": DRAW})
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        mask = pikepdf.Stream(pdf, b"", Width=10**6, Height=10**6)
        image = pikepdf.Stream(pdf, b"", Subtype=pikepdf.Name.Image, Width=9, Height=9, SMask=mask)
        pdf.pages[0].obj["/Resources"] = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=image))
        pdf.save(path)

    with pytest.raises(TooLarge):
        look(path)


def test_an_unsigned_form_is_not_signed(make_pdf):
    """A field for a signature that nobody gave is no signature."""
    path = make_pdf({"stamp": (10, 10, 90, 50)})
    assert look(path).signed

    path.write_bytes(path.read_bytes().replace(b"/ByteRange", b"/ByteRanje"))
    assert not look(path).signed


def test_errors_hold_no_path_of_this_machine(make_pdf, tmp_path):
    """The clerk's name for the file is enough."""
    path = make_pdf({})
    path.write_bytes(path.read_bytes().replace(b"/Root", b"/Rood"))

    with pytest.raises(UnreadableScan) as caught:
        look(path)

    assert str(tmp_path) not in str(caught.value)


def test_a_form_that_is_none_is_passed_over(make_pdf):
    """Odd values where fields should be do not make a scan unreadable."""
    path = make_pdf({"stamp": (10, 10, 90, 50)})
    path.write_bytes(path.read_bytes().replace(b"/Fields [", b"/Fiends ["))

    assert not look(path).signed


def test_a_repaired_copy_opens_for_everybody(make_pdf, tmp_path):
    """Encryption with an empty password and damage are gone from the copy."""
    encryption = pikepdf.Encryption(user="", owner="o")
    path = make_pdf({}, {}, encryption=encryption)
    path.write_bytes(path.read_bytes().replace(b"startxref", b"startxxxx"))

    write_repaired(path, tmp_path / "copy.pdf", "scan")

    with pikepdf.open(tmp_path / "copy.pdf") as pdf:
        assert (len(pdf.pages), pdf.is_encrypted, pdf.get_warnings()) == (2, False, [])
    with pytest.raises(UnreadableScan):
        write_repaired(path, tmp_path / "gone" / "copy.pdf", "scan")


def test_a_tangled_form_is_cut_out_of_the_copy(make_pdf, tmp_path):
    """A tree of fields that grows exponentially would keep every reader busy for ever."""
    path = make_pdf({})
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx))
        for _ in range(64):
            field = pdf.make_indirect(pikepdf.Dictionary(Kids=pikepdf.Array([field, field])))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        pdf.save(path)

    assert look(path).pages == 1
    assert has_tangled_form(path)
    write_repaired(path, tmp_path / "copy.pdf", "scan")
    assert not has_tangled_form(tmp_path / "copy.pdf")


def test_an_ordinary_form_is_kept(make_pdf):
    """Signatures and filled forms are drawn."""
    assert not has_tangled_form(make_pdf({"stamp": (10, 10, 90, 50)}))
