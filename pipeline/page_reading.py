"""A raw page in, its straightened image, its measures and its lines out.

Orientation is asked only where a page does not read well, and the better reading wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline import imaging, recognition
from pipeline.model import Line, Measures, PageImage
from pipeline.settings import Settings
from pipeline.trace import Trace


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it reads at one of its four turns."""

    straight: PageImage
    measures: Measures
    lines: tuple[Line, ...]


def read_page(
    raw: imaging.RawPage, settings: Settings, language: str, trace: Trace, turns: int = 0
) -> Reading:
    """Return the page turned by so many quarters, straightened, measured and recognised."""
    straight, measures = look(imaging.turn(raw.image, turns), settings)
    measures = replace(measures, quarter_turns=turns)
    trace.image(raw.number, "straightened", straight.pixels)
    if measures.blank:
        return Reading(straight, measures, ())
    ink = imaging.ink_copy(straight)
    trace.image(raw.number, "ink", ink)
    lines = recognition.read_lines(
        ink, straight.dpi, language=language, timeout_s=settings.page_timeout_s
    )
    return Reading(
        straight, measures, recognition.order(lines, straight.width_px, straight.height_px)
    )


def look(upright: PageImage, settings: Settings) -> tuple[PageImage, Measures]:
    """Return the page straightened, and what was measured of it and of its sheet."""
    skew = imaging.measure_skew(upright, max_deg=settings.max_skew_deg)
    straight = imaging.straighten(upright, skew.deg)
    sheet = imaging.measure_sheet(upright)
    measures = replace(
        imaging.measure(straight),
        skew_deg=skew.deg,
        skew_evidence=skew.evidence,
        cut_edges=sheet.cut_edges,
        folded_corners=sheet.folded_corners,
        fingers=sheet.fingers,
    )
    return straight, measures


def read_turned(
    raw: imaging.RawPage, as_is: Reading, settings: Settings, language: str, trace: Trace
) -> Reading:
    """Return the page turned, if its orientation says so and it then reads better."""
    turns, confidence = recognition.measure_turns(raw.image, timeout_s=settings.page_timeout_s)
    best = as_is
    if turns and confidence >= settings.turn_confidence:
        turned = read_page(raw, settings, language, trace, turns)
        if recognition.reads_better(turned.lines, as_is.lines):
            best = turned
    return replace(best, measures=replace(best.measures, turn_confidence=confidence))
