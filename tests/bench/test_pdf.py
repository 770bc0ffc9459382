"""The bench of PDFs lays results over the scan, and says what it left out."""

import numpy as np
import pytest
from PIL import Image

from bench import pdf as bench
from bench import pdf_pages
from pipeline.layers import Likeness


@pytest.fixture
def source(tmp_path):
    """A one-page PDF of a JPEG with a dark bar."""
    pixels = np.full((350, 250, 3), 240, np.uint8)
    pixels[100:120, 30:200] = 20
    Image.fromarray(pixels).save(tmp_path / "scan.jpg", quality=90)
    out = tmp_path / "scan.pdf"
    assert pdf_pages._as_pdf(tmp_path / "scan.jpg", out) == 300
    return pdf_pages.Source("colour", "scan", out, 300, ())


def test_a_result_that_is_the_scan_is_wholly_like_it(source):
    """The same PDF scores one in every measure, and the same size."""
    outcome = bench._outcome(source, source.pdf, bench.reference(source.pdf), "")

    assert outcome.size_bytes == source.pdf.stat().st_size
    assert (outcome.seen.page, outcome.ink) == (pytest.approx(1), pytest.approx(1))


def test_a_tool_without_a_result_has_failed(source):
    """It is counted, not left out of the mean in silence."""
    missing = bench._outcome(source, None, bench.reference(source.pdf), "")
    there = bench.Outcome(50_000, Likeness(0.96, 0.95, 0.97, 8.0), 0.94, 1, 100)

    assert "failed" in bench.row("colour", "tool", 1.0, [source], [missing])
    both = bench.row("colour", "tool", 1.0, [source, source], [missing, there])
    assert both.startswith("| colour | tool (1 failed) | 50 |")
    assert both.endswith("| 0.960 | 0.950 | 0.940 | 8.0 | – | 1.00% |")
