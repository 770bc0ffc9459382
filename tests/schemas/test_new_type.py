"""A new type of paper is data only: no Python knows of it."""

import json
import re
import shutil

import pytest

from pipeline.extraction import check, classify, extract, load_schemas, schemas_folder
from pipeline.model import Box, Document, Line, Page, Word

README = schemas_folder() / "README.md"
PAPER = [
    (0.15, 0.07, "UBND TỈNH KIÊN GIANG"),
    (0.15, 0.085, "PHÒNG TƯ PHÁP"),
    (0.52, 0.07, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    (0.18, 0.12, "Số: 41/UBND-XNTTHN"),
    (0.54, 0.12, "Kiên Giang, ngày 14 tháng 5 năm 2024"),
    (0.33, 0.17, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN"),
    (0.14, 0.25, "Họ, chữ đệm, tên: Lê Thị Hoa Giới tính: Nữ"),
    (0.14, 0.28, "Tình trạng hôn nhân: Độc thân"),
    (0.14, 0.33, "Giấy này được cấp để làm thủ tục kết hôn."),
]


@pytest.fixture
def page():
    """The paper, every word read well."""
    lines = []
    for x, y, text in PAPER:
        left, words = round(2480 * x), []
        for word in text.split():
            right = left + 20 * len(word)
            words.append(
                Word(
                    word, Box(left, round(3508 * y), right, round(3508 * y) + 36), 0.97, "tesseract"
                )
            )
            left = right + 20
        lines.append(Line(tuple(words)))
    return Page(1, 2480, 3508, 300.0, "scan", tuple(lines))


@pytest.fixture
def schemas(tmp_path):
    """The schemas with the type that the README teaches."""
    folder = shutil.copytree(schemas_folder(), tmp_path / "schemas")
    (example,) = re.findall(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    (folder / "marital-status.schema.json").write_text(example, encoding="utf-8")
    return load_schemas(folder)


def test_new_type_is_recognised(page, schemas):
    """Its own title and phrase tell it."""
    assert classify((page,), schemas).doc_type == "marital-status"


def test_new_type_gives_its_fields(page, schemas):
    """Its own fields and those of the base are extracted and checked."""
    schema = schemas.for_type("marital-status")
    fields, _ = check(extract((page,), schema), schema, Document(()))
    values = {field.name: field.value for field in fields}

    assert values["holder.name"] == "Lê Thị Hoa"
    assert values["status"] == "Độc thân"
    assert values["number"] == "41"
    assert values["symbol"] == "UBND-XNTTHN"
    assert values["issued_date"] == "2024-05-14"


def test_new_type_is_unknown_without_its_file(page):
    """Nothing but the file makes the difference."""
    assert classify((page,), load_schemas(schemas_folder())).doc_type is None


def test_readme_names_every_rule_and_kind():
    """The lesson keeps up with the grammar."""
    text = README.read_text(encoding="utf-8")
    grammar = json.loads((schemas_folder() / "vocabulary.schema.json").read_text(encoding="utf-8"))
    words = [
        *grammar["$defs"]["field"]["properties"]["x-sohoa-kind"]["enum"],
        *grammar["$defs"]["rule"]["properties"]["rule"]["enum"],
        *grammar["$defs"]["region"]["oneOf"][0]["enum"],
        *grammar["$defs"]["check"]["properties"]["check"]["enum"],
    ]

    assert [word for word in words if not re.search(rf"(?<![\w-]){word}(?![\w-])", text)] == []
