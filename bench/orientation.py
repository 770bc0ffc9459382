"""Pages at each of their four turns in, how many are set upright, left, or turned wrongly out.

    python -m bench.orientation [--pages N]

A wrong turn is worse than a missed one: it spoils a page that was good. The sets are not part of
the project; drawn pages that say nothing of up and down (a seal, a page number, three lines) are.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from bench.quality import pages_of
from pipeline import imaging, recognition
from pipeline.model import PageImage
from pipeline.page_reading import read_upright
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
SCANS = ("vn_scan_kiengiang", "vn_scan_quangngai", "vn_scan_misc")
RED = (210, 40, 60)


def main() -> int:
    """Print one row a set; returns an exit code: 1 when a page was turned wrongly."""
    parser = argparse.ArgumentParser(prog="python -m bench.orientation", description=__doc__)
    parser.add_argument("--pages", type=int, default=8, help="pages of each set of scans")
    options = parser.parse_args()
    reader = recognition.reader(Settings().ocr_profile, "auto")
    print("| pages, each at four turns | readings | upright | left as it lay | wrong |")
    print("|---|--:|--:|--:|--:|")
    wrong = 0
    for name, images in sets(options.pages):
        count = Counter[str]()
        for image in images:
            for lying in range(4):
                raw = imaging.RawPage(number=1, image=imaging.turn(image, lying))
                reading = read_upright(raw, Settings(), reader, NO_TRACE)
                count[outcome(lying, reading.measures.quarter_turns)] += 1
        wrong += count["wrong"]
        cells = f"{count['upright']} | {count['left']} | {count['wrong']}"
        print(f"| {name} | {count.total()} | {cells} |", flush=True)
    wrong += _tags()
    return 1 if wrong else 0


def outcome(lying: int, applied: int) -> str:
    """Tell what became of a page that lay turned by `lying` quarters."""
    if (lying + applied) % 4 == 0:
        return "upright"
    return "wrong" if applied else "left"


def sets(count: int) -> Iterator[tuple[str, list[PageImage]]]:
    """Yield sets of upright pages by name."""
    for name in SCANS:
        paths = sorted((DATA / name).rglob("*.pdf"))
        chosen = paths[:: max(1, len(paths) // count)][:count]
        # The last page of a letter is the sparse one.
        yield name, [list(pages_of(path))[-1].image for path in chosen]
    synthetic = sorted((DATA / "vn_synth").glob("*_hard.jpg")) + sorted(
        (DATA / "vn_synth").glob("*_photo.jpg")
    )
    yield "vn_synth hard, photo", [next(pages_of(path)).image for path in synthetic]
    yield "nothing to tell by", [PageImage(page, 200.0) for page in _dumb_pages()]


def _dumb_pages() -> Iterator[np.ndarray]:
    for draw in (lambda pen: None, _seal, _page_number, _three_lines):
        paper = Image.new("RGB", (1654, 2339), "white")
        draw(ImageDraw.Draw(paper))
        yield np.asarray(paper)


def _seal(pen: ImageDraw.ImageDraw) -> None:
    for reach in (142, 95):
        pen.ellipse((800 - reach, 900 - reach, 800 + reach, 900 + reach), outline=RED, width=7)
    pen.text((745, 870), "SỞ Y TẾ", fill=RED, font_size=36)


def _page_number(pen: ImageDraw.ImageDraw) -> None:
    pen.text((820, 2230), "16", fill="black", font_size=36)


def _three_lines(pen: ImageDraw.ImageDraw) -> None:
    for top, text in ((300, "Phụ lục 3"), (360, "Danh sách"), (2200, "2/2")):
        pen.text((200, top), text, fill="black", font_size=38)


def _tags() -> int:
    """Print what becomes of cameras' turns: `orient_exif` holds eight pictures of each shape."""
    wrong = pictures = 0
    for path in sorted((DATA / "orient_exif").glob("*.jpg")):
        pictures += 1
        (raw,) = pages_of(path)
        reading = read_upright(
            raw, Settings(), recognition.reader(Settings().ocr_profile, "auto"), NO_TRACE
        )
        wide = raw.image.width_px > raw.image.height_px
        wrong += wide != path.stem.startswith("Landscape") or reading.measures.quarter_turns != 0
    print(f"| orient_exif, as tagged | {pictures} | {pictures - wrong} | 0 | {wrong} |")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
