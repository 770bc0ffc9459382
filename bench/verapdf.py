#!/usr/bin/env python3
"""PDFs in, veraPDF's verdicts out, one line each: `.tools/verapdf 2u FILE...`.

`PASS <file>` or `FAIL <file> <clause-test>...`, with `unreadable` for the rules of a file that it
cannot read. Exit status: 0 all pass, 1 any fails, 2 misuse (nothing is checked then), 3 veraPDF
itself broke. One Java machine checks all files. Needs nothing but Python: bench/tools.sh copies
this file to .tools/verapdf, beside the bin/ that holds veraPDF's own command line.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FLAVOURS = ("1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4f", "4e", "ua1", "ua2")
PASS, FAIL, MISUSE, BROKEN = 0, 1, 2, 3
_USAGE = f"usage: verapdf FLAVOUR FILE...   (FLAVOUR: {' '.join(FLAVOURS)})"
Verdict = tuple[bool, tuple[str, ...]]  # conforming, and the rules that it breaks: "6.2.11.5-1"


class VeraPdfBrokeError(Exception):
    """veraPDF did not write the report that it owes us."""


def main(arguments: Sequence[str], program: Path) -> int:
    """Print a line for each file in the order given; returns the exit status."""
    if len(arguments) < 2 or arguments[0] not in FLAVOURS:
        return _misuse()
    flavour, names = arguments[0], arguments[1:]
    missing = [name for name in names if not Path(name).is_file()]
    if missing:
        return _misuse(*(f"no such file: {name}" for name in missing))
    try:
        verdicts = judge(program, flavour, [Path(name) for name in names])
    except (VeraPdfBrokeError, OSError) as error:
        print(f"veraPDF gave no verdict: {error}", file=sys.stderr)
        return BROKEN
    for name, (conforming, rules) in zip(names, verdicts, strict=True):
        print("PASS" if conforming else "FAIL", name, *rules)
    return PASS if all(conforming for conforming, _ in verdicts) else FAIL


def judge(program: Path, flavour: str, files: Sequence[Path]) -> list[Verdict]:
    """Return the verdict on each file; raises VeraPdfBrokeError or OSError.

    veraPDF gets a folder of numbered links: it passes over files that are not called .pdf, writes
    names beyond the locale's letters with question marks, and a thousand paths are too many for a
    command line.
    """
    with tempfile.TemporaryDirectory(prefix="verapdf-") as folder:
        for number, file in enumerate(files):
            (Path(folder) / f"{number}.pdf").symlink_to(file.absolute())
        command = [str(program), "--format", "json", "--flavour", flavour, folder]
        done = subprocess.run(command, capture_output=True, check=False)
        found = dict(_read(done))
    if sorted(found) != list(range(len(files))):
        raise VeraPdfBrokeError(f"{len(found)} verdicts on {len(files)} files; {_last(done)}")
    return [found[number] for number in range(len(files))]


def _read(done: subprocess.CompletedProcess[bytes]) -> Iterator[tuple[int, Verdict]]:
    try:
        jobs = json.loads(done.stdout)["report"]["jobs"]
        for job in jobs:
            yield int(Path(job["itemDetails"]["name"]).stem), _verdict(job)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise VeraPdfBrokeError(_last(done)) from error


def _verdict(job: dict[str, Any]) -> Verdict:
    results = job.get("validationResult")
    if not results:
        return False, ("unreadable",)
    result = results[0] if isinstance(results, list) else results
    if result["compliant"] is True:
        return True, ()
    rules = result["details"]["ruleSummaries"]
    broken = dict.fromkeys(f"{one['clause']}-{one['testNumber']}" for one in rules)
    return False, tuple(broken) or ("unreadable",)


def _last(done: subprocess.CompletedProcess[bytes]) -> str:
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"exit status {done.returncode}: {said[-1] if said else 'it said nothing'}"


def _misuse(*reasons: str) -> int:
    print(*(reasons or (_USAGE,)), sep="\n", file=sys.stderr)
    return MISUSE


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="surrogateescape")  # names are bytes  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent / "bin" / "verapdf"))
