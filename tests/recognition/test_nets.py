"""What the networks see."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.recognition import ctc, models, nets


def _line(draw, text):
    page = draw([(text, 20, 40)])
    ink = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    rows, columns = np.nonzero(ink < 160)
    return ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


@pytest.mark.parametrize("network", ["vie", "Vietnamese", "aster"])
def test_a_network_reads_a_line(draw, network) -> None:
    """Letters with marks and figures; places lie along the piece."""
    piece = _line(draw, "Quyết định số 2847 năm 2023")
    (sight,) = nets.see(network, [piece])
    words = ctc.words(sight)

    assert " ".join(word.text for word in words) == "Quyết định số 2847 năm 2023"
    assert sight.log_p.shape[1] == len(models.alphabet(network))
    assert abs(words[0].left) < 15
    assert abs(words[-1].right - piece.shape[1]) < 15


def test_a_piece_reads_alike_in_any_batch(draw) -> None:
    """Pieces of other widths beside it change nothing."""
    pieces = [_line(draw, text) for text in ("Huyện", "Ủy ban nhân dân", "Hà Nội, ngày 05")]
    together = nets.see("vie", pieces)
    alone = [nets.see("vie", [piece])[0] for piece in pieces]

    for one, other in zip(together, alone, strict=True):
        assert np.allclose(one.log_p, other.log_p, atol=1e-3)


@pytest.mark.parametrize("network", ["vie", "aster"])
def test_odd_pieces_are_read_without_an_error(network) -> None:
    """One pixel, a bar, a very long line."""
    odd = [np.zeros(shape, np.uint8) for shape in ((1, 1), (60, 2), (3, 900))]

    assert len(nets.see(network, odd)) == 3
    assert nets.see(network, []) == []
