"""The child process: whatever it does, the parent gets an answer or an error of ours."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import DiskFull, ScanLocked, TooLarge, ToolCrashed, ToolTimeout
from workers import confine, sandbox
from workers.sandbox import ChildLimits, Unexpected, run, start

LIMITS = ChildLimits(memory_bytes=2_000_000_000, start_s=10, page_s=5)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_result_comes_back():
    """The parent gets what the task returned."""
    assert run(lambda tell: {"pages": [1, 2]}, "a.pdf", LIMITS) == {"pages": [1, 2]}


def test_large_result_comes_back_whole():
    """An answer larger than a pipe's buffer is not cut."""
    assert run(lambda tell: "ạ" * 1_000_000, "a.pdf", LIMITS) == "ạ" * 1_000_000


def test_expected_error_keeps_its_class():
    """A locked PDF in the child is a locked PDF in the parent."""

    def task(tell):
        raise ScanLocked("a.pdf")

    with pytest.raises(ScanLocked):
        run(task, "a.pdf", LIMITS)


def test_bug_comes_back_with_its_traceback():
    """A bug is never hidden."""

    def task(tell):
        return {}["missing"]

    with pytest.raises(Unexpected, match="KeyError"):
        run(task, "a.pdf", LIMITS)


def test_full_disk_is_told_as_such():
    """The operator reads that the disk is full, not that the scan is bad."""

    def task(tell):
        raise OSError(28, "No space left on device", "/out")

    with pytest.raises(DiskFull):
        run(task, "a.pdf", LIMITS)


def test_crash_of_native_code_is_contained():
    """A decoder that dies by a signal costs one message."""

    def task(tell):
        os.kill(os.getpid(), signal.SIGSEGV)

    with pytest.raises(ToolCrashed, match="SIGSEGV"):
        run(task, "a.pdf", LIMITS)


def test_hang_is_killed():
    """A decoder that never returns is stopped when its time is up."""
    limits = ChildLimits(LIMITS.memory_bytes, start_s=0.3, page_s=5)

    with pytest.raises(ToolTimeout):
        run(lambda tell: time.sleep(60), "a.pdf", limits)


def test_hang_takes_its_own_children_along(tmp_path):
    """Programs that a killed child had started do not live on."""
    limits = ChildLimits(LIMITS.memory_bytes, start_s=1.0, page_s=5)
    note = tmp_path / "pid"

    def task(tell):
        program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        note.write_text(str(program.pid))
        time.sleep(60)

    with pytest.raises(ToolTimeout):
        run(task, "a.pdf", limits)

    assert wait_until(lambda: not alive(int(note.read_text())))


def test_what_a_child_leaves_running_ends_with_it(tmp_path):
    """A decoder cannot leave a program behind that goes on, not even in a session of its own."""
    note = tmp_path / "pid"

    def task(tell):
        program = subprocess.Popen(["sleep", "60"])
        note.write_text(str(program.pid))
        with pytest.raises(PermissionError):
            subprocess.run(["setsid", "true"], check=True, start_new_session=True)

    run(task, "a.pdf", LIMITS)

    assert wait_until(lambda: not alive(int(note.read_text())))


def test_fork_bomb_ends_with_its_time(tmp_path):
    """Processes that start each other are killed all together."""
    limits = ChildLimits(LIMITS.memory_bytes, start_s=1.0, page_s=5)
    notes = tmp_path / "pids"

    def task(tell):
        for _ in range(5):  # each time all double: 32 in the end
            os.fork()
        with notes.open("a") as stream:
            stream.write(f"{os.getpid()}\n")
        time.sleep(60)

    with pytest.raises(ToolTimeout):
        run(task, "a.pdf", limits)
    pids = [int(line) for line in notes.read_text().split()]

    assert len(pids) > 2  # as many of them as a busy machine let start
    assert wait_until(lambda: not any(alive(pid) for pid in pids))


def test_computing_for_ever_is_stopped_by_the_kernel(monkeypatch):
    """A decoder in an endless loop ends when its computing time is up, whoever watches it."""
    monkeypatch.setattr(confine, "THREADS", 0)

    def task(tell):
        while True:
            pass

    with pytest.raises(ToolTimeout, match="computing time"):
        run(task, "a.pdf", LIMITS)


def test_child_has_no_way_to_the_network():
    """A decoder that was taken over, and what it starts, cannot call anybody."""
    ask = "import socket; socket.create_connection(('127.0.0.1', 9), 1)"

    def task(tell):
        done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True)
        return done.stderr.strip().splitlines()[-1]

    assert "Permission denied" in run(task, "a.pdf", LIMITS)


def test_child_knows_no_file_of_its_parent(tmp_path):
    """Connections to broker and store that the worker holds are not its decoder's."""
    with (tmp_path / "open").open("w") as held:
        number = held.fileno()
        found = run(lambda tell: leads_to(number), "a.pdf", LIMITS)

    assert found == "/dev/null"


