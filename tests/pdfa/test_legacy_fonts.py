"""ToUnicode maps of legacy fonts."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.pdfa import write_unicode
from pipeline.pdfa.to_unicode import read_to_unicode


def simple(path: Path, **entries: object) -> Path:
    """Write a PDF with one simple font that is not embedded."""
    with pikepdf.new() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name("/.VnTime"))
        for key, value in entries.items():
            font[f"/{key}"] = pdf.make_stream(value) if isinstance(value, bytes) else value
        pdf.add_blank_page(page_size=(200, 100))
        fonts = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
        pdf.pages[0].Resources = fonts
        text = "Céng hoµ ph\xadêng".encode("cp1252").hex()
        pdf.pages[0].Contents = pdf.make_stream(f"BT /F1 9 Tf 9 9 Td <{text}> Tj ET".encode())
        pdf.save(path)
    return path


def map_of(path: Path) -> dict[int, str]:
    """Return the ToUnicode map of the one font."""
    with pikepdf.open(path) as pdf:
        stream = pdf.pages[0].Resources.Font.F1.ToUnicode
        assert isinstance(stream, pikepdf.Stream)
        return read_to_unicode(stream.read_bytes())


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"Encoding": Name.WinAnsiEncoding},
        {"Encoding": Dictionary(Differences=Array([233, Name.eacute]))},
        {"ToUnicode": b"1 beginbfchar <AD> <002D> endbfchar"},
    ],
)
def test_simple_fonts_read_as_unicode(tmp_path, entries):
    """By what their encoding says, however little; TCVN3's ư is no hyphen whatever it says."""
    pdf = simple(tmp_path / "a.pdf", **entries)
    write_unicode(pdf, {".VnTime": "tcvn3"}, tmp_path / "b.pdf")
    with pypdfium2.PdfDocument(tmp_path / "b.pdf") as opened:
        assert opened[0].get_textpage().get_text_range().split() == ["Cộng", "hoà", "phường"]


def test_marks_of_vni_are_combining_ones(tmp_path):
    """Each code by itself: the letter before it is another code's."""
    pdf = simple(tmp_path / "a.pdf", Encoding=Name.WinAnsiEncoding)
    write_unicode(pdf, {".VnTime": "vni"}, tmp_path / "b.pdf")
    found = map_of(tmp_path / "b.pdf")

    assert (found[0x61], found[0xF9], found[0xE1]) == ("a", "\u0301", "\u0302\u0301")


def test_other_fonts_are_left_alone(tmp_path):
    """Pages mix fonts."""
    pdf = simple(tmp_path / "a.pdf")
    write_unicode(pdf, {"VNI-Times": "vni"}, tmp_path / "b.pdf")
    with pikepdf.open(tmp_path / "b.pdf") as copy:
        assert "/ToUnicode" not in copy.pages[0].Resources.Font.F1


def test_a_font_that_does_not_say_its_codes_is_refused(tmp_path):
    """A composite font without a map: its codes are numbers of glyphs."""
    pdf = simple(tmp_path / "a.pdf", Subtype=Name.Type0, Encoding=Name("/Identity-H"))

    with pytest.raises(ToolCrashed):
        write_unicode(pdf, {".VnTime": "tcvn3"}, tmp_path / "b.pdf")


def test_a_broken_pdf_is_an_error_of_ours(tmp_path):
    """The error names the file."""
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 broken")

    with pytest.raises(ToolCrashed):
        write_unicode(tmp_path / "a.pdf", {}, tmp_path / "b.pdf")
