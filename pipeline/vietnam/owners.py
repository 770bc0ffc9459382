"""Numbers of persons and firms: CCCD, CMND, MST, passport, telephone; parsed and checked.

A check returns problems as short codes for `Issue.detail`; none means that nothing speaks against
the number, not that it exists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.vietnam.letters import nfc
from pipeline.vietnam.places import cccd_place

_MST_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # python-stdnum, stdnum.vn.mst
_PHONE = re.compile(r"(?:\+?84|0)(?:3[2-9]|5[25689]|7[06-9]|8[1-9]|9\d)\d{7}|(?:\+?84|0)2\d{9}")
_SEPARATORS = re.compile(r"[\s.\-]")

Sex = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class Check:
    """A number with what speaks against it."""

    value: str  # digits (and the hyphen of a branch), no spaces
    problems: tuple[str, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Cccd:
    """What a personal ID number (12 digits) says of its holder (Nghị định 137/2015 Art. 13)."""

    digits: str
    place_code: str  # where the birth was registered, not where the holder lives
    place: str | None  # None: a country code or unknown
    sex: Sex
    birth_year: int


def read_cccd(text: str) -> Cccd | None:
    """Return the parts of a personal ID number, or None when it has not 12 digits."""
    digits = _digits(text)
    if not re.fullmatch(r"\d{12}", digits):
        return None
    century = int(digits[3])
    return Cccd(
        digits,
        place_code=digits[:3],
        place=cccd_place(digits[:3]),
        sex="female" if century % 2 else "male",
        birth_year=1900 + 100 * (century // 2) + int(digits[4:6]),
    )


def check_cccd(
    text: str,
    *,
    birth_date: date | None = None,
    birth_year: int | None = None,
    sex: Sex | None = None,
    on: date | None = None,
) -> Check:
    """Check a personal ID number against itself and what else is printed.

    It has no check digit, so the last six digits are unprotected. Problems: `length`,
    `place-unknown` (also births abroad: a warning), `birth-year`, `sex`, `in-future` (born after
    the day `on` of the paper).
    """
    parts = read_cccd(text)
    if parts is None:
        return Check(_digits(text), ("length",))
    printed_year = birth_date.year if birth_date else birth_year
    problems = []
    if parts.place is None:
        problems.append("place-unknown")
    if printed_year is not None and printed_year != parts.birth_year:
        problems.append("birth-year")
    if sex is not None and sex != parts.sex:
        problems.append("sex")
    if on is not None and parts.birth_year > on.year:
        problems.append("in-future")
    return Check(parts.digits, tuple(problems))


def check_mst(text: str) -> Check:
    """Check a tax code: 10 digits, 10-3 for a branch, or a 12-digit personal ID.

    Problems: `length`, `check-digit`, `serial` (digits 3 to 9 all zero), `branch` (000), and those
    of `check_cccd`.
    """
    digits = _digits(text)
    if len(digits) == 12 and digits.isdecimal():
        return check_cccd(digits)
    if not re.fullmatch(r"\d{10}(\d{3})?", digits):
        return Check(digits, ("length",))
    problems = []
    if mst_check_digit(digits[:9]) != digits[9]:
        problems.append("check-digit")
    if digits[2:9] == "0000000":
        problems.append("serial")
    if digits[10:] == "000":
        problems.append("branch")
    value = digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"
    return Check(value, tuple(problems))


def mst_check_digit(nine: str) -> str | None:
    """Return the tenth digit of a tax code, or None when no such number can exist.

    Raises ValueError unless `nine` is nine decimal digits.
    """
    if not re.fullmatch(r"[0-9]{9}", nine):
        raise ValueError("a tax code starts with nine digits")
    total = sum(weight * int(digit) for weight, digit in zip(_MST_WEIGHTS, nine, strict=True))
    check = 10 - total % 11
    return None if check == 10 else str(check)


def check_cmnd(text: str) -> Check:
    """Check an old identity card number: nine digits (or twelve). Problems: `length`."""
    digits = _digits(text)
    if len(digits) == 12 and digits.isdecimal():
        return check_cccd(digits)
    return Check(digits, () if re.fullmatch(r"[0-9]{9}", digits) else ("length",))


def parse_passport(text: str) -> str | None:
    """Return the Vietnamese passport number (`C1234567`) that the text consists of, or None."""
    match = re.fullmatch(r"[A-Z]\s?[0-9]{7}", nfc(text).strip().upper())
    return re.sub(r"\s", "", match[0]) if match else None


def parse_phone(text: str) -> str | None:
    """Return a telephone number as digits from 0 (`0903123456`), or None."""
    digits = re.sub(r"[\s.()\-]", "", nfc(text))
    if not _PHONE.fullmatch(digits):
        return None
    return re.sub(r"^\+?84", "0", digits)


def _digits(text: str) -> str:
    return _SEPARATORS.sub("", nfc(text).strip())
