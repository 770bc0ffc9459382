"""TIFF directories in, the frames that are pages out; no pixel is decoded.

Follows TIFF 6.0 and the BigTIFF proposal. Everything declared (offsets, counts) is checked
against the size of the file before it is read, because scans are hostile.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass

from pipeline.errors import TooLarge, TruncatedScan, UnreadableScan

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_TYPE_BYTES |= {13: 4, 16: 8, 17: 8, 18: 8}  # IFD, and the 8-byte types of BigTIFF
_UNSIGNED = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_SUBFILE, _WIDTH, _HEIGHT = 254, 256, 257
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_JPEG_OFFSET = 513  # old-style JPEG keeps its data outside of strips
_NOT_A_PAGE = 0b101  # NewSubfileType: reduced-resolution copy, transparency mask
_MAX_ENTRIES = 4096  # tags in one directory; real ones have about 20

FileBytes = mmap.mmap | bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One image of a file, as declared."""

    index: int  # place in the file's chain of images, from 0
    width_px: int
    height_px: int


def tiff_pages(data: FileBytes, name: str, max_frames: int) -> tuple[Frame, ...]:
    """Return the frames that are pages: no thumbnails, overviews or masks.

    Raises TruncatedScan when a directory or pixels lie behind the end of the file, TooLarge
    with more than `max_frames` frames, UnreadableScan on anything else that is not TIFF.
    """
    reader = _Reader(data, name)
    frames: list[tuple[Frame, bool]] = []
    seen: set[int] = set()
    offset = reader.first_directory()
    while offset and offset not in seen:
        seen.add(offset)
        if len(frames) >= max_frames:
            raise TooLarge(name, f"more than {max_frames} pages")
        tags, offset = reader.directory(offset)
        frames.append(_frame(reader, tags, len(frames)))
    pages = tuple(frame for frame, is_page in frames if is_page)
    return pages or tuple(frame for frame, _ in frames)


def _frame(reader: _Reader, tags: dict[int, _Entry], index: int) -> tuple[Frame, bool]:
    width, height = reader.number(tags, _WIDTH), reader.number(tags, _HEIGHT)
    if width < 1 or height < 1:
        raise UnreadableScan(reader.name, f"image {index + 1} has no size")
    reader.check_pixels(tags, index)
    is_page = reader.number(tags, _SUBFILE) & _NOT_A_PAGE == 0
    return Frame(index, width, height), is_page


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int  # TIFF field type
    count: int
    offset: int  # where its values are


class _Reader:
    """Reads declared numbers of one TIFF file, never behind its end."""

    def __init__(self, data: FileBytes, name: str) -> None:
        self.name = name
        self._data = data
        self._order = "<" if data[:2] == b"II" else ">"
        self._big = self._int("H", 2) == 43

    def first_directory(self) -> int:
        return self._int("Q", 8) if self._big else self._int("I", 4)

    def directory(self, offset: int) -> tuple[dict[int, _Entry], int]:
        """Return the tags of the directory at `offset` and the offset of the next one."""
        count = self._int("Q" if self._big else "H", offset)
        head, size = (8, 20) if self._big else (2, 12)
        if count > _MAX_ENTRIES:
            raise UnreadableScan(self.name, f"a TIFF directory with {count} entries")
        tags = {}
        for start in range(offset + head, offset + head + count * size, size):
            tag, entry = self._entry(start)
            tags[tag] = entry
        end = offset + head + count * size
        return tags, self._int("Q" if self._big else "I", end)

    def number(self, tags: dict[int, _Entry], tag: int) -> int:
        """Return the first value of an unsigned tag, 0 when it is not there."""
        values = self.numbers(tags, tag)
        return values[0] if values else 0

    def numbers(self, tags: dict[int, _Entry], tag: int) -> tuple[int, ...]:
        entry = tags.get(tag)
        if entry is None or entry.kind not in _UNSIGNED:
            return ()
        return self._ints(_UNSIGNED[entry.kind], entry.offset, entry.count)

    def check_pixels(self, tags: dict[int, _Entry], index: int) -> None:
        """Raise TruncatedScan when the strips or tiles do not lie wholly in the file."""
        where, sizes = (_TILES, _TILE_BYTES) if _TILES in tags else (_STRIPS, _STRIP_BYTES)
        offsets = self.numbers(tags, where)
        lengths = self.numbers(tags, sizes) or (0,) * len(offsets)
        if not offsets and _JPEG_OFFSET not in tags:
            raise UnreadableScan(self.name, f"image {index + 1} has no pixels")
        for start, length in zip(offsets, lengths, strict=False):
            if start + length > len(self._data):
                missing = start + length - len(self._data)
                raise TruncatedScan(self.name, f"image {index + 1} lacks {missing} bytes")

    def _entry(self, start: int) -> tuple[int, _Entry]:
        tag, kind = self._ints("H", start, 2)
        count = self._int("Q" if self._big else "I", start + 4)
        at, room = (start + 12, 8) if self._big else (start + 8, 4)
        if count * _TYPE_BYTES.get(kind, 1) > room:
            at = self._int("Q" if self._big else "I", at)
        return tag, _Entry(kind, count, at)

    def _int(self, code: str, offset: int) -> int:
        return self._ints(code, offset, 1)[0]

    def _ints(self, code: str, offset: int, count: int) -> tuple[int, ...]:
        if offset + count * struct.calcsize("<" + code) > len(self._data):
            raise TruncatedScan(self.name, "a TIFF directory lies behind the end of the file")
        return struct.unpack_from(f"{self._order}{count}{code}", self._data, offset)
