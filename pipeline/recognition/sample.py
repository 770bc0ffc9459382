"""Does a text layer say what the page shows? A few words of it read from the pixels, and compared.

A broken or forged map gives each code a wrong letter or digit, so that words look sound and numbers
are false. A sample with each digit of the layer in it tells. Figures weigh most: nobody sees from
the text that they are wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from difflib import SequenceMatcher

import cv2
import numpy as np

from pipeline.model import Box, Line, PageImage, Pixels, Word
from pipeline.recognition import ocr
from pipeline.recognition.born import lines_of
from pipeline.vietnam.letters import fold, nfc, vietnamese_d

Read = Callable[[Pixels, float], Sequence[Line]]  # gray H×W uint8 and its dpi

_ONE_BLOCK = 6  # Tesseract's page mode
_PIECES = 4
_PIECE_WORDS = 5  # 20 words in all: 0.4 CPU-s
_DPI, _FINER_DPI = 200.0, 300.0
_DIGIT_TIMES = 4  # in how many places each digit is looked for
_GAIN_DIGIT, _GAIN_LETTER, _GAIN_FONT = 3, 1, 20
_ENOUGH_WORDS = 4  # fewer prove nothing
# Laws, judgements and letters, 33 pages: words 0.79–1, marks 0.81–1, figures 0.67–1.
_MIN_WORDS_SAME = 0.65
_MIN_MARKS_SAME = 0.7  # of words that are the same without their marks
_MIN_FIGURES_SAME = 0.5
_ENOUGH_FIGURES = 3
_INK = 48  # levels between the paper and the ink of a word
_MAX_INKLESS = 0.1  # share of words where nothing is drawn
_TOKEN = re.compile(r"\w+")


def sample_reader(language: str, timeout_s: float) -> Read:
    """Return the engine that reads lines below each other; it looks for no layout.

    `language` is a model of the Tesseract program, or `auto`. Reading raises ToolMissing.
    """

    def read(strip: Pixels, dpi: float) -> Sequence[Line]:
        model = ocr.language(language)  # asked of the program only where a sample is read
        return ocr.read_page(strip, dpi, language=model, psm=_ONE_BLOCK, timeout_s=timeout_s)

    return read


def has_ink(words: Sequence[Word], image: PageImage) -> bool:
    """Return whether something is drawn where the words are: white text is no text."""
    inked = [_range(image.pixels, word.box) >= _INK for word in words]
    return not inked or inked.count(False) <= max(1, _MAX_INKLESS * len(inked))


def agrees(
    words: Sequence[Word],
    fonts: Sequence[str],
    asked: Collection[str],
    image: PageImage,
    read: Read,
) -> bool:
    """Return whether a sample of the words in the fonts that are `asked` about reads the same.

    `fonts`: one a word. One reading of 20 words, 0.4 CPU-s; a second, at another size, only where
    they differ, since the engine errs too. Too few words agree with anything.
    """
    pieces = choose(words, fonts, asked)
    if sum(len(piece.words) for piece in pieces) < _ENOUGH_WORDS:
        return True
    layer = [piece.text for piece in pieces]
    for dpi in (_DPI, _FINER_DPI):
        strip, strip_dpi = strip_of(image, pieces, dpi)
        if same_text(layer, [line.text for line in read(strip, strip_dpi)]):
            return True
    return False


def choose(words: Sequence[Word], fonts: Sequence[str], asked: Collection[str]) -> list[Line]:
    """Return pieces of lines that hold each font asked about and as many digits as there are."""
    font_of = {id(word): font for word, font in zip(words, fonts, strict=True)}
    pieces = [
        Line(line.words[start : start + _PIECE_WORDS])
        for line in lines_of(words)
        for start in range(0, len(line.words), _PIECE_WORDS)
    ]
    known: Counter[str] = Counter()
    chosen: list[Line] = []
    while pieces and len(chosen) < _PIECES:
        gains = [
            _gain(piece, known, {font_of[id(word)] for word in piece.words} & set(asked))
            for piece in pieces
        ]
        best = max(range(len(pieces)), key=gains.__getitem__)
        if gains[best] <= 0:
            break
        piece = pieces.pop(best)
        chosen.append(piece)
        known.update(piece.text)
        known.update(_font_key(font_of[id(word)]) for word in piece.words)
    return sorted(chosen, key=lambda piece: piece.box.top)


def strip_of(image: PageImage, pieces: Sequence[Line], dpi: float) -> tuple[Pixels, float]:
    """Return the pieces below each other, gray H×W, and the dpi: never more than the page's."""
    crops = [_cut(image.pixels, piece.box) for piece in pieces]
    width = max(crop.shape[1] for crop in crops)
    rows = [
        cv2.copyMakeBorder(
            crop, 12, 12, 24, 24 + width - crop.shape[1], cv2.BORDER_CONSTANT, value=255
        )
        for crop in crops
    ]
    strip, scale = np.vstack(rows), min(1.0, dpi / image.dpi)
    if scale < 1:
        strip = np.asarray(
            cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        )
    return np.ascontiguousarray(strip), image.dpi * scale


