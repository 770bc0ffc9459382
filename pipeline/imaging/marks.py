"""A straightened page in, its seals, stamps and signatures out: who answers for the paper.

Presence and place only: whose seal it is, its text says, and whether a signature is genuine,
nobody can tell from a picture. Measured on 297 real pages whose marks were listed by eye.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.box import Box
from pipeline.imaging.background import Background, background_of
from pipeline.imaging.evidence import apart
from pipeline.imaging.pen import Stroke, find_strokes
from pipeline.imaging.rings import Ring, find_rings
from pipeline.imaging.seal import redness
from pipeline.layout import Mark
from pipeline.model import PageImage, Pixels

_SEAL = 0.45  # evidence of a ring: print has .36 at most, a worn seal .53
_RED_SEAL = 0.38  # and of one whose ink is red
_INKED = 30  # difference of the channels that is coloured ink, at the background's resolution
_PALEST = 200  # of the channels' minimum: paler is paper
_OF_SEAL = 0.25  # share of a seal's ink that has its colour
_SEAL_MM = (9.0, 45.0)  # sides of a red patch that is a seal, though no ring stands out
_ROUND = 1.3  # longer to shorter side of it
_STAMP_MM = (6.0, 80.0)
_FRAME = 0.8  # of a patch's width and height that one connected piece of ink spans: its frame
_HOLLOW = 0.7  # of its box: what fills more is no frame
_CORNERS = 0.58  # of a disc's width from its middle: its box's corners lie beyond
_EMPTY, _FILLED = 0.1, 0.4  # share of the corners, and of the disc, that is patch
_JOIN_MM = 2.0
_BESIDE = 3.2  # radii from the middle of a seal within which its signature runs
_SIGNED_MM = 12.0  # length of all strokes beside a seal: signed ones have 21 and more, others 5
_ALONE_MM, _ALONE_HIGH_MM = 50.0, 5.0  # of one without a seal beside it
_WOUND = 2.0  # and in diagonals of its box: a bent rule has one and a half at most
_NOT_RED = 200  # in red light neither red ink nor paper is so dark
_BLUE, _OF_PEN = 25, 0.15  # blue over red, and the share of the ink around that a blue pen has
_MM_PER_INCH = 25.4

Colour = Literal["red", "blue", "black"]


def find_marks(image: PageImage) -> tuple[Mark, ...]:
    """Return the marks of a page from the top, in its px; of signatures one box for each place."""
    background = background_of(image)
    # Red ink is darkest in green light; black ink is dark in every light.
    rings = find_rings(np.ascontiguousarray(image.pixels[..., 1]), image.dpi)
    seals = [(ring, _colour_of(ring, background, image)) for ring in rings]
    seals = [
        (ring, colour)
        for ring, colour in seals
        if ring.evidence >= (_RED_SEAL if colour == "red" else _SEAL)
    ]
    marks = [Mark("seal", _box(ring, image), colour) for ring, colour in seals]
    marks += _red_patches(background, image, [mark.box for mark in marks])
    marks += _signatures(image, background, [ring for ring, _ in seals])
    return tuple(sorted(marks, key=lambda mark: (mark.box.top, mark.box.left, mark.kind)))


def _box(ring: Ring, image: PageImage) -> Box:
    return Box(
        max(0, int(ring.x - ring.radius)),
        max(0, int(ring.y - ring.radius)),
        min(image.width_px, int(ring.x + ring.radius) + 1),
        min(image.height_px, int(ring.y + ring.radius) + 1),
    )


def _colour_of(ring: Ring, background: Background, image: PageImage) -> Colour:
    """Return the colour that much of a seal's ink has: print and pen lie over it."""
    small = background.divided_small()
    scale = small.shape[1] / image.width_px
    disc = np.zeros(small.shape[:2], np.uint8)
    centre = round(ring.x * scale), round(ring.y * scale)
    cv2.circle(disc, centre, max(1, round(ring.radius * scale)), 1, cv2.FILLED)
    within = small[disc > 0]
    inked = within[within.min(axis=1) < _PALEST]
    if not len(inked):
        return "black"
    red, green, blue = inked.astype(np.int16).T
    if float((red - np.maximum(green, blue) > _INKED).mean()) >= _OF_SEAL:
        return "red"
    return "blue" if float((blue - red > _INKED).mean()) >= _OF_SEAL else "black"


