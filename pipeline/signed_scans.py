"""Scans that came signed in, what is known of their signatures out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.model import Capture, Document, ScanFacts
from pipeline.settings import Settings
from pipeline.signature import Signature


def scan_signatures(
    document: Document, facts: Sequence[ScanFacts], capture: Capture, settings: Settings
) -> tuple[tuple[Signature, ...], ...]:
    """Return the signatures of each scan of a document; none for a scan without any.

    Raises KeyRefused when the folder of authorities cannot be read.
    """
    if not any(fact.signed for fact in facts):
        return ((),) * len(facts)
    from pipeline.pdfa import signing  # takes most of a second to load, and few scans are signed

    trusted = signing.certificates_in(Path(settings.trusted)) if settings.trusted else ()
    return tuple(
        signing.read_signatures(scan.path, trusted, capture.received_at) if fact.signed else ()
        for scan, fact in zip(document.scans, facts, strict=True)
    )
