"""Pages of known skew: real ones whose own skew is measured twice, drawn ones that have none.

A rotated page is rendered once (Lanczos over 8 × 8 pixels), on a canvas large enough that nothing
is cut off. The corners are filled with the page's own paper, and fade into it: a hard edge of the
old sheet would lie at the very angle that is sought, and measuring it would be no merit.
"""

from __future__ import annotations

import math
import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import pytesseract
from numpy.typing import NDArray

from pipeline.imaging import Limits, probe, read_pages
from pipeline.model import PageImage, Pixels

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
REAL = (  # set, folder, files, every so many; with --full every one
    ("FUNSD", "form_funsd/training_data/images", "*.png", 6, 100.0),
    ("Kiên Giang", "vn_scan_kiengiang", "*.pdf", 6, 0.0),
    ("Quảng Ngãi", "vn_scan_quangngai", "*.pdf", 2, 0.0),
    ("misc", "vn_scan_misc", "*.pdf", 1, 0.0),
)
_AGREE_DEG = 0.1  # two ways that differ by more: the page's own skew is not known
_FADE_MM = 1.0
_LOOK_DPI = 150.0
_DRAWN_DPI = 300.0
_LINE = r"class='ocr_\w+'[^>]*title=\"bbox (\d+) \d+ (\d+) \d+; baseline (\S+) "
_FEWEST_LINES = 5
_ALIKE_DEG = 0.3


@dataclass(frozen=True)
class BasePage:
    """A page whose own skew is known."""

    group: str
    name: str
    image: PageImage
    own_deg: float


def base_pages(full: bool) -> Iterator[BasePage]:
    """Yield the pages of all sets that are there, one at a time."""
    yield from drawn_pages(full)
    for group, folder, pattern, step, dpi in REAL:
        for path in sorted((DATA / folder).glob(pattern))[:: 1 if full else step]:
            image = first_page(path, dpi)
            own_deg = None if image is None else own_skew(image)
            if image is not None and own_deg is not None:
                yield BasePage(group, path.name, image, own_deg)


def first_page(path: Path, dpi: float = 0.0) -> PageImage | None:
    """Return page 1 as the pipeline reads it; `dpi` is for images that do not tell theirs."""
    limits = Limits(10**9, 2000, 2 * 10**8)
    with tempfile.TemporaryDirectory() as folder:
        facts = probe(path, path.name, limits)
        pages = read_pages(path, facts, max_pixels=2 * 10**8, timeout_s=60.0, scratch=Path(folder))
        page = next(iter(pages), None)
    if page is None or page.text_born is not None:
        return None
    return replace(page.image, dpi=dpi) if dpi else page.image


def own_skew(image: PageImage) -> float | None:
    """Return the page's own skew, measured in two ways that have nothing in common; None: unknown.

    One is the slope of the baselines that Tesseract's recogniser finds, the mean of those
    that agree; the other turns the page itself in steps of 0.02° until the rows of its gray values
    differ most (W. Postl 1986). Neither is the method of any tool that is compared.
    """
    read = _baseline_skew(image)
    if read is None:
        return None
    turned = _turned_skew(image, read)
    return (read + turned) / 2 if abs(read - turned) <= _AGREE_DEG else None


def _baseline_skew(image: PageImage) -> float | None:
    gray = cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY)
    config = f"--dpi {round(image.dpi)} --psm 3"
    hocr = pytesseract.image_to_pdf_or_hocr(gray, lang="vie", extension="hocr", config=config)
    found = re.findall(_LINE, hocr.decode())
    lines = [(-float(slope), int(x2) - int(x1)) for x1, x2, slope in found]
    slopes = np.array([slope for slope, width in lines if width > image.dpi])
    widths = np.array([width for _, width in lines if width > image.dpi])
    if len(slopes) < _FEWEST_LINES:  # an inch: a shorter one has no direction
        return None
    # hOCR gives three decimals, 0.06°: the mean of those that agree is finer than the median.
    usual = np.abs(slopes - np.median(slopes)) < math.radians(_ALIKE_DEG)
    return math.degrees(math.atan(np.average(slopes[usual], weights=widths[usual])))


def _turned_skew(image: PageImage, near_deg: float) -> float:
    scale = min(1.0, _LOOK_DPI / image.dpi)
    gray = cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY)
    small = 255 - cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.subtract(small, cv2.blur(small, (51, 51)))
    angles = near_deg + np.arange(-0.5, 0.501, 0.02)
    return float(angles[int(np.argmax([_rows_differ(small, deg) for deg in angles]))])


