"""The sRGB colour profile of the output intent, as bytes.

Written from the numbers of IEC 61966-2-1 as an ICC v2.1 display profile (ICC.1:1998-09): small,
free of rights, and accepted by every part of PDF/A (part 1 refuses v4 profiles).
"""

from __future__ import annotations

import struct
from functools import cache

CONDITION = "sRGB IEC61966-2.1"

# Bradford-adapted to the profile connection space's D50, as IEC 61966-2-1's own profile has them.
_D50 = (0.9642, 1.0, 0.8249)
_RED = (0.43607, 0.22249, 0.01392)
_GREEN = (0.38515, 0.71687, 0.09708)
_BLUE = (0.14307, 0.06061, 0.71410)
_CURVE_POINTS = 256  # one for each 8-bit level: a curve of them is within one level of exact
_CREATED = (2026, 1, 1, 0, 0, 0)  # fixed: the same bytes on every machine


@cache
def srgb_profile() -> bytes:
    """Return the profile; the same bytes every time."""
    curve = _curve()
    tags = [
        (b"desc", _description(CONDITION)),
        (b"cprt", b"text" + bytes(4) + b"No rights reserved\0"),
        (b"wtpt", _xyz(_D50)),
        (b"rXYZ", _xyz(_RED)),
        (b"gXYZ", _xyz(_GREEN)),
        (b"bXYZ", _xyz(_BLUE)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    offset = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    placed: dict[bytes, int] = {}
    for signature, data in tags:
        if data not in placed:
            placed[data] = offset + len(body)
            body += data + bytes(-len(data) % 4)
        table += struct.pack(">4sII", signature, placed[data], len(data))
    return _header(offset + len(body)) + table + body


def _header(size_bytes: int) -> bytes:
    return struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4sQI12s48x",
        size_bytes,
        bytes(4),  # no preferred colour engine
        0x02100000,
        b"mntr",
        b"RGB ",
        b"XYZ ",
        *_CREATED,
        b"acsp",
        bytes(4),
        0,
        bytes(4),
        bytes(4),
        0,
        0,  # perceptual
        _xyz(_D50)[8:],
    )


def _description(text: str) -> bytes:
    """Return a textDescriptionType (ICC.1:1998-09, 6.5.17): ASCII, no Unicode, no ScriptCode."""
    ascii_text = text.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(ascii_text)) + ascii_text + bytes(78)


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(part * 65536)) for part in value)


def _curve() -> bytes:
    points = (round(_linear(step / (_CURVE_POINTS - 1)) * 65535) for step in range(_CURVE_POINTS))
    return b"curv" + bytes(4) + struct.pack(f">I{_CURVE_POINTS}H", _CURVE_POINTS, *points)


def _linear(value: float) -> float:
    """Return the light of an sRGB level (IEC 61966-2-1, 5.2), both 0–1."""
    if value <= 0.04045:
        return value / 12.92
    return float(((value + 0.055) / 1.055) ** 2.4)
