"""Values that stages hand to each other: frozen, with their units.

One frame: after `straighten` the width, height and dpi of a page never change, and every box
is in pixels of that page, origin top left. Only `pdfa.text_layer` converts to points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.box import Box as Box
from pipeline.layers import Coding, EncodedPage
from pipeline.layout import HeadFigures, Layout
from pipeline.signature import Signature

Pixels = NDArray[np.uint8]

FieldSource = Literal["qr", "ocr", "text", "person"]
FieldStatus = Literal["accepted", "in_review", "corrected"]


@dataclass(frozen=True, slots=True)
class PageImage:
    """Pixels of one page; never outlives that page (26 MB at A4, 300 dpi)."""

    pixels: Pixels  # uint8, H×W×3, RGB
    dpi: float  # px per inch, the same across and down
    bitonal: bool = False  # the scan was one bit a pixel: encode it so again

    @property
    def width_px(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        return int(self.pixels.shape[0])


@dataclass(frozen=True, slots=True)
class Word:
    """One word as read."""

    text: str  # NFC, no white space
    box: Box
    confidence: float  # 0–1: of networks the share of such words that are right
    engine: str  # networks that read it so ("vie+aster"), "tesseract", "text-layer"


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one printed line, left to right."""

    words: tuple[Word, ...]
    baseline: tuple[float, float] | None = None  # y in px at the line's left and right edge
    block: int = 0  # paragraph or column number, in reading order

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.union(word.box)
        return box


@dataclass(frozen=True, slots=True)
class Code:
    """A bar code or QR code as decoded; its text is untrusted."""

    kind: str  # "QRCode", "Code128", …
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured on a page, kept in the record; each says what was applied."""

    quarter_turns: int = 0  # 0–3, anticlockwise, applied
    turn_confidence: float = 0.0  # engine's own scale; 0: the page read well as it was
    line_axis: float = (
        0.0  # −1–1; above 0 its lines run across as scanned, below 0 down; 0: not asked
    )
    skew_deg: float = 0.0  # anticlockwise positive, applied; 0 when there is no evidence
    skew_evidence: float = 0.0  # 0–1
    outline: tuple[tuple[float, float], ...] = ()  # corners of a photographed sheet, px as scanned
    bend_mm: float = 0.0  # farthest that a usual line is from straight
    shaded_edge: str | None = None  # "left" or "right", where a binding takes the light
    sharpness: float = 0.0  # variance of the Laplacian at 150 dpi
    ink_share: float = 0.0  # 0–1, share of dark pixels
    paper_brightness: float = 1.0  # 0–1, of the paper where it is darkest
    contrast: float = 1.0  # 0–1, of the usual ink to its paper
    letter_dpi: float | None = None  # resolution that letters of 13 or 14 points tell; None: few
    cut_edges: tuple[str, ...] = ()  # where the text goes on beyond the sheet: "left", …
    folded_corners: tuple[str, ...] = ()  # "top left", …
    fingers: int = 0  # over an edge of the sheet
    blank: bool = False
    colour: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """Something a person must look at; it does not stop the work."""

    code: str  # "field.check-digit", "page.blank": the key of the message table
    where: str  # "page 2", "field issued_date", a file name
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One side of paper, read."""

    number: int  # from 1
    width_px: int
    height_px: int
    dpi: float
    kind: Literal["scan", "text"]  # text: born digital, its text layer survived the check
    lines: tuple[Line, ...] = ()  # in reading order
    codes: tuple[Code, ...] = ()
    measures: Measures = field(default_factory=Measures)
    layout: Layout = field(default_factory=Layout)
    figures: tuple[HeadFigures, ...] = ()  # read a second time, by the digit reader
    issues: tuple[Issue, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def text(self) -> str:
        """Return the page's lines, one a row, in reading order."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Where the archive PDF takes a text-born page from, unchanged."""

    pdf: Path
    index: int  # from 0


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """What `pdfa.compose` draws: a page image, or a text-born page as it is."""

    page: Page
    content: EncodedPage | SourcePage


@dataclass(frozen=True, slots=True)
class Scan:
    """A file as it came from the scanner."""

    path: Path  # where it lies on this machine now
    name: str  # as dropped; untrusted, never part of a key
    sha256: str  # hex
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """What a look at a scan's structure tells, before anything is decoded."""

    media_type: str
    extension: str  # ".pdf", by content, not by name
    pages: int
    other_pages: int | None = None  # as another reader counts them; None: it cannot, or nobody asks
    signed: bool = False  # carries a digital signature: keep it byte for byte
    single_image: bool = False  # one page image: may be a page of a folder


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is known of the dossier before reading: its folder name and `dossier.json`."""

    code: str | None = None  # as dropped; None: not linked yet
    procedure: str | None = None  # AP code (mã thủ tục)
    result_number: str | None = None
    result_code: str | None = None  # KQ.…
    owner: Mapping[str, str] = field(default_factory=dict)  # id_type, id, name


@dataclass(frozen=True, slots=True)
class Capture:
    """How a document reached us."""

    record_id: str  # 26 base32 letters
    received_at: datetime  # with its time zone; the only clock that a record knows
    station: str = ""  # name of the counter or scanner
    source_path: str = ""  # where it was dropped; untrusted


@dataclass(frozen=True, slots=True)
class Document:
    """One paper to be digitized: one archive PDF."""

    scans: tuple[Scan, ...]
    dossier: Dossier = field(default_factory=Dossier)
    ordinal: int = 1  # place in the dossier, from 1
    doc_type: str | None = None  # declared in dossier.json
    component_code: str | None = None
    paper_pages: int | None = None  # sides of paper as declared


@dataclass(frozen=True, slots=True)
class Field:
    """An extracted value with its evidence."""

    name: str  # dotted, as in the schema: "issuer.name"
    raw: str  # as printed
    value: Any  # normalised: str, number, list; None when it could not be read
    confidence: float  # 0–1
    page: int  # from 1
    box: Box | None  # px of that page
    rule: str  # which rule of the schema found it
    engine: str
    source: FieldSource
    status: FieldStatus


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the flow, for the record."""

    name: str
    tool: str
    version: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classified:
    """The type of a document, or none."""

    doc_type: str | None  # schema name; None: unknown
    confidence: float  # 0–1
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """The report on one archive PDF."""

    pdfa: str | None  # flavour ("2u"), only when every check of it passed
    checks: Mapping[str, bool]  # check name -> passed
    failures: tuple[str, ...] = ()  # of PDF/A checks: why `pdfa` is None
    sha256: str = ""
    size_bytes: int = 0
    pages: int = 0
    images: tuple[Coding | None, ...] = ()  # of each page; None: text-born, taken over as it is
    fonts: tuple[str, ...] = ()  # that text-born pages only named: name, and what stands in
    marked: bool | None = None  # the conversion mark is on it; None: it was not asked for


@dataclass(frozen=True, slots=True)
class Digitized:
    """All that `flow.digitize` found out about one document."""

    document: Document
    classified: Classified
    pages: tuple[Page, ...]
    fields: tuple[Field, ...]
    issues: tuple[Issue, ...]
    result_code: str | None  # code assigned to the result (legal step 3)
    pdf: Path  # archive.pdf
    verification: Verification
    sources: tuple[ScanFacts, ...]  # one for each scan of the document
    steps: tuple[Step, ...]
    signatures: tuple[tuple[Signature, ...], ...]  # of each scan
