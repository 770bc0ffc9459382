"""Words in, their widths and their glyphs out: one font family, found on the machine."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

MM_PER_PT = 25.4 / 72
# Debian 12 keeps version 2 (the first with all Vietnamese letters) in the first folder and
# version 1 in the second; Ubuntu 24.04 has version 2 in the second.
FOLDERS = ("/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/truetype/liberation")
FILES = {
    "": "LiberationSerif-Regular.ttf",
    "b": "LiberationSerif-Bold.ttf",
    "i": "LiberationSerif-Italic.ttf",
    "bi": "LiberationSerif-BoldItalic.ttf",
}


def font_file(style: str) -> Path:
    """Return the file of a face: "", "b", "i" or "bi". Raises SystemExit if none is installed."""
    for folder in FOLDERS:
        path = Path(folder) / FILES[style]
        if path.exists():
            return path
    raise SystemExit("Liberation Serif is missing: apt-get install fonts-liberation2")


def fingerprint() -> str:
    """Return a digest of the four font files: other fonts draw other bytes."""
    digest = hashlib.sha256()
    for style in FILES:
        digest.update(font_file(style).read_bytes())
    return digest.hexdigest()


@cache
def _advances(style: str) -> dict[str, float]:
    with TTFont(font_file(style)) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {chr(code): widths[name][0] / em for code, name in font.getBestCmap().items()}


def width_mm(text: str, size_pt: float, style: str = "") -> float:
    """Return how wide the text runs, without kerning. Raises KeyError if a letter has no glyph."""
    advances = _advances(style)
    return sum(advances[char] for char in text) * size_pt * MM_PER_PT


@cache
def face(style: str, size_px: int) -> ImageFont.FreeTypeFont:
    """Return a face of that size, shaped without system libraries so that bytes are stable."""
    return ImageFont.truetype(font_file(style), size_px, layout_engine=ImageFont.Layout.BASIC)
