"""A PDF in, its pages drawn one at a time out.

Two readers, because each fails on files that the other draws: pdfium for scans, whose pixels
it can keep exactly, poppler for everything else, and each the other's substitute.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.errors import UnreadableScan
from pipeline.imaging.drawing import MIN_IMAGE_SHARE, Drawing, plan
from pipeline.imaging.original import Original, original_of_page
from pipeline.imaging.pdf_page import PdfPage, look, open_page, open_pdf
from pipeline.imaging.pdf_structure import has_tangled_form, write_repaired
from pipeline.imaging.poppler import PopplerFile
from pipeline.imaging.textlayer import TextLayer, facts_of, layer_of
from pipeline.model import PageImage, Pixels

_POPPLER_SHARE = 0.5  # of a page's time: when it hangs, there is time for the other reader


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """One page as drawn."""

    image: PageImage
    text_born: TextLayer | None  # None: a scan, or a page without text to be seen
    original: Original | None  # of a page that is one image: as scanned


def draw_pages(
    path: Path,
    name: str,
    pages: int,
    *,
    default_dpi: int,
    max_dpi: int,
    max_pixels: int,
    timeout_s: float,
    scratch: Path,
) -> Iterator[DrawnPage]:
    """Yield the pages in order; one page is in memory at a time.

    Raises ToolMissing, DiskFull, or UnreadableScan when a page cannot be drawn.
    """
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        readable = _readable(path, name, pages, Path(folder))
        poppler = PopplerFile(readable, timeout_s * _POPPLER_SHARE, Path(folder))
        poppler_opens = poppler.check()
        with open_pdf(readable, name) as document:
            for index in range(pages):
                with open_page(document, index, name) as page:
                    content = look(page)
                    drawing = plan(content, default_dpi, max_dpi, max_pixels)
                    drawn = _draw(page, index, content, drawing, poppler if poppler_opens else None)
                    if drawn is None:
                        raise UnreadableScan(name, f"page {index + 1} cannot be drawn")
                    image = PageImage(drawn, drawing.dpi)
                    born = None
                    if readable == path:  # what was repaired is not kept: only its pixels are
                        born = _born(path, name, page, index, content, image)
                    original = None if drawing.box_pt is None else original_of_page(page)
                    yield DrawnPage(image, born, original)


def _readable(path: Path, name: str, pages: int, folder: Path) -> Path:
    """Return the PDF, or a repaired copy when readers fail on it or number its pages otherwise.

    Raises UnreadableScan.
    """
    if not has_tangled_form(path):
        try:
            with open_pdf(path, name) as document:
                if len(document) == pages:
                    return path
        except UnreadableScan:
            pass  # qpdf has opened it, so it can mend it
    copy = folder / "repaired.pdf"
    write_repaired(path, copy, name)
    return copy


def _born(
    path: Path, name: str, page: Any, index: int, content: PdfPage, image: PageImage
) -> TextLayer | None:
    if not facts_of(content).born_digital:
        return None
    return layer_of(path, index, page, content, name, (image.width_px, image.height_px))


def _draw(
    page: Any, index: int, content: PdfPage, drawing: Drawing, poppler: PopplerFile | None
) -> Pixels | None:
    """Return the page from the first reader that loses nothing, else from any; None: neither."""
    readers: list[Callable[[], Pixels | None]] = [lambda: _draw_pdfium(page, drawing)]
    if poppler is not None:
        readers.append(lambda: poppler.draw(index, drawing))
    if drawing.box_pt is None:
        readers.reverse()
    fallback = None
    for read in readers:
        pixels = read()
        if pixels is not None and not _lost_image(pixels, content):
            return pixels
        fallback = pixels if fallback is None else fallback
    return fallback


def _lost_image(pixels: Pixels, content: PdfPage) -> bool:
    """Return whether the page is white although images lie on it: a decoder gave up."""
    return content.image_share >= MIN_IMAGE_SHARE and bool(pixels.min() == 255)


def _draw_pdfium(page: Any, drawing: Drawing) -> Pixels | None:
    """Return the page as pdfium draws it, form fields and annotations too; None: it cannot."""
    if drawing.box_pt is not None:
        page.set_mediabox(*drawing.box_pt)
        page.set_cropbox(*drawing.box_pt)
    size = drawing.width_px, drawing.height_px
    try:
        bitmap = pypdfium2.PdfBitmap.new_native(*size, pdfium.FPDFBitmap_BGR)
    except pypdfium2.PdfiumError:
        return None
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        place = (0, 0, *size, 0, flags)
        pdfium.FPDF_RenderPageBitmap(bitmap.raw, page.raw, *place)
        if page.formenv:  # fields of signatures carry the stamps that people look for
            pdfium.FPDF_FFLDraw(page.formenv.raw, bitmap.raw, page.raw, *place)
        return np.array(bitmap.to_numpy(), order="C")
    finally:
        bitmap.close()
