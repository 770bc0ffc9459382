"""Codes of dossiers, procedures and papers."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam import identifiers as ids

SYMBOLS = st.sampled_from(
    ["QĐ-UBND", "GP-UBND", "SYT-NVY", "TTr-UBND", "KH-SYT-CĐN", "GM-HĐĐT", "TT-VPCP", "GPXD-QLĐT"]
)
NUMBERS = st.integers(1, 999_999).map(lambda n: f"{n:02}")


@pytest.mark.parametrize(
    ("text", "agency", "received", "sequence"),
    [
        ("000.00.04.H09-231016-0001", "000.00.04.H09", date(2023, 10, 16), "0001"),
        ("G09.20-20260609-0092637", "G09.20", date(2026, 6, 9), "0092637"),
        ("H55.242-240101-0012", "H55.242", date(2024, 1, 1), "0012"),
    ],
)
def test_both_grammars_of_dossier_codes(
    text: str, agency: str, received: date, sequence: str
) -> None:
    """The old agency code with six figures of date, and the new one with eight."""
    code = ids.parse_dossier_code(text)

    assert code is not None
    assert (code.agency, code.received, code.sequence, code.code) == (
        agency, received, sequence, text,
    )  # fmt: skip
    assert code.exact


def test_a_dossier_code_in_running_text() -> None:
    """Printed dashes vary; the code is the same and marked as mended."""
    (code,) = ids.find_dossier_codes("Mã hồ sơ: 000.00.04.H09 – 231016 - 0001, nhận ngày")

    assert code.code == "000.00.04.H09-231016-0001"
    assert not code.exact
    assert ids.parse_dossier_code("000.00.04.H09-2310-0001") is None
    assert ids.parse_dossier_code("000.00.04.H09-231345-0001").received is None  # type: ignore[union-attr]


def test_codes_of_the_procedure_database() -> None:
    """AP code with and without agency, result type, component, field."""
    assert ids.parse_ap_code("1.005129") == ids.ApCode("1.005129", None, None)
    assert ids.parse_ap_code("2.000815.000.00.00.H55.02") == ids.ApCode(
        "2.000815", "000.00.00.H55", "02"
    )
    assert ids.parse_ap_code("9.005129") is None
    assert [code.code for code in ids.find_ap_codes("(TTHC 1.004203.000.00.00.H09)")] == [
        "1.004203"
    ]
    assert ids.parse_result_type("KQ.G07.000122") == "KQ.G07.000122"
    assert ids.parse_component_code("000.00.00.G09-KQ002269") is not None
    assert ids.parse_field_code("G03-GD10") == "G03-GD10"
    assert ids.parse_result_type("KQ.G07.0001") is None


@given(NUMBERS, SYMBOLS, st.sampled_from([None, 2019, 2023]))
def test_number_and_symbol_survive_printing(number: str, symbol: str, year: int | None) -> None:
    """Number, year and symbol read back from the printed form and serialise to it."""
    text = f"{number}/{year}/{symbol}" if year else f"{number}/{symbol}"
    found = ids.parse_document_number(text)

    assert found is not None
    assert (found.number, found.year, found.symbol, found.exact) == (number, year, symbol, True)
    assert found.text == text


@given(NUMBERS, SYMBOLS)
def test_spaces_and_dashes_of_a_scan_are_mended(number: str, symbol: str) -> None:
    """`Số: 123 / QĐ – UBND` is the same number, marked as mended."""
    (found,) = ids.find_document_numbers(f"Số: {number} / {symbol.replace('-', ' – ')} ngày 5")

    assert (found.number, found.symbol, found.exact) == (number, symbol, False)


@pytest.mark.parametrize(
    ("text", "number", "symbol"),
    [
        ("l23/QD-UBND", "123", "QĐ-UBND"),
        ("Số: 3176B/QĐ-SYT", "3176B", "QĐ-SYT"),
        ("so 2O17/QÐ-UBND", "2017", "QĐ-UBND"),
        ("Số: 12/SYT-NVD.", "12", "SYT-NVD"),
    ],
)
def test_slips_in_numbers(text: str, number: str, symbol: str) -> None:
    """Letters for digits, eth for Đ, a full stop at the end; a suffix letter stays."""
    found = ids.parse_document_number(text)

    assert found is not None
    assert (found.number, found.symbol) == (number, symbol)


def test_a_number_left_for_a_pen() -> None:
    """The symbol is read, the number is missing rather than wrong."""
    (found,) = ids.find_document_numbers("Số:        /TTr-UBND")

    assert (found.number, found.symbol, found.printed) == (None, "TTr-UBND", "/TTr-UBND")
    assert found.kind == "Tờ trình"


@pytest.mark.parametrize(
    "text", ["và/hoặc", "km/h", "118/9 hẻm 42", "30/4/1975", "20.000đ/hồ sơ", "125/2023", "1/500"]
)
def test_other_strokes_are_no_numbers(text: str) -> None:
    """Prose, addresses, dates and scales have strokes too."""
    assert ids.find_document_numbers(text) == []


def test_same_identifier() -> None:
    """Spaces, dashes and marks do not make another code."""
    assert ids.same_identifier("12 / QĐ–UBND", "12/QD-UBND")
    assert not ids.same_identifier("12/QĐ-UBND", "13/QĐ-UBND")


@given(st.text(max_size=80))
def test_no_text_breaks_the_parsers(text: str) -> None:
    """Untrusted text gives a value or nothing, never an error."""
    ids.find_document_numbers(text)
    ids.find_dossier_codes(text)
    ids.find_ap_codes(text)
    ids.parse_document_number(text)
    ids.parse_dossier_code(text)
    ids.check_mst(text)
    ids.check_cccd(text)
