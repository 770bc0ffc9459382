"""A PDF in, the same PDF with a visible digital signature out (ISO 32000-1, 12.8)."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pikepdf

from samples import cms
from samples.vector import embed

ROOM_BYTES = 4096  # kept free for the signature
PLACE_PT = (372.0, 792.0, 572.0, 828.0)  # at the top right of an A4 page
UNKNOWN = 9_999_999_999  # as wide as any offset will be


def write_signed(pdf: pikepdf.Pdf, signer: str, when: datetime, out: Path) -> None:
    """Write the PDF with a signature field on page 1; `when` is in UTC."""
    stamp = when.strftime("D:%Y%m%d%H%M%SZ")
    value = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            SubFilter=pikepdf.Name("/adbe.pkcs7.detached"),
            ByteRange=[0, UNKNOWN, UNKNOWN, UNKNOWN],
            Contents=pikepdf.String(b"\xee" * ROOM_BYTES),
            M=pikepdf.String(stamp),
            Name=pikepdf.String(signer),
        )
    )
    field = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Widget,
        FT=pikepdf.Name.Sig,
        T=pikepdf.String("Signature1"),
        F=132,  # printed, locked
        Rect=list(PLACE_PT),
        P=pdf.pages[0].obj,
        V=value,
        AP=pikepdf.Dictionary(N=_appearance(pdf, signer, when)),
    )
    widget = pdf.make_indirect(field)
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([widget]))
    pdf.Root.AcroForm = pikepdf.Dictionary(SigFlags=3, Fields=pikepdf.Array([widget]))
    stream = io.BytesIO()
    pdf.save(
        stream,
        deterministic_id=True,
        min_version="1.6",
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(_fill_in(stream.getvalue(), signer, when))


def _appearance(pdf: pikepdf.Pdf, signer: str, when: datetime) -> pikepdf.Object:
    lines = (
        f"Ký bởi: {signer}",
        "Cơ quan: Tỉnh An Phước (mẫu thử)",
        f"Thời gian ký: {when:%d/%m/%Y %H:%M:%S} UTC",
    )
    font, codes = embed(pdf, "", "".join(lines))
    shown = [f"<{''.join(f'{codes[char]:04X}' for char in line)}> Tj T*" for line in lines]
    drawing = f"0 0 0.8 rg BT /F1 9 Tf 11 TL 3 26 Td {' '.join(shown)} ET"
    left, bottom, right, top = PLACE_PT
    form = pdf.make_stream(
        drawing.encode(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, right - left, top - bottom],
        Resources=pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)),
    )
    return pdf.make_indirect(form)


def _fill_in(data: bytes, signer: str, when: datetime) -> bytes:
    """Return the file with its byte range and its signature in place."""
    hole = b"<" + b"ee" * ROOM_BYTES + b">"
    start = data.index(hole)
    end = start + len(hole)
    blank = f"[ 0 {UNKNOWN} {UNKNOWN} {UNKNOWN} ]".encode()
    ranges = f"[ 0 {start} {end} {len(data) - end} ]".encode()
    data = data.replace(blank, ranges.ljust(len(blank)), 1)
    signature = cms.sign(data[:start] + data[end:], signer, when).hex()
    filled = f"<{signature.ljust(2 * ROOM_BYTES, '0')}>".encode()
    return data[:start] + filled + data[end:]
