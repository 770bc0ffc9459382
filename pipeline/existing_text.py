"""Scans that bring text with them in, the same with text that can be trusted out.

Legacy fonts (TCVN3, VNI) get Unicode in a copy of their PDF; what a text layer says is compared
with a cheap reading of what the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import imaging, pdfa, recognition
from pipeline.errors import ScanError, ToolCrashed
from pipeline.model import Document, Scan, ScanFacts
from pipeline.vietnam.legacy import Encoding, detect, horns_lost, transcode
from pipeline.vietnam.letters import nfc

_COPY = "unicode-"
_DOUBTFUL = str.maketrans("", "", "-\xad\u2010ưƯ")  # what readers make of TCVN3's ư


def with_unicode(document: Document, facts: Sequence[ScanFacts], scratch: Path) -> Document:
    """Return the document with a copy in `scratch` for each PDF that has legacy fonts.

    The copy looks the same and reads as Unicode; where that does not come true, the PDF stays as
    it is, and its pages will be recognised.
    """
    scans = [
        _with_unicode(scan, fact, scratch / f"{_COPY}{number:04}.pdf")
        for number, (scan, fact) in enumerate(zip(document.scans, facts, strict=True), start=1)
    ]
    return replace(document, scans=tuple(scans))


class Judge:
    """Tells of each page with text of its own whether it is what the page shows.

    Something must be drawn under the words of every page. What the letters mean belongs to a font:
    a sample is read, 0.4 CPU-s, where a page has fonts that no page before has proved.
    """

    def __init__(self, read: recognition.Read) -> None:
        """`read`: the engine that reads a sample."""
        self._read = read
        self._proved: set[tuple[Path, str]] = set()

    def refuses(self, raw: imaging.RawPage) -> bool:
        """Return whether the text of the page would be kept, and is not what is seen."""
        layer = raw.text_born
        if layer is None or not recognition.text_survives(layer.words):
            return False
        if not recognition.has_ink(layer.words, raw.image):
            return True
        fonts = layer.fonts or ("",) * len(layer.words)
        asked = {font for font in fonts if (layer.pdf, font) not in self._proved}
        if not asked:
            return False
        if not recognition.agrees(layer.words, fonts, asked, raw.image, self._read):
            return True
        self._proved |= {(layer.pdf, font) for font in asked}
        return False


def needs_picture(layer: imaging.TextLayer) -> bool:
    """Return whether a page must be pictured because its font has letters and marks apart.

    So VNI has them: a search for a whole letter does not find the two in the same vectors.
    """
    return layer.decomposed and layer.pdf.name.startswith(_COPY)


def _with_unicode(scan: Scan, fact: ScanFacts, out: Path) -> Scan:
    if fact.extension != ".pdf":
        return scan
    try:
        before = imaging.texts_by_font(scan.path, scan.name, fact.pages)
        fonts: dict[str, Encoding] = {
            font: encoding
            for font, text in before.items()
            if (encoding := detect(text, font)) is not None
        }
        if not fonts:
            return scan
        pdfa.write_unicode(scan.path, fonts, out)
        after = imaging.texts_by_font(out, scan.name, fact.pages)
    except (ScanError, ToolCrashed):  # whoever reads its pages will say what is wrong with it
        return scan
    for font, encoding in fonts.items():
        meant, read = transcode(before[font], encoding), nfc(after.get(font, ""))
        if horns_lost(read) or _sure(meant) != _sure(read):
            return scan
    return replace(scan, path=out)


def _sure(text: str) -> str:
    return "".join(text.split()).translate(_DOUBTFUL)
