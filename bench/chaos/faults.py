"""A running system in, one fault at a time in it; each says whether it really struck."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from redis import Redis
from rq import Retry

from bench.chaos.system import System, wait_for
from pipeline.storage import list_intakes
from workers.queues import FUNCTION, open_queue

HOUR_S, DAY_S = 3_600, 86_400
JUMPS_S = (3 * HOUR_S, -2 * DAY_S, 40 * DAY_S, -600, 365 * DAY_S)
SMALL_DISKS = {"inbox": 192, "scratch": 384, "store": 1536}  # MB
WAIT_S = 4.0  # for the process that is to be killed
ANSWER_S = 20.0  # for a wire to be used


@dataclass(slots=True)
class Scene:
    """What faults are made in."""

    system: System
    choice: random.Random
    disks: dict[str, Path] = field(default_factory=dict)  # small file systems of their own
    clock: Path | None = None  # says by how much the clock is wrong


Fault = Callable[[Scene], bool]


def kill(what: str) -> Fault:
    """Return the fault that kills one process of a kind."""

    def strike(scene: Scene) -> bool:
        found = wait_for(lambda: _find(scene.system, what), WAIT_S, 0.05)
        if not found:
            return False
        try:
            os.kill(scene.choice.choice(found), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    return strike


def kill_everything(scene: Scene) -> bool:
    """The power goes: `sohoa up` with all its parts, the broker and the store."""
    system = scene.system
    system.store.process.kill()
    system.broker.process.kill()
    system.kill_up()
    system.kill_broker()
    system.kill_store()
    system.start_up()
    return True


def kill_up(scene: Scene) -> bool:
    """The supervisor is killed, and with it all its parts."""
    scene.system.kill_up()
    scene.system.start_up()
    return True


def kill_store(scene: Scene) -> bool:
    """The store is killed and comes back."""
    scene.system.kill_store()
    return True


def kill_broker(scene: Scene) -> bool:
    """The broker is killed and comes back."""
    scene.system.kill_broker()
    return True


def empty_broker(scene: Scene) -> bool:
    """The broker is killed and comes back on an empty disk."""
    scene.system.kill_broker(empty=True)
    return True


def flush_broker(scene: Scene) -> bool:
    """Somebody empties the broker."""
    with _broker(scene) as broker:
        broker.flushall()
    return True


def duplicate_jobs(scene: Scene) -> bool:
    """The same documents are queued once more under other names, in both lanes."""
    ids = sorted(list_intakes(scene.system.bucket()))[-8:]
    with _broker(scene) as broker:
        for record_id in ids:
            for lane in ("counter", "bulk"):
                open_queue(broker, lane).enqueue(
                    FUNCTION, record_id, job_id=uuid4().hex, retry=Retry(max=1), job_timeout=120
                )
    return bool(ids)


def wire(mode: str, least_s: float, most_s: float) -> Fault:
    """Return the fault in which the store refuses or hangs for a while."""

    def strike(scene: Scene) -> bool:
        relay = scene.system.wire
        before = relay.fired
        relay.set(mode)  # type: ignore[arg-type]
        try:
            time.sleep(scene.choice.uniform(least_s, most_s))
        finally:
            relay.set("pass")
        return relay.fired > before

    return strike


def wire_once(mode: str) -> Fault:
    """Return the fault that strikes the next one or two requests of a kind."""

    def strike(scene: Scene) -> bool:
        relay = scene.system.wire
        before = relay.fired
        relay.set(mode, scene.choice.choice((1, 1, 2)))  # type: ignore[arg-type]
        wait_for(lambda: relay.fired > before, ANSWER_S, 0.05)
        relay.set("pass")
        return relay.fired > before

    return strike


def lock_catalogue(scene: Scene) -> bool:
    """Another program holds the database of catalogue and ledger."""
    path = scene.system.office / "data" / "catalogue.db"
    if not path.exists():
        return False
    holder = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        time.sleep(scene.choice.uniform(1.0, 4.0))
        holder.execute("ROLLBACK")
    except sqlite3.Error:
        return False
    finally:
        holder.close()
    return True


def delete_catalogue(scene: Scene) -> bool:
    """The database of catalogue and ledger is deleted under everybody."""
    found = list((scene.system.office / "data").glob("catalogue.db*"))
    for path in found:
        path.unlink(missing_ok=True)
    return bool(found)


def fill(disk: str) -> Fault:
    """Return the fault in which a disk is full for a while."""

    def strike(scene: Scene) -> bool:
        folder = scene.disks.get(disk)
        if folder is None:
            return False
        ballast = folder / ".ballast"
        try:
            with ballast.open("wb", buffering=0) as stream:
                while stream.write(b"\0" * (1 << 20)) == 1 << 20:
                    pass
        except OSError:
            pass  # full, as it should be
        time.sleep(scene.choice.uniform(1.5, 4.0))
        ballast.unlink(missing_ok=True)
        return True

    return strike


def jump_clock(scene: Scene) -> bool:
    """The clock of every part jumps by hours or days and comes back."""
    if scene.clock is None:
        return False
    _set(scene.clock, scene.choice.choice(JUMPS_S))
    time.sleep(scene.choice.uniform(1.0, 3.0))
    _set(scene.clock, 0)
    return True


def kill_under_a_false_clock(scene: Scene) -> bool:
    """The clock jumps ahead, and a worker dies before it comes back: what it wrote is from then."""
    if scene.clock is None:
        return False
    _set(scene.clock, scene.choice.choice([one for one in JUMPS_S if one > 0]))
    time.sleep(scene.choice.uniform(1.0, 3.0))
    killed = kill("worker")(scene)
    _set(scene.clock, 0)
    return killed


# Kind → the fault and how often it is drawn.
FAULTS: dict[str, tuple[Fault, int]] = {
    "worker killed": (kill("worker"), 12),
    "work-horse killed": (kill("horse"), 14),
    "decoding child killed": (kill("child"), 12),
    "watcher killed": (kill("watch"), 8),
    "sweep killed": (kill("sweep"), 8),
    "portal killed": (kill("portal"), 5),
    "supervisor killed": (kill_up, 3),
    "broker killed": (kill_broker, 5),
    "broker on an empty disk": (empty_broker, 3),
    "broker flushed": (flush_broker, 5),
    "store killed": (kill_store, 4),
    "everything killed": (kill_everything, 2),
    "store answers 503": (wire("refuse", 0.5, 3.0), 5),
    "store hangs": (wire("hang", 0.5, 4.0), 4),
    "upload cut in the middle": (wire_once("cut"), 8),
    "answer to a commit lost": (wire_once("lose"), 8),
    "catalogue locked": (lock_catalogue, 3),
    "catalogue deleted": (delete_catalogue, 3),
    "scratch disk full": (fill("scratch"), 3),
    "inbox disk full": (fill("inbox"), 2),
    "store disk full": (fill("store"), 3),
    "clock jumps": (jump_clock, 3),
    "worker killed as the clock jumps": (kill_under_a_false_clock, 4),
    "jobs doubled": (duplicate_jobs, 5),
}


def mount_small_disks(home: Path) -> dict[str, Path]:
    """Give inbox, scratch and store file systems of their own; empty where that is not allowed."""
    places = {
        "inbox": home / "office" / "inbox",
        "scratch": home / "office" / "data" / "scratch",
        "store": home / "store",
    }
    mounted: dict[str, Path] = {}
    for name, folder in places.items():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISKS[name]}m", "none", str(folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode == 0:
            mounted[name] = folder
    return mounted


def keep_disks(disks: dict[str, Path], target: Path) -> None:
    """Copy what is on the small file systems, before they are let go."""
    for name, folder in disks.items():
        shutil.copytree(folder, target / name, ignore_dangling_symlinks=True)


def unmount(disks: dict[str, Path]) -> None:
    """Let go of the small file systems."""
    for folder in disks.values():
        subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def false_clock(home: Path) -> tuple[Path | None, dict[str, str]]:
    """Return the file that sets the clock wrong, and what the parts need to believe it."""
    library, clock = home / "false_clock.so", home / "clock"
    source = Path(__file__).with_name("false_clock.c")
    command = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source)]
    if shutil.which("gcc") is None or subprocess.run(command, check=False).returncode:
        return None, {}
    clock.write_bytes(bytes(8))
    return clock, {"LD_PRELOAD": str(library), "FALSE_CLOCK": str(clock)}


def _set(clock: Path, wrong_s: int) -> None:
    # In place: the parts look at the file's page, not at its name.
    with clock.open("r+b", buffering=0) as stream:
        stream.write(struct.pack("=q", wrong_s))


def _find(system: System, what: str) -> list[int]:
    members = system.members()
    up = system.up.pid if system.up is not None else 0
    names = {"watch": "workers watch", "sweep": "workers sweep", "portal": "-m portal"}
    if what in names:
        return [pid for pid, (_, command) in members.items() if names[what] in command]
    lanes = {pid: parent for pid, (parent, command) in members.items() if "--lane" in command}
    workers = [pid for pid, parent in lanes.items() if parent == up]
    horses = [pid for pid, parent in lanes.items() if parent in workers]
    children = [pid for pid, parent in lanes.items() if parent in horses]
    return {"worker": workers, "horse": horses, "child": children}[what]


@contextmanager
def _broker(scene: Scene) -> Iterator[Redis]:
    broker = Redis.from_url(scene.system.broker.url)
    try:
        yield broker
    finally:
        broker.close()
