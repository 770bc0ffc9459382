"""Scratch folders: one for each process, gone with it."""

import fcntl
import os

import pytest

from pipeline.errors import SetupError
from workers.scratch import LOCK, empty, own_scratch


def test_each_process_has_its_own(tmp_path):
    """Two calls never share a folder, and neither removes the other's."""
    one, other = own_scratch(tmp_path, "counter"), own_scratch(tmp_path, "counter")

    assert one != other and one.is_dir() and other.is_dir()


def test_folder_of_a_dead_process_is_removed(tmp_path):
    """Its lock is free: nobody works there any more."""
    orphan = tmp_path / "counter-x"
    (orphan / "job").mkdir(parents=True)
    (orphan / LOCK).touch()
    own_scratch(tmp_path, "bulk")

    assert not orphan.exists()


def test_folder_of_a_living_process_stays(tmp_path):
    """Its lock is held."""
    living = tmp_path / "counter-x"
    (living / "job").mkdir(parents=True)
    lock = os.open(living / LOCK, os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        own_scratch(tmp_path, "bulk")
        assert (living / "job").exists()
    finally:
        os.close(lock)


def test_emptied_folder_keeps_its_lock(tmp_path):
    """Only what jobs left is removed."""
    mine = own_scratch(tmp_path, "bulk")
    (mine / "job" / "deep").mkdir(parents=True)
    empty(mine)

    assert [p.name for p in mine.iterdir()] == [LOCK]


def test_unwritable_place_is_a_setup_error(tmp_path):
    """The message names the folder."""
    (tmp_path / "scratch").write_bytes(b"")

    with pytest.raises(SetupError, match="scratch"):
        own_scratch(tmp_path / "scratch", "bulk")
