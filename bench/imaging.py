"""Skew that is known against skew that is measured: Sohoa beside three peers, on the same pages.

python -m bench.imaging [--full]. Every page is turned by angles that are drawn from a fixed seed,
dense within ±5° and in the tail up to ±45°; all tools measure the same files in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bench.skew_pages import DATA, BasePage, base_pages, rotated
from pipeline.imaging import measure_skew
from pipeline.model import PageImage

ROOT = Path(__file__).resolve().parent.parent
PEERS = {"deskew": "deskew", "jdeskew": "jdeskew", "OCRmyPDF (Tesseract)": "tesseract"}
OURS = "Sohoa"
BANDS: tuple[tuple[str, float, float], ...] = (
    ("straight", -1.0, 0.0), ("≤ 5°", 0.0, 5.0), ("5–15°", 5.0, 15.0), ("15–45°", 15.0, 45.0),
)  # fmt: skip
_NOISE = 25.0  # levels: the grain of a bad camera
_CLOSE_DEG = 0.1


@dataclass(frozen=True)
class Case:
    """One page turned: what is to be measured, and where it lies."""

    group: str
    name: str
    deg: float
    path: Path
    dpi: float
    bitonal: bool


@dataclass(frozen=True)
class Answer:
    """What a tool measured of a page; None: it found nothing, which leaves the page as it is."""

    deg: float | None
    cpu_s: float


def main() -> int:
    """Run all tools over all pages and paste the tables; returns an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="every page of the sets, hours")
    parser.add_argument("--ours", action="store_true", help="no peers; no document is written")
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"No pages: {DATA} is absent")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        cases = list(turned_pages(Path(folder), options.full))
        answers = {OURS: [_ours(case) for case in cases]}
        if not options.ours:
            subprocess.run([ROOT / "bench" / "peers.sh", "skew"], check=True)
            answers |= {name: _peer(tool, cases) for name, tool in PEERS.items()}
    lines = [*table(cases, answers), "", *by_group(cases, answers)]
    print("\n".join(lines))
    if not options.ours:
        paste(ROOT / "docs" / "benchmarks.md", "\n".join(lines))
    return 0


def turned_pages(folder: Path, full: bool) -> Iterable[Case]:
    """Write every page at every angle that it is measured at."""
    for place, page in enumerate(base_pages(full)):
        noise = _NOISE if place % 5 == 4 else 0.0
        for angle in angles(place, full):
            image = rotated(page, angle - page.own_deg, noise)
            yield _written(folder, page, angle, image)


def angles(seed: int, full: bool) -> tuple[float, ...]:
    """Return the angles of one page: level, dense within ±5°, two further out, one in the tail."""
    drawn = random.Random(seed)  # noqa: S311 - the same in each run
    dense = [drawn.uniform(-5, 5) for _ in range(6 if full else 2)]
    signs = [drawn.choice((-1, 1)) for _ in range(2)]
    return (0.0, *dense, signs[0] * drawn.uniform(5, 15), signs[1] * drawn.uniform(15, 45))


def _written(folder: Path, page: BasePage, angle: float, image: PageImage) -> Case:
    path = folder / f"{page.group}-{page.name}{angle:+.3f}.png".replace("/", "-")
    cv2.imwrite(str(path), image.pixels[..., 0], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return Case(page.group, page.name, angle, path, image.dpi, image.bitonal)


def _ours(case: Case) -> Answer:
    gray = cv2.imread(str(case.path), cv2.IMREAD_GRAYSCALE)
    image = PageImage(cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB), case.dpi, case.bitonal)
    before = time.process_time()
    skew = measure_skew(image)
    return Answer(skew.deg, time.process_time() - before)


def _peer(tool: str, cases: list[Case]) -> list[Answer]:
    """Run a peer over all pages in its own environment."""
    done = subprocess.run(
        [ROOT / ".tools" / "skew" / "bin" / "python", ROOT / "bench" / "skew_peers.py", tool],
        input="\n".join(str(case.path) for case in cases), capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return [Answer(*json.loads(line)) for line in done.stdout.splitlines()]


def errors(
    cases: list[Case], answers: list[Answer], chosen: Callable[[Case], bool]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return how many degrees each answer is off; no answer counts as 0°."""
    pairs = [(c, a) for c, a in zip(cases, answers, strict=True) if chosen(c)]
    return np.array([abs((a.deg or 0.0) - c.deg) for c, a in pairs], np.float64)


def table(cases: list[Case], answers: dict[str, list[Answer]]) -> list[str]:
    """Return one row a tool and band of angles."""
    rows = [
        "| true angle | tool | pages | mean | 80 % within | ≤ 0.1° | worst | s/page |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for band, over, up_to in BANDS:
        inside = [over < abs(case.deg) <= up_to for case in cases]
        for tool, given in answers.items():
            pairs = [
                p for p, use in zip(zip(cases, given, strict=True), inside, strict=True) if use
            ]
            if pairs:
                off = errors([c for c, _ in pairs], [a for _, a in pairs], lambda _: True)
                cpu_s = sum(a.cpu_s for _, a in pairs) / len(pairs)
                rows.append(
                    f"| {band} | {tool} | {len(pairs)} | {off.mean():.3f}° "
                    f"| {np.quantile(off, 0.8):.3f}° | {(off <= _CLOSE_DEG).mean():.0%} "
                    f"| {off.max():.2f}° | {cpu_s:.3f} |"
                )
    return rows


def by_group(cases: list[Case], answers: dict[str, list[Answer]]) -> list[str]:
    """Return mean error and share within 0.1° of each kind of page, up to 15°."""
    tools = list(answers)
    rows = ["| pages, ≤ 15° | " + " | ".join(tools) + " |", "|---|" + "--:|" * len(tools)]
    for group in dict.fromkeys(case.group for case in cases):
        cells = []
        for given in answers.values():
            off = errors(cases, given, lambda c, g=group: c.group == g and abs(c.deg) <= 15)  # type: ignore[misc]
            cells.append(f"{off.mean():.3f}°, {(off <= _CLOSE_DEG).mean():.0%}")
        rows.append(f"| {group} | " + " | ".join(cells) + " |")
    return rows


def paste(path: Path, table_: str) -> None:
    """Put the tables between their marks in the document, with the day."""
    begin, end = "<!-- begin: make bench-imaging -->", "<!-- end: make bench-imaging -->"
    head, rest = path.read_text(encoding="utf-8").split(begin)
    about = f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, one used."
    path.write_text(f"{head}{begin}\n{about}\n\n{table_}\n{end}{rest.split(end)[1]}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