def test_file_without_end_is_cut(tmp_path, monkeypatch):
    """A scan that makes a decoder write without end is too large, and the disk does not fill."""
    monkeypatch.setattr(confine, "MAX_OUTPUT_BYTES", 1_000_000)
    target = tmp_path / "bomb"

    with pytest.raises(TooLarge):
        run(lambda tell: target.write_bytes(bytes(3_000_000)), "a.pdf", LIMITS)

    assert target.stat().st_size <= 1_000_000


def inherited():
    """Return the numbers of the open files beyond the three that each process has."""
    numbers = [int(path.name) for path in Path("/proc/self/fd").iterdir()]
    return [number for number in numbers if number > 2 and leads_to(number)]


def leads_to(number):
    path = Path(f"/proc/self/fd/{number}")
    return str(path.readlink()) if path.is_symlink() else ""


def say(*texts):
    """Return a task that writes to its parent what a decoder that was taken over may write."""

    def task(tell):
        pipe = max(number for number in inherited() if leads_to(number).startswith("pipe:"))
        for text in texts:
            os.write(pipe, text)
        os._exit(0)

    return task


NONSENSE = {
    "bytes": b"\xff\xfe\x00\n",
    "no object": b"[]\n",
    "a number": b"7\n",
    "pages that are none": b'{"done": {}, "pages": "many"}\n',
    "endless pages": b'{"done": 0, "pages": Infinity}\n',
    "a deep nest": b"[" * 50_000 + b"\n",
    "an error that is none": b'{"error": 3}\n',
    "half a line": b'{"ok": ',
    "nothing": b"",
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_from_a_child_costs_one_message(text):
    """The parent is not harmed by what a child says."""
    with pytest.raises(ToolCrashed):
        run(say(text), "a.pdf", LIMITS)


def test_line_without_end_is_not_kept(monkeypatch):
    """A child cannot fill the memory of its parent."""
    monkeypatch.setattr(sandbox, "MOST_UNREAD_BYTES", 100_000)

    with pytest.raises(ToolCrashed, match="nonsense"):
        run(say(*[b"a" * 10_000] * 100), "a.pdf", LIMITS)


def test_claimed_pages_do_not_buy_time_without_end():
    """A child that claims a billion pages has a deadline all the same."""
    child = start(say(b'{"done": 0, "pages": 1000000000}\n'), "a.pdf", LIMITS)
    while not child.poll(1.0):
        pass

    assert child.pages == sandbox.MOST_PAGES
    with pytest.raises(ToolCrashed):
        child.result()


def test_child_that_hangs_up_and_goes_on_is_ended(monkeypatch):
    """Silence is no way to live for ever."""
    monkeypatch.setattr(sandbox, "END_S", 0.2)

    def task(tell):
        for number in inherited():
            os.close(number)
        time.sleep(60)

    with pytest.raises(ToolCrashed, match="SIGKILL"):
        run(task, "a.pdf", LIMITS)


def test_strange_signal_has_a_number():
    """A child that ends by a signal without a name is told like any other."""
    number = signal.SIGRTMIN + 6

    with pytest.raises(ToolCrashed, match=f"killed by {int(number)}"):
        run(lambda tell: os.kill(os.getpid(), number), "a.pdf", LIMITS)


def test_more_pages_get_more_time():
    """The deadline follows the number of pages that the child tells."""
    limits = ChildLimits(LIMITS.memory_bytes, start_s=0.5, page_s=1.0)

    def task(tell):
        tell(0, 3)
        time.sleep(1.0)
        return "done"

    assert run(task, "a.pdf", limits) == "done"


def test_progress_is_seen():
    """The parent knows how far the child is."""

    def task(tell):
        tell(1, 2)
        tell(2, 2)

    child = start(task, "a.pdf", LIMITS)
    while not child.poll(1.0):
        pass

    assert (child.pages_done, child.pages) == (2, 2)
    assert child.result() is None


def test_memory_has_a_limit():
    """A scan that needs more memory than allowed is called too large."""
    limits = ChildLimits(memory_bytes=1_000_000_000, start_s=10, page_s=5)

    with pytest.raises(TooLarge):
        run(lambda tell: len(bytearray(2_000_000_000)), "a.pdf", limits)


def test_child_dies_with_its_parent():
    """kill -9 of the worker ends its child too: nothing is done twice at once."""
    script = (
        "import os, time\n"
        "from workers.sandbox import ChildLimits, start\n"
        "child = start(lambda tell: time.sleep(60), 'a.pdf', ChildLimits(2_000_000_000, 60, 60))\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        grandchild = int(parent.stdout.readline())
        time.sleep(0.2)
        parent.kill()

    assert wait_until(lambda: not alive(grandchild))
