"""Commands in, wall time and peak memory of their whole process trees out."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Usage:
    """What a batch of commands took."""

    wall_s: float
    cpu_s: float
    peak_bytes: int  # proportional set size of all processes at the worst moment
    exit_codes: tuple[int, ...]


def run_batch(commands: list[list[str]], at_once: int, environ: dict[str, str]) -> Usage:
    """Run the commands, so many at once, and measure them together."""
    done, peak = threading.Event(), [0]
    sampler = threading.Thread(target=_sample, args=(os.getpid(), done, peak))
    before, start = os.times(), time.monotonic()
    sampler.start()
    with ThreadPoolExecutor(at_once) as pool:
        codes = tuple(pool.map(lambda command: _run(command, environ), commands))
    wall_s = time.monotonic() - start
    after = os.times()
    done.set()
    sampler.join()
    cpu_s = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    return Usage(wall_s, cpu_s, peak[0], codes)


def _run(command: list[str], environ: dict[str, str]) -> int:
    return subprocess.run(
        command,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode


def _sample(root: int, done: threading.Event, peak: list[int]) -> None:
    while not done.wait(0.1):
        tree = _descendants(root)
        peak[0] = max(peak[0], sum(_pss_bytes(pid) for pid in tree))


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue  # it ended meanwhile
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _pss_bytes(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it ended meanwhile
    return 0
