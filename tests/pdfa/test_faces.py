"""Tests of pipeline.pdfa.faces."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from pipeline.pdfa.faces import Face, Letter, draw

VIETNAMESE = "Đặng Thị Ngữ, nghĩa vụ ²³"


def letters(text: str, width: float | None = None) -> list[Letter]:
    """Return the characters, each as wide as said."""
    return [Letter(char, width) for char in text]


@pytest.mark.parametrize("kind", ["serif", "sans", "mono"])
def test_a_face_has_every_vietnamese_letter(kind: str) -> None:
    """Glyph n + 1 is letter n, and moves on as far as the program says."""
    program = draw(Face(kind), letters(VIETNAMESE), None)  # type: ignore[arg-type]

    assert program is not None
    font = TTFont(io.BytesIO(program.data))
    advances = [font["hmtx"][name][0] * 1000 / 2048 for name in font.getGlyphOrder()[1:]]
    assert advances == pytest.approx(program.widths)
    inked = [font["glyf"][name].numberOfContours > 0 for name in font.getGlyphOrder()[1:]]
    assert inked == [not char.isspace() for char in VIETNAMESE]


def test_widths_are_those_of_the_standard_fonts() -> None:
    """Times, Helvetica and Courier (Adobe Core 14 metrics), to a thousandth of an em."""
    for kind, width in (("serif", 722), ("sans", 667), ("mono", 600)):
        program = draw(Face(kind), letters("A"), None)  # type: ignore[arg-type]
        assert program is not None
        assert program.widths[0] == pytest.approx(width, abs=1)


def test_a_letter_is_squeezed_into_the_width_that_is_asked_for() -> None:
    """Never stretched: it only moves on farther."""
    own, narrow, wide = (
        TTFont(io.BytesIO(program.data))["glyf"]["glyph00001"].xMax
        for program in (draw(Face("sans"), letters("H", width), None) for width in (None, 500, 900))
        if program is not None
    )

    assert narrow == pytest.approx(own * 500 / 722, abs=2)
    assert wide == own


def test_a_ligature_is_drawn_letter_by_letter() -> None:
    """As wide as its letters together."""
    whole, parts = (
        draw(Face("serif"), [Letter(text, None) for text in texts], None)
        for texts in (["ffi"], ["f", "f", "i"])
    )

    assert whole is not None
    assert parts is not None
    assert whole.widths[0] == pytest.approx(sum(parts.widths))


def test_codes_lie_where_symbolic_fonts_have_them() -> None:
    """One map, (3, 0), as ISO 19005-2, 6.2.11.6 asks for."""
    program = draw(Face("serif", bold=True, italic=True), letters("Ạb"), [65, 200])

    assert program is not None
    (table,) = TTFont(io.BytesIO(program.data))["cmap"].tables
    assert (table.platformID, table.platEncID) == (3, 0)
    assert sorted(table.cmap) == [0xF041, 0xF0C8]


@pytest.mark.parametrize("letter", [Letter("\U000e0001", None), Letter("", None), Letter("W", 100)])
def test_what_no_face_can_show_is_not_drawn(letter: Letter) -> None:
    """A letter that is nowhere, nothing, and one that would have to be another."""
    assert draw(Face("serif"), [letter], None) is None


def test_the_same_letters_give_the_same_bytes() -> None:
    """The archive PDF is the same every time."""
    first, again = (draw(Face("serif"), letters(VIETNAMESE), None) for _ in range(2))

    assert first == again
