"""The bench of hostile files sees what became of each, and what stayed behind."""

import json
import os
import subprocess
import sys

import pytest
from PIL import Image

from bench import robustness
from bench.robustness import find_scans, run_set

pytestmark = pytest.mark.slow


@pytest.fixture
def scans(tmp_path):
    """A set: a sound TIFF with an overview, a PDF without end under a strange name, a manifest."""
    folder = tmp_path / "robust_drawn"
    folder.mkdir()
    page, small = Image.new("L", (400, 560), 255), Image.new("L", (200, 280), 255)
    small.encoderinfo = {"tiffinfo": {254: 1}}
    page.save(folder / "sound.tif", save_all=True, append_images=[small])
    (folder / "broken.fuzz").write_bytes(b"%PDF-1.4\nnothing at all")
    (folder / "manifest.tsv").write_text("broken.fuzz\t0\n")
    return find_scans(folder)


def test_every_file_has_its_outcome(scans):
    """Stored with the pages that others see, or why they see others; refused with a class."""
    result = run_set("drawn", scans, 2)

    assert result.outcomes == {"stored": 1, "scan.truncated": 1}
    assert (result.files, result.differ, result.trouble) == (2, [], [])
    assert [line.partition(": 1 pages")[0] for line in result.explained] == ["sound.tif"]
    table = robustness.as_text([result], refused=True)
    assert "| drawn | 2 | 1 | 1 | " in table
    assert "TROUBLE: 0" in table and "scan.truncated: broken.pdf" in table


def test_a_lost_page_is_told(scans, monkeypatch):
    """What is stored with fewer pages than another program sees is never passed over."""
    monkeypatch.setattr(robustness, "_pages_by_others", lambda path: 7)

    result = run_set("drawn", scans, 2)

    assert result.differ == []  # the overview explains it, whatever another program says
    monkeypatch.setattr(robustness, "_tiff_pages", lambda path: 7)
    assert run_set("drawn", scans, 2).differ == ["sound.tif: 1 pages, others say 7"]


def test_a_file_without_proof_is_told(tmp_path):
    """Stored, but no PDF/A: named with the reason."""
    for name, verdict in (("good", "2u"), ("bad", None)):
        (tmp_path / name).mkdir()
        report = {"pdfa": verdict, "failures": [] if verdict else ["6.2.11: a font"]}
        (tmp_path / name / "report.json").write_text(json.dumps(report))
    result = robustness.Result("drawn", 2)

    robustness._prove(result, [tmp_path / "good", tmp_path / "bad"])

    assert result.proved == 1
    assert result.unproved == ["bad: 6.2.11: a font"]


def test_what_stays_behind_is_told(tmp_path):
    """A process that a run has started and left is found by what it was given."""
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert len(robustness._running(tmp_path)) == 1
        process.kill()
    assert robustness._running(tmp_path) == []
