"""Hostile and odd files in, a table of what became of them out.

Every file of the sets `robust_*` goes through `sohoa digitize`. What is stored must have the
pages that poppler or Pillow count; nothing may crash or hang the parent, and nothing may be
left behind. The sets are not part of the project; where they are absent, this says so.
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

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
SETS = ("ocrmypdf", "paperless", "pikepdf", "pypdf", "pillow", "qpdf_fuzz", "qpdf")
NO_SCANS = ("manifest", "readme", "license", "index")
MOST_S = 3600.0  # for one set: longer is a hang
COUNT_S = 20.0  # for another program to count pages
LINE = re.compile(rb"^Pages:\s+(\d+)", re.M)

# Why our count of pages is right where another program says something else.
EXPLAINED = {
    "overviews": "the file has reduced copies or masks beside its pages, which are no pages",
    "animation": "Pillow counts the frames of an animation; the first one is the page",
    "unreadable": "the other program cannot open the file; ours repairs it",
}


@dataclass(slots=True)
class Result:
    """What became of one set."""

    name: str
    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    differ: list[str] = field(default_factory=list)  # page counts that nobody explained
    explained: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)  # crashes, hangs, what was left behind


def main() -> int:
    """Run the sets and print the table; return 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.robustness", description=__doc__)
    parser.add_argument("--only", choices=SETS, action="append", help="these sets alone")
    parser.add_argument("--jobs", type=int, default=2, help="documents at once")
    options = parser.parse_args()
    results = []
    for name in options.only or SETS:
        folder = DATA / f"robust_{name}"
        if not folder.is_dir():
            print(f"robust_{name} is absent: left out", file=sys.stderr)
            continue
        with tempfile.TemporaryDirectory(prefix="sohoa-robust-") as home:
            results.append(_run(name, folder, Path(home), options.jobs))
            print(f"{name}: {results[-1].seconds:.0f} s", file=sys.stderr, flush=True)
    _print(results)
    return int(any(one.differ or one.trouble for one in results))


def _run(name: str, folder: Path, home: Path, jobs: int) -> Result:
    result = Result(name)
    inputs, out, aside = home / "in", home / "out", home / "aside"
    for path in (inputs, aside):
        path.mkdir()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.lower().startswith(NO_SCANS):
            shutil.copyfile(path, inputs / _scan_name(path))
    files = sorted(inputs.iterdir())
    result.files = len(files)
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
        return result
    result.seconds = time.monotonic() - began
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode not in (0, 65):
        result.trouble.append(f"ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    if len(rows) != len(files):
        result.trouble.append(f"{len(rows)} outcomes for {len(files)} files")
    left = [str(path.relative_to(home)) for path in (*aside.rglob("*"), *out.glob(".*"))]
    result.trouble += [f"left behind: {path}" for path in left]
    for row in rows:
        _count(result, row)
    return result


def _scan_name(path: Path) -> str:
    """Return the name that the file is dropped under: past crashers are PDFs without saying so."""
    return path.stem + ".pdf" if path.suffix == ".fuzz" else path.name


def _count(result: Result, row: dict[str, object]) -> None:
    path = Path(str(row["path"]))
    seconds = float(str(row["seconds"]))
    result.slowest = max(result.slowest, (seconds, path.name))
    if row["status"] != "stored":
        code = str(row["reason"]).partition(":")[0]
        result.outcomes[code] += 1
        if code in ("bug", "tool.crashed", "tool.timeout"):
            result.trouble.append(f"{path.name}: {str(row['reason'])[:200]}")
        return
    result.outcomes["stored"] += 1
    ours, theirs = int(str(row["pages"])), _pages_by_others(path)
    if theirs == ours:
        return
    reason = _reason(path, ours, theirs)
    text = f"{path.name}: {ours} pages, others say {theirs}"
    if reason is None:
        result.differ.append(text)
    else:
        result.explained.append(f"{text}: {EXPLAINED[reason]}")


def _reason(path: Path, ours: int, theirs: int | None) -> str | None:
    """Return why the counts differ; None: nobody knows, so it is wrong."""
    if theirs is None:
        return "unreadable"
    if path.suffix.lower() in (".png", ".webp", ".gif") and ours == 1:
        return "animation"
    if path.suffix.lower() in (".tif", ".tiff") and ours == _tiff_pages(path):
        return "overviews"
    return None


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


def _print(results: list[Result]) -> None:
    codes = sorted({code for one in results for code in one.outcomes} - {"stored"})
    print("| Set | Files | Stored | " + " | ".join(codes) + " | Slowest | Seconds |")
    print("|---|--:|--:|" + "--:|" * len(codes) + "---|--:|")
    for one in results:
        cells = [str(one.outcomes[code] or "") for code in codes]
        slowest = f"{one.slowest[0]:.0f} s"
        print(
            f"| {one.name} | {one.files} | {one.outcomes['stored']} | {' | '.join(cells)} "
            f"| {slowest} | {one.seconds:.0f} |"
        )
    for title, lines in (
        ("Page counts explained", [line for one in results for line in one.explained]),
        ("PAGE COUNTS THAT DIFFER", [line for one in results for line in one.differ]),
        ("TROUBLE", [line for one in results for line in one.trouble]),
    ):
        print(f"\n{title}: {len(lines)}")
        for line in lines:
            print(f"* {line}")


if __name__ == "__main__":
    sys.exit(main())