def _red_patches(background: Background, image: PageImage, seals: Sequence[Box]) -> Iterable[Mark]:
    """Yield round red patches that are no ring (small or worn seals), and framed stamps."""
    red = (redness(background.divided_small()) > _INKED).astype(np.uint8)
    if not red.any():
        return
    px_mm = background.dpi / _MM_PER_INCH
    reach = max(1, round(_JOIN_MM * px_mm)) | 1
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    across, down = image.width_px / red.shape[1], image.height_px / red.shape[0]
    for number, (left, top, width, height, _) in enumerate(stats[1:].tolist(), start=1):
        box = Box(
            int(left * across),
            int(top * down),
            min(image.width_px, round((left + width) * across)),
            min(image.height_px, round((top + height) * down)),
        )
        if any(box.overlaps(seal) for seal in seals):
            continue
        low, high = sorted((width / px_mm, height / px_mm))
        patch = labels[top : top + height, left : left + width] == number
        ink = red[top : top + height, left : left + width] * patch.astype(np.uint8)
        if _SEAL_MM[0] <= low and high <= min(_SEAL_MM[1], low * _ROUND) and _is_disc(patch):
            yield Mark("seal", box, "red")
        elif _STAMP_MM[0] <= low and high <= _STAMP_MM[1] and _is_framed(ink):
            yield Mark("stamp", box, "red")


def _is_disc(patch: NDArray[np.bool_]) -> bool:
    """Tell whether a patch leaves the corners of its box empty."""
    height, width = patch.shape
    rows, columns = np.mgrid[0:height, 0:width]
    away = np.hypot((rows + 0.5) / height - 0.5, (columns + 0.5) / width - 0.5)
    beyond, within = float(patch[away > _CORNERS].mean()), float(patch[away <= 0.5].mean())
    return beyond < _EMPTY and within > _FILLED


def _is_framed(ink: Pixels) -> bool:
    """Tell whether one connected line of ink goes around the patch."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    if len(stats) < 2:
        return False
    _, _, width, height, area = stats[1 + int(np.argmax(stats[1:, 2] * stats[1:, 3]))]
    spans = min(width / ink.shape[1], height / ink.shape[0]) >= _FRAME
    return bool(spans and area < _HOLLOW * width * height)


def _signatures(image: PageImage, background: Background, seals: Sequence[Ring]) -> list[Mark]:
    """Return signatures: strokes beside a seal, or strokes that no print has, where none is."""
    strokes = find_strokes(image.pixels, image.dpi, seals)
    found = [stroke.box for stroke in strokes if _alone(stroke)]
    for seal in seals:
        beside = [stroke for stroke in strokes if _beside(stroke, seal)]
        if sum(stroke.length_mm for stroke in beside) >= _SIGNED_MM:
            found.append(reduce(Box.union, (stroke.box for stroke in beside)))
    return [Mark("signature", box, _pen_colour(image, background, box)) for box in apart(found)]


def _alone(stroke: Stroke) -> bool:
    return (
        stroke.length_mm >= _ALONE_MM
        and stroke.height_mm >= _ALONE_HIGH_MM
        and stroke.length_mm >= _WOUND * stroke.diagonal_mm
    )


def _beside(stroke: Stroke, seal: Ring) -> bool:
    reach = _BESIDE * seal.radius
    box = stroke.box
    return (
        seal.x - reach < box.right
        and box.left < seal.x + reach
        and seal.y - seal.radius < box.bottom
        and box.top < seal.y + seal.radius
    )


def _pen_colour(image: PageImage, background: Background, box: Box) -> Colour:
    """Return blue for a pen of which some is blue: the print in its box is black."""
    place = slice(box.top, box.bottom), slice(box.left, box.right)
    ink = background.divide(image.pixels, place).astype(np.int16)
    dark = ink[..., 0] < _NOT_RED
    if not dark.any():
        return "black"
    blue = (ink[..., 2] - ink[..., 0])[dark] > _BLUE
    return "blue" if float(blue.mean()) > _OF_PEN else "black"
