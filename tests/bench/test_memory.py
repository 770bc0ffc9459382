"""Large scans stay within the memory that docs/benchmarks.md states."""

import pypdfium2
import pytest

from bench import memory

A3_BYTES = 1_200_000_000  # measured: see docs/benchmarks.md; the limit is generous
PAGE_BYTES = 1_500_000  # that each page of a long PDF may add


def test_a_long_pdf_is_drawn_in_pieces(tmp_path):
    """The bench itself never holds more than a few pages."""
    with pypdfium2.PdfDocument(memory.draw_long_pdf(tmp_path / "long.pdf", 3, at_once=2)) as pdf:
        assert len(pdf) == 3


@pytest.mark.slow
def test_an_a3_page_of_600_dpi_stays_within_its_bound(tmp_path):
    """Two hundred megabytes of pixels are not copied again and again."""
    usage = memory.digitize(memory.draw_a3(tmp_path / "a3.jpg"), tmp_path / "out")

    assert usage.peak_bytes < A3_BYTES


@pytest.mark.slow
def test_a_long_pdf_takes_little_more_than_a_short_one(tmp_path):
    """Pages are read one at a time, and their images wait in files."""
    short, long = (
        memory.digitize(
            memory.draw_long_pdf(tmp_path / f"{pages}.pdf", pages), tmp_path / f"out-{pages}"
        )
        for pages in (5, 45)
    )

    assert long.peak_bytes - short.peak_bytes < 40 * PAGE_BYTES
