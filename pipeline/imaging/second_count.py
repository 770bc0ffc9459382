"""A PDF in, the number of its pages out, as a reader other than qpdf counts them.

In a damaged file a reader may lose a page and say nothing, and each loses another one. So the
pages are counted twice, and a person is told when the two differ.
"""

from __future__ import annotations

from pathlib import Path

import pdf2image
import pypdfium2
from pdf2image import exceptions

from pipeline.errors import ToolMissing

_POPPLER_S = 10  # to count the pages; then nobody knows


def count_pages(path: Path) -> int | None:
    """Return what pdfium counts, else what poppler does; None: neither opens the file.

    Raises ToolMissing.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return _count_by_poppler(path)
    try:
        return len(document)
    finally:
        document.close()


def _count_by_poppler(path: Path) -> int | None:
    try:
        found = pdf2image.pdfinfo_from_path(str(path.resolve()), timeout=_POPPLER_S)
        return int(found["Pages"])
    except exceptions.PDFInfoNotInstalledError as error:
        raise ToolMissing("pdfinfo", "install poppler-utils") from error
    except (
        exceptions.PDFPageCountError,
        exceptions.PDFPopplerTimeoutError,
        KeyError,
        ValueError,
    ):
        return None
