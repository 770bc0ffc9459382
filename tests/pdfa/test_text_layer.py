"""Tests of pipeline.pdfa.text_layer."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import ArchivePage, Box, Line, Page, Word
from pipeline.pdfa import ArchiveFacts, compose, verify
from pipeline.pdfa.comparison import words_read, words_written
from pipeline.pdfa.font import InvisibleFont
from pipeline.pdfa.text_layer import Frame, characters, content

Put = Callable[..., ArchivePage]
BMP = st.characters(min_codepoint=0x20, max_codepoint=0xFFFF)
VIETNAMESE = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậẮẰẲẴẶĐ0123456789/-.,()")


@st.composite
def printed_lines(draw: st.DrawFn) -> list[Line]:
    """Lines as recognition gives them at its worst: boxes that touch, overlap or have no size."""
    lines = []
    for row in range(draw(st.integers(1, 6))):
        left, words = draw(st.integers(0, 60)), []
        for _ in range(draw(st.integers(1, 8))):
            text = draw(st.text(VIETNAMESE, min_size=1, max_size=9))
            width, height = draw(st.integers(0, 12)) * len(text), draw(st.integers(0, 24))
            top = 40 + 40 * row + draw(st.integers(-3, 3))
            words.append(Word(text, Box(left, top, left + width, top + height), 0.5, "drawn"))
            left += width + draw(st.integers(-4, 30))
        slope = draw(st.integers(-6, 6))
        base = 60 + 40 * row
        baseline = draw(st.sampled_from([None, (float(base), float(base + slope))]))
        lines.append(Line(tuple(words), baseline))
    return lines


def _read(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        text = page.get_textpage()
        found = str(text.get_text_range())
        text.close()
        page.close()
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=printed_lines())
def test_every_word_is_read_back_in_order(
    lines: list[Line], put: Put, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Whatever the boxes, a reader finds each word once, whole and in its place in the text."""
    page = put(lines)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert words_read(_read(out)) == words_written(page.page.text)


