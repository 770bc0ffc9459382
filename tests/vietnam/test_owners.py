"""Numbers of persons and firms."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.vietnam import owners
from pipeline.vietnam.places import Province, provinces

NINE = st.text(alphabet="0123456789", min_size=9, max_size=9)


def test_what_a_personal_id_says() -> None:
    """Place of registration, sex and year are in the first six digits."""
    parts = owners.read_cccd("074 190 001 234")

    assert parts is not None
    assert (parts.place, parts.sex, parts.birth_year) == ("Bình Dương", "female", 1990)
    assert owners.read_cccd("07419000123") is None


@given(
    st.sampled_from(provinces(date(2025, 1, 1))),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["male", "female"]),
    st.integers(0, 999_999),
)
def test_a_consistent_personal_id_passes(
    province: Province, born: date, sex: owners.Sex, serial: int
) -> None:
    """An ID built from place, sex and birth year agrees with them and with nothing else."""
    century = 2 * (born.year // 100 - 19) + (sex == "female")
    digits = f"0{province.code}{century}{born.year % 100:02}{serial:06}"

    assert owners.check_cccd(digits, birth_date=born, sex=sex).valid
    assert owners.check_cccd(digits, birth_year=born.year - 1).problems == ("birth-year",)
    other: owners.Sex = "male" if sex == "female" else "female"
    assert owners.check_cccd(digits, sex=other).problems == ("sex",)


def test_problems_of_a_personal_id_are_named() -> None:
    """Wrong length, unknown place, born after the paper."""
    assert owners.check_cccd("123").problems == ("length",)
    assert owners.check_cccd("003190001234").problems == ("place-unknown",)
    assert owners.check_cccd("074320001234", on=date(2018, 1, 1)).problems == ("in-future",)


@pytest.mark.parametrize(
    "number", ["0100233488", "0314409058-002", "0314409058002", "074190001234"]
)
def test_real_tax_codes_pass(number: str) -> None:
    """Ten digits, a branch, and a personal ID used as tax code."""
    assert owners.check_mst(number).valid


@given(NINE, st.integers(0, 9), st.integers(1, 9))
def test_any_one_digit_slip_in_a_tax_code_is_caught(nine: str, place: int, shift: int) -> None:
    """The weights are prime to 11, so a single wrong digit never passes."""
    check = owners.mst_check_digit(nine)
    assume(check is not None and nine[2:] != "0000000")
    number = nine + str(check)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert owners.check_mst(number).valid
    assert "check-digit" in owners.check_mst(wrong).problems


def test_problems_of_a_tax_code_are_named() -> None:
    """Wrong check digit, empty serial, branch 000, wrong length."""
    assert owners.check_mst("0100233480").problems == ("check-digit",)
    assert owners.check_mst("0314409058-000").problems == ("branch",)
    assert owners.check_mst("12345").problems == ("length",)
    assert "serial" in owners.check_mst("0100000000").problems
    with pytest.raises(ValueError, match="nine digits"):
        owners.mst_check_digit("12")


def test_other_numbers() -> None:
    """Old identity cards, passports, telephones."""
    assert owners.check_cmnd("281 234 567").valid
    assert owners.check_cmnd("28123456").problems == ("length",)
    assert owners.parse_passport("c 1234567") == "C1234567"
    assert owners.parse_passport("1234567") is None
    assert owners.parse_phone("+84 903 123 456") == "0903123456"
    assert owners.parse_phone("0274.3822825") is not None
    assert owners.parse_phone("12345") is None
