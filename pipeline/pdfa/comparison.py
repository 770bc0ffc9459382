"""Two readings of one page, made comparable: text against text, pixels against pixels."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.layers import EncodedPage
from pipeline.pdfa.characters import writable

Gray = NDArray[np.float32]  # H×W, 0 black – 1 white

_TILE_PX = 8
# Mean difference of a tile that two renderings of one picture do not reach. Measured on real and
# drawn pages with text, seals and photos: at most 0.12; a blanked line of text differs by 0.2.
MAX_TILE_DIFFERENCE = 0.16

# Of a place for a mark, half a pixel a point: paper with a seal's edge or a letter has more between
# its darkest and its brightest pixel; lettering of 6 pt takes a tenth of its light.
_EMPTY, _SEEN = 0.2, 0.02

# pdfium reads these ligatures as their letters, a hyphen at the end of a line as U+FFFE or U+0002
# with the lines joined, and no character beyond the BMP.
_LIGATURES = {
    0xFB00 + n: text for n, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))
}
_READ_AS_HYPHEN = {0xFFFE: "-", 0x0002: "-"}
_BETWEEN_WORDS = re.compile(r"[\s-]+")
_RTL = frozenset({"R", "AL", "AN"})


_MOST_JOINED = 24  # words of a page; more is another text


def words_written(text: str) -> tuple[str, ...]:
    """Return the words of a recognised text in the form that both sides are compared in.

    NFC, cut at white space and hyphens; what pdfium cannot read, or reads as something else by
    design, is brought to one form. A text with right-to-left letters becomes its sorted
    letters and digits: in a PDF they stand in the order of their look, and brackets turn round.
    """
    plain = "".join(char for char in writable(text) if ord(char) <= 0xFFFF)
    plain = writable(plain.translate(_LIGATURES))
    if any(unicodedata.bidirectional(char) in _RTL for char in plain):
        folded = unicodedata.normalize("NFKC", plain)  # which pdfium does to such runs
        return tuple(sorted(char for char in folded if char.isalnum()))
    return tuple(word for word in _BETWEEN_WORDS.split(plain) if word)


def words_read(text: str) -> tuple[str, ...]:
    """Return the words of a text as pdfium gives it, in the same form as `words_written`."""
    return words_written(text.translate(_READ_AS_HYPHEN))


def same_but_gaps(written: Sequence[str], read: Sequence[str]) -> bool:
    """Return whether the same words were read, in any order, a few perhaps run together.

    pdfium joins words where a speck stands in the gap between them; their letters are all there.
    """
    lost, added = Counter(written), Counter(read)
    lost, added = lost - added, added - lost
    if lost.total() + added.total() > _MOST_JOINED:
        return False
    return _joined(sorted(added.elements(), key=len, reverse=True), lost)


def _joined(joined: list[str], parts: Counter[str]) -> bool:
    """Return whether the joined words can be made of the parts, each used once and all used."""
    if not joined:
        return parts.total() == 0
    first, *others = joined
    if not first:
        return _joined(others, parts)
    return any(
        _joined([first[len(part) :], *others], parts - Counter([part]))
        for part in parts
        if first.startswith(part)
    )


def same_picture(expected: Gray, found: Gray) -> bool:
    """Tell whether two pictures of one size show the same; deaf to resampling and noise."""
    if expected.shape != found.shape:
        return False
    return bool(tile_difference(expected, found) <= MAX_TILE_DIFFERENCE)


def unmarked(
    look: Gray,
    picture: Gray,
    box_pt: tuple[float, float, float, float],
    size_pt: tuple[float, float],
) -> Gray | None:
    """Return a rendering without the mark that was added to it: there, it takes the page's look.

    `box_pt`: left, bottom, right and top of the mark. None: no mark is seen, or it covers
    something.
    """
    across, down = picture.shape[1] / size_pt[0], picture.shape[0] / size_pt[1]
    left, bottom, right, top = box_pt
    rows = slice(int((size_pt[1] - top) * down), int((size_pt[1] - bottom) * down) + 2)
    columns = slice(int(left * across), int(right * across) + 2)
    before, after = look[rows, columns], picture[rows, columns]
    if float(before.max() - before.min()) > _EMPTY or float((before - after).mean()) < _SEEN:
        return None
    plain = picture.copy()
    plain[rows, columns] = before
    return plain


def tile_difference(expected: Gray, found: Gray) -> float:
    """Return the largest difference between the means of two tiles at the same place, 0–1."""
    difference = expected - found
    height, width = difference.shape
    padded = np.pad(difference, ((0, -height % _TILE_PX), (0, -width % _TILE_PX)))
    rows, columns = padded.shape[0] // _TILE_PX, padded.shape[1] // _TILE_PX
    tiles = padded.reshape(rows, _TILE_PX, columns, _TILE_PX).mean(axis=(1, 3))
    return float(np.abs(tiles).max())


def small_gray(image: Image.Image, width_px: int, height_px: int) -> Gray:
    """Return an image reduced to a size, each pixel the mean of what it covers."""
    gray = image if image.mode == "L" else image.convert("L")
    reduced = gray.resize((width_px, height_px), Image.Resampling.BOX)
    return np.asarray(reduced, dtype=np.float32) / np.float32(255)


def look_of(encoded: EncodedPage, width_px: int, height_px: int) -> Gray:
    """Return how the page image looked before it was compressed, in the size of a rendering."""
    with Image.open(encoded.look, formats=("PNG",)) as image:
        # A rendering rounds its sides up: at most a pixel more.
        resized = image.resize((width_px, height_px), Image.Resampling.BILINEAR)
        return np.asarray(resized, dtype=np.float32) / np.float32(255)
