"""A page image in, the same turned by quarters out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.model import PageImage


def turn(image: PageImage, quarter_turns: int) -> PageImage:
    """Return the image turned anticlockwise by `quarter_turns` × 90°; no pixel is changed."""
    turns = quarter_turns % 4
    if turns == 0:
        return image
    return replace(image, pixels=np.ascontiguousarray(np.rot90(image.pixels, turns)))
