"""Pages in, one searchable PDF/A out.

An image page is the layers of its encoded page image, bit for bit, under invisible text. A
text-born page is taken over as vectors. The same pages and facts give the same bytes.
"""

from __future__ import annotations

import errno
import io
import json
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.errors import DiskFull, ToolCrashed
from pipeline.layers import EncodedImage, EncodedPage, Layer
from pipeline.model import ArchivePage, Box, Page, SourcePage
from pipeline.pdfa import icc, stand_in, text_layer
from pipeline.pdfa.flavour import DEFAULT, FORMS, Flavour, Form
from pipeline.pdfa.font import Face, InvisibleFont
from pipeline.pdfa.mark import Mark
from pipeline.pdfa.metadata import ArchiveFacts, document_info, pdf_date, xmp_packet
from pipeline.pdfa.source_page import SourcePages
from pipeline.pdfa.tags import Tags

IMAGE_RESOURCE = "/Im"  # and the number of the layer
_COLOUR_SPACES = {"rgb": "/DeviceRGB", "gray": "/DeviceGray", "bitonal": "/DeviceGray"}


def compose(
    pages: Sequence[ArchivePage],
    facts: ArchiveFacts,
    out: Path,
    *,
    flavour: Flavour = DEFAULT,
    claim: bool = True,
    mark: Mark | None = None,
) -> tuple[str, ...]:
    """Write the archive PDF to `out`, which appears whole or not at all.

    Return the fonts that text-born pages only named, each with the face that stands in for it.

    `flavour`: of PDF/A, one that is `possible` for these pages. `claim`: say in the metadata that
    it is; `verify` tells whether it is. `mark`: drawn on page 1, which must be an image page, and
    no part of its image. Raises ToolCrashed when a text-born page cannot be taken over, DiskFull
    when there is no room.
    """
    if not pages:
        raise ValueError("an archive PDF has at least one page")
    form = FORMS[flavour]
    born = any(isinstance(page.content, SourcePage) for page in pages)
    if born and not form.vectors:
        raise ValueError(f"text-born pages cannot be PDF/A-{flavour}")
    part = out.with_name(out.name + ".part")
    try:
        _write(pages, facts, part, form, flavour if claim else None, mark)
        embedded = _embed_fonts(part, form) if born else ()
        part.replace(out)
        return embedded
    except pikepdf.PdfError as error:
        raise ToolCrashed("archive PDF", str(error)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(out.parent), str(error)) from error
        raise
    finally:
        part.unlink(missing_ok=True)


def _write(
    pages: Sequence[ArchivePage],
    facts: ArchiveFacts,
    out: Path,
    form: Form,
    claim: Flavour | None,
    mark: Mark | None,
) -> None:
    images = [
        image
        for page in pages
        if isinstance(page.content, EncodedPage)
        for image in page.content.images
    ]
    with ExitStack() as open_files:
        pdf = open_files.enter_context(pikepdf.new())
        drawn = _image_objects(pdf, images)
        sources = SourcePages(pdf, open_files)
        scanned = [page.page for page in pages if isinstance(page.content, EncodedPage)]
        used = set[str]().union(*map(text_layer.characters, scanned))
        font = InvisibleFont(used, set[Face]().union(*map(text_layer.faces, scanned)))
        fonts = font.write(pdf) if used else None
        tags = Tags(pdf) if form.tagged else None
        for page in pages:
            if isinstance(page.content, SourcePage):
                sources.append(page.content)
            else:
                painted = [_layer_object(layer, drawn) for layer in page.content.layers]
                marked = mark.drawn() if mark is not None and page is pages[0] else b""
                _append_image_page(pdf, page, painted, font, fonts, marked, tags)
        sources.finish()
        _write_catalog(pdf, facts, claim)
        if tags is not None:
            tags.finish()
        _save(pdf, out, form)


def _save(pdf: pikepdf.Pdf, out: Path, form: Form) -> None:
    modes = pikepdf.ObjectStreamMode
    pdf.save(
        out,
        force_version=form.version,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=modes.generate if form.streamed else modes.disable,
        # LZW, which PDF/A forbids, becomes Flate; images stay as they are.
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        compress_streams=True,
        recompress_flate=False,
    )


def _embed_fonts(part: Path, form: Form) -> tuple[str, ...]:
    """Give the fonts that a saved file only names their programs; return which got which.

    Saved first: only then is every stream coded in the one way that the checks read.
    """
    whole = part.with_name(part.name + ".fonts")
    try:
        with pikepdf.open(part) as pdf:
            embedded = stand_in.embed_missing(pdf)
            if embedded:
                _save(pdf, whole, form)
        if embedded:
            whole.replace(part)
        return embedded
    finally:
        whole.unlink(missing_ok=True)


