"""One document end to end, through the real engines and the real store."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline import flow
from pipeline.errors import ArchiveDiffers
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.flow import digitize
from pipeline.folder import write_folder
from pipeline.model import Capture, Document, Dossier, Scan
from pipeline.pdfa import signing
from pipeline.settings import Settings
from pipeline.storage import NotFound, get_record, latest_record, list_records, record_id, validate
from pipeline.trace import Trace
from pipeline.vietnam.legacy import TCVN3

INBOX = Path(__file__).resolve().parent.parent / "samples" / "inbox"
LETTER = INBOX / "000.00.04.H09-231016-0001" / "công văn báo cáo.jpg"
BORN = INBOX / "000.00.21.H09-220412-0015" / "thông báo.pdf"
RECEIVED = datetime(2026, 11, 23, 8, tzinfo=UTC)


def run(path, folder, code="000.00.04.H09-231016-0001", trace=None):
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    document = Document((Scan(path, path.name, sha256, path.stat().st_size),), Dossier(code=code))
    capture = Capture(record_id(code, [sha256]), RECEIVED, "quầy 1", path.name)
    scratch = folder / "scratch"
    scratch.mkdir(parents=True)
    schemas = load_schemas(schemas_folder(None))
    kept = {} if trace is None else {"trace": trace}
    digitized = digitize(document, capture, schemas, Settings(), scratch, **kept)
    record = write_folder(digitized, capture, folder)
    shutil.rmtree(scratch)
    return digitized, record


@pytest.fixture(scope="module")
def letter(tmp_path_factory):
    """The sample letter, digitized once, with everything that was kept on the way."""
    folder = tmp_path_factory.mktemp("letter")
    digitized, record = run(LETTER, folder / "out", trace=Trace(folder / "keep"))
    return folder / "out", digitized, record, folder / "keep"


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        words = page.get_textpage()
        text = words.get_text_bounded()
        words.close()
        page.close()
        return text


def test_letter_becomes_a_searchable_archive(letter):
    """A scanned letter has its text in the PDF and its number, date and issuer in the record."""
    out, _, record, _ = letter
    fields = {name: field["value"] for name, field in record["fields"].items()}

    assert record["pdfa"] == "2u"
    assert record["doc_type"] == "administrative-document"
    assert fields["number"] == "0487"
    assert fields["symbol"] == "SNV-CCHC"
    assert fields["issued_date"] == "2023-12-05"
    assert "Sở Nội vụ" in text_of(out / "archive.pdf").replace("\r\n", " ")


def test_every_value_points_to_its_pixels(letter):
    """Each field names page and box, inside the page."""
    _, digitized, _, _ = letter
    page = digitized.pages[0]

    for field in digitized.fields:
        if field.value is not None and field.box is not None:
            assert 0 <= field.box.left < field.box.right <= page.width_px, field.name
            assert 0 <= field.box.top < field.box.bottom <= page.height_px, field.name


def test_trace_leaves_what_each_stage_made(letter):
    """--keep leaves numbered images and values."""
    kept = sorted(path.name for path in letter[3].iterdir())

    assert kept[0].startswith("001-page-0001-read")
    assert any("ink" in name for name in kept)
    assert kept[-1].endswith("digitized.json")


def test_sideways_page_is_turned(tmp_path):
    """A page that lay sideways is read and stored upright, and the record says so."""
    with Image.open(LETTER) as image:
        turned = Image.fromarray(np.ascontiguousarray(np.rot90(np.asarray(image.convert("RGB")))))
    turned.save(tmp_path / "ngang.jpg", quality=60, dpi=(200, 200))

    digitized, record = run(tmp_path / "ngang.jpg", tmp_path / "out")

    assert digitized.pages[0].measures.quarter_turns == 3
    assert digitized.pages[0].height_px > digitized.pages[0].width_px
    assert record["fields"]["symbol"]["value"] == "SNV-CCHC"


def test_text_born_page_stays_vector(tmp_path):
    """A page with text of its own is neither rasterised nor recognised again."""
    digitized, record = run(BORN, tmp_path / "out")

    assert digitized.pages[0].kind == "text"
    assert {word.engine for word in digitized.pages[0].words} == {"text-layer"}
    assert (tmp_path / "out" / "archive.pdf").stat().st_size < 100_000
    assert "Ủy ban nhân dân phường Hòa Thạnh" in text_of(tmp_path / "out" / "archive.pdf")
    assert record["pages"][0]["kind"] == "text"


LEGACY = ["Công an nhân dân phường Hòa Thạnh thông báo", "về thời gian tiếp nhận hồ sơ năm 2022"]


def test_a_page_in_tcvn3_stays_vector_and_reads_as_unicode(write_text_pdf, tmp_path):
    """In the record, in the files and in the archive PDF, which is PDF/A."""
    codes = {letter: code for code, letter in TCVN3.items()}
    pdf = write_text_pdf(
        tmp_path / "cũ.pdf", LEGACY, name=".VnTime", spell=lambda c: [(c, codes.get(c, c))]
    )
    digitized, record = run(pdf, tmp_path / "out")

    assert digitized.pages[0].text.splitlines() == LEGACY
    assert text_of(tmp_path / "out" / "archive.pdf").split() == " ".join(LEGACY).split()
    assert record["pdfa"] == "2u"
    assert {issue["code"] for issue in record["issues"]} == {"type.unknown"}
    assert record["originals"][0]["sha256"] == hashlib.sha256(pdf.read_bytes()).hexdigest()


def test_a_page_in_vni_is_pictured_with_whole_letters(write_text_pdf, tmp_path):
    """Its vectors have letters and marks apart, which no search for a whole letter finds."""

    def spell(letter):
        return [("ạ", "a"), ("\u200c", "ï")] if letter == "ạ" else [(letter, letter)]

    lines = ["bạn mang hạt gạo sạch ra trạm", "tại nhanh hai ba bạc hạn sau khi mang"]
    pdf = write_text_pdf(tmp_path / "cũ.pdf", lines, name="VNI-Times", spell=spell)
    digitized, record = run(pdf, tmp_path / "out")

    assert digitized.pages[0].text.splitlines() == lines
    assert text_of(tmp_path / "out" / "archive.pdf").split() == " ".join(lines).split()
    assert record["pdfa"] == "2u"
    assert "page.transcoded" in {issue["code"] for issue in record["issues"]}


def test_a_false_map_of_digits_is_refused(write_text_pdf, tmp_path):
    """The words look sound, the numbers are others: what is drawn counts, and a person is told."""
    false = str.maketrans("0123456789", "9876543210")
    lines = [*LEGACY, "Điện thoại 0274 3822 825, thửa đất số 57, tờ bản đồ 12"]
    pdf = write_text_pdf(tmp_path / "a.pdf", lines, spell=lambda c: [(c, c.translate(false))])
    digitized, record = run(pdf, tmp_path / "out")

    assert "page.text-differs" in {issue["code"] for issue in record["issues"]}
    assert digitized.pages[0].kind == "scan"
    assert {"0274", "3822"} <= set(text_of(tmp_path / "out" / "archive.pdf").split())


def test_a_scanners_poor_text_layer_is_replaced(tmp_path):
    """A page that is an image is recognised anew, and nothing of what lay under it is kept."""
    with Image.open(LETTER) as image:
        image.save(tmp_path / "scan.pdf", "PDF", resolution=150)
    with pikepdf.open(tmp_path / "scan.pdf", allow_overwriting_input=True) as pdf:
        page = pdf.pages[0]
        font = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica"}
        names = pikepdf.Dictionary({f"/{k}": pikepdf.Name(v) for k, v in font.items()})
        page.Resources.Font = pikepdf.Dictionary(F1=pdf.make_indirect(names))
        layer = b" BT 3 Tr /F1 12 Tf 50 500 Td (UY BAN NHAM DAM 1lI|0O garbage) Tj ET"
        page.contents_add(pdf.make_stream(layer))
        pdf.save()
    assert "garbage" in text_of(tmp_path / "scan.pdf")

    digitized, record = run(tmp_path / "scan.pdf", tmp_path / "out")

    assert "text-layer" not in {word.engine for word in digitized.pages[0].words}
    assert "garbage" not in text_of(tmp_path / "out" / "archive.pdf")
    assert record["fields"]["symbol"]["value"] == "SNV-CCHC"


def test_text_born_page_whose_copy_differs_is_kept_as_it_looks(tmp_path, monkeypatch):
    """Form fields that only their viewer draws, for one: the page becomes an image, and says so."""
    build = flow.build_archive

    def differ_once(archived, *rest):
        if archived[0].page.kind == "text":
            error = ArchiveDiffers("archive.pdf", "page 1: what it shows is not the page")
            error.page = 1
            raise error
        return build(archived, *rest)

    monkeypatch.setattr(flow, "build_archive", differ_once)
    digitized, record = run(BORN, tmp_path / "out")

    assert digitized.pages[0].kind == "scan"
    assert "page.drawn" in {issue["code"] for issue in record["issues"]}
    assert "Ủy ban nhân dân phường Hòa Thạnh" in text_of(tmp_path / "out" / "archive.pdf")


def test_scanned_page_whose_copy_differs_is_an_error(tmp_path, monkeypatch):
    """There is no other way to keep it, so it is never stored as good."""

    def differ(*arguments):
        error = ArchiveDiffers("archive.pdf", "page 1: what it shows is not the page image")
        error.page = 1
        raise error

    monkeypatch.setattr(flow, "build_archive", differ)
    with pytest.raises(ArchiveDiffers):
        run(LETTER, tmp_path / "out")


def test_record_fits_its_schema(letter):
    """What the command line writes is a record, too."""
    validate(letter[2], schemas_folder(None) / "record.schema.json")


def test_two_attempts_make_one_record(letter, store):
    """Of two attempts at one document one wins; the other's files are removed."""
    out, _, record, _ = letter
    intake = {"files": [{"key": f"original/{record['record_id']}/1-{'0' * 16}.jpg"}]}

    first = run_store(out, intake, store, "a-1")
    second = run_store(out, intake, store, "a-2")

    assert list_records(store) == {record["record_id"]}
    assert (first["attempt"], second["attempt"]) == ("a-1", "a-1")
    assert latest_record(store, record["record_id"]) == get_record(store, record["record_id"], 1)
    assert not list(store.list(f"files/{record['record_id']}/a-2/"))
    for file in first["files"]:
        assert store.get(file["key"]) == (out / file["name"]).read_bytes()


