"""A record that does not fit its schema never leaves the house."""

import json
from pathlib import Path

import pytest

from pipeline.errors import SetupError, StoreError
from pipeline.storage import InvalidRecord, read_record, validate, write_record

SCHEMA = Path(__file__).parents[2] / "schemas" / "record.schema.json"


@pytest.fixture
def record():
    """A small record with all that the schema asks for."""
    return {
        "schema": "sohoa/record/1",
        "record_id": "A" * 26,
        "version": 1,
        "attempt": "try1",
        "state": "stored",
        "legal_steps": {"copied": True, "extracted": True, "coded": False, "stored": True},
        "doc_type": "administrative-document",
        "doc_type_confidence": 0.9,
        "dossier": {
            "code": None,
            "linked": False,
            "procedure": None,
            "result_number": None,
            "result_code": None,
        },
        "document": {
            "ordinal": 1,
            "component_code": None,
            "digitized_result_code": None,
            "paper_pages": None,
        },
        "owner": {},
        "fields": {},
        "issues": [],
        "pages": [
            {
                "number": 1,
                "width_px": 2480,
                "height_px": 3508,
                "dpi": 300,
                "kind": "scan",
                "words": 10,
                "measures": {},
            }
        ],
        "pdfa": "2u",
        "files": [],
        "originals": [
            {
                "name": "scan.pdf",
                "key": None,
                "size_bytes": 1,
                "sha256": "a" * 64,
                "media_type": "application/pdf",
                "signed": False,
            }
        ],
        "capture": {"received_at": None, "station": "", "source_path": "", "images": 1},
        "steps": [],
        "fingerprint": "b" * 64,
        "stored_at": None,
    }


def test_a_whole_record_fits(record):
    """The schema and this test agree on what a record is."""
    validate(record, SCHEMA)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"record_id": "a" * 26}, r"\$\.record_id"),
        ({"version": 0}, r"\$\.version"),
        ({"state": "done"}, r"\$\.state"),
        ({"extra": 1}, "extra"),
        ({"doc_type_confidence": 1.5}, r"\$\.doc_type_confidence"),
        ({"originals": []}, r"\$\.originals"),
    ],
)
def test_the_place_that_does_not_fit_is_named(record, change, where):
    """A bug of ours is found where it is, before anything is committed."""
    with pytest.raises(InvalidRecord, match=where):
        validate({**record, **change}, SCHEMA)


def test_a_broken_schema_stops_the_start(record, tmp_path):
    """Missing, not JSON, or no schema: the file is named."""
    broken = {"none.json": None, "text.json": "{", "bad.json": json.dumps({"type": 7})}
    for name, content in broken.items():
        if content is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(SetupError, match=name):
            validate(record, tmp_path / name)


def test_a_record_is_read_as_it_was_written(record):
    """Equal records are equal bytes, whatever order they were made in."""
    backwards = dict(reversed(record.items()))

    assert write_record(record) == write_record(backwards)
    assert read_record(write_record(record), "key") == record


def test_no_number_that_is_none_gets_into_a_record(record):
    """NaN is not JSON; other programs would refuse the whole record."""
    with pytest.raises(ValueError, match="JSON compliant"):
        write_record({**record, "doc_type_confidence": float("nan")})


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"{}", b'{"record_id": 5}'])
def test_what_is_no_record_is_named(data):
    """The operator learns which object is damaged or foreign."""
    with pytest.raises(StoreError, match=r"record/X/0001\.json"):
        read_record(data, "record/X/0001.json")
