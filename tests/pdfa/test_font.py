"""Tests of pipeline.pdfa.font."""

from __future__ import annotations

import io

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from pipeline.errors import ToolCrashed
from pipeline.pdfa.font import InvisibleFont, font_program
from pipeline.pdfa.to_unicode import read_to_unicode


def test_codes_follow_the_code_points_and_never_zero() -> None:
    """The order in which characters come does not matter; code 0 is .notdef."""
    font = InvisibleFont("bađ😀a")

    assert font.encode("abđ😀") == bytes([0, 1, 0, 2, 0, 3, 0, 4])


def test_widths_in_the_pdf_are_those_of_the_program() -> None:
    """PDF/A compares both, and readers place their highlights by them."""
    program = TTFont(io.BytesIO(font_program()))
    advances = [program["hmtx"][name][0] for name in program.getGlyphOrder()]
    font = InvisibleFont("iWđặ中 ")
    with pikepdf.new() as pdf:
        entry = font.write(pdf)
        cid_font = entry.DescendantFonts[0]
        widths = [int(width) for width in cid_font.W[1]]
        glyphs = cid_font.CIDToGIDMap.read_bytes()

    numbers = [int.from_bytes(glyphs[at : at + 2], "big") for at in range(2, len(glyphs), 2)]
    assert [advances[number] for number in numbers] == widths
    assert 0 not in numbers
    assert font.width("i") < font.width("đ") < font.width("W") < font.width("中")


def test_glyphs_have_a_box_and_no_area() -> None:
    """A glyph without height is overlooked by readers; one with area might print."""
    program = TTFont(io.BytesIO(font_program()))
    for name in program.getGlyphOrder():
        glyph = program["glyf"][name]
        assert len(glyph.coordinates) == 2
        assert glyph.xMax == program["hmtx"][name][0]
        assert glyph.yMax > 0 > glyph.yMin


def test_unicode_beyond_the_basic_plane_is_mapped() -> None:
    """Each code maps to its whole character, surrogate pairs included."""
    font = InvisibleFont("ặ😀²")
    with pikepdf.new() as pdf:
        cmap = font.write(pdf).ToUnicode.read_bytes()

    assert read_to_unicode(cmap) == {1: "²", 2: "ặ", 3: "😀"}


def test_the_program_is_small_and_always_the_same() -> None:
    """The font costs less than a kilobyte, and holds no time of day."""
    font_program.cache_clear()
    first = font_program()
    font_program.cache_clear()

    assert font_program() == first
    assert len(first) < 1000


def test_more_characters_than_codes_is_an_error() -> None:
    """A CID has 16 bits; nothing is dropped in silence."""
    with pytest.raises(ToolCrashed, match="different characters"):
        InvisibleFont(map(chr, range(0x10000, 0x10000 + 66_000)))
