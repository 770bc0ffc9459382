"""Reading a page with each profile."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.errors import ToolMissing
from pipeline.recognition import reading
from pipeline.recognition.reading import read_lines, reader


@pytest.mark.parametrize("profile", ["fast", "balanced", "tesseract"])
def test_a_drawn_page_is_read(draw, profile) -> None:
    """Marks, figures and codes; words lie on their letters, lines have a baseline."""
    texts = ("Số: 2847/QĐ-UBND ngày 17 tháng 9", "Phòng Nội vụ huyện")
    page = draw([(text, 60, 60 + 80 * n) for n, text in enumerate(texts)])
    gray = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    lines = read_lines(gray, page.dpi, reader(profile, "auto"))

    assert tuple(sorted(line.text for line in lines)) == tuple(sorted(texts))
    for line in lines:
        assert line.baseline is not None
        assert line.box.top < line.baseline[0] <= line.box.bottom + 1
        for word in line.words:
            box = word.box
            assert gray[box.top : box.bottom, box.left : box.right].min() < 128
            assert 0.5 < word.confidence <= 1


def test_hard_pages_are_bounded() -> None:
    """White paper, ten thousand specks, and a page of dotted lines give little and end."""
    how = reader("fast", "auto")
    white = np.full((1100, 800), 255, np.uint8)
    specks, dots = white.copy(), white.copy()
    places = np.random.default_rng(5)
    specks[places.integers(0, 1100, 10_000), places.integers(0, 800, 10_000)] = 0
    dots[60::40, 60:740:8] = 0
    dots[61::40, 60:740:8] = 0

    assert read_lines(white, 100, how) == ()
    for page in (specks, dots):
        for line in read_lines(page, 100, how):
            assert 0 <= line.box.left < line.box.right <= 800


def test_the_start_tells_what_is_missing(monkeypatch) -> None:
    """Without a network the profile that needs it is refused; another one reads on."""
    files = reading.models._FILES
    monkeypatch.setitem(files, "aster", ("no_such_package", "x"))
    reading.models._file.cache_clear()
    with pytest.raises(ToolMissing, match="no_such_package"):
        reader("balanced", "auto")
    assert reader("fast", "auto").language == ""
    monkeypatch.undo()
    reading.models._file.cache_clear()


def test_versions_tell_how_a_page_was_read() -> None:
    """Networks by their hash, or the program with its model."""
    assert "aster" in reader("balanced", "auto").versions
    assert "tesseract 5" in reader("tesseract", "auto").versions
