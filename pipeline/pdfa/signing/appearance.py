"""What a signature shows on page 1: lines of text, an agency's seal beside them, where is room.

Drawn as outlines and one image, nothing else: no font that a PDF/A could be refused for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.images import pil_image
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    InnerScaling,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.stamp import StaticStampStyle

from pipeline.errors import SealRefused
from pipeline.pdfa.free_box import Corner, PtBox, free_box_of
from pipeline.pdfa.lettering import Lettering, letter

_SIZES_PT = (10.0, 8.0, 6.0)  # of letters: the largest that finds a free place
_GAP_PT = 4.0  # between seal and text
_MAX_SEAL_PX = 4_000_000
_MAX_SEAL_PT = 170.0  # 6 cm; seals of agencies measure 3 to 4
_PT_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a signature shows on the first page."""

    corner: Corner
    lines: tuple[str, ...]  # {name} and {time} are filled in
    seal: bool = False  # the picture of a seal stands left of the lines, if there is one


# Of Circular 01/2023/TT-VPCP, Article 8: the digitizer's name and the time, top left; of Decree
# 30/2020/ND-CP, Appendix I: an electronic copy, top right, text only, black, 10 pt; of Circular
# 01/2019/TT-BNV: an agency on what it has digitized, top right, red seal of real size, name, time.
APPEARANCES = {
    "digitizer": Appearance("top-left", ("Người ký: {name}", "Thời gian ký: {time}")),
    "copy": Appearance("top-right", ("SAO Y; {name};", "{time}")),
    "agency": Appearance("top-right", ("{name}", "Thời gian ký: {time}"), seal=True),
}


@dataclass(frozen=True, slots=True)
class Seal:
    """The picture of a seal, as large as on paper."""

    picture: Image.Image
    width_pt: float
    height_pt: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown, and where on page 1."""

    text: Lettering
    seal: Seal | None
    box: PtBox

    @property
    def whole_box(self) -> tuple[int, int, int, int]:
        """Return the box in whole points, as fields have it."""
        left, bottom, right, top = self.box
        return round(left), round(bottom), round(right), round(top)

    @property
    def width_pt(self) -> float:
        """Return the width of seal and text side by side."""
        return self.text.width_pt + (self.seal.width_pt + _GAP_PT if self.seal else 0)

    @property
    def height_pt(self) -> float:
        """Return the height of the higher of the two."""
        return max(self.text.height_pt, self.seal.height_pt if self.seal else 0)


def place(pdf: Path, profile: str, name: str, now: datetime, seal: Path | None) -> Shown | None:
    """Return what a profile shows, its letters as large as there is room; None: there is none.

    `profile` is a key of APPEARANCES. Raises SealRefused.
    """
    look = APPEARANCES[profile]
    when = f"{now:%d.%m.%Y %H:%M:%S} {now:%z}"
    lines = [line.format(name=name, time=f"{when[:-2]}:{when[-2:]}") for line in look.lines]
    picture = read_seal(seal) if look.seal and seal is not None else None
    for size_pt in _SIZES_PT:
        shown = Shown(letter(lines, size_pt), picture, (0, 0, 0, 0))
        box = free_box_of(pdf, 0, shown.width_pt + 1, shown.height_pt + 1, look.corner)
        if box is not None:
            return Shown(shown.text, shown.seal, box)
    return None


def read_seal(path: Path) -> Seal:
    """Return a seal at its real size, which the PNG says in dots per inch. Raises SealRefused."""
    try:
        with Image.open(path, formats=("PNG",)) as opened:
            if opened.width * opened.height > _MAX_SEAL_PX:
                raise SealRefused(str(path), "more than 4 million pixels")
            across, down = opened.info.get("dpi", (0, 0))
            picture = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        raise SealRefused(str(path), f"no PNG: {error}") from error
    if min(across, down) <= 0:
        raise SealRefused(str(path), "it does not say its resolution (dpi)")
    width_pt, height_pt = (
        picture.width * _PT_PER_INCH / across,
        picture.height * _PT_PER_INCH / down,
    )
    if max(width_pt, height_pt) > _MAX_SEAL_PT:
        raise SealRefused(str(path), f"{width_pt / _PT_PER_INCH * 2.54:.1f} cm wide: 6 at most")
    return Seal(picture, width_pt, height_pt)


def style_of(shown: Shown) -> StaticStampStyle:
    """Return it as pyHanko draws it."""
    return StaticStampStyle(
        border_width=0,
        background=_Content(shown),
        background_opacity=1,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MIN,
            y_align=AxisAlignment.ALIGN_MIN,
            margins=Margins(0, 0, 0, 0),
            inner_content_scaling=InnerScaling.NO_SCALING,
        ),
    )


class _Content(PdfContent):
    """Seal and text side by side, each at half the height."""

    def __init__(self, shown: Shown) -> None:
        super().__init__(box=BoxConstraints(width=shown.width_pt, height=shown.height_pt))
        self.shown = shown

    def render(self) -> bytes:
        text, seal = self.shown.text, self.shown.seal
        left, drawn = 0.0, b""
        if seal is not None:
            name = pdf_name("/Seal")
            image = pil_image(seal.picture, self._ensure_writer)
            self.set_resource(ResourceType.XOBJECT, name, image)
            up = (self.shown.height_pt - seal.height_pt) / 2
            size = f"{seal.width_pt:.3f} 0 0 {seal.height_pt:.3f} 0 {up:.3f}"
            drawn = f"q {size} cm /Seal Do Q ".encode("ascii")
            left = seal.width_pt + _GAP_PT
        up = (self.shown.height_pt - text.height_pt) / 2
        return (
            drawn + f"q 1 0 0 1 {left:.3f} {up:.3f} cm 0 g ".encode("ascii") + text.content + b" Q"
        )
