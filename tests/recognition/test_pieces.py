"""Lines are cut into pieces of print."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.model import Box
from pipeline.recognition.pieces import cut


def _ink(page):
    return cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)


def test_a_wide_gap_parts_a_line(draw) -> None:
    """Two values of a form are two pieces; the spaces between words part nothing."""
    page = draw([("Giới tính: Nữ", 40, 60), ("Dân tộc: Kinh", 480, 60)])
    ink = _ink(page)
    pieces = cut(ink, [Box(30, 55, 800, 100)], np.zeros(ink.shape, bool))

    assert [piece.line for piece in pieces] == [0, 0]
    assert pieces[0].box.right < 400 < pieces[1].box.left
    for piece in pieces:
        assert piece.pixels.shape == (piece.box.height, piece.box.width)
        assert (piece.pixels[0] < 160).any() and (piece.pixels[:, -1] < 160).any()


def test_a_rule_parts_a_line(draw) -> None:
    """Where a vertical rule stood, one cell ends and another begins."""
    page = draw([("123 456", 40, 60)])
    ink = _ink(page)
    rules = np.zeros(ink.shape, bool)
    columns = np.flatnonzero((ink[60:100] < 160).any(axis=0))
    gap = int(columns[np.argmax(np.diff(columns))]) + 2
    rules[50:110, gap] = True

    assert len(cut(ink, [Box(30, 55, 300, 100)], rules)) == 2


def test_ink_of_the_next_line_is_left_out(draw) -> None:
    """A piece holds the marks and descenders of its own line only."""
    page = draw([("Ngày gửi giấy", 40, 50), ("Ấp Ổ Ế", 40, 82)])
    ink = _ink(page)
    lines = [Box(35, 52, 300, 80), Box(35, 84, 300, 112)]
    first, second = cut(ink, lines, np.zeros(ink.shape, bool))

    assert first.box.bottom <= second.box.top + 12
    assert first.box.height < 45 and second.box.height < 45


def test_white_lines_give_no_pieces() -> None:
    """A box without ink is no piece."""
    white = np.full((100, 100), 255, np.uint8)

    assert cut(white, [Box(10, 10, 90, 40)], np.zeros(white.shape, bool)) == ()
