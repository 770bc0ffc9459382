"""A page in, mixed raster content out: mask, foreground, background, and crops over them.

The lossless mask carries the shape of ink, two layers of low resolution its colour and the paper's.
Evidence, and whatever the layers turn out to show wrongly, is painted over them as continuous tone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.imaging.background import Background, background_of
from pipeline.imaging.bitonal import encode_bitonal
from pipeline.imaging.evidence import apart, boxes_around, evidence_boxes
from pipeline.imaging.fitting import enlarged, fit_ink, fit_paper
from pipeline.imaging.jpeg import decode_jpeg, encode_jpeg
from pipeline.imaging.likeness import Comparison, Reference
from pipeline.imaging.mask import ink_mask
from pipeline.imaging.profiles import LayerSizes
from pipeline.imaging.shown import Sheet
from pipeline.layers import Layer, Likeness
from pipeline.model import Box, PageImage, Pixels

_CROP_QUALITY, _CROP_DPI = 45, 170.0  # at 200, a tenth more bytes a page for a tenth of the colour
_CROPS_SHARE = 0.3  # of the page; with more, layers are no gain
_REPAIRS = 2  # rounds; what is still wrong then is no matter of a few places
_WRONG_MM2 = 1.0
_RIM_MM = 0.25  # under the edge of a crop the layers go on: readers round its place
_CELLS_PER_INCH = 50  # edges of crops lie on pixels at 50, 100 and 150 dpi, so that none moves


@dataclass(frozen=True, slots=True)
class Mixed:
    """A page in layers, and how alike what they show is."""

    layers: tuple[Layer, ...]
    likeness: Likeness
    sound: bool  # nowhere is colour or structure another


@dataclass(frozen=True, slots=True)
class _Task:
    """What all tries at one page share."""

    image: PageImage
    pixels: Pixels  # H×W×3, or H×W of a page without colour
    small: Pixels  # the same as large as it is looked at
    paper: Pixels  # likewise
    mask: NDArray[np.bool_]
    reference: Reference
    out: Path
    crops: dict[Box, Layer]  # done before

    @property
    def scale(self) -> float:
        """Return the size of `small` as a share of the page's."""
        return float(self.small.shape[1] / self.image.width_px)


def mixed_layers(
    image: PageImage,
    pixels: Pixels,
    reference: Reference,
    out: Path,
    ladder: Sequence[LayerSizes],
) -> Iterator[Mixed]:
    """Write and yield the page in layers, one try for each step of the ladder.

    `pixels` are those of `image` or their gray. Yields no more once crops would cover the page.
    Each try overwrites the files of the one before.
    """
    background = background_of(image)
    task = _task(image, pixels, background, reference, out)
    boxes: list[Box] = []
    if pixels.ndim == 3:
        boxes = _snapped(evidence_boxes(background, image.width_px, image.height_px), image)
    for sizes in ladder:
        for repair in range(_REPAIRS + 1):
            if _share(boxes, image) > _CROPS_SHARE:
                return
            layers, compared = _try(task, boxes, sizes)
            wrong = _wrong(task, boxes, compared)
            more = _snapped([*boxes, *wrong], image)
            if not wrong or more == boxes or repair == _REPAIRS:
                break
            boxes = more
        yield Mixed(tuple(layers), compared.likeness, sound=not wrong)


def _task(
    image: PageImage, pixels: Pixels, background: Background, reference: Reference, out: Path
) -> _Task:
    height, width = reference.page.shape[:2]
    paper = background.paper if pixels.ndim == 3 else cv2.cvtColor(
        background.paper, cv2.COLOR_RGB2GRAY
    )  # fmt: skip
    return _Task(
        image=image,
        pixels=pixels,
        small=_resized(pixels, (width, height), cv2.INTER_AREA),
        paper=_resized(paper, (width, height), cv2.INTER_LINEAR),
        mask=ink_mask(image, background),
        reference=reference,
        out=out,
        crops={},
    )


