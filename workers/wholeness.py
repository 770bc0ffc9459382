"""The bytes of a file in, its kind and whether its end is there out.

A cheap look before a file is taken from the inbox: a scanner or a slow share may still be
writing although nothing has changed for a while. It opens no decoder; whether the scan can be
read is the business of the pipeline. What we do not know is whole.
"""

from __future__ import annotations

import os
import struct
from typing import Literal

Kind = Literal["pdf", "tif", "jpg", "png", "webp", "heic", "bin"]
MEDIA_TYPES: dict[Kind, str] = {
    "pdf": "application/pdf",
    "tif": "image/tiff",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "bin": "application/octet-stream",
}

HEAD_BYTES = 1024  # PDF readers find the header within so many bytes
PDF_TAIL_BYTES = 4096  # the standard says 1024; some devices pad
TAIL_BYTES = 65_536  # after the end of a JPEG or PNG some devices write data of their own
MOST_STEPS = 100_000  # segments or boxes; no scan has so many
MOST_NUMBERS = 5_000_000  # entries and strips in all directories of a TIFF

_END_OF_IMAGE = b"\xff\xd9"
_END_OF_PNG = b"IEND\xaeB`\x82"
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_POINTER_TAGS = {273: 279, 324: 325}  # offsets and byte counts of strips and of tiles
_WIDTHS = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}  # bytes of the TIFF types for whole numbers


def kind_of(descriptor: int) -> Kind:
    """Return what an open file says that it is, by its first bytes."""
    head = os.pread(descriptor, HEAD_BYTES, 0)
    if head[:3] == b"\xff\xd8\xff":
        return "jpg"
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heic"
    if b"%PDF-" in head:
        return "pdf"
    return "bin"


def is_whole(descriptor: int) -> bool:
    """Return whether the end of an open file is there, as far as its kind lets us tell."""
    size = os.fstat(descriptor).st_size
    check = {
        "pdf": _pdf_ends,
        "jpg": _jpeg_ends,
        "png": _png_ends,
        "tif": _tiff_ends,
        "webp": _webp_ends,
        "heic": _heic_ends,
    }.get(kind_of(descriptor))
    try:
        return check is None or check(descriptor, size)
    except _TooMuch:
        return True  # no scanner makes such a file; the pipeline will say what it is
    except (struct.error, IndexError, ValueError):
        return False  # cut off in the middle of a number


def _pdf_ends(descriptor: int, size: int) -> bool:
    before, mark, _ = _tail(descriptor, size, PDF_TAIL_BYTES).rpartition(b"%%EOF")
    # A PDF for the web has a first such mark near its beginning, known by its "startxref 0".
    return bool(mark) and before.split()[-2:] != [b"startxref", b"0"]


def _png_ends(descriptor: int, size: int) -> bool:
    return _END_OF_PNG in _tail(descriptor, size, TAIL_BYTES)


def _jpeg_ends(descriptor: int, size: int) -> bool:
    # The thumbnail in the head has an end marker of its own: look behind the first scan only.
    position = 2
    for _ in range(MOST_STEPS):
        lead, marker = os.pread(descriptor, 2, position)
        if lead != 0xFF:
            return False
        if marker == 0xFF:  # a fill byte
            position += 1
        elif marker == 0xDA:
            start = max(position, size - TAIL_BYTES)
            return _END_OF_IMAGE in os.pread(descriptor, TAIL_BYTES, start)
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:
            position += 2
        else:
            (length,) = struct.unpack(">H", os.pread(descriptor, 2, position + 2))
            position += 2 + max(length, 2)
    return False


def _webp_ends(descriptor: int, size: int) -> bool:
    (length,) = struct.unpack("<I", os.pread(descriptor, 4, 4))
    return 12 <= int(length) + 8 <= size


