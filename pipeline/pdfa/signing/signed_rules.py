"""A signed archive PDF in, the reasons why it may no longer claim PDF/A out.

What signing adds is an allow-list of its own (ISO 19005-2, 6.3 and 6.4): fields that are
signatures, their widgets and appearances, and the store of validation data (ETSI EN 319 142-1).
Without these the file must pass the checks of an archive PDF that is not signed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa import structure
from pipeline.pdfa.drawing_rules import Drawing
from pipeline.pdfa.flavour import DEFAULT, FORMS
from pipeline.pdfa.font_rules import check_font
from pipeline.pdfa.rules import Refused, allow_keys, check_scalar, dictionary, stream_bytes

_FORM_KEYS = frozenset({"/Fields", "/SigFlags", "/NeedAppearances"})
_WIDGET_KEYS = frozenset(
    {"/FT", "/T", "/TU", "/V", "/Type", "/Subtype", "/Rect", "/P", "/F", "/AP", "/Ff", "/Lock"}
)
_SIGNATURE_KEYS = frozenset(
    {"/Type", "/Filter", "/SubFilter", "/Contents", "/ByteRange", "/M", "/Name", "/Reason"}
    | {"/Location", "/ContactInfo", "/Prop_Build", "/Reference"}
)
_APPEARANCE_KEYS = frozenset(
    {"/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Length", "/Filter"}
)
_STORE_KEYS = frozenset({"/Type", "/Certs", "/OCSPs", "/CRLs", "/VRI"})
_HIDDEN, _PRINT = 0b100100011, 0b100  # flags of an annotation (6.3.2)
_MAX_FIELDS = 50
_MAX_STORED_BYTES = 20_000_000  # a list of revoked certificates may have megabytes


def check_signed(path: Path) -> tuple[str, ...]:
    """Return why the file may not claim its PDF/A: clause and reason each; nothing when it may."""
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            found = list(structure.reasons(_check_and_remove, pdf))
            if pdf.get_warnings():
                found.append("6.1: the file had to be repaired to be read")
            if found:
                return tuple(found)
            return tuple(_check_rest(pdf))
    except pikepdf.PdfError as error:
        return (f"6.1: the file cannot be read: {type(error).__name__}",)


def _check_rest(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Check what is left without the signatures; qpdf leaves out what nothing points to."""
    rest = io.BytesIO()
    pdf.save(rest, deterministic_id=True, fix_metadata_version=False)
    with pikepdf.open(rest) as left:
        flavour = structure.claimed(left) or DEFAULT
        yield from structure.check_document(left, flavour)
        yield from structure.check_pages(left, FORMS[flavour])


def _check_and_remove(pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    form = dictionary(root.get("/AcroForm"), "6.4.1", "the form")
    allow_keys(form, _FORM_KEYS, "6.4.1", "the form")
    if form.get("/NeedAppearances", False) is not False:
        raise Refused("6.4.1", "a form whose appearances are to be made by the reader")
    fields = list(form.get("/Fields", Array()))
    if not 0 < len(fields) <= _MAX_FIELDS:
        raise Refused("6.4.3", f"{len(fields)} signature fields")
    known = {_check_field(field) for field in fields}
    for page in pdf.pages:
        for note in page.obj.get("/Annots", Array()):
            if note.objgen not in known:
                raise Refused("6.3", "an annotation that is no signature")
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
    if "/DSS" in root:
        _check_store(root["/DSS"])
    for key in ("/AcroForm", "/DSS", "/Extensions"):
        if key in root:
            del root[key]


def _check_field(field: object) -> tuple[int, int]:
    """Check a field that is its own widget; return its object number."""
    entry = dictionary(field, "6.4.1", "a field")
    allow_keys(entry, _WIDGET_KEYS, "6.4.1", "a signature field")
    if entry.get("/FT") != Name.Sig or entry.get("/Subtype") != Name.Widget:
        raise Refused("6.4.1", "a field that is no signature with its widget")
    flags = int(entry.get("/F", 0))
    if flags & _HIDDEN or not flags & _PRINT:
        raise Refused("6.3.2", "a signature that is hidden or does not print")
    for key in ("/T", "/TU"):
        check_scalar(entry.get(key, pikepdf.String("")))
    if "/V" in entry:
        value = dictionary(entry["/V"], "6.4.3", "a signature")
        allow_keys(value, _SIGNATURE_KEYS, "6.4.3", "a signature")
    left, bottom, right, top = (float(side) for side in entry.get("/Rect", Array([0, 0, 0, 0])))
    if (right - left) and (top - bottom):
        _check_appearance(entry.get("/AP"))
    return entry.objgen


def _check_appearance(looks: object) -> None:
    entry = dictionary(looks, "6.3.3", "an appearance")
    allow_keys(entry, {"/N"}, "6.3.3", "an appearance")
    form = dictionary(entry.get("/N"), "6.3.3", "an appearance")
    allow_keys(form, _APPEARANCE_KEYS, "6.3.3", "an appearance")
    drawing = Drawing()
    drawing.form(form, 1)
    for used in drawing.fonts.values():
        check_font(used)


def _check_store(store: object) -> None:
    entry = dictionary(store, "6.1", "the store of validation data")
    allow_keys(entry, _STORE_KEYS, "6.1", "the store of validation data")
    for key in ("/Certs", "/OCSPs", "/CRLs"):
        for item in entry.get(key, Array()):
            stream_bytes(item, _MAX_STORED_BYTES, "6.1", "validation data")
            allow_keys(item, {"/Length", "/Filter"}, "6.1", "validation data")
    for item in entry.get("/VRI", Dictionary()).values():
        allow_keys(item, {"/Type", "/Cert", "/OCSP", "/CRL", "/TU", "/TS"}, "6.1", "an index of it")
