"""A sheet in, its print as pixels out: toner first, the pen over it, the seal over both."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from samples.faces import face, width_mm
from samples.sheet import RED, Modules, Seal, Sheet, Stroke, Word

Pixels = NDArray[np.uint8]
OVERSAMPLING = 2  # a laser printer is finer than the scanner that reads its sheet
SEAL_RADIUS_MM = 18.0  # seals of agencies are about 36 mm wide


def print_sheet(sheet: Sheet, dpi: int) -> Image.Image:
    """Return the sheet as RGB at `dpi`, white where nothing is printed."""
    fine = dpi * OVERSAMPLING
    size = [round(side / 25.4 * dpi) * OVERSAMPLING for side in sheet.size_mm]
    image = Image.new("RGB", (size[0], size[1]), "white")
    pen = ImageDraw.Draw(image)
    for item in sheet.items:
        match item:
            case Word():
                _word(pen, item, fine)
            case Stroke():
                _stroke(pen, item, fine)
            case Modules():
                _modules(image, item, fine)
            case Seal():
                pass
    image = image.reduce(OVERSAMPLING)
    for item in sheet.items:
        if isinstance(item, Seal):
            _stamp(image, item, dpi)
    return image


def _px(mm: float, dpi: int) -> float:
    return mm / 25.4 * dpi


def _word(pen: ImageDraw.ImageDraw, word: Word, dpi: int) -> None:
    font = face(word.style, round(word.size_pt / 72 * dpi))
    at = (round(_px(word.x_mm, dpi)), round(_px(word.y_mm, dpi)))
    pen.text(at, word.text, word.colour, font, anchor="ls")


def _stroke(pen: ImageDraw.ImageDraw, stroke: Stroke, dpi: int) -> None:
    points = [(_px(x, dpi), _px(y, dpi)) for x, y in stroke.points]
    width = max(1, round(_px(stroke.width_mm, dpi)))
    pen.line(points, stroke.colour, width, joint="curve")
    if width > 3:  # round ends, as pens leave them
        for x, y in (points[0], points[-1]):
            half = width / 2
            pen.ellipse((x - half, y - half, x + half, y + half), stroke.colour)


def _modules(image: Image.Image, code: Modules, dpi: int) -> None:
    side = round(_px(code.side_mm, dpi))
    dots = Image.fromarray(np.where(code.dark, 24, 255).astype(np.uint8))
    dots = dots.resize((side, side), Image.Resampling.NEAREST)
    image.paste(dots.convert("RGB"), (round(_px(code.x_mm, dpi)), round(_px(code.y_mm, dpi))))


def _stamp(image: Image.Image, seal: Seal, dpi: int) -> None:
    """Ink lets black print show through it: the darker of both wins in each channel."""
    strength = _seal_strength(seal, dpi)
    height, width = strength.shape
    left = round(_px(seal.x_mm, dpi) - width / 2)
    top = round(_px(seal.y_mm, dpi) - height / 2)
    under = np.asarray(image.crop((left, top, left + width, top + height)), np.float64)
    ink = 255 - strength[..., None] * (255 - np.asarray(RED, np.float64))
    image.paste(Image.fromarray(np.minimum(under, ink).astype(np.uint8)), (left, top))


def _seal_strength(seal: Seal, dpi: int) -> NDArray[np.float64]:
    fine = dpi * OVERSAMPLING
    side = round(_px(2 * SEAL_RADIUS_MM, dpi)) * OVERSAMPLING
    stamp = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(stamp)
    for radius, width in ((17.8, 0.9), (16.5, 0.3), (10.2, 0.35)):
        _circle(pen, side, _px(radius, fine), _px(width, fine))
    _star(pen, side, _px(5.6, fine))
    _rays(pen, side, fine)
    _arc_text(stamp, seal.above, 12.1, fine, upper=True)
    _arc_text(stamp, seal.below, 14.6, fine, upper=False)
    for angle in (0.0, pi):
        x, y = side / 2 + _px(13.4, fine) * cos(angle), side / 2
        _star(pen, side, _px(1.1, fine), at=(x, y))
    ink = np.asarray(stamp.reduce(OVERSAMPLING), np.float64) / 255
    rng = np.random.default_rng([seal.seed, 3])
    blotches = Image.fromarray(rng.integers(0, 256, (9, 9)).astype(np.uint8))
    grain = Image.fromarray(rng.integers(0, 256, (ink.shape[0] // 3,) * 2).astype(np.uint8))
    wear = np.zeros_like(ink)
    for texture, share in ((blotches, 0.75), (grain, 0.35)):
        scaled = texture.resize(ink.shape, Image.Resampling.BICUBIC)
        wear += share * np.asarray(scaled, np.float64) / 255
    return ink * np.clip(1.05 - seal.worn * wear, 0.12, 1.0)


def _circle(pen: ImageDraw.ImageDraw, side: int, radius: float, width: float) -> None:
    box = (side / 2 - radius, side / 2 - radius, side / 2 + radius, side / 2 + radius)
    pen.ellipse(box, outline=255, width=max(2, round(width)))


def _star(
    pen: ImageDraw.ImageDraw, side: int, radius: float, at: tuple[float, float] | None = None
) -> None:
    x, y = at or (side / 2, side / 2)
    points = []
    for index in range(10):
        reach = radius * (1.0 if index % 2 == 0 else 0.382)
        angle = pi / 2 + index * pi / 5
        points.append((x + reach * cos(angle), y - reach * sin(angle)))
    pen.polygon(points, fill=255)


def _rays(pen: ImageDraw.ImageDraw, side: int, dpi: int) -> None:
    for index in range(60):
        angle = index * pi / 30
        ends = [
            (side / 2 + _px(reach, dpi) * cos(angle), side / 2 - _px(reach, dpi) * sin(angle))
            for reach in (7.6, 9.3 if index % 2 else 8.6)
        ]
        pen.line(ends, 255, max(1, round(_px(0.22, dpi))))


def _arc_text(stamp: Image.Image, text: str, radius_mm: float, dpi: int, *, upper: bool) -> None:
    """Run the text along an arc, its letters' feet towards the middle (upper) or away (lower)."""
    size_pt, room = 8.0, (2.75 if upper else 2.1) * radius_mm  # mm of arc
    tracking = 0.35
    natural = width_mm(text, size_pt, "b") + tracking * len(text)
    if natural > room:
        size_pt *= room / natural
    tracking *= size_pt / 8.0
    total = width_mm(text, size_pt, "b") + tracking * len(text)
    font, middle, run = face("b", round(size_pt / 72 * dpi)), stamp.width / 2, 0.0
    tile_px = round(_px(6, dpi))
    for letter in text:
        advance = width_mm(letter, size_pt, "b") + tracking
        offset = (run + advance / 2 - total / 2) / radius_mm  # radians from the top or bottom
        run += advance
        angle = pi / 2 - offset if upper else -pi / 2 + offset
        tile = Image.new("L", (tile_px, tile_px), 0)
        ImageDraw.Draw(tile).text((tile_px / 2, tile_px / 2), letter, 255, font, anchor="ms")
        turned = angle * 180 / pi + (-90 if upper else 90)
        tile = tile.rotate(turned, resample=Image.Resampling.BICUBIC)
        x = middle + _px(radius_mm, dpi) * cos(angle) - tile_px / 2
        y = middle - _px(radius_mm, dpi) * sin(angle) - tile_px / 2
        stamp.paste(255, (round(x), round(y)), tile)
