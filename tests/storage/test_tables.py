"""Rows hold what a record says, in a form that sorts and compares the same everywhere."""

import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.storage.tables import row_of, search_key, utc


@given(st.datetimes(timezones=st.timezones()), st.datetimes(timezones=st.timezones()))
def test_times_sort_as_letters(one, two):
    """Records from machines in two time zones stand in the order of their storing."""
    first, second = utc(one.isoformat()), utc(two.isoformat())

    if first is not None and second is not None:  # year 1 has no earlier time zone
        assert (first < second) == (datetime.fromisoformat(first) < datetime.fromisoformat(second))
        assert len(first) == 32


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+07:00", None, "", "yesterday", 5, "2026-13-01T00:00:00"]
)
def test_what_is_no_time_is_none(moment):
    """A record from elsewhere does not break the list."""
    assert utc(moment) is None


@given(st.text(max_size=40))
def test_codes_compare_without_form_case_and_space(code):
    """H09-1, h09-1 and a decomposed spelling are one code."""
    assert search_key(unicodedata.normalize("NFD", code)) == search_key(code)
    assert search_key(f" {code}\n") == search_key(code)


def test_dossiers_that_differ_in_a_tone_differ():
    """Folding letters is for texts; a code is exact."""
    assert search_key("HỒ SƠ") != search_key("HO SO")
    assert search_key("Hồ sơ") == search_key("HỒ SƠ")


def test_unknown_parts_of_a_record_are_passed_over():
    """Later versions of the record add parts; the row takes what it knows."""
    row = row_of({"record_id": "A" * 26, "version": 1, "novelty": {"x": 1}}, generation=3)

    assert row["generation"] == 3
    assert "novelty" not in row
