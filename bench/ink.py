"""Pages in, what each step of the clean-up is worth out: the errors with all of them but one.

    python -m bench.ink [--proof FOLDER] [--only STEPS]

One recogniser reads every page with all steps and with each left out. The pages: drawn at four
levels of damage, printed ones turned into bad scans, and, from FOLDER, real ones with the text that
is printed on them beside (NAME.png, NAME.txt, NAME.json with `dpi` and `bitonal`). No set is part
of the project.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2

from bench.cer import order_free_errors
from bench.quality import pages_of
from pipeline import imaging, recognition
from pipeline.model import PageImage, Pixels
from pipeline.page_reading import look
from pipeline.settings import Settings

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
LEVELS = ("clean", "mild", "hard", "photo")
STRAIGHTEN = "straighten"


@dataclass(frozen=True)
class Sample:
    """A page and the lines that are printed on it."""

    group: str
    name: str
    image: PageImage
    lines: Sequence[str]


def main() -> None:
    """Print one row a step that is left out, one column a group of pages."""
    parser = argparse.ArgumentParser(prog="python -m bench.ink", description=__doc__)
    parser.add_argument("--proof", type=Path, help="folder of real pages with their text")
    parser.add_argument("--only", default="", help="steps to leave out, with commas; empty: each")
    options = parser.parse_args()
    left_out = options.only.split(",") if options.only else [STRAIGHTEN, *imaging.INK_STEPS]
    totals: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    groups: dict[str, int] = defaultdict(int)
    for sample in samples(options.proof):
        groups[sample.group] += 1
        errors = errors_by_step(sample, left_out)
        for step, wrong in errors.items():
            totals[sample.group, step][0] += wrong
            totals[sample.group, step][1] += sum(map(len, sample.lines))
        print(sample.group, sample.name, errors, flush=True)
    print("\n| left out | " + " | ".join(f"{g} ({n})" for g, n in groups.items()) + " |")
    print("|---|" + "--:|" * len(groups))
    for step in ("", *left_out):
        cells = (f"{100 * totals[g, step][0] / totals[g, step][1]:.2f} %" for g in groups)
        print(f"| {step or 'nothing'} | " + " | ".join(cells) + " |")


def errors_by_step(sample: Sample, left_out: Sequence[str]) -> dict[str, int]:
    """Return the wrong characters of a page read with all steps (""), and with each left out."""
    read: dict[bytes, int] = {}  # the same ink is not read twice
    errors = {}
    for step in ("", *left_out):
        straight = sample.image if step == STRAIGHTEN else look(sample.image, Settings())[0]
        steps = [one for one in imaging.INK_STEPS if one != step]
        ink = imaging.ink_copy(straight, imaging.find_marks(straight), steps=steps)
        key = ink.tobytes()
        if key not in read:
            read[key] = _errors(sample, ink, straight.dpi)
        errors[step] = read[key]
    return errors


def _errors(sample: Sample, ink: Pixels, dpi: float) -> int:
    lines = recognition.read_lines(ink, dpi, recognition.reader(Settings().ocr_profile, "auto"))
    ordered = recognition.order(lines, ink.shape[1], ink.shape[0])
    return order_free_errors(list(sample.lines), "\n".join(line.text for line in ordered))[0]


def samples(proof: Path | None) -> Iterator[Sample]:
    """Yield the pages of all groups that are there."""
    for level in LEVELS:
        for path in sorted((DATA / "vn_synth").glob(f"*_{level}.*g")):
            lines = path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
            yield Sample(level, path.stem, next(pages_of(path)).image, lines)
    yield from _printed()
    for path in sorted(proof.glob("*.txt")) if proof else ():
        if path.with_suffix(".json").is_file():
            facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            pixels = cv2.cvtColor(cv2.imread(str(path.with_suffix(".png"))), cv2.COLOR_BGR2RGB)
            image = PageImage(np.asarray(pixels), facts["dpi"], facts["bitonal"])
            yield Sample("real", path.stem, image, path.read_text(encoding="utf-8").splitlines())


def _printed() -> Iterator[Sample]:
    """Yield printed pages as a fax would send them, and as a cheap scanner at 150 dpi."""
    for seed, path in enumerate(sorted((DATA / "vn_borndigital").glob("*.pdf"))):
        with pypdfium2.PdfDocument(path) as document:
            for number in range(1, min(len(document), 6), 2):
                page, name = document[number], f"{path.stem}, page {number + 1}"
                lines = page.get_textpage().get_text_range().splitlines()
                for group, dpi in (("fax", 200), ("coarse", 150)):
                    drawn = page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3]
                    gray = _damaged(np.ascontiguousarray(drawn), group == "fax", 10 * seed + number)
                    pixels = cv2.cvtColor(gray, cv2.COLOR_GRAY2RGB)
                    yield Sample(group, name, PageImage(pixels, float(dpi), group == "fax"), lines)


def _damaged(drawn: np.ndarray, bitonal: bool, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    height, width = drawn.shape[:2]
    turn = cv2.getRotationMatrix2D(
        (width / 2, height / 2), (-1) ** seed * (0.3 + 0.4 * (seed % 5)), 1
    )
    gray = cv2.cvtColor(drawn, cv2.COLOR_RGB2GRAY)
    gray = cv2.warpAffine(gray, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    if bitonal:
        noisy = cv2.GaussianBlur(gray, (0, 0), 0.7) + rng.normal(0, 30, gray.shape)
        sent = np.where(noisy > 150, 255, 0)
        sent[rng.random(gray.shape) < 0.0006] = 0
    else:
        sent = cv2.GaussianBlur(gray, (0, 0), 0.6) * 0.88 + 12 + rng.normal(0, 6, gray.shape)
    return np.clip(sent, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main()
