"""Scans become page images, exact where they can be."""

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import ScanError

NOISE = np.random.default_rng(5).integers(0, 256, (300, 200, 3), np.uint8)


def test_a_scanned_pdf_page_keeps_every_pixel(make_pdf, read):
    """A page that is one image comes 1:1, at the image's own resolution."""
    pdf = make_pdf({"size": (144, 216), "images": [NOISE], "content": b"144 0 0 216 0 0 cm /I0 Do"})

    (page,) = read(pdf)

    assert np.array_equal(page.image.pixels, NOISE)
    assert page.image.dpi == pytest.approx(100)
    assert page.text_born is None


def test_a_bitonal_pdf_page_stays_bitonal(make_pdf, read):
    """One bit a pixel comes back as black and white, flagged, and nothing in between."""
    bits = NOISE[..., 0] > 127
    pdf = make_pdf({"size": (144, 216), "images": [bits], "content": b"144 0 0 216 0 0 cm /I0 Do"})

    (page,) = read(pdf)

    assert page.image.bitonal
    assert np.array_equal(page.image.pixels[..., 0], np.where(bits, 255, 0))


def test_a_colour_stamp_on_a_bitonal_page_is_not_lost(make_pdf, read):
    """The stamp of a signature is drawn, and then the page is not bitonal any more."""
    bits = NOISE[..., 0] > 127
    draw = b"144 0 0 216 0 0 cm /I0 Do"
    page = {"size": (144, 216), "images": [bits], "content": draw, "stamp": (10, 10, 60, 40)}

    (read_page,) = read(make_pdf(page))

    assert not read_page.image.bitonal
    assert (read_page.image.pixels == [255, 0, 0]).all(axis=2).sum() > 500


def test_pages_are_numbered_and_rotation_is_honoured(make_pdf, read):
    """Each page keeps its own shape; /Rotate turns it as a reader would."""
    pages = read(
        make_pdf({"size": (144, 216)}, {"size": (144, 216), "rotate": 90}), default_dpi=100
    )

    assert [page.number for page in pages] == [1, 2]
    assert [page.image.pixels.shape for page in pages] == [(300, 200, 3), (200, 300, 3)]


def test_text_born_pages_bring_their_words(make_pdf, read):
    """A page with text to be seen, and no scan under it, brings its own text."""
    (page,) = read(make_pdf({"content": b"BT /F 12 Tf 20 200 Td (So 57) Tj ET"}))

    assert [word.text for word in page.text_born.words] == ["So", "57"]
    assert page.text_born.index == 0


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_lossless_images_keep_every_pixel(tmp_path, read, kind):
    """What the scanner wrote is what is read."""
    options = {"lossless": True} if kind == "WEBP" else {}
    Image.fromarray(NOISE).save(tmp_path / "scan", kind, **options)

    (page,) = read(tmp_path / "scan")

    assert np.array_equal(page.image.pixels, NOISE)


def test_tiff_pages_come_in_order_without_thumbnails(tmp_path, read):
    """Reduced copies within a TIFF are not pages."""
    shades = [Image.new("L", (120, 160), shade) for shade in (10, 90, 200)]
    shades[1].encoderinfo = {"tiffinfo": {254: 1}}
    shades[0].save(tmp_path / "scan", "TIFF", save_all=True, append_images=shades[1:])

    pages = read(tmp_path / "scan")

    assert [(page.number, int(page.image.pixels[0, 0, 0])) for page in pages] == [(1, 10), (2, 200)]


def test_damage_behind_a_sound_structure_is_an_error_of_ours(tmp_path, read):
    """Bytes lost inside of a picture stop the work with the name of the scan."""
    Image.fromarray(NOISE).save(tmp_path / "scan", "PNG")
    content = bytearray((tmp_path / "scan").read_bytes())
    content[100:9000] = bytes(8900)
    (tmp_path / "scan").write_bytes(content)

    with pytest.raises(ScanError) as caught:
        read(tmp_path / "scan")

    assert caught.value.subject == "scan"
