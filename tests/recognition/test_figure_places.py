"""Where the head of a page leaves room for a pen, and what stands there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Line, Word
from pipeline.recognition.figure_places import crop_of, figure_places, read_head_figures

WIDTH, HEIGHT, DPI = 1654, 2339, 200.0
SIDES = st.integers(-50, 80)


def _line(*words: tuple[str, int, int], foot: int = 300) -> Line:
    made = tuple(
        Word(text, Box(left, foot - 25, right, foot), 0.9, "made") for text, left, right in words
    )
    return Line(made, (float(foot), float(foot)))


NUMBER = _line(("Số:", 300, 345), ("J3£", 360, 430), ("/QĐ-SYT", 450, 600))
DATE = _line(
    ("Kiên", 800, 860), ("Giang,", 870, 960), ("ngày]", 970, 1060), ("tháng", 1110, 1190),
    ("12", 1200, 1235), ("năm", 1245, 1310), ("2017", 1320, 1390), foot=302,
)  # fmt: skip


def test_number_and_date_are_found() -> None:
    """A number that nobody could read is found by what is printed around it."""
    number, date = figure_places((NUMBER, DATE), WIDTH, HEIGHT, DPI)

    assert (number.kind, date.kind) == ("number", "date")
    assert number.box.left < 300 and 450 < number.box.right < 700
    assert number.box.top < 275 and 300 < number.box.bottom < 330
    assert 950 < date.box.left < 970 and date.box.right == 1310


def test_a_line_torn_by_a_gap_is_one_row() -> None:
    """`Số:` and `/TB-UBND` come apart where a gap was left for a pen."""
    torn = _line(("Số:", 300, 345)), _line(("/TB-UBND", 520, 700), foot=303)

    assert [place.kind for place in figure_places(torn, WIDTH, HEIGHT, DPI)] == ["number"]


@pytest.mark.parametrize(
    "line",
    [
        _line(("Sở", 300, 340), ("Y", 350, 370), ("tế", 380, 410)),
        _line(("Số", 300, 340), ("lượng", 350, 420)),
        _line(("tháng", 1110, 1190), ("12", 1200, 1235), ("năm", 1245, 1310)),
        _line(("ngày", 200, 260), ("12", 270, 300), ("tháng", 310, 380), ("năm", 410, 460)),
        _line(("Số:", 300, 345), ("12/QĐ-SYT", 450, 600), foot=1900),
    ],
)  # fmt: skip
def test_other_lines_leave_no_room(line) -> None:
    """Agencies, dates of the text and lines below the head are no such places."""
    assert figure_places((line,), WIDTH, HEIGHT, DPI) == ()


def test_the_date_is_that_beside_the_number() -> None:
    """A stamp of arrival above has a date of its own."""
    stamp = Line(tuple(DATE.words), (100.0, 100.0))
    moved = tuple(
        Word(w.text, Box(w.box.left, w.box.top - 200, w.box.right, w.box.bottom - 200), 0.9, "made")
        for w in stamp.words
    )
    places = figure_places((Line(moved, (102.0, 102.0)), NUMBER, DATE), WIDTH, HEIGHT, DPI)

    assert [place.kind for place in places] == ["number", "date"]
    assert places[1].box.top > 200


def test_figures_of_a_drawn_page_are_read(draw) -> None:
    """What stands where the lines say is read, or refused; nothing else is given."""
    page = draw([("Số: 487/SYT-NVY", 60, 80), ("ngày 26 tháng 03 năm", 700, 80)], dpi=DPI,
                size_mm=(180, 60))  # fmt: skip
    ink = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    lines = (
        _line(("Số:", 60, 105), ("?", 120, 170), ("/SYT-NVY", 180, 330), foot=110),
        _line(
            ("ngày", 700, 765), ("?", 780, 800), ("tháng", 825, 905), ("năm", 970, 1035), foot=110
        ),
    )
    tall = np.vstack([ink, np.full((400, ink.shape[1]), 255, np.uint8)])
    found = {one.kind: one.text for one in read_head_figures(tall, lines, DPI)}

    assert found["number"] == "487"
    assert found.items() <= {"number": "487", "day": "26", "month": "03"}.items()


@given(SIDES, SIDES, st.integers(0, 60), st.integers(0, 60))
def test_a_crop_has_the_size_of_its_box(left, top, width, height) -> None:
    """What lies beyond the page is white paper."""
    ink = np.zeros((40, 50), np.uint8)
    crop = crop_of(ink, Box(left, top, left + width, top + height))

    assert crop.shape == (height, width)
    assert (crop == 0).sum() <= ink.size
