"""Pages of words with known places, and the schemas that come with the program."""

import pytest

from pipeline.extraction import load_schemas, schemas_folder
from pipeline.extraction.trust import letter_height
from pipeline.model import Box, Line, Page, Word

WIDTH_PX, HEIGHT_PX, CAPITAL_PX, LETTER_PX = 2480, 3508, 30, 17


@pytest.fixture(scope="session")
def schemas():
    """The schemas of the repository."""
    return load_schemas(schemas_folder())


@pytest.fixture(scope="session")
def make_line():
    return _line


@pytest.fixture(scope="session")
def make_page():
    return _page


@pytest.fixture
def letter(make_page):
    """An official letter in the 14-box layout, every word read well."""
    return make_page(LETTER)


def _line(text, x=0.1, y=0.1, *, confidence=0.96, engine="tesseract", tall=(), block=0):
    """Draw a line; `x` and `y` are shares of the page, `tall` words are half as high again."""
    words, left, foot = [], round(x * WIDTH_PX), round(y * HEIGHT_PX)
    for text_of_word in text.split():
        height = round(
            CAPITAL_PX * letter_height(text_of_word) * (1.5 if text_of_word in tall else 1)
        )
        right = left + LETTER_PX * len(text_of_word)
        words.append(Word(text_of_word, Box(left, foot - height, right, foot), confidence, engine))
        left = right + LETTER_PX
    return Line(tuple(words), block=block)


def _page(rows, *, number=1, confidence=0.96, engine="tesseract", codes=()):
    """Draw a page of (x, y, text) rows; x "c" centres the line on the text area."""
    lines = []
    for x, y, text, *rest in rows:
        if x == "c":
            x = 0.53 - LETTER_PX * len(text) / WIDTH_PX / 2
        options = rest[0] if rest else {}
        lines.append(_line(text, x, y, **{"confidence": confidence, "engine": engine, **options}))
    kind = "text" if engine == "text-layer" else "scan"
    return Page(number, WIDTH_PX, HEIGHT_PX, 300.0, kind, tuple(lines), codes)


LETTER = [
    (0.15, 0.07, "UBND TỈNH KIÊN GIANG"),
    (0.21, 0.085, "SỞ Y TẾ"),
    (0.18, 0.12, "Số: 487/SYT-NVY"),
    (0.15, 0.14, "V/v nộp báo cáo"),
    (0.52, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (0.56, 0.085, "Độc lập - Tự do - Hạnh phúc"),
    (0.54, 0.12, "Kiên Giang, ngày 05 tháng 12 năm 2023"),
    ("c", 0.20, "Kính gửi: Các bệnh viện trong tỉnh"),
    (
        0.15,
        0.24,
        "Sở Y tế đề nghị các đơn vị gửi báo cáo trước ngày 20 tháng 12 năm 2023 để tổng hợp.",
    ),
    (0.15, 0.60, "Nơi nhận:"),
    (0.15, 0.615, "- Như trên;"),
    (0.62, 0.60, "KT. GIÁM ĐỐC"),
    (0.61, 0.615, "PHÓ GIÁM ĐỐC"),
    (0.62, 0.70, "Lê Thị Hiền"),
]
