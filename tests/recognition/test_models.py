"""The networks: their files and their alphabets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from pipeline.errors import ToolCrashed, ToolMissing
from pipeline.recognition import models
from pipeline.vietnam.letters import VIETNAMESE_LETTERS


@pytest.mark.parametrize("network", ["vie", "Vietnamese", "aster"])
def test_alphabets_hold_vietnamese(network) -> None:
    """All letters but the rare Ỵ of Tesseract's, the figures and one blank are there."""
    signs = models.alphabet(network)

    assert VIETNAMESE_LETTERS - set(signs) <= {"Ỵ", "ỵ"}
    assert set("0123456789.,/-:;() ") <= set(signs)
    assert signs.count("") == 1


def test_a_network_that_is_not_the_measured_one_is_refused(monkeypatch) -> None:
    """A file with another hash, or a package that is not there, stops the start."""
    monkeypatch.setitem(models._SHA256, "vie", "0" * 64)
    models._file.cache_clear()
    with pytest.raises(ToolMissing, match="not the file"):
        models.check(["vie"])
    monkeypatch.setitem(models._FILES, "aster", ("no_such_package", "net.onnx"))
    with pytest.raises(ToolMissing, match="no_such_package"):
        models.check(["aster"])
    monkeypatch.undo()
    models._file.cache_clear()
    models.check(["vie", "aster"])


def test_a_failing_network_is_a_tool_that_crashed() -> None:
    """Wrong input raises our error, not ONNX Runtime's."""
    with pytest.raises(ToolCrashed, match="onnxruntime"):
        models.run("vie", {"x": np.zeros((1, 1, 2, 2), np.float32)})


def test_versions_name_each_network() -> None:
    """A record tells which networks read it."""
    assert "vie " in models.versions(["vie"])
    assert "onnxruntime 1." in models.versions(["vie"])


def test_the_runtime_tells_nobody_anything() -> None:
    """Later releases send telemetry to their maker; papers of citizens are read with none."""
    folder = Path(onnxruntime.__file__).parent / "capi"
    libraries = [*folder.glob("*.so*"), *folder.glob("*.dylib"), *folder.glob("*.pyd")]

    assert libraries
    assert not any(b"events.data.microsoft" in library.read_bytes() for library in libraries)
