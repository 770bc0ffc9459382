"""Good scans in, each defect injected at rising strength: who is told of it, and who suffers.

    python -m bench.quality [--pages N]

A table of the share of pages on which the ticket names the defect, beside the character errors of
the reading: a threshold is right where reading begins to suffer. Below it the share of pages of the
real sets, which are good, that are called bad. The sets are not part of the project.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from bench.cer import order_free_errors
from pipeline import imaging
from pipeline.layout import Layout, Mark
from pipeline.model import Measures, Page, PageImage
from pipeline.page_reading import read_page
from pipeline.scan_quality import scan_quality
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
GOOD = ("vn_scan_kiengiang", "vn_scan_quangngai", "vn_scan_misc", "vn_borndigital")
LIMITS = imaging.Limits(max_bytes=10**9, max_pages=1_000, max_pixels=400_000_000)
PROFILES = ("floor", "archive")
SKIN_RGB = (214, 160, 130)
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Defect:
    """One way to spoil a scan."""

    code: str  # the issue that should name it
    unit: str
    strengths: tuple[float, ...]  # rising
    spoil: Callable[[PageImage, float], PageImage]


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("--pages", type=int, default=3, help="pages that each defect is put on")
    options = parser.parse_args()
    if not (DATA / "vn_synth").is_dir():
        print("vn_synth is absent: nothing to spoil (looked in ../shared/data)")
        return
    bases = sorted((DATA / "vn_synth").glob("*_mild.jpg"))[:: max(1, 6 // options.pages)]
    print("| Defect | strength | told, floor | told, archive | CER |\n|---|--:|--:|--:|--:|")
    for name, defect in DEFECTS.items():
        for strength in defect.strengths:
            told, errors, letters = _outcome(defect, strength, bases[: options.pages])
            cells = " | ".join(f"{told[profile] / options.pages:.0%}" for profile in PROFILES)
            cer = f"{errors / letters:.1%}"
            print(f"| {name}, {defect.unit} | {strength:g} | {cells} | {cer} |", flush=True)
    _false_alarms()


def _outcome(defect: Defect, strength: float, bases: list[Path]) -> tuple[Counter[str], int, int]:
    told, errors, letters = Counter[str](), 0, 0
    for path in bases:
        image = defect.spoil(next(pages_of(path)).image, strength)
        raw = imaging.RawPage(number=1, image=image)
        reading = read_page(raw, Settings(), "Vietnamese", NO_TRACE)
        page = _page(reading.straight, reading.measures, reading.marks)
        for profile in PROFILES:
            told[profile] += defect.code in _codes(page, profile)
        text = "\n".join(line.text for line in reading.lines)
        truth = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        wrong, all_letters = order_free_errors(truth, text)
        errors, letters = errors + wrong, letters + all_letters
    return told, errors, letters


def _page(image: PageImage, measures: Measures, marks: tuple[Mark, ...]) -> Page:
    size = image.width_px, image.height_px, image.dpi
    return Page(1, *size, "scan", measures=measures, layout=Layout(marks=marks))


def _codes(page: Page, profile: str) -> set[str]:
    return {issue.code for issue in imaging.page_issues(page, profile)}


def _false_alarms() -> None:
    """Print what the ticket says of the pages of the real sets; that they are bitonal is true."""
    with tempfile.TemporaryDirectory() as folder:
        for name in GOOD:
            if not (DATA / name).is_dir():
                print(f"{name} is absent")
                continue
            count, found = 0, Counter[str]()
            for path in sorted((DATA / name).rglob("*.pdf")):
                pages = list(scan_quality(path, path.name, Settings(), Path(folder)))
                count += len(pages)
                for page in pages:
                    codes = [issue.code for issue in page.issues]
                    found.update(codes)
                    if set(codes) - {"page.no-colour"}:
                        print(f"  {path.name}, page {page.number}: {', '.join(codes)}")
            print(f"{name}: {count} pages, told: {dict(found) or 'nothing'}", flush=True)


def pages_of(path: Path) -> Iterator[imaging.RawPage]:
    """Yield the pages of a scan as they were scanned."""
    with tempfile.TemporaryDirectory() as folder:
        facts = imaging.probe(path, path.name, LIMITS)
        yield from imaging.read_pages(
            path,
            facts,
            default_dpi=300,
            max_dpi=400,
            max_pixels=LIMITS.max_pixels,
            timeout_s=120,
            scratch=Path(folder),
            name=path.name,
        )


def _blur(image: PageImage, sigma_mm: float) -> PageImage:
    sigma_px = sigma_mm * image.dpi / _MM_PER_INCH
    return replace(image, pixels=np.asarray(cv2.GaussianBlur(image.pixels, (0, 0), sigma_px)))


def _bleach(image: PageImage, loss: float) -> PageImage:
    pale = 255 - (255 - image.pixels.astype(np.float32)) * (1 - loss)
    return replace(image, pixels=_grained(pale))


def _darken(image: PageImage, loss: float) -> PageImage:
    return replace(image, pixels=_grained(image.pixels.astype(np.float32) * (1 - loss)))


def _grained(pixels: np.ndarray) -> np.ndarray:
    grain = np.random.default_rng(5).normal(0, 2, (*pixels.shape[:2], 1))
    return np.clip(pixels + grain, 0, 255).astype(np.uint8)


def _coarse(image: PageImage, steps: float) -> PageImage:
    scale = 1 / steps
    pixels = cv2.resize(image.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return PageImage(np.asarray(pixels), image.dpi * scale)


def _mislabelled(image: PageImage, times: float) -> PageImage:
    return replace(image, dpi=image.dpi * times)


def _cut(image: PageImage, lost_mm: float) -> PageImage:
    """Cut the left margin off, and so much of the text."""
    gray = cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY)
    inked = (gray < 128).sum(axis=0)
    first = int(np.argmax(inked > 0.01 * gray.shape[0]))
    start = max(0, first + round(lost_mm * image.dpi / _MM_PER_INCH))
    return replace(image, pixels=np.ascontiguousarray(image.pixels[:, start:]))


def _folded(image: PageImage, size_mm: float) -> PageImage:
    side = round(size_mm * image.dpi / _MM_PER_INCH)
    pixels = image.pixels.copy()
    triangle = np.array([[0, 0], [side, 0], [0, round(side * 0.8)]])
    cv2.fillPoly(pixels, [triangle], (35, 35, 38))
    return replace(image, pixels=pixels)


def _held(image: PageImage, reach_mm: float) -> PageImage:
    per_mm = image.dpi / _MM_PER_INCH
    pixels = image.pixels.copy()
    centre = (round((reach_mm - 20) * per_mm), pixels.shape[0] // 3)
    axes = (round(20 * per_mm), round(8 * per_mm))
    cv2.ellipse(pixels, centre, axes, 0, 0, 360, SKIN_RGB, -1)
    return replace(image, pixels=pixels)


def _skewed(image: PageImage, deg: float) -> PageImage:
    height, width = image.pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), deg, 1)
    pixels = cv2.warpAffine(
        image.pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(250, 250, 250)
    )
    return replace(image, pixels=np.asarray(pixels))


def _bent(image: PageImage, bend_mm: float) -> PageImage:
    """Bend the lines down towards the right, as a thick book does."""
    height, width = image.pixels.shape[:2]
    x = np.linspace(0, 1, width, dtype=np.float32)
    fall = 2 * bend_mm * image.dpi / _MM_PER_INCH * x**3
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height))
    pixels = cv2.remap(
        image.pixels, columns, (rows - fall).astype(np.float32), cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    return replace(image, pixels=np.asarray(pixels))


def _shaded(image: PageImage, loss: float) -> PageImage:
    """Darken the right 40 mm little by little."""
    width = image.width_px
    reach = 40 * image.dpi / _MM_PER_INCH
    light = 1 - loss * np.clip((np.arange(width) - width + reach) / reach, 0, 1) ** 1.5
    return replace(image, pixels=_grained(image.pixels * light[None, :, None]))


DEFECTS = {
    "blurred": Defect("page.blurred", "σ mm", (0.1, 0.15, 0.2, 0.25, 0.3), _blur),
    "faint": Defect("page.faint", "contrast lost", (0.3, 0.5, 0.6, 0.7, 0.75), _bleach),
    "dark": Defect("page.dark", "light lost", (0.4, 0.6, 0.75, 0.85, 0.92), _darken),
    "coarse": Defect("page.low-dpi", "times fewer dpi", (1, 1.3, 1.6, 2, 2.6), _coarse),
    "mislabelled": Defect("page.dpi-doubtful", "dpi said ÷ true", (1, 1.3, 2, 3), _mislabelled),
    "cut off": Defect("page.cut", "mm of text", (-3, 1, 3, 8, 15), _cut),
    "folded": Defect("page.folded", "mm of corner", (5, 10, 20, 30, 50), _folded),
    "held": Defect("page.finger", "mm over the edge", (2, 5, 10, 15, 20), _held),
    "bent": Defect("page.bent", "mm", (0.5, 1, 2, 3, 5), _bent),
    "shaded": Defect("page.shaded", "light lost", (0.2, 0.4, 0.6, 0.8, 0.95), _shaded),
    "skewed": Defect("page.skewed", "°", (2, 5, 8, 9, 9.8), _skewed),
}


if __name__ == "__main__":
    main()
