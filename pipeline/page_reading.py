"""A raw page in, its straightened image, its measures and its lines out.

Orientation is asked only where a page does not read well, and the better reading wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline import imaging, recognition
from pipeline.layout import Mark
from pipeline.model import Line, Measures, PageImage, Pixels
from pipeline.settings import Settings
from pipeline.trace import Trace

_AXIS = 0.08  # of pages that stand upright, only one with a scanner's streaks had −.04
_HALF, _QUARTERS = 2, (1, 3)


@dataclass(frozen=True, slots=True)
class Reading:
    """A page as it reads at one of its four turns."""

    straight: PageImage
    measures: Measures
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    ink: Pixels | None = None  # its ink copy; None: it is blank


def read_page(
    raw: imaging.RawPage,
    settings: Settings,
    reader: recognition.Reader,
    trace: Trace,
    turns: int = 0,
) -> Reading:
    """Return the page turned by so many quarters, straightened, measured and recognised."""
    straight, measures = look(imaging.turn(raw.image, turns), settings)
    measures = replace(measures, quarter_turns=turns)
    trace.image(raw.number, "straightened", straight.pixels)
    if measures.blank:
        return Reading(straight, measures)
    marks = imaging.find_marks(straight)
    ink = imaging.ink_copy(straight, marks, steps=settings.ink_steps)
    trace.image(raw.number, "ink", ink)
    lines = recognition.read_lines(ink, straight.dpi, reader, timeout_s=settings.page_timeout_s)
    ordered = recognition.order(lines, straight.width_px, straight.height_px)
    return Reading(straight, measures, ordered, marks, ink)


def look(upright: PageImage, settings: Settings) -> tuple[PageImage, Measures]:
    """Return the page flattened and straightened, and what was measured of it and of its sheet."""
    outline = imaging.measure_outline(upright) if settings.perspective else None
    if outline is None:
        skew = imaging.measure_skew(upright, max_deg=settings.max_skew_deg)
        straight = imaging.straighten(upright, skew.deg)
    else:
        flat = imaging.flat_look(upright, outline)
        skew = imaging.measure_skew(flat, max_deg=settings.max_skew_deg)
        straight = imaging.flatten(upright, outline, skew.deg)
    # Straightening fills a scan's corners with white, a photograph shows the table around.
    seen = straight if outline else upright
    sheet, curl = imaging.measure_sheet(seen), imaging.measure_curl(straight, seen)
    measures = replace(
        imaging.measure(straight),
        skew_deg=skew.deg,
        skew_evidence=skew.evidence,
        outline=outline.corners if outline else (),
        bend_mm=curl.bend_mm,
        shaded_edge=curl.shaded,
        cut_edges=sheet.cut_edges,
        folded_corners=sheet.folded_corners,
        fingers=sheet.fingers,
    )
    return straight, measures


def read_upright(
    raw: imaging.RawPage, settings: Settings, reader: recognition.Reader, trace: Trace
) -> Reading:
    """Return the page as it reads best: as it was scanned, or turned where all evidence says so.

    A page that reads well stands upright. Of any other the engine tells an orientation, the lines
    tell whether they run across or down; it is turned only if it then reads better.
    """
    as_is = read_page(raw, settings, reader, trace)
    if as_is.measures.blank or recognition.reads_well(as_is.lines):
        return as_is
    axis = imaging.measure_axis(raw.image)
    turns, confidence = recognition.measure_turns(raw.image, timeout_s=settings.page_timeout_s)
    best = as_is
    for candidate in _candidates(turns, confidence, axis, settings.turn_confidence):
        turned = read_page(raw, settings, reader, trace, candidate)
        if recognition.reads_better(turned.lines, best.lines):
            best = turned
    return replace(
        best, measures=replace(best.measures, turn_confidence=confidence, line_axis=axis)
    )


def _candidates(turns: int, confidence: float, axis: float, trusted: float) -> tuple[int, ...]:
    """Return the quarter turns that are worth a reading."""
    told = turns if confidence >= trusted else 0
    if axis >= _AXIS:  # the lines run across: no quarter turn sets them upright
        return (told,) if told == _HALF else ()
    if axis <= -_AXIS:  # they run down: one of two quarter turns does
        return (told,) if told in _QUARTERS else _QUARTERS
    return (told,) if told else ()
