"""Documents in, folders and one outcome each out: several at once, without any server."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import DigitizationError, DiskFull, StoreError
from pipeline.messages import explain_error
from pipeline.model import Capture, Document
from pipeline.settings import Settings
from workers.decoding import digitize_call, prewarm
from workers.sandbox import Child, start

POLL_S = 0.05
MAX_STEM_BYTES = 120  # leaves room for a suffix under the 255 bytes of a file name


@dataclass(frozen=True, slots=True)
class Input:
    """One document to digitize, or the reason why it cannot be."""

    path: Path  # as given
    document: Document | None = None
    capture: Capture | None = None
    error: DigitizationError | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input."""

    path: str
    out: str | None
    status: Literal["stored", "rejected"]
    record_id: str | None
    pages: int
    doc_type: str | None
    seconds: float
    reason: str | None


@dataclass(slots=True)
class _Running:
    given: Input
    child: Child
    partial: Path
    started: float


Watch = Callable[[list[tuple[str, int, int]]], None]  # (name, pages done, pages) of each child


def digitize_all(
    inputs: Sequence[Input],
    out: Path,
    jobs: int,
    settings: Settings,
    watch: Watch = lambda running: None,
) -> Iterator[Outcome]:
    """Digitize the inputs, `jobs` at once, and yield each outcome when it is known.

    `out` receives a folder per input, named after its stem; it appears whole or not at all.
    Raises DiskFull or StoreError when `out` cannot be written at all.
    """
    _make_folder(out)
    prewarm(settings)
    folders = _Folders(out)
    waiting, running = list(reversed(inputs)), list[_Running]()
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                given = waiting.pop()
                if given.document is None or given.capture is None:
                    yield _refused(given, settings.language)
                else:
                    running.append(_start(given, out, len(waiting), settings))
            for one in [one for one in running if one.child.poll(POLL_S / len(running))]:
                running.remove(one)
                yield _finish(one, folders, settings.language)
            watch([(str(r.given.path), r.child.pages_done, r.child.pages) for r in running])
    finally:
        for one in running:
            one.child.kill()
            shutil.rmtree(one.partial, ignore_errors=True)


class _Folders:
    """Names for the folders of inputs: a stem, with a suffix when two inputs share it."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.taken: set[str] = set()

    def place(self, partial: Path, stem: str, record_id: str) -> Path:
        """Move a finished folder to its name; the same record done again replaces itself."""
        number = 1
        while True:
            name = stem if number == 1 else f"{stem}-{number}"
            folder = self.out / name
            ours = not folder.exists() or _record_id(folder) == record_id
            if name not in self.taken and ours:
                break
            number += 1
        self.taken.add(name)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
        return folder


def stem_of(path: Path) -> str:
    """Return a folder name for an input: its stem without what file systems dislike."""
    name = path.name if _is_folder(path) else path.stem
    kept = "".join("_" if unicodedata.category(c) in ("Cc", "Cs") else c for c in name)
    kept = kept.lstrip(".") or "scan"
    return kept.encode("utf-8", "replace")[:MAX_STEM_BYTES].decode("utf-8", "ignore")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name longer than any file may have
        return False


def _start(given: Input, out: Path, number: int, settings: Settings) -> _Running:
    assert given.document is not None and given.capture is not None  # noqa: S101 - for mypy
    partial = out / f".{os.getpid()}-{number}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    call = digitize_call(given.document, given.capture, partial, settings)
    return _Running(given, start(*call), partial, time.monotonic())


def _finish(one: _Running, folders: _Folders, language: str) -> Outcome:
    seconds = round(time.monotonic() - one.started, 2)
    try:
        record = one.child.result()
        folder = folders.place(one.partial, stem_of(one.given.path), record["record_id"])
    except (DigitizationError, OSError) as caught:
        shutil.rmtree(one.partial, ignore_errors=True)
        error = caught if isinstance(caught, DigitizationError) else StoreError(str(caught))
        return _refused(Input(one.given.path, error=error), language, seconds)
    return Outcome(
        path=str(one.given.path),
        out=str(folder),
        status="stored",
        record_id=record["record_id"],
        pages=len(record["pages"]),
        doc_type=record["doc_type"],
        seconds=seconds,
        reason=None,
    )


def _refused(given: Input, language: str, seconds: float = 0.0) -> Outcome:
    assert given.error is not None  # noqa: S101 - for mypy
    return Outcome(
        path=str(given.path),
        out=None,
        status="rejected",
        record_id=None,
        pages=0,
        doc_type=None,
        seconds=seconds,
        reason=f"{given.error.code}: {explain_error(given.error, language)}",
    )


def _record_id(folder: Path) -> str | None:
    try:
        found = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        return str(found["record_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        kind = DiskFull if error.errno == errno.ENOSPC else StoreError
        raise kind(str(out), str(error.strerror)) from error
