"""Tests of pipeline.pdfa.font_rules: a clean font, and one fault at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.drawing_rules import Drawing
from pipeline.pdfa.font_rules import check_font
from pipeline.pdfa.rules import Refused

Born = Callable[..., Path]
Subset = tuple[bytes, dict[str, int], dict[int, int]]


def _check(path: Path) -> None:
    """Check the one font of a PDF for what is shown with it."""
    with pikepdf.open(path) as pdf:
        drawing = Drawing()
        drawing.check_page(pdf.pages[0])
        (used,) = drawing.fonts.values()
        check_font(used)


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.Font.F1


def _cid_font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return _font(pdf).DescendantFonts[0]


def test_a_clean_composite_font_passes(born: Born) -> None:
    """Embedded, measured right and mapped to Unicode."""
    _check(born())


FAULTS: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "another encoding": lambda pdf: _font(pdf).__setitem__("/Encoding", Name("/Identity-V")),
    "two descendants": lambda pdf: _font(pdf).DescendantFonts.append(_cid_font(pdf)),
    "no collection": lambda pdf: _cid_font(pdf).__delitem__("/CIDSystemInfo"),
    "no CIDToGIDMap": lambda pdf: _cid_font(pdf).__delitem__("/CIDToGIDMap"),
    "all to .notdef": lambda pdf: _cid_font(pdf).__setitem__(
        "/CIDToGIDMap", pdf.make_stream(bytes(2000))
    ),
    "short CIDToGIDMap": lambda pdf: _cid_font(pdf).__setitem__(
        "/CIDToGIDMap", pdf.make_stream(b"\0\0")
    ),
    "wrong widths": lambda pdf: _cid_font(pdf).__setitem__("/W", Array([0, 200, 503])),
    "odd widths": lambda pdf: _cid_font(pdf).__setitem__("/W", Array([0, 100_000, 503])),
    "no widths": lambda pdf: _cid_font(pdf).__delitem__("/W"),
    "another name": lambda pdf: _cid_font(pdf).__setitem__("/BaseFont", Name.Other),
    "a list of glyphs": lambda pdf: _cid_font(pdf).FontDescriptor.__setitem__(
        "/CIDSet", pdf.make_stream(b"\xff")
    ),
    "damaged program": lambda pdf: _cid_font(pdf).FontDescriptor.__setitem__(
        "/FontFile2", pdf.make_stream(b"\0\1\0\0rubbish" * 9)
    ),
    "CFF program of a TrueType font": lambda pdf: (
        _cid_font(pdf).FontDescriptor.__setitem__(
            "/FontFile3", _cid_font(pdf).FontDescriptor.FontFile2
        )
        or _cid_font(pdf).FontDescriptor.__delitem__("/FontFile2")
    ),
    "half a map": lambda pdf: _font(pdf).__setitem__(
        "/ToUnicode", pdf.make_stream(b"1 beginbfchar <0001> <0041> endbfchar")
    ),
    "Type 3": lambda pdf: _font(pdf).__setitem__("/Subtype", Name.Type3),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_is_enough(born: Born, name: str) -> None:
    """Each fault is found in text that is shown with the font."""
    path = born(FAULTS[name])
    with pytest.raises(Refused):
        _check(path)


def _simple(pdf: pikepdf.Pdf, subset: Subset, text: str, **entries: object) -> None:
    """Replace the font by a simple TrueType font with the same program."""
    _, glyphs, widths = subset
    descriptor = _cid_font(pdf).FontDescriptor
    descriptor.Flags = 32
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=descriptor.FontName,
        FirstChar=0,
        LastChar=255,
        Widths=Array([widths.get(glyphs.get(chr(code), 0), 0) for code in range(256)]),
        FontDescriptor=descriptor,
        Encoding=Name.WinAnsiEncoding,
    )
    for key, value in entries.items():
        font["/" + key] = value
    pdf.pages[0].Resources.Font.F1 = pdf.make_indirect(font)
    pdf.pages[0].Contents = pdf.make_stream(f"BT /F1 9 Tf ({text}) Tj ET".encode("cp1252"))


def test_a_simple_truetype_font_passes(born: Born, subset: Subset) -> None:
    """Word writes such fonts for Latin text; their encoding is their map to Unicode."""
    _check(born(lambda pdf: _simple(pdf, subset, "ng 45")))


def test_differences_by_glyph_names_pass(born: Born, subset: Subset) -> None:
    """Names of the Adobe Glyph List say which character is meant."""
    width = subset[2][subset[1]["g"]]
    encoding = Dictionary(
        BaseEncoding=Name.WinAnsiEncoding, Differences=Array([65, Name.g, Name.n])
    )

    def change(pdf: pikepdf.Pdf) -> None:
        _simple(pdf, subset, "A", Encoding=encoding)
        _font(pdf).Widths[65] = width

    _check(born(change))


@pytest.mark.parametrize(
    "entries",
    [
        {"Encoding": Name.StandardEncoding},
        {"Encoding": Dictionary(Differences=Array([65, Name.g]))},
        {
            "Encoding": Dictionary(
                BaseEncoding=Name.WinAnsiEncoding, Differences=Array([65, Name.g123])
            )
        },
        {"BaseFont": Name.Other},
        {"Widths": Array([])},
    ],
)
def test_simple_fonts_with_a_fault_are_refused(
    born: Born, subset: Subset, entries: dict[str, object]
) -> None:
    """Flags, encoding, name and widths must fit together (6.2.11.6)."""
    path = born(lambda pdf: _simple(pdf, subset, "ng", **entries))
    with pytest.raises(Refused):
        _check(path)


def test_text_without_glyph_is_refused(born: Born, subset: Subset) -> None:
    """A letter that the subset lacks would show as .notdef (6.2.11.8)."""
    path = born(lambda pdf: _simple(pdf, subset, "Z"))
    with pytest.raises(Refused, match=r"6\.2\.11\.8"):
        _check(path)


def test_a_symbolic_font_needs_its_map(born: Born, subset: Subset) -> None:
    """A symbolic font has no encoding; several maps of characters are ambiguous."""

    def change(pdf: pikepdf.Pdf) -> None:
        _simple(pdf, subset, "n")
        _font(pdf).FontDescriptor.Flags = 4
        del _font(pdf)["/Encoding"]

    path = born(change)
    with pytest.raises(Refused):
        _check(path)


def _type1(pdf: pikepdf.Pdf, program: bytes, text: bytes, **entries: object) -> None:
    """Replace the font by a simple Type 1 font."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Test, Flags=32, FontFile=pdf.make_stream(program)
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type1,
        BaseFont=Name.Test,
        FirstChar=65,
        LastChar=66,
        Widths=Array([500, 500]),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    for key, value in entries.items():
        font["/" + key] = value
    pdf.pages[0].Resources.Font.F1 = pdf.make_indirect(font)
    pdf.pages[0].Contents = pdf.make_stream(b"BT /F1 9 Tf (" + text + b") Tj ET")


