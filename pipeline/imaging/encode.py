"""A straightened page image in, the layers of a PDF page out.

Of the codings that a profile tries, the smallest whose picture is enough like the scan wins; what
is compared is what a reader shows of the streams as they were written.
"""

from __future__ import annotations

import glob
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipeline.imaging.bitonal import encode_bitonal
from pipeline.imaging.jpeg import least_bytes
from pipeline.imaging.likeness import Reference
from pipeline.imaging.mixed import mixed_layers
from pipeline.imaging.original import Original, as_scanned
from pipeline.imaging.page_jpeg import bands, encode_page, likeness_of_jpeg, search
from pipeline.imaging.profiles import PROFILES, Profile
from pipeline.imaging.resample import gray, reduced
from pipeline.imaging.shown import Sheet
from pipeline.imaging.writing import write_png
from pipeline.layers import LOOK_PX, Coding, EncodedImage, EncodedPage, Layer, Likeness
from pipeline.model import Box, PageImage, Pixels

_PAPER = 128  # gray level from which a pixel of a bitonal page counts as paper
_START = 25  # of JPEG quality: where most pages end
_MOST_GROWTH = 1.5  # times the JPEG that the scan was; beyond, the bytes hold what nobody scanned
_FREE_BYTES = 40_000  # a page may always take so many
_BOUNDED = (60, 45, 35, 25, 18, 13, 10)  # qualities tried for a page that would grow beyond


def encode(
    image: PageImage,
    colour: bool,
    out: Path,
    *,
    profile: str = "archive",
    jpeg_quality: int = 75,
    original: Original | None = None,
) -> EncodedPage:
    """Write the page as PDF image streams to files that begin with `out`; return what they are.

    A bitonal page becomes one lossless image, any other layers or a JPEG, gray when it has no
    colour. `profile` is one of PROFILES, `jpeg_quality` the most that is tried, `original` the
    stream that the scan was: it stays when it is smaller and the page was not moved, and a moved
    page takes at most half as much again as a scan that was a JPEG. The same input gives the same
    bytes. Raises DiskFull.
    """
    shades = gray(image.pixels)
    look = out.with_name(out.name + ".look")
    write_png(look, _look(shades))
    kept = as_scanned(original, image.pixels, out.with_name(out.name + ".original"))
    if image.bitonal:
        return _bitonal(image, encode_bitonal(shades < _PAPER, out), kept, look)
    asked = PROFILES[profile]
    pixels = image.pixels if colour or asked.always_colour else shades
    page = _Page(image, pixels, out, asked, jpeg_quality, _most_bytes(original))
    best = _smallest(page)
    if kept is not None:
        scan = _Candidate((_whole(image, kept),), Coding("original"))
        if scan.size_bytes <= best.size_bytes or not best.coding.reached:
            best = scan
    _remove_all_but(best, look, out)
    return EncodedPage(best.layers, look, best.coding)


@dataclass(frozen=True, slots=True)
class _Page:
    """What all codings of one page share."""

    image: PageImage
    pixels: Pixels  # H×W×3, or H×W of a page without colour
    out: Path
    profile: Profile
    jpeg_quality: int
    most_bytes: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A page coded in one way."""

    layers: tuple[Layer, ...]
    coding: Coding

    @property
    def size_bytes(self) -> int:
        """Return what all streams take together."""
        return EncodedPage(self.layers, Path()).size_bytes


def _bitonal(
    image: PageImage, ours: EncodedImage, kept: EncodedImage | None, look: Path
) -> EncodedPage:
    """Return the page without loss: the scan's own stream where that is smaller."""
    if kept is None:
        return EncodedPage((_whole(image, ours),), look)
    if kept.path.stat().st_size >= ours.path.stat().st_size:
        kept.path.unlink()
        return EncodedPage((_whole(image, ours),), look)
    ours.path.unlink()
    return EncodedPage((_whole(image, kept),), look, Coding("original"))


def _most_bytes(original: Original | None) -> float:
    if original is None or original.filter != "DCTDecode":
        return math.inf
    return max(_MOST_GROWTH * len(original.data), _FREE_BYTES)


