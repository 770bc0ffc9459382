"""Tests of pipeline.pdfa.verify."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from pipeline.errors import ArchiveDiffers, ToolCrashed, ToolMissing, ToolTimeout
from pipeline.layers import EncodedImage, EncodedPage, Layer
from pipeline.model import ArchivePage, Box, Line, Page, Word
from pipeline.pdfa import ArchiveFacts, compose, verify

Draw = Callable[..., ArchivePage]


@pytest.fixture
def pages(draw: Draw) -> list[ArchivePage]:
    """Return three pages with different pictures and texts."""
    lines = (
        ["ỦY BAN NHÂN DÂN", "Số: 12/GP-UBND", "Giấy phép xây dựng"],
        ["Điều 1. Cấp cho ông Nguyễn Văn A", "Địa chỉ: thôn Đông"],
        ["", "", "", "Nơi nhận:", "- Như trên;", "- Lưu: VT."],
    )
    return [draw(text, number=number) for number, text in enumerate(lines, start=1)]


@pytest.fixture
def archive(pages: list[ArchivePage], facts: ArchiveFacts, tmp_path: Path) -> Path:
    """Return their archive PDF."""
    out = tmp_path / "archive.pdf"
    compose(pages, facts, out)
    return out


def _change(path: Path, change: Callable[[pikepdf.Pdf], None]) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path)


def test_a_faithful_archive_passes_every_check(archive: Path, pages: list[ArchivePage]) -> None:
    """The report names each check, and the file that it speaks of by its hash."""
    report = verify(archive, pages)

    assert report.pdfa == "2u"
    assert report.failures == ()
    assert set(report.checks) == {
        "pages",
        "sizes",
        "pixels",
        "text",
        "words",
        "reading-order",
        "structure",
    }
    assert all(report.checks.values())
    assert report.size_bytes == archive.stat().st_size
    assert len(report.sha256) == 64
    assert report.pages == 3


def test_a_truncated_archive_is_caught(archive: Path, pages: list[ArchivePage]) -> None:
    """Half a file is no archive, however much of it still opens."""
    data = archive.read_bytes()
    for share in (0.3, 0.6, 0.95):
        archive.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(ArchiveDiffers):
            verify(archive, pages)


def test_a_missing_page_is_caught(archive: Path, pages: list[ArchivePage]) -> None:
    """The number of pages is compared with the number that was put in."""

    def drop_last(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[-1]

    _change(archive, drop_last)
    with pytest.raises(ArchiveDiffers, match="2 pages in it, 3 were put in"):
        verify(archive, pages)


def test_swapped_pages_are_caught(archive: Path, pages: list[ArchivePage]) -> None:
    """Each page is compared with the page image at its own place."""

    def swap(pdf: pikepdf.Pdf) -> None:
        first = pdf.pages[0]
        del pdf.pages[0]
        pdf.pages.insert(1, first)

    _change(archive, swap)
    with pytest.raises(ArchiveDiffers, match="page 1: its image is not the page image"):
        verify(archive, pages)


def test_swapped_pictures_under_the_right_text_are_caught(
    pages: list[ArchivePage], facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Pictures are compared as pictures too, not only by the text over them."""
    swapped = [
        replace(pages[0], content=pages[1].content),
        replace(pages[1], content=pages[0].content),
    ]
    out = tmp_path / "swapped.pdf"
    compose(swapped, facts, out)

    with pytest.raises(ArchiveDiffers, match="page 1: its image"):
        verify(out, pages[:2])


def _draw_otherwise(pdf: pikepdf.Pdf, content: bytes) -> None:
    page = pdf.pages[1]
    old = page.Contents.read_bytes()
    page.Contents = pdf.make_stream(old.replace(b"/Im0 Do", content, 1))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "blank"),
        (b"/Im0 Do 1 g 0 0.5 1 0.5 re f", "half covered"),
        (b"0.5 0 0 0.5 0 0 cm /Im0 Do", "half the size"),
        (b"-1 0 0 -1 1 1 cm /Im0 Do", "upside down"),
        (b"1 0 0 1 0 0.02 cm /Im0 Do", "moved by half a centimetre"),
    ],
)
def test_a_page_that_shows_something_else_is_caught(
    archive: Path, pages: list[ArchivePage], content: bytes, what: str
) -> None:
    """The image may be in the file and still not be what a person sees."""
    _change(archive, lambda pdf: _draw_otherwise(pdf, content))
    with pytest.raises(ArchiveDiffers, match="page 2: what it shows is not the page image"):
        verify(archive, pages)


