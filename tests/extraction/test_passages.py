"""Words taken together, cut and cleaned."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.passages import Passage, in_rows, join, pieces, trim

TEXTS = st.lists(
    st.text(
        st.characters(exclude_categories=("Zs", "Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=6
    ),
    min_size=1,
    max_size=6,
).map(" ".join)


def passage_of(make_line, text, **options):
    return Passage(1, make_line(text, **options).words)


def test_part_takes_whole_words(make_line):
    """A value's box holds the words that say it."""
    passage = passage_of(make_line, "Số: 123/GP-UBND ngày")

    assert passage.part(4, 7).text == "123/GP-UBND"
    assert passage.part(4, 4) is None


def test_trim_drops_rules_and_leaders(make_line):
    """Rules, leaders and specks at the edges are no words; a dash inside is."""
    passage = passage_of(make_line, "| —— Độc lập - Tự do …… ˆ")

    assert trim(passage).text == "Độc lập - Tự do"
    assert trim(passage_of(make_line, "------ ^ ……")) is None
    assert trim(None) is None


def test_a_dash_that_goes_on_below_stays(make_line):
    """`2024 -` at the end of a line is half of `2024 - 2026`."""
    assert trim(passage_of(make_line, "giai đoạn 2024 -")).text == "giai đoạn 2024 -"


def test_wide_gaps_part_a_line(make_line):
    """Two columns read as one line come apart."""
    left, right = make_line("SỞ Y TẾ", 0.2).words, make_line("Độc lập", 0.6).words
    line = type(make_line("x"))((*left, *right))

    assert [piece.text for piece in pieces(1, line, 60.0)] == ["SỞ Y TẾ", "Độc lập"]


def test_pieces_side_by_side_are_a_row(make_line):
    """A label and its value across a gap are one row, the line below another."""
    passages = [
        passage_of(make_line, "1990", x=0.5, y=0.2),
        passage_of(make_line, "Năm sinh:", x=0.1, y=0.2),
        passage_of(make_line, "Dân tộc:", x=0.1, y=0.23),
    ]

    rows = [[one.text for one in row] for row in in_rows(passages)]
    assert rows == [["Năm sinh:", "1990"], ["Dân tộc:"]]


@given(TEXTS, st.integers(0, 40))
def test_head_and_tail_make_the_whole(make_line, text, place):
    """Cutting a passage loses no letter but the space at the cut."""
    passage = passage_of(make_line, text)
    parts = [part.text for part in (passage.head(place), passage.tail(place)) if part is not None]

    assert "".join(parts).replace(" ", "") == passage.text.replace(" ", "")


@given(TEXTS)
def test_trim_is_idempotent(make_line, text):
    """What is clean stays as it is."""
    once = trim(passage_of(make_line, text))

    assert once is None or trim(once) is not None
    assert once is None or join([once]).text == once.text
