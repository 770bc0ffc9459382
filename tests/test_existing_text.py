"""Text that scans bring with them: legacy fonts become Unicode."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from pipeline import imaging
from pipeline.existing_text import Judge, needs_picture, with_unicode
from pipeline.model import Box, Document, Line, PageImage, Scan, ScanFacts, Word
from pipeline.vietnam.legacy import TCVN3, VNI

LINES = (
    "Công an nhân dân phường Hòa Thạnh thông báo đến các tổ chức, cá nhân",
    "về thời gian tiếp nhận hồ sơ và trả kết quả giải quyết thủ tục hành chính",
    "trong dịp nghỉ lễ 30 tháng 4 năm 2022, điện thoại 0274 3822 825.",
)
_TCVN3 = {letter: code for code, letter in TCVN3.items()}
_VNI = {letter: code for code, letter in VNI.items() if code.islower()}


def tcvn3(letter: str) -> list[tuple[str, str]]:
    """A glyph is drawn that the font's map calls by its code."""
    return [(letter, _TCVN3.get(letter, letter))]


def tcvn3_capitals(letter: str) -> list[tuple[str, str]]:
    """The font draws capitals at the codes of small letters."""
    return [(letter.upper(), _TCVN3.get(letter.lower(), letter.lower()))]


def vni(letter: str) -> list[tuple[str, str]]:
    """A letter, then its mark, each with a glyph of its own."""
    if letter in _VNI or letter.isascii():
        return [(letter, _VNI.get(letter, letter))]
    base, *marks = unicodedata.normalize("NFD", letter)
    if base.lower() in "ou" and marks[0] == "\u031b":
        base = unicodedata.normalize("NFC", base + marks.pop(0))
    mark = unicodedata.normalize("NFD", "".join(marks))
    codes = {unicodedata.normalize("NFD", sign): code for code, sign in VNI.items()}
    return [(base, _VNI.get(base, base)), (marks[-1], codes[mark])]


def document(path: Path) -> tuple[Document, tuple[ScanFacts, ...]]:
    """Return a document of one scan."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    scan = Scan(path, path.name, sha256, path.stat().st_size)
    return Document((scan,)), (ScanFacts("application/pdf", ".pdf", 1),)


def text_of(path: Path) -> str:
    """Return the text of page 1 as pdfium reads it, a space for any white space."""
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        words = page.get_textpage()
        text = words.get_text_range()
        words.close()
        page.close()
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "spell", "meant"),
    [
        ("ABCDEF+.VnTime", tcvn3, str),
        ("ABCDEF+F1", tcvn3, str),  # a font whose name tells nothing
        ("ABCDEF+.VnTimeH", tcvn3_capitals, str.upper),
        ("ABCDEF+VNI-Times", vni, str),
    ],
)
def test_legacy_fonts_read_as_unicode(write_text_pdf, tmp_path, name, spell, meant):
    """The copy has the text that is drawn; the PDF itself is not touched."""
    pdf = write_text_pdf(tmp_path / "cũ.pdf", LINES, name=name, spell=spell)
    before = pdf.read_bytes()
    found = with_unicode(*document(pdf), tmp_path)

    assert found.scans[0].path != pdf
    assert unicodedata.normalize("NFC", text_of(found.scans[0].path)) == meant(" ".join(LINES))
    assert (found.scans[0].name, found.scans[0].sha256) == (
        "cũ.pdf",
        hashlib.sha256(before).hexdigest(),
    )
    assert pdf.read_bytes() == before


def test_the_copy_looks_the_same(write_text_pdf, tmp_path):
    """Only what codes mean is written anew."""
    pdf = write_text_pdf(tmp_path / "a.pdf", LINES, name=".VnTime", spell=tcvn3)
    copy = with_unicode(*document(pdf), tmp_path).scans[0].path
    looks = []
    for path in (pdf, copy):
        with pypdfium2.PdfDocument(path) as opened:
            looks.append(opened[0].render(scale=1).to_numpy().tobytes())

    assert looks[0] == looks[1]


def test_unicode_is_left_alone(write_text_pdf, tmp_path):
    """Also in a font that is called as legacy ones are, and what is no PDF."""
    for name in (".VnTime", "VNI-Times", "Serif"):
        pdf = write_text_pdf(tmp_path / "a.pdf", LINES, name=name)
        assert with_unicode(*document(pdf), tmp_path) == document(pdf)[0]
    image, facts = document(pdf)[0], (ScanFacts("image/png", ".png", 1),)
    assert with_unicode(image, facts, tmp_path) == image


def test_hyphens_for_a_letter_are_not_guessed(write_text_pdf, tmp_path):
    """A map that calls TCVN3's ư a hyphen has lost which is which: the page is recognised."""

    def spell(letter):
        return [(letter, "-")] if letter == "ư" else tcvn3(letter)

    pdf = write_text_pdf(
        tmp_path / "a.pdf", ("cư trú, lưu trữ", *LINES), name=".VnTime", spell=spell
    )

    assert with_unicode(*document(pdf), tmp_path) == document(pdf)[0]


