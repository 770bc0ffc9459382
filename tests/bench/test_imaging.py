"""The bench of skew counts what a tool does not find as what it leaves undone."""

from pathlib import Path

import numpy as np

from bench.imaging import Answer, Case, angles, by_group, errors, table
from bench.skew_pages import BasePage, rotated
from pipeline.imaging import measure_skew
from pipeline.model import PageImage


def _case(deg, group="drawn"):
    return Case(group, "a", deg, Path("a.png"), 200.0, False)


def test_no_answer_leaves_the_whole_angle():
    """A tool that says nothing does not straighten."""
    cases = [_case(2.0), _case(-1.0)]

    off = errors(cases, [Answer(None, 0.1), Answer(-1.04, 0.1)], lambda _: True)

    assert np.allclose(off, [2.0, 0.04])


def test_each_tool_has_a_row_for_each_band():
    """Straight pages, small angles, large ones, and the tail stand apart."""
    cases = [_case(0.0), _case(3.0), _case(12.0, "scans"), _case(-40.0)]
    answers = {"Sohoa": [Answer(case.deg + 0.02, 0.03) for case in cases]}

    rows = table(cases, answers)

    assert len(rows) == 2 + 4
    assert rows[3] == "| ≤ 5° | Sohoa | 1 | 0.020° | 0.020° | 100% | 0.02° | 0.030 |"
    assert by_group(cases, answers)[-1] == "| scans | 0.020°, 100% |"


def test_angles_are_the_same_in_each_run():
    """Level, dense within 5°, and out to the tail."""
    assert angles(3, full=False) == angles(3, full=False)
    assert angles(3, full=True)[0] == 0.0
    assert any(abs(angle) > 15 for angle in angles(3, full=False))


def test_a_turned_page_has_the_angle_that_it_was_turned_by(draw_page):
    """The truth of the bench is true."""
    page = draw_page(dpi=150).image

    turned = rotated(BasePage("drawn", "a", PageImage(page.pixels, 150.0), 0.0), 4.0)

    assert abs(measure_skew(turned).deg - 4.0) < 0.05
