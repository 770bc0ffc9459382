"""Papers in, files in the drop folder and in a tree of old dossiers out, as people do it."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.chaos.papers import Paper
from bench.chaos.system import System

SLOW_PIECES = 6
SLOW_PAUSE_S = 0.25
FULL_PAUSE_S = 0.5  # while the disk is full
BACKFILL_S = 90.0  # after which a backfill is cut off, to be resumed
MANIFEST = {
    "procedure": "1.009994.000.00.00.H09",
    "owner": {"id_type": "none", "name": "Lâm Chí Thiện"},
}


class Clerk:
    """Somebody who drops papers, and tries again while the disk is full."""

    def __init__(self, system: System, old: list[Paper]) -> None:
        """Lay out the tree of old dossiers; nothing is dropped yet."""
        self._system = system
        self._tree = system.home / "old"
        self._at_work: list[threading.Thread] = []
        self._backfill: threading.Thread | None = None
        for paper in old:
            folder = self._tree / str(paper.dossier)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / paper.name).write_bytes(paper.data)
        if old:
            self._backfill = threading.Thread(target=self._resume, daemon=True)
            self._backfill.start()

    def drop(self, paper: Paper) -> None:
        """Drop a paper; it may not be complete when this returns."""
        self._at_work = [thread for thread in self._at_work if thread.is_alive()]
        thread = threading.Thread(target=self._drop, args=(paper,), daemon=True)
        thread.start()
        self._at_work.append(thread)

    def is_done(self) -> bool:
        """Return whether all is dropped and the backfill is at its end."""
        threads = [*self._at_work, *([self._backfill] if self._backfill else [])]
        return not any(thread.is_alive() for thread in threads)

    def _resume(self) -> None:
        """Run `sohoa backfill`, again and again, until one run comes to its end."""
        while True:
            try:
                done = self._system.command("backfill", str(self._tree), timeout_s=BACKFILL_S)
            except subprocess.TimeoutExpired:
                continue  # killed by the clock: the next one resumes
            if done.returncode == 0:
                return
            time.sleep(1.0)

    def _drop(self, paper: Paper) -> None:
        folder = self._system.office / "inbox" / (paper.dossier or "")
        if paper.way == "ready":
            manifest = json.dumps(MANIFEST, ensure_ascii=False).encode()
            _patiently(folder, lambda: _rename(folder, "dossier.json", manifest, ".part"))
        _patiently(folder, lambda: _write(folder, paper))
        if paper.way == "ready":
            _patiently(folder, (folder / "_READY").touch)


def _patiently(folder: Path, write: Callable[[], None]) -> None:
    """Write as often as it fails for want of room, or because the folder has just gone."""
    while True:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write()
        except OSError:
            time.sleep(FULL_PAUSE_S)
        else:
            return


def _write(folder: Path, paper: Paper) -> None:
    if paper.way != "slowly":
        _rename(folder, paper.name, paper.data, ".part" if paper.way == "part" else "")
        return
    size = -(-len(paper.data) // SLOW_PIECES)
    with (folder / paper.name).open("wb", buffering=0) as stream:
        for start in range(0, len(paper.data), size):
            piece = paper.data[start : start + size]
            if stream.write(piece) != len(piece):
                raise OSError("no room")
            time.sleep(SLOW_PAUSE_S)


def _rename(folder: Path, name: str, data: bytes, ending: str) -> None:
    partial = folder / (f"{name}{ending}" if ending else f".{name}")
    partial.write_bytes(data)
    partial.rename(folder / name)
