"""A command in, a server process that dies with its parent out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SetupError
from workers.server_home import ServerHome

STOP_S = 4.0  # grace before SIGKILL; every acknowledged write is on disk already
POLL_S = 0.02
MAX_LOG_BYTES = 5_000_000

# Runs between fork and the server. Not a preexec_fn: that can deadlock in a parent with
# threads. The check of the parent closes the gap between the fork and the prctl.
_LAUNCH = """
import ctypes, os, signal, sys
PR_SET_PDEATHSIG = 1
ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


@dataclass(slots=True)
class Server:
    """A running embedded server; stop it, or leave the `with` block, or die: it ends.

    When it died by itself, stop it all the same (that frees its folder) and start it again: the
    ports and secrets stay the same.
    """

    name: str  # "broker", "store"
    url: str = field(repr=False)  # of the broker with its password; of the store without
    endpoint: str  # host:port
    access_key: str  # empty for the broker
    secret_key: str = field(repr=False)
    process: subprocess.Popen[bytes] = field(repr=False)
    log: Path  # what it said
    home: ServerHome = field(repr=False)
    sockets: tuple[Path, ...] = ()  # files that it leaves behind when killed

    def running(self) -> bool:
        """Return whether the process still lives."""
        return self.process.poll() is None

    def stop(self, timeout_s: float = STOP_S) -> None:
        """End the server: ask, then kill after `timeout_s`; safe to call again."""
        end(self.process, timeout_s)
        for path in self.sockets:
            path.unlink(missing_ok=True)
        self.home.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


def start_child(
    command: Sequence[str], environ: Mapping[str, str], home: ServerHome, log: Path
) -> subprocess.Popen[bytes]:
    """Start a program in the folder `home` that the kernel kills when the calling *thread* ends.

    Call it from a thread that lives as long as the program is needed, usually the main one.
    The child has a session of its own: Ctrl-C reaches us, and we stop it in our order.
    """
    if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), *command]
    with log.open("ab") as stream:
        return subprocess.Popen(  # noqa: S603 - our own program and flags
            launch,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=dict(environ),
            cwd=home.folder,
            pass_fds=(home.lock,),  # the folder stays locked until the child is gone too
            start_new_session=True,
        )


def await_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], timeout_s: float
) -> bool:
    """Return whether the server became ready before it ended or the time was up."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and process.poll() is None:
        if ready():
            return True
        time.sleep(POLL_S)
    return False


def end(process: subprocess.Popen[bytes], timeout_s: float) -> None:
    """Terminate the process, kill it when it lingers, and collect it."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def not_started(name: str, log: Path) -> SetupError:
    """Return the error that says why a server did not start, with its last words."""
    try:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
    except OSError:
        last = []
    return SetupError(f"embedded {name}", f"did not start; see {log}; it said: {' | '.join(last)}")
