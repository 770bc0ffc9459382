"""Finding the lines of print."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.recognition.finder import MOST_LINES, find_lines


def test_each_drawn_line_is_found(draw) -> None:
    """One box a line, around its letters, from the top down."""
    page = draw([("Căn cứ Luật Tổ chức", 60, 60), ("Xét đề nghị của Sở Nội vụ", 60, 140)])
    found = find_lines(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY))

    assert len(found) == 2
    for box, top in zip(found, (60, 140), strict=True):
        assert top - 6 <= box.top < top + 14
        assert abs(box.left - 60) < 12


def test_white_paper_and_noise_are_bounded() -> None:
    """No line on white; of ten thousand specks never more than a bound."""
    white = np.full((1200, 900), 255, np.uint8)
    assert find_lines(white) == ()
    specks = white.copy()
    places = np.random.default_rng(1)
    specks[places.integers(0, 1200, 10_000), places.integers(0, 900, 10_000)] = 0
    found = find_lines(specks)

    assert len(found) <= MOST_LINES
    assert all(box.right <= 900 and box.bottom <= 1200 for box in found)
