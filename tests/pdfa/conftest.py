"""Pages of the tests of pdfa: drawn with Pillow, small, with words where they are drawn."""

from __future__ import annotations

import io
import shutil
import struct
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest
from fontTools.misc.eexec import encrypt
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from pipeline.layers import LOOK_PX, EncodedImage, EncodedPage, Layer
from pipeline.model import ArchivePage, Box, Line, Page, SourcePage, Word
from pipeline.pdfa import ArchiveFacts

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"
TOOLS = Path(__file__).parents[2] / ".tools" / "bin"
DPI = 100.0
_SEAL, _SEAL_BOX = (200, 30, 30), (400, 800, 430, 830)  # px
SIZE_PX = (827, 1169)  # A4

DrawPage = Callable[..., ArchivePage]
Born = Callable[..., Path]


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
        result_code="KQ.G07.000122",
        result_number="123/GP-UBND",
        station="Quầy 1 <máy quét & in>",
        digitizer="Nguyễn Thị Ánh Nguyệt",
    )


@pytest.fixture
def draw(tmp_path: Path) -> DrawPage:
    """Return a function that draws lines of text and encodes the page."""

    def draw_page(
        lines: Sequence[str], *, number: int = 1, coding: str = "jpeg", quality: int = 80
    ) -> ArchivePage:
        image = Image.new("RGB", SIZE_PX, "white")
        written = _write_lines(image, lines)
        if coding == "layers":
            image.paste(_SEAL, _SEAL_BOX)
        path = tmp_path / f"page-{number:04}-{coding}"
        look = path.with_name(path.name + ".look")
        small = round(SIZE_PX[0] * LOOK_PX / SIZE_PX[1]), LOOK_PX
        image.convert("L").resize(small, Image.Resampling.BOX).save(look, "PNG")
        layers = (
            _layers(image, path)
            if coding == "layers"
            else (Layer(_encode(image, path, coding, quality), Box(0, 0, *SIZE_PX)),)
        )
        content = EncodedPage(layers, look)
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


def _layers(image: Image.Image, path: Path) -> tuple[Layer, ...]:
    """Return blue ink through a stencil over white paper, and a red square over both."""
    page = Box(0, 0, *SIZE_PX)
    parts = [path.with_name(f"{path.name}-{number}") for number in range(4)]
    small = (SIZE_PX[0] // 8, SIZE_PX[1] // 8)
    paper = _encode(Image.new("RGB", small, "white"), parts[0], "jpeg", 50)
    ink = _encode(Image.new("RGB", small, (20, 20, 60)), parts[1], "jpeg", 50)
    stencil = _encode(image, parts[2], "g4", 0)
    seal = _encode(image.crop(_SEAL_BOX), parts[3], "jpeg", 90)
    return Layer(paper, page), Layer(ink, page, stencil), Layer(seal, Box(*_SEAL_BOX))


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


BORN_TEXT = "Số: 45/2026/NĐ-CP ngày 6 tháng 2"
BORN_SIZE_PT = (595, 842)


@pytest.fixture(scope="session")
def subset() -> tuple[bytes, dict[str, int], dict[int, int]]:
    """Return a TrueType subset for BORN_TEXT: program, glyph of each character, width in 1/1000."""
    font = TTFont(FONT)
    options = Options(retain_gids=False, notdef_outline=True, recalc_timestamp=False)
    cutter = Subsetter(options)
    cutter.populate(text=BORN_TEXT)
    cutter.subset(font)
    out = io.BytesIO()
    font.save(out)
    order, cmap = font.getReverseGlyphMap(), font.getBestCmap()
    glyphs = {char: order[cmap[ord(char)]] for char in set(BORN_TEXT)}
    upem = font["head"].unitsPerEm
    widths = {order[name]: round(m[0] * 1000 / upem) for name, m in font["hmtx"].metrics.items()}
    return out.getvalue(), glyphs, widths


@pytest.fixture
def born(subset: tuple[bytes, dict[str, int], dict[int, int]], tmp_path: Path) -> Born:
    """Return a function that writes a text-born PDF; `change` may spoil it before it is saved."""
    program, glyphs, widths = subset

    def write(
        change: Callable[[pikepdf.Pdf], None] = lambda pdf: None, name: str = "born.pdf"
    ) -> Path:
        codes = "".join(f"{glyphs[char]:04X}" for char in BORN_TEXT)
        rows = [f"<{glyph:04X}> <{ord(char):04X}>" for char, glyph in glyphs.items()]
        cmap = f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{len(rows)} beginbfchar\n"
        with pikepdf.new() as pdf:
            descriptor = Dictionary(
                Type=Name.FontDescriptor,
                FontName=Name("/AAAAAA+DejaVuSerif"),
                Flags=4,
                FontBBox=Array([-770, -347, 2105, 1109]),
                ItalicAngle=0,
                Ascent=939,
                Descent=-236,
                CapHeight=729,
                StemV=80,
                FontFile2=pdf.make_stream(program, Length1=len(program)),
            )
            cid_font = Dictionary(
                Type=Name.Font,
                Subtype=Name.CIDFontType2,
                BaseFont=Name("/AAAAAA+DejaVuSerif"),
                CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
                FontDescriptor=pdf.make_indirect(descriptor),
                W=Array([0, Array([widths[glyph] for glyph in sorted(widths)])]),
                CIDToGIDMap=Name.Identity,
            )
            font = Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=Name("/AAAAAA+DejaVuSerif"),
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(cid_font)]),
                ToUnicode=pdf.make_stream((cmap + "\n".join(rows) + "\nendbfchar").encode()),
            )
            content = f"0.2 g 60 600 200 60 re f BT /F1 14 Tf 60 700 Td <{codes}> Tj ET"
            page = Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, *BORN_SIZE_PT]),
                Resources=Dictionary(Font=Dictionary(F1=pdf.make_indirect(font))),
                Contents=pdf.make_stream(content.encode()),
            )
            pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
            change(pdf)
            path = tmp_path / name
            pdf.save(path)
        return path

    return write


