"""One PDF page in, its pixels as poppler draws them out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pdf2image
from pdf2image import exceptions

from pipeline.errors import DiskFull, ToolMissing
from pipeline.imaging.drawing import Drawing
from pipeline.model import Pixels

_CANNOT = (exceptions.PDFPageCountError, exceptions.PDFPopplerTimeoutError)
_NO_ROOM_BYTES = 1_000_000  # free space of a disk that counts as full


@dataclass(frozen=True, slots=True)
class PopplerFile:
    """A PDF for poppler to draw pages of."""

    path: Path
    timeout_s: float  # for one page; then it is another reader's turn
    folder: Path  # for the drawing on its way to us; nothing stays there

    def check(self) -> bool:
        """Return whether poppler opens the file in time. Raises ToolMissing.

        pdf2image asks for the number of pages each time, without a time limit of its own.
        """
        try:
            pdf2image.pdfinfo_from_path(str(self.path.resolve()), timeout=self._whole_s())
        except exceptions.PDFInfoNotInstalledError as error:
            raise ToolMissing("pdftoppm", "install poppler-utils") from error
        except (*_CANNOT, ValueError):
            return False
        return True

    def draw(self, index: int, drawing: Drawing) -> Pixels | None:
        """Return page `index` (from 0) in RGB; None when poppler cannot draw it in time.

        Raises DiskFull.
        """
        try:
            files = pdf2image.convert_from_path(
                str(self.path.resolve()),
                first_page=index + 1,
                last_page=index + 1,
                dpi=drawing.dpi,  # a size would be taken before or after /Rotate, by version
                use_cropbox=True,
                output_folder=str(self.folder),
                output_file="page",
                paths_only=True,
                timeout=self._whole_s(),
            )
        except (*_CANNOT, ValueError):
            self._clear()
            return None
        pixels = _read_ppm(Path(files[0])) if files else None
        self._clear()
        if pixels is None and shutil.disk_usage(self.folder).free < _NO_ROOM_BYTES:
            raise DiskFull(str(self.folder))
        return pixels

    def _clear(self) -> None:
        for file in self.folder.glob("*.ppm"):
            file.unlink(missing_ok=True)

    def _whole_s(self) -> int:
        return max(1, round(self.timeout_s))


def _read_ppm(path: Path) -> Pixels | None:
    """Return the pixels of a binary PPM as poppler writes it; None when it is not whole."""
    with path.open("rb") as file:
        head = [file.readline(64) for _ in range(3)]
        sides = head[1].split()
        if head[0] != b"P6\n" or len(sides) != 2:
            return None
        width, height = int(sides[0]), int(sides[1])
        pixels = np.fromfile(file, dtype=np.uint8, count=width * height * 3)
    return pixels.reshape(height, width, 3) if pixels.size == width * height * 3 else None