def same_text(layer: Sequence[str], read: Sequence[str]) -> bool:
    """Return whether two texts are the same but for what a recogniser gets wrong."""
    expected, found = _tokens(layer), _tokens(read)
    words = [word for word in expected if word.isalpha() and len(word) > 1]
    if _shared(map(fold, words), map(fold, found)) < _MIN_WORDS_SAME:
        return False
    bare = Counter(map(fold, found))
    marked = [word for word in words if not word.isascii() and bare[fold(word)]]
    if _shared(marked, found) < _MIN_MARKS_SAME:
        return False
    figures = [word for word in expected if any(letter.isdigit() for letter in word)]
    if len(figures) >= _ENOUGH_FIGURES and _shared(figures, found) < _MIN_FIGURES_SAME:
        return False
    return not _false_digits(" ".join(expected), " ".join(found))


def _false_digits(layer: str, read: str) -> bool:
    """Return whether a digit of the layer is another one: twice the same, or wherever it stands.

    Of 650 digits of real papers one is misread; a false map errs each time.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for kind, first, last, start, end in SequenceMatcher(
        None, layer, read, autojunk=False
    ).get_opcodes():
        if kind in ("equal", "replace") and last - first == end - start:
            pairs.update(zip(layer[first:last], read[start:end], strict=True))
    return any(
        told.isdigit()
        and shown.isdigit()
        and told != shown
        and (count > 1 or not pairs[told, told])
        for (told, shown), count in pairs.items()
    )


def _tokens(lines: Sequence[str]) -> list[str]:
    return _TOKEN.findall(vietnamese_d(nfc(" ".join(lines))).casefold())


def _shared(expected: Iterator[str] | Sequence[str], found: Iterator[str] | Sequence[str]) -> float:
    wanted = Counter(expected)
    return (wanted & Counter(found)).total() / wanted.total() if wanted else 1.0


def _gain(piece: Line, known: Counter[str], fonts: Collection[str]) -> int:
    """Return what a piece adds: digits not yet seen twice, letters not yet seen, fonts."""
    if not fonts:
        return 0
    letters = Counter(piece.text)
    digits = sum(
        min(count, max(0, _DIGIT_TIMES - known[letter]))
        for letter, count in letters.items()
        if letter.isdigit()
    )
    new = sum(letter.isalpha() and not known[letter] for letter in letters)
    unseen = sum(not known[_font_key(font)] for font in fonts)
    return _GAIN_DIGIT * digits + _GAIN_LETTER * new + _GAIN_FONT * unseen


def _font_key(font: str) -> str:
    return f"font {font}"


def _cut(pixels: Pixels, box: Box) -> Pixels:
    margin = max(2, box.height // 4)
    top, left = max(0, box.top - margin), max(0, box.left - margin)
    crop = pixels[top : box.bottom + margin, left : box.right + margin]
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(crop), cv2.COLOR_RGB2GRAY))


def _range(pixels: Pixels, box: Box) -> int:
    crop = pixels[box.top : box.bottom, box.left : box.right]
    return int(crop.max()) - int(crop.min()) if crop.size else 0
