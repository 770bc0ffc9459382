"""Sohoa and OCRmyPDF on the same pages in the same run, side by side.

python -m bench.compare [--quick]. Sets that are absent are named and left out. The table goes
to the screen and into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pypdfium2

from bench.cer import order_free_errors
from bench.processes import Usage, run_batch

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
PEER = ROOT / ".tools" / "ocrmypdf" / "bin" / "ocrmypdf"
CORES = os.cpu_count() or 1
ENVIRON = {"OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True)
class BenchSet:
    """Files to digitize; `truth` maps a file to its printed lines, empty where unknown."""

    name: str
    files: tuple[Path, ...]
    truth: dict[Path, list[str]]


@dataclass(frozen=True)
class Row:
    """One tool on one set."""

    bench_set: str
    tool: str
    pages: int
    usage: Usage
    bytes_per_page: float
    cer: float | None
    failed: int


def main() -> int:
    """Run all sets and write the table; returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few files of each set only")
    parser.add_argument(
        "--only", default="", help="sets whose name begins so; no document is written"
    )
    options = parser.parse_args()
    subprocess.run([ROOT / "bench" / "peers.sh"], check=True)
    rows: list[Row] = []
    for bench_set in find_sets(options.quick):
        if not bench_set.name.startswith(options.only):
            continue
        for run in (run_ours, run_peer):
            with tempfile.TemporaryDirectory() as folder:
                rows.append(run(bench_set, Path(folder)))
                print(as_text(rows[-1]), flush=True)
    table = as_table(rows)
    print("\n" + table)
    if not (options.quick or options.only):
        paste(ROOT / "docs" / "benchmarks.md", table)
    return 0


def find_sets(quick: bool) -> list[BenchSet]:
    """Return the sets that are there; name those that are not."""
    found = []
    samples = sorted((ROOT / "samples" / "inbox").rglob("*.pdf"))
    found.append(BenchSet("samples (PDF)", tuple(samples[: 3 if quick else None]), {}))
    synth = sorted(p for p in (DATA / "vn_synth").glob("*") if p.suffix in (".png", ".jpg"))
    if synth:
        synth = synth[:: 6 if quick else 1]
        truth = {path: _lines(path) for path in synth}
        found.append(BenchSet("vn_synth (truth)", tuple(synth), truth))
    for name in ("vn_scan_kiengiang", "vn_scan_quangngai"):
        scans = sorted((DATA / name).glob("*.pdf"))
        if scans:
            found.append(BenchSet(name, tuple(scans[:: 12 if quick else 4]), {}))
    absent = [n for n in ("vn_synth", "vn_scan_kiengiang", "vn_scan_quangngai")
              if not (DATA / n).is_dir()]  # fmt: skip
    if absent:
        print(f"Absent and left out: {', '.join(absent)} (looked in ../shared/data)")
    return found


def run_ours(bench_set: BenchSet, folder: Path) -> Row:
    """Run `sohoa digitize` over the set, one worker a core."""
    said = folder / "outcomes.jsonl"
    command = [
        "bash",
        "-c",
        'exec "$@" > "$0"',
        str(said),
        sys.executable,
        "-m",
        "workers",
        "digitize",
    ]
    command += [*map(str, bench_set.files), "--out", str(folder), "--jobs", str(CORES), "--json"]
    usage = run_batch([command], 1, ENVIRON)
    outcomes = map(json.loads, said.read_text(encoding="utf-8").splitlines())
    pdfs = {Path(o["path"]): Path(o["out"] or "none") / "archive.pdf" for o in outcomes}
    return _row(bench_set, f"Sohoa {version('sohoa')}", usage, pdfs)


def run_peer(bench_set: BenchSet, folder: Path) -> Row:
    """Run OCRmyPDF over the set, one file a core, each on one thread: its best on many files."""
    commands, pdfs = [], {}
    for number, path in enumerate(bench_set.files):
        pdfs[path] = folder / f"{number}.pdf"
        source = _without_signature(path, folder) if path.suffix == ".pdf" else path
        command = [str(PEER), "-l", "vie", "--deskew", "--rotate-pages", "-j", "1", "-q"]
        if path.suffix == ".pdf":
            command += ["--force-ocr"] if _has_text(source) else []
        else:
            command += ["--image-dpi", "300"] if "_300_" in path.name else ["--image-dpi", "200"]
        commands.append([*command, str(source), str(pdfs[path])])
    usage = run_batch(commands, CORES, ENVIRON)
    peer = subprocess.run([PEER, "--version"], capture_output=True, text=True, check=True)
    return _row(bench_set, f"OCRmyPDF {peer.stdout.strip()}", usage, pdfs)


