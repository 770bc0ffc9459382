"""Tests of pipeline.pdfa.compose."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from pipeline.errors import ToolCrashed
from pipeline.layers import EncodedPage
from pipeline.model import ArchivePage, Page, SourcePage
from pipeline.pdfa import ArchiveFacts, compose, verify

Draw = Callable[..., ArchivePage]

VIETNAMESE = (
    "àáảãạ ăằắẳẵặ âầấẩẫậ èéẻẽẹ êềếểễệ ìíỉĩị",
    "òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ đ",
    "ÀÁẢÃẠ ĂẰẮẲẴẶ ÂẦẤẨẪẬ ÈÉẺẼẸ ÊỀẾỂỄỆ ÌÍỈĨỊ",
    "ÒÓỎÕỌ ÔỒỐỔỖỘ ƠỜỚỞỠỢ ÙÚỦŨỤ ƯỪỨỬỮỰ ỲÝỶỸỴ Đ",
)


ANOTHER_PROCESS = """
import json, sys
from datetime import datetime
from pathlib import Path
from pipeline.layers import EncodedImage, EncodedPage, Layer
from pipeline.model import ArchivePage, Box, Line, Page, Word
from pipeline.pdfa import ArchiveFacts, compose

task = json.load(sys.stdin)
facts = task["facts"] | {"created": datetime.fromisoformat(task["facts"]["created"])}
facts["source_sha256s"] = tuple(facts["source_sha256s"])
pages = []
for page in task["pages"]:
    words = [[Word(**(word | {"box": Box(**word["box"])})) for word in line["words"]]
             for line in page["lines"]]
    size = (page["width_px"], page["height_px"])
    lines = tuple(Line(tuple(line)) for line in words)
    image = EncodedImage(Path(page["image"]), "DCTDecode", "rgb", *size)
    content = EncodedPage((Layer(image, Box(0, 0, *size)),), Path(page["image"]))
    pages.append(ArchivePage(Page(page["number"], *size, page["dpi"], "scan", lines), content))
