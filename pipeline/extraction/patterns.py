"""What a kind of value looks like: printed text in, a normalised value out.

Each kind is a function from the text of a passage to a `Reading`, or None when the text cannot be
read as that kind. Kinds are the vocabulary of `x-sohoa-kind` in schemas/; what is true of Viet Nam
(dates, identifiers, money, agencies) is in `pipeline.vietnam`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.vietnam.agencies import mend_wording, split_agencies
from pipeline.vietnam.dates import find_dates
from pipeline.vietnam.identifiers import (
    check_cccd,
    check_cmnd,
    check_mst,
    find_ap_codes,
    find_document_numbers,
    find_dossier_codes,
    mend_symbol,
)
from pipeline.vietnam.letters import fold, is_syllable, nfc, vietnamese_d
from pipeline.vietnam.money import find_money, parse_money
from pipeline.vietnam.names import mend_family_name, without_rank
from pipeline.vietnam.owners import parse_phone
from pipeline.vietnam.places import find_province

_LEADERS = re.compile(r"[.…·_]{3,}|(?:\s[.…·_]){2,}")
LISTED = 0.96  # a value that is one of a closed list, alike but for marks
_TORN_WORD = re.compile(r"(?<=\w)-\n(?=\w)")  # 287/STC-⏎HCSN is one symbol
_OPEN_NUMBER = re.compile(r"^\W{0,3}s[^\W\d]?\w?\s*[:;.,]\s*", re.IGNORECASE)
_PLACE_BEFORE_DATE = re.compile(r"^(.{2,60}?)\s*[,.;]?\s*\bng[aà]y(?![^\W\d])", re.IGNORECASE)
_ABOUT = re.compile(r"^[VY](?:[/⁄|][vxyscVXYA]?|[AIXJ4])[.:]?\s+(?=\S)")
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


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with the place in the text that says it."""

    value: Any
    span: tuple[int, int]
    strength: float = 1.0  # 0–1, how well the text fits the kind
    problems: tuple[str, ...] = ()  # what had to be mended or speaks against it
    sure: float = 0.0  # 0–1, certainty that does not rest on the engine: a closed list


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of value is read, and how its words are judged."""

    read: Callable[[str, Mapping[str, Any]], Reading | None]
    figures: bool = False  # mostly figures: one misread figure is a wrong value
    optional: bool = False  # text that is not of this kind is no sign of an unreadable value


def clean(text: str) -> str:
    """Return NFC text on one line, with single spaces and without leaders."""
    whole = _TORN_WORD.sub("-", nfc(text))
    return " ".join(_LEADERS.sub(" ", whole).split())


def is_empty(text: str) -> bool:
    """Return whether nothing was filled in: only leaders, rules and marks."""
    return not re.search(r"[^\W_ʰ-˿]", _LEADERS.sub(" ", text))


def _text(text: str, options: Mapping[str, Any]) -> Reading | None:
    if is_empty(text):
        return None
    value = clean(text).strip(" :;,_|-–")
    return Reading(value, (0, len(text))) if value else None


def _subject(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read an abstract; its opening `V/v`, which engines garble (`VA`, `V/x`), is respelt."""
    found = _text(text, options)
    if found is None:
        return None
    value = _ABOUT.sub("V/v ", str(found.value).lstrip("“\"'`.:;,- "))
    return Reading(value, found.span, found.strength)


