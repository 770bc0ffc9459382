"""The error rate that the benchmarks report."""

from hypothesis import given
from hypothesis import strategies as st

from bench.cer import infix_distance, order_free_errors, plain


def slow_infix_distance(pattern, text):
    row = [0] * (len(text) + 1)
    for i, char in enumerate(pattern, 1):
        above, row = row, [i]
        for j, other in enumerate(text, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char != other)))
    return min(row)


@given(st.text("abcd", max_size=12), st.text("abcd", max_size=30))
def test_fast_distance_equals_the_plain_one(pattern, text):
    """Myers' algorithm agrees with the table that everybody knows."""
    assert infix_distance(pattern, text) == slow_infix_distance(pattern, text)


def test_reading_order_does_not_count():
    """Columns read in another order cost nothing."""
    assert order_free_errors(["UBND TỈNH", "Số: 12"], "Số: 12\nUBND TỈNH")[0] == 0


def test_lost_line_counts_whole():
    """A line that is nowhere costs its characters."""
    assert order_free_errors(["abc", "xyz"], "abc") == (3, 6)


def test_leaders_and_dashes_are_folded():
    """Dotted leaders and kinds of dashes are no errors."""
    assert plain("Họ tên………… Nguyễn – Văn") == plain("Họ tên Nguyễn - Văn")