compose(pages, ArchiveFacts(**facts), Path(task["out"]))
"""


def _image_path(page: ArchivePage) -> str:
    assert isinstance(page.content, EncodedPage)
    return str(page.content.layers[0].image.path)


def test_same_pages_give_the_same_bytes_in_another_process(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """The archive PDF depends on nothing but its pages and facts."""
    pages = [draw(["Cộng hòa xã hội chủ nghĩa Việt Nam"]), draw(["Trang hai"], number=2)]
    compose(pages, facts, tmp_path / "here.pdf")
    task = {
        "out": str(tmp_path / "there.pdf"),
        "facts": {**asdict(facts), "created": facts.created.isoformat()},
        "pages": [asdict(page.page) | {"image": _image_path(page)} for page in pages],
    }
    subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS],
        input=json.dumps(task),
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C"},
        cwd=Path(__file__).parents[2],
    )

    assert (tmp_path / "here.pdf").read_bytes() == (tmp_path / "there.pdf").read_bytes()


@pytest.mark.parametrize("coding", ["jpeg", "gray", "g4"])
def test_encoded_page_images_go_in_bit_for_bit(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path, coding: str
) -> None:
    """The archive PDF holds the very stream that the encoder wrote, and shows it."""
    page = draw(["Ủy ban nhân dân"], coding=coding)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    with pikepdf.open(out) as pdf:
        raw = pdf.pages[0].Resources.XObject.Im0.read_raw_bytes()
    assert raw == Path(_image_path(page)).read_bytes()
    assert verify(out, [page]).pdfa == "2u"


def test_layers_lie_where_they_belong(draw: Draw, facts: ArchiveFacts, tmp_path: Path) -> None:
    """Ink shows through its stencil, a crop in its box; a stencil needs no transparency."""
    page = draw(["Ủy ban nhân dân"], coding="layers")
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    with pikepdf.open(out) as pdf:
        ink = pdf.pages[0].Resources.XObject.Im1
        assert ink.Mask.ImageMask
        assert "/ColorSpace" not in ink.Mask
        assert "/SMask" not in ink
    with pypdfium2.PdfDocument(out) as pdf:
        entry = pdf[0]
        bitmap = entry.render(scale=page.page.dpi / 72, rev_byteorder=True)
        pixels = bitmap.to_numpy()[..., :3].copy()
        bitmap.close()
        entry.close()
    assert pixels[805:825, 405:425].mean(axis=(0, 1)) == pytest.approx((200, 30, 30), abs=8)
    assert pixels[1000:].min() > 240
    word = page.page.words[0].box
    letters = pixels[word.top : word.bottom, word.left : word.right]
    assert letters.min() < 60
    assert verify(out, [page]).pdfa == "2u"


def test_all_vietnamese_letters_survive_both_readers(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """The 134 precomposed letters come back from pdfium and poppler as they were put in."""
    letters = "".join(VIETNAMESE).replace(" ", "")
    assert len(set(letters)) == 134
    page = draw([*VIETNAMESE])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    expected = " ".join(VIETNAMESE).split()
    assert expected == _pdfium(out).split()
    assert expected == _poppler(out).split()


def test_typed_nfd_is_written_nfc(
    put: Callable[..., ArchivePage], draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """A search for precomposed letters finds text that came in decomposed."""
    drawn = draw(["Quyết định phê duyệt"])
    lines = tuple(
        replace(
            line,
            words=tuple(
                replace(word, text=unicodedata.normalize("NFD", word.text)) for word in line.words
            ),
        )
        for line in drawn.page.lines
    )
    out = tmp_path / "out.pdf"
    compose([put(lines)], facts, out)

    assert _poppler(out).split() == ["Quyết", "định", "phê", "duyệt"]
    assert _hits(out, "phê duyệt") == 1


def test_superscripts_are_not_folded(draw: Draw, facts: ArchiveFacts, tmp_path: Path) -> None:
    """m² is an area; m2 is a misprint."""
    page = draw(["Diện tích: 125,5 m² (1 200 m³) ½ ®"])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert "m²" in _pdfium(out)
    assert "125,5 m² (1 200 m³) ½ ®" in _poppler(out)


def test_phrases_with_diacritics_are_found(draw: Draw, facts: ArchiveFacts, tmp_path: Path) -> None:
    """Search in a reader finds phrases over words and line ends, and nothing that is not there."""
    lines = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 12/GP-UBND"]
    out = tmp_path / "out.pdf"
    compose([draw(lines)], facts, out)

    found = ["xã hội chủ nghĩa", "Độc lập - Tự do - Hạnh phúc", "12/GP-UBND", "việt nam độc lập"]
    assert [_hits(out, phrase) for phrase in found] == [1, 1, 1, 1]
    assert [_hits(out, phrase) for phrase in ("Đọc lập", "Hanh phuc")] == [0, 0]


def test_words_are_highlighted_where_they_are_drawn(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """The box of a word in a reader is its box on the page, within a few pixels."""
    page = draw(["Giấy phép xây dựng nhà ở riêng lẻ"])
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    scale = page.page.dpi / 72
    with pypdfium2.PdfDocument(out) as pdf:
        entry = pdf[0]
        text = entry.get_textpage()
        height_pt = entry.get_height()
        for word in page.page.words:
            hit = text.search(word.text, match_whole_word=True)
            index, count = hit.get_next()
            left, bottom, right, top = (
                function(text.get_charbox(at)[side] for at in range(index, index + count))
                for function, side in ((min, 0), (min, 1), (max, 2), (max, 3))
            )
            hit.close()
            found = (left, height_pt - top, right, height_pt - bottom)
            wanted = (word.box.left, word.box.top, word.box.right, word.box.bottom)
            for side, (a, b) in enumerate(zip(found, wanted, strict=True)):
                assert a * scale == pytest.approx(b, abs=1.5 if side % 2 == 0 else 8), word.text
        text.close()
        entry.close()


def test_a_book_is_never_in_memory_at_once(draw: Draw, facts: ArchiveFacts, tmp_path: Path) -> None:
    """Hundreds of pages are composed and verified in less memory than their images take."""
    page = draw(["Trang"], quality=95)
    image = Path(_image_path(page))
    data = image.read_bytes()
    # A JPEG may carry comments: here a megabyte of them, so that pages weigh what scans weigh.
    comment = b"\xff\xfe\xff\xff" + b" " * 65_533
    image.write_bytes(data[:2] + comment * 16 + data[2:])
    pages = [replace(page, page=replace(page.page, number=n)) for n in range(1, 121)]
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    compose(pages, facts, tmp_path / "out.pdf")
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb

    assert (tmp_path / "out.pdf").stat().st_size > 120_000_000
    assert grown_kb < 60_000


def test_nothing_is_left_when_a_source_page_is_missing(facts: ArchiveFacts, tmp_path: Path) -> None:
    """A failed compose names the source and leaves neither a part nor an archive PDF."""
    source = tmp_path / "source.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(source)
    page = ArchivePage(Page(1, 850, 1100, 100.0, "text"), SourcePage(source, 5))

    with pytest.raises(ToolCrashed, match=r"source\.pdf"):
        compose([page], facts, tmp_path / "out.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["source.pdf"]


def test_an_empty_document_is_a_bug(facts: ArchiveFacts, tmp_path: Path) -> None:
    """An archive PDF without pages is never written."""
    with pytest.raises(ValueError, match="at least one page"):
        compose([], facts, tmp_path / "out.pdf")


def test_pages_beyond_the_limits_of_pdfa_are_scaled(
    draw: Draw, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """A page of 10 m or of one pixel still makes a conforming page."""
    page = draw(["Bản đồ"])
    huge = replace(page, page=replace(page.page, dpi=2.0))
    tiny = replace(page, page=replace(page.page, dpi=100_000.0, lines=()))
    out = tmp_path / "out.pdf"
    compose([huge, tiny], facts, out)

    with pikepdf.open(out) as pdf:
        assert float(pdf.pages[0].MediaBox[3]) == 14_400
        assert float(pdf.pages[1].MediaBox[2]) == 3
    assert verify(out, [huge, tiny]).failures == ()


def _pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        text = page.get_textpage()
        found = str(text.get_text_bounded())
        text.close()
        page.close()
    return found


def _hits(path: Path, phrase: str) -> int:
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        text = page.get_textpage()
        search = text.search(phrase)
        hits = 0
        while search.get_next():
            hits += 1
        search.close()
        text.close()
        page.close()
    return hits


def _poppler(path: Path) -> str:
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")
