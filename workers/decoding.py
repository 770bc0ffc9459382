"""A document in, its folder out, made in a child process; and what is done once before it."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, cast

from pipeline import recognition
from pipeline.errors import TooLarge
from pipeline.extraction import Schemas, load_schemas, schemas_folder
from pipeline.flow import digitize
from pipeline.folder import write_folder
from pipeline.model import Capture, Document
from pipeline.settings import Settings
from pipeline.versions import steps
from workers.sandbox import ChildLimits, Task, Tell, run

START_S = 120.0  # to look at a scan's structure
MOST_WRITTEN_BYTES = 8_000_000_000  # aside, before a full disk is called the document's fault


def prewarm(settings: Settings) -> None:
    """Do once, before a fork, what every child would do again.

    Raises SetupError when the schemas are wrong, ToolMissing without what reads pages.
    """
    _schemas(settings.schemas)
    steps(settings, recognition.reader(settings.ocr_profile, settings.ocr_language))


def run_digitize(
    document: Document, capture: Capture, out: Path, settings: Settings
) -> dict[str, Any]:
    """Digitize one document in a child and return its record; `out` receives the files.

    Raises ScanError, ToolError, DiskFull, or Unexpected when the child met a bug.
    """
    return cast("dict[str, Any]", run(*digitize_call(document, capture, out, settings)))


def digitize_call(
    document: Document, capture: Capture, out: Path, settings: Settings
) -> tuple[Task, str, ChildLimits, Path]:
    """Return the arguments for `run` or `start` that digitize one document into `out`."""
    limits = ChildLimits(settings.memory_limit_bytes, START_S, settings.page_timeout_s)
    return (
        lambda tell: _digitize(document, capture, out, settings, tell),
        document.scans[0].name,
        limits,
        out,
    )


def _digitize(
    document: Document, capture: Capture, out: Path, settings: Settings, tell: Tell
) -> dict[str, Any]:
    schemas = _schemas(settings.schemas)
    scratch = out / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    # What libraries and programs write aside is pages of citizens, too: it must go with the rest
    # when this child is killed.
    tempfile.tempdir = os.environ["TMPDIR"] = str(scratch)
    try:
        digitized = digitize(document, capture, schemas, settings, scratch, progress=tell)
        return write_folder(digitized, capture, out)
    except OSError as error:
        # Else it would be tried for ever, as a document is that met a disk full of others.
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and _size_bytes(out) > MOST_WRITTEN_BYTES:
            detail = f"more than {MOST_WRITTEN_BYTES // 1_000_000} MB were written for it"
            raise TooLarge(document.scans[0].name, detail) from error
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@cache
def _schemas(folder: str) -> Schemas:
    return load_schemas(schemas_folder(Path(folder) if folder else None))
