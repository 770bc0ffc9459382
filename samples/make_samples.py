"""Draw the sample dossiers: python samples/make_samples.py [--out DIR].

Writes inbox/ (what a counter would drop) and truth/ (what is on each paper). Deterministic: with
the locked packages and the same font the files are the same bytes every time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from samples.dossiers import MANIFESTS, SAMPLES, Sample
from samples.faces import fingerprint
from samples.filing import pdf_of_images, write_scan
from samples.letterhead import Paper
from samples.physics import scan
from samples.printing import print_sheet
from samples.signing import write_signed
from samples.vector import write_pdf


def main() -> None:
    """Draw everything into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent)
    out = parser.parse_args().out
    for name in ("inbox", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
    for sample in SAMPLES:
        make(sample, out)
    for dossier, manifest in MANIFESTS.items():
        write_json(out / "inbox" / dossier / "dossier.json", manifest)
    drawn_with = {"font_sha256": fingerprint(), "pillow": version("pillow")}
    write_json(out / "truth" / "drawn-with.json", drawn_with)


def make(sample: Sample, out: Path) -> None:
    """Draw one document and its truth."""
    seed = seed_of(sample)
    paper = sample.draw(seed)
    path = out / "inbox" / (sample.dossier or "") / sample.name
    path.parent.mkdir(parents=True, exist_ok=True)
    if sample.text_born:
        write_pdf(paper.sheets, path)
    else:
        pages = scanned(paper, sample, seed)
        if sample.signed:
            pdf = pdf_of_images(pages, sample.dpi, sample.quality)
            write_signed(pdf, *sample.signed, path)
        else:
            write_scan(pages, sample.dpi, path, sample.quality)
    folder = out / "truth" / (sample.dossier or "_unlinked") / sample.name
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "expected.json", truth(paper, sample))
    text = "".join("\n".join(sheet.lines) + "\n\f" for sheet in paper.sheets)
    (folder / "text.txt").write_text(text, encoding="utf-8")


def seed_of(sample: Sample) -> int:
    """Return the seed of a sample's chance: its own, whatever else is drawn."""
    name = f"{sample.dossier}/{sample.name}".encode()
    return int.from_bytes(hashlib.sha256(name).digest()[:4])


def scanned(paper: Paper, sample: Sample, seed: int) -> list[Image.Image]:
    """Return the pages as the scanner saw them."""
    pages = []
    for number, sheet in enumerate(paper.sheets):
        page = scan(print_sheet(sheet, sample.dpi), sample.scanner, sample.dpi, seed + number)
        for _ in range(turns_of(sample, number)):
            page = page.transpose(Image.Transpose.ROTATE_90)
        pages.append(page.convert("L") if sample.grey else page)
    return pages


def turns_of(sample: Sample, number: int) -> int:
    """Return how the sheet lay in the scanner, in quarter turns anticlockwise."""
    return sample.quarter_turns[number] if sample.quarter_turns else 0


def truth(paper: Paper, sample: Sample) -> dict[str, Any]:
    """Return what is on the paper and how it lay in the scanner (angles anticlockwise)."""
    return {
        "doc_type": paper.doc_type,
        "pages": len(paper.sheets),
        "fields": {
            name: value for name, value in sorted(paper.fields.items()) if value is not None
        },
        "unreadable": paper.unreadable,
        "handwritten": paper.handwritten,
        "codes": paper.codes,
        "quarter_turns": [turns_of(sample, number) for number in range(len(paper.sheets))],
        "skew_deg": sample.scanner.skew_deg,
        "signed": sample.signed is not None,
        "text_born": sample.text_born,
    }


def write_json(path: Path, value: object) -> None:
    """Write JSON for people to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
