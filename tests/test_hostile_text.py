"""Whatever stands on paper, in QR codes or in file names: every parser answers, none breaks."""

import json
import os
import string
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import StoreError
from pipeline.recognition.payload import parse_payload
from pipeline.storage import parse_key, read_record
from pipeline.vietnam import (
    agencies,
    dates,
    identifiers,
    letters,
    money,
    names,
    numerals,
    owners,
    phrases,
    places,
)
from workers.documents import is_left_alone, is_litter, is_unfinished, natural_key
from workers.folders import as_text
from workers.manifest import BrokenManifest, parse_manifest
from workers.tickets import plain

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
PARSERS = [
    agencies.begins_agency,
    agencies.mend_wording,
    lambda text: agencies.split_agencies([text, text]),
    lambda text: agencies.symbol_names_agency(text, [text]),
    dates.find_dates,
    dates.parse_date,
    identifiers.find_ap_codes,
    identifiers.find_document_numbers,
    identifiers.find_dossier_codes,
    identifiers.mend_symbol,
    identifiers.parse_ap_code,
    identifiers.parse_component_code,
    identifiers.parse_document_number,
    identifiers.parse_dossier_code,
    identifiers.parse_field_code,
    identifiers.parse_result_type,
    lambda text: identifiers.same_identifier(text, text[::-1]),
    letters.fold,
    letters.is_syllable,
    letters.is_vietnamese,
    letters.marked_share,
    letters.strip_tones,
    letters.title_case,
    letters.tone_key,
    letters.vietnamese_share,
    money.find_money,
    money.parse_money,
    names.mend_family_name,
    names.person_likeness,
    names.without_rank,
    numerals.words_to_number,
    owners.check_cmnd,
    owners.check_mst,
    owners.parse_passport,
    owners.parse_phone,
    owners.read_cccd,
    phrases.is_addressee_label,
    phrases.is_dateline,
    phrases.is_motto,
    phrases.is_recipients_label,
    phrases.is_signer_title,
    places.cccd_place,
    places.expand_units,
    places.find_province,
    places.province_by_code,
    parse_payload,
    plain,
    is_left_alone,
    is_litter,
    is_unfinished,
    natural_key,
]

# Words that the parsers know, so that hostile text comes past the first look.
KNOWN = st.sampled_from(
    [
        "000.00.04.H09-231016-0001", "H09.20-20260609-0092637", "1.004203", "KQ.G07.000122",
        "Số: 123/QĐ-UBND", "ngày 16 tháng 10 năm 2023", "079190001234", "0101243150-001",
        "một trăm hai mươi ba triệu đồng", "1.234.567 đồng", "ỦY BAN NHÂN DÂN", "TM.", "Kính gửi:",
        "|", ";", "&", "=", "{", "[", "\\u0000", "http://x/", "٣٤", "²", "ﬁ", "Đ", "Ð", "\u0301",
    ]
)  # fmt: skip
ODD = st.text(
    alphabet=st.characters(codec=None, categories=["L", "N", "M", "P", "S", "Z", "C"]), max_size=60
)
HOSTILE = st.lists(st.one_of(KNOWN, ODD, st.text(string.printable, max_size=20)), max_size=8).map(
    "".join
)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda p: getattr(p, "__qualname__", "with two"))
@settings(max_examples=60, deadline=None)
@given(text=HOSTILE)
def test_no_text_breaks_a_parser(parser, text):
    """Recognised text, a QR payload, a name: each gives an answer, even if that is none."""
    parser(text)


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), HOSTILE.map(lambda t: t.encode("utf-8", "replace"))))
def test_no_bytes_break_a_manifest_or_a_record(data):
    """`dossier.json` is written by other programs, the bucket may be written to by others."""
    try:
        parse_manifest(data, "D-1", SCHEMAS)
    except BrokenManifest as broken:
        assert str(broken)
    try:
        read_record(data, "record/X/0001.json")
    except StoreError as error:
        assert error.detail


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    value=st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), ODD),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(HOSTILE, inner, max_size=4)
        ),
        max_leaves=12,
    ),
    name=st.sampled_from(["schema", "code", "procedure", "owner", "result", "documents", "files"]),
)
def test_no_json_breaks_a_manifest(value, name):
    """The right names with the wrong values."""
    data = json.dumps({name: value}).encode()
    try:
        parse_manifest(data, "D-1", SCHEMAS)
    except BrokenManifest as broken:
        assert str(broken)


@given(st.one_of(HOSTILE, st.from_regex(r"(record|files|intake|pending)/[A-Z2-7]{20,30}/.*")))
def test_a_key_is_ours_or_refused(text):
    """What is read from a key can be written to the same key again."""
    try:
        parsed = parse_key(text)
    except ValueError:
        return
    assert str(parsed) == text


@given(st.binary(max_size=80))
def test_every_file_name_can_be_shown(raw):
    """Names are bytes: those that are no text are shown all the same, and steer nothing."""
    shown = plain(as_text(os.fsdecode(raw)))

    assert shown.isprintable() or shown == ""
