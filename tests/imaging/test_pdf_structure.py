"""A PDF's structure is read without drawing anything."""

import numpy as np
import pytest

from pipeline.errors import TooLarge, UnreadableScan
from pipeline.imaging.pdf_structure import read

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
