"""Which networks read which pieces: pieces of print in, their words out.

The cheapest network reads all; a piece with a doubtful word is read by the next one, and only what
they do not settle between them by the dearest. A profile says how far this goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.model import Pixels
from pipeline.recognition.merging import Heard, Told, merged
from pipeline.recognition.nets import see
from pipeline.recognition.pieces import Piece
from pipeline.recognition.placing import word_ends


@dataclass(frozen=True, slots=True)
class Stage:
    """A network and the doubt that calls it.

    It reads the pieces with a word below `doubt` (0–1), whole; or, where `words`, only such words
    and those beside them.
    """

    network: str
    doubt: float
    words: bool = False


PROFILES: dict[str, tuple[Stage, ...]] = {
    "fast": (Stage("vie", 1.0),),
    "balanced": (
        Stage("vie", 1.0),
        Stage("Vietnamese", 0.97),
        Stage("aster", 0.9, words=True),
    ),
    "best": (
        Stage("vie", 1.0),
        Stage("Vietnamese", 1.0),
        Stage("aster", 0.99, words=True),
    ),
}


def networks(profile: str) -> tuple[str, ...]:
    """Return the networks of a profile, in the order in which they read."""
    return tuple(stage.network for stage in PROFILES[profile])


def read_pieces(pieces: Sequence[Piece], profile: str) -> list[tuple[Told, ...]]:
    """Return the words of each piece, left to right. Raises like `models.run`."""
    heard: list[list[Heard]] = [[] for _ in pieces]
    told: list[tuple[Told, ...]] = [() for _ in pieces]
    for stage in PROFILES[profile]:
        asked: list[tuple[int, int, int]] = []  # piece, columns from and to
        for number, piece in enumerate(pieces):
            width = piece.pixels.shape[1]
            if stage.doubt >= 1.0 or not told[number]:
                asked.append((number, 0, width))
            elif stage.words:
                spans = doubtful_spans(told[number], stage.doubt, piece.pixels)
                asked.extend((number, left, right) for left, right in spans)
            elif any(word.share < stage.doubt for word in told[number]):
                asked.append((number, 0, width))
        images = [pieces[number].pixels[:, left:right] for number, left, right in asked]
        for (number, left, _), sight in zip(asked, see(stage.network, images), strict=True):
            heard[number].append(Heard(replace(sight, first_px=sight.first_px + left)))
        for number in {number for number, _, _ in asked}:
            told[number] = merged(heard[number])
    return told


def doubtful_spans(words: Sequence[Told], doubt: float, pixels: Pixels) -> list[tuple[int, int]]:
    """Return from and to (px) of the doubtful words of a piece, h×w uint8, with their neighbours.

    They begin and end in the white between words.
    """
    ends = word_ends(pixels, words)
    spans: list[tuple[int, int]] = []
    for number, word in enumerate(words):
        if word.share >= doubt:
            continue
        left, right = ends[max(0, number - 1)], ends[min(len(words), number + 2)]
        if spans and left <= spans[-1][1]:
            spans[-1] = (spans[-1][0], right)
        else:
            spans.append((left, right))
    return [(left, right) for left, right in spans if right - left > 1]
