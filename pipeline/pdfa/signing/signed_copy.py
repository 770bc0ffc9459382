"""A file that came back signed and the archive PDF that went out in, proof that it is ours out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from pikepdf import Dictionary

from pipeline.errors import SignatureRefused
from pipeline.pdfa.signing.signatures import read_signatures
from pipeline.pdfa.signing.signed_rules import check_signed
from pipeline.signature import SignedCopy

_BLOCK_BYTES = 1 << 20
_PROOF_DPI = 72
_END = b"%%EOF"
_ADDED_KEYS = frozenset(
    {"/AcroForm", "/DSS", "/Extensions", "/Version", "/Annots"}
)  # catalog, page


def verify_signed(signed: Path, ours: Path, trusted: Sequence[Path] = ()) -> SignedCopy:
    """Check that `signed` is `ours` with nothing but valid signatures behind it.

    `ours` byte for byte, then increments that only sign; every signature valid, the last over the
    whole file; pages and text as they were. Raises SignatureRefused with the first that does not
    hold.
    """
    _require_extension(signed, ours)
    found = read_signatures(signed, trusted)
    if not found:
        raise SignatureRefused(signed.name, "no signature in it")
    for one in found:
        if one.status != "valid":
            raise SignatureRefused(signed.name, f"{one.signer or one.field}: {one.reason}")
    if not found[-1].covers_file:
        raise SignatureRefused(signed.name, "the last signature does not cover the whole file")
    _require_only_signed(signed, ours)
    _require_same_pages(signed, ours)
    return SignedCopy(found, check_signed(signed))


def _require_extension(signed: Path, ours: Path) -> None:
    with signed.open("rb") as left, ours.open("rb") as right:
        while expected := right.read(_BLOCK_BYTES):
            if left.read(len(expected)) != expected:
                raise SignatureRefused(signed.name, "it does not begin with our file")
        if not left.read(1):
            raise SignatureRefused(signed.name, "it is our file, not signed")
        left.seek(-len(_END) - 2, os.SEEK_END)
        if not left.read().rstrip(b"\r\n").endswith(_END):
            raise SignatureRefused(signed.name, "bytes that nobody signed stand at its end")


def _require_only_signed(signed: Path, ours: Path) -> None:
    """Refuse an increment that changes an object of ours by more than signing must.

    A signature adds entries to the catalog and to a page; programs that sign may also put a new
    date into the metadata, which the PDF/A checks look at.
    """
    try:
        with pikepdf.open(signed) as left, pikepdf.open(ours) as right:
            free = _free_objects(right) | _free_objects(left)
            for entry in right.objects:
                if not isinstance(entry, pikepdf.Object) or entry.objgen in free:
                    continue
                if _plain(entry) != _plain(left.get_object(entry.objgen)):
                    raise SignatureRefused(signed.name, "more was changed than signing does")
    except pikepdf.PdfError as error:
        raise SignatureRefused(signed.name, f"it cannot be read: {error}") from error


def _free_objects(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    """Return the objects that signing may change as a whole."""
    root = pdf.Root
    form, store = root.get("/AcroForm", Dictionary()), root.get("/DSS", Dictionary())
    found = [form, store, form.get("/Fields"), root.get("/Metadata"), pdf.trailer.get("/Info")]
    found += [*store.values(), *(page.obj.get("/Annots") for page in pdf.pages)]
    return {one.objgen for one in found if isinstance(one, pikepdf.Object) and one.is_indirect}


def _plain(entry: object) -> tuple[bytes, bytes]:
    """Return an object as bytes, without the entries that signing adds."""
    if isinstance(entry, pikepdf.Stream):
        return entry.read_raw_bytes(), Dictionary(dict(entry.items())).unparse()
    if isinstance(entry, Dictionary):
        kept = {key: value for key, value in entry.items() if key not in _ADDED_KEYS}
        return b"", Dictionary(kept).unparse()
    return b"", entry.unparse() if isinstance(entry, pikepdf.Object) else repr(entry).encode()


def _require_same_pages(signed: Path, ours: Path) -> None:
    with pypdfium2.PdfDocument(signed) as left, pypdfium2.PdfDocument(ours) as right:
        if len(left) != len(right):
            raise SignatureRefused(signed.name, f"{len(left)} pages instead of {len(right)}")
        for index in range(len(right)):
            if not _same_page(left[index], right[index]):
                raise SignatureRefused(signed.name, f"page {index + 1} was changed")


def _same_page(left: pypdfium2.PdfPage, right: pypdfium2.PdfPage) -> bool:
    try:
        if left.get_size() != right.get_size() or _text(left) != _text(right):
            return False
        return np.array_equal(_picture(left), _picture(right))
    finally:
        left.close()
        right.close()


def _text(page: pypdfium2.PdfPage) -> str:
    reading = page.get_textpage()
    try:
        return str(reading.get_text_range())
    finally:
        reading.close()


def _picture(page: pypdfium2.PdfPage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Return the page as it is drawn without what lies on it, signatures included."""
    bitmap = page.render(scale=_PROOF_DPI / 72, may_draw_forms=False, draw_annots=False)
    try:
        return np.array(bitmap.to_numpy())
    finally:
        bitmap.close()
