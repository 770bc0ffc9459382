"""A drawn strip of ink in, the line image that a scanner and the clean-up leave of it out.

Blur, grain, one bit a pixel, neighbouring lines that look in, rules, leaders, specks, seals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from bench.digit_hands import Ink

HEIGHT_PX = 40  # of a line image
WORK_PX = 60  # at which it is drawn
SMALL = "aàảáăâbcdđeêghiklmnoôơpqrstuưvxyếộờị"


class Strip(Protocol):
    """What is known of a strip: its print."""

    font: ImageFont.FreeTypeFont
    cap: float  # height of a capital, work px
    base: float  # y of the base line


def letters_of(rng: np.random.Generator, alphabet: str, least: int, most: int) -> str:
    """Return some letters in a row."""
    count = int(rng.integers(least, most + 1))
    return "".join(alphabet[int(one)] for one in rng.integers(0, len(alphabet), count))


def damaged(ink: Ink, strip: Strip, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return the strip as a scanner and the clean-up leave it, at its final height."""
    ink = ink.copy()
    _neighbours(ink, strip, rng)
    if rng.random() < 0.18:
        _leftovers(ink, strip, rng)
    height, width = ink.shape
    lean = float(rng.normal(0, 0.04))
    turn = np.array(
        [[1, lean, -lean * height / 2], [float(rng.normal(0, 0.008)), 1, 0]], np.float32
    )
    ink = cv2.warpAffine(ink, turn, (width, height))
    thick = rng.random()
    if thick < 0.15:
        ink = cv2.dilate(ink, np.ones((2, 2), np.uint8))
    elif thick < 0.25:
        ink = cv2.erode(ink, np.ones((2, 1), np.uint8))
    if rng.random() < 0.45:  # a bitonal scan
        ink = cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.5, 1.1)))
        grain = rng.normal(0, float(rng.uniform(0.02, 0.1)), ink.shape)
        ink = (ink + grain > float(rng.uniform(0.25, 0.45)) * max(0.6, float(ink.max()))).astype(
            np.float32
        )
    else:
        ink = cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.3, 1.4)))
        ink = ink + rng.normal(0, float(rng.uniform(0, 0.05)), ink.shape).astype(np.float32)
    scale = HEIGHT_PX / WORK_PX
    size = max(8, round(width * scale * float(rng.uniform(0.8, 1.2)))), HEIGHT_PX
    small = cv2.resize(np.clip(ink, 0, 1), size, interpolation=cv2.INTER_AREA)
    return np.asarray(np.rint(255 * (1 - small)), np.uint8)


def _neighbours(ink: Ink, strip: Strip, rng: np.random.Generator) -> None:
    """Let the feet of the line above and the heads of the line below look in."""
    if rng.random() > 0.25:
        return
    image = Image.new("L", (ink.shape[1], WORK_PX), 0)
    above = rng.random() < 0.4
    y = float(rng.uniform(-4, 4)) if above else WORK_PX + strip.cap - float(rng.uniform(0, 6))
    text = " ".join(letters_of(rng, SMALL, 2, 6) for _ in range(6))
    ImageDraw.Draw(image).text((float(rng.uniform(-20, 20)), y), text, 255, strip.font, anchor="ls")
    np.maximum(ink, np.asarray(image, np.float32) / 255, out=ink)


def _leftovers(ink: Ink, strip: Strip, rng: np.random.Generator) -> None:
    """Leave specks, a rule or leaders under the figures, or an arc of a seal over them."""
    height, width = ink.shape
    kind = rng.random()
    if kind < 0.25:
        for _ in range(int(rng.integers(1, 6))):
            x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
            cv2.circle(ink, (x, y), 1, 1.0, cv2.FILLED)
    elif kind < 0.45:
        y = min(height - 1, round(strip.base + float(rng.uniform(0, 8))))
        step = int(rng.integers(4, 9))
        dots: Sequence[int] = range(0, width, step)
        for x in dots:
            cv2.circle(ink, (x, y), 1, float(rng.uniform(0.3, 1)), cv2.FILLED)
    elif kind < 0.7:
        y = int(rng.integers(-5, 6)) % height  # the rule under a motto stands above the date
        start, end = sorted(int(x) for x in rng.integers(-width // 2, width * 3 // 2, 2))
        cv2.line(ink, (start, y), (end, y), 1.0, int(rng.integers(1, 3)))
    else:
        radius = int(rng.integers(100, 250))
        centre = int(rng.integers(-50, width + 50)), int(rng.choice((-1, 1))) * radius
        shade = 0.0 if rng.random() < 0.5 else float(rng.uniform(0.2, 0.7))
        arc = np.zeros_like(ink)
        cv2.circle(arc, centre, radius + height // 2, 1.0, int(rng.integers(1, 4)), cv2.LINE_AA)
        ink[:] = ink * (1 - 0.7 * arc) if shade == 0.0 else np.maximum(ink, arc * shade)
