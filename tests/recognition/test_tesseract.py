"""The Tesseract program and its failures."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ToolCrashed, ToolMissing, ToolTimeout
from pipeline.recognition import tesseract

WHITE = np.full((60, 200), 255, np.uint8)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Replace Tesseract by a shell script."""
    tesseract.installed_models.cache_clear()
    tesseract.engine_version.cache_clear()

    def replace(script: str) -> None:
        path = tmp_path / "tesseract"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setattr(tesseract.pytesseract.pytesseract, "tesseract_cmd", str(path))

    yield replace
    tesseract.installed_models.cache_clear()
    tesseract.engine_version.cache_clear()


def test_models_with_capitals_and_slashes_are_seen(program) -> None:
    """The script models of Debian and Ubuntu have such names."""
    program(
        'echo "List of available languages in \\"/x/\\" (3):"; echo vie; echo script/Vietnamese'
    )

    assert tesseract.installed_models() == ("script/Vietnamese", "vie")


def test_the_version_is_the_programs(program) -> None:
    """First line, without its name."""
    program('echo "tesseract 5.3.0"; echo " leptonica-1.82.0"')

    assert tesseract.engine_version() == "5.3.0"


def test_a_program_that_is_not_there(monkeypatch, program) -> None:
    """The error names the package."""
    monkeypatch.setattr(tesseract.pytesseract.pytesseract, "tesseract_cmd", "/none/tesseract")

    with pytest.raises(ToolMissing, match="tesseract-ocr"):
        tesseract.installed_models()
    with pytest.raises(ToolMissing, match="tesseract-ocr"):
        tesseract.hocr(WHITE, 150, model="vie", psm=3, timeout_s=5)


def test_a_program_that_hangs_is_stopped(program) -> None:
    """The page fails after its time, nothing waits for ever."""
    program("exec sleep 30")

    with pytest.raises(ToolTimeout, match=r"0\.3 s"):
        tesseract.hocr(WHITE, 150, model="vie", psm=3, timeout_s=0.3)


def test_a_program_that_dies_is_our_tools_fault(program) -> None:
    """Status and message are kept; a missing model is told apart."""
    program("echo boom >&2; exit 3")
    with pytest.raises(ToolCrashed, match="status 3: boom"):
        tesseract.hocr(WHITE, 150, model="vie", psm=3, timeout_s=5)
    with pytest.raises(ToolCrashed, match="list-langs"):
        tesseract.installed_models()

    program("echo 'Error opening data file vie.traineddata' >&2; exit 1")
    with pytest.raises(ToolMissing, match="tesseract-ocr-vie"):
        tesseract.hocr(WHITE, 150, model="vie", psm=3, timeout_s=5)


def test_one_thread_a_page(program, monkeypatch) -> None:
    """Pages run in parallel, not threads: OpenMP would burn the cores in spin-waits."""
    monkeypatch.setenv("OMP_THREAD_LIMIT", "4")
    program('test "$OMP_THREAD_LIMIT" = 1 && echo "<html/>" > "$2.hocr"')

    assert tesseract.hocr(WHITE, 150, model="vie", psm=3, timeout_s=5) == b"<html/>\n"
    assert os.environ["OMP_THREAD_LIMIT"] == "1"


def test_a_hostile_dpi_is_bounded(program) -> None:
    """Tesseract ignores what it does not believe, so it never gets it."""
    program('case "$*" in *"--dpi 2400"*) echo ok > "$2.hocr";; *) exit 1;; esac')

    assert tesseract.hocr(WHITE, 1e9, model="vie", psm=3, timeout_s=5) == b"ok\n"
