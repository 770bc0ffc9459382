"""A record as a dict in, checked canonical bytes out; and back."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match

from pipeline.errors import SetupError, StoreError

Record = dict[str, Any]
MEDIA_TYPE = "application/json"


class InvalidRecord(ValueError):
    """A record of ours does not fit its schema: a bug, never the clerk's fault."""


def validate(record: Record, schema: Path) -> None:
    """Check a record against record.schema.json.

    Raises InvalidRecord with the place that does not fit, SetupError if the schema is broken.
    """
    error = best_match(_validator(schema).iter_errors(record))
    if error is not None:
        raise InvalidRecord(f"record {record.get('record_id')}: {error.json_path}: {error.message}")


def write_record(record: Record) -> bytes:
    """Return the record as UTF-8 JSON; equal records give equal bytes."""
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode("utf-8")


def read_record(data: bytes, key: str) -> Record:
    """Return the record in these bytes. Raises StoreError naming `key` if there is none."""
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StoreError(key, f"is damaged ({error}): restore it from a backup") from error
    if not isinstance(record, dict) or not isinstance(record.get("record_id"), str):
        raise StoreError(key, "is no record: another program wrote to our bucket")
    return record


@lru_cache(maxsize=4)
def _validator(schema: Path) -> Draft202012Validator:
    try:
        rules = json.loads(schema.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(rules)
    except OSError as error:
        raise SetupError(str(schema), f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SetupError(str(schema), f"is no JSON: {error}") from error
    except SchemaError as error:
        raise SetupError(str(schema), f"{error.json_path}: {error.message}") from error
    return Draft202012Validator(rules)
