"""Text-born pages: kept as vectors where that can be proved to be PDF/A, else as images.

What cannot be PDF/A (a font without Unicode, a transparency that no reader agrees on) is drawn,
with the page's own text over it; the file that came in is kept beside the archive PDF anyway. What
cannot even be copied, a form that its viewer fills in for one, is drawn and recognised like a scan.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline import imaging, recognition
from pipeline.errors import ArchiveDiffers
from pipeline.layers import EncodedPage
from pipeline.model import ArchivePage, Issue, Page, SourcePage, Verification


@dataclass(frozen=True, slots=True)
class Ways:
    """What the stages do for `prove`: each page again, and the archive PDF of pages."""

    raws: Callable[[], Iterable[imaging.RawPage]]  # all pages of the document, in order
    recognised: Callable[[imaging.RawPage], ArchivePage]  # like a scan
    pictured: Callable[[imaging.RawPage], EncodedPage]  # as the image of what it shows
    build: Callable[[Sequence[ArchivePage]], Verification]
    # Numbers of the text-born pages that stand in the way of a claim.
    unproved: Callable[[Sequence[ArchivePage]], Collection[int]]


def text_page(
    raw: imaging.RawPage, born: imaging.TextLayer, drawn: EncodedPage | None = None
) -> ArchivePage:
    """Return a page with its own text, nothing recognised: as vectors, or as it was drawn."""
    page = Page(
        number=raw.number,
        width_px=raw.image.width_px,
        height_px=raw.image.height_px,
        dpi=raw.image.dpi,
        kind="text",
        lines=recognition.lines_of(born.words),
        codes=recognition.read_codes(raw.image),
    )
    return ArchivePage(page, drawn or SourcePage(born.pdf, born.index))


def with_issue(one: ArchivePage, issue: Issue) -> ArchivePage:
    """Return the page with one more thing that a person must look at."""
    return replace(one, page=replace(one.page, issues=(*one.page.issues, issue)))


def prove(
    archived: Sequence[ArchivePage], ways: Ways
) -> tuple[Sequence[ArchivePage], Verification]:
    """Build the archive PDF so that it is PDF/A if it can be; return its pages and the proof.

    Raises ArchiveDiffers when a scanned page is not copied faithfully, and what the ways raise.
    """
    born = {one.page.number for one in archived if one.page.kind == "text"}
    try:
        verification = ways.build(archived)
    except ArchiveDiffers as error:
        if error.page is None or archived[error.page - 1].page.number not in born:
            raise
        drawn = list(_recognised(archived, born, ways))  # what a person sees is what counts
        return drawn, ways.build(drawn)
    if verification.pdfa is not None or not born:
        return archived, verification
    numbers = set(ways.unproved(archived)) or born
    drawn = list(_pictured(archived, numbers, ways))
    try:
        proof = ways.build(drawn)
    except ArchiveDiffers:
        # Its own text cannot be written so that it is read back: what is seen can.
        drawn = list(_recognised(archived, numbers, ways))
        proof = ways.build(drawn)
    if proof.pdfa is not None:
        return drawn, proof
    return archived, ways.build(archived)  # images were no help: vectors are better


def _pictured(
    archived: Iterable[ArchivePage], numbers: Collection[int], ways: Ways
) -> Iterator[ArchivePage]:
    for one, raw in zip(archived, ways.raws(), strict=True):
        if raw.number in numbers and raw.text_born is not None:
            drawn = text_page(raw, raw.text_born, ways.pictured(raw))
            yield with_issue(drawn, Issue("page.pictured", f"page {raw.number}"))
        else:
            yield one


def _recognised(
    archived: Iterable[ArchivePage], numbers: Collection[int], ways: Ways
) -> Iterator[ArchivePage]:
    for one, raw in zip(archived, ways.raws(), strict=True):
        if raw.number in numbers:
            anew = ways.recognised(replace(raw, text_born=None))
            yield with_issue(anew, Issue("page.drawn", f"page {raw.number}"))
        else:
            yield one
