"""Tesseract's model files in, networks for ONNX Runtime out: pipeline/recognition/weights/.

    python -m bench.tesseract_net /usr/share/tesseract-ocr/5/tessdata

Needs the package `onnx`, and the models of tesseract-ocr-vie and tesseract-ocr-script-viet
(Apache-2.0, the files of tessdata_fast). The format was read from files: a table of 64-bit offsets,
part 17 the network (layers depth first, weights as bytes with a scale a row), part 21 the signs,
part 22 the code of each sign. A network computes what Tesseract's does, in floating point, on many
lines at once.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

WEIGHTS = Path(__file__).resolve().parent.parent / "pipeline" / "recognition" / "weights"
NETWORK, SIGNS, CODES = 17, 21, 22
INT8, LAYER_RATES = 1, 64
HEIGHT = 36


@dataclass
class Layer:
    """A layer of a network: its weights as bytes, rows of output, the last column a bias."""

    kind: str
    inputs: int
    outputs: int
    inner: list[Layer] = field(default_factory=list)
    weights: list[tuple[NDArray[np.int8], NDArray[np.float32]]] = field(default_factory=list)


class Reader:
    """Little-endian values from bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, kinds: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + kinds, self.data, self.at)
        self.at += struct.calcsize("<" + kinds)
        return values

    def text(self) -> str:
        (size,) = self.take("I")
        return bytes(self.take(f"{size}s")[0]).decode()

    def matrix(self) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
        mode, rows, columns, _ = self.take("BIIb")
        if not mode & INT8:
            raise SystemExit("only models whose weights are bytes are known")
        values = np.frombuffer(self.data, np.int8, rows * columns, self.at).reshape(rows, columns)
        self.at += rows * columns
        (count,) = self.take("I")
        scales = np.array(self.take(f"{count}d"), np.float32)
        return values, scales[:rows]

    def layer(self) -> Layer:
        self.take("b")
        kind = self.text()
        _, _, flags, inputs, outputs, _ = self.take("bbiiii")
        self.text()  # its name
        layer = Layer(kind, inputs, outputs)
        if kind in ("Series", "XYTranspose", "RTLReversed"):
            (count,) = self.take("I")
            layer.inner = [self.layer() for _ in range(count)]
            if flags & LAYER_RATES:
                self.take(f"{self.take('I')[0]}f")
        elif kind == "Input":
            self.take("5i")
        elif kind in ("Convolve", "Maxpool"):
            self.take("2i")
        elif "LSTM" in kind:
            self.take("i")
            layer.weights = [self.matrix() for _ in range(4)]
        else:
            layer.weights = [self.matrix()]
        return layer


