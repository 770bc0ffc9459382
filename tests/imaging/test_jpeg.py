"""JPEGs for a PDF: colour finer than light, the scan's own kept only where it fits."""

import io

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import DiskFull
from pipeline.imaging.jpeg import decode_jpeg, encode_jpeg, least_bytes


@pytest.fixture
def pixels(draw_page):
    return draw_page(dpi=72, seal=True).image.pixels


@pytest.mark.parametrize("gray", [False, True])
def test_what_is_written_can_be_read(pixels, tmp_path, gray):
    """In the size and the channels that it says."""
    wanted = pixels[..., 1].copy() if gray else pixels

    encoded = encode_jpeg(wanted, tmp_path / "page", 80)

    assert (encoded.filter, encoded.colour) == ("DCTDecode", "gray" if gray else "rgb")
    assert (encoded.width_px, encoded.height_px) == (pixels.shape[1], pixels.shape[0])
    assert np.abs(decode_jpeg(encoded).astype(int) - wanted).mean() < 6


def test_quality_is_that_of_other_programs(pixels, tmp_path):
    """In gray, where colour is not finer, a quality gives the bytes that it gives elsewhere."""
    gray, buffer = pixels[..., 1].copy(), io.BytesIO()
    for quality in (5, 50, 95):
        buffer.seek(0)
        buffer.truncate()
        Image.fromarray(gray).save(buffer, "JPEG", quality=quality, optimize=True)
        encode_jpeg(gray, tmp_path / "page", quality)

        assert (tmp_path / "page").stat().st_size == pytest.approx(buffer.tell(), rel=0.01)


def test_red_stays_red_in_a_coarse_jpeg(tmp_path):
    """A seal keeps its colour when the letters around it are coarse."""
    red = np.full((64, 64, 3), 255, np.uint8)
    red[16:48, 16:48] = (215, 60, 70)

    seen = decode_jpeg(encode_jpeg(red, tmp_path / "page", 10)).astype(int)

    assert np.abs(seen[20:44, 20:44] - (215, 60, 70)).mean() < 10


def test_the_bound_lies_below_every_jpeg(pixels, tmp_path):
    """A page in fewer bytes needs no JPEG to be tried."""
    half = np.asarray(Image.fromarray(pixels).reduce(2))
    encode_jpeg(pixels, tmp_path / "page", 20)

    assert least_bytes(half) < (tmp_path / "page").stat().st_size


def test_a_full_disk_is_named(pixels):
    """The operator must make room; the scan is fine."""
    from pathlib import Path

    with pytest.raises(DiskFull):
        encode_jpeg(pixels, Path("/dev/full"), 50)
