"""Which network reads what."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.model import Box
from pipeline.recognition import strategy
from pipeline.recognition.merging import Told
from pipeline.recognition.pieces import cut


def test_only_doubtful_words_are_read_again(draw, monkeypatch) -> None:
    """A sure page is read by one network; the dearest sees words, never whole pieces."""
    page = draw([("Căn cứ Luật Tổ chức chính quyền địa phương", 40, 60)])
    ink = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    pieces = cut(ink, [Box(35, 55, 900, 100)], np.zeros(ink.shape, bool))
    widths: dict[str, list[int]] = {}
    see = strategy.see

    def counted(network, images):
        widths.setdefault(network, []).extend(image.shape[1] for image in images)
        return see(network, images)

    monkeypatch.setattr(strategy, "see", counted)
    (told,) = strategy.read_pieces(pieces, "balanced")

    assert " ".join(word.text for word in told) == "Căn cứ Luật Tổ chức chính quyền địa phương"
    assert len(widths["vie"]) == 1
    assert sum(widths.get("aster", [])) < pieces[0].pixels.shape[1]


def test_spans_hold_the_neighbours_and_join() -> None:
    """Two doubtful words side by side are one span; sure words ask for nothing."""
    pixels = np.full((20, 200), 255, np.uint8)
    for left in range(0, 200, 50):
        pixels[:, left + 5 : left + 40] = 0
    words = [
        Told("x", i * 50 + 5, i * 50 + 40, share, ("vie",), ("vie",))
        for i, share in enumerate((1, 0.2, 0.3, 1))
    ]

    assert strategy.doubtful_spans(words, 0.9, pixels) == [(0, 200)]
    assert strategy.doubtful_spans(words[:1], 0.9, pixels) == []


@pytest.mark.parametrize("profile", ["fast", "balanced", "best"])
def test_profiles_read(draw, profile) -> None:
    """Each profile reads a clean line; an empty page is no work."""
    page = draw([("Sở Nội vụ", 40, 60)])
    ink = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    pieces = cut(ink, [Box(35, 55, 300, 100)], np.zeros(ink.shape, bool))

    assert [word.text for word in strategy.read_pieces(pieces, profile)[0]] == ["Sở", "Nội", "vụ"]
    assert strategy.read_pieces([], profile) == []
