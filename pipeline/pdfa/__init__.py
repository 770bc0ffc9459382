"""Pages in, one searchable PDF/A out, verified."""

from pipeline.pdfa.compose import compose
from pipeline.pdfa.metadata import ArchiveFacts
from pipeline.pdfa.verify import verify

__all__ = ["ArchiveFacts", "compose", "verify"]