def test_no_record_before_its_files(letter, store):
    """A file that differs from its hash stops the commit: no reader sees half a record."""
    out, _, record, _ = letter
    broken = json.loads((out / "record.json").read_text(encoding="utf-8"))
    broken["files"][0]["sha256"] = "0" * 64
    copy = out.parent / "broken"
    shutil.copytree(out, copy)
    (copy / "record.json").write_text(json.dumps(broken), encoding="utf-8")
    intake = {"files": [{"key": f"original/{record['record_id']}/1-{'0' * 16}.jpg"}]}

    with pytest.raises(Exception, match=r"archive\.pdf"):
        run_store(copy, intake, store, "b-1")
    with pytest.raises(NotFound):
        latest_record(store, record["record_id"])


def run_store(folder, intake, bucket, attempt):
    return flow.store(folder, intake, bucket, attempt=attempt, stored_at=RECEIVED)


def test_signed_archive_is_the_next_version(letter, store, authority, tmp_path):
    """A signed copy keeps PDF/A and all that was read; the first version stays."""
    out, _, record, _ = letter
    intake = {"files": [{"key": f"original/{record['record_id']}/1-{'0' * 16}.jpg"}]}
    first = run_store(out, intake, store, "s-1")
    folder = tmp_path / "files"
    shutil.copytree(out, folder)
    key = signing.open_key_file(authority.key_file(), authority.pin)
    ours, signed = out / "archive.pdf", folder / "archive.pdf"
    signing.sign(ours, signed, key, signing.Signing(profile="digitizer"), RECEIVED)
    copy = signing.verify_signed(signed, ours, [authority.root])

    second = flow.accept_signed(first, copy, folder, store, stored_at=RECEIVED)
    late = flow.accept_signed(first, copy, folder, store, stored_at=RECEIVED)

    assert (second["version"], second["pdfa"], late) == (2, "2u", None)
    assert (second["fields"], second["pages"]) == (first["fields"], first["pages"])
    assert latest_record(store, record["record_id"]) == second
    assert get_record(store, record["record_id"], 1) == first
    assert text_of(signed) == text_of(ours)
    for made in (first, second):
        for file in made["files"]:
            data = store.get(file["key"])
            assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert len(list(store.list(f"files/{record['record_id']}/"))) == 2 * len(first["files"])
