"""Ink in, the smallest lossless stream of a bitonal PDF image out."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.errors import ToolCrashed
from pipeline.imaging import jbig2
from pipeline.imaging.writing import write
from pipeline.layers import EncodedImage

_STRIP_OFFSETS, _STRIP_BYTES, _ROWS_PER_STRIP, _PHOTOMETRIC = 273, 279, 278, 262
_WHITE_IS_ZERO = 0


def bitonal_filter() -> Literal["JBIG2Decode", "CCITTFaxDecode"]:
    """Return how bitonal images are coded on this machine."""
    return "JBIG2Decode" if jbig2.available() else "CCITTFaxDecode"


def encode_bitonal(ink: NDArray[np.bool_], out: Path) -> EncodedImage:
    """Write H×W ink to `out` without loss: JBIG2 where its coder was built, else CCITT G4.

    Measured on masks and scans of letters, JBIG2 takes a quarter to a third less. Raises DiskFull.
    """
    height, width = ink.shape
    coding = bitonal_filter()
    write(out, jbig2.jbig2_stream(ink) if coding == "JBIG2Decode" else _group4(ink))
    return EncodedImage(out, coding, "bitonal", width, height)


def _group4(ink: NDArray[np.bool_]) -> bytes:
    """Return the rows as one G4 strip (ITU-T T.6) in which 0 bits are black."""
    buffer = io.BytesIO()
    Image.fromarray(~ink).save(
        buffer,
        format="TIFF",
        compression="group4",
        tiffinfo={_ROWS_PER_STRIP: ink.shape[0], _PHOTOMETRIC: _WHITE_IS_ZERO},
    )
    with Image.open(buffer, formats=["TIFF"]) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        offsets, lengths = tags[_STRIP_OFFSETS], tags[_STRIP_BYTES]
    if len(offsets) != 1:
        raise ToolCrashed("libtiff", f"wrote {len(offsets)} strips instead of one")
    return buffer.getvalue()[offsets[0] : offsets[0] + lengths[0]]