def _row(bench_set: BenchSet, tool: str, usage: Usage, pdfs: dict[Path, Path]) -> Row:
    pages = size = errors = characters = failed = 0
    for source, pdf in pdfs.items():
        if not pdf.exists():
            failed += 1
            continue
        text, count = _read(pdf)
        pages += count
        size += pdf.stat().st_size
        if source in bench_set.truth:
            wrong, of = order_free_errors(bench_set.truth[source], text)
            errors, characters = errors + wrong, characters + of
    cer = errors / characters if characters else None
    return Row(bench_set.name, tool, pages, usage, size / max(pages, 1), cer, failed)


def _read(pdf: Path) -> tuple[str, int]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
        return "\n".join(texts), len(texts)


def _has_text(path: Path) -> bool:
    return bool(_read(path)[0].strip())


def _without_signature(path: Path, folder: Path) -> Path:
    # OCRmyPDF refuses signed PDFs; its own advice is to drop the signature first.
    copy = folder / f"unsigned-{len(list(folder.iterdir()))}.pdf"
    script = (
        "import sys, pikepdf\n"
        "pdf = pikepdf.open(sys.argv[1])\n"
        "pdf.flatten_annotations('all')\n"
        "for name in ('/AcroForm', '/Perms'):\n"
        "    if name in pdf.Root: del pdf.Root[name]\n"
        "pdf.save(sys.argv[2])\n"
    )
    done = subprocess.run([sys.executable, "-c", script, path, copy], check=False)
    return copy if done.returncode == 0 else path


def _lines(path: Path) -> list[str]:
    segments = json.loads(path.with_suffix(".json").read_text())["segs"]
    return [segment["text"] for segment in segments]


def as_text(row: Row) -> str:
    """Return one line for the screen."""
    cer = f", CER {row.cer:.2%}" if row.cer is not None else ""
    return (
        f"{row.bench_set}: {row.tool}: {row.pages} pages in {row.usage.wall_s:.0f} s, "
        f"{row.bytes_per_page / 1000:.0f} kB a page{cer}"
    )


def as_table(rows: list[Row]) -> str:
    """Return the Markdown table, each peer row followed by the ratio."""
    lines = [
        "| set | tool | pages | failed | pages/min | CPU s/page | kB/page | peak MB | CER |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        cer = f"{row.cer:.2%}" if row.cer is not None else "–"
        lines.append(
            f"| {row.bench_set} | {row.tool} | {row.pages} | {row.failed} "
            f"| {_per_minute(row):.1f} | {row.usage.cpu_s / max(row.pages, 1):.2f} "
            f"| {row.bytes_per_page / 1000:.0f} | {row.usage.peak_bytes / 1e6:.0f} | {cer} |"
        )
    lines += [_ratio(ours, peer) for ours, peer in zip(rows[::2], rows[1::2], strict=True)]
    return "\n".join(lines)


def _ratio(ours: Row, peer: Row) -> str:
    cer = f"{ours.cer / peer.cer:.2f}" if ours.cer is not None and peer.cer else "–"
    cpu = (ours.usage.cpu_s / max(ours.pages, 1)) / max(peer.usage.cpu_s / max(peer.pages, 1), 1e-9)
    if not peer.pages:
        return f"| {ours.bench_set} | **ours ÷ peer** | | | – | – | – | – | – |"
    return (
        f"| {ours.bench_set} | **ours ÷ peer** | | "
        f"| {_per_minute(ours) / max(_per_minute(peer), 1e-9):.2f} | {cpu:.2f} "
        f"| {ours.bytes_per_page / max(peer.bytes_per_page, 1):.2f} "
        f"| {ours.usage.peak_bytes / max(peer.usage.peak_bytes, 1):.2f} | {cer} |"
    )


def _per_minute(row: Row) -> float:
    return 60 * row.pages / row.usage.wall_s


def paste(path: Path, table: str) -> None:
    """Put the table between the marks in the document, with the day and the machine."""
    begin, end = "<!-- begin: make bench -->", "<!-- end: make bench -->"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    day = time.strftime("%Y-%m-%d")
    about = f"{day}, {CORES} cores, Python {sys.version.split()[0]}."
    path.write_text(f"{head}{begin}\n{about}\n\n{table}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    if not shutil.which("tesseract"):
        sys.exit("tesseract is missing: run make setup")
    sys.exit(main())
