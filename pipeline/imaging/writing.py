"""Bytes or pixels in, a file out; a full disk is named."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from pipeline.errors import DiskFull, StoreError
from pipeline.model import Pixels

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def write(path: Path, data: bytes) -> None:
    """Write a file whole. Raises DiskFull or StoreError."""
    with writing(path):
        path.write_bytes(data)


def write_png(path: Path, pixels: Pixels) -> None:
    """Write gray (H×W) or RGB (H×W×3) pixels as a PNG."""
    with writing(path):
        Image.fromarray(pixels).save(path, format="PNG", compress_level=1)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Let a full disk surface as DiskFull, any other failure to write as StoreError."""
    try:
        yield
    except OSError as error:
        kind = DiskFull if error.errno in _NO_ROOM else StoreError
        raise kind(str(path), error.strerror or str(error)) from error
