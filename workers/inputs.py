"""Paths typed by a person in, documents to digitize out."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import DigitizationError, UnreadableScan
from pipeline.model import Capture, Document, Dossier, Scan
from pipeline.storage import record_id
from workers.digitizing import Input
from workers.documents import group


def find_inputs(paths: Sequence[Path], dossier: Dossier, station: str) -> list[Input]:
    """Return one input per document that the paths name, in their order.

    What cannot be read becomes an input with an error, so that it is counted and reported.
    """
    return [given for path in paths for given in _inputs(path, dossier, station)]


def _inputs(path: Path, dossier: Dossier, station: str) -> Iterator[Input]:
    try:
        found = list(group(path))
    except OSError as error:
        yield Input(path, error=_unreadable(path, error))
        return
    for place, files in found:
        try:
            yield _input(place, files, dossier, station)
        except OSError as error:
            yield Input(place, error=_unreadable(place, error))


def _input(place: Path, files: Sequence[Path], dossier: Dossier, station: str) -> Input:
    scans = tuple(_scan(file) for file in files)
    newest = max(file.stat().st_mtime for file in files)
    capture = Capture(
        record_id=record_id(dossier.code, [scan.sha256 for scan in scans]),
        # The scan's own time, not the clock's: the same files give the same bytes every time.
        received_at=datetime.fromtimestamp(int(newest), UTC),
        station=station,
        source_path=str(place),
    )
    return Input(place, Document(scans, dossier), capture)


def _scan(path: Path) -> Scan:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return Scan(path, name, digest, path.stat().st_size)


def _unreadable(path: Path, error: OSError) -> DigitizationError:
    return UnreadableScan(path.name or str(path), error.strerror or str(error))
