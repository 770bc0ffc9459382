"""Two readings of one page, made comparable: text against text, pixels against pixels."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from pipeline.errors import ArchiveDiffers
from pipeline.model import EncodedImage
from pipeline.pdfa.text_layer import writable

Gray = NDArray[np.float32]  # H×W, 0 black – 1 white

LONG_SIDE_PX = 480  # of a page when two pictures of it are compared: a line of text still shows
_TILE_PX = 8
# Mean difference of a tile that two renderings of one picture do not reach. Measured on real and
# drawn pages with text, seals and photos: at most 0.12; a blanked line of text differs by 0.2.
MAX_TILE_DIFFERENCE = 0.16

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


def small_page(encoded: EncodedImage, width_px: int, height_px: int) -> Gray:
    """Decode an encoded page image at low resolution; raises ArchiveDiffers when it is damaged."""
    try:
        with _open(encoded) as image:
            if image.size != (encoded.width_px, encoded.height_px):
                raise ArchiveDiffers(encoded.path.name, f"the image is {image.size} px")
            # JPEG decodes at an eighth of its size in a fraction of the time.
            image.draft("L", (width_px, height_px))
            return small_gray(image, width_px, height_px)
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError, zlib.error) as error:
        raise ArchiveDiffers(encoded.path.name, f"the page image is damaged: {error}") from error


def _open(encoded: EncodedImage) -> Image.Image:
    data = encoded.path.read_bytes()
    size = (encoded.width_px, encoded.height_px)
    if encoded.filter == "DCTDecode":
        return Image.open(io.BytesIO(data), formats=("JPEG",))
    if encoded.filter == "CCITTFaxDecode":
        return Image.open(io.BytesIO(_tiff(data, *size)), formats=("TIFF",))
    mode, per_row = {
        "rgb": ("RGB", 3 * size[0]),
        "gray": ("L", size[0]),
        "bitonal": ("1", (size[0] + 7) // 8),
    }[encoded.colour]
    pixels = zlib.decompressobj().decompress(data, per_row * size[1] + 1)
    return Image.frombytes(mode, size, pixels)


def _tiff(g4: bytes, width_px: int, height_px: int) -> bytes:
    """Wrap a raw CCITT group 4 strip in the smallest TIFF that holds it (TIFF 6.0, section 3)."""
    entries = (
        (256, 4, width_px),
        (257, 4, height_px),
        (258, 3, 1),
        (259, 3, 4),  # group 4
        (262, 3, 0),  # white is zero: runs called black in the data are black
        (273, 4, 8),
        (278, 4, height_px),
        (279, 4, len(g4)),
    )
    padded = g4 + bytes(len(g4) % 2)
    rows = b"".join(
        struct.pack("<HHI", tag, kind, 1) + struct.pack("<I" if kind == 4 else "<HH", *value)
        for tag, kind, number in entries
        for value in (((number,) if kind == 4 else (number, 0)),)
    )
    head = struct.pack("<2sHI", b"II", 42, 8 + len(padded))
    return head + padded + struct.pack("<H", len(entries)) + rows + bytes(4)
