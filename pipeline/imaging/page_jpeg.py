"""A page in, the smallest JPEG of it that is enough like the page out.

Steps of the coefficients grow with the square of how fine a detail is *on paper*: at 300 dpi as at
200, detail that an eye cannot resolve is coarse, and flat paper is free of blocks. The tables of
ITU-T T.81 annex K need the same bytes for the same likeness of ink, but show blocks on the paper.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from pipeline.imaging.jpeg import colour_table, encoded_as
from pipeline.imaging.writing import write
from pipeline.layers import EncodedImage, Likeness
from pipeline.model import Pixels

_FLAT, _FINE = 10.0, 2.5  # step at quality 50 of flat paper, and of the detail of a 300-dpi block
_DPI = 300.0
_WORST = 10  # flat paper is off by three levels at most
_SLOPE = 1.2  # unlikeness grows with this power of the steps (six pages of real scans: 1.1–1.3)
_NEAR = 1  # so much more quality than is needed is no matter
_BAND_PX = 128


class Asked(Protocol):
    """What a page must reach."""

    @property
    def page(self) -> float:
        """Structural similarity of the page."""

    @property
    def ink(self) -> float:
        """The same near ink."""


def encode_page(pixels: Pixels, dpi: float, quality: int, out: Path) -> EncodedImage:
    """Write gray (H×W) or RGB (H×W×3) pixels as a JPEG of a quality of 1–95. Raises DiskFull.

    It is progressive, which takes 5 to 10 % less and which readers know since PDF 1.3.
    """
    write(out, _jpeg(pixels, dpi, quality, final=True))
    return encoded_as(pixels, out)


def search(
    likeness_at: Callable[[int], Likeness], asked: Asked, *, start: int, most: int, tries: int
) -> int | None:
    """Return the least quality found that reaches what is asked; None: up to `most`, none does.

    How fast likeness falls is known, so that a few tries do.
    """
    best: int | None = None
    low, high = _WORST - 1, most + 1  # does not reach it; reaches it, or was never tried
    quality = min(start, most)
    for _ in range(tries):
        likeness = likeness_at(quality)
        near = _next(quality, likeness, asked)
        if likeness.reaches(asked.page, asked.ink):
            best = high = quality
            if near >= quality - _NEAR:
                break
        else:
            low = quality
        if high - low <= 1:
            break
        quality = min(max(near, low + 1), high - 1)
    return best


def bands(pixels: Pixels) -> Pixels:
    """Return a quarter of a page, in bands over its whole height; a small page as it is."""
    height = len(pixels)
    if height < 4 * _BAND_PX:
        return pixels
    return np.concatenate(
        [pixels[row : row + _BAND_PX] for row in range(_BAND_PX, height, 4 * _BAND_PX)]
    )


def likeness_of_jpeg(
    pixels: Pixels, dpi: float, quality: int, compare: Callable[[Pixels], Likeness]
) -> Likeness:
    """Return how alike pixels and their JPEG are."""
    jpeg = io.BytesIO(_jpeg(pixels, dpi, quality, final=False))
    with Image.open(jpeg, formats=("JPEG",)) as image:
        return compare(np.asarray(image))


def _next(quality: int, likeness: Likeness, asked: Asked) -> int:
    """Return the quality at which the page is likely to be just as alike as asked."""
    page = max(likeness.page, likeness.plain)
    over = max(
        math.log(max(1 - got, 1e-6) / max(1 - wanted, 1e-6))
        for got, wanted in ((likeness.ink, asked.ink), (page, asked.page))
    )
    return math.ceil(_quality_of(_factor(quality) * math.exp(-over / _SLOPE)))


def _factor(quality: float) -> float:
    """Return what steps are multiplied with, as the Independent JPEG Group counts quality."""
    return 50 / quality if quality < 50 else 2 - quality / 50


def _quality_of(factor: float) -> float:
    return 50 / factor if factor > 1 else 50 * (2 - factor)


def _jpeg(pixels: Pixels, dpi: float, quality: int, *, final: bool) -> bytes:
    buffer = io.BytesIO()
    light = _light(dpi, quality)
    Image.fromarray(pixels).save(
        buffer,
        format="JPEG",
        qtables=[light, colour_table(quality)] if pixels.ndim == 3 else [light],
        subsampling="4:2:0",
        optimize=final,
        progressive=final,
    )
    return buffer.getvalue()


def _light(dpi: float, quality: int) -> list[int]:
    fineness = np.arange(8) * (dpi / _DPI)
    steps = _FLAT + _FINE * (fineness[:, None] ** 2 + fineness[None, :] ** 2)
    return [min(255, max(1, round(step))) for step in (steps * _factor(quality)).ravel()]
