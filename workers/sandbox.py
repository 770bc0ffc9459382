"""A document in, its folder out, made in a child process that can be killed.

Scans are hostile until decoded: a decoder may crash, hang or eat memory. The child has limits
on memory, time and file size, dies with its parent, and answers with JSON lines through a
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
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, cast

from pipeline.errors import (
    DigitizationError,
    DiskFull,
    TooLarge,
    ToolCrashed,
    ToolError,
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
NO_ROOM_BYTES = 1_000_000  # of free disk; with less a child that was killed ran out of it
START_S = 120.0  # to look at a scan's structure


class Unexpected(ToolCrashed):
    """A bug of ours in the child; `detail` is its traceback."""

    code = "bug"
    exit_code = 70


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child may use."""

    memory_bytes: int
    start_s: float  # wall time until it has told how many pages there are
    page_s: float  # wall time for each page after that


Tell = Callable[[int, int], None]  # (pages done, pages in all), from the child to its parent
Task = Callable[[Tell], Any]


@dataclass(slots=True)
class Child:
    """A running child; `subject` is the file that it works on."""

    pid: int
    pipe: int
    subject: str
    limits: ChildLimits
    deadline: float  # of time.monotonic()
    pages_done: int = 0
    pages: int = 0  # 0: not known yet
    timed_out: bool = False
    folder: Path | None = None  # where it writes
    answer: dict[str, Any] | None = None
    _unread: bytes = b""

    def poll(self, timeout_s: float = 0.0) -> bool:
        """Wait at most so long; return whether the child is done (or was killed for time)."""
        until = time.monotonic() + timeout_s
        while True:
            now = time.monotonic()
            wait_s = max(min(until, self.deadline) - now, 0.0)
            if select.select([self.pipe], [], [], wait_s)[0]:
                chunk = os.read(self.pipe, 1 << 16)
                if not chunk:
                    return True
                self._hear(chunk)
            elif time.monotonic() >= self.deadline:
                self.timed_out = True
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
        os.close(self.pipe)
        _, status = os.waitpid(self.pid, 0)
        if self.answer is not None:
            if "error" in self.answer:
                raise DigitizationError.from_json(self.answer["error"])
            return self.answer["ok"]
        if self.timed_out:
            raise ToolTimeout(self.subject, "stopped when its time was up")
        if os.WIFSIGNALED(status):
            # qpdf ends the process when it cannot finish a file on a full disk.
            if (
                self.folder is not None
                and shutil.disk_usage(self.folder.parent).free < NO_ROOM_BYTES
            ):
                raise DiskFull(self.subject, f"no room in {self.folder.parent}")
            name = signal.Signals(os.WTERMSIG(status)).name
            raise ToolCrashed(self.subject, f"killed by {name}")
        raise ToolCrashed(self.subject, f"ended without an answer, status {status}")

    def _hear(self, chunk: bytes) -> None:
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        for line in lines:
            message = json.loads(line)
            if "pages" not in message:
                self.answer = message
                continue
            if not self.pages:
                self.deadline = time.monotonic() + self.limits.page_s * (message["pages"] + 1)
            self.pages_done, self.pages = message["done"], message["pages"]


def run_digitize(
    document: Document, capture: Capture, out: Path, settings: Settings
) -> dict[str, Any]:
    """Digitize one document in a child and return its record; `out` receives the files.

    Raises ScanError, ToolError, DiskFull, or Unexpected when the child met a bug.
    """
    return cast("dict[str, Any]", run(*digitize_call(document, capture, out, settings)))


def digitize_call(
    document: Document, capture: Capture, out: Path, settings: Settings
) -> tuple[Task, str, ChildLimits, Path]:
    """Return the arguments for `run` or `start` that digitize one document into `out`."""
    limits = ChildLimits(settings.memory_limit_bytes, START_S, settings.page_timeout_s)
    return (
        lambda tell: _digitize(document, capture, out, settings, tell),
        document.scans[0].name,
        limits,
        out,
    )


def _digitize(
    document: Document, capture: Capture, out: Path, settings: Settings, tell: Tell
) -> dict[str, Any]:
    schemas = load_schemas(schemas_folder(Path(settings.schemas) if settings.schemas else None))
    scratch = out / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    # What libraries and programs write aside is pages of citizens, too: it must go with the rest
    # when this child is killed.
    tempfile.tempdir = os.environ["TMPDIR"] = str(scratch)
    try:
        digitized = digitize(document, capture, schemas, settings, scratch, progress=tell)
        return write_folder(digitized, capture, out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def run(task: Task, subject: str, limits: ChildLimits, folder: Path | None = None) -> Any:
    """Run the task in a child and return its (JSON) result.

    Raises the task's DigitizationError, ToolTimeout, ToolCrashed, TooLarge when memory ran
    out, or Unexpected with the traceback of a bug.
    """
    child = start(task, subject, limits, folder)
    try:
        while not child.poll(3600.0):
            pass
    except BaseException:
        child.kill()
        child.poll(5.0)
        raise
    return child.result()


def start(task: Task, subject: str, limits: ChildLimits, folder: Path | None = None) -> Child:
    """Start the task in a child process; collect it with `poll` and `result`.

    `folder` is where the task writes: it tells a crash from a full disk.
    """
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
    deadline = time.monotonic() + limits.start_s
    return Child(pid, read_end, subject, limits, deadline, folder=folder)


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _child(task: Task, subject: str, limits: ChildLimits, pipe: int, parent: int) -> NoReturn:
    def send(message: dict[str, Any]) -> None:
        os.write(pipe, json.dumps(message).encode() + b"\n")

    try:
        die_with_parent(parent)
        os.setsid()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _limit(limits)
        answer = {"ok": task(lambda done, pages: send({"done": done, "pages": pages}))}
    except ToolError as error:
        # The clerk knows the scan, not the tool or file of ours that failed on it.
        named = error if error.subject == subject else type(error)(subject, str(error))
        answer = {"error": named.to_json()}
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
            stream.write(json.dumps(answer).encode() + b"\n")
    finally:
        os._exit(0)


def _limit(limits: ChildLimits) -> None:
    wanted = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_FSIZE: MAX_OUTPUT_BYTES,
        resource.RLIMIT_NOFILE: MAX_OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (soft, soft))
