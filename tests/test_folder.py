"""The folder and record of a digitized document."""

import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from pipeline.extraction import schemas_folder
from pipeline.folder import write_folder
from pipeline.layout import Layout, Margins, Mark, Table
from pipeline.model import (
    Box,
    Capture,
    Classified,
    Digitized,
    Document,
    Dossier,
    Field,
    Line,
    Page,
    Scan,
    ScanFacts,
    Verification,
    Word,
)  # fmt: skip
from pipeline.signature import Signature
from pipeline.storage import validate

SIGNATURE = Signature("F", "Ánh", "", "CA", None, None, "x", "valid", "", True, "known")


@pytest.fixture
def written(tmp_path):
    """A record of two pages, one field of it doubtful, and its folder."""
    (tmp_path / "made.pdf").write_bytes(b"%PDF-1.7 made")
    word = Word("Số:", Box(1, 1, 9, 9), 0.9, "tesseract")
    layout = Layout(
        "form",
        Margins(30, 20, 15, 20),
        ("head",),
        (Table(Box(1, 2, 30, 40), (1, 29), (2, 39)),),
        (Mark("seal", Box(3, 4, 5, 6), "red"),),
        (Box(7, 8, 9, 10),),
    )
    pages = tuple(Page(n, 100, 200, 300.0, "scan", (Line((word,)),), layout=layout) for n in (1, 2))
    field = Field(
        "number", "l2", None, 0.3, 1, Box(1, 1, 9, 9), "label", "tesseract", "ocr", "in_review"
    )
    document = Document(
        (Scan(tmp_path / "a.pdf", "tên/../lạ.pdf", "a" * 64, 5),),
        Dossier("000.00.04.H09-231016-0001", owner={"name": "Nguyễn Văn A"}),
    )
    digitized = Digitized(
        document, Classified("receipt-slip", 0.8), pages, (field,), (), None, tmp_path / "made.pdf",
        Verification("2u", {"text": True}),
        (ScanFacts("application/pdf", ".pdf", 2, signed=True),), (), ((SIGNATURE,),),
    )  # fmt: skip
    capture = Capture("A" * 26, datetime(2026, 1, 2, tzinfo=UTC), "quầy 1", "a.pdf")
    return write_folder(digitized, capture, tmp_path / "out"), tmp_path / "out"


def test_signatures_of_a_scan_are_in_the_record(written):
    """Who signed what was dropped, and whether it holds."""
    (original,) = written[0]["originals"]

    assert original["signatures"] == [asdict(SIGNATURE)]


def test_record_fits_its_schema(written):
    """Whatever is written can be stored."""
    validate(written[0], schemas_folder(None) / "record.schema.json")


def test_the_layout_is_in_the_record(written):
    """Places are written as boxes: left, top, right, bottom."""
    layout = written[0]["pages"][0]["layout"]

    assert layout["margins_mm"]["left"] == 30
    assert layout["tables"] == [{"box": [1, 2, 30, 40], "columns": [1, 29], "rows": [2, 39]}]
    assert layout["marks"] == [{"kind": "seal", "box": [3, 4, 5, 6], "colour": "red"}]
    assert layout["handwriting"] == [[7, 8, 9, 10]]


def test_record_names_every_file_with_its_hash(written):
    """A receiver can check each file that the record names, and none is left out."""
    record, out = written
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}

    assert {file["name"] for file in record["files"]} == names - {"record.json"}
    for file in record["files"]:
        assert hashlib.sha256((out / file["name"]).read_bytes()).hexdigest() == file["sha256"]


def test_a_form_feed_ends_each_page(written):
    """Readers of text.txt can count the pages."""
    assert (written[1] / "text.txt").read_text(encoding="utf-8") == "Số:\n\fSố:\n\f"


def test_a_doubtful_field_puts_the_record_in_review(written):
    """An unreadable value is null, in review, and the record says so as a whole."""
    record, out = written

    assert record["state"] == "in_review"
    assert record["fields"]["number"]["value"] is None
    assert record["dossier"]["linked"] is True
    assert record["originals"][0]["signed"] is True
    assert json.loads((out / "record.json").read_text(encoding="utf-8")) == record


def test_hocr_holds_all_pages_in_one_file(written):
    """A second form of what ALTO says costs the store one object a document, not one a page."""
    record, out = written
    (entry,) = [file for file in record["files"] if file["name"].endswith(".hocr")]

    assert (entry["name"], entry["media_type"]) == ("text.hocr", "text/vnd.hocr+html")
    assert (out / "text.hocr").read_text(encoding="utf-8").count('class="ocr_page"') == 2
