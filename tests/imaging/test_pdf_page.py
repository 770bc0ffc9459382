"""What lies on a page: images with their place, text seen and unseen."""

import numpy as np
import pytest

from pipeline.errors import UnreadableScan
from pipeline.imaging.pdf_page import look, open_page, open_pdf

SHADE = np.full((30, 20), 128, np.uint8)


def seen(path, index=0):
    with open_pdf(path, "scan") as document, open_page(document, index, "scan") as page:
        return look(page)


def test_an_image_knows_its_place_and_resolution(make_pdf):
    """Placement is in pt of the page, resolution in px per inch of paper."""
    content = seen(make_pdf({"content": b"72 0 0 144 10 20 cm /I0 Do", "images": [SHADE]}))

    (image,) = content.images
    assert (image.width_px, image.height_px) == (20, 30)
    assert image.box_pt == pytest.approx((10, 20, 82, 164))
    assert (image.across_dpi, image.down_dpi) == pytest.approx((20, 15))
    assert image.share == pytest.approx(72 * 144 / 60_000, abs=0.01)
    assert not image.sideways


def test_an_image_drawn_sideways_is_told(make_pdf):
    """A matrix that turns by a quarter swaps the image's sides on the page."""
    content = seen(make_pdf({"content": b"0 144 -72 0 100 20 cm /I0 Do", "images": [SHADE]}))

    (image,) = content.images
    assert image.sideways
    assert image.box_pt == pytest.approx((28, 20, 100, 164))
    assert (image.across_dpi, image.down_dpi) == pytest.approx((10, 30))


def test_images_that_overlap_cover_their_union(make_pdf):
    """Layers count once, and only where the page is."""
    half = b"q 200 0 0 150 0 0 cm /I0 Do Q "
    outside = b"q 900 0 0 150 0 0 cm /I0 Do Q"

    content = seen(make_pdf({"content": half + half + outside, "images": [SHADE]}))

    assert len(content.images) == 3
    assert content.image_share == pytest.approx(0.5, abs=0.02)


def test_a_file_that_pdfium_cannot_open_is_unreadable(tmp_path):
    """The error bears the clerk's name for the file."""
    (tmp_path / "x").write_bytes(b"%PDF-1.7 nothing")

    with pytest.raises(UnreadableScan, match="scan"), open_pdf(tmp_path / "x", "scan"):
        pass
