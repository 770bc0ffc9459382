"""What is known of an electronic signature in a file, as it was found without asking anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SignatureStatus = Literal["valid", "invalid", "unreadable"]
Trust = Literal["known", "unknown"]


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature; everything in it but `status`, `reason` and `covers_file` is a claim."""

    field: str  # name of its form field
    signer: str  # common name in the certificate
    organisation: str
    issuer: str  # common name of the authority that issued the certificate
    signed_at: str | None  # ISO 8601, the signer's own clock
    stamped_at: str | None  # ISO 8601, of a valid time stamp by an authority
    kind: str  # "ETSI.CAdES.detached", "adbe.pkcs7.detached", …
    status: SignatureStatus  # valid: what it covers is what was signed, by this certificate's key
    reason: str  # why it is not valid, or what to know: "changed", "weak-algorithm", …
    covers_file: bool  # no byte of the file stands outside, but signatures added later
    trust: Trust  # known: its certificate leads to one of the authorities that we were given


@dataclass(frozen=True, slots=True)
class SignedCopy:
    """What a signed archive PDF proves."""

    signatures: tuple[Signature, ...]
    failures: tuple[str, ...]  # why it may not claim PDF/A-2u; empty: it may