def test_a_small_page_image_is_compared_in_its_own_size(
    facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Enlarged, hard edges would differ by how a program smooths them."""
    sheet = Image.new("L", (100, 100), "white")
    ImageDraw.Draw(sheet).polygon([(50, 2), (98, 50), (50, 98), (2, 50)], fill=0)
    path = tmp_path / "small.jpg"
    sheet.save(path, quality=80)
    sheet.save(tmp_path / "small.look", "PNG")
    image = EncodedImage(path, "DCTDecode", "gray", 100, 100)
    content = EncodedPage((Layer(image, Box(0, 0, 100, 100)),), tmp_path / "small.look")
    page = ArchivePage(Page(1, 100, 100, 72.0, "scan"), content)
    compose([page], facts, tmp_path / "archive.pdf")

    assert verify(tmp_path / "archive.pdf", [page]).checks["pixels"]


def test_a_page_of_another_size_is_caught(archive: Path, pages: list[ArchivePage]) -> None:
    """Paper at 100 % is a page of its own size."""

    def shrink(pdf: pikepdf.Pdf) -> None:
        pdf.pages[2].MediaBox = [0, 0, 420, 595]

    _change(archive, shrink)
    with pytest.raises(ArchiveDiffers, match="page 3: its size is"):
        verify(archive, pages)


@pytest.mark.parametrize("coding", ["jpeg", "g4"])
def test_a_damaged_page_image_is_caught(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path, coding: str
) -> None:
    """An encoder that wrote half an image is found out when the archive PDF is checked."""
    page = draw([f"Dòng {row} của trang" for row in range(20)], coding=coding)
    content = page.content
    assert isinstance(content, EncodedPage)
    path = content.layers[0].image.path
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    with pytest.raises(ArchiveDiffers):
        verify(out, [page])


def test_layers_are_compared_with_the_page_as_it_was(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Layers that hold together but show another page than the scan are found out."""
    page, other = (draw([text] * 9, number=n, coding="layers") for n, text in enumerate(("A", "B")))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)
    assert isinstance(page.content, EncodedPage) and isinstance(other.content, EncodedPage)
    strange = replace(page, content=replace(page.content, look=_covered(other.content.look)))

    assert verify(out, [page]).pdfa == "2u"
    with pytest.raises(ArchiveDiffers, match="what it shows is not the page image"):
        verify(out, [strange])


def test_a_layer_without_its_stencil_is_caught(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Each stream of each layer must be in the file as it was written."""
    page = draw(["Một dòng"], coding="layers")
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    def drop_mask(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0].Resources.XObject["/Im1"]["/Mask"]

    _change(out, drop_mask)
    with pytest.raises(ArchiveDiffers, match="its image is not the page image"):
        verify(out, [page])


def _covered(look: Path) -> Path:
    with Image.open(look) as image:
        image.paste(0, (0, 0, 100, 100))
        image.save(look, "PNG")
    return look


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Giấy phép", "Giấy phếp"),
        ("xây dựng", "xâydựng"),
        ("12/GP-UBND", "21/GP-UBND"),
        ("Giấy phép xây dựng", "Giấy phép"),
    ],
)
def test_text_other_than_recognised_is_caught(
    archive: Path, pages: list[ArchivePage], old: str, new: str
) -> None:
    """One tone mark, one space, one digit or one word is enough."""
    lines = []
    for line in pages[0].page.lines:
        words = line.text.replace(old, new).split()
        kept = zip(words, line.words, strict=False)
        lines.append(Line(tuple(replace(word, text=text) for text, word in kept)))
    claimed = replace(pages[0], page=replace(pages[0].page, lines=tuple(lines)))

    with pytest.raises(ArchiveDiffers, match="page 1: its text is not the text"):
        verify(archive, [claimed, *pages[1:]])


def test_words_in_another_order_are_reported(
    put: Callable[..., ArchivePage], facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Every word is there, but not in the order that it was recognised in: no reason to stop."""
    lines = [
        Line((Word(text, Box(100, 100 * row, 160, 100 * row + 30), 0.9, "drawn"),))
        for row, text in enumerate(("trên", "dưới"), start=1)
    ]
    page = put(lines)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)
    report = verify(out, [replace(page, page=replace(page.page, lines=tuple(lines[::-1])))])

    assert report.checks["text"]
    assert not report.checks["reading-order"]
    assert report.pdfa == "2u"


