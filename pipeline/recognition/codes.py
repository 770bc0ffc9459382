"""Bar codes and QR codes: page image in, decoded codes out; and what their text says.

Thông tư 01/2023/TT-VPCP Art. 26 has a QR code printed top left on papers of the one-stop system
(dossier code, AP code, owner, paper); the card of a citizen (CCCD) has one as well. The text is
untrusted: it is bounded, cleaned, and only known shapes are taken from it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import cv2
import numpy as np
import zxingcpp

from pipeline.errors import ToolCrashed
from pipeline.model import Box, Code, PageImage, Pixels
from pipeline.recognition.payload import parse_payload

__all__ = ["parse_payload", "read_codes"]

MAX_TEXT = 4_000  # characters; a QR code holds 4,296 at most
MAX_CODES = 32  # a page of more is a sheet of labels
_SCALES_DPI = (200.0, 400.0)  # dense codes need more pixels, noisy ones fewer
_SOFT_PX, _MOST_DPI = 0.8, 600.0  # blur of damaged codes, and what they are enlarged to at most
_FORMATS = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.MicroQRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.EAN13,
)  # no ITF or Codabar: ruled tables are taken for them
# Looking for all formats costs 0.2 CPU-s a page, for these two 0.03.
_COMMON_FORMATS = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128)


def read_codes(image: PageImage) -> tuple[Code, ...]:
    """Return the codes of the page, top to bottom, then left to right; each once.

    The page is tried as it is, then at 200 and at 400 dpi for the common formats; where nothing is
    found, softened and enlarged, for damaged ones and white ones on black.
    Raises ToolCrashed when the decoder fails.
    """
    gray = np.asarray(cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    found: list[Code] = []
    for scale in _scales(image.dpi):
        formats = _FORMATS if scale == 1.0 else _COMMON_FORMATS
        for code in _decode(gray, scale, formats):
            if not any(_same(code, other) for other in found):
                found.append(code)
    if not found:  # dots, specks and a fax's noise run together; white codes on black as well
        soft = np.asarray(cv2.GaussianBlur(gray, (0, 0), _SOFT_PX), np.uint8)
        found = _decode(soft, min(2.0, _MOST_DPI / image.dpi), _COMMON_FORMATS, invert=True)
    ordered = sorted(found, key=lambda code: (code.box.top, code.box.left, code.text))
    return tuple(ordered[:MAX_CODES])


def _scales(dpi: float) -> Iterable[float]:
    yield 1.0
    for wanted in _SCALES_DPI:
        scale = wanted / dpi
        if not 0.8 < scale < 1.25 and scale <= 2.0:
            yield scale


def _decode(
    gray: Pixels,
    scale: float,
    formats: tuple[zxingcpp.BarcodeFormat, ...],
    *,
    invert: bool = False,
) -> list[Code]:
    pixels = gray
    if scale != 1.0:
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pixels = np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=way), np.uint8)
    try:
        barcodes = zxingcpp.read_barcodes(
            pixels, formats=formats, try_invert=invert, text_mode=zxingcpp.TextMode.Plain
        )
    except (RuntimeError, ValueError, MemoryError) as error:
        raise ToolCrashed("zxing-cpp", str(error)) from error
    height, width = gray.shape
    codes = (_code(barcode, scale, int(width), int(height)) for barcode in barcodes)
    return [code for code in codes if code is not None]


def _code(barcode: zxingcpp.Barcode, scale: float, width: int, height: int) -> Code | None:
    text = _clean(barcode.text)
    if not text:
        return None
    place = barcode.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    across = [corner.x / scale for corner in corners]
    down = [corner.y / scale for corner in corners]
    box = Box(
        max(0, int(min(across))),
        max(0, int(min(down))),
        min(width, int(max(across)) + 1),
        min(height, int(max(down)) + 1),
    )
    if box.width <= 0 or box.height <= 0:
        return None
    kind = str(barcode.format).rsplit(".", 1)[-1].replace(" ", "")
    return Code(kind, text, box)


def _clean(text: str) -> str:
    """Return the text in NFC, bounded, without control characters but line ends and tabs."""
    kept = (
        letter
        for letter in text[:MAX_TEXT]
        if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _same(code: Code, other: Code) -> bool:
    """Tell whether two readings are of one code: same text, places that overlap."""
    return code.kind == other.kind and code.text == other.text and code.box.overlaps(other.box)
