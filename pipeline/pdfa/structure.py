"""An archive PDF in, the reasons why it may not claim its PDF/A flavour out.

An allow-list of what our writer writes, and of what a text-born page may bring along; whatever is
not known to be allowed counts as a reason (ISO 19005-2:2011). Measured against the veraPDF corpus
in `bench/pdfa_agreement.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa import icc
from pipeline.pdfa.drawing_rules import Drawing
from pipeline.pdfa.first_part_rules import check_first_part
from pipeline.pdfa.flavour import DEFAULT, FORMS, Flavour, Form
from pipeline.pdfa.font_rules import check_font
from pipeline.pdfa.metadata import DocumentInfo, pdf_date, read_packet
from pipeline.pdfa.rules import Refused, allow_keys, check_object, dictionary, stream_bytes
from pipeline.pdfa.tag_rules import check_tags

_HEAD = (
    b"%%PDF-%s\n%%\xbf\xf7\xa2\xfe\n"  # as qpdf writes it, through which every file of ours goes
)
_TAIL = re.compile(rb"startxref\n(\d{1,12})\n%%EOF\n")
_XREF = {True: re.compile(rb"\d+ 0 obj\n<<"), False: re.compile(rb"xref\n0 \d+\n")}  # streamed
_CATALOG_KEYS = frozenset(
    {"/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/ViewerPreferences"}
)
_TAG_KEYS = frozenset({"/StructTreeRoot", "/MarkInfo"})
_TRAILER_KEYS = frozenset({"/Root", "/Info", "/ID", "/Size"})
_XREF_KEYS = frozenset({"/Type", "/W", "/Index", "/Filter", "/DecodeParms", "/Length"})
_PAGE_KEYS = frozenset(
    {"/Type", "/Parent", "/Resources", "/Contents", "/Group", "/Rotate"}
    | {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"}
)
_INTENT_KEYS = frozenset(
    {"/Type", "/S", "/OutputConditionIdentifier", "/Info", "/DestOutputProfile"}
)
_MIN_SIDE, _MAX_SIDE = 3, 14_400  # 6.1.13
_MAX_OBJECTS = 8_388_607  # 6.1.13
_MAX_FAILURES = 50  # a page is named once; nobody reads more
_MAX_PACKET_BYTES = 100_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def check(path: Path, flavour: Flavour = DEFAULT) -> tuple[str, ...]:
    """Return why the file may not claim a PDF/A flavour: clause and reason each.

    Clauses are those of ISO 19005-2; the rules of part 1 that differ are in `first_part_rules`.
    """
    form = FORMS[flavour]
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            found = [*reasons(_check_file, path, form)]
            found += [*check_document(pdf, flavour), *check_pages(pdf, form)]
            if pdf.get_warnings():
                found.append("6.1: the file had to be repaired to be read")
            return tuple(found[:_MAX_FAILURES])
    except pikepdf.PdfError as error:
        return (f"6.1: the file cannot be read: {type(error).__name__}",)


def check_pages(pdf: pikepdf.Pdf, form: Form) -> Iterator[str]:
    """Yield what is wrong with the pages, what they draw, and all objects."""
    drawing = Drawing()
    for number, page in enumerate(pdf.pages, start=1):
        yield from reasons(_check_page, page, form, where=f"page {number}")
        yield from reasons(drawing.check_page, page, where=f"page {number}")
    for used in drawing.fonts.values():
        name = str(used.font.get("/BaseFont", "/?"))[1:60]
        yield from reasons(check_font, used, where=f"font {name}")
    yield from reasons(_check_objects, pdf)
    if form.tagged:
        yield from reasons(check_tags, pdf)
    if form.part == 1:
        yield from reasons(check_first_part, pdf)


def reasons(rule: Callable[..., None], *what: object, where: str = "") -> Iterator[str]:
    """Yield why a rule refuses what it is given, if it does."""
    try:
        rule(*what)
    except Refused as refused:
        yield f"{refused}" + (f" ({where})" if where else "")
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError, KeyError) as error:
        # An object of a kind that the rule did not expect: not known to be allowed.
        yield f"6.1: {type(error).__name__} in {rule.__name__.strip('_')}" + (
            f" ({where})" if where else ""
        )


def _check_file(path: Path, form: Form) -> None:
    """Check the form of the file: one revision, as qpdf writes it (6.1.2–6.1.4)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = _HEAD % form.version.encode("ascii")
        if file.read(len(head)) != head:
            raise Refused("6.1.2", "a header that our writer does not write")
        file.seek(max(0, size - 64))
        tail = file.read()
        end = _TAIL.search(tail)
        if end is None or end.end() != len(tail):
            raise Refused("6.1.3", "an end that our writer does not write")
        file.seek(int(end[1]))
        if not _XREF[form.streamed].match(file.read(64)):
            raise Refused("6.1.4", "a cross-reference that our writer does not write")


def check_document(pdf: pikepdf.Pdf, flavour: Flavour) -> Iterator[str]:
    """Yield what is wrong with the document apart from its pages."""
    yield from reasons(_check_trailer, pdf)
    yield from reasons(_check_catalog, pdf, FORMS[flavour])
    yield from reasons(_check_intent, pdf)
    yield from reasons(_check_metadata, pdf, flavour)


