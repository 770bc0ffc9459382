"""Tests of pipeline.pdfa.metadata."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import ArchivePage
from pipeline.pdfa import ArchiveFacts, compose
from pipeline.pdfa.flavour import FORMS, Flavour
from pipeline.pdfa.metadata import (
    document_id,
    document_info,
    pdf_date,
    read_packet,
    xmp_date,
    xmp_packet,
)

FACTS = ArchiveFacts(
    title="x",
    record_id="R",
    dossier_code=None,
    procedure=None,
    source_sha256s=(),
    created=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    creator_tool="test",
)
MOMENTS = st.datetimes(
    min_value=datetime(1901, 1, 1),  # noqa: DTZ001 (the time zone is drawn apart)
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001 (the same)
    timezones=st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(
    title=st.text(),
    code=st.text(),
    tool=st.text(),
    moment=MOMENTS,
    claim=st.sampled_from([None, *FORMS]),
)
def test_any_text_makes_a_packet_that_reads_back(
    title: str, code: str, tool: str, moment: datetime, claim: Flavour | None
) -> None:
    """The packet is well-formed XML whatever the title, and says what the information says."""
    facts = replace(FACTS, title=title, dossier_code=code, creator_tool=tool, created=moment)
    packet = xmp_packet(facts, claim=claim)

    ET.fromstring(packet)  # noqa: S314 (our own bytes)
    assert read_packet(packet) == (document_info(facts), claim)


def test_every_property_is_there(facts: ArchiveFacts) -> None:
    """Title, dossier code, procedure and hashes of the scans travel in the file."""
    text = xmp_packet(facts, claim="2u").decode()

    for value in (facts.title, facts.dossier_code, facts.procedure, facts.record_id, "a" * 64):
        assert f">{value}<" in text
    for name, value in (
        ("resultCode", facts.result_code),
        ("resultNumber", facts.result_number),
        ("station", "Quầy 1 &lt;máy quét &amp; in&gt;"),
        ("digitizer", facts.digitizer),
        ("received", "2026-11-23T08:30:00+07:00"),
    ):
        assert f"<sohoa:{name}>{value}</sohoa:{name}>" in text
    assert f"<dc:identifier>{facts.record_id}<" in text
    assert "<pdfaid:part>2</pdfaid:part>" in text
    assert "<pdfaid:conformance>U</pdfaid:conformance>" in text
    assert f"<xmpMM:DocumentID>{document_id(facts)}<" in text


@pytest.mark.parametrize("flavour", FORMS)
def test_a_packet_says_which_pdfa_it_is(facts: ArchiveFacts, flavour: Flavour) -> None:
    """Part and conformance, and for a tagged file that it is accessible, with its schema."""
    packet = xmp_packet(facts, claim=flavour)
    form = FORMS[flavour]

    assert f"<pdfaid:part>{form.part}</pdfaid:part>".encode() in packet
    assert f"<pdfaid:conformance>{form.conformance}</pdfaid:conformance>".encode() in packet
    assert (b"<pdfuaid:part" in packet) == (b"ISO 14289" in packet) == form.tagged
    found = read_packet(packet)
    assert found is not None and found[1] == flavour


def test_accessible_without_its_schema_is_not_ours(facts: ArchiveFacts) -> None:
    """PDF/A asks for a description of the property."""
    packet = xmp_packet(facts, claim="2a")
    start = packet.index(b"</rdf:li><rdf:li") + len(b"</rdf:li>")
    end = packet.index(b"</rdf:Bag></pdfaExtension")

    assert read_packet(packet[:start] + packet[end:]) is None


def test_only_what_is_said_is_described(facts: ArchiveFacts) -> None:
    """Each property that is used, no other; a description more or less is not our packet."""
    full, bare = xmp_packet(facts, claim="2u"), xmp_packet(FACTS, claim="2u")
    described = b'<rdf:li pdfaProperty:name="station"'
    line = next(line for line in full.splitlines(keepends=True) if line.startswith(described))

    assert full.count(b"pdfaProperty:name=") == 9
    assert described not in bare and bare.count(b"pdfaProperty:name=") == 2
    assert read_packet(full.replace(line, b"")) is None
    assert (
        read_packet(bare.replace(b"</rdf:Seq></pdfaSchema", line + b"</rdf:Seq></pdfaSchema"))
        is None
    )


def test_the_document_id_depends_on_record_and_scans_only(facts: ArchiveFacts) -> None:
    """A second run of the same record is the same document; another scan is another."""
    later = replace(facts, created=facts.created + timedelta(days=1), title="x")

    assert document_id(later) == document_id(facts)
    assert document_id(replace(facts, source_sha256s=("c" * 64,))) != document_id(facts)


def test_dates_carry_their_zone() -> None:
    """07:30 in Hanoi is written as such, in both notations."""
    moment = datetime(2026, 11, 23, 7, 30, tzinfo=timezone(timedelta(hours=7)))
    west = datetime(2026, 11, 23, 7, 30, tzinfo=timezone(-timedelta(hours=3, minutes=30)))

    assert xmp_date(moment) == "2026-11-23T07:30:00+07:00"
    assert pdf_date(moment) == "D:20261123073000+07'00'"
    assert xmp_date(west) == "2026-11-23T07:30:00-03:30"
    assert pdf_date(west) == "D:20261123073000-03'30'"


def test_a_time_without_zone_is_a_bug() -> None:
    """We never guess the time zone of a record."""
    naive = replace(FACTS, created=datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="time zone"):
        document_info(naive)


@pytest.mark.parametrize(
    "change",
    [
        (b"2</pdfaid:part>", b"4</pdfaid:part>"),
        (b"</rdf:RDF>", b"<rdf:Description/></rdf:RDF>"),
        (b"<dc:format>", b"<dc:format >"),
        (b"Seq Text", b"Bag Text"),
        (b"<x:xmpmeta", b'<!DOCTYPE x [<!ENTITY a "b">]><x:xmpmeta'),
        (b"<?xpacket end", b" <?xpacket end"),
        (b"application/pdf", b"\xff"),
        (b"2026-11-23T08:30:00", b"2026-99-23T08:30:00"),
        (b'<rdf:li pdfaProperty:name="station"', b'<rdf:li pdfaProperty:name="stations"'),
        (b"<sohoa:station>", b"<sohoa:statiom>"),
    ],
)
def test_only_our_own_packets_are_read(facts: ArchiveFacts, change: tuple[bytes, bytes]) -> None:
    """A packet that differs from ours in one letter of its form is not vouched for."""
    packet = xmp_packet(facts, claim="2u")
    assert change[0] in packet

    assert read_packet(packet.replace(*change)) is None


def test_the_information_dictionary_says_the_same(
    draw: object, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """What a reader shows as title is what the metadata hold."""
    page: ArchivePage = draw(["Trang"])  # type: ignore[operator]
    out = tmp_path / "out.pdf"
    compose([page], replace(facts, title="Tờ <khai> & \x00 đơn"), out)

    with pikepdf.open(out) as pdf:
        assert str(pdf.docinfo.Title) == "Tờ <khai> & đơn"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Tờ <khai> & đơn"
        assert str(pdf.Root.Lang) == "vi-VN"
