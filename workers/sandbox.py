"""A document in, its folder out, made in a child process that can be killed.

Scans are hostile until decoded: a decoder may crash, hang or eat memory. The child has limits
on memory, CPU and file size, dies with its parent, and answers with one JSON line through a
pipe. Whatever happens to it, the parent gets a record or one of our errors.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import select
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from pipeline.errors import (
    DigitizationError,
    DiskFull,
    TooLarge,
    ToolCrashed,
    ToolTimeout,
)
from pipeline.extraction import load_schemas, schemas_folder
from pipeline.flow import digitize
from pipeline.folder import write_folder
from pipeline.model import Capture, Document
from pipeline.settings import Settings

PR_SET_PDEATHSIG = 1
MAX_OUTPUT_BYTES = 8_000_000_000  # largest file that a child may write
MAX_OPEN_FILES = 512


class Unexpected(ToolCrashed):
    """A bug of ours in the child; `detail` is its traceback."""

    code = "bug"
    exit_code = 70


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use."""

    memory_bytes: int
    wall_s: float


@dataclass(slots=True)
class Child:
    """A running child; `subject` is the file that it works on."""

    pid: int
    pipe: int
    subject: str
    deadline: float  # of time.monotonic()
    answer: bytes = b""

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Wait at most so long; return whether the child is done (or was killed for time)."""
        until = time.monotonic() + timeout_s
        while True:
            left = min(until, self.deadline) - time.monotonic()
            ready, _, _ = select.select([self.pipe], [], [], max(left, 0.0))
            if ready:
                chunk = os.read(self.pipe, 1 << 16)
                if not chunk:
                    return True
                self.answer += chunk
            elif time.monotonic() >= self.deadline:
                self.kill()
                return True
            elif time.monotonic() >= until:
                return False

    def kill(self) -> None:
        """Kill the child and everything that it started."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            # The child has not made its own group yet, or is gone already.
            os.kill(self.pid, signal.SIGKILL)

    def result(self) -> Any:
        """Return what the task returned. Raises its error, or what befell the child."""
        timed_out = time.monotonic() >= self.deadline and not self.answer
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        if self.answer:
            answer = json.loads(self.answer)
            if "error" in answer:
                raise _error(answer["error"])
            return answer["ok"]
        if timed_out:
            raise ToolTimeout(self.subject, "stopped after its time was up")
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            if name == "SIGXCPU":
                raise ToolTimeout(self.subject, "used up its processor time")
            raise ToolCrashed(self.subject, f"killed by {name}")
        raise ToolCrashed(self.subject, f"ended without an answer, status {status}")


def run_digitize(
    document: Document, capture: Capture, out: Path, settings: Settings, timeout_s: float
) -> dict[str, Any]:
    """Digitize one document in a child and return its record; `out` receives the files.

    Raises ScanError, ToolError, DiskFull, or Unexpected when the child met a bug.
    """
    limits = ChildLimits(settings.memory_limit_bytes, timeout_s)
    subject = document.scans[0].name
    record: dict[str, Any] = run(
        lambda: digitize_task(document, capture, out, settings), subject, limits
    )
    return record


def digitize_task(
    document: Document, capture: Capture, out: Path, settings: Settings
) -> dict[str, Any]:
    """Digitize into the folder `out`; meant to run inside a child."""
    schemas = load_schemas(schemas_folder(Path(settings.schemas) if settings.schemas else None))
    scratch = out / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        digitized = digitize(document, capture, schemas, settings, scratch)
        return write_folder(digitized, capture, out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def run(task: Callable[[], Any], subject: str, limits: ChildLimits) -> Any:
    """Run the task in a child and return its (JSON) result.

    Raises the task's DigitizationError, ToolTimeout, ToolCrashed, TooLarge when memory ran
    out, or Unexpected with the traceback of a bug.
    """
    child = start(task, subject, limits)
    try:
        while not child.poll(3600.0):
            pass
    except BaseException:
        child.kill()
        child.poll(5.0)
        raise
    return child.result()


def start(task: Callable[[], Any], subject: str, limits: ChildLimits) -> Child:
    """Start the task in a child process; collect it with `poll` and `result`."""
    read_end, write_end = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    with warnings.catch_warnings():
        # Native libraries keep idle threads; the child touches none of their locks.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child(task, subject, limits, write_end, parent)
    os.close(write_end)
    return Child(pid, read_end, subject, time.monotonic() + limits.wall_s)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _child(
    task: Callable[[], Any], subject: str, limits: ChildLimits, pipe: int, parent: int
) -> NoReturn:
    try:
        die_with_parent(parent)
        os.setsid()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _limit(limits)
        answer = {"ok": task()}
    except DigitizationError as error:
        answer = {"error": error.to_json()}
    except MemoryError:
        detail = f"needs more than {limits.memory_bytes // 1_000_000} MB of memory"
        answer = {"error": TooLarge(subject, detail).to_json()}
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            answer = {"error": DiskFull(str(error.filename or Path.cwd())).to_json()}
        else:
            answer = {"error": Unexpected(subject, traceback.format_exc()).to_json()}
    except BaseException:  # noqa: BLE001 - the parent reports it with its traceback
        answer = {"error": Unexpected(subject, traceback.format_exc()).to_json()}
    try:
        with os.fdopen(pipe, "wb") as stream:
            stream.write(json.dumps(answer).encode())
    finally:
        os._exit(0)


def _limit(limits: ChildLimits) -> None:
    cpu_s = int(limits.wall_s * (os.cpu_count() or 1)) + 1
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: MAX_OUTPUT_BYTES,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (soft, soft))


def _error(value: dict[str, str]) -> DigitizationError:
    return DigitizationError.from_json(value)