def _image_objects(pdf: pikepdf.Pdf, images: Sequence[EncodedImage]) -> Iterator[pikepdf.Object]:
    """Yield an image XObject for each encoded image, in order.

    qpdf's JSON is the one way to hand it a stream as the name of a file: such a stream is read
    when the PDF is saved, so that hundreds of pages are never in memory at once.
    """
    objects = [pdf.make_indirect(_image_stream(pdf, image)) for image in images]
    if not objects:
        return
    files = {
        f"obj:{entry.objgen[0]} {entry.objgen[1]} R": {
            "stream": {
                "datafile": str(image.path.absolute()),
                "dict": json.loads(entry.stream_dict.to_json()),
            }
        }
        for entry, image in zip(objects, images, strict=True)
    }
    head = {
        "jsonversion": 2,
        "pdfversion": "1.7",
        "pushedinheritedpageresources": False,
        "calledgetallpages": False,
        "maxobjectid": max(entry.objgen[0] for entry in objects),
    }
    pdf.update_from_qpdf_json(io.BytesIO(json.dumps({"qpdf": [head, files]}).encode("ascii")))
    yield from objects


def _image_stream(pdf: pikepdf.Pdf, image: EncodedImage) -> pikepdf.Stream:
    """Return the image XObject without its data."""
    stream = pikepdf.Stream(
        pdf,
        b"",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width_px,
        Height=image.height_px,
        ColorSpace=Name(_COLOUR_SPACES[image.colour]),
        BitsPerComponent=1 if image.colour == "bitonal" else 8,
        Filter=Name("/" + image.filter),
    )
    if image.filter == "CCITTFaxDecode":
        stream.DecodeParms = Dictionary(
            K=-1, Columns=image.width_px, Rows=image.height_px, BlackIs1=False
        )
    return stream


def _layer_object(layer: Layer, drawn: Iterator[pikepdf.Object]) -> pikepdf.Object:
    """Take the next image, and the next as its stencil: no transparency (32000-1, 8.9.6.3)."""
    image = next(drawn)
    if layer.stencil is not None:
        stencil = next(drawn)
        del stencil.ColorSpace
        stencil.ImageMask = True
        image.Mask = stencil
    return image


def _append_image_page(
    pdf: pikepdf.Pdf,
    archived: ArchivePage,
    painted: Sequence[pikepdf.Object],
    font: InvisibleFont,
    fonts: pikepdf.Dictionary | None,
    marked: bytes,
    tags: Tags | None,
) -> None:
    page = archived.page
    assert isinstance(archived.content, EncodedPage)  # noqa: S101 (for the type checker)
    frame = text_layer.frame_of(page)
    names = [f"{IMAGE_RESOURCE}{number}" for number in range(len(painted))]
    draw = "".join(
        f"q {_placed(layer.box, page, frame)} cm {name} Do Q\n"
        for name, layer in zip(names, archived.content.layers, strict=True)
    ).encode("ascii")
    lines = text_layer.content(page, font)
    resources = Dictionary(XObject=Dictionary(dict(zip(names, painted, strict=True))))
    if any(lines) and fonts is not None:
        resources.Font = fonts
    entry = pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, _decimal(frame.width_pt), _decimal(frame.height_pt)]),
            Resources=resources,
        )
    )
    drawn = tags.tag(page, entry, draw, lines) if tags is not None else draw + b"".join(lines)
    entry.Contents = pikepdf.Stream(pdf, zlib.compress(drawn + marked, 9), Filter=Name.FlateDecode)
    pdf.pages.append(pikepdf.Page(entry))


def _placed(box: Box, page: Page, frame: text_layer.Frame) -> str:
    """Return the matrix that puts the unit square on a box of the page."""
    across, down = frame.width_pt / page.width_px, frame.height_pt / page.height_px
    width, height = box.width * across, box.height * down
    left, bottom = box.left * across, frame.height_pt - box.bottom * down
    scale = f"{_number(width)} 0 0 {_number(height)}"
    return f"{scale} {_number(left)} {_number(bottom)}"


def _write_catalog(pdf: pikepdf.Pdf, facts: ArchiveFacts, claim: Flavour | None) -> None:
    info = document_info(facts)
    profile = pikepdf.Stream(
        pdf, zlib.compress(icc.srgb_profile(), 9), N=3, Filter=Name.FlateDecode
    )
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String(icc.CONDITION),
        Info=pikepdf.String(icc.CONDITION),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    root = pdf.Root
    root.OutputIntents = Array([pdf.make_indirect(intent)])
    root.Metadata = pikepdf.Stream(
        pdf, xmp_packet(facts, claim=claim), Type=Name.Metadata, Subtype=Name.XML
    )
    root.Lang = pikepdf.String(info.language)
    root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    when = pdf_date(info.created)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=pikepdf.String(info.title),
            Creator=pikepdf.String(info.creator_tool),
            Producer=pikepdf.String(info.producer),
            CreationDate=pikepdf.String(when),
            ModDate=pikepdf.String(when),
        )
    )


def _decimal(value: float) -> Decimal:
    """Return a length as qpdf writes it exactly: 595.28, not 595.2799999."""
    return Decimal(f"{value:.2f}")


def _number(value: float) -> str:
    """Return a place in points to a thousandth of a pixel at 300 dpi, 0 as 0."""
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) >= 0.0005 else "0"
