"""Size and likeness of PDFs by Sohoa's profiles, OCRmyPDF and archive-pdf-tools, on the same pages.

python -m bench.pdf [--full]. Each page is a PDF of its own without annotations, and no tool
straightens it, so that results can be laid over the scan. The pages are other ones than those that
the layers were developed on (TUNED). Results are drawn by pdfium.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from bench.cer import order_free_errors
from bench.pdf_pages import DATA, WHOLE, Source, find_pages
from bench.processes import Usage, run_batch
from pipeline.imaging.likeness import Reference
from pipeline.layers import Likeness
from pipeline.model import Pixels

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
_LOOK_DPI, _READ_DPI = 150, 300
_OCR = ["tesseract", "-", "-", "-l", "vie"]
_ENVIRON = {"OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True)
class Outcome:
    """What one tool made of one page."""

    size_bytes: int
    seen: Likeness | None  # drawn at 150 dpi; None: no PDF came out
    ink: float  # drawn at 300 dpi and averaged to 150
    errors: int
    characters: int


Tool = Callable[[list[Source], Path], tuple[Usage, dict[str, Path]]]


def main() -> int:
    """Run all tools over all pages and paste the table; returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every page of the sets, an hour")
    full = parser.parse_args().full
    subprocess.run([ROOT / "bench" / "peers.sh", "pdf"], check=True)
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        sources = list(find_pages(Path(folder), full))
        if not sources:
            print(f"No pages: {DATA} is absent")
            return 0
        for kind in ("colour", "bitonal", WHOLE):
            chosen = [one for one in sources if one.kind == kind]
            lines += _measured(kind, chosen, Path(folder))
    paste(ROOT / "docs" / "benchmarks.md", "\n".join([*HEAD, *lines]))
    return 0


HEAD = (
    "| pages | tool | kB/page | ÷ source | CPU s | SSIM | ink | ink, fine | colour | CER "
    "| differs |",
    "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def _measured(kind: str, sources: list[Source], folder: Path) -> Iterable[str]:
    scans = {one.name: (reference(one.pdf), read(one)) for one in sources}
    yield row(kind, "the scan", 0.0, sources, [_of_scan(s, scans[s.name][1]) for s in sources])
    for name, tool in tools(kind).items():
        out = folder / f"{kind}-{name.replace(' ', '-')}"
        out.mkdir()
        usage, pdfs = tool(sources, out)
        outcomes = [_outcome(one, pdfs.get(one.name), *scans[one.name]) for one in sources]
        line = row(kind, name, usage.cpu_s, sources, outcomes)
        print(line, flush=True)
        yield line


def tools(kind: str) -> dict[str, Tool]:
    """Return what is compared, by name."""
    profiles = ("archive",) if kind != "colour" else ("archive", "fine", "nd30-min")
    ours: dict[str, Tool] = {f"Sohoa {one}": partial(_sohoa, profile=one) for one in profiles}
    peers = {f"OCRmyPDF -O{level}": partial(_ocrmypdf, level=level) for level in (1, 3)}
    if kind == WHOLE:  # recode_pdf is given single pages here
        return {**ours, **peers}
    return {**ours, **peers, "recode_pdf": _recode_pdf}


def _sohoa(sources: list[Source], out: Path, profile: str) -> tuple[Usage, dict[str, Path]]:
    said = out / "outcomes.jsonl"
    files = [str(one.pdf) for one in sources]
    command = ["bash", "-c", 'exec "$@" > "$0"', str(said), sys.executable, "-m", "workers",
               "digitize", *files, "--out", str(out), "--jobs", "1", "--json"]  # fmt: skip
    environ = {**_ENVIRON, "SOHOA_PDF_PROFILE": profile, "SOHOA_MAX_SKEW_DEG": "0"}
    usage = run_batch([command], 1, environ)
    found = map(json.loads, said.read_text(encoding="utf-8").splitlines())
    return usage, {Path(o["path"]).stem: Path(o["out"] or "none") / "archive.pdf" for o in found}


def _ocrmypdf(sources: list[Source], out: Path, level: int) -> tuple[Usage, dict[str, Path]]:
    program = str(TOOLS / "ocrmypdf" / "bin" / "ocrmypdf")
    pdfs = {one.name: out / f"{one.name}.pdf" for one in sources}
    commands = [
        [program, "-l", "vie", f"-O{level}", "-j", "1", "-q", str(one.pdf), str(pdfs[one.name])]
        for one in sources
    ]
    return run_batch(commands, 1, _ENVIRON), pdfs


def _recode_pdf(sources: list[Source], out: Path) -> tuple[Usage, dict[str, Path]]:
    """Run Tesseract for the hOCR that it needs, then recode_pdf, as its manual shows."""
    program = TOOLS / "archive-pdf-tools" / "bin" / "recode_pdf"
    pdfs = {one.name: out / f"{one.name}.pdf" for one in sources}
    commands = []
    for one in sources:
        image = out / f"{one.name}.png"
        Image.fromarray(drawn(one.pdf, one.dpi)).save(image, dpi=(one.dpi, one.dpi))
        flags = "--mask-compression ccitt -J pillow"
        script = (
            f"tesseract '{image}' '{image}' -l vie hocr && '{program}' -I '{image}' "
            f"-T '{image}.hocr' -D {one.dpi} {flags} -o '{pdfs[one.name]}'"
        )
        commands.append(["bash", "-c", script])
    return run_batch(commands, 1, _ENVIRON), pdfs


def _outcome(source: Source, pdf: Path | None, scan: Reference, text: str) -> Outcome:
    if pdf is None or not pdf.exists():
        return Outcome(0, None, 0.0, 0, 0)
    height, width = scan.page.shape[:2]
    seen = scan.compare(_fitted(drawn(pdf, _LOOK_DPI), width, height)).likeness
    halved = _fitted(drawn(pdf, _READ_DPI), width, height)
    smooth = Reference(_fitted(drawn(source.pdf, _READ_DPI), width, height))
    wrong, of = order_free_errors(list(source.truth) or text.splitlines(), read(source, pdf))
    return Outcome(pdf.stat().st_size, seen, smooth.compare(halved).likeness.ink, wrong, of)


def _of_scan(source: Source, text: str) -> Outcome:
    wrong, of = order_free_errors(list(source.truth), text)
    return Outcome(source.pdf.stat().st_size, Likeness(1.0, 1.0, 1.0), 1.0, wrong, of)


def reference(pdf: Path) -> Reference:
    """Return the scan as pdfium draws it at 150 dpi."""
    return Reference(drawn(pdf, _LOOK_DPI))


def drawn(pdf: Path, dpi: int) -> Pixels:
    """Return page 1 as pdfium draws it, H×W×3 RGB."""
    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[0].render(scale=dpi / 72, rev_byteorder=True)
        return np.ascontiguousarray(bitmap.to_numpy()[..., :3])


def _fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    if pixels.shape[:2] == (height, width):
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))


