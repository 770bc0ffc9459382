"""A page as ALTO."""

from __future__ import annotations

from dataclasses import replace

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Line, Page, Word
from pipeline.recognition.alto import alto_xml

NS = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}


def _page(*lines: Line) -> Page:
    return Page(2, 1000, 1400, 200.0, "scan", lines)


def test_words_lines_and_blocks_are_kept(line) -> None:
    """Reading order, boxes, confidence and baseline are in the file."""
    page = _page(
        line("ỦY BAN", 100, 50), line("Số: 12", 100, 80), line("thân bài", 90, 300, block=1)
    )
    root = ElementTree.fromstring(alto_xml(page, "0001.tif"))

    assert [len(block) for block in root.iterfind(".//a:TextBlock", NS)] == [2, 1]
    strings = root.findall(".//a:String", NS)
    assert [string.get("CONTENT") for string in strings] == [
        "ỦY",
        "BAN",
        "Số:",
        "12",
        "thân",
        "bài",
    ]
    assert strings[1].attrib == {
        "CONTENT": "BAN", "HPOS": "125", "VPOS": "50", "WIDTH": "30", "HEIGHT": "20", "WC": "0.90",
    }  # fmt: skip
    text_line = root.find(".//a:TextLine", NS)
    assert text_line is not None
    assert text_line.get("BASELINE") == "100,66 155,66"
    page_element = root.find(".//a:Page", NS)
    assert page_element is not None
    assert (page_element.get("PHYSICAL_IMG_NR"), page_element.get("WIDTH")) == ("2", "1000")


def test_the_same_page_gives_the_same_bytes(line) -> None:
    """No clock, no machine."""
    page = _page(line("một hai", 10, 10))

    assert alto_xml(page, "a.pdf") == alto_xml(page, "a.pdf")


def test_a_page_without_words() -> None:
    """A blank page is a page."""
    root = ElementTree.fromstring(alto_xml(_page(), "blank.png"))

    assert root.findall(".//a:TextBlock", NS) == []


@given(st.text(max_size=30), st.text(min_size=1, max_size=12), st.floats(-1, 2))
def test_no_text_breaks_the_xml(name: str, text: str, confidence: float) -> None:
    """Quotes, brackets and characters that XML forbids come from scans and file names too."""
    word = Word(text, Box(1, 2, 3, 4), confidence, "made")
    root = ElementTree.fromstring(alto_xml(replace(_page(Line((word,)))), name))

    string = root.find(".//a:String", NS)
    assert string is not None
    assert 0 <= float(string.get("WC", "")) <= 1


def test_it_keeps_the_rules_of_alto_4_4(line) -> None:
    """What the schema asks for is there, in its order; every ID once; confidence of each word."""
    page = _page(line("ỦY BAN", 100, 50), line("thân bài", 90, 300, block=1))
    root = ElementTree.fromstring(alto_xml(page, "archive.pdf"))
    tags = [one.tag.rpartition("}")[2] for one in root.iter()]

    assert root.get("SCHEMAVERSION") == "4.4"
    assert [one.tag.rpartition("}")[2] for one in root] == ["Description", "Layout"]
    assert tags[1:8] == [
        "Description", "MeasurementUnit", "sourceImageInformation", "fileName",
        "Processing", "processingCategory", "processingSoftware",
    ]  # fmt: skip
    ids = [one.get("ID") for one in root.iter() if "ID" in one.attrib]
    assert len(ids) == len(set(ids)) == 1 + 1 + 2 + 2  # processing, page, blocks, lines
    for place in root.iterfind(".//a:TextBlock", NS):
        assert {"ID", "HPOS", "VPOS", "WIDTH", "HEIGHT"} <= set(place.attrib)
    assert all({"CONTENT", "WC"} <= set(one.attrib) for one in root.iterfind(".//a:String", NS))
    assert all(len(one) for one in root.iterfind(".//a:TextLine", NS))  # none is empty
