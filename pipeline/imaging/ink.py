"""A page image in, a clean gray copy for recognition out; the master is never touched.

Measured on 24 drawn pages of four kinds of damage with Tesseract as installed (`vie`, page
segmentation 3), character error rate: 22 % as scanned, 9.8 % straightened, 6.9 % with even
light and without seals, 1.5 % without dotted leaders as well (docs/benchmarks.md).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import cv2
import numpy as np

from pipeline.imaging.background import background_of
from pipeline.imaging.blobs import Blobs, find_blobs
from pipeline.imaging.leaders import leader_ink
from pipeline.imaging.pen import without_signatures
from pipeline.imaging.resample import gray
from pipeline.imaging.seal import without_seals
from pipeline.layout import Mark
from pipeline.model import PageImage, Pixels

INK_STEPS = ("background", "show-through", "seals", "pens", "leaders", "specks")  # in this order

# Of the paper's light: darker than `_BLACK` is ink; between the two of `_WHITE` lies the limit of
# what is paper: at 1 on clean paper, where a lower one thins hair strokes (CER of coarse pages +.3
# points), at .9 where grain or print of the other side is to go. With .8 faded print goes as well.
_BLACK, _WHITE = 0.2, (0.9, 1.0)
_PAPER_DARKEST = 2  # percentile of the light of paper that lies away from ink
_INK, _AWAY_MM, _EVERY = 0.6, 2.0, 3  # of the light; looked at in every third px: no averaging
_SPECK_MM2 = 0.03  # the dot under "ạ" has 0.1 mm² and more
_MM_PER_INCH = 25.4


def ink_copy(
    image: PageImage, marks: Sequence[Mark] = (), *, steps: Collection[str] = INK_STEPS
) -> Pixels:
    """Return H×W gray pixels of the same size: ink dark on white paper. Deterministic.

    `marks` are those of the page. Of the `steps`, `background` divides shadows and tints out,
    `show-through` whitens the print of the other side, `seals` removes the red ink of seals,
    `pens` that of blue signatures, `leaders` the dots of forms, `specks` those of a bitonal scan.
    """
    background = background_of(image)
    light = gray(image.pixels)
    if "background" in steps:
        light = background.divide_gray(light)
    clean = _stretched(light, _white(light, image.dpi) if "show-through" in steps else 1.0)
    if "seals" in steps and not image.bitonal:
        clean = without_seals(clean, image.pixels, image.dpi, background)
    if "pens" in steps and not image.bitonal:
        clean = without_signatures(clean, image.pixels, marks, background)
    blobs = find_blobs(clean)
    unwanted = np.zeros_like(blobs.ink)
    if "leaders" in steps:
        unwanted |= leader_ink(blobs, image.dpi)
    if "specks" in steps and image.bitonal:  # in a gray scan it takes letters and gains nothing
        unwanted |= _specks(blobs, image.dpi)
    return blobs.erased(clean, unwanted) if unwanted.any() else clean


def _white(light: Pixels, dpi: float) -> float:
    """Return above which share of the paper's light all is paper: its own darkest spots are."""
    sparse = np.ascontiguousarray(light[::_EVERY, ::_EVERY])
    reach = max(1, round(2 * _AWAY_MM * dpi / _MM_PER_INCH / _EVERY)) | 1
    ink = (sparse < 255 * _INK).astype(np.uint8)
    paper = sparse[cv2.dilate(ink, np.ones((reach, reach), np.uint8)) == 0]
    if not paper.size:
        return _WHITE[0]
    return float(np.clip(np.percentile(paper, _PAPER_DARKEST) / 255, *_WHITE))


def _stretched(even: Pixels, white: float) -> Pixels:
    levels = np.arange(256) / 255
    curve = np.clip((levels - _BLACK) / (white - _BLACK) * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(even, curve), dtype=np.uint8)


def _specks(blobs: Blobs, dpi: float) -> Pixels:
    small = blobs.area <= _SPECK_MM2 * (dpi / _MM_PER_INCH) ** 2
    small[0] = False
    return np.asarray(small[blobs.labels], dtype=np.uint8)