def _heic_ends(descriptor: int, size: int) -> bool:
    position = 0
    for _ in range(MOST_STEPS):
        if position == size:
            return True
        length, kind = struct.unpack(">I4s", os.pread(descriptor, 8, position))
        if length == 1:
            (length,) = struct.unpack(">Q", os.pread(descriptor, 8, position + 8))
        elif length == 0:  # the last box reaches to the end, wherever that will be
            return bool(kind == b"mdat")
        if length < 8 or position + length > size:
            return False
        position += length
    return False


def _tiff_ends(descriptor: int, size: int) -> bool:
    """Return whether every directory and every strip that it names lies within the file."""
    head = os.pread(descriptor, 16, 0)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    layout = _BigTiff(order) if big else _Tiff(order)
    (offset,) = struct.unpack_from(layout.offset, head, 8 if big else 4)
    if not offset:
        return False  # written last, so the scan is still under way
    seen: set[int] = set()
    while offset and offset not in seen:
        seen.add(offset)
        (count,) = struct.unpack(layout.count, _exactly(descriptor, offset, layout.count_bytes))
        layout.spend(count + 1)
        body = offset + layout.count_bytes
        entries = _exactly(descriptor, body, count * layout.entry_bytes + layout.offset_bytes)
        if not _strips_lie_within(descriptor, size, layout, entries, count):
            return False
        (offset,) = struct.unpack_from(layout.offset, entries, count * layout.entry_bytes)
    return True


class _TooMuch(Exception):
    pass


class _Tiff:
    """How the classic file lays out its directories."""

    entry_bytes, count_bytes, offset_bytes = 12, 2, 4

    def __init__(self, order: str) -> None:
        self.order = order
        self.count, self.offset = order + "H", order + "I"
        self.left = MOST_NUMBERS

    def spend(self, numbers: int) -> None:
        """Count what was read: a hostile file could make us read the same bytes for ever."""
        self.left -= numbers
        if self.left < 0:
            raise _TooMuch


class _BigTiff(_Tiff):
    """The same with 64 bits."""

    entry_bytes, count_bytes, offset_bytes = 20, 8, 8

    def __init__(self, order: str) -> None:
        super().__init__(order)
        self.count, self.offset = order + "Q", order + "Q"


def _strips_lie_within(
    descriptor: int, size: int, layout: _Tiff, entries: bytes, count: int
) -> bool:
    numbers: dict[int, tuple[int, ...]] = {}
    wanted = {*_POINTER_TAGS, *_POINTER_TAGS.values()}
    for start in range(0, count * layout.entry_bytes, layout.entry_bytes):
        tag, kind = struct.unpack_from(layout.order + "HH", entries, start)
        if tag in wanted and kind in _WIDTHS:
            numbers[tag] = _numbers(descriptor, layout, entries, start, _WIDTHS[kind])
    for offsets, lengths in _POINTER_TAGS.items():
        pairs = zip(numbers.get(offsets, ()), numbers.get(lengths, ()), strict=False)
        if any(offset + length > size for offset, length in pairs):
            return False
    return True


def _numbers(
    descriptor: int, layout: _Tiff, entries: bytes, start: int, width: int
) -> tuple[int, ...]:
    """Return the whole numbers of one entry: in its own field, or where that points."""
    (count,) = struct.unpack_from(layout.offset, entries, start + 4)
    layout.spend(count)
    field = start + 4 + layout.offset_bytes
    if count * width <= layout.offset_bytes:
        data = entries[field : field + count * width]
    else:
        (offset,) = struct.unpack_from(layout.offset, entries, field)
        data = _exactly(descriptor, offset, count * width)
    letter = {1: "B", 2: "H", 4: "I", 8: "Q"}[width]
    return struct.unpack(f"{layout.order}{count}{letter}", data)


def _exactly(descriptor: int, offset: int, length: int) -> bytes:
    """Return so many bytes. Raises IndexError when the file ends before."""
    # The size first: a hostile count must not make us ask for the memory.
    if offset + length > os.fstat(descriptor).st_size:
        raise IndexError(f"{length} bytes at {offset} lie behind the end")
    return os.pread(descriptor, length, offset)


def _tail(descriptor: int, size: int, most: int) -> bytes:
    return os.pread(descriptor, most, max(size - most, 0))
