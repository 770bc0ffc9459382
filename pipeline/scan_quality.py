"""A scan in, how good each of its pages is for reading out; nothing is read or kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline import imaging
from pipeline.layout import Layout
from pipeline.model import Page
from pipeline.page_reading import look
from pipeline.settings import Settings


def scan_quality(
    path: Path,
    name: str,
    settings: Settings,
    scratch: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Page]:
    """Yield the pages of a scan with their measures and issues, and without lines.

    `name` is what errors call the scan, `scratch` receives files between. Raises ScanError when
    the paper must be scanned again, ToolError when a program of ours failed.
    """
    limits = imaging.Limits(
        max_bytes=settings.max_file_bytes,
        max_pages=settings.max_pages,
        max_pixels=settings.max_page_pixels,
    )
    facts = imaging.probe(path, name, limits)
    progress(0, facts.pages)
    for raw in imaging.read_pages(
        path,
        facts,
        default_dpi=settings.default_dpi,
        max_dpi=settings.max_dpi,
        max_pixels=settings.max_page_pixels,
        timeout_s=settings.page_timeout_s,
        scratch=scratch,
        name=name,
    ):
        yield _page(raw, settings)
        progress(raw.number, facts.pages)


def _page(raw: imaging.RawPage, settings: Settings) -> Page:
    if raw.text_born is not None:  # nobody scanned it
        image = raw.image
        return Page(raw.number, image.width_px, image.height_px, image.dpi, kind="text")
    straight, measures = look(raw.image, settings)
    size = straight.width_px, straight.height_px, straight.dpi
    layout = Layout(marks=() if measures.blank else imaging.find_marks(straight))
    measures = replace(measures, line_axis=imaging.measure_axis(straight))
    page = Page(raw.number, *size, kind="scan", measures=measures, layout=layout)
    return replace(page, issues=imaging.page_issues(page, settings.scan_profile))
