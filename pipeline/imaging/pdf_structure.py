"""A PDF's structure in, its pages, signature and declared sizes out; nothing is drawn."""

from __future__ import annotations

import errno
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from pipeline.errors import (
    DiskFull,
    PagesMissing,
    ScanLocked,
    TooLarge,
    TruncatedScan,
    UnreadableScan,
)
from pipeline.imaging.tiff import FileBytes

_TAIL_BYTES = 2048  # readers look for %%EOF in the last 1,024 bytes (PDF 32000-1, H.3)
_FILLER = b"\0\r\n\t \x1a"  # what copying programs leave behind the end
_REBUILT = re.compile("reconstruct cross-reference table|file is damaged")
_MAX_FIELDS = 10_000  # form fields looked at for a signature
_MAX_IMAGES = 10_000  # images of one page whose declared size is looked at
_MIN_DRAW_DPI = 72  # a page too large to be drawn even so is refused
_PT_PER_INCH = 72.0
_QPDF_ERRORS = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError)


@dataclass(frozen=True, slots=True)
class PdfStructure:
    """What the structure of a PDF tells."""

    pages: int
    signed: bool


def read(path: Path, data: FileBytes, name: str, max_pages: int, max_pixels: int) -> PdfStructure:
    """Return the structure; damage that qpdf can repair is accepted.

    Raises ScanLocked when a password is needed, TruncatedScan when the end is missing,
    PagesMissing, TooLarge, or UnreadableScan.
    """
    complete = b"%%EOF" in _tail(data)
    try:
        with pikepdf.open(path, suppress_warnings=True, attempt_recovery=True) as pdf:
            pages = len(pdf.pages)
            damaged = any(_REBUILT.search(str(warning)) for warning in pdf.get_warnings())
            if damaged and not complete:
                raise TruncatedScan(name, "the PDF has no end mark")
            if pages == 0:
                raise PagesMissing(name)
            if pages > max_pages:
                raise TooLarge(name, f"{pages} pages; at most {max_pages}")
            for number, page in enumerate(pdf.pages, start=1):
                _check_sizes(page, number, name, max_pixels)
            return PdfStructure(pages, _signed(pdf))
    except pikepdf.PasswordError as error:
        raise ScanLocked(name) from error
    except _QPDF_ERRORS as error:
        if not complete:
            raise TruncatedScan(name, "the PDF has no end mark") from error
        raise UnreadableScan(name, _words(error, path)) from error


def write_repaired(path: Path, out: Path, name: str) -> None:
    """Write a PDF as qpdf repairs it, without encryption and without a tangled form.

    Raises UnreadableScan, DiskFull.
    """
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            if _is_tangled(pdf):
                del pdf.Root["/AcroForm"]
            pdf.save(out)
    except OSError as error:
        kind = DiskFull if error.errno == errno.ENOSPC else UnreadableScan
        raise kind(name, error.strerror or str(error)) from error
    except _QPDF_ERRORS as error:
        raise UnreadableScan(name, _words(error, path)) from error


def _tail(data: FileBytes) -> bytes:
    end = len(data)
    while end > 0:  # whole blocks of filler behind the end may be long
        block = data[max(0, end - _TAIL_BYTES) : end].rstrip(_FILLER)
        if block:
            end = max(0, end - _TAIL_BYTES) + len(block)
            return data[max(0, end - _TAIL_BYTES) : end]
        end -= _TAIL_BYTES
    return b""


def _check_sizes(page: pikepdf.Page, number: int, name: str, max_pixels: int) -> None:
    left, bottom, right, top = (float(side) for side in page.cropbox.as_list())
    inches = abs(right - left) * abs(top - bottom) / _PT_PER_INCH**2
    if not math.isfinite(inches) or inches * _MIN_DRAW_DPI**2 > max_pixels:
        size = f"{abs(right - left):.0f} × {abs(top - bottom):.0f} pt"
        raise TooLarge(name, f"page {number} measures {size}")
    for count, (width, height) in enumerate(_image_sizes(page.obj.get("/Resources"), depth=3)):
        if width * height > max_pixels:
            size = f"an image of {width} × {height} px"
            raise TooLarge(name, f"page {number} holds {size}; at most {max_pixels} px")
        if count > _MAX_IMAGES:
            return


def _image_sizes(resources: Any, depth: int) -> Iterator[tuple[int, int]]:
    """Yield declared width and height in px of a page's images, nested forms included."""
    objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(objects, pikepdf.Dictionary):
        return
    for item in objects.as_dict().values():
        if not isinstance(item, pikepdf.Stream):
            continue
        if item.get("/Subtype") == "/Image":
            sides = item.get("/Width", 0), item.get("/Height", 0)
            if all(isinstance(side, int) for side in sides):
                yield int(sides[0]), int(sides[1])
            yield from _mask_sizes(item)
        elif depth > 0:
            yield from _image_sizes(item.get("/Resources"), depth - 1)


def _mask_sizes(image: pikepdf.Stream) -> Iterator[tuple[int, int]]:
    for mask in (image.get("/SMask"), image.get("/Mask")):
        if isinstance(mask, pikepdf.Stream):
            sides = mask.get("/Width", 0), mask.get("/Height", 0)
            if all(isinstance(side, int) for side in sides):
                yield int(sides[0]), int(sides[1])


def has_tangled_form(path: Path) -> bool:
    """Return whether a form field is the child of two others, or of itself.

    Readers walk such a tree again and again, which may take longer than the universe.
    """
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            return _is_tangled(pdf)
    except (*_QPDF_ERRORS, OSError):
        return False


def _is_tangled(pdf: pikepdf.Pdf) -> bool:
    seen: set[tuple[int, int]] = set()
    for field in _fields(pdf):
        if field.is_indirect:
            if field.objgen in seen:
                return True
            seen.add(field.objgen)
    return False


def _signed(pdf: pikepdf.Pdf) -> bool:
    """Return whether a signature field holds a signature (ISO 32000-1, 12.8.1)."""
    values = (field.get("/V") for field in _fields(pdf))
    return any(isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value for value in values)


def _fields(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    form = pdf.Root.get("/AcroForm")
    waiting = _items(form.get("/Fields")) if isinstance(form, pikepdf.Dictionary) else []
    for _ in range(_MAX_FIELDS):
        if not waiting:
            return
        field = waiting.pop()
        if isinstance(field, pikepdf.Dictionary):
            yield field
            waiting.extend(_items(field.get("/Kids")))


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array) else []


def _words(error: Exception, path: Path) -> str:
    """Return the error's first line without the path of this machine that qpdf puts before it."""
    first = (str(error).splitlines() or [""])[0]
    return first.removeprefix(f"{path}: ")[:200]
