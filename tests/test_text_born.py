"""Tests of pipeline.text_born: which pages become images, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline import imaging
from pipeline.errors import ArchiveDiffers
from pipeline.layers import EncodedPage
from pipeline.model import ArchivePage, Box, Page, PageImage, SourcePage, Verification, Word
from pipeline.text_born import Ways, prove, text_page

IMAGE = EncodedPage((), Path("look"))
WORDS = (Word("Điều", Box(1, 1, 9, 9), 1.0, "text-layer"),)


def raw(number: int, *, born: bool = True) -> imaging.RawPage:
    """Return a raw page with one word of its own, or of paper."""
    layer = imaging.TextLayer(Path("a.pdf"), number - 1, WORDS) if born else None
    image = PageImage(np.full((100, 80, 3), 255, np.uint8), 100.0)
    return imaging.RawPage(number=number, image=image, text_born=layer)


RAWS = [raw(1), raw(2, born=False), raw(3)]


def scanned(page: imaging.RawPage) -> ArchivePage:
    """Return a page as recognition would."""
    assert page.text_born is None
    return ArchivePage(Page(page.number, 80, 100, 100.0, "scan"), IMAGE)


def pages() -> list[ArchivePage]:
    """Return two text-born pages with one of paper between them."""
    return [text_page(one, one.text_born) if one.text_born else scanned(one) for one in RAWS]


def ways(build, unproved=()) -> Ways:
    """Return the stages: those that draw are simple, `build` is the test's."""
    return Ways(lambda: RAWS, scanned, lambda page: IMAGE, build, lambda archived: unproved)


def looks(archived: Sequence[ArchivePage]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return of each page whose text it has, how it is kept, and its issues."""
    return [
        (
            one.page.kind,
            "vector" if isinstance(one.content, SourcePage) else "image",
            tuple(issue.code for issue in one.page.issues),
        )
        for one in archived
    ]


def vectors_forbid(archived: Sequence[ArchivePage], number: int = 3) -> Verification:
    """Claim PDF/A unless the page with the number is kept as vectors."""
    forbidden = any(
        isinstance(one.content, SourcePage) and one.page.number == number for one in archived
    )
    return Verification(None if forbidden else "2u", {})


def test_proved_pages_stay_vectors() -> None:
    """Nothing is made twice."""
    archived, proof = prove(pages(), ways(lambda archived: Verification("2u", {})))

    assert proof.pdfa == "2u"
    assert [one[1] for one in looks(archived)] == ["vector", "image", "vector"]


def test_only_the_page_in_the_way_becomes_a_picture_with_its_own_text() -> None:
    """Its words are those of the file, not recognised ones."""
    archived, proof = prove(pages(), ways(vectors_forbid, unproved=(3,)))

    assert proof.pdfa == "2u"
    assert looks(archived) == [
        ("text", "vector", ()),
        ("scan", "image", ()),
        ("text", "image", ("page.pictured",)),
    ]
    assert archived[2].page.words == WORDS


def test_text_that_cannot_be_written_is_recognised() -> None:
    """What is seen can always be kept."""

    def build(archived: Sequence[ArchivePage]) -> Verification:
        if looks(archived)[2][:2] == ("text", "image"):
            raise ArchiveDiffers("archive.pdf", "page 3: its text is not the text")
        return vectors_forbid(archived)

    archived, proof = prove(pages(), ways(build, unproved=(3,)))

    assert proof.pdfa == "2u"
    assert looks(archived)[2] == ("scan", "image", ("page.drawn",))


def test_a_copy_that_differs_is_recognised() -> None:
    """All text-born pages of the document: they come from the same program."""

    def build(archived: Sequence[ArchivePage]) -> Verification:
        if isinstance(archived[0].content, SourcePage):
            error = ArchiveDiffers("archive.pdf", "page 1: what it shows is another")
            error.page = 1
            raise error
        return Verification("2u", {})

    archived, _ = prove(pages(), ways(build))

    assert [one[0] for one in looks(archived)] == ["scan", "scan", "scan"]
    assert [one[2] for one in looks(archived)] == [("page.drawn",), (), ("page.drawn",)]


def test_images_that_are_no_help_are_not_kept() -> None:
    """A sheet larger than PDF/A allows, for one: vectors are better than pictures."""
    archived, proof = prove(pages(), ways(lambda archived: Verification(None, {}), (1,)))

    assert proof.pdfa is None
    assert [one[1] for one in looks(archived)] == ["vector", "image", "vector"]


def test_a_scanned_page_that_differs_is_an_error() -> None:
    """There is no other way to keep it."""

    def build(archived: Sequence[ArchivePage]) -> Verification:
        error = ArchiveDiffers("archive.pdf", "page 2: what it shows is not the page image")
        error.page = 2
        raise error

    with pytest.raises(ArchiveDiffers):
        prove(pages(), ways(build))
