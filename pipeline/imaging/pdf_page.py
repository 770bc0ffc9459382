"""A PDF page as pdfium parses it in, what lies on it out: text, images, size.

Only page content is looked at: the stamps of digital signatures are annotations, and their
text and pictures say nothing about whether the page itself is a scan.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import UnreadableScan

_MAX_DEPTH = 8  # nested forms that are looked into
_MAX_OBJECTS = 200_000  # of one page: a drawing with more is a drawing all the same
_INVISIBLE = frozenset({3, 7})  # text render modes that paint nothing (PDF 32000-1, table 106)
_COVERS_PAGE = 0.8  # an image over so much of the page hides the text drawn before it
_GRID = 100  # cells across and down, to measure the area that images cover together
_PT_PER_INCH = 72.0

Matrix = tuple[float, float, float, float, float, float]
Corners = tuple[float, float, float, float]  # left, bottom, right, top, in pt of the page


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """One image of a page, where it lies on it."""

    width_px: int
    height_px: int
    across_dpi: float  # along the image's own rows
    down_dpi: float
    sideways: bool  # its rows run up or down the unrotated page
    box_pt: Corners
    share: float  # 0–1, of the visible page


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What lies on one page, annotations excepted."""

    width_pt: float  # as seen, after rotation
    height_pt: float
    quarter_turned: bool  # /Rotate 90 or 270
    crop_pt: Corners
    images: tuple[PlacedImage, ...]
    image_share: float  # 0–1, area covered by images together
    hidden_text: frozenset[int]  # addresses of text objects that nobody sees
    visible_texts: int  # text objects that are seen


@contextmanager
def open_pdf(path: Path, name: str) -> Iterator[Any]:
    """Open a PDF in pdfium for the length of a block. Raises UnreadableScan."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise UnreadableScan(name, str(error)) from error
    try:
        document.init_forms()
        yield document
    finally:
        document.close()


@contextmanager
def open_page(document: Any, index: int, name: str) -> Iterator[Any]:
    """Load page `index` (from 0) for the length of a block. Raises UnreadableScan."""
    try:
        page = document.get_page(index)
    except pypdfium2.PdfiumError as error:
        raise UnreadableScan(name, f"page {index + 1}: {error}") from error
    try:
        yield page
    finally:
        page.close()


def look(page: Any) -> PdfPage:
    """Return what lies on a loaded pdfium page."""
    crop = page.get_cropbox()
    images: list[PlacedImage] = []
    hidden: set[int] = set()
    seen: set[int] = set()
    for raw, kind, matrix in _objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            invisible = pdfium.FPDFTextObj_GetTextRenderMode(raw) in _INVISIBLE
            (hidden if invisible else seen).add(address(raw))
        else:
            image = _placed(raw, matrix, crop)
            if image is not None:
                images.append(image)
            if image is not None and image.share >= _COVERS_PAGE:
                hidden |= seen  # a scanner's text layer painted over by its picture
                seen.clear()
    width, height = page.get_size()
    return PdfPage(
        width_pt=width,
        height_pt=height,
        quarter_turned=page.get_rotation() in (90, 270),
        crop_pt=crop,
        images=tuple(images),
        image_share=_covered(images, crop),
        hidden_text=frozenset(hidden),
        visible_texts=len(seen),
    )


def address(handle: Any) -> int:
    """Return the address of a pdfium object, the same for every handle to it."""
    return int(ctypes.cast(handle, ctypes.c_void_p).value or 0)


def _objects(page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """Yield text and image objects in drawing order with the matrix of the form around them."""
    budget = [_MAX_OBJECTS]

    def walk(count: int, get: Any, parent: Any, outer: Matrix, depth: int) -> Any:
        for place in range(count):
            budget[0] -= 1
            raw = get(parent, place) if budget[0] > 0 else None
            if not raw:
                return
            kind = pdfium.FPDFPageObj_GetType(raw)
            if kind in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_IMAGE):
                yield raw, kind, outer
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth > 0:
                inner = _times(_matrix(raw), outer)
                nested = pdfium.FPDFFormObj_CountObjects(raw)
                yield from walk(nested, pdfium.FPDFFormObj_GetObject, raw, inner, depth - 1)

    count = pdfium.FPDFPage_CountObjects(page.raw)
    yield from walk(count, pdfium.FPDFPage_GetObject, page.raw, (1, 0, 0, 1, 0, 0), _MAX_DEPTH)


def _matrix(raw: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(raw, found):
        return (1, 0, 0, 1, 0, 0)
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _placed(raw: Any, outer: Matrix, crop: Corners) -> PlacedImage | None:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(raw, width, height):
        return None
    a, b, c, d, e, f = _times(_matrix(raw), outer)  # maps the unit square onto the page
    across_pt, down_pt = math.hypot(a, b), math.hypot(c, d)
    if not (width.value and height.value and across_pt > 0 and down_pt > 0):
        return None
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    if not all(map(math.isfinite, (*xs, *ys))):
        return None
    box = (min(xs), min(ys), max(xs), max(ys))
    seen_width = min(box[2], crop[2]) - max(box[0], crop[0])
    seen_height = min(box[3], crop[3]) - max(box[1], crop[1])
    page_area = max((crop[2] - crop[0]) * (crop[3] - crop[1]), 1e-6)
    return PlacedImage(
        width_px=width.value,
        height_px=height.value,
        across_dpi=width.value * _PT_PER_INCH / across_pt,
        down_dpi=height.value * _PT_PER_INCH / down_pt,
        sideways=abs(b) > abs(a),
        box_pt=box,
        share=max(seen_width, 0.0) * max(seen_height, 0.0) / page_area,
    )


def _covered(images: list[PlacedImage], crop: Corners) -> float:
    grid = np.zeros((_GRID, _GRID), dtype=bool)
    across = _GRID / max(crop[2] - crop[0], 1e-6)
    up = _GRID / max(crop[3] - crop[1], 1e-6)
    for image in images:
        left, bottom, right, top = image.box_pt
        columns = _cells((left - crop[0]) * across, (right - crop[0]) * across)
        grid[_cells((bottom - crop[1]) * up, (top - crop[1]) * up), columns] = True
    return float(grid.mean())


def _cells(start: float, end: float) -> slice:
    clamp = np.clip([start, end], 0, _GRID)
    return slice(round(float(clamp[0])), round(float(clamp[1])))
