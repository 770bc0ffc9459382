"""Tests of pipeline.pdfa.type1_program: programs written here, one fault at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pdfa.rules import Refused
from pipeline.pdfa.type1_program import read_type1

Type1 = Callable[..., bytes]


def test_names_widths_and_codes_are_read(type1: Type1) -> None:
    """Widths in all the ways in which a glyph says them."""
    program = read_type1(type1())

    assert program.widths == {".notdef": 500, "A": 500, "uni1EA1": -640}
    assert program.encoding == {65: "A", 200: "uni1EA1"}


def test_other_salts_matrices_and_encodings(type1: Type1) -> None:
    """lenIV 0, units of 1/2000, and the standard encoding."""
    head = b"/FontMatrix [5e-4 0 0 5e-4 0 0] def /Encoding StandardEncoding def\n"
    program = read_type1(type1(head=head, salt=0))

    assert program.widths["A"] == 250
    assert program.encoding[0xD0] == "emdash"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no program",
        b"%!FontType1-1.0\ncurrentfile eexec\n0123456789ABCDEF",
        b"%!FontType1-1.0\ncurrentfile eexec\n\xff\xff\xff\xff\xff\xff\xff\xff",
    ],
    ids=["empty", "text", "digits", "no glyphs"],
)
def test_what_is_damaged_is_refused(data: bytes) -> None:
    """A claim is lost, never given wrongly."""
    with pytest.raises(Refused):
        read_type1(data)


@pytest.mark.parametrize(
    "code",
    [b"\x0e", bytes((139, 13)), bytes((139, 139, 12, 12, 13)), b""],
    ids=["no width", "half", "by zero", "nothing"],
)
def test_a_glyph_must_begin_with_its_width(type1: Type1, code: bytes) -> None:
    """No interpreter looks for it elsewhere."""
    with pytest.raises(Refused, match="begin with its width"):
        read_type1(type1({"A": code}))


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_bytes_make_it_stumble(type1: Type1, noise: bytes, place: int) -> None:
    """Refused, or read; nothing else."""
    data = bytearray(type1())
    data[place : place + len(noise)] = noise
    with suppress(Refused):
        read_type1(bytes(data))
