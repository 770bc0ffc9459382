"""The readers of the bench find the words of a page and say where they are."""

import pikepdf
import pytest

from bench import reading
from pipeline.model import Box, Line, Page, Word
from pipeline.pdfa import text_layer
from pipeline.pdfa.font import InvisibleFont

WORDS = (("Giấy", Box(100, 200, 180, 236)), ("phép", Box(190, 204, 280, 236)))


@pytest.fixture
def archive(tmp_path):
    """A page with the text layer of one line at 100 dpi."""
    line = Line(tuple(Word(text, box, 0.9, "drawn") for text, box in WORDS), (230.0, 230.0))
    page = Page(1, 600, 800, 100.0, "scan", (line,))
    font = InvisibleFont(text_layer.characters(page), text_layer.faces(page))
    with pikepdf.new() as pdf:
        entry = pdf.add_blank_page(page_size=(432, 576)).obj
        entry.Resources = pikepdf.Dictionary(Font=font.write(pdf))
        entry.Contents = pdf.make_stream(b"".join(text_layer.content(page, font)))
        pdf.save(tmp_path / "archive.pdf")
    return tmp_path / "archive.pdf"


@pytest.mark.parametrize("name", reading.READERS)
def test_each_reader_finds_the_words_in_their_places(archive, name):
    """The same two words, left and right edges within a tenth of a point."""
    if name == "pdf.js" and not (reading.LIB / "pdfjs").exists():
        pytest.skip("pdf.js is not installed: make bench-readers")
    if name == "PDFBox" and not (reading.LIB / "pdfbox").exists():
        pytest.skip("PDFBox is not installed: make bench-readers")

    (found,) = reading.READERS[name]([archive])

    assert found.words == ("Giấy", "phép")
    assert " ".join(one.text for one in found.seen) == "Giấy phép"
    box = reading.union([one.box for one in found.seen])
    assert (box[0], box[2]) == pytest.approx((72, 201.6), abs=0.1)


def test_search_finds_what_is_there_and_nothing_else(archive):
    """A phrase with marks is found; without its marks it is another one."""
    assert reading.finds(archive, "Giấy phép")
    assert not reading.finds(archive, "Giây phép")
