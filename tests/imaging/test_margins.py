"""Margins are what is empty around the print."""

import numpy as np
import pytest

from pipeline.imaging import measure_margins
from pipeline.model import PageImage


def test_margins_of_a_letter(draw_page):
    """Left and right as they were drawn, whatever the resolution."""
    for dpi in (150, 300):
        page = draw_page(dpi=dpi, prose=10)
        left = min(box.left for _, box in page.lines) / dpi * 25.4
        top = min(box.top for _, box in page.lines) / dpi * 25.4

        margins = measure_margins(page.image)

        assert margins is not None
        assert margins.left == pytest.approx(left, abs=2.5)
        assert margins.top == pytest.approx(top, abs=4)
        assert margins.right > 5 and margins.bottom > 5


def test_a_border_is_no_print(draw_page):
    """Nor are punch holes and specks."""
    page = draw_page(dpi=150, prose=10).image
    plain = measure_margins(page)
    spoilt = page.pixels.copy()
    spoilt[:, :12] = 0
    spoilt[800:830, 40:70] = 0
    spoilt[::97, ::89] = 0

    margins = measure_margins(PageImage(spoilt, page.dpi))

    assert plain is not None and margins is not None
    assert margins.left == pytest.approx(plain.left, abs=1.5)
    assert margins.right == pytest.approx(plain.right, abs=1.5)


@pytest.mark.parametrize("sides", [(1, 1), (3, 900), (900, 3), (400, 400)])
def test_an_empty_page_has_none(sides):
    """Without letters there is nothing to measure."""
    assert measure_margins(PageImage(np.full((*sides, 3), 255, np.uint8), 300.0)) is None
