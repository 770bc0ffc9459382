"""Layers keep every stroke; what they cannot show is painted over them as it is."""

import cv2
import numpy as np
import pytest

from pipeline.imaging.likeness import Reference
from pipeline.imaging.mixed import mixed_layers
from pipeline.imaging.profiles import PROFILES
from pipeline.imaging.shown import Sheet
from pipeline.model import PageImage

LADDER = PROFILES["archive"].layers


@pytest.fixture
def layered(tmp_path):
    """Return a function that gives the tries at some pixels and what is shown of each."""

    def layer(pixels, dpi=150.0):
        image = PageImage(pixels, dpi)
        sheet = Sheet(image.width_px, image.height_px, dpi)
        reference = Reference(sheet.of_pixels(pixels))
        return [
            (mixed, sheet.of_layers(mixed.layers))
            for mixed in mixed_layers(image, pixels, reference, tmp_path / "page", LADDER)
        ]

    return layer


def _sheet(level=245, height=900, width=700):
    return np.full((height, width, 3), level, np.uint8)


def test_text_and_seal_are_sound(draw_page, layered):
    """Print lies in the mask, the seal in a crop over it."""
    page = draw_page(dpi=200, seal=True, noise=2)

    mixed, _ = layered(page.image.pixels, 200.0)[0]

    assert mixed.sound and mixed.likeness.reaches(0.95, 0.95)
    assert mixed.layers[1].stencil is not None
    assert any(
        layer.box.left <= page.seal.left and layer.box.right >= page.seal.right
        for layer in mixed.layers[2:]
    )
    assert mixed.likeness.colour_error < 12


def test_a_photograph_on_a_page_is_repaired_by_a_crop(layered):
    """What layers show wrongly is found by looking, and painted over them."""
    page = _sheet()
    down, across = np.mgrid[0:200, 0:200]
    photo = np.clip(128 + 90 * np.sin(across / 3) * np.cos(down / 4), 0, 255)
    page[300:500, 250:450] = photo[..., None]
    for row in range(50, 250, 30):
        cv2.putText(page, "Kinh gui Uy ban", (60, row), 0, 0.8, (20, 20, 20), 2)

    tries = layered(page)

    assert tries
    mixed, seen = tries[-1]
    assert mixed.sound
    assert np.abs(seen[300:500, 250:450].astype(int) - page[300:500, 250:450]).mean() < 20


def test_no_layers_where_crops_would_cover_the_page(layered):
    """A page full of colour is a picture."""
    page = _sheet()
    page[:700] = (200, 40, 50)
    page[100:600:40] = (40, 160, 60)

    assert layered(page) == []


@pytest.mark.parametrize(
    "page", [_sheet(0, 40, 30), _sheet(255, 40, 30), _sheet(128, 1, 1)], ids=["0", "255", "1 px"]
)
def test_a_plain_page_needs_no_mask(layered, page):
    """Its paper is all there is."""
    for mixed, seen in layered(page):
        assert [layer.stencil for layer in mixed.layers] == [None]
        assert np.abs(seen.astype(int) - page).max() <= 3


def test_text_that_reaches_into_a_crop_is_whole(layered):
    """The mask goes on under the edge of a crop: readers may place it a pixel aside."""
    page = _sheet()
    cv2.circle(page, (350, 450), 90, (215, 60, 70), 8)
    cv2.putText(page, "NGUYEN THI TUYET NHUNG", (60, 460), 0, 1.2, (25, 25, 30), 3)

    mixed, seen = layered(page)[0]

    dark = page.max(axis=2) < 60
    assert len(mixed.layers) > 2
    assert (seen.max(axis=2)[dark] < 140).mean() > 0.97
