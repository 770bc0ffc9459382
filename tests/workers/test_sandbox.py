"""The child process: whatever it does, the parent gets an answer or an error of ours."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pipeline.errors import DiskFull, ScanLocked, TooLarge, ToolCrashed, ToolTimeout
from pipeline.model import Document, Dossier, Scan
from pipeline.settings import Settings
from workers.sandbox import ChildLimits, Unexpected, run, run_digitize, start

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


def test_what_is_written_aside_lies_in_its_folder(tmp_path, monkeypatch):
    """Temporary files of libraries and programs go with the scratch folder, however it ends."""

    def tell_where(*arguments, **options):
        raise ScanLocked(f"{tempfile.gettempdir()} {os.environ['TMPDIR']}")

    monkeypatch.setattr("workers.sandbox.digitize", tell_where)
    scan = Scan(tmp_path / "a.pdf", "a.pdf", "0" * 64, 1)
    with pytest.raises(ScanLocked) as told:
        run_digitize(Document((scan,), Dossier()), None, tmp_path / "out", Settings())

    assert told.value.subject.split() == [str(tmp_path / "out" / "scratch")] * 2
    assert tempfile.gettempdir() != str(tmp_path / "out" / "scratch")


def test_hang_takes_its_own_children_along():
    """Programs that a killed child had started do not live on."""
    limits = ChildLimits(LIMITS.memory_bytes, start_s=1.0, page_s=5)
    read_end, write_end = os.pipe()

    def task(tell):
        program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        os.write(write_end, str(program.pid).encode())
        time.sleep(60)

    with pytest.raises(ToolTimeout):
        run(task, "a.pdf", limits)
    grandchild = int(os.read(read_end, 100))
    os.close(read_end)
    os.close(write_end)

    assert wait_until(lambda: not alive(grandchild))


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
