"""A document and its pages in, what a person should look at out (fields apart)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Document, Issue, Page, ScanFacts, Verification
from pipeline.page_order import order_issues
from pipeline.signature import Signature


def document_issues(
    document: Document,
    sources: Sequence[ScanFacts],
    pages: Sequence[Page],
    verification: Verification,
    doc_type: str | None,
    pdfa: str,  # the flavour that was asked for
    signatures: Sequence[Sequence[Signature]] = (),  # of each scan that was looked at
) -> tuple[Issue, ...]:
    """Return what a person should look at, beside the fields."""
    found = [issue for page in pages for issue in page.issues]
    found += [
        Issue("page.no-text", f"page {page.number}")
        for page in pages
        if not page.lines and not page.measures.blank
    ]
    if verification.pdfa is None:
        found.append(Issue("archive.not-pdfa", "archive.pdf", "; ".join(verification.failures[:3])))
    elif verification.pdfa != pdfa:
        made = f"PDF/A-{verification.pdfa}, asked for PDF/A-{pdfa}"
        found.append(Issue("archive.other-pdfa", "archive.pdf", made))
    if verification.marked is False:
        found.append(Issue("mark.no-room", "page 1"))
    if doc_type is None:
        found.append(Issue("type.unknown", "document"))
    if document.dossier.code is None:
        found.append(Issue("dossier.unlinked", "document"))
    if document.paper_pages is not None and document.paper_pages != len(pages):
        found.append(Issue("pages.count", "document", f"{len(pages)} ≠ {document.paper_pages}"))
    found += [
        Issue("pages.differ", scan.name, f"{source.pages} ≠ {source.other_pages}")
        for scan, source in zip(document.scans, sources, strict=True)
        if source.other_pages not in (None, source.pages)
    ]
    found += order_issues(pages)
    found += _signature_issues(document, signatures)
    return tuple(found)


def _signature_issues(document: Document, signatures: Sequence[Sequence[Signature]]) -> list[Issue]:
    return [
        Issue("signature.invalid", scan.name, f"{one.signer or one.field}: {one.reason}")
        for scan, found in zip(document.scans, signatures, strict=False)
        for one in found
        if one.status != "valid"
    ]
