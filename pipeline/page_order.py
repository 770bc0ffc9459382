"""Pages of a document in, what is wrong with their order out: pages missing, pages scanned twice.

Nothing is dropped: the law counts images against pages. A note stuck to a page gives two images of
the same page; the person who checks is told which two belong together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from pipeline.model import Issue, Page, Word

_NUMBER = re.compile(r"[-–—.\s]*(?:trang\s*)?(\d{1,3})(?:\s*/\s*(\d{1,3}))?[-–—.\s]*", re.I)
_TOP, _FOOT = 0.1, 0.92  # of the height: where page numbers stand
_MOST_MISSING = 20  # more is another numbering

_FEWEST_WORDS = 15  # that two pages must share
_SHARED = 0.85  # of the words of the one that shows less
_NEAR_MM = 5.0  # where the same word stands on both, once one is laid on the other
_IN_PLACE = 0.8  # of the words that each page has once
_MM_PER_INCH = 25.4
_Printed = tuple[int, int, int | None]  # place of the page, number, of how many
_NEIGHBOURS = 100  # pages that a page is compared with: all of them, but in bound books


def order_issues(pages: Sequence[Page]) -> tuple[Issue, ...]:
    """Return the gaps in the printed page numbers, and pages that show the same sheet."""
    gaps = [Issue("pages.gap", f"page {number}", what) for number, what in _gaps(pages)]
    twins = [
        Issue("pages.alike", f"page {second.number}", f"page {first.number}")
        for first, second in _alike(pages)
    ]
    return (*gaps, *twins)


def printed_number(page: Page) -> tuple[int, int | None] | None:
    """Return the number that is printed on a page, and of how many; None: it has none."""
    for line in page.lines:
        if not line.words:
            continue
        middle = (line.box.top + line.box.bottom) / 2 / page.height_px
        found = _NUMBER.fullmatch(line.text)
        if found and (middle <= _TOP or middle >= _FOOT):
            return int(found[1]), int(found[2]) if found[2] else None
    return None


def _gaps(pages: Sequence[Page]) -> Iterator[tuple[int, str]]:
    """Yield after which page something is missing, and what is printed around it.

    A number that the one before and the one after it pass over was misread.
    """
    found = [
        (place, *printed)
        for place, page in enumerate(pages)
        if (printed := printed_number(page)) is not None
    ]
    kept = list(_plausible(found))
    for before, one in pairwise(kept):
        if 0 < _missing(before, one) <= _MOST_MISSING:
            yield pages[one[0]].number, f"{before[1]} → {one[1]}"
    if kept:
        place, number, of = kept[-1]
        if of is not None and 0 < of - number - (len(pages) - 1 - place) <= _MOST_MISSING:
            yield pages[-1].number, f"{number}/{of}"


def _plausible(found: list[_Printed]) -> Iterator[_Printed]:
    for place, one in enumerate(found):
        around = found[max(0, place - 1) : place] + found[place + 1 : place + 2]
        if len(around) < 2 or _missing(*around) != 0 or _missing(around[0], one) == 0:
            yield one


def _missing(before: _Printed, after: _Printed) -> int:
    """Return how many pages are missing between two printed numbers; below 0: there are more."""
    return (after[1] - before[1]) - (after[0] - before[0])


def _alike(pages: Sequence[Page]) -> Iterator[tuple[Page, Page]]:
    """Yield pairs of pages on which the same words stand in the same places."""
    words = [Counter(word.text for word in page.words if len(word.text) > 1) for page in pages]
    for later, second in enumerate(pages):
        for earlier in range(max(0, later - _NEIGHBOURS), later):
            shared = (words[earlier] & words[later]).total()
            fewer = min(words[earlier].total(), words[later].total())
            if (
                shared >= max(_FEWEST_WORDS, _SHARED * fewer)
                and _in_place(pages[earlier], second) >= _IN_PLACE
            ):
                yield pages[earlier], second
                break


def _in_place(first: Page, second: Page) -> float:
    """Return the share of the words that each has once that stand in the same place."""
    here, there = _places(first), _places(second)
    both = [
        (there[text][0] - place[0], there[text][1] - place[1])
        for text, place in here.items()
        if text in there
    ]
    if not both:
        return 0.0
    across, down = (median(side) for side in zip(*both, strict=True))
    near = [abs(x - across) <= _NEAR_MM and abs(y - down) <= _NEAR_MM for x, y in both]
    return float(sum(near) / len(near))


def _places(page: Page) -> dict[str, tuple[float, float]]:
    """Return where the words that a page has once stand, mm."""
    count = Counter(word.text for word in page.words)
    scale = _MM_PER_INCH / page.dpi
    return {word.text: _middle(word, scale) for word in page.words if count[word.text] == 1}


def _middle(word: Word, scale: float) -> tuple[float, float]:
    box = word.box
    return (box.left + box.right) / 2 * scale, (box.top + box.bottom) / 2 * scale
