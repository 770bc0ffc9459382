"""A page in, its text as a person reads it out: columns one after the other, paragraphs apart."""

from __future__ import annotations

from itertools import groupby

from pipeline.model import Page


def plain_text(page: Page) -> str:
    """Return the lines in reading order, one a row, an empty row between two blocks."""
    blocks = groupby(page.lines, key=lambda line: line.block)
    return "\n\n".join("\n".join(line.text for line in lines) for _, lines in blocks)
