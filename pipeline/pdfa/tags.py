"""Pages as they are written in, the structure that screen readers follow out (ISO 32000-1, 14.7).

Each paragraph of recognised text is a P in reading order; the picture under it is an artifact, for
its words are said already. A picture without words is a Figure that says what it is. Headings and
tables would have to be guessed, so there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.model import Line, Page

_NEAR = 0.9  # of a line's height: a gap between lines of one paragraph
_ALIKE = 1.6  # times the height of the line before
_BESIDE = 0.4  # of the narrower line that lies under the other


class Tags:
    """The structure of a PDF, which grows page by page."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._pdf = pdf
        self._document = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, K=Array())
        )
        self._parents = Array()
        self._pages = 0

    def tag(
        self, page: Page, entry: pikepdf.Object, picture: bytes, lines: Sequence[bytes]
    ) -> bytes:
        """Return the page's content with its marks, and put the elements into the structure.

        `entry` is the page object, `picture` draws the layers, `lines` the text, one for each
        line of the page.
        """
        elements: list[pikepdf.Object] = []
        parts = [b"/Artifact BMC\n", picture, b"EMC\n"]
        if not any(lines) and not page.measures.blank:
            alt = f"Trang {page.number}: hình ảnh, không có chữ nhận dạng được"
            elements.append(self._element("/Figure", entry, 0))
            elements[0].Alt = pikepdf.String(alt)
            parts[0] = _marked("/Figure", 0)
        for paragraph in paragraphs(page.lines):
            content = b"".join(lines[number] for number in paragraph)
            if content:
                number = len(elements)
                elements.append(self._element("/P", entry, number))
                parts += [_marked("/P", number), content, b"EMC\n"]
        entry.StructParents = self._pages
        entry.Tabs = Name.S  # for the field of a signature that may come (ISO 14289-1, 7.18.3)
        self._parents.append(self._pages)
        self._parents.append(self._pdf.make_indirect(Array(elements)))
        self._pages += 1
        return b"".join(parts)

    def finish(self) -> None:
        """Write the structure into the catalog."""
        root = self._pdf.make_indirect(
            Dictionary(
                Type=Name.StructTreeRoot,
                K=self._document,
                ParentTree=Dictionary(Nums=self._parents),
                ParentTreeNextKey=self._pages,
            )
        )
        self._document.P = root
        self._pdf.Root.StructTreeRoot = root
        self._pdf.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, kind: str, entry: pikepdf.Object, number: int) -> pikepdf.Object:
        element = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name(kind), P=self._document, Pg=entry, K=number)
        )
        self._document.K.append(element)
        return element


def paragraphs(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Yield the numbers of the lines of each paragraph, in reading order."""
    found: list[int] = []
    for number, line in enumerate(lines):
        if found and not _goes_on(lines[found[-1]], line):
            yield found
            found = []
        found.append(number)
    if found:
        yield found


def _goes_on(above: Line, below: Line) -> bool:
    """Tell whether a line lies close under another one of its size."""
    upper, lower = above.box, below.box
    gap = lower.top - upper.bottom
    alike = max(upper.height, lower.height) <= _ALIKE * min(upper.height, lower.height)
    shared = min(upper.right, lower.right) - max(upper.left, lower.left)
    beside = shared >= _BESIDE * min(upper.width, lower.width)
    return alike and beside and -upper.height < gap < _NEAR * upper.height


def _marked(kind: str, number: int) -> bytes:
    return f"{kind} <</MCID {number}>> BDC\n".encode("ascii")
