"""Encoded pages are what a PDF reader expects, the same bytes each time."""

import numpy as np
import pytest
from PIL import Image

from pipeline.imaging import encode
from pipeline.layers import LOOK_PX
from pipeline.model import PageImage


@pytest.mark.parametrize(("colour", "name"), [(True, "rgb"), (False, "gray")])
def test_other_pages_become_jpeg(draw_page, shown, tmp_path, colour, name):
    """Colour is kept only where there is some."""
    page = draw_page(dpi=72, seal=True).image

    (layer,) = encode(page, colour, tmp_path / "page", jpeg_quality=90).layers

    encoded = layer.image
    assert (encoded.filter, encoded.colour) == ("DCTDecode", name)
    assert (encoded.width_px, encoded.height_px) == (page.width_px, page.height_px)
    seen = shown([layer], page.width_px, page.height_px).astype(int)
    assert np.abs(seen.mean(axis=2) - page.pixels.mean(axis=2)).mean() < 12


def test_bitonal_pages_survive_exactly(draw_page, shown, tmp_path):
    """A scan of one bit a pixel is one image, without loss."""
    page = draw_page(dpi=72).image
    pixels = np.where(page.pixels.mean(axis=2, keepdims=True) < 128, 0, 255).astype(np.uint8)
    pixels = pixels.repeat(3, axis=2)

    layers = encode(PageImage(pixels, 72.0, bitonal=True), False, tmp_path / "page").layers

    assert [layer.image.colour for layer in layers] == ["bitonal"]
    assert np.array_equal(shown(layers, page.width_px, page.height_px), pixels)


def test_the_look_is_the_page_before_it_was_compressed(draw_page, tmp_path):
    """However coarse the JPEG is, the look is exact, and as small as it says."""
    page = draw_page(dpi=144).image

    coarse, fine = (
        encode(page, True, tmp_path / f"{quality}", jpeg_quality=quality) for quality in (5, 95)
    )

    assert coarse.look.read_bytes() == fine.look.read_bytes()
    with Image.open(coarse.look) as look:
        assert (look.mode, max(look.size)) == ("L", LOOK_PX)


def test_the_same_page_gives_the_same_bytes(draw_page, tmp_path):
    """Nothing of the clock or the machine gets into a stream."""
    page = draw_page(dpi=72).image

    first, second = (encode(page, True, tmp_path / name) for name in "ab")

    assert [image.path.read_bytes() for image in first.images] == [
        image.path.read_bytes() for image in second.images
    ]
    assert first.look.read_bytes() == second.look.read_bytes()


def test_quality_is_what_was_asked(draw_page, tmp_path):
    """More quality takes more bytes."""
    page = draw_page(dpi=72).image

    sizes = [
        encode(page, True, tmp_path / "page", jpeg_quality=quality).size_bytes
        for quality in (30, 60, 90)
    ]

    assert sizes == sorted(sizes)
