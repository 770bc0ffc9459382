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
from pipeline.imaging.fitting import enlarged, fit_ink, fit_paper, show
from pipeline.imaging.jpeg import decode_jpeg, encode_jpeg
from pipeline.imaging.likeness import Likeness, Plane, Reference, luma
from pipeline.imaging.mask import ink_mask
from pipeline.layers import EncodedImage, Layer
from pipeline.model import Box, PageImage, Pixels

_LAYER_QUALITY = 40
_CROP_QUALITY, _CROP_DPI = 50, 200.0
_CROPS_SHARE = 0.3  # of the page; with more, layers are no gain
_WRONG_LEVELS = 26  # of a channel, mean of a millimetre; 20 already takes what an eye does not see
_WRONG_PX = 5  # at 150 dpi
_WRONG_MM2 = 1.0


@dataclass(frozen=True, slots=True)
class Mixed:
    """A page in layers, and how alike what they show is."""

    layers: tuple[Layer, ...]
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class _Task:
    """What all tries at one page share."""

    image: PageImage
    pixels: Pixels  # H×W×3, or H×W of a page without colour
    small: Plane  # the same at 150 dpi or less, H×W×C
    paper: Plane  # likewise
    background: Background
    reference: Reference


def mixed_layers(
    image: PageImage,
    pixels: Pixels,
    small: Pixels,
    reference: Reference,
    out: Path,
    layer_dpis: Sequence[tuple[float, float]],
) -> Iterator[Mixed]:
    """Write and yield the page in layers, one try for each resolution of paper and ink.

    `pixels` are those of `image` or their gray, `small` the same reduced for `reference`. Yields
    nothing where crops would cover the page. Each try overwrites the files of the one before.
    """
    background = background_of(image)
    size = small.shape[1], small.shape[0]
    paper = background.paper if pixels.ndim == 3 else _gray(background.paper)
    task = _Task(
        image=image,
        pixels=pixels,
        small=_planes(small),
        paper=_planes(cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR)),
        background=background,
        reference=reference,
    )
    mask = ink_mask(image, background)
    boxes = evidence_boxes(background, image.width_px, image.height_px) if pixels.ndim == 3 else []
    for paper_dpi, ink_dpi in layer_dpis:
        if _share(boxes, image) > _CROPS_SHARE:
            return
        mixed, wrong = _try(task, mask, boxes, out, paper_dpi, ink_dpi)
        if wrong:
            boxes = apart([*boxes, *wrong])
            if _share(boxes, image) > _CROPS_SHARE:
                return
            mixed, _ = _try(task, mask, boxes, out, paper_dpi, ink_dpi)
        yield mixed


def _try(
    task: _Task,
    mask: NDArray[np.bool_],
    boxes: Sequence[Box],
    out: Path,
    paper_dpi: float,
    ink_dpi: float,
) -> tuple[Mixed, list[Box]]:
    """Write the layers; return them and the boxes in which they show something else."""
    image, height, width = task.image, *task.small.shape[:2]
    mask = mask.copy()
    for box in boxes:
        mask[box.top : box.bottom, box.left : box.right] = False
    covered = cv2.resize(mask.view(np.uint8) * 255, (width, height), interpolation=cv2.INTER_AREA)
    coverage = np.asarray(covered, dtype=np.float32) / np.float32(255)
    seen = _without(task.small, boxes, task.paper, width / image.width_px)
    dpi = image.dpi * width / image.width_px
    ink = fit_ink(seen, coverage, task.paper, _size(width, height, ink_dpi / dpi))
    foreground = encode_jpeg(ink, _named(out, "ink"), _LAYER_QUALITY)
    ink = decode_jpeg(foreground)
    paper = fit_paper(
        seen, coverage, enlarged(ink, coverage), _size(width, height, paper_dpi / dpi)
    )
    background = encode_jpeg(paper, _named(out, "paper"), _LAYER_QUALITY)
    shown = show(ink, decode_jpeg(background), coverage)
    wrong = boxes_around(_wrong(shown, seen), dpi, image.width_px, image.height_px, _WRONG_MM2)
    page = Box(0, 0, image.width_px, image.height_px)
    layers = [Layer(background, page)]
    if mask.any():
        layers.append(Layer(foreground, page, encode_bitonal(mask, _named(out, "mask"))))
    for number, box in enumerate(boxes):
        layers.append(Layer(_crop(task, box, _named(out, f"crop-{number}"), shown), box))
    likeness, _ = task.reference.compare(luma(shown))
    return Mixed(tuple(layers), likeness), wrong


def _crop(task: _Task, box: Box, out: Path, shown: Plane) -> EncodedImage:
    """Write the page within a box as it is, in 4:4:4, and paint it into what is shown."""
    pixels = task.pixels[box.top : box.bottom, box.left : box.right]
    scale = min(1.0, _CROP_DPI / task.image.dpi)
    size = _size(box.width, box.height, scale)
    pixels = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
    crop = encode_jpeg(pixels, out, _CROP_QUALITY, subsampling="4:4:4")
    across = shown.shape[1] / task.image.width_px
    rows, columns = _scaled(box, across)
    place = shown[rows, columns]
    fitted = cv2.resize(
        decode_jpeg(crop), (place.shape[1], place.shape[0]), interpolation=cv2.INTER_AREA
    )
    shown[rows, columns] = fitted.reshape(place.shape)
    return crop


def _without(small: Plane, boxes: Sequence[Box], paper: Plane, scale: float) -> Plane:
    """Return the page with paper where crops will lie: layers need no detail under them."""
    if not boxes:
        return small
    seen = small.copy()
    for box in boxes:
        rows, columns = _scaled(box, scale)
        seen[rows, columns] = paper[rows, columns]
    return seen


def _wrong(shown: Plane, seen: Plane) -> NDArray[np.bool_]:
    """Return where the mean of about a millimetre has another colour than the page."""
    difference = cv2.blur(shown - seen, (_WRONG_PX, _WRONG_PX)).reshape(seen.shape)
    return np.asarray(np.abs(difference).max(axis=2) > _WRONG_LEVELS)


def _share(boxes: Sequence[Box], image: PageImage) -> float:
    return sum(box.width * box.height for box in boxes) / (image.width_px * image.height_px)


def _scaled(box: Box, scale: float) -> tuple[slice, slice]:
    """Return the rows and columns of a box at another scale; never empty."""
    top, left = round(box.top * scale), round(box.left * scale)
    bottom, right = max(top + 1, round(box.bottom * scale)), max(left + 1, round(box.right * scale))
    return slice(top, bottom), slice(left, right)


def _size(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, round(width * min(1.0, scale))), max(1, round(height * min(1.0, scale)))


def _planes(pixels: Pixels) -> Plane:
    return np.asarray(pixels.reshape(*pixels.shape[:2], -1), dtype=np.float32)


def _gray(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _named(out: Path, part: str) -> Path:
    return out.with_name(f"{out.name}.{part}")
