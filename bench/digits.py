"""Labelled real scans in; how many numbers and days are read right, wrong and not at all out.

    python -m bench.digits [--least 0.9]

Files are parted in two halves by a hash of their names: the thresholds are set on the first, and
both are reported. The sets are not part of the project; of an absent one the table says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality import pages_of
from pipeline import recognition
from pipeline.model import Line, Pixels
from pipeline.page_reading import read_upright
from pipeline.recognition.figure_places import figure_places, read_place
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SETS = ("vn_scan_kiengiang", "vn_scan_quangngai", "vn_scan_misc")
HALVES = ("first", "second")


@dataclass(frozen=True)
class Outcome:
    """One value of one scan: what is written and what was read."""

    file: str
    kind: str  # "number by hand", "number in print", "day", "month"
    written: str
    read: str  # empty: refused
    confidence: float
    found: bool  # its place was

    @property
    def half(self) -> str:
        return HALVES[hashlib.sha256(self.file.encode()).digest()[0] % 2]

    @property
    def right(self) -> bool:
        """Days and months are numbers; the number of a paper is compared as it is written."""
        if self.kind.startswith("number") or not self.read:
            return self.read == self.written
        return int(self.read) == int(self.written)


def main() -> None:
    """Print one row a kind and half; then what was read wrong, and what each threshold gives."""
    parser = argparse.ArgumentParser(prog="python -m bench.digits", description=__doc__)
    parser.add_argument("--least", type=float, default=0.9, help="confidence of accepted readings")
    parser.add_argument("--cache", type=Path, help="folder that keeps the recognised pages")
    options = parser.parse_args()
    outcomes = [one for name in SETS for one in _outcomes(name, options.cache)]
    if not outcomes:
        return
    print(f"\nAccepted from confidence {options.least:g}.\n")
    print("| value | half | all | place found | exact | refused | wrong | wrong of accepted |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    groups = defaultdict(list)
    for one in outcomes:
        for half in (one.half, "both"):
            groups[one.kind, half].append(one)
    for (kind, half), some in sorted(groups.items()):
        print(_row(kind, half, some, options.least))
    print("\n| from confidence | half | exact | wrong | accepted |\n|--:|---|--:|--:|--:|")
    for least in np.arange(0.5, 1.0, 0.05):
        for half in HALVES:
            some = [one for one in outcomes if one.half == half]
            taken = [one for one in some if one.read and one.confidence >= least]
            right = sum(one.right for one in taken)
            print(f"| {least:.2f} | {half} | {right / len(some):.0%} | {len(taken) - right} "
                  f"| {len(taken) / len(some):.0%} |")  # fmt: skip
    for one in outcomes:
        if one.read and not one.right:
            print(
                f"wrong: {one.file} {one.kind} {one.written} read {one.read} {one.confidence:.2f}"
            )


def _row(kind: str, half: str, some: Sequence[Outcome], least: float) -> str:
    taken = [one for one in some if one.read and one.confidence >= least]
    right = sum(one.right for one in taken)
    wrong = len(taken) - right
    return (
        f"| {kind} | {half} | {len(some)} | {sum(one.found for one in some)} "
        f"| {right / len(some):.0%} | {1 - len(taken) / len(some):.0%} | {wrong} "
        f"| {wrong / max(1, len(taken)):.1%} |"
    )


def _outcomes(name: str, cache: Path | None) -> Iterator[Outcome]:
    labels = DATA / name / "labels.jsonl"
    if not labels.exists():
        print(f"{name} is absent (looked in ../shared/data)")
        return
    for row in labels.read_text(encoding="utf-8").splitlines():
        label = json.loads(row)
        if label["so"]:
            yield from _of_scan(label, *_page(DATA / name / label["file"], cache))


def _of_scan(
    label: dict[str, Any], ink: Pixels, lines: Sequence[Line], dpi: float
) -> Iterator[Outcome]:
    places = figure_places(lines, ink.shape[1], ink.shape[0], dpi)
    by_kind = {place.kind: place for place in places}
    number, date = by_kind.get("number"), by_kind.get("date")
    kind = "number by hand" if label["so_is_handwritten"] else "number in print"
    read = read_place(ink, number)[0] if number else None
    if "so_ky_hieu" not in label["uncertain"]:
        yield _outcome(label["file"], kind, label["so"], read)
    _, month, day = label["ngay_ban_hanh"].split("-")
    readings = read_place(ink, date) if date else (None, None)
    if "ngay_ban_hanh" not in label["uncertain"]:
        for one, written, what in zip(readings, (day, month), ("day", "month"), strict=True):
            yield _outcome(label["file"], what, written, one)


def _outcome(file: str, kind: str, written: str, read: Any) -> Outcome:
    text, confidence = (read.text, read.confidence) if read is not None else ("", 0.0)
    return Outcome(file, kind, written, text, confidence, read is not None)


def _page(path: Path, cache: Path | None) -> tuple[Pixels, Sequence[Line], float]:
    """Return ink copy, lines and dpi of a scan's first page."""
    kept = cache / f"{path.name}.page" if cache else None
    if kept is not None and kept.exists():
        page: tuple[Pixels, Sequence[Line], float] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own
        return page
    settings = Settings()
    language = recognition.language(settings.ocr_language)
    reading = read_upright(next(pages_of(path)), settings, language, NO_TRACE)
    ink = reading.ink if reading.ink is not None else np.full((1, 1), 255, np.uint8)
    page = ink, reading.lines, reading.straight.dpi
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(page))
    return page


if __name__ == "__main__":
    main()
