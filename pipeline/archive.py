"""Archive pages in, the archive PDF and the proof of what it claims out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta, timezone
from importlib.metadata import version
from pathlib import Path
from typing import cast

from pipeline import pdfa
from pipeline.model import ArchivePage, Capture, Document, SourcePage, Verification
from pipeline.settings import Settings

_VIETNAM = timezone(timedelta(hours=7))


def build_archive(
    pages: Sequence[ArchivePage],
    document: Document,
    capture: Capture,
    settings: Settings,
    pdf: Path,
) -> Verification:
    """Compose the archive PDF and verify it; without proof it makes no claim to be PDF/A.

    It is made as the flavour that settings ask for, where its pages can be that, else as 2u.
    The conversion mark stands on page 1 where settings ask for it, the page is of paper, and there
    is room.
    """
    vectors = any(isinstance(page.content, SourcePage) for page in pages)
    asked = pdfa.possible(cast("pdfa.Flavour", settings.pdfa), vectors)
    found = _build_as(asked, pages, document, capture, settings, pdf)
    if found.pdfa is None and asked != pdfa.DEFAULT:
        other = _build_as(pdfa.DEFAULT, pages, document, capture, settings, pdf)
        return replace(other, failures=(*other.failures, *found.failures))
    return found


def _build_as(
    flavour: pdfa.Flavour,
    pages: Sequence[ArchivePage],
    document: Document,
    capture: Capture,
    settings: Settings,
    pdf: Path,
) -> Verification:
    facts = _facts(document, capture, settings)
    verapdf = Path(settings.verapdf) if settings.verapdf else None
    embedded = pdfa.compose(pages, facts, pdf, flavour=flavour)
    mark, corner = None, settings.conversion_mark
    asked = bool(corner) and pages[0].page.kind == "scan"
    if asked:
        mark = pdfa.place_mark(pdf, conversion_mark(facts), cast("pdfa.Corner", corner))
        if mark is not None:
            pdfa.compose(pages, facts, pdf, flavour=flavour, mark=mark)
    verification = pdfa.verify(pdf, pages, flavour=flavour, mark=mark, verapdf=verapdf)
    if verification.pdfa is None:
        pdfa.compose(pages, facts, pdf, flavour=flavour, claim=False, mark=mark)
        unclaimed = pdfa.verify(pdf, pages, flavour=flavour, mark=mark, verapdf=verapdf)
        verification = replace(unclaimed, pdfa=None, failures=verification.failures)
    verification = replace(verification, fonts=embedded)
    return replace(verification, marked=mark is not None) if asked else verification


def unproved_pages(
    pages: Sequence[ArchivePage],
    document: Document,
    capture: Capture,
    settings: Settings,
    scratch: Path,
) -> tuple[int, ...]:
    """Return the numbers of the text-born pages that stand in the way of a PDF/A claim."""
    return pdfa.unproved(pages, _facts(document, capture, settings), scratch)


def conversion_mark(facts: pdfa.ArchiveFacts) -> tuple[str, ...]:
    """Return the lines that say of a copy that it is one, who made it and when."""
    when = f"{facts.created.astimezone(_VIETNAM):%d.%m.%Y %H:%M:%S %z}"
    return (
        "BẢN CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY",
        f"Người chuyển đổi: {facts.digitizer}",
        f"Thời gian: {when[:-2]}:{when[-2:]}",
    )


def title_of(document: Document) -> str:
    """Return the title that readers of the PDF see; it names no person."""
    code = document.dossier.code or "chưa gắn mã"
    return f"Hồ sơ {code}, giấy tờ số {document.ordinal}"


def _facts(document: Document, capture: Capture, settings: Settings) -> pdfa.ArchiveFacts:
    return pdfa.ArchiveFacts(
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
