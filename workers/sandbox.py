"""A task in, its result out, made in a child process that can be killed.

Scans are hostile until decoded: a decoder may crash, hang or eat memory. The child has limits
on memory, time and file size, dies with its parent, and answers with JSON lines through a
pipe. Whatever happens to it, the parent gets a record or one of our errors.
"""

from __future__ import annotations

import errno
import json
import os
import select
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pipeline.errors import (
    DigitizationError,
    DiskFull,
    TooLarge,
    ToolCrashed,
    ToolError,
    ToolTimeout,
)
from workers import confine

NO_ROOM_BYTES = 1_000_000  # of free disk; with less a child that was killed ran out of it
END_S = 5.0  # to end after its last word
MOST_UNREAD_BYTES = 64_000_000  # of one line from a child; a record is some kilobytes a page
MOST_PAGES = 100_000  # that a child may claim; settings.max_pages is what a scan may have


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
    _unread: bytearray = field(default_factory=bytearray)

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
        until = time.monotonic() + END_S
        while not self._ended() and time.monotonic() < until:
            time.sleep(0.002)
        self.kill()  # what it started and left behind ends with it
        _, status = os.waitpid(self.pid, 0)
        if self.answer is not None:
            if "error" in self.answer:
                raise DigitizationError.from_json(self.answer["error"])
            return self.answer["ok"]
        if self.timed_out:
            raise ToolTimeout(self.subject, "stopped when its time was up")
        if os.WIFSIGNALED(status):
            # qpdf ends the process when it cannot finish a file on a full disk.
            place = self.folder.parent if self.folder is not None else None
            if place is not None and shutil.disk_usage(place).free < NO_ROOM_BYTES:
                raise DiskFull(self.subject, f"no room in {place}")
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                raise ToolTimeout(self.subject, "stopped when its computing time was up")
            names = [one.name for one in signal.Signals if one == number]
            raise ToolCrashed(self.subject, f"killed by {names[0] if names else number}")
        raise ToolCrashed(self.subject, f"ended without an answer, status {status}")

    def _ended(self) -> bool:
        """Return whether it has ended; its number stays taken until it is waited for."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _hear(self, chunk: bytes) -> None:
        """Take in what the child says; one that talks nonsense was taken over, and is killed."""
        self._unread += chunk
        if b"\n" not in chunk and len(self._unread) <= MOST_UNREAD_BYTES:
            return
        *lines, self._unread = self._unread.split(b"\n")
        try:
            if len(self._unread) > MOST_UNREAD_BYTES:
                raise ValueError("a line without end")
            for line in lines:
                self._understand(json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            self.answer = {"error": ToolCrashed(self.subject, "answered nonsense").to_json()}
            self.kill()

    def _understand(self, message: dict[str, Any]) -> None:
        if self.answer is not None:
            return  # the first answer counts
        if "pages" in message:
            known, self.pages = self.pages, min(int(message["pages"]), MOST_PAGES)
            self.pages_done = int(message["done"])
            if not known:
                self.deadline = time.monotonic() + self.limits.page_s * (self.pages + 1)
        elif "ok" in message:
            self.answer = message
        else:
            self.answer = {"error": {k: str(v) for k, v in message["error"].items()}}


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


def _child(task: Task, subject: str, limits: ChildLimits, pipe: int, parent: int) -> NoReturn:
    def tell(done: int, pages: int) -> None:
        if not done:
            confine.allow_cpu(limits.page_s * (pages + 1))
        os.write(pipe, json.dumps({"done": done, "pages": pages}).encode() + b"\n")

    try:
        confine.die_with_parent(parent)
        os.setsid()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        confine.let_go_of_the_rest(pipe)
        confine.limit(limits.memory_bytes)
        confine.allow_cpu(limits.start_s)
        confine.forbid_network()
        answer = {"ok": task(tell)}
    except ToolError as error:
        # The clerk knows the scan, not the tool or file of ours that failed on it.
        named = error if error.subject == subject else type(error)(subject, str(error))
        answer = {"error": named.to_json()}
    except DigitizationError as error:
        answer = {"error": error.to_json()}
    except MemoryError:
        needs = f"needs more than {limits.memory_bytes // 1_000_000} MB of memory"
        answer = {"error": TooLarge(subject, needs).to_json()}
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            answer = {"error": DiskFull(str(error.filename or Path.cwd())).to_json()}
        elif error.errno == errno.EFBIG:
            needs = f"needs a file of more than {confine.MAX_OUTPUT_BYTES // 1_000_000} MB"
            answer = {"error": TooLarge(subject, needs).to_json()}
        else:
            answer = {"error": Unexpected(subject, traceback.format_exc()).to_json()}
    except BaseException:  # noqa: BLE001 - the parent reports it with its traceback
        answer = {"error": Unexpected(subject, traceback.format_exc()).to_json()}
    try:
        with os.fdopen(pipe, "wb") as stream:
            stream.write(json.dumps(answer).encode() + b"\n")
    finally:
        os._exit(0)