def test_a_broken_pdf_stays_as_it_is(tmp_path):
    """Whoever reads its pages says what is wrong with it."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 broken")

    assert with_unicode(*document(tmp_path / "a.pdf"), tmp_path).scans[0].path.name == "a.pdf"


def test_letters_apart_from_their_marks_are_pictured():
    """In our copies only: what came so stays so."""
    apart = imaging.TextLayer(Path("scratch/unicode-0001.pdf"), 0, (), decomposed=True)

    assert needs_picture(apart)
    assert not needs_picture(imaging.TextLayer(Path("a.pdf"), 0, (), decomposed=True))
    assert not needs_picture(imaging.TextLayer(Path("scratch/unicode-0001.pdf"), 0, ()))


WORDS = tuple(
    Word(text, Box(20 * place, 10, 20 * place + 15, 25), 1.0, "text-layer")
    for place, text in enumerate("thửa đất số 57 tờ bản đồ 12".split())  # noqa: SIM905
)


def raw(*fonts: str, words: tuple[Word, ...] = WORDS, ink: bool = True) -> imaging.RawPage:
    """Return a page whose words are in these fonts, with black under them."""
    pixels = np.full((40, 200, 3), 255, np.uint8)
    if ink:
        pixels[12:20] = 0
    named = tuple(fonts[place % len(fonts)] for place in range(len(words)))
    layer = imaging.TextLayer(Path("a.pdf"), 0, words, named)
    return imaging.RawPage(number=1, image=PageImage(pixels, 100.0), text_born=layer)


class Engine:
    """Reads the same words, or none; counts how often it was asked."""

    def __init__(self, *, right: bool = True) -> None:
        self.right, self.calls = right, 0

    def __call__(self, strip: np.ndarray, dpi: float) -> list[Line]:
        self.calls += 1
        return [Line(WORDS)] if self.right else []


def test_a_font_is_asked_about_once():
    """What its letters mean is the same on every page; a new font is asked about."""
    judge = Judge(engine := Engine())

    assert [judge.refuses(raw("A")), judge.refuses(raw("A")), engine.calls] == [False, False, 1]
    assert [judge.refuses(raw("A", "B")), judge.refuses(raw("B")), engine.calls] == [
        False,
        False,
        2,
    ]


def test_text_that_reads_otherwise_is_refused_on_every_page():
    """Nothing is proved by a page that was refused."""
    judge = Judge(engine := Engine(right=False))

    assert [judge.refuses(raw("A")), judge.refuses(raw("A"))] == [True, True]
    assert engine.calls == 4


def test_words_that_nobody_sees_are_refused_unread():
    """White text over a picture of a text, for one."""
    judge = Judge(engine := Engine())

    assert judge.refuses(raw("A", ink=False))
    assert engine.calls == 0


def test_pages_without_text_to_keep_are_not_judged():
    """Scans, and text that the statistics refuse already."""
    judge = Judge(engine := Engine())
    garbage = tuple(Word("\ufffd" * 9, word.box, 1.0, "text-layer") for word in WORDS)

    assert not judge.refuses(raw("A", words=garbage))
    assert not judge.refuses(imaging.RawPage(number=1, image=raw("A").image, text_born=None))
    assert engine.calls == 0
