"""A record in, its row in the catalogue out; and the tables that hold the rows."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text

from pipeline.storage.record import Record

LAYOUT = 2  # a catalogue of another number is emptied and rebuilt: it is a cache
MAX_LETTERS = 4000  # of one value; the whole is in the record
MAX_KEY_LETTERS = 200  # an index of PostgreSQL takes 2700 bytes; no code is so long

# Compared byte by byte, so that an index serves ranges of IDs whatever the database's language.
RECORD_ID = String(26).with_variant(String(26, collation="C"), "postgresql")

metadata = MetaData()

# No owner: what a person is looked up by stays in the bucket.
records = Table(
    "records",
    metadata,
    Column("record_id", RECORD_ID, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("attempt", String(64)),
    Column("state", String(16), nullable=False),
    Column("doc_type", Text),
    Column("dossier_code", Text),
    Column("linked", Boolean, nullable=False),
    Column("procedure", Text),
    Column("result_number", Text),
    Column("result_code", Text),
    Column("digitized_result_code", Text),
    Column("number", Text),
    Column("symbol", Text),
    Column("issued_date", Text),
    Column("issuer", Text),
    Column("abstract", Text),
    Column("pages", Integer, nullable=False),
    Column("pdfa", String(8)),
    Column("station", Text),
    Column("received_at", String(32)),  # UTC, so that letters sort as time does
    Column("stored_at", String(32)),  # UTC
    Column("dossier_key", Text, nullable=False),
    Column("number_key", Text, nullable=False),
    Column("symbol_key", Text, nullable=False),
    Column("result_key", Text, nullable=False),
    Column("sort_at", String(32), nullable=False),
    Column("generation", Integer, nullable=False),  # of the rebuild that saw it last
)
Index("records_by_time", records.c.sort_at, records.c.record_id)
Index("records_by_state", records.c.state, records.c.sort_at)
Index("records_by_link", records.c.linked, records.c.sort_at)
Index("records_by_dossier", records.c.dossier_key)
Index("records_by_number", records.c.number_key, records.c.symbol_key)
Index("records_by_symbol", records.c.symbol_key)
Index("records_by_result", records.c.result_key)

# Names and whole numbers: "layout", "generation", "rebuilt".
facts = Table(
    "catalogue_facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Integer, nullable=False),
)

INNER = frozenset(
    {"dossier_key", "number_key", "symbol_key", "result_key", "sort_at", "generation"}
)
SHOWN = tuple(column for column in records.columns if column.name not in INNER)


def row_of(record: Record, generation: int) -> dict[str, Any]:
    """Return the row of a record; what the record lacks is None."""
    dossier, capture = _part(record, "dossier"), _part(record, "capture")
    fields, document = _part(record, "fields"), _part(record, "document")
    received_at, stored_at = utc(capture.get("received_at")), utc(record.get("stored_at"))
    texts = {
        "dossier_code": text(dossier.get("code")),
        "result_number": text(dossier.get("result_number")),
        "result_code": text(dossier.get("result_code")),
        "number": _value(fields, "number"),
        "symbol": _value(fields, "symbol"),
    }
    return {
        "record_id": str(record["record_id"]),
        "version": int(record["version"]),
        "attempt": text(record.get("attempt")),
        "state": str(record.get("state") or "in_review"),
        "doc_type": text(record.get("doc_type")),
        "linked": bool(dossier.get("linked")),
        "procedure": text(dossier.get("procedure")),
        "digitized_result_code": text(document.get("digitized_result_code")),
        "issued_date": _value(fields, "issued_date"),
        "issuer": _value(fields, "issuer.name"),
        "abstract": _value(fields, "abstract"),
        "pages": len(record.get("pages") or ()),
        "pdfa": text(record.get("pdfa")),
        "station": text(capture.get("station")),
        "received_at": received_at,
        "stored_at": stored_at,
        **texts,
        "dossier_key": search_key(texts["dossier_code"]),
        "number_key": search_key(texts["number"]),
        "symbol_key": search_key(texts["symbol"]),
        "result_key": search_key(texts["result_code"]),
        "sort_at": stored_at or received_at or "",
        "generation": generation,
    }


def search_key(value: str | None) -> str:
    """Return what codes are compared by: NFC, no white space, one case."""
    key = "".join(unicodedata.normalize("NFC", value or "").split()).casefold()
    return (text(key) or "")[:MAX_KEY_LETTERS]


def text(value: object) -> str | None:
    """Return the value as text that every database takes; None for none and for structures."""
    if value is None or isinstance(value, dict | list):
        return None
    # PostgreSQL refuses NUL, and no database takes half a surrogate pair.
    plain = str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return plain[:MAX_LETTERS]


def utc(moment: object) -> str | None:
    """Return an ISO 8601 time in UTC to the microsecond, 32 letters; None if it is none."""
    try:
        parsed = datetime.fromisoformat(str(moment))
        aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="microseconds")
    except (ValueError, OverflowError):
        return None


def _part(record: Record, name: str) -> dict[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _value(fields: dict[str, Any], name: str) -> str | None:
    field = fields.get(name)
    return text(field.get("value")) if isinstance(field, dict) else None