def test_a_code_that_means_another_letter_is_caught(
    archive: Path, pages: list[ArchivePage]
) -> None:
    """The page looks the same; what is searched and copied does not say what was recognised."""

    def mean_another(pdf: pikepdf.Pdf) -> None:
        (cmap,) = {font.ToUnicode.objgen: font.ToUnicode for font in _fonts(pdf)}.values()
        data = cmap.read_bytes().lower()
        here, other = (f"{ord(char):04x}>".encode() for char in "ấẫ")
        assert data.count(here) == 1
        cmap.write(data.replace(here, other))

    _change(archive, mean_another)
    with pytest.raises(ArchiveDiffers, match="page 1: its text is not the text"):
        verify(archive, pages)


def _fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return list(pdf.pages[0].Resources.Font.values())


def test_a_blanked_page_is_caught(archive: Path, pages: list[ArchivePage]) -> None:
    """An empty page in place of a full one has the right size and nothing else."""

    def blank(pdf: pikepdf.Pdf) -> None:
        pdf.pages[1].Contents = pdf.make_stream(b"")

    _change(archive, blank)
    with pytest.raises(ArchiveDiffers, match="page 2: what it shows"):
        verify(archive, pages)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.9])
def test_a_page_cut_in_its_content_is_caught(
    archive: Path, pages: list[ArchivePage], share: float
) -> None:
    """The picture comes first in the content and the words after it: each cut loses something."""

    def cut(pdf: pikepdf.Pdf) -> None:
        data = pdf.pages[1].Contents.read_bytes()
        pdf.pages[1].Contents = pdf.make_stream(data[: int(len(data) * share)])

    _change(archive, cut)
    with pytest.raises(ArchiveDiffers, match="page 2: "):
        verify(archive, pages)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_each_missing_page_is_caught(archive: Path, pages: list[ArchivePage], missing: int) -> None:
    """Also where another page takes its place, so that the number is right."""

    def replace_page(pdf: pikepdf.Pdf) -> None:
        pdf.pages[missing] = pdf.pages[(missing + 1) % 3]

    _change(archive, replace_page)
    with pytest.raises(ArchiveDiffers, match=f"page {missing + 1}: "):
        verify(archive, pages)


def test_a_claim_that_does_not_hold_is_taken_back(archive: Path, pages: list[ArchivePage]) -> None:
    """A faithful copy with a forbidden action stays a copy, and is no PDF/A."""

    def add_action(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))

    _change(archive, add_action)
    report = verify(archive, pages)

    assert report.pdfa is None
    assert not report.checks["structure"]
    assert any("OpenAction" in failure for failure in report.failures)


def test_without_a_claim_the_report_claims_nothing(
    pages: list[ArchivePage], facts: ArchiveFacts, tmp_path: Path
) -> None:
    """A file that was composed without claim is never called PDF/A."""
    out = tmp_path / "out.pdf"
    compose(pages, facts, out, claim=False)

    assert b"pdfaid:part" not in out.read_bytes()
    assert verify(out, pages).pdfa is None


def _program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


REFUSAL = (
    '{"report":{"jobs":[{"validationResult":[{"compliant":false,"details":'
    '{"ruleSummaries":[{"clause":"6.2.2","testNumber":1}]}}]}]}}'
)


def test_the_verdict_of_verapdf_counts(
    archive: Path, pages: list[ArchivePage], tmp_path: Path
) -> None:
    """Where veraPDF disagrees with our own checks, nothing is claimed."""
    program = _program(tmp_path / "refuses", f"echo '{REFUSAL}'; exit 1")
    report = verify(archive, pages, verapdf=program)

    assert report.pdfa is None
    assert report.failures == ("veraPDF: 6.2.2-1",)


def test_a_validator_without_verdict_is_a_failed_tool(
    archive: Path, pages: list[ArchivePage], tmp_path: Path
) -> None:
    """A validator that is absent, hangs or dies is named; its silence is no verdict."""
    with pytest.raises(ToolMissing, match="veraPDF"):
        verify(archive, pages, verapdf=tmp_path / "absent")
    with pytest.raises(ToolTimeout, match="veraPDF"):
        verify(archive, pages, verapdf=_program(tmp_path / "hangs", "exec sleep 5"), timeout_s=0.2)
    with pytest.raises(ToolCrashed, match="veraPDF"):
        verify(archive, pages, verapdf=_program(tmp_path / "dies", "echo oops; exit 7"))


@pytest.mark.verapdf
def test_verapdf_accepts_what_we_claim(
    pages: list[ArchivePage], draw: Draw, facts: ArchiveFacts, tmp_path: Path, verapdf: Path
) -> None:
    """The reference validator agrees with the claim for every kind of page image."""
    kinds = [*pages, *(draw([coding], coding=coding) for coding in ("gray", "g4", "layers"))]
    out = tmp_path / "out.pdf"
    compose(kinds, facts, out)

    assert verify(out, kinds, verapdf=verapdf).pdfa == "2u"
