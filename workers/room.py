"""Folders in, whether their disks have room for more work out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.messages import explain
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class LowDisk:
    """A disk with less free space than is kept in reserve."""

    folder: Path
    free_bytes: int
    reserve_bytes: int

    def __str__(self) -> str:
        # Without the free bytes: what changes all the time would be said all the time.
        return f"{self.folder}: < {self.reserve_bytes // 1_000_000} MB"


class Room:
    """Says once that a disk has no room for more work, and again when it comes again."""

    def __init__(self, settings: Settings, say: Callable[[str], None]) -> None:
        """`say` gets one line at a time."""
        self._settings, self._say = settings, say
        self._said: LowDisk | None = None

    def is_enough(self) -> bool:
        """Return whether new work may be taken; what is under way is never stopped for it."""
        low = low_disk(self._settings)
        if low is not None and self._said is None:
            self._say(str(explain("disk.low", detail=str(low), language=self._settings.language)))
        self._said = low
        return low is None


def low_disk(settings: Settings) -> LowDisk | None:
    """Return the first disk of the home folder that has less free than the reserve."""
    data = settings.data
    places = (settings.inbox, settings.outbox, settings.rejected, data)
    for folder in (*places, data / "scratch", data / "store"):
        try:
            free_bytes = shutil.disk_usage(_existing(folder)).free
        except OSError:
            continue  # a share that is away is told by who needs it
        if free_bytes < settings.free_reserve_bytes:
            return LowDisk(folder, free_bytes, settings.free_reserve_bytes)
    return None


def _existing(folder: Path) -> Path:
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return place
