"""The memory of a backfill."""

import os

import pytest

from pipeline.errors import SetupError
from workers.folders import Signature
from workers.journal import Journal, Line, signature_text

HERE = (Signature(1, 2, 3),)


def test_noted_document_is_found_again(tmp_path):
    """Also by another process, and whatever the name."""
    place = os.fsdecode(b"/old/\xff.pdf")
    with Journal(tmp_path, tmp_path / "tree", "bucket") as journal:
        journal.note(Line(place, "ID", "pending", ""), "s")
    with Journal(tmp_path, tmp_path / "tree", "bucket") as journal:
        assert journal.find(place, "s") == "ID"
        assert journal.find(place, "other") is None


def test_lines_are_those_of_this_run(tmp_path):
    """A file that has left since the last run is not counted again."""
    with Journal(tmp_path, tmp_path, "b") as journal:
        journal.note(Line("/a", "A", "stored", ""), "s")
        journal.note(Line("/b", "B", "stored", ""), "s")
    with Journal(tmp_path, tmp_path, "b") as journal:
        journal.note(Line("/b", "B", "stored", ""), "s")

        assert [line.place for line in journal.lines()] == ["/b"]


def test_refused_document_is_looked_at_again(tmp_path):
    """Without a record ID there is nothing to go on."""
    with Journal(tmp_path, tmp_path, "b") as journal:
        journal.note(Line("/a", "", "rejected", "why"), "s")

        assert journal.find("/a", "s") is None


def test_another_bucket_is_another_journal(tmp_path):
    """What one store holds says nothing about another."""
    with Journal(tmp_path, tmp_path, "one") as journal:
        journal.note(Line("/a", "A", "stored", ""), "s")
    with Journal(tmp_path, tmp_path, "other") as journal:
        assert journal.find("/a", "s") is None


def test_signature_follows_files_and_what_is_declared():
    """Either changed: another document."""
    same = signature_text(HERE, "D-1")

    assert same == signature_text(HERE, "D-1")
    assert same != signature_text(HERE, "D-2")
    assert same != signature_text((Signature(1, 2, 4),), "D-1")
    assert same != signature_text(HERE * 2, "D-1")


def test_damaged_journal_is_told(tmp_path):
    """The message says what to remove."""
    with Journal(tmp_path, tmp_path, "b") as journal:
        path = journal.path
    path.write_bytes(b"no database" * 1000)

    with pytest.raises(SetupError, match="remove it"):
        Journal(tmp_path, tmp_path, "b")
