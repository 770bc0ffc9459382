"""What a person is asked to look at, beside the fields."""

from pathlib import Path

from pipeline.findings import document_issues
from pipeline.model import Document, Dossier, Measures, Page, Scan, ScanFacts, Verification
from pipeline.signature import Signature

PROVED = Verification("2u", {})
BLANK = Page(1, 10, 10, 300.0, "scan", measures=Measures(blank=True))
MUTE = Page(2, 10, 10, 300.0, "scan")


LINKED = Dossier("H09-231016-0001")


def codes(
    document, pages=(BLANK,), verification=PROVED, doc_type="receipt-slip", sources=(), pdfa="2u"
):
    found = document_issues(document, sources, pages, verification, doc_type, pdfa)
    return {issue.code for issue in found}


def test_nothing_to_say_of_a_good_document():
    """A linked document of a known type with a proved PDF raises no question."""
    assert codes(Document((), LINKED)) == set()


def test_each_doubt_is_said():
    """No dossier, no type, no proof, no text, another number of pages: each is named."""
    found = codes(
        Document((), paper_pages=3), (BLANK, MUTE), Verification(None, {}, ("font",)), doc_type=None
    )

    assert found == {
        "dossier.unlinked", "type.unknown", "archive.not-pdfa", "page.no-text", "pages.count"
    }  # fmt: skip


def test_another_pdfa_than_asked_for_is_said():
    """The archive that wants part 1 must learn where it did not get it."""
    assert codes(Document((), LINKED), pdfa="1b") == {"archive.other-pdfa"}


def test_pages_that_two_readers_count_differently_are_a_question():
    """A page may be lost in a damaged file: its name and both numbers are said."""
    document = Document((Scan(Path("a"), "a.pdf", "", 1), Scan(Path("b"), "b.pdf", "", 1)), LINKED)
    sound = ScanFacts("application/pdf", ".pdf", 2, 2)
    unasked = ScanFacts("image/jpeg", ".jpg", 1)
    damaged = ScanFacts("application/pdf", ".pdf", 2, 3)

    assert codes(document, sources=(sound, unasked)) == set()
    (issue,) = document_issues(document, (sound, damaged), (BLANK,), PROVED, "receipt-slip", "2u")
    assert (issue.code, issue.where, issue.detail) == ("pages.differ", "b.pdf", "2 ≠ 3")


def test_an_invalid_signature_is_said():
    """The clerk reads whose signature it is and what is wrong."""
    one = Signature("F", "Ánh", "", "CA", None, None, "x", "invalid", "changed", False, "known")
    document = Document((Scan(Path("a"), "a.pdf", "a" * 64, 1),), Dossier("H09-231016-0001"))
    sound = ScanFacts("application/pdf", ".pdf", 1, 1)

    (issue,) = document_issues(
        document, (sound,), (BLANK,), PROVED, "receipt-slip", "2u", ((one,),)
    )

    assert (issue.code, issue.where, issue.detail) == ("signature.invalid", "a.pdf", "Ánh: changed")
