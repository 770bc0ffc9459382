"""Tests of pipeline.pdfa.font."""

from __future__ import annotations

import io
import zlib

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from pipeline.errors import ToolCrashed
from pipeline.pdfa.font import FACES, Face, InvisibleFont, font_program
from pipeline.pdfa.to_unicode import read_to_unicode


def test_codes_follow_the_code_points_and_never_zero() -> None:
    """The order in which characters come does not matter; code 0 is .notdef."""
    font = InvisibleFont("bađ😀a")

    assert font.encode("abđ😀") == bytes([0, 1, 0, 2, 0, 3, 0, 4])


def test_widths_in_the_pdf_are_those_of_the_program() -> None:
    """PDF/A compares both, in every face, and readers place their highlights by them."""
    font = InvisibleFont("iWđặ中 ", FACES)
    with pikepdf.new() as pdf:
        fonts = font.write(pdf)
        for face in FACES:
            cid_font = fonts[face.resource].DescendantFonts[0]
            program = TTFont(io.BytesIO(cid_font.FontDescriptor.FontFile2.read_bytes()))
            order = program.getGlyphOrder()
            widths = [int(width) for width in cid_font.W[1]]
            glyphs = cid_font.CIDToGIDMap.read_bytes()
            numbers = [
                int.from_bytes(glyphs[at : at + 2], "big") for at in range(2, len(glyphs), 2)
            ]
            used = [program["glyf"][order[number]] for number in numbers]

            assert [program["hmtx"][order[number]][0] for number in numbers] == widths
            assert 0 not in numbers
            assert {(glyph.yMax, glyph.yMin) for glyph in used} == {face}
            assert (cid_font.FontDescriptor.Ascent, cid_font.FontDescriptor.Descent) == face
    assert font.width("i") < font.width("đ") < font.width("W") < font.width("中")


def test_glyphs_have_a_box_and_no_area() -> None:
    """A glyph without height is overlooked by readers; one with area might print."""
    program = TTFont(io.BytesIO(font_program(FACES)))
    for name in program.getGlyphOrder():
        glyph = program["glyf"][name]
        assert len(glyph.coordinates) == 2
        assert glyph.xMax == program["hmtx"][name][0]
        assert glyph.yMax > 0 > glyph.yMin


def test_a_word_gets_the_face_that_is_as_high_as_it() -> None:
    """Small letters, tall letters, letters with marks above and below; nothing is out of range."""
    assert Face.nearest(0.5, 0.0) == (500, -10)
    assert Face.nearest(0.82, 0.22) == (800, -200)
    assert Face.nearest(9.0, 9.0) == (1000, -200)
    assert Face.nearest(-9.0, -9.0) == (250, -10)
    assert len({face.resource for face in FACES}) == len(FACES)


def test_readers_believe_the_heights_of_every_face() -> None:
    """poppler takes an ascent above 1050 or a descent of 0 for a fault."""
    assert all(face.ascent <= 1050 and -1000 < face.descent < 0 for face in FACES)


def test_unicode_beyond_the_basic_plane_is_mapped() -> None:
    """Each code maps to its whole character, surrogate pairs included."""
    font = InvisibleFont("ặ😀²")
    with pikepdf.new() as pdf:
        cmaps = [one.ToUnicode.read_bytes() for one in font.write(pdf).values()]

    assert len(cmaps) == len(FACES)
    assert all(read_to_unicode(cmap) == {1: "²", 2: "ặ", 3: "😀"} for cmap in cmaps)


def test_the_program_is_small_and_always_the_same() -> None:
    """One face costs less than a kilobyte, all together little more, and hold no time of day."""
    font_program.cache_clear()
    first = font_program(FACES)
    font_program.cache_clear()

    assert font_program(FACES) == first
    assert len(font_program(FACES[:1])) < 1000
    assert len(zlib.compress(first, 9)) < 2000


def test_more_characters_than_codes_is_an_error() -> None:
    """A CID has 16 bits; nothing is dropped in silence."""
    with pytest.raises(ToolCrashed, match="different characters"):
        InvisibleFont(map(chr, range(0x10000, 0x10000 + 66_000)))
