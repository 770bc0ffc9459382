"""Layers or pixels in, what a reader of the PDF shows of them out.

The reader is pdfium: it decodes each stream with decoders that are not ours, and paints masks and
layers as a person will see them.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.imaging.likeness import LOOK_DPI
from pipeline.layers import EncodedImage, Layer
from pipeline.model import Box, Pixels

_SPACES = {"rgb": Name.DeviceRGB, "gray": Name.DeviceGray, "bitonal": Name.DeviceGray}
_MOST_PX = 60_000_000  # A1 at 300 dpi has 70 million; beyond, a page is drawn at a half or less
_Painted = tuple[pikepdf.Stream, Box]


class Sheet:
    """A page of some size, on which layers are shown at LOOK_DPI or its own dpi if that is less.

    It is drawn in its own pixels, where the scan shows as it is, and then averaged: readers that
    draw it smaller leave pixels out.
    """

    def __init__(self, width_px: int, height_px: int, dpi: float) -> None:
        """`width_px`, `height_px`: of the page, at `dpi`."""
        self._width_px, self._height_px = width_px, height_px
        scale = min(1.0, LOOK_DPI / dpi)
        self._look = max(1, round(width_px * scale)), max(1, round(height_px * scale))

    def of_layers(self, layers: Iterable[Layer]) -> Pixels:
        """Return the layers as shown, H×W×3 RGB. Raises ToolCrashed."""
        with pikepdf.new() as pdf:
            painted = []
            for layer in layers:
                image = _stream(pdf, layer.image)
                if layer.stencil is not None:
                    image.Mask = _stream(pdf, layer.stencil)
                    del image.Mask.ColorSpace
                    image.Mask.ImageMask = True
                painted.append((image, layer.box))
            return self._drawn(pdf, painted)

    def of_pixels(self, pixels: Pixels) -> Pixels:
        """Return gray (H×W) or RGB pixels of the whole page as shown, H×W×3 RGB."""
        small = self._averaged(pixels)
        return small if small.ndim == 3 else np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB))

    def _drawn(self, pdf: pikepdf.Pdf, painted: Iterable[_Painted]) -> Pixels:
        """Draw on a page whose unit is a pixel, so that no place is rounded."""
        images, draw = Dictionary(), []
        for number, (image, box) in enumerate(painted):
            images[f"/I{number}"] = image
            bottom = self._height_px - box.bottom
            place = f"{box.width} 0 0 {box.height} {box.left} {bottom}"
            draw.append(f"q {place} cm /I{number} Do Q\n")
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, self._width_px, self._height_px]),
            Resources=Dictionary(XObject=images),
            Contents=pdf.make_stream("".join(draw).encode("ascii")),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
        buffer = io.BytesIO()
        pdf.save(buffer, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        parts = math.ceil(math.sqrt(self._width_px * self._height_px / _MOST_PX))
        size = -(-self._width_px // parts), -(-self._height_px // parts)
        with _rendered(buffer.getvalue(), *size) as drawn:
            return np.array(self._averaged(drawn))  # a copy: the page goes

    def _averaged(self, pixels: Pixels) -> Pixels:
        if pixels.shape[1::-1] == self._look:
            return pixels
        pixels = np.ascontiguousarray(pixels)
        return np.asarray(cv2.resize(pixels, self._look, interpolation=cv2.INTER_AREA))


def _entries(width_px: int, height_px: int, colour: str) -> dict[str, object]:
    return {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": width_px,
        "Height": height_px,
        "ColorSpace": _SPACES[colour],
        "BitsPerComponent": 1 if colour == "bitonal" else 8,
    }


def _stream(pdf: pikepdf.Pdf, image: EncodedImage) -> pikepdf.Stream:
    entries = _entries(image.width_px, image.height_px, image.colour)
    stream = pdf.make_stream(image.path.read_bytes(), **entries)
    stream.Filter = Name("/" + image.filter)
    if image.filter == "CCITTFaxDecode":
        stream.DecodeParms = Dictionary(K=-1, Columns=image.width_px, Rows=image.height_px)
    return stream


@contextmanager
def _rendered(pdf: bytes, width_px: int, height_px: int) -> Iterator[Pixels]:
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            bitmap = pypdfium2.PdfBitmap.new_native(width_px, height_px, pdfium.FPDFBitmap_BGR)
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, width_px, height_px)
            place = (0, 0, width_px, height_px, 0, pdfium.FPDF_REVERSE_BYTE_ORDER)
            pdfium.FPDF_RenderPageBitmap(bitmap.raw, page.raw, *place)
            yield bitmap.to_numpy()
            bitmap.close()
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise ToolCrashed("pdfium", f"a page of ours cannot be drawn: {error}") from error
