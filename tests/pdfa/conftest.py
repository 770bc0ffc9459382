"""Pages of the tests of pdfa: drawn with Pillow, small, with words where they are drawn."""

from __future__ import annotations

import io
import shutil
import struct
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import ArchivePage, Box, EncodedImage, Line, Page, Word
from pipeline.pdfa import ArchiveFacts

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
TOOLS = Path(__file__).parents[2] / ".tools" / "bin"
DPI = 100.0
SIZE_PX = (827, 1169)  # A4

DrawPage = Callable[..., ArchivePage]


@pytest.fixture
def facts() -> ArchiveFacts:
    """Return what is known of a document with every property set."""
    return ArchiveFacts(
        title="Hồ sơ 000.00.04.H09-231016-0001, giấy tờ số 1",
        record_id="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        dossier_code="000.00.04.H09-231016-0001",
        procedure="1.004203.000.00.00.H09",
        source_sha256s=("a" * 64, "b" * 64),
        created=datetime(2026, 11, 23, 8, 30, tzinfo=timezone(timedelta(hours=7))),
        creator_tool="Sohoa 0.1.0",
    )


@pytest.fixture
def draw(tmp_path: Path) -> DrawPage:
    """Return a function that draws lines of text and encodes the page."""

    def draw_page(
        lines: Sequence[str], *, number: int = 1, coding: str = "jpeg", quality: int = 80
    ) -> ArchivePage:
        image = Image.new("RGB", SIZE_PX, "white")
        written = _write_lines(image, lines)
        path = tmp_path / f"page-{number:04}-{coding}"
        content = _encode(image, path, coding, quality)
        return ArchivePage(Page(number, *SIZE_PX, DPI, "scan", written), content)

    return draw_page


@pytest.fixture
def put(draw: DrawPage) -> Callable[[Sequence[Line]], ArchivePage]:
    """Return a function that puts lines, whatever they hold, on a page that shows one word."""
    drawn = draw(["Trang"])

    def put_lines(lines: Sequence[Line]) -> ArchivePage:
        return ArchivePage(Page(1, *SIZE_PX, DPI, "scan", tuple(lines)), drawn.content)

    return put_lines


@pytest.fixture
def verapdf() -> Path:
    """Return the veraPDF program that `make tools` installs."""
    found = shutil.which("verapdf") or shutil.which("verapdf", path=str(TOOLS))
    if found is None:
        pytest.skip("veraPDF is not installed: make tools")
    return Path(found)


def _write_lines(image: Image.Image, lines: Sequence[str]) -> tuple[Line, ...]:
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, 20)
    written = []
    for row, text in enumerate(lines):
        left, words = 60, []
        for part in text.split():
            box = Box(*(round(side) for side in pen.textbbox((left, 60 + 40 * row), part, font)))
            pen.text((left, 60 + 40 * row), part, fill=(20, 20, 60), font=font)
            words.append(Word(part, box, 0.9, "drawn"))
            left = box.right + 7
        if words:
            written.append(Line(tuple(words)))
    return tuple(written)


def _encode(image: Image.Image, path: Path, coding: str, quality: int) -> EncodedImage:
    if coding == "g4":
        path.write_bytes(_group4(image))
        return EncodedImage(path, "CCITTFaxDecode", "bitonal", *image.size)
    gray = coding == "gray"
    (image.convert("L") if gray else image).save(path, "JPEG", quality=quality)
    return EncodedImage(path, "DCTDecode", "gray" if gray else "rgb", *image.size)


def _group4(image: Image.Image) -> bytes:
    """Return the raw strip of a group 4 TIFF in which runs called black are ink."""
    out = io.BytesIO()
    tags = {262: 0, 278: image.height}  # white is zero; one strip
    image.convert("1").save(out, "TIFF", compression="group4", tiffinfo=tags)
    data = out.getvalue()
    with Image.open(out) as tiff:
        (offset,), (size,) = tiff.tag_v2[273], tiff.tag_v2[279]
        assert tiff.tag_v2[262] == 0
    assert struct.unpack_from("<2sH", data) == (b"II", 42)
    return data[offset : offset + size]
