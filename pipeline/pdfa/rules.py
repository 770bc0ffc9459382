"""What every part of the PDF/A-2u checks shares: refusing, looking up, limits of objects."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable
from decimal import Decimal

import pikepdf
from pikepdf import Array, Dictionary, Name

_MAX_DEPTH = 40  # of direct objects in one another; ours are 6 deep
_MAX_NAME_BYTES = 127
_MAX_STRING_BYTES = 32_767
_MAX_INTEGER = 2**31 - 1
_MAX_REAL = Decimal("3.4e38")
# Filters that PDF/A-2 allows (6.1.7.2) and that our tests cover. JPXDecode is allowed by the
# standard under conditions that we do not check (6.2.8.3), so it is not in the list.
_FILTERS = frozenset(
    {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode", "/RunLengthDecode"}
    | {"/ASCIIHexDecode", "/ASCII85Decode"}
)
# Keys that act, hide, point outside or embed, wherever they stand.
_BANNED_KEYS = frozenset(
    {"/AA", "/JS", "/EF", "/AF", "/XFA", "/OpenAction", "/Annots", "/AcroForm", "/OPI", "/Ref"}
    | {"/PS", "/Alternates", "/TR", "/HTP", "/OC", "/F", "/FFilter", "/FDecodeParms", "/Metadata"}
)
_BANNED_TYPES = frozenset({"/EmbeddedFile", "/Filespec", "/Action", "/Annot", "/OCG", "/OCMD"})
# What pikepdf raises on objects of another kind than they should be.
MALFORMED: tuple[type[Exception], ...] = (
    *(pikepdf.PdfError, pikepdf.PasswordError),
    *(TypeError, ValueError, AttributeError, LookupError),
)


class Refused(Exception):
    """Something that the checks do not let pass: the clause of ISO 19005-2, and what it is."""

    def __init__(self, clause: str, what: str) -> None:
        super().__init__(f"{clause}: {what}")


def allow_keys(entry: pikepdf.Object, allowed: Collection[str], clause: str, what: str) -> None:
    """Refuse a dictionary that holds any other key."""
    strange = set(entry.keys()) - set(allowed)
    if strange:
        raise Refused(clause, f"{what} has {', '.join(sorted(strange)[:3])}")


def dictionary(entry: object, clause: str, what: str) -> pikepdf.Object:
    """Return a dictionary or stream dictionary; refuse anything else."""
    if not isinstance(entry, (Dictionary, pikepdf.Stream)):
        raise Refused(clause, f"{what} is no dictionary")
    return entry


def resource(resources: pikepdf.Object, kind: str, name: object) -> pikepdf.Object:
    """Return a named resource; refuse a name that the stream's own resources do not hold."""
    group = resources.get(kind)
    if not isinstance(name, Name) or not isinstance(group, Dictionary) or str(name) not in group:
        raise Refused("6.2.2", f"a {kind[1:]} resource is missing")
    found: pikepdf.Object = group[str(name)]
    return found


def stream_bytes(stream: object, max_bytes: int, clause: str, what: str) -> bytes:
    """Return a stream decoded; refuse what is no stream, damaged, or larger than `max_bytes`."""
    if not isinstance(stream, pikepdf.Stream):
        raise Refused(clause, f"{what} is no stream")
    filters = [str(name) for name in _as_array(stream.get("/Filter", Array()))]
    if filters not in ([], ["/FlateDecode"]) or "/DecodeParms" in stream:
        raise Refused(clause, f"{what} is coded in another way than our writer's")
    try:
        # Decoded here, not by qpdf: a few kilobytes of zeros may stand for gigabytes.
        raw = stream.read_raw_bytes()
        data = zlib.decompressobj().decompress(raw, max_bytes + 1) if filters else raw
    except (pikepdf.PdfError, zlib.error) as error:
        raise Refused(clause, f"{what} cannot be decoded") from error
    if len(data) > max_bytes:
        raise Refused(clause, f"{what} is larger than {max_bytes} bytes")
    return data


def _as_array(entry: object) -> Iterable[object]:
    return entry if isinstance(entry, Array) else [entry]


def check_object(entry: object, *, banned: Collection[str] = _BANNED_KEYS, depth: int = 0) -> None:
    """Check an object and the direct objects in it: limits (6.1.13), filters, forbidden keys."""
    if depth > _MAX_DEPTH:
        raise Refused("6.1.13", "objects lie too deep in one another")
    if isinstance(entry, pikepdf.Object) and depth and entry.is_indirect:
        return  # visited on its own
    if isinstance(entry, pikepdf.Stream):
        _check_filters(entry)
    try:
        if isinstance(entry, (Dictionary, pikepdf.Stream)):
            _check_dictionary(entry, banned, depth)
        elif isinstance(entry, Array):
            for item in entry:
                check_object(item, banned=banned, depth=depth + 1)
        else:
            check_scalar(entry)
    except UnicodeError as error:  # decoding a name, or the lone surrogates of a key
        raise Refused("6.1.8", "a name is no UTF-8") from error


def _check_dictionary(entry: pikepdf.Object, banned: Collection[str], depth: int) -> None:
    if entry.get("/Type") in _BANNED_TYPES:
        raise Refused("6.3, 6.5, 6.8, 6.9", f"an object of type {entry.get('/Type')}")
    for key in entry.keys():  # noqa: SIM118 (no Python dictionary)
        if key in banned:
            raise Refused("6.1–6.9", f"an object with the key {key}")
        _check_name(key)
        check_object(entry[key], banned=banned, depth=depth + 1)


def check_scalar(entry: object) -> None:
    """Check the limits of a name, string or number (6.1.8, 6.1.13)."""
    if isinstance(entry, Name):
        _check_name(str(entry))
    elif isinstance(entry, pikepdf.String):
        if len(bytes(entry)) > _MAX_STRING_BYTES:
            raise Refused("6.1.13", "a string is too long")
    elif isinstance(entry, bool):
        return
    elif isinstance(entry, int):
        if abs(entry) > _MAX_INTEGER:
            raise Refused("6.1.13", "an integer is too large")
    elif isinstance(entry, (Decimal, float)) and abs(Decimal(entry)) > _MAX_REAL:
        raise Refused("6.1.13", "a real number is too large")


def _check_name(name: str) -> None:
    if len(name.encode("utf-8")) - 1 > _MAX_NAME_BYTES:
        raise Refused("6.1.13", "a name is too long")


def _check_filters(stream: pikepdf.Stream) -> None:
    for name in _as_array(stream.get("/Filter", Array())):
        if str(name) not in _FILTERS:
            raise Refused("6.1.7.2", f"the filter {name}")
