"""The pages of a PDF are counted a second time, by a reader that is not qpdf."""

import pikepdf
import pytest

from pipeline.imaging import probe, second_count
from pipeline.imaging.second_count import count_pages

PAGE = {"size": (144, 216), "content": b"BT /F 40 Tf 20 100 Td (So 57) Tj ET"}


@pytest.fixture
def damage(make_pdf):
    """Write a PDF of three pages in which some bytes are others, and no offset moves."""

    def write(old, new):
        assert len(old) == len(new)
        mode = pikepdf.ObjectStreamMode.disable
        path = make_pdf(PAGE, PAGE, PAGE, qdf=True, object_stream_mode=mode)
        data = path.read_bytes()
        assert data.count(old) == 1
        path.write_bytes(data.replace(old, new))
        return path

    return write


def lose_the_last_page(damage):
    """Return a PDF whose third page is named in the tree and nowhere else."""
    path = damage(b"/Count 3", b"/Count 3")
    with pikepdf.open(path) as pdf:
        number, _ = pdf.pages[2].objgen
    return damage(b"\n%d 0 obj" % number, b"\n%d 0 obj" % (9 if number < 10 else 99))


def test_a_sound_file_has_one_number_of_pages(make_pdf):
    """Both readers see what is there."""
    assert count_pages(make_pdf(PAGE, PAGE)) == 2


def test_a_page_that_is_lost_is_noticed(damage, limits):
    """The reader that we go by drops the page; the other one knows of it."""
    path = lose_the_last_page(damage)

    facts = probe(path, path.name, limits)

    assert (facts.pages, facts.other_pages) == (2, 3)


def test_a_lost_page_hides_no_other(damage, read):
    """The pages that are there are read, whichever page is missing."""
    assert len(read(lose_the_last_page(damage))) == 2


@pytest.mark.parametrize("told", [b"/Count 1", b"/Count 5"])
def test_a_wrong_number_in_the_file_loses_nothing(damage, limits, read, told):
    """What a file says of itself is no page; those that it holds are read, and it is noticed."""
    path = damage(b"/Count 3", told)

    facts = probe(path, path.name, limits)
    assert facts.pages == 3
    assert facts.other_pages == int(told[-1:])
    assert len(read(path)) == 3


def test_poppler_counts_what_pdfium_cannot_open(make_pdf, monkeypatch):
    """A file with damage that stops one reader is still counted twice."""

    def refuse(path):
        raise second_count.pypdfium2.PdfiumError("Data format error")

    monkeypatch.setattr(second_count.pypdfium2, "PdfDocument", refuse)

    assert count_pages(make_pdf(PAGE, PAGE)) == 2


def test_a_file_that_nobody_else_opens_has_no_second_number(tmp_path):
    """There is nothing to compare with then."""
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing\n%%EOF\n")

    assert count_pages(path) is None
