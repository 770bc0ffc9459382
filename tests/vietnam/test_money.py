"""Amounts of money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam.money import amount_in_words, find_money, parse_money


@given(st.integers(1_000, 10**15))
def test_an_amount_survives_figures_and_words(amount: int) -> None:
    """Thousands with points are read, and the words beside them agree."""
    figures = f"{amount:,}".replace(",", ".")
    (found,) = find_money(f"Lệ phí: {figures} đồng (bằng chữ: {amount_in_words(amount)}).")

    assert (found.amount, found.exact, found.agrees) == (amount, True, True)


@pytest.mark.parametrize(
    ("text", "amount", "exact"),
    [
        ("385,000.000 VND", 385_000_000, False),
        ("100 000đ", 100_000, False),
        ("1,5 tỷ đồng", 1_500_000_000, True),
        ("250 triệu đồng", 250_000_000, True),
        ("75.000 đồng", 75_000, True),
        ("1.234,50 đ", 1_234, False),
    ],
)
def test_printed_variants(text: str, amount: int, exact: bool) -> None:
    """Scales are multiplied; mended separators are marked."""
    (found,) = find_money(text)

    assert (found.amount, found.exact) == (amount, exact)


def test_figures_and_words_that_differ_are_told() -> None:
    """A misread digit shows against the words."""
    (found,) = find_money("76.000 đồng (bảy mươi lăm nghìn đồng)")

    assert found.in_words == 75_000
    assert found.agrees is False


@pytest.mark.parametrize("text", ["10 điều", "khoản 5 đ", "12 tháng", "phường 7 Đông"])
def test_other_numbers_are_no_money(text: str) -> None:
    """A letter of a clause or a number of anything else is no amount."""
    assert find_money(text) == []


def test_one_amount_or_none() -> None:
    """A whole cell may be bare figures; two different amounts are no single value."""
    assert parse_money("12.000.000") == 12_000_000
    assert parse_money("thu 5.000 đồng và 6.000 đồng") is None
    assert parse_money("chưa thu") is None
