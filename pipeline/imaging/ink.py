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

# Of the paper's light: darker is ink, brighter is paper, or print of the other side. With .8, or a
# limit that follows the contrast, hair strokes of faded print go too (CER 12 instead of 5 %).
_BLACK, _WHITE = 0.2, 0.9
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
    clean = _stretched(light, _WHITE if "show-through" in steps else 1.0)
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


def _stretched(even: Pixels, white: float) -> Pixels:
    levels = np.arange(256) / 255
    curve = np.clip((levels - _BLACK) / (white - _BLACK) * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(even, curve), dtype=np.uint8)


def _specks(blobs: Blobs, dpi: float) -> Pixels:
    small = blobs.area <= _SPECK_MM2 * (dpi / _MM_PER_INCH) ** 2
    small[0] = False
    return np.asarray(small[blobs.labels], dtype=np.uint8)
