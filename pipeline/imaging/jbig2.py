"""Ink of a bitonal page in, a lossless JBIG2 stream for a PDF out.

Only a page information segment and an immediate generic region (ITU-T T.88, segment types 48 and
38): nothing that matches or replaces shapes, so no letter can turn into another. The coder is C
(`jbig2.c`, built with the package); where no compiler was, `available` says so and pages stay
CCITT G4.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ToolCrashed, ToolMissing

_PAGE_INFORMATION, _IMMEDIATE_GENERIC_REGION = 48, 38  # 7.3
_LOSSLESS = 1  # page flags (7.4.8.5): the page is what was scanned, ink over white
_TYPICAL_TEMPLATE_0 = 8  # region flags (7.4.6.2): arithmetic coding, TPGDON
_NOMINAL_PIXELS = struct.pack(">8b", 3, -1, -3, -1, 2, -2, -2, -2)  # figure 3
_FLUSH_BYTES = 64  # more than the coder adds to an empty page

_Encode = Callable[[NDArray[np.uint8], NDArray[np.uint8]], int]


def available() -> bool:
    """Tell whether the coder was built on this machine."""
    return _coder() is not None


def jbig2_stream(ink: NDArray[np.bool_]) -> bytes:
    """Return H×W ink as the data of a JBIG2Decode stream: no file header, no end segments.

    Lossless; the same ink gives the same bytes. Raises ToolMissing when the coder was not built.
    """
    height, width = ink.shape
    page = struct.pack(">IIIIBH", width, height, 0, 0, _LOSSLESS, 0)
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, _TYPICAL_TEMPLATE_0)
    data = region + _NOMINAL_PIXELS + _coded(np.ascontiguousarray(ink).view(np.uint8))
    return _segment(0, _PAGE_INFORMATION, page) + _segment(1, _IMMEDIATE_GENERIC_REGION, data)


def _segment(number: int, kind: int, data: bytes) -> bytes:
    """Return a segment of page 1 that refers to no other (7.2)."""
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def _coded(ink: NDArray[np.uint8]) -> bytes:
    coder = _coder()
    if coder is None:
        raise ToolMissing("JBIG2 coder", "it was not built")
    out = np.empty(ink.size // 8 + _FLUSH_BYTES, np.uint8)
    size = coder(ink, out)
    if size > len(out):  # noise takes a little more than a bit a pixel
        out = np.empty(size, np.uint8)
        size = coder(ink, out)
    if not 0 < size <= len(out):
        raise ToolCrashed("JBIG2 coder", "no memory")
    return out[:size].tobytes()


@cache
def _coder() -> _Encode | None:
    for suffix in EXTENSION_SUFFIXES:
        path = Path(__file__).with_name(f"_jbig2{suffix}")
        if path.exists():
            return _loaded(path)
    return None


def _loaded(path: Path) -> _Encode | None:
    try:
        function = ctypes.CDLL(str(path)).sohoa_jbig2_encode
    except (OSError, AttributeError):  # built for another machine
        return None
    function.restype = ctypes.c_size_t
    function.argtypes = (
        np.ctypeslib.ndpointer(np.uint8, ndim=2, flags="C_CONTIGUOUS"),
        ctypes.c_long,
        ctypes.c_long,
        np.ctypeslib.ndpointer(np.uint8, ndim=1, flags="C_CONTIGUOUS"),
        ctypes.c_size_t,
    )

    def encode(ink: NDArray[np.uint8], out: NDArray[np.uint8]) -> int:
        height, width = ink.shape
        return int(function(ink, width, height, out, len(out)))

    return encode
