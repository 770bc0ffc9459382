"""Tests of pipeline.pdfa.font_program."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name

from pipeline.pdfa.font_program import read_program
from pipeline.pdfa.rules import Refused

PDF = pikepdf.new()


def _cff() -> bytes:
    """Return a CFF program of three glyphs, 500 and 640 units wide."""
    builder = FontBuilder(1000, isTTF=False)
    names = [".notdef", "A", "B"]
    builder.setupGlyphOrder(names)
    strings = {}
    for name, width in zip(names, (500, 500, 640), strict=True):
        pen = T2CharStringPen(width, None)
        pen.moveTo((0, 0))
        pen.lineTo((100, 0))
        pen.lineTo((100, 100))
        pen.closePath()
        strings[name] = pen.getCharString()
    builder.setupCFF("Test", {}, strings, {})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    builder.setupHorizontalHeader()
    builder.setupPost()
    out = io.BytesIO()
    builder.font.save(out)
    font = TTFont(io.BytesIO(out.getvalue()))
    return bytes(font.reader["CFF "])


def _descriptor(key: str, data: bytes, **entries: object) -> Dictionary:
    return Dictionary({key: PDF.make_stream(data, **entries)})


def test_truetype_glyphs_and_widths(subset: tuple[bytes, dict[str, int], dict[int, int]]) -> None:
    """Glyphs are found by character and measured in thousandths of an em."""
    data, glyphs, widths = subset
    program = read_program(_descriptor("/FontFile2", data))

    assert not program.is_cff
    for char, glyph in glyphs.items():
        assert program.glyph_of_character(char) == glyph
        assert program.has_glyph(glyph)
        assert program.width(glyph) == pytest.approx(widths[glyph], abs=0.5)
    assert program.glyph_of_character("Z") is None
    assert not program.has_glyph(program.glyph_count)
    assert program.glyph_of_cid(1) is None


def test_cff_widths_come_from_the_drawing() -> None:
    """A CFF program has no table of widths: each glyph's drawing begins with its own."""
    program = read_program(_descriptor("/FontFile3", _cff(), Subtype=Name.CIDFontType0C))

    assert program.is_cff
    assert [program.width(glyph) for glyph in (1, 2)] == [500, 640]
    assert program.glyph_of_cid(2) == 2
    with pytest.raises(Refused):
        program.symbolic_glyphs()


def test_simple_fonts_choose_glyphs_by_name(type1: Callable[..., bytes]) -> None:
    """CFF and Type 1 alike; .notdef is glyph 0."""
    for descriptor, widths in (
        (_descriptor("/FontFile3", _cff(), Subtype=Name.Type1C), [500, 640]),
        (_descriptor("/FontFile", type1()), [500, -640]),
    ):
        program = read_program(descriptor)

        assert program.names[0] == ".notdef"
        assert program.glyph_of_name("A") == 1
        assert [program.width(glyph) for glyph in (1, 2)] == widths
        assert program.glyph_of_name("Z") is None


@pytest.mark.parametrize(
    "descriptor",
    [
        Dictionary(),
        _descriptor("/FontFile", b"%!PS-AdobeFont"),
        _descriptor("/FontFile3", b"x", Subtype=Name.OpenType),
        _descriptor("/FontFile3", b"x", Subtype=Name.CIDFontType0C),
        _descriptor("/FontFile2", b""),
    ],
    ids=range(5),
)
def test_absent_and_other_programs_are_refused(descriptor: Dictionary) -> None:
    """Not embedded, of another kind or empty."""
    with pytest.raises(Refused):
        read_program(descriptor)


@given(at=st.integers(0, 4000), value=st.integers(0, 255), cut=st.integers(0, 5000))
def test_damaged_programs_are_read_or_refused(
    subset: tuple[bytes, dict[str, int], dict[int, int]], at: int, value: int, cut: int
) -> None:
    """fontTools trusts its input; we do not let its exceptions out."""
    data = bytearray(subset[0])
    data[at % len(data)] = value
    try:
        program = read_program(_descriptor("/FontFile2", bytes(data[: len(data) - cut])))
        for glyph in range(program.glyph_count):
            program.width(glyph)
        program.glyph_of_character("n")
    except Refused:
        return
