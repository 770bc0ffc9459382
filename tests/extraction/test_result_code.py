"""The code of a digitized result."""

from dataclasses import replace

import pytest

from pipeline.extraction import assign_result_code
from pipeline.model import Document, Dossier, Field

OWNER = {"id_type": "cccd", "id": "074190001234", "name": "A"}


def fields(status="accepted"):
    return [
        Field(name, value, value, 0.99, 1, None, "r", "e", "ocr", status)
        for name, value in (("number", "312"), ("symbol", "GPXD"))
    ]


@pytest.fixture
def permit(schemas):
    return schemas.for_type("building-permit")


def test_result_of_the_dossier_gets_its_code(permit):
    """Owner, type of result, number and symbol."""
    document = Document((), Dossier(result_code="KQ.G17.000058", owner=OWNER))

    assert assign_result_code(fields(), document, permit) == "074190001234.KQ.G17.000058.312/GPXD"


def test_owner_without_id_leaves_the_part_blank(permit):
    """Article 10 says so."""
    document = Document((), Dossier(result_code="KQ.G17.000058"))

    assert assign_result_code(fields(), document, permit) == ".KQ.G17.000058.312/GPXD"


def test_component_code_tells_the_result(schemas):
    """A component that is named a result needs no more."""
    document = Document((), Dossier(), component_code="KQ.G17.000058")

    assert assign_result_code(fields(), document, schemas.base) == ".KQ.G17.000058.312/GPXD"


@pytest.mark.parametrize(("declared", "assigned"), [("312/GPXD", True), ("313/GPXD", False)])
def test_declared_number_must_be_the_printed_one(schemas, declared, assigned):
    """The result is the paper that bears the declared number."""
    dossier = Dossier(result_code="KQ.G17.000058", result_number=declared)

    found = assign_result_code(fields(), Document((), dossier), schemas.base)
    assert (found is not None) == assigned


def test_nothing_uncertain_goes_into_a_code(permit):
    """A number that a person must check gives no code yet."""
    document = Document((), Dossier(result_code="KQ.G17.000058", owner=OWNER))

    assert assign_result_code(fields("in_review"), document, permit) is None


def test_other_papers_of_the_dossier_have_none(permit, schemas):
    """Components and papers of unknown type are not the result."""
    dossier = Dossier(result_code="KQ.G17.000058", owner=OWNER)
    component = Document((), dossier, component_code="000.00.00.G09-KQ002269")

    assert assign_result_code(fields(), component, permit) is None
    assert assign_result_code(fields(), Document((), dossier), schemas.base) is None
    assert assign_result_code(fields(), Document(()), permit) is None


def test_owner_printed_on_the_paper_serves(permit):
    """Without a declaration the accepted owner's ID is used."""
    printed = replace(fields()[0], name="owner.id", value="074190001234")
    document = Document((), Dossier(result_code="KQ.G17.000058"))

    assert assign_result_code([*fields(), printed], document, permit).startswith("074190001234.KQ")
