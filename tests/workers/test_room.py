"""The reserve: nothing new is taken on a disk without room, and it is said once."""

from dataclasses import replace
from pathlib import Path

import pytest

from workers import room
from workers.room import Room, low_disk


@pytest.fixture
def disk(monkeypatch):
    """Set how much each folder has free, in bytes; all else has plenty."""
    free = {}

    def usage(path):
        return type("Usage", (), {"free": free.get(Path(path).name, 10**12)})

    monkeypatch.setattr(room.shutil, "disk_usage", usage)
    return free


@pytest.mark.parametrize("folder", ["inbox", "outbox", "rejected", "data", "scratch", "store"])
def test_every_disk_that_work_needs_counts(home, disk, folder):
    """Scratch or store may be file systems of their own."""
    for name in ("scratch", "store"):
        (home.data / name).mkdir()
    assert low_disk(home) is None

    disk[folder] = 999_999_999

    assert low_disk(home).folder.name == folder
    assert low_disk(replace(home, free_reserve_bytes=0)) is None


def test_folder_that_is_not_there_yet_counts_by_the_one_above(home, disk):
    """A worker on its own machine has no inbox."""
    home.inbox.rmdir()
    disk["home"] = 5

    assert low_disk(home).folder == home.inbox


def test_lack_is_said_once_each_time_that_it_comes(home, disk):
    """The operator is told, and not told all the time; work goes on by itself."""
    said = []
    judge = Room(home, said.append)
    for free_bytes in (10**12, 5_000_000, 4_000_000, 10**12, 3_000_000):
        disk["data"] = free_bytes
        assert judge.is_enough() == (free_bytes == 10**12)

    assert len(said) == 2
    assert "Ổ đĩa sắp đầy" in said[0] and "1000 MB" in said[0]


def test_folder_that_does_not_answer_is_not_full(home, monkeypatch):
    """A share that is away is another trouble, told by who needs it."""

    def away(path):
        raise OSError(116, "Stale file handle")

    monkeypatch.setattr(room.shutil, "disk_usage", away)

    assert low_disk(home) is None
