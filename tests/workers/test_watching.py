"""The inbox is looked at in time: soon after an event, and without any."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.storage import list_intakes
from workers import bell, watching
from workers.reports import Reports
from workers.watching import LEAST_S, SHARE, pause_s, run_watch

_TIMES = st.floats(0, 1000)


@given(_TIMES, st.floats(-10, 1000) | st.just(float("inf")), st.floats(0.01, 100))
def test_pauses(look_s, next_s, scan_every_s):
    """Never longer than asked for; never without a share of rest, unless work was left."""
    least_s, most_s = pause_s(look_s, next_s, scan_every_s)

    assert 0 <= least_s <= most_s <= scan_every_s
    if next_s <= 0:
        assert most_s == 0
    else:
        assert least_s >= min(LEAST_S, scan_every_s)
        assert least_s >= min(SHARE * look_s, scan_every_s)


class FakeWatch:
    """Counts the looks; each takes `look_s` and has work again in `next_s`."""

    look_s, next_s = 0.0, float("inf")

    def __init__(self, settings, store, broker, say, **options):
        self.said = []
        self.reports = Reports(self.said.append, "en")
        self.looks = []
        FakeWatch.last = self

    def look(self, stop):
        self.looks.append(time.monotonic())
        time.sleep(self.look_s)
        return self.next_s


@pytest.fixture
def watch(running, monkeypatch):
    """Watch the inbox until there was enough, while something else is done; return the fake."""
    monkeypatch.setattr(watching, "Watch", FakeWatch)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def run(enough, action=lambda: None, **changed):
        FakeWatch.last = None

        def act():
            # Not before it says or does something: then its signal handlers are in place.
            wait_for(lambda: FakeWatch.last and (FakeWatch.last.looks or FakeWatch.last.said), 60)
            time.sleep(0.3)
            action()
            wait_for(lambda: len(FakeWatch.last.looks) >= enough, 30)
            os.kill(os.getpid(), signal.SIGTERM)

        actor = threading.Thread(target=act)
        actor.start()
        run_watch(replace(running, **changed), print)
        actor.join()
        return FakeWatch.last

    yield run
    for number, handler in handlers.items():
        signal.signal(number, handler)


def gaps(watch):
    return [later - before for before, later in pairwise(watch.looks)]


def test_nothing_happens(watch):
    """It is looked at again and again, in its own time."""
    looked = watch(4, scan_every_s=0.5)

    assert len(looked.looks) >= 4 and min(gaps(looked)) >= 0.45


def test_event_ends_the_pause(watch, drop):
    """A file is seen long before the next look would come."""
    assert len(watch(2, lambda: drop("D-1/a.pdf"), scan_every_s=300.0).looks) >= 2


def test_lost_events_only_delay(watch, drop, monkeypatch):
    """The next look is the truth."""

    def refuse(**options):
        raise OSError(24, "too many open files")

    monkeypatch.setattr(bell, "INotify", refuse)
    looked = watch(4, lambda: drop("D-1/a.pdf"), scan_every_s=0.5)

    assert len(looked.looks) >= 4 and min(gaps(looked)) >= 0.45


def test_burst_leaves_time_for_others(watch, drop, monkeypatch):
    """Hundreds of files a second on an inbox that takes long to look at."""
    monkeypatch.setattr(FakeWatch, "look_s", 0.2)

    def burst():
        until = time.monotonic() + 2.0
        n = 0
        while time.monotonic() < until:
            drop(f"D-1/{n}.pdf")
            n += 1
            time.sleep(0.003)

    looked = watch(3, burst, scan_every_s=300.0)
    assert len(looked.looks) >= 3 and min(gaps(looked)) >= 0.2 * (1 + SHARE) - 0.05


def test_work_that_was_left_is_gone_on_with_at_once(watch, monkeypatch):
    """There is no pause in the middle of a backlog."""
    monkeypatch.setattr(FakeWatch, "look_s", 0.05)
    monkeypatch.setattr(FakeWatch, "next_s", 0.0)

    assert len(watch(10, scan_every_s=300.0).looks) >= 10


def test_next_work_is_not_waited_past(watch, monkeypatch):
    """A paper that will have been quiet for long enough in half a second is taken then."""
    monkeypatch.setattr(FakeWatch, "next_s", 0.5)
    looked = watch(4, scan_every_s=300.0)

    assert len(looked.looks) >= 4 and min(gaps(looked)) >= 0.45


def test_folders_are_made_when_their_disk_comes(watch, home):
    """A share that is away at the start is waited for, and said once."""
    for folder in (home.inbox, home.outbox, home.rejected):
        folder.rmdir()
    home.inbox.symlink_to(home.home / "share" / "inbox")
    looked = watch(
        1, partial((home.home / "share" / "inbox").mkdir, parents=True), scan_every_s=0.3
    )

    assert home.outbox.is_dir() and looked.looks and len(looked.said) == 1


_CODE = """
import sys
from pipeline.settings import from_environ
from workers import bell, watching
if "deaf" in sys.argv:
    def refuse(**options):
        raise OSError(24, "too many open files")
    bell.INotify = refuse
watching.run_watch(from_environ(), print)
"""


@pytest.fixture
def process(running):
    """Start the real watcher with settings of its own; end it afterwards."""
    started = []

    def start(*words, **changed):
        environ = {**os.environ, **replace(running, **changed).as_environ()}
        command = [sys.executable, "-c", _CODE, *words]
        started.append(subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.wait()


def wait_for(condition, most_s):
    until = time.monotonic() + most_s
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    return condition()


def test_file_is_taken_long_before_the_next_look(process, drop, store):
    """Event, quiet, intake: the settle time and little else; and SIGTERM ends the long wait."""
    drop("D-1/a.pdf", "a")
    watcher = process(scan_every_s=300.0, settle_s=0.5)
    assert wait_for(lambda: len(list_intakes(store)) == 1, 60)  # it was there before the start

    drop("D-1/b.pdf.part", "b").rename(drop("D-2/c.pdf", "c").with_name("b.pdf"))
    assert wait_for(lambda: len(list_intakes(store)) == 3, 60)
    watcher.send_signal(signal.SIGTERM)
    assert watcher.wait(30) == 0


def test_a_deaf_watcher_takes_all_the_same(process, drop, store):
    """Network shares tell nothing."""
    process("deaf", scan_every_s=0.5, settle_s=0.5)
    drop("D-1/a.pdf", "a")

    assert wait_for(lambda: len(list_intakes(store)) == 1, 60)
