"""A field and the digit reader's figures of its place in, the field weighed by both out.

The page's engine reads print; the digit reader reads what a pen wrote into number and date. Two
readers that agree are surer than one. Where they differ a sure reading is doubted, never
replaced; only what the engine could not read, or doubted itself, is taken from the digit reader,
and `engine` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pipeline.extraction.schemas import FieldSchema
from pipeline.layout import HeadFigures
from pipeline.model import Field
from pipeline.vietnam.dates import DateParts, find_dates

ENGINE = "digits"
_DOUBTED = 0.75  # confidence below which an engine's own figures weigh nothing against ours
_DISAGREED = 0.5  # the most that a value is worth of which two readers differ
# The most that ours is worth alone: below what is accepted without a person. Of 39 hand-written
# numbers that it was sure of on real scans one was wrong, which is too many.
_ALONE = 0.85


def weighed(field: Field, one: FieldSchema, figures: Sequence[HeadFigures]) -> Field:
    """Return the field of a number or a date as both readers have it; any other as it is."""
    if field.box is None or field.source != "ocr":
        return field
    box = field.box
    here: dict[str, HeadFigures] = {
        figure.kind: figure for figure in figures if figure.box.overlaps(box)
    }
    if one.kind == "document-number" and one.options.get("part") != "symbol" and "number" in here:
        ours = here["number"]
        return _weighed(field, one, ours.text, ours.confidence)
    if one.kind == "date" and "day" in here:
        parts = next(iter(find_dates(field.raw)), None)
        value, sure = _dated(parts, here) if parts is not None else (None, 0.0)
        return _weighed(field, one, value, sure) if value is not None else field
    return field


def _weighed(field: Field, one: FieldSchema, value: str, sure: float) -> Field:
    if field.value == value:
        return replace(field, confidence=max(field.confidence, sure))
    if not one.fits(value):
        return field
    if field.value is None or field.confidence < _DOUBTED:
        return replace(field, value=value, confidence=min(sure, _ALONE), engine=ENGINE)
    return replace(field, confidence=min(field.confidence, _DISAGREED))


def _dated(parts: DateParts, figures: Mapping[str, HeadFigures]) -> tuple[str | None, float]:
    """Return the date with our day, and our month where it was read, in the year as printed."""
    day, month = figures["day"], figures.get("month")
    if parts.year is None or (month is None and parts.month is None):
        return None, 0.0
    try:
        value = date(parts.year, int(month.text) if month else int(parts.month or 0), int(day.text))
    except ValueError:
        return None, 0.0
    sure = min(day.confidence, month.confidence) if month else min(day.confidence, _DISAGREED)
    return value.isoformat(), sure
