"""What the text of a code says."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognition.payload import MAX_VALUE, parse_payload

CODE = "000.00.04.H09-231016-0001"
EXPECTED = {"dossier_code": CODE, "ap_code": "1.004203", "owner_id": "074190001234"}


@pytest.mark.parametrize(
    "text",
    [
        f"{CODE}|1.004203|074190001234|Giấy phép xây dựng",
        f"Mã hồ sơ: {CODE}; Mã TTHC: 1.004203; CCCD: 074190001234",
        f"ma_ho_so={CODE}\nmatthc=1.004203\nSố định danh = 074190001234",
        json.dumps(
            {"MaHoSo": CODE, "ct": [{"MaTTHC": "1.004203"}, {"SoDinhDanh": "074190001234"}]}
        ),
    ],
)
def test_every_form_states_the_same(text: str) -> None:
    """Bars, labels, lines and JSON."""
    assert parse_payload(text) == EXPECTED


def test_a_link_is_kept_and_its_query_read() -> None:
    """The label of a query counts before the shape of a path."""
    url = f"https://dichvucong.example.vn/tra-cuu/H55.242-240101-0012?mahoso={CODE}&x=1"

    assert parse_payload(url) == {"url": url, "dossier_code": CODE}


def test_the_card_of_a_citizen() -> None:
    """Seven parts in a fixed order, dates as ISO 8601."""
    card = "087079012365|281234567|Huỳnh Phước Lộc|05031979|Nam|118/9 hẻm 42|11082021"

    assert parse_payload(card) == {
        "owner_id": "087079012365",
        "owner_old_id": "281234567",
        "owner_name": "Huỳnh Phước Lộc",
        "birth_date": "1979-03-05",
        "sex": "Nam",
        "address": "118/9 hẻm 42",
        "id_issued": "2021-08-11",
    }


@pytest.mark.parametrize(
    "text", ["", "xin chào", "Mã hồ sơ: 12", "123456789012", "{", "[[[[[[1]]]]]]"]
)
def test_unknown_text_states_nothing(text: str) -> None:
    """A label with a value of the wrong shape counts as nothing, so does a bare number."""
    assert parse_payload(text) == {}


@given(st.text(max_size=300) | st.text(alphabet="{}[]|;:=/?&\"'0123456789.HKQ-", max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """Untrusted text gives bounded values without control characters, never an error."""
    for value in parse_payload(text).values():
        assert 0 < len(value) <= MAX_VALUE
        assert value.isprintable() or "\u00a0" in value or not value.isascii()


def test_hostile_sizes() -> None:
    """Deep JSON and endless parts are cut short."""
    assert parse_payload("[" * 5_000) == {}
    assert parse_payload(f"{'x|' * 10_000}{CODE}") == {}
    assert len(parse_payload(f"Họ tên: {'A' * 5_000}")["owner_name"]) == MAX_VALUE
