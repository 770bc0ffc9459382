"""Amounts of money: text in, đồng out, checked against the amount in words.

A point parts thousands and a comma decimals. `exact` is False when the printed form had to be
mended (a comma or space where a point belongs), so that the reader can be asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.vietnam.letters import fold, nfc
from pipeline.vietnam.numerals import NUMBER_WORDS, number_in_words, words_to_number

__all__ = ["FoundMoney", "amount_in_words", "find_money", "parse_money", "words_to_number"]

_AMOUNT = re.compile(
    r"""(?<![\w.,])
    (?P<digits>\d{1,3}(?:\ ?[.,]\ ?\d{3})+(?!\d)|\d{1,3}(?:\ \d{3})+(?!\d)|\d+)
    (?:,(?P<decimals>\d{1,2}))?
    (?:\s*(?P<scale>nghin|ngan|trieu|ty|ti)\b)?
    \s*(?P<unit>dong\b|vnd\b|d(?!\w))""",
    re.VERBOSE,
)
_SCALE = {None: 1, "nghin": 1_000, "ngan": 1_000, "trieu": 1_000_000, "ty": 10**9, "ti": 10**9}
_SMALLEST = 1_000  # đồng; below it "5 đ" is the letter of a clause, "7 Đông" a part of a town
_IN_WORDS = re.compile(
    r"(?:bang chu\s*[:;.]?|^\s*\((?!.{0,6}bang chu))\s*(?P<words>[^\d()]{4,200})"
)


@dataclass(frozen=True, slots=True)
class FoundMoney:
    """An amount and where it stands in `nfc(text)`."""

    amount: int  # đồng
    span: tuple[int, int]
    exact: bool  # False: the separators were mended or a part of a đồng was dropped
    in_words: int | None = None  # what "(bằng chữ: …)" behind it says; None: nothing readable

    @property
    def agrees(self) -> bool | None:
        """Return whether figures and words say the same; None without words."""
        return None if self.in_words is None else self.in_words == self.amount


def find_money(text: str) -> list[FoundMoney]:
    """Return the amounts of the text with their currency (đồng, đ, VND), in order."""
    folded = fold(text)
    found = []
    matches = list(_AMOUNT.finditer(folded))
    for place, match in enumerate(matches):
        amount, exact = _amount(match)
        if match["unit"] != "vnd" and amount < _SMALLEST:
            continue
        end = matches[place + 1].start() if place + 1 < len(matches) else len(folded)
        words = _words_after(folded[match.end() : end])
        found.append(FoundMoney(amount, match.span(), exact, words))
    return found


def parse_money(text: str) -> int | None:
    """Return the one amount (đồng) that the text states, or None when none or several differ.

    A bare number counts when it is the whole text.
    """
    amounts = {found.amount for found in find_money(text)}
    if not amounts:
        amounts = {found.amount for found in find_money(nfc(text).strip(" .:;") + " đồng")}
    return amounts.pop() if len(amounts) == 1 else None


def amount_in_words(amount: int) -> str:
    """Return the amount (đồng) as a certificate spells it, without a capital.

    Raises ValueError if it is negative or 10^18 and more.
    """
    return f"{number_in_words(amount)} đồng"


def _amount(match: re.Match[str]) -> tuple[int, bool]:
    digits, decimals, scale = match["digits"], match["decimals"], _SCALE[match["scale"]]
    whole = int(re.sub(r"\D", "", digits)) * scale
    exact = re.fullmatch(r"\d{1,3}(\.\d{3})*|\d+", digits) is not None
    if decimals is None:
        return whole, exact
    part, odd = divmod(int(decimals) * scale, 10 ** len(decimals))
    return whole + part, exact and not odd


def _words_after(folded: str) -> int | None:
    match = _IN_WORDS.search(folded[:300])
    if match is None:
        return None
    words = []
    for word in re.findall(r"[a-z]+", match["words"]):
        if word not in NUMBER_WORDS:
            break
        words.append(word)
    return words_to_number(" ".join(words)) if words else None