HOSTILE = [
    "\x00\x07\x1b[31m",  # control characters
    "\ud800x\udfff",  # lone surrogates
    "\ue000\uf8ff\U000f0000",  # private use
    "\ufeff\ufffe\uffff\ufdd0",  # no characters at all
    "\u200b\u200e\u202e\u00ad",  # invisible formatting
    "a\u00a0b\u2003c\u2028d",  # white space within a word
    "😀🇻🇳𝒳𐎀",  # beyond the basic plane
    "ﬁnﬄ",  # ligatures
    "שלום (12) مرحبا",  # right to left
    "中文字符",
    "x\u0323\u0301\u0302",  # stacked marks
    ") Tj ET Q \\) (",  # PDF operators
    "(" * 50 + "\\" * 50,
    "<</A>> endstream endobj",
    "W" * 5000,  # a very long word
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("box", [Box(0, 0, 0, 0), Box(60, 60, 200, 90), Box(820, 1160, 2000, 3000)])
def test_hostile_words_make_conforming_pages(
    text: str, box: Box, put: Put, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """No text and no box breaks a page, and the words beside it are still found."""
    words = (Word(text, box, 0.5, "drawn"), Word("Xã", Box(300, 60, 340, 90), 0.9, "drawn"))
    page = put([Line(words), Line((Word("Nơi", Box(60, 200, 90, 230), 0.9, "drawn"),))])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert verify(out, [page]).pdfa == "2u"


@pytest.mark.verapdf
def test_verapdf_accepts_hostile_words(
    put: Put, facts: ArchiveFacts, tmp_path: Path, verapdf: Path
) -> None:
    """The reference validator finds no fault with any of them either."""
    boxes = [Box(20, 20 + 40 * row, 300, 50 + 40 * row) for row in range(len(HOSTILE))]
    lines = [Line((Word(t, b, 0.5, "drawn"),)) for t, b in zip(HOSTILE, boxes, strict=True)]
    page = put(lines)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert verify(out, [page], verapdf=verapdf).pdfa == "2u"


def test_one_word_many_times_on_one_place_is_read_as_often(
    put: Put, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Readers drop text that repeats itself as a shadow; each of ours is kept."""
    word = Word("ấ", Box(100, 100, 112, 120), 0.5, "drawn")
    page = put([Line((word,) * 4), Line((word,)), Line((word, word))])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert words_read(_read(out)) == ("ấ",) * 7


def _raw(path: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return done.stdout.decode().split()


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines=printed_lines())
def test_poppler_finds_the_same_words(
    lines: list[Line], put: Put, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """poppler goes by the gaps alone: words whose boxes touch or overlap are set apart for it."""
    page = put(lines)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert _raw(out) == page.page.text.split()


def test_a_line_beside_the_last_one_is_no_part_of_it(
    put: Put, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Two lines that meet on one row stay two, whichever is recognised first."""
    boxes = [Box(100, 100, 200, 130), Box(203, 102, 300, 131), Box(40, 101, 98, 130)]
    lines = [
        Line((Word(text, box, 0.9, "drawn"),))
        for text, box in zip(("giữa", "phải", "trái"), boxes, strict=True)
    ]
    page = put(lines)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert _raw(out) == list(words_read(_read(out))) == ["giữa", "phải", "trái"]


def test_boxes_of_words_are_those_that_were_recognised(
    put: Put, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """What a reader marks is the word: small, tall, with marks, below the line, or a dash."""
    tops = {"xem": 0, "tem": 3, "Xem": 6, "Ấm": 10, "gập": 3, "-": -5}
    lows = {"gập": 6, "-": -5}
    words = tuple(
        Word(text, Box(90 + 120 * n, 100 - 12 - up, 170 + 120 * n, 100 + lows.get(text, 0)), 1, "")
        for n, (text, up) in enumerate(tops.items())
    )
    page = put([Line(words, (100.0, 100.0))])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)
    scale = 72 / page.page.dpi

    found = subprocess.run(["pdftotext", "-bbox", out, "-"], capture_output=True, check=True)
    boxes = re.findall(r'Min="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"',
                       found.stdout.decode())  # fmt: skip
    for word, box in zip(words, boxes, strict=True):
        wanted = (word.box.left, word.box.top, word.box.right, word.box.bottom)
        assert [float(side) for side in box] == pytest.approx([x * scale for x in wanted], abs=2)


def test_text_is_invisible_and_upright(put: Put, facts: ArchiveFacts, tmp_path: Path) -> None:
    """The layer never shows, and a sloping line is stepped, not turned."""
    words = tuple(Word("chữ", Box(x, 100, x + 40, 120), 0.9, "drawn") for x in (100, 300, 500))
    page = put([Line(words, (118.0, 138.0))])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    with pikepdf.open(out) as pdf:
        operators = [
            (str(step.operator), list(step.operands))
            for step in pikepdf.parse_content_stream(pdf.pages[0])
        ]
    assert {tuple(values) for name, values in operators if name == "Tr"} == {(3,)}
    assert not any(name == "Tm" for name, _ in operators)
    steps = [values[1] for name, values in operators if name == "Td"]
    assert all(step < 0 for step in steps[1:])


def test_the_frame_is_the_true_size() -> None:
    """A4 at 300 dpi is 595 x 842 pt; the limits of PDF/A bound the rest."""
    a4 = Frame.of(2480, 3508, 300)
    strip = Frame.of(200_000_000, 1, 300)

    assert (a4.width_pt, a4.height_pt) == (595.2, 841.92)
    assert (strip.width_pt, strip.height_pt) == (14_400, 3)


def test_a_page_without_text_has_no_text_layer() -> None:
    """A blank page, or one whose words hold no character, writes nothing."""
    line = Line((Word("\u200b", Box(0, 0, 9, 9), 0.1, "drawn"),))
    page = Page(1, 100, 100, 100.0, "scan", (line,))

    assert characters(page) == set()
    assert content(page, InvisibleFont(())) == [b""]
