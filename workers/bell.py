"""File events in a folder in, an early end of the wait for the next look out.

Events only wake: what is there is told by looking. So it does no harm that network shares send
none, that the kernel drops them when there are too many, that only some folders are watched, or
that the system has no inotify at all.
"""

from __future__ import annotations

import contextlib
import heapq
import os
import select
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from inotify_simple import INotify, flags

from workers.folders import Parts, entries_of, open_folder, path_of

MOST_FOLDERS = 1000  # watched at once; a user may have 8192 watches on small machines

# What we do ourselves, to read a file and to move it out of the inbox, is none of it.
_HEARD = flags.CLOSE_WRITE | flags.MOVED_TO | flags.CREATE | flags.ONLYDIR


class Bell:
    """Rings when a file is closed or comes into a folder, or when it is rung; close it."""

    def __init__(self, root: Path) -> None:
        """Watch `root`, which may come later, and the folders right below it."""
        self._root = root
        self._events = _open_events()
        self._rung, self._rope = os.pipe()
        os.set_blocking(self._rung, False)
        os.set_blocking(self._rope, False)
        self._watched: OrderedDict[int, Parts] = OrderedDict()  # by descriptor; last used last
        self._armed: tuple[int, int] | None = None  # device and inode of the root that is watched
        self._arm()

    def __enter__(self) -> Bell:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop watching."""
        os.close(self._rung)
        os.close(self._rope)
        if self._events is not None:
            self._events.close()

    def ring(self) -> None:
        """End the wait, from a signal handler too."""
        with contextlib.suppress(BlockingIOError):  # it rings already
            os.write(self._rope, b"!")

    def wait(self, least_s: float, most_s: float, stop: Callable[[], bool]) -> None:
        """Wait for an event between the two times; `stop`, after a ring, ends it at once."""
        began = time.monotonic()
        self._arm()
        until = began + most_s
        sources = [self._rung] if self._events is None else [self._rung, self._events.fileno()]
        while not stop():
            left_s = max(until - time.monotonic(), 0.0)
            ready = select.select(sources, (), (), left_s)[0]
            if not ready:
                return
            if self._rung in ready:
                os.read(self._rung, select.PIPE_BUF)
            elif self._hear():
                # What comes after the first event is left for the next wait.
                until, sources = began + least_s, [self._rung]

    def _hear(self) -> bool:
        """Read what the kernel tells; return whether it is worth a look."""
        heard = False
        for event in self._events.read(timeout=0) if self._events is not None else ():
            folder = self._watched.get(event.wd)  # none when too much came at once
            if event.mask & flags.IGNORED:
                self._watched.pop(event.wd, None)
                self._armed = None if folder == () else self._armed
                continue
            heard = True
            if folder is not None:
                self._watched.move_to_end(event.wd)
                if event.mask & flags.ISDIR:
                    self._watch((*folder, event.name))
        return heard

    def _arm(self) -> None:
        """Watch the root, and the folders below it that were changed last."""
        with contextlib.suppress(OSError), open_folder(self._root, ()) as root:
            found = os.fstat(root)
            # Another folder or share may have come in its place.
            if self._armed == (found.st_dev, found.st_ino) or not self._watch(()):
                return
            self._armed = (found.st_dev, found.st_ino)
            folders = (one for one in entries_of(root) if one.kind == "folder")
            newest = heapq.nlargest(
                MOST_FOLDERS - 1, folders, key=lambda one: one.signature.mtime_ns
            )
            for one in reversed(newest):
                self._watch((one.name,))

    def _watch(self, folder: Parts) -> bool:
        """Watch one folder, and no longer the one that was silent longest."""
        if self._events is None:
            return False
        try:
            with open_folder(self._root, folder) as descriptor:
                # By descriptor: no link leads elsewhere.
                watch: int = self._events.add_watch(path_of(descriptor), _HEARD)
        except (OSError, ValueError):
            return False
        self._watched[watch] = folder
        self._watched.move_to_end(watch)
        if len(self._watched) > MOST_FOLDERS:
            oldest = next(one for one, parts in self._watched.items() if parts)
            del self._watched[oldest]
            with contextlib.suppress(OSError):  # it has just left
                self._events.rm_watch(oldest)
        return True


def _open_events() -> INotify | None:
    try:
        return INotify(nonblocking=True)
    except (OSError, AttributeError):
        return None  # too many are open already, or this is no Linux
