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

from pipeline.extraction.figures import (
    read_ap_code,
    read_civil_number,
    read_document_number,
    read_dossier_code,
    read_id,
    read_money,
    read_phone,
    read_quantity,
)
from pipeline.extraction.readings import LISTED, Reading, clean, is_empty
from pipeline.vietnam.agencies import mend_wording, split_agencies
from pipeline.vietnam.dates import find_dates
from pipeline.vietnam.identifiers import check_cccd, check_cmnd, check_mst
from pipeline.vietnam.letters import fold, is_syllable, nfc
from pipeline.vietnam.names import mend_family_name, without_rank
from pipeline.vietnam.places import find_province

_PLACE_BEFORE_DATE = re.compile(
    r"^(.{2,60}?)(?:\s*[,.;]?\s*\bng[aà]y(?![^\W\d])|\s*[,;]\s*ng\w{1,3}\b)", re.IGNORECASE
)
_ABOUT = re.compile(r"^[VY](?:[/⁄|][vxyscVXYA]?|[AIXJ4])[.:]?\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of value is read, and how its words are judged."""

    read: Callable[[str, Mapping[str, Any]], Reading | None]
    figures: bool = False  # mostly figures: one misread figure is a wrong value
    optional: bool = False  # text that is not of this kind is no sign of an unreadable value


def _text(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read words as they are; the full stop of a form's line is no part of its value."""
    value = "" if is_empty(text) else clean(text).strip(" :;,_|-–").rstrip(". ")
    return Reading(value, (0, len(text))) if value else None


def _subject(text: str, options: Mapping[str, Any]) -> Reading | None:
    """Read an abstract; its opening `V/v`, which engines garble (`VA`, `V/x`), is respelt."""
    value = "" if is_empty(text) else clean(text).strip(" :;,_|-–").lstrip("“\"'`. ")
    return Reading(_ABOUT.sub("V/v ", value), (0, len(text))) if value else None


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


KINDS: Mapping[str, Kind] = {
    "text": Kind(_text),
    "subject": Kind(_subject),
    "name": Kind(_name),
    "date": Kind(_date, figures=True),
    "place": Kind(_place),
    "document-number": Kind(read_document_number, figures=True),
    "civil-number": Kind(read_civil_number, figures=True),
    "agency": Kind(_agency, optional=True),
    "position": Kind(_position, optional=True),
    "cccd": Kind(read_id(check_cccd), figures=True),
    "cmnd": Kind(read_id(check_cmnd), figures=True),
    "mst": Kind(read_id(check_mst), figures=True),
    "phone": Kind(read_phone, figures=True),
    "money": Kind(read_money, figures=True),
    "quantity": Kind(read_quantity, figures=True),
    "choice": Kind(_choice, optional=True),
    "dossier-code": Kind(read_dossier_code, figures=True),
    "ap-code": Kind(read_ap_code, figures=True),
}
