"""A clean sheet in, the sheet as a scanner sees it out; seeded: same seed, same bytes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.paper import Sheet, face

Pixels = NDArray[np.uint8]
SEAL_MM = 36.0
SEAL_RED, PEN_BLUE = (200, 30, 45), (30, 50, 150)


@dataclass(frozen=True)
class Scanner:
    """How bad the scan is; all off: as printed."""

    skew_deg: float = 0.0  # anticlockwise positive
    noise: float = 0.0  # standard deviation, grey levels
    paper: tuple[int, int, int] = (255, 255, 255)
    show_through: float = 0.0  # 0–1 of the other side's ink
    specks: int = 0
    blur: float = 0.0  # sigma, px at 300 dpi


def seal(sheet: Sheet, x_mm: float, y_mm: float, around: str, worn: float, seed: int) -> None:
    """Stamp a round red seal centred there, unevenly inked."""
    side = int(sheet.px(SEAL_MM))
    stamp = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(stamp)
    for inset, width in ((0.01, 0.03), (0.25, 0.012)):
        box = [side * inset, side * inset, side * (1 - inset), side * (1 - inset)]
        pen.ellipse(box, outline=255, width=max(2, int(side * width)))
    _star(pen, side)
    font = face("b", int(side * 0.085))
    for index, letter in enumerate(around):
        angle = 200 - 220 * index / max(len(around) - 1, 1)
        tile = Image.new("L", (int(side * 0.12),) * 2, 0)
        middle = tile.width / 2
        ImageDraw.Draw(tile).text((middle, middle), letter, 255, font, anchor="mm")
        tile = tile.rotate(angle - 90, resample=Image.Resampling.BICUBIC)
        radius = side * 0.38
        x = side / 2 + radius * np.cos(np.radians(angle)) - tile.width / 2
        y = side / 2 - radius * np.sin(np.radians(angle)) - tile.height / 2
        stamp.paste(255, (int(x), int(y)), tile)
    rng = np.random.default_rng(seed)
    blotches = cv2.resize(
        rng.random((12, 12), np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    strength = np.asarray(stamp, np.float32) / 255 * np.clip(1 - worn * blotches, 0.15, 1)
    left, top = int(sheet.px(x_mm) - side / 2), int(sheet.px(y_mm) - side / 2)
    _blend(sheet, left, top, strength, SEAL_RED)


def signature(sheet: Sheet, x_mm: float, y_mm: float, seed: int) -> None:
    """Sign with a blue pen, centred there."""
    rng = np.random.default_rng(seed)
    steps = np.linspace(0, 1, 260)
    across = 34 * (steps - 0.5) + 5 * np.sin(6 * np.pi * steps + rng.random() * 6)
    up = 6 * np.sin(9 * np.pi * steps + rng.random() * 6) * (1.1 - steps) + rng.normal(0, 0.1, 260)
    points = [(sheet.px(x_mm + dx), sheet.px(y_mm - dy)) for dx, dy in zip(across, up, strict=True)]
    sheet.pen.line(points, PEN_BLUE, max(2, round(sheet.px(0.55))), joint="curve")


def handwritten(sheet: Sheet, x_mm: float, y_mm: float, digits: str, seed: int) -> None:
    """Write digits by hand with a blue pen: strokes, not a font."""
    rng = np.random.default_rng(seed)
    for index, digit in enumerate(digits):
        strokes = _STROKES[digit]
        for stroke in strokes:
            wobble = rng.normal(0, 0.05, (len(stroke), 2))
            points = np.asarray(stroke, float) + wobble
            dense = np.stack(
                [
                    np.interp(
                        np.linspace(0, len(points) - 1, 40), range(len(points)), points[:, axis]
                    )
                    for axis in (0, 1)
                ],
                1,
            )
            at = [
                (sheet.px(x_mm + 4.2 * index + 3.4 * x), sheet.px(y_mm - 5.5 * y)) for x, y in dense
            ]
            sheet.pen.line(at, PEN_BLUE, max(2, round(sheet.px(0.6))), joint="curve")


def scan(sheet: Sheet, scanner: Scanner, seed: int) -> Pixels:
    """Return the page image, uint8 H×W×3 RGB."""
    rng = np.random.default_rng(seed)
    pixels = np.asarray(sheet.image, np.float32)
    if scanner.show_through:
        other = cv2.GaussianBlur(255 - pixels[:, ::-1], (0, 0), 2.5)
        pixels = pixels - scanner.show_through * other
    pixels *= np.asarray(scanner.paper, np.float32) / 255
    if scanner.specks:
        for _ in range(scanner.specks):
            y, x = rng.integers(0, pixels.shape[0]), rng.integers(0, pixels.shape[1])
            cv2.circle(pixels, (int(x), int(y)), int(rng.integers(1, 3)), (60, 60, 60), -1)
    if scanner.skew_deg:
        middle = (pixels.shape[1] / 2, pixels.shape[0] / 2)
        matrix = cv2.getRotationMatrix2D(middle, scanner.skew_deg, 1.0)
        pixels = cv2.warpAffine(
            pixels,
            matrix,
            (pixels.shape[1], pixels.shape[0]),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=scanner.paper,
        )
    if scanner.blur:
        pixels = cv2.GaussianBlur(pixels, (0, 0), scanner.blur * sheet.dpi / 300)
    if scanner.noise:
        pixels = pixels + rng.normal(0, scanner.noise, pixels.shape[:2])[..., None]
    return np.clip(pixels, 0, 255).astype(np.uint8)


def _star(pen: ImageDraw.ImageDraw, side: int) -> None:
    points = []
    for index in range(10):
        radius = side * (0.13 if index % 2 == 0 else 0.055)
        angle = np.pi / 2 + index * np.pi / 5
        points.append((side / 2 + radius * np.cos(angle), side / 2 - radius * np.sin(angle)))
    pen.polygon(points, fill=255)


def _blend(
    sheet: Sheet, left: int, top: int, strength: NDArray[np.float32], colour: tuple[int, int, int]
) -> None:
    height, width = strength.shape
    box = (left, top, left + width, top + height)
    under = np.asarray(sheet.image.crop(box), np.float32)
    # Seal ink lets black print show through it: the darker of both wins in each channel.
    over = np.minimum(under, 255 - strength[..., None] * (255 - np.asarray(colour, np.float32)))
    sheet.image.paste(Image.fromarray(over.astype(np.uint8)), (left, top))


_STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.5, 1), (0.1, 0.7), (0.1, 0.3), (0.5, 0), (0.9, 0.3), (0.9, 0.7), (0.5, 1)]],
    "1": [[(0.2, 0.75), (0.55, 1), (0.5, 0)]],
    "2": [[(0.1, 0.8), (0.5, 1), (0.9, 0.75), (0.1, 0), (0.95, 0.05)]],
    "3": [[(0.1, 0.9), (0.6, 1), (0.8, 0.75), (0.4, 0.52), (0.9, 0.25), (0.5, 0), (0.1, 0.1)]],
    "4": [[(0.6, 1), (0.1, 0.35), (0.95, 0.38)], [(0.7, 0.7), (0.65, 0)]],
    "5": [[(0.9, 1), (0.25, 0.97), (0.2, 0.55), (0.7, 0.58), (0.85, 0.25), (0.5, 0), (0.1, 0.08)]],
    "6": [[(0.8, 1), (0.2, 0.5), (0.2, 0.15), (0.55, 0), (0.85, 0.25), (0.55, 0.48), (0.2, 0.3)]],
    "7": [[(0.1, 0.95), (0.9, 1), (0.4, 0)], [(0.3, 0.5), (0.75, 0.52)]],
    "8": [
        [
            (0.5, 0.52),
            (0.15, 0.8),
            (0.5, 1),
            (0.85, 0.8),
            (0.15, 0.2),
            (0.5, 0),
            (0.85, 0.2),
            (0.5, 0.52),
        ]
    ],
    "9": [[(0.85, 0.7), (0.5, 0.5), (0.2, 0.75), (0.5, 1), (0.85, 0.75), (0.8, 0.3), (0.4, 0)]],
}
