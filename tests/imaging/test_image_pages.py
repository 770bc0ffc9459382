"""Image files of all pixel formats come upright, in RGB, with a sane resolution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from pipeline.errors import UnreadableScan
from pipeline.imaging.image_pages import decode_frames, scan_dpi
from pipeline.imaging.tiff import Frame

GRADIENT = np.linspace(0, 255, 160 * 120).reshape(160, 120).astype(np.uint8)


@pytest.fixture
def decode(tmp_path):
    def decode(image, kind="TIFF", *, max_dpi=400, **options):
        image.save(tmp_path / "scan", kind, **options)
        frames = [Frame(0, *image.size)]
        pages = decode_frames(tmp_path / "scan", "scan", frames, max_dpi=max_dpi, max_pixels=10**7)
        return next(pages)

    return decode


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "I;16", "F", "LA", "RGBA", "LAB"])
def test_every_pixel_format_becomes_rgb(decode, mode):
    """A gray ramp is a gray ramp, however its pixels were written."""
    source = Image.fromarray(GRADIENT)
    if mode == "I;16":
        image = Image.fromarray(GRADIENT.astype(np.uint16) * 257)
    elif mode == "LAB":
        image = Image.merge("LAB", [source, *[Image.new("L", source.size, 128)] * 2])
    else:
        image = source.convert(mode)

    pixels = decode(image).pixels

    expected = np.asarray(source.convert("1").convert("L")) if mode == "1" else GRADIENT
    slack = 25 if mode == "LAB" else 3  # L* is not linear in light
    assert pixels.dtype == np.uint8
    assert pixels.shape == (160, 120, 3)
    assert np.abs(pixels[..., 1].astype(int) - expected).max() <= slack


def test_transparency_is_put_on_white(decode):
    """What is transparent is paper."""
    clear = Image.new("RGBA", (120, 160), (0, 0, 0, 0))
    palette = Image.new("P", (120, 160), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])

    assert decode(clear, "PNG").pixels.min() == 255
    assert decode(palette, "PNG", transparency=0).pixels.min() == 255


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(decode, kind, orientation):
    """A page is upright as the camera meant it, in all eight ways of holding one."""
    image = Image.fromarray(GRADIENT).convert("RGB")
    exif = image.getexif()
    exif[0x0112] = orientation

    pixels = decode(image, kind, exif=exif).pixels

    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    assert pixels.shape == expected.shape
    assert np.abs(pixels.astype(int) - expected).mean() < 6  # JPEG and WebP lose a little


def test_fax_pixels_become_square(decode):
    """A fax has twice as many pixels across as down; a page image has as many."""
    page = decode(Image.new("L", (816, 392)), dpi=(204, 98))

    assert page.pixels.shape == (816, 816, 3)
    assert page.dpi == 204


def test_more_resolution_than_wanted_is_averaged_down(decode):
    """A scan beyond `max_dpi` is reduced to it."""
    page = decode(Image.new("L", (1200, 1800)), dpi=(600, 600), max_dpi=300)

    assert page.pixels.shape == (900, 600, 3)
    assert page.dpi == 300


@pytest.mark.parametrize(
    ("sides", "declared", "found"),
    [
        ((2480, 3508), (300, 300), 300),
        ((2480, 3508), (0, 0), 300),  # nothing declared: as for A4
        ((2480, 3508), (72, 72), 300),  # 875 mm wide: a program wrote what it did not know
        ((3024, 4032), (72, 72), 366),  # a telephone
        ((595, 842), (72, 72), 72),
        ((1240, 1754), (1, 1), 150),
        ((9933, 14043), (300, 300), 300),  # A0
        ((850, 1200), (300, 300), 300),  # a receipt
        ((100, 100), (0, 0), 72),  # never less
        ((20000, 20000), (0, 0), 600),  # never more
    ],
)
def test_resolution_is_believed_when_it_makes_a_sheet_of_paper(sides, declared, found):
    """Resolutions that would make a poster or a stamp of a page are not believed."""
    assert scan_dpi(*sides, declared)[0] == pytest.approx(found, abs=0.5)


@given(
    st.integers(1, 40_000),
    st.integers(1, 40_000),
    st.floats(allow_nan=False),
    st.floats(allow_nan=False),
)
def test_resolution_is_always_usable(width, height, across, down):
    """Whatever a file declares, the resolution found is positive and bounded."""
    assert all(30 <= dpi <= 5000 for dpi in scan_dpi(width, height, (across, down)))


def test_what_pillow_cannot_read_is_unreadable(tmp_path):
    """An error of a decoder becomes ours, without paths of this machine."""
    (tmp_path / "scan").write_bytes(b"II*\0 nothing of the kind")
    frames = [Frame(0, 10, 10)]

    with pytest.raises(UnreadableScan) as caught:
        list(decode_frames(tmp_path / "scan", "scan", frames, max_dpi=300, max_pixels=100))

    assert str(tmp_path) not in str(caught.value)


def test_pillow_keeps_its_own_limit_afterwards(decode):
    """Our limit on pixels is ours alone."""
    before = Image.MAX_IMAGE_PIXELS

    decode(Image.new("L", (120, 160)))

    assert before == Image.MAX_IMAGE_PIXELS
