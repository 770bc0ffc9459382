"""The archive PDF claims only what was proved."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pikepdf
import pytest

from pipeline import archive, imaging, pdfa
from pipeline.archive import build_archive, title_of
from pipeline.model import ArchivePage, Capture, Document, Dossier, Page, PageImage
from pipeline.settings import Settings

CAPTURE = Capture("A" * 26, datetime(2026, 1, 2, tzinfo=UTC))


@pytest.fixture
def pages(tmp_path):
    image = PageImage(np.full((400, 300, 3), 240, np.uint8), 100.0)
    encoded = imaging.encode(image, True, tmp_path / "page-0001")
    return [ArchivePage(Page(1, 300, 400, 100.0, "scan"), encoded)]


def claims(pdf):
    with pikepdf.open(pdf) as opened:
        return b"pdfaid:part" in opened.Root.Metadata.read_bytes()


def test_a_proved_archive_claims_pdfa(pages, tmp_path):
    """An image page passes our checks and says so."""
    found = build_archive(pages, Document(()), CAPTURE, Settings(), tmp_path / "archive.pdf")

    assert found.pdfa == "2u"
    assert claims(tmp_path / "archive.pdf")


def test_without_proof_the_claim_is_taken_back(pages, tmp_path, monkeypatch):
    """When a check fails the file is made again without the claim, and the report says why."""
    verify = pdfa.verify

    def doubtful(pdf, pages, **options):
        return replace(verify(pdf, pages, **options), pdfa=None, failures=("a font",))

    monkeypatch.setattr(archive.pdfa, "verify", doubtful)

    found = build_archive(pages, Document(()), CAPTURE, Settings(), tmp_path / "archive.pdf")

    assert (found.pdfa, found.failures) == (None, ("a font",))
    assert not claims(tmp_path / "archive.pdf")


def test_what_cannot_be_the_asked_flavour_is_the_usual_one(pages, tmp_path, monkeypatch):
    """A claim of another part is worth more than none, and the report says why it is another."""
    verify = pdfa.verify

    def strict(pdf, pages, **options):
        found = verify(pdf, pages, **options)
        return replace(found, pdfa=None, failures=("long",)) if found.pdfa == "1b" else found

    monkeypatch.setattr(archive.pdfa, "verify", strict)
    out = tmp_path / "archive.pdf"

    found = build_archive(pages, Document(()), CAPTURE, Settings(pdfa="1b"), out)

    assert (found.pdfa, found.failures) == ("2u", ("long",))
    assert claims(out)


def test_a_copy_says_that_it_is_one(pages, tmp_path):
    """Where it is asked for and page 1 is of paper with room for it."""
    settings = Settings(conversion_mark="top-left", digitizer="Nguyễn Thị Ánh")
    found = build_archive(pages, Document(()), CAPTURE, settings, tmp_path / "archive.pdf")

    assert (found.pdfa, found.marked) == ("2u", True)
    with pikepdf.open(tmp_path / "archive.pdf") as opened:
        assert b"/Artifact BMC" in opened.pages[0].Contents.read_bytes()


def test_a_full_page_gets_no_mark_and_says_so(tmp_path):
    """Nothing is covered."""
    noise = np.random.default_rng(1).integers(0, 255, (400, 300, 3), np.uint8)
    encoded = imaging.encode(PageImage(noise, 100.0), True, tmp_path / "page-0001")
    pages = [ArchivePage(Page(1, 300, 400, 100.0, "scan"), encoded)]
    settings = Settings(conversion_mark="top-left", digitizer="A")

    assert build_archive(pages, Document(()), CAPTURE, settings, tmp_path / "a.pdf").marked is False


def test_the_mark_names_who_and_when():
    """Article 12 of the law wants words, time and full name."""
    facts = pdfa.ArchiveFacts("", "", None, None, (), CAPTURE.received_at, "", digitizer="Lê An")

    assert archive.conversion_mark(facts) == (
        "BẢN CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY",
        "Người chuyển đổi: Lê An",
        "Thời gian: 02.01.2026 07:00:00 +07:00",
    )


def test_title_names_dossier_and_place_but_no_person():
    """What readers of the PDF see in the title bar is no personal data."""
    document = Document((), Dossier("H09-231016-0001", owner={"name": "Nguyễn Văn A"}), ordinal=2)

    assert title_of(document) == "Hồ sơ H09-231016-0001, giấy tờ số 2"