def read(source: Source, result: Path | None = None) -> str:
    """Return what Tesseract reads of a page or of a result; of a bitonal one nothing: no loss."""
    if source.kind != "colour":
        return ""
    buffer = io.BytesIO()
    Image.fromarray(drawn(result or source.pdf, _READ_DPI)).save(buffer, "PPM")
    done = subprocess.run(
        [*_OCR, "--dpi", str(_READ_DPI)], input=buffer.getvalue(), capture_output=True, check=True,
        env={**os.environ, **_ENVIRON},
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")


def row(kind: str, name: str, cpu_s: float, sources: list[Source], outcomes: list[Outcome]) -> str:
    """Return one row of the table: geometric means of sizes, means of the rest."""
    done = [(s, o, o.seen) for s, o in zip(sources, outcomes, strict=True) if o.seen]
    if not done:
        return f"| {kind} | {name} | failed | | | | | | | | |"
    size = _geometric([o.size_bytes / s.pages for s, o, _ in done])
    ratio = _geometric([o.size_bytes / s.pdf.stat().st_size for s, o, _ in done])
    colours = [seen.colour_error for *_, seen in done if seen.colour_error is not None]
    count, pages = len(done), sum(s.pages for s, *_ in done)
    page, ink = (sum(getattr(x, part) for *_, x in done) / count for part in ("page", "ink"))
    fine = sum(o.ink for _, o, _ in done) / count
    colour = f"{sum(colours) / len(colours):.1f}" if colours else "–"
    cer = _share([o for s, o, _ in done if s.truth])
    differs = _share([o for s, o, _ in done if not s.truth])
    lost = "" if count == len(outcomes) else f" ({len(outcomes) - count} failed)"
    return (
        f"| {kind} | {name}{lost} | {size / 1000:.0f} | {ratio:.2f} | {cpu_s / pages:.1f} "
        f"| {page:.3f} | {ink:.3f} | {fine:.3f} | {colour} | {cer} | {differs} |"
    )


def _share(outcomes: list[Outcome]) -> str:
    characters = sum(one.characters for one in outcomes)
    return f"{sum(one.errors for one in outcomes) / characters:.2%}" if characters else "–"


def _geometric(values: list[int] | list[float]) -> float:
    return math.exp(sum(map(math.log, values)) / len(values))


def paste(path: Path, table: str) -> None:
    """Put the table between its marks in the document, with the day."""
    begin, end = "<!-- begin: make bench-pdf -->", "<!-- end: make bench-pdf -->"
    head, rest = path.read_text(encoding="utf-8").split(begin)
    about = f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores."
    path.write_text(f"{head}{begin}\n{about}\n\n{table}\n{end}{rest.split(end)[1]}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
