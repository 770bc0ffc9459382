"""Tests of pipeline.pdfa.comparison."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from pipeline.layers import EncodedPage
from pipeline.model import ArchivePage
from pipeline.pdfa.comparison import (
    look_of,
    same_but_gaps,
    same_picture,
    small_gray,
    tile_difference,
    words_read,
    words_written,
)


def test_both_sides_cut_words_alike() -> None:
    """What pdfium does to hyphens, ligatures and line ends is done to both sides."""
    written = "Độc lập -\nTự do ﬁ 😀 m²"
    read = "Độc lập\ufffeTự do fi  m² \r\n"

    assert words_written(written) == words_read(read) == ("Độc", "lập", "Tự", "do", "fi", "m²")


def test_tones_spaces_and_digits_count() -> None:
    """Only white space folds; nothing else does."""
    assert words_written("Giấy phép") != words_written("Giấy phếp")
    assert words_written("xây dựng") != words_written("xâydựng")
    assert words_written("m²") != words_written("m2")
    assert words_written("a") != words_written("a a")


def test_right_to_left_text_is_compared_without_its_order() -> None:
    """Its order in a PDF is that of its look."""
    assert words_written("שלום (12)") == words_read("(12) םולש")


def test_a_look_comes_in_the_size_of_a_rendering(draw: Callable[..., ArchivePage]) -> None:
    """White is about 1, and a pixel more or less does not change the picture."""
    content = draw(["Ủy ban nhân dân"]).content
    assert isinstance(content, EncodedPage)
    look = look_of(content, 340, 480)

    assert look.shape == (480, 340)
    assert look[400:].mean() > 0.99
    assert look.min() < 0.7
    assert tile_difference(look, look_of(content, 341, 481)[:480, :340]) < 0.05


def test_pictures_differ_by_places_not_by_noise() -> None:
    """Noise and half a pixel do not count; a missing line of text does."""
    page = np.ones((480, 340), dtype=np.float32)
    page[100:106, 40:300:2] = 0.2
    noise = np.random.default_rng(1).normal(0, 0.05, page.shape).astype(np.float32)
    shifted = (page + np.roll(page, 1, axis=0)) / 2
    blank = np.ones_like(page)

    assert same_picture(page, page + noise)
    assert same_picture(page, shifted)
    assert not same_picture(page, blank)
    assert not same_picture(page, page[:-1])
    assert tile_difference(page, page) == 0


def test_reducing_keeps_the_mean() -> None:
    """A quarter of black pixels is a gray of three quarters."""
    image = Image.new("1", (8, 8), 1)
    for x in range(0, 8, 2):
        for y in range(0, 8, 2):
            image.putpixel((x, y), 0)

    assert small_gray(image, 4, 4) == pytest.approx(np.full((4, 4), 0.75), abs=0.01)


@pytest.mark.parametrize(
    ("written", "read", "same"),
    [
        ("SỐ ) LƯỢNG", "SỐ )LƯỢNG", True),
        (") LƯỢNG SỐ", "SỐ )LƯỢNG", True),
        ("xây dựng", "xâydựng", True),
        ("12/GP", "21/GP", False),
        ("xâydựng", "xây dựng", False),
        ("một hai", "một", False),
        ("một", "một hai", False),
    ],
)
def test_only_a_gap_may_be_missing(written: str, read: str, same: bool) -> None:
    """Words run together by a reader are forgiven, a letter lost or moved is not."""
    assert same_but_gaps(written.split(), read.split()) is same
