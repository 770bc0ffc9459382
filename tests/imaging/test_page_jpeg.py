"""Pages as one JPEG: no blocks on paper, and found in few tries."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import DiskFull
from pipeline.imaging.jpeg import decode_jpeg, encode_jpeg
from pipeline.imaging.page_jpeg import bands, encode_page, likeness_of_jpeg, search
from pipeline.imaging.profiles import PROFILES
from pipeline.layers import Likeness

FINE = PROFILES["fine"]


@pytest.mark.parametrize("gray", [False, True])
def test_what_is_written_can_be_read(draw_page, tmp_path, gray):
    """In the size and the channels that it says."""
    pixels = draw_page(dpi=72, seal=True).image.pixels
    wanted = pixels[..., 1].copy() if gray else pixels

    encoded = encode_page(wanted, 72.0, 80, tmp_path / "page")

    assert (encoded.filter, encoded.colour) == ("DCTDecode", "gray" if gray else "rgb")
    assert (encoded.width_px, encoded.height_px) == (pixels.shape[1], pixels.shape[0])
    assert np.abs(decode_jpeg(encoded).astype(int) - wanted).mean() < 6
    with Image.open(encoded.path) as image:
        assert image.info["progressive"]


def test_paper_has_no_blocks(tmp_path):
    """A shadow over paper stays a slope where the usual tables make steps of it."""
    slope = np.tile(np.linspace(200, 240, 640), (320, 1)).round().astype(np.uint8)

    ours, usual = (
        decode_jpeg(encode_page(slope, 300.0, 20, tmp_path / "ours")).astype(float),
        decode_jpeg(encode_jpeg(slope, tmp_path / "usual", 20)).astype(float),
    )

    assert np.abs(ours - slope).mean() < 0.7 * np.abs(usual - slope).mean()


def test_detail_counts_on_paper_not_in_pixels(tmp_path):
    """What is fine at 300 dpi is coarser at 200, and is kept better there."""
    grain = np.random.default_rng(2).integers(90, 160, (256, 256)).astype(np.uint8)

    at_300, at_200 = (
        np.abs(decode_jpeg(encode_page(grain, dpi, 50, tmp_path / "x")).astype(int) - grain).mean()
        for dpi in (300.0, 200.0)
    )

    assert at_200 < at_300


def test_a_full_disk_is_told(draw_page):
    """As everywhere where streams are written."""

    with pytest.raises(DiskFull):
        encode_page(draw_page(dpi=72).image.pixels, 72.0, 50, Path("/dev/full"))


def _falling(needed, seen):
    """Likeness that reaches `fine` from a quality on, as it falls on real pages."""

    def likeness(quality):
        seen.append(quality)
        factor = 50 / quality if quality < 50 else 2 - quality / 50
        least = 50 / needed if needed < 50 else 2 - needed / 50
        ink = 1 - (1 - FINE.ink) * (factor / least) ** 1.2
        return Likeness(page=0.99, ink=min(1.0, ink + 1e-9), plain=0.99)

    return likeness


@pytest.mark.parametrize("needed", [10, 14, 25, 40, 60, 74])
def test_the_least_quality_is_found_in_few_tries(needed):
    """Within one step of what is needed, never below it."""
    seen = []

    quality = search(_falling(needed, seen), FINE, start=25, most=75, tries=5)

    assert needed <= quality <= needed + 1
    assert len(seen) <= 5


def test_what_cannot_be_reached_is_not_claimed():
    """A page of noise needs more than may be tried."""
    seen = []

    assert search(_falling(90, seen), FINE, start=25, most=75, tries=5) is None
    assert max(seen) <= 75


def test_bands_stand_for_the_page(draw_page):
    """A quarter of the pixels, from top to foot; a page of a few lines is its own sample."""
    page = draw_page(dpi=200).image.pixels
    small = draw_page(dpi=30).image.pixels

    assert 0.15 < len(bands(page)) / len(page) < 0.35
    assert bands(small) is small


def test_likeness_is_that_of_decoded_pixels(draw_page):
    """What is compared is the JPEG as it is seen."""
    pixels, shown = draw_page(dpi=72).image.pixels, []

    def compare(seen):
        shown.append(seen)
        return Likeness(1, 1, 1)

    likeness_of_jpeg(pixels, 72.0, 30, compare)

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG")
    assert shown[0].shape == pixels.shape
    assert not np.array_equal(shown[0], pixels)
