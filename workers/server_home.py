"""A folder in, the lock, secrets and ports of one embedded server out."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import random
import secrets
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SetupError

ADDRESS = "127.0.0.1"

# A server's port and that port + GRPC_OFFSET must lie below 32768, where Linux begins to hand
# out ports to clients: a remembered port would else be taken now and then.
GRPC_OFFSET = 10_000
FIRST_PORT, LAST_PORT = 12_000, 21_999
LOCK_POLL_S = 0.05


@dataclass(slots=True)
class ServerHome:
    """The folder of one embedded server; `close` gives its lock back."""

    folder: Path
    lock: int  # file descriptor; the server inherits it, so it is held as long as either lives

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def conf(self) -> Path:
        return self.folder / "conf"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def secret(self, name: str) -> str:
        """Return the secret of that name; generated at the first call, then remembered."""
        state = _read_state(self.folder)
        if name not in state:
            state[name] = secrets.token_hex(20)
            self._write(state)
        return str(state[name])

    def ports(self, names: Sequence[str], *, fresh: bool, grpc: bool) -> dict[str, int]:
        """Return a free port for each name: the remembered ones unless taken or `fresh`.

        `grpc` also asks that each port + GRPC_OFFSET is free.
        """
        state = _read_state(self.folder)
        ports = {str(k): int(v) for k, v in state.get("ports", {}).items()}
        if fresh or set(ports) != set(names) or not all(_free(p, grpc) for p in ports.values()):
            ports = _choose_ports(names, grpc)
            state["ports"] = ports
            self._write(state)
        return ports

    def close(self) -> None:
        """Let go of the lock."""
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1

    def _write(self, state: dict[str, Any]) -> None:
        # Written aside and renamed: a power cut leaves the old secrets or the new ones.
        path = self.folder / "server.json"
        aside = path.with_suffix(".new")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            json.dump(state, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(path)


def open_home(folder: Path, *, wait_s: float = 10.0) -> ServerHome:
    """Make the folder ready for one server and lock it.

    Waits `wait_s` for a server that is just dying. Raises SetupError when the folder cannot
    be used or another server keeps it.
    """
    folder = folder.resolve()
    try:
        for part in (folder, folder / "data", folder / "conf", folder / "logs"):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SetupError(
            str(folder), f"cannot be used ({error.strerror}): make it writable for this user"
        ) from error
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return ServerHome(folder, lock)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(lock)
                raise SetupError(
                    str(folder), "another server runs from this folder: stop it first"
                ) from None
            time.sleep(LOCK_POLL_S)


def _read_state(folder: Path) -> dict[str, Any]:
    """Return the remembered secrets and ports; empty when the server never ran.

    Raises SetupError when the file is damaged.
    """
    path = folder / "server.json"
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SetupError(str(path), f"cannot be read ({error}): restore it") from error
    if not isinstance(state, dict):
        raise SetupError(str(path), "holds no JSON object: restore it")
    return state


def _choose_ports(names: Sequence[str], grpc: bool) -> dict[str, int]:
    candidates = list(range(FIRST_PORT, LAST_PORT + 1))
    random.SystemRandom().shuffle(candidates)
    free = (port for port in candidates if _free(port, grpc))
    ports = dict(zip(names, free, strict=False))
    if len(ports) < len(names):
        raise SetupError(ADDRESS, f"no free port between {FIRST_PORT} and {LAST_PORT}")
    return ports


def _free(port: int, grpc: bool) -> bool:
    return all(_can_bind(port + offset) for offset in ((0, GRPC_OFFSET) if grpc else (0,)))


def _can_bind(port: int) -> bool:
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True
