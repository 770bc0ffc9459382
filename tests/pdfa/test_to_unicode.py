"""Tests of pipeline.pdfa.to_unicode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pdfa.rules import Refused
from pipeline.pdfa.to_unicode import is_unicode, read_to_unicode, write_to_unicode


def test_characters_ranges_and_lists_are_read() -> None:
    """The three forms of ISO 32000-1, 9.10.3, with comments and line ends of any kind."""
    cmap = (
        b"% comment <00> <00>\r2 beginbfchar <01> <1EB7>\n<0002><D83DDE00>endbfchar\n"
        b"2 beginbfrange <03> <05> <0041> <06> <07> [<00660069> <0111>] endbfrange"
    )

    assert read_to_unicode(cmap) == {1: "ặ", 2: "😀", 3: "A", 4: "B", 5: "C", 6: "fi", 7: "đ"}


@pytest.mark.parametrize(
    "cmap",
    [
        b"/Other usecmap",
        b"1 beginbfchar <01> endbfchar",
        b"1 beginbfchar <01> <004> endbfchar <",
        b"1 beginbfchar <010203> <0041> endbfchar",
        b"1 beginbfchar <01> <D800> endbfchar",
        b"1 beginbfchar <01> /space endbfchar",
        b"1 beginbfrange <05> <03> <0041> endbfrange",
        b"1 beginbfrange <00> <02> <00FE> endbfrange",
        b"1 beginbfrange <00> <02> [<0041>] endbfrange",
        b"1 beginbfrange <00> <02> endbfrange",
        b"1 beginbfrange <0000> <FFFF> <> endbfrange",
    ],
)
def test_malformed_maps_are_refused(cmap: bytes) -> None:
    """What readers would read differently is not vouched for."""
    with pytest.raises(Refused):
        if not all(is_unicode(text) for text in read_to_unicode(cmap).values()):
            raise Refused("6.2.11.7.2", "no Unicode")


@given(st.binary(max_size=300))
def test_rubbish_never_crashes(rubbish: bytes) -> None:
    """Untrusted bytes are read or refused."""
    for cmap in (rubbish, b"1 beginbfchar " + rubbish + b" endbfchar"):
        try:
            read_to_unicode(cmap)
        except Refused:
            continue


@pytest.mark.parametrize("text", [None, "", "\0", "a\ufeff", "\ufffe"])
def test_what_is_no_unicode(text: str | None) -> None:
    """PDF/A-2u forbids three values and asks for one (6.2.11.7.2)."""
    assert not is_unicode(text)
    assert is_unicode("ặ")


@given(st.dictionaries(st.integers(0, 0xFFFF), st.text(st.characters(codec="utf-8"), min_size=1)))
def test_what_is_written_is_read_again(texts: dict[int, str]) -> None:
    """Any text for any code, in blocks of a hundred."""
    assert read_to_unicode(write_to_unicode(texts)) == texts


def test_simple_fonts_have_codes_of_one_byte() -> None:
    """Readers take the length of a code from the map."""
    assert b"<41> <1EB7>" in write_to_unicode({0x41: "ặ"}, code_bytes=1)
