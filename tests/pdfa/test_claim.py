"""Tests of pipeline.pdfa.claim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf

from pipeline.model import ArchivePage
from pipeline.pdfa import ArchiveFacts, unproved


def _no_unicode(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Resources.Font.F1["/ToUnicode"]


def test_only_the_page_at_fault_is_named(
    born: Callable[..., Path],
    taken_over: Callable[..., ArchivePage],
    draw: Callable[..., ArchivePage],
    facts: ArchiveFacts,
    tmp_path: Path,
) -> None:
    """Scanned pages are never: they are ours. Nothing is left in the folder."""
    good, bad = (
        taken_over(born(change, name=f"{name}.pdf"))
        for name, change in (("good", lambda pdf: None), ("bad", _no_unicode))
    )
    bad = replace(bad, page=replace(bad.page, number=3))
    pages = [good, draw(["Trang"], number=2), bad]

    assert unproved(pages, facts, tmp_path) == (3,)
    assert not (tmp_path / "alone.pdf").exists()


def test_a_page_that_cannot_be_taken_over_counts(
    born: Callable[..., Path],
    taken_over: Callable[..., ArchivePage],
    facts: ArchiveFacts,
    tmp_path: Path,
) -> None:
    """The source has no such page."""
    assert unproved([taken_over(born(), index=7)], facts, tmp_path) == (8,)
