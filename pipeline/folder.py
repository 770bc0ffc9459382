"""A digitized document in, a folder with its files and record out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any

from pipeline import recognition
from pipeline.box import Box
from pipeline.model import Capture, Digitized, Field, Page, Scan, ScanFacts
from pipeline.signature import Signature
from pipeline.vietnam.identifiers import parse_dossier_code

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/alto+xml",
    ".hocr": "text/vnd.hocr+html",
    ".json": "application/json",
}


def write_folder(digitized: Digitized, capture: Capture, out: Path) -> dict[str, Any]:
    """Write archive.pdf, text.txt, text.hocr, pages/, report.json, record.json; return the last.

    The record is version 1 without keys: `flow.store` adds where the files went.
    """
    (out / "pages").mkdir(parents=True, exist_ok=True)
    digitized.pdf.replace(out / "archive.pdf")
    # A form feed ends each page, so that a reader can count them.
    text = "".join(f"{recognition.plain_text(page)}\n\f" for page in digitized.pages)
    (out / "text.txt").write_text(text, encoding="utf-8")
    with (out / "text.hocr").open("wb") as file:
        file.writelines(recognition.hocr(digitized.pages, "archive.pdf"))
    for page in digitized.pages:
        alto = recognition.alto_xml(page, "archive.pdf")
        (out / "pages" / f"{page.number:04}.xml").write_bytes(alto)
    write_json(out / "report.json", asdict(digitized.verification))
    record = {
        **_head(digitized, capture),
        "fields": {field.name: _field(field) for field in digitized.fields},
        "issues": [asdict(issue) for issue in digitized.issues],
        "pages": [_page(page) for page in digitized.pages],
        "pdfa": digitized.verification.pdfa,
        "files": [file_entry(out, path) for path in _outputs(out)],
        "originals": [
            _original(scan, facts, signatures)
            for scan, facts, signatures in zip(
                digitized.document.scans, digitized.sources, digitized.signatures, strict=True
            )
        ],
        "capture": {
            "received_at": capture.received_at.isoformat(),
            "station": capture.station,
            "source_path": capture.source_path,
            "images": len(digitized.pages),
        },
        "steps": [asdict(step) for step in digitized.steps],
        "fingerprint": fingerprint(digitized),
        "stored_at": None,
    }
    write_json(out / "record.json", record)
    return record


def fingerprint(digitized: Digitized) -> str:
    """Return a hash of the tools, versions and settings that made the files."""
    plain = json.dumps([asdict(step) for step in digitized.steps], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def _head(digitized: Digitized, capture: Capture) -> dict[str, Any]:
    document, dossier = digitized.document, digitized.document.dossier
    doubtful = any(field.status == "in_review" for field in digitized.fields)
    doc_type = document.doc_type or digitized.classified.doc_type
    return {
        "schema": "sohoa/record/1",
        "record_id": capture.record_id,
        "version": 1,
        "attempt": None,
        "state": "in_review" if doubtful or doc_type is None else "stored",
        "legal_steps": {
            "copied": True,
            "extracted": True,
            "coded": digitized.result_code is not None,
            "stored": False,
        },
        "doc_type": doc_type,
        "doc_type_confidence": 1.0 if document.doc_type else digitized.classified.confidence,
        "dossier": {
            "code": dossier.code,
            "linked": parse_dossier_code(dossier.code or "") is not None,
            "procedure": dossier.procedure,
            "result_number": dossier.result_number,
            "result_code": dossier.result_code,
        },
        "document": {
            "ordinal": document.ordinal,
            "component_code": document.component_code,
            "digitized_result_code": digitized.result_code,
            "paper_pages": document.paper_pages,
        },
        "owner": dict(dossier.owner),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "raw": field.raw,
        "confidence": round(field.confidence, 4),
        "page": field.page,
        "box": _as_json(field.box),
        "rule": field.rule,
        "engine": field.engine,
        "source": field.source,
        "status": field.status,
    }


def _page(page: Page) -> dict[str, Any]:
    return {
        "number": page.number,
        "width_px": page.width_px,
        "height_px": page.height_px,
        "dpi": page.dpi,
        "kind": page.kind,
        "words": len(page.words),
        "measures": _as_json(page.measures),
        "layout": _as_json(page.layout),
    }


def _as_json(value: Any) -> Any:
    """Return a value as it is when the record is read again: JSON has lists, no tuples."""
    if isinstance(value, Box):
        return [value.left, value.top, value.right, value.bottom]
    if is_dataclass(value):
        return {one.name: _as_json(getattr(value, one.name)) for one in fields(value)}
    return [_as_json(one) for one in value] if isinstance(value, tuple) else value


def _original(scan: Scan, facts: ScanFacts, signatures: tuple[Signature, ...]) -> dict[str, Any]:
    return {
        "name": scan.name,
        "key": None,
        "size_bytes": scan.size_bytes,
        "sha256": scan.sha256,
        "media_type": facts.media_type,
        "signed": facts.signed,
        "signatures": [asdict(one) for one in signatures],
    }


def _outputs(out: Path) -> list[Path]:
    return [
        out / "archive.pdf",
        out / "text.txt",
        out / "text.hocr",
        *sorted((out / "pages").glob("*.xml")),
        out / "report.json",
    ]


def file_entry(out: Path, path: Path) -> dict[str, Any]:
    """Return what a record says of one of the files under `out`."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "name": path.relative_to(out).as_posix(),
        "key": None,
        "size_bytes": path.stat().st_size,
        "sha256": digest,
        "media_type": MEDIA_TYPES[path.suffix],
    }


def write_json(path: Path, value: Any) -> None:
    """Write a value as our JSON files look."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False, default=dict)
    path.write_text(text + "\n", encoding="utf-8")
