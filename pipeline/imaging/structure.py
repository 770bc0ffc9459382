"""An image file's bytes in, its declared frames out; no pixel is decoded.

A scan that was cut off while it was copied must be found before anything is decoded: decoders
fill the missing part with gray and say nothing.
"""

from __future__ import annotations

import io
import struct

import pillow_heif

from pipeline.errors import TruncatedScan, UnreadableScan
from pipeline.imaging.tiff import FileBytes, Frame

_MARKERS_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}  # TEM, RSTn, SOI
_FRAME_MARKERS = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOFn, not DHT, JPG, DAC
_SOS, _EOI = 0xDA, 0xD9
_BOX_HEADER_BYTES = 8


def jpeg_pages(data: FileBytes, name: str) -> tuple[Frame, ...]:
    """Return the one page of a JPEG. Raises TruncatedScan, UnreadableScan."""
    size: tuple[int, int] | None = None
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # libjpeg, too, skips what lies between segments
            at = data.find(b"\xff", at)
            if at < 0:
                break
            continue
        marker = data[at + 1]
        if marker == 0xFF or marker in _MARKERS_WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == _EOI:
            raise UnreadableScan(name, "a JPEG without pixels")
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAME_MARKERS and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = width, height
        at += 2 + length
        if marker == _SOS:
            return _jpeg_after_scan(data, name, at, size)
    raise TruncatedScan(name, "the JPEG ends before its pixels")


def _jpeg_after_scan(
    data: FileBytes, name: str, at: int, size: tuple[int, int] | None
) -> tuple[Frame, ...]:
    # Within entropy-coded data FF is always followed by 00 or RSTn, so FFD9 is the end. A copy
    # that stopped early may hold zeros instead, so the file must be searched, not its tail read.
    if data.find(b"\xff\xd9", at) < 0:
        raise TruncatedScan(name, "the JPEG has no end mark")
    if size is None or 0 in size:
        raise UnreadableScan(name, "a JPEG without a size")
    return (Frame(0, *size),)


def png_pages(data: FileBytes, name: str) -> tuple[Frame, ...]:
    """Return the one page of a PNG. Raises TruncatedScan, UnreadableScan."""
    at, size, pixels = 8, (0, 0), False
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if kind == b"IHDR" and at + 16 <= len(data):
            size = struct.unpack_from(">II", data, at + 8)
        pixels = pixels or kind == b"IDAT"
        if kind == b"IEND":
            if not pixels or 0 in size:
                raise UnreadableScan(name, "a PNG without pixels")
            return (Frame(0, *size),)
        at += 12 + length
    raise TruncatedScan(name, "the PNG has no end chunk")


def webp_pages(data: FileBytes, name: str) -> tuple[Frame, ...]:
    """Return the one page of a WebP. Raises TruncatedScan, UnreadableScan."""
    declared = int.from_bytes(data[4:8], "little") + 8
    if declared > len(data) or len(data) < 30:
        raise TruncatedScan(name, f"the WebP lacks {max(declared, 30) - len(data)} bytes")
    kind = data[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    elif kind == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        width, height = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    else:
        raise UnreadableScan(name, "a WebP without pixels")
    if width < 1 or height < 1:
        raise UnreadableScan(name, "a WebP without a size")
    return (Frame(0, width, height),)


def heic_pages(data: FileBytes, name: str) -> tuple[Frame, ...]:
    """Return the primary image of an HEIC. Raises TruncatedScan, UnreadableScan."""
    at = 0
    while at < len(data):
        if at + _BOX_HEADER_BYTES > len(data):
            raise TruncatedScan(name, "the HEIC ends within a box header")
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1 and at + 16 <= len(data):  # ISO/IEC 14496-12: a 64-bit length follows
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:  # to the end of the file
            break
        if length < _BOX_HEADER_BYTES:
            raise UnreadableScan(name, "an HEIC box is damaged")
        at += length
    if at > len(data):
        raise TruncatedScan(name, f"the HEIC lacks {at - len(data)} bytes")
    try:
        size = pillow_heif.open_heif(io.BytesIO(data[:])).size
    except (ValueError, OSError, RuntimeError, EOFError, SyntaxError) as error:
        raise UnreadableScan(name, str(error)) from error
    return (Frame(0, int(size[0]), int(size[1])),)