def _smallest(page: _Page) -> _Candidate:
    """Return the smallest coding that reaches what is asked, or else the best within bounds."""
    image = page.image
    sheet = Sheet(image.width_px, image.height_px, image.dpi)
    reference = Reference(sheet.of_pixels(page.pixels))
    best = _best(page, sheet, reference)
    if best.size_bytes <= page.most_bytes:
        return best
    for quality in _BOUNDED:
        if quality < page.jpeg_quality:
            best = _jpeg(page, sheet, reference, quality)
            if best.size_bytes <= page.most_bytes:
                break
    return best


def _best(page: _Page, sheet: Sheet, reference: Reference) -> _Candidate:
    """Return the smallest coding that reaches what is asked, or else the best JPEG."""
    best = next(_layered(page, reference), None)
    if best is not None and best.size_bytes <= least_bytes(reference.page):
        return best
    jpeg = _smallest_jpeg(page, sheet, reference)
    if best is not None and (jpeg is None or jpeg.size_bytes >= best.size_bytes):
        return best
    return jpeg or _jpeg(page, sheet, reference, page.jpeg_quality)


def _layered(page: _Page, reference: Reference) -> Iterator[_Candidate]:
    """Yield the codings in layers that reach what is asked."""
    asked = page.profile
    if not asked.layers:
        return
    for mixed in mixed_layers(page.image, page.pixels, reference, page.out, asked.layers):
        if mixed.sound and mixed.likeness.reaches(asked.page, asked.ink):
            yield _Candidate(mixed.layers, Coding("layers", mixed.likeness))


def _smallest_jpeg(page: _Page, sheet: Sheet, reference: Reference) -> _Candidate | None:
    """Return the smallest JPEG that a reader shows as alike as asked; None: there is none."""
    pixels, dpi = _at_most(page)
    part = bands(pixels)
    look = Sheet(part.shape[1], part.shape[0], dpi)
    sample = Reference(look.of_pixels(part))

    def estimate(quality: int) -> Likeness:
        return likeness_of_jpeg(
            part, dpi, quality, lambda seen: sample.likeness(look.of_pixels(seen))
        )

    made: dict[int, _Candidate] = {}

    def shown(quality: int) -> Likeness:
        made[quality] = _jpeg(page, sheet, reference, quality)
        return made[quality].coding.likeness or Likeness(0, 0, 0)

    most, asked = page.jpeg_quality, page.profile
    start = search(estimate, asked, start=_START, most=most, tries=4) or most
    quality = search(shown, asked, start=start, most=most, tries=3)
    if quality is None:
        return None
    # Each try wrote over the one before.
    return made[quality] if quality == [*made][-1] else _jpeg(page, sheet, reference, quality)


def _jpeg(page: _Page, sheet: Sheet, reference: Reference, quality: int) -> _Candidate:
    asked, out = page.profile, page.out.with_name(page.out.name + ".jpeg")
    layers = (_whole(page.image, encode_page(*_at_most(page), quality, out)),)
    likeness = reference.likeness(sheet.of_layers(layers))
    return _Candidate(layers, Coding("jpeg", likeness, likeness.reaches(asked.page, asked.ink)))


def _at_most(page: _Page) -> tuple[Pixels, float]:
    """Return the page no finer than its profile wants it, and its dpi."""
    return reduced(page.pixels, page.image.dpi, page.profile.max_dpi or page.image.dpi)


def _whole(image: PageImage, encoded: EncodedImage) -> Layer:
    return Layer(encoded, Box(0, 0, image.width_px, image.height_px))


def _remove_all_but(kept: _Candidate, look: Path, out: Path) -> None:
    """Remove the streams of codings that were tried and not taken."""
    names = {look, *(image.path for image in EncodedPage(kept.layers, look).images)}
    for path in out.parent.glob(f"{glob.escape(out.name)}.*"):
        if path not in names:
            path.unlink()


def _look(shades: Pixels) -> Pixels:
    height, width = shades.shape
    scale = min(1.0, LOOK_PX / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(shades, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
