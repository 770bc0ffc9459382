"""What is kept for people who debug."""

import json

import numpy as np

from pipeline.model import Box
from pipeline.trace import Trace


def test_trace_numbers_what_it_keeps(tmp_path):
    """Images and values are kept in the order in which they were made."""
    trace = Trace(tmp_path / "keep")
    trace.image(1, "read", np.zeros((4, 4, 3), np.uint8))
    trace.value("box", Box(1, 2, 3, 4))

    kept = sorted(path.name for path in (tmp_path / "keep").iterdir())
    assert kept == ["001-page-0001-read.png", "002-box.json"]
    assert json.loads((tmp_path / "keep" / kept[1]).read_text())["right"] == 3


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch):
    """By default a run leaves nothing behind."""
    monkeypatch.chdir(tmp_path)
    Trace().value("box", Box(1, 2, 3, 4))

    assert list(tmp_path.iterdir()) == []
