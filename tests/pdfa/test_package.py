"""Tests of pipeline.pdfa.package: one file with everything in it, still PDF/A."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime

import pikepdf
import pytest

from pipeline.errors import ToolCrashed
from pipeline.pdfa import compose
from pipeline.pdfa.package import Attachment, make_package

NOW = datetime(2026, 11, 23, tzinfo=UTC)
PARTS = (
    Attachment("record.json", '{"tên": 1}'.encode(), "application/json", "Data", "The record"),
    Attachment(
        "page-0001.xml", b"<alto/>", "application/alto+xml", "Supplement", "Words of page 1"
    ),
)


@pytest.fixture
def archive(draw, facts, tmp_path):
    """Return an archive PDF."""
    compose([draw(["Cộng hòa"])], facts, tmp_path / "archive.pdf")
    return tmp_path / "archive.pdf"


def test_everything_is_in_it(archive, tmp_path):
    """Names, data and relationship of each part; the same bytes each time."""
    one, two = tmp_path / "one.pdf", tmp_path / "two.pdf"
    make_package(archive, PARTS, one, NOW)
    make_package(archive, PARTS, two, NOW)

    assert one.read_bytes() == two.read_bytes()
    with pikepdf.open(one) as pdf:
        assert {n: f.get_file().read_bytes() for n, f in pdf.attachments.items()} == {
            part.name: part.data for part in PARTS
        }
        assert [str(e.AFRelationship) for e in pdf.Root.AF] == ["/Data", "/Supplement"]


def test_what_claims_nothing_is_not_packaged(draw, facts, tmp_path):
    """A package cannot prove more than its archive PDF."""
    compose([draw(["x"])], facts, tmp_path / "plain.pdf", claim=False)

    with pytest.raises(ToolCrashed):
        make_package(tmp_path / "plain.pdf", PARTS, tmp_path / "out.pdf", NOW)


@pytest.mark.verapdf
def test_verapdf_finds_3u(archive, tmp_path, verapdf):
    """veraPDF agrees with the claim of the package."""
    make_package(archive, PARTS, tmp_path / "out.pdf", NOW)

    done = subprocess.run(
        [verapdf, "--format", "text", "--flavour", "3u", tmp_path / "out.pdf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "PASS" in done.stdout, done.stdout
