"""A document as one hOCR 1.2 file: pages in, bytes of XHTML out, one piece for each page.

Specification: hOCR 1.2 (kba.github.io/hocr-spec/1.2). Deterministic: no time, no machine name.
Words have no IDs and rows no indentation: with them a page takes half as much again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.model import Box, Line, Page, Word
from pipeline.recognition.xml_text import escaped

_LANGUAGE = "vi"
_CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_line ocrx_word"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{language}" lang="{language}">
<head>
<title>{title}</title>
<meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
<meta name="ocr-system" content="{system}"/>
<meta name="ocr-capabilities" content="{capabilities}"/>
<meta name="ocr-number-of-pages" content="{count}"/>
<meta name="ocr-langs" content="{language}"/>
</head>
<body>
"""


def hocr(pages: Sequence[Page], file_name: str) -> Iterator[bytes]:
    """Yield the document in reading order, an area for each run of equal `Line.block`.

    `file_name`: of the PDF whose pages these are. Units are px of the straightened page, whose
    dpi is its `scan_res`. Characters that XML forbids are left out.
    """
    engines = sorted({word.engine for page in pages for word in page.words})
    yield _HEAD.format(
        language=_LANGUAGE,
        title=escaped(file_name),
        system=escaped(" ".join(["sohoa", *engines])),
        capabilities=_CAPABILITIES,
        count=len(pages),
    ).encode("utf-8")
    for page in pages:
        yield "".join(f"{line}\n" for line in _page(page, file_name)).encode("utf-8")
    yield b"</body>\n</html>\n"


def _page(page: Page, file_name: str) -> Iterator[str]:
    plain = file_name.replace('"', "").replace("\\", "")  # hOCR has no way to quote a quote
    title = (
        f'image "{plain}"; bbox 0 0 {page.width_px} {page.height_px}; '
        f"ppageno {page.number - 1}; scan_res {page.dpi:g} {page.dpi:g}"
    )
    yield f'<div class="ocr_page" id="page_{page.number}" title="{escaped(title)}">'
    written = [line for line in page.lines if line.words]
    for number, (_, group) in enumerate(groupby(written, key=lambda line: line.block), start=1):
        lines = list(group)
        name = f"{page.number}_{number}"
        place = _bbox([line.box for line in lines])
        yield f'<div class="ocr_carea" id="block_{name}" title="{place}">'
        yield f'<p class="ocr_par" id="par_{name}" title="{place}">'
        for row, line in enumerate(lines, start=1):
            yield from _line(line, f"{name}_{row}")
        yield "</p>"
        yield "</div>"
    yield "</div>"


def _line(line: Line, name: str) -> Iterator[str]:
    title = _bbox([line.box]) + _baseline(line)
    yield f'<span class="ocr_line" id="line_{name}" title="{title}">'
    for word in line.words:
        place = f"{_bbox([word.box])}; x_wconf {_confidence(word)}"
        yield (f'<span class="ocrx_word" title="{place}">{escaped(word.text)}</span>')
    yield "</span>"


def _baseline(line: Line) -> str:
    """Return slope and offset, the latter from the bottom left corner of the line's box."""
    if line.baseline is None:
        return ""
    box, (left, right) = line.box, line.baseline
    slope = round((right - left) / box.width, 5) if box.width else 0.0
    return f"; baseline {_plain(slope)} {_plain(round(left - box.bottom, 2))}"


def _plain(figure: float) -> str:
    """Return a number as hOCR wants it: without exponent, without needless zeros."""
    text = f"{figure:.5f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _bbox(boxes: Sequence[Box]) -> str:
    box = boxes[0]
    for other in boxes[1:]:
        box = box.union(other)
    return f"bbox {box.left} {box.top} {box.right} {box.bottom}"


def _confidence(word: Word) -> int:
    return round(100 * min(1.0, max(0.0, word.confidence)))
