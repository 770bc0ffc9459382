"""The layout of a page is a value that the record can hold."""

import dataclasses

import pytest

from pipeline.layout import Layout, Margins, Mark, Table


@pytest.mark.parametrize("kind", [Layout, Margins, Mark, Table], ids=lambda k: k.__name__)
def test_values_cannot_be_changed(kind):
    """A value handed over is never edited by the next stage."""
    assert dataclasses.is_dataclass(kind)
    assert kind.__dataclass_params__.frozen


def test_a_page_of_which_nothing_is_known_claims_nothing():
    """An unknown kind is an answer, and no mark is one that was not found."""
    layout = Layout()

    assert (layout.kind, layout.margins_mm) == ("unknown", None)
    assert not layout.tables and not layout.marks and not layout.handwriting
