"""Figures of a line: read, or refused; never made up."""

from __future__ import annotations

import hashlib
import re

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.recognition import digits, models
from pipeline.recognition.digits import (
    BEFORE_SLASH,
    DAY_AND_MONTH,
    FIGURES,
    NUMERIC_DATE,
    REFUSED,
    read_digits,
    read_groups,
    read_line,
)


@pytest.fixture
def set_line(draw):
    """Set a line of print, as it is cut out of an ink copy."""

    def made(text: str):  # type: ignore[no-untyped-def]
        page = draw([(text, 8, 6)], dpi=200.0, size_mm=(90, 8))
        gray = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
        inked = np.flatnonzero(gray.min(0) < 128)
        return gray[:, : inked[-1] + 8]

    return made


@pytest.mark.parametrize("figures", ["487", "05", "2193", "160", "31", "68947"])
def test_printed_figures_are_read(set_line, figures) -> None:
    """Print is read, and with confidence."""
    reading = read_digits(set_line(figures))

    assert reading.text == figures
    assert 0.5 < reading.confidence <= 1.0


def test_the_number_stands_between_label_and_slash(set_line) -> None:
    """The reader finds the figures itself: nothing has to be cut away."""
    line = set_line("Số: 359/KH-SYT")

    assert read_digits(line, BEFORE_SLASH).text == "359"
    assert read_digits(line, FIGURES) == REFUSED


def test_day_and_month_stand_between_words(set_line) -> None:
    """Both groups of a form are given, each with its own confidence."""
    day, month = read_groups(set_line("ngày 26 tháng 03 năm"), DAY_AND_MONTH)

    assert (day.text, month.text) == ("26", "03")


def test_a_date_in_figures_is_read(set_line) -> None:
    """Slashes are part of the alphabet where a form asks for them."""
    assert read_digits(set_line("26/03/2018"), NUMERIC_DATE).text == "26/03/2018"


@pytest.mark.parametrize("text", ["Kính gửi", "QUYẾT", "ngày tháng năm"])
def test_letters_are_refused(set_line, text) -> None:
    """A word is no number, however well it is printed."""
    assert read_digits(set_line(text)).refused
    assert read_digits(set_line(text), BEFORE_SLASH).refused


@pytest.mark.parametrize(
    "shape", [(0, 0), (0, 40), (40, 0), (1, 1), (1, 400), (40, 40), (3000, 20), (20, 3000)]
)
def test_empty_and_odd_crops_are_refused(shape) -> None:
    """White paper, strokes and nothing at all give no figures."""
    assert read_digits(np.full(shape, 255, np.uint8)) == REFUSED


def test_huge_crops_are_bounded(monkeypatch) -> None:
    """Whatever the crop, what the network sees is small."""
    seen = []
    monkeypatch.setattr(digits, "_scores", lambda lines: seen.extend(lines) or [])
    read_digits(np.zeros((4000, 12000), np.uint8))

    assert seen
    assert all(line.shape[0] == 40 and line.shape[1] < 1100 for line in seen)


def test_colour_is_no_line() -> None:
    """Only gray ink copies are read."""
    assert read_digits(np.zeros((40, 80, 3), np.uint8)) == REFUSED


def test_reading_is_deterministic(set_line) -> None:
    """The same line gives the same figures and the same confidence."""
    line = set_line("Số: 2107/SYT-NVY")

    assert read_digits(line, BEFORE_SLASH) == read_digits(line.copy(), BEFORE_SLASH)


@settings(max_examples=25, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(0, 60), st.integers(0, 120))))
def test_garbage_gives_only_the_alphabet(crop) -> None:
    """Any pixels give a string of the alphabet, and a reading between 0 and 1."""
    reading = read_digits(crop)

    assert re.fullmatch(r"[0-9]*", reading.text)
    assert 0.0 <= reading.confidence <= 1.0
    assert reading.refused == (reading.confidence == 0.0)
    assert re.fullmatch(r"[0-9/.?-]*", read_line(crop))


@pytest.mark.parametrize("seed", range(6))
def test_scribbles_are_refused(seed) -> None:
    """A loose curve is no number."""
    rng = np.random.default_rng(seed)
    crop = np.full((60, 260), 255, np.uint8)
    points = np.column_stack([np.linspace(10, 250, 40), rng.uniform(2, 58, 40)])
    cv2.polylines(crop, [points.astype(np.int32)], False, 0, 2)

    assert read_digits(crop).refused


def test_weights_are_small_and_those_that_were_described() -> None:
    """The note beside the weights tells how they were made, and of which bytes."""
    weights = models._file("digits")
    note = (weights.parent / "README.md").read_text(encoding="utf-8")

    assert weights.stat().st_size < 400_000
    assert hashlib.sha256(weights.read_bytes()).hexdigest() in note
