"""Ruled lines are taken out, letters stay."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.recognition.rules import without_rules


def test_rules_go_and_letters_stay(draw) -> None:
    """A table's frame goes, its places are told, the words in it keep their ink."""
    page = draw([("Số tiền 126.350", 80, 60)])
    ink = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    ruled = ink.copy()
    cv2.rectangle(ruled, (60, 40), (400, 110), 0, 2)

    clean, down = without_rules(ruled, page.dpi)

    assert np.count_nonzero(clean != ink) < 0.05 * np.count_nonzero(ruled != ink)
    assert down[50:100, 58:64].any(axis=1).all()
    assert not down[:, 80:380].any()


def test_a_page_without_rules_is_returned_as_it_is(draw) -> None:
    """Print and dashes are no rules."""
    page = draw([("Độc lập - Tự do - Hạnh phúc IIII", 40, 60)])
    ink = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    clean, down = without_rules(ink, page.dpi)

    assert np.array_equal(clean, ink)
    assert not down.any()
