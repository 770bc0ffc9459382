"""Printed phrases found in spite of slips: text and phrases in, places out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.vietnam.letters import fold

_TOKEN = re.compile(r"[^\W_]+")
_EXACT_UP_TO = 4  # letters: shorter phrases must be read without a slip
_ONE_SLIP_UP_TO = 10  # letters; above it, one slip in eight letters
_LETTERS_A_SLIP = 8


class Hit(NamedTuple):
    """A phrase in a text, `text[start:end]`."""

    phrase: str
    start: int
    end: int
    exact: bool  # False: read with a slip


class _Token(NamedTuple):
    key: str
    start: int
    end: int


def begins(text: str, phrases: Iterable[str]) -> Hit | None:
    """Return the phrase that the text begins with, one speck before it allowed; the longest."""
    hits = [hit for hit in find_all(text[:160], phrases) if hit.start <= _first_letter(text) + 3]
    return max(hits, key=lambda hit: hit.end - hit.start, default=None)


def find_all(text: str, phrases: Iterable[str]) -> list[Hit]:
    """Return the places of the phrases, left to right; of two that overlap, the longer one."""
    tokens, whole = _tokens(text), _key(text)
    found = [
        hit for phrase in phrases if _may_hold(whole, phrase) for hit in _places(tokens, phrase)
    ]
    found.sort(key=lambda hit: (-len(_key(hit.phrase)), not hit.exact, hit.start))
    kept: list[Hit] = []
    for hit in found:
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def same(text: str, phrase: str) -> float:
    """Return how well the whole text is the phrase: 1.0 exact, 0.9 with slips, 0.0 not."""
    key, wanted = _key(text), _key(phrase)
    slips = _slips(key, wanted, _slack(wanted))
    return 0.0 if slips is None else 0.9 if slips else 1.0


def _first_letter(text: str) -> int:
    match = _TOKEN.search(text)
    return match.start() if match else len(text)


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[_Token, ...]:
    folded = fold(text)
    return tuple(_Token(match[0], *match.span()) for match in _TOKEN.finditer(folded))


@lru_cache(maxsize=4096)
def _key(text: str) -> str:
    return "".join(token.key for token in _tokens(text))


def _places(tokens: Sequence[_Token], phrase: str) -> list[Hit]:
    wanted = _key(phrase)
    size, slack = len(_tokens(phrase)), _slack(wanted)
    found: list[Hit] = []
    for start in range(len(tokens)):
        best: tuple[int, int] | None = None
        # A slip may join two words or part one, so the window varies by a word. Of two windows
        # with as many slips the shorter one wins: the longer took a word of the value.
        for length in (size - 1, size, size + 1):
            window = tokens[start : start + length]
            if length < 1 or len(window) < length:
                continue
            slips = _slips("".join(token.key for token in window), wanted, slack)
            if slips is not None and (best is None or slips < best[0]):
                best = (slips, length)
        if best is not None:
            end = tokens[start + best[1] - 1].end
            found.append(Hit(phrase, tokens[start].start, end, best[0] == 0))
    return found


def _may_hold(whole: str, phrase: str) -> bool:
    """Tell, for next to nothing, whether a text can hold the phrase.

    Of a phrase cut into one part more than the slips allowed, one part must be there unharmed.
    """
    return any(part in whole for part in _parts(_key(phrase)))


def _slips(key: str, wanted: str, most: int) -> int | None:
    """Return the slips between two keys, or None when they are more than `most`.

    A figure never stands for a letter at the end of a phrase: it begins the value.
    """
    if key == wanted:
        return 0
    if abs(len(key) - len(wanted)) > most or (key[-1:].isdecimal() and wanted[-1:].isalpha()):
        return None
    if not any(part in key for part in _parts(wanted)):
        return None
    return _distance_within(key, wanted, most)


@lru_cache(maxsize=4096)
def _parts(key: str) -> tuple[str, ...]:
    count = _slack(key) + 1
    size = len(key) // count
    cuts = [size * place for place in range(count)] + [len(key)]
    return tuple(key[start:end] for start, end in pairwise(cuts))


def _slack(key: str) -> int:
    if len(key) <= _EXACT_UP_TO:
        return 0
    return 1 if len(key) <= _ONE_SLIP_UP_TO else len(key) // _LETTERS_A_SLIP


@lru_cache(maxsize=65536)
def _distance_within(one: str, other: str, most: int) -> int | None:
    """Return the edit distance (Levenshtein), or None when it is more than `most`."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, wanted in enumerate(other, 1):
            change = before + (letter != wanted)
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, change)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
