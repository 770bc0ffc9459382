"""A seed in, small papers and the ways in which they are dropped out.

Each is a real scan of its own bytes that our pipeline reads in about a second, or one that it
must refuse. The truth about each is known: its pages, or the class of its refusal.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pikepdf
from PIL import Image, ImageDraw, ImageFont

DPI = 200
SHEET_PX = (827, 583)  # A6 across, at 200 dpi
WORDS = (
    "giấy", "phép", "xây", "dựng", "quyết", "định", "công", "nhận", "khai", "sinh", "đất", "đai",
    "Ủy ban", "nhân dân", "xã", "Hưng Lộc", "ngày", "tháng", "năm", "hồ sơ", "kết quả",
)  # fmt: skip

# At once, in pieces, under another name first; with dossier.json and _READY; not into the inbox,
# but as an old paper for `sohoa backfill`.
Way = Literal["once", "slowly", "part", "ready", "backfill"]
WAYS: tuple[Way, ...] = ("once", "once", "slowly", "slowly", "part", "part", "ready", "backfill")


@dataclass(frozen=True, slots=True)
class Paper:
    """One file to drop, and what must become of it."""

    dossier: str | None  # folder in the inbox; None: loose
    name: str
    data: bytes
    pages: int  # 0: it must be refused
    way: Way

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def draw_papers(seed: int, count: int) -> Iterator[Paper]:
    """Yield the papers of `count` documents, some twice; the same seed gives the same bytes."""
    choice = random.Random(seed)  # noqa: S311 - a test must be repeatable
    documents: set[tuple[str | None, str]] = set()
    for paper in _draw(seed, choice):
        documents.add((paper.dossier, paper.sha256))
        yield paper
        if len(documents) >= count:
            return


def _draw(seed: int, choice: random.Random) -> Iterator[Paper]:
    last: Paper | None = None
    for n in itertools.count():
        dossier = (
            f"000.00.{seed % 100:02}.H09-231016-{n // 4:04}" if choice.random() < 0.9 else None
        )
        way = choice.choice(WAYS)
        fate = choice.random()
        if fate < 0.06 and last is not None:  # the same paper again, in this dossier or another
            again = last.dossier if choice.random() < 0.5 else dossier
            name = f"{n:04} bản sao {last.name}"
            yield Paper(again, name, last.data, last.pages, choice.choice(("once", "slowly")))
            continue
        data, ending, pages = _hopeless(n, choice) if fate < 0.16 else _scan(n, choice)
        if way == "ready" or (way == "backfill" and pages):  # each in a dossier of its own
            dossier = f"000.00.{seed % 100:02}.H09-231017-{n:04}"
        elif way == "backfill":
            way = "once"
        last = Paper(dossier, f"{n:04} {choice.choice(WORDS)}.{ending}", data, pages, way)
        yield last


def _scan(n: int, choice: random.Random) -> tuple[bytes, str, int]:
    ending = choice.choice(("jpg", "png", "pdf", "pdf", "tif"))
    pages = choice.choice((1, 1, 1, 2)) if ending in ("pdf", "tif") else 1
    sheets = [_sheet(f"{n}-{page}", choice) for page in range(pages)]
    out = io.BytesIO()
    form = {"jpg": "JPEG", "png": "PNG", "pdf": "PDF", "tif": "TIFF"}[ending]
    more: dict[str, object] = {"dpi": (DPI, DPI)} if ending != "pdf" else {"resolution": DPI}
    if ending == "pdf":
        more |= {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    if ending in ("pdf", "tif"):
        more |= {"save_all": True, "append_images": sheets[1:]}
    if ending == "tif":
        more |= {"compression": "tiff_deflate"}
    sheets[0].save(out, form, **more)  # type: ignore[arg-type]
    return out.getvalue(), ending, pages


def _hopeless(n: int, choice: random.Random) -> tuple[bytes, str, int]:
    kind = choice.choice(("text", "empty", "locked"))
    if kind == "text":
        return f"This is no scan, number {n}.\n".encode(), "pdf", 0
    if kind == "empty":
        return b"%%PDF-1.4\n%% nothing in number %d\nstartxref\n9\n%%%%EOF\n" % n, "pdf", 0
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = f"number {n}"
        # The one kind of encryption whose bytes are the same each time.
        weak = pikepdf.Encryption(owner="o", user=f"u{n}", R=3, aes=False, metadata=False)
        pdf.save(out, encryption=weak, static_id=True)
    return out.getvalue(), "pdf", 0


def _sheet(name: str, choice: random.Random) -> Image.Image:
    sheet = Image.new("RGB", SHEET_PX, "white")
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype("DejaVuSerif.ttf", 30)
    pen.text((60, 60), f"Số: {name}/GP-UBND", "black", font)
    for row in range(3):
        words = " ".join(choice.choice(WORDS) for _ in range(4))
        pen.text((60, 140 + 60 * row), words, "black", font)
    return sheet
