"""Pages in, one searchable PDF/A out, verified; signed, if somebody signs it."""

from pipeline.pdfa.compose import compose
from pipeline.pdfa.metadata import ArchiveFacts
from pipeline.pdfa.package import Attachment, make_package
from pipeline.pdfa.sign import (
    APPEARANCES,
    LEVELS,
    Key,
    Signed,
    Signing,
    open_key_file,
    open_token,
    sign,
)
from pipeline.pdfa.signatures import certificates_in, read_signatures
from pipeline.pdfa.signed_copy import SignedCopy, verify_signed
from pipeline.pdfa.verify import verify

__all__ = [
    "APPEARANCES",
    "LEVELS",
    "ArchiveFacts",
    "Attachment",
    "Key",
    "Signed",
    "SignedCopy",
    "Signing",
    "certificates_in",
    "compose",
    "make_package",
    "open_key_file",
    "open_token",
    "read_signatures",
    "sign",
    "verify",
    "verify_signed",
]
