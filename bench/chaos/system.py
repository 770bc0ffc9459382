"""A folder in, a whole Sohoa in it out, every part of which can be killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from bench.chaos.wire import Wire
from pipeline.storage import ObjectStore
from workers.children import Server, await_ready, end, start_child
from workers.server_home import ADDRESS, open_home
from workers.servers import start_broker, start_store

ROOT = Path(__file__).resolve().parents[2]
MINIO = ROOT / ".tools" / "bin" / "minio"
START_S = 90.0
BUCKET = "sohoa"

StoreKind = Literal["embedded", "minio"]


class System:
    """Servers of our own, `sohoa up` beside them, and a wire between it and the store."""

    def __init__(self, home: Path, store_kind: StoreKind, environ: dict[str, str]) -> None:
        """Start everything in `home`; `environ` changes settings of `sohoa up`."""
        self.home, self.store_kind = home, store_kind
        self.broker = start_broker(home / "broker")
        self.store = self._start_store()
        self.wire = Wire(self.store.endpoint)
        self.port = _free_port()
        self.environ = {
            **os.environ,
            "SOHOA_HOME": str(home / "office"),
            "SOHOA_REDIS_URL": self.broker.url,
            "SOHOA_S3_ENDPOINT": self.wire.endpoint,
            "SOHOA_S3_ACCESS_KEY": self.store.access_key,
            "SOHOA_S3_SECRET_KEY": self.store.secret_key,
            "SOHOA_S3_BUCKET": BUCKET,
            "SOHOA_HTTP_PORT": str(self.port),
            "SOHOA_SETTLE_S": "0.6",
            "SOHOA_SCAN_EVERY_S": "0.4",
            "SOHOA_SWEEP_EVERY_S": "1",
            "SOHOA_FREE_RESERVE_BYTES": "0",  # disks are to become full in the middle of the work
            "SOHOA_LANGUAGE": "en",
            "OMP_THREAD_LIMIT": "1",
            "TMPDIR": str(self.aside),
            **environ,
        }
        self.aside.mkdir(parents=True, exist_ok=True)
        self.up: subprocess.Popen[bytes] | None = None
        self.start_up()

    @property
    def office(self) -> Path:
        """Return the folder of inbox/, outbox/, rejected/ and data/."""
        return self.home / "office"

    @property
    def aside(self) -> Path:
        """Return the folder for temporary files of all its parts."""
        return self.home / "aside"

    def bucket(self) -> ObjectStore:
        """Return the bucket, past the wire."""
        server = self.store
        return ObjectStore(server.endpoint, server.access_key, server.secret_key, BUCKET)

    def start_up(self) -> None:
        """Start `sohoa up`; it need not be ready when this returns."""
        with (self.home / "up.log").open("ab") as log:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "workers", "up", "--workers", "2"],
                env=self.environ,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def keep_up(self) -> None:
        """Start `sohoa up` again when it has ended, as systemd would."""
        if self.up is not None and self.up.poll() is not None:
            self.start_up()

    def kill_up(self) -> None:
        """Kill `sohoa up`; its parts die with it."""
        if self.up is not None:
            self.up.kill()
            self.up.wait()

    def kill_store(self) -> None:
        """Kill the store and start it again on the same folder."""
        self.store.process.kill()
        self.store.process.wait()
        self.store.stop(0)
        self.store = self._start_store()

    def kill_broker(self, *, empty: bool = False) -> None:
        """Kill the broker and start it again; `empty`: on an empty disk."""
        self.broker.process.kill()
        self.broker.process.wait()
        self.broker.stop(0)
        if empty:
            shutil.rmtree(self.home / "broker" / "data")
        self.broker = start_broker(self.home / "broker")

    def get(self, path: str, timeout_s: float = 10.0) -> bytes | None:
        """Return what the portal answers; None when it does not, or with an error."""
        try:
            url = f"http://127.0.0.1:{self.port}{path}"
            with urllib.request.urlopen(url, timeout=timeout_s) as answer:
                return bytes(answer.read())
        except (OSError, ValueError, EOFError):
            return None
        except Exception as error:
            if "IncompleteRead" in repr(error) or "RemoteDisconnected" in repr(error):
                return None
            raise

    def command(self, *words: str, timeout_s: float = 600.0) -> subprocess.CompletedProcess[bytes]:
        """Run a command of ours as an operator does."""
        command = [sys.executable, "-m", "workers", *words]
        return subprocess.run(
            command,
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )

    def reconcile(self) -> tuple[int, dict[str, Any]]:
        """Return exit code and sheet of `sohoa reconcile`."""
        done = self.command("reconcile", "--json")
        try:
            return done.returncode, json.loads(done.stdout)
        except ValueError:
            return done.returncode or -1, {"error": done.stderr.decode(errors="replace")[-2000:]}

    def members(self) -> dict[int, tuple[int, str]]:
        """Return the processes of `sohoa up` that live: pid → (parent, command line)."""
        found = {}
        mark = f"SOHOA_HOME={self.office}\0".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if mark not in (entry / "environ").read_bytes():
                    continue
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if command and int(entry.name) != os.getpid():
                found[int(entry.name)] = (parent, command)
        return found

    def stop(self) -> dict[int, tuple[int, str]]:
        """End everything in good order; return the processes that stayed."""
        if self.up is not None:
            self.up.send_signal(signal.SIGINT)
            try:
                self.up.wait(30)
            except subprocess.TimeoutExpired:
                self.kill_up()
        left = self.members()
        self.wire.close()
        self.store.stop()
        self.broker.stop()
        return left

    def _start_store(self) -> Server:
        folder = self.home / "store"
        return start_store(folder) if self.store_kind == "embedded" else _start_minio(folder)


def wait_for(condition: Callable[[], Any], seconds: float, pause_s: float = 0.2) -> Any:
    """Return what the condition returns once that is true; else its last word."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(pause_s)


def _start_minio(folder: Path) -> Server:
    home = open_home(folder)
    port = home.ports(("s3",), fresh=False, grpc=False)["s3"]
    secret, endpoint = home.secret("secret"), f"{ADDRESS}:{port}"
    environ = {
        "PATH": os.environ["PATH"],
        "MINIO_ROOT_USER": "sohoa-chaos",
        "MINIO_ROOT_PASSWORD": secret,
        "MINIO_BROWSER": "off",
    }
    log = home.logs / "minio.log"
    command = [str(MINIO), "server", "data", "--address", endpoint]
    process = start_child(command, environ, home, log)
    store = ObjectStore(endpoint, "sohoa-chaos", secret, "none")
    if not await_ready(process, lambda: _answers(store), START_S):
        end(process, 0)
        raise SystemExit(f"MinIO did not start: {log.read_text()[-500:]}")
    return Server(
        "minio", f"http://{endpoint}", endpoint, "sohoa-chaos", secret, process, log, home
    )


def _answers(store: ObjectStore) -> bool:
    try:
        store.ensure_bucket()
    except Exception:  # noqa: BLE001 - it is starting
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
