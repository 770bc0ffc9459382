"""An archive PDF and the files of its record in, one PDF/A-3 that holds them all out.

For a receiver that takes one file. The archive PDF stays what it is: PDF/A-2 may embed nothing but
PDF/A, and what is signed must not change, so the package is a copy and carries no signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ToolCrashed
from pipeline.pdfa.metadata import pdf_date

_CLAIM = re.compile(b"<pdfaid:part>[123]</pdfaid:part>")
_CLAIM_3 = b"<pdfaid:part>3</pdfaid:part>"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be embedded."""

    name: str  # as readers show it
    data: bytes
    media_type: str
    relationship: str  # Data, Source, Supplement or Alternative (ISO 19005-3, 6.8)
    meaning: str


def make_package(
    pdf: Path, attachments: Sequence[Attachment], out: Path, modified: datetime
) -> None:
    """Write the PDF/A-3 to `out`; `modified` is the date of the attachments. What it
    claims beside the part (a, b or u) stays.

    The same input gives the same bytes. Raises ToolCrashed when the archive PDF is signed or makes
    no claim that a package could keep.
    """
    try:
        with pikepdf.open(pdf) as package:
            if "/AcroForm" in package.Root:
                raise ToolCrashed(pdf.name, "it is signed: package an earlier version")
            packet = package.Root.Metadata.read_bytes()
            if not _CLAIM.search(packet):
                raise ToolCrashed(pdf.name, "it makes no claim to be PDF/A")
            package.Root.Metadata.write(_CLAIM.sub(_CLAIM_3, packet))
            entries = [_embed(package, one, modified) for one in attachments]
            package.Root.AF = Array(entries)
            # Readers want the names in order (ISO 32000-1, 7.9.6).
            pairs = sorted(
                (one.name, entry) for one, entry in zip(attachments, entries, strict=True)
            )
            names = [part for name, entry in pairs for part in (pikepdf.String(name), entry)]
            package.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(names)))
            package.save(
                out,
                deterministic_id=True,
                fix_metadata_version=False,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
            )
    except pikepdf.PdfError as error:
        raise ToolCrashed(pdf.name, str(error)) from error


def _embed(pdf: pikepdf.Pdf, one: Attachment, modified: datetime) -> pikepdf.Object:
    stream = pdf.make_stream(one.data)
    stream.Type = Name.EmbeddedFile
    stream.Subtype = Name("/" + one.media_type.split(";")[0])
    stream.Params = Dictionary(Size=len(one.data), ModDate=pikepdf.String(pdf_date(modified)))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Filespec,
            F=pikepdf.String(one.name),
            UF=pikepdf.String(one.name),
            Desc=pikepdf.String(one.meaning),
            AFRelationship=Name("/" + one.relationship),
            EF=Dictionary(F=stream, UF=stream),
        )
    )
