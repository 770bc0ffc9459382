"""A folder of scans in, the pages that PDFs are compared on out, each a PDF of its own.

Other ones than those that the layers were developed on (TUNED).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
TUNED = ("01_TTr", "280_BC", "574_UB", "phutho_275", "1697_qd", "danang_3", "dkkd", "02_syt_gavi3")
WHOLE = "bitonal files"  # of several pages; what a file has once is shared by them
SETS = (  # kind, folder, files, every so many; with --full every one
    ("colour", "vn_scan_quangngai", "*.pdf", 3),
    ("colour", "vn_scan_kiengiang", "[12]*_*.pdf", 6),
    ("colour", "vn_synth", "*_300_mild.jpg", 1),
    ("bitonal", "vn_scan_kiengiang", "*.pdf", 9),
    (WHOLE, "vn_scan_kiengiang", "*.pdf", 6),
)


@dataclass(frozen=True)
class Source:
    """One page to be compressed."""

    kind: str  # colour, bitonal, bitonal files
    name: str
    pdf: Path
    dpi: int
    truth: tuple[str, ...]  # printed lines; empty: the OCR of the scan is what is compared
    pages: int = 1


def find_pages(folder: Path, full: bool) -> Iterable[Source]:
    """Write each page as a PDF of its own, and yield it."""
    for kind, place, pattern, step in SETS:
        files = [p for p in sorted((DATA / place).glob(pattern)) if not p.name.startswith(TUNED)]
        for path in files[:: 1 if full else step]:
            out = folder / f"{kind.replace(' ', '-')}-{path.stem}.pdf"
            if kind == WHOLE:
                if pages := _bitonal_file(path, out):
                    yield Source(kind, out.stem, out, 200, (), pages)
                continue
            dpi = _first_page(path, out) if path.suffix == ".pdf" else _as_pdf(path, out)
            if dpi and (kind == "bitonal") == _is_bitonal(out):
                truth = path.with_suffix(".json")
                lines = json.loads(truth.read_text())["segs"] if truth.exists() else []
                yield Source(kind, out.stem, out, dpi, tuple(line["text"] for line in lines))


def _first_page(path: Path, out: Path) -> int:
    """Write page 1 if it is one image; return its dpi, else 0."""
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0]
        images = list(page.get_images().values())
        if len(images) != 1 or "/Font" in page.get("/Resources", {}):
            return 0
        for key in ("/Annots", "/StructParents"):
            if key in page:
                del page[key]
        with pikepdf.new() as alone:
            alone.pages.append(page)
            alone.remove_unreferenced_resources()
            alone.save(out)
        return round(float(images[0].Width) * 72 / float(page.mediabox[2] - page.mediabox[0]))


def _bitonal_file(path: Path, out: Path) -> int:
    """Write the file if it is several bitonal images; return how many, else 0."""
    with pikepdf.open(path) as pdf:
        for page in pdf.pages:
            images = list(page.get_images().values())
            if len(images) != 1 or images[0].get("/BitsPerComponent", 1) != 1:
                return 0
            if "/Annots" in page:
                del page["/Annots"]
        if len(pdf.pages) > 1:
            pdf.save(out)
        return len(pdf.pages) if len(pdf.pages) > 1 else 0


def _as_pdf(path: Path, out: Path) -> int:
    with Image.open(path) as image:
        data, (width, height) = path.read_bytes(), image.size
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width * 0.24, height * 0.24))
        stream = pdf.make_stream(
            data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
            ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
        )  # fmt: skip
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=stream))
        draw = f"q {width * 0.24} 0 0 {height * 0.24} 0 0 cm /I Do Q"
        page.obj.Contents = pdf.make_stream(draw.encode())
        pdf.save(out)
    return 300


def _is_bitonal(pdf: Path) -> bool:
    with pikepdf.open(pdf) as opened:
        (image,) = opened.pages[0].get_images().values()
        return bool(image.get("/BitsPerComponent", 1) == 1)
