"""Forced faults in, a table of recoveries and a verdict out: nothing lost, doubled or half."""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.chaos.clerk import Clerk
from bench.chaos.faults import (
    FAULTS,
    SMALL_DISKS,
    Scene,
    false_clock,
    keep_disks,
    mount_small_disks,
    unmount,
)
from bench.chaos.observers import Commits, Reader
from bench.chaos.papers import Paper, draw_papers
from bench.chaos.system import ROOT, System, wait_for
from bench.chaos.verdict import judge, sums

MOST_PAUSE_S = 1.0  # between two faults
SETTLE_S = 3_600.0  # for everything to come to its end after the last fault
STALL_S = 240.0  # without any change, after which nothing will come any more
AHEAD = 8  # papers dropped before the first fault
NOT_STRUCK = 40  # times in a row that no fault finds its target: something is wrong


@dataclass(slots=True)
class Struck:
    """One fault that really struck."""

    kind: str
    ended: float  # s, monotonic


@dataclass(slots=True)
class Run:
    """One chaos run."""

    system: System
    scene: Scene
    clerk: Clerk
    choice: random.Random
    papers: list[Paper]
    faults: int
    struck: list[Struck] = field(default_factory=list)
    dropped: int = 0

    def go(self) -> None:
        """Drop all papers and make all faults, mixed."""
        kinds = [kind for kind, (_, weight) in FAULTS.items() for _ in range(weight)]
        missed = 0
        while len(self.struck) < self.faults or self.dropped < len(self.papers):
            self._drop_due()
            kind = self.choice.choice(kinds)
            if len(self.struck) < self.faults:
                if FAULTS[kind][0](self.scene):
                    self.struck.append(Struck(kind, time.monotonic()))
                    missed = 0
                else:
                    missed += 1
            self.system.keep_up()
            if missed > NOT_STRUCK:
                raise SystemExit("no fault finds its target any more: see up.log")
            self._say()
            time.sleep(self.choice.uniform(0.0, MOST_PAUSE_S))

    def _drop_due(self) -> None:
        due = len(self.papers)
        if len(self.struck) < self.faults:
            due = min(due, AHEAD + due * len(self.struck) // self.faults)
        for paper in self.papers[self.dropped : due]:
            self.clerk.drop(paper)
        self.dropped = max(due, self.dropped)

    def _say(self) -> None:
        last = self.struck[-1].kind if self.struck else "nothing yet"
        text = f"{len(self.struck)} faults, {self.dropped} papers; last: {last}"
        print(f"\r\x1b[K{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)


def main() -> int:
    """Run and print; return the exit code."""
    options = _options()
    home = Path(tempfile.mkdtemp(prefix="sohoa-chaos-"))
    disks = mount_small_disks(home)
    clock, environ = false_clock(home)
    left_out = [
        f"full disks of {name} (no right to mount)" for name in sorted(SMALL_DISKS.keys() - disks)
    ]
    left_out += [] if clock else ["clock jumps (no C compiler: bench/tools.sh)"]
    for name in left_out:
        print(f"LEFT OUT: {name}", file=sys.stderr)
    try:
        summary = {"left_out": left_out, **_run(options, home, disks, clock, environ)}
        if summary["wrong"]:
            keep_disks(disks, home / "kept")
    finally:
        unmount(disks)
    _print(summary)
    out = ROOT / "demo-run" / "chaos.json" if options.out is None else options.out
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    if not summary["wrong"]:
        shutil.rmtree(home, ignore_errors=True)
    else:
        again = f"--seed {options.seed} --documents {options.documents} --faults {options.faults}"
        print(f"kept for a look: {home}; to repeat: {again}", file=sys.stderr)
    return 1 if summary["wrong"] else 0


def _run(
    options: argparse.Namespace,
    home: Path,
    disks: dict[str, Path],
    clock: Path | None,
    environ: dict[str, str],
) -> dict[str, Any]:
    choice = random.Random(options.seed)  # noqa: S311 - a test must be repeatable
    # The killed decoders are our doing: a paper must not be given up for them.
    system = System(home, options.store, {"SOHOA_TRIES": "50", **environ})
    papers = list(draw_papers(options.seed, options.documents))
    scene = Scene(system, choice, disks, clock)
    commits, reader = Commits(system), Reader(system, random.Random(options.seed))  # noqa: S311
    began = time.monotonic()
    try:
        if not wait_for(lambda: system.get("/readyz"), 120):
            raise SystemExit((home / "up.log").read_text()[-3000:])
        commits.start()
        reader.start()
        old = [paper for paper in papers if paper.way == "backfill"]
        fresh = [paper for paper in papers if paper.way != "backfill"]
        clerk = Clerk(system, old)
        run = Run(system, scene, clerk, choice, fresh, options.faults)
        run.go()
        settled = _settle(system, clerk, len({(p.dossier, p.sha256) for p in papers}))
        reader.stop()
        commits.stop()
        code, sheet = system.reconcile()
        wrong = judge(system, papers) + reader.wrong
        wrong += [] if settled else ["it did not come to rest"]
        wrong += [] if code == 0 else [f"sohoa reconcile ends with {code}: {sheet}"]
        wanted = sums(papers)
        wrong += [f"{k}: {sheet.get(k)}, not {v}" for k, v in wanted.items() if sheet.get(k) != v]
    finally:
        left = system.stop()
    wrong += [f"a process stayed: {command}" for _, command in left.values()]
    return {
        "seed": options.seed,
        "store": options.store,
        "documents": len({(p.dossier, p.sha256) for p in papers}),
        "papers": len(papers),
        "faults": len(run.struck),
        "seconds": round(time.monotonic() - began),
        "read": reader.read,
        "kinds": _recoveries(run.struck, commits),
        "sheet": sheet,
        "wrong": wrong,
    }


def _settle(system: System, clerk: Clerk, documents: int) -> bool:
    """Wait until everything has its end and the inbox is empty, or nothing changes any more."""
    before = (0, 0, 0)
    changed = time.monotonic()
    rests = False

    def over() -> bool:
        nonlocal before, changed, rests
        system.keep_up()
        with system.bucket() as bucket:
            ends = len(list(bucket.list("record/"))) + len(list(bucket.list("failed/")))
            marks = len(list(bucket.list("pending/")))
        lying = sum(path.is_file() for path in (system.office / "inbox").rglob("*"))
        text = f"{ends} of {documents} ended, {marks} marked, {lying} in the inbox"
        print(text, file=sys.stderr, flush=True)
        if (ends, marks, lying) != before:
            before, changed = (ends, marks, lying), time.monotonic()
        rests = ends >= documents and not marks and not lying and clerk.is_done()
        return rests or time.monotonic() - changed > STALL_S

    wait_for(over, SETTLE_S, 3.0)
    return rests


def _recoveries(struck: list[Struck], commits: Commits) -> dict[str, dict[str, Any]]:
    times: dict[str, list[float]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for one in struck:
        counts[one.kind] += 1
        after = commits.next_after(one.ended)
        if after is not None:
            times[one.kind].append(after)
    return {
        kind: {
            "count": counts[kind],
            "median_s": round(statistics.median(times[kind]), 1) if times[kind] else None,
            "worst_s": round(max(times[kind]), 1) if times[kind] else None,
        }
        for kind in FAULTS
        if counts[kind]
    }


def _print(summary: dict[str, Any]) -> None:
    print("| Fault | Times | Median s | Worst s |\n|---|--:|--:|--:|")
    for kind, row in summary["kinds"].items():
        print(f"| {kind} | {row['count']} | {row['median_s']} | {row['worst_s']} |")
    print("Seconds from the end of a fault to the next document that is stored or refused.")
    head = ("store", "seed", "faults", "papers", "documents", "read", "seconds")
    print(", ".join(f"{name} {summary[name]}" for name in head))
    for name in summary["left_out"]:
        print(f"LEFT OUT: {name}")
    for line in summary["wrong"][:50]:
        print(f"WRONG: {line}")
    print(
        f"{len(summary['wrong'])} wrong"
        if summary["wrong"]
        else "nothing lost, nothing doubled, nothing half, all sums balance"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=500, help="some are dropped twice")
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--store", choices=("embedded", "minio"), default="embedded")
    parser.add_argument("--out", type=Path, help="summary as JSON; default: demo-run/chaos.json")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
