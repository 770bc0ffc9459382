"""A straightened page image in, the compressed stream of a PDF image out."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.errors import DiskFull, StoreError, ToolCrashed
from pipeline.imaging.resample import gray
from pipeline.model import EncodedImage, PageImage, Pixels

_PAPER = 128  # gray level from which a pixel of a bitonal page counts as paper
_STRIP_OFFSETS, _STRIP_BYTES, _ROWS_PER_STRIP, _PHOTOMETRIC = 273, 279, 278, 262
_WHITE_IS_ZERO = 0
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def encode(image: PageImage, colour: bool, out: Path, *, jpeg_quality: int = 70) -> EncodedImage:
    """Write the page as one PDF image stream to `out` and return what it is.

    A bitonal page becomes one CCITT G4 strip (0 is black, as BlackIs1 false says), a page
    without colour a gray JPEG, any other a 4:2:0 JPEG. The same pixels and quality give the
    same bytes. Raises DiskFull.
    """
    if image.bitonal:
        stream = _group4(gray(image.pixels) >= _PAPER)
    elif colour:
        stream = _jpeg(image.pixels, jpeg_quality)
    else:
        stream = _jpeg(gray(image.pixels), jpeg_quality)
    with writing(out):
        out.write_bytes(stream)
    return EncodedImage(
        path=out,
        filter="CCITTFaxDecode" if image.bitonal else "DCTDecode",
        colour="bitonal" if image.bitonal else "rgb" if colour else "gray",
        width_px=image.width_px,
        height_px=image.height_px,
    )


def write_png(path: Path, pixels: Pixels) -> None:
    """Write gray (H×W) or RGB (H×W×3) pixels as a PNG, for people to look at."""
    with writing(path):
        Image.fromarray(pixels).save(path, format="PNG", compress_level=1)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Let a full disk surface as DiskFull, any other failure to write as StoreError."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in _NO_ROOM else StoreError
        raise kind(str(path), error.strerror or str(error)) from error


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(
        buffer, format="JPEG", quality=quality, subsampling="4:2:0", optimize=True
    )
    return buffer.getvalue()


def _group4(paper: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bytes:
    """Return the rows as one G4 strip (ITU-T T.6) in which 0 bits are black."""
    buffer = io.BytesIO()
    Image.fromarray(paper).save(
        buffer,
        format="TIFF",
        compression="group4",
        tiffinfo={_ROWS_PER_STRIP: paper.shape[0], _PHOTOMETRIC: _WHITE_IS_ZERO},
    )
    with Image.open(buffer, formats=["TIFF"]) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        offsets, lengths = tags[_STRIP_OFFSETS], tags[_STRIP_BYTES]
    if len(offsets) != 1:
        raise ToolCrashed("libtiff", f"wrote {len(offsets)} strips instead of one")
    return buffer.getvalue()[offsets[0] : offsets[0] + lengths[0]]