def _try(task: _Task, boxes: Sequence[Box], sizes: LayerSizes) -> tuple[list[Layer], Comparison]:
    """Write the layers; return them and how what they show compares."""
    image, (height, width) = task.image, task.small.shape[:2]
    mask = task.mask.copy()
    seen = task.small.copy()
    for box in boxes:
        hidden = _inside(box, image)
        mask[hidden.top : hidden.bottom, hidden.left : hidden.right] = False
        rows, columns = _scaled(hidden, task.scale)
        seen[rows, columns] = task.paper[rows, columns]  # layers need no detail under crops
    covered = cv2.resize(mask.view(np.uint8) * 255, (width, height), interpolation=cv2.INTER_AREA)
    coverage = np.asarray(covered, dtype=np.float32) / np.float32(255)
    quality, dpi = sizes.quality, image.dpi * task.scale
    ink = fit_ink(seen, coverage, task.paper, _size(width, height, sizes.ink_dpi / dpi))
    foreground = encode_jpeg(ink, _named(task.out, "ink"), quality)
    below = enlarged(decode_jpeg(foreground), coverage)
    paper = fit_paper(seen, coverage, below, _size(width, height, sizes.paper_dpi / dpi))
    page = Box(0, 0, image.width_px, image.height_px)
    layers = [Layer(encode_jpeg(paper, _named(task.out, "paper"), quality), page)]
    if mask.any():
        layers.append(Layer(foreground, page, encode_bitonal(mask, _named(task.out, "mask"))))
    layers += [_crop(task, box) for box in boxes]
    shown = Sheet(image.width_px, image.height_px, image.dpi).of_layers(layers)
    return layers, task.reference.compare(shown)


def _crop(task: _Task, box: Box) -> Layer:
    """Write the page within a box as it is; in 4:4:4, because seals are colour and little else."""
    if box not in task.crops:
        pixels = task.pixels[box.top : box.bottom, box.left : box.right]
        size = _size(box.width, box.height, _CROP_DPI / task.image.dpi)
        pixels = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
        out = _named(task.out, f"crop-{len(task.crops)}")
        crop = encode_jpeg(pixels, out, _CROP_QUALITY, subsampling="4:4:4")
        task.crops[box] = Layer(crop, box)
    return task.crops[box]


def _wrong(task: _Task, boxes: Sequence[Box], compared: Comparison) -> list[Box]:
    """Return boxes, apart from crops, in which the layers show something else."""
    image, found = task.image, compared.wrong.copy()
    for box in boxes:
        found[_scaled(box, task.scale)] = False
    dpi = image.dpi * task.scale
    return boxes_around(found, dpi, image.width_px, image.height_px, _WRONG_MM2)


def _snapped(boxes: Sequence[Box], image: PageImage) -> list[Box]:
    """Return boxes that hold the given ones, apart from each other, with edges on a grid."""
    cell = max(1, round(image.dpi / _CELLS_PER_INCH))
    return apart(
        Box(
            box.left // cell * cell,
            box.top // cell * cell,
            min(image.width_px, -(-box.right // cell) * cell),
            min(image.height_px, -(-box.bottom // cell) * cell),
        )
        for box in boxes
    )


def _inside(box: Box, image: PageImage) -> Box:
    """Return a box without its rim; edges of the page have none."""
    rim = max(1, round(_RIM_MM * image.dpi / 25.4))
    left = box.left + rim if box.left else 0
    top = box.top + rim if box.top else 0
    right = box.right - rim if box.right < image.width_px else box.right
    bottom = box.bottom - rim if box.bottom < image.height_px else box.bottom
    return Box(left, top, max(left, right), max(top, bottom))


def _share(boxes: Sequence[Box], image: PageImage) -> float:
    return sum(box.width * box.height for box in boxes) / (image.width_px * image.height_px)


def _scaled(box: Box, scale: float) -> tuple[slice, slice]:
    """Return the rows and columns of a box at another scale."""
    return (
        slice(round(box.top * scale), round(box.bottom * scale)),
        slice(round(box.left * scale), round(box.right * scale)),
    )


def _size(width: int, height: int, scale: float) -> tuple[int, int]:
    scale = min(1.0, scale)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _resized(pixels: Pixels, size: tuple[int, int], how: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def _named(out: Path, part: str) -> Path:
    return out.with_name(f"{out.name}.{part}")
