"""A straightened page image in, the layers of a PDF page out."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from pipeline.imaging.bitonal import encode_bitonal
from pipeline.imaging.resample import gray
from pipeline.imaging.writing import write, write_png
from pipeline.layers import LOOK_PX, EncodedImage, EncodedPage, Layer
from pipeline.model import Box, PageImage, Pixels

_PAPER = 128  # gray level from which a pixel of a bitonal page counts as paper


def encode(image: PageImage, colour: bool, out: Path, *, jpeg_quality: int = 70) -> EncodedPage:
    """Write the page as PDF image streams to files that begin with `out`; return what they are.

    A bitonal page becomes one lossless image, a page without colour a gray JPEG, any other a
    4:2:0 JPEG. The same pixels and quality give the same bytes. Raises DiskFull.
    """
    shades = gray(image.pixels)
    look = out.with_name(out.name + ".look")
    write_png(look, _look(shades))
    if image.bitonal:
        encoded = encode_bitonal(shades < _PAPER, out)
    else:
        encoded = encode_jpeg(image.pixels if colour else shades, out, jpeg_quality)
    page = Box(0, 0, image.width_px, image.height_px)
    return EncodedPage((Layer(encoded, page),), look)


def encode_jpeg(
    pixels: Pixels, out: Path, quality: int, *, subsampling: str = "4:2:0"
) -> EncodedImage:
    """Write gray (H×W) or RGB (H×W×3) pixels as a JPEG. Raises DiskFull."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(
        buffer, format="JPEG", quality=quality, subsampling=subsampling, optimize=True
    )
    write(out, buffer.getvalue())
    height, width = pixels.shape[:2]
    return EncodedImage(out, "DCTDecode", "rgb" if pixels.ndim == 3 else "gray", width, height)


def _look(shades: Pixels) -> Pixels:
    height, width = shades.shape
    scale = min(1.0, LOOK_PX / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(shades, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
