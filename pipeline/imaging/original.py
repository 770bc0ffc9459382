"""A page that is one compressed image in, that image as it was scanned out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from struct import pack
from typing import Any, Literal

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from pipeline.errors import ToolCrashed
from pipeline.imaging.likeness import LOOK_DPI
from pipeline.imaging.shown import Sheet
from pipeline.imaging.writing import write
from pipeline.layers import EncodedImage, Layer
from pipeline.model import Box, Pixels

_JPEG = b"\xff\xd8\xff"
_MOST_BYTES = 20_000_000  # layers and JPEGs of ours are smaller
_DECODERS_DIFFER = 1.0  # levels, mean: they round and enlarge colour each in their own way
_PAGE = 48  # type of segment
_COLOURS: dict[str, Literal["gray", "rgb"]] = {"L": "gray", "RGB": "rgb"}


@dataclass(frozen=True, slots=True)
class Original:
    """The stream of a page's one image. Whether the page shows it as it is, its pixels tell."""

    data: bytes
    filter: Literal["DCTDecode", "JBIG2Decode"]  # CCITT G4 never is the smaller one


def original_of_page(page: Any) -> Original | None:
    """Return the stream of a loaded pdfium page whose one image is a JPEG or JBIG2, else None."""
    try:
        images = [*page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])]
        if len(images) != 1:
            return None
        data = bytes(images[0].get_data(decode_simple=False))
        if images[0].get_filters() == ["JBIG2Decode"] and len(data) <= _MOST_BYTES:
            return Original(data, "JBIG2Decode")
        return _if_jpeg(data) if images[0].get_filters() == ["DCTDecode"] else None
    except pypdfium2.PdfiumError:  # another reader may draw such a page
        return None


def original_of_file(path: Path) -> Original | None:
    """Return a file that is a JPEG, else None."""
    if path.stat().st_size > _MOST_BYTES:
        return None
    return _if_jpeg(path.read_bytes())


def _if_jpeg(data: bytes) -> Original | None:
    fits = data.startswith(_JPEG) and len(data) <= _MOST_BYTES
    return Original(data, "DCTDecode") if fits else None


def as_scanned(original: Original | None, page: Pixels, out: Path) -> EncodedImage | None:
    """Write the stream that a page was scanned as; None when it no longer shows that page.

    `page` is H×W×3. It is the same picture where the page was neither turned, straightened nor
    resampled, which only its pixels tell: a JPEG's about, a bitonal image's exactly. Raises
    DiskFull.
    """
    if original is None:
        return None
    show = _show_jpeg if original.filter == "DCTDecode" else _show_jbig2
    return show(original.data, page, out)


def _show_jpeg(data: bytes, page: Pixels, out: Path) -> EncodedImage | None:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.mode not in ("L", "RGB") or image.size != page.shape[1::-1]:
                return None
            colour, pixels = _COLOURS[image.mode], np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError):  # another reader drew the page: it is damaged
        return None
    if float(cv2.absdiff(pixels, page).mean()) > _DECODERS_DIFFER:
        return None
    write(out, data)
    return EncodedImage(out, "DCTDecode", colour, page.shape[1], page.shape[0])


def _show_jbig2(data: bytes, page: Pixels, out: Path) -> EncodedImage | None:
    """A stream that needs dictionaries beside it shows something else, and is not kept."""
    height, width = page.shape[:2]
    # ITU-T T.88, 7.2 and 7.4.8: the header of the first segment, which is the page's, and its size.
    if len(data) < 19 or data[4] & 0x3F != _PAGE or data[11:19] != pack(">II", width, height):
        return None  # readers differ about what they show of such a stream
    write(out, data)
    kept = EncodedImage(out, "JBIG2Decode", "bitonal", width, height)
    whole = Box(0, 0, width, height)
    try:
        shown = Sheet(width, height, LOOK_DPI).of_layers([Layer(kept, whole)])
        same = np.array_equal(shown, page)
    except ToolCrashed:
        same = False
    if not same:
        out.unlink()
    return kept if same else None