def _name(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read a person's name: two to seven syllables, each with a capital."""
    value = without_rank(clean(text).strip(" .:;,-_|'\""))
    words = value.split()
    if not 2 <= len(words) <= 7 or re.search(r"\d", value):
        return None
    capital = all(word[:1].isupper() for word in words)
    spelt = sum(is_syllable(word) for word in words) / len(words)
    mended = mend_family_name(value)
    problems = () if mended == value else ("mended",)
    strength = (1.0 if capital else 0.6) * (0.5 + 0.5 * spelt)
    return Reading(mended, (0, len(text)), strength, problems)


def _date(text: str, options: Mapping[str, Any]) -> Reading | None:
    found = [parts for parts in find_dates(text) if parts.value is not None]
    if not found:
        return None
    parts = found[0]
    assert parts.value is not None  # noqa: S101 - filtered above, for the type checker
    problems = () if parts.exact else ("mended",)
    return Reading(parts.value.isoformat(), parts.span, 1.0, problems)


def _place(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read the place before a date, or a whole text; a province misses no marks."""
    dated = _PLACE_BEFORE_DATE.search(nfc(text))
    start, end = dated.span(1) if dated else (0, len(text))
    if options.get("part") == "before-date" and not dated:
        return None
    printed = clean(text[start:end]).strip(" .:;,-_'\"|")
    if not printed or (re.search(r"\d", printed) and options.get("part") == "before-date"):
        return None
    province = find_province(printed)
    if province is not None and fold(province.name) == fold(printed):
        return Reading(province.name, (start, end), sure=LISTED)
    words = printed.split()
    spelt = sum(is_syllable(word.strip(",.")) for word in words) / len(words)
    return Reading(printed, (start, end), 0.6 + 0.35 * spelt)


def _document_number(text: str, options: Mapping[str, Any]) -> Reading | None:
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


def _civil_number(text: str, options: Mapping[str, Any]) -> Reading | None:
    match = _CIVIL_NUMBER.search(text)
    if match is None:
        return None
    problems = () if "/" in match[0] else ("year-missing",)
    return Reading(match[0], match.span(), 1.0, problems)


def _agency(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read the agency of a head (part `name`) or the one above it (part `parent`).

    Lines come apart by line feeds.
    """
    agencies = split_agencies(_agency_line(line) for line in text.split("\n"))
    if not agencies:
        return None
    if options.get("part") == "parent":
        printed = " ".join(agencies[:-1])
        span = (0, max(0, len(text) - len(agencies[-1]) - 1))
    else:
        printed, span = agencies[-1], (max(0, len(text) - len(agencies[-1])), len(text))
    if not printed:
        return None
    value, known = mend_wording(printed)
    return Reading(value, span, sure=LISTED if known == 1.0 else 0.0)


def _position(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read power and office of a signer: `KT. CHỦ TỊCH` over `PHÓ CHỦ TỊCH`."""
    lines = [mend_wording(_agency_line(line)) for line in text.split("\n")]
    known = [line for line, share in lines if share >= 0.5]
    if not known:
        return None
    whole = all(share == 1.0 for _, share in lines)
    return Reading(" ".join(known), (0, len(text)), 1.0 if whole else 0.7, sure=LISTED * whole)


def _agency_line(line: str) -> str:
    return re.sub(r"^[^\w(]+|[^\w)]+$", "", clean(line))


def _id(check: Callable[[str], Any]) -> Callable[[str, Mapping[str, Any]], Reading | None]:
    def read(text: str, options: Mapping[str, Any]) -> Reading | None:
        for match in _FIGURES.finditer(text):
            found = check(match[0])
            if "length" not in found.problems:
                return Reading(found.value, match.span(), 1.0, tuple(found.problems))
        return None

    return read


def _phone(text: str, options: Mapping[str, Any]) -> Reading | None:
    for match in re.finditer(r"[+\d][\d .()\-]{7,16}\d", text):
        digits = parse_phone(match[0])
        if digits is not None:
            return Reading(digits, match.span())
    return None


def _money(text: str, options: Mapping[str, Any]) -> Reading | None:
    found = find_money(text)
    if found:
        first = found[0]
        doubts = {"mended": not first.exact, "money-words": first.agrees is False}
        problems = tuple(code for code, holds in doubts.items() if holds)
        return Reading(first.amount, first.span, 1.0, problems)
    amount = parse_money(text)
    return None if amount is None else Reading(amount, (0, len(text)), 0.9)


def _quantity(text: str, options: Mapping[str, Any]) -> Reading | None:
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


def _choice(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read one of the values of `enum`, as printed or in a form of `x-sohoa-variants`."""
    key = _key(text)
    variants: Mapping[str, Sequence[str]] = options.get("variants", {})
    forms = [
        (form, value)
        for value in options.get("enum", ())
        for form in (str(value), *variants.get(str(value), ()))
    ]
    for form, value in sorted(forms, key=lambda pair: -len(pair[0])):
        match = re.search(rf"(?<!\w){re.escape(_key(form))}(?!\w)", key)
        if match is not None:
            return Reading(value, (0, len(text)), sure=LISTED)
    return None


def _key(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", fold(text)).split())


def _dossier_code(text: str, options: Mapping[str, Any]) -> Reading | None:
    for code in find_dossier_codes(text):
        start = nfc(text).find(code.printed)
        problems = () if code.exact and code.received else ("mended",)
        return Reading(code.code, (start, start + len(code.printed)), 1.0, problems)
    return None


def _ap_code(text: str, options: Mapping[str, Any]) -> Reading | None:
    for code in find_ap_codes(text):
        parts = [code.code, *(part for part in (code.agency, code.case) if part)]
        value = ".".join(parts)
        start = max(0, text.find(value))
        return Reading(value, (start, start + len(value)))
    return None


KINDS: Mapping[str, Kind] = {
    "text": Kind(_text),
    "subject": Kind(_subject),
    "name": Kind(_name),
    "date": Kind(_date, figures=True),
    "place": Kind(_place),
    "document-number": Kind(_document_number, figures=True),
    "civil-number": Kind(_civil_number, figures=True),
    "agency": Kind(_agency, optional=True),
    "position": Kind(_position, optional=True),
    "cccd": Kind(_id(check_cccd), figures=True),
    "cmnd": Kind(_id(check_cmnd), figures=True),
    "mst": Kind(_id(check_mst), figures=True),
    "phone": Kind(_phone, figures=True),
    "money": Kind(_money, figures=True),
    "quantity": Kind(_quantity, figures=True),
    "choice": Kind(_choice, optional=True),
    "dossier-code": Kind(_dossier_code, figures=True),
    "ap-code": Kind(_ap_code, figures=True),
}
