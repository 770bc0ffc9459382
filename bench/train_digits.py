"""Drawn lines in, the weights of the digit reader out (pipeline/recognition/weights/digits.onnx).

    python -m bench.train_digits PACKAGES [--steps N] [--out FILE]

PACKAGES is a folder of npm packages; pipeline/recognition/weights/README.md names them, their
licences and the other tools (torch, onnx). One seed and one thread of arithmetic; other machines
round otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import Tensor, nn

from bench.digit_lines import HEIGHT_PX, Source, line

TOKENS = "0123456789/.-?"  # class 0 is the blank of CTC
OUT = (
    Path(__file__).resolve().parent.parent / "pipeline" / "recognition" / "weights" / "digits.onnx"
)
BATCH, CHUNK, STEPS, SEED = 32, 8, 4000, 20261123
_WIDEST_PX = 400
_AHEAD = 4  # chunks drawn before they are needed
Batch = tuple[NDArray[np.uint8], list[str]]  # N×1×40×W, 0 paper to 255 ink


class Reader(nn.Module):
    """A line 40 px high in, one row of log probabilities for each 2 px of its width out."""

    def __init__(self) -> None:
        super().__init__()
        self.look = nn.Sequential(
            *_layer(1, 16, 5, (2, 2)),
            *_layer(16, 32, 3, (2, 1)),
            *_layer(32, 56, 3, (1, 1)), nn.MaxPool2d((2, 1)),
            *_layer(56, 64, 3, (1, 1)),
            nn.Conv2d(64, 112, (5, 1), bias=False), nn.BatchNorm2d(112), nn.ReLU(),
        )  # fmt: skip
        self.near = nn.Sequential(nn.Conv1d(112, 96, 5, padding=2), nn.ReLU(), nn.Dropout(0.1))
        self.far = nn.Sequential(
            nn.Conv1d(96, 64, 5, padding=4, dilation=2), nn.ReLU(), nn.Dropout(0.1)
        )
        self.out = nn.Conv1d(160, len(TOKENS) + 1, 1)

    def forward(self, lines: Tensor) -> Tensor:
        seen = self.look(lines).squeeze(2)
        near = self.near(seen)
        scores = self.out(torch.cat([near, self.far(near)], 1))
        return nn.functional.log_softmax(scores, 1).permute(0, 2, 1)  # N×T×C


def _layer(inside: int, outside: int, size: int, stride: tuple[int, int]) -> list[nn.Module]:
    conv = nn.Conv2d(inside, outside, size, stride=stride, padding=size // 2, bias=False)
    return [conv, nn.BatchNorm2d(outside), nn.ReLU()]


def main() -> None:
    """Train, measure on lines that were never seen, write the weights."""
    parser = argparse.ArgumentParser(prog="python -m bench.train_digits", description=__doc__)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    model = Reader().to(memory_format=torch.channels_last)
    print(f"{sum(p.numel() for p in model.parameters())} weights", flush=True)
    _train(model, options.packages, options.steps)
    model.eval()
    _measure(model, options.packages)
    export(model, options.out)
    print(options.out.stat().st_size, hashlib.sha256(options.out.read_bytes()).hexdigest())


def _train(model: Reader, packages: Path, steps: int) -> None:
    adam = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    pace = torch.optim.lr_scheduler.OneCycleLR(adam, 4e-3, total_steps=steps, pct_start=0.1)
    loss_of = nn.CTCLoss(zero_infinity=True)
    begun, mean = time.time(), 0.0
    for step, (lines, texts) in enumerate(_batches(packages, steps)):
        scores = model(_laid_out(lines)).permute(1, 0, 2)
        targets = torch.tensor([TOKENS.index(one) + 1 for text in texts for one in text])
        lengths = torch.tensor([len(text) for text in texts])
        loss = loss_of(scores, targets, torch.full((len(texts),), scores.shape[0]), lengths)
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        adam.step()
        pace.step()
        mean += (float(loss.detach()) - mean) * (1.0 if step == 0 else 0.02)
        if step % 100 == 99:
            print(f"{step + 1} steps, {time.time() - begun:.0f} s, loss {mean:.3f}", flush=True)


def _laid_out(lines: NDArray[np.uint8]) -> Tensor:
    return (torch.from_numpy(lines).float() / 255).contiguous(memory_format=torch.channels_last)


def _batches(packages: Path, steps: int) -> Iterator[Batch]:
    """Yield batches of lines of like width, drawn by a process beside."""
    chunks = [(str(packages), SEED, number) for number in range(-(-steps // (2 * CHUNK)))]
    rng, kept = np.random.default_rng(SEED), list[list[Batch]]()
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        ahead = [pool.apply_async(draw_chunk, (chunk,)) for chunk in chunks[:_AHEAD]]
        done = 0
        for number in range(len(chunks)):
            chunk = ahead.pop(0).get()
            if number + _AHEAD < len(chunks):
                ahead.append(pool.apply_async(draw_chunk, (chunks[number + _AHEAD],)))
            kept.append(chunk)
            again = kept[int(rng.integers(len(kept)))]  # each line is seen twice: drawing is dear
            yield from (*chunk, *again)[: steps - done]
            done += 2 * CHUNK


_sources: dict[str, Source] = {}


def draw_chunk(task: tuple[str, int, int]) -> list[Batch]:
    """Draw `CHUNK` batches; each number of a chunk gives other lines, always the same."""
    packages, seed, number = task
    if packages not in _sources:
        _sources[packages] = Source.load(Path(packages))
    source = _sources[packages]
    rng = np.random.default_rng((seed, number))
    lines = sorted(
        (line(source, rng) for _ in range(BATCH * CHUNK)), key=lambda one: one[0].shape[1]
    )
    lines = [one for one in lines if one[0].shape[1] <= _WIDEST_PX]
    groups = [lines[at : at + BATCH] for at in range(0, len(lines), BATCH)]
    return [_padded(groups[int(place)]) for place in rng.permutation(len(groups))]


def _padded(group: list[tuple[NDArray[np.uint8], str]]) -> Batch:
    width = max(image.shape[1] for image, _ in group) + 8
    batch = np.zeros((len(group), 1, HEIGHT_PX, width), np.uint8)
    for place, (image, _) in enumerate(group):
        batch[place, 0, :, 4 : 4 + image.shape[1]] = 255 - image
    return batch, [text for _, text in group]


def _measure(model: Reader, packages: Path) -> None:
    right = lines = 0
    for batch, texts in draw_chunk((str(packages), SEED + 1, 0)):
        with torch.no_grad():
            best = model(_laid_out(batch)).argmax(2).numpy()
        for row, text in zip(best, texts, strict=True):
            kept = [b for a, b in zip([0, *row], row, strict=False) if b and a != b]
            read = "".join(TOKENS[one - 1] for one in kept)
            while "??" in read:
                read = read.replace("??", "?")
            right, lines = right + (read == text), lines + 1
    print(f"{right} of {lines} drawn lines read whole", flush=True)


def export(model: Reader, out: Path) -> None:
    """Write the network with weights of 16 bits; each is widened when it is loaded."""
    nodes: list[onnx.NodeProto] = []
    tensors: list[onnx.TensorProto] = []

    def weight(name: str, value: Tensor) -> str:
        tensors.append(numpy_helper.from_array(value.detach().numpy().astype(np.float16), name))
        nodes.append(helper.make_node("Cast", [name], [f"{name}.w"], to=onnx.TensorProto.FLOAT))
        return f"{name}.w"

    at, layers, place = "line", list(model.look), 0
    while place < len(layers):
        layer = layers[place]
        if isinstance(layer, nn.MaxPool2d):
            nodes.append(helper.make_node("MaxPool", [at], [f"p{place}"], kernel_shape=[2, 1],
                                          strides=[2, 1]))  # fmt: skip
            at, place = f"p{place}", place + 1
            continue
        norm = layers[place + 1]
        assert isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d)  # noqa: S101
        assert norm.running_var is not None and norm.running_mean is not None  # noqa: S101
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        kernel = layer.weight * scale[:, None, None, None]
        at = _conv(nodes, at, f"c{place}", weight(f"c{place}w", kernel),
                   weight(f"c{place}b", norm.bias - norm.running_mean * scale),
                   strides=list(layer.stride), pads=[*layer.padding, *layer.padding])  # fmt: skip
        place += 3
    nodes.append(helper.make_node("Squeeze", [at, "axis"], ["seen"]))
    tensors.append(numpy_helper.from_array(np.array([2], np.int64), "axis"))
    at = "seen"
    for name, conv in (("near", model.near[0]), ("far", model.far[0])):
        at = _conv(nodes, at, name, weight(f"{name}w", conv.weight), weight(f"{name}b", conv.bias),
                   pads=[*conv.padding, *conv.padding], dilations=list(conv.dilation))  # fmt: skip
    nodes.append(helper.make_node("Concat", ["near.relu", "far.relu"], ["both"], axis=1))
    names = ["both", weight("outw", model.out.weight), weight("outb", model.out.bias)]
    nodes.append(helper.make_node("Conv", names, ["scores"]))
    nodes.append(helper.make_node("LogSoftmax", ["scores"], ["log"], axis=1))
    nodes.append(helper.make_node("Transpose", ["log"], ["tokens"], perm=[0, 2, 1]))
    _save(nodes, tensors, out)
    _same(model, out)


def _conv(
    nodes: list[onnx.NodeProto], at: str, name: str, weight: str, bias: str, **how: object
) -> str:
    nodes.append(helper.make_node("Conv", [at, weight, bias], [name], **how))
    nodes.append(helper.make_node("Relu", [name], [f"{name}.relu"]))
    return f"{name}.relu"


def _save(nodes: list[onnx.NodeProto], tensors: list[onnx.TensorProto], out: Path) -> None:
    kind = onnx.TensorProto.FLOAT
    shape_in, shape_out = ["n", 1, HEIGHT_PX, "w"], ["n", "t", len(TOKENS) + 1]
    graph = helper.make_graph(
        nodes, "digits", [helper.make_tensor_value_info("line", kind, shape_in)],
        [helper.make_tensor_value_info("tokens", kind, shape_out)], tensors,
    )  # fmt: skip
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(made.SerializeToString())


def _same(model: Reader, out: Path) -> None:
    """Stop if the written network reads otherwise than the trained one."""
    import onnxruntime

    lines = torch.rand(2, 1, HEIGHT_PX, 120)
    session = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    theirs = session.run(None, {"line": lines.numpy()})[0]
    with torch.no_grad():
        away = float(np.abs(theirs - model(lines).numpy()).max())
    print(f"written network differs by {away:.4f} at most")
    if away > 0.1:
        raise SystemExit("the written network is another one")


if __name__ == "__main__":
    main()
