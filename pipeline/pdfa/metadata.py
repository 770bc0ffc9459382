"""What an archive PDF says of itself: facts in, XMP packet and document information out.

Both are made from one set of cleaned values, so they cannot differ (ISO 19005-2, 6.6.3). The
packet is written by hand from a template: no wall clock, the same bytes every time.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import cast
from xml.sax.saxutils import escape, unescape  # nothing is parsed: no entity is ever expanded

from pipeline.pdfa.characters import writable
from pipeline.pdfa.flavour import FORMS, Flavour

NAMESPACE = "urn:sohoa:archive:1.0/"  # of our own properties; never change one that was written
PRODUCER = "Sohoa PDF writer"

_UUID_ROOT = uuid.UUID("6f1f3d0e-5b0a-5d0c-9a51-2f5d1a3c7b42")  # ours, drawn once
_MAX_CHARACTERS = 2000  # an archive title is no longer; a PDF/A string holds 32,767 bytes
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")  # BCP 47
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ArchiveFacts:
    """What is known of a document when its archive PDF is made."""

    title: str
    record_id: str
    dossier_code: str | None
    procedure: str | None  # AP code (mã thủ tục)
    source_sha256s: tuple[str, ...]  # hex, one for each scan in order
    created: datetime  # with its time zone: the caller's clock, never ours
    creator_tool: str
    language: str = "vi-VN"  # BCP 47
    result_code: str | None = None  # type of the procedure's result, KQ.…
    result_number: str | None = None
    station: str = ""  # counter or scanner
    digitizer: str = ""  # who is answerable for the copy: a person or an agency


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """The entries that XMP and the information dictionary share, cleaned."""

    title: str
    creator_tool: str
    producer: str
    created: datetime
    language: str


def document_info(facts: ArchiveFacts) -> DocumentInfo:
    """Return the shared entries; raises ValueError when `created` has no time zone."""
    if facts.created.utcoffset() is None:
        raise ValueError("ArchiveFacts.created needs a time zone")
    return DocumentInfo(
        title=_clean(facts.title) or _clean(facts.record_id) or "—",
        creator_tool=_clean(facts.creator_tool) or PRODUCER,
        producer=PRODUCER,
        created=facts.created.replace(microsecond=0),
        language=facts.language if _LANGUAGE.fullmatch(facts.language) else "vi-VN",
    )


def xmp_packet(facts: ArchiveFacts, *, claim: Flavour | None) -> bytes:
    """Return the XMP packet, UTF-8; `claim`: the PDF/A that it says the file is, None: none."""
    info = document_info(facts)
    identity = document_id(facts)
    when = xmp_date(info.created)
    own = _own_properties(facts)
    packet = _PACKET.format(
        pdfa=_claim(claim) if claim else "",
        accessible=_ACCESSIBLE if claim and FORMS[claim].tagged else "",
        title=escape(info.title),
        language=info.language,
        identifier=escape(_clean(facts.record_id) or "—"),
        tool=escape(info.creator_tool),
        producer=escape(info.producer),
        when=when,
        identity=identity,
        namespace=NAMESPACE,
        own="".join(own.values()),
        described="".join(_described(*one) for one in OWN_PROPERTIES if one[0] in own),
    )
    return packet.encode("utf-8")


def document_id(facts: ArchiveFacts) -> str:
    """Return the document's UUID: the same record from the same scans has the same one."""
    return f"uuid:{uuid.uuid5(_UUID_ROOT, '/'.join((facts.record_id, *facts.source_sha256s)))}"


