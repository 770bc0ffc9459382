"""A scan in, how good its pages are out, looked at in a child process that can be killed."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from pipeline.scan_quality import scan_quality
from pipeline.settings import Settings
from workers.decoding import START_S
from workers.sandbox import ChildLimits, Tell, run

_SAID = ("number", "width_px", "height_px", "dpi", "kind", "measures", "issues")


def run_quality(path: Path, settings: Settings) -> list[dict[str, Any]]:
    """Return number, size, measures and issues of each page, as JSON holds them.

    Raises ScanError, ToolError, or Unexpected when the child met a bug.
    """
    name = os.fsencode(path.name).decode("utf-8", "replace")
    limits = ChildLimits(settings.memory_limit_bytes, START_S, settings.page_timeout_s)
    with tempfile.TemporaryDirectory(prefix="sohoa-quality-") as folder:
        scratch = Path(folder)
        found = run(lambda tell: _look(path, name, settings, scratch, tell), name, limits, scratch)
    return cast("list[dict[str, Any]]", found)


def _look(
    path: Path, name: str, settings: Settings, scratch: Path, tell: Tell
) -> list[dict[str, Any]]:
    # What libraries write aside goes with the folder when this child is killed.
    tempfile.tempdir = os.environ["TMPDIR"] = str(scratch)
    pages = scan_quality(path, name, settings, scratch, progress=tell)
    return [{key: value for key, value in asdict(page).items() if key in _SAID} for page in pages]
