"""Connected ink is found and can be taken out with the blur around it."""

import numpy as np

from pipeline.imaging.blobs import find_blobs


def test_pieces_are_measured():
    """Place, size, area and centre of a piece of ink are in px."""
    page = np.full((50, 60), 255, np.uint8)
    page[10:14, 20:30] = 0

    blobs = find_blobs(page)

    assert len(blobs.area) == 2  # the paper, and the piece
    assert (blobs.left[1], blobs.top[1], blobs.width[1], blobs.height[1]) == (20, 10, 10, 4)
    assert (blobs.area[1], blobs.x[1], blobs.y[1]) == (40, 24.5, 11.5)
    assert (blobs.labels[10:14, 20:30] == 1).all()


def test_erasing_takes_the_blur_but_no_other_ink():
    """White paint covers a piece and its halo, and stops at neighbours."""
    page = np.full((20, 20), 255, np.uint8)
    page[5:8, 5:8], page[4, 5:8], page[5:8, 9] = 0, 200, 0
    blobs = find_blobs(page)

    clean = blobs.erased(page, np.asarray(blobs.labels == blobs.labels[6, 6], np.uint8))

    assert clean[3:8, 4:9].min() == 255
    assert (clean[5:8, 9] == 0).all()