def xmp_date(moment: datetime) -> str:
    """Return a date as XMP writes it: 2026-11-23T08:00:00+07:00."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + _offset(moment, ":", "")


def pdf_date(moment: datetime) -> str:
    """Return a date as PDF writes it: D:20261123080000+07'00'."""
    return moment.strftime("D:%Y%m%d%H%M%S") + _offset(moment, "'", "'")


def _offset(moment: datetime, between: str, after: str) -> str:
    offset = moment.utcoffset() or timedelta()
    sign = "-" if offset < timedelta() else "+"
    hours, minutes = divmod(int(abs(offset).total_seconds()) // 60, 60)
    return f"{sign}{hours:02}{between}{minutes:02}{after}"


def _clean(text: str) -> str:
    """Return a text without what XML or PDF cannot hold, on one line."""
    return unicodedata.normalize("NFC", writable(text)[:_MAX_CHARACTERS]).strip()


def _own_properties(facts: ArchiveFacts) -> dict[str, str]:
    """Return the element of each of our own properties that there is something to say of."""
    single = (
        ("recordId", facts.record_id),
        ("dossierCode", facts.dossier_code),
        ("procedure", facts.procedure),
        ("resultCode", facts.result_code),
        ("resultNumber", facts.result_number),
        ("station", facts.station),
        ("digitizer", facts.digitizer),
        ("received", xmp_date(facts.created.replace(microsecond=0))),
    )
    rows = {
        name: f"<sohoa:{name}>{escape(text)}</sohoa:{name}>\n"
        for name, value in single
        if value is not None and (text := _clean(value))
    }
    hashes = [value for value in facts.source_sha256s if _SHA256.fullmatch(value)]
    if hashes:
        items = "".join(f"<rdf:li>{value}</rdf:li>" for value in hashes)
        rows["sourceSha256"] = (
            f"<sohoa:sourceSha256><rdf:Seq>{items}</rdf:Seq></sohoa:sourceSha256>\n"
        )
    return rows


_USED = re.compile("<sohoa:([A-Za-z0-9]+)>")
_DESCRIBED = re.compile(
    '<rdf:li pdfaProperty:name="([A-Za-z0-9]+)".*pdfaProperty:category="external"'
)
# Our own properties in the order they are written, each described where it is used as
# ISO 19005-2, 6.6.2.3.3 asks: name, type, meaning.
OWN_PROPERTIES = (
    ("recordId", "Text", "Identifier of the electronic record"),
    ("dossierCode", "Text", "Code of the dossier (ma ho so)"),
    ("procedure", "Text", "Code of the administrative procedure (ma thu tuc)"),
    ("resultCode", "Text", "Code of the type of the procedure's result (KQ.)"),
    ("resultNumber", "Text", "Number of the procedure's result"),
    ("station", "Text", "Counter or scanner that the scans came from"),
    ("digitizer", "Text", "Person or agency that made the copy"),
    ("received", "Date", "When the scans were received"),
    ("sourceSha256", "Seq Text", "SHA-256 of each scan that the document was made from"),
)


def _described(name: str, kind: str, meaning: str) -> str:
    # Properties as attributes (XMP part 1, 7.9.2.2): half as long as elements, in every file.
    return (
        f'<rdf:li pdfaProperty:name="{name}" pdfaProperty:valueType="{kind}" '
        f'pdfaProperty:category="external" pdfaProperty:description="{meaning}"/>\n'
    )


def _claim(flavour: str) -> str:
    """Return what identifies a flavour; a tagged file is PDF/UA-1 as well."""
    form = FORMS[flavour]
    claim = (
        f"<pdfaid:part>{form.part}</pdfaid:part>\n"
        f"<pdfaid:conformance>{form.conformance}</pdfaid:conformance>\n"
    )
    return claim + (f"<pdfuaid:part {_UA}>1</pdfuaid:part>\n" if form.tagged else "")


_UA = 'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'
# Known to PDF/UA but not to PDF/A, so it is described too.
_ACCESSIBLE = """<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
<rdf:li pdfaProperty:name="part" pdfaProperty:valueType="Integer" \
pdfaProperty:category="internal" pdfaProperty:description="Part of ISO 14289"/>
</rdf:Seq></pdfaSchema:property>
</rdf:li>"""

_PACKET = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:xmp="http://ns.adobe.com/xap/1.0/"
xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
xmlns:sohoa="{namespace}"
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
{pdfa}\
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:identifier>{identifier}</dc:identifier>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{when}</xmp:CreateDate>
<xmp:ModifyDate>{when}</xmp:ModifyDate>
<xmp:MetadataDate>{when}</xmp:MetadataDate>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<xmpMM:DocumentID>{identity}</xmpMM:DocumentID>
{own}\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Sohoa archive record</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>sohoa</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
{described}\
</rdf:Seq></pdfaSchema:property>
</rdf:li>{accessible}</rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@cache
def _packet_pattern() -> re.Pattern[str]:
    """Return a pattern of exactly the packets that `xmp_packet` writes."""
    value = "(?:[^<&]|&amp;|&lt;|&gt;)*"
    named = {
        name: f"\0(?P<{name}>{value})\0"
        for name in ("title", "identifier", "language", "tool", "producer", "identity")
    }
    own = "".join(
        f"\0(?:<sohoa:{name}>{value}</sohoa:{name}>\n)?\0"
        for name, kind, _ in OWN_PROPERTIES
        if kind in ("Text", "Date")
    )
    hashes = (
        "\0(?:<sohoa:sourceSha256><rdf:Seq>(?:<rdf:li>[0-9a-f]{64}</rdf:li>)+</rdf:Seq>"
        "</sohoa:sourceSha256>\n)?\0"
    )
    packet = _PACKET.format(
        pdfa=f"\0(?P<claim>{'|'.join(re.escape(_claim(each)) for each in FORMS)})?\0",
        accessible=f"\0(?P<accessible>{re.escape(_ACCESSIBLE)})?\0",
        when="\0(?:WHEN)\0",
        namespace=NAMESPACE,
        own=own + hashes,
        described="".join(f"\0(?:{re.escape(_described(*one))})?\0" for one in OWN_PROPERTIES),
        **named,
    )
    # Parts between two NULs are patterns already, the others are literal text.
    parts = packet.split("\0")
    pattern = "".join(part if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    first, *more = pattern.split("(?:WHEN)")
    date = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
    return re.compile(f"{first}(?P<when>{date})" + "(?P=when)".join(more))


def read_packet(packet: bytes) -> tuple[DocumentInfo, Flavour | None] | None:
    """Return what a packet of ours says and which PDF/A it claims; None for any other packet.

    Only a packet that `xmp_packet` could have written, letter for letter, is read.
    """
    try:
        found = _packet_pattern().fullmatch(packet.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    if found is None:
        return None
    if _USED.findall(found[0]) != _DESCRIBED.findall(found[0]):
        return None
    try:
        created = datetime.fromisoformat(found["when"])
    except ValueError:
        return None
    info = DocumentInfo(
        title=unescape(found["title"]),
        creator_tool=unescape(found["tool"]),
        producer=unescape(found["producer"]),
        created=created,
        language=found["language"],
    )
    claimed = next((each for each in FORMS if _claim(each) == found["claim"]), None)
    tagged = claimed is not None and FORMS[claimed].tagged
    if tagged != (found["accessible"] is not None):
        return None
    return info, cast("Flavour | None", claimed)
