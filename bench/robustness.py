"""Hostile and odd files in, a table of what became of them out.

Every file of the sets goes through `sohoa digitize`. What is stored must have the pages that
poppler or Pillow count and be PDF/A-2u, in our eyes and in veraPDF's where `make tools` has put it;
nothing may crash or hang the parent, and nothing may be left behind. The sets are not part of the
project; where they are absent, this says so.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
TOOLS = ROOT / ".tools" / "bin"
_PROJECTS = ("ocrmypdf", "paperless", "pikepdf", "pypdf", "pillow", "qpdf_fuzz", "qpdf")
SETS = (
    *(f"robust_{name}" for name in _PROJECTS),
    *("vn_scan_kiengiang", "vn_scan_misc", "vn_scan_quangngai", "vn_synth", "vn_borndigital"),
)
NO_SCANS = ("manifest", "readme", "license", "index", "labels")
TRUTH = (".json", ".jsonl", ".txt")  # beside the scans of the sets vn_*
SHORT_STEP = 12  # the short form takes each twelfth file
MOST_S = 7200.0  # for one set: longer is a hang
COUNT_S = 20.0  # for another program to count pages
LINE = re.compile(rb"^Pages:\s+(\d+)", re.M)

# Why our count of pages is right where another program says something else.
EXPLAINED = {
    "overviews": "the file has reduced copies or masks beside its pages, which are no pages",
    "animation": "Pillow counts the frames of an animation; the first one is the page",
    "unreadable": "the other program cannot open the file; ours repairs it",
    "said": "readers disagree about the damaged file, and the record says so (pages.differ)",
}


@dataclass(slots=True)
class Result:
    """What became of one set."""

    name: str
    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    ratios: list[tuple[float, str]] = field(default_factory=list)  # archive PDF ÷ scan
    proved: int = 0  # stored as PDF/A-2u
    passed: int | None = None  # of those in veraPDF; None: it is not there
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    differ: list[str] = field(default_factory=list)  # page counts that nobody explained
    explained: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # why, in the words for a clerk
    unproved: list[str] = field(default_factory=list)  # stored, but no PDF/A
    trouble: list[str] = field(default_factory=list)  # crashes, hangs, what was left behind


def main() -> int:
    """Run the sets and print the table; return 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.robustness", description=__doc__)
    parser.add_argument("--full", action="store_true", help="every file, not each twelfth")
    parser.add_argument("--only", choices=SETS, action="append", help="these sets alone")
    parser.add_argument("--jobs", type=int, default=2, help="documents at once")
    parser.add_argument("--list", action="store_true", help="why files were refused, what grew")
    options = parser.parse_args()
    results = []
    for name in options.only or SETS:
        folder = DATA / name
        if not folder.is_dir():
            print(f"{name} is absent: left out (looked in ../shared/data)")
            continue
        scans = find_scans(folder)[:: 1 if options.full else SHORT_STEP]
        results.append(run_set(name, scans, options.jobs))
        print(f"{name}: {results[-1].seconds:.0f} s", file=sys.stderr, flush=True)
    print(as_text(results, refused=options.list))
    return int(any(one.differ or one.unproved or one.trouble for one in results))


def find_scans(folder: Path) -> list[Path]:
    """Return the files of a set, without those that tell about it."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.name.lower().startswith(NO_SCANS)
        and not (folder.name.startswith("vn_") and path.suffix in TRUTH)
    ]


def run_set(name: str, scans: list[Path], jobs: int) -> Result:
    """Digitize the scans in one call, and see what came out and what stayed behind."""
    result = Result(name, len(scans))
    with tempfile.TemporaryDirectory(prefix="sohoa-robust-") as folder:
        home = Path(folder)
        inputs, out, aside = home / "in", home / "out", home / "aside"
        inputs.mkdir()
        aside.mkdir()
        files = [Path(shutil.copyfile(path, inputs / _scan_name(path))) for path in scans]
        if len(set(files)) < len(files):
            raise SystemExit(f"{name}: two files of one name")
        done = _digitize(result, files, out, aside, jobs)
        result.trouble += [f"still runs: {one}" for one in _running(home)]
        left = [str(path.relative_to(home)) for path in (*aside.rglob("*"), *out.glob(".*"))]
        result.trouble += [f"left behind: {path}" for path in left]
        for row in done:
            _count(result, row)
        _prove(result, [Path(row["out"]) for row in done if row["status"] == "stored"])
    return result


def _prove(result: Result, stored: list[Path]) -> None:
    """Count what is PDF/A, and ask veraPDF about it; a claim that does not hold is trouble."""
    proved = []
    for out in stored:
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        if report["pdfa"]:
            proved.append(out / "archive.pdf")
        else:
            result.unproved.append(f"{out.name}: {'; '.join(report['failures'][:2])}")
    result.proved = len(proved)
    verapdf = shutil.which("verapdf", path=str(TOOLS))
    if verapdf is None or not proved:
        return
    command = [verapdf, "--flavour", "2u", "--format", "text", *map(str, proved)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_S, check=False)
    verdicts = [line.split(" ", 1) for line in done.stdout.splitlines()]
    result.passed = sum(verdict[0] == "PASS" for verdict in verdicts)
    if result.passed < len(proved):
        failed = [verdict[-1] for verdict in verdicts if verdict[0] != "PASS"]
        result.trouble.append(f"no PDF/A for veraPDF: {failed or done.stderr[-300:]}")


def _digitize(
    result: Result, files: list[Path], out: Path, aside: Path, jobs: int
) -> list[dict[str, Any]]:
    """Return the outcomes; note an end of the parent that is not as it should be."""
    command = [sys.executable, "-m", "workers", "digitize", *map(str, files)]
    command += ["--out", str(out), "--json", "--jobs", str(jobs)]
    environ = {**os.environ, "TMPDIR": str(aside), "OMP_THREAD_LIMIT": "1"}
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environ, capture_output=True, timeout=MOST_S, check=False
        )
    except subprocess.TimeoutExpired:
        result.trouble.append("hangs")
        return []
    result.seconds = time.monotonic() - began
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != (65 if any(row["status"] != "stored" for row in rows) else 0):
        result.trouble.append(f"ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    if len(rows) != len(files):
        result.trouble.append(f"{len(rows)} outcomes for {len(files)} files")
    return rows


def _running(home: Path) -> list[str]:
    """Return the processes that know of the folder: all that the run started does."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(home).encode() in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_text().replace("\0", " ")[:80])
            except OSError:
                continue  # it ended meanwhile
    return found


