"""The samples: drawn by the generator, small, and true to what they say of themselves."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from samples.dossiers import BORN_DIGITAL, MANIFESTS, SAMPLES
from samples.make_samples import digests, make

ROOT = Path(__file__).resolve().parent.parent.parent
SAMPLES_FOLDER = ROOT / "samples"
TRUTHS = sorted((SAMPLES_FOLDER / "truth").rglob("expected.json"))


def named(sample):
    return sample.name


def test_at_least_eight_dossiers_in_less_than_15_mb():
    """Enough to show, small enough to carry."""
    inbox = SAMPLES_FOLDER / "inbox"
    size = sum(path.stat().st_size for path in SAMPLES_FOLDER.rglob("*") if path.is_file())

    assert len([entry for entry in inbox.iterdir() if entry.is_dir()]) >= 8
    assert size < 15_000_000


@pytest.mark.parametrize("sample", [SAMPLES[1], SAMPLES[8]], ids=named)
def test_drawing_twice_gives_the_same_bytes(sample, tmp_path):
    """The generator's chance is seeded."""
    for run in ("one", "two"):
        make(sample, 7, tmp_path / run)

    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_every_paper_has_its_truth():
    """Each document of the inbox has expected.json and text.txt, and no truth is left over."""
    papers = {(s.dossier or "_unlinked", s.name) for s in SAMPLES} | {BORN_DIGITAL[:2]}
    found = {path.parent.relative_to(SAMPLES_FOLDER / "truth").parts for path in TRUTHS}

    assert found == papers


@pytest.mark.parametrize("path", TRUTHS, ids=lambda p: p.parent.name)
def test_truth_fits_its_paper(path):
    """Field names are those of the schema, the text has the pages, printed numbers occur in it."""
    expected = json.loads(path.read_text(encoding="utf-8"))
    text = path.with_name("text.txt").read_text(encoding="utf-8")
    known = fields_of(expected["doc_type"])

    assert text.count("\f") == expected["pages"]
    assert set(expected["fields"]) <= known
    if "number" in expected["fields"] and "number" not in expected["unreadable"]:
        assert expected["fields"]["number"] in text


@pytest.mark.parametrize("manifest", MANIFESTS.values(), ids=list(MANIFESTS))
def test_manifests_fit_their_schema(manifest):
    """dossier.json of the samples is a model to copy."""
    rules = json.loads((ROOT / "schemas" / "dossier.schema.json").read_text(encoding="utf-8"))

    assert list(Draft202012Validator(rules).iter_errors(manifest)) == []


def fields_of(doc_type):
    names = set()
    for name in (doc_type, "base"):
        path = ROOT / "schemas" / f"{name}.schema.json"
        names |= set(json.loads(path.read_text(encoding="utf-8"))["properties"])
    return names
