"""A probed scan in, its page images out, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.imaging.image_pages import decode_frames
from pipeline.imaging.original import Original, original_of_file
from pipeline.imaging.pdf_pages import draw_pages
from pipeline.imaging.probe import frames_of
from pipeline.imaging.textlayer import TextLayer
from pipeline.model import PageImage, Pixels, ScanFacts

_SAMPLE_ROWS = 16  # looked at first: few pages that are not bitonal pass them


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it was scanned or drawn, before anything is corrected."""

    number: int  # in its scan, from 1
    image: PageImage
    text_born: TextLayer | None = None  # a PDF page that seems born digital: its own text
    original: Original | None = None  # as scanned, where that is what the page is made of


def read_pages(
    path: Path,
    facts: ScanFacts,
    *,
    default_dpi: int = 300,
    max_dpi: int = 400,
    max_pixels: int,
    timeout_s: float,
    scratch: Path,
    name: str = "",
) -> Iterator[RawPage]:
    """Yield the pages of a scan that `probe` accepted; one is in memory at a time.

    A page that is one image comes in that image's own pixels (at most `max_dpi`), any other
    PDF page at `default_dpi`. `timeout_s` is for one page. Files between are put into
    `scratch` and removed. `name` is what errors call the scan. Raises UnreadableScan,
    TruncatedScan, TooLarge, ToolMissing or DiskFull.
    """
    name = name or path.name
    if facts.extension == ".pdf":
        drawn = draw_pages(
            path, name, facts.pages,
            default_dpi=default_dpi, max_dpi=max_dpi, max_pixels=max_pixels,
            timeout_s=timeout_s, scratch=scratch,
        )  # fmt: skip
        for number, page in enumerate(drawn, start=1):
            yield RawPage(number, _flagged(page.image), page.text_born, page.original)
        return
    frames = frames_of(path, name, facts)
    images = decode_frames(path, name, frames, max_dpi=max_dpi, max_pixels=max_pixels)
    original = original_of_file(path) if len(frames) == 1 else None
    for number, image in enumerate(images, start=1):
        yield RawPage(number, _flagged(image), original=original)


def _flagged(image: PageImage) -> PageImage:
    return replace(image, bitonal=_two_levels(image.pixels))


def _two_levels(pixels: Pixels) -> bool:
    """Return whether there is nothing but black and white: a scan of one bit a pixel.

    Told from the pixels, because scanners wrap such pages in gray, palette and RGB files, and
    because a coloured stamp may lie on a page whose image is bitonal.
    """
    step = max(1, pixels.shape[0] // _SAMPLE_ROWS)
    for part in (pixels[::step], pixels):
        if not bool(np.all((part == 0) | (part == 255))):
            return False
    return bool(np.array_equal(pixels[..., 0], pixels[..., 1])) and bool(
        np.array_equal(pixels[..., 0], pixels[..., 2])
    )
