"""What the operator reads."""

import errno

import pytest

from pipeline.errors import StoreError
from workers.reports import Reports


@pytest.fixture
def said():
    return []


@pytest.fixture
def reports(said):
    return Reports(said.append, "vi")


def test_trouble_is_said_once_until_it_changes_or_ends(reports, said):
    """The same line every two seconds would hide the next one."""
    for detail in ("a", "a", "b"):
        reports.trouble("D-1", "inbox.unreadable", detail)
    reports.over("D-1")
    reports.trouble("D-1", "inbox.unreadable", "b")

    assert len(said) == 3
    assert said[0].startswith("D-1: Không mở được")


def test_event_ends_the_trouble(reports, said):
    """A file that was taken after all is news again when it fails again."""
    reports.trouble("a.pdf", "inbox.incomplete")
    reports.event("received", "a.pdf", "ID")
    reports.trouble("a.pdf", "inbox.incomplete")

    assert len(said) == 3 and said[1] == "đã nhận: a.pdf (ID)"


def test_full_disk_and_closed_folder_differ(reports, said):
    """The remedy is another."""
    reports.os_error("outbox", OSError(errno.ENOSPC, "No space left on device"))
    reports.os_error("D-1", PermissionError(errno.EACCES, "Permission denied"))

    assert "Ổ đĩa đã đầy" in said[0] and "Permission denied" in said[1]


def test_our_errors_keep_their_words(reports, said):
    """What the store says of itself is passed on."""
    reports.our_error(StoreError("store 127.0.0.1:9", "cannot be reached"))

    assert "store 127.0.0.1:9" in said[0] and "cannot be reached" in said[0]


def test_names_cannot_steer_the_terminal(reports, said):
    """A file name is untrusted."""
    reports.event("received", "a\x1b[2J\nb.pdf", "ID")

    assert "\x1b" not in said[0] and "\n" not in said[0]


def test_memory_is_bounded(said, monkeypatch):
    """A hundred thousand odd files do not fill the watcher."""
    monkeypatch.setattr("workers.reports.MOST_REMEMBERED", 10)
    reports = Reports(said.append, "en")
    for n in range(100):
        reports.trouble(f"{n}.pdf", "inbox.incomplete")

    assert len(reports._said) <= 10
