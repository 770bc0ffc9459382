"""Tests of pipeline.pdfa.rules."""

from __future__ import annotations

import zlib
from decimal import Decimal

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pipeline.pdfa.rules import Refused, allow_keys, check_object, resource, stream_bytes


@pytest.fixture
def pdf() -> pikepdf.Pdf:
    """Return an empty PDF to make objects in."""
    return pikepdf.new()


@pytest.mark.parametrize(
    "entry",
    [
        Name("/" + "ặ" * 43),  # 129 bytes
        pikepdf.Object.parse(b"/a#ff"),
        pikepdf.Object.parse(b"<< /a#ff 1 >>"),
        String("x" * 32_768),
        2**31,
        Decimal("4e38"),
        Dictionary(Deep=Array([Dictionary(JS=String("x"))])),
        Dictionary(Type=Name.Action),
        Dictionary(EF=Dictionary()),
    ],
    ids=range(9),
)
def test_objects_beyond_the_limits_are_refused(entry: object) -> None:
    """Limits and forbidden keys hold at any depth."""
    with pytest.raises(Refused):
        check_object(entry)


def test_ordinary_objects_pass() -> None:
    """The limits themselves are allowed."""
    check_object(Dictionary(A=Array([1, Decimal("1.5"), True, None, String("x" * 32_767)])))
    check_object(Name("/" + "x" * 127))
    check_object(-(2**31) + 1)


def test_endless_nesting_is_refused() -> None:
    """Direct objects in one another end somewhere."""
    entry = Array()
    for _ in range(60):
        entry = Array([entry])
    with pytest.raises(Refused, match="too deep"):
        check_object(entry)


@pytest.mark.parametrize("name", ["/LZWDecode", "/Crypt", "/JPXDecode", "/Potato"])
def test_filters_that_are_not_allowed(pdf: pikepdf.Pdf, name: str) -> None:
    """Filters are an allow-list, alone or in a chain."""
    for filters in (Name(name), Array([Name.FlateDecode, Name(name)])):
        with pytest.raises(Refused, match="filter"):
            check_object(pikepdf.Stream(pdf, b"", Filter=filters))


def test_a_small_stream_does_not_fill_the_memory(pdf: pikepdf.Pdf) -> None:
    """Decoding stops at the limit, however much more would come."""
    bomb = pikepdf.Stream(pdf, zlib.compress(bytes(50_000_000), 9), Filter=Name.FlateDecode)
    with pytest.raises(Refused, match="larger than"):
        stream_bytes(bomb, 1000, "6.2.2", "a stream")


def test_streams_are_decoded_or_refused(pdf: pikepdf.Pdf) -> None:
    """What is no stream, damaged or coded in another way is refused, not guessed."""
    good = pikepdf.Stream(pdf, zlib.compress(b"abc"), Filter=Name.FlateDecode)

    assert stream_bytes(good, 3, "6.2.2", "a stream") == b"abc"
    for bad in (
        None,
        Dictionary(),
        pikepdf.Stream(pdf, b"rubbish", Filter=Name.FlateDecode),
        pikepdf.Stream(pdf, b"61>", Filter=Name.ASCIIHexDecode),
    ):
        with pytest.raises(Refused):
            stream_bytes(bad, 100, "6.2.2", "a stream")


def test_strange_keys_and_missing_resources_are_named() -> None:
    """The reason says what it is about."""
    with pytest.raises(Refused, match="a page has /B"):
        allow_keys(Dictionary(A=1, B=2), {"/A"}, "6.1", "a page")
    with pytest.raises(Refused, match="a Font resource is missing"):
        resource(Dictionary(Font=Dictionary()), "/Font", Name.F1)
    assert resource(Dictionary(Font=Dictionary(F1=7)), "/Font", Name.F1) == 7
