"""A scan's bytes in, facts of its structure out; nothing is decoded.

The content decides the type, never the name. What a file declares (pages, sizes) is checked
against the limits here, before any decoder sees it.
"""

from __future__ import annotations

import errno
import mmap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import DiskFull, EmptyScan, TooCoarse, TooLarge, UnreadableScan, WrongType
from pipeline.imaging import pdf_structure, second_count, structure, tiff
from pipeline.imaging.tiff import FileBytes, Frame
from pipeline.model import ScanFacts

_HEAD_BYTES = 1024  # readers accept %PDF- anywhere in the first 1,024 bytes (PDF 32000-1, H.3)
_MAX_FRAMES = 100_000  # of a TIFF that `probe` has let through: more than its pages
_MIN_LONG_SIDE_PX = 100  # an A4 page would have 9 dpi: no letter can be told from another
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_TIFF_HEADS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a scan may be at most."""

    max_bytes: int
    max_pages: int
    max_pixels: int  # of one page


@dataclass(frozen=True, slots=True)
class _Format:
    media_type: str
    extension: str
    pages: Callable[[FileBytes, str], tuple[Frame, ...]]


_IMAGES = {
    "jpeg": _Format("image/jpeg", ".jpg", structure.jpeg_pages),
    "png": _Format("image/png", ".png", structure.png_pages),
    "webp": _Format("image/webp", ".webp", structure.webp_pages),
    "heic": _Format("image/heic", ".heic", structure.heic_pages),
}


def probe(path: Path, name: str, limits: Limits) -> ScanFacts:
    """Return what the file at `path` is; `name` is what errors call it.

    Raises EmptyScan, WrongType, TruncatedScan, UnreadableScan, PagesMissing, ScanLocked,
    TooCoarse or TooLarge; ToolMissing.
    """
    try:
        size_bytes = path.stat().st_size
        if size_bytes == 0:
            raise EmptyScan(name)
        if size_bytes > limits.max_bytes:
            raise TooLarge(name, f"{size_bytes} bytes; at most {limits.max_bytes}")
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            return _facts(path, name, data, limits)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(error.filename or path)) from error
        raise UnreadableScan(name, error.strerror or str(error)) from error


def frames_of(path: Path, name: str, facts: ScanFacts) -> tuple[Frame, ...]:
    """Return the frames of an image file that are pages. Raises as `probe`."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if facts.extension == ".tif":
            return tiff.tiff_pages(data, name, _MAX_FRAMES)
        return _IMAGES[_kind(data)].pages(data, name)


def _facts(path: Path, name: str, data: FileBytes, limits: Limits) -> ScanFacts:
    kind = _kind(data)
    if kind == "pdf":
        pdf = pdf_structure.read(path, data, name, limits.max_pages, limits.max_pixels)
        other_pages = second_count.count_pages(path)
        return ScanFacts("application/pdf", ".pdf", pdf.pages, other_pages, signed=pdf.signed)
    if kind == "tiff":
        frames = tiff.tiff_pages(data, name, limits.max_pages)
        media_type, extension = "image/tiff", ".tif"
    elif kind in _IMAGES:
        frames = _IMAGES[kind].pages(data, name)
        media_type, extension = _IMAGES[kind].media_type, _IMAGES[kind].extension
    else:
        raise WrongType(name, "neither PDF, TIFF, JPEG, PNG, WebP nor HEIC")
    for frame in frames:
        _check_size(frame, name, limits)
    return ScanFacts(media_type, extension, len(frames), single_image=len(frames) == 1)


def _check_size(frame: Frame, name: str, limits: Limits) -> None:
    size = f"image {frame.index + 1} has {frame.width_px} × {frame.height_px} px"
    if frame.width_px * frame.height_px > limits.max_pixels:
        raise TooLarge(name, f"{size}; at most {limits.max_pixels} px")
    if max(frame.width_px, frame.height_px) < _MIN_LONG_SIDE_PX:
        raise TooCoarse(name, size)


def _kind(data: FileBytes) -> str:
    head = data[:_HEAD_BYTES]
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(_TIFF_HEADS):
        return "tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        length = min(int.from_bytes(head[:4], "big"), len(head))
        brands = {head[at : at + 4] for at in range(8, length, 4) if at != 12}
        return "heic" if brands & _HEIC_BRANDS else ""
    return "pdf" if b"%PDF-" in head else ""
