"""Pages in, how well and how fast each reader reads them out: Sohoa, Tesseract and OCRmyPDF.

    python -m bench.recognition [--only READERS]

All in one run on the same pages, one thread each; CPU seconds hold the clean-up and what each tool
needs besides. Pages: drawn at four levels of damage and two resolutions, and printed ones sent by a
fax at 200 dpi and by a grainy scanner at 150. No set is part of the project; absent ones are named.
Errors are order-free: each printed line or cell is sought anywhere in what was read.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
from PIL import Image

from bench.cer import order_free_errors, plain
from bench.ink import DATA, samples
from pipeline import imaging, recognition
from pipeline.model import PageImage
from pipeline.page_reading import read_page
from pipeline.settings import Settings
from pipeline.trace import NO_TRACE

ROOT = Path(__file__).resolve().parent.parent
OCRMYPDF = ROOT / ".tools" / "ocrmypdf" / "bin" / "ocrmypdf"
ENVIRON = os.environ | {"OMP_THREAD_LIMIT": "1"}
READERS = ("fast", "balanced", "best", "tesseract", "plain Tesseract", "OCRmyPDF")


@dataclass(frozen=True)
class Page:
    """A page, what is printed on it, and values that must stand in its text letter by letter."""

    group: str
    name: str
    image: PageImage
    lines: Sequence[str]
    numbers: Sequence[str] = ()
    names: Sequence[str] = ()


def main() -> None:
    """Print one row a reader, and one of its groups of pages."""
    parser = argparse.ArgumentParser(prog="python -m bench.recognition", description=__doc__)
    parser.add_argument("--only", default=",".join(READERS), help="readers, with commas")
    wanted = parser.parse_args().only.split(",")
    sums: dict[str, dict[str, list[float]]] = {
        name: defaultdict(lambda: [0.0] * 2) for name in wanted
    }
    for page in pages():
        for name in wanted:
            started = _cpu_s()
            text = _reader(name)(page)
            _count(sums[name], page, text, _cpu_s() - started)
        print(page.group, page.name, flush=True)
    columns = sorted({key for one in sums.values() for key in one})
    print("| reader | " + " | ".join(columns) + " |\n|---" + "|--:" * len(columns) + "|")
    for name, one in sums.items():
        print(f"| {name} | " + " | ".join(_cell(key, one[key]) for key in columns) + " |")


def pages() -> Iterator[Page]:
    """Yield the pages of the sets that are there."""
    for sample in samples(None):
        truth = DATA / "vn_synth" / f"{sample.name}.json"
        if not truth.exists():
            yield Page(sample.group, sample.name, sample.image, sample.lines)
            continue
        told = json.loads(truth.read_text(encoding="utf-8"))
        lines = [segment["text"] for segment in told["segs"]]
        yield Page(sample.group, sample.name, sample.image, lines, told["num"], told["name"])


def _count(sums: dict[str, list[float]], page: Page, text: str, seconds: float) -> None:
    errors, letters = order_free_errors(list(page.lines), text)
    bare, _ = order_free_errors([_bare(line) for line in page.lines], _bare(text))
    words = set(plain(text).split())
    printed = [word for line in page.lines for word in plain(line).split()]
    read = plain(text)
    drawn = bool(page.numbers)
    for key, one, of in (
        (f"CER {page.group}", errors, letters),
        ("CER drawn" if drawn else "CER printed", errors, letters),
        ("CER without marks", bare, letters),
        ("words lost", sum(word not in words for word in printed), len(printed)),
        ("numbers", sum(plain(value) in read for value in page.numbers), len(page.numbers)),
        ("names", sum(plain(value) in read for value in page.names), len(page.names)),
        ("CPU s drawn" if drawn else "CPU s printed", seconds, 1),
    ):
        sums[key][0] += one
        sums[key][1] += of


def _cell(key: str, value: Sequence[float]) -> str:
    share = value[0] / value[1] if value[1] else 0.0
    return f"{share:.2f}" if key.startswith("CPU") else f"{100 * share:.2f} %"


def _bare(text: str) -> str:
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _cpu_s() -> float:
    ours, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return sum(one.ru_utime + one.ru_stime for one in (ours, children))


def _reader(name: str) -> Callable[[Page], str]:
    if name == "plain Tesseract":
        return _tesseract
    return _ocrmypdf if name == "OCRmyPDF" else lambda page: _ours(page, name)


def _ours(page: Page, profile: str) -> str:
    settings = Settings(ocr_profile=profile)
    reader = recognition.reader(profile, "auto")
    raw = imaging.RawPage(number=1, image=page.image)
    reading = read_page(raw, settings, reader, NO_TRACE)
    return "\n".join(line.text for line in reading.lines)


def _tesseract(page: Page) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        cv2.imwrite(str(path), cv2.cvtColor(page.image.pixels, cv2.COLOR_RGB2BGR))
        command = ["tesseract", str(path), "-", "-l", "vie", "--dpi", f"{page.image.dpi:.0f}"]
        done = subprocess.run(command, capture_output=True, check=True, env=ENVIRON)
    return done.stdout.decode("utf-8", "replace")


def _ocrmypdf(page: Page) -> str:
    with tempfile.TemporaryDirectory() as folder:
        scan, text = Path(folder) / "page.pdf", Path(folder) / "page.txt"
        image = Image.fromarray(page.image.pixels)
        image.save(scan, "PDF", resolution=page.image.dpi, quality=95)
        command = [str(OCRMYPDF), "-q", "-l", "vie", "--deskew", "--rotate-pages", "-j", "1"]
        command += ["--sidecar", str(text), str(scan), str(Path(folder) / "out.pdf")]
        subprocess.run(command, capture_output=True, check=False, env=ENVIRON)
        return text.read_text(encoding="utf-8") if text.exists() else ""


if __name__ == "__main__":
    started_at = time.monotonic()
    main()
    print(f"{time.monotonic() - started_at:.0f} s in all")
