"""A document that is done in, its ticket and then its files in outbox/ or rejected/ out.

A file leaves the inbox only here: after its record, or the reason of its refusal, is in the
bucket. What still waits is explained by a text in rejected/ that goes when the waiting ends.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import DigitizationError
from pipeline.settings import Settings
from workers.documents import MANIFEST, READY, Paper, is_litter
from workers.folders import Entry, Parts, as_path, as_text, list_folder, open_folder
from workers.intake import Taken
from workers.moving import (
    TICKET,
    Gone,
    claim_name,
    free_name,
    make_folder,
    move_file,
    move_folder,
)
from workers.tickets import Subject, door_ticket, good_ticket, refusal_ticket

WAITING = ".waiting.txt"  # ending of the text about what cannot be taken in yet

# A clerk's software may be about to save the next paper into a folder that is empty just now.
KEEP_EMPTY_S = 600.0


class Delivery:
    """The ways out of the inbox of one home folder."""

    def __init__(self, settings: Settings, titles: Mapping[str, str]) -> None:
        """`titles` maps the name of a document type to what a clerk calls it."""
        self._inbox, self._outbox = settings.inbox, settings.outbox
        self._rejected, self._language = settings.rejected, settings.language
        self._api = f"http://{settings.http_host}:{settings.http_port}"
        self._titles = titles

    def good(self, paper: Paper, taken: Taken, record: Mapping[str, Any]) -> Parts:
        """Deliver a document whose record is stored; return where its files are in outbox/.

        Raises Gone when its files are not those that were taken in, OSError.
        """
        subject = self._subject(paper, taken, self._outbox, record["dossier"]["code"])
        ticket = good_ticket(subject, record, self._titles, self._language, self._api)
        return self._deliver(paper, self._outbox, ticket)

    def refused(
        self, paper: Paper, taken: Taken, failure: Mapping[str, Any], code: str | None
    ) -> Parts:
        """Deliver a document that was set aside; return where its files are in rejected/.

        Raises Gone, OSError.
        """
        subject = self._subject(paper, taken, self._rejected, code)
        return self._deliver(
            paper, self._rejected, refusal_ticket(subject, failure, self._language)
        )

    def turned_away(self, paper: Paper, error: DigitizationError) -> Parts:
        """Deliver a document that was not taken in at all. Raises Gone, OSError."""
        name = as_text(paper.place[-1])
        ticket = door_ticket(name, error.code, error.detail, self._language)
        return self._deliver(paper, self._rejected, ticket)

    def say_waiting(self, place: Parts, code: str, detail: str) -> None:
        """Write a text about what waits in the inbox. Raises OSError."""
        text = door_ticket(as_text(place[-1]), code, detail, self._language)
        make_folder(self._rejected, place[:-1])
        with open_folder(self._rejected, place[:-1]) as folder:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            descriptor = os.open(_waiting(place[-1]), flags, 0o644, dir_fd=folder)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(text)

    def end_waiting(self, place: Parts) -> None:
        """Remove the text about what waited, and its folder when that is empty then."""
        try:
            with open_folder(self._rejected, place[:-1]) as folder:
                os.unlink(_waiting(place[-1]), dir_fd=folder)
        except OSError:
            return  # there was none: the rule
        for depth in range(len(place) - 1, 0, -1):
            with contextlib.suppress(OSError):
                self._rejected.joinpath(*place[:depth]).rmdir()

    def tidy(self, name: str, ready: bool) -> bool:
        """Remove a dossier's folder when all that was in it has left; return whether it went.

        Only a folder out of which documents came is removed, and only when nothing but empty
        folders and what desktops leave behind is in it; its dossier.json moves along.
        """
        home = next((r for r in (self._outbox, self._rejected) if _is_folder(r, name)), None)
        if home is None or not self._is_spent(name, ready):
            return False
        for entry in list_folder(self._inbox, (name,)):
            if entry.name == MANIFEST and entry.kind == "file":
                target = (name, free_name(home, (name,), MANIFEST))
                move_file(self._inbox, (name, MANIFEST), entry.signature, home, target)
        self._remove_spent((name,))
        return True

    def _deliver(self, paper: Paper, root: Path, ticket: bytes) -> Parts:
        folder = paper.place[:-1]
        make_folder(root, folder)
        target = (*folder, claim_name(root, folder, paper.place[-1], ticket))
        try:
            if paper.is_folder:
                files = [(p[-1], s) for p, s in zip(paper.files, paper.signatures, strict=True)]
                move_folder(self._inbox, paper.place, files, root, target)
            else:
                move_file(self._inbox, paper.place, paper.signatures[0], root, target)
        except Gone:
            with open_folder(root, folder) as there, contextlib.suppress(FileNotFoundError):
                # Another watcher may have moved the file: then the ticket is the file's.
                if not _lies_in(there, target[-1]):
                    os.unlink(target[-1] + TICKET, dir_fd=there)
            raise
        return target

    def _subject(self, paper: Paper, taken: Taken, root: Path, code: str | None) -> Subject:
        # Taken from another place, or delivered from here before: the clerk should know.
        again = not taken.new and (
            taken.first_source != as_path(paper.place) or root.joinpath(*paper.place).exists()
        )
        return Subject(
            name=as_text(paper.place[-1]),
            record_id=taken.record_id,
            dossier=code,
            received_at=taken.received_at,
            first_source=taken.first_source if again else None,
        )

    def _is_spent(self, name: str, ready: bool) -> bool:
        with open_folder(self._inbox, (name,)) as folder:
            quiet_s = time.time() - os.fstat(folder).st_mtime
        return (ready or quiet_s > KEEP_EMPTY_S) and self._holds_nothing((name,))

    def _holds_nothing(self, folder: Parts) -> bool:
        return all(
            _may_go(entry, len(folder) == 1)
            or (entry.kind == "folder" and self._holds_nothing((*folder, entry.name)))
            for entry in list_folder(self._inbox, folder)
        )

    def _remove_spent(self, folder: Parts) -> None:
        """Remove a spent folder; what came in meanwhile makes this fail, as it must."""
        for entry in list_folder(self._inbox, folder):
            if entry.kind == "folder":
                self._remove_spent((*folder, entry.name))
            elif _may_go(entry, False) or entry.name == READY:
                with open_folder(self._inbox, folder) as here:
                    os.unlink(entry.name, dir_fd=here)
        with open_folder(self._inbox, folder[:-1]) as above:
            os.rmdir(folder[-1], dir_fd=above)


def _may_go(entry: Entry, top: bool) -> bool:
    ours = top and entry.name in (MANIFEST, READY)
    return entry.kind == "file" and (ours or is_litter(entry.name))


def _waiting(name: str) -> str:
    while len(os.fsencode(name + WAITING)) > 255:
        name = name[:-1]
    return name + WAITING


def _is_folder(root: Path, name: str) -> bool:
    try:
        with open_folder(root, (name,)):
            return True
    except OSError:
        return False


def _lies_in(folder: int, name: str) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
