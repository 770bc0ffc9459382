"""Kinds of values made of figures: numbers of papers and persons, amounts, codes.

Each function takes a text and the options of its field and returns a `Reading`, or None when the
text cannot be read as that kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.extraction.readings import Reading
from pipeline.vietnam.identifiers import (
    find_ap_codes,
    find_document_numbers,
    find_dossier_codes,
    mend_symbol,
)
from pipeline.vietnam.letters import nfc, vietnamese_d
from pipeline.vietnam.money import find_money, parse_money
from pipeline.vietnam.owners import parse_phone

_OPEN_NUMBER = re.compile(r"^\W{0,3}s[^\W\d]?\w?\s*[:;.,]\s*", re.IGNORECASE)
_FIGURES = re.compile(r"\d[\d .\-]{6,20}\d|\d{8,14}")
_AMOUNT = re.compile(r"(?<!\d)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,3}))?(?!\d)")
_DECIMAL_SLIP = re.compile(r"[.;:/](\d{1,2})(?!\d)")  # 2.22 or 2;22 where 2,22 is meant
_SYMBOL_PART = r"[A-ZĐ][A-Za-zĐđ0-9&]{0,9}"
_JOINED_SYMBOL = re.compile(
    r"(TTr|CTr|NQ|QĐ|CT|TB|KH|BC|BB|CĐ|GM)(UBND|HĐND|S[A-ZĐ]{2,5}|B[A-ZĐ]{2,5})"
)
_SYMBOL_AT_END = re.compile(
    rf"[/⁄yJ]\s?[^A-ZĐ\s\d]?((?:{_SYMBOL_PART})(?:\s?[-–—]\s?{_SYMBOL_PART}){{1,3}})[\s\W]{{0,6}}$"
)
_CIVIL_NUMBER = re.compile(r"(?<![\d/])\d{1,5}(?:/(?:19|20)\d{2})?(?:[-/][A-ZĐ]{1,8})?(?![\d/])")


def read_document_number(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read number or symbol of `Số: 123/GP-UBND`; a symbol stands though its number cannot."""
    found = find_document_numbers(text)
    if not found:
        return _symbol_alone(text) if options.get("part") == "symbol" else None
    number = found[0]
    slash = text.find("/", number.span[0], number.span[1])
    if options.get("part") == "symbol":
        start = text.rfind("/", number.span[0], number.span[1]) + 1
        joined = _JOINED_SYMBOL.fullmatch(number.symbol)
        if joined is not None:  # a hyphen that the engine lost: TTrUBND
            value = f"{joined[1]}-{joined[2]}"
            return Reading(value, (start, number.span[1]), 1.0, ("mended",))
        return Reading(number.symbol, (start, number.span[1]))
    if number.number is None or slash < 0:
        return None
    # The figures must be the whole of what stands between the label and the slash: a part of
    # them (`2/13/TB-SYT`, `4 5/TB-SYT`) is a hand-written number of which the rest was lost.
    before = _OPEN_NUMBER.sub("", text[: number.span[0]])
    torn = bool(re.search(r"\w", before)) or text[slash - 1 : slash] == " "
    problems = ("torn",) if torn else () if number.exact else ("mended",)
    value = f"{number.number}/{number.year}" if number.year else number.number
    return Reading(value, (number.span[0], slash), 1.0, problems)


def _symbol_alone(text: str) -> Reading | None:
    """Read the printed symbol behind a number that a pen wrote and nothing could read."""
    match = _SYMBOL_AT_END.search(vietnamese_d(nfc(text)))
    if match is None:
        return None
    return Reading(mend_symbol(match[1]), match.span(1), 0.95)


def read_civil_number(text: str, options: Mapping[str, Any]) -> Reading | None:
    match = _CIVIL_NUMBER.search(text)
    if match is None:
        return None
    problems = () if "/" in match[0] else ("year-missing",)
    return Reading(match[0], match.span(), 1.0, problems)


def read_id(check: Callable[[str], Any]) -> Callable[[str, Mapping[str, Any]], Reading | None]:
    def read(text: str, options: Mapping[str, Any]) -> Reading | None:
        for match in _FIGURES.finditer(text):
            found = check(match[0])
            if "length" not in found.problems:
                return Reading(found.value, match.span(), 1.0, tuple(found.problems))
        return None

    return read


def read_phone(text: str, options: Mapping[str, Any]) -> Reading | None:
    for match in re.finditer(r"[+\d][\d .()\-]{7,16}\d", text):
        digits = parse_phone(match[0])
        if digits is not None:
            return Reading(digits, match.span())
    return None


def read_money(text: str, options: Mapping[str, Any]) -> Reading | None:
    found = find_money(text)
    if found:
        first = found[0]
        doubts = {"mended": not first.exact, "money-words": first.agrees is False}
        problems = tuple(code for code, holds in doubts.items() if holds)
        return Reading(first.amount, first.span, 1.0, problems)
    amount = parse_money(text)
    return None if amount is None else Reading(amount, (0, len(text)), 0.9)


def read_quantity(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read a measured number: a point parts thousands, a comma decimals."""
    match = _AMOUNT.search(text)
    if match is None:
        return None
    whole, decimals = match[1].replace(".", ""), match[2]
    value: int | float = float(f"{whole}.{decimals}") if decimals else int(whole)
    slip = _DECIMAL_SLIP.match(text, match.end())
    if slip is None or decimals:
        return Reading(value, match.span(), 0.5 if slip else 1.0)
    return Reading(float(f"{whole}.{slip[1]}"), (match.start(), slip.end()), 1.0, ("mended",))


def read_dossier_code(text: str, options: Mapping[str, Any]) -> Reading | None:
    for code in find_dossier_codes(text):
        start = nfc(text).find(code.printed)
        problems = () if code.exact and code.received else ("mended",)
        return Reading(code.code, (start, start + len(code.printed)), 1.0, problems)
    return None


def read_ap_code(text: str, options: Mapping[str, Any]) -> Reading | None:
    for code in find_ap_codes(text):
        parts = [code.code, *(part for part in (code.agency, code.case) if part)]
        value = ".".join(parts)
        start = max(0, text.find(value))
        return Reading(value, (start, start + len(value)))
    return None
