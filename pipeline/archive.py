"""Archive pages in, the archive PDF and the proof of what it claims out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from pipeline import pdfa
from pipeline.model import ArchivePage, Capture, Document, Verification
from pipeline.settings import Settings


def build_archive(
    pages: Sequence[ArchivePage],
    document: Document,
    capture: Capture,
    settings: Settings,
    pdf: Path,
) -> Verification:
    """Compose the archive PDF and verify it; without proof it makes no claim to be PDF/A."""
    facts = pdfa.ArchiveFacts(
        title=title_of(document),
        record_id=capture.record_id,
        dossier_code=document.dossier.code,
        procedure=document.dossier.procedure,
        source_sha256s=tuple(scan.sha256 for scan in document.scans),
        created=capture.received_at,
        creator_tool=f"Sohoa {version('sohoa')}",
        result_code=document.dossier.result_code,
        result_number=document.dossier.result_number,
        station=capture.station,
        digitizer=settings.digitizer,
    )
    verapdf = Path(settings.verapdf) if settings.verapdf else None
    pdfa.compose(pages, facts, pdf)
    verification = pdfa.verify(pdf, pages, verapdf=verapdf)
    if verification.pdfa is None:
        pdfa.compose(pages, facts, pdf, claim=False)
        unclaimed = pdfa.verify(pdf, pages, verapdf=verapdf)
        verification = replace(unclaimed, pdfa=None, failures=verification.failures)
    return verification


def title_of(document: Document) -> str:
    """Return the title that readers of the PDF see; it names no person."""
    code = document.dossier.code or "chưa gắn mã"
    return f"Hồ sơ {code}, giấy tờ số {document.ordinal}"
