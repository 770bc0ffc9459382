"""What several networks see of one piece in, one reading of its words out, with a confidence.

Words of two networks that stand on the same place are readings of one word. Each network says how
likely it finds each reading, spelling adds its evidence, and the best sum along the piece wins:
never a word that no network saw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.recognition import ctc
from pipeline.recognition.nets import Sight
from pipeline.recognition.spelling import evidence, pair_evidence

# How much a network's log probability counts, and what it says at least of a reading that it does
# not give. Set on drawn and born-digital pages, not on those of the benchmark.
WEIGHTS: Mapping[str, float] = {"vie": 0.5, "Vietnamese": 0.7, "aster": 1.0}
_UNSEEN = -7.0
_SURE = 0.9  # above it, and where all agree, other readings are not asked for
_POOR = -0.5  # evidence: below it they are asked for even then
_READINGS = 4  # of one network for one word
_PLACES = 1.5  # how far two networks may miss each other in a short word, in places


@dataclass(frozen=True, slots=True)
class Told:
    """A word of a piece: where it stands (px of the piece) and how it was decided."""

    text: str
    left: float
    right: float
    share: float  # of its reading among all readings (0–1), not yet calibrated
    networks: tuple[str, ...]  # those that read it so
    asked: tuple[str, ...]  # networks that read the place


class Heard:
    """What a network sees of a piece and the words that it spells; other readings are kept."""

    def __init__(self, sight: Sight) -> None:
        self.network = sight.network
        self.step_px = sight.step_px
        self.words = ctc.words(sight)
        self._sight = sight
        self._readings: dict[ctc.Spelt, dict[str, float]] = {}

    def readings(self, word: ctc.Spelt) -> Mapping[str, float]:
        """Return the best readings of a word's place and their log probabilities."""
        known = self._readings.get(word)
        if known is None:
            known = dict(ctc.others(self._sight, word)[:_READINGS])
            self._readings[word] = known
        return known


_Read = tuple[Heard, tuple[ctc.Spelt, ...]]


@dataclass(frozen=True, slots=True)
class _Slot:
    group: tuple[_Read, ...]
    texts: tuple[str, ...]  # of each network
    scores: Mapping[str, float]  # of each reading


def merged(heard: Sequence[Heard]) -> tuple[Told, ...]:
    """Return the words of a piece, left to right."""
    slots = [_slot(group) for group in _groups(heard)]
    told = (_told(slot, text) for slot, text in zip(slots, _best_path(slots), strict=True))
    return tuple(part for word in told for part in _parts(word))


def _parts(told: Told) -> list[Told]:
    """Return a reading of several words as such, each as wide as its letters are many."""
    texts = told.text.split()
    if len(texts) < 2:
        return [told] if texts else []
    step = (told.right - told.left) / len(told.text)
    parts, at = [], told.left
    for text in texts:
        end = at + step * len(text)
        parts.append(replace(told, text=text, left=at, right=end))
        at = end + step
    return parts


def _groups(heard: Sequence[Heard]) -> list[tuple[_Read, ...]]:
    """Return the words that stand on each other, all networks of a group beside each other."""
    spans = sorted(
        (
            (word.left - slack, word.right + slack, number, word)
            for number, one in enumerate(heard)
            for word in one.words
            for slack in (_PLACES * one.step_px if word.right - word.left < 8 * one.step_px else 0,)
        ),
        key=lambda span: (span[0] + span[1], span[2]),
    )
    groups: list[list[tuple[int, ctc.Spelt]]] = []
    reaches: list[tuple[float, float]] = []
    for left, right, number, word in spans:
        if groups:
            start, reach = reaches[-1]
            shared = min(reach, right) - max(start, left)
            if shared > 0.5 * min(right - left, reach - start):
                groups[-1].append((number, word))
                reaches[-1] = (min(start, left), max(reach, right))
                continue
        groups.append([(number, word)])
        reaches.append((left, right))
    return [
        tuple(
            (heard[n], tuple(w for m, w in group if m == n)) for n in sorted({m for m, _ in group})
        )
        for group in groups
    ]


def _slot(group: tuple[_Read, ...]) -> _Slot:
    texts = tuple(" ".join(word.text for word in words) for _, words in group)
    plain = evidence(texts[0]) >= _POOR
    if plain and len(set(texts)) == 1 and all(w.sure >= _SURE for _, words in group for w in words):
        return _Slot(group, texts, {texts[0]: 0.0})
    told = [_scores(one, words, text) for (one, words), text in zip(group, texts, strict=True)]
    totals: dict[str, float] = {}
    for text in sorted({text for score in told for text in score}):
        seen = sum(
            WEIGHTS[one.network] * score.get(text, _UNSEEN)
            for (one, _), score in zip(group, told, strict=True)
        )
        totals[text] = seen + _evidence(text)
    return _Slot(group, texts, totals)


def _evidence(text: str) -> float:
    parts = text.split(" ")
    pairs = pairwise(parts)
    return min(map(evidence, parts)) + sum(pair_evidence(one, other) for one, other in pairs)


def _scores(one: Heard, words: Sequence[ctc.Spelt], text: str) -> Mapping[str, float]:
    """Return readings of a place and their log probabilities, as one network sees it."""
    if len(words) != 1:
        return {text: sum(math.log(max(1e-4, word.sure)) for word in words)}
    return one.readings(words[0]) or {text: math.log(max(1e-4, words[0].sure))}


def _best_path(slots: Sequence[_Slot]) -> list[str]:
    """Return one reading of each slot: the best sum of scores and of pairs (Viterbi)."""
    if not slots:
        return []
    ends = [{text: (score, "") for text, score in slots[0].scores.items()}]
    for slot in slots[1:]:
        before = ends[-1]
        column = {}
        for text, score in slot.scores.items():
            first = text.split(" ")[0]
            best, source = max(
                (total + pair_evidence(last.split(" ")[-1], first), last)
                for last, (total, _) in before.items()
            )
            column[text] = (best + score, source)
        ends.append(column)
    text = max(ends[-1], key=lambda text: (ends[-1][text][0], text))
    path = [text]
    for column in reversed(ends[1:]):
        text = column[text][1]
        path.append(text)
    return path[::-1]


def _told(slot: _Slot, text: str) -> Told:
    best = slot.scores[text]
    share = 1.0 / sum(math.exp(min(50.0, score - best)) for score in slot.scores.values())
    own = [number for number, said in enumerate(slot.texts) if said == text]
    if len(slot.scores) == 1:  # all agree: the surest of them is heard
        share = max(min(word.sure for word in words) for _, words in slot.group)
    words = slot.group[own[0] if own else -1][1]
    asked = tuple(one.network for one, _ in slot.group)
    networks = tuple(asked[number] for number in own)
    return Told(text, words[0].left, words[-1].right, share, networks, asked)
