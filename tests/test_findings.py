"""What a person is asked to look at, beside the fields."""

from pathlib import Path

from pipeline.findings import document_issues
from pipeline.model import Document, Dossier, Measures, Page, Scan, Verification
from pipeline.signature import Signature

PROVED = Verification("2u", {})
BLANK = Page(1, 10, 10, 300.0, "scan", measures=Measures(blank=True))
MUTE = Page(2, 10, 10, 300.0, "scan")


def codes(document, pages=(BLANK,), verification=PROVED, doc_type="receipt-slip"):
    found = document_issues(document, pages, verification, doc_type, ((),) * len(document.scans))
    return {issue.code for issue in found}


def test_nothing_to_say_of_a_good_document():
    """A linked document of a known type with a proved PDF raises no question."""
    assert codes(Document((), Dossier("H09-231016-0001"))) == set()


def test_each_doubt_is_said():
    """No dossier, no type, no proof, no text, another number of pages: each is named."""
    found = codes(
        Document((), paper_pages=3), (BLANK, MUTE), Verification(None, {}, ("font",)), doc_type=None
    )

    assert found == {
        "dossier.unlinked", "type.unknown", "archive.not-pdfa", "page.no-text", "pages.count"
    }  # fmt: skip


def test_an_invalid_signature_is_said():
    """The clerk reads whose signature it is and what is wrong."""
    one = Signature("F", "Ánh", "", "CA", None, None, "x", "invalid", "changed", False, "known")
    document = Document((Scan(Path("a"), "a.pdf", "a" * 64, 1),), Dossier("H09-231016-0001"))

    (issue,) = document_issues(document, (BLANK,), PROVED, "receipt-slip", ((one,),))

    assert (issue.code, issue.where, issue.detail) == ("signature.invalid", "a.pdf", "Ánh: changed")
