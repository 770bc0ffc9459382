"""Archive pages in, those of them that forbid a PDF/A claim out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import ToolCrashed
from pipeline.model import ArchivePage, SourcePage
from pipeline.pdfa import structure
from pipeline.pdfa.compose import compose
from pipeline.pdfa.metadata import ArchiveFacts


def unproved(pages: Sequence[ArchivePage], facts: ArchiveFacts, scratch: Path) -> tuple[int, ...]:
    """Return the numbers of the text-born pages that may not claim PDF/A-2u, each alone in a file.

    `scratch` is a folder for those files, one at a time. Raises DiskFull.
    """
    alone = scratch / "alone.pdf"
    found = []
    for page in pages:
        if not isinstance(page.content, SourcePage):
            continue
        try:
            compose([page], facts, alone)
            if structure.check(alone):
                found.append(page.page.number)
        except ToolCrashed:
            found.append(page.page.number)
        finally:
            alone.unlink(missing_ok=True)
    return tuple(found)
