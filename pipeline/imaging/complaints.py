"""A measured page in, what a person should know of its scan before trusting its text out.

The thresholds of a profile lie where reading begins to suffer (docs/benchmarks.md, `make
bench-quality`), or where a rule draws the line: the decree of 2020 asks for colour at 200 dpi,
archives for 300 (FADGI, three stars).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.model import Issue, Page

_DOUBTFUL_DPI = (0.65, 1.7)  # times the resolution that the letters tell
_ROUNDED = 0.9  # scanners and cut margins round: 196 and 285 are 200 and 300
_VERY_PALE = 0.24  # contrast; blurred by 0.3 mm, good print still has 0.3
_BENT_MM = 0.7  # a flat scan has 0.3 at most; from here on reading suffers
_SIDEWAYS = -0.1  # lines that run down the page, as `measure_axis` tells


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """What a good scan is: below, or for skew above, a person is told."""

    dpi: float  # as asked for
    sharpness: float  # variance of the Laplacian at 150 dpi; good scans have 1,500 and more
    contrast: float  # 0–1
    brightness: float  # 0–1, of the paper where it is darkest
    skew_deg: float  # of a straightened page: text may be lost at its edges


SCAN_PROFILES: Mapping[str, ScanProfile] = MappingProxyType(
    {
        # Near 10° the truth may lie beyond what is measured.
        "floor": ScanProfile(
            dpi=200.0, sharpness=600.0, contrast=0.33, brightness=0.2, skew_deg=8.0
        ),
        "archive": ScanProfile(
            dpi=300.0, sharpness=1000.0, contrast=0.42, brightness=0.3, skew_deg=3.0
        ),
    }
)


def page_issues(page: Page, profile: str = "floor") -> tuple[Issue, ...]:
    """Return what is wrong with the scan of a page, by the profile of that name."""
    where = f"page {page.number}"
    if page.measures.blank:
        return (Issue("page.blank", where),)
    said = [*_of_pixels(page, SCAN_PROFILES[profile]), *_of_sheet(page, SCAN_PROFILES[profile])]
    return tuple(Issue(code, where, detail) for code, detail in said)


def _of_pixels(page: Page, profile: ScanProfile) -> Iterator[tuple[str, str]]:
    """Yield code and detail of what is wrong with resolution, focus, light and colour."""
    measures, letter_dpi = page.measures, page.measures.letter_dpi
    if page.dpi < _ROUNDED * profile.dpi:
        yield "page.low-dpi", f"{page.dpi:.0f} < {profile.dpi:.0f} dpi"
    if letter_dpi and not _DOUBTFUL_DPI[0] <= letter_dpi / page.dpi <= _DOUBTFUL_DPI[1]:
        yield "page.dpi-doubtful", f"{page.dpi:.0f} dpi, letters of {letter_dpi:.0f} dpi"
    # Blurred print is somewhat pale, and very pale print has no sharp edge: one is told.
    pale = letter_dpi is not None and measures.contrast < profile.contrast
    if measures.sharpness < profile.sharpness and not (pale and measures.contrast < _VERY_PALE):
        yield "page.blurred", f"sharpness {measures.sharpness:.0f}"
    elif pale:
        yield "page.faint", f"contrast {measures.contrast:.2f}"
    if measures.paper_brightness < profile.brightness:
        yield "page.dark", f"paper {measures.paper_brightness:.2f}"
    seals = [mark for mark in page.layout.marks if mark.kind == "seal"]
    if seals and not measures.colour and all(mark.colour == "black" for mark in seals):
        yield "page.no-colour", ""


def _of_sheet(page: Page, profile: ScanProfile) -> Iterator[tuple[str, str]]:
    """Yield code and detail of what is wrong with how the sheet lay."""
    measures = page.measures
    if measures.cut_edges:
        yield "page.cut", ", ".join(measures.cut_edges)
    if measures.folded_corners:
        yield "page.folded", ", ".join(measures.folded_corners)
    if measures.fingers:
        yield "page.finger", ""
    if measures.bend_mm > _BENT_MM:
        yield "page.bent", f"{measures.bend_mm:.1f} mm"
    if measures.shaded_edge:
        yield "page.shaded", measures.shaded_edge
    if abs(measures.skew_deg) > profile.skew_deg:
        yield "page.skewed", f"{measures.skew_deg:.1f}°"
    if measures.quarter_turns:
        yield "page.turned", f"{measures.quarter_turns * 90}°"
    elif measures.line_axis < _SIDEWAYS:
        yield "page.sideways", ""