def _rows_differ(small: NDArray[np.uint8], deg: float) -> float:
    height, width = small.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -deg, 1.0)
    turned = cv2.warpAffine(small, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows = turned[height // 20 : -height // 20, width // 20 : -width // 20].mean(axis=1)
    return float(np.square(np.diff(rows)).sum())


def rotated(page: BasePage, deg: float, noise: float = 0.0) -> PageImage:
    """Return the page in gray, turned anticlockwise by `deg`, grain added after.

    A page of one bit a pixel stays one.
    """
    gray = cv2.cvtColor(page.image.pixels, cv2.COLOR_RGB2GRAY)
    if deg:
        gray = _turned(gray, deg, int(_FADE_MM / 25.4 * page.image.dpi) | 1)
    if page.image.bitonal:
        gray = np.where(gray < 128, 0, 255).astype(np.uint8)
    if noise:
        grain = cv2.randn(np.zeros(gray.shape, np.int16), 0, noise)
        gray = cv2.add(gray, grain, dtype=cv2.CV_8U)
    return replace(page.image, pixels=cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB))


def _turned(gray: NDArray[np.uint8], deg: float, fade_px: int) -> NDArray[np.uint8]:
    height, width = gray.shape
    turn = math.radians(abs(deg))
    wide = math.ceil(width * math.cos(turn) + height * math.sin(turn))
    high = math.ceil(height * math.cos(turn) + width * math.sin(turn))
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), deg, 1.0)
    matrix[:, 2] += (wide - width) / 2, (high - height) / 2
    sheet = np.zeros((height, width), np.float32)
    sheet[fade_px:-fade_px, fade_px:-fade_px] = 1.0
    sheet = cv2.warpAffine(cv2.blur(sheet, (fade_px, fade_px)), matrix, (wide, high))
    moved = cv2.warpAffine(
        gray, matrix, (wide, high), flags=cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REPLICATE
    )
    paper = np.full_like(moved, int(np.median(gray[::16, ::16])))
    return np.asarray(cv2.blendLinear(moved, paper, sheet, 1 - sheet), np.uint8)


def drawn_pages(full: bool) -> Iterator[BasePage]:
    """Yield pages without any skew: as a word processor prints them, with a seal, with a table."""
    born = sorted((DATA / "vn_borndigital").glob("*.pdf"))
    for path in born:
        with pypdfium2.PdfDocument(path) as document:
            for number in range(0, len(document), 3 if full else 12):
                bitmap = document[number].render(scale=_DRAWN_DPI / 72, rev_byteorder=True)
                pixels = np.ascontiguousarray(bitmap.to_numpy()[..., :3])
                name = f"{path.stem}-{number + 1}"
                yield BasePage("printed", name, PageImage(pixels, _DRAWN_DPI), 0.0)
                if number == 0:
                    sealed = PageImage(_sealed(pixels), _DRAWN_DPI)
                    yield BasePage("printed, seal", name, sealed, 0.0)
    for path in sorted((DATA / "vn_synth").glob("*_clean.png")):
        image = first_page(path)
        if image is not None:
            yield BasePage("vn_synth clean", path.stem, image, 0.0)
    for seed in range(4 if full else 2):
        yield BasePage("table", f"table {seed}", PageImage(_table(seed), _DRAWN_DPI), 0.0)
        yield BasePage("sparse", f"sparse {seed}", PageImage(_sparse(seed), _DRAWN_DPI), 0.0)


def _white() -> Pixels:
    return np.full((3508, 2480, 3), 255, np.uint8)


def _sealed(pixels: Pixels) -> Pixels:
    page = pixels.copy()
    height, width = page.shape[:2]
    centre = int(width * 0.62), int(height * 0.6)
    for radius, thick in ((212, 9), (190, 4), (120, 4)):
        cv2.circle(page, centre, radius, (205, 40, 50), thick, cv2.LINE_AA)
    cv2.putText(
        page, "UBND XA", (centre[0] - 100, centre[1]), cv2.FONT_HERSHEY_SIMPLEX, 1.6,
        (205, 40, 50), 4, cv2.LINE_AA,
    )  # fmt: skip
    return np.minimum(page, pixels)


def _table(seed: int) -> Pixels:
    """Return rules and a number in some of the cells: what a cost estimate is made of."""
    random_, page = random.Random(seed), _white()  # noqa: S311 - the same in each run
    lefts = [200, *sorted(random_.sample(range(400, 2100, 90), 5)), 2280]
    for row in range(24):
        top = 400 + 110 * row
        cv2.line(page, (lefts[0], top), (lefts[-1], top), (0, 0, 0), 3)
        for left in lefts[:-1] if row < 23 else ():
            if random_.random() < 0.6:
                _write(page, f"{random_.randrange(10**5)}", left + 20, top + 75)
    for left in lefts:
        cv2.line(page, (left, 400), (left, 400 + 110 * 23), (0, 0, 0), 3)
    return page


def _sparse(seed: int) -> Pixels:
    """Return a page of three short lines."""
    random_, page = random.Random(seed), _white()  # noqa: S311 - the same in each run
    for top in random_.sample(range(300, 3200, 200), 3):
        _write(page, "Ho so luu tru so " + str(random_.randrange(10**4)), 400, top)
    return page


def _write(page: Pixels, text: str, left: int, top: int) -> None:
    cv2.putText(
        page, text, (left, top), cv2.FONT_HERSHEY_COMPLEX, 1.4, (20, 20, 20), 3, cv2.LINE_AA
    )
