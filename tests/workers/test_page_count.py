"""Pages are counted at the door: the balance sheet needs a number of its own."""

import io
import os
import struct

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from workers.page_count import pages_of
from workers.wholeness import kind_of


@pytest.fixture
def count(tmp_path):
    """Count the pages of these bytes."""

    def run(data):
        path = tmp_path / "file"
        path.write_bytes(data)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            return pages_of(descriptor, kind_of(descriptor))
        finally:
            os.close(descriptor)

    return run


def pdf(pages, **options):
    out = io.BytesIO()
    with pikepdf.new() as new:
        for _ in range(pages):
            new.add_blank_page()
        new.save(out, **options)
    return out.getvalue()


def tiff(pages, **options):
    sheets = [Image.new("1", (20, 30), 1) for _ in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], **options)
    return out.getvalue()


@pytest.mark.parametrize("pages", [1, 3, 12])
def test_pdf_and_tiff_say_how_many(count, pages):
    """As poppler counts, and as the directories of a TIFF say."""
    assert count(pdf(pages)) == pages
    assert count(tiff(pages)) == pages
    assert count(tiff(pages, big_tiff=True)) == pages


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_an_image_is_one_page(count, form):
    """A photograph of one sheet."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form)

    assert count(out.getvalue()) == 1


def test_thumbnails_and_masks_are_no_pages(count):
    """Some scanners write a small copy behind each page."""
    kinds = [0, 1, 4, 2]  # page, reduced copy, mask, page of several
    data = b"II*\0" + struct.pack("<I", 8)
    for n, kind in enumerate(kinds):
        after = 8 + (n + 1) * 18
        data += struct.pack("<HHHIII", 1, 254, 4, 1, kind, after if n < len(kinds) - 1 else 0)

    assert count(data) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no scan at all",
        b"%PDF-1.4\n%%EOF\n",
        pdf(2)[:300],
        pdf(2, encryption=pikepdf.Encryption(owner="o", user="u")),
        tiff(2)[:200],
        b"II*\0" + struct.pack("<I", 8) + b"\xff\xff",
        b"II*\0" + struct.pack("<IHI", 8, 0, 8),
    ],
)
def test_what_cannot_be_told_is_not_guessed(count, data):
    """Broken, locked, cut off, or a chain that bites its tail."""
    assert count(data) in (None, 1)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_bytes_do_harm(count, data):
    """A hostile TIFF is counted or not, never an error."""
    sound = tiff(3)
    at = data.draw(st.integers(0, len(sound) - 1))
    found = count(b"II*\0" + sound[4:at] + data.draw(st.binary(max_size=40)) + sound[at + 20 :])

    assert found is None or found >= 1
