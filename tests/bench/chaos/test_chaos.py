"""A short chaos run on each store, and a verdict that sees what it must see."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.chaos.papers import draw_papers
from bench.chaos.system import MINIO
from bench.chaos.verdict import sums

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize("store", ["embedded", pytest.param("minio", marks=pytest.mark.minio)])
def test_nothing_is_lost(store, tmp_path):
    """Some dozens of faults on some dozens of papers: all sums balance, all bytes are right."""
    if store == "minio" and not MINIO.exists():
        pytest.skip("no MinIO: make tools")
    out = tmp_path / "chaos.json"
    command = [
        sys.executable, "-m", "bench.chaos", "--seed", "11", "--documents", "30",
        "--faults", "60", "--store", store, "--out", str(out),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    summary = json.loads(out.read_text(encoding="utf-8"))
    assert (summary["wrong"], summary["faults"]) == ([], 60)
    assert summary["read"] > 0


def test_papers_are_the_same_for_the_same_seed():
    """A run that failed can be repeated."""
    one, two = list(draw_papers(4, 30)), list(draw_papers(4, 30))

    assert one == two
    assert len({paper.sha256 for paper in one}) < len(one)  # some are dropped twice
    assert any(paper.pages == 0 for paper in one)
    assert any(paper.pages == 2 for paper in one)
    assert list(draw_papers(5, 30)) != one


def test_the_same_paper_counts_once_in_a_dossier_and_once_in_each():
    """What the balance sheet must show is computed from what was dropped."""
    papers = list(draw_papers(4, 30))
    once = {(paper.dossier, paper.sha256) for paper in papers}

    assert sums(papers + papers)["documents"]["received"] == len(once) == 30
