"""How four readers find the text of archive PDFs, beside OCRmyPDF, on the same pages.

python -m bench.readers [--pages N] [--full] [--no-peer] [--keep FOLDER]. Words are compared with
those that were recognised (our ALTO, the peer's sidecar), boxes with the recognised boxes, and
poppler's boxes also with where the words of drawn pages are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf

from bench.processes import run_batch
from bench.reading import READERS, Reading, Seen, finds
from bench.word_boxes import Agreement, agreement, overlaps, printed, recognised
from pipeline.pdfa.font import NAME

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- begin: make bench-readers -->", "<!-- end: make bench-readers -->"
DRAWN = "vn_synth"
SCANS = ("vn_scan_kiengiang", "vn_scan_quangngai", "vn_scan_misc")
_ENVIRON = {"OMP_THREAD_LIMIT": "1"}
_PHRASE = (4, 8)  # words
NEAR_PT = 2.0


@dataclass(frozen=True)
class Source:
    """One page: an image or a one-page PDF."""

    kind: str  # drawn, scans
    path: Path
    dpi: int = 0  # of an image
    truth: Path | None = None  # of a clean drawn page, whose pixels lie where the truth says


@dataclass(frozen=True)
class Result:
    """What one producer made of a page."""

    source: Source
    pdf: Path
    lines: tuple[str, ...]  # recognised
    words: tuple[Seen, ...]  # the same with boxes; without, (0, 0, 0, 0)
    boxed: bool


Producer = Callable[[Sequence[Source], Path], list[Result]]
HEAD = (
    "| pages | producer | reader | words in order | F1 | pages equal | sides: p95 / worst / ≤ 2 pt "
    "| edges: p95 / worst / ≤ 2 pt | IoU, printed | IoU, recognised | phrase found |",
    "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
)


def main() -> int:
    """Run producers and readers and paste the table; returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=6, help="of each set; 0: of scans none")
    parser.add_argument("--full", action="store_true", help="every page of the scans, an hour")
    parser.add_argument("--no-peer", action="store_true", help="without OCRmyPDF")
    parser.add_argument("--keep", type=Path, help="folder for the PDFs, taken up again from there")
    asked = parser.parse_args()
    subprocess.run([ROOT / "bench" / "tools.sh", "readers"], check=True)
    if not asked.no_peer:
        subprocess.run([ROOT / "bench" / "peers.sh"], check=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        sources = list(find_pages(folder, None if asked.full else asked.pages))
        if not sources:
            print(f"No pages: {DATA} is absent")
            return 0
        rows = list(_measured(sources, folder, asked.pages, peer=not asked.no_peer))
    paste(DOCUMENT, "\n".join([*HEAD, *rows]))
    return 0


def _measured(sources: list[Source], folder: Path, pages: int, *, peer: bool) -> Iterator[str]:
    for kind in ("drawn", "scans"):
        chosen = [one for one in sources if one.kind == kind]
        # The drawn pages with boxes first: the peer has no time for all.
        few = sorted(chosen, key=lambda one: one.truth is None)
        few = few[:: max(1, len(few) // pages) if pages and kind == "scans" else 1][: pages or None]
        producers: list[tuple[str, Producer, list[Source]]] = [("Sohoa", ours, chosen)]
        if peer:
            producers.append(("OCRmyPDF", ocrmypdf, few))
        for name, producer, given in producers:
            out = folder / f"{kind}-{name}"
            out.mkdir(exist_ok=True)
            results = producer(given, out)
            for line in rows(kind, name, results) if results else ():
                print(line, flush=True)
                yield line


def find_pages(folder: Path, pages: int | None) -> Iterable[Source]:
    """Yield all drawn pages, and so many of each set of scans as PDFs of one page."""
    for path in sorted((DATA / DRAWN).glob("*.json")):
        image = next(p for p in path.parent.glob(f"{path.stem}.*") if p.suffix in (".jpg", ".png"))
        clean = path.stem.endswith("_clean")
        dpi = int(json.loads(path.read_text(encoding="utf-8"))["dpi"])
        yield Source("drawn", image, dpi, path if clean else None)
    for name in SCANS:
        files = sorted((DATA / name).glob("*.pdf"))
        every = [(path, page) for path in files for page in range(_page_count(path))]
        step = max(1, len(every) // pages) if pages else 1
        chosen = every if pages is None else every[::step][:pages]
        for path, page in chosen:
            yield Source("scans", _alone(path, page, folder / f"{path.stem}-{page + 1}.pdf"))


def _page_count(path: Path) -> int:
    with pikepdf.open(path) as pdf:
        return len(pdf.pages)


def _alone(path: Path, index: int, out: Path) -> Path:
    """Write one page, without what a signature drew on it."""
    with pikepdf.open(path) as pdf, pikepdf.new() as alone:
        page = pdf.pages[index]
        for key in ("/Annots", "/StructParents"):
            if key in page:
                del page[key]
        alone.pages.append(page)
        alone.remove_unreferenced_resources()
        alone.save(out)
    return out


def ours(sources: Sequence[Source], out: Path) -> list[Result]:
    """Digitize the pages; text-born ones, which have no text layer of ours, are left out."""
    missing = [s for s in sources if not (out / s.path.stem / "archive.pdf").exists()]
    if missing:
        command = [sys.executable, "-m", "workers", "digitize", *(str(s.path) for s in missing)]
        jobs = str(os.cpu_count() or 1)
        run_batch([[*command, "--out", str(out), "--jobs", jobs]], 1, _ENVIRON)
    results = []
    for source in sources:
        pdf = out / source.path.stem / "archive.pdf"
        alto = out / source.path.stem / "pages" / "0001.xml"
        if not pdf.exists():
            print(f"No archive PDF: {source.path.name}")
            continue
        with pikepdf.open(pdf) as opened:
            page = opened.pages[0]
            width_pt = float(page.mediabox[2])
            fonts = page.get("/Resources", {}).get("/Font", {}).values()
            invisible = any(font.get("/BaseFont") == f"/{NAME}" for font in fonts)
        if invisible:
            words = tuple(recognised(alto, width_pt))
            lines = (pdf.parent / "text.txt").read_text(encoding="utf-8").splitlines()
            results.append(Result(source, pdf, tuple(lines), words, boxed=True))
    return results


def ocrmypdf(sources: Sequence[Source], out: Path) -> list[Result]:
    """Run the peer as it comes; without straightening, so that the truth stays where it is."""
    program = str(ROOT / ".tools" / "ocrmypdf" / "bin" / "ocrmypdf")
    results = []
    for source in sources:
        pdf, text = out / f"{source.path.stem}.pdf", out / f"{source.path.stem}.txt"
        if not pdf.exists():
            dpi = ["--image-dpi", str(source.dpi)] if source.dpi else []
            flags = ["-l", "vie", "-j", "1", "-q", "--force-ocr", *dpi, "--sidecar", str(text)]
            run_batch([[program, *flags, str(source.path), str(pdf)]], 1, _ENVIRON)
        if not pdf.exists():
            print(f"No PDF by OCRmyPDF: {source.path.name}")
            continue
        lines = tuple(text.read_text(encoding="utf-8").splitlines())
        words = tuple(Seen(word, (0.0, 0.0, 0.0, 0.0)) for word in " ".join(lines).split())
        results.append(Result(source, pdf, lines, words, boxed=False))
    return results


def rows(kind: str, name: str, results: list[Result]) -> Iterator[str]:
    """Yield the rows of one producer, one for each reader."""
    print(f"{name}, {kind}: {len(results)} pages", flush=True)
    for reader, read in READERS.items():
        readings = read([one.pdf for one in results])
        agreements = [agreement(r.words, x) for r, x in zip(results, readings, strict=True)]
        for result, one in zip(results, agreements, strict=True):
            if not one.equal:
                print(f"  {reader}: {result.pdf}: {one.in_order} of {one.words}, {one.found} found")
        label = f"{kind}, {len(results)}"
        boxed = results[0].boxed
        sides = [d for a in agreements for d in a.sides_pt] if boxed else []
        # pdf.js knows no heights: it gives the size of the font.
        tall = boxed and reader != "pdf.js"
        edges = [d for a in agreements for d in a.edges_pt] if tall else []
        yield (
            f"| {label} | {name} | {reader} | {_words(agreements)} "
            f"| {_distance(sides)} | {_distance(edges)} "
            f"| {_overlaps(results, readings, reader)} "
            f"| {_phrases(results) if reader == 'pdfium' else '–'} |"
        )


def _words(agreements: list[Agreement]) -> str:
    words, found = sum(a.words for a in agreements), sum(a.found for a in agreements)
    in_order, both = sum(a.in_order for a in agreements), sum(a.both for a in agreements)
    equal = sum(a.equal for a in agreements)
    return (
        f"{_share(in_order, words)} | {2 * both / (words + found):.4f} | {equal}/{len(agreements)}"
    )


def _share(part: int, whole: int) -> str:
    """Return per cent, 100 only when nothing is missing."""
    return "100 %" if part == whole else f"{int(10_000 * part / whole) / 100:.2f} %"


def _distance(distances: list[float]) -> str:
    if not distances:
        return "–"
    within = sum(one <= NEAR_PT for one in distances)
    worst = f"{np.percentile(distances, 95):.2f} / {max(distances):.1f}"
    return f"{worst} / {_share(within, len(distances))}"


def _overlaps(results: list[Result], readings: list[Reading], reader: str) -> str:
    """Return both overlaps of poppler's boxes: with the printed words, with the recognised ones."""
    if not reader.startswith("poppler -b"):
        return "– | –"
    pairs = list(zip(results, readings, strict=True))
    of_printed, at_best = list[float](), list[float]()
    for result, reading in pairs:
        if result.source.truth is not None:
            truth = printed(result.source.truth, result.source.path, result.source.dpi)
            of_printed += overlaps(truth, reading.seen)
            at_best += overlaps(truth, result.words) if result.boxed else []
    of_recognised = [x for r, y in pairs if r.boxed for x in overlaps(r.words, y.seen)]
    best = f" (boxes as recognised: {np.mean(at_best):.3f})" if at_best else ""
    return f"{_mean(of_printed)}{best} | {_mean(of_recognised)}"


def _mean(values: list[float]) -> str:
    return f"{np.mean(values):.3f}" if values else "–"


def _phrases(results: list[Result]) -> str:
    sought = [(one.pdf, phrase) for one in results if (phrase := phrase_of(one.lines))]
    return f"{sum(finds(pdf, phrase) for pdf, phrase in sought)}/{len(sought)}"


def phrase_of(lines: Sequence[str]) -> str:
    """Return the words of one line with the most letters with marks; "" when there are none."""
    least, most = _PHRASE
    runs = [words[:most] for line in lines if len(words := line.split()) >= least]
    best = max((" ".join(run) for run in runs), key=_marks, default="")
    return best if _marks(best) else ""


def _marks(text: str) -> int:
    return len(re.findall(r"[\u0300-\u036f]", unicodedata.normalize("NFD", text)))


def paste(path: Path, table: str) -> None:
    """Put the table between its marks in the document, with the day."""
    head, rest = path.read_text(encoding="utf-8").split(BEGIN)
    about = f"{time.strftime('%Y-%m-%d')}."
    path.write_text(f"{head}{BEGIN}\n{about}\n\n{table}\n{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
