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
class Likeness:
    """How alike a page and what a reader shows of its layers are, at 150 dpi; 1: the same."""

    page: float  # structural similarity, mean over the page
    ink: float  # mean within three pixels of ink
    plain: float  # mean over the page without the grain of its paper
    colour_error: float | None = None  # of coloured ink, CIE Lab; None: it has none

    def reaches(self, page: float, ink: float) -> bool:
        """Tell whether page and ink are as alike as asked; grain that is lost is no loss.

        Grain has no structure to keep: on grainy paper a JPEG needs six times the bytes of all
        layers before its mean passes .95.
        """
        return self.ink >= ink and max(self.page, self.plain) >= page


@dataclass(frozen=True, slots=True)
class Coding:
    """How a page was compressed, and what the comparison with the scan found."""

    kind: Literal["bitonal", "layers", "jpeg", "original"]  # original: the scan's own stream
    likeness: Likeness | None = None  # None: lossless, or too large to compare
    reached: bool = True  # False: no coding reached what the profile asks; this is the best


LOSSLESS = Coding("bitonal")


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """A page image compressed for the archive PDF."""

    layers: tuple[Layer, ...]  # the first is painted first
    look: Path  # PNG, gray, at most LOOK_PX long: the page image before it was compressed
    coding: Coding = LOSSLESS

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
