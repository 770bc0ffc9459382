"""Two readings of one number: agreement makes sure, difference makes doubtful."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.fields import extract
from pipeline.extraction.second_reading import ENGINE, weighed
from pipeline.layout import HeadFigures
from pipeline.model import Box, Field

BOX = Box(400, 380, 700, 430)
SHARES = st.floats(0, 1)


def figure(kind, text, confidence=0.95, box=BOX):
    return HeadFigures(kind, text, confidence, box)


def found(name, raw, value, confidence, source="ocr"):
    return Field(name, raw, value, confidence, 1, BOX, "rule", "tesseract", source, "in_review")


@pytest.fixture
def fields(schemas):
    """The fields of an administrative document, by name."""
    return schemas.for_type("administrative-document").fields


def test_agreement_raises_confidence(fields):
    """What two readers read alike is as sure as the surer of them."""
    field = weighed(
        found("number", "487", "487", 0.5), fields["number"], (figure("number", "487"),)
    )

    assert (field.value, field.confidence, field.engine) == ("487", 0.95, "tesseract")


def test_difference_makes_doubtful_and_replaces_nothing(fields):
    """A sure reading that the other contradicts goes to a person."""
    field = weighed(
        found("number", "487", "487", 0.97), fields["number"], (figure("number", "481"),)
    )

    assert (field.value, field.confidence, field.engine) == ("487", 0.5, "tesseract")


@pytest.mark.parametrize(("value", "confidence"), [(None, 0.0), ("3", 0.5)])
def test_what_the_engine_could_not_read_is_taken_over(fields, value, confidence):
    """The engine of the record tells whose reading it is, raw what the other read."""
    field = weighed(
        found("number", "J3£", value, confidence), fields["number"], (figure("number", "1967"),)
    )

    assert (field.value, field.confidence, field.engine) == ("1967", 0.85, ENGINE)
    assert field.raw == "J3£"


def test_a_day_completes_its_date(fields):
    """Day and month by hand, the year in print."""
    figures = figure("day", "08"), figure("month", "4", 0.92)
    field = weighed(
        found("issued_date", "ngày Ø tháng { năm 2026", None, 0.0), fields["issued_date"], figures
    )

    assert (field.value, field.confidence, field.engine) == ("2026-04-08", 0.85, ENGINE)


def test_a_day_that_does_not_exist_is_no_evidence(fields):
    """The 31st of February was misread by somebody."""
    before = found("issued_date", "ngày 3 tháng 2 năm 2026", "2026-02-03", 0.9)
    figures = figure("day", "31"), figure("month", "2")

    assert weighed(before, fields["issued_date"], figures) == before


def test_figures_elsewhere_are_no_evidence(fields):
    """Only figures of the same place count, and only beside what was recognised."""
    far = figure("number", "12", box=Box(1500, 380, 1700, 430))
    before = found("number", "487", "487", 0.6)
    born = found("number", "487", "487", 0.6, source="text")

    assert weighed(before, fields["number"], (far,)) == before
    assert weighed(born, fields["number"], (figure("number", "12"),)) == born
    assert weighed(before, fields["symbol"], (figure("number", "12"),)) == before


def test_the_number_of_a_page_is_weighed(schemas, letter):
    """Figures come with their page."""
    schema = schemas.for_type("administrative-document")
    (number,) = (one for one in extract((letter,), schema) if one.name == "number")
    assert number.box is not None
    page = dataclasses.replace(letter, figures=(figure("number", "481", 0.99, number.box),))
    (doubted,) = (one for one in extract((page,), schema) if one.name == "number")

    assert number.confidence > 0.9
    assert (doubted.value, doubted.confidence) == (number.value, 0.5)


@given(SHARES, SHARES, st.sampled_from(["487", "48", None]))
def test_confidence_stays_a_share(schemas, ours, theirs, value):
    """Whatever the readings, the field's confidence is one of theirs or less."""
    one = schemas.for_type("administrative-document").fields["number"]
    field = weighed(found("number", "487", value, theirs), one, (figure("number", "487", ours),))

    assert 0.0 <= field.confidence <= max(ours, theirs)
