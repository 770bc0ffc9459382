"""Archive PDFs in, signed ones out; and PDFs in, what their signatures are worth out.

A package of its own, because pyHanko takes most of a second to load and few scans are signed.
"""

from pipeline.pdfa.signing.appearance import APPEARANCES
from pipeline.pdfa.signing.sign import (
    LEVELS,
    Key,
    Signed,
    Signing,
    open_key_file,
    open_token,
    sign,
)
from pipeline.pdfa.signing.signatures import certificates_in, read_signatures
from pipeline.pdfa.signing.signed_copy import verify_signed

__all__ = [
    "APPEARANCES",
    "LEVELS",
    "Key",
    "Signed",
    "Signing",
    "certificates_in",
    "open_key_file",
    "open_token",
    "read_signatures",
    "sign",
    "verify_signed",
]
