"""Events wake early; without them, or with too many, nothing is worse than without a bell."""

import os
import signal
import threading
import time

import pytest

from workers import bell as module
from workers.bell import Bell

LONG_S, SHORT_S = 20.0, 0.4


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def bell(inbox):
    with Bell(inbox) as bell:
        yield bell


def waited(bell, most_s=LONG_S, least_s=0.0, stop=lambda: False):
    """Return how long the bell let us wait."""
    began = time.monotonic()
    bell.wait(least_s, most_s, stop)
    return time.monotonic() - began


def soon(action):
    threading.Timer(0.2, action).start()


def test_without_events_the_wait_has_its_full_length(bell):
    """Polling goes on in its own time."""
    assert SHORT_S <= waited(bell, SHORT_S) < LONG_S


def test_a_new_file_ends_the_wait(bell, inbox):
    """A loose file is seen at once."""
    soon(lambda: (inbox / "a.pdf").write_bytes(b"x"))

    assert waited(bell) < LONG_S / 2


def test_a_file_that_is_closed_in_a_folder_ends_the_wait(bell, inbox):
    """So is the last byte of a file in a dossier that was there before."""
    (inbox / "D-1").mkdir()
    with (inbox / "D-1" / "a.pdf").open("wb") as stream:
        waited(bell, 0.0)
        soon(lambda: (stream.write(b"x"), stream.close()))

        assert waited(bell) < LONG_S / 2


def test_a_file_renamed_into_a_folder_that_came_later_ends_the_wait(bell, inbox, tmp_path):
    """`.part` and rename, into a dossier that was made after the start."""
    waited(bell, 0.0)
    (inbox / "D-1" / "pages").mkdir(parents=True)
    while waited(bell, SHORT_S) < SHORT_S:
        pass
    (tmp_path / "elsewhere").write_bytes(b"x")
    soon(lambda: (tmp_path / "elsewhere").rename(inbox / "D-1" / "a.pdf"))

    assert waited(bell) < LONG_S / 2


def test_what_we_do_ourselves_rings_nothing(bell, inbox, tmp_path):
    """To read a file and to move it out must not make us look again without end."""
    (inbox / "a.pdf").write_bytes(b"x")
    waited(bell, 0.0)
    while waited(bell, SHORT_S) < SHORT_S:
        pass
    (inbox / "a.pdf").read_bytes()
    (inbox / "a.pdf").rename(tmp_path / "a.pdf")

    assert waited(bell, SHORT_S) >= SHORT_S


def test_a_burst_is_answered_once_in_the_least_time(bell, inbox):
    """Hundreds of events do not make us look all the time, and none of the looks is missed."""
    (inbox / "D-1").mkdir()
    waited(bell, 0.0)
    over = threading.Event()

    def burst():
        for n in range(600):
            (inbox / "D-1" / f"{n}.pdf").write_bytes(b"x")
            time.sleep(0.002)
        over.set()

    thread = threading.Thread(target=burst)
    began, looks = time.monotonic(), 0
    thread.start()
    while not over.is_set():
        assert waited(bell, LONG_S, least_s=0.5) < LONG_S / 2
        looks += 1
    thread.join()

    assert looks <= (time.monotonic() - began) / 0.5 + 1


def test_more_events_than_the_kernel_keeps_only_wake(bell, inbox):
    """The queue has an end; behind it the look tells what came."""
    waited(bell, 0.0)
    (inbox / "a.pdf").write_bytes(b"x")
    with (inbox / "b.pdf").open("wb"):
        for _ in range(9000):  # two events each; the kernel keeps 16,384
            os.close(os.open(inbox / "a.pdf", os.O_WRONLY))
            os.close(os.open(inbox / "b.pdf", os.O_WRONLY))

    assert waited(bell) < LONG_S / 2
    assert waited(bell, SHORT_S) >= SHORT_S


def test_a_link_leads_nowhere(inbox, tmp_path):
    """What happens behind a link in the inbox does not concern us."""
    (tmp_path / "other").mkdir()
    (inbox / "D-1").symlink_to(tmp_path / "other")
    with Bell(inbox) as bell:
        waited(bell, 0.0)
        (tmp_path / "other" / "a.pdf").write_bytes(b"x")

        assert waited(bell, SHORT_S) >= SHORT_S


def test_an_inbox_that_comes_later_or_is_replaced_is_watched(tmp_path):
    """A share that is mounted after the start, or another folder under the same name."""
    inbox = tmp_path / "inbox"
    with Bell(inbox) as bell:
        assert waited(bell, SHORT_S) >= SHORT_S
        for n in range(3):
            inbox.mkdir()
            while waited(bell, SHORT_S) < SHORT_S:
                pass
            soon(lambda: (inbox / "a.pdf").write_bytes(b"x"))
            assert waited(bell) < LONG_S / 2
            inbox.rename(tmp_path / f"old-{n}")


def test_watches_are_bounded(inbox, monkeypatch):
    """However many dossiers there are; the inbox itself is always watched."""
    monkeypatch.setattr(module, "MOST_FOLDERS", 4)
    for n in range(10):
        (inbox / f"D-{n}").mkdir()
    with Bell(inbox) as bell:
        waited(bell, 0.0)
        for n in range(10, 20):
            (inbox / f"D-{n}").mkdir()
            waited(bell)
        assert len(bell._watched) == 4
        while waited(bell, SHORT_S) < SHORT_S:
            pass
        soon(lambda: (inbox / "a.pdf").write_bytes(b"x"))

        assert waited(bell) < LONG_S / 2


@pytest.mark.parametrize("error", [OSError(24, "too many"), AttributeError("inotify_init1")])
def test_a_system_without_events_polls(inbox, monkeypatch, error):
    """No instance left, or no inotify: only the early end is missing."""

    def refuse(**options):
        raise error

    monkeypatch.setattr(module, "INotify", refuse)
    with Bell(inbox) as bell:
        (inbox / "a.pdf").write_bytes(b"x")
        assert waited(bell, SHORT_S) >= SHORT_S
        soon(bell.ring)
        began = time.monotonic()

        assert waited(bell, stop=lambda: time.monotonic() - began > 0.1) < LONG_S / 2


def test_a_full_table_of_watches_polls(inbox, monkeypatch):
    """Where the user has no watch left nothing fails."""

    def refuse(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.INotify, "add_watch", refuse)
    with Bell(inbox) as bell:
        (inbox / "a.pdf").write_bytes(b"x")

        assert waited(bell, SHORT_S) >= SHORT_S


def test_a_signal_ends_the_wait(bell):
    """A supervisor that stops us does not wait for the next look."""
    asked = []

    def end(*_):
        asked.append(True)
        bell.ring()

    before = signal.signal(signal.SIGALRM, end)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        assert waited(bell, stop=lambda: bool(asked)) < LONG_S / 2
    finally:
        signal.signal(signal.SIGALRM, before)


def test_ringing_without_end_does_not_hold_the_ringer(bell):
    """A pipe that is full rings already."""
    for _ in range(100_000):
        bell.ring()

    assert waited(bell, SHORT_S) >= SHORT_S


def test_nothing_stays_open(inbox):
    """Each bell gives back what it took."""
    with Bell(inbox) as bell:
        waited(bell, 0.0)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a folder of numbers
    for _ in range(20):
        with Bell(inbox) as bell:
            waited(bell, 0.0)

    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
