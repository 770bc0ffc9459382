"""How likely a string is to stand on a Vietnamese paper: a word in, evidence out.

It only weighs readings that a network gave; it never makes one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.vietnam.letters import VIETNAMESE_LETTERS, is_syllable, nfc
from pipeline.vietnam.lexicon import is_compound, rarity

# Natural logarithms of odds, set on drawn and born-digital pages, not on those of the benchmark.
_SYLLABLE = 1.0
_PER_CENTIBEL = 0.0069  # 0.3 of what rarity alone would say: a paper is not running text
_USUAL = 380  # centibels
_MOST = 1.3
_COMPOUND = 1.2  # with the word before or after it
_GLUED = -2.0  # two syllables with a leader's dot or a speck between them
_STARRED = -1.0  # specks read as marks
_FOREIGN = -0.5  # plain letters that make no syllable: abbreviations, e-mail, names
_NO_WORD = -3.0  # marks that no syllable bears so, capitals inside, letters among digits
_NUMBER, _CODE = 0.0, -0.5
_BAD_GROUPS = -2.0  # 5,595.000 or 12/.4

_EDGES = re.compile(r"^[^\w%]+|[^\w%]+$")
_FIGURES = re.compile(r"^[+\-]?\d[\d.,/:\-]*%?$")
_GROUPED = re.compile(
    r"^[+\-]?(\d+|\d{1,3}(\.\d{3})+(,\d+)?|\d{1,3}(,\d{3})+(\.\d+)?|\d+[.,]\d+"
    r"|\d{1,2}[/.\-]\d{1,2}([/.\-]\d{2,4})?|\d+/\d+|\d+-\d+|\d{1,2}:\d{2})%?$"
)
_CODE_LIKE = re.compile(
    r"^[A-ZĐ]{1,5}\d+[A-ZĐ]?$|^\d+[A-ZĐ]{1,3}\d*$|^[A-ZĐ]\d[A-ZĐ]\d+$|^m[23²³]$"
)
_GLUE = re.compile(r"[^\W\d_][.,:\-][^\W\d_]*[^\W\d_A-ZĐ]|[^\W\d_][,:][^\W\d_]")
_SPECKS = re.compile(r"^[*^~`|¬<>«»†‡ˆ©®§]|[*^~`|¬†‡ˆ©®]$")


@lru_cache(maxsize=20_000)
def evidence(word: str) -> float:
    """Return how much likelier (nats) the word is than any string of letters."""
    core = _EDGES.sub("", nfc(word))
    if not core:
        return 0.0
    specks = _STARRED if _SPECKS.search(word) else 0.0
    if _FIGURES.match(core):
        return specks + (_NUMBER if _GROUPED.match(core) else _BAD_GROUPS)
    parts = [part for part in re.split(r"[\-/.,:&()]+", core) if part]
    worst = min(map(_part, parts), default=0.0)
    if len(parts) > 1 and _GLUE.search(core) and "@" not in core:
        worst += _GLUED
    return worst + specks


def pair_evidence(first: str, second: str) -> float:
    """Return how much likelier (nats) two words are that follow each other."""
    one, other = _EDGES.sub("", first), _EDGES.sub("", second)
    whole = first.endswith(one) and second.startswith(other)  # no mark between them
    return _COMPOUND if one and other and whole and is_compound(one, other) else 0.0


def _part(part: str) -> float:
    if part.isdigit():
        return _NUMBER
    if any(char.isdigit() for char in part):
        return _CODE if _CODE_LIKE.match(part) else _NO_WORD
    odd = _has_odd_case(part)
    if is_syllable(part):
        common = _PER_CENTIBEL * (_USUAL - rarity(part))
        return _SYLLABLE + min(_MOST, max(-_MOST, common)) + (_NO_WORD if odd else 0.0)
    marked = any(not char.isascii() and char in VIETNAMESE_LETTERS for char in part)
    bare = part in ("Đ", "đ") or (
        part.isupper() and set(part) - set("Đ") <= set(map(chr, range(128)))
    )
    if marked and not bare:
        return _NO_WORD
    return _FOREIGN + (_NO_WORD if odd and not part[0].isupper() else 0.0)


def _has_odd_case(part: str) -> bool:
    """Tell whether a capital follows a small letter, or small ones stand among capitals."""
    inner = part[1:]
    return not (part.islower() or part.isupper() or inner.islower() or not inner)
