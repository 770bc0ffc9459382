"""Where things stand on a paper: a page in, its head, title, body and foot out.

The layout is that of Nghị định 30/2020/NĐ-CP appendix I (14 boxes) and of older papers that it
follows. Regions are found from landmarks (motto, number, date, recipients), not from fixed
places, since scans are cropped, shifted and stamped; fractions of the page are the fallback.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.extraction.passages import Passage, in_rows, join, pieces
from pipeline.model import Page
from pipeline.vietnam.identifiers import find_document_numbers
from pipeline.vietnam.letters import fold
from pipeline.vietnam.phrases import is_motto, is_recipients_label, is_signer_title

REGIONS = (
    "anywhere", "head", "head-left", "head-right", "issuer", "number", "subject", "date", "title",
    "body", "foot", "foot-left", "foot-right",
)  # fmt: skip

_HEAD_SHARE = 0.45  # of the page height: no head reaches deeper
_GUTTER_SHARE = 0.44  # of the page width, when no landmark tells (margins of appendix I)
_WIDE_SHARE = 0.5  # of the page width: a line of the body, not of a column
_COLUMN_GAP = 1.4  # of the line height: words this far apart are in two columns
_NUMBER = re.compile(r"^[\W_]{0,3}s{1,2}[a-z0-9]\W{0,2}[:;.,]|^[\W_]{0,3}so\s*\d|^\W*so\W*$")
_DATE = re.compile(r"\bng[a-z]y\b.*\bth[a-z]ng\b.*\bn[a-z]m\b|\bngay.*thang|thang.{0,8}nam")
_ADDRESSEE = re.compile(r"^\W*kin[hn] g[uo][il1]\b")
_MOTTO_START = re.compile(r"c[o0]ng\W{0,2}h[o0]a|d[o0]c\W{0,2}lap|d[ao]ng\W{0,2}c[o0]ng")
_BASIS = re.compile(r"^\W*(?:can cu|thuc hien|xet de nghi|theo de nghi|kinh gui|dieu [1i]\b)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page taken apart; all places in px of the page."""

    page: Page
    passages: tuple[Passage, ...]  # pieces of lines, in reading order
    number: Passage | None  # the line of number and symbol
    date: Passage | None  # the line of place and date
    line_px: float  # usual height of a line
    gutter: float  # x between the two columns of the head
    motto_end: float  # y under the motto; the head's end without one
    head_top: float  # y; stamps of arrival and of signing stand above
    head_end: float  # y under number and date
    body_top: float  # y of the first line across the page under the head
    foot_top: float | None  # y of the block of recipients and signer; None: not on this page

    def region(self, where: str | Sequence[float]) -> list[Passage]:
        """Return the passages of a region, top to bottom.

        `where` is one of `REGIONS`, or left, top, right, bottom as shares of the page.
        """
        if where in ("number", "date"):
            line = self.number if where == "number" else self.date
            return [line] if line is not None else []
        if isinstance(where, str):
            found = [one for one in self.passages if self._holds(where, one)]
        else:
            found = [one for one in self.passages if self._between(where, one)]
        return sorted(found, key=lambda one: (one.box.top + one.box.bottom, one.box.left))

    def _between(self, shares: Sequence[float], passage: Passage) -> bool:
        left, top, right, bottom = shares
        x = passage.middle / self.page.width_px
        y = (passage.box.top + passage.box.bottom) / 2 / self.page.height_px
        return left <= x < right and top <= y < bottom

    def _holds(self, region: str, passage: Passage) -> bool:
        wide, high = self.page.width_px, self.page.height_px
        box, middle = passage.box, passage.middle
        y = (box.top + box.bottom) / 2
        foot_top = high if self.foot_top is None else self.foot_top
        left = middle < self.gutter and box.right < self.gutter + 0.1 * wide
        number = self.number.box if self.number is not None else None
        issuer_end = number.top if number is not None else min(self.head_end, self.body_top)
        subject_top = number.bottom if number is not None else self.head_end
        return {
            "anywhere": True,
            "head": y < max(self.body_top, self.head_end),
            "head-left": left and self.head_top < y < self.body_top,
            "head-right": not left and self.head_top < y <= self.head_end + 2 * self.line_px,
            "issuer": left and self.head_top < y < issuer_end,
            "subject": left and subject_top < y < self.body_top,
            "title": self.motto_end < y < self.head_end + 0.4 * high and y < foot_top,
            "body": self.head_end < y < foot_top,
            "foot": y >= foot_top,
            "foot-left": y >= foot_top and middle < 0.48 * wide,
            "foot-right": y >= foot_top and middle >= 0.48 * wide,
        }[region]

    def rows(self) -> list[Passage]:
        """Return the lines of the page, each row of pieces as one passage, top to bottom."""
        rows = in_rows(self.passages)
        return [Passage(row[0].page, tuple(w for one in row for w in one.words)) for row in rows]


