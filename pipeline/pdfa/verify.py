"""An archive PDF reopened and compared with what went into it: a report out.

Two readers open it: pikepdf (qpdf) for the objects, pdfium for what a person sees and searches.
A copy that lost a page, a picture or a word is an error of ours and stops the work; a PDF/A claim
that does not hold is only taken back.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Dictionary

from pipeline.errors import ArchiveDiffers, ToolCrashed, ToolMissing, ToolTimeout
from pipeline.layers import LOOK_PX, EncodedPage
from pipeline.model import ArchivePage, SourcePage, Verification
from pipeline.pdfa import structure, text_layer
from pipeline.pdfa.comparison import (
    Gray,
    look_of,
    same_but_gaps,
    same_picture,
    small_gray,
    unmarked,
    words_read,
    words_written,
)
from pipeline.pdfa.compose import IMAGE_RESOURCE
from pipeline.pdfa.flavour import DEFAULT, FORMS, Flavour
from pipeline.pdfa.mark import Mark

_SIZE_TOLERANCE_PT = 0.02  # rounding to two decimals
_SOURCE_TOLERANCE_PX = 2.0  # a text-born page was drawn in whole pixels


def verify(
    pdf: Path,
    pages: Sequence[ArchivePage],
    *,
    flavour: Flavour = DEFAULT,
    mark: Mark | None = None,
    verapdf: Path | None = None,
    timeout_s: float = 300.0,
) -> Verification:
    """Reopen the archive PDF of `pages` and report; `pdfa` is set only when every check passed.

    Page count, page sizes, pixels and text are compared page by page, one page in memory at a
    time. Every letter of every word must be read back. `words` and `reading-order` tell whether
    pdfium also finds the words apart, and in the order that they were recognised in, which it
    does not where specks or lines lie over each other. `mark` was added to page 1: nothing may
    be seen where it stands but the mark. `verapdf`: a veraPDF program whose verdict
    must agree. Raises ArchiveDiffers when the copy is not faithful, ToolMissing, ToolTimeout or
    ToolCrashed when veraPDF gives no verdict.
    """
    doubts = _compare(pdf, pages, mark)
    checks = {"pages": True, "sizes": True, "pixels": True, "text": True}
    checks |= {name: name not in doubts for name in ("words", "reading-order")}
    failures = list(structure.check(pdf, flavour))
    checks["structure"] = not failures
    if verapdf is not None and not failures:
        for asked in FORMS[flavour].verapdf:
            failures.extend(_verapdf_failures(verapdf, pdf, asked, timeout_s))
        checks["verapdf"] = not failures
    return Verification(
        pdfa=None if failures else flavour,
        checks=checks,
        failures=tuple(failures),
        sha256=_sha256(pdf),
        size_bytes=pdf.stat().st_size,
        pages=len(pages),
        images=tuple(
            page.content.coding if isinstance(page.content, EncodedPage) else None for page in pages
        ),
    )


def _compare(path: Path, pages: Sequence[ArchivePage], mark: Mark | None) -> set[str]:
    """Compare page by page; return the checks that do not hold but forbid nothing."""
    try:
        with pikepdf.open(path) as objects, _reader(path) as reader:
            if not len(objects.pages) == len(reader) == len(pages):
                counts = f"{len(objects.pages)} pages in it, {len(pages)} were put in"
                raise ArchiveDiffers(path.name, counts)
            doubts: set[str] = set()
            with _Sources() as sources:
                for index, archived in enumerate(pages):
                    here = mark if index == 0 else None
                    doubts |= _compare_page(path, index, archived, objects, reader, sources, here)
            return doubts
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        raise ArchiveDiffers(path.name, f"it cannot be reopened: {error}") from error


def _compare_page(
    path: Path,
    index: int,
    archived: ArchivePage,
    objects: pikepdf.Pdf,
    reader: pypdfium2.PdfDocument,
    sources: _Sources,
    mark: Mark | None,
) -> set[str]:
    where = f"page {index + 1}"
    with _page(reader, index) as page:
        size_pt = page.get_size()
        if isinstance(archived.content, EncodedPage):
            entry = objects.pages[index]
            difference = next(_image_page_differences(archived, entry, page, mark), None)
        else:
            with _page(sources.open(archived.content), archived.content.index) as source:
                difference = next(_source_page_differences(archived, source, page, size_pt), None)
        if difference is not None:
            error = ArchiveDiffers(path.name, f"{where}: {difference}")
            error.page = index + 1
            raise error
        if isinstance(archived.content, SourcePage):
            return set()  # its own order: that of the page that it was taken from
        read, written = words_read(_text(page)), words_written(archived.page.text)
        # Each word as often as it was recognised; lines that lie over each other change the order.
        doubts = set() if read == written else {"reading-order"}
        return doubts if sorted(read) == sorted(written) else doubts | {"words"}


def _image_page_differences(
    archived: ArchivePage,
    entry: pikepdf.Page,
    page: pypdfium2.PdfPage,
    mark: Mark | None,
) -> Iterator[str]:
    content, size_pt = archived.content, page.get_size()
    assert isinstance(content, EncodedPage)  # noqa: S101 (for the type checker)
    frame = text_layer.frame_of(archived.page)
    wanted = (frame.width_pt, frame.height_pt)
    if max(abs(a - b) for a, b in zip(size_pt, wanted, strict=True)) > _SIZE_TOLERANCE_PT:
        yield f"its size is {size_pt} pt instead of {wanted}"
    if _stream_sha256s(entry) != [_sha256(image.path) for image in content.images]:
        yield "its image is not the page image"
    # Enlarged, each program smooths the steps between pixels in its own way.
    long_side_px = min(LOOK_PX, max(archived.page.width_px, archived.page.height_px))
    picture = _render(page, long_side_px)
    look = look_of(content, picture.shape[1], picture.shape[0])
    if mark is not None:
        plain = unmarked(look, picture, mark.box, size_pt)
        if plain is None:
            yield "the conversion mark is not seen, or covers something"
            return
        picture = plain
    if not same_picture(look, picture):
        yield "what it shows is not the page image"
    if not same_but_gaps(words_written(archived.page.text), words_read(_text(page))):
        yield "its text is not the text that was recognised"


def _source_page_differences(
    archived: ArchivePage,
    source: pypdfium2.PdfPage,
    page: pypdfium2.PdfPage,
    size_pt: tuple[float, float],
) -> Iterator[str]:
    pt_per_px = 72 / archived.page.dpi
    wanted = (archived.page.width_px * pt_per_px, archived.page.height_px * pt_per_px)
    off = max(abs(a - b) for a, b in zip(size_pt, wanted, strict=True))
    if source.get_size() != size_pt or off > _SOURCE_TOLERANCE_PX * pt_per_px:
        yield f"its size is {size_pt} pt instead of {wanted}"
    if not same_picture(_render(source), _render(page)):
        yield "what it shows is not the page that it was taken from"
    letters = _letters(words_read(_text(page)))
    # Drawn-in annotations may add text; nothing may be missing.
    if _letters(words_read(_text(source))) - letters:
        yield "text of the page that it was taken from is missing"
    if _letters(words_written(archived.page.text)) - letters:
        yield "text that was read from it is missing"


def _letters(words: Sequence[str]) -> Counter[str]:
    return Counter("".join(words))


def _text(page: pypdfium2.PdfPage) -> str:
    reading = page.get_textpage()
    try:
        return str(reading.get_text_range())
    finally:
        reading.close()


def _render(page: pypdfium2.PdfPage, long_side_px: int = LOOK_PX) -> Gray:
    width_pt, height_pt = page.get_size()
    scale = long_side_px / max(width_pt, height_pt)
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
    try:
        image = bitmap.to_pil()
        return small_gray(image, *image.size)
    finally:
        bitmap.close()


class _Sources:
    """The source PDFs of text-born pages, each opened once, with their forms to be drawn."""

    def __init__(self) -> None:
        self._readers: dict[Path, pypdfium2.PdfDocument] = {}

    def __enter__(self) -> _Sources:
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers.values():
            reader.close()

    def open(self, content: SourcePage) -> pypdfium2.PdfDocument:
        if content.pdf not in self._readers:
            reader = pypdfium2.PdfDocument(content.pdf)
            if reader.get_formtype():
                reader.init_forms()
            self._readers[content.pdf] = reader
        return self._readers[content.pdf]


@contextmanager
def _reader(path: Path) -> Iterator[pypdfium2.PdfDocument]:
    reader = pypdfium2.PdfDocument(path)
    try:
        yield reader
    finally:
        reader.close()


@contextmanager
def _page(reader: pypdfium2.PdfDocument, index: int) -> Iterator[pypdfium2.PdfPage]:
    page = reader[index]
    try:
        yield page
    finally:
        page.close()


def _stream_sha256s(entry: pikepdf.Page) -> list[str]:
    """Return the hashes of the page's images, each with its stencil, in the order of layers."""
    images = entry.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
    streams = []
    for number in range(len(images)):
        image = images.get(f"{IMAGE_RESOURCE}{number}", Dictionary())
        streams += [image, image["/Mask"]] if "/Mask" in image else [image]
    return [
        hashlib.sha256(stream.read_raw_bytes()).hexdigest()
        for stream in streams
        if isinstance(stream, pikepdf.Stream)
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verapdf_failures(program: Path, pdf: Path, flavour: str, timeout_s: float) -> Iterator[str]:
    command = [str(program), "--format", "json", "--flavour", flavour, str(pdf.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout_s, check=False)  # noqa: S603 (a program from the settings)
    except FileNotFoundError as error:
        raise ToolMissing("veraPDF", str(program)) from error
    except subprocess.TimeoutExpired as error:
        raise ToolTimeout("veraPDF", f"no verdict in {timeout_s:g} s") from error
    try:
        job = json.loads(done.stdout)["report"]["jobs"][0]
        results = job["validationResult"]
        result = results[0] if isinstance(results, list) else results
        compliant, rules = result["compliant"], result["details"]["ruleSummaries"]
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ToolCrashed("veraPDF", f"exit status {done.returncode}, no verdict") from error
    if compliant is not True:
        yield from (f"veraPDF: {rule['clause']}-{rule['testNumber']}" for rule in rules)
        if not rules:
            yield "veraPDF: not compliant"
