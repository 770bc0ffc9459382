"""dossier.json: what it declares, or one sentence on what is wrong."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.manifest import MOST_BYTES, BrokenManifest, parse_manifest, read_manifest

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
TYPES = {"building-permit", "birth-certificate"}


def parse(declared, **options):
    data = declared if isinstance(declared, bytes) else json.dumps(declared).encode()
    return parse_manifest(data, "D-1", SCHEMAS, **options)


def broken(declared, **options):
    with pytest.raises(BrokenManifest) as caught:
        parse(declared, **options)
    return str(caught.value)


GOOD = {
    "procedure": "1.009994.000.00.00.H09",
    "result_number": "312/GPXD",
    "result_code": "KQ.G17.000058",
    "owner": {"id_type": "cccd", "id": "074085002468", "name": "Lâm Chí Thiện"},
    "components": [
        {"file": "giấy phép.pdf", "doc_type": "building-permit", "paper_pages": 2},
        {"file": "đơn.pdf", "ordinal": 7, "component_code": "KQ.G17.000058"},
    ],
}


def test_declared_facts():
    """Everything declared reaches the documents; the code is the folder's name."""
    manifest = parse(GOOD)
    permit, form = manifest.facts("giấy phép.pdf", 1), manifest.facts("đơn.pdf", 1)

    assert manifest.dossier.code == "D-1"
    assert manifest.dossier.procedure == "1.009994.000.00.00.H09"
    assert manifest.dossier.owner["name"] == "Lâm Chí Thiện"
    assert (permit.ordinal, permit.doc_type, permit.paper_pages) == (1, "building-permit", 2)
    assert (form.ordinal, form.component_code) == (7, "KQ.G17.000058")


def test_undeclared_papers_follow_the_declared_ones():
    """A file that is not named is taken too, after the named ones."""
    manifest = parse(GOOD)

    assert manifest.facts("khác.pdf", 1).ordinal == 8
    assert manifest.facts("khác.pdf", 2).doc_type is None
    assert manifest.declares("đơn.pdf") and not manifest.declares("khác.pdf")


def test_decomposed_names_are_the_same():
    """A Mac spells `đơn` in two parts."""
    import unicodedata

    assert parse(GOOD).declares(unicodedata.normalize("NFD", "giấy phép.pdf"))


def test_nothing_declared():
    """An empty object is a manifest."""
    assert parse({}).facts("a.pdf", 3).ordinal == 3


def test_windows_may_put_a_byte_order_mark():
    """Notepad saves one."""
    assert parse(b"\xef\xbb\xbf{}").components == ()


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "line 1"),
        (b'{\n "procedure": }', "line 2, column"),
        (b"[]", "one JSON object"),
        (b'{"owner": "\xff"}', "not UTF-8"),
        (b'{"procedure": NaN}', "NaN"),
        (b"[" * 100_000, ""),
        (b" " * (MOST_BYTES + 1), "larger than 1 MB"),
        (b'{"owner": {"name": "\\ud800"}}', "half a character"),
    ],
)
def test_no_json(data, part):
    """The sentence names the line or the byte."""
    assert part in broken(data)


@pytest.mark.parametrize(
    ("declared", "place"),
    [
        ({"procedure": "một"}, "$.procedure"),
        ({"owner": {"id": 7, "name": "A"}}, "$.owner"),
        ({"ownr": {}}, "ownr"),
        ({"components": [{"ordinal": 1}]}, "$.components[0]"),
        ({"components": [{"file": "../a.pdf"}]}, "$.components[0].file"),
        ({"components": [{"file": "a.pdf"}, {"file": "a.pdf"}]}, "$.components[1]"),
    ],
)
def test_place_is_named(declared, place):
    """Whoever wrote it finds the spot."""
    assert place in broken(declared)


def test_unknown_type_is_noticed():
    """A misspelt type is told, with those that there are."""
    told = broken({"components": [{"file": "a.pdf", "doc_type": "permit"}]}, types=TYPES)

    assert "building-permit" in told and "$.components[0].doc_type" in told


def test_link_is_not_read(tmp_path):
    """A dossier.json that is a link is an error of the folder, not a way into the system."""
    (tmp_path / "D").mkdir()
    (tmp_path / "D" / "dossier.json").symlink_to("/etc/passwd")

    with pytest.raises(OSError, match="dossier"):
        read_manifest(tmp_path, "D", SCHEMAS)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
names = st.sampled_from(["procedure", "result_number", "owner", "components", "x"])


@given(st.dictionaries(names, json_values, max_size=4) | json_values)
def test_any_json_gives_an_answer(declared):
    """Whatever is declared: facts, or one sentence."""
    try:
        parse(json.dumps(declared).encode())
    except BrokenManifest as told:
        assert str(told)


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer(data):
    """Whatever lies there: facts, or one sentence."""
    try:
        parse(data)
    except BrokenManifest as told:
        assert str(told)
