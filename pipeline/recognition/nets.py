"""Recognisers: images of pieces of print in, what each network sees along them out.

Each takes many pieces at once and gives log probabilities of its signs at places along the piece
(connectionist temporal classification). `vie` and `Vietnamese` are Tesseract's networks run by ONNX
Runtime (bench/tesseract_net.py): the same readings at a third of the cost, for lines of like width
are read together and no search for other words is made. `aster` is asternet of asterocr.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import Pixels
from pipeline.recognition import models

_MOST_COLUMNS = 6_000  # px of a batch, all its pieces together: more needs memory, not less time
_WIDER = 1.25  # the widest piece of a batch over its narrowest
_TESSERACT_PX, _TESSERACT_STEP = 36, 3
_ASTER_PX, _ASTER_STEP, _ASTER_WIDEST = 32, 4, 1020  # wider inputs end its table of places
_RIM = 0.08  # of the height of the ink, white around it


@dataclass(frozen=True, slots=True)
class Sight:
    """What a network sees of a piece.

    `log_p` is T×signs; place t lies at `first_px + t * step_px` px of the piece's image.
    """

    network: str
    log_p: NDArray[np.float32]
    first_px: float
    step_px: float


def see(network: str, pieces: Sequence[Pixels]) -> list[Sight]:
    """Return what a network sees of each piece, h×w uint8, dark on white.

    Raises like `models.run`.
    """
    return _aster(pieces) if network == "aster" else _tesseract(network, pieces)


def _tesseract(network: str, pieces: Sequence[Pixels]) -> list[Sight]:
    lines = [_normalised(_scaled(piece, _TESSERACT_PX)) for piece in pieces]
    sights: dict[int, Sight] = {}
    for batch in _batches([line.shape[1] for line in lines]):
        widest = max(lines[index].shape[1] for index in batch)
        widest = -(-widest // _TESSERACT_STEP) * _TESSERACT_STEP
        images = np.ones((len(batch), 1, _TESSERACT_PX, widest), np.float32)
        for place, index in enumerate(batch):
            images[place, 0, :, : lines[index].shape[1]] = lines[index]
        lengths = np.array([lines[i].shape[1] // _TESSERACT_STEP for i in batch], np.int32)
        (log_p,) = models.run(network, {"x": images, "lengths": lengths})
        for place, index in enumerate(batch):
            scale, rim = _scale(pieces[index], _TESSERACT_PX)
            sights[index] = Sight(
                network, log_p[: lengths[place], place], 1.5 / scale - rim, _TESSERACT_STEP / scale
            )
    return [sights[index] for index in range(len(pieces))]


def _aster(pieces: Sequence[Pixels]) -> list[Sight]:
    sights = []
    for piece in pieces:
        line = _scaled(piece, _ASTER_PX)
        columns = min(_ASTER_WIDEST, max(32, math.ceil(line.shape[1] / _ASTER_STEP) * _ASTER_STEP))
        if columns != line.shape[1]:
            line = cv2.resize(line, (columns, _ASTER_PX), interpolation=cv2.INTER_AREA)
        image = np.repeat((line.astype(np.float32) / 255)[None, None], 3, axis=1)
        (log_p,) = models.run("aster", {"images": image})
        rim = _scale(piece, _ASTER_PX)[1]
        step = (piece.shape[1] + 2 * rim) / len(log_p)
        sights.append(Sight("aster", log_p[:, 0], step / 2 - rim, step))
    return sights


def _scale(piece: Pixels, height: int) -> tuple[float, int]:
    """Return px of the network's input per px of the piece, and the rim (px of the piece)."""
    rim = max(1, round(_RIM * piece.shape[0]))
    return height / (piece.shape[0] + 2 * rim), rim


def _scaled(piece: Pixels, height: int) -> Pixels:
    scale, rim = _scale(piece, height)
    framed = cv2.copyMakeBorder(piece, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(255,))
    width = max(3 * _TESSERACT_STEP, round(framed.shape[1] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(framed, (width, height), interpolation=way), np.uint8)


def _normalised(line: Pixels) -> NDArray[np.float32]:
    """Return the line from −1, ink, to 1, paper.

    Like Tesseract (`NetworkIO::Copy2DImage`), by the quartiles of the dark and bright turns of the
    middle row: its networks were trained on lines that were levelled so.
    """
    row = line[line.shape[0] // 2].astype(np.int16)
    before, here, after = row[:-2], row[1:-1], row[2:]
    low = here[((here < before) & (here <= after)) | ((here <= before) & (here < after))]
    high = here[((here > before) & (here >= after)) | ((here >= before) & (here > after))]
    black = float(np.quantile(low, 0.25)) if len(low) else 0.0
    white = float(np.quantile(high, 0.75)) if len(high) else 255.0
    contrast = (white - black) / 2
    if contrast <= 0:
        black, contrast = 0.0, 127.5
    level = (line.astype(np.float32) - black) / contrast - 1
    return np.asarray(np.clip(level, -1, 1), np.float32)


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the numbers of pieces that are read together, of like width."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: widths[index]):
        too_wide = batch and widths[index] > _WIDER * widths[batch[0]] + 24
        if batch and (too_wide or (len(batch) + 1) * widths[index] > _MOST_COLUMNS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
