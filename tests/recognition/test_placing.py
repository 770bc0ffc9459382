"""Where the words of a piece stand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box
from pipeline.recognition.merging import Told
from pipeline.recognition.pieces import Piece
from pipeline.recognition.placing import word_boxes, word_ends


def _piece(spans):
    pixels = np.full((20, spans[-1][1]), 255, np.uint8)
    for left, right in spans:
        pixels[4:16, left:right] = 0
    return Piece(Box(100, 50, 100 + pixels.shape[1], 70), pixels, 0)


def test_boxes_hold_the_ink_of_their_word() -> None:
    """Places that are a few px off still give the words' own boxes."""
    piece = _piece([(0, 40), (52, 90), (102, 130)])
    told = [
        Told("a", -3, 44, 1, ("vie",), ("vie",)),
        Told("b", 48, 95, 1, ("vie",), ("vie",)),
        Told("c", 99, 131, 1, ("vie",), ("vie",)),
    ]

    assert word_boxes(piece, told) == [
        Box(100, 54, 140, 66),
        Box(152, 54, 190, 66),
        Box(202, 54, 230, 66),
    ]
    assert word_boxes(piece, []) == []


@given(st.lists(st.floats(-20, 300), min_size=1, max_size=12))
def test_ends_rise_and_stay_on_the_piece(places) -> None:
    """Whatever places are told, each word begins after the last, inside the piece."""
    piece = _piece([(0, 40), (52, 90), (102, 230)])
    told = [Told("x", place, place + 9, 1, ("vie",), ("vie",)) for place in sorted(places)]
    ends = word_ends(piece.pixels, told)

    assert ends[0] == 0 and ends[-1] == 230 and len(ends) == len(told) + 1
    assert ends == sorted(ends)
    assert all(box.right > box.left for box in word_boxes(piece, told))
