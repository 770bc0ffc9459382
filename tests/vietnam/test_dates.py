"""Dates in figures and words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam.dates import date_as_printed, date_in_words, find_dates, parse_date
from pipeline.vietnam.letters import fold

DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(DATES)
def test_a_date_survives_every_printed_form(value: date) -> None:
    """Head of a letter, figures and words all read back, with or without marks."""
    forms = [
        date_as_printed(value),
        f"{value.day:02}/{value.month:02}/{value.year}",
        f"{value.day}.{value.month}.{value.year}",
        date_in_words(value),
    ]
    for form in forms:
        assert [found.value for found in parse_date(form)] == [value]
        assert [found.value for found in parse_date(fold(form))] == [value]


@given(DATES, st.text(max_size=20))
def test_the_span_is_where_the_date_stands(value: date, before: str) -> None:
    """The span cuts exactly the date out of the text, whatever stands before it."""
    text = f"abc, {date_as_printed(value)}; x"
    (found,) = parse_date(text)

    assert text[slice(*found.span)] == date_as_printed(value)
    parse_date(before + text)  # and no text makes it fail


@pytest.mark.parametrize(
    ("text", "value", "exact"),
    [
        ("Kiên Giang, ngày l9 tháng 0l nãm 20l8", date(2018, 1, 19), False),
        ("ngày 12 tháng 12 năm 20 17", date(2017, 12, 12), False),
        ("ngày 5 tháng 1 năm 201 8.", date(2018, 1, 5), False),
        ("ngày 02 tháng 0] năm 2018", date(2018, 1, 2), False),
        ("ngày 13 tháng ó năm 202ó", date(2026, 6, 13), False),
        ("ngày16tháng10năm2023", date(2023, 10, 16), True),
        ("Ngày … 05 … tháng … 3 … năm … 2020 …", date(2020, 3, 5), True),
    ],
)
def test_slips_of_a_scan_are_read_and_marked(text: str, value: date, exact: bool) -> None:
    """Letters for digits and torn years are read; `exact` tells when something was mended."""
    (found,) = find_dates(text)

    assert (found.value, found.exact) == (value, exact)


def test_a_day_left_for_a_pen_is_missing_not_wrong() -> None:
    """`ngày … tháng 5 năm 2017` gives month and year, and no date."""
    (found,) = find_dates("Kiên Giang, ngày .... tháng 5 năm 2017")

    assert (found.day, found.month, found.year, found.value) == (None, 5, 2017, None)
    assert parse_date("ngày .... tháng 5 năm 2017") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Kiên Giang, ngày ày Jb tháng A0 năm 2017", (None, None, 2017)),
        ("Quảng Ngãi, ngày4Dtháng 0] năm 2025", (None, 1, 2025)),
        ("ngày?) tháng 10 năm 2017.", (None, 10, 2017)),
        ("ngày 5 tháng 12 năm 3017", (5, 12, 3017)),
    ],
)
def test_a_misread_hand_gives_the_rest_and_no_date(
    text: str, parts: tuple[int | None, int | None, int]
) -> None:
    """What a pen wrote and no one can read is missing, never guessed."""
    (found,) = find_dates(text)

    assert (found.day, found.month, found.year) == parts
    assert found.value is None


def test_an_empty_date_line_is_nothing() -> None:
    """A form with leaders only states no date."""
    assert find_dates("ngày ..... tháng ..... năm .........") == []


@pytest.mark.parametrize(
    "text", ["ngày 31 tháng 02 năm 2020", "32/1/2020", "1/13/2020", "1/1/1820"]
)
def test_impossible_days_are_no_dates(text: str) -> None:
    """They stay visible as parts, without a value."""
    assert parse_date(text) == []
    assert [found.value for found in find_dates(text)] == [None]


@pytest.mark.parametrize("text", ["118/9 hẻm 42", "123/2024/QĐ", "0262.3951.680", "1.2.3.2020"])
def test_other_figures_are_no_dates(text: str) -> None:
    """House numbers, document numbers and telephones do not look like dates."""
    assert find_dates(text) == []
