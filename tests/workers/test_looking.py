"""Scans are looked at in a child, and its answer is JSON."""

import json

import pytest
from PIL import Image

from pipeline.errors import ScanError
from pipeline.settings import Settings
from workers.looking import run_quality


def test_measures_and_issues_of_each_page(draw_page, tmp_path):
    """What the clerk is told, and what it rests on."""
    Image.fromarray(draw_page(dpi=100).image.pixels).save(tmp_path / "quét.png", dpi=(100, 100))

    (page,) = run_quality(tmp_path / "quét.png", Settings())

    assert page["number"] == 1 and round(page["dpi"]) == 100
    assert [issue["code"] for issue in page["issues"]] == ["page.low-dpi"]
    assert page["measures"]["contrast"] > 0.3
    json.dumps(page)


def test_a_hostile_scan_is_refused(tmp_path):
    """The parent gets one of our errors."""
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\xff" * 99)

    with pytest.raises(ScanError):
        run_quality(tmp_path / "scan.png", Settings())
