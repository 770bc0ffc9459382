"""Values from the text of QR codes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.codes import code_readings
from pipeline.extraction.schemas import FieldSchema
from pipeline.model import Box, Code, Page


def values(payload, kind, *keys):
    rule = {"rule": "code", "keys": list(keys)} if keys else {"rule": "code"}
    one = FieldSchema("x", kind, (rule,), {}, {})
    page = Page(1, 100, 100, 300.0, "scan", codes=(Code("QRCode", payload, Box(0, 0, 9, 9)),))
    return [reading.value for _, _, _, reading, _ in code_readings((page,), one)]


@pytest.mark.parametrize(
    "payload",
    [
        "000.00.04.H09-231016-0001|1.004203|Nguyễn An",
        json.dumps({"MaHoSo": "000.00.04.H09-231016-0001"}),
        "https://dichvucong.example.vn/tracuu?mahoso=000.00.04.H09-231016-0001",
        "Mã hồ sơ: 000.00.04.H09-231016-0001; Người nộp: An",
    ],
)
def test_dossier_code_in_any_syntax(payload):
    """The circular lays down what a code holds, not how."""
    assert values(payload, "dossier-code", "MaHoSo")[0] == "000.00.04.H09-231016-0001"


def test_name_needs_a_key():
    """Only what a key names is taken for a name."""
    assert values('{"hoTen": "Trần Văn An"}', "name", "ho ten") == ["Trần Văn An"]
    assert values("Trần Văn An", "name", "ho ten") == []


@given(st.text(max_size=300))
def test_no_payload_breaks_the_reading(payload):
    """A code's text is untrusted."""
    values(payload, "dossier-code", "MaHoSo")
    values(payload, "cccd", "cccd")


def test_deep_nesting_is_no_crash():
    """A payload made to exhaust the stack gives nothing."""
    assert values("[" * 4000, "cccd", "cccd") == []
