"""THE ORDER: scans in, a digitized document out, then into the store.

This is the one file that knows which stage follows which. Stages are plain functions of the
rooms; `flow` passes their values on and never edits them. `digitize` uses no network and no
clock: the same scans, settings and `received_at` give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline import extraction, imaging, recognition
from pipeline.archive import build_archive, unproved_pages
from pipeline.errors import ToolCrashed
from pipeline.existing_text import Judge, needs_picture, with_unicode
from pipeline.extraction import Schemas
from pipeline.findings import document_issues
from pipeline.layers import EncodedPage
from pipeline.layout import HeadFigures
from pipeline.model import (
    ArchivePage,
    Capture,
    Digitized,
    Document,
    Issue,
    Measures,
    Page,
    PageImage,
    Scan,
    ScanFacts,
)
from pipeline.page_layout import page_layout
from pipeline.page_reading import Reading, read_upright
from pipeline.settings import Settings
from pipeline.signature import SignedCopy
from pipeline.signed_folder import signed_record
from pipeline.signed_scans import scan_signatures
from pipeline.storage import (
    ObjectStore,
    Record,
    commit_record,
    delete_try,
    file_key,
    get_record,
    validate,
    version_attempt,
)
from pipeline.text_born import Ways, prove, text_page, with_issue
from pipeline.trace import NO_TRACE, Trace
from pipeline.versions import steps

_ARCHIVE = "archive.pdf"
Progress = Callable[[int, int], None]  # (pages done, pages in all)


def digitize(
    document: Document,
    capture: Capture,
    schemas: Schemas,
    settings: Settings,
    scratch: Path,
    *,
    trace: Trace = NO_TRACE,
    progress: Progress = lambda done, total: None,
) -> Digitized:
    """Turn the scans of one document into an archive PDF and checked fields.

    `scratch` receives `archive.pdf` and the encoded page images. Raises ScanError when the
    paper must be scanned again, ToolError when a program of ours failed.
    """
    reader = recognition.reader(settings.ocr_profile, settings.ocr_language)
    facts = [_probe(scan, settings) for scan in document.scans]
    signatures = scan_signatures(document, facts, capture, settings)
    readable = with_unicode(document, facts, scratch)
    ways = _ways(readable, capture, facts, settings, scratch, trace)
    archived, verification = prove(
        _digitize_pages(readable, facts, settings, reader, scratch, trace, progress), ways
    )
    pages = tuple(one.page for one in archived)
    classified = extraction.classify(pages, schemas)
    doc_type = document.doc_type or classified.doc_type
    schema = schemas.for_type(doc_type)
    found = extraction.extract(pages, schema)
    trust = settings.accept_confidence
    fields, field_issues = extraction.check(found, schema, document, accept_confidence=trust)
    issues = document_issues(
        document, facts, pages, verification, doc_type, settings.pdfa, signatures
    )
    digitized = Digitized(
        document=document,
        classified=classified,
        pages=pages,
        fields=fields,
        issues=(*issues, *field_issues),
        result_code=extraction.assign_result_code(fields, document, schema),
        pdf=scratch / _ARCHIVE,
        verification=verification,
        sources=tuple(facts),
        steps=steps(settings, reader),
        signatures=signatures,
    )
    trace.value("digitized", digitized)
    return digitized


def _digitize_pages(
    document: Document,
    facts: Sequence[ScanFacts],
    settings: Settings,
    reader: recognition.Reader,
    scratch: Path,
    trace: Trace,
    progress: Progress,
) -> list[ArchivePage]:
    archived: list[ArchivePage] = []
    total = sum(fact.pages for fact in facts)
    progress(0, total)
    judge = Judge(recognition.sample_reader(settings.ocr_language, settings.page_timeout_s))
    for raw in _raw_pages(document, facts, settings, scratch):
        if judge.refuses(raw):
            anew = replace(raw, text_born=None)
            one = digitize_page(anew, settings, reader, scratch, trace)
            archived.append(with_issue(one, Issue("page.text-differs", f"page {raw.number}")))
        else:
            archived.append(digitize_page(raw, settings, reader, scratch, trace))
        progress(len(archived), total)
    return archived


def _ways(
    document: Document,
    capture: Capture,
    facts: Sequence[ScanFacts],
    settings: Settings,
    scratch: Path,
    trace: Trace,
) -> Ways:
    """Return how pages are made again, and the archive PDF of them."""
    reader = recognition.reader(settings.ocr_profile, settings.ocr_language)
    pdf = scratch / _ARCHIVE
    return Ways(
        raws=lambda: _raw_pages(document, facts, settings, scratch),
        recognised=lambda raw: digitize_page(raw, settings, reader, scratch, trace),
        pictured=lambda raw: _encode(raw, raw.image, imaging.measure(raw.image), settings, scratch),
        build=lambda pages: build_archive(pages, document, capture, settings, pdf),
        unproved=lambda pages: unproved_pages(pages, document, capture, settings, scratch),
    )


def digitize_page(
    raw: imaging.RawPage,
    settings: Settings,
    reader: recognition.Reader,
    scratch: Path,
    trace: Trace,
) -> ArchivePage:
    """Read, turn, straighten, measure and recognise one page, and encode it for the archive."""
    trace.image(raw.number, "read", raw.image.pixels)
    if raw.text_born is not None and recognition.text_survives(raw.text_born.words):
        if needs_picture(raw.text_born):
            measures = imaging.measure(raw.image)
            encoded = _encode(raw, raw.image, measures, settings, scratch)
            transcoded = Issue("page.transcoded", f"page {raw.number}")
            return with_issue(text_page(raw, raw.text_born, encoded), transcoded)
        return text_page(raw, raw.text_born)

    reading = read_upright(raw, settings, reader, trace)
    straight = reading.straight
    codes = recognition.read_codes(straight)
    page = Page(
        number=raw.number,
        width_px=straight.width_px,
        height_px=straight.height_px,
        dpi=straight.dpi,
        kind="scan",
        lines=reading.lines,
        codes=codes,
        measures=reading.measures,
        layout=page_layout(reading, codes),
        figures=_head_figures(reading),
    )
    page = replace(page, issues=imaging.page_issues(page, settings.scan_profile))
    trace.value(f"page-{raw.number:04}", page)
    encoded = _encode(raw, straight, page.measures, settings, scratch)
    return ArchivePage(page, encoded)


def _head_figures(reading: Reading) -> tuple[HeadFigures, ...]:
    if reading.ink is None:
        return ()
    return recognition.read_head_figures(reading.ink, reading.lines, reading.straight.dpi)


def _encode(
    raw: imaging.RawPage, image: PageImage, measures: Measures, settings: Settings, scratch: Path
) -> EncodedPage:
    """Return the page image compressed for the archive."""
    return imaging.encode(
        image,
        measures.colour or imaging.is_tinted(image),
        scratch / f"page-{raw.number:04}",
        profile=settings.pdf_profile,
        jpeg_quality=settings.jpeg_quality,
        original=raw.original,
    )


def store(
    folder: Path, intake: Record, bucket: ObjectStore, *, attempt: str, stored_at: datetime
) -> Record:
    """Put the files of a digitized document, then its record, once and last; return the record.

    `folder` is what `write_folder` made, `intake` the intake object. When another attempt has
    committed first, its record is returned and our files are removed. Raises StoreError,
    InvalidRecord.
    """
    record: Record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    record_id = record["record_id"]
    for file in record["files"]:
        file["key"] = file_key(record_id, attempt, file["name"])
    for original, taken in zip(record["originals"], intake["files"], strict=True):
        original["key"] = taken["key"]
    record["legal_steps"]["stored"] = True
    record |= {"attempt": attempt, "stored_at": stored_at.isoformat()}
    validate(record, extraction.schemas_folder(None) / "record.schema.json")
    for file in record["files"]:
        put = bucket.put_file(file["key"], folder / file["name"], file["media_type"])
        if put.sha256 != file["sha256"]:
            raise ToolCrashed(file["name"], "changed between writing and storing")
    commit = commit_record(bucket, record, attempt)
    if not commit.won:
        delete_try(bucket, record_id, attempt)
        return get_record(bucket, record_id, commit.version)
    return record


def accept_signed(
    record: Record, copy: SignedCopy, folder: Path, bucket: ObjectStore, *, stored_at: datetime
) -> Record | None:
    """Put the next version of a record, whose archive PDF is signed; None: it is another's.

    `folder` holds the files of `record`, the signed `archive.pdf` among them. All are put anew
    under the attempt of this version, so that each version has its files in one place; earlier
    versions stay as they are. Raises StoreError, InvalidRecord.
    """
    version = int(record["version"]) + 1
    attempt = version_attempt(version)
    made = signed_record(record, copy, folder)
    made |= {"version": version, "attempt": attempt, "stored_at": stored_at.isoformat()}
    for file in made["files"]:
        file["key"] = file_key(record["record_id"], attempt, file["name"])
    validate(made, extraction.schemas_folder(None) / "record.schema.json")
    for file in made["files"]:
        put = bucket.put_file(file["key"], folder / file["name"], file["media_type"])
        if put.sha256 != file["sha256"]:
            raise ToolCrashed(file["name"], "changed between writing and storing")
    if commit_record(bucket, made, attempt).won:
        return made
    delete_try(bucket, record["record_id"], attempt)
    return None


def _probe(scan: Scan, settings: Settings) -> ScanFacts:
    limits = imaging.Limits(
        max_bytes=settings.max_file_bytes,
        max_pages=settings.max_pages,
        max_pixels=settings.max_page_pixels,
    )
    return imaging.probe(scan.path, scan.name, limits)


def _raw_pages(
    document: Document, facts: Sequence[ScanFacts], settings: Settings, scratch: Path
) -> Iterator[imaging.RawPage]:
    """Yield the pages of all scans, one at a time, numbered through the document."""
    number = 0
    for scan, fact in zip(document.scans, facts, strict=True):
        for raw in imaging.read_pages(
            scan.path,
            fact,
            default_dpi=settings.default_dpi,
            max_dpi=settings.max_dpi,
            max_pixels=settings.max_page_pixels,
            timeout_s=settings.page_timeout_s,
            scratch=scratch,
            name=scan.name,
        ):
            number += 1
            yield replace(raw, number=number)
