"""The conversion mark: seen, over nothing, and no part of the page image."""

from __future__ import annotations

import pikepdf
import pytest

from pipeline.errors import ArchiveDiffers
from pipeline.pdfa import compose, place_mark, structure, verify
from pipeline.pdfa.mark import Mark

LINES = ("BẢN CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY", "Người chuyển đổi: Nguyễn Thị Ánh Nguyệt")


@pytest.fixture
def archive(draw, facts, tmp_path):
    """Return a page of text and its archive PDF without a mark."""
    pages = [draw(["Quyết định về việc công nhận"])]
    compose(pages, facts, tmp_path / "archive.pdf")
    return pages, tmp_path / "archive.pdf"


def test_a_marked_archive_is_proved_like_any_other(archive, facts):
    """The text that is read and the image that is stored are the same with it and without."""
    pages, pdf = archive
    mark = place_mark(pdf, LINES, "bottom-right")
    compose(pages, facts, pdf, mark=mark)

    found = verify(pdf, pages, mark=mark)

    assert found.pdfa == "2u"
    assert all(found.checks.values())
    assert list(structure.check(pdf)) == []


def test_each_corner_is_kept_where_it_is_free(archive):
    """It stands where it was asked for; the text at the top left makes it go elsewhere."""
    _, pdf = archive
    left, bottom, right, top = place_mark(pdf, LINES, "bottom-right").box

    assert right > 550
    assert bottom < 50
    assert (right - left, top - bottom) > (100, 15)


def test_a_mark_that_is_not_drawn_is_found_out(archive):
    """What the record says of it must be true."""
    pages, pdf = archive
    with pytest.raises(ArchiveDiffers, match="mark"):
        verify(pdf, pages, mark=place_mark(pdf, LINES, "bottom-right"))


def test_a_mark_over_letters_is_found_out(archive, facts):
    """Also when a place was wrongly thought to be free."""
    pages, pdf = archive
    mark = place_mark(pdf, LINES, "bottom-right")
    text = pages[0].page.lines[0].words[0].box
    height_pt = pages[0].page.height_px * 72 / pages[0].page.dpi
    left, top = text.left * 72 / 100, height_pt - text.top * 72 / 100
    over = Mark(mark.content, (left, top - 20, left + 150, top))
    compose(pages, facts, pdf, mark=over)

    with pytest.raises(ArchiveDiffers, match="covers"):
        verify(pdf, pages, mark=over)


def test_bytes_are_the_same_again(archive, facts, tmp_path):
    """Two tries of one document commit the same file."""
    pages, pdf = archive
    mark = place_mark(pdf, LINES, "top-right")
    for name in ("one.pdf", "two.pdf"):
        compose(pages, facts, tmp_path / name, mark=mark)

    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


@pytest.mark.verapdf
def test_verapdf_agrees(archive, facts, verapdf):
    """A mark is drawn without a font, so there is none to fail."""
    pages, pdf = archive
    mark = place_mark(pdf, LINES, "bottom-left")
    compose(pages, facts, pdf, mark=mark)

    assert verify(pdf, pages, mark=mark, verapdf=verapdf).checks["verapdf"]
    with pikepdf.open(pdf) as opened:
        assert len(opened.pages) == 1
