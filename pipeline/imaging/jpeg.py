"""Pixels in, a JPEG for a PDF out, and back."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.imaging.writing import write
from pipeline.layers import EncodedImage
from pipeline.model import Pixels


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


def decode_jpeg(encoded: EncodedImage) -> Pixels:
    """Return the pixels that a reader sees, H×W or H×W×3."""
    with Image.open(encoded.path, formats=("JPEG",)) as image:
        return np.asarray(image)
