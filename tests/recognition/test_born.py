"""Born-digital text: sound or garbage, and its lines."""

from __future__ import annotations

import random

import pytest

from pipeline.model import Box, Word
from pipeline.recognition.born import lines_of, text_survives

VIETNAMESE = (
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư; "
    "theo đề nghị của Trưởng phòng Nội vụ huyện tại Tờ trình số 316/TTr-PNV"
)
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc, quyeát ñònh"
TCVN3 = "Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc, quyÕt ®Þnh sè"


def _words(text: str) -> list[Word]:
    return [
        Word(part, Box(10 * n, 0, 10 * n + 8, 10), 1.0, "text-layer")
        for n, part in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    "text",
    [VIETNAMESE, "1 2 3 4.179.238", "STT UBND", "This contract is made between the two parties"],
)
def test_sound_text_survives(text: str) -> None:
    """Vietnamese, figures alone, and text of another language are kept."""
    assert text_survives(_words(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        VNI,
        TCVN3,
        "Can cu Nghi dinh so cua Chinh phu ve cong tac van thu theo de nghi cua Truong phong",
        "C n c Ngh nh s c a Ch nh ph v c ng t c v n th theo ngh c a Tr ng ph ng N i v",
        VIETNAMESE.replace("a", "\ufffd"),
        VIETNAMESE.replace("n", "\ue021"),
        "Ftp&d)'w $%gh jklm npqr stvw xzbc dfgh jklm npqr stvwx zbcdf ghjkl",
    ],
)
def test_garbage_is_recognised_from_its_pixels(text: str) -> None:
    """Legacy fonts, lost marks, lost letters, private characters: only the drawing is right."""
    assert not text_survives(_words(text))


def test_words_become_lines_in_reading_order(line) -> None:
    """Whatever order a PDF draws its words in, the lines are those of the page."""
    lines = [
        line("ỦY BAN NHÂN DÂN", 80, 100),
        line("HUYỆN AN BÌNH", 90, 130),
        line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 460, 100),
        line("Độc lập - Tự do - Hạnh phúc", 490, 130),
        line("Căn cứ Luật Tổ chức chính quyền địa phương và văn bản", 80, 300),
    ]
    words = [word for one in lines for word in one.words]
    random.Random(3).shuffle(words)

    assert [one.text for one in lines_of(words)] == [one.text for one in lines]
    assert [one.text for one in lines_of(words, 1000, 1400)] == [one.text for one in lines]
    assert lines_of([]) == ()


def test_the_baseline_lies_under_the_letters(line) -> None:
    """Words with descenders reach below it; lines of such words only are estimated."""
    (standing,) = lines_of(line("ABC gy", 100, 200).words[:1])
    (hanging,) = lines_of(line("gy", 100, 200).words)

    assert standing.baseline == (220.0, 220.0)
    assert hanging.baseline == (215.6, 215.6)