@pytest.fixture
def taken_over() -> Callable[..., ArchivePage]:
    """Return a function that makes an archive page of a page of a text-born PDF."""

    def make(path: Path, *, index: int = 0, size_pt: tuple[int, int] = BORN_SIZE_PT) -> ArchivePage:
        words = [Word(text, Box(1, 1, 9, 9), 1.0, "text-layer") for text in BORN_TEXT.split()]
        size_px = (round(size_pt[0] * DPI / 72), round(size_pt[1] * DPI / 72))
        page = Page(index + 1, *size_px, DPI, "text", (Line(tuple(words)),))
        return ArchivePage(page, SourcePage(path, index))

    return make


_TYPE1_HEAD = (
    b"%!FontType1-1.0: Test\n/FontMatrix [0.001 0 0 0.001 0 0] def\n/Encoding 256 array\n"
    b"dup 65 /A put\ndup 200 /uni1EA1 put\nreadonly def\n"
)
# Each begins with its width: 0 500 hsbw; 0 1000 2 div hsbw; 0 0 -640 0 sbw.
_TYPE1_GLYPHS = {
    ".notdef": bytes((139, 248, 136, 13, 14)),
    "A": bytes((139, 255, 0, 0, 3, 232, 141, 12, 12, 13, 14)),
    "uni1EA1": bytes((139, 139, 253, 20, 139, 12, 7, 14)),
}


@pytest.fixture(scope="session")
def type1() -> Callable[..., bytes]:
    """Return a function that writes a Type 1 program as a PDF holds it."""

    def write(
        glyphs: dict[str, bytes] = _TYPE1_GLYPHS, *, head: bytes = _TYPE1_HEAD, salt: int = 4
    ) -> bytes:
        private = b"dup /Private 8 dict dup begin\n"
        if salt != 4:
            private += b"/lenIV %d def\n" % salt
        private += b"2 index /CharStrings %d dict dup begin\n" % len(glyphs)
        for name, code in glyphs.items():
            secret = encrypt(bytes(salt) + code, 4330)[0]
            private += b"/%s %d RD %s ND\n" % (name.encode(), len(secret), secret)
        private += b"end\nend\nreadonly put\nmark currentfile closefile\n"
        return head + b"currentfile eexec\n" + encrypt(b"\xff" * 4 + private, 55665)[0]

    return write
