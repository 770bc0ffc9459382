"""A child process ends when it is told to, and when its parent does."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workers.children import MAX_LOG_BYTES, await_ready, end, not_started, start_child
from workers.server_home import open_home

SLEEP = "import time; print('awake', flush=True); time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEP
ENVIRON = {"PATH": os.environ["PATH"]}


@pytest.fixture
def home(tmp_path):
    home = open_home(tmp_path / "server", wait_s=0)
    yield home
    home.close()


def start(home, code, name="child.log"):
    log = home.logs / name
    process = start_child([sys.executable, "-c", code], ENVIRON, home, log)
    assert await_ready(process, lambda: "awake" in log.read_text(), 20)
    return process


def alive(pid):
    """Return whether the process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_is_asked_and_ends(home):
    """The usual way, and harmless when it is over already."""
    process = start(home, SLEEP)
    end(process, 10)
    end(process, 10)

    assert process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(home):
    """Stopping the system never waits for a server that hangs."""
    process = start(home, DEAF)
    began = time.monotonic()
    end(process, 0.3)

    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("code", [SLEEP, DEAF])
def test_a_child_dies_with_its_parent(tmp_path, code):
    """kill -9 of the parent leaves nothing behind that would keep ports and files."""
    parent = f"""
import sys, time
from pathlib import Path
from workers.children import start_child
from workers.server_home import open_home
home = open_home(Path({str(tmp_path / "server")!r}))
child = start_child([sys.executable, "-c", {code!r}], {{}}, home, home.logs / "child.log")
print(child.pid, flush=True)
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as process:
        child = int(process.stdout.readline())
        wait_until(lambda: "awake" in (tmp_path / "server/logs/child.log").read_text())
        assert alive(child)
        process.kill()
        process.wait()
        wait_until(lambda: not alive(child))


def test_the_folder_is_locked_as_long_as_the_child_lives(home, tmp_path):
    """The next start waits for a server that is just dying, instead of joining it."""
    process = start(home, SLEEP)
    home.close()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    again = open_home(tmp_path / "server", wait_s=10)

    assert process.poll() is not None or not alive(process.pid)
    assert time.monotonic() - began < 5
    again.close()
    process.wait()


def test_a_child_that_ends_is_not_ready(home):
    """Waiting stops when there is nothing to wait for."""
    log = home.logs / "child.log"
    process = start_child([sys.executable, "-c", "raise SystemExit('no disk')"], {}, home, log)
    began = time.monotonic()

    assert not await_ready(process, lambda: False, 60)
    assert time.monotonic() - began < 20
    assert "no disk" in str(not_started("store", log))
    assert str(log) in str(not_started("store", log))


def test_a_long_log_is_set_aside(home):
    """A server that runs for years does not fill the disk with its words."""
    log = home.logs / "child.log"
    log.write_bytes(b"x" * (MAX_LOG_BYTES + 1))
    end(start(home, SLEEP), 10)

    assert log.stat().st_size < 1000
    assert (home.logs / "child.old.log").stat().st_size == MAX_LOG_BYTES + 1


def wait_until(happened, timeout_s=20):
    deadline = time.monotonic() + timeout_s
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
