"""Cleaning of printed text before it is read."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.readings import clean, is_empty


def test_empty_is_told_from_unread():
    """Leaders alone are a form left empty."""
    assert is_empty("....................")
    assert is_empty(" …… : ")
    assert not is_empty("… 5 …")


@given(st.text(max_size=60))
def test_clean_is_idempotent(text):
    """Cleaning what is clean changes nothing."""
    assert clean(clean(text)) == clean(text)
