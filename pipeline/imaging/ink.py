"""A page image in, a clean gray copy for recognition out; the master is never touched."""

from __future__ import annotations

from pipeline.imaging.resample import gray
from pipeline.model import PageImage, Pixels


def ink_copy(image: PageImage) -> Pixels:
    """Return H×W gray pixels of the same size, ink dark on even white."""
    return gray(image.pixels)
