"""Values made of figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.figures import read_document_number, read_quantity


def value(text, part):
    reading = read_document_number(text, {"part": part})
    return None if reading is None else reading.value


@pytest.mark.parametrize(
    ("text", "number", "symbol"),
    [
        ("Số: 123/GP-UBND", "123", "GP-UBND"),
        ("Số: 01/2023/TT-VPCP", "01/2023", "TT-VPCP"),
        ("Số: /TB-UBND", None, "TB-UBND"),
        ("Số: J3£T/CĐ-UBND", None, "CĐ-UBND"),
        ("Số:2043 / SYT- NVY", "2043", "SYT-NVY"),
        ("Số: 04 /TTrUBND", "04", "TTr-UBND"),
    ],
)
def test_document_number_comes_apart(text, number, symbol):
    """A symbol is read though its number is not."""
    assert value(text, "number") == number
    assert value(text, "symbol") == symbol


@pytest.mark.parametrize("text", ["Số: 48 7/SYT-NVY", "Số: 2/13/SYT-NVY", "Số: 487 /SYT-NVY"])
def test_number_that_does_not_hang_together_is_torn(text):
    """A pen left a gap or a stroke; what was read may be a part of the number."""
    reading = read_document_number(text, {"part": "number"})

    assert reading is None or reading.problems


@given(st.integers(0, 999), st.integers(0, 99))
def test_quantity_reads_back_what_is_printed(whole, hundredths):
    """A comma parts decimals."""
    reading = read_quantity(f"{whole},{hundredths:02} m²", {})

    assert reading.value == float(f"{whole}.{hundredths:02}")
    assert reading.problems == ()
