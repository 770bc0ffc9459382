"""A print in, the same sheet as a scanner sees it out; seeded: same seed, same bytes.

Only whole-number chance, Pillow's fixed-point filters and plain arithmetic are used: they give
the same pixels on every processor, which interpolation in OpenCV or `exp` in numpy do not promise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Scanner:
    """How bad the scan is; all off: as printed."""

    skew_deg: float = 0.0  # of the content, anticlockwise positive
    noise: float = 0.0  # standard deviation, grey levels
    paper: tuple[int, int, int] = (255, 255, 255)
    show_through: float = 0.0  # 0–1 of the other side's ink
    specks: int = 0
    blur: float = 0.0  # radius, px at 300 dpi
    shade: float = 0.0  # 0–1: how much darker the side away from the lamp is
    pale: float = 0.0  # 0–1: how much of the toner is gone
    lid: tuple[int, int, int] | None = None  # what the corners show beside a crooked sheet
    fold: bool = False  # a letter's crease across the middle


def scan(print_: Image.Image, scanner: Scanner, dpi: int, seed: int) -> Image.Image:
    """Return the page image, RGB, of the same size."""
    rng = np.random.default_rng([seed, 4])
    page = _paper(print_, scanner, dpi)
    _specks(page, scanner.specks, dpi, rng)
    if scanner.fold:
        _crease(page, rng)
    if scanner.skew_deg:
        page = page.rotate(
            scanner.skew_deg, Image.Resampling.BICUBIC, fillcolor=scanner.lid or scanner.paper
        )
    if scanner.blur:
        page = page.filter(ImageFilter.GaussianBlur(scanner.blur * dpi / 300))
    return _sensor(page, scanner, rng)


def _paper(print_: Image.Image, scanner: Scanner, dpi: int) -> Image.Image:
    page = print_
    if scanner.pale:
        page = Image.blend(page, Image.new("RGB", page.size, "white"), scanner.pale)
    if scanner.show_through:
        other = print_.transpose(Image.Transpose.FLIP_LEFT_RIGHT).convert("L")
        other = other.filter(ImageFilter.GaussianBlur(2.5 * dpi / 300))
        weak = other.point([round(255 - scanner.show_through * (255 - v)) for v in range(256)])
        page = ImageChops.multiply(page, weak.convert("RGB"))
    if scanner.paper == (255, 255, 255):
        return page.copy()
    return ImageChops.multiply(page, Image.new("RGB", page.size, scanner.paper))


def _specks(page: Image.Image, count: int, dpi: int, rng: np.random.Generator) -> None:
    pen = ImageDraw.Draw(page)
    for _ in range(count):
        x, y = (int(rng.integers(0, side)) for side in page.size)
        radius = int(rng.integers(1, 4)) * dpi / 600
        grey = int(rng.integers(50, 150))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), (grey, grey, grey))


def _crease(page: Image.Image, rng: np.random.Generator) -> None:
    y = page.height // 2 + int(rng.integers(-20, 20))
    pen = ImageDraw.Draw(page, "RGBA")
    for offset, grey in ((-2, 120), (-1, 90), (0, 255), (1, 255), (2, 130)):
        tilt = page.width * 0.004
        pen.line((0, y + offset, page.width, y + offset + tilt), (grey, grey, grey, 60), 1)


def _sensor(page: Image.Image, scanner: Scanner, rng: np.random.Generator) -> Image.Image:
    if not scanner.noise and not scanner.shade:
        return page
    pixels = np.asarray(page).astype(np.int32)
    height, width = pixels.shape[:2]
    if scanner.shade:
        # Darkest in the gutter on the left, and a little towards the foot.
        across = _ramp(width)
        down = _ramp(height)[:, None] // 2
        light = 256 - (across[None, :] + down) * round(256 * scanner.shade) // 256
        pixels = pixels * light[..., None] // 256
    if scanner.noise:
        # The sum of four dice of n sides has a variance of (n² - 1) / 3.
        sides = max(2, round((3 * scanner.noise**2 + 1) ** 0.5))
        dice = rng.integers(0, sides, (4, height, width), np.int16).sum(0)
        pixels += (dice - 2 * (sides - 1))[..., None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _ramp(length: int) -> NDArray[np.int64]:
    """Return a fall from 256 to 0 that is steep at its start."""
    away = np.arange(length, dtype=np.int64) * 256 // max(1, length - 1)
    return (256 - away) ** 2 // 256