class Graph:
    """The nodes and constants of an ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **settings: Any) -> str:
        outputs = ["", output] if settings.pop("last", False) else [output]
        self.nodes.append(helper.make_node(kind, inputs, outputs, **settings))
        return output

    def scaled(self, name: str, values: NDArray[np.int8], scales: NDArray[np.float32]) -> str:
        """Return a matrix that is kept as bytes; ONNX Runtime unfolds it once, at loading."""
        shape = (-1,) + (1,) * (values.ndim - 1)
        whole = self.add("Cast", [self.constant(f"{name} bytes", values)], f"{name} whole", to=1)
        scale = self.constant(f"{name} scale", scales.reshape(shape))
        return self.add("Mul", [whole, scale], name)

    def lstm(self, name: str, layer: Layer, inputs: list[str], **settings: Any) -> str:
        """Add an LSTM: Tesseract's gates are cell, input, forget, output; ONNX's input, output,
        forget, cell."""
        gates = [layer.weights[gate] for gate in (1, 3, 2, 0)]
        size = layer.inputs
        scales = np.concatenate([scale for _, scale in gates])
        ahead = np.concatenate([values[:, :size] for values, _ in gates])
        back = np.concatenate([values[:, size:-1] for values, _ in gates])
        bias = np.concatenate([values[:, -1] * scale for values, scale in gates])
        first = self.constant("first axis", np.array([0])) if name == "down" else "first axis"
        parts = []
        for part, values in (("W", ahead), ("R", back)):
            matrix = self.scaled(f"{name} {part}2", values, scales)
            parts.append(self.add("Unsqueeze", [matrix, first], f"{name} {part}"))
        both = np.concatenate([bias, np.zeros_like(bias)])[None].astype(np.float32)
        parts.append(self.constant(f"{name} B", both))
        hidden = layer.outputs
        return self.add(
            "LSTM", [inputs[0], *parts, *inputs[1:]], name, hidden_size=hidden, **settings
        )


def graph_of(network: Layer) -> onnx.ModelProto:
    """Return the network for ONNX Runtime.

    In: `x` N×1×36×W float32, −1 black to 1 white, and `lengths` N, int32, places (px // 3) of each
    line. Out: log probabilities, T×N×signs.
    """
    _, convolve, _, down, ahead, back, last, out = network.inner
    graph = Graph()
    values, scales = convolve.inner[1].weights[0]
    # Tesseract goes through the window column by column.
    window = (values[:, :9] * scales[:, None]).reshape(-1, 1, 3, 3).transpose(0, 1, 3, 2)
    graph.constant("window", window.astype(np.float32))
    graph.constant("window bias", (values[:, 9] * scales).astype(np.float32))
    graph.add("Conv", ["x", "window", "window bias"], "conv", pads=[1, 1, 1, 1])
    graph.add("Tanh", ["conv"], "tanh")
    graph.add("MaxPool", ["tanh"], "pool", kernel_shape=[3, 3], strides=[3, 3])
    graph.add("Transpose", ["pool"], "rows", perm=[2, 0, 3, 1])  # y, N, T, 16
    graph.add("Shape", ["rows"], "shape")
    graph.constant("columns", np.array([HEIGHT // 3, -1, convolve.outputs]))
    graph.add("Reshape", ["rows", "columns"], "each column")
    summary = down.inner[0]
    graph.lstm("down", summary, ["each column"], last=True)
    graph.constant("from", np.array([1]))
    graph.constant("to", np.array([3]))
    graph.add("Slice", ["shape", "from", "to"], "N, T")
    graph.add(
        "Concat", ["N, T", graph.constant("wide", np.array([summary.outputs]))], "to 3", axis=0
    )
    graph.add("Reshape", ["down", "to 3"], "seen")
    current = graph.add("Transpose", ["seen"], "seen in time", perm=[1, 0, 2])
    graph.constant("direction axis", np.array([1]))
    for name, layer, way in (
        ("ahead", ahead, "forward"),
        ("back", back.inner[0], "reverse"),
        ("last", last, "forward"),
    ):
        made = graph.lstm(name, layer, [current, "lengths"], direction=way)
        current = graph.add("Squeeze", [made, "direction axis"], f"{name} out")
    values, scales = out.weights[0]
    matrix = graph.scaled("signs", values[:, :-1], scales)
    graph.add("Transpose", [matrix], "signs turned", perm=[1, 0])
    graph.add("MatMul", [current, "signs turned"], "product")
    graph.add("Add", ["product", graph.constant("signs bias", values[:, -1] * scales)], "scores")
    graph.add("LogSoftmax", ["scores"], "y", axis=-1)
    tensor = helper.make_tensor_value_info
    real, whole = onnx.TensorProto.FLOAT, onnx.TensorProto.INT32
    made_graph = helper.make_graph(
        graph.nodes,
        "line",
        [tensor("x", real, ["N", 1, HEIGHT, "W"]), tensor("lengths", whole, ["N"])],
        [tensor("y", real, ["T", "N", out.outputs])],
        graph.constants,
    )
    model = helper.make_model(
        made_graph,
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
        producer_name="bench.tesseract_net",
    )
    onnx.checker.check_model(model)
    return model


def parts_of(path: Path) -> Mapping[int, bytes]:
    """Return the parts of a model file by number."""
    data = path.read_bytes()
    (count,) = struct.unpack_from("<i", data)
    offsets = struct.unpack_from(f"<{count}q", data, 4)
    ends = sorted([*(offset for offset in offsets if offset >= 0), len(data)])
    return {
        number: data[offset : ends[ends.index(offset) + 1]]
        for number, offset in enumerate(offsets)
        if offset >= 0
    }


def signs_of(parts: Mapping[int, bytes], count: int) -> list[str]:
    """Return the sign of each output; the blank of CTC, the last one, is the empty string."""
    names = [line.split(" ")[0] for line in parts[SIGNS].decode().splitlines()[1:]]
    codes = Reader(parts[CODES])
    signs = [""] * count
    for name in names[: codes.take("I")[0]]:
        _, length = codes.take("bi")
        code = codes.take(f"{length}i")[0]
        if name != "Joined" and not name.startswith("|Broken"):
            signs[code] = " " if name == "NULL" else name
    return signs


def main() -> None:
    """Write the networks, their signs and their hashes."""
    parser = argparse.ArgumentParser(prog="python -m bench.tesseract_net", description=__doc__)
    parser.add_argument("tessdata", type=Path)
    folder = parser.parse_args().tessdata
    hashes = json.loads((WEIGHTS / "sha256.json").read_text(encoding="utf-8"))
    for name in ("vie", "Vietnamese"):
        parts = parts_of(folder / f"{name}.traineddata")
        network = Reader(parts[NETWORK]).layer()
        target = WEIGHTS / f"{name.lower()}.onnx"
        target.write_bytes(graph_of(network).SerializeToString(deterministic=True))
        hashes[name] = hashlib.sha256(target.read_bytes()).hexdigest()
        signs = json.dumps(signs_of(parts, network.outputs), ensure_ascii=False)
        (WEIGHTS / "tesseract-alphabet.json").write_text(signs + "\n", encoding="utf-8")
        print(f"{target.name}: {target.stat().st_size} bytes")
    text = json.dumps(hashes, indent=1, sort_keys=True)
    (WEIGHTS / "sha256.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
