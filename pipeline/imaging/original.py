"""A page that is one JPEG in, that JPEG as it was scanned out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

_JPEG = b"\xff\xd8\xff"
_MOST_BYTES = 20_000_000  # layers and JPEGs of ours are smaller


def jpeg_of_page(page: Any) -> bytes | None:
    """Return the JPEG of a loaded pdfium page whose one image is a JPEG, else None.

    Whether the page shows it as it is, its pixels tell (`jpeg.as_scanned`).
    """
    try:
        images = [*page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])]
        if len(images) != 1 or images[0].get_filters() != ["DCTDecode"]:
            return None
        return _if_jpeg(bytes(images[0].get_data(decode_simple=False)))
    except pypdfium2.PdfiumError:  # another reader may draw such a page
        return None


def jpeg_of_file(path: Path) -> bytes | None:
    """Return the bytes of a file that is a JPEG, else None."""
    if path.stat().st_size > _MOST_BYTES:
        return None
    return _if_jpeg(path.read_bytes())


def _if_jpeg(data: bytes) -> bytes | None:
    return data if data.startswith(_JPEG) and len(data) <= _MOST_BYTES else None
