"""What each profile of the archive PDF asks of a page, and what is tried for it.

Measured on 8 pages of real scans that are none of the benchmark's (docs/decisions/0010): layers at
50 dpi under a mask reach .95 on all of them; a similarity of ink of .994 only a JPEG reaches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class LayerSizes:
    """Resolutions of the layers under and over a mask, and their JPEG quality."""

    paper_dpi: float
    ink_dpi: float
    quality: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page must reach and what is tried for it, the smallest first."""

    page: float  # structural similarity at 150 dpi
    ink: float  # the same near ink
    layers: tuple[LayerSizes, ...]  # none: the page is one image
    max_dpi: float = 0.0  # a finer page is reduced to it; 0: none is
    always_colour: bool = False  # 24 bits a pixel for pages without colour too


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "archive": Profile(
            page=0.95,
            ink=0.95,
            layers=(
                LayerSizes(50, 37.5, 40),
                LayerSizes(75, 50, 40),
                LayerSizes(100, 75, 50),
            ),
        ),
        "fine": Profile(page=0.985, ink=0.994, layers=()),
        # The floor of decree 30/2020: one colour image at 200 dpi or more and nothing else.
        "nd30-min": Profile(
            page=0.95,
            ink=0.95,
            layers=(),
            max_dpi=200.0,
            always_colour=True,
        ),
    }
)
