"""What hands add to a printed sheet: signature, figures by pen, stamps, QR codes; seeded."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import zxingcpp

from samples.sheet import BLUE, RED, Modules, Point, Sheet, Stroke

FIGURE_MM = (3.3, 5.6)  # width, height of a figure written by hand
FIGURE_STEP_MM = 4.0


def catmull_rom(points: list[Point], steps: int = 14) -> tuple[Point, ...]:
    """Return a smooth curve through points (Catmull and Rom, 1974)."""
    known = np.asarray([points[0], *points, points[-1]], float)
    curve: list[Point] = []
    for a, b, c, d in zip(known, known[1:], known[2:], known[3:], strict=False):
        for t in np.arange(steps) / steps:
            point = b + 0.5 * t * (
                c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))
            )
            curve.append((float(point[0]), float(point[1])))
    return (*curve, points[-1])


def sign(sheet: Sheet, x_mm: float, y_mm: float, signer: str) -> None:
    """Sign with a blue pen, centred there: a capital, a run of waves, a flourish back.

    A person signs the same way on every paper.
    """
    rng = np.random.default_rng([crc32(signer.encode()), 1])

    def shaken(scale: float) -> float:
        return float(rng.uniform(-scale, scale))

    left = -17 + shaken(2)
    capital = CAPITALS[int(rng.integers(0, len(CAPITALS)))]
    points: list[Point] = [(left + px + shaken(0.5), py + shaken(1)) for px, py in capital]
    x = left + capital[-1][0] + 3
    height = float(rng.uniform(2.5, 6))
    for _ in range(2 + int(rng.integers(0, 4))):
        points += [(x + shaken(0.6), 3 - height), (x + 1.7 + shaken(0.5), 2.6 + shaken(0.7))]
        x += 3.2 + shaken(0.7)
        height *= 0.8 + shaken(0.15)
    reach = float(rng.uniform(4, 15))
    points += [(x + reach / 2, -2 + shaken(3)), (x + reach, -4 + shaken(5))]
    if rng.integers(0, 3):
        points += [(x + 4, 4 + shaken(1)), (left - 2, 8 + shaken(2)), (x + reach, 6 + shaken(2))]
    tilt = -0.12 + shaken(0.12)
    curve = catmull_rom([(x_mm + px, y_mm + py + tilt * px) for px, py in points])
    for part in range(0, len(curve) - 1, 7):  # a pen presses less on its way up
        rising = curve[min(part + 7, len(curve) - 1)][1] < curve[part][1]
        width = (0.38 if rising else 0.55) + shaken(0.06)
        sheet.items.append(Stroke(curve[part : part + 8], width, BLUE))


def write_figures(sheet: Sheet, x_mm: float, y_mm: float, figures: str, seed: int) -> None:
    """Write figures by hand with a blue pen, from x on: strokes, not a font. They are no text."""
    rng = np.random.default_rng([seed, 2])
    width, height = FIGURE_MM
    for index, figure in enumerate(figures):
        base = y_mm + float(rng.uniform(-0.5, 0.5))
        for stroke in FIGURES[figure]:
            bent = [
                (
                    x_mm
                    + FIGURE_STEP_MM * index
                    + width * (px + 0.18 * py)
                    + float(rng.uniform(-0.15, 0.15)),
                    base - height * py + float(rng.uniform(-0.2, 0.2)),
                )
                for px, py in stroke
            ]  # slanted by 10 degrees, like a hand that hurries
            sheet.items.append(Stroke(catmull_rom(bent), 0.55, BLUE))


def figures_width_mm(figures: str) -> float:
    """Return the room that figures by hand take."""
    return FIGURE_STEP_MM * len(figures) + 1.5


def urgency(sheet: Sheet, x_mm: float, y_mm: float, word: str) -> None:
    """Stamp a degree of urgency in its red frame, centred there (Decree 30/2020: 8 mm high)."""
    width = {"HỎA TỐC": 30.0, "THƯỢNG KHẨN": 40.0, "KHẨN": 20.0}[word]
    sheet.frame(x_mm - width / 2, y_mm - 4, x_mm + width / 2, y_mm + 4, 0.45, RED)
    sheet.put(x_mm, y_mm + 1.7, word, 13, "b", "m", colour=RED)


def qr_code(sheet: Sheet, x_mm: float, y_mm: float, side_mm: float, payload: str) -> None:
    """Print a QR code (ISO 18004, level M) with its quiet zone."""
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=True))
    sheet.items.append(Modules(x_mm, y_mm, side_mm, image < 128))


# How a signature begins, in mm from its left end, y down.
CAPITALS: tuple[tuple[Point, ...], ...] = (
    ((7, -7), (1, -2), (0, 4), (5, 6), (10, -3), (9, -10), (5, -6), (8, 3)),
    ((0, 5), (3, -9), (4, 4), (1, 7), (9, -8), (11, 3)),
    ((2, -8), (1, 6), (0, -3), (8, -10), (11, -5), (3, -1), (9, 5)),
    ((10, -8), (3, -7), (2, -2), (8, 0), (6, 6), (0, 4), (9, 2)),
    ((0, -6), (12, -9), (6, -7), (5, 5), (1, 6), (7, 0), (10, 3)),
)
# Each figure in a box of 1 × 1, y up; one list a stroke.
FIGURES: dict[str, list[list[Point]]] = {
    "0": [[(0.55, 1), (0.15, 0.75), (0.1, 0.3), (0.45, 0), (0.85, 0.3), (0.9, 0.75), (0.5, 1)]],
    "1": [[(0.25, 0.72), (0.6, 1), (0.55, 0.5), (0.5, 0)]],
    "2": [
        [(0.1, 0.75), (0.4, 1), (0.8, 0.8), (0.55, 0.4), (0.08, 0.02), (0.5, 0.08), (0.95, 0.03)]
    ],
    "3": [
        [(0.12, 0.9), (0.5, 1), (0.8, 0.8), (0.4, 0.55), (0.85, 0.3), (0.5, 0), (0.08, 0.12)]
    ],
    "4": [[(0.5, 1), (0.1, 0.4), (0.95, 0.42)], [(0.72, 0.75), (0.65, 0)]],
    "5": [
        [(0.25, 0.97), (0.18, 0.55), (0.6, 0.62), (0.88, 0.3), (0.5, 0), (0.08, 0.1)],
        [(0.25, 0.97), (0.9, 1)],
    ],
    "6": [[(0.8, 1), (0.3, 0.65), (0.12, 0.25), (0.5, 0), (0.85, 0.25), (0.5, 0.5), (0.15, 0.25)]],
    "7": [[(0.1, 0.93), (0.5, 0.98), (0.9, 1), (0.6, 0.5), (0.4, 0)], [(0.3, 0.5), (0.78, 0.53)]],
    "8": [
        [
            (0.8, 0.85), (0.5, 1), (0.2, 0.78), (0.5, 0.53), (0.85, 0.25), (0.5, 0),
            (0.12, 0.22), (0.5, 0.53), (0.8, 0.85),
        ]
    ],
    "9": [[(0.85, 0.8), (0.5, 1), (0.15, 0.75), (0.45, 0.5), (0.85, 0.78), (0.8, 0.4), (0.5, 0)]],
}  # fmt: skip
