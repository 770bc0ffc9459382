"""A document as hOCR."""

from __future__ import annotations

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Line, Page, Word
from pipeline.recognition.hocr import hocr
from pipeline.recognition.ocr import lines_of_hocr

_INSIDE = ["ocr_page", "ocr_carea", "ocr_par", "ocr_line", "ocrx_word"]


def _page(*lines: Line, number: int = 1) -> Page:
    return Page(number, 1000, 1400, 200.0, "scan", lines)


def _written(*pages: Page, name: str = "archive.pdf") -> bytes:
    return b"".join(hocr(pages, name))


def _titles(data: bytes, kind: str) -> list[str]:
    root = ElementTree.fromstring(data)
    return [one.get("title", "") for one in root.iter() if one.get("class") == kind]


def test_pages_areas_lines_and_words_have_their_places(line) -> None:
    """In px of the page whose resolution is told, with confidence in per cent."""
    data = _written(_page(line("ỦY BAN", 100, 50), line("thân bài", 90, 300, block=1), number=3))

    assert _titles(data, "ocr_page") == [
        'image "archive.pdf"; bbox 0 0 1000 1400; ppageno 2; scan_res 200 200'
    ]
    assert _titles(data, "ocr_carea") == _titles(data, "ocr_par")
    assert _titles(data, "ocr_carea") == ["bbox 100 50 155 70", "bbox 90 300 165 320"]
    assert _titles(data, "ocr_line")[0] == "bbox 100 50 155 70; baseline 0 -4"
    assert _titles(data, "ocrx_word")[1] == "bbox 125 50 155 70; x_wconf 90"


def test_it_is_nested_as_hocr_is(line) -> None:
    """Page, area, paragraph, line, word; the head says which of them are used."""
    root = ElementTree.fromstring(_written(_page(line("một hai", 10, 10))))
    body, depth = root[1], []
    while len(body):
        body = body[0]
        depth.append(body.get("class"))

    assert depth == _INSIDE
    metas = {meta.get("name"): meta.get("content") for meta in root[0] if meta.get("name")}
    assert metas["ocr-capabilities"].split() == _INSIDE
    assert metas["ocr-system"] == "sohoa made"
    assert metas["ocr-number-of-pages"] == "1"


def test_ids_are_unique_in_a_document_of_many_pages(line) -> None:
    """All pages are one file."""
    pages = [_page(line("một hai", 10, 10), number=number) for number in (1, 2, 11)]
    root = ElementTree.fromstring(_written(*pages))
    ids = [one.get("id") for one in root.iter() if one.get("id")]

    assert len(ids) == len(set(ids)) == 3 * 4


def test_a_sloping_line_tells_its_slope() -> None:
    """Offset and slope are measured from the bottom left corner of the line's box."""
    words = (Word("dốc", Box(100, 100, 300, 140), 0.5, "made"),)
    (title,) = _titles(_written(_page(Line(words, (130.0, 135.0)))), "ocr_line")

    assert title == "bbox 100 100 300 140; baseline 0.025 -10"


def test_blank_pages_and_documents_without_pages() -> None:
    """A blank page is a page."""
    assert len(_titles(_written(_page()), "ocr_page")) == 1
    assert _titles(_written(), "ocr_page") == []


def test_the_same_pages_give_the_same_bytes(line) -> None:
    """No clock, no machine."""
    page = _page(line("một hai", 10, 10))

    assert _written(page) == _written(page)


@given(st.text(max_size=20), st.text(min_size=1, max_size=12), st.floats(-1, 2))
def test_no_text_breaks_the_file(name: str, text: str, confidence: float) -> None:
    """Quotes, brackets and characters that XML forbids come from scans and file names too."""
    word = Word(text, Box(1, 2, 3, 4), confidence, "made")
    data = _written(_page(Line((word,))), name=name)

    (title,) = _titles(data, "ocrx_word")
    assert 0 <= int(title.rsplit(" ", 1)[1]) <= 100
    (page,) = _titles(data, "ocr_page")
    assert page.count('"') == 2


_WORDS = st.lists(st.text("aăâđeêioôơuưyNQ09", min_size=2, max_size=6), min_size=1, max_size=5)


@given(st.lists(st.tuples(_WORDS, st.integers(0, 3), st.floats(-3, 3)), max_size=6))
def test_what_is_written_is_read_back(rows: list[tuple[list[str], int, float]]) -> None:
    """Words, boxes, confidence, order and baselines: our own reader finds all of them."""
    lines = [
        Line(
            tuple(
                Word(text, Box(20 * x + 5, 50 * y, 20 * x + 20, 50 * y + 30), 0.75, "tesseract")
                for x, text in enumerate(texts)
            ),
            (50.0 * y + 20, 50.0 * y + 20 + tilt),
            block,
        )
        for y, (texts, block, tilt) in enumerate(rows)
    ]
    read = lines_of_hocr(_written(_page(*lines)), 1000, 1400)

    assert [line.words for line in read] == [line.words for line in lines]
    for found, line in zip(read, lines, strict=True):
        assert found.baseline is not None
        assert line.baseline is not None
        assert abs(found.baseline[0] - line.baseline[0]) < 0.02
        assert abs(found.baseline[1] - line.baseline[1]) < 0.02
