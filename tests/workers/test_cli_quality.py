"""`sohoa quality` says in words what is wrong with a scan."""

import json

import pytest
from PIL import Image
from typer.testing import CliRunner

from workers.cli import app


@pytest.fixture
def scans(draw_page, tmp_path):
    """A good scan and a coarse one, each a document."""
    for name, dpi in (("good", 200), ("coarse", 100)):
        (tmp_path / name).mkdir()
        image = Image.fromarray(draw_page(dpi=dpi).image.pixels)
        image.save(tmp_path / name / f"{name}.png", dpi=(dpi, dpi))
    return tmp_path


def _run(*words, **environ):
    return CliRunner().invoke(app, ["quality", *map(str, words)], env=environ)


def test_a_good_scan_is_good(scans):
    """One line, and the exit code that says so."""
    done = _run(scans / "good")

    assert done.exit_code == 0
    assert "good.png: 1 trang, 200 dpi" in done.stdout


def test_what_is_doubtful_comes_with_its_remedy(scans):
    """In the clerk's language."""
    done = _run(scans)

    assert done.exit_code == 65
    assert "cần xem" in done.stdout
    assert "trang 1: Độ phân giải thấp hơn yêu cầu." in done.stdout
    assert "Quét lại ở 300 dpi" in done.stdout
    english = _run(scans, SOHOA_LANGUAGE="en").stdout
    assert "doubtful" in english and "1 page, 100 dpi" in english


def test_a_scan_that_cannot_be_used_is_told(scans):
    """The others are looked at all the same."""
    (scans / "bad.pdf").write_bytes(b"nothing")

    rows = [json.loads(line) for line in _run(scans, "--json").stdout.splitlines()]

    assert sorted(row["status"] for row in rows) == ["doubtful", "good", "rejected"]
    assert all(row["reason"] for row in rows if row["status"] == "rejected")


def test_nothing_to_look_at_is_said(tmp_path):
    """An empty folder is no good scan."""
    assert "No scan was found" in _run(tmp_path).stderr
