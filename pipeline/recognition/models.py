"""The networks: where their files lie, what they must be, and one session of each in a process.

Some come inside packages that are a few weeks old and made by one party each, so that every file is
known by its hash; without ONNX Runtime or with another file the start stops, nothing is fetched.
Each runs on one thread: pages are read in parallel.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pipeline.errors import ToolCrashed, ToolMissing

_WEIGHTS = Path(__file__).parent / "weights"
_FILES = {
    "vie": ("", "vie.onnx"),
    "Vietnamese": ("", "vietnamese.onnx"),
    "aster": ("asterocr", "assets/asternet.onnx"),
    "aster alphabet": ("asterocr", "assets/vocab.json"),
    "lines": ("trueocr", "models/det.onnx"),
    "digits": ("", "digits.onnx"),
}
_SHA256 = json.loads((_WEIGHTS / "sha256.json").read_text(encoding="utf-8"))


def run(name: str, inputs: dict[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
    """Return what a network makes of its inputs.

    Raises ToolMissing without its file, ToolCrashed when ONNX Runtime fails.
    """
    session = _session(name)
    try:
        return [np.asarray(output, np.float32) for output in session.run(None, inputs)]
    except Exception as error:
        raise ToolCrashed("onnxruntime", f"{name}: {str(error)[:300]}") from error


@cache
def alphabet(name: str) -> Sequence[str]:
    """Return the signs of a network by number, the blank of CTC as the empty string."""
    if name == "aster":
        signs: list[str] = json.loads(_file("aster alphabet").read_text(encoding="utf-8"))["chars"]
        return tuple("" if sign == "<blank>" else sign for sign in signs)
    text = (_WEIGHTS / "tesseract-alphabet.json").read_text(encoding="utf-8")
    return tuple(json.loads(text))


def check(names: Sequence[str]) -> None:
    """Check at start that the networks are there, unchanged. Raises ToolMissing."""
    for name in names:
        _file(name)


def versions(names: Sequence[str]) -> str:
    """Return ONNX Runtime's version and the first digits of each network's hash."""
    hashes = (f"{name} {_SHA256[name][:8]}" for name in names)
    return ", ".join([f"onnxruntime {onnxruntime.__version__}", *hashes])


@cache
def _file(name: str) -> Path:
    """Return the file of a network, its hash checked once a process."""
    package, inside = _FILES[name]
    if not package:
        path = _WEIGHTS / inside
    else:
        spec = find_spec(package)  # found, not imported: only the file is used
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise ToolMissing(f"network {name}", f"install the Python package {package}")
        path = Path(places[0]) / inside
    if not path.is_file():
        raise ToolMissing(f"network {name}", f"{path.name} is not there; install Sohoa again")
    if hashlib.sha256(path.read_bytes()).hexdigest() != _SHA256[name]:
        raise ToolMissing(f"network {name}", f"{path.name} is not the file that was measured")
    return path


@cache
def _session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Batches differ in shape: an arena only grows (several hundred MB) and saves no time.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(_file(name)), options, providers=["CPUExecutionProvider"]
    )
