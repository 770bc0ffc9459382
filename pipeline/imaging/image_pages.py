"""An image file in, its frames decoded one at a time out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageCms

from pipeline.errors import TooLarge, TruncatedScan, UnreadableScan
from pipeline.imaging.tiff import Frame
from pipeline.model import PageImage, Pixels

FORMATS = ("TIFF", "JPEG", "PNG", "WEBP", "HEIF")
_MM_PER_INCH = 25.4
_A4_SHORT_IN = 210 / _MM_PER_INCH
_SHORT_SIDE_IN = 40 / _MM_PER_INCH, 900 / _MM_PER_INCH  # of paper: a receipt … A0
_PLACEHOLDER_DPI = {72.0, 96.0}  # written by programs that do not know the resolution
_DPI_RANGE = 72.0, 600.0  # what an estimate may give
_DECLARED_DPI = 30.0, 5000.0  # of scanners and cameras; outside, the numbers mean something else
_SQUARE = 0.01  # across and down resolution may differ by so much
_ORIENTATION = 0x0112  # EXIF tag
_DECODER_ERRORS = (
    OSError, ValueError, SyntaxError, EOFError, TypeError, LookupError,
    ArithmeticError, RuntimeError, AttributeError, NotImplementedError,
)  # fmt: skip

pillow_heif.register_heif_opener()


def decode_frames(
    path: Path, name: str, frames: Sequence[Frame], *, max_dpi: int, max_pixels: int
) -> Iterator[PageImage]:
    """Yield the given frames as upright RGB images; one is in memory at a time.

    EXIF orientation is applied, transparency put on white, a resolution beyond `max_dpi`
    reduced to it. Raises TruncatedScan, UnreadableScan or TooLarge.
    """
    for frame in frames:
        with _decoding(name, frame, max_pixels):
            page = _decode(path, frame, max_dpi)
        yield page


def scan_dpi(width_px: int, height_px: int, declared: tuple[float, float]) -> tuple[float, float]:
    """Return px per inch across and down: as declared when that is sane, else as for A4.

    Sane is a resolution that makes the page's short side that of a sheet of paper.
    """
    across, down = declared
    lowest, highest = _DECLARED_DPI
    if lowest <= min(across, down) and max(across, down) <= highest:
        short_in = min(width_px / across, height_px / down)
        low, high = _SHORT_SIDE_IN
        if {across, down} <= _PLACEHOLDER_DPI:
            high = _A4_SHORT_IN * 1.05
        if low <= short_in <= high and 0.25 <= across / down <= 4:
            return across, down
    estimate = min(max(min(width_px, height_px) / _A4_SHORT_IN, _DPI_RANGE[0]), _DPI_RANGE[1])
    return float(round(estimate)), float(round(estimate))


@contextmanager
def _decoding(name: str, frame: Frame, max_pixels: int) -> Iterator[None]:
    """Give Pillow our limit, and errors of its decoders our names."""
    pillow_limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = max_pixels
    try:
        with warnings.catch_warnings():
            # Pillow warns of odd metadata and of sizes that `probe` has let through.
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as error:
        raise TooLarge(name, f"image {frame.index + 1}: {error}") from error
    except _DECODER_ERRORS as error:
        detail = f"image {frame.index + 1}: {type(error).__name__}"
        kind = TruncatedScan if "truncated" in str(error) else UnreadableScan
        raise kind(name, detail) from error  # its own words may hold paths of this machine
    finally:
        Image.MAX_IMAGE_PIXELS = pillow_limit


def _decode(path: Path, frame: Frame, max_dpi: int) -> PageImage:
    with Image.open(path, formats=FORMATS) as image:
        if frame.index:
            image.seek(frame.index)
        declared = _declared_dpi(image)
        image.load()
        orientation = _orientation(image)
        pixels = _oriented(_pixels(image), orientation)
    if orientation >= 5:  # its sides were swapped
        declared = declared[::-1]
    height, width = pixels.shape[:2]
    pixels, dpi = _squared(pixels, scan_dpi(width, height, declared), max_dpi)
    if pixels.ndim == 2:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    return PageImage(np.ascontiguousarray(pixels), dpi)


def _declared_dpi(image: Image.Image) -> tuple[float, float]:
    try:
        across, down = image.info.get("dpi", (0, 0))
        return float(across), float(down)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(_ORIENTATION, 1)
    except _DECODER_ERRORS:  # damaged metadata does not make the pixels unreadable
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _pixels(image: Image.Image) -> Pixels:
    """Return H×W gray or H×W×3 RGB pixels, transparency on white."""
    mode = image.mode
    if mode == "1":
        return np.asarray(image, dtype=np.uint8) * np.uint8(255)
    if mode == "L" and "transparency" not in image.info:
        return np.asarray(image)
    if mode.startswith("I") or mode == "F":
        return _eight_bits(np.asarray(image))
    if mode == "LAB":
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB")
        return np.asarray(converted or image)
    if mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        if mode in ("La", "RGBa"):
            image = image.convert(mode.upper())
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return np.asarray(Image.alpha_composite(white, layer).convert("RGB"))
    return np.asarray(image if mode == "RGB" else image.convert("RGB"))


def _eight_bits(samples: NDArray[np.generic]) -> Pixels:
    """Return gray samples of 16 or 32 bits or floats as 8 bits a pixel."""
    numbers = np.nan_to_num(samples.astype(np.float32))
    if samples.dtype.itemsize == 2:
        white = 65535.0
    else:  # the smallest usual white that is not below the brightest sample
        top = float(numbers.max(initial=0.0))
        usual = (1.0, 255.0, 65535.0) if samples.dtype.kind == "f" else (255.0, 65535.0)
        white = next((limit for limit in usual if top <= limit), top)
    return np.asarray(np.clip(numbers * (255.0 / white), 0, 255), dtype=np.uint8)


def _oriented(pixels: Pixels, orientation: int) -> Pixels:
    """Return the pixels as EXIF orientation 1–8 (TIFF 6.0, tag 274) wants them shown."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels


def _squared(pixels: Pixels, dpi: tuple[float, float], max_dpi: int) -> tuple[Pixels, float]:
    """Return pixels as many to the inch across as down, at most `max_dpi`."""
    across, down = dpi
    target = min(max(across, down), float(max_dpi))
    if abs(across / down - 1) <= _SQUARE and target == max(across, down):
        return pixels, across
    height, width = pixels.shape[:2]
    size = max(1, round(width * target / across)), max(1, round(height * target / down))
    smaller = target < max(across, down)
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    resized = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=how)
    return np.asarray(resized, dtype=np.uint8), target
