"""What the text of a code says: untrusted text in, known keys with values out.

No syntax is laid down for the QR codes of the one-stop systems, so JSON, URL queries, labelled
and bare parts (`|`, `;`, lines) are all read, and a value counts by its label or by its shape.
Of two values for one key the first counts.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.vietnam import identifiers
from pipeline.vietnam.letters import fold, nfc

MAX_VALUE = 300  # characters
_MAX_PARTS = 64
_MAX_DEPTH = 4

# Labels, folded and without blanks, as integrations of the national portal spell them.
_LABELS = {
    "dossier_code": ("mahoso", "sohoso", "mahs", "dossiercode", "dossierid", "sobiennhan"),
    "ap_code": ("matthc", "mathutuc", "mathutuchanhchinh", "procedurecode"),
    "result_code": ("maketqua", "mattkq", "magiaytoketqua", "resultcode"),
    "owner_id": (
        "sodinhdanh", "sodinhdanhcanhan", "sogiaytochuhoso", "cccd", "socccd", "cancuoccongdan",
        "sodinhdanhchusohuu", "madinhdanh", "ownerid",
    ),
    "owner_name": ("chuhoso", "hoten", "hovaten", "hotenchuhoso", "nguoinop", "ownername"),
    "paper_name": ("tengiayto", "loaigiayto", "papername"),
    "document_number": ("sokyhieu", "so", "sogiayto", "documentnumber"),
    "system": ("hethong", "tenhethong", "system"),
    "issued_at": ("ngaycap", "thoidiemcap", "ngaytao", "issuedat"),
    "due_at": ("ngayhentra", "hentra", "dueat"),
    "valid_to": ("hieuluc", "thoihanhieuluc", "validto"),
}  # fmt: skip
_KEY_OF = {label: key for key, labels in _LABELS.items() for label in labels}
_LABELLED = re.compile(r"^\s*(?P<label>[^\W\d_][^:=|;]{0,40}?)\s*[:=]\s*(?P<value>.+?)\s*$")
_CCCD_CARD = ("owner_id", "owner_old_id", "owner_name", "birth_date", "sex", "address", "id_issued")
_DATE = re.compile(r"[0-9]{8}")


def parse_payload(text: str) -> dict[str, str]:
    """Return what the text of a code states, by key; an empty dict when nothing is known.

    Keys: dossier_code, ap_code, result_code, component_code, document_number, owner_id,
    owner_old_id, owner_name, birth_date, sex, address, id_issued, paper_name, system, issued_at,
    due_at, valid_to, url. Dates of the citizen's card are ISO 8601; all else is as printed.
    """
    bare = nfc(text).strip()
    card = _citizen_card(bare)
    if card:
        return card
    found: dict[str, str] = {}
    for key, value in _statements(bare):
        clean = _clean(value)
        if clean:
            found.setdefault(key, clean)
    return found


def _statements(text: str) -> Iterator[tuple[str, str]]:
    if text[:1] in "{[":
        try:
            yield from _from_json(json.loads(text), 0)
            return
        except (ValueError, RecursionError):
            pass  # not JSON after all: read its parts
    if re.match(r"https?://", text, re.IGNORECASE):
        yield from _from_url(text)
        return
    for part in re.split(r"[|;\n\t]", text)[:_MAX_PARTS]:
        yield from _from_part(part)


def _from_json(value: object, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:_MAX_PARTS]:
            yield from _from_json(item, depth + 1)
    elif isinstance(value, dict):
        for label, item in list(value.items())[:_MAX_PARTS]:
            if isinstance(item, dict | list):
                yield from _from_json(item, depth + 1)
            elif isinstance(item, str | int):
                yield from _named(str(label), str(item))
    elif isinstance(value, str):
        yield from _by_shape(value)


def _from_url(text: str) -> Iterator[tuple[str, str]]:
    yield "url", text.split()[0]
    try:
        parts = urlsplit(text)
        query = parse_qsl(parts.query, max_num_fields=_MAX_PARTS)
    except ValueError:
        return
    for label, value in query:
        yield from _named(label, value)
    for segment in unquote(parts.path).split("/")[:_MAX_PARTS]:
        yield from _by_shape(segment)


def _from_part(part: str) -> Iterator[tuple[str, str]]:
    match = _LABELLED.match(part)
    if match and _label_key(match["label"]):
        yield from _named(match["label"], match["value"])
    else:
        yield from _by_shape(part)


def _named(label: str, value: str) -> Iterator[tuple[str, str]]:
    """Yield a value by its label; a code must have the shape that its label promises."""
    key = _label_key(label)
    if key is None:
        yield from _by_shape(value)
    elif _shape_agrees(key, value):
        yield key, value


def _label_key(label: str) -> str | None:
    return _KEY_OF.get(re.sub(r"[^a-z]", "", fold(label)))


def _shape_agrees(key: str, value: str) -> bool:
    if key == "dossier_code":
        return identifiers.parse_dossier_code(value) is not None
    if key == "ap_code":
        return identifiers.parse_ap_code(value) is not None
    if key == "owner_id":
        return re.fullmatch(r"[0-9]{9}|[0-9]{12}|[0-9]{10}(-?[0-9]{3})?", value.strip()) is not None
    return True


def _by_shape(value: str) -> Iterator[tuple[str, str]]:
    bare = value.strip()
    if identifiers.parse_dossier_code(bare):
        yield "dossier_code", bare
    elif identifiers.parse_ap_code(bare):
        yield "ap_code", bare
    elif identifiers.parse_result_type(bare):
        yield "result_code", bare
    elif identifiers.parse_component_code(bare):
        yield "component_code", bare
    elif (number := identifiers.parse_document_number(bare)) and number.number and number.exact:
        yield "document_number", bare
    elif re.fullmatch(r"[0-9]{12}", bare) and identifiers.check_cccd(bare).valid:
        yield "owner_id", bare


def _citizen_card(text: str) -> dict[str, str]:
    """Read `CCCD|CMND|name|ddmmyyyy|sex|residence|ddmmyyyy` (chip card of 2021 and later)."""
    parts = [part.strip() for part in text.split("|")]
    if not 6 <= len(parts) <= 11 or not re.fullmatch(r"[0-9]{12}", parts[0]):
        return {}
    if not _DATE.fullmatch(parts[3]):
        return {}
    found: dict[str, str] = {}
    for key, value in zip(_CCCD_CARD, parts, strict=False):
        dated = _iso(value) if key in {"birth_date", "id_issued"} else value
        if dated:
            found[key] = _clean(dated)
    return {key: value for key, value in found.items() if value}


def _iso(figures: str) -> str:
    if not _DATE.fullmatch(figures):
        return ""
    try:
        return date(int(figures[4:]), int(figures[2:4]), int(figures[:2])).isoformat()
    except ValueError:
        return ""


def _clean(value: str) -> str:
    kept = (letter for letter in value if unicodedata.category(letter)[0] != "C")
    return nfc("".join(kept)).strip()[:MAX_VALUE]
