"""One PDF page in, its pixels as poppler draws them out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pdf2image
from pdf2image import exceptions

from pipeline.errors import DiskFull, ToolMissing, ToolTimeout
from pipeline.imaging.drawing import Drawing
from pipeline.model import Pixels

_NO_ROOM_BYTES = 1_000_000  # free space of a disk that counts as full


@dataclass(frozen=True, slots=True)
class PopplerFile:
    """A PDF for poppler to draw pages of."""

    path: Path
    name: str  # what errors call it
    timeout_s: float  # for one page
    folder: Path  # for the drawing on its way to us; nothing stays there

    def check(self) -> bool:
        """Return whether poppler opens the file. Raises ToolMissing, ToolTimeout.

        pdf2image asks for the number of pages each time, without a time limit of its own.
        """
        try:
            pdf2image.pdfinfo_from_path(str(self.path.resolve()), timeout=self._whole_s())
        except exceptions.PDFInfoNotInstalledError as error:
            raise ToolMissing("pdftoppm", "install poppler-utils") from error
        except exceptions.PDFPopplerTimeoutError as error:
            detail = f"{self.name}: longer than {self.timeout_s:.0f} s"
            raise ToolTimeout("pdfinfo", detail) from error
        except (exceptions.PDFPageCountError, ValueError):
            return False
        return True

    def draw(self, index: int, drawing: Drawing) -> Pixels | None:
        """Return page `index` (from 0) in RGB; None when poppler cannot draw it.

        Raises ToolTimeout, DiskFull.
        """
        try:
            files = pdf2image.convert_from_path(
                str(self.path.resolve()),
                first_page=index + 1,
                last_page=index + 1,
                dpi=drawing.dpi,  # a size would be taken before or after /Rotate, by version
                use_cropbox=True,
                output_folder=str(self.folder),
                output_file=f"page-{index + 1}",
                paths_only=True,
                timeout=self._whole_s(),
            )
        except exceptions.PDFPopplerTimeoutError as error:
            detail = f"{self.name}: page {index + 1} took longer than {self.timeout_s:.0f} s"
            raise ToolTimeout("pdftoppm", detail) from error
        except (exceptions.PDFPageCountError, ValueError):
            return None
        pixels = _read_ppm(Path(files[0])) if files else None
        for file in files:
            Path(file).unlink(missing_ok=True)
        if pixels is None and shutil.disk_usage(self.folder).free < _NO_ROOM_BYTES:
            raise DiskFull(str(self.folder))
        return pixels

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
