"""Document types are read, or refused with the place and the remedy."""

import json
import shutil

import pytest

from pipeline.errors import SetupError
from pipeline.extraction import load_schemas, schemas_folder

TYPES = {"administrative-document", "birth-certificate", "building-permit", "receipt-slip"}
FIXED = (
    "number", "symbol", "issued_date", "place", "issuer.name", "issuer.parent", "abstract",
    "signer.name", "signer.title", "urgency",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A copy of the schemas that a test may spoil."""
    return shutil.copytree(schemas_folder(), tmp_path / "schemas")


@pytest.fixture
def spoil(folder):
    """Change a schema file with a function and return what loading says."""

    def change_and_load(change, name="building-permit"):
        path = folder / f"{name}.schema.json"
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(SetupError) as refused:
            load_schemas(folder)
        assert path.name in refused.value.subject
        return refused.value.detail

    return change_and_load


def test_all_types_are_there(schemas):
    """The types that the program promises are read."""
    assert set(schemas.types) == TYPES


def test_administrative_document_has_the_fixed_names(schemas):
    """Names of fields are part of the record's interface."""
    assert set(FIXED) <= set(schemas.for_type("administrative-document").fields)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_has_the_minimum_fields(schemas, name):
    """Circular 01/2023/TT-VPCP, Article 9(2), holds for every type."""
    minimum = {
        "doc_type_code", "owner.id", "doc_kind", "number", "symbol", "issued_date", "issuer.name",
        "abstract", "valid_from", "valid_to", "validity_scope",
    }  # fmt: skip

    assert minimum <= set(schemas.for_type(name).fields)


@pytest.mark.parametrize("name", [None, "no-such-type", "base"])
def test_other_types_are_read_with_the_base(schemas, name):
    """An unknown type is an answer, not an error."""
    assert schemas.for_type(name) is schemas.base


def test_own_field_wins_over_the_base(schemas):
    """A type that names a field again changes it."""
    own = schemas.for_type("birth-certificate").fields["number"]

    assert own.kind == "civil-number"
    assert schemas.base.fields["number"].kind == "document-number"


def test_unknown_keyword_is_refused(spoil):
    """A keyword of ours that is misspelt is named with its place."""
    detail = spoil(lambda content: content["properties"]["fee_vnd"].update({"x-sohoa-fin": []}))

    assert "#/properties/fee_vnd" in detail
    assert "x-sohoa-fin" in detail
    assert "vocabulary" in detail


def test_misspelt_plain_keyword_is_refused(spoil):
    """JSON Schema itself would silently ignore `pattrn`."""
    detail = spoil(lambda content: content["properties"]["fee_vnd"].update({"pattrn": "x"}))

    assert "pattrn" in detail


def test_wrong_rule_is_named_with_its_place(spoil):
    """The author sees which rule of which field is wrong."""

    def change(content):
        content["properties"]["works.name"]["x-sohoa-find"][0]["lables"] = ["Tên"]

    assert "#/properties/works.name/x-sohoa-find/0" in spoil(change)


def test_unknown_kind_is_refused(spoil):
    """A kind is one that the program can read."""

    def change(content):
        content["properties"]["works.name"]["x-sohoa-kind"] = "txt"

    assert "'txt' is not one of" in spoil(change)


def test_required_field_must_exist(spoil):
    """A required field that is nowhere described can never be found."""
    assert "no such field: nowhere" in spoil(lambda c: c["required"].append("nowhere"))


def test_missing_parent_is_refused(spoil):
    """A type extends one that is there."""
    change = {"$ref": "nothing.schema.json"}

    assert "there is no type nothing" in spoil(lambda c: c.update({"allOf": [change]}))


def test_types_cannot_extend_each_other(spoil):
    """A circle of types is refused, not followed."""
    change = {"$ref": "building-permit.schema.json"}

    assert "extend each other" in spoil(lambda c: c.update({"allOf": [change]}))


def test_wrong_json_schema_is_refused(spoil):
    """The plain part must be JSON Schema 2020-12."""
    assert "#/properties/fee_vnd" in spoil(
        lambda c: c["properties"]["fee_vnd"].update({"minimum": "none"})
    )


def test_broken_file_is_named(folder):
    """A file that is no JSON stops the start and is named."""
    (folder / "odd.schema.json").write_text("{", encoding="utf-8")

    with pytest.raises(SetupError, match=r"odd\.schema\.json"):
        load_schemas(folder)


def test_folder_without_schemas_is_refused(tmp_path):
    """The message says which setting to correct."""
    with pytest.raises(SetupError, match="SOHOA_SCHEMAS"):
        schemas_folder(tmp_path)


def test_kinds_of_the_vocabulary_are_those_of_the_program():
    """The grammar promises no kind, region or check that nobody reads."""
    from pipeline.extraction.check import _CHECKS
    from pipeline.extraction.layout import REGIONS
    from pipeline.extraction.patterns import KINDS

    grammar = json.loads((schemas_folder() / "vocabulary.schema.json").read_text(encoding="utf-8"))[
        "$defs"
    ]

    assert set(grammar["field"]["properties"]["x-sohoa-kind"]["enum"]) == set(KINDS)
    assert set(grammar["region"]["oneOf"][0]["enum"]) == set(REGIONS)
    assert set(grammar["check"]["properties"]["check"]["enum"]) == set(_CHECKS)
