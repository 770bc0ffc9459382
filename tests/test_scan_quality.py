"""A scan is judged page by page without being read."""

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import UnreadableScan
from pipeline.scan_quality import scan_quality
from pipeline.settings import Settings


def _tiff(path, pages, dpi):
    first, *more = [Image.fromarray(pixels) for pixels in pages]
    first.save(path, save_all=True, append_images=more, dpi=(dpi, dpi))
    return path


def test_each_page_is_judged(draw_page, tmp_path):
    """A good page, a blank one and one that was cut off, in their order."""
    good = draw_page(dpi=200).image.pixels
    blank = np.full_like(good, 250)
    cut = np.full_like(good, 255)
    lost = round(0.15 * good.shape[1])
    cut[:, : good.shape[1] - lost] = good[:, lost:]
    seen = []

    pages = list(
        scan_quality(
            _tiff(tmp_path / "scan.tif", [good, blank, cut], 200), "scan.tif", Settings(), tmp_path,
            progress=lambda done, total: seen.append((done, total)),
        )
    )  # fmt: skip

    assert [[issue.code for issue in page.issues] for page in pages] == [
        [],
        ["page.blank"],
        ["page.cut"],
    ]
    assert [page.number for page in pages] == [1, 2, 3]
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_what_is_no_scan_is_an_error(tmp_path):
    """As when it is dropped."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.4 nothing")

    with pytest.raises(UnreadableScan):
        list(scan_quality(path, "scan.pdf", Settings(), tmp_path))
