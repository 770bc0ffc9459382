"""Numbers in Vietnamese words: words in, an integer out, and back.

Reads the usual variants (lẻ/linh, mốt, tư, lăm/nhăm, nghìn/ngàn, tỷ/tỉ, digit by digit) and, as
marks are what a scan loses first, compares without diacritics where that stays unambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.vietnam.letters import fold

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# Folded spellings; the two tens words mười (10) and mươi (times 10) fold alike and are told
# apart by their place, like năm (five) and năm (year) by the caller's.
_UNITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_TENS = "muoi"
_HUNDRED = "tram"
_FILLERS = frozenset({"linh", "le"})
_SCALES = {"nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 10**9, "ti": 10**9}
_WORD = re.compile(r"[^\W\d_]+")
_IDLE = frozenset({"va", "chan"})  # "và … chẵn": they change nothing
NUMBER_WORDS = frozenset(_UNITS) | _FILLERS | frozenset(_SCALES) | _IDLE | {_TENS, _HUNDRED}
"""Every word of a number, folded."""


def words_to_number(text: str) -> int | None:
    """Return the number that the words spell, or None when any word is not a number word."""
    words = [fold(word) for word in _WORD.findall(text)]
    words = [word for word in words if word not in _IDLE]
    if not words or any(word not in NUMBER_WORDS for word in words):
        return None
    if len(words) > 1 and all(word in _UNITS for word in words):
        return int("".join(str(_UNITS[word]) for word in words))  # "hai không hai ba"
    return _read_scales(words)


def number_in_words(number: int) -> str:
    """Return the number (0 to 10^18 - 1) in Vietnamese words.

    Raises ValueError outside that range.
    """
    if not 0 <= number < 10**18:
        raise ValueError(f"no words for {number}")
    if number >= 10**9:
        high, rest = divmod(number, 10**9)
        tail = f" {_thousands(rest, full=True)}" if rest else ""
        return f"{_thousands(high, full=False)} tỷ{tail}"
    return _thousands(number, full=False)


def _thousands(number: int, *, full: bool) -> str:
    """Return the words of a number below 10^9; `full`: a higher group stands before it."""
    parts: list[str] = []
    for scale, name in ((1_000_000, " triệu"), (1_000, " nghìn"), (1, "")):
        group = number // scale % 1_000
        if group:
            parts.append(_group(group, full=full or bool(parts)) + name)
    return " ".join(parts) if parts else _DIGITS[0]


def _group(number: int, *, full: bool) -> str:
    """Return the words of 1 to 999; `full` says the hundreds even when they are none."""
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens == 0 and units and words:
        words.append("linh")
    elif tens == 1:
        words.append("mười")
    elif tens > 1:
        words += [_DIGITS[tens], "mươi"]
    if units:
        words.append(_last_digit(units, tens))
    return " ".join(words)


def _last_digit(units: int, tens: int) -> str:
    if units == 5 and tens:
        return "lăm"
    if units == 1 and tens > 1:
        return "mốt"
    return _DIGITS[units]


def _read_scales(words: Sequence[str]) -> int | None:
    """Read groups below their scale words; a scale must be smaller than the one before it.

    After tỷ a smaller scale starts again below it; what stands before tỷ (`hai nghìn tỷ`) is
    multiplied as a whole.
    """
    for scale_word in ("ty", "ti"):
        if scale_word in words:
            last = len(words) - 1 - list(reversed(words)).index(scale_word)
            high = _read_scales(words[:last]) if last else None
            low = _read_scales(words[last + 1 :]) if words[last + 1 :] else 0
            return None if high is None or low is None else high * 10**9 + low
    total, smallest, group = 0, 10**9, list[str]()
    for word in words:
        scale = _SCALES.get(word)
        if scale is None:
            group.append(word)
            continue
        value = _read_group(group)
        if value is None or scale >= smallest:
            return None
        total, smallest, group = total + value * scale, scale, []
    if not group:
        return total
    value = _read_group(group)
    return None if value is None else total + value


def _read_group(words: Sequence[str]) -> int | None:
    """Return the value (0–999) of words between two scale words, or None."""
    rest, total = list(words), 0
    if _HUNDRED in rest:
        place = rest.index(_HUNDRED)
        if place != 1 or rest[0] not in _UNITS:
            return None
        total, rest = _UNITS[rest[0]] * 100, rest[2:]
    if rest and rest[0] in _FILLERS:
        rest = rest[1:]
        return total + _UNITS[rest[0]] if len(rest) == 1 and rest[0] in _UNITS else None
    if _TENS in rest:
        place = rest.index(_TENS)
        if place > 1 or (place == 1 and rest[0] not in _UNITS):
            return None
        total += 10 * (_UNITS[rest[0]] if place else 1)
        rest = rest[place + 1 :]
    elif len(rest) == 2 and all(word in _UNITS for word in rest) and rest[0] != "khong":
        return total + 10 * _UNITS[rest[0]] + _UNITS[rest[1]]  # spoken: "hai lăm" is 25
    if not rest:
        return total if words else None
    return total + _UNITS[rest[0]] if len(rest) == 1 and rest[0] in _UNITS else None
