"""Pixels in, a JPEG for a PDF out, and back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.imaging.writing import write
from pipeline.layers import EncodedImage
from pipeline.model import Pixels

# Steps of the coefficients at quality 50 (ITU-T T.81, annex K.1), row by row.
_LIGHT = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_COLOUR = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, *[99] * 38,
)  # fmt: skip
_COLOUR_QUALITY = 70  # at least
_WORST = 20  # no profile tries less


def encode_jpeg(
    pixels: Pixels, out: Path, quality: int, *, subsampling: str = "4:2:0"
) -> EncodedImage:
    """Write gray (H×W) or RGB (H×W×3) pixels as a JPEG of a quality of 1–95. Raises DiskFull.

    Colour is kept finer than light is: for a twentieth of the bytes, seals lose half as much.
    """
    buffer = io.BytesIO()
    light, colour = _scaled(_LIGHT, quality), colour_table(quality)
    Image.fromarray(pixels).save(
        buffer,
        format="JPEG",
        qtables=[light, colour] if pixels.ndim == 3 else [light],
        subsampling=subsampling,
        optimize=True,
    )
    write(out, buffer.getvalue())
    return encoded_as(pixels, out)


def encoded_as(pixels: Pixels, out: Path) -> EncodedImage:
    """Return what a JPEG of these pixels is to a PDF."""
    height, width = pixels.shape[:2]
    return EncodedImage(out, "DCTDecode", "rgb" if pixels.ndim == 3 else "gray", width, height)


def colour_table(quality: int) -> list[int]:
    """Return the steps of colour, which is kept finer than light is."""
    return _scaled(_COLOUR, max(quality, _COLOUR_QUALITY))


def _scaled(table: tuple[int, ...], quality: int) -> list[int]:
    """Return a table for a quality as the Independent JPEG Group counts it."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [min(255, max(1, (step * percent + 50) // 100)) for step in table]


def decode_jpeg(encoded: EncodedImage) -> Pixels:
    """Return the pixels that a reader sees, H×W or H×W×3."""
    with Image.open(encoded.path, formats=("JPEG",)) as image:
        return np.asarray(image)


def least_bytes(look: Pixels) -> int:
    """Return fewer bytes than a JPEG of a page takes: those of its small picture, at its worst."""
    buffer = io.BytesIO()
    Image.fromarray(look).save(buffer, format="JPEG", quality=_WORST, optimize=True)
    return buffer.tell()
