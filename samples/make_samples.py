"""Draw the sample dossiers: python samples/make_samples.py [--out DIR].

Writes inbox/ (what a counter would drop) and truth/ (what is on each paper). Deterministic: with
the locked packages and the same font the files are the same bytes every time.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pikepdf
import pillow_heif
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from samples.dossiers import BORN_DIGITAL, MANIFESTS, SAMPLES, Sample
from samples.forms import Paper
from samples.physics import Pixels, handwritten, scan, seal, signature
from samples.vector import write_pdf


def main() -> None:
    """Draw everything into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent)
    out = parser.parse_args().out
    for name in ("inbox", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
    for number, sample in enumerate(SAMPLES):
        make(sample, number, out)
    make_born_digital(out)
    for dossier, manifest in MANIFESTS.items():
        write_json(out / "inbox" / dossier / "dossier.json", manifest)


def make(sample: Sample, number: int, out: Path) -> None:
    """Draw one document and its truth; `number` seeds its chance."""
    paper = sample.draw()
    x, y = paper.sign_at_mm
    last = paper.sheets[-1]
    signature(last, x, y, seed=number)
    for digits, (at_x, at_y) in sample.pen.items():
        handwritten(paper.sheets[0], at_x, at_y, digits, seed=number)
    if sample.sealed:
        seal(last, x - 13, y + 1, paper.seal_text, sample.worn, seed=number)
    pages = [
        np.ascontiguousarray(
            np.rot90(scan(sheet, sample.scanner, seed=100 * number + index), sample.quarter_turns)
        )
        for index, sheet in enumerate(paper.sheets)
    ]
    path = out / "inbox" / (sample.dossier or "") / sample.name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_scan(pages, paper.sheets[0].dpi, path, sample.quality)
    write_truth(paper, out, sample.dossier, sample.name)


def make_born_digital(out: Path) -> None:
    """Write the one paper that was never printed."""
    dossier, name, draw = BORN_DIGITAL
    paper = draw()
    (out / "inbox" / dossier).mkdir(parents=True, exist_ok=True)
    write_pdf(paper.sheets[0].placed, out / "inbox" / dossier / name)
    write_truth(paper, out, dossier, name)


def write_scan(pages: list[Pixels], dpi: int, path: Path, quality: int) -> None:
    """Write the pages in the format of the path's suffix; without one, a folder of images."""
    images = [Image.fromarray(page) for page in pages]
    match path.suffix:
        case ".pdf":
            write_pdf_of_jpegs(
                [as_jpeg(image, dpi, quality) for image in images], images, dpi, path
            )
        case ".tif":
            bitonal = [
                image.convert("L").point(lambda v: 255 * (v > 140)).convert("1") for image in images
            ]
            bitonal[0].save(
                path, save_all=True, append_images=bitonal[1:], compression="group4", dpi=(dpi, dpi)
            )
        case ".jpg":
            path.write_bytes(as_jpeg(images[0], dpi, quality))
        case ".png":
            images[0].quantize(64).save(path, optimize=True, dpi=(dpi, dpi))
        case ".webp":
            images[0].save(path, quality=quality, method=4)
        case ".heic":
            pillow_heif.from_pillow(images[0]).save(path, quality=quality)
        case _:
            path.mkdir()
            # Names that only natural order sorts right: 9, 10.
            for number, image in enumerate(images, 9):
                (path / f"{number}.jpg").write_bytes(as_jpeg(image, dpi, quality))


def as_jpeg(image: Image.Image, dpi: int, quality: int) -> bytes:
    """Return the image as a JPEG file."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()


def write_pdf_of_jpegs(jpegs: list[bytes], images: list[Image.Image], dpi: int, path: Path) -> None:
    """Write a PDF as scanners do: one JPEG a page."""
    pdf = pikepdf.new()
    for jpeg, image in zip(jpegs, images, strict=True):
        width, height = (side / dpi * 72 for side in image.size)
        page = pdf.add_blank_page(page_size=(round(width, 2), round(height, 2)))
        stream = pdf.make_stream(
            jpeg,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
        page.Contents = pdf.make_stream(f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode())
    pdf.save(path, deterministic_id=True)


def write_truth(paper: Paper, out: Path, dossier: str | None, name: str) -> None:
    """Write expected.json and text.txt of one document."""
    folder = out / "truth" / (dossier or "_unlinked") / name
    folder.mkdir(parents=True, exist_ok=True)
    expected = {
        "doc_type": paper.doc_type,
        "pages": len(paper.sheets),
        "fields": {
            name: value for name, value in sorted(paper.fields.items()) if value is not None
        },
        "unreadable": paper.unreadable,
    }
    write_json(folder / "expected.json", expected)
    text = "".join("\n".join(sheet.lines) + "\n\f" for sheet in paper.sheets)
    (folder / "text.txt").write_text(text, encoding="utf-8")


def write_json(path: Path, value: object) -> None:
    """Write JSON for people to read."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


if __name__ == "__main__":
    main()
