"""The values that stages hand over."""

import dataclasses

import pytest

from pipeline import model
from pipeline.model import Box, Line, Page, Word


def test_text_is_lines_in_reading_order():
    """A page's text is its lines, one a row."""
    words = [Word(text, Box(0, 0, 9, 9), 0.9, "tesseract") for text in ("Kính", "gửi:")]
    page = Page(1, 100, 100, 300.0, "scan", (Line(tuple(words)), Line(tuple(words[:1]))))

    assert page.text == "Kính gửi:\nKính"
    assert len(page.words) == 3


@pytest.mark.parametrize(
    "kind",
    [v for v in vars(model).values() if dataclasses.is_dataclass(v)],
    ids=lambda k: k.__name__,
)
def test_values_cannot_be_changed(kind):
    """A value handed over is never edited by the next stage."""
    assert kind.__dataclass_params__.frozen
