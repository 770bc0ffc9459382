"""A drop folder of 100,000 files in, what a look at it takes out; beside watchdog's polling.

python -m bench.inbox [--files 100000]. Two fifths of the files lie loose, the others in dossiers of
twenty. Dossiers with a `_READY` are taken in and then wait for their end, which never comes; all
other files are never quiet for long enough. The peer takes a snapshot of the same folder, as its
PollingObserver does in each round, and compares it with the one before. The store is a real one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from redis import Redis

from pipeline.settings import Settings, from_environ
from pipeline.storage import ObjectStore, list_intakes, record_id
from workers.documents import read_drops
from workers.inbox import Watch
from workers.intake import Taken
from workers.servers import start_broker, start_store

ROOT = Path(__file__).resolve().parent.parent
IN_DOSSIER = 20
LOOSE_SHARE, READY_SHARE = 0.4, 0.003
STEADY_LOOKS = 7
STEADY_MOST_S, LOOK_MOST_S = 2.0, 12.0  # what docs/benchmarks.md promises
NEVER_QUIET_S = 1e6
PDF = b"%%PDF-1.4\n%% paper %d\nstartxref\n9\n%%%%EOF\n"


def main() -> int:
    """Measure both on one folder and print; return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m bench.inbox", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--part", choices=("watch", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(_watch() if options.part == "watch" else _peer()))
        return 0
    with tempfile.TemporaryDirectory(prefix="sohoa-inbox-") as name:
        home = Path(name)
        settings = Settings(home=home / "office", settle_s=NEVER_QUIET_S)
        for folder in (settings.outbox, settings.rejected, settings.data):
            folder.mkdir(parents=True)
        _fill(settings.inbox, options.files)
        with start_broker(home / "broker") as broker, start_store(home / "store") as server:
            settings = replace(
                settings,
                redis_url=broker.url,
                s3_endpoint=server.endpoint,
                s3_access_key=server.access_key,
                s3_secret_key=server.secret_key,
            )
            peer = _run("peer", settings)
            ours = _run("watch", settings)
    return _report(options.files, ours, peer)


def _fill(inbox: Path, files: int) -> None:
    """Drop so many small files, each of its own bytes."""
    inbox.mkdir(parents=True)
    loose, ready = round(files * LOOSE_SHARE), round(files * READY_SHARE)
    for n in range(files):
        folder = inbox
        if n >= loose:
            folder = inbox / f"000.00.04.H09-231016-{(n - loose) // IN_DOSSIER:05}"
            folder.mkdir(exist_ok=True)
        if n >= files - ready:
            (folder / "_READY").touch()
        (folder / f"giấy tờ {n}.pdf").write_bytes(PDF % n)


def _run(part: str, settings: Settings) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.inbox", "--part", part]
    environ = {**os.environ, **settings.as_environ()}
    done = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _watch() -> dict[str, float]:
    """Look until nothing is left to take in, and then at what only waits."""
    settings = from_environ()
    keys = (settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key)
    store = ObjectStore(*keys, settings.s3_bucket)
    store.ensure_bucket()
    broker = Redis.from_url(settings.redis_url)
    schemas = ROOT / "schemas"
    watch = Watch(settings, store, broker, lambda line: None, titles={}, schemas=schemas)
    before = _peak_mb()
    looks = [_timed(watch.look)]
    while looks[-1][2] <= 0 or len(looks) < 3:
        looks.append(_timed(watch.look))
    steady = [_timed(watch.look) for _ in range(STEADY_LOOKS)]
    found = {
        "first_s": looks[0][0],
        "first_cpu_s": looks[0][1],
        "longest_s": max(wall_s for wall_s, _, _ in looks + steady),
        "looks": len(looks),
        "taken": len(list_intakes(store)),
        "steady_s": statistics.median(wall_s for wall_s, _, _ in steady),
        "steady_cpu_s": statistics.median(cpu_s for _, cpu_s, _ in steady),
        "before_mb": before,
        "peak_mb": _peak_mb(),
    }
    _pretend_all_are_ours(watch, settings)
    return found | {"all_ours_mb": _peak_mb()}


def _pretend_all_are_ours(watch: Watch, settings: Settings) -> None:
    """Fill the list of what waits for its end: the most that a watcher ever remembers."""
    for drop in read_drops(settings.inbox, lambda *trouble: None):
        for paper in drop.papers:
            made_up = record_id(drop.name, [f"{abs(paper.number):064x}"])
            watch._undelivered.add(paper, Taken(made_up, True, "", ""))


def _peer() -> dict[str, float]:
    """Take snapshots and compare them, as watchdog's PollingObserver does."""
    from watchdog.utils.dirsnapshot import DirectorySnapshot, DirectorySnapshotDiff

    inbox = str(from_environ().inbox)
    before = _peak_mb()
    last: list[DirectorySnapshot] = []

    def look() -> float:
        now = DirectorySnapshot(inbox)
        if last:
            DirectorySnapshotDiff(last.pop(), now)
        last.append(now)
        return 0.0

    first = _timed(look)
    steady = [_timed(look) for _ in range(STEADY_LOOKS)]
    return {
        "first_s": first[0],
        "first_cpu_s": first[1],
        "steady_s": statistics.median(wall_s for wall_s, _, _ in steady),
        "steady_cpu_s": statistics.median(cpu_s for _, cpu_s, _ in steady),
        "before_mb": before,
        "peak_mb": _peak_mb(),
    }


def _timed(look: Callable[[], float]) -> tuple[float, float, float]:
    """Return wall seconds, CPU seconds, and what the look returned."""
    wall, cpu = time.perf_counter(), time.process_time()
    found = look()
    return time.perf_counter() - wall, time.process_time() - cpu, found


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _report(files: int, ours: dict[str, float], peer: dict[str, float]) -> int:
    rows = {
        "steady look, wall s": "steady_s",
        "steady look, CPU s": "steady_cpu_s",
        "first look, wall s": "first_s",
        "first look, CPU s": "first_cpu_s",
    }
    print(f"{files} files, {os.cpu_count()} cores\n")
    print("| | Sohoa | watchdog | ours ÷ peer |\n|---|--:|--:|--:|")
    for name, key in rows.items():
        print(f"| {name} | {ours[key]:.2f} | {peer[key]:.2f} | {ours[key] / peer[key]:.2f} |")
    mb = [one["peak_mb"] - one["before_mb"] for one in (ours, peer)]
    print(f"| memory for it, MB | {mb[0]:.0f} | {mb[1]:.0f} | {mb[0] / mb[1]:.2f} |")
    all_mb = ours["all_ours_mb"] - ours["before_mb"]
    print(
        f"\nOurs: {ours['taken']:.0f} taken in within {ours['looks']:.0f} looks, the longest "
        f"{ours['longest_s']:.1f} s; {ours['before_mb']:.0f} MB before the first look; "
        f"{all_mb:.0f} MB more were all of them taken in ({all_mb * 1e6 / files:.0f} bytes a file)."
    )
    kept = ours["steady_s"] < STEADY_MOST_S and ours["longest_s"] < LOOK_MOST_S
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
