"""Print that the engine's layout left out."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.recognition import ocr
from pipeline.recognition.missed import missed_strips


def _gray(page):  # type: ignore[no-untyped-def]
    return cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)


def test_what_was_read_is_not_missed(draw) -> None:
    """A page whose words cover its ink needs no second reading."""
    page = draw([("Quyết định phê duyệt kế hoạch", 60, 60)])
    gray = _gray(page)
    lines = ocr.read_page(gray, page.dpi, language=ocr.available_language())

    assert missed_strips(gray, lines, page.dpi) is None


def test_missed_lines_are_read_where_they_stand(draw) -> None:
    """Strips are read below each other and put back in their places."""
    page = draw([("Quyết định phê duyệt", 60, 60), ("Phòng Nội vụ", 300, 160)])
    gray = _gray(page)
    strips = missed_strips(gray, (), page.dpi)

    assert strips is not None
    model = ocr.available_language()
    read = ocr.read_page(strips.page, page.dpi, language=model, psm=6)
    first, second = strips.in_place(read)
    assert (first.text, second.text) == ("Quyết định phê duyệt", "Phòng Nội vụ")
    assert abs(first.box.left - 60) < 6
    assert abs(second.box.left - 300) < 6
    assert 155 < second.box.top < second.box.bottom < 200
    assert second.baseline is not None
    assert second.box.top < second.baseline[0] <= second.box.bottom + 2


def test_remains_of_seals_are_left_out(line) -> None:
    """Lines of little confidence or of few letters are no text."""
    page = np.full((400, 600), 255, np.uint8)
    page[100:120, 100:300:3] = 0
    strips = missed_strips(page, (), 150)

    assert strips is not None
    unsure = [line("Lửi hai", 5, 5, confidence=0.4), line("ab", 5, 5)]
    assert strips.in_place(unsure) == ()
    assert len(strips.in_place([line("Lùi hai", 5, 5)])) == 1


def test_rules_seals_and_pictures_are_no_print() -> None:
    """Long thin rules, square blobs, black areas and white paper give no strip."""
    page = np.full((600, 800), 255, np.uint8)
    assert missed_strips(page, (), 150) is None
    page[50:52, 50:700] = 0
    cv2.circle(page, (400, 300), 60, 0, 4)
    page[450:480, 100:500] = 0

    assert missed_strips(page, (), 150) is None