def _scan_name(path: Path) -> str:
    """Return the name that the file is dropped under: past crashers are PDFs without saying so."""
    return path.stem + ".pdf" if path.suffix == ".fuzz" else path.name


def _count(result: Result, row: dict[str, Any]) -> None:
    path = Path(row["path"])
    result.slowest = max(result.slowest, (row["seconds"], path.name))
    if row["status"] != "stored":
        code = row["reason"].partition(":")[0]
        result.outcomes[code] += 1
        result.refused.append(row["reason"].replace("\n", " ")[:200])
        if not code.startswith("scan."):  # a bug, or a program of ours that failed on it
            result.trouble.append(f"{path.name}: {row['reason'][:200]}")
        return
    result.outcomes["stored"] += 1
    archive = Path(row["out"]) / "archive.pdf"
    result.ratios.append((archive.stat().st_size / path.stat().st_size, path.name))
    ours, theirs = row["pages"], _pages_by_others(path)
    if theirs == ours:
        return
    reason = _reason(path, Path(row["out"]), ours, theirs)
    text = f"{path.name}: {ours} pages, others say {theirs}"
    if reason is None:
        result.differ.append(text)
    else:
        result.explained.append(f"{text}: {EXPLAINED[reason]}")


def _reason(path: Path, out: Path, ours: int, theirs: int | None) -> str | None:
    """Return why the counts differ; None: nobody knows, so it is wrong."""
    if theirs is None:
        return "unreadable"
    if path.suffix.lower() in (".png", ".webp", ".gif") and ours == 1:
        return "animation"
    if path.suffix.lower() in (".tif", ".tiff") and ours == _tiff_pages(path):
        return "overviews"
    record = json.loads((out / "record.json").read_text(encoding="utf-8"))
    said = {issue["code"] for issue in record["issues"]}
    return "said" if "pages.differ" in said else None


def _tiff_pages(path: Path) -> int:
    """Count the frames that do not call themselves a reduced copy or a mask."""
    with Image.open(path) as image:
        pages = 0
        for frame in range(image.n_frames):  # type: ignore[attr-defined]
            image.seek(frame)
            kind = image.tag_v2.get(254, 0)  # type: ignore[attr-defined]
            pages += not int(kind) & 0b101
    return pages


def _pages_by_others(path: Path) -> int | None:
    if b"%PDF-" in path.read_bytes()[:1024]:
        try:
            done = subprocess.run(
                ["pdfinfo", str(path)], capture_output=True, timeout=COUNT_S, check=False
            )
        except subprocess.TimeoutExpired:
            return None
        found = LINE.search(done.stdout)
        return int(found[1]) if found else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                return int(getattr(image, "n_frames", 1))
    except Exception:  # noqa: BLE001 - whatever it meets, it cannot count
        return 1 if path.suffix.lower() in (".heic", ".heif") else None


def as_text(results: list[Result], *, refused: bool) -> str:
    """Return the table, and below it what is to be said of single files."""
    codes = sorted({code for one in results for code in one.outcomes} - {"stored"})
    head = "".join(f"{code} | " for code in codes)
    lines = [f"| Set | Files | Stored | PDF/A-2u | veraPDF | {head}÷ source | Largest | Slowest |"]
    lines.append("|---|--:|--:|--:|--:|" + "--:|" * len(codes) + "--:|--:|--:|")
    for one in results:
        cells = "".join(f"{one.outcomes[code] or ''} | " for code in codes)
        slowest = f"{one.slowest[0]:.0f} s"
        counts = (
            f"{one.outcomes['stored']} | {one.proved} | {'–' if one.passed is None else one.passed}"
        )
        lines.append(f"| {one.name} | {one.files} | {counts} | {cells}{_sizes(one)} | {slowest} |")
    for one in results if refused else ():
        grown = [f"{ratio:.2f} {name}" for ratio, name in sorted(one.ratios)[::-1] if ratio > 1]
        lines += [f"Larger than the scan in {one.name}: {len(grown)}", *grown[:20]]
    for title, which in (
        ("Page counts explained", "explained"),
        ("PAGE COUNTS THAT DIFFER", "differ"),
        ("STORED WITHOUT PDF/A", "unproved"),
        ("TROUBLE", "trouble"),
        *((("Refused", "refused"),) if refused else ()),
    ):
        found = [line for one in results for line in getattr(one, which)]
        lines += ["", f"{title}: {len(found)}", *(f"* {line}" for line in found)]
    return "\n".join(lines)


def _sizes(result: Result) -> str:
    """Return the median and the largest share that an archive PDF takes of its scan."""
    if not result.ratios:
        return "– | –"
    ratios = [ratio for ratio, _ in sorted(result.ratios)]
    return f"{ratios[len(ratios) // 2]:.2f} | {ratios[-1]:.2f}"


if __name__ == "__main__":
    sys.exit(main())
