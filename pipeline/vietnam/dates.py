"""Dates as Vietnamese papers print them: text in, dates with their places out.

Day before month before year, always. The forms are `ngày 16 tháng 10 năm 2023`, `16/10/2023` and
the words of certificates; letters that a scan puts for digits (l, O, S) are read as digits where
a digit must stand, and `exact` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pipeline.vietnam.letters import fold, nfc
from pipeline.vietnam.numerals import number_in_words, words_to_number

EARLIEST_YEAR = 1900  # older papers are not in administrative files; a year below it is a slip
LATEST_YEAR = 2099

_SLIPS = str.maketrans("oqli|[]!sbz", "00111111562")
_D = r"[0-9oqli|\[\]!sbz]"
_SIX = re.compile(r"(?<![^\W\d_])[óỏốổõ](?![^\W\d_])")  # not beside another letter
_GAP = r"[\s.…_·:,;-]*"  # leaders and specks between a word and its figure
_WORDS = re.compile(
    rf"""\bngay{_GAP}(?P<d>{_D}{{1,2}}|[0-9]\s[0-9])?{_GAP}
    thang{_GAP}(?P<m>{_D}{{1,2}}|[0-9]\s[0-9])?{_GAP}
    nam{_GAP}(?P<y>{_D}{{4}}|{_D}{{2}}\s{_D}{{2}}|{_D}\s{_D}{{3}}|{_D}{{3}}\s{_D})?(?!\d)""",
    re.VERBOSE,
)
# A day or month written by hand is read as anything; the rest of the date still counts.
_TORN = re.compile(
    rf"\bngay\s*(?P<d>\S{{0,6}}(?:\s\S{{1,3}})?)\s*thang\s*(?P<m>\S{{0,6}})\s*"
    rf"nam\s*(?P<y>{_D}{{4}}|{_D}{{2}}\s{_D}{{2}})(?!\d)"
)
_NUMERIC = re.compile(
    rf"""(?<![\w/.\-])(?P<d>{_D}{{1,2}})\s?(?P<sep>[/.\-])\s?(?P<m>{_D}{{1,2}})\s?(?P=sep)\s?
    (?P<y>{_D}{{4}})(?![\w/]|[.\-]\d)""",
    re.VERBOSE,
)
_SPELT = re.compile(
    r"\bngay\s+(?P<d>[a-z\s]{2,24}?)\s*,?\s*thang\s+(?P<m>[a-z\s]{2,16}?)\s*,?\s*"
    r"nam\s+(?P<y>[a-z]+(?:\s+[a-z]+){1,10})"
)


class FoundDate(NamedTuple):
    """A whole, possible date and where it stands in `nfc(text)`."""

    value: date
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class DateParts:
    """A date as printed, perhaps with parts missing (left for a pen) or impossible."""

    day: int | None
    month: int | None
    year: int | None
    span: tuple[int, int]
    exact: bool  # False: a letter was read as a digit, or a figure was torn in two

    @property
    def value(self) -> date | None:
        """Return the date, or None when a part is missing or there is no such day."""
        if self.day is None or self.month is None or self.year is None:
            return None
        if not EARLIEST_YEAR <= self.year <= LATEST_YEAR:
            return None
        try:
            return date(self.year, self.month, self.day)
        except ValueError:
            return None


def find_dates(text: str) -> list[DateParts]:
    """Return every date form of the text in order, whole or not (`ngày … tháng 5 năm 2017`)."""
    # Engines read a 6 as an accented o (202ó, tháng ó), which would fold to a zero.
    folded = fold(_SIX.sub("b", nfc(text)))
    found: list[DateParts] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(folded):
            parts = read(match)
            if parts is not None and not _empty(parts) and not _overlaps(parts, found):
                found.append(parts)
    return sorted(found, key=lambda parts: parts.span)


def parse_date(text: str) -> list[FoundDate]:
    """Return the whole dates of the text in order; impossible and partial ones are left out."""
    return [
        FoundDate(parts.value, parts.span) for parts in find_dates(text) if parts.value is not None
    ]


def date_in_words(value: date) -> str:
    """Return the date as certificates spell it: `Ngày mười sáu tháng mười năm hai nghìn …`."""
    month = "tư" if value.month == 4 else number_in_words(value.month)
    day = f"{'mùng ' if value.day <= 10 else ''}{number_in_words(value.day)}"
    return f"Ngày {day} tháng {month} năm {number_in_words(value.year)}"


def date_as_printed(value: date) -> str:
    """Return the date as the head of a letter prints it: days below 10 and months 1, 2 padded.

    The rule is Nghị định 30/2020/NĐ-CP, appendix I, section II.4.
    """
    month = f"{value.month:02}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def _figures(match: re.Match[str]) -> DateParts | None:
    figures = [match["d"], match["m"], match["y"]]
    day, month, year = (_figure(figure) for figure in figures)
    exact = all(figure is None or figure.isdecimal() for figure in figures)
    return DateParts(day, month, year, match.span(), exact)


def _spelt(match: re.Match[str]) -> DateParts | None:
    day_words = re.sub(r"^m[uo]ng\s+", "", match["d"])  # mùng, mồng: "the first" to "the tenth"
    day, month = words_to_number(day_words), words_to_number(match["m"])
    words = match["y"].split()
    for count in range(len(words), 1, -1):  # the sentence may go on behind the year
        year = words_to_number(" ".join(words[:count]))
        if year is not None and EARLIEST_YEAR <= year <= LATEST_YEAR:
            if day is None or month is None:
                return None
            tail = len(match["y"]) - len(" ".join(words[:count]))
            span = (match.start(), match.end() - tail)
            return DateParts(day, month, year, span, exact=True)
    return None


def _figure(figure: str | None) -> int | None:
    if figure is None:
        return None
    return int(re.sub(r"\s", "", figure).translate(_SLIPS))


def _torn(match: re.Match[str]) -> DateParts:
    day, month = (_whole_figure(match[part]) for part in ("d", "m"))
    return DateParts(day, month, _figure(match["y"]), match.span(), exact=False)


def _whole_figure(text: str) -> int | None:
    return _figure(text) if re.fullmatch(rf"{_D}{{1,2}}", text) else None


def _empty(parts: DateParts) -> bool:
    return parts.day is None and parts.month is None and parts.year is None


def _overlaps(parts: DateParts, found: list[DateParts]) -> bool:
    start, end = parts.span
    return any(start < other.span[1] and other.span[0] < end for other in found)


_FORMS = ((_WORDS, _figures), (_SPELT, _spelt), (_TORN, _torn), (_NUMERIC, _figures))
"""Patterns and their readers; a later one never takes what an earlier one has read."""
