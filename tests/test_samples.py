"""Every sample against its truth, through the whole path."""

import json
import os
import unicodedata
from pathlib import Path

import pytest

from pipeline.model import Dossier
from pipeline.settings import Settings
from workers.digitizing import digitize_all
from workers.inputs import find_inputs

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
TRUTHS = sorted((SAMPLES / "truth").rglob("expected.json"))


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """Digitize all samples once; the record of each by the folder of its truth."""
    out = tmp_path_factory.mktemp("samples")
    places = {path.parent: place_of(path.parent) for path in TRUTHS}
    inputs = [
        given
        for place in places.values()
        for given in find_inputs([place], Dossier(code=place.parent.name), "")
    ]
    jobs = os.cpu_count() or 1
    outcomes = {Path(o.path): o for o in digitize_all(inputs, out, jobs, Settings())}
    return {truth: read(outcomes[place]) for truth, place in places.items()}


def place_of(truth):
    dossier, name = truth.relative_to(SAMPLES / "truth").parts
    return SAMPLES / "inbox" / ("" if dossier == "_unlinked" else dossier) / name


def read(outcome):
    assert outcome.status == "stored", outcome.reason
    return json.loads((Path(outcome.out) / "record.json").read_text(encoding="utf-8"))


def key(value):
    """What must be equal for two values to be the same: letters and figures, not their case."""
    if isinstance(value, int | float):
        value = f"{value:g}"
    text = unicodedata.normalize("NFC", str(value)).casefold()
    return "".join(char for char in text if char.isalnum())


@pytest.mark.parametrize("path", TRUTHS, ids=lambda p: "/".join(p.parent.parts[-2:]))
def test_type_and_pages_are_right(path, records):
    """Each paper is recognised for what it is and keeps its pages."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    record = records[path.parent]

    assert record["doc_type"] == expected["doc_type"]
    assert len(record["pages"]) == expected["pages"]


@pytest.mark.parametrize("path", TRUTHS, ids=lambda p: "/".join(p.parent.parts[-2:]))
def test_no_wrong_value_is_given_silently(path, records):
    """A value that differs from the truth is marked for a person."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    wrong = {
        name: (field["value"], expected["fields"][name])
        for name, field in records[path.parent]["fields"].items()
        if field["status"] == "accepted"
        and name in expected["fields"]
        and key(field["value"]) != key(expected["fields"][name])
    }

    assert wrong == {}


def test_most_values_are_right(records):
    """Of all printed values of all samples, most are read exactly."""
    right = total = 0
    for path in TRUTHS:
        expected = json.loads(path.read_text(encoding="utf-8"))
        fields = records[path.parent]["fields"]
        for name, value in expected["fields"].items():
            if name not in expected["unreadable"]:
                total += 1
                right += key(fields.get(name, {}).get("value")) == key(value)

    assert right / total > 0.75
