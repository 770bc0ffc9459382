"""Documents in, the memory that they take out: of a worker over thousands, and of large scans.

A worker must not grow: it forks a child for each document, and what the child took goes with
it. A page of A3 at 600 dpi and a PDF of 500 pages must stay within a stated bound.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from redis import Redis

from bench.chaos.papers import draw_papers
from bench.processes import Usage, run_batch
from pipeline.model import Dossier
from pipeline.settings import Settings
from pipeline.storage import ObjectStore, list_failed, list_records
from workers.documents import read_drops
from workers.intake import Facts, Origin, take_in
from workers.queues import enqueue_document
from workers.servers import start_broker, start_store

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = 40  # of the worker's memory
A3_600_PX = (9921, 7016)
A4_200_PX = (1654, 2339)
MOST_S = 7200.0


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="2,000 documents and 500 pages, not 200 and 50"
    )
    parser.add_argument("--only", choices=("worker", "large"))
    options = parser.parse_args()
    documents, pages = (2000, 500) if options.full else (200, 50)
    with tempfile.TemporaryDirectory(prefix="sohoa-memory-") as home:
        if options.only != "large":
            _worker(Path(home), documents)
        if options.only != "worker":
            _large(Path(home), pages)
    return 0


def _worker(home: Path, documents: int) -> None:
    """Print how the memory of one worker process develops."""
    settings = Settings(home=home / "office")
    for folder in (settings.inbox, settings.data):
        folder.mkdir(parents=True)
    with start_broker(home / "broker") as broker, start_store(home / "store") as store_server:
        settings = replace(
            settings,
            redis_url=broker.url,
            s3_endpoint=store_server.endpoint,
            s3_access_key=store_server.access_key,
            s3_secret_key=store_server.secret_key,
        )
        keys = (store_server.endpoint, store_server.access_key, store_server.secret_key)
        store = ObjectStore(*keys, settings.s3_bucket)
        store.ensure_bucket()
        _fill(settings, store, Redis.from_url(broker.url), documents)
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", "worker"],
            cwd=ROOT,
            env={**os.environ, **settings.as_environ(), "OMP_THREAD_LIMIT": "1"},
        )
        try:
            sizes = _follow(process, store, documents)
        finally:
            process.terminate()
            process.wait(60)
    first, last = sizes[0], sizes[-1]
    kib_per_document = (last[1] - first[1]) / 1024 / max(last[0] - first[0], 1)
    print("| Documents done | Worker, MB |\n|--:|--:|")
    for done, size in sizes[:: max(len(sizes) // 10, 1)]:
        print(f"| {done} | {size / 1e6:.1f} |")
    print(
        f"{last[0]} documents: {kib_per_document:+.2f} KiB of the worker a document\n", flush=True
    )


def _fill(settings: Settings, store: ObjectStore, broker: Redis, documents: int) -> None:
    """Take in and queue so many papers, each of its own bytes."""
    sound = (paper for paper in draw_papers(9, documents * 2) if paper.pages)
    names = set()
    for number, paper in enumerate(sound):
        if len(names) >= documents:
            break
        folder = settings.inbox / f"D-{number:05}"
        folder.mkdir()
        (folder / f"{number}.{paper.name.rpartition('.')[2]}").write_bytes(paper.data)
        names.add(folder.name)
    for drop in read_drops(settings.inbox, lambda *trouble: None):
        for paper in drop.papers:
            origin = Origin(settings.inbox, "/".join(paper.place), "", "counter")
            taken = take_in(paper, Facts(Dossier(code=drop.name)), origin, store, 10**9)
            enqueue_document(broker, taken.record_id, "counter", 600)


def _follow(
    process: subprocess.Popen[bytes], store: ObjectStore, documents: int
) -> list[tuple[int, int]]:
    """Return (documents done, bytes of the worker's own memory) all along."""
    sizes: list[tuple[int, int]] = []
    until = time.monotonic() + MOST_S
    step = max(documents // SAMPLES, 1)
    while time.monotonic() < until and process.poll() is None:
        done = len(list_records(store) | list_failed(store))
        if done >= (sizes[-1][0] + step if sizes else 1) or done >= documents:
            sizes.append((done, _own_bytes(process.pid)))
            if done >= documents:
                return sizes
        time.sleep(1.0)
    raise SystemExit(f"the worker ended or took too long after {sizes[-1:]} documents")


def _own_bytes(pid: int) -> int:
    """Return the memory that is a process's own, without what it maps from files."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0


def _large(home: Path, pages: int) -> None:
    """Print what `sohoa digitize` takes for large scans, all its processes together."""
    scans = {
        "A3, 600 dpi, colour (209 MB of pixels)": draw_a3(home / "a3.jpg"),
        f"PDF of {pages} pages": draw_long_pdf(home / "long.pdf", pages),
    }
    print("| Scan | Peak memory, MB | CPU s |\n|---|--:|--:|")
    for name, path in scans.items():
        usage = digitize(path, home / f"out-{path.stem}")
        print(f"| {name} | {usage.peak_bytes / 1e6:.0f} | {usage.cpu_s:.0f} |", flush=True)


def digitize(scan: Path, out: Path) -> Usage:
    """Digitize one scan and return what that took. Raises SystemExit when it is not stored."""
    command = [sys.executable, "-m", "workers", "digitize", str(scan), "--out", str(out)]
    usage = run_batch([[*command, "--jobs", "1"]], 1, {"OMP_THREAD_LIMIT": "1"})
    if usage.exit_codes != (0,):
        raise SystemExit(f"{scan.name}: ended with {usage.exit_codes}")
    return usage


def draw_a3(path: Path) -> Path:
    """Draw a page of A3 at 600 dpi, in colour."""
    sheet = Image.new("RGB", A3_600_PX, (250, 246, 235))
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype("DejaVuSerif.ttf", 120)
    for row in range(20):
        pen.text((700, 600 + 300 * row), f"Dòng {row}: quy hoạch sử dụng đất", "black", font)
    pen.ellipse((7000, 5000, 7850, 5850), outline=(220, 40, 50), width=24)
    sheet.save(path, "JPEG", quality=85, dpi=(600, 600))
    return path


def draw_long_pdf(path: Path, pages: int, at_once: int = 50) -> Path:
    """Draw a PDF of A4 pages at 200 dpi, so many in memory at once."""
    font = ImageFont.truetype("DejaVuSerif.ttf", 40)
    for first in range(0, pages, at_once):
        sheets = []
        for number in range(first, min(first + at_once, pages)):
            sheet = Image.new("L", A4_200_PX, 245)
            ImageDraw.Draw(sheet).text((200, 300), f"Trang {number + 1}: kết quả", 20, font)
            sheets.append(sheet)
        sheets[0].save(
            path, "PDF", resolution=200, save_all=True, append_images=sheets[1:], append=first > 0
        )
    return path


if __name__ == "__main__":
    sys.exit(main())
