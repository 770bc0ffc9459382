"""What a dossier.json may say."""

import json

import pytest
from jsonschema import Draft202012Validator

from pipeline.extraction import schemas_folder

SCHEMA = json.loads((schemas_folder() / "dossier.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_examples_are_valid():
    """The example that people copy is right."""
    assert [
        error.message for one in SCHEMA["examples"] for error in VALIDATOR.iter_errors(one)
    ] == []


@pytest.mark.parametrize(
    "declared",
    [
        {},
        {"procedure": "1.005129"},
        {"owner": {"id_type": "none", "name": "A"}},
        {"components": [{"file": "đơn đề nghị.pdf"}]},
    ],
)
def test_everything_is_optional(declared):
    """A system declares what it knows."""
    assert VALIDATOR.is_valid(declared)


@pytest.mark.parametrize(
    "declared",
    [
        {"procedur": "1.005129"},
        {"procedure": "1005129"},
        {"result_code": "G07.000122"},
        {"owner": {"id": "1"}},
        {"owner": {"id_type": "cccd", "id": "12", "name": "A"}},
        {"owner": {"id_type": "none", "id": "12", "name": "A"}},
        {"components": [{"file": "../etc/passwd"}]},
        {"components": [{"file": "a.pdf", "ordinal": 0}]},
        {"components": [{"ordinal": 1}]},
        [],
    ],
)
def test_mistakes_are_refused(declared):
    """A slip of the typing system is noticed before papers are filed under it."""
    assert not VALIDATOR.is_valid(declared)
