"""What lies on a PDF page in, the pixel grid to draw it on out."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.imaging.pdf_page import Corners, PdfPage, PlacedImage

PT_PER_INCH = 72.0
MIN_IMAGE_SHARE = 0.2  # of the page; smaller images are logos and photos, not the page
SCAN_SHARE = 0.6  # images over so much of a page make it a scan
_MIN_DPI = 100.0
_EDGE_PT = 1.5  # slack between an image's edge and the page's in files of real scanners
_SQUARE = 0.005  # across and down resolution may differ by so much
_MAX_SIDE_PX = 32_000  # OpenCV warps sides below 32,767 px only
_INWARD_PX = 0.05  # so that rounding never makes pdfium resample the image over one pixel more


@dataclass(frozen=True, slots=True)
class Drawing:
    """How one page is to be drawn."""

    width_px: int
    height_px: int
    dpi: float
    box_pt: Corners | None = None  # crop box that lays the scan's pixels onto ours; None: as it is


def plan(content: PdfPage, default_dpi: int, max_dpi: int, max_pixels: int) -> Drawing:
    """Return the grid for a page: a scan's own pixels, or `default_dpi` for anything else.

    A scan beyond `max_dpi`, and a page beyond `max_pixels`, is drawn smaller.
    """
    width_in = max(content.width_pt, 1.0) / PT_PER_INCH
    height_in = max(content.height_pt, 1.0) / PT_PER_INCH
    dpi = _scan_dpi(content)
    if dpi is not None and dpi <= max_dpi and width_in * height_in * dpi**2 <= max_pixels:
        own = _own_pixels(content)
        if own is not None:
            return own
    bounded = min(max(dpi or default_dpi, _MIN_DPI), max_dpi)
    bounded = min(
        bounded,
        (max_pixels / (width_in * height_in)) ** 0.5,
        _MAX_SIDE_PX / max(width_in, height_in),
    )
    width, height = math.ceil(width_in * bounded), math.ceil(height_in * bounded)
    return Drawing(width, height, float(bounded))


def _scan_dpi(content: PdfPage) -> float | None:
    """Return the resolution of a scanned page's images; None: not a scan."""
    if content.image_share < SCAN_SHARE:
        return None
    large = [image for image in content.images if image.share >= MIN_IMAGE_SHARE]
    pieces = large or content.images  # some scanners cut a page into strips
    return max(max(image.across_dpi, image.down_dpi) for image in pieces)


def _own_pixels(content: PdfPage) -> Drawing | None:
    """Return the grid on which the page's one large image keeps every pixel as it is.

    The crop box is moved to whole pixels of the image, and onto its edges where it misses them
    by a hair: then neither the archive nor recognition ever sees a resampled scan, and a
    bitonal page stays bitonal.
    """
    large = [image for image in content.images if image.share >= MIN_IMAGE_SHARE]
    if len(large) != 1 or abs(large[0].across_dpi / large[0].down_dpi - 1) > _SQUARE:
        return None
    image = large[0]
    x_pitch, y_pitch = _pitch_pt(image)
    pitches = (x_pitch, y_pitch, x_pitch, y_pitch)
    margins = [
        _whole_px(edge - side, pitch)
        for edge, side, pitch in zip(image.box_pt, content.crop_pt, pitches, strict=True)
    ]
    left, bottom, right, top = (
        edge - margin * pitch
        for edge, margin, pitch in zip(image.box_pt, margins, pitches, strict=True)
    )
    width, height = round((right - left) / x_pitch), round((top - bottom) / y_pitch)
    if not (0 < width <= _MAX_SIDE_PX and 0 < height <= _MAX_SIDE_PX):
        return None
    dpi = PT_PER_INCH / x_pitch
    x_slack, y_slack = _INWARD_PX * x_pitch, _INWARD_PX * y_pitch
    box = (left - x_slack, bottom - y_slack, right + x_slack, top + y_slack)
    if content.quarter_turned:
        width, height, dpi = height, width, PT_PER_INCH / y_pitch
    return Drawing(width, height, dpi, box)


def _pitch_pt(image: PlacedImage) -> tuple[float, float]:
    """Return how wide and how high one pixel lies on the unrotated page."""
    across, down = PT_PER_INCH / image.across_dpi, PT_PER_INCH / image.down_dpi
    return (down, across) if image.sideways else (across, down)


def _whole_px(distance_pt: float, pitch_pt: float) -> int:
    return 0 if abs(distance_pt) <= _EDGE_PT else round(distance_pt / pitch_pt)
