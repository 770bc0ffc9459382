"""An encoded page: the images that a PDF page paints over one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.box import Box

LOOK_PX = 480  # long side of a page's look, or the page's own if shorter: a line still shows


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Pixels compressed as one PDF image."""

    path: Path  # the raw stream as a PDF image XObject holds it
    filter: Literal["DCTDecode", "CCITTFaxDecode", "JBIG2Decode"]
    colour: Literal["rgb", "gray", "bitonal"]  # bitonal: 1 bit, decoded ink is 0
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Layer:
    """An image where it lies on the page, painted over the layers before it."""

    image: EncodedImage
    box: Box  # px of the page
    stencil: EncodedImage | None = None  # bitonal, over the same box: shown where it has ink


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """A page image compressed for the archive PDF."""

    layers: tuple[Layer, ...]  # the first is painted first
    look: Path  # PNG, gray, at most LOOK_PX long: the page image before it was compressed

    @property
    def images(self) -> Iterator[EncodedImage]:
        """Yield each stream of the page: of each layer its image, then its stencil."""
        for layer in self.layers:
            yield layer.image
            if layer.stencil is not None:
                yield layer.stencil

    @property
    def size_bytes(self) -> int:
        """Return what all streams take together."""
        return sum(image.path.stat().st_size for image in self.images)
