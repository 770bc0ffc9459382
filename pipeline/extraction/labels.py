"""Labels on a page: label texts in, the words beside or below each out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extraction.layout import Sheet
from pipeline.extraction.passages import Passage
from pipeline.extraction.phrases import Hit, find_all
from pipeline.extraction.readings import is_empty

_NEXT_ITEM = re.compile(r"^\W{0,2}(?:\d{1,2}|[a-zđ])[.)]\s|^\W?\s?[-–+•]\s")
_LABEL_END = re.compile(r"^\s?(?:\([^)]{1,60}\))?\s?(?::|;:|\.{2,}|…)")
_ITEM_MARK = re.compile(r"^\W*(?:\d{1,2}|[a-zđ])[.)]\s")
_LETTER = re.compile(r"[^\W_]")
_AFTER_LABEL = re.compile(r"^(?:\s?\([^)]{1,60}\))?[\s:;.,…_–-]*")
_MARGIN_SHARE = 0.08  # of the page width: a line that ends so near the margin may go on


class Labels:
    """The labels of a document type on one page, found once."""

    def __init__(self, sheet: Sheet, labels: Sequence[str]) -> None:
        self._sheet = sheet
        self._rows = sheet.rows()
        self._hits = [
            [hit for hit in find_all(row.text, labels) if self._is_label(row, hit)]
            for row in self._rows
        ]
        self.found = frozenset(hit.phrase for hits in self._hits for hit in hits)
        self._margin = max((row.box.right for row in self._rows), default=0)

    def values(
        self,
        labels: Sequence[str],
        *,
        after: Sequence[str] = (),
        before: Sequence[str] = (),
        lines: int = 1,
        below: bool = False,
    ) -> Iterator[tuple[Hit, tuple[Passage, ...]]]:
        """Yield each label with the lines of its value, at most `lines`, top to bottom.

        Only labels behind the first of the `after` phrases and before the next of the `before`
        phrases count. A label followed by leaders alone yields nothing: the form was left empty.
        """
        first, last = self._section(after, before)
        for row, hits in enumerate(self._hits):
            for place, hit in enumerate(hits):
                if hit.phrase not in labels or not first <= (row, hit.start) < last:
                    continue
                following = hits[place + 1] if place + 1 < len(hits) else None
                value = self._right_of(row, hit, following)
                if value is None and below:
                    value, row_below = self._below(row, hit, following), row + 1
                    following = None
                else:
                    row_below = row
                if value is None:
                    continue
                more = self._continued(row_below, lines - 1) if following is None else ()
                yield hit, (value, *more)

    def _is_label(self, row: Passage, hit: Hit) -> bool:
        """Tell a label from the same words in running text.

        A colon or leaders follow it, or it begins the row, or a wide gap stands before it.
        """
        text = row.text
        if _LABEL_END.match(text[hit.end :]) or not _LETTER.search(
            _ITEM_MARK.sub("", text[: hit.start])
        ):
            return True
        before, label = row.head(max(0, hit.start - 1)), row.part(hit.start, hit.end)
        if before is None or label is None or not text[hit.start].isupper():
            return False
        return label.box.left - before.box.right > self._sheet.line_px

    def _section(
        self, after: Sequence[str], before: Sequence[str]
    ) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return (row, character) where the section begins and ends."""
        first = self._first(after, (0, 0)) if after else (0, -1)
        if first is None:
            return (len(self._rows), 0), (0, 0)
        end = self._first(before, first) if before else None
        return first, end if end is not None else (len(self._rows), 0)

    def _first(self, phrases: Sequence[str], start: tuple[int, int]) -> tuple[int, int] | None:
        for row, passage in enumerate(self._rows):
            for hit in find_all(passage.text, phrases):
                if (row, hit.start) > start or start == (0, 0):
                    return row, hit.end
        return None

    def _right_of(self, row: int, hit: Hit, following: Hit | None) -> Passage | None:
        passage = self._rows[row]
        text = passage.text
        gap = _AFTER_LABEL.match(text[hit.end :])
        start = hit.end + (gap.end() if gap else 0)
        end = following.start if following is not None else len(text)
        if is_empty(text[start:end]):
            return None
        head = passage.head(end)
        return head.tail(start) if head is not None else None

    def _below(self, row: int, hit: Hit, following: Hit | None) -> Passage | None:
        """Return the words of the next row under the label, up to the next label's column."""
        if row + 1 >= len(self._rows) or self._hits[row + 1]:
            return None
        label = self._rows[row].part(hit.start, hit.end)
        if label is None:
            return None
        right: float = self._sheet.page.width_px
        if following is not None:
            beside = self._rows[row].part(following.start, following.end)
            right = beside.box.left if beside is not None else right
        under = self._rows[row + 1]
        left = label.box.left - self._sheet.line_px
        words = tuple(w for w in under.words if left <= w.box.left < right - self._sheet.line_px)
        return None if not words or is_empty(under.text) else Passage(under.page, words)

    def _continued(self, row: int, most: int) -> tuple[Passage, ...]:
        """Return the rows that go on with the value at the end of a row."""
        found: list[Passage] = []
        margin = self._margin - _MARGIN_SHARE * self._sheet.page.width_px
        while len(found) < most and row + 1 < len(self._rows):
            above, under = self._rows[row], self._rows[row + 1]
            hits = self._hits[row + 1]
            apart = under.box.top - above.box.bottom > 1.2 * self._sheet.line_px
            new = _NEXT_ITEM.search(under.text) or (hits and hits[0].start <= 3)
            if above.box.right < margin or apart or new:
                break
            row += 1
            whole = under.head(hits[0].start) if hits else under
            if whole is None:
                break
            found.append(whole)
            if hits:
                break
        return tuple(found)
