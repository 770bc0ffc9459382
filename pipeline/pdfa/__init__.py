"""Pages in, one searchable PDF/A out, verified. What signs and judges signatures: `signing`."""

from pipeline.pdfa.claim import unproved
from pipeline.pdfa.compose import compose
from pipeline.pdfa.flavour import DEFAULT, Flavour, possible
from pipeline.pdfa.free_box import Corner
from pipeline.pdfa.legacy_fonts import write_unicode
from pipeline.pdfa.mark import Mark, place_mark
from pipeline.pdfa.metadata import ArchiveFacts
from pipeline.pdfa.package import Attachment, make_package
from pipeline.pdfa.verify import verify

__all__ = [
    "DEFAULT",
    "ArchiveFacts",
    "Attachment",
    "Corner",
    "Flavour",
    "Mark",
    "compose",
    "make_package",
    "place_mark",
    "possible",
    "unproved",
    "verify",
    "write_unicode",
]
