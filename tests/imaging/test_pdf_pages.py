"""Pages are drawn by the reader that loses nothing."""

import numpy as np
import pytest

from pipeline.errors import UnreadableScan
from pipeline.imaging import pdf_pages
from pipeline.imaging.poppler import PopplerFile

NOISE = np.random.default_rng(5).integers(0, 250, (300, 200, 3), np.uint8)
SCAN = {"size": (144, 216), "images": [NOISE], "content": b"144 0 0 216 0 0 cm /I0 Do"}
TEXT = {"size": (144, 216), "content": b"BT /F 40 Tf 20 100 Td (So 57) Tj ET"}


def draw(path, scratch, pages=1):
    options = {"default_dpi": 100, "max_dpi": 400, "max_pixels": 10**7, "timeout_s": 60}
    return list(pdf_pages.draw_pages(path, "scan", pages, scratch=scratch, **options))


@pytest.fixture
def broken(monkeypatch):
    """Make one reader fail: give nothing, or a white page."""

    def fail(reader, shape=None):
        made = None if shape is None else np.full(shape, 255, np.uint8)
        if reader == "poppler":
            monkeypatch.setattr(PopplerFile, "draw", lambda *_: made)
        else:
            monkeypatch.setattr(pdf_pages, "_draw_pdfium", lambda *_: made)

    return fail


@pytest.mark.parametrize("shape", [None, (300, 200, 3)])
def test_poppler_stands_in_for_a_scan(make_pdf, tmp_path, broken, shape):
    """A scan that pdfium cannot draw, or draws white, is drawn by poppler."""
    broken("pdfium", shape)

    (page,) = draw(make_pdf(SCAN), tmp_path)

    assert page.image.pixels.std() > 20


@pytest.mark.parametrize("shape", [None])
def test_pdfium_stands_in_for_text(make_pdf, tmp_path, broken, shape):
    """A page that poppler cannot draw is drawn by pdfium."""
    broken("poppler", shape)

    (page,) = draw(make_pdf(TEXT), tmp_path)

    assert (page.image.pixels < 100).sum() > 500
    assert [word.text for word in page.text_born.words] == ["So", "57"]


def test_both_readers_draw_the_same(make_pdf, tmp_path, broken):
    """The substitute's page has the same size and content."""
    path = make_pdf(TEXT)
    (first,) = draw(path, tmp_path)
    broken("poppler")
    (second,) = draw(path, tmp_path)

    assert first.image.pixels.shape == second.image.pixels.shape
    assert np.abs(first.image.pixels.astype(int) - second.image.pixels).mean() < 4


def test_a_page_that_no_reader_draws_is_named(make_pdf, tmp_path, broken):
    """The error says which page of which scan."""
    broken("poppler")
    broken("pdfium")

    with pytest.raises(UnreadableScan, match="scan: page 1"):
        draw(make_pdf(TEXT), tmp_path)


def test_a_file_that_only_qpdf_can_repair_is_drawn(make_pdf, tmp_path, monkeypatch):
    """What pdfium cannot open is repaired first; its text is not trusted then."""
    path = make_pdf(TEXT)
    opened = pdf_pages.open_pdf

    def open_pdf(file, name):
        if file == path:
            raise UnreadableScan(name)
        return opened(file, name)

    monkeypatch.setattr(pdf_pages, "open_pdf", open_pdf)

    (page,) = draw(path, tmp_path)

    assert (page.image.pixels < 100).sum() > 500
    assert page.text_born is None


def test_a_white_scan_is_white(make_pdf, tmp_path):
    """A page scanned empty is empty, not an error."""
    white = np.full((300, 200), 255, np.uint8)

    (page,) = draw(make_pdf(SCAN | {"images": [white]}), tmp_path)

    assert page.image.pixels.min() == 255


def test_stopping_early_leaves_nothing(make_pdf, tmp_path):
    """A reader that takes one page of many closes the file and cleans up."""
    path = make_pdf(TEXT, TEXT, TEXT)
    options = {"default_dpi": 50, "max_dpi": 400, "max_pixels": 10**7, "timeout_s": 60}
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    pages = pdf_pages.draw_pages(path, "scan", 3, scratch=scratch, **options)
    next(pages)
    pages.close()

    assert list(scratch.iterdir()) == []
