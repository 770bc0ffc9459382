"""A PDF in, its electronic signatures judged out: who, when, valid or why not, how much of it.

The file is untrusted and nobody is asked: no server for revocation, no list of this machine. So
trust is what a folder of certificates says, at the time that the signature states.
"""

from __future__ import annotations

import logging
from collections.abc import Coroutine, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pipeline.errors import KeyRefused
from pipeline.pdfa.signing.sign import read_certificates
from pipeline.signature import Signature

MAX_SIGNATURES = 50  # of one file that are looked at; real ones have one to five
MAX_REVISIONS = 30  # more, and what was added after a signature is not looked into
_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der"})
_MAX_LETTERS = 200  # of a name

_TROUBLES = {
    "CRYPTO_CONSTRAINTS_FAILURE": "weak-algorithm"
}  # SHA-1: agencies still used it in 2025

_T = TypeVar("_T")

# It logs each certificate without a path with a traceback and with names from the file. What it
# finds is in our report.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


def certificates_in(folder: Path) -> tuple[Path, ...]:
    """Return the certificate files of a folder. Raises KeyRefused when it cannot be read."""
    try:
        return tuple(sorted(p for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES))
    except OSError as error:
        raise KeyRefused(str(folder), error.strerror or "") from error


def read_signatures(
    pdf: Path, trusted: Sequence[Path] = (), now: datetime | None = None
) -> tuple[Signature, ...]:
    """Return the signatures of a PDF in the order in which they were made.

    `trusted`: certificate files of authorities. `now`: when certificates of a signature that
    states no time must be valid, instead of the clock. A file so damaged that its signatures
    are not found has one signature that is unreadable.
    """
    roots = read_certificates(trusted)
    try:
        with pdf.open("rb") as file:
            reader = PdfFileReader(file, strict=False)
            with_diff = reader.xrefs.total_revisions <= MAX_REVISIONS
            embedded = reader.embedded_regular_signatures[:MAX_SIGNATURES]
            return tuple(_judge(one, roots, with_diff, now) for one in embedded)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (a hostile file may break the reader anywhere)
        return (_unreadable("", type(error).__name__),)


def finish(work: Coroutine[Any, Any, _T]) -> _T:
    """Run a coroutine that waits for nothing, without an event loop.

    A loop opens a pair of sockets, which the child that decodes scans may not.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: _T = done.value
        return result
    work.close()
    raise RuntimeError("it waits for something, although nothing is fetched")


def _judge(embedded: Any, roots: Sequence[Any], with_diff: bool, now: datetime | None) -> Signature:
    try:
        return _judged(embedded, roots, with_diff, now)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (the signature is as untrusted as the file)
        return _unreadable(_text(getattr(embedded, "field_name", "")), type(error).__name__)


def _judged(
    embedded: Any, roots: Sequence[Any], with_diff: bool, now: datetime | None
) -> Signature:
    stated = embedded.self_reported_timestamp
    context = ValidationContext(
        trust_roots=list(roots),
        other_certs=list(embedded.other_embedded_certs),
        allow_fetching=False,
        moment=stated if isinstance(stated, datetime) and stated.tzinfo else now,
    )
    status = finish(
        async_validate_pdf_signature(embedded, context, context, skip_diff=not with_diff)
    )
    reason = next(_reasons(status), "")
    broken = reason in ("changed", "forged", "covers-part", "added-to")
    stamp = status.timestamp_validity
    subject, issuer = (
        c.native for c in (embedded.signer_cert.subject, embedded.signer_cert.issuer)
    )
    return Signature(
        field=_text(embedded.field_name),
        signer=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        issuer=_text(issuer.get("common_name")),
        signed_at=_time(status.signer_reported_dt or stated),
        stamped_at=_time(stamp.timestamp) if stamp and stamp.valid and stamp.intact else None,
        kind=_text(embedded.sig_object.get("/SubFilter", "")).lstrip("/"),
        status="invalid" if broken else "valid",
        reason=reason,
        covers_file=_covers(embedded, status),
        trust="known" if status.trusted else "unknown",
    )


def _reasons(status: Any) -> Iterator[str]:
    """Yield what is wrong with a signature, the gravest first."""
    if not status.intact:
        yield "changed"
    if not status.valid:
        yield "forged"
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield "covers-part"
    level = status.modification_level
    if level is not None and (level == ModificationLevel.OTHER or not status.docmdp_ok):
        yield "added-to"
    if level is None and status.coverage < SignatureCoverageLevel.ENTIRE_FILE:
        yield "not-compared"
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact):
        yield "time-stamp"
    trouble = getattr(status.trust_problem_indic, "name", "")
    if trouble and trouble != "NO_CERTIFICATE_CHAIN_FOUND":  # that is: trust unknown
        yield _TROUBLES.get(trouble, trouble.lower().replace("_", "-"))


def _covers(embedded: Any, status: Any) -> bool:
    if status.coverage >= SignatureCoverageLevel.ENTIRE_FILE:
        return True
    # Bytes behind the last revision belong to none: nobody has signed them.
    followed = embedded.reader.xrefs.total_revisions > embedded.signed_revision + 1
    level = status.modification_level
    harmless = level is not None and level <= ModificationLevel.FORM_FILLING
    return status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION and followed and harmless


def _unreadable(field: str, reason: str) -> Signature:
    return Signature(
        field, "", "", "", None, None, "", "unreadable", reason, covers_file=False, trust="unknown"
    )


def _text(value: object) -> str:
    """Return a name from a certificate or file: untrusted, on one line, not longer than a name."""
    if isinstance(value, list):  # a certificate may name several
        value = ", ".join(map(str, value))
    return " ".join(str(value or "").split())[:_MAX_LETTERS]


def _time(moment: object) -> str | None:
    return moment.isoformat(timespec="seconds") if isinstance(moment, datetime) else None
