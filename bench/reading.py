"""One-page PDFs in; out: the words that poppler, pdfium, pdf.js and PDFBox find, with their boxes.

Boxes are in points from the upper left of the page. Nothing is folded or mended here: what a reader
gives is what a person who searches or copies gets.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium_c

HERE = Path(__file__).resolve().parent
LIB = HERE.parent / ".tools" / "lib"
_WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', re.S
)

BoxPt = tuple[float, float, float, float]  # left, top, right, bottom, from the upper left


@dataclass(frozen=True)
class Seen:
    """A run of characters without or, in pdf.js, with spaces, and where a reader puts it."""

    text: str
    box: BoxPt


@dataclass(frozen=True)
class Reading:
    """What a reader finds on a page."""

    words: tuple[str, ...]  # in the reader's order
    seen: tuple[Seen, ...]  # perhaps in another order, as in poppler's layout


Reader = Callable[[Sequence[Path]], list[Reading]]


def poppler_raw(pdfs: Sequence[Path]) -> list[Reading]:
    """Return what `pdftotext -raw` finds: the order of the content, as most indexers take it."""
    texts = [_run(["pdftotext", "-raw", str(pdf), "-"]) for pdf in pdfs]
    return [
        Reading(tuple(text.split()), layout.seen)
        for text, layout in zip(texts, poppler_layout(pdfs), strict=True)
    ]


def poppler_layout(pdfs: Sequence[Path]) -> list[Reading]:
    """Return what `pdftotext -bbox-layout` finds: columns and lines of poppler's own."""
    readings = []
    for pdf in pdfs:
        found = _WORD.findall(_run(["pdftotext", "-bbox-layout", str(pdf), "-"]))
        seen = tuple(
            Seen(html.unescape(text), (float(x0), float(y0), float(x1), float(y1)))
            for x0, y0, x1, y1, text in found
        )
        readings.append(Reading(tuple(one.text for one in seen), seen))
    return readings


def pdfium(pdfs: Sequence[Path]) -> list[Reading]:
    """Return what pdfium finds, which is what Chrome and Edge show."""
    readings = []
    for pdf in pdfs:
        with pypdfium2.PdfDocument(pdf) as document:
            page = document[0]
            text = page.get_textpage()
            words = tuple(text.get_text_range().split())
            readings.append(Reading(words, tuple(_runs(text, page.get_height()))))
            text.close()
            page.close()
    return readings


def _runs(text: pypdfium2.PdfTextPage, height_pt: float) -> Iterator[Seen]:
    word, boxes = "", list[BoxPt]()
    for index in range(text.count_chars() + 1):
        code = pdfium_c.FPDFText_GetUnicode(text, index) if index < text.count_chars() else 0x20
        char = chr(code)
        if not char.isspace():
            left, bottom, right, top = text.get_charbox(index)
            word += char
            boxes.append((left, height_pt - top, right, height_pt - bottom))
        elif word:
            yield Seen(word, union(boxes))
            word, boxes = "", []


def finds(pdf: Path, phrase: str) -> bool:
    """Tell whether pdfium's search finds a phrase."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        text = page.get_textpage()
        searcher = text.search(phrase, match_case=True)
        hit = searcher.get_next() is not None
        searcher.close()
        text.close()
        page.close()
    return hit


def pdfjs(pdfs: Sequence[Path]) -> list[Reading]:
    """Return what pdf.js finds, which is what Firefox shows."""
    command = ["node", str(HERE / "pdfjs.mjs"), str(LIB / "pdfjs")]
    return _parsed(_run([*command, *map(str, pdfs)]))


def pdfbox(pdfs: Sequence[Path]) -> list[Reading]:
    """Return what PDFBox finds, which Tika, and so most search engines, build on."""
    (jar,) = (LIB / "pdfbox").glob("pdfbox-app-*.jar")
    command = ["java", "-cp", str(jar), str(HERE / "PdfBoxWords.java")]
    return _parsed(_run([*command, *map(str, pdfs)]))


def _parsed(answer: str) -> list[Reading]:
    return [
        Reading(
            tuple(page["text"].split()),
            tuple(Seen(text, (x0, y0, x1, y1)) for text, x0, y0, x1, y1 in page["words"]),
        )
        for page in json.loads(answer)
    ]


def _run(command: list[str]) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode("utf-8")


def union(boxes: Sequence[BoxPt]) -> BoxPt:
    """Return the box around boxes."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


READERS: dict[str, Reader] = {
    "poppler -raw": poppler_raw,
    "poppler -bbox-layout": poppler_layout,
    "pdfium": pdfium,
    "pdf.js": pdfjs,
    "PDFBox": pdfbox,
}