def lay_out(page: Page) -> Sheet:
    """Return the page taken apart; a page without lines gives an empty sheet."""
    line_px = float(median(line.box.height for line in page.lines)) if page.lines else 1.0
    passages = _passages(page, line_px)
    head = [one for one in passages if one.box.bottom < _HEAD_SHARE * page.height_px]
    mottoes = [one for one in head if is_motto(one.text)][:2]
    head_top = min((one.box.top for one in mottoes), default=0) - line_px
    dates = [one for one in head if one.box.top > head_top and _is_date_line(one, page)]
    date: Passage | None = None
    if dates:
        middle = _gutter(page, mottoes, None)
        date = _whole_row(dates[0], [one for one in head if one.middle > middle])
    gutter = _gutter(page, mottoes, date)
    number = _number_line(head, gutter, head_top, date)
    landmarks = [one for one in (number, date) if one is not None]
    if landmarks:
        head_end = float(max(one.box.bottom for one in landmarks))
    elif mottoes:
        head_end = max(one.box.bottom for one in mottoes) + line_px
    else:
        head_end = 0.0
    return Sheet(
        page=page,
        passages=tuple(passages),
        number=number,
        date=date,
        line_px=line_px,
        gutter=gutter,
        motto_end=max((float(one.box.bottom) for one in mottoes), default=head_end),
        head_top=head_top,
        head_end=head_end,
        body_top=_body_top(passages, page, head_end, gutter),
        foot_top=_foot_top(passages, page, line_px),
    )


def is_capitals(text: str) -> bool:
    """Return whether the text is set in capitals, a slip or two allowed."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 2 and sum(letter.isupper() for letter in letters) >= 0.7 * len(letters)


def starts_body(text: str) -> bool:
    """Return whether the text begins the body: `Căn cứ`, `Kính gửi`, `Điều 1`."""
    return _BASIS.search(fold(text)) is not None


def _passages(page: Page, line_px: float) -> list[Passage]:
    """Return the pieces of lines; in the head the two columns are cut apart where they touch."""
    found: list[Passage] = []
    for line in page.lines:
        in_head = line.box.bottom < _HEAD_SHARE * page.height_px
        for piece in pieces(page.number, line, _COLUMN_GAP * line_px):
            found += _columns(piece) if in_head else [piece]
    return found


def _columns(piece: Passage) -> list[Passage]:
    """Return what stands left of the motto or of place and date apart from it."""
    text = piece.text
    if is_motto(text):
        motto = _MOTTO_START.search(fold(text))
        return _cut(piece, motto.start()) if motto else [piece]
    numbers = find_document_numbers(text)
    if numbers and _NUMBER.search(fold(text)) and _DATE.search(fold(text)[numbers[0].span[1] :]):
        return _cut(piece, numbers[0].span[1] + 1)
    return [piece]


def _cut(piece: Passage, place: int) -> list[Passage]:
    parts = (piece.head(max(0, place - 1)), piece.tail(place))
    return [part for part in parts if part is not None]


def _is_date_line(passage: Passage, page: Page) -> bool:
    """Tell place and date of the head: in the right column, and no line of the body."""
    right = passage.box.left > 0.3 * page.width_px and passage.middle > 0.5 * page.width_px
    date = _DATE.search(fold(passage.text))
    return right and date is not None and ":" not in passage.text[: date.start()]


def _gutter(page: Page, mottoes: Sequence[Passage], date: Passage | None) -> float:
    """Return x (px) between the columns: a little left of what begins the right one."""
    right_column = [one.box.left for one in (*mottoes, *([date] if date else []))]
    if not right_column:
        return _GUTTER_SHARE * page.width_px
    # The date begins left of the motto on some papers, and a long stamp may be read with either.
    return max(float(median(right_column)), 0.3 * page.width_px)


def _number_line(
    head: Sequence[Passage], gutter: float, head_top: float, date: Passage | None
) -> Passage | None:
    """Return the line of number and symbol: left, under the issuer, beside the date if any."""
    fitting = [
        one
        for one in head
        if one.middle < gutter and one.box.top > head_top and is_number_line(one.text)
    ]
    if not fitting:
        return None
    found = fitting[0]
    if date is not None:
        found = min(fitting, key=lambda one: abs(one.box.bottom - date.box.bottom))
    return _whole_row(found, [one for one in head if one.middle < gutter])


def _whole_row(found: Passage, column: Sequence[Passage]) -> Passage:
    """Return the passage with what stands beside it in its column.

    `Số:` and `/TB-UBND`, `ngày` and `tháng 01` come apart where a gap was left for a pen.
    """
    return join(next((row for row in in_rows(column) if found in row), [found]))


def is_number_line(text: str) -> bool:
    """Return whether the text is `Số: …/…`, readable or not."""
    if _NUMBER.search(fold(text)):
        return True
    return any(number.span[0] < 8 for number in find_document_numbers(text))


def _body_top(passages: Sequence[Passage], page: Page, head_end: float, gutter: float) -> float:
    """Return y (px) of the first line under the head that is not in its left column."""
    for passage in sorted(passages, key=lambda one: one.box.top):
        box = passage.box
        if box.top < head_end:
            continue
        wide = box.width > _WIDE_SHARE * page.width_px
        centred = box.left < gutter < passage.middle and box.width > 0.05 * page.width_px
        addressed = _ADDRESSEE.search(fold(passage.text)) is not None
        if wide or centred or addressed:
            return float(box.top)
    return _HEAD_SHARE * page.height_px


def _foot_top(passages: Sequence[Passage], page: Page, line_px: float) -> float | None:
    """Return y (px) of the recipients' label or the signer's title, the higher; None if neither."""
    labels = [one for one in passages if is_recipients_label(one.text)]
    bottom = [one for one in passages if one.box.top > 0.1 * page.height_px]
    titles = [
        one
        for one in bottom
        if one.middle > 0.5 * page.width_px and is_capitals(one.text) and is_signer_title(one.text)
    ]
    if labels:
        label = labels[-1].box
        near = [one.box.top for one in titles if abs(one.box.top - label.top) < 6 * line_px]
        return min([label.top, *near]) - 0.5 * line_px
    return titles[-1].box.top - 0.5 * line_px if titles else None