def claimed(pdf: pikepdf.Pdf) -> Flavour | None:
    """Return the PDF/A flavour that a file of ours claims; None: none, or it is not ours."""
    try:
        data = stream_bytes(pdf.Root.get("/Metadata"), _MAX_PACKET_BYTES, "6.6.2.1", "XMP")
    except Refused:
        return None
    packet = read_packet(data)
    return packet[1] if packet else None


def _check_trailer(pdf: pikepdf.Pdf) -> None:
    trailer = pdf.trailer
    if pdf.is_encrypted:
        raise Refused("6.1.3", "an encrypted file")
    allow_keys(trailer, _TRAILER_KEYS | _XREF_KEYS, "6.1.3", "the trailer")
    identifiers = trailer.get("/ID", Array())
    if len(identifiers) != 2 or not all(bytes(part) for part in identifiers):
        raise Refused("6.1.3", "a file without identifier")


def _check_catalog(pdf: pikepdf.Pdf, form: Form) -> None:
    root = pdf.Root
    allowed = _CATALOG_KEYS | (_TAG_KEYS if form.tagged else frozenset())
    allow_keys(root, allowed, "6.1–6.9", "the catalog")
    if not _LANGUAGE.fullmatch(str(root.get("/Lang", ""))):
        raise Refused("6.7.4", "no language")
    preferences = dictionary(root.get("/ViewerPreferences"), "6.1.2", "viewer preferences")
    allow_keys(preferences, {"/DisplayDocTitle"}, "6.1.2", "viewer preferences")


def _check_intent(pdf: pikepdf.Pdf) -> None:
    intents = pdf.Root.get("/OutputIntents", Array())
    if len(intents) != 1:
        raise Refused("6.2.3", "not exactly one output intent")
    intent = dictionary(intents[0], "6.2.3", "the output intent")
    allow_keys(intent, _INTENT_KEYS, "6.2.3", "the output intent")
    profile = dictionary(intent.get("/DestOutputProfile"), "6.2.3", "the output profile")
    data = stream_bytes(profile, 100_000, "6.2.3", "the output profile")
    if intent.get("/S") != Name.GTS_PDFA1 or data != icc.srgb_profile() or profile.get("/N") != 3:
        raise Refused("6.2.3", "an output intent other than our sRGB")


def _check_metadata(pdf: pikepdf.Pdf, flavour: Flavour) -> None:
    """Check that the packet is one of ours, claims the flavour and equals the information."""
    stream = pdf.Root.get("/Metadata")
    data = stream_bytes(stream, _MAX_PACKET_BYTES, "6.6.2.1", "the XMP packet")
    entry = dictionary(stream, "6.6.2.1", "the XMP packet")
    allow_keys(entry, {"/Type", "/Subtype", "/Length"}, "6.6.2.1", "the XMP packet")
    packet = read_packet(data)
    if packet is None:
        raise Refused("6.6.2", "an XMP packet that our writer does not write")
    info, claim = packet
    if claim != flavour:
        raise Refused("6.6.4", f"no claim to be PDF/A-{flavour}")
    if _information(pdf.trailer.get("/Info")) != _expected_information(info):
        raise Refused("6.6.3", "document information that is not that of the XMP packet")


def _information(entry: object) -> dict[str, str]:
    info = dictionary(entry, "6.6.3", "the document information")
    return {key: str(value) for key, value in info.items()}


def _expected_information(info: DocumentInfo) -> dict[str, str]:
    when = pdf_date(info.created)
    return {
        "/Title": info.title,
        "/Creator": info.creator_tool,
        "/Producer": info.producer,
        "/CreationDate": when,
        "/ModDate": when,
    }


def _check_page(page: pikepdf.Page, form: Form) -> None:
    allowed = _PAGE_KEYS | ({"/StructParents", "/Tabs"} if form.tagged else frozenset())
    allow_keys(page.obj, allowed, "6.1–6.9", "a page")
    if int(page.obj.get("/Rotate", 0)) % 90:
        raise Refused("6.1", "a page turned by no right angle")
    for key in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox"):
        if key in page.obj or key == "/MediaBox":
            left, bottom, right, top = (float(side) for side in page.obj[key])
            for side in (abs(right - left), abs(top - bottom)):
                if not _MIN_SIDE <= side <= _MAX_SIDE:
                    raise Refused("6.1.13", f"a page side of {side:g} pt")


def _check_objects(pdf: pikepdf.Pdf) -> None:
    if len(pdf.objects) > _MAX_OBJECTS:
        raise Refused("6.1.13", "too many objects")
    roots = {pdf.Root.objgen}
    for entry in pdf.objects:
        if isinstance(entry, pikepdf.Object) and entry.objgen in roots:
            # The catalog has a list of its own keys; its metadata is checked there.
            for key in set(entry.keys()) - {"/Metadata"}:
                check_object(entry[key], depth=1)
        elif isinstance(entry, Dictionary) and entry.get("/Type") == Name.Pages:
            allow_keys(entry, {"/Type", "/Kids", "/Count", "/Parent"}, "6.1", "a page tree")
        else:
            check_object(entry)
