"""Tests of pipeline.pdfa.stand_in: fonts that a PDF only names."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.model import ArchivePage
from pipeline.pdfa import ArchiveFacts, compose, structure, verify

Born = Callable[..., Path]
TakenOver = Callable[..., ArchivePage]
Change = Callable[[pikepdf.Pdf], None]


def _simple(text: bytes, **entries: object) -> Change:
    """Return a change that shows a text with a simple font that is not in the file."""

    def change(pdf: pikepdf.Pdf) -> None:
        font = Dictionary({"/Type": Name.Font, "/Subtype": Name.Type1})
        for key, value in entries.items():
            font["/" + key] = value
        pdf.pages[0].Resources.Font.F1 = pdf.make_indirect(font)
        shown = pikepdf.unparse_content_stream([([pikepdf.String(text)], pikepdf.Operator("Tj"))])
        pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 14 Tf 60 700 Td " + shown + b" ET")

    return change


def _unembedded(pdf: pikepdf.Pdf) -> None:
    """Take the program away from the composite font, as Word does with Times New Roman."""
    font = pdf.pages[0].Resources.Font.F1
    del font.DescendantFonts[0].FontDescriptor["/FontFile2"]
    font.BaseFont = font.DescendantFonts[0].BaseFont = Name("/Times New Roman,Bold")


@pytest.fixture
def archived(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> Callable[[Change], tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Return a function from a change to what stands in, what is refused, and the text."""

    def make(change: Change) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        out = tmp_path / "archive.pdf"
        fonts = compose([taken_over(born(change))], facts, out)
        with pypdfium2.PdfDocument(out) as reader:
            text = reader[0].get_textpage().get_text_range()
        return fonts, structure.check(out), text

    return make


def test_a_standard_font_gets_its_program(archived) -> None:
    """Helvetica without widths is one of the 14 that older PDFs need not hold."""
    encoding = Name.WinAnsiEncoding
    fonts, refused, text = archived(
        _simple(b"S\xe0 45\x95", BaseFont=Name.Helvetica, Encoding=encoding)
    )

    assert fonts == ("Helvetica: LiberationSans-Regular",)
    assert (refused, text) == ((), "Sà 45•")


def test_a_composite_font_gets_its_program(archived) -> None:
    """Its letters are told by ToUnicode; codes and widths stay."""
    fonts, refused, text = archived(_unembedded)

    assert fonts == ("Times New Roman,Bold: LiberationSerif-Bold",)
    assert (refused, text) == ((), "Số: 45/2026/NĐ-CP ngày 6 tháng 2")


def test_differences_and_widths_are_heeded(archived) -> None:
    """Code 1 is named ohorn; the width is the PDF's, not the face's."""
    encoding = Dictionary(Differences=Array([1, Name.ohorn, Name.uni1EA1]))
    fonts, refused, text = archived(
        _simple(
            b"\1\2",
            Subtype=Name.TrueType,
            BaseFont=Name("/ABCDEF+Arial,Italic"),
            Encoding=encoding,
            FirstChar=1,
            LastChar=2,
            Widths=Array([600, 600]),
        )
    )

    assert fonts == ("Arial,Italic: LiberationSans-Italic",)
    assert (refused, text) == ((), "ơạ")


def test_a_font_that_shows_nothing_gets_one_all_the_same(archived) -> None:
    """Chosen by an operator it counts as used."""
    fonts, refused, _ = archived(_simple(b"", BaseFont=Name("/Courier-Bold")))

    assert (fonts, refused) == (("Courier-Bold: LiberationMono-Bold",), ())


@pytest.mark.parametrize("name", ["/Symbol", "/ZapfDingbats", "/.VnTime", "/VNI-Times"])
def test_letters_of_its_own_are_not_guessed(archived, name: str) -> None:
    """A Latin letter in the place of another would be a lie."""
    fonts, refused, _ = archived(_simple(b"abc", BaseFont=Name(name)))

    assert fonts == ()
    assert refused


def test_unknown_glyph_names_are_not_guessed(archived) -> None:
    """What a code shows must be said somewhere."""
    encoding = Dictionary(Differences=Array([1, Name.g17]))
    fonts, refused, _ = archived(_simple(b"\1", BaseFont=Name.Helvetica, Encoding=encoding))

    assert fonts == ()
    assert refused


def test_embedded_fonts_are_left_alone(archived, born: Born) -> None:
    """Nothing is written a second time."""
    fonts, refused, _ = archived(lambda pdf: None)

    assert (fonts, refused) == ((), ())


def test_the_page_looks_and_reads_as_before(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """verify compares the copy with the source as a reader draws both."""
    page, out = taken_over(born(_unembedded)), tmp_path / "archive.pdf"
    compose([page], facts, out)

    assert verify(out, [page]).pdfa == "2u"


@pytest.mark.verapdf
def test_verapdf_agrees(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path, verapdf: Path
) -> None:
    """Composite, standard and named by Differences, each in a file of its own."""
    encoding = Dictionary(Differences=Array([1, Name.ohorn]))
    for number, change in enumerate(
        (
            _unembedded,
            _simple(b"Times", BaseFont=Name("/Times-Roman")),
            _simple(b"\1", BaseFont=Name.Helvetica, Encoding=encoding),
            _simple(b"", BaseFont=Name.Courier),
        )
    ):
        page = taken_over(born(change, name=f"{number}.pdf"))
        out = tmp_path / f"archive-{number}.pdf"
        compose([page], facts, out)
        done = subprocess.run(
            [verapdf, "--flavour", "2u", "--format", "text", out],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.startswith("PASS"), number
