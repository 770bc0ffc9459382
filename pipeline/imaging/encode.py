"""A straightened page image in, the layers of a PDF page out.

Of the codings that a profile tries, the smallest whose picture is enough like the scan wins; what
is compared is what a reader shows of the streams as they were written.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from pipeline.imaging.bitonal import encode_bitonal
from pipeline.imaging.jpeg import as_scanned, encode_jpeg, least_bytes
from pipeline.imaging.likeness import Reference
from pipeline.imaging.mixed import mixed_layers
from pipeline.imaging.profiles import PROFILES, Profile
from pipeline.imaging.resample import gray, reduced
from pipeline.imaging.shown import Sheet
from pipeline.imaging.writing import write_png
from pipeline.layers import LOOK_PX, Coding, EncodedImage, EncodedPage, Layer
from pipeline.model import Box, PageImage, Pixels

_PAPER = 128  # gray level from which a pixel of a bitonal page counts as paper
_MOST_PX = 60_000_000  # A1 at 300 dpi has 70 million; comparing takes 20 bytes a pixel


def encode(
    image: PageImage,
    colour: bool,
    out: Path,
    *,
    profile: str = "archive",
    jpeg_quality: int = 75,
    original: bytes | None = None,
) -> EncodedPage:
    """Write the page as PDF image streams to files that begin with `out`; return what they are.

    A bitonal page becomes one lossless image, any other layers or a JPEG, gray when it has no
    colour. `profile` is one of PROFILES, `jpeg_quality` the most that is tried, `original` the
    JPEG that the scan was: it stays when it is smaller and the page was not moved. The same
    input gives the same bytes. Raises DiskFull.
    """
    shades = gray(image.pixels)
    look = out.with_name(out.name + ".look")
    write_png(look, _look(shades))
    if image.bitonal:
        return EncodedPage((_whole(image, encode_bitonal(shades < _PAPER, out)),), look)
    asked = PROFILES[profile]
    pixels = image.pixels if colour or asked.always_colour else shades
    page = _Page(image, pixels, out, asked, jpeg_quality)
    best = _smallest(page)
    kept = as_scanned(original, image.pixels, out.with_name(out.name + ".original"))
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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A page coded in one way."""

    layers: tuple[Layer, ...]
    coding: Coding

    @property
    def size_bytes(self) -> int:
        """Return what all streams take together."""
        return EncodedPage(self.layers, Path()).size_bytes


def _smallest(page: _Page) -> _Candidate:
    """Return the smallest coding that reaches what is asked, or else the best JPEG."""
    image = page.image
    if image.width_px * image.height_px > _MOST_PX:
        return _jpeg(page, page.jpeg_quality, None)
    sheet = Sheet(image.width_px, image.height_px, image.dpi)
    reference = Reference(sheet.of_pixels(page.pixels))
    best = next(_layered(page, reference), None)
    if best is not None and best.size_bytes <= least_bytes(reference.page):
        return best
    for candidate in _jpegs(page, reference):
        if best is not None and candidate.size_bytes >= best.size_bytes:
            return best
        if candidate.coding.reached:
            return candidate
        last = candidate
    return best or last


def _layered(page: _Page, reference: Reference) -> Iterator[_Candidate]:
    """Yield the codings in layers that reach what is asked."""
    asked = page.profile
    for mixed in mixed_layers(page.image, page.pixels, reference, page.out, asked.layers):
        if mixed.sound and mixed.likeness.reaches(asked.page, asked.ink):
            yield _Candidate(mixed.layers, Coding("layers", mixed.likeness))


def _jpegs(page: _Page, reference: Reference) -> Iterator[_Candidate]:
    """Yield the page as one JPEG, the smallest first; each overwrites the one before."""
    lower = (each for each in page.profile.jpeg_qualities if each < page.jpeg_quality)
    for quality in (*lower, page.jpeg_quality):
        yield _jpeg(page, quality, reference)


def _jpeg(page: _Page, quality: int, reference: Reference | None) -> _Candidate:
    image, asked = page.image, page.profile
    pixels, _ = reduced(page.pixels, image.dpi, asked.max_dpi or image.dpi)
    layers = (
        _whole(image, encode_jpeg(pixels, page.out.with_name(page.out.name + ".jpeg"), quality)),
    )
    if reference is None:
        return _Candidate(layers, Coding("jpeg"))
    shown = Sheet(image.width_px, image.height_px, image.dpi).of_layers(layers)
    likeness = reference.compare(shown).likeness
    return _Candidate(layers, Coding("jpeg", likeness, likeness.reaches(asked.page, asked.ink)))


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
