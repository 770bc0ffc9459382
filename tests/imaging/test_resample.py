"""Lower resolutions are averages; nothing is enlarged."""

import numpy as np
import pytest

from pipeline.imaging.resample import gray, reduced


def test_gray_is_as_the_eye_sees():
    """Green is brighter than red, red than blue."""
    red, green, blue, white = gray(
        np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255] * 3]], np.uint8)
    )[0]

    assert blue < red < green < white == 255


def test_reducing_averages():
    """A reduced pixel is the mean of those that it stands for."""
    pixels = np.random.default_rng(1).integers(0, 256, (300, 200), np.uint8)

    small, dpi = reduced(pixels, 300, 30)

    assert (small.shape, dpi) == ((30, 20), 30)
    assert small[0, 0] == pytest.approx(pixels[:10, :10].mean(), abs=1)


def test_nothing_is_enlarged_or_vanishes():
    """A coarse page stays as it is, a sliver keeps a pixel."""
    pixels = np.zeros((2, 400), np.uint8)

    assert reduced(pixels, 100, 150) == (pixels, 100)
    assert reduced(pixels, 300, 50)[0].shape == (1, 67)