@pytest.mark.parametrize(
    "entries",
    [
        {},
        {"Encoding": Name.WinAnsiEncoding},
        {"Encoding": Dictionary(Differences=Array([65, Name.A]))},
    ],
    ids=["its own encoding", "Latin", "by name"],
)
def test_a_type1_font_passes(
    born: Born, type1: Callable[..., bytes], entries: dict[str, object]
) -> None:
    """TeX and Acrobat write such fonts; a Latin name needs no map to Unicode."""
    _check(born(lambda pdf: _type1(pdf, type1(), b"A", **entries)))


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (b"B", {}),
        (b"B", {"Encoding": Dictionary(Differences=Array([66, Name.B]))}),
        (b"A", {"Widths": Array([600, 600])}),
        (b"A", {"BaseFont": Name.Other}),
        (b"A", {"Encoding": Name.MacExpertEncoding}),
        (b"\\310", {"FirstChar": 200, "Widths": Array([-640])}),
        (b"A", {"Encoding": Dictionary(Differences=Array([65, Name("/.notdef")]))}),
    ],
    ids=["no code", "no glyph", "width", "name", "encoding", "no Unicode", ".notdef"],
)
def test_type1_fonts_with_a_fault_are_refused(
    born: Born, type1: Callable[..., bytes], text: bytes, entries: dict[str, object]
) -> None:
    """What is shown must be in the program, as wide as said, and readable as text."""
    path = born(lambda pdf: _type1(pdf, type1(), text, **entries))
    with pytest.raises(Refused):
        _check(path)
