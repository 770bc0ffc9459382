"""The same ink is read once."""

from __future__ import annotations

from pipeline.model import Box, Line, Word
from pipeline.recognition.doubles import without_doubles


def line(texts: str, left: int, top: int, confidence: float) -> Line:
    """Return a line of words 60 px wide, 80 px apart."""
    words = tuple(
        Word(text, Box(left + 80 * n, top, left + 80 * n + 60, top + 30), confidence, "tesseract")
        for n, text in enumerate(texts.split())
    )
    return Line(words, (top + 28.0, top + 28.0 + 0.1 * (80 * len(words) - 20)))


def test_a_line_read_twice_is_kept_once() -> None:
    """Of two readings of one line the surer stays, in its place."""
    first, again = line("cơ sở tỉnh", 100, 50, 0.6), line("cơ sở tỉnh", 103, 52, 0.9)
    other = line("dòng sau", 100, 120, 0.9)

    assert without_doubles([first, again, other]) == (again, other)


def test_words_on_ink_of_their_own_stay() -> None:
    """Only the doubled words go; the baseline follows the words that stay."""
    sure, doubtful = line("được triển", 100, 50, 0.9), line("được triển khai đúng", 102, 51, 0.5)

    kept = without_doubles([sure, doubtful])

    assert [word.text for word in kept[1].words] == ["khai", "đúng"]
    assert kept[1].baseline is not None and doubtful.baseline is not None
    assert kept[1].baseline[0] > doubtful.baseline[0]
    assert abs(kept[1].baseline[1] - doubtful.baseline[1]) < 0.5


def test_close_lines_are_no_doubles() -> None:
    """Lines that touch, as marks above and tails below do, both stay."""
    lines = [line("một hai", 100, 50, 0.9), line("ba bốn", 100, 70, 0.9)]

    assert without_doubles(lines) == tuple(lines)
