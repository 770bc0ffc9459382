"""Fields are accepted or put to a person, with the reason."""

import pytest

from pipeline.extraction import check
from pipeline.model import Box, Document, Field

DOCUMENT = Document(())


@pytest.fixture
def field():
    def make(name, value, confidence=0.95):
        box = Box(0, 0, 9, 9)
        return Field(
            name, str(value), value, confidence, 1, box, "r", "tesseract", "ocr", "in_review"
        )

    return make


@pytest.fixture
def checked(schemas):
    """Check fields of a type: status by name, and the codes of the issues."""

    def run(*fields, doc_type=None, **options):
        found, issues = check(fields, schemas.for_type(doc_type), DOCUMENT, **options)
        return {one.name: one for one in found}, [issue.code for issue in issues]

    return run


@pytest.mark.parametrize(("confidence", "status"), [(0.9, "accepted"), (0.899, "in_review")])
def test_threshold_decides(checked, field, confidence, status):
    """A value at the threshold is accepted."""
    fields, issues = checked(field("place", "Huế", confidence))

    assert fields["place"].status == status
    assert issues == []


def test_threshold_is_an_argument(checked, field):
    """An operator may ask for more."""
    assert checked(field("place", "Huế"), accept_confidence=0.99)[0]["place"].status == "in_review"


def test_missing_fields_stand_in_the_order_of_the_schema(checked, field):
    """A required field that was not found is a null, not a gap."""
    fields, issues = checked(field("place", "Huế"), doc_type="administrative-document")

    assert fields["number"].value is None
    assert issues.count("field.missing") == 5
    assert list(fields).index("number") < list(fields).index("place")


def test_unreadable_is_told_from_missing(checked, field):
    """A place that was found but not read has its own issue."""
    assert checked(field("number", None, 0.0))[1] == ["field.unreadable"]


@pytest.mark.parametrize(
    ("name", "value", "issue"),
    [
        ("number", "12/34", "field.pattern"),
        ("issued_date", "1812-01-01", "field.date-implausible"),
        ("issued_date", "2023-02-30", "field.pattern"),
        ("symbol", "GP UBND", "field.pattern"),
    ],
)
def test_value_that_does_not_fit_is_never_accepted(checked, field, name, value, issue):
    """However sure the reading, a value must be possible."""
    fields, issues = checked(field(name, value, 1.0))

    assert fields[name].status == "in_review"
    assert issue in issues


def test_symbol_and_agency_confirm_each_other(checked, field):
    """SYT is Sở Y tế: both become surer."""
    fields, _ = checked(field("symbol", "QĐ-SYT", 0.85), field("issuer.name", "SỞ Y TẾ", 0.85))

    assert {one.status for one in fields.values()} == {"accepted"}


def test_symbol_of_another_agency_goes_to_a_person(checked, field):
    """A line of the head was lost, or the symbol misread."""
    fields, issues = checked(
        field("symbol", "QĐ-SYT", 0.99), field("issuer.name", "UBND TỈNH KIÊN GIANG", 0.99)
    )

    assert {one.status for one in fields.values()} == {"in_review"}
    assert issues == ["field.disagree"]


def test_symbol_must_fit_the_kind(checked, field):
    """A decision's symbol begins with QĐ."""
    _, issues = checked(
        field("symbol", "TB-UBND"),
        field("doc_kind", "Quyết định"),
        doc_type="administrative-document",
    )

    assert "field.disagree" in issues


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Ngày tám tháng bảy năm hai nghìn không trăm hai mươi ba", "accepted"),
        ("Ngày chín tháng bảy năm hai nghìn không trăm hai mươi ba", "in_review"),
        ("Ngày tám tháng bảy năm hai nghìn không trăm hai mưai ba", "accepted"),
    ],
)
def test_date_in_words_checks_the_figures(checked, field, words, status):
    """Only words that were read to their end can speak against the figures."""
    fields, _ = checked(
        field("child.birth_date", "2023-07-08"),
        field("child.birth_date_words", words),
        doc_type="birth-certificate",
    )

    assert fields["child.birth_date"].status == status


def test_personal_id_tells_the_birth_year(checked, field):
    """The figures of a personal ID hold year and sex."""
    right = (field("owner.id", "051323009674"), field("child.birth_date", "2023-07-08"))
    wrong = (field("owner.id", "051323009674"), field("child.birth_date", "2013-07-08"))

    assert "field.disagree" not in checked(*right, doc_type="birth-certificate")[1]
    assert "field.disagree" in checked(*wrong, doc_type="birth-certificate")[1]


def test_registration_is_not_before_birth(checked, field):
    """Dates have an order."""
    fields, issues = checked(
        field("child.birth_date", "2023-07-08"),
        field("issued_date", "2023-07-01"),
        doc_type="birth-certificate",
    )

    assert "field.disagree" in issues
    assert fields["issued_date"].status == "in_review"
