"""What a network sees of a piece in, words with their place and other readings out.

Connectionist temporal classification (Graves et al., ICML 2006): a sign lasts for a run of places,
a blank parts two signs that are the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.recognition import models
from pipeline.recognition.nets import Sight

_BEAMS = 6
_LEAST_LOG_P = math.log(5e-4)  # of a sign, to be tried


@dataclass(frozen=True, slots=True)
class Spelt:
    """A word as a network spells it."""

    text: str
    left: float  # px of the piece's image
    right: float
    sure: float  # the least of its signs' probabilities
    first: int  # places in the sight, `last` excluded
    last: int


def words(sight: Sight) -> tuple[Spelt, ...]:
    """Return the words along the best path, left to right."""
    signs = models.alphabet(sight.network)
    best = sight.log_p.argmax(axis=1)
    sure = np.exp(sight.log_p[np.arange(len(best)), best])
    runs: list[tuple[str, float, int, int]] = []  # sign, probability, first and last place
    start = 0
    for place in range(1, len(best) + 1):
        if place < len(best) and best[place] == best[start]:
            continue
        sign = signs[int(best[start])]
        if sign:
            runs.append((sign, float(sure[start:place].max()), start, place))
        start = place
    return tuple(_words(runs, sight))


def _words(runs: Sequence[tuple[str, float, int, int]], sight: Sight) -> list[Spelt]:
    found: list[Spelt] = []
    letters: list[tuple[str, float, int, int]] = []
    first = 0
    for run in [*runs, (" ", 1.0, len(sight.log_p), len(sight.log_p))]:
        if run[0] != " ":
            letters.append(run)
            continue
        if letters:
            chances = [chance for _, chance, _, _ in letters]
            found.append(
                Spelt(
                    "".join(sign for sign, *_ in letters),
                    sight.first_px + (letters[0][2] - 0.5) * sight.step_px,
                    sight.first_px + (letters[-1][3] + 0.5) * sight.step_px,
                    min(chances),
                    first,
                    run[2],
                )
            )
        letters, first = [], run[3]
    return found


def others(sight: Sight, word: Spelt) -> list[tuple[str, float]]:
    """Return readings of the word's places and their log probabilities, the best first.

    Prefix beam search (Hannun et al. 2014, arXiv:1408.2873); a reading may hold a space.
    """
    signs = models.alphabet(sight.network)
    blank = signs.index("")
    # prefix -> log probability that it ends in a blank, that it ends in its last sign
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, -math.inf)}
    for row in sight.log_p[word.first : word.last]:
        tried = [int(sign) for sign in np.flatnonzero(row > _LEAST_LOG_P)]
        beams = _extended(beams, row, tried, blank)
    scored = [
        ("".join(signs[sign] for sign in prefix), float(np.logaddexp(*ends)))
        for prefix, ends in beams.items()
    ]
    kept = [(text.strip(), score) for text, score in scored if text.strip()]
    return sorted(kept, key=lambda reading: -reading[1])


def _extended(
    beams: dict[tuple[int, ...], tuple[float, float]],
    row: NDArray[np.float32],
    tried: Sequence[int],
    blank: int,
) -> dict[tuple[int, ...], tuple[float, float]]:
    grown: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [-math.inf, -math.inf])
    for prefix, (in_blank, in_sign) in beams.items():
        either = _sum(in_blank, in_sign)
        for sign in tried:
            chance = float(row[sign])
            if sign == blank:
                same = grown[prefix]
                same[0] = _sum(same[0], either + chance)
                continue
            longer = grown[(*prefix, sign)]
            if prefix and sign == prefix[-1]:
                longer[1] = _sum(longer[1], in_blank + chance)
                same = grown[prefix]
                same[1] = _sum(same[1], in_sign + chance)
            else:
                longer[1] = _sum(longer[1], either + chance)
    best = sorted(grown.items(), key=lambda item: -_sum(*item[1]))[:_BEAMS]
    return {prefix: (ends[0], ends[1]) for prefix, ends in best}


def _sum(one: float, other: float) -> float:
    """Return log(exp(one) + exp(other))."""
    if one < other:
        one, other = other, one
    return one if other == -math.inf else one + math.log1p(math.exp(other - one))
