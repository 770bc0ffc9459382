"""One folder in, the whole running system out: servers, workers, watcher, sweep, HTTP.

A supervisor in the foreground. Every part is a process of its own and is started again when it
dies. Stopping is never dangerous: what a killed worker did not commit is done again.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import FrameType

from pipeline.errors import SetupError
from pipeline.settings import Settings
from workers.children import Server
from workers.confine import die_with_parent
from workers.connections import Addresses, open_catalogue, open_store, write_addresses
from workers.preflight import require_conditional_put
from workers.queues import LANES
from workers.room import Room
from workers.servers import start_broker, start_store

DRAIN_S = 4.0  # a worker may finish its document for so long after a stop was asked for
KILL_S = 2.0  # then everything else has so long before it is killed
SERVER_STOP_S = 1.5
ROUND_S = 0.3
MOST_PAUSE_S = 30.0  # between two starts of a part that keeps dying

Say = Callable[[str], None]


@dataclass(slots=True)
class Part:
    """One process of the system, started again when it dies."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause_s: float = 1.0
    resume: float = 0.0  # not before this time.monotonic()

    def keep_running(self, environ: dict[str, str], say: Say) -> None:
        """Start the part if it does not run; wait longer each time that it dies at once."""
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            lived_long = now - self.started > MOST_PAUSE_S
            self.pause_s = 1.0 if lived_long else min(self.pause_s * 2, MOST_PAUSE_S)
            self.process, self.resume = None, now + self.pause_s / 2
            say(f"{self.name} ended with {code}; it is started again")
        if now >= self.resume:
            self.process = subprocess.Popen(  # noqa: S603 - our own program
                self.command,
                env=environ,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
            self.started = now


@dataclass(slots=True)
class System:
    """The running parts."""

    parts: list[Part] = field(default_factory=list)
    stopping: bool = False

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Signal handler: end the loop after this round."""
        self.stopping = True


def up(settings: Settings, say: Say) -> None:
    """Run the system until SIGINT or SIGTERM. Raises SetupError when it cannot start."""
    for folder in (settings.inbox, settings.outbox, settings.rejected, settings.data):
        folder.mkdir(parents=True, exist_ok=True)
    system = System()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, system.ask_to_stop)
    with _only_one(settings), ExitStack() as ending:
        servers = _Servers(settings, say)
        ending.callback(servers.stop)
        settings = servers.start()
        store = open_store(settings)
        store.ensure_bucket()
        require_conditional_put(store, settings)
        open_catalogue(settings).close()
        system.parts = _parts(settings)
        ending.callback(lambda: _stop(system.parts))
        environ = {**os.environ, **settings.as_environ(), "OMP_THREAD_LIMIT": "1"}
        say(f"inbox: {settings.inbox.resolve()}")
        say(f"http://{settings.http_host}:{settings.http_port}/v1/records")
        room = Room(settings, say)
        while not system.stopping:
            room.is_enough()  # says so; the parts stop taking work by themselves
            servers.keep_running()
            for part in system.parts:
                part.keep_running(environ, say)
            time.sleep(ROUND_S)
        say("stopping; what is not finished goes on at the next start")


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    with (settings.data / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            home = str(settings.home.resolve())
            raise SetupError(home, "`sohoa up` already runs in this folder") from None
        yield


@dataclass(slots=True)
class _Servers:
    """The embedded servers that no setting replaces."""

    settings: Settings
    say: Say
    broker: Server | None = None
    store: Server | None = None

    def start(self) -> Settings:
        """Start what is needed; return settings that name every server."""
        settings = self.settings
        if not settings.redis_url:
            self.broker = start_broker(settings.data / "broker")
            settings = replace(settings, redis_url=self.broker.url)
            self.say("embedded Valkey is ready")
        if not settings.s3_endpoint:
            self.store = start_store(settings.data / "store")
            settings = replace(
                settings,
                s3_endpoint=self.store.endpoint,
                s3_access_key=self.store.access_key,
                s3_secret_key=self.store.secret_key,
            )
            self.say("embedded S3 store is ready")
        addresses = Addresses(
            settings.redis_url,
            settings.s3_endpoint,
            settings.s3_access_key,
            settings.s3_secret_key,
        )
        write_addresses(settings, addresses)
        return settings

    def keep_running(self) -> None:
        """Start a server again that died; its port and secret stay the same."""
        if self.broker is not None and not self.broker.running():
            self.say("embedded Valkey ended; it is started again")
            self.broker.stop()
            self.broker = start_broker(self.settings.data / "broker")
        if self.store is not None and not self.store.running():
            self.say("embedded S3 store ended; it is started again")
            self.store.stop()
            self.store = start_store(self.settings.data / "store")

    def stop(self) -> None:
        """Stop both; every acknowledged write is on disk already."""
        for server in (self.broker, self.store):
            if server is not None:
                server.stop(SERVER_STOP_S)


def _parts(settings: Settings) -> list[Part]:
    program = [sys.executable, "-m", "workers"]
    workers = settings.workers or os.cpu_count() or 1
    # A worker listens to one queue only (two lose jobs when it dies), so both lanes have their
    # own, each enough for the whole machine: a backfill uses it when no clerk does.
    return [
        *(
            Part(f"{lane} worker {n}", [*program, "worker", "--lane", lane])
            for lane in LANES
            for n in range(workers)
        ),
        Part("watch", [*program, "watch"]),
        Part("sweep", [*program, "sweep"]),
        Part("http", [*program, "serve"]),
    ]


def _stop(parts: list[Part]) -> None:
    running = [part.process for part in parts if part.process and part.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + DRAIN_S
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            _kill_group(process)
    for process in running:
        process.wait(KILL_S)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
